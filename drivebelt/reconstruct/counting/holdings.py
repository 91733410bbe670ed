"""How many works there were, from the copies that are left and the houses that hold them: where copies are not lost one by one.

The estimators of `unseen.py` take every copy for a draw of its own, and what is left for a small part of the whole. A library that
burns takes all its copies together, and where half is left, half was not drawn at all. Here

- the share of copies that is left enters, where registers or catalogues tell it: sampling without replacement (A. Chao and
  C.-W. Lin, Nonparametric lower bounds for species richness and shared species richness under sampling without replacement,
  Biometrics 68 (2012) 912-921); at share 0 it is Chao1 with its factor (n - 1) / n;
- how unsure the number is comes from leaving out one house after the other (the delete-one jackknife over clusters), not one copy;
  the interval is log-normal above what was seen (A. Chao, Biometrics 43 (1987) 783-791);
- whether copies of one work lie together in houses more than by chance is tested by dealing the houses anew.

Whatever is lost as a whole work, by ban or purge, leaves no trace in copies: all of this is a lower bound, and says so.
`survival` gives the published ratios of works and of copies (M. Kestemont and others, Forgotten books, Science 375 (2022) 765-769;
the copies after A. Chao and others, Sufficient sampling for asymptotic minimum species richness estimators, Ecology 90 (2009)
1125-1133).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt.errors import BadInput

Ints = npt.NDArray[np.int64]
DEALING = 1150
"""Stream of draws of `clumped`; apart from those of runs, archives and `numbering.py`."""
LEVEL, _Z = 0.9, 1.6448536269514722
FEWEST_HOUSES = 5
_DEALS = 199


@dataclass(frozen=True)
class Works:
    """Works there were: seen, estimated with the ends of a 90 per cent interval, copies, houses, and the chance that as many
    copies of one work would lie together if houses were dealt at random (`together`)."""

    seen: int
    copies: int
    houses: int
    total: float
    low: float
    high: float
    together: float
    remarks: tuple[str, ...]


def lower_bound(once: float, twice: float, seen: float, drawn: float, share: float = 0.0) -> float:
    """Chao and Lin's lower bound for the number of things, of which `once` were seen once and `twice` twice, in `drawn` draws
    that are `share` of all (0 to below 1)."""
    factor = max(drawn - 1, 0) / drawn if drawn else 0.0
    missed = once * factor * once / (2 * twice + factor * once * share / (1 - share)) if twice or (share and once) else 0.0
    return seen + (missed if twice or share else factor * once * (once - 1) / 2)


def count_works(work: npt.ArrayLike, house: npt.ArrayLike, share: float = 0.0, seed: int = 1) -> Works:
    """Number of works from one row a copy left: its work and the house that holds it (n,), any integers.

    `share` is the share of all copies that is left, where it is known, else 0: a small part. Raises BadInput for columns of
    different length and shares out of range.
    """
    w, h = np.asarray(work, np.int64).ravel(), np.asarray(house, np.int64).ravel()
    if w.size != h.size:
        raise BadInput("copies: columns of different length; give the work and the house of each")
    if not 0 <= share < 1:
        raise BadInput(f"share {share}: give a number from 0 to below 1")
    w, h = (np.unique(x, return_inverse=True)[1].astype(np.int64) for x in (w, h))
    houses, seen = int(h.max(initial=-1)) + 1, int(w.max(initial=-1)) + 1
    total = _estimate(np.bincount(w, minlength=seen), share)
    remarks = ["works of which no copy was left anywhere for a common reason, a ban or a purge, are not counted: a lower bound"]
    together = _together(w, h, seed)
    if together < 0.05:
        remarks.append("copies of one work lie in the same houses more often than by chance: they were not lost one by one")
    if houses < FEWEST_HOUSES:
        remarks.append(f"only {houses} houses hold copies: how unsure the number is cannot be told")
        return Works(seen, w.size, houses, total, float(seen), float("inf"), together, tuple(remarks))
    table = np.zeros((seen, houses), np.int64)
    np.add.at(table, (w, h), 1)
    whole = table.sum(1)
    without = np.array([_estimate(whole - table[:, k], share) for k in range(houses)])
    spread = np.sqrt((houses - 1) / houses * ((without - without.mean()) ** 2).sum())
    low, high = _ends(seen, total, float(spread))
    return Works(seen, w.size, houses, total, low, high, together, tuple(remarks))


def _estimate(often: Ints, share: float) -> float:
    return lower_bound(int((often == 1).sum()), int((often == 2).sum()), int((often > 0).sum()), int(often.sum()), share)


def _ends(seen: int, total: float, spread: float) -> tuple[float, float]:
    """Ends of a log-normal interval of what was not seen, added to what was."""
    missed = total - seen
    if missed <= 0:
        return float(seen), seen + _Z * spread
    factor = float(np.exp(_Z * np.sqrt(np.log1p((spread / missed) ** 2))))
    return seen + missed / factor, seen + missed * factor


def _together(work: Ints, house: Ints, seed: int) -> float:
    """Chance of as many pairs of copies of one work in one house, were the houses dealt to the copies at random."""
    n = work.size
    if n < 2:
        return 1.0

    def pairs(dealt: Ints) -> int:
        many = np.unique(work * (n + 1) + dealt, return_counts=True)[1]
        return int((many * (many - 1) // 2).sum())

    real = pairs(house)
    as_many = 0
    for k in range(_DEALS):
        order = np.argsort(draws.uniforms(seed, DEALING, np.arange(n, dtype=np.int64) + k * n, 0), kind="stable")
        as_many += pairs(house[order]) >= real
    return (1 + as_many) / (1 + _DEALS)


@dataclass(frozen=True)
class Survival:
    """Share of works and share of copies that are left, as published: by Chao1 and by minimum sampling."""

    works: float
    copies: float


def survival(often: npt.ArrayLike) -> Survival:
    """The published ratios from how many copies each work has left (works,), each 1 or more."""
    many = np.asarray(often, np.int64).ravel()
    once, twice = int((many == 1).sum()), int((many == 2).sum())
    works = many.size / _estimate(many, 0.0) if many.size else 1.0
    return Survival(works, 1 / (1 + _further(once, twice)))


def _further(once: int, twice: int) -> float:
    """How many times what was drawn would have to be drawn further until all that the lower bound counts is seen: the root of
    2 f1 (1 + x) = exp(2 x f2 / f1)."""
    if not once:
        return 0.0
    if not twice:
        return float("inf")
    rate = 2 * twice / once
    low = high = max(np.log(2 * once) / rate, 1e-9)
    while np.log(2 * once) + np.log1p(high) > rate * high:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if np.log(2 * once) + np.log1p(middle) > rate * middle else (low, middle)
    return float((low + high) / 2)
