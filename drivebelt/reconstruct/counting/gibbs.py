"""One round of drawing: what became of each office and register given what its class shares, and what it shares given them."""

from __future__ import annotations

import numpy as np

from drivebelt.reconstruct.counting.gibbs_chain import Burning, Random, pick
from drivebelt.reconstruct.counting.gibbs_moves import ALL, ANY, BY_ALL, FEW, LOST, apart_kept, beta_density, scaled, slid
from drivebelt.reconstruct.counting.register_classes import CHANCES, STATES, Drawn, Floats, Ints, Point
from drivebelt.reconstruct.counting.register_model import Model
from drivebelt.reconstruct.counting.tails import ends

_APART = (0.05, 0.95)
"""Prior of the share burned where each office is one of its kind: the losses of local offices say nothing of those of the Centre.
Nor do bodies that left nothing and were never heard of: most of them did not act. An assumption."""
_HOME = np.array([4.0, 1.0])
"""Prior of the chance that of the keeping of a spared office anything is left. An assumption."""
_POOL = 1.0
"""Registers of other years that count for the numbers a year issued. An assumption (0.3 to 3)."""
_SIZE = (np.log(6.0), 1.5)
"""Mean and spread of the log size of the negative binomial: from one of a kind to all alike. An assumption."""


def draw(m: Model, p: Point, random: Random, burning: Burning | None) -> tuple[Drawn, Point]:
    """What became of each office and register, drawn given what the class shares; with `burning`, moves are tried before."""
    r = m.r
    each, mixed, rest = m.weigh(p)
    sums = m.sums(mixed)
    if burning is not None and m.unheard.size:
        p, moved = scaled(m, p, sums, random)
        if moved:
            each, mixed, rest = m.weigh(p)
            sums = m.sums(mixed)
    if burning is not None and r.alike and not m.all_seen:
        p = slid(m, p, sums, random, burning)
    if burning is not None and r.alike and r.own is not None and not m.all_seen:
        p = apart_kept(m, p, sums, random)
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
    return Drawn(state, fate, has, bundles, of, at, np.where(of, _numbers(m, rest, at, random.uniform(r.office.size)), 0)), p


def _kept(before: Floats, kept: Ints, listed: Ints, alike: bool, random: Random) -> Floats:
    """Shares that keep each kind: first by which prior, then the share."""
    other, likely = (ANY, ALL) if alike else (FEW, 0.0)
    by_all = likely * beta_density(before, BY_ALL)
    every = random.uniform(before.size) * (by_all + (1 - likely) * beta_density(before, other)) < by_all
    prior = np.where(every[:, None], BY_ALL, other)
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
        *_homes(m, d, random), p.shift,
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
    apart = random.beta(LOST[0] + lost, LOST[1] + all_spared - lost)
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
