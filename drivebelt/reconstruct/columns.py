"""Columns of an archive's tables as arrays, and rows by their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from drivebelt.errors import BadRun
from drivebelt.parquet import database, first_line, literal, table_at
from drivebelt.results import connect

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NONE = -1
NO_DAY = np.int64(-(2**40))
_EMPTY = {"varchar": pa.string(), "codes": pa.string(), "ubigint": pa.uint64()}


@dataclass
class Codes:
    """A column of words: `code` is the place in `names`, which stand in order; -1 where nothing stands."""

    names: list[str]
    code: Ints

    def of(self, name: str) -> int:
        """The code of a word; -2, which no row has, where the archive does not know it."""
        return self.names.index(name) if name in self.names else -2

    def among(self, names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
        """Which rows have one of these words."""
        return np.isin(self.code, [self.of(n) for n in names])

    def take(self, rows: Ints) -> Codes:
        """The words of some rows, in their order; nothing stands in row -1."""
        return Codes(self.names, np.append(self.code, NONE)[rows])


def columns(place: Path, table: str, wanted: dict[str, str], *, strict: bool = False) -> dict[str, Any]:
    """Columns of a table by name, by the type they are read as: "varchar" words as objects, "codes" words as Codes (millions of
    rows of few words), all else as integers with -1 (days: NO_DAY) for null.

    A table that is not there is empty, a column that is not there holds nulls; with `strict`, only those marked with a star may
    be wanting. Raises BadRun where the table cannot be read.
    """
    where = table_at(place, table)
    if where is None:
        return {
            column: _as(pa.chunked_array([], _EMPTY.get(kind.rstrip("*"), pa.int64())), kind) for column, kind in wanted.items()
        }
    there = names(place, table)
    lacking = [c for c, kind in wanted.items() if strict and not kind.endswith("*") and c not in there]
    if lacking:
        raise BadRun(f"{where}: column {lacking[0]} is missing; the columns that must be there: {', '.join(wanted)}")
    parts = ", ".join(_expression(c, kind, c in there) for c, kind in wanted.items())
    with database() as base:
        try:
            found: Any = base.sql(f"select {parts} from read_parquet({literal(where)})").to_arrow_table()
        except duckdb.Error as why:
            raise _unreadable(where, why) from why
    out = {}
    for column, kind in wanted.items():
        out[column] = _as(found[column], kind)
        found = found.drop_columns([column])  # so that a column is held once
    return out


def query(place: Path, sql: str) -> dict[str, npt.NDArray[Any]]:
    """Columns of what a query over the tables of an archive gives; it must give no nulls.

    For joins of tens of millions of rows, which DuckDB carries out in less room than arrays need. Raises BadRun where a table
    cannot be read.
    """
    try:
        with connect(place) as base:
            return dict(base.execute(sql).fetchnumpy())
    except duckdb.Error as why:
        raise _unreadable(place, why) from why


def whole(column: pa.ChunkedArray, none: int = 0) -> Ints:
    """Whole numbers of a queried column, dates as days since 1970; `none` for null."""
    plain = column.cast(pa.int32()) if pa.types.is_date(column.type) else column
    return plain.cast(pa.int64()).fill_null(none).to_numpy()


def words(column: pa.ChunkedArray) -> npt.NDArray[np.str_]:
    """Words of a queried column, nulls as none."""
    return np.array(column.fill_null("").to_pylist(), np.str_)


def names(place: Path, table: str) -> set[str]:
    """The columns that a table has; none where it is not there. Raises BadRun where it cannot be read."""
    where = table_at(place, table)
    if where is None:
        return set()
    try:
        with database() as base:
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


def _as(column: pa.ChunkedArray, kind: str) -> Any:
    if kind.rstrip("*") != "codes":
        return column.to_numpy()
    coded = column.dictionary_encode().combine_chunks() if column.num_chunks else pa.array([], pa.string()).dictionary_encode()
    words = np.array(coded.dictionary.to_pylist(), object)
    order = np.argsort(words)
    place = np.empty(words.size, np.int64)
    place[order] = np.arange(words.size)
    place[words == ""] = NONE
    return Codes(words[order].tolist(), place[coded.indices.to_numpy()])


def _unreadable(where: Path, why: duckdb.Error) -> BadRun:
    return BadRun(f"{where}: cannot be read: {first_line(why)}; make the archive anew")


def _expression(column: str, kind: str, there: bool) -> str:
    quoted = f'"{column}"'
    match kind.rstrip("*"):
        case "varchar" | "codes":
            return f"coalesce({quoted}::varchar, '') as {quoted}" if there else f"'' as {quoted}"
        case "date":
            days = f"coalesce(date_diff('day', date '1970-01-01', {quoted}::date), {NO_DAY})::bigint"
            return f"{days} as {quoted}" if there else f"({NO_DAY})::bigint as {quoted}"
        case "ubigint":
            return f"coalesce({quoted}::ubigint, 0::ubigint) as {quoted}" if there else f"0::ubigint as {quoted}"
    return f"coalesce({quoted}::bigint, -1)::bigint as {quoted}" if there else f"(-1)::bigint as {quoted}"


def stretches(first: Ints, many: Ints) -> Ints:
    """first[i], first[i] + 1 .. as many as many[i] says, stretch after stretch."""
    return np.repeat(first - np.cumsum(many) + many, many) + np.arange(int(many.sum()))
