"""Queries beside each other on tables made once."""

from __future__ import annotations

import os
import signal
import threading
import time

import duckdb
import pytest

from drivebelt.measures import MEASURES, TABLES
from drivebelt.measures.summed import PAPER_KINDS
from drivebelt.measures.together import script, together

CHAIN = {
    "first": "select 1 as x",
    "second": "select x + 1 as x from first",
    "third": "select x + 1 as x from second",
    "unused": "select no_such_column",
    "slow": "select count(*) as x from range(1000000) a, range(1000000) b",
}


def test_rows_come_in_the_order_of_the_queries_and_only_needed_tables_are_made() -> None:
    base = duckdb.connect()
    assert together(base, CHAIN, ["from third", "from first", "select 7"]) == [[(3,)], [(1,)], [(7,)]]
    assert {row[0] for row in base.execute("show tables").fetchall()} == {"first", "second", "third"}


@pytest.mark.parametrize("query", ["from unused", "select no_such_column from first"])
def test_an_error_of_any_query_is_raised_and_no_thread_stays(query: str) -> None:
    with pytest.raises(duckdb.BinderException):
        together(duckdb.connect(), CHAIN, ["from second", query, "from slow"])
    assert not [t for t in threading.enumerate() if t.name.startswith("query")]


def test_ctrl_c_ends_what_is_running() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    press = threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGINT])
    press.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        together(duckdb.connect(), CHAIN, ["from slow", "select count(*) from range(1000000) a, range(1000000) b"])
    press.join()
    assert time.monotonic() - began < 20
    assert not [t for t in threading.enumerate() if t.name.startswith("query")]


def test_the_script_of_a_query_carries_it_out_alone() -> None:
    assert duckdb.connect().execute(script(CHAIN, "from second")).fetchall() == [(2,)]


@pytest.mark.parametrize("query", [*(m.query for m in MEASURES), *TABLES.values()])
def test_no_query_looks_for_paper_among_the_few(query: str) -> None:
    """The kinds that `few` leaves out are asked for only where all acts or their sums are."""
    if "from few" in query and " acts" not in query:
        assert not [kind for kind in PAPER_KINDS if f"'{kind}'" in query]
