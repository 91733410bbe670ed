"""A superior who never writes: his direct subordinates get no false superior, and everybody else gets the right one."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from superiors import figures, orders, tree

from drivebelt.reconstruct.offices import order_rates, order_tree, tree_chains
from drivebelt.reconstruct.offices.superiors import UNSEEN, superiors


@pytest.mark.parametrize(("survival", "many"), [(1.0, 50), (0.6, 50), (0.3, 200)])
def test_a_silent_root_is_named_as_unseen(survival: float, many: int) -> None:
    found = figures(orders(1, many, survival, True), tree(), True)
    right, false = found["this engine"]
    assert false == 0 and right > 0.95
    assert found["NetRate"][1] > 0.9  # what every method does that knows no unseen class
    assert right >= max(found["NetRate"][0], found["lift"][0])
    low, middle, high, true = found["before"]
    assert low < true < high and abs(middle - true) < 2


def test_few_papers_are_enough_where_pairs_of_offices_hardly_meet() -> None:
    """At 30 per cent of 80 orders two offices share seven; the tree as a whole still shows, where pairs alone show a fifth."""
    found = figures(orders(1, 80, 0.3, False), tree(), False)
    assert found["this engine"][0] > 2 * max(found["NetRate"][0], found["lift"][0])
    assert found["right of told"] > 0.85 * found["told"] > 0


def test_a_root_that_writes_is_found() -> None:
    days = orders(1, 200, 0.6, False)
    s = superiors(days)
    direct = np.flatnonzero(tree() == 0)
    assert (s.who[direct] == 0).all()
    assert s.who[0] == UNSEEN
    again = superiors(days)
    assert np.array_equal(again.chance, s.chance) and np.array_equal(again.who, s.who)


def test_offices_that_have_nothing_to_do_with_each_other_get_no_sure_superior() -> None:
    rng = np.random.default_rng(5)
    days = np.where(rng.random((200, 12)) < 0.3, rng.uniform(0, 300, (200, 12)), np.nan)
    s = superiors(days)
    assert ((s.who == UNSEEN) | (s.chance < 0.9)).mean() > 0.9


def test_the_likelihood_of_a_tree_is_that_of_all_its_ways() -> None:
    """Three offices under a top, three cells: messages against the plain sum over every state."""
    seen = np.array([[1, -1, 2, -1], [-1, 0, -1, -1]])
    up = np.array([3, 0, 1, -1])
    kept, passes, lag = np.array([0.7, 0.4, 0.5, 0.0]), np.array([0.9, 0.8, 0.6, 1.0]), np.array([0.2, 0.5, 0.3])
    slips, starts, width = 0.05, 0.02, 3
    sent, state, scale = order_tree.messages(seen, up, kept, passes, slips, starts, lag, width)

    def step(at: int, to: int, i: int) -> float:
        late = 1 - lag[: width - at].sum() if at < width else 0.0
        if at == width:
            return starts / width if to < width else 1 - starts
        if to == width:
            return 1 - passes[i] + passes[i] * (1 - slips) * late
        straight = lag[to - at] if to >= at else 0.0
        return passes[i] * ((1 - slips) * straight + slips / width)

    def own(o: int, i: int, at: int) -> float:
        if seen[o, i] >= 0:
            return kept[i] * (at == seen[o, i])
        return 1.0 if at == width else 1 - kept[i]

    def total(o: int, chain: tuple[int, ...]) -> float:
        whole = 0.0
        for top in range(width):
            for ways in np.ndindex(*([width + 1] * 3)):
                state = {3: top, **{i: ways[i] for i in range(3)}}
                whole += np.prod([step(state[chain[i]], state[i], i) * own(o, i, state[i]) for i in range(3)]) / width
        return whole

    plain = [total(o, (3, 0, 1)) for o in range(2)]
    assert np.isclose(order_tree.evidence(state, scale, up, width), np.log(plain).sum())
    score = order_tree.weigh(2, np.ones(4, bool), seen, up, sent, state, passes, slips, starts, lag, width)
    under_0, under_1 = (sum(np.log(total(o, (3, 0, at))) for o in range(2)) for at in (0, 1))
    assert np.isclose(score[1] - score[0], under_1 - under_0) and score[2] == -np.inf
    order_tree.move(2, 0, seen, up, sent, state, passes, slips, starts, lag, width)
    assert up.tolist() == [3, 0, 0, -1]
    moved, states, _ = order_tree.messages(seen, up, kept, passes, slips, starts, lag, width)
    assert np.allclose(sent, moved)
    assert np.allclose(state / state.max(2, keepdims=True), states / states.max(2, keepdims=True))


def test_no_papers_no_answer() -> None:
    s = superiors(np.full((10, 4), np.nan))
    assert (s.who == UNSEEN).all() and (s.chance == 0).all()
    assert superiors(np.zeros((0, 3))).who.tolist() == [UNSEEN] * 3


def test_a_chain_that_stuck_is_told_by_its_likelihood() -> None:
    """A seed on which one chain ended in a tree whose levels had collapsed, and the answer said so as sure."""
    s = superiors(orders(2, 800, 0.3, True))
    below = np.flatnonzero(tree() > 0)
    assert (s.who == tree())[below].all() and (s.chance[below] > 0.9).all()
    assert (s.who[1:5] == UNSEEN).all()


def test_blocks_move_where_no_single_office_can() -> None:
    """The root stands as a leaf beside its subordinates, under the unseen top: all of them at once belong under it."""
    days = orders(101, 200, 0.3, False)
    days = days[np.isfinite(days).any(1)]
    up = np.append(np.where(tree() < 0, 60, tree()), -1)
    up[1:5] = 60
    g = order_rates.grid(days, np.log(4), 2)
    rates = order_rates.first_rates(days)
    for _ in range(3):
        order_rates.fit(g, up, rates)
    chain = tree_chains.Chain(up, rates, np.ones((60, 61), bool), 0)
    assert tree_chains._regroup(g, chain, everywhere=False)
    assert up[:5].tolist() == [60, 0, 0, 0, 0]


def test_doubt_is_said_where_one_chain_alone_came_to_the_best_tree() -> None:
    def chain(likelihood: float, who: int) -> tree_chains._Finished:
        return tree_chains._Finished(np.eye(3)[[who, 2]], likelihood, 0.0, (1.0, 2.0, 3.0), True)

    alone = tree_chains._together([chain(-10.0, 1), *(chain(-900.0, 2) for _ in range(5))])
    assert 0.6 < alone.chance[0, 1] < 0.9  # five of six stuck: a better tree may have been missed by all
    twice = tree_chains._together([chain(-10.0, 1), chain(-10.5, 1), chain(-900.0, 2)])
    assert 0.97 < twice.chance[0, 1] < 1 and twice.chance[1, 2] == 1
    alike = tree_chains._together([chain(-10.0, 1), chain(-10.5, 2)])
    assert alike.chance[0].tolist() == [0, 0.5, 0.5]  # as likely, and they differ
