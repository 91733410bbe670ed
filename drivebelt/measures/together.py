"""Queries beside each other that stand on tables made once: each begins as soon as the tables it stands on are there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_A_TIME = 2
"""Queries at a time. One over a small run keeps a single core busy, however many threads it may have."""
_PATIENCE = 0.05  # seconds that a query has to end by itself when another has failed
_Rows = list[tuple[Any, ...]]


class _Task(NamedTuple):
    name: str | int
    """Of the table it makes, or the place of its query among those asked for."""
    statement: str
    needs: frozenset[str]


def together(base: DuckDBPyConnection, tables: Mapping[str, str], queries: Sequence[str]) -> list[_Rows]:
    """The rows of each query, in their order; before them those of `tables` (name -> query) are made that any of them names.

    A table may name those before it. The tables stay in `base`. Errors of DuckDB, and Ctrl-C, end what is still running and are
    raised when it has ended: no thread is left behind.
    """
    waiting = _tasks(tables, queries)
    running: dict[Future[_Rows], _Task] = {}
    found: dict[str | int, _Rows] = {}
    cursors = [base.cursor() for _ in range(_AT_A_TIME)]
    idle = list(cursors)

    def carry_out(statement: str) -> _Rows:
        cursor = idle.pop()
        try:
            return cursor.execute(statement).fetchall()
        finally:
            idle.append(cursor)

    pool = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="query")
    try:
        while waiting or running:
            ready = [task for task in waiting if task.needs <= found.keys()]
            for task in ready[: _AT_A_TIME - len(running)]:
                waiting.remove(task)
                running[pool.submit(carry_out, task.statement)] = task
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                found[running.pop(done).name] = done.result()
    finally:
        while wait(running, _PATIENCE).not_done:  # of a query that failed, or Ctrl-C: where all went well nothing is running
            for cursor in cursors:
                cursor.interrupt()
        pool.shutdown()
        for cursor in cursors:
            cursor.close()
    return [found[place] for place in range(len(queries))]


def script(tables: Mapping[str, str], query: str) -> str:
    """The statements that carry out one query alone: it, and before it those that make the tables it stands on."""
    return ";\n".join(task.statement for task in _tasks(tables, [query]))


def _tasks(tables: Mapping[str, str], queries: Sequence[str]) -> list[_Task]:
    """What there is to do: the tables that are needed, directly or for another, in the order of `tables`, and the queries."""
    tasks = [_Task(place, query, _named(query, tables)) for place, query in enumerate(queries)]
    before = list(tables)
    while before:
        name = before.pop()
        if any(name in task.needs for task in tasks):
            tasks.insert(0, _Task(name, f"create table {name} as {tables[name]}", _named(tables[name], before)))
    return tasks


def _named(query: str, names: Iterable[str]) -> frozenset[str]:
    """Those of the names that a query holds as words."""
    return frozenset(re.findall(r"\w+", query)).intersection(names)
