"""Tables beside the log: organs, posts, persons, tenures, episodes, rules, ties at the start, and what its registers are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.power.officials_start import ties_at_start
from drivebelt.power.state import MOVES
from drivebelt.territory import territories

if TYPE_CHECKING:
    from drivebelt.world import World


SEATS = ("politburo-member", "politburo-candidate", "orgburo-member", "secretariat-member", "general-secretary")
_EPOCH = date(1970, 1, 1)
_OPEN = np.iinfo(np.int32).max
"""A day that never comes."""


def _none(value: int) -> int | None:
    return None if value == r.NONE else value


def _organs(w: World) -> dict[str, Any]:
    rows = w.organs
    known = territories()
    above = [row.get("parent", r.NONE) if row["level"] == r.CENTRE else row["above"] for row in rows]
    places = [known.get(row["territory"] or "") for row in rows]
    return {
        "organ": pa.array(range(len(rows)), pa.int32()),
        "name": [row["name"] for row in rows],
        "level": [r.LEVELS[row["level"]] for row in rows],
        "branch": [r.BRANCHES[row["branch"]] for row in rows],
        "parent": pa.array([_none(a) for a in above], pa.int32()),
        "valid_from": pa.array([row["since"] for row in rows], pa.date32()),
        "valid_to": pa.array([row["until"] for row in rows], pa.date32()),
        "territory": [row["territory"] for row in rows],
        "key": [row.get("key") for row in rows],
        "soviet": pa.array([_none(row["soviet"]) for row in rows], pa.int32()),
        "latitude": [p.lat if p else None for p in places],
        "longitude": [p.lon if p else None for p in places],
    }


def _posts(w: World) -> dict[str, Any]:
    posts = w.people.posts
    return {
        "post": pa.array(range(len(posts)), pa.int32()),
        "organ": pa.array([p["organ"] for p in posts], pa.int32()),
        "name": [p["name"] for p in posts],
        "on_nomenklatura": [p["on_nomenklatura"] for p in posts],
        "approver": pa.array([_none(p["approver"]) for p in posts], pa.int32()),
    }


def _persons(w: World) -> dict[str, Any]:
    persons = w.people.persons
    return {
        "person": pa.array(range(len(persons)), pa.int32()),
        "name": pa.array([p["name"] for p in persons], pa.string()),
        "party_since": pa.array([p["party_since"] for p in persons], pa.int32()),
        "class_origin": [p["class_origin"] for p in persons],
    }


def _tenures(w: World) -> dict[str, Any]:
    """Tenures of the first day and those that moves of officials began; each ends where the next in the post begins."""
    old, moves = w.people.tenures, w.power.moves[: int(w.power.count[MOVES])]
    begun = (moves["day"] + (w.start - _EPOCH).days).astype(np.int64)
    person = np.concatenate([_column(old, "person"), moves["person"].astype(np.int64)])
    post = np.concatenate([_column(old, "post"), moves["post"].astype(np.int64)])
    since = np.concatenate([_days(old, "from"), begun])
    until = np.concatenate([_days(old, "to"), np.full(moves.size, _OPEN)])
    by = np.concatenate([_column(old, "appointed_by"), moves["by"].astype(np.int64)])
    appointed = np.concatenate([_column(old, "by_appointment"), moves["appointed"].astype(np.int64)])

    keep = np.ones(person.size, bool)
    for seat, on in _first_elections(w).items():  # a documented tenure of an elected body gives way to the elections of the run
        first = (w.date(on) - _EPOCH).days
        keep[: len(old)] &= (post[: len(old)] != seat) | (since[: len(old)] < first)
        for dead, day in w.died.items():
            mine = (post == seat) & (person == dead)
            until[mine] = np.minimum(until[mine], (w.date(day) - _EPOCH).days)
    order = np.lexsort((np.arange(person.size), since, post))
    order = order[keep[order]]
    followed = post[order[:-1]] == post[order[1:]]
    ends = np.where(followed, np.minimum(until[order[:-1]], since[order[1:]]), until[order[:-1]])
    until[order[:-1]] = ends
    order = order[(person[order] != r.NONE) & (until[order] > since[order])]
    return {
        "person": pa.array(person[order], pa.int32()),
        "post": pa.array(post[order], pa.int32()),
        "from": pa.array(since[order].astype(np.int32), pa.date32()),
        "to": pa.array(until[order].astype(np.int32), pa.date32(), mask=until[order] == _OPEN),
        "appointed_by": pa.array(by[order], pa.int32(), mask=by[order] == r.NONE),
        "by_appointment": appointed[order].astype(bool),
    }


def _column(rows: Sequence[Mapping[str, Any]], key: str) -> npt.NDArray[np.int64]:
    return np.fromiter(map(itemgetter(key), rows), np.int64, len(rows))


def _days(rows: Sequence[Mapping[str, Any]], key: str) -> npt.NDArray[np.int64]:
    """Days since the epoch; `_OPEN` where there is no date."""
    first = _EPOCH.toordinal()
    return np.fromiter([_OPEN if (on := row[key]) is None else on.toordinal() - first for row in rows], np.int64, len(rows))


def _first_elections(w: World) -> dict[int, int]:
    """Seat of an elected body -> day of the first election in the run, from which documented tenures of it give way."""
    moves = w.power.moves[: int(w.power.count[MOVES])]
    seats = {post for name in SEATS for post in w.scenario.seats_of.get(name, ())}
    first: dict[int, int] = {}
    for row in moves:
        if int(row["post"]) in seats:
            first.setdefault(int(row["post"]), int(row["day"]))
    return first


def _episodes(w: World) -> dict[str, Any]:
    """Matters at the Centre that belong to an episode."""
    rows = w.desk.central[: int(w.desk.count[d.CENTRAL_MATTERS])]
    rows = rows[rows["episode"] != r.NONE]
    return {
        "matter": pa.array(rows["matter"].tolist(), pa.int32()),
        "episode": [w.scenario.episodes[e] for e in rows["episode"].tolist()],
        "stage": pa.array(rows["stage"].tolist(), pa.int32()),
    }


def _rules(w: World) -> dict[str, Any]:
    """The rules of the run that are numbers or words, with amendments: one row a value, `key` for an entry of a table."""
    rows: list[tuple[str, str | None, date, date | None, float | None, str | None]] = []
    for name, rule in w.rules.items():
        for i, (since, value) in enumerate(rule.values):
            until = rule.values[i + 1][0] if i + 1 < len(rule.values) else rule.until
            for key, single in value.items() if isinstance(value, dict) else [(None, value)]:
                if isinstance(single, (bool, int, float)):
                    rows.append((name, key, since, until, float(single), None))
                elif isinstance(single, str):
                    rows.append((name, key, since, until, None, single))
    columns = list(zip(*rows, strict=True))
    types = (pa.string(), pa.string(), pa.date32(), pa.date32(), pa.float64(), pa.string())
    names = ("rule", "key", "since", "until", "value", "text")
    return {name: pa.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)}


def _ties(w: World) -> dict[str, Any]:
    """Starting condition: what officials owed, on the first day, to those who head the Secretariat in the run."""
    led = np.flatnonzero(w.power.led)
    workers = np.array([bool(p.get("worker")) for p in w.people.persons])
    mean = float(w.rules.value("ties_at_start", w.start))
    ties = ties_at_start(w.seed, mean, w.power.persons.size, w.power.patrons.size, workers)[:, led]
    n = ties.shape[0]
    return {
        "person": pa.array(np.repeat(np.arange(n, dtype=np.int32), led.size)),
        "patron": pa.array(np.tile(w.power.patrons[led].astype(np.int32), n)),
        "tie": pa.array(ties.ravel().astype(np.float64)),
    }


BUILDERS: dict[str, Callable[[World], dict[str, Any]]] = {
    "organs": _organs,
    "posts": _posts,
    "persons": _persons,
    "tenures": _tenures,
    "episodes": _episodes,
    "rules": _rules,
    "ties": _ties,
}


def write(out: Path, w: World) -> dict[str, str]:
    """Writes the tables that the world itself holds and returns a digest of the content of each."""
    digests = {}
    for name, make in BUILDERS.items():
        table = pa.table(make(w))
        pq.write_table(table, out / f"{name}.parquet", compression="zstd")
        digests[name] = _digest(table)
    return digests


def write_registers(out: Path, w: World, base: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Writes what each `series` of documents stands for, for every one that was begun; asks the log in `base`, which must be whole.

    The table follows from the log and the numbering. The digest returned is that of the numbering, shown on the leading bodies of
    the Centre: draws of archives hang on the digests of runs, which so are those of runs that had no other registers.
    """
    (series,) = base.sql("select distinct series from documents order by series").fetchnumpy().values()
    pq.write_table(_registers(w, series), out / "registers.parquet", compression="zstd")
    organs, kinds = len(w.organs), len(r.REGISTERS)
    years = range(w.start.year - w.scenario.register_epoch, int(w.desk.count[d.YEAR]) + 1)
    leading = [(y * organs + o) * kinds + k for y in years for o in range(r.BUREAU + 1) for k in range(kinds)]
    return {"registers": _digest(_registers(w, np.array(leading)))}


def _registers(w: World, series: npt.NDArray[np.integer[Any]]) -> pa.Table:
    """The issuer's register of a year that each series is."""
    organs, kinds = len(w.organs), len(r.REGISTERS)
    return pa.table(
        {
            "series": pa.array(series, pa.int32()),
            "year": pa.array(series // kinds // organs + w.scenario.register_epoch, pa.int32()),
            "organ": pa.array(series // kinds % organs, pa.int32()),
            "register": pa.array(np.array(r.REGISTERS)[series % kinds], pa.string()),
        }
    )


def _digest(table: pa.Table) -> str:
    """A digest of the content of a table."""
    mark = hashlib.sha256()
    for column in table.itercolumns():
        words = pc.fill_null(column.combine_chunks().cast(pa.string()), "\x1e")
        mark.update(pc.binary_join(pa.ListArray.from_arrays([0, len(words)], words), "\x1f")[0].as_buffer())
    return mark.hexdigest()
