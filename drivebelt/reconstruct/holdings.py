"""How many papers the registers of one class of offices ever numbered, from the numbers that are still known.

    class    offices of one level and branch: a share of them was spared; the others were burned with all they held, and either
             copies of their papers lie elsewhere, or nothing is heard of them
    kind     a register that some of them kept, in every year, others never
    register one kind, office and year: the numbers issued are negative binomial by kind and year, and each number is known
             with one chance p, drawn from a distribution by kind that differs between burned and spared offices

Given p each number is known or lost by itself, so that the chance of what is known is p^known (1 - p)^(N - known) for every N
from the highest known number on: an order statistic. Everything is drawn in turn from what the rest says (Gibbs sampling,
Gelfand and Smith 1990), registers of which nothing is known included: they were never kept, or kept and lost. That offices keep
the same registers from year to year, and burn as wholes, tells these apart (occupancy models: MacKenzie and others 2002).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import lgamma

import numpy as np
import numpy.typing as npt

from drivebelt import draws

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

GIBBS = 1100
"""Stream of draws, apart from those of a run and of an archive."""
BURN, KEEP = 50, 100
"""Rounds that are forgotten, and rounds that count."""
MOST = 240
"""Offices of a class in the sampler; of more than that an even sample, whose rounds then speak for the others."""
_TRIES = 2
_OFTEN = 0.5
_TINY = -600.0
_APART = 5
"""Rounds of the sample that one round of the others follows."""
_REACH, _PLACES = 4, 1024
"""Numbers issued go up to so many times the highest known, in so many places at most."""
CHANCES = 1 / (1 + np.exp(-np.linspace(-7.5, 7.5, 24)))
"""Grid of the chance that a number is known."""
_FLAT = np.full(CHANCES.size, 2.0 / CHANCES.size)
_ELSEWHERE = np.r_[2.0, np.where(CHANCES[1:] < 0.5, 1.0 / CHANCES.size, 0.1 / CHANCES.size)]
_GONE = np.r_[6.0, np.full(CHANCES.size - 1, 0.6 / CHANCES.size)]
_BASE = np.stack([_FLAT, _ELSEWHERE, _GONE])
"""Prior weight, in registers, of each chance in spared offices, in those burned of which copies lie elsewhere, and in those gone.
An assumption."""
STATES = _BASE.shape[0]
_KEPT, _BY_ALL, _ALL = np.array([1.0, 1.0]), np.array([60.0, 1.0]), 0.95
"""Prior of the share of a class that keeps a register: any share, or, with the last as its chance, all but a few, since rules of
paperwork are made for a whole level. An assumption (0.8 to 0.99)."""
_POOL = 1.0
"""Registers of other years that count for the numbers a year issued. An assumption (0.3 to 3)."""
_SIZE = (np.log(6.0), 1.5)
"""Mean and spread of the log size of the negative binomial: from one of a kind to all alike. An assumption."""


@dataclass(frozen=True)
class Registers:
    """Registers of one class, all (registers,): `office` and `cell` count from 0, `kind` is that of each cell; `known` numbers
    and the `highest` of them, both 0 where nothing is known."""

    office: Ints
    cell: Ints
    """Kind and year."""
    kind: Ints
    """(cells,) kind of each cell."""
    known: Ints
    highest: Ints
    alike: bool = True
    """Whether the offices are of one level, for which rules of paperwork are made, and not each one of its kind."""

    def take(self, rows: Ints) -> Registers:
        """Some of them, offices numbered anew."""
        _, office = np.unique(self.office[rows], return_inverse=True)
        return Registers(office.astype(np.int64), self.cell[rows], self.kind, self.known[rows], self.highest[rows], self.alike)


@dataclass
class Point:
    """One draw of all that a class shares: `odds` is the success share of the negative binomial by cell, `size` that by kind,
    `kept` by kind, `chance` [state, kind, p], and the `share` of offices in each state."""

    odds: Floats
    size: Floats
    kept: Floats
    chance: Floats
    share: Floats

    @property
    def burned(self) -> float:
        """Share of offices that were not spared."""
        return float(1 - self.share[0])


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
        middle, weight = _PAIRS[_pick(log[None], np.array([u]))[0]].tolist()
        return Burning(middle, weight)


class _Random:
    """Uniform, normal and gamma draws of one chain, each call with a number of its own."""

    def __init__(self, seed: int, salt: int) -> None:
        self._seed, self._salt = seed, salt * 1_000_003

    def _next(self) -> int:
        self._salt += 1
        return self._salt

    def uniform(self, n: int) -> Floats:
        return draws.uniforms(self._seed, GIBBS, np.arange(n, dtype=np.int64), self._next())

    def normal(self, n: int) -> Floats:
        return draws.normals(self._seed, GIBBS, np.arange(n, dtype=np.int64), self._next())

    def gamma(self, shape: Floats) -> Floats:
        """Gamma draws by the cube of a normal (Wilson and Hilferty 1931), from one shape above and a power of a uniform."""
        a, n = shape.ravel() + 1, shape.size
        cube = a * np.maximum(1 - 1 / (9 * a) + self.normal(n) / (3 * np.sqrt(a)), 1e-3) ** 3
        drawn = cube * np.exp(np.log(np.maximum(self.uniform(n), 1e-300)) / shape.ravel())
        return np.maximum(drawn, 1e-300).reshape(shape.shape)

    def beta(self, a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
        x, y = self.gamma(np.asarray(a, float)), self.gamma(np.asarray(b, float))
        return np.clip(x / (x + y), 1e-9, 1 - 1e-9)


class Model:
    """The registers of a class with the tables that every round needs."""

    def __init__(self, r: Registers) -> None:
        """Raises ValueError where more numbers are known than the highest allows."""
        if np.any(r.known > r.highest):
            raise ValueError("more numbers known than the highest allows")
        self.r = r
        self.kinds = int(r.kind.max(initial=-1)) + 1
        self.offices = int(r.office.max(initial=-1)) + 1
        self.book = r.office * self.kinds + r.kind[r.cell]
        """Office and kind of each register."""
        top = np.zeros(self.kinds, np.int64)
        np.maximum.at(top, r.kind[r.cell], r.highest)
        most = _REACH * np.maximum(top, 8)
        self.step = -(-most // _PLACES)
        """(kinds,) numbers that one place of the tables stands for."""
        places = most // self.step + 1
        self.first = np.concatenate([[0], np.cumsum(places[r.kind])])
        """Where each cell begins in the joined tables."""
        self.cell_of = np.repeat(np.arange(r.kind.size), places[r.kind])
        self.at = np.arange(self.first[-1]) - self.first[self.cell_of]
        self.number = self.at * self.step[r.kind[self.cell_of]]
        self.here = self.first[r.cell] + -(-r.highest // self.step[r.kind[r.cell]])
        """Row of the joined tables where the highest known number of each register stands."""
        self.seen = np.bincount(self.book, r.known, self.offices * self.kinds) > 0
        self.listed = np.bincount(self.book, minlength=self.offices * self.kinds) > 0

    def issued(self, d: _Drawn) -> Floats:
        """N of each register in a round; a place of the tables stands for the middle of its numbers."""
        middle = d.number - (self.step[self.r.kind[self.r.cell]] - 1) / 2
        return np.asarray(np.where(d.of, np.maximum(middle, self.r.highest), 0.0))

    def start(self) -> Point:
        """A first guess: of offices of one level, that all kept the same and many were burned. The rounds come down from there
        within a few steps, but not up to it, since offices that never kept anything explain silence as well."""
        r = self.r
        some = r.known > 0
        cells = r.kind.size
        many = np.maximum(np.bincount(r.cell[some], minlength=cells), 1)
        mean = np.bincount(r.cell[some], r.highest[some] + r.highest[some] / r.known[some], cells) / many
        by_kind = np.bincount(r.kind, mean * many, self.kinds) / np.bincount(r.kind, many, self.kinds)
        mean = np.where(mean > 0, mean, by_kind[r.kind]) + 0.1
        size = np.full(self.kinds, 4.0)
        chance = np.repeat((_BASE / _BASE.sum(1, keepdims=True))[:, None], self.kinds, 1)
        kept, share = (0.97, [0.4, 0.2, 0.4]) if r.alike else (0.5, [0.7, 0.15, 0.15])
        return Point(mean / (mean + size[r.kind]), size, np.full(self.kinds, kept), chance, np.array(share))

    def tails(self, p: Point) -> Floats:
        """[place, chance]: log of the sum over N from the place on of P(N) (1 - chance)^N, within each cell."""
        kind = self.r.kind[self.cell_of]
        size, odds = p.size[kind], p.odds[self.cell_of]
        log = _rising_at(size, self.number, p.size, self.step, kind, self.at) + self.number * np.log(odds) + size * np.log1p(-odds)
        each = log[:, None] + self.number[:, None] * np.log1p(-CHANCES) + np.log(self.step)[kind][:, None]
        for first, last in pairwise(self.first.tolist()):
            part = each[first:last][::-1]
            far = int((part.min(axis=0) > _TINY).sum())  # chances are in order: those before sum up among ordinary numbers
            part[:, :far] = np.log(np.cumsum(np.exp(part[:, :far]), axis=0))
            part[:, far:] = np.logaddexp.accumulate(part[:, far:], axis=0)
        return each

    def weigh(self, p: Point, tails: Floats) -> tuple[Floats, Floats]:
        """log of the chance of what is known of each register: [register, chance], and summed over it, [state, register]."""
        r = self.r
        each = r.known[:, None] * (np.log(CHANCES) - np.log1p(-CHANCES)) + tails[self.here]
        top = each.max(1)
        kind = r.kind[r.cell]
        mixed = [np.log((np.exp(each - top[:, None]) * p.chance[s][kind]).sum(1) + 1e-300) + top for s in range(STATES)]
        return each, np.stack(mixed)

    def books(self, p: Point, mixed: Floats) -> tuple[Floats, Floats]:
        """By state and book: log of the chance of all that is known of it, and the chance that it was kept."""
        n = self.offices * self.kinds
        kept = np.stack([np.bincount(self.book, m, n) for m in mixed]) + np.tile(np.log(p.kept), self.offices)
        never = np.where(self.seen, -np.inf, np.tile(np.log1p(-p.kept), self.offices))
        both = np.logaddexp(kept, never)
        return np.where(self.listed, both, 0.0), np.where(self.listed, np.exp(kept - both), 0.0)

    def states(self, p: Point, both: Floats) -> Floats:
        """[office, state]: log of the chance of all that is known of each office, with its state."""
        return np.asarray(both.reshape(STATES, self.offices, self.kinds).sum(2).T + np.log(p.share))


def _rising_at(size: Floats, number: Ints, sizes: Floats, step: Ints, kind: Ints, at: Ints) -> Floats:
    """log of Gamma(size + number) / Gamma(size) / number! at each place of the tables."""
    out = np.zeros(number.size)
    for k in range(sizes.size):
        rows = np.flatnonzero(kind == k)
        if rows.size:
            m = np.arange(int(number[rows].max()))
            log = np.concatenate([[0.0], np.cumsum(np.log(sizes[k] + m) - np.log(1.0 + m))])
            out[rows] = log[number[rows]]
    return out


@dataclass
class Found:
    """What the rounds say of a class: draws of the total (rounds,), by register its mean, and the chances of `low` and `high`."""

    total: Floats
    mean: Floats
    low: Floats
    high: Floats
    lost: Floats
    """(rounds,) registers that were kept and of which nothing is known."""
    points: list[Point] = field(default_factory=list)


def sample(classes: list[Registers], seed: int, level: float) -> list[Found]:
    """Draws how many papers the registers of each class ever numbered; `level` is that of the intervals of single registers."""
    chosen = [_even(r) for r in classes]
    models = [Model(r.take(rows)) for r, rows in zip(classes, chosen, strict=True)]
    randoms = [_Random(seed, i) for i in range(len(classes) + 1)]
    points = [m.start() for m in models]
    issued = [np.zeros((KEEP, m.r.office.size)) for m in models]
    lost = np.zeros((len(models), KEEP))
    kept: list[list[Point]] = [[] for _ in models]
    burning = Burning()
    for t in range(BURN + KEEP):
        for i, (m, random) in enumerate(zip(models, randoms, strict=False)):
            d, points[i] = _draw(m, points[i], random, burning)
            points[i] = _again(m, points[i], d, random, burning)
            if t >= BURN:
                issued[i][t - BURN], lost[i, t - BURN] = m.issued(d), np.count_nonzero(d.of & (m.r.known == 0))
                kept[i].append(points[i])
        burning = burning.again(np.array([p.burned for p in points]), float(randoms[-1].uniform(1)[0]))
    found = [_found(*x, level) for x in zip(issued, lost, kept, strict=True)]
    return [
        f if rows.size == r.office.size else _others(r, rows, f, seed, i, level)
        for i, (r, rows, f) in enumerate(zip(classes, chosen, found, strict=True))
    ]


def _even(r: Registers) -> Ints:
    """The registers of an even sample of MOST offices, all where there are no more."""
    offices = np.unique(r.office)
    if offices.size <= MOST:
        return np.arange(r.office.size)
    some = np.zeros(int(offices[-1]) + 1, bool)
    some[offices[np.linspace(0, offices.size - 1, MOST).astype(np.int64)]] = True
    return np.flatnonzero(some[r.office])


def _found(issued: Floats, lost: Floats, points: list[Point], level: float) -> Found:
    ends = np.percentile(issued, [50 * (1 - level), 50 * (1 + level)], axis=0)
    return Found(issued.sum(1), issued.mean(0), ends[0], ends[1], lost, points)


def _others(r: Registers, inside: Ints, found: Found, seed: int, place: int, level: float) -> Found:
    """The registers of all offices of a class, from what those of a sample share."""
    outside = np.setdiff1d(np.arange(r.office.size), inside)
    m, random = Model(r.take(outside)), _Random(seed, 1000 + place)
    rounds = np.arange(0, KEEP, _APART)
    issued, lost = np.zeros((rounds.size, outside.size)), np.zeros(rounds.size)
    for i, t in enumerate(rounds.tolist()):
        d, _ = _draw(m, found.points[t], random, None)
        issued[i], lost[i] = m.issued(d), np.count_nonzero(d.of & (m.r.known == 0))
    others = _found(issued, lost, [], level)
    none = np.zeros(r.office.size)
    again = np.repeat(np.arange(rounds.size), _APART)[:KEEP]
    out = Found(found.total + others.total[again], none.copy(), none.copy(), none.copy(), found.lost + others.lost[again])
    for name in ("mean", "low", "high"):
        getattr(out, name)[inside], getattr(out, name)[outside] = getattr(found, name), getattr(others, name)
    return out


@dataclass
class _Drawn:
    """One round: the state of each office, whether each book and each register was kept, its chance and its N."""

    state: Ints
    has: npt.NDArray[np.bool_]
    of: npt.NDArray[np.bool_]
    at: Ints
    number: Ints


def _draw(m: Model, p: Point, random: _Random, burning: Burning | None) -> tuple[_Drawn, Point]:
    """What became of each office and register, drawn given what the class shares; with `burning`, moves are tried before."""
    r = m.r
    tails = m.tails(p)
    each, mixed = m.weigh(p, tails)
    if burning is not None:
        p = _slid(m, p, mixed, random, burning)
    both, kept = m.books(p, mixed)
    state = _pick(m.states(p, both), random.uniform(m.offices))
    has = random.uniform(kept.shape[1]) < kept[np.repeat(state, m.kinds), np.arange(kept.shape[1])]
    of = has[m.book]
    at = _pick(each + np.log(p.chance[state[r.office], r.kind[r.cell]] + 1e-300), random.uniform(r.office.size))
    return _Drawn(state, has, of, at, np.where(of, _numbers(m, tails, at, random.uniform(r.office.size)), 0)), p


def _slid(m: Model, p: Point, mixed: Floats, random: _Random, burning: Burning) -> Point:
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
    now, here = _likely(m, p, mixed), p
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
        likely = _likely(m, other, mixed)
        if u[i] < likely - now + m.kinds * np.log(turn) + away:
            here, now = other, likely
    return here


def _density(most: float) -> float:
    """How often a share is proposed."""
    return 1 - _OFTEN + _OFTEN * 10 * (most > 0.9)


def _likely(m: Model, p: Point, mixed: Floats) -> float:
    """log of the chance of all that is known of the class, states and books summed out, and of what is kept beforehand."""
    both, _ = m.books(p, mixed)
    by_all = _ALL * m.r.alike
    prior = np.log(by_all * _beta(p.kept, _BY_ALL) + (1 - by_all) * _beta(p.kept, _KEPT)).sum()
    return float(np.logaddexp.reduce(m.states(p, both), axis=1).sum() + prior)


def _beta(x: Floats, weights: Floats) -> Floats:
    """Density of the beta distribution."""
    a, b = weights.tolist()
    norm = lgamma(a + b) - lgamma(a) - lgamma(b)
    return np.asarray(np.exp(norm + (a - 1) * np.log(x) + (b - 1) * np.log1p(-x)))


def _kept(before: Floats, kept: Ints, listed: Ints, likely: float, random: _Random) -> Floats:
    """Shares that keep each kind: first by which prior, then the share."""
    by_all = likely * _beta(before, _BY_ALL)
    every = random.uniform(before.size) * (by_all + (1 - likely) * _beta(before, _KEPT)) < by_all
    prior = np.where(every[:, None], _BY_ALL, _KEPT)
    return random.beta(prior[:, 0] + kept, prior[:, 1] + listed - kept)


def _pick(logs: Floats, u: Floats) -> Ints:
    """A place of each row, drawn by its weight."""
    below = np.cumsum(np.exp(logs - logs.max(1, keepdims=True)), axis=1)
    return (below < u[:, None] * below[:, -1:]).sum(1).astype(np.int64).clip(max=logs.shape[1] - 1)


def _numbers(m: Model, tails: Floats, at: Ints, u: Floats) -> Ints:
    """N of each register, drawn from its highest known number on, given the place `at` of its chance."""
    low, high = m.here.copy(), m.first[m.r.cell + 1] - 1
    want = np.log(u + 1e-300) + tails[low, at]  # N is the last place whose tail is above
    for _ in range(_PLACES.bit_length()):
        middle = (low + high + 1) // 2
        above = tails[middle, at] > want
        low, high = np.where(above, middle, low), np.where(above, high, middle - 1)
        high = np.maximum(low, high)
    return np.asarray(m.number[low], np.int64)


def _again(m: Model, p: Point, d: _Drawn, random: _Random, burning: Burning) -> Point:
    """What the class shares, drawn from the registers as they were drawn."""
    r, cells, book = m.r, m.r.kind.size, np.arange(d.has.size) % m.kinds
    kept, listed = np.bincount(book, d.has & m.listed, m.kinds), np.bincount(book, m.listed, m.kinds)
    kept_share = _kept(p.kept, kept, listed, _ALL * r.alike, random)
    key = (d.state[r.office] * m.kinds + r.kind[r.cell]) * CHANCES.size + d.at
    many = np.bincount(key[d.of], minlength=STATES * m.kinds * CHANCES.size).reshape(STATES, m.kinds, CHANCES.size)
    chance = random.gamma(many + _BASE[:, None])
    chance /= chance.sum(2, keepdims=True)
    offices, (a, b) = np.bincount(d.state, minlength=STATES), burning.weights
    burned = float(random.beta(np.array([a + offices[1] + offices[2]]), np.array([b + offices[0]]))[0])
    heard = float(random.beta(np.array([1.0 + offices[1]]), np.array([1.0 + offices[2]]))[0])
    rows, total = np.bincount(r.cell[d.of], minlength=cells), np.bincount(r.cell[d.of], d.number[d.of], cells)
    mean = np.bincount(r.kind, total, m.kinds) / np.maximum(np.bincount(r.kind, rows, m.kinds), 1)
    size = _sizes(m, p, d, random)
    odds = random.beta(_POOL * mean[r.kind] + total + 0.01, (_POOL + rows) * size[r.kind] + 0.01)
    return Point(
        np.clip(odds, 1e-6, 1 - 1e-6), size, kept_share, chance, np.array([1 - burned, burned * heard, burned * (1 - heard)])
    )


def _sizes(m: Model, p: Point, d: _Drawn, random: _Random) -> Floats:
    """Sizes of the negative binomial by kind, one step of Metropolis each, with the means held."""
    mean = p.odds / (1 - p.odds) * p.size[m.r.kind]
    step, u = 0.7 * random.normal(m.kinds), np.log(random.uniform(m.kinds) + 1e-300)
    out = p.size.copy()
    for k in range(m.kinds):
        rows = np.flatnonzero(d.of & (m.r.kind[m.r.cell] == k))
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
