"""Papers that are not there, as tables and findings of a reconstruction: registers, free numbers, traces, how many ever were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from drivebelt.archive import Archive
from drivebelt.reconstruct.counting import missing, unseen

TABLES = ("registers", "free_numbers", "traces")


def missing_papers(path: Path) -> tuple[dict[str, pa.Table], dict[str, Any]]:
    """The three tables, and what reconstruction.json says of papers ever issued, with published estimators beside it.

    `registers`: series, office (organ), kind, year, known, there, highest, issued, low, high, end_known; one row a register of
    which anything is known. The interval is that of 90 per cent. Of an archive without a table of registers nothing is counted.
    Raises BadRun for a damaged archive.
    """
    if not (path / "registers.parquet").exists():
        nothing = np.zeros(0, np.int64)
        none = missing.known(nothing, nothing, office=nothing, group=nothing)
        return _tables(none, missing.count(none), None), {"told": False, "there": 0}
    archive = Archive(path)
    what = missing.known_of(archive)
    found = missing.count(what)
    tables = _tables(what, found, archive)
    free = tables["free_numbers"]
    many = int((free["to"].to_numpy() - free["from"].to_numpy() + 1).sum())
    info = {
        "told": found.told, "total": round(found.total), "low": round(found.total_low), "high": round(found.total_high),
        "there": int(np.count_nonzero(what.there)), "free_numbers": many,
        "known_by_trace": int(np.count_nonzero(~what.there)), "remarks": list(found.remarks),
        "published": published(archive),
    }  # fmt: skip
    return tables, info


def _tables(what: missing.Known, found: missing.Count, archive: Archive | None) -> dict[str, pa.Table]:
    return {
        "registers": pa.table(
            {
                "series": what.label, "office": what.office, "kind": pa.array(what.group.tolist(), pa.string()),
                "year": pa.array(what.year, mask=what.year == 0), "known": what.known,
                "there": np.bincount(what.series[what.there], minlength=what.label.size),
                "highest": what.highest, "issued": found.issued, "low": found.low, "high": found.high,
                "end_known": found.end_known,
            }
        ),
        "free_numbers": missing.free_numbers(what), "traces": missing.traces(archive) if archive else pa.table({"trace": []}),
    }  # fmt: skip


def published(archive: Archive) -> dict[str, int]:
    """What published estimators of the unseen make of how often each paper survived: they know nothing of numbers."""
    often = archive.sql(
        "select (count(c.copy) + max(coalesce(d.file_copy, false)::int))::int from documents d left join copies c using (document) "
        "group by d.document"
    )
    (sightings,) = often.fetchnumpy().values()
    found = unseen.estimates(sightings[sightings > 0])
    return {e.name: round(e.total) for e in found if np.isfinite(e.total)}


def lines(info: dict[str, Any]) -> list[str]:
    """Plain findings on papers ever issued, a line each."""
    if not info["there"]:
        return ["No paper bears a register number: how many there were cannot be told from this."]
    if info["total"] == info["there"]:
        return [f"Papers with a register number: {info['there']:,}, none missing between the first and the last of any register."]
    return [
        f"Papers ever numbered: {info['total']:,} (90 per cent interval {info['low']:,} to {info['high']:,}); {info['there']:,} "
        f"are there, {info['known_by_trace']:,} are known by a receipt, an entry or a reference, {info['free_numbers']:,} numbers "
        "are free.",
        *(f"{remark[0].upper()}{remark[1:]}." for remark in info["remarks"]),
    ]
