"""Gibbs sampling over trees of offices from several starts, and what the chains say together.

One office after the other, with all below it, is moved to another superior; the rates are fitted on the way. A chain can stick in a
wrong tree in which whole levels have collapsed: no single move mends that. So blocks are moved too, and several chains start from
trees unlike each other and with shorter and longer lags. Each first sees some of the orders on a coarse grid, where the likelihood
is flat enough to leave a wrong tree, then all of them; chains are begun until enough have come to the best likelihood. One that
stuck is told by its own, as all are taken on one grid. Where few came to the best tree a better one may have been missed: by that
chance every chain's answer counts alike, so that what is given as sure falls where chains differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt.reconstruct.archive import Ints
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.offices import order_tree
from drivebelt.reconstruct.offices.order_rates import Grid, Rates, first_rates, fit, grid, lags

EXPLORED, COARSE, EXPLORING = 150, 2, 12
"""Of a chain's first part: orders it sees at most, cells to the usual lag, and rounds in which every office is moved once."""
FINE, ROUNDS, WORK = 4, (3, 40), 2000
"""Of its second part: cells to the usual lag; rounds, fewest and most, and fewer where orders are more than WORK over them."""
COOLING = (0.3, 0.6)
"""Powers of the likelihood in the first rounds, when most of the tree is still wrong."""
SLOWER = (1.0, 1.0, 1.0, 1.6, 0.6, 1.0)
"""How much longer the lags are at the start than they seem, chain by chain; at most so many chains there are."""
AGREED, IN_DOUBT = 2, 3
"""Chains that have to come to the best likelihood, for sampling to end before; and where they leave doubt about the tree."""
FULL = 4
"""Every so many rounds all offices are weighed as superiors; in between only those that were not hopeless."""
HOPELESS = 30.0
"""Log odds against the best."""
SETTLED = 1e-3
"""Mean doubt about the places of a tree below which sampling ends."""
ALIKE = 3.0
"""Log likelihoods that differ by less, or by less than half as much as they vary on the way, are the same."""
SAME = 0.01
"""Share of chance that lies elsewhere, mean of offices, below which two answers are one."""
MUCH = 3_000_000
"""Orders times the square of offices above which no more than IN_DOUBT chains are run."""
_FITS = 6
_STREAM, _ORDERS, _START = 1201, 1202, 1203
"""Of draws: moves, orders that a chain sees first, trees it starts from."""


@dataclass
class Chain:
    """A tree `up`, the top last, and its rates; `among`[office, superior]: those worth weighing; which chain, and rounds so far."""

    up: Ints
    rates: Rates
    among: npt.NDArray[np.bool_]
    number: int
    round: int = 0


@dataclass
class Answer:
    """[office, superior] chances, the unseen top last; days (low, middle, high end of 80 per cent) that it is ahead of the first
    paper of an order; by chain that went on to the end its log likelihood and weight."""

    chance: Floats
    ahead: tuple[float, float, float]
    likelihood: Floats
    weight: Floats


@dataclass
class _Finished:
    """What a chain says: chances, mean and spread of log likelihoods in the rounds that count, days ahead, whether it settled."""

    chance: Floats
    likelihood: float
    varies: float
    ahead: tuple[float, float, float]
    settled: bool


def sample(days: Floats, guess: Ints, seed: int) -> Answer:
    """What trees of offices the papers `days[order, office]` speak for; no office and no order is empty.

    `guess`: a superior of each to start from, negative without; circles are cut.
    """
    chains: list[Chain] = []
    done: list[_Finished] = []
    whole = None
    for number in range(len(SLOWER) if days.size * days.shape[1] <= MUCH else IN_DOUBT):
        chains.append(_explore(days, guess, seed, number))
        if number + 1 < AGREED:
            continue
        whole = whole or grid(days, float(np.median([c.rates.middle for c in chains])), FINE)
        done += [_finish(whole, c, seed) for c in chains[len(done) :]]
        best = max(done, key=lambda f: f.likelihood)
        if sum(_alike(f, best) for f in done) >= (AGREED if best.settled else IN_DOUBT):
            break
    return _together(done)


def _alike(a: _Finished, b: _Finished) -> bool:
    """Whether two chains came to the same: to trees as likely, or to one tree."""
    if abs(a.likelihood - b.likelihood) < _tolerance(a, b):
        return True
    return float(np.abs(a.chance - b.chance).sum(1).mean()) / 2 < SAME


def _tolerance(a: _Finished, b: _Finished) -> float:
    return max(ALIKE, float(np.hypot(a.varies, b.varies)) / 2)


def _together(done: list[_Finished]) -> Answer:
    """Chains weighed by their likelihood, as far as it differs by more than it varies; and all alike by the chance that a better
    tree, as hard to find as the best one, was missed by every chain."""
    best = max(done, key=lambda f: f.likelihood)
    worse = np.array([max(best.likelihood - f.likelihood - _tolerance(f, best), 0.0) for f in done])
    missed = float(np.mean([not _alike(f, best) for f in done])) ** len(done)
    weight = (1 - missed) * np.exp(-worse) / np.exp(-worse).sum() + missed / len(done)
    chance = np.tensordot(weight, np.array([f.chance for f in done]), 1)
    return Answer(chance, best.ahead, np.array([f.likelihood for f in done]), weight)


def _explore(days: Floats, guess: Ints, seed: int, number: int) -> Chain:
    """The first part of a chain."""
    orders, n = days.shape
    lots = np.array([draws.uniform(seed, _ORDERS, number, o) for o in range(orders)])
    some = days[np.sort(np.argsort(lots, kind="stable")[:EXPLORED])]
    rates = first_rates(some).slower(SLOWER[number])
    chain = Chain(_start(n, guess, seed, number), rates, np.ones((n, n + 1), bool), number)
    cells = COARSE if orders > EXPLORED else FINE  # few orders need every bit of their days
    g = grid(some, rates.middle, cells)
    for at in range(EXPLORING):
        if at == len(COOLING):  # by now the usual lag is known: a grid that suits it
            g = grid(some, rates.middle, cells)
        power = COOLING[at] if at < len(COOLING) else 1.0
        chance = _round(g, chain, power, seed, at % FULL == 0)
        fit(g, chain.up, rates)
        settled = at > len(COOLING) and _doubt(chance, chain.up) < SETTLED
        if (settled or at == EXPLORING // 2) and not _regroup(g, chain, everywhere=True) and settled:
            break
    return chain


def _start(n: int, guess: Ints, seed: int, number: int) -> Ints:
    """The tree that a chain starts from: all under the top, the guess, or any."""
    up = np.append(np.full(n, n), -1)
    if number % 3 == 1:
        for i in np.flatnonzero(guess >= 0):
            at = guess[i]
            while at not in (i, n):
                at = up[at]
            up[i] = guess[i] if at == n else n
    if number % 3 == 2:
        line = np.argsort([draws.uniform(seed, _START, 2 * number, i) for i in range(n)], kind="stable")
        for k in range(1, n):
            above = int(draws.uniform(seed, _START, 2 * number + 1, k) * (k + 1))
            up[line[k]] = line[above] if above < k else n
    return up


def _finish(g: Grid, chain: Chain, seed: int) -> _Finished:
    """The second part of a chain: all orders."""
    orders, n = g.days.shape
    rounds = int(np.clip(WORK // orders, *ROUNDS))
    total, found, settled = np.zeros((n, n + 1)), [], False
    _regroup(g, chain, everywhere=False)
    for at in range(rounds):
        chance = _round(g, chain, 1.0, seed, at % FULL == FULL - 1)
        likelihood, top, spread = fit(g, chain.up, chain.rates)
        settled = at > 0 and _doubt(chance, chain.up) < SETTLED
        if at >= rounds // 2 or settled:
            total += chance
            found.append(likelihood)
        if settled:
            break
    for _ in range(_FITS * settled):  # the tree stands: its likelihood is that at its own rates
        before, (likelihood, top, spread) = likelihood, fit(g, chain.up, chain.rates)
        found = [likelihood]
        if likelihood - before < ALIKE / 4:
            break
    low, middle, high = (float(np.median(g.before - top + z * spread)) * g.cell for z in (-1.2816, 0.0, 1.2816))
    chance = total / total.sum(1, keepdims=True)
    return _Finished(chance, float(np.mean(found)), float(np.std(found)), (low, middle, high), settled)


def _regroup(g: Grid, c: Chain, everywhere: bool) -> bool:
    """Moves blocks, where that is likelier: all who stand beside an office under it, or all below it beside it. That is tried with
    those under the top, whom no paper shows, and `everywhere` with all who have somebody below. Whether anything moved.

    It mends what single moves do not: the top stands in the place of one who writes, or one of his subordinates in his own.
    """
    n, up, r, lag, offices = c.up.size - 1, c.up, c.rates, lags(c.rates, g), np.arange(c.up.size - 1)

    def likelihood(tree: Ints) -> float:
        _, state, scale = order_tree.messages(g.seen, tree, r.kept, r.passes, r.slips, r.starts, lag, g.width)
        return order_tree.evidence(state, scale, tree, g.width)

    best, moved = likelihood(up), False
    for i in range(n):
        for down in (True, False):
            who = np.flatnonzero((up[:n] == up[i]) & (offices != i) if down else up[:n] == i)
            if not who.size or not (up[i] == n or (everywhere and (up[:n] == i).any())):
                continue
            tree = up.copy()
            tree[who] = i if down else up[i]
            now = likelihood(tree)
            if now > best + ALIKE:
                best, moved, up[:], c.among[:] = now, True, tree, True
    return moved


def _doubt(chance: Floats, up: Ints) -> float:
    n = up.size - 1
    return 1.0 - float(chance[np.arange(n), up[:n]].mean())


def _round(g: Grid, c: Chain, power: float, seed: int, full: bool) -> Floats:
    """Moves every office once, in place: chances of its superiors given the rest of the tree, and a draw from them."""
    up, r, lag = c.up, c.rates, lags(c.rates, g)
    n = up.size - 1
    chance = np.zeros((n, n + 1))
    if full:
        c.among[:] = True
    sent, state, _ = order_tree.messages(g.seen, up, r.kept, r.passes, r.slips, r.starts, lag, g.width)
    for i in range(n):
        score = order_tree.weigh(i, c.among[i], g.seen, up, sent, state, r.passes, r.slips, r.starts, lag, g.width)
        c.among[i] = score > score.max() - HOPELESS / power
        p = np.exp(power * (score - score.max()))
        chance[i] = p / p.sum()
        u = draws.uniform(seed, _STREAM, c.number * 1000 + c.round, i)
        new = min(int(np.searchsorted(np.cumsum(chance[i]), u, side="right")), n)
        if new != up[i] and chance[i, new] > 0:
            order_tree.move(i, new, g.seen, up, sent, state, r.passes, r.slips, r.starts, lag, g.width)
    c.round += 1
    return chance
