"""The project's own evidence as an archive: nothing that names the author reaches it, and the truth asked for is the book's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from conftest import public_data

from drivebelt.evidence import records
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.engine import infer

BENCHMARKS = Path(__file__).parent.parent / "benchmarks" / "corpora"


@pytest.fixture(scope="module")
def bench() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import evidence

        yield evidence
    finally:
        sys.path.remove(str(BENCHMARKS))
        sys.modules.pop("evidence", None)
        sys.modules.pop("common", None)


def test_every_asked_paper_has_an_author_in_the_book_and_a_body_as_issuer(bench: ModuleType) -> None:
    known = {r["id"]: r for r in records("document")}
    truth = bench.TABLE["truth"]
    assert len(truth) == 48 and set(truth.values()) == {"core", "formal", "member", "region"}
    for name in truth:
        record = known[f"document:{name}"]
        assert record["real_author"] and bench.body(record)[2] != "person", name


def test_what_tells_the_author_does_not_reach_the_archive(bench: ModuleType, tmp_path: Path) -> None:
    """The same bytes come out when all that a cataloguer may have said of the author is garbled."""
    rows = bench.papers()
    bench.archive(tmp_path / "as-is", rows, False, "")
    kept = {"id", "date", "doc_type", "issuer", "subject", "secrecy", "addressees"}
    garbled = [{k: v if k in kept else "document:garbled" for k, v in r.items()} for r in rows]
    assert any("real_author" in r for r in garbled)
    bench.archive(tmp_path / "garbled", garbled, False, "")
    for part in sorted((tmp_path / "as-is").iterdir()):
        assert part.read_bytes() == (tmp_path / "garbled" / part.name).read_bytes(), part.name


def test_party_bodies_are_found_behind_state_bodies(bench: ModuleType, tmp_path: Path) -> None:
    rows = bench.papers()
    bench.archive(tmp_path / "archive", rows, False, "")
    found = infer(read(tmp_path / "archive"))
    truth = {f"document:{k}": v for k, v in bench.TABLE["truth"].items()}
    asked = np.array([i for i, r in enumerate(rows) if r["id"] in truth])
    centre = np.array([truth[rows[i]["id"]] in bench.CENTRAL for i in asked])
    mask = np.array([bench.body(rows[i])[2] not in ("party", "person") for i in asked])
    right = {}
    for name, (central, _, party) in bench.answers(found).items():
        right[name] = int(((central[asked] == centre) & party[asked])[mask].sum())
    assert mask.sum() == 11 and right["this engine"] >= 9 > right["previous paper"] and right["face value"] == 0


def test_the_samples_lose_what_sql_alone_counts() -> None:
    log = public_data("ocel", "logistics.sqlite")
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import ocel
    finally:
        sys.path.remove(str(BENCHMARKS))
    assert ocel.recounted(log) == {
        "relation of an event to an object that is not there": 5080,
        "relation of an object to one that is not there": 2540,
    }
    assert ocel.recounted(log.parent / "running-example.sqlite") == {}
