"""Moves of Metropolis that the rounds of `gibbs` are joined by: where what the class shares explains the same in two ways.

Each changes two things against each other, with all that is drawn by office and register summed out.
"""

from __future__ import annotations

from dataclasses import replace
from math import lgamma

import numpy as np

from drivebelt.reconstruct.counting.gibbs_chain import Burning, Random
from drivebelt.reconstruct.counting.register_classes import STATES, Floats, Point
from drivebelt.reconstruct.counting.register_model import Model

_TRIES, _OFTEN = 2, 0.5
"""Slides tried a round, and how often they aim at nearly all."""
ANY, FEW, BY_ALL, ALL = np.array([1.0, 1.0]), np.array([1.0, 3.0]), np.array([60.0, 1.0]), 0.95
"""Prior of the share of a class that keeps a register: any share, or, with the last as its chance, all but a few, since rules of
paperwork are made for a whole level (an assumption, 0.8 to 0.99). Where each office is one of its kind, few share the register of
another (an assumption: one in four, 0.1 to 0.5)."""
LOST = np.array([0.1, 3.0])
"""Prior of the share of books of a kind that were lost though the office was spared: mostly none. An assumption."""
_STEPS = np.array([0.05, 0.15, 0.4])
"""Sizes of the steps tried, in logarithms."""
_SHIFT = 0.25
"""Spread of the prior of the shift of a grid of chances: half a step of the grid, so that every chance lies on some grid."""
_KINDS = 1
"""Kinds whose scale is tried a round."""


def slid(m: Model, p: Point, sums: Floats, random: Random, burning: Burning) -> Point:
    """The point after some tries of Metropolis to slide between "never kept" and "kept and burned".

    Where offices left nothing, both explain it equally well, so that single steps would take for ever: another share burned is
    proposed as other classes suggest it, and with it so much more or less kept that as much is seen as before. States and
    books are summed out.
    """
    a, b = burning.weights
    u = np.log(random.uniform(2 * _TRIES) + 1e-300)
    by_others = random.beta(np.full(_TRIES, a), np.full(_TRIES, b))
    most = random.uniform(_TRIES)
    most = np.where(random.uniform(_TRIES) < _OFTEN, 0.9 + 0.1 * most, most)
    now, here = _likely(m, p, sums), p
    for i in range(2 * _TRIES):
        top = float(here.kept.max())
        if i < _TRIES:  # as other classes have it
            burned = float(np.clip(by_others[i], 1e-4, 1 - 1e-4))
            turn, away = (1 - here.burned) / (1 - burned), 0.0
        else:  # so that of one kind a share drawn anew, often nearly all, is kept
            turn = float(np.clip(most[i - _TRIES], 1e-3, 1 - 1e-6)) / top
            burned = 1 - (1 - here.burned) / turn
            away = np.log(_density(top) / _density(turn * top)) - 2 * np.log(turn)
            away += (a - 1) * np.log(max(burned, 1e-9) / here.burned) + (b - 1) * np.log((1 - burned) / (1 - here.burned))
        if turn * top >= 1 - 1e-9 or not 1e-4 <= burned <= 1 - 1e-4:
            continue
        other = replace(here, share=np.r_[1 - burned, here.share[1:] * (burned / here.burned)], kept=here.kept * turn)
        likely = _likely(m, other, sums)
        if u[i] < likely - now + m.bundles * np.log(turn) + away:
            here, now = other, likely
    return here


def apart_kept(m: Model, p: Point, sums: Floats, random: Random) -> Point:
    """The same for what was lost apart: of each kind another share kept is proposed, and so much more or less lost in spared
    offices that as much is left of it."""
    most, u = random.uniform(m.kinds), np.log(random.uniform(m.kinds) + 1e-300)
    most = np.where(random.uniform(m.kinds) < _OFTEN, 0.9 + 0.1 * most, most).clip(1e-3, 1 - 1e-6)
    now = _likely(m, p, sums)
    for k in range(m.kinds):
        turn = most[k] / p.kept[m.bundle[k]]
        apart = 1 - (1 - p.apart[k]) / turn
        if not 1e-4 <= apart <= 1 - 1e-4:
            continue
        other = replace(p, kept=p.kept.copy(), apart=p.apart.copy())
        other.kept[m.bundle[k]], other.apart[k] = most[k], apart
        likely = _likely(m, other, sums)
        away = np.log(
            _density(p.kept[m.bundle[k]]) / _density(most[k]) / turn * (beta_density(apart, LOST) / beta_density(p.apart[k], LOST))
        )
        if u[k] < likely - now + away:
            p, now = other, likely
    return p


def scaled(m: Model, p: Point, sums: Floats, random: Random) -> tuple[Point, bool]:
    """The point after tries of Metropolis to make numbers issued more or fewer: with the chance that one is known less or more, so
    that as many are known, and by themselves.

    Few known numbers of many registers fix the product of both well and each badly, and what was drawn of N and of the chance of a
    register hold each other: single steps would take for ever. N, chances, states and books are summed out.
    """
    open_kinds = (
        m.unheard[:_KINDS] if m.unheard.size <= _KINDS else m.unheard[(random.uniform(_KINDS) * m.unheard.size).astype(int)]
    )
    now, moved = _likely(m, p, sums), False
    for k in open_kinds.tolist():
        cells = slice(int(m.cells[k]), int(m.cells[k + 1]))
        for together in (True, False):
            many = cells.stop - cells.start
            step = _STEPS[int(random.uniform(1)[0] * _STEPS.size)] * random.normal(1 + many)
            more = np.full(many, step[0]) if together else step[:1] + step[1:]
            other = replace(p, odds=p.odds.copy(), shift=p.shift.copy())
            ratio = p.odds[cells] / (1 - p.odds[cells]) * np.exp(more)
            other.odds[cells] = np.clip(ratio / (1 + ratio), 1e-6, 1 - 1e-6)
            if together:
                other.shift[k] -= step[0]
            columns = sums.copy()
            mixed = m.weigh(other, k)[1]
            for s in range(STATES):
                columns[s, :, k] = np.bincount(m.r.office[m.rows[k]], mixed[s], m.offices)
            likely = _likely(m, other, columns)
            away = (p.shift[k] ** 2 - other.shift[k] ** 2) / (2 * _SHIFT**2)
            if np.log(random.uniform(1)[0] + 1e-300) < likely - now + away:
                p, sums, now, moved = other, columns, likely, True
    return p, moved


def _density(most: float) -> float:
    """How often a share is proposed."""
    return 1 - _OFTEN + _OFTEN * 10 * (most > 0.9)


def _likely(m: Model, p: Point, sums: Floats) -> float:
    """log of the chance of all that is known of the class, states and books summed out, and of what is kept beforehand."""
    both, _ = m.books(p, sums)
    by_all = ALL * m.r.alike
    prior = np.log(by_all * beta_density(p.kept, BY_ALL) + (1 - by_all) * beta_density(p.kept, ANY if m.r.alike else FEW)).sum()
    states = m.states(p, both)
    top = states.max(1)
    return float((top + np.log(np.exp(states - top[:, None]).sum(1))).sum() + prior)


def beta_density(x: Floats | float, weights: Floats) -> Floats:
    """Density of the beta distribution."""
    a, b = weights.tolist()
    norm = lgamma(a + b) - lgamma(a) - lgamma(b)
    return np.asarray(np.exp(norm + (a - 1) * np.log(x) + (b - 1) * np.log1p(-x)))
