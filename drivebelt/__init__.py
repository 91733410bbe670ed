"""Drivebelt: a working model of the mechanism of power, 1919-1941.

import drivebelt as db

run = db.run("1922-1928", seed=1, scale=0.05, end="1922-12-31", out="small")
run.sql("select kind, count(*) from acts group by kind order by 2 desc").fetchall()
print("\\n".join(run.trace(matter=7).lines()))
db.rules(at="1924-09-01")["return_of_minutes"]
db.evidence("cipher stolen", kind="event")
found = db.reconstruct(db.archive(run, "purge-1937", out="archive"))
found.summary(), db.explain(found, 4711), db.score(found, run).lines()
db.export(run, "ocel2-sqlite", "run.sqlite")
db.reconstruct(db.import_("leak.csv", "csv", "leak", mapping="leak.yaml")).write("leak-found")
db.open("archive").sql("select count(*) from documents")
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drivebelt.archive import Archive
    from drivebelt.interchange.exporting import Exported
    from drivebelt.reconstruct import Reconstruction
    from drivebelt.reconstruct.scoring.score import Score
    from drivebelt.results import Run

__all__ = [
    "archive", "evidence", "experiment", "explain", "export", "import_", "load", "open", "reconstruct", "rules", "run", "score",
]  # fmt: skip
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
    from drivebelt.running.runner import Settings, execute

    place = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="drivebelt-")) / "run"
    settings = Settings(scenario, seed, start, end, scale, [str(a) for a in amend], list(without))
    return Run(execute(settings, place, resume=resume))


def load(path: str | Path) -> Run:
    """Opens a finished run directory. Raises BadRun where it is missing, unfinished or damaged."""
    from drivebelt.results import Run

    return Run(path)


def open(path: str | Path) -> Run | Archive | Reconstruction:
    """Opens a directory for what it is: a run, an archive or a reconstruction. Raises BadRun where it is none, or damaged."""
    place = Path(path)
    if (place / "archive.json").exists():
        from drivebelt.archive import Archive

        return Archive(place)
    if (place / "reconstruction.json").exists():
        from drivebelt.reconstruct import load as load_reconstruction

        return load_reconstruction(place)
    return load(place)


def import_(path: str | Path, form: str, out: str | Path, mapping: str | Path | None = None) -> Archive:
    """Makes an archive of a file of another field: `form` is csv (with a `mapping`), ocel2, mbox or tei, `out` a new directory.

    What was understood, dropped and why stands in `.info`. Raises BadInput for input that cannot be used.
    """
    from drivebelt.archive import Archive
    from drivebelt.interchange.importing import bring

    bring(path, form, out, mapping)
    return Archive(out)


def export(what: Run | Archive | str | Path, to: str, out: str | Path) -> Exported:
    """Writes a run or an archive for other programs: `to` is ocel2-sqlite, ocel2-json, csv or graphml, `out` a new file or folder.

    Returns how many of what were written and dropped. Raises BadInput, and BadRun for a damaged directory.
    """
    from drivebelt.interchange.exporting import export as carry

    return carry(what if isinstance(what, str | Path) else what.path, to, out)


def score(found: Reconstruction | str | Path, run: Run | str | Path, key: str | Path | None = None) -> Score:
    """Sets a reconstruction beside the truth of its run and beside simpler methods; both may be directories.

    `key` is the file that `archive(..., key=...)` wrote, needed where the seed of the losses was not 1. Raises BadInput.
    """
    return _found(found).score(load(run) if isinstance(run, str | Path) else run, key)


def explain(found: Reconstruction | str | Path, document: int | None = None, *, office: int | None = None) -> list[str]:
    """Why: paragraphs on a document, or on who stands above an office. Raises BadInput for what is not in the archive."""
    return _found(found).explain(document, office=office)


def _found(found: Reconstruction | str | Path) -> Reconstruction:
    from drivebelt.reconstruct import Reconstruction as Kind
    from drivebelt.reconstruct import load as load_reconstruction

    return found if isinstance(found, Kind) else load_reconstruction(found)


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
    """Runs an experiment and returns one row a run: arm, seed, values drawn, headlines, documented figures, digest.

    `file` is a YAML file, or `shipped` for all shipped amendments; `seeds` stands in place of those of the file.

    Results are kept in `out`; an experiment that was broken off goes on there. Raises BadInput for a file that makes no sense.
    """
    from drivebelt.experiments.design import asked
    from drivebelt.experiments.perform import perform

    return perform(asked(file, seeds), Path(out), workers, cluster=cluster)


def __getattr__(name: str) -> Any:
    if name in ("archive", "evidence", "reconstruct"):
        from importlib import import_module

        return import_module(f"drivebelt.{name}")
    raise AttributeError(f"module 'drivebelt' has no attribute {name!r}")
