"""`drivebelt import`: one file or folder of another program to an archive directory."""

from __future__ import annotations

from pathlib import Path

import duckdb

from drivebelt.errors import BadInput
from drivebelt.interchange import papers
from drivebelt.interchange.source import fresh
from drivebelt.interchange.told import Told
from drivebelt.parquet import first_line
from drivebelt.results import interrupted

FORMATS = ("ocel2", "csv", "mbox", "tei")


def bring(path: str | Path, form: str, out: str | Path, mapping: str | Path | None = None) -> Told:
    """Reads `path`, one of FORMATS, and writes the archive directory `out`, which must not be there yet.

    Returns what was understood, dropped and why; the same stands in archive.json. Raises BadInput for input that cannot be used.
    """
    if form not in FORMATS:
        raise BadInput(f"import from {form!r}: no such format; one of {', '.join(FORMATS)}")
    source, rules = Path(path), Path(mapping) if mapping is not None else None
    if not source.exists():
        raise BadInput(f"{source}: no such file; check the path")
    if source.is_dir() and form not in ("mbox", "tei"):
        raise BadInput(f"{source}: is a folder; --from {form} reads one file")
    if form == "csv" and rules is None:
        raise BadInput(f"{source}: add --mapping FILE, which says what its columns are; see docs/bring-your-own-archive.md")
    if form in ("mbox", "tei") and rules is not None:
        raise BadInput(f"--mapping {rules}: {'mail' if form == 'mbox' else 'an edition'} needs no mapping; leave it out")
    with fresh(Path(out)) as place:
        try:
            return _bring(source, form, place, rules)
        except (duckdb.Error, RuntimeError) as why:
            if interrupted(why):
                raise KeyboardInterrupt from why
            raise BadInput(f"{source}: cannot be read: {first_line(why)}") from why


def _bring(source: Path, form: str, place: Path, rules: Path | None) -> Told:
    if form == "ocel2":
        from drivebelt.interchange import from_ocel

        return from_ocel.bring(source, rules, place)
    if form == "tei":
        from drivebelt.interchange import from_tei

        return from_tei.bring(source, place)
    with papers.staging(place.parent / "staging") as base:
        if form == "csv":
            from drivebelt.interchange import from_csv
            from drivebelt.interchange.mapping import read_mapping

            assert rules is not None
            told = from_csv.read(source, read_mapping(rules), base)
        else:
            from drivebelt.interchange import from_mail

            told = from_mail.read(source, base)
        papers.write(base, told, place)
    return told
