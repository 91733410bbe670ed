"""Queries beside each other that stand on tables made once: each table as soon as those it stands on are there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_A_TIME = 2
"""Queries at a time. One over a small run keeps a single core busy, however many threads it may have."""


def together(base: DuckDBPyConnection, tables: Mapping[str, str], queries: Sequence[str]) -> list[list[tuple[Any, ...]]]:
    """The rows of each query, in their order; before them those of `tables` (name -> query) are made that any of them names.

    A table may name those before it. The tables stay in `base`. Errors of DuckDB, and Ctrl-C, end what is still running and are
    raised when it has ended: no thread is left behind.
    """
    needed = _needed(tables, queries)
    cursors: list[DuckDBPyConnection] = []
    made: dict[str, Future[list[tuple[Any, ...]]]] = {}

    def carry_out(statement: str, needs: Sequence[str]) -> list[tuple[Any, ...]]:
        for name in needs:  # begun before this one, so that two never wait for each other
            made[name].result()
        cursor = base.cursor()
        cursors.append(cursor)
        try:
            return cursor.execute(statement).fetchall()
        finally:
            cursors.remove(cursor)
            cursor.close()

    pool = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="query")
    try:
        for name, needs in needed.items():
            made[name] = pool.submit(carry_out, f"create table {name} as {tables[name]}", needs)
        asked = [pool.submit(carry_out, query, _named(query, needed)) for query in queries]
        return [rows.result() for rows in asked]
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for cursor in tuple(cursors):
            cursor.interrupt()
        raise
    finally:
        pool.shutdown()


def _named(query: str, names: Iterable[str]) -> list[str]:
    """Those of the names that a query holds as words, in their order."""
    words = set(re.findall(r"\w+", query))
    return [name for name in names if name in words]


def _needed(tables: Mapping[str, str], queries: Sequence[str]) -> dict[str, list[str]]:
    """Table -> those it stands on, of all that the queries stand on, in the order of `tables`."""
    wanted = {name for query in queries for name in _named(query, tables)}
    needs: dict[str, list[str]] = {}
    before = list(tables)
    while before:
        name = before.pop()
        if name in wanted:
            needs[name] = _named(tables[name], before)
            wanted.update(needs[name])
    return {name: needs[name] for name in tables if name in needs}
