"""What lies in an office's own keeping: it tells an office that never kept a register from one that burned with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drivebelt.reconstruct.counting.books import kept_or_never
from drivebelt.reconstruct.counting.keeping import Keeping, keeping_of
from drivebelt.reconstruct.counting.missing import Known, Listed, count, known
from drivebelt.reconstruct.counting.register_classes import Registers, together
from drivebelt.reconstruct.counting.tails import ends, rests
from drivebelt.results import Run

NONE = np.zeros(0, np.int64)


def country(kept_secret: float, burned_secret: float) -> tuple[int, Known]:
    """200 spared offices: all keep an open register, some a secret one, and in some of these the secret one burned."""
    random = np.random.default_rng(3)
    rows, own, truth = [], {}, 0
    for office in range(200):
        for kind, share, lost in (("open", 1.0, 0.0), ("secret", kept_secret, burned_secret)):
            if random.random() >= share:
                continue
            n = int(random.poisson(20)) + 1
            truth += n
            gone = random.random() < lost
            left = np.flatnonzero(random.random(n) < (0.05 if gone else 0.7)) + 1
            series = office * 2 + (kind == "secret")
            rows += [(series, int(x), office, kind) for x in left]
            own[series] = 0 if gone else left.size
    series, number, office, kind = zip(*rows, strict=True)
    there = set(zip(office, kind, strict=True))
    rest = [(o, k) for o in range(200) for k in ("open", "secret") if (o, k) not in there]
    words = np.array([k for _, k in rest])
    listed = Listed(np.array([o for o, _ in rest]), words, np.zeros(words.size, np.int64), np.full(words.size, "uezd x"))
    what = known(series, number, office=office, group=kind, body=["uezd x"] * len(rows), silent=listed)
    of = np.array(sorted(s for s, n in own.items() if n))
    return truth, replace(what, keeping=Keeping(np.arange(200), of, np.array([own[s] for s in of]), NONE, NONE.astype(np.str_)))


@pytest.mark.parametrize(("kept", "burned"), [(0.3, 0.0), (1.0, 0.8)])
def test_a_book_never_kept_is_told_from_one_that_burned_alone(kept: float, burned: float) -> None:
    truth, what = country(kept, burned)
    found = count(what)
    assert abs(found.total / truth - 1) < 0.05
    assert found.total_low <= truth <= found.total_high
    silent = int((what.silent.group == "secret").sum())
    assert (found.silent["uezd x"][0] < 0.1 * silent) == (burned == 0)


def test_an_archive_says_who_has_something_left(small: Run) -> None:
    whole, thinned = (keeping_of(small.archive("complete", **more)) for more in ({}, {"survival": 0.3, "correlated": "office"}))
    assert whole is not None and thinned is not None
    assert set(thinned.offices.tolist()) < set(whole.offices.tolist())
    numbers = dict(zip(whole.series.tolist(), whole.numbers.tolist(), strict=True))
    assert all(n <= numbers[s] for s, n in zip(thinned.series.tolist(), thinned.numbers.tolist(), strict=True))
    assert np.array_equal(whole.body, thinned.body[np.isin(thinned.unheard, whole.unheard)])


def test_kinds_that_spared_offices_keep_together_are_one_bundle() -> None:
    offices = np.arange(30)
    cells = [np.zeros(30, int), np.full(10, 1), np.full(10, 2)]
    office = np.concatenate([offices, offices[:10], offices[:10]])
    n = np.full(office.size, 5)
    r = Registers(office, np.concatenate(cells), np.arange(3), n, n, own=n, holds=np.ones(30, bool))
    assert together(r).tolist() == [0, 1, 1]


def test_books_are_summed_as_the_plain_formula_has_it() -> None:
    random = np.random.default_rng(2)
    sums, apart = random.normal(-3, 1, (3, 4, 2)), np.log(random.dirichlet([1, 1, 1], 2).T)
    kept, yes = np.array([0.3]), np.ones((4, 2), bool)
    both, chance = kept_or_never(sums, apart, kept, np.zeros(2, np.int64), yes, np.zeros((4, 1), bool), np.ones((4, 1), bool))
    spared = np.exp(sums + apart[:, None]).sum(0).prod(1)
    assert both[0, :, 0] == pytest.approx(np.log(0.3 * spared + 0.7))
    assert chance[1, :, 0] == pytest.approx(1 / (1 + 0.7 / (0.3 * np.exp(sums[1]).prod(1))))


def test_where_a_register_ended_is_drawn_as_the_sum_says() -> None:
    """A geometric law: 1 / R is the chance to end at a place."""
    places = 400
    rest = rests(np.full(places, 0.9), np.zeros(places, np.int64), np.full((1, 2), 0.5))
    assert rest[0, 0] == pytest.approx(1 / (1 - 0.45))
    n = 4000
    u = (np.arange(n) + 0.5) / n
    at = ends(rest, np.full(n, 3), np.full(n, places - 1), np.ones(n, np.int64), u)
    assert at.mean() == pytest.approx(3 + 0.45 / 0.55, rel=0.01)
