"""Reconstruction: from the papers that survived back to who decided.

    archive.py -> grouping/                                which papers carry out the same order
                      |
       evidence.py, centre_evidence.py (of centre.py) -> logit.py -> receipts.py
                      |                                    who began it: every office on the way up, seen or unseen, who at the
                      |                                    Centre, and what the offices' own books say of it (entered.py)
                      |
       masks.py, facade.py, centres.py                     what follows for bodies
                      |
       counting/, offices/, texts/, testimony.py           what is missing, who stands above whom, what is false, what witnesses say
                      |
       engine.py -> tables.py -> result.py -> summary.py, explain.py, scoring/     tables, words and figures

Nothing here reads a run but `scoring/`.
"""

from __future__ import annotations

from drivebelt.callable_module import let_call
from drivebelt.reconstruct.result import Reconstruction, load
from drivebelt.reconstruct.result import reconstruct as infer

__all__ = ["Reconstruction", "infer", "load"]

let_call(__name__, infer)
