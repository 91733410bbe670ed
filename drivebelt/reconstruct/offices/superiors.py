"""Who stands above an office, from orders alone: the tree is not given.

Every tree of the offices under one unseen top is weighed by the likelihood of all papers together (order_tree.py): orders come down
step by step, at a lag with one log-normal distribution, offices stop some of them, and papers are lost. Trees are sampled from
several starts (tree_chains.py); the rates are fitted on the way. So a superior whose own paper is
lost is still found, by the days of all others; and one who never wrote is an ordinary hypothesis: the days of his subordinates keep
together although none of them comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from drivebelt.reconstruct.archive import Ints
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.offices.tree_chains import sample

UNSEEN = -2
"""In place of a superior: one who left no paper in any order."""
FEWEST = 5
"""Orders shared by two offices below which nothing is said of how they stand, and lags below which none are fitted."""
SURE = 0.9
"""Chance from which a superior is named; else the answer is that none is seen."""


@dataclass
class Superiors:
    """By office: `who` stands above (office or UNSEEN), the `chance` of that answer, and the likeliest `seen` office whatever
    the chance that the superior is unseen. `ahead`: low end, middle and high end (80 per cent) of the days by which the unseen top
    is ahead of the first paper of an order. `weight`: of the answer of each chain of sampling (tree_chains.py)."""

    who: Ints
    chance: Floats
    seen: Ints
    ahead: tuple[float, float, float] = (np.nan, np.nan, np.nan)
    weight: Floats = field(default_factory=lambda: np.zeros(0))


def days_table(order: Ints, office: Ints, day: Floats, offices: int) -> Floats:
    """[order, office]: first day of each office in each order, NaN where it shows no paper."""
    orders = int(order.max(initial=-1)) + 1
    out = np.full((orders, offices), np.inf)
    np.minimum.at(out, (order, office), day)
    return np.where(np.isfinite(out), out, np.nan)


def superiors(days: Floats, seed: int = 1) -> Superiors:
    """The superior of each office. `days[order, office]` as from `days_table`; offices without a paper are UNSEEN's at chance 0."""
    n = days.shape[1]
    shown = np.isfinite(days)
    offices, orders = np.flatnonzero(shown.any(0)), np.flatnonzero(shown.any(1))
    out = Superiors(np.full(n, UNSEEN), np.zeros(n), np.full(n, UNSEEN))
    if not offices.size:
        return out
    some = days[np.ix_(orders, offices)]
    found = sample(some, lift(some), seed)
    chance, out.ahead, out.weight = found.chance, found.ahead, found.weight
    named = np.r_[offices, UNSEEN]
    best = chance.argmax(1)
    out.who[offices], out.chance[offices] = named[best], chance[np.arange(offices.size), best]
    if offices.size > 1:
        np.fill_diagonal(chance, -1.0)
        out.seen[offices] = offices[chance[:, :-1].argmax(1)]
    return out


def lift(days: Floats) -> Ints:
    """Baseline: the office whose papers go together with one's own most above chance, of those that are mostly before it."""
    shown = ~np.isnan(days)
    orders, n = days.shape
    with np.errstate(all="ignore"):
        before = np.array([(days < days[:, [i]]).sum(0) for i in range(n)], float)
    expected = shown.sum(0)[:, None] * shown.sum(0)[None, :] / max(orders, 1)
    score = before / np.maximum(expected, 1e-9)
    np.fill_diagonal(score, -1.0)
    return np.where(shown.any(0), score.argmax(1), UNSEEN)


def previous(days: Floats) -> Ints:
    """Baseline: whoever wrote most often just before."""
    n = days.shape[1]
    votes = np.zeros((n, n))
    for row in days:
        order = np.argsort(row, kind="stable")[: int((~np.isnan(row)).sum())]
        np.add.at(votes, (order[1:], order[:-1]), 1)
    return np.where(votes.any(1), votes.argmax(1), UNSEEN)


def netrate(days: Floats, rounds: int = 60) -> Ints:
    """Baseline: exponential transmission rates between all pairs by EM (NetRate; Gomez-Rodriguez and others 2011).

    Named is whoever passed most orders on by these rates: the greatest rate itself is often that of a pair that hardly ever met.
    """
    orders, n = days.shape
    with np.errstate(all="ignore"):
        lag = days[:, :, None] - days[:, None, :]  # [order, to, from]
    ok = lag > 0
    lag = np.where(ok, lag, 0.0)
    horizon = np.nanmax(days, axis=1) + 1 if orders else np.zeros(0)
    waited = np.where(ok, lag, 0.0).sum(0)
    missed = np.isnan(days)[:, :, None] & ~np.isnan(days)[:, None, :]
    waited += (missed * np.nan_to_num(horizon[:, None, None] - days[:, None, :])).sum(0)
    rate = np.full((n, n), 0.05)
    for _ in range(rounds):
        share = np.where(ok, rate[None], 0.0)
        share /= np.maximum(share.sum(2, keepdims=True), 1e-12)
        passed = share.sum(0)
        rate = passed / np.maximum(waited, 1e-9)
    return np.where(passed.any(1), passed.argmax(1), UNSEEN)
