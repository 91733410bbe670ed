"""Columns of an archive's tables as arrays, and rows by their numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from drivebelt.errors import BadRun
from drivebelt.parquet import first_line, literal, table_at

Ints = npt.NDArray[np.int64]
NONE = -1
NO_DAY = np.int64(-(2**40))


def columns(
    place: Path, table: str, wanted: dict[str, str], *, strict: bool = False, rows: str = ""
) -> dict[str, npt.NDArray[Any]]:
    """Columns of a table by name, as it is read by type: words as objects, all else as integers with -1 (days: NO_DAY) for null.

    A table that is not there is empty, a column that is not there holds nulls; with `strict`, only those marked with a star may
    be wanting. `rows` is a condition on the rows (`where ...`). Raises BadRun where the table cannot be read.
    """
    where = table_at(place, table)
    if where is None:
        return {column: np.zeros(0, object if "varchar" in kind else np.int64) for column, kind in wanted.items()}
    there = names(place, table)
    lacking = [c for c, kind in wanted.items() if strict and not kind.endswith("*") and c not in there]
    if lacking:
        raise BadRun(f"{where}: column {lacking[0]} is missing; the columns that must be there: {', '.join(wanted)}")
    parts = ", ".join(_expression(c, kind, c in there) for c, kind in wanted.items())
    with duckdb.connect() as base:
        base.execute("set threads = 2")
        try:
            found = base.execute(f"select {parts} from read_parquet({literal(where)}) {rows}").fetchnumpy()
        except duckdb.Error as why:
            raise _unreadable(where, why) from why
    return {c: np.ma.filled(found[c]) if isinstance(found[c], np.ma.MaskedArray) else found[c] for c in wanted}


def names(place: Path, table: str) -> set[str]:
    """The columns that a table has; none where it is not there. Raises BadRun where it cannot be read."""
    where = table_at(place, table)
    if where is None:
        return set()
    try:
        with duckdb.connect() as base:
            return {row[0] for row in base.execute(f"describe select * from read_parquet({literal(where)})").fetchall()}
    except duckdb.Error as why:
        raise _unreadable(where, why) from why


def look_up(rows: tuple[Ints, Ints], numbers: Ints) -> Ints:
    """The row of each number, -1 where there is none; `rows` are the numbers there are in order, and the row of each."""
    ordered, order = rows
    if not ordered.size:
        return np.full(numbers.size, NONE, np.int64)
    at = np.minimum(np.searchsorted(ordered, numbers), ordered.size - 1)
    return np.where(ordered[at] == numbers, order[at], NONE).astype(np.int64)


def find(numbers: Ints, wanted: Ints) -> Ints:
    """The row of each wanted number among `numbers`, -1 where there is none."""
    order = np.argsort(numbers, kind="stable")
    return look_up((numbers[order], order), wanted)


def _unreadable(where: Path, why: duckdb.Error) -> BadRun:
    return BadRun(f"{where}: cannot be read: {first_line(why)}; make the archive anew")


def _expression(column: str, kind: str, there: bool) -> str:
    quoted = f'"{column}"'
    match kind.rstrip("*"):
        case "varchar":
            return f"coalesce({quoted}::varchar, '') as {quoted}" if there else f"'' as {quoted}"
        case "date":
            days = f"coalesce(date_diff('day', date '1970-01-01', {quoted}::date), {NO_DAY})::bigint"
            return f"{days} as {quoted}" if there else f"({NO_DAY})::bigint as {quoted}"
        case "ubigint":
            return f"coalesce({quoted}::ubigint, 0::ubigint) as {quoted}" if there else f"0::ubigint as {quoted}"
    return f"coalesce({quoted}::bigint, -1)::bigint as {quoted}" if there else f"(-1)::bigint as {quoted}"
