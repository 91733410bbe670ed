"""Doubts about the form of the count: beginnings tell ends, what is unheard of is doubted by class, bodies gone at the Centre."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivebelt.reconstruct.counting.count_doubt import beginnings, by_subject, ends, unheard
from drivebelt.reconstruct.counting.gone_bodies import gone_bodies
from drivebelt.reconstruct.counting.keeping import Keeping
from drivebelt.reconstruct.counting.missing import Known, count, known
from drivebelt.reconstruct.counting.register_classes import CHANCES, Registers, grid
from drivebelt.reconstruct.counting.register_model import Model

NONE = np.zeros(0, np.int64)


def test_beginnings_are_the_numbers_free_before_the_first_known_ones() -> None:
    assert beginnings(known([1, 1, 2, 3], [3, 9, 1, 5], office=[1, 1, 2, 3], group=["a"] * 4)) == 2 + 0 + 4


def test_ends_lie_between_the_guess_and_the_beginnings_and_are_the_surer_the_better_both_agree() -> None:
    agree, by_draw = ends(1000.0, 1000.0, 0.1, 4000, 1)
    assert agree == pytest.approx(1.0) and by_draw.mean() == pytest.approx(1.0, abs=0.02)
    apart, wider = ends(4000.0, 1000.0, 0.1, 4000, 1)
    assert 0.45 < apart < 0.55 and (wider / apart).std() > 3 * by_draw.std()


def test_ends_are_doubted_where_papers_were_lost_with_what_they_cite() -> None:
    spread = {together: ends(1000.0, 1000.0, together, 4000, 1)[1].std() for together in (-0.3, 0.1, 0.5, 0.9, None)}
    assert spread[-0.3] == spread[0.1] < spread[0.5] < spread[0.9] and spread[0.1] < spread[None] < spread[0.9]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.sampled_from((0.3, 0.6)))
def test_citations_tell_losses_by_subject_from_losses_one_by_one(seed: int, kept: float) -> None:
    """Letters answer each other in pairs: either both are lost, or each by itself."""
    random = np.random.default_rng(seed)
    n = 2400  # of 600 a few seeds in a thousand lie beyond the bound by chance
    series, number = np.repeat(np.arange(10), n // 10), np.tile(np.arange(1, n // 10 + 1), 10)
    answers = random.permutation(n).reshape(-1, 2)  # the first of two cites the second
    told = []
    for together in (False, True):
        there = random.random(n) < kept
        if together:
            there[answers[:, 0]] = there[answers[:, 1]]
        cited = answers[there[answers[:, 0]], 1]
        mentioned = there.copy()
        mentioned[cited] = True
        what = known(
            series[mentioned],
            number[mentioned],
            office=series[mentioned],
            group=["a"] * int(mentioned.sum()),
            there=there[mentioned],
        )
        what = replace(what, cited=np.stack([series[cited], there[cited]], axis=1))
        told.append(by_subject(what))
    one_by_one, by_pair = told
    assert one_by_one is not None and by_pair is not None and one_by_one < 0.25 and by_pair == pytest.approx(1.0)
    assert by_subject(replace(what, cited=what.cited[:10])) is None


def test_registers_that_began_before_the_archive_say_nothing_of_ends() -> None:
    factor, by_draw = ends(100.0, 50_000.0, 0.1, 1000, 1)
    assert factor == 1 and 0.25 < by_draw.std() < 0.35


def test_where_whole_weeks_at_the_end_are_spared_the_total_is_not_overstated() -> None:
    """The last fifth of every register is left whole, the first is lost as the middle: even losses would add numbers at the end."""
    random = np.random.default_rng(5)
    rows, truth = [], 0
    for office in range(80):
        n = int(random.poisson(60)) + 10
        truth += n
        first = np.r_[True, random.random(int(0.8 * n)) < 0.3]
        there = np.r_[first, np.ones(n - first.size, bool)]
        rows += [(office, int(x)) for x in np.flatnonzero(there) + 1]
    series, number = np.array(rows).T
    found = count(known(series, number, office=series, group=["uezd"] * series.size))
    assert found.total_low <= truth <= found.total_high


def test_doubt_whether_a_register_was_ever_kept_does_not_shrink_with_their_number() -> None:
    few, most = unheard(np.array([0.05, 1.0]), 4000, 1)
    assert few.std() > 4 * most.std() > 0.15 and few.min() == 0 and most.mean() == pytest.approx(1.06, abs=0.02)


def centre(burned: int, spared: int, nothing_left: int) -> Known:
    """Bodies of the Centre with fifty numbers each, and others of which nothing is left."""
    series = np.repeat(np.arange(burned + spared), 50)
    what = known(series, np.tile(np.arange(1, 51), burned + spared), office=series, group=["centre state x"] * series.size,
                 body=["centre state"] * series.size)  # fmt: skip
    rest = 1000 + np.arange(nothing_left)
    return replace(what, keeping=Keeping(np.arange(burned, burned + spared), NONE, NONE, rest, np.full(rest.size, "centre press")))


def test_bodies_of_the_centre_are_gone_only_where_others_were_burned() -> None:
    for what in (centre(0, 20, 15), centre(12, 8, 0)):
        bodies, papers = gone_bodies(what, np.full(20, 50.0), 500, 1)
        assert not bodies.any() and not papers.any()
    what = centre(12, 8, 15)
    bodies, papers = gone_bodies(what, np.full(20, 50.0), 4000, 1)
    assert 4 < bodies.mean() < 6.5 and bodies.max() <= 15 and (bodies == 0).mean() > 0.03
    assert np.array_equal(papers, 50 * bodies)


def test_a_body_that_wrote_much_is_rarely_one_that_is_gone() -> None:
    papers = np.r_[np.full(10, 30.0), np.full(10, 3000.0)]
    bodies, gone = gone_bodies(centre(12, 8, 15), papers, 2000, 1)
    assert 45 < gone.sum() / bodies.sum() < 85  # by number of bodies it would be 1,515


def test_a_moved_grid_and_one_kind_alone_give_what_the_whole_gives() -> None:
    moved = grid(np.array([0.0, 0.3]))
    assert np.allclose(moved[0], CHANCES) and moved[1, 0] == CHANCES[0] and (moved[1, 1:] > CHANCES[1:]).all()
    r = Registers(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([0, 1]), np.array([3, 0, 1, 2]), np.array([9, 0, 4, 7]))
    model = Model(r)
    point = replace(model.start(), shift=np.array([0.1, -0.2]))
    each, mixed, _ = model.weigh(point)
    for kind in range(2):
        one, summed, _ = model.weigh(point, kind)
        assert np.allclose(one, each[model.rows[kind]]) and np.allclose(summed, mixed[:, model.rows[kind]])
