"""Where a numbered series begins anew, which numbers do not fit, and when a missing number was issued.

A series of one office is numbered upwards until a new year, a new head of the office or a new book begins it anew. Editions print
some of its papers only, and some numbers are misread. The papers of a series, in order of their days, are cut into *runs* in which
numbers rise, with as few cuts and as few papers left out as possible: a cut costs CUT papers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

CUT = 2.5
"""Papers that a new beginning must bring into line (assumption, range 1.5 to 4): fewer are taken for misread numbers."""
SLACK, NEAR = 5, 3
"""By how much a number may fall within so many days: papers of one day go out in any order (assumptions, 0 to 10 and 1 to 7)."""
LEVEL = 0.9
_STEPS = 400
LOOSEST = 0.02


def runs(number: npt.ArrayLike, day: npt.ArrayLike) -> Ints:
    """The run of each paper of one series, from 0; -1 for a paper whose number fits none. Shapes (n,), any order.

    Equal numbers of one run are kept when they are of near days: two editions of one paper.
    """
    n, d = np.asarray(number, np.int64).ravel(), np.asarray(day, np.int64).ravel()
    order = np.lexsort((n, d))
    n, d = n[order], d[order]
    size = n.size
    best, before, begins = np.zeros(size), np.full(size, -1), np.ones(size, bool)
    for i in range(size):  # O(n^2), each step over the whole array
        best[i] = 1.0
        if not i:
            continue
        gap, rise = d[i] - d[:i], n[i] - n[:i]
        goes_on = (rise > 0) | ((gap <= NEAR) & (rise >= -SLACK))
        anew = ~goes_on & (n[i] * 2 <= n[:i])  # a new beginning starts low
        value = np.where(goes_on, best[:i], np.where(anew, best[:i] - CUT, -np.inf)) + 1.0
        j = i - 1 - int(np.argmax(value[::-1]))
        if value[j] > 1.0:
            best[i], before[i], begins[i] = value[j], j, not goes_on[j]
    out = np.full(size, -1, np.int64)
    if size:
        at = size - 1 - int(np.argmax(best[::-1]))
        chain = []
        while at >= 0:
            chain.append(at)
            at = int(before[at])
        chain.reverse()
        out[chain] = np.cumsum([k > 0 and bool(begins[p]) for k, p in enumerate(chain)])
    back = np.empty(size, np.int64)
    back[order] = out
    return back


@dataclass(frozen=True)
class Dated:
    """When missing numbers were issued, (n,) days each: the likeliest day and the ends of its 90 per cent interval.

    NaN where a number does not lie between two dated ones of its run: then nothing tells.
    """

    day: Floats
    low: Floats
    high: Floats


def evenness(number: npt.ArrayLike, day: npt.ArrayLike, run: npt.ArrayLike) -> float:
    """How evenly in time runs are numbered: 1 where as by chance, less where numbers come in bursts.

    Each dated number is told from its two neighbours; the value returned is the one at which the intervals of `dates` hold for
    LEVEL of them. 1 where fewer than 20 can be told.
    """
    n, d, r = (np.asarray(x, np.int64).ravel() for x in (number, day, run))
    order = np.lexsort((d, n, r))
    n, d, r = n[order], d[order], r[order]
    mid = np.flatnonzero((r[2:] == r[:-2]) & (r[2:] >= 0) & (n[2:] > n[1:-1]) & (n[1:-1] > n[:-2]) & (d[2:] > d[:-2])) + 1
    if mid.size < 20:
        return 1.0
    place, many = n[mid] - n[mid - 1], n[mid + 1] - n[mid - 1]
    at = (d[mid] - d[mid - 1] + 0.5) / (d[mid + 1] - d[mid - 1] + 1.0)
    low, high = LOOSEST, 1.0
    for _ in range(12):
        even = np.sqrt(low * high)
        a, b = _ends(place, many, even)
        low, high = (low, even) if ((a <= at) & (at <= b)).mean() < LEVEL else (even, high)
    return float(np.sqrt(low * high))


def dates(
    number: npt.ArrayLike, low: npt.ArrayLike, low_day: npt.ArrayLike, high: npt.ArrayLike, high_day: npt.ArrayLike,
    even: float = 1.0,
) -> Dated:  # fmt: skip
    """When `number` was issued, from the numbers known before and after it and their days; all of shape (n,).

    Were numbers given evenly, the place of the k-th of m between two days is Beta(k, m + 1 - k); `even` (see `evenness`) widens it.
    Days of neighbours that are not known, or in the wrong order, are NaN.
    """
    n, a, da, b, db = (np.asarray(x, np.float64).ravel() for x in (number, low, low_day, high, high_day))
    known = (a < n) & (n < b) & np.isfinite(da) & np.isfinite(db) & (db >= da)
    place, many = np.where(known, n - a, 1), np.where(known, b - a, 2)
    first, last = _ends(place, many, even)
    span = np.where(known, db - da, np.nan)
    return Dated(da + span * place / many, np.floor(da + span * first), np.ceil(da + span * last))


def _ends(place: npt.ArrayLike, many: npt.ArrayLike, even: float) -> tuple[Floats, Floats]:
    """Ends of the interval of LEVEL of Beta(even place, even (many - place)), (n,) each, on a grid."""
    k, m = np.asarray(place, np.float64)[:, None] * even, np.asarray(many, np.float64)[:, None] * even
    x = (np.arange(_STEPS) + 0.5) / _STEPS
    log = (k - 1) * np.log(x) + (m - k - 1) * np.log1p(-x)
    below = np.cumsum(np.exp(log - log.max(1, keepdims=True)), axis=1)
    below /= below[:, -1:]
    first = (below < (1 - LEVEL) / 2).sum(1) / _STEPS
    last = ((below < (1 + LEVEL) / 2).sum(1) + 1) / _STEPS
    return first, np.minimum(last, 1.0)
