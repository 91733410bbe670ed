"""What survives of a run's paper: an archive under a regime of losses, for one reader, without any column of the truth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from drivebelt.archive.left import Asked, left
from drivebelt.archive.making import make
from drivebelt.archive.opened import Archive
from drivebelt.archive.regimes import rules
from drivebelt.callable_module import let_call

if TYPE_CHECKING:
    from drivebelt.results import Run

__all__ = ["Archive", "Asked", "archive", "left", "make", "rules"]


def archive(run: Run | str | Path, regime: str, **settings: Any) -> Archive:
    """What survives of a run, or of the run in a directory, under a regime; settings as `Run.archive` has them.

    Raises BadInput for settings that make no sense and a taken directory, BadRun for a damaged run.
    """
    from drivebelt.results import Run

    return (run if isinstance(run, Run) else Run(run)).archive(regime, **settings)


let_call(__name__, archive)
