"""Missing papers: nothing is missing where registers have no gap, and intervals hold where they have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivebelt.errors import BadInput
from drivebelt.reconstruct.counting import unseen
from drivebelt.reconstruct.counting.missing import Count, Known, Listed, count, free_numbers, known, known_of, traces
from drivebelt.reconstruct.counting.register_classes import CHANCES, Registers
from drivebelt.reconstruct.counting.register_model import Model
from drivebelt.results import Run

MEANS, BETAS = (30, 80, 300), ((6, 4), (2, 4), (1, 6))


def drawn(seed: int, offices: int = 60, burned: float = 0.0) -> tuple[np.ndarray, Known]:
    """Registers of a made country: numbers issued, and what is known of them."""
    random = np.random.default_rng(seed)
    mean, (a, b) = MEANS[seed % 3], BETAS[seed // 3 % 3]
    issued = random.negative_binomial(1.5, 1.5 / (1.5 + mean), offices) + 1
    chance = np.where(random.random(offices) < burned, 0.0, random.beta(a, b, offices))
    rows = [np.flatnonzero(random.random(n) < p) + 1 for n, p in zip(issued, chance, strict=True)]
    series = np.repeat(np.arange(offices), [row.size for row in rows])
    silent = np.setdiff1d(np.arange(offices), series)
    words = np.full(silent.size, "uezd")
    return issued, known(
        series, np.concatenate(rows), office=series, group=np.full(series.size, "uezd"),
        silent=Listed(silent, words, np.zeros(silent.size, np.int64), words),
    )  # fmt: skip


def within(found: Count, issued: np.ndarray) -> np.ndarray:
    truth = issued[found.known.label]
    return (found.low <= truth) & (truth <= found.high)


@pytest.mark.parametrize("burned", [0.0, 0.3])
def test_the_interval_of_a_register_covers_the_truth_in_nine_of_ten(burned: float) -> None:
    held = np.concatenate([within(count(what, seed), issued) for seed in (1, 4) for issued, what in [drawn(seed, 60, burned)]])
    assert held.size >= 70
    assert 0.85 <= held.mean() <= 1.0


def test_the_interval_of_the_total_covers_the_truth_with_and_without_burned_offices() -> None:
    held = []
    for seed in range(8):
        issued, what = drawn(seed, 60, 0.3 * (seed % 2))
        found = count(what, seed)
        held.append(found.total_low <= issued.sum() <= found.total_high)
        assert found.total_high - found.total_low < 0.8 * issued.sum()  # an interval that says something
    assert sum(held) >= 6


def test_burned_offices_are_counted_although_they_left_nothing() -> None:
    issued, what = drawn(1, 60, 0.5)
    with_them, without = count(what), count(known(what.series, what.number, office=what.series, group=what.group[what.series]))
    assert with_them.silent["uezd"][0] > 20
    assert abs(with_them.total / issued.sum() - 1) < 0.5 * abs(without.total / issued.sum() - 1)
    assert any("assumption" in remark for remark in with_them.remarks)


def test_a_series_without_gaps_gives_nothing() -> None:
    series = np.repeat([7, 9], [40, 3])
    number = np.concatenate([np.arange(1, 41), np.arange(1, 4)])
    found = count(known(series, number, office=series, group=["a"] * 43))
    assert (found.total, found.total_low, found.total_high, found.missing) == (43, 43, 43, 0)
    assert not found.end_known.any() and "cannot be read" in found.remarks[0]
    assert free_numbers(found.known).num_rows == 0


def test_a_gap_is_found_with_the_dates_around_it() -> None:
    what = known([3] * 5, [2, 3, 7, 7, 9], office=[1] * 5, group=["a"] * 5, day=[10, 11, 30, 25, 40])
    free = free_numbers(what).to_pylist()
    assert [(row["from"], row["to"]) for row in free] == [(1, 1), (4, 6), (8, 8)]
    assert free[0]["after"] is None and str(free[1]["after"]) == "1970-01-12" and str(free[1]["before"]) == "1970-01-26"
    found = count(what)
    assert found.total_low >= 9 and found.total > 9 and not found.end_known[0]


def test_the_sum_over_numbers_is_that_of_every_number() -> None:
    """The tables against a plain sum over every N, for each chance of the grid."""
    n, highest = 6, 15
    row = Registers(*(np.array([x]) for x in (0, 0, 0, n, highest)))
    model = Model(row)
    point = model.start()
    mean, size = float(point.odds[0] / (1 - point.odds[0]) * point.size[0]), float(point.size[0])
    each, mixed, _ = model.weigh(point)
    for p, here in list(zip(CHANCES, each[0], strict=True))[4::5]:
        plain = sum(np.exp(_log_negative_binomial(x, mean, size)) * p**n * (1 - p) ** (x - n) for x in range(highest, 60))
        assert here == pytest.approx(np.log(plain), abs=0.01)
    assert mixed.shape == (3, 1)


def _log_negative_binomial(n: int, mean: float, size: float) -> float:
    from math import lgamma, log

    theta = mean / (mean + size)
    return lgamma(n + size) - lgamma(size) - lgamma(n + 1) + n * log(theta) + size * log(1 - theta)


def test_published_estimators_on_a_worked_example() -> None:
    often = np.array([0, 4, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3])  # 10 things, 4 of them seen once, 2 twice, 3 often
    assert unseen.chao1(often) == 10 + 4 * 4 / (2 * 2)
    assert unseen.chao1(np.array([0, 3])) == 3 + 3 * 2 / 2  # the form without doubletons
    n = 4 + 4 + 3 + 36
    assert unseen.jackknife(often) == pytest.approx(10 + 4 * (n - 1) / n)
    coverage = 1 - 4 / 11
    uneven = max(7 / coverage * (2 * 2 + 6 * 1) / (11 * 10) - 1, 0)
    assert unseen.ace(often) == pytest.approx(3 + 7 / coverage + 4 / coverage * uneven)


def test_published_estimators_hold_under_even_loss_and_fail_when_subjects_burn() -> None:
    random = np.random.default_rng(1)
    even = random.poisson(1.2, 3000)
    chao = {e.name: e for e in unseen.estimates(even[even > 0])}["Chao1"]
    assert chao.low <= 3000 <= chao.high and chao.high - chao.low < 600
    burned = even.copy()
    burned[:1500] = 0
    less = {e.name: e for e in unseen.estimates(burned[burned > 0])}["Chao1"]
    assert less.high < 2000  # nothing in the counts tells of what burned as a whole


def test_a_complete_archive_misses_nothing(small: Run) -> None:
    archive = small.archive("complete")
    found = count(known_of(archive))
    assert found.missing == 0 and found.total == archive.documents.num_rows
    assert traces(archive).num_rows == 0 and free_numbers(found.known).num_rows == 0


def test_a_thinned_archive_is_counted_better_than_by_its_last_numbers(small: Run) -> None:
    archive = small.archive("complete", survival=0.3)
    what = known_of(archive)
    found, truth = count(what), small.info["rows"]["documents"]
    assert what.there.sum() == archive.documents.num_rows
    marks = dict(small.sql("select series, max(number) from documents group by series").fetchall())
    last = np.array([marks[int(series)] for series in what.label])
    here = abs(found.issued.sum() - last.sum())
    beyond = last.sum() - what.highest.sum()
    assert here < 0.2 * beyond  # registers of which something is known
    assert ((found.low <= last) & (last <= found.high)).mean() >= 0.85
    assert found.total_low <= truth <= found.total_high  # and all
    lost = traces(archive)
    assert set(lost["trace"].to_pylist()) == {
        "receipt without a letter", "entry in a register of the office", "reference to a paper not there",
        "reply without a question",
    }  # fmt: skip
    marks = set(archive.sql("select series, number from documents").fetchall())
    told = set(zip(lost["series"].to_pylist(), lost["number"].to_pylist(), strict=True)) - {(None, None)}
    assert told and not told & marks
    there = set(small.sql("select series, number from documents").fetchall())
    assert told <= there  # every trace leads to a paper that was


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 60)), max_size=60))
def test_any_numbers_give_an_honest_count(rows: list[tuple[int, int]]) -> None:
    series, number = [s for s, _ in rows], [n for _, n in rows]
    what = known(series, number, office=series, group=["a"] * len(rows))
    found = count(what)
    highest = sum(max(n for s, n in rows if s == one) for one in set(series))
    assert highest <= found.total_low <= found.total_high and found.total >= highest
    assert np.isfinite([found.total, found.total_high]).all()
    free = free_numbers(what).to_pylist()
    assert sum(row["to"] - row["from"] + 1 for row in free) == highest - len(set(rows))


def test_bad_numbers_are_refused() -> None:
    with pytest.raises(BadInput, match="begin at 1"):
        known([1], [0], office=[1], group=["a"])
    with pytest.raises(BadInput, match="different length"):
        known([1, 2], [1], office=[1], group=["a"])
    with pytest.raises(ValueError, match="more numbers"):
        Model(Registers(*(np.array([x]) for x in (0, 0, 0, 5, 3))))


def test_the_same_archive_gives_the_same_count() -> None:
    _, what = drawn(1)
    first, second = count(what, 3), count(what, 3)
    assert (first.total, first.total_low, first.total_high) == (second.total, second.total_low, second.total_high)


def test_estimators_hold_for_millions_of_things() -> None:
    """Squares of such counts pass the largest integer: the estimate is that of a millionth of them, a million times."""
    few = np.array([0, 4_000, 3_000, 2_000])
    for name, estimator in unseen.ESTIMATORS.items():
        large, small = estimator(few * 1_000_000), estimator(few)
        assert large == pytest.approx(small * 1_000_000, rel=1e-3), name


def test_a_class_whose_offices_burned_as_wholes_is_told_from_one_that_never_kept_a_register() -> None:
    """Two kinds that go together are lost together; a third kept by a tenth of the spared offices was kept by a tenth of all."""
    random = np.random.default_rng(5)
    offices, rows, truth = 200, [], {"a": 0, "b": 0, "c": 0}
    spared = random.random(offices) < 0.4
    for kind, share, mean in (("a", 1.0, 20), ("b", 1.0, 12), ("c", 0.1, 15)):
        for office in np.flatnonzero(random.random(offices) < share).tolist():
            n = int(random.poisson(mean))
            truth[kind] += n
            found = np.flatnonzero(random.random(n) < 0.5) + 1 if spared[office] else []
            rows += [(office * 3 + "abc".index(kind), int(x), office, kind) for x in found]
    series, number, office, kind = zip(*rows, strict=True)
    there = {(o, k) for o, k in zip(office, kind, strict=True)}
    unseen = [(o, k) for o in range(offices) for k in "abc" if (o, k) not in there]
    words = np.array([k for _, k in unseen])
    listed = Listed(np.array([o for o, _ in unseen]), words, np.zeros(words.size, np.int64), np.full(words.size, "x"))
    found = count(known(series, number, office=office, group=kind, body=["x"] * len(rows), silent=listed), 2)
    assert found.total_low <= sum(truth.values()) <= found.total_high
    assert abs(found.total / sum(truth.values()) - 1) < 0.12
    assert found.total_high - found.total_low < 0.8 * found.total


def test_where_nearly_everything_burned_the_answer_says_that_it_cannot_tell() -> None:
    listed = np.arange(2, 400)
    words = np.full(listed.size, "uezd")
    silent = Listed(listed, words, np.zeros(listed.size, np.int64), words)
    found = count(known([0, 0, 1], [3, 9, 40], office=[0, 0, 1], group=["uezd"] * 3, silent=silent))
    assert not found.told and "cannot be told" in found.remarks[0]
