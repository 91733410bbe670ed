"""One round of drawing: what became of each office and register given what its class shares, and what it shares given them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import lgamma

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt.reconstruct.register_classes import CHANCES, STATES, Drawn, Floats, Ints, Model, Point
from drivebelt.reconstruct.tails import ends

GIBBS = 1100
"""Stream of draws, apart from those of a run and of an archive."""
_TRIES, _OFTEN = 2, 0.5
"""Slides tried a round, and how often they aim at nearly all."""
_ANY, _FEW, _BY_ALL, _ALL = np.array([1.0, 1.0]), np.array([1.0, 3.0]), np.array([60.0, 1.0]), 0.95
"""Prior of the share of a class that keeps a register: any share, or, with the last as its chance, all but a few, since rules of
paperwork are made for a whole level (an assumption, 0.8 to 0.99). Where each office is one of its kind, few share the register of
another (an assumption: one in four, 0.1 to 0.5)."""
_APART = (0.05, 0.95)
"""Prior of the share burned where each office is one of its kind: the losses of local offices say nothing of those of the Centre.
Nor do bodies that left nothing and were never heard of: most of them did not act. An assumption."""
_LOST = np.array([0.2, 1.8])
"""Prior of the share of books of a kind that were lost though the office was spared: mostly none. An assumption."""
_HOME = np.array([4.0, 1.0])
"""Prior of the chance that of the keeping of a spared office anything is left. An assumption."""
_POOL = 1.0
"""Registers of other years that count for the numbers a year issued. An assumption (0.3 to 3)."""
_SIZE = (np.log(6.0), 1.5)
"""Mean and spread of the log size of the negative binomial: from one of a kind to all alike. An assumption."""


_MIDDLES = np.linspace(0.025, 0.975, 20)
_WEIGHTS = np.array([1.0, 2.0, 5.0, 10.0, 30.0, 100.0])
_PAIRS = np.stack([x.ravel() for x in np.meshgrid(_MIDDLES, _WEIGHTS, indexing="ij")], 1)
_NORM = np.array([lgamma(w) - lgamma(w * m) - lgamma(w * (1 - m)) for m, w in _PAIRS.tolist()])


@dataclass(frozen=True)
class Burning:
    """How the shares of burned offices lie among the classes of an archive: a beta distribution by its middle and weight."""

    middle: float = 0.2
    weight: float = 2.0

    @property
    def weights(self) -> tuple[float, float]:
        """Its two parameters."""
        return self.middle * self.weight, (1 - self.middle) * self.weight

    def again(self, shares: Floats, u: float) -> Burning:
        """Drawn anew by the shares of all classes, from a grid on which every pair is as likely beforehand."""
        a, b = _PAIRS[:, 0] * _PAIRS[:, 1], (1 - _PAIRS[:, 0]) * _PAIRS[:, 1]
        s = np.clip(shares, 1e-4, 1 - 1e-4)
        log = s.size * _NORM + (a - 1) * np.log(s).sum() + (b - 1) * np.log1p(-s).sum()
        middle, weight = _PAIRS[pick(log[None], np.array([u]))[0]].tolist()
        return Burning(middle, weight)


class Random:
    """Uniform, normal and gamma draws of one chain, each call with a number of its own."""

    def __init__(self, seed: int, salt: int) -> None:
        self._seed, self._salt = seed, salt * 1_000_003

    def _next(self) -> int:
        self._salt += 1
        return self._salt

    def uniform(self, n: int) -> Floats:
        """Uniform draws (n,)."""
        return draws.uniforms(self._seed, GIBBS, np.arange(n, dtype=np.int64), self._next())

    def normal(self, n: int) -> Floats:
        """Standard normal draws (n,)."""
        return draws.normals(self._seed, GIBBS, np.arange(n, dtype=np.int64), self._next())

    def gamma(self, shape: Floats) -> Floats:
        """Gamma draws by the cube of a normal (Wilson and Hilferty 1931), from one shape above and a power of a uniform."""
        a, n = shape.ravel() + 1, shape.size
        cube = a * np.maximum(1 - 1 / (9 * a) + self.normal(n) / (3 * np.sqrt(a)), 1e-3) ** 3
        drawn = cube * np.exp(np.log(np.maximum(self.uniform(n), 1e-300)) / shape.ravel())
        return np.maximum(drawn, 1e-300).reshape(shape.shape)

    def beta(self, a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
        """Beta draws, of the shape of the parameters, from two gamma draws."""
        x, y = self.gamma(np.asarray(a, float)), self.gamma(np.asarray(b, float))
        return np.clip(x / (x + y), 1e-9, 1 - 1e-9)


def pick(logs: Floats, u: Floats) -> Ints:
    """A place of each row, drawn by its weight."""
    below = np.cumsum(np.exp(logs - logs.max(1, keepdims=True)), axis=1)
    return (below < u[:, None] * below[:, -1:]).sum(1).astype(np.int64).clip(max=logs.shape[1] - 1)


def draw(m: Model, p: Point, random: Random, burning: Burning | None) -> tuple[Drawn, Point]:
    """What became of each office and register, drawn given what the class shares; with `burning`, moves are tried before."""
    r = m.r
    tails = m.tails(p)
    each, mixed = m.weigh(p, tails)
    sums = m.sums(mixed)
    if burning is not None and r.alike and not m.all_seen:
        p = _slid(m, p, sums, random, burning)
    if burning is not None and r.alike and r.own is not None and not m.all_seen:
        p = _apart(m, p, sums, random)
    both, kept = m.books(p, sums)
    state = pick(m.states(p, both), random.uniform(m.offices))
    chance = kept[state, np.arange(m.offices)]
    bundles = (random.uniform(chance.size).reshape(chance.shape) < chance) & m.listed
    has = (bundles[:, m.bundle] & m.there).ravel()
    of = has[m.book]
    fate = np.repeat(state, m.kinds)
    spared = np.flatnonzero(fate == 0)
    fates = (sums + m.apart(p)[:, None]).reshape(STATES, -1).T
    fate[spared] = pick(fates[spared], random.uniform(fate.size)[spared])
    at = pick(each + np.log(p.chance[fate[m.book], r.kind[r.cell]] + 1e-300), random.uniform(r.office.size))
    return Drawn(state, fate, has, bundles, of, at, np.where(of, _numbers(m, tails[1], at, random.uniform(r.office.size)), 0)), p


def _slid(m: Model, p: Point, sums: Floats, random: Random, burning: Burning) -> Point:
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


def _apart(m: Model, p: Point, sums: Floats, random: Random) -> Point:
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
        away = np.log(_density(p.kept[m.bundle[k]]) / _density(most[k]) / turn * (_beta(apart, _LOST) / _beta(p.apart[k], _LOST)))
        if u[k] < likely - now + away:
            p, now = other, likely
    return p


def _density(most: float) -> float:
    """How often a share is proposed."""
    return 1 - _OFTEN + _OFTEN * 10 * (most > 0.9)


def _likely(m: Model, p: Point, sums: Floats) -> float:
    """log of the chance of all that is known of the class, states and books summed out, and of what is kept beforehand."""
    both, _ = m.books(p, sums)
    by_all = _ALL * m.r.alike
    prior = np.log(by_all * _beta(p.kept, _BY_ALL) + (1 - by_all) * _beta(p.kept, _ANY if m.r.alike else _FEW)).sum()
    states = m.states(p, both)
    top = states.max(1)
    return float((top + np.log(np.exp(states - top[:, None]).sum(1))).sum() + prior)


def _beta(x: Floats | float, weights: Floats) -> Floats:
    """Density of the beta distribution."""
    a, b = weights.tolist()
    norm = lgamma(a + b) - lgamma(a) - lgamma(b)
    return np.asarray(np.exp(norm + (a - 1) * np.log(x) + (b - 1) * np.log1p(-x)))


def _kept(before: Floats, kept: Ints, listed: Ints, alike: bool, random: Random) -> Floats:
    """Shares that keep each kind: first by which prior, then the share."""
    other, likely = (_ANY, _ALL) if alike else (_FEW, 0.0)
    by_all = likely * _beta(before, _BY_ALL)
    every = random.uniform(before.size) * (by_all + (1 - likely) * _beta(before, other)) < by_all
    prior = np.where(every[:, None], _BY_ALL, other)
    return random.beta(prior[:, 0] + kept, prior[:, 1] + listed - kept)


def _numbers(m: Model, rest: Floats, at: Ints, u: Floats) -> Ints:
    """N of each register, drawn from its highest known number on, given the place `at` of its chance."""
    return np.asarray(m.number[ends(rest, m.here, m.first[m.r.cell + 1] - 1, at, u)], np.int64)


def again(m: Model, p: Point, d: Drawn, random: Random, burning: Burning) -> Point:
    """What the class shares, drawn from the registers as they were drawn."""
    r, cells = m.r, m.r.kind.size
    kept, listed = d.bundles.sum(0), m.listed.sum(0)
    kept_share = _kept(p.kept, kept, listed, r.alike, random)
    key = (d.fate[m.book] * m.kinds + r.kind[r.cell]) * CHANCES.size + d.at
    many = np.bincount(key[d.of], minlength=STATES * m.kinds * CHANCES.size).reshape(STATES, m.kinds, CHANCES.size)
    if not r.alike:  # too few of each kind: what copies elsewhere tell is alike
        many = np.repeat(many.sum(1, keepdims=True), m.kinds, 1)
    chance = random.gamma(many + m.base[:, None])
    chance /= chance.sum(2, keepdims=True)
    offices = np.bincount(d.state if r.alike else d.state[m.heard], minlength=STATES)
    a, b = burning.weights if r.alike else _APART
    burned = float(random.beta(np.array([a + offices[1] + offices[2]]), np.array([b + offices[0]]))[0])
    single = np.flatnonzero(d.has & (np.repeat(d.state, m.kinds) == 0) & (d.fate > 0))
    offices = offices + np.bincount(d.fate[single], minlength=STATES)
    heard = float(random.beta(np.array([1.0 + offices[1]]), np.array([1.0 + offices[2]]))[0]) if r.alike else 1.0
    told = d.of & (d.at > 0)  # where nothing is left, N says what was drawn before: it must not speak for itself
    rows, total = np.bincount(r.cell[told], minlength=cells), np.bincount(r.cell[told], d.number[told], cells)
    mean = np.bincount(r.kind, total, m.kinds) / np.maximum(np.bincount(r.kind, rows, m.kinds), 1)
    size = _sizes(m, p, d, random)
    odds = random.beta(_POOL * mean[r.kind] + total + 0.01, (_POOL + rows) * size[r.kind] + 0.01)
    return Point(
        np.clip(odds, 1e-6, 1 - 1e-6), size, kept_share, chance, np.array([1 - burned, burned * heard, burned * (1 - heard)]),
        *_homes(m, d, random),
    )  # fmt: skip


def _homes(m: Model, d: Drawn, random: Random) -> tuple[Floats, Floats, float]:
    """Shares of books lost apart, chances that a known number is known at home, and that anything is left of what was spared."""
    r, kinds = m.r, m.kinds
    book, spared = np.arange(d.has.size) % kinds, d.has & (np.repeat(d.state, kinds) == 0)
    lost, all_spared = (np.bincount(book[rows], minlength=kinds) for rows in (spared & (d.fate > 0), spared))
    if r.own is None or r.holds is None:
        return np.zeros(kinds), np.full(kinds, 0.5), 0.5
    if not r.alike:  # too few of each
        lost, all_spared = (np.full(kinds, x.sum()) for x in (lost, all_spared))
    apart = random.beta(_LOST[0] + lost, _LOST[1] + all_spared - lost)
    apart = apart if r.alike else np.full(kinds, apart[0])
    there = d.fate[m.book] == 0
    at_home, known = (np.bincount(r.kind[r.cell][there], x[there], kinds) for x in (r.own, r.known))
    left, offices = int(r.holds.sum()), int((d.state == 0).sum())
    home = random.beta(_HOME[:1] + left, _HOME[1:] + offices - left)
    return apart, random.beta(1 + at_home, 1 + known - at_home), float(home[0])


def _sizes(m: Model, p: Point, d: Drawn, random: Random) -> Floats:
    """Sizes of the negative binomial by kind, one step of Metropolis each, with the means held."""
    mean = p.odds / (1 - p.odds) * p.size[m.r.kind]
    step, u = 0.7 * random.normal(m.kinds), np.log(random.uniform(m.kinds) + 1e-300)
    out = p.size.copy()
    for k in range(m.kinds):
        rows = np.flatnonzero(d.of & (d.at > 0) & (m.r.kind[m.r.cell] == k))
        if not rows.size:
            continue
        above = np.cumsum(np.bincount(d.number[rows])[::-1])[::-1][1:]  # how many are above 0, 1, ...
        i, many, total = np.arange(above.size), *(np.bincount(m.r.cell[rows], w, mean.size) for w in (None, d.number[rows]))

        def log(size: float, above: Ints = above, i: Ints = i, many: Ints = many, total: Ints = total) -> float:
            share = np.clip(mean / (mean + size), 1e-9, 1 - 1e-9)
            prior = ((np.log(size) - _SIZE[0]) / _SIZE[1]) ** 2 / 2
            return float((above * np.log(size + i)).sum() + (total * np.log(share) + many * size * np.log1p(-share)).sum() - prior)

        new = float(np.clip(out[k] * np.exp(step[k]), 0.05, 1e4))
        if u[k] < log(new) - log(float(out[k])):
            out[k] = new
    return out
