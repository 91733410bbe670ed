"""How many papers the registers of each class ever numbered: rounds of `gibbs`, all classes side by side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from drivebelt.reconstruct.counting.gibbs import again, draw
from drivebelt.reconstruct.counting.gibbs_chain import Burning, Random
from drivebelt.reconstruct.counting.register_classes import Floats, Ints, Point, Registers, together
from drivebelt.reconstruct.counting.register_model import Model

BURN, KEEP = 50, 100
"""Rounds that are forgotten, and rounds that count."""
MOST = 240
"""Offices of a class in the sampler; of more than that an even sample, whose rounds then speak for the others."""
_APART = 5
"""Rounds of the sample that one round of the others follows."""


@dataclass
class Found:
    """What the rounds say of a class: draws of the total (rounds,), by register its mean, and the chances of `low` and `high`."""

    total: Floats
    mean: Floats
    low: Floats
    high: Floats
    lost: Floats
    """(rounds,) registers that were kept and of which nothing is known."""
    unheard: Floats
    """(rounds,) what these numbered."""
    points: list[Point] = field(default_factory=list)


def sample(classes: list[Registers], seed: int, level: float) -> list[Found]:
    """Draws how many papers the registers of each class ever numbered; `level` is that of the intervals of single registers."""
    classes = [replace(r, bundle=together(r)) for r in classes]
    chosen = [_even(r) for r in classes]
    models = [Model(r.take(rows)) for r, rows in zip(classes, chosen, strict=True)]
    randoms = [Random(seed, i) for i in range(len(classes) + 1)]
    points = [m.start() for m in models]
    issued = [np.zeros((KEEP, m.r.office.size)) for m in models]
    lost = np.zeros((len(models), KEEP))
    kept: list[list[Point]] = [[] for _ in models]
    burning = Burning()
    for t in range(BURN + KEEP):
        for i, (m, random) in enumerate(zip(models, randoms, strict=False)):
            d, points[i] = draw(m, points[i], random, burning)
            points[i] = again(m, points[i], d, random, burning)
            if t >= BURN:
                issued[i][t - BURN], lost[i, t - BURN] = m.issued(d), np.count_nonzero(d.of & (m.r.known == 0))
                kept[i].append(points[i])
        burning = burning.again(
            np.array([p.burned for p, m in zip(points, models, strict=True) if m.r.alike]), float(randoms[-1].uniform(1)[0])
        )
    found = [_found(m, issued[i], lost[i], kept[i], level) for i, m in enumerate(models)]
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


def _found(m: Model, issued: Floats, lost: Floats, points: list[Point], level: float) -> Found:
    ends = np.percentile(issued, [50 * (1 - level), 50 * (1 + level)], axis=0)
    return Found(issued.sum(1), issued.mean(0), ends[0], ends[1], lost, issued[:, m.r.known == 0].sum(1), points)


def _others(r: Registers, inside: Ints, found: Found, seed: int, place: int, level: float) -> Found:
    """The registers of all offices of a class, from what those of a sample share."""
    outside = np.setdiff1d(np.arange(r.office.size), inside)
    m, random = Model(r.take(outside)), Random(seed, 1000 + place)
    rounds = np.arange(0, KEEP, _APART)
    issued, lost = np.zeros((rounds.size, outside.size)), np.zeros(rounds.size)
    for i, t in enumerate(rounds.tolist()):
        d, _ = draw(m, found.points[t], random, None)
        issued[i], lost[i] = m.issued(d), np.count_nonzero(d.of & (m.r.known == 0))
    others = _found(m, issued, lost, [], level)
    none = np.zeros(r.office.size)
    again = np.repeat(np.arange(rounds.size), _APART)[:KEEP]
    out = Found(
        found.total + others.total[again],
        none.copy(),
        none.copy(),
        none.copy(),
        found.lost + others.lost[again],
        found.unheard + others.unheard[again],
        found.points,
    )
    for name in ("mean", "low", "high"):
        getattr(out, name)[inside], getattr(out, name)[outside] = getattr(found, name), getattr(others, name)
    return out
