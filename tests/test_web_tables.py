"""Tables that views stand on: made once, kept on disk whole or not at all, and the same as what the run says."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from drivebelt.results import Run
from drivebelt.web import short, tables
from drivebelt.web.app import application
from drivebelt.web.asked import Asked
from drivebelt.web.library import Library
from drivebelt.web.warming import warm


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run is one whose tables are kept."""
    monkeypatch.setattr(tables, "LARGE", 1)


def _asked(run: Run, workshop: Path) -> Asked:
    return Asked(Library([run.path], workshop), "/", {}, {})


def _kept(workshop: Path) -> dict[str, bytes]:
    return {f.name.split(".")[0]: f.read_bytes() for f in workshop.glob("tables/*/page_*.parquet")}


def test_tables_say_what_the_run_says(small: Run, tmp_path: Path) -> None:
    asked = _asked(small, tmp_path)
    assert tables.made(asked, *tables._TABLES, *tables._VIEWS)
    one = asked.run.rows(
        """select (select sum(acts) from page_matters) as of_matters, (select sum(n) from page_deeds) as deeds,
                  (select sum(acts) from page_work) as worked, (select sum(papers) from page_work) as papers,
                  (select count(*) from page_moves) as moves, (select count(*) from page_decisions) as decisions,
                  (select count(*) from page_circle) as circle, (select count(*) from page_shared) as shared"""
    )[0]
    other = small.rows(
        """select count(matter) as of_matters, count(actor_organ) as deeds, count(actor_organ) as worked,
                  (select count(*) from documents) as papers,
                  count(*) filter (kind in ('appoint', 'elect', 'leave-post')) as moves,
                  count(*) filter (kind in ('decide', 'poll', 'reject')) as decisions,
                  count(*) filter (kind = 'combine') as circle,
                  count(*) filter (kind in ('propose', 'agree', 'combine', 'minute', 'mark-special-folder')) as shared from acts"""
    )[0]
    assert one == other and other["moves"] and other["decisions"]
    outside = asked.run.rows("select count(*) as n from acts join page_matters using (matter) where act not between first and last")
    beyond = asked.run.rows(
        f"select count(*) as n from acts a join page_reach r on r.block = a.cause // {tables.BLOCK} where a.act > r.last"
    )
    assert outside == beyond == [{"n": 0}]
    named = "where actor_person = 3 or target_person = 3"
    assert asked.run.rows(f"select list(act order by act) as acts from page_chosen {named} and actor_person = 3") == small.rows(
        f"select list(act order by act) as acts from acts {named} and actor_person = 3"
    )


def test_a_second_server_finds_them(small: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables.made(_asked(small, tmp_path), *tables._TABLES)
    assert set(_kept(tmp_path)) == set(tables._TABLES)
    assert not list(tmp_path.glob("tables/*/.*")), "nothing is left half written"
    again = _asked(small, tmp_path)
    assert again.run.prepared("page_matters") == "memory.main.page_matters"
    assert "between" in again.run.of_matter(1), "it is there before anybody asks for it"
    monkeypatch.setattr(tables, "_write", lambda *_: pytest.fail("made anew"))
    tables.made(again, *tables._TABLES)


def test_without_them_a_matter_is_looked_for_everywhere(small: Run, tmp_path: Path) -> None:
    asked = _asked(small, tmp_path)
    assert asked.run.of_matter(7) == "matter = 7"
    assert asked.run.rows(f"select count(*) as n from acts where {asked.run.of_matter(7)}") == small.rows(
        "select count(*) as n from acts where matter = 7"
    )


@pytest.mark.parametrize("harm", ["cut", "changed", "emptied", "unreadable name"])
def test_a_damaged_table_is_made_anew(small: Run, tmp_path: Path, harm: str) -> None:
    tables.made(_asked(small, tmp_path), "page_deeds")
    before = _kept(tmp_path)["page_deeds"]
    (file,) = tmp_path.glob("tables/*/page_deeds.*.parquet")
    half = len(before) // 2
    harmed = {"cut": before[:half], "changed": before[:half] + b"\xff\x00\xff" + before[half + 3 :], "emptied": b""}
    file.write_bytes(harmed.get(harm, before))
    if harm == "unreadable name":
        file.rename(file.with_name("page_deeds.parquet.parquet"))
    asked = _asked(small, tmp_path)
    tables.made(asked, "page_deeds")
    assert asked.run.rows("select sum(n) as n from page_deeds") == small.rows("select count(actor_organ) as n from acts")
    assert _kept(tmp_path)["page_deeds"] == before


def test_two_servers_may_make_them_at_once(small: Run, tmp_path: Path) -> None:
    both = [_asked(small, tmp_path) for _ in range(3)]
    threads = [threading.Thread(target=tables.made, args=(asked, *tables._TABLES)) for asked in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sums = [asked.run.rows("select sum(n) as n, count(*) as rows from page_deeds") for asked in both]
    assert sums[0] == sums[1] == sums[2]
    assert set(_kept(tmp_path)) == set(tables._TABLES) and not list(tmp_path.glob("tables/*/.*"))


def test_where_nothing_can_be_written_all_is_answered(small: Run, tmp_path: Path) -> None:
    workshop = tmp_path / "file"
    workshop.write_text("in the way")
    asked = _asked(small, workshop)
    tables.made(asked, "page_work", "page_moves")
    assert asked.run.rows("select count(*) as n from page_work") == small.rows("select count(*) as n from organs")


def test_a_process_of_its_own_makes_them_and_few_runs_are_kept(small: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "nice", lambda _: 0)
    for i in range(8):
        old = tmp_path / "tables" / f"old-{i}"
        old.mkdir(parents=True)
        os.utime(old, (i, i))
    tables.prepare(small.path, tmp_path)
    left = {f.name for f in (tmp_path / "tables").iterdir()}
    assert len(left) == 6 and "old-7" in left and "old-2" not in left
    assert set(_kept(tmp_path)) == set(tables._TABLES)
    asked = _asked(small, tmp_path)
    assert tables.in_short(asked) == short.short(small), "findings are kept beside them"
    (file,) = tmp_path.glob("tables/*/short.*.json")
    file.write_bytes(file.read_bytes()[:-9])
    monkeypatch.setattr(tables, "foreseen", lambda _: None)
    other = _asked(small, tmp_path)
    assert tables.in_short(other) is None and not file.exists(), "what is damaged is made anew"
    other.library.settle()
    assert tables.in_short(other) == short.short(small)


def test_tables_that_go_while_a_server_stands_are_not_missed(small: Run, tmp_path: Path) -> None:
    tables.made(_asked(small, tmp_path), *tables._TABLES)
    library = Library([small.path], tmp_path)
    client = TestClient(application(library), base_url="http://127.0.0.1")
    name = small.path.name
    assert client.get(f"/run/{name}/matter/5").status_code == 200
    shutil.rmtree(tmp_path / "tables")
    for at in (f"/run/{name}/matter/6", f"/run/{name}/bodies", f"/run/{name}/person/1", f"/run/{name}/matters?only=masked"):
        assert client.get(at).status_code == 200


def test_a_journey_is_the_same_with_and_without_them(small: Run, tmp_path: Path) -> None:
    def pages(workshop: Path) -> list[str]:
        client = TestClient(application(Library([small.path], workshop)), base_url="http://127.0.0.1")
        at = f"/run/{small.path.name}"
        asked = [f"{at}/matter/{m}" for m in (1, 40, 77)] + [f"{at}/act/{a}" for a in (5, 900, 4000)] + [f"{at}?matter=40"]
        return [client.get(f"{a}.json" if "?" not in a else a.replace("?", ".json?")).text for a in asked]

    plain = pages(tmp_path / "plain")
    tables.made(_asked(small, tmp_path / "prepared"), *tables._TABLES)
    assert pages(tmp_path / "prepared") == plain


def test_warming_makes_what_the_first_readers_want(small: Run, tmp_path: Path) -> None:
    app = application(Library([small.path], tmp_path))
    warm(app)
    app.state.library.settle()
    assert app.state.library.peek(app.state.library.run(small.path.name), "circles") is not None
    empty = application(Library([], tmp_path))
    warm(empty)
    empty.state.library.settle()
