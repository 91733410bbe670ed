"""Event logs of other tools: every row that is lost is counted."""

from __future__ import annotations

import json
import random
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import command, public_data, refused
from hypothesis import given
from hypothesis import strategies as st
from importing import QUIET, TRUTH, account, read_or_refused, table

from drivebelt.archive import Archive, archive
from drivebelt.errors import BadRun
from drivebelt.reconstruct import infer
from drivebelt.running.runner import Settings, execute


def _log(path: Path) -> None:
    """A small OCEL 2.0 file with the faults of real ones."""
    base = sqlite3.connect(path)
    base.executescript(
        """create table event_map_type (ocel_type, ocel_type_map); create table object_map_type (ocel_type, ocel_type_map);
        create table event (ocel_id, ocel_type); create table object (ocel_id, ocel_type);
        create table event_object (ocel_event_id, ocel_object_id, ocel_qualifier);
        create table object_object (ocel_source_id, ocel_target_id, ocel_qualifier);
        create table event_Sign (ocel_id, ocel_time, place);
        create table object_Desk (ocel_id, ocel_time, ocel_changed_field, name);
        insert into event_map_type values ('sign', 'Sign'), ('file', 'File');
        insert into object_map_type values ('desk', 'Desk'), ('letter', 'Letter');
        insert into event values ('e1', 'sign'), ('e2', 'sign'), ('e3', 'file'), ('e1', 'sign'), (null, 'sign'), ('e4', 'sign');
        insert into event_Sign values ('e1', '2001-01-01T10:00:00Z', 'Oslo'), ('e2', '2001-01-02 10:00:00', null),
            ('e4', 'soon', 'x'), ('ghost', '2001-01-02', 'y');
        insert into object values ('d1', 'desk'), ('l1', 'letter'), ('l2', 'letter'), (7, 'letter'), ('l1', 'letter');
        insert into object_Desk values ('d1', '1970-01-01', null, 'Front desk'), ('d9', '1970-01-01', null, 'nobody');
        insert into event_object values ('e1', 'd1', 'by'), ('e1', 'l1', 'of'), ('e2', '7', 'of'), ('e9', 'l1', 'of'),
            ('e1', 'l9', 'of'), ('e1', 'l1', 'of'), ('e3', 'l2', 'of');
        insert into object_object values ('l1', 'l2', 'encloses'), ('l1', 'l9', 'encloses'), ('x', 'l1', 'encloses');"""
    )
    base.close()


DROPPED = {
    "event whose identifier was there before": 1, "event without an identifier": 1, "event without a time": 1,
    "event whose time cannot be read": 1, "object whose identifier was there before": 1,
    "relation of an event that is not there": 2, "relation of an event to an object that is not there": 1,
    "relation of an event stated before": 1, "relation of an object that is not there": 1,
    "relation of an object to one that is not there": 1, "attribute of an event that is not there": 2,
    "attribute of an object that is not there": 1, "attributes of an event that is not in the table event": 1,
}  # fmt: skip


def test_every_row_an_event_log_loses_is_counted(tmp_path: Path) -> None:
    _log(tmp_path / "log.sqlite")
    (tmp_path / "roles.yaml").write_text("types: {desk: organs}")
    done = command(
        "import", tmp_path / "log.sqlite", "--from", "ocel2", "--mapping", tmp_path / "roles.yaml", "--out", tmp_path / "out"
    )
    assert done.returncode == 0, done.stderr
    told = account(tmp_path / "out")
    assert told["dropped"] == DROPPED
    assert told["noted"] == {"no table for the events of a type": 1, "no table for the objects of a type": 1,
                             "paper that no dated event touches: kept without a date": 1}  # fmt: skip
    assert table(tmp_path / "out", "organs", "name, source_id") == [("Front desk", "d1")]
    papers = table(tmp_path / "out", "documents", "source_id, date::varchar, issuer, kind", "order by document")
    assert papers == [("7", "2001-01-02", None, "letter"), ("l1", "2001-01-01", 0, "letter"), ("l2", None, None, "letter")]
    assert table(tmp_path / "out", "acts", "source_id, kind, document, actor_organ") == [
        ("e1", "sign", 1, 0),
        ("e2", "sign", 0, None),
    ]
    assert table(tmp_path / "out", "object_links") == [("l1", "l2", "encloses")]


def test_a_run_comes_back_from_its_own_log_without_its_truth(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    run = execute(Settings(end="1922-04-05", scale=0.005), tmp_path / "run")
    for form in ("sqlite",):
        log = tmp_path / f"log.{form}"
        assert command("export", run, "--to", f"ocel2-{form}", "--out", log).returncode == 0
        back = tmp_path / form
        assert command("import", log, "--from", "ocel2", "--out", back).returncode == 0
        account(back)
        for part in back.glob("*.parquet"):
            assert not TRUTH & set(duckdb.sql(f"select * from read_parquet('{part}')").columns), part
        assert not table(back, "object_links", more="where qualifier in ('originated by', 'opened by')")
        columns = "document, series, number, date, kind, issuer, matter, grade, parent_document, copies, wording"
        same = duckdb.sql(f"select {columns} from read_parquet('{run}/documents/*.parquet') order by document").fetchall()
        assert table(back, "documents", columns, "order by document") == same
        where = "where recorded and in_name_of is distinct from actor_organ and in_name_of is not null"
        masked = duckdb.sql(f"select count(*) from read_parquet('{run}/acts/*.parquet') {where}").fetchall()[0][0]
        assert masked > 0
        assert table(back, "acts", "count(*)", "where in_name_of is not null and actor_organ is distinct from in_name_of") == [
            (masked,)
        ]
        assert table(back, "acts", "count(*)", "where in_name_of <> actor_organ") == [(0,)]
        recorded = duckdb.sql(f"select count(*) from read_parquet('{run}/acts/*.parquet') where recorded").fetchall()
        assert table(back, "acts", "count(*)") == recorded


def test_an_archive_comes_back_from_its_log_as_it_was(tmp_path: Path) -> None:
    """Registers, citations, entries and the wording of copies included: the same papers are missed, the same authors named."""
    run = execute(Settings(end="1922-04-20", scale=0.005), tmp_path / "run")
    before = archive(run, "rules-1924", survival=0.5, out=tmp_path / "before").path
    after = tmp_path / "after"
    assert command("export", before, "--to", "ocel2-sqlite", "--out", tmp_path / "log").returncode == 0
    assert command("import", tmp_path / "log", "--from", "ocel2", "--out", after).returncode == 0
    for name, columns in (
        ("registers join organs using (organ)", "series, register, name, year"),
        ("documents", "document, series, number, cited_series, cited_number, cited_date, file_copy, wording"),
        ("copies c join organs o on o.organ = holder", "document, name, wording"), ("acts", "series, number, kind, day"),
    ):  # fmt: skip
        was, now = (Archive(place).sql(f"select {columns} from {name} order by all").fetchall() for place in (before, after))
        assert was == now and any(None not in row for row in was), name
    one, other = infer(before), infer(after)
    assert one.info["ever_numbered"]["known_by_trace"] > 100 and one.info["ever_numbered"] == other.info["ever_numbered"]
    organs = {"organ", "as_one_organ", "lowest_organ", "office", "witness"}  # numbered anew where some are not left
    for name in ("documents", "cascades", "registers", "free_numbers", "traces", "forgeries", "variants"):
        was, now = (found.tables[name].drop_columns(organs & set(found.tables[name].column_names)) for found in (one, other))
        assert was.equals(now), name


@pytest.mark.parametrize("linked", [False, True], ids=["named", "linked"])
def test_registers_of_other_logs_are_counted(tmp_path: Path, linked: bool) -> None:
    """Whether papers name their series or are linked to an object that is one; numbers begin at 1."""
    numbers = [1, 2, 4, 0, "x", 7]
    letters = [
        {"id": f"l{n}", "type": "letter",
         "attributes": [{"name": "number", "value": number}, *([] if linked else [{"name": "series", "value": "A/12"}])],
         "relationships": [{"objectId": "book", "qualifier": "in"}] if linked else []}
        for n, number in enumerate(numbers)
    ]  # fmt: skip
    books = [{"id": "book", "type": "ledger", "attributes": [{"name": "register", "value": "letters out"}],
              "relationships": [{"objectId": "d1", "qualifier": "kept by"}]}] if linked else []  # fmt: skip
    events = [
        {"id": f"e{n}", "type": "sign", "time": f"2001-01-{n + 1:02}T10:00:00Z",
         "relationships": [{"objectId": f"l{n}", "qualifier": "of"}, {"objectId": "d1", "qualifier": "by"}]}
        for n in range(len(numbers))
    ]  # fmt: skip
    said = {"objectTypes": [], "eventTypes": [], "objects": [{"id": "d1", "type": "desk"}, *letters, *books], "events": events}
    (tmp_path / "log").write_text(json.dumps(said))
    (tmp_path / "roles.yaml").write_text("types: {desk: organs" + (", ledger: registers" if linked else "") + "}")
    done = command("import", tmp_path / "log", "--from", "ocel2", "--mapping", tmp_path / "roles.yaml", "--out", tmp_path / "a")
    assert done.returncode == 0, done.stderr
    assert table(tmp_path / "a", "registers", "series, register, organ, year") == [
        (0, "letters out" if linked else "A/12", 0, None)
    ]
    papers = table(tmp_path / "a", "documents", "series, number", "order by document")
    assert papers == [(0, 1), (0, 2), (0, 4), (0, None), (0, None), (0, 7)]
    free = infer(tmp_path / "a").free_numbers.to_pylist()
    assert [(row["from"], row["to"]) for row in free] == [(3, 3), (5, 6)]
    assert (free[1]["after"], free[1]["before"]) == (date(2001, 1, 3), date(2001, 1, 6))


@pytest.mark.parametrize("day", ["2001-05-01", None])
def test_a_log_without_events_tells_of_its_registers_all_the_same(tmp_path: Path, day: str | None) -> None:
    letter = {"id": "l1", "type": "letter", "attributes": [{"name": "number", "value": 3}, {"name": "series", "value": 1},
                             {"name": "date", "value": day}],
              "relationships": [{"objectId": "d1", "qualifier": "issued by"}]}  # fmt: skip
    (tmp_path / "log").write_text(
        json.dumps({"objectTypes": [], "eventTypes": [], "objects": [letter, {"id": "d1", "type": "desk"}], "events": []})
    )
    (tmp_path / "roles.yaml").write_text("types: {desk: organs}")
    done = command("import", tmp_path / "log", "--from", "ocel2", "--mapping", tmp_path / "roles.yaml", "--out", tmp_path / "a")
    assert done.returncode == 0, done.stderr
    assert (Archive(tmp_path / "a").info["from"], Archive(tmp_path / "a").info["to"]) == (day, day)
    if not day:
        with pytest.raises(BadRun, match="has no date"):
            infer(tmp_path / "a")
        return
    found = infer(tmp_path / "a")
    assert found.info["cannot_be_told"] and found.free_numbers.to_pylist()[0]["to"] == 2


def test_json_with_the_same_faults(tmp_path: Path) -> None:
    said = {
        "objectTypes": [], "eventTypes": [],
        "objects": [
            {"id": "d1", "type": "desk", "attributes": [{"name": "name", "value": "Front desk"}, 1]},
            {"id": "l1", "type": "letter", "relationships": [{"objectId": "l9", "qualifier": "encloses"}]},
            {"id": "l1", "type": "letter"}, {"type": "letter"}, "nonsense",
        ],
        "events": [
            {"id": "e1", "type": "sign", "time": "2001-01-01T10:00:00.000Z",
             "relationships": [{"objectId": "d1", "qualifier": "by"}, {"objectId": "l1", "qualifier": "of"}, {"objectId": "l7"}]},
            {"id": "e2", "type": "sign", "time": "never"}, {"id": "e3", "type": "sign"},
        ],
    }  # fmt: skip
    (tmp_path / "log").write_text(json.dumps(said))
    (tmp_path / "roles.yaml").write_text("types: {desk: organs}")
    arguments = ("import", tmp_path / "log", "--from", "ocel2", "--mapping", tmp_path / "roles.yaml", "--out")
    assert command(*arguments, tmp_path / "out").returncode == 0
    assert account(tmp_path / "out")["dropped"] == {
        "attributes that are no table of names and values": 1, "object that is no table of names and values": 1,
        "object whose identifier was there before": 1, "object without an identifier": 1, "event whose time cannot be read": 1,
        "event without a time": 1, "relation of an event to an object that is not there": 1,
        "relation of an object to one that is not there": 1,
    }  # fmt: skip
    assert table(tmp_path / "out", "organs", "name") == [("Front desk",)]
    assert table(tmp_path / "out", "acts", "source_id, document, actor_organ") == [("e1", 0, 0)]
    for role in ("types: {desk: kings}", "types: {nobody: organs}", "columns: {}", "types: 3"):
        (tmp_path / "roles.yaml").write_text(role)
        assert "roles.yaml" in refused(*arguments, tmp_path / "no")
    (tmp_path / "roles.yaml").write_text("types: {desk: organs}")
    (tmp_path / "log").write_text(json.dumps(said)[:-40])
    assert "cut off" in refused(*arguments, tmp_path / "no")


@pytest.mark.parametrize("keep", [0, 10, 100, 5000, 20000])
def test_a_log_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    _log(tmp_path / "whole")
    raw = (tmp_path / "whole").read_bytes()
    assert keep < len(raw)
    (tmp_path / "log").write_bytes(raw[:keep])
    said = refused("import", tmp_path / "log", "--from", "ocel2", "--out", tmp_path / "out")
    assert str(tmp_path / "log") in said and not (tmp_path / "out").exists()


@QUIET
@given(st.integers(0, 1 << 30))
def test_a_log_with_changed_bytes_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    place = tmp_path_factory.mktemp("log")
    _log(place / "log")
    raw, draw = bytearray((place / "log").read_bytes()), random.Random(seed)
    for _ in range(draw.randint(1, 60)):
        raw[draw.randrange(100, len(raw))] = draw.randrange(256)
    (place / "log").write_bytes(raw)
    read_or_refused(place, "ocel2", place / "log")


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats()
    | st.sampled_from(["e1", "o1", "letter", "2001-01-01T00:00:00Z", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "type", "time", "relationships", "attributes", "objectId", "qualifier", "name", "value"]),
        inner, max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@QUIET
@given(st.lists(ANY, max_size=4), st.lists(ANY, max_size=4))
def test_any_json_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, events: list[Any], objects: list[Any]) -> None:
    place = tmp_path_factory.mktemp("json")
    sound = {"id": "o1", "type": "letter", "relationships": [{"objectId": "o1", "qualifier": "itself"}]}
    (place / "log").write_text(json.dumps({"events": events, "objects": [*objects, sound]}))
    read_or_refused(place, "ocel2", place / "log")


@pytest.mark.parametrize(
    ("name", "events", "objects"), [("logistics", 8727, 970), ("running-example", 18211, 10031), ("ocel20_example", 13, 9)]
)
def test_public_sample_logs_lose_nothing_unsaid(tmp_path: Path, name: str, events: int, objects: int) -> None:
    log = public_data("ocel", f"{name}.sqlite")
    assert command("import", log, "--from", "ocel2", "--out", tmp_path / "out").returncode == 0
    told = account(tmp_path / "out")
    assert len(table(tmp_path / "out", "acts")) == events and len(table(tmp_path / "out", "documents")) == objects
    lost = {"relation of an event to an object that is not there": 5080, "relation of an object to one that is not there": 2540}
    assert told["dropped"] == (lost if name == "logistics" else {})
