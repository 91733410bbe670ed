"""Altered and made-up texts: they are in the archive without a label, they are found from the archive alone, and where nothing was
altered nothing is suspected."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import reconstructed, refused

import drivebelt as db
from drivebelt import evidence
from drivebelt.archive import rules
from drivebelt.archive.left import Asked, Left, left
from drivebelt.reconstruct import Reconstruction
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.engine import gather
from drivebelt.reconstruct.texts import forgeries
from drivebelt.reconstruct.texts.forgery_signs import LEVELS
from drivebelt.results import Run


@pytest.fixture(scope="module")
def made(small: Run) -> Left:
    return left(small, Asked("purge-1937"))


@pytest.fixture(scope="module")
def archive(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("forged") / "purged"
    small.archive("purge-1937", out=place)
    return place


@pytest.fixture(scope="module")
def found(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Reconstruction:
    return reconstructed(archive, tmp_path_factory.mktemp("found") / "found")


@pytest.fixture(scope="module")
def figures(found: Reconstruction, small: Run) -> dict[str, Any]:
    scored: dict[str, Any] = found.score(small).as_dict()["forgeries"]
    return scored


def judged(place: Path) -> forgeries.Forgeries:
    a = read(place)
    shown = gather(a)
    return forgeries.judge(a, shown.acts, shown.groups)


def test_altered_and_made_up_papers_are_found_beyond_simpler_ways(figures: dict[str, Any]) -> None:
    ways = dict(figures["ways"])
    ours = ways.pop("this engine")
    assert figures["altered"] > 300 and ours["precision"] > 0.93
    for name in ("copies differ", "nothing"):
        assert ours["f1"] > ways[name]["f1"] + 0.1 and ours["auc"] > ways[name]["auc"] + 0.1, name
        assert ours["log_loss"] < ways[name]["log_loss"], name
    for kind in ("passage-cut", "signature-removed", "made-up"):
        assert figures["kinds"][kind]["number"] > 20 and figures["kinds"][kind]["auc"] > 0.8, kind


def test_chances_of_forgery_mean_what_they_say(figures: dict[str, Any]) -> None:
    assert figures["ways"]["this engine"]["calibration"] < 0.01 and figures["calibration_above_a_tenth"] < 0.15
    assert figures["without_trace"] > 0.05  # some cannot be found by anybody
    assert figures["ways"]["this engine"]["recall"] < 1 - figures["without_trace"] / 2


def test_the_original_of_several_texts_is_found(figures: dict[str, Any]) -> None:
    row = figures["original"]
    assert row["papers"] > 50 and row["this engine"] > max(row["most texts"], row["issuer's own copy"]) + 0.2


def test_where_nothing_was_altered_nothing_is_suspected(small: Run, tmp_path: Path) -> None:
    small.archive("complete", out=tmp_path / "whole", survival=0.2)
    f = judged(tmp_path / "whole")
    assert f.altered.max() < forgeries.SURE and f.altered.sum() < 0.004 * f.altered.size
    assert not (tmp_path / "whole" / "texts.parquet").exists()


def test_without_length_and_signatures_wording_still_tells(archive: Path, made: Left, tmp_path: Path) -> None:
    """The table of texts gone: cut passages are still found by texts that disagree, removed signatures hardly."""
    place = tmp_path / "bare"
    shutil.copytree(archive, place)
    (place / "texts.parquet").unlink()
    f = judged(place)
    a = read(place)
    cut = np.unique(_documents(made)[made.alteration == made.kinds.index("passage-cut")])
    rows = np.isin(a.paper_id, made.number[cut])
    assert f.chance[rows, 1].mean() > 20 * f.chance[~rows, 1].mean()


def _documents(made: Left) -> np.ndarray[Any, Any]:
    return np.concatenate([np.arange(made.paper.many), made.paper.copies["document"]])


def test_made_up_papers_hide_among_the_others(archive: Path, made: Left) -> None:
    """Neither number, row nor entry says which they are."""
    forged = made.number[made.real :]
    assert forged.size > 50
    there = np.sort(made.number[made.number >= 0])
    assert np.array_equal(there, np.arange(there.size))
    assert abs(forged.mean() / there.size - 0.5) < 4 * 0.29 / np.sqrt(forged.size)
    documents, acts = (pq.read_table(archive / f"{name}.parquet") for name in ("documents", "acts"))
    mark = dict.fromkeys(zip(documents["series"].to_pylist(), documents["number"].to_pylist(), strict=True), 0)
    for s, n in zip(documents["series"].to_pylist(), documents["number"].to_pylist(), strict=True):
        mark[s, n] += 1
    twice = {key for key, many in mark.items() if many > 1}
    assert twice
    for s, n, document in zip(*(acts[c].to_pylist() for c in ("series", "number", "document")), strict=True):
        assert document is None or (s, n) not in twice


def test_a_made_up_paper_misleads_nobody_about_who_is_scored(found: Reconstruction, small: Run, made: Left) -> None:
    from drivebelt.reconstruct.scoring.truth import truth

    a = read(found.archive)
    true = truth(a, small)
    assert np.array_equal(np.sort(a.paper_id[true.who == -1]), np.sort(made.number[made.real :]))


def test_explanations_name_signs_and_documents_that_exist(found: Reconstruction) -> None:
    numbers = set(found.documents["document"].to_pylist())
    rows = [row for row in found.forgeries.to_pylist() if row["told"]]
    firsts = {row["kind"]: row for row in rows}
    assert {"passage-cut", "signature-removed", "made-up"} <= set(firsts)
    for row in firsts.values():
        text = "\n".join(found.explain(row["document"]))
        assert "Text: altered" in text and "Signs:" in text
        assert {int(n) for n in re.findall(r"[Dd]ocument (\d+)", text)} <= numbers
    assert "is the original, at" in "\n".join(found.explain(firsts["signature-removed"]["document"]))
    clean = next(row for row in found.forgeries.to_pylist() if row["chance"] < 0.01)
    assert "taken as genuine" in "\n".join(found.explain(clean["document"]))
    assert any("altered or made up" in line for line in found.summary())


def test_signs_need_no_table_but_organs_and_documents(archive: Path, tmp_path: Path) -> None:
    place = tmp_path / "bare"
    place.mkdir()
    for name in ("organs.parquet", "documents.parquet", "archive.json"):
        shutil.copy(archive / name, place / name)
    f = judged(place)
    level = f.what.level
    assert level[:, list(LEVELS).index("receipt")].max() == 0 and np.isfinite(f.chance).all()
    (place / "acts.parquet").write_bytes(b"PAR1 nothing")
    assert "acts.parquet" in refused("reconstruct", place, "--out", tmp_path / "r")


def test_an_archive_of_another_mechanism_gets_signs_and_no_chances(tmp_path: Path) -> None:
    n = 40
    words = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    place = tmp_path / "a"
    place.mkdir()
    pq.write_table(pa.table({"organ": [0, 1, 2], "name": ["a", "b", "c"], "parent": [None, 0, 0]}), place / "organs.parquet")
    papers = {
        "document": np.arange(n), "date": pa.array(np.arange(n) + 9000, pa.int32()).cast(pa.date32()), "issuer": np.arange(n) % 3,
        "kind": ["letter"] * n, "wording": words, "file_copy": [True] * n, "series": np.arange(n) % 3,
        "number": [5] * 6 + list(range(6, n)),
    }  # fmt: skip
    pq.write_table(pa.table(papers), place / "documents.parquet")
    copies = {"document": np.arange(n), "copy": [0] * n, "addressee_organ": [2] * n, "wording": words ^ np.uint64(0b111)}
    pq.write_table(pa.table(copies), place / "copies.parquet")
    (place / "archive.json").write_text("{}")
    r = db.reconstruct(place)
    assert r.forgeries["chance"].null_count == n and not any(r.forgeries["told"].to_pylist())
    assert all("3-4 bits apart" in signs for signs in r.forgeries["signs"].to_pylist())
    assert "its number stands twice" in r.forgeries["signs"][0].as_py()
    assert "cannot be weighed" in "\n".join(r.explain(0))


def test_what_is_made_up_is_cited_and_marked() -> None:
    known = {record["id"] for record in evidence.records()}
    cited = list(rules().texts.evidence)
    for regime in rules().regimes.values():
        for rule in regime.made_up.values():
            cited += rule.evidence
    assert len(cited) > 3 and not set(cited) - known
