"""The beta distribution: its cumulative distribution and quantiles, by the continued fraction of the incomplete beta function
(DLMF 8.17.22, evaluated after Lentz)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from drivebelt.compilation import INNER, KERNEL

_STEPS = 400
_TINY = 1e-30
_ENOUGH = 1e-9
_HALVINGS = 20
"""A quantile is right to a millionth: shares are of whole papers."""


@njit(**INNER)
def _fraction(a, b, x):
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    out = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        change = 1.0
        for part in (even, odd):
            d, c = 1.0 + part * d, 1.0 + part / c
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = c if abs(c) > _TINY else _TINY
            change = c * d
            out *= change
        if abs(change - 1.0) < _ENOUGH:
            break
    return out


@njit(**INNER)
def _upto(a, b, x):
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    if x < (a + 1.0) / (a + b + 2.0):
        return math.exp(scale) * _fraction(a, b, x) / a
    return 1.0 - math.exp(scale) * _fraction(b, a, 1.0 - x) / b


@njit(**KERNEL)
def upto(a, b, x):
    """(rows,) chance of a value up to `x` (one number) under beta distributions with parameters `a` and `b` (rows, above 0)."""
    out = np.empty(a.size)
    for i in range(a.size):
        out[i] = _upto(a[i], b[i], x)
    return out


@njit(**KERNEL)
def quantile(a, b, q):
    """(rows,) value up to which a share `q` (0 to 1, one number) of each distribution lies; parameters as in `upto`."""
    out = np.empty(a.size)
    for i in range(a.size):
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if _upto(a[i], b[i], middle) < q:
                low = middle
            else:
                high = middle
        out[i] = (low + high) / 2
    return out
