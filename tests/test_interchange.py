"""Runs and archives to other programs: what is written is what the tables hold, and strict readers take it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from conftest import command, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from drivebelt.interchange import sqlite_records as records
from drivebelt.interchange.sqlite_pages import Pages
from drivebelt.results import Run
from drivebelt.running.runner import Settings, execute

SHORT = Settings(end="1922-04-12", scale=0.005)
SCHEMA = "create table t (id TEXT, q TEXT, n INTEGER, x REAL, note TEXT, primary key(id, q))"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(execute(SHORT, tmp_path_factory.mktemp("short") / "run"))


@pytest.fixture(scope="module")
def log(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("log") / "run.sqlite"
    done = command("export", run.path, "--to", "ocel2-sqlite", "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["dropped"] == {}
    return out


def one(run: Run, query: str) -> Any:
    return run.sql(query).fetchall()[0][0]


def ask(path: Path, query: str) -> list[tuple[Any, ...]]:
    base = sqlite3.connect(path)
    try:
        return base.execute(query).fetchall()
    finally:
        base.close()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(-(1 << 40), 1 << 40) | st.none(), st.text(max_size=300) | st.none()),
        max_size=400,
    ),
    st.sampled_from([1, 7, 200]),
    st.integers(1, 12),
)  # fmt: skip
def test_pages_hold_what_was_given_whatever_its_size(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int | None, str | None]], batch: int, repeat: int
) -> None:
    """Every row and the key over them come back through SQLite's own reader, and its check finds nothing."""
    path = tmp_path_factory.mktemp("pages") / "t.sqlite"
    given_rows = [(k, *rows[k % len(rows)]) for k in range(len(rows) * repeat)] if rows else []
    with Pages(path, SCHEMA) as pages:
        table, key = pages.tree("t"), pages.tree("sqlite_autoindex_t_1")
        for a in range(0, len(given_rows), batch):
            part = given_rows[a : a + batch]
            identifier = records.fixed(records.identifiers("k-", np.array([p[0] for p in part])))
            pad = records.text(pa.array(["q" * p[1] for p in part], pa.string()))
            number = records.integers(pa.array([p[2] for p in part], pa.int64()))
            real = records.reals(pa.array([None if p[2] is None else p[2] / 7 for p in part], pa.float64()))
            note = records.text(pa.array([None if p[3] is None else p[3] for p in part], pa.string()))
            table.add(records.table_cells([identifier, pad, number, real, note], a + 1))
            key.add(records.key_cells([identifier, pad], a + 1))
    assert ask(path, "pragma integrity_check") == [("ok",)]
    expected = [(f"k-{k:012d}", "q" * w, n, None if n is None else n / 7, s) for k, w, n, s in given_rows]
    assert ask(path, "select id, q, n, x, note from t order by rowid") == expected
    assert ask(path, "select id, q from t indexed by sqlite_autoindex_t_1 where id > ''") == [(r[0], r[1]) for r in expected]
    path.unlink()


def test_an_export_loads_no_compiled_code() -> None:
    """Half a second of the two that a hundred thousand events may take."""
    asked = "import sys, drivebelt.interchange.exporting, drivebelt.interchange.ocel_sqlite; print('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.strip() == "False"


def test_a_large_table_has_levels_over_its_leaves(tmp_path: Path) -> None:
    """Enough rows that the key has three levels; look-ups by key find each; rows can still be added by SQLite."""
    path, n = tmp_path / "t.sqlite", 40_000
    with Pages(path, SCHEMA) as pages:
        table, key = pages.tree("t"), pages.tree("sqlite_autoindex_t_1")
        for a in range(0, n, 10_000):
            numbers = np.arange(a, a + 10_000)
            wide = records.text(pa.array(["q" * 900] * 10_000))
            columns = [records.fixed(records.identifiers("k-", numbers)), wide]
            empty = [records.text(pa.nulls(10_000, pa.string()))] * 3
            table.add(records.table_cells([*columns, *empty], a + 1))
            key.add(records.key_cells(columns, a + 1))
    base = sqlite3.connect(path)
    for k in range(0, n, 997):
        assert base.execute("select rowid from t where id = ?", (f"k-{k:012d}",)).fetchall() == [(k + 1,)]
    base.execute("insert into t values ('k-0', '', 1, 1.0, 'after')")
    assert base.execute("pragma integrity_check").fetchall() == [("ok",)]
    base.close()


def test_the_log_is_sound_to_its_own_keys(log: Path) -> None:
    assert ask(log, "pragma integrity_check") == [("ok",)]
    assert ask(log, "pragma foreign_key_check") == []


def test_nothing_of_the_run_is_lost(run: Run, log: Path) -> None:
    """Every act, every object, also those no act touches, and every relation the tables state."""
    assert ask(log, "select ocel_type, count(*) from event group by 1 order by 1") == run.sql(
        "select kind, count(*) from acts group by 1 order by 1"
    ).fetchall()  # fmt: skip
    counted = dict(ask(log, "select ocel_type, count(*) from object group by 1"))
    for name in ("organ", "person", "post", "tenure", "matter", "document", "register"):
        assert counted[name] == one(run, f"select count(*) from {name}s"), name
    assert counted["copy"] == one(run, "select count(*) from copies")
    columns = ("matter", "document", "copy", "actor_organ", "actor_person", "target_organ", "target_person", "in_name_of")
    stated = one(run, f"select {' + '.join(f'count({c})' for c in columns)} from acts")
    assert ask(log, "select count(*) from event_object") == [(stated,)]
    assert ask(log, "select count(*) from object where ocel_id not in (select ocel_object_id from event_object)")[0][0] > 1000


def test_an_act_reads_in_the_log_as_in_the_table(run: Run, log: Path) -> None:
    rows = run.sql("select * from acts where in_name_of <> actor_organ and document is not null and cause is not null limit 20")
    names, masked = rows.columns, rows.fetchall()
    assert len(masked) == 20
    for row in masked:
        act = dict(zip(names, row, strict=True))
        identifier = f"act-{act['act']:012d}"
        table = "event_" + "".join(word.capitalize() for word in act["kind"].split("-"))
        found = ask(log, f"select ocel_time, channel, grade, cause, amount, recorded from {table} where ocel_id = '{identifier}'")
        assert found == [
            (f"{act['day']} 00:00:00", act["channel"], act["grade"], f"act-{act['cause']:012d}", act["amount"], act["recorded"])
        ]
        linked = dict(ask(log, f"select ocel_qualifier, ocel_object_id from event_object where ocel_event_id = '{identifier}'"))
        assert linked["document"] == f"document-{act['document']:012d}"
        assert linked["in whose name"] == f"organ-{act['in_name_of']:012d}"
        if act["copy"] is not None:
            assert linked["copy"] == f"copy-{act['document'] * 1000 + act['copy']:012d}"


def test_first_values_stand_before_the_period_and_keep_their_types(run: Run, log: Path) -> None:
    for (table,) in ask(log, "select 'object_' || ocel_type_map from object_map_type"):
        assert ask(log, f"select distinct ocel_time, ocel_changed_field from {table}") == [("1900-01-01 00:00:00", None)], table
    assert ask(
        log, "select distinct typeof(number), typeof(wording), typeof(date) from object_Document where number is not null"
    ) == [("integer", "text", "text")]
    assert ask(log, "select distinct typeof(latitude) from object_Organ where latitude is not null") == [("real",)]
    hashes = [f"{h:016x}" for (h,) in run.sql("select wording from documents order by document limit 100").fetchall()]
    assert [h for (h,) in ask(log, "select wording from object_Document order by ocel_id limit 100")] == hashes


def test_the_same_run_gives_the_same_bytes(run: Run, log: Path, tmp_path: Path) -> None:
    command("export", run.path, "--to", "ocel2-sqlite", "--out", tmp_path / "again.sqlite")
    assert (tmp_path / "again.sqlite").read_bytes() == log.read_bytes()


def test_json_says_what_sqlite_says(run: Run, log: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    assert command("export", run.path, "--to", "ocel2-json", "--out", out).returncode == 0
    said = json.loads(out.read_text())
    assert [(e["id"], e["type"]) for e in said["events"]] == ask(log, "select ocel_id, ocel_type from event order by rowid")
    assert [(o["id"], o["type"]) for o in said["objects"]] == ask(log, "select ocel_id, ocel_type from object order by rowid")
    for what, table in (("events", "event_object"), ("objects", "object_object")):
        linked = [(x["id"], r["objectId"], r["qualifier"]) for x in said[what] for r in x["relationships"]]
        assert linked == ask(log, f"select * from {table} order by rowid")
    organ = next(o for o in said["objects"] if o["id"] == "organ-000000000003")
    values = {a["name"]: a["value"] for a in organ["attributes"]}
    assert values["name"] == one(run, "select name from organs where organ = 3")
    assert {a["time"] for a in organ["attributes"]} == {"1900-01-01T00:00:00Z"}
    declared = {a["name"]: a["type"] for t in said["objectTypes"] if t["name"] == "document" for a in t["attributes"]}
    assert declared["date"] == "time" and declared["number"] == "integer" and declared["wording"] == "string"


def test_csv_comes_with_its_description(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "tables"
    assert command("export", run.path, "--to", "csv", "--out", out).returncode == 0
    package = json.loads((out / "datapackage.json").read_text())
    for table in package["resources"]:
        fields = [f["name"] for f in table["schema"]["fields"]]
        read = duckdb.sql(f"select * from read_csv('{out / table['path']}', header = true, all_varchar = true)")
        assert read.columns == fields
        assert len(read.fetchall()) == table["rows"] == one(run, f"select count(*) from {table['name']}")
    back = duckdb.sql(
        f"select document, wording::ubigint from read_csv('{out / 'documents.csv'}', all_varchar = true) order by document::int"
    )
    same = run.sql("select document::varchar, wording from documents order by document").fetchall()
    assert back.fetchall() == same


def test_graphml_has_the_tree_and_the_traffic(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "bodies.graphml"
    assert command("export", run.path, "--to", "graphml", "--out", out).returncode == 0
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    graph = ET.parse(out).getroot()
    assert len(graph.findall(".//g:node", space)) == one(run, "select count(*) from organs")
    edges = Counter()
    weight = 0
    for edge in graph.findall(".//g:edge", space):
        data = {d.get("key"): d.text for d in edge.findall("g:data", space)}
        edges[data["edge-relation"]] += 1
        weight += int(data.get("edge-weight") or 0)
    assert edges["under"] == one(run, "select count(parent) from organs")
    passed = "from copies join documents using (document) where addressee_organ <> issuer"
    assert weight == one(run, f"select count(*) {passed}")
    assert edges["papers"] == one(run, f"select count(distinct (issuer, addressee_organ)) {passed}")


def test_what_an_archive_lacks_is_left_out_and_counted(run: Run, tmp_path: Path) -> None:
    """Half the papers gone, truth columns gone: relations to lost papers are counted, and no column is invented."""
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "archive.json").write_text('{"regime": "half", "day": "1925-01-01"}')
    for table, what in {
        "organs": "*", "persons": "*", "documents": "* exclude (originator)", "copies": "*",
        "acts": "* exclude (cause, recorded, actor_organ, actor_person)",
    }.items():  # fmt: skip
        half = " where document is null or document % 2 = 0" if table in ("copies", "documents") else ""
        query = f"select {what} from {table}{half}"
        run._base.execute(f"copy ({query}) to '{archive / table}.parquet' (format parquet)")
    done = command("export", archive, "--to", "ocel2-sqlite", "--out", tmp_path / "a.sqlite", "--json")
    assert done.returncode == 0, done.stderr
    dropped = json.loads(done.stdout)["dropped"]
    lost = one(run, "select count(document) from acts where document % 2 = 1")
    assert dropped["acts.document: no such document"] == lost > 0
    assert ask(tmp_path / "a.sqlite", "pragma foreign_key_check") == []
    columns = {row[1] for row in ask(tmp_path / "a.sqlite", "pragma table_info(event_Issue)")}
    assert columns == {"ocel_id", "ocel_time", "channel", "grade", "amount"}
    assert not ask(tmp_path / "a.sqlite", "select 1 from object_object where ocel_qualifier = 'originated by'")


def test_nothing_is_overwritten_and_bad_places_are_refused(run: Run, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    for to in ("ocel2-sqlite", "ocel2-json", "csv", "graphml"):
        assert "is there already" in refused("export", run.path, "--to", to, "--out", there)
    assert there.read_text() == "mine"
    assert "no such run" in refused("export", tmp_path / "none", "--to", "csv", "--out", tmp_path / "x")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "archive.json").write_text("[")
    assert "archive.json" in refused("export", tmp_path / "bad", "--to", "csv", "--out", tmp_path / "x")
    assert list(tmp_path.glob(".*")) == [] and not (tmp_path / "x").exists()


def test_a_damaged_table_is_refused_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    import shutil

    broken = tmp_path / "run"
    shutil.copytree(run.path, broken)
    part = next((broken / "copies").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[: part.stat().st_size // 2])
    for to in ("ocel2-sqlite", "ocel2-json", "csv", "graphml"):
        assert "copies" in refused("export", broken, "--to", to, "--out", tmp_path / "x")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["run"]


@pytest.mark.parametrize("form", ["sqlite", "json"])
def test_other_readers_count_the_same(run: Run, log: Path, tmp_path: Path, form: str) -> None:
    """Judges only: pm4py (drops objects without events from SQLite), r4pm and oceldb, the strictest."""
    path = log
    if form == "json":
        path = tmp_path / "run.json"
        command("export", run.path, "--to", "ocel2-json", "--out", path)
    tables = ("event", "object", "event_object", "object_object")
    events, objects, related, linked = (ask(log, f"select count(*) from {t}")[0][0] for t in tables)
    judged = []
    for judge in ("r4pm", "oceldb", "pm4py"):
        try:
            __import__(judge)
        except ImportError:
            continue
        judged.append(judge)
        if judge == "r4pm":
            import r4pm.df

            read = r4pm.df.import_ocel(str(path))
            found = tuple(len(read[k]) for k in ("events", "objects", "relations", "o2o"))
        elif judge == "oceldb":
            from oceldb.io import convert_ocel

            held = convert_ocel(path, tmp_path / "oceldb")
            frames = (held.events, held.objects, held.e2o, held.o2o)
            found = tuple((f() if callable(f) else f).collect().height for f in frames)
        else:
            import pm4py
            from pm4py.objects.ocel.validation import ocel20_rel_validation

            taken = pm4py.read_ocel2(str(path))
            found = (len(taken.events), len(taken.objects), len(taken.relations), len(taken.o2o))
            if form == "sqlite":
                assert ocel20_rel_validation.apply(str(log))[1] == []
                touched = ask(log, "select count(distinct ocel_object_id) from event_object")[0][0]
                assert (found[0], found[1], found[2]) == (events, touched, related)
                continue
        assert found == (events, objects, related, linked), judge
    if not judged:
        pytest.skip("none of the judges pm4py, r4pm and oceldb is installed")


def test_networkx_reads_the_graph(run: Run, tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx", reason="the judge networkx is not installed")
    out = tmp_path / "bodies.graphml"
    command("export", run.path, "--to", "graphml", "--out", out)
    graph = networkx.read_graphml(out)
    assert graph.is_directed() and graph.number_of_nodes() == one(run, "select count(*) from organs")
    assert sum(d.get("weight", 0) for *_, d in graph.edges(data=True)) > 0
