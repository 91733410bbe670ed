"""Drivebelt: a working model of the mechanism of power, 1919-1941.

import drivebelt as db

run = db.run("1922-1928", seed=1, scale=0.05, end="1922-12-31", out="small")
run.sql("select kind, count(*) from acts group by kind order by 2 desc").fetchall()
print("\\n".join(run.trace(matter=7).lines()))
db.rules(at="1924-09-01")["return_of_minutes"]
db.evidence("cipher stolen", kind="event")
db.reconstruct(run.archive("purge-1937", out="archive")).summary()
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drivebelt.results import Run

__all__ = ["evidence", "experiment", "load", "reconstruct", "rules", "run"]
__version__ = "0.1.0"


def run(
    scenario: str = "1922-1928",
    *,
    seed: int = 1,
    start: str | None = None,
    end: str | None = None,
    scale: float = 1.0,
    amend: Sequence[str | Path] = (),
    without: Sequence[str] = (),
    out: str | Path | None = None,
    resume: bool = False,
) -> Run:
    """Runs a scenario and returns the finished run.

    `start` and `end` are dates (YYYY-MM-DD) within the scenario; `scale` multiplies volost committees and cells; `amend`
    takes names of shipped amendments or YAML files; `without` names mechanisms to leave out; `out` is the run directory,
    by default a new temporary one. Raises BadInput for settings that make no sense and for a directory that is taken.
    """
    from drivebelt.results import Run
    from drivebelt.runner import Settings, execute

    place = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="drivebelt-")) / "run"
    settings = Settings(scenario, seed, start, end, scale, [str(a) for a in amend], list(without))
    return Run(execute(settings, place, resume=resume))


def load(path: str | Path) -> Run:
    """Opens a finished run directory. Raises BadRun where it is missing, unfinished or damaged."""
    from drivebelt.results import Run

    return Run(path)


def rules(at: str | date | None = None, amend: Sequence[str | Path] = ()) -> Any:
    """The rulebook, or with `at` (a date) the values in force on that day by rule id. Raises BadInput."""
    from drivebelt.errors import BadInput
    from drivebelt.rulebook import load as load_rules

    book = load_rules(list(amend))
    if at is None:
        return book
    try:
        return book.at(date.fromisoformat(at) if isinstance(at, str) else at)
    except ValueError as why:
        raise BadInput(f"rules at {at!r}: not a date; write YYYY-MM-DD") from why


def experiment(
    file: str | Path, out: str | Path, *, seeds: int | None = None, workers: int | None = None, cluster: str | None = None
) -> list[dict[str, Any]]:
    """Runs an experiment file and returns one row a run: arm, seed, values drawn, headlines, documented figures, digest.

    Results are kept in `out`; an experiment that was broken off goes on there. Raises BadInput for a file that makes no sense.
    """
    from drivebelt.experiments.design import read
    from drivebelt.experiments.perform import perform

    e = read(Path(file))
    e.seeds = seeds or e.seeds
    return perform(e, Path(out), workers, cluster=cluster)


def __getattr__(name: str) -> Any:
    if name in ("evidence", "reconstruct"):
        from importlib import import_module

        return import_module(f"drivebelt.{name}")
    raise AttributeError(f"module 'drivebelt' has no attribute {name!r}")
