"""Reconstruction: from the papers that survived back to who decided.

    archive.py -> tree.py -> links.py -> groups.py     which papers carry out the same order
                                  |
                    evidence.py -> logit.py            who began it: every office on the way up, seen or unseen
                                  |
       masks.py, centres.py, superiors.py              what follows for bodies
                                  |
                 result.py -> explain.py, score.py     words and figures

Nothing here reads a run: the only module that joins an archive with the truth is `score.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from drivebelt.reconstruct.result import Reconstruction, load
from drivebelt.reconstruct.result import reconstruct as infer

__all__ = ["Reconstruction", "infer", "load"]


class _Callable(ModuleType):
    """Lets `drivebelt.reconstruct(archive)` infer, as the public interface has it, while the package keeps its modules."""

    def __call__(self, archive: str | Path | Any) -> Reconstruction:
        """A reconstruction of an archive: its directory, or what `Run.archive` gives. Raises BadRun where it is damaged.

        `.documents`, `.cascades` and so on are Arrow tables, `.explain(document)` says why, `.score(run)` sets it beside the
        truth, `.write(out)` keeps it.
        """
        return infer(archive)


sys.modules[__name__].__class__ = _Callable
