"""What survives of a run's paper: an archive under a regime of losses, for one reader, without any column of the truth."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drivebelt.callable_module import let_call

if TYPE_CHECKING:
    from drivebelt.archive.left import Asked
    from drivebelt.archive.making import make
    from drivebelt.archive.opened import Archive
    from drivebelt.archive.regimes import rules
    from drivebelt.results import Run

__all__ = ["Archive", "Asked", "archive", "make", "rules"]
_HOMES = {"Archive": "opened", "Asked": "left", "make": "making", "rules": "regimes"}
"""Name -> module that has it. Taken when asked for: who only reads an archive or exports a run loads no compiled code."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def archive(run: Run | str | Path, regime: str, **settings: Any) -> Archive:
    """What survives of a run, or of the run in a directory, under a regime; settings as `Run.archive` has them.

    Raises BadInput for settings that make no sense and a taken directory, BadRun for a damaged run.
    """
    from drivebelt.results import Run

    return (run if isinstance(run, Run) else Run(run)).archive(regime, **settings)


let_call(__name__, archive)
