"""The facade: whether the name on a paper is the decider's, how much of what bears a body's name others decided; and what a score
reads again from the tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from conftest import command, refused
from hypothesis import given
from hypothesis import strategies as st

import drivebelt as db
from drivebelt.errors import BadInput
from drivebelt.reconstruct import Reconstruction, beta
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.engine import infer, unheard
from drivebelt.reconstruct.facade import masked
from drivebelt.reconstruct.result import of_inference
from drivebelt.reconstruct.scoring.reopened import inference
from drivebelt.reconstruct.scoring.score import orders
from drivebelt.reconstruct.scoring.truth import truth
from drivebelt.results import Run


@pytest.fixture(scope="module")
def archive(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("facade") / "tenth"
    small.archive("complete", out=place, survival=0.1)
    return place


@pytest.fixture(scope="module")
def found(archive: Path) -> Reconstruction:
    return db.reconstruct(archive)


@pytest.fixture(scope="module")
def figures(found: Reconstruction, small: Run) -> dict[str, Any]:
    scored: dict[str, Any] = found.score(small).as_dict()["facade"]
    return scored


def test_mere_names_are_told_from_deciders_better_than_by_any_simpler_method(figures: dict[str, Any]) -> None:
    ways = dict(figures["ways"])
    ours = ways.pop("this engine")
    assert len(ways) == 5 and figures["masked"] < figures["papers"]
    for name, row in ways.items():
        for part in ("all", "party"):
            assert ours["among"][part]["auc"] > row["among"][part]["auc"], (name, part)
        for unit in ("body", "quarter"):
            assert ours[unit]["error"] < row[unit]["error"] - 0.01, (name, unit)
    # what the rulebook itself gives away of bodies beside the party says nothing of those of the party
    beside = ways["every body beside the party"]["among"]
    assert beside["all"]["precision"] > 0.99 and beside["all"]["recall"] < 0.9 and beside["party"]["auc"] == 0.5


def test_chances_and_intervals_of_the_facade_mean_what_they_say(figures: dict[str, Any]) -> None:
    c = figures["chances"]
    assert c["paper"]["error"] < 0.05 and c["paper"]["told_masked"]["precision"] > 0.95
    for unit in ("body", "quarter"):
        assert c[unit]["open_cells"] > 50 and c[unit]["open_holds"] > 0.85 and c[unit]["open_width"] < 0.6, unit
    assert c["passes on"]["precision"] > 0.9 and c["passes on"]["recall"] > 0.8 and c["passes on"]["error"] < 0.1


def test_the_truth_of_the_score_is_that_of_all_papers_of_the_run(
    figures: dict[str, Any], found: Reconstruction, small: Run
) -> None:
    """The share of a body is scored against all that it issued, counted here by another way than the score does."""
    own = ("report", "return", "summary", "query", "reply", "proposal", "minutes", "protocol", "reminder", "burning-act", "notice")
    rows = small.rows("select issuer, level, d.kind, originator from documents d join organs on organ = issuer order by document")
    rows = [r for r in rows if r["kind"] not in own and not (r["kind"] == "closed-letter" and r["level"] != "centre")]
    issued: dict[int, list[bool]] = {}
    for r in rows:
        issued.setdefault(r["issuer"], []).append(r["originator"] != r["issuer"])
    said = {r["organ"]: r["share"] for r in found.facade.to_pylist() if r["quarter"] is None and len(issued[r["organ"]]) >= 5}
    assert figures["bodies"] == len(said)
    gap = [abs(share - np.mean(issued[organ])) for organ, share in said.items()]
    assert figures["ways"]["this engine"]["body"]["error"] == pytest.approx(np.mean(gap))
    face = [np.mean(issued[organ]) for organ in said]
    assert figures["ways"]["face value"]["body"]["error"] == pytest.approx(np.mean(face))


def test_the_table_of_facades_sums_up_that_of_papers(found: Reconstruction) -> None:
    t = found.facade
    low, share, high = (t[name].to_numpy() for name in ("low", "share", "high"))
    assert (low >= 0).all() and (low <= share + 1e-6).all() and (share <= high + 1e-6).all() and (high <= 1).all()
    whole, parts = t.filter(pc.is_null(t["quarter"])), t.filter(pc.is_valid(t["quarter"]))
    summed = parts.group_by("organ").aggregate([("papers", "sum")]).sort_by("organ")
    assert summed["papers_sum"].to_pylist() == whole.sort_by("organ")["papers"].to_pylist()
    acts = found.documents.filter(found.documents["acts"])
    assert sum(whole["papers"].to_pylist()) == acts.num_rows and acts["masked"].null_count == 0
    silent = found.documents.filter(pc.invert(found.documents["acts"]))
    assert silent["masked"].null_count == silent.num_rows > 0
    # what is told of a paper that its signer decided it, and what is told that another did, are one chance
    own = acts.filter(pc.equal(acts["standing"], "own"))
    assert np.all(own["masked"].to_numpy() <= 1 - own["chance"].to_numpy() + 1e-9)
    assert any(line.startswith("Facade:") for line in found.summary())


def test_commands_show_the_facade(found: Reconstruction, small: Run, tmp_path: Path) -> None:
    found.write(tmp_path / "r")
    shown = command("score", tmp_path / "r", small.path).stdout
    assert "name not the decider's, this engine" in shown and "facade of a body, face value" in shown
    damaged = tmp_path / "r" / "cascades.parquet"
    pq.write_table(pq.read_table(damaged).slice(0, 3), damaged)
    assert "do not belong together" in refused("score", tmp_path / "r", small.path)


def test_a_score_reads_from_the_tables_what_was_inferred(small: Run, tmp_path: Path) -> None:
    """The same figures to the last digit as from the inference itself, with and without what witnesses say."""
    small.archive("purge-1937", out=tmp_path / "a", survival=0.03, testimony=True)
    a = read(tmp_path / "a")
    first = infer(a)
    found = of_inference(first)
    again = inference(found, a)
    for name in ("first", "who", "chance", "as_one"):
        assert np.array_equal(getattr(again.chances, name), getattr(first.chances, name)), name
        assert np.array_equal(getattr(unheard(again), name), getattr(unheard(first), name)), name
    assert not np.array_equal(unheard(again).chance, again.chances.chance)
    true = truth(a, small)
    assert orders(found, again, true) == orders(found, first, true)
    other = Reconstruction(found.info, found.tables | {"documents": found.documents.slice(1)})
    with pytest.raises(BadInput, match="reconstruct anew"):
        inference(other, a)


def test_a_state_body_that_decides_itself_is_no_mask(small: Run, tmp_path: Path) -> None:
    """Planted, since no rulebook has any: executive committees that sign what the committee beside them began and nothing else."""
    small.archive("complete", out=tmp_path / "a", survival=0.3)
    a = read(tmp_path / "a")
    f, true = infer(a), truth(a, small)
    here = a.level.code == a.level.of("gubernia")
    state, party = (np.flatnonzero(here & (a.branch.code == a.branch.of(word))) for word in ("state", "party"))
    beside = {int(f.tree.office[o]): int(o) for o in state}
    issuer, planted = a.issuer.copy(), np.zeros(a.papers, bool)
    single = np.append(np.diff(f.groups.first) == 1, False)[f.groups.of]
    for committee in [o for o in party.tolist() if o in beside][::2]:
        own = f.acts & single & (a.issuer == committee) & (true.who == committee)
        issuer[a.issuer == beside[committee]] = committee
        issuer[own] = beside[committee]
        planted |= own
    again = infer(replace(a, issuer=issuer))
    bodies = np.unique(issuer[planted])
    assert bodies.size > 10
    assert np.all(f.masks.chance[np.intersect1d(state, a.issuer[f.acts])] > 0.8)
    assert np.mean(again.masks.chance[bodies] > 0.8) < 0.2
    assert np.mean(masked(again)[planted] > 0.8) < 0.2
    others = np.setdiff1d(np.intersect1d(state, issuer[again.acts]), bodies)
    assert np.all(again.masks.chance[others] > 0.8)


def test_an_archive_of_another_mechanism_has_no_facade(tmp_path: Path) -> None:
    place = tmp_path / "mail"
    place.mkdir()
    n = 60
    rng = np.random.default_rng(1)
    pq.write_table(pa.table({"organ": [0, 1, 2], "name": ["a", "b", "c"], "parent": [None, 0, 0]}), place / "organs.parquet")
    papers = {
        "document": range(n), "date": pa.array(np.arange(n) + 9000, pa.int32()).cast("date32"), "issuer": np.arange(n) % 3,
        "kind": ["letter"] * n, "wording": rng.integers(0, 2**63, n).astype(np.uint64),
    }  # fmt: skip
    pq.write_table(pa.table(papers), place / "documents.parquet")
    (place / "archive.json").write_text("{}")
    r = db.reconstruct(place)
    assert not r.info["learnt"] and r.facade.num_rows == 0 and r.documents["masked"].null_count == n
    assert not any(line.startswith("Facade:") for line in r.summary())


@given(st.floats(0.05, 300), st.floats(0.05, 300), st.floats(0.001, 0.999))
def test_quantiles_undo_the_distribution(a: float, b: float, q: float) -> None:
    one, other = np.array([a]), np.array([b])
    value = beta.quantile(one, other, q)[0]
    step = 2e-6
    assert beta.upto(one, other, max(value - step, 0.0))[0] <= q + 1e-6
    assert beta.upto(one, other, min(value + step, 1.0))[0] >= q - 1e-6
    assert beta.upto(one, other, 0.3)[0] == pytest.approx(1 - beta.upto(other, one, 0.7)[0], abs=1e-7)


def test_the_distribution_is_that_of_order_statistics() -> None:
    """The k-th smallest of n uniform numbers is beta (k, n + 1 - k), which binomial sums give exactly."""
    from math import comb

    for n, k, x in ((1, 1, 0.3), (7, 2, 0.4), (30, 29, 0.9)):
        exact = sum(comb(n, i) * x**i * (1 - x) ** (n - i) for i in range(k, n + 1))
        assert beta.upto(np.array([float(k)]), np.array([float(n + 1 - k)]), x)[0] == pytest.approx(exact, abs=1e-8)
