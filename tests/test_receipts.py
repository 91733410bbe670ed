"""What books of offices say of papers: what was handed over with a decree, what was considered, and what both are worth."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import command, refused
from hypothesis import given
from hypothesis import strategies as st

from drivebelt.archive import Asked, make
from drivebelt.reconstruct import receipts
from drivebelt.reconstruct.archive import MARK_SPAN, Archive, read
from drivebelt.reconstruct.engine import infer
from drivebelt.reconstruct.entered import Entered, entered
from drivebelt.reconstruct.grouping.papers import acting
from drivebelt.reconstruct.grouping.tree import tree_of
from drivebelt.reconstruct.scoring import figures
from drivebelt.reconstruct.scoring.truth import of_groups, truth
from drivebelt.results import Run


@pytest.fixture(scope="module")
def thinned(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("receipts") / "left"
    make(small, place, Asked("complete", survival=0.6), place.with_suffix(".key.parquet"))
    return place


@pytest.fixture(scope="module")
def books(thinned: Path) -> tuple[Archive, Entered]:
    a = read(thinned)
    return a, entered(a)


def _rests_on(a: Archive, run: Run, key: Path) -> tuple[np.ndarray, np.ndarray]:
    """By paper of the archive: (series, number) of the paper of the run it rests on, -1 for none."""
    pairs = pq.read_table(key)
    original = dict(zip(pairs["document"].to_pylist(), pairs["original"].to_pylist(), strict=True))
    rows = run.sql("select document, parent_document, series, number from documents").fetchall()
    marks, parent = {r[0]: (r[2], r[3]) for r in rows}, {r[0]: r[1] for r in rows}
    found = [marks.get(parent[original[d]], (-1, -1)) for d in a.paper_id.tolist()]
    return np.array([s for s, _ in found]), np.array([n for _, n in found])


def test_what_was_handed_over_is_what_the_decree_rests_on(books: tuple[Archive, Entered], small: Run, thinned: Path) -> None:
    a, e = books
    series, number = _rests_on(a, small, thinned.with_suffix(".key.parquet"))
    acts = acting(a, tree_of(a))
    lost, there = acts & (e.mark >= 0) & (e.paper < 0), acts & (e.paper >= 0)
    assert lost.sum() > 50 and there.sum() > 100
    assert (e.mark[lost] == (series[lost] + 2) * MARK_SPAN + number[lost]).mean() > 0.99
    assert (a.series[e.paper[there]] == series[there]).mean() > 0.99 and (a.number[e.paper[there]] == number[there]).mean() > 0.99


def test_a_bare_order_rests_on_no_paper(books: tuple[Archive, Entered], small: Run, thinned: Path) -> None:
    a, e = books
    series, _ = _rests_on(a, small, thinned.with_suffix(".key.parquet"))
    bare = acting(a, tree_of(a)) & e.bare
    assert bare.sum() > 20 and (series[bare] < 0).all()


def test_considered_papers_are_those_of_other_bodies_of_the_day(books: tuple[Archive, Entered], thinned: Path) -> None:
    a, e = books
    there = e.considered >= 0
    assert e.by.size > 100 and (e.organ_considered != a.issuer[e.by]).all()
    assert (a.issuer[e.considered[there]] == e.organ_considered[there]).all()
    assert e.kept[e.by].all(), "who entered a thing has a book that is left"
    assert not e.kept.all()


def test_the_books_make_chances_better(books: tuple[Archive, Entered], small: Run, thinned: Path) -> None:
    """The same run and archive: log loss by cascade with the books and without."""
    a, _ = books
    true = truth(a, small, thinned.with_suffix(".key.parquet"))

    def loss() -> float:
        f = infer(a)
        g, c = f.groups, f.chances
        of, who = np.repeat(np.arange(g.number), np.diff(c.first)), of_groups(g.first, g.members, true.who)
        return figures.losses(of, c.who, c.chance, g.number, who, np.ones(g.number))["log_loss"]

    with_books = loss()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receipts, "weigh", lambda p, *_: p)
        without = loss()
    assert with_books < without - 0.002


def test_nothing_is_said_where_no_books_are(thinned: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(thinned, bare)
    (bare / "acts.parquet").unlink()
    e = entered(read(bare))
    assert (e.mark < 0).all() and not e.bare.any() and not e.kept.any() and not e.by.size


def test_a_damaged_book_is_refused_in_one_line(thinned: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    shutil.copytree(thinned, bad)
    acts = pq.read_table(bad / "acts.parquet")
    day = acts.schema.get_field_index("day")
    pq.write_table(acts.set_column(day, "day", pa.array(["some day"] * acts.num_rows)), bad / "acts.parquet")
    assert str(bad) in refused("reconstruct", bad, "--out", tmp_path / "found")


def test_explain_names_the_lost_paper(small: Run, tmp_path: Path) -> None:
    place = tmp_path / "few"
    make(small, place, Asked("complete", survival=0.2))
    command("reconstruct", place, "--out", tmp_path / "found")
    a = read(place)
    e = entered(a)
    lost = int(np.flatnonzero(acting(a, tree_of(a)) & (e.mark >= 0) & (e.paper < 0) & (e.organ >= 0))[0])
    said = command("explain", tmp_path / "found", "--document", str(a.paper_id[lost])).stdout
    text = " ".join(said.split())
    assert f"was handed paper no. {e.mark[lost] % MARK_SPAN} of {a.organ_name[e.organ[lost]]}, which is lost" in text


@given(st.lists(st.floats(0.01, 1.0), min_size=2, max_size=8), st.integers(1, 7), st.floats(-5, 5))
def test_weighing_keeps_sums_and_groups_of_which_no_book_speaks(raw: list[float], cut: int, value: float) -> None:
    p = np.array(raw) / 10
    first = np.array([0, min(cut, p.size - 1), p.size])
    names = list(receipts.weights())
    x = np.zeros((p.size, len(names)))
    x[-1, 0] = value
    out = receipts.weigh(p, x, first, names)
    assert np.allclose(np.add.reduceat(out, first[:-1]), np.add.reduceat(p, first[:-1]))
    assert np.array_equal(out[: first[1]], p[: first[1]])


def test_weights_bear_their_source_and_the_sign_of_the_craft() -> None:
    """What a body was handed from above it did not begin; what was handed over bare it more likely did."""
    said = json.loads(receipts.WEIGHTS.read_text())
    assert said["archives"] and not {n.split(".")[0].rsplit("-", 1)[1] for n in said["archives"]} & {
        str(seed) for seed in (*range(401, 470), *range(501, 540), *range(801, 880))
    }
    assert said["weights"]["handed over from above it"] < -0.5 < 0.5 < said["weights"]["handed over bare, its own"]
