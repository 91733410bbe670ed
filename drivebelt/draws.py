"""Random numbers by counter, not by sequence.

A draw is a pure function of (seed, stream, a, b): the same entity on the same day draws the same number whatever else
happens in the run, so that two runs that differ in one rule differ only downstream of it. Streams have fixed numbers
that never change when code is renamed or moved. Quantiles come from tables rounded to six decimals: no transcendental
function of the machine's maths library enters a result.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from numba import float64, int64, njit, uint64

from drivebelt.compilation import INNER, KERNEL, STEP

STREAMS = {
    name: number
    for number, name in enumerate(
        (
            "traits", "places", "volosts", "cells", "people", "local-matters", "central-matters", "proposals",
            "stakes", "circle", "votes", "minutes", "reach", "travel", "loss", "reading", "handling", "reception",
            "consider", "restate", "soviet-order", "execute", "report", "return", "remind", "leak", "wording",
            "cipher", "scope", "routine", "order", "reform", "clear", "quota", "breach", "poll", "views", "ties", "members",
            "cadres", "delegates", "agenda", "cues", "opposition", "slates", "isolation", "union", "purge", "justice", "knowledge",
            "discipline", "privileges", "exits", "vetting", "departures", "candidates", "schooling", "founding",
        ),
        start=1,
    )
}  # fmt: skip
"""The named streams; append only."""

LOWEST = -1.0e9
"""Below any score."""

S2, S3, S4, S5, S6 = range(2, 7)
"""Further draws of one entity from the same stream; the first two are 0 and 1."""

GOLDEN, MIX, S32, S33 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(32), np.uint64(33)
UNIT32 = 2.0**-31
"""For streams of many draws in one loop: multiplier, mixer, shifts, and what makes a signed 32-bit number a draw in [-1, 1)."""

TO_BIT = np.uint64(58)
"""Shift that makes a 64-bit draw the number of a bit, 0 to 63."""

_TABLE = 4096
_NORMAL = np.array(
    [round(NormalDist().inv_cdf((i + 0.5) / _TABLE), 6) for i in range(_TABLE)], dtype=np.float64
)  # standard normal quantiles at the middle of each of 4,096 equal slices

_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_GOLD = np.uint64(0x9E3779B97F4A7C15)
_R30, _R27, _R31, _R33, _R11, _R52 = (np.uint64(n) for n in (30, 27, 31, 33, 11, 52))
_TO_UNIT = 1.0 / 9007199254740992.0


@njit(uint64(uint64), **INNER)
def _mix(x):
    """Finaliser of SplitMix64: every input bit moves every output bit."""
    x = (x ^ (x >> _R30)) * _M1
    x = (x ^ (x >> _R27)) * _M2
    return x ^ (x >> _R31)


@njit(uint64(int64, int64, int64, int64), **STEP)
def bits(seed, stream, a, b):
    """64 random bits for (seed, stream, a, b), each taken as an unsigned integer."""
    x = _mix(np.uint64(seed) * _GOLD + np.uint64(stream))
    x = _mix(x + np.uint64(a) * _GOLD)
    return _mix(x + np.uint64(b) * _GOLD)


@njit(float64(int64, int64, int64, int64), **STEP)
def uniform(seed, stream, a, b):
    """A uniform draw in [0, 1)."""
    return float(bits(seed, stream, a, b) >> _R11) * _TO_UNIT


@njit(int64(int64, int64, int64, int64, int64), **STEP)
def below(seed, stream, a, b, n):
    """An integer in [0, n)."""
    return int(uniform(seed, stream, a, b) * n)


@njit(float64(int64, int64, int64, int64), **STEP)
def normal(seed, stream, a, b):
    """A standard normal draw (4,096 steps)."""
    return _NORMAL[int(bits(seed, stream, a, b) >> _R52)]


@njit(float64(int64, int64, int64, int64, float64), **STEP)
def spread(seed, stream, a, b, sigma):
    """A positive factor with median 1: log-normal to third order in sigma (0 <= sigma <= 1), never below 0.05."""
    z = sigma * normal(seed, stream, a, b)
    return max(1.0 + z + z * z / 2.0 + z * z * z / 6.0, 0.05)


@njit(int64(int64, int64), **STEP)
def key(a, b):
    """One 31-bit key from two integers, for naming an entity made of two."""
    return np.int64(_mix(_mix(np.uint64(a) * _GOLD + np.uint64(b))) >> _R33)


@njit(float64[::1](int64, int64, int64[::1], int64), **KERNEL)
def uniforms(seed: int, stream: int, a: npt.NDArray[np.int64], b: int) -> npt.NDArray[np.float64]:
    """Uniform draws for an array of entities, shape of `a`."""
    out = np.zeros(a.size, np.float64)
    for i in range(a.size):
        out[i] = uniform(seed, stream, a[i], b)
    return out


@njit(float64[::1](int64, int64, int64[::1], int64), **KERNEL)
def normals(seed, stream, a, b):
    """Standard normal draws for an array of entities, shape of `a`."""
    out = np.zeros(a.size, np.float64)
    for i in range(a.size):
        out[i] = normal(seed, stream, a[i], b)
    return out


def fractions(seed: int, stream: str, entities: npt.ArrayLike, salt: int = 0) -> npt.NDArray[np.float64]:
    """Uniform draws in [0, 1) from a named stream for an array of entity numbers."""
    return uniforms(seed, STREAMS[stream], np.ascontiguousarray(entities, np.int64).ravel(), salt)
