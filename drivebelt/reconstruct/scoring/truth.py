"""Who in truth began each paper of an archive: the one place where an archive and its run are joined, for scores and learning
only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from drivebelt.archive.left import Left
from drivebelt.errors import BadInput
from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.engine import CORE
from drivebelt.results import Run


@dataclass
class Truth:
    """By row of the archive's papers: `who` began it (organ row, CORE for any informal body, -1 where unknown) and its `matter`."""

    who: Ints
    matter: Ints


def truth(a: Archive, run: Run, key: str | Path | None = None, made: Left | None = None) -> Truth:
    """The truth of an archive's papers. `key` is a table of document and original; without one the archive is made again from the
    run's settings and the archive's own, unless somebody has `made` it already. Raises BadInput where archive and run do not fit
    together."""
    original = _by_key(a, Path(key)) if key is not None else _beside(a, run, made)
    rows = run.sql(
        "select document, originator, matter, date_diff('day', date '1970-01-01', date) as day, series, number from documents"
    )
    table = rows.to_arrow_table().sort_by("document")
    ids = table["document"].to_numpy()
    made_up = original >= ids.size  # written later: nobody of the run began it
    original = np.where(made_up, 0, original)
    at = np.minimum(np.searchsorted(ids, original), max(ids.size - 1, 0))
    marks = (("day", a.date), ("series", a.series), ("number", a.number))
    if not np.array_equal(ids[at], original) or any(
        (pa.compute.fill_null(table[name], NONE).to_numpy()[at] != there)[~made_up].any() for name, there in marks
    ):
        raise _unlike(a, run, key)
    who = pa.compute.fill_null(table["originator"], NONE).to_numpy()[at].astype(np.int64)
    matter = pa.compute.fill_null(table["matter"], NONE).to_numpy()[at].astype(np.int64)
    informal = np.array(run.sql("select organ from organs where branch = 'informal'").fetchall(), np.int64).ravel()
    order = np.argsort(a.organ_id)
    place = np.minimum(np.searchsorted(a.organ_id[order], who), max(a.organs - 1, 0))
    row = np.where(a.organ_id[order][place] == who, order[place], NONE) if a.organs else np.full(who.size, NONE)
    row = np.where(np.isin(who, informal), CORE, row)
    return Truth(np.where(made_up, NONE, row), np.where(made_up, -1 - np.arange(row.size), matter))


def _unlike(a: Archive, run: Run, key: str | Path | None) -> BadInput:
    """What to say where papers of the archive and of the run are not the same."""
    if key is not None:
        return BadInput(
            f"{key}: is not the key of {a.path} and {run.path}; give the one that `drivebelt archive --key` wrote with it"
        )
    return BadInput(
        f"{run.path}: is not the run this archive was made from ({a.path}), or the archive, made again with --seed 1, differs: "
        "an archive of another --seed needs the key that `drivebelt archive --key FILE` writes with it; give --key FILE"
    )


def _by_key(a: Archive, path: Path) -> Ints:
    try:
        table = pq.read_table(path, columns=["document", "original"])
    except (OSError, ValueError, pa.ArrowException) as why:
        raise BadInput(
            f"{path}: cannot be read as a key ({' '.join(str(why).split())[:200]}); give the table of document and original"
        ) from why
    number, original = table["document"].to_numpy(), table["original"].to_numpy()
    order = np.argsort(number, kind="stable")
    at = np.minimum(np.searchsorted(number[order], a.paper_id), max(number.size - 1, 0))
    if not number.size or not np.array_equal(number[order][at], a.paper_id):
        raise BadInput(f"{path}: lacks documents of {a.path}; give the key of this archive")
    return original[order][at].astype(np.int64)


def _beside(a: Archive, run: Run, made: Left | None) -> Ints:
    """Which papers survived, by the key beside it or made again: the same settings on the same run give the same archive."""
    beside = a.path.with_name(a.path.name + ".key.parquet")
    if beside.exists():
        return _by_key(a, beside)
    from drivebelt.archive.left import Asked, left

    i = a.info
    try:
        asked = Asked(i["regime"], i.get("reader"), i.get("survival"), i.get("correlated") or "none")
    except (KeyError, TypeError, ValueError) as why:
        raise BadInput(f"{a.path}/archive.json: names no regime to make the archive again by; give --key") from why
    number = (made or left(run, asked)).number
    original = np.full(int(number.max(initial=-1)) + 1, NONE, np.int64)
    original[number[number >= 0]] = np.flatnonzero(number >= 0)
    if a.paper_id.size and (a.paper_id.max() >= original.size or (original[a.paper_id] < 0).any()):
        raise _unlike(a, run, None)
    return original[a.paper_id] if a.paper_id.size else a.paper_id


def of_groups(first: Ints, members: Ints, who: Ints) -> Ints:
    """The commonest author among the members of each group, the lowest number among equals."""
    of = np.repeat(np.arange(first.size - 1), np.diff(first))
    low = int(who.min(initial=0))
    span = np.int64(int(who.max(initial=0)) - low + 1)
    names, many = np.unique(of * span + who[members] - low, return_counts=True)
    group, name = names // span, names % span + low
    order = np.lexsort((name, -many, group))
    _, head = np.unique(group[order], return_index=True)
    return name[order][head]
