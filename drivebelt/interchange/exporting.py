"""`drivebelt export`: one run or archive to one place in one format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drivebelt.errors import BadInput
from drivebelt.interchange.source import Source, fresh


@dataclass(frozen=True)
class Exported:
    """What was written: how many of what, and what was left out, by reason."""

    written: dict[str, int]
    dropped: dict[str, int]


def _sqlite(source: Source, out: Path) -> Exported:
    from drivebelt.interchange import ocel_sqlite
    from drivebelt.interchange.ocel_view import View

    view = View(source)
    return Exported(ocel_sqlite.write(view, out), dict(sorted(view.dropped.items())))


def _json(source: Source, out: Path) -> Exported:
    from drivebelt.interchange import ocel_json
    from drivebelt.interchange.ocel_view import View

    view = View(source)
    return Exported(ocel_json.write(view, out), dict(sorted(view.dropped.items())))


def _csv(source: Source, out: Path) -> Exported:
    from drivebelt.interchange import tables_csv

    return Exported(tables_csv.write(source, out), {})


def _graphml(source: Source, out: Path) -> Exported:
    from drivebelt.interchange import graphml

    return Exported(graphml.write(source, out), {})


FORMATS: dict[str, Callable[[Source, Path], Exported]] = {
    "ocel2-sqlite": _sqlite, "ocel2-json": _json, "csv": _csv, "graphml": _graphml,
}  # fmt: skip


def export(path: str | Path, to: str, out: str | Path) -> Exported:
    """Writes a run or archive directory in one of FORMATS to `out`, a file (csv: a folder) that must not be there yet.

    Raises BadRun where the directory is missing or damaged, BadInput for another format and where `out` cannot be written.
    """
    if to not in FORMATS:
        raise BadInput(f"export to {to!r}: no such format; one of {', '.join(FORMATS)}")
    with fresh(Path(out)) as place:
        return FORMATS[to](Source(Path(path)), place)
