"""Testimony: optional, from what each witness could know, weighed by nearness and tendency, and a help to attribution."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import command, refused

import drivebelt as db
from drivebelt import evidence
from drivebelt.archive import testifying
from drivebelt.errors import BadInput
from drivebelt.reconstruct import Reconstruction, testimony
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.engine import infer
from drivebelt.reconstruct.tables import tables
from drivebelt.results import Run


@pytest.fixture(scope="module")
def archive(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("heard") / "tenth"
    small.archive("complete", out=place, survival=0.1, testimony=True)
    return place


@pytest.fixture(scope="module")
def found(archive: Path) -> Reconstruction:
    return db.reconstruct(archive)


@pytest.fixture(scope="module")
def figures(found: Reconstruction, small: Run) -> dict[str, Any]:
    scored: dict[str, Any] = found.score(small).as_dict()["testimony"]
    return scored


def test_the_rest_of_the_archive_does_not_change(archive: Path, small: Run, tmp_path: Path) -> None:
    small.archive("complete", out=tmp_path / "plain", survival=0.1)
    names = {p.name for p in (tmp_path / "plain").iterdir()}
    assert {p.name for p in archive.iterdir()} - names == {"statements.parquet"}
    for name in names - {"archive.json"}:
        assert (archive / name).read_bytes() == (tmp_path / "plain" / name).read_bytes(), name
    assert "testimony" not in (tmp_path / "plain" / "archive.json").read_text()


def test_witnesses_help_to_name_who_decided(figures: dict[str, Any]) -> None:
    ways = figures["ways"]
    heard, bare = ways["papers and testimony"], ways["papers alone"]
    assert figures["cascades"] > 100
    assert heard["right"] > bare["right"] and heard["log_loss"] < bare["log_loss"]
    for name in ("the nearest witness", "the first against his tendency"):
        assert heard["right"] > ways[name]["right"] + 0.05, name
    assert heard["calibration"] < 0.1


def test_what_goes_against_the_tendency_is_truer_and_weighs_more(figures: dict[str, Any]) -> None:
    row = figures["statement"]
    assert row["true_against"] > row["true_along"] + 0.1
    assert row["auc_of_weight"] > 0.6 and row["auc"] > row["auc_of_weight"] and row["calibration"] < 0.1
    w = testimony.weights()
    for claim in testimony.CLAIMS:
        assert w[f"{claim}, against"] > w[f"{claim}, along"], claim
    assert w["present, against"] > w["told, against"] > w["had-the-paper, against"] > 0


def test_no_statement_tells_more_than_it_may(archive: Path, small: Run, tmp_path: Path) -> None:
    s = pq.read_table(archive / "statements.parquet")
    informal = {o for (o,) in small.sql("select organ from organs where branch = 'informal'").fetchall()}
    assert not informal & {*s["organ"].to_pylist(), *s["says_organ"].to_pylist()}
    assert set(s["document"].to_pylist()) <= set(pq.read_table(archive / "documents.parquet")["document"].to_pylist())
    assert not {"true", "truth", "knows", "bent", "matter", "layer"} & set(s.column_names)
    early = small.archive("purge-1937", out=tmp_path / "early", survival=0.1, testimony=True)
    assert max(pq.read_table(early.path / "statements.parquet")["year"].to_pylist()) <= 1939
    assert max(s["year"].to_pylist()) > 1939


def test_explanations_say_who_speaks_for_whom_and_what_it_weighs(found: Reconstruction) -> None:
    rows = found.statements.to_pylist()
    weighed = [r for r in rows if r["times"] is not None]
    assert len(weighed) > 100 and all(r["chance"] is not None for r in weighed)
    numbers = set(found.documents["document"].to_pylist())
    for row in (weighed[0], next(r for r in weighed if not r["against"])):
        text = "\n".join(found.explain(row["document"]))
        assert f"Statement {row['statement']} " in text or "more." in text
        assert "times likelier" in text and row["says"] in text and "tendency" in text
        assert {int(n) for n in re.findall(r"[Dd]ocument (\d+)", text)} <= numbers
    assert any(line.startswith("Testimony:") for line in found.summary())


def test_one_statement_moves_the_chance_of_the_one_it_names(archive: Path, found: Reconstruction, tmp_path: Path) -> None:
    """All statements but one taken away; then that one names somebody else."""
    s = pq.read_table(archive / "statements.parquet")
    given = {}
    open_between = {
        r["cascade"] for r in found.candidates.to_pylist() if r["name"] == "the informal core" and 0.01 < r["chance"] < 0.99
    }
    first = next(
        r
        for r in found.statements.to_pylist()
        if r["claims"] == "present" and r["times"] is not None and r["cascade"] in open_between
    )
    of = found.candidates.filter(pa.compute.equal(found.candidates["cascade"], first["cascade"])).to_pylist()
    body = next(x for x in of if x["organ"] is not None and x["chance"] < 0.99)
    for name, says in (("core", None), ("body", body["organ"])):
        place = tmp_path / name
        place.mkdir()
        for part in archive.iterdir():
            if part.name != "statements.parquet":
                (place / part.name).symlink_to(part)
        row = s.filter(pa.compute.equal(s["statement"], first["statement"])).to_pylist()[0]
        row |= {"says_organ": says, "says": "the informal core" if says is None else body["name"], "tendency": "own"}
        pq.write_table(pa.Table.from_pylist([row], s.schema), place / "statements.parquet")
        r = tables(infer(read(place)))["candidates"]
        c = r.filter(pa.compute.equal(r["cascade"], first["cascade"])).to_pylist()
        given[name] = {x["name"]: x["chance"] for x in c}
        assert abs(sum(given[name].values()) - 1) < 0.01
    assert given["core"].get("the informal core", 0.0) > given["body"].get("the informal core", 0.0)
    assert given["body"].get(body["name"], 0.0) > given["core"].get(body["name"], 0.0)


def test_commands_and_damaged_testimony(archive: Path, small: Run, tmp_path: Path) -> None:
    done = command("archive", small.path, "--regime", "complete", "--survival", "0.02", "--testimony", "--out", tmp_path / "a")
    assert done.returncode == 0 and (tmp_path / "a" / "statements.parquet").exists(), done.stderr
    whole = (tmp_path / "a" / "statements.parquet").read_bytes()
    (tmp_path / "a" / "statements.parquet").write_bytes(whole[: len(whole) // 2])
    assert "statements.parquet" in refused("reconstruct", tmp_path / "a", "--out", tmp_path / "r")


def test_odd_statements_are_not_weighed(archive: Path, tmp_path: Path) -> None:
    """A paper that is not there, a body nobody knows, words of another language, nothing but a number."""
    place = tmp_path / "odd"
    place.mkdir()
    for part in archive.iterdir():
        if part.name != "statements.parquet":
            (place / part.name).symlink_to(part)
    document = int(pq.read_table(archive / "documents.parquet")["document"][0].as_py())
    rows = {"statement": [1, 2, 3], "document": [10**9, document, None], "says_organ": [3, 10**9, None], "says": ["x", "y", None]}
    pq.write_table(pa.table(rows), place / "statements.parquet")
    r = db.reconstruct(place)
    assert r.statements.num_rows == 3 and r.statements["times"].null_count == 3
    assert "not weighed" in "\n".join(r.explain(document))


def test_the_data_is_cited_marked_and_refused_by_its_place() -> None:
    known = {record["id"] for record in evidence.records()}
    assert not set(testifying.testimony().evidence) - known
    text = files("drivebelt.archive").joinpath("testimony.yaml").read_text()
    for old, new, words in (
        ("range: [0.9, 1.0]", "range: [0.1, 0.2]", "outside its range"),
        ("loyal: own", "loyal: nobody", "tendency"),
        ("acts: [agree,", "acts: [dream,", "dream"),
    ):
        with pytest.raises(BadInput, match=words):
            testifying.parse(text.replace(old, new, 1), "testimony.yaml")


def test_nobody_is_loyal_in_one_statement_and_hostile_in_another(archive: Path) -> None:
    s = pq.read_table(archive / "statements.parquet")
    camps: dict[int, set[str]] = {}
    for person, camp in zip(s["person"].to_pylist(), s["camp"].to_pylist(), strict=True):
        camps.setdefault(person, set()).add(camp)
    assert all(len(c) == 1 for c in camps.values()) and np.mean([c == {"hostile"} for c in camps.values()]) > 0.2
