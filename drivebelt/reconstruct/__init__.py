"""Reconstruction: from the papers that survived back to who decided.

    archive.py -> tree.py -> links.py -> groups.py     which papers carry out the same order
                                  |
                    evidence.py -> logit.py            who began it: every office on the way up, seen or unseen
                                  |
       masks.py, centres.py, orders.py -> superiors.py  what follows for bodies
                                  |
                 result.py -> explain.py, score.py     words and figures

Nothing here reads a run: the only module that joins an archive with the truth is `score.py`.
"""

from __future__ import annotations

from drivebelt.callable_module import let_call
from drivebelt.reconstruct.result import Reconstruction, load
from drivebelt.reconstruct.result import reconstruct as infer

__all__ = ["Reconstruction", "infer", "load"]

let_call(__name__, infer)
