"""Who stands above an office, from orders alone: the tree is not given.

Every tree of the offices under one unseen top is weighed by the likelihood of all papers together (order_tree.py): orders come down
step by step, at a lag with one log-normal distribution, offices stop some of them, and papers are lost. Gibbs sampling moves one
office after the other, with all below it, to another superior; the rates are fitted on the way. So a superior whose own paper is
lost is still found, by the days of all others; and one who never wrote is an ordinary hypothesis: the days of his subordinates keep
together although none of them comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt.reconstruct import order_tree
from drivebelt.reconstruct.archive import Ints
from drivebelt.reconstruct.evidence import Floats

UNSEEN = -2
"""In place of a superior: one who left no paper in any order."""
FEWEST = 5
"""Orders shared by two offices below which nothing is said of how they stand, and lags below which none are fitted."""
SURE = 0.9
"""Chance from which a superior is named; else the answer is that none is seen."""
SWEEPS, WORK = 40, 2400
"""Rounds in which every office is moved once: at most so many, and fewer where there are more orders than WORK over them."""
FEWEST_SWEEPS = 8
COOLING = (0.3, 0.6)
"""Powers of the likelihood in the first rounds, when most of the tree is still wrong."""
FULL = 4
"""Every so many rounds all offices are weighed as superiors; in between only those that were not hopeless."""
HOPELESS = 30.0
"""Log odds against the best."""
SETTLED = 1e-3
"""Mean doubt about the places of a tree below which sampling ends."""
_STREAM = 1201
"""Of draws."""
_CELLS, _BEFORE, _STEP = 72, 20, 4.0
"""Cells of the grid of days at most, those before the first paper of an order, and cells to the usual lag."""
_LEAST_SPREAD = 0.15
_PRIOR = 20.0
"""Orders that the mean rate of all offices is worth against an office's own."""


@dataclass
class Superiors:
    """By office: `who` stands above (office or UNSEEN), the `chance` of that answer, and the likeliest `seen` office whatever
    the chance that the superior is unseen. `ahead`: low end, middle and high end (80 per cent) of the days by which the unseen top
    is ahead of the first paper of an order."""

    who: Ints
    chance: Floats
    seen: Ints
    ahead: tuple[float, float, float] = (np.nan, np.nan, np.nan)


@dataclass
class _Rates:
    """By office, top last: `kept` papers, orders it `passes` on; of all: lags that fit none (`slips`), orders that begin at an
    office (`starts`); middle and spread of log lags."""

    kept: Floats
    passes: Floats
    slips: float
    starts: float
    middle: float
    spread: float


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
    chance, out.ahead = _sample(days[np.ix_(orders, offices)], seed)
    named = np.r_[offices, UNSEEN]
    best = chance.argmax(1)
    out.who[offices], out.chance[offices] = named[best], chance[np.arange(offices.size), best]
    if offices.size > 1:
        np.fill_diagonal(chance, -1.0)
        out.seen[offices] = offices[chance[:, :-1].argmax(1)]
    return out


def _sample(days: Floats, seed: int) -> tuple[Floats, tuple[float, float, float]]:
    """[office, superior] chances, the unseen top last; and how far the top is ahead, in days. No office and no order is empty."""
    orders, n = days.shape
    rates = _first_rates(days)
    cell = _cell(days, rates)
    seen, width = _grid(days, cell)
    up = np.append(np.full(n, n), -1)
    total, among = np.zeros((n, n + 1)), np.ones((n, n + 1), bool)
    sweeps = int(np.clip(WORK // orders, FEWEST_SWEEPS, SWEEPS))
    kept, lag = 0, _lags(rates, cell)
    for sweep in range(sweeps):
        if sweep == len(COOLING):  # by now the usual lag is known: a grid that suits it
            cell = _cell(days, rates)
            seen, width = _grid(days, cell)
        lag = _lags(rates, cell)
        power = COOLING[sweep] if sweep < len(COOLING) else 1.0
        chance = _round(seen, width, up, rates, lag, power, seed, sweep, among, sweep % FULL == len(COOLING))
        doubt = 1.0 - float(chance[np.arange(n), up[:n]].mean())
        top = _fit(days, seen, width, up, rates, lag, cell)
        settled = sweep > len(COOLING) and doubt < SETTLED
        if sweep >= sweeps // 2 or settled:
            total, kept = total + chance, kept + 1
        if settled:
            break
    total /= kept
    first = (_BEFORE - top[0]) * cell
    low, middle, high = (float(np.median(first + z * top[1] * cell)) for z in (-1.2816, 0.0, 1.2816))
    return total, (low, middle, high)


def _round(
    seen: Ints, width: int, up: Ints, r: _Rates, lag: Floats, power: float, seed: int, sweep: int, among: Floats, full: bool
) -> Floats:
    """Moves every office once, in place: chances of its superiors given the rest of the tree, and a draw from them."""
    n = up.size - 1
    chance = np.zeros((n, n + 1))
    sent = None
    if full or sweep < len(COOLING):
        among[:] = True
    for i in range(n):
        if sent is None:
            sent, _ = order_tree.messages(seen, up, r.kept, r.passes, r.slips, r.starts, lag, width)
        score = order_tree.weigh(i, among[i], seen, up, sent, r.kept, r.passes, r.slips, r.starts, lag, width)
        among[i] = score > score.max() - HOPELESS
        p = np.exp(power * (score - score.max()))
        chance[i] = p / p.sum()
        new = min(int(np.searchsorted(np.cumsum(chance[i]), draws.uniform(seed, _STREAM, sweep, i), side="right")), n)
        if new != up[i] and chance[i, new] > 0:
            up[i], sent = new, None
    return chance


def _first_rates(days: Floats) -> _Rates:
    """Rates before any are fitted. The usual lag: half of the way from the first paper of an order to the one in the middle."""
    n = days.shape[1]
    way = np.nanmedian(days, 1) - np.nanmin(days, 1)
    step = float(np.median(way[way > 0])) / 2 if (way > 0).any() else 1.0
    kept = float(np.isfinite(days).mean())
    return _Rates(
        np.append(np.full(n, np.sqrt(kept)), 0.0), np.append(np.full(n, 0.85), 1.0), 0.03, 0.01, np.log(max(step, 0.5)), 0.7
    )


def _cell(days: Floats, r: _Rates) -> float:
    """Days to a cell of the grid: whole days where the papers know no hours."""
    some = days[np.isfinite(days)]
    least = 1.0 if (some == np.floor(some)).all() else 1 / 24
    return max(float(np.exp(r.middle)) / _STEP, least)


def _grid(days: Floats, cell: float) -> tuple[Ints, int]:
    """Cell of each paper, -1 without one or beyond the grid; the top, who has none, last. And how many cells there are."""
    since = (days - np.nanmin(days, 1)[:, None]) / cell
    seen = np.where(np.isfinite(since), np.floor(np.nan_to_num(since) + 0.5) + _BEFORE, -1).astype(np.int64)
    width = min(int(seen.max()) + 1, _CELLS)
    seen[seen >= width] = -1
    return np.hstack([seen, np.full((seen.shape[0], 1), -1)]), width


def _lags(r: _Rates, cell: float) -> Floats:
    """Chance of each lag in cells."""
    many = int(min(np.ceil(np.exp(r.middle + 2.6 * r.spread) / cell) + 1, _CELLS))
    ends = np.maximum((np.arange(many + 1) - 0.5) * cell, 1e-9)
    below = [NormalDist().cdf(z) for z in ((np.log(ends) - r.middle) / r.spread).tolist()]
    return np.maximum(np.diff(below), 1e-12)


def _fit(days: Floats, seen: Ints, width: int, up: Ints, r: _Rates, lag: Floats, cell: float) -> tuple[Floats, Floats]:
    """Fits the rates to the tree, in place; the top's cell and its spread by order."""
    n = days.shape[1]
    sent, _ = order_tree.messages(seen, up, r.kept, r.passes, r.slips, r.starts, lag, width)
    acted, above, both, slipped, began, idle, top, spread = order_tree.expect(
        seen, up, sent, r.kept, r.passes, r.slips, r.starts, lag, width
    )
    papers = (seen[:, :n] >= 0).sum(0)
    acted, above, both = acted[:n], above[:n], both[:n]
    r.kept[:n] = np.clip(_shrunk(papers, acted), 0.01, 0.995)
    r.passes[:n] = np.clip(_shrunk(both, above), 0.02, 0.995)
    r.slips = float(np.clip((slipped + 1) / (both.sum() + 30), 0.002, 0.2))
    r.starts = float(np.clip((began + 0.1) / (idle + 30), 0.0005, 0.5))
    under = np.flatnonzero(up[:n] < n)
    lags = (days[:, under] - days[:, up[under]]).ravel()
    logs = np.log(np.maximum(lags[lags > 0], cell / 4))
    if logs.size >= FEWEST:
        quarters = np.quantile(logs, (0.25, 0.5, 0.75))
        r.middle, r.spread = float(quarters[1]), max(float(quarters[2] - quarters[0]) / 1.349, _LEAST_SPREAD)
    return top, spread


def _shrunk(some: npt.NDArray[np.generic], of: Floats) -> Floats:
    """Shares by office, drawn towards that of all."""
    return np.asarray((some + _PRIOR * some.sum() / max(float(of.sum()), 1e-9)) / (of + _PRIOR))


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
