"""Who stands above an office, from orders alone: the tree is not given.

For each office every other office and an unseen one are weighed, order by order. A seen superior writes first, and his subordinate
follows at the lag of one step, the same log-normal for all steps, fitted together with the answers. Against it stands the unseen
superior: then the office's days follow those of the order at large, whatever any one peer does. A peer under the same hidden
superior is as often behind as before and loses; an ancestor farther up is too far off in days; and whoever is silent in orders
that one carried out, more often than his other silence explains, is not above.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.archive import Ints
from drivebelt.reconstruct.evidence import Floats

UNSEEN = -2
"""In place of a superior: one who left no paper in any order."""
FEWEST = 5
"""Orders shared by two offices below which one cannot be taken for the other's superior."""
SLIPS = 0.03
"""Share of subordinates' papers whose day fits no lag after the superior's, by slips of dates (assumption, range 0.01-0.1)."""
START = (1.5, 1.0)
"""Mean and spread of log lags before any are fitted."""
LEAST_SPREAD = 0.15
ROUNDS = 8
SURE = 0.9
"""Chance from which a superior is named; else the answer is that none is seen."""


@dataclass
class Superiors:
    """By office: `who` stands above (office or UNSEEN), the `chance` of that answer, and the likeliest `seen` office whatever
    the chance that the superior is unseen."""

    who: Ints
    chance: Floats
    seen: Ints


def days_table(order: Ints, office: Ints, day: Floats, offices: int) -> Floats:
    """[order, office]: first day of each office in each order, NaN where it shows no paper."""
    orders = int(order.max(initial=-1)) + 1
    out = np.full((orders, offices), np.inf)
    np.minimum.at(out, (order, office), day)
    return np.where(np.isfinite(out), out, np.nan)


def superiors(days: Floats) -> Superiors:
    """The superior of each office. `days[order, office]` as from `days_table`; offices without a paper are UNSEEN's at chance 0."""
    n = days.shape[1]
    middle, spread = START
    score = np.zeros((n, n + 1))
    for _ in range(ROUNDS):
        score = _scores(days, middle, spread)
        who = score.argmax(1)
        step = [days[:, i] - days[:, j] for i, j in enumerate(who.tolist()) if j < n]
        lag = np.concatenate(step) if step else np.zeros(0)
        logs = np.log(lag[lag > 0])
        if logs.size < FEWEST:
            break
        middle, spread = float(np.median(logs)), max(float(np.subtract(*np.quantile(logs, (0.75, 0.25)))) / 1.349, LEAST_SPREAD)
    p = np.exp(score - score.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    best = p.argmax(1)
    empty = np.isnan(days).all(0)
    seen = np.where(np.isfinite(score[:, :n]).any(1), score[:, :n].argmax(1), UNSEEN)
    return Superiors(np.where((best == n) | empty, UNSEEN, best), np.where(empty, 0.0, p[np.arange(n), best]), seen)


def _scores(days: Floats, middle: float, spread: float) -> Floats:
    """[office, candidate]: log odds of each candidate against the unseen superior, who stands last at 0."""
    orders, n = days.shape
    shown: npt.NDArray[np.bool_] = np.asarray(np.isfinite(days))
    rate = np.clip(shown.mean(0), 1e-3, 1 - 1e-3) if orders else np.zeros(n)
    out = np.full((n, n + 1), -np.inf)
    out[:, n] = 0.0
    for i in range(n):
        mine = np.flatnonzero(shown[:, i])
        if not mine.size:
            continue
        rest = np.delete(days[mine], i, axis=1)
        known: npt.NDArray[np.bool_] = np.asarray(np.isfinite(rest).any(axis=1))
        if not known.any():
            continue
        at_large = np.full(mine.size, np.nan)
        at_large[known] = days[mine[known], i] - np.nanmedian(rest[known], axis=1)
        reference = _normal(at_large, float(np.nanmean(at_large)), max(float(np.nanstd(at_large)), 1.0))
        lag = days[mine, i][:, None] - days[mine]
        both = np.isfinite(lag)
        with np.errstate(all="ignore"):
            logs = np.log(np.maximum(lag, 1e-3))
            follows = _normal(logs, middle, spread) - logs + np.log(1 - SLIPS)
        follows = np.where(lag > 0, np.maximum(follows, np.log(SLIPS) + reference[:, None]), np.log(SLIPS) + reference[:, None])
        gain = np.where(both & known[:, None], follows - reference[:, None], 0.0).sum(0)
        share = np.clip(both.mean(0), 1e-3, 1 - 1e-3)
        with_him = mine.size * (share * np.log(share / rate) + (1 - share) * np.log((1 - share) / (1 - rate)))
        gain += np.where(share >= rate, with_him, -with_him) - 0.5 * np.log(mine.size) - np.log(n)
        gain[both.sum(0) < min(FEWEST, mine.size)] = -np.inf
        gain[i] = -np.inf
        out[i, :n] = gain
    return out


def _normal(x: Floats, middle: float, spread: float) -> Floats:
    """Log density of a normal distribution."""
    return -0.5 * ((x - middle) / spread) ** 2 - np.log(spread * np.sqrt(2 * np.pi))


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
    """Baseline: exponential transmission rates between all pairs by EM (NetRate; Gomez-Rodriguez and others 2011)."""
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
        rate = share.sum(0) / np.maximum(waited, 1e-9)
    return np.where(rate.any(1), rate.argmax(1), UNSEEN)
