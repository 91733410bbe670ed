"""Published estimators of what was never seen, from how often each thing was: the bar for the project's own count.

Chao1: A. Chao, Nonparametric estimation of the number of classes in a population, Scand. J. Statist. 11 (1984) 265-270, with the
form without doubletons. ACE: A. Chao and S.-M. Lee, JASA 87 (1992) 210-217. Jackknife: K. Burnham and W. Overton, Biometrika 65
(1978) 625-633, first and second order. Intervals: a bootstrap over all things, those estimated as unseen included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivebelt import draws

Ints = npt.NDArray[np.int64]
THINGS = 1103
"""Stream of draws, apart from those of a run, an archive and `register_classes`."""
_MANY = 4_000_000
RARE = 10
"""Things seen at most so often are rare for ACE, as published."""


def chao1(often: Ints) -> float:
    """Chao's lower bound for the number of things; `often[k]` things were seen k times (often[0] is not used)."""
    f = _padded(often).astype(np.float64)  # squares of millions do not fit in integers
    seen = float(f[1:].sum())
    return seen + (f[1] ** 2 / (2 * f[2]) if f[2] > 0 else f[1] * (f[1] - 1) / 2)


def ace(often: Ints) -> float:
    """The abundance-based coverage estimator; infinite where every rare thing was seen once."""
    f = _padded(often).astype(np.float64)
    k = np.arange(f.size)
    rare = (k >= 1) & (k <= RARE)
    common, few, sightings = f[k > RARE].sum(), f[rare].sum(), (k * f)[rare].sum()
    if sightings == 0:
        return float(common)
    coverage = 1 - f[1] / sightings
    if coverage <= 0:
        return float("inf")
    uneven = few / coverage * (k * (k - 1) * f)[rare].sum() / (sightings * max(sightings - 1, 1)) - 1
    return float(common + few / coverage + f[1] / coverage * max(uneven, 0.0))


def jackknife(often: Ints, order: int = 1) -> float:
    """Jackknife of first or second order over sightings."""
    f = _padded(often).astype(np.float64)
    n = max(float((np.arange(f.size) * f).sum()), 1.0)
    seen = float(f[1:].sum())
    if order == 1 or n < 2:
        return seen + f[1] * (n - 1) / n
    return seen + f[1] * (2 * n - 3) / n - f[2] * (n - 2) ** 2 / (n * (n - 1))


def _padded(often: Ints) -> Ints:
    return np.pad(np.asarray(often, np.int64), (0, max(3 - len(often), 0)))


ESTIMATORS: dict[str, Callable[[Ints], float]] = {
    "Chao1": chao1, "ACE": ace, "jackknife 1": jackknife, "jackknife 2": lambda often: jackknife(often, 2),
}  # fmt: skip


def _again(often: Ints, times: int, seed: int) -> Ints:
    """Counts (times, kinds) of as many things drawn anew; by their normal approximation where there are very many things."""
    n, share = int(often.sum()), often / often.sum()
    if n * times <= _MANY:
        place = np.searchsorted(np.cumsum(share), draws.uniforms(seed, THINGS, np.arange(n * times), 0), side="right")
        return np.stack([np.bincount(row, minlength=often.size)[: often.size] for row in place.reshape(times, n)])
    normal = draws.normals(seed, THINGS, np.arange(times * often.size), 1).reshape(times, often.size)
    return np.maximum(np.rint(often + np.sqrt(n * share * (1 - share)) * normal), 0).astype(np.int64)


@dataclass(frozen=True)
class Unseen:
    """One estimator's answer: the number of things, and its interval."""

    name: str
    total: float
    low: float
    high: float


def estimates(sightings: Ints, level: float = 0.9, times: int = 200, seed: int = 1) -> list[Unseen]:
    """All estimators for things seen `sightings` times each (n,), n >= 1 each, with bootstrap intervals of `level`."""
    often = np.bincount(sightings) if sightings.size else np.zeros(3, np.int64)
    ends = [(1 - level) / 2 * 100, (1 + level) / 2 * 100]
    found = []
    for name, estimator in ESTIMATORS.items():
        total = estimator(often)
        if not sightings.size or not np.isfinite(total):
            found.append(Unseen(name, total, total, float("inf") if sightings.size else total))
            continue
        whole = often.copy()
        whole[0] = max(round(total - often[1:].sum()), 0)
        drawn = np.array([estimator(row) for row in _again(whole, times, seed)])
        # Between an estimate and one without end nothing can be interpolated.
        low, high = np.percentile(drawn, ends, method="linear" if np.isfinite(drawn).all() else "closest_observation")
        found.append(Unseen(name, total, float(low), float(high)))
    return found
