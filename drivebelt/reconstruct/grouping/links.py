"""Pairs of papers with one source: log odds of wording distance, given tree distance and lag; rates estimated from the archive.

Every pair of a subject within the window is a mixture: texts without a common source, whose distance in bits is known from
pairs of different subjects, and texts with one, whose distance is learnt freely for each distance of their offices. EM gives
both the share and the shape; nothing about the rate of rewording is assumed. Cost: papers times papers of the subject within
the window, some 10^8 comparisons a second on one core.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from numba import njit

from drivebelt.compilation import KERNEL
from drivebelt.reconstruct.archive import Ints

WINDOW = 60
"""Days between two papers of one order that can still be linked directly; longer chains are linked through what lies between."""
LAGS = (7, 21, WINDOW)
NEAR = 5
"""Classes of tree distance: 0 the same office, 1 superior and subordinate, 2 neighbours, 3, and 4 or more."""
BITS = 65
SAME = 3
"""Bits within which two texts are one."""
SURE = 0.9
"""Posterior from which a pair is linked."""
PAIRS = 20_000_000
"""Pairs that suffice for the rates; more are thinned evenly."""
ROUNDS = 60
MIDDLE = 4
"""Bits on either side of the middle in which pairs are taken for strangers."""
NOISE = 4.0
"""Standard deviations by which likeness must exceed that of strangers to be looked at at all."""
LEAN = 20.0
"""Pairs' worth of weight that all distances of offices lend to one."""
_M1, _M2, _M4, _H01 = (np.uint64(x) for x in (0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x0101010101010101))
_1, _2, _4, _56 = (np.uint64(x) for x in (1, 2, 4, 56))


@njit(**KERNEL)
def bits_apart(a, b):
    """Number of bits in which two hashes differ."""
    x = a ^ b
    x = x - ((x >> _1) & _M1)
    x = (x & _M2) + ((x >> _2) & _M2)
    x = (x + (x >> _4)) & _M4
    return np.int64((x * _H01) >> _56)


@njit(**KERNEL)
def offices_apart(a, b, up, depth):
    """Steps on the tree between two offices, at most NEAR - 1."""
    steps = 0
    while a != b and steps < NEAR - 1:
        if depth[a] >= depth[b]:
            a = up[a]
        else:
            b = up[b]
        steps += 1
    return steps


@njit(**KERNEL)
def count_pairs(block, date, window):
    """Pairs of one block within the window; papers in order of block and date."""
    n, total = block.size, 0
    j = 0
    for i in range(n):
        j = max(j, i + 1)
        while j < n and block[j] == block[i] and date[j] - date[i] <= window:
            j += 1
        total += j - i - 1
    return total


@njit(**KERNEL)
def histogram(block, date, wording, office, up, depth, window, step, lag_class, out):
    """Counts pairs by (tree distance, lag class, bits apart) into `out`, every `step`-th first paper."""
    n = block.size
    for i in range(0, n, step):
        for j in range(i + 1, n):
            if block[j] != block[i] or date[j] - date[i] > window:
                break
            out[
                offices_apart(office[i], office[j], up, depth), lag_class[date[j] - date[i]], bits_apart(wording[i], wording[j])
            ] += 1


@njit(**KERNEL)
def strangers(block, wording, step, out):
    """Counts bits apart between papers of different blocks: what texts without a common source look like."""
    n = block.size
    half = n // 2
    for i in range(0, half, step):
        j = i + half
        if block[i] != block[j] and wording[i] != np.uint64(0) and wording[j] != np.uint64(0):
            out[bits_apart(wording[i], wording[j])] += 1


@njit(**KERNEL)
def root_of(parent, i):
    """The head of a set, with the way to it shortened."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@njit(**KERNEL)
def join(parent, a, b):
    """Makes two sets one; the older paper is the head."""
    a, b = root_of(parent, a), root_of(parent, b)
    if a < b:
        parent[b] = a
    elif b < a:
        parent[a] = b


@njit(**KERNEL)
def link(block, date, wording, office, up, depth, window, lag_class, linked, most, large, parent):
    """Joins every pair that `linked[tree distance, lag class, bits]` allows and at most `most` bits apart, but never two sets
    that both have `large` papers (0: no limit): between two large sets some pair is always alike by chance."""
    n = block.size
    size = np.zeros(n, np.int64)
    for i in range(n):
        size[root_of(parent, i)] += 1
    for i in range(n):
        if wording[i] == np.uint64(0):
            continue
        for j in range(i + 1, n):
            if block[j] != block[i] or date[j] - date[i] > window:
                break
            apart = bits_apart(wording[i], wording[j])
            if apart > most or wording[j] == np.uint64(0):
                continue
            a, b = root_of(parent, i), root_of(parent, j)
            if a == b or (large > 0 and min(size[a], size[b]) >= large):
                continue
            if linked[offices_apart(office[i], office[j], up, depth), lag_class[date[j] - date[i]], apart]:
                join(parent, a, b)
                size[min(a, b)] = size[a] + size[b]


@dataclass
class Rates:
    """What the archive says of its own texts.

    `kin[tree distance, bits]` and `strangers[bits]` are distributions of the distance; `share[tree distance, lag class]` is
    the share of pairs with a common source; `linked` says which pairs are linked. `pairs` is the number of pairs within the window.
    """

    kin: npt.NDArray[np.float64]
    strangers: npt.NDArray[np.float64]
    share: npt.NDArray[np.float64]
    linked: npt.NDArray[np.bool_]
    pairs: int

    @property
    def most(self) -> int:
        """Largest distance in bits at which any pair is linked, -1 where none is."""
        return int(np.flatnonzero(self.linked.any((0, 1))).max(initial=-1))


def lag_classes(window: int = WINDOW) -> Ints:
    """The class of each lag in days."""
    return np.searchsorted(np.array(LAGS), np.arange(window + 1)).astype(np.int64)


def estimate(block: Ints, date: Ints, wording: npt.NDArray[np.uint64], office: Ints, up: Ints, depth: Ints) -> Rates:
    """Rates by EM over the pairs of an archive; arrays of one length, in order of block and date."""
    counts = np.zeros((NEAR, len(LAGS), BITS), np.int64)
    pairs = int(count_pairs(block, date, WINDOW))
    if pairs:
        histogram(block, date, wording, office, up, depth, WINDOW, max(pairs // PAIRS, 1), lag_classes(), counts)
    apart = np.zeros(BITS, np.int64)
    strangers(block, wording, max(block.size // 4_000_000, 1), apart)
    return replace(fit(counts, _binomial(apart)), pairs=pairs)  # the rates may rest on fewer


def _binomial(apart: Ints) -> npt.NDArray[np.float64]:
    """Distances of strangers: a binomial with the mean seen, so that tails need no luck, and never less likeness than is seen."""
    from math import comb

    apart = np.where(np.arange(BITS) < SAME, 0, apart)  # one text filed under two subjects is not what strangers look like
    n = apart.sum()
    q = (apart @ np.arange(BITS) / n / (BITS - 1)) if n >= BITS else 0.5
    q = min(max(float(q), 0.05), 0.5)
    shape = np.array([comb(BITS - 1, d) * q**d * (1 - q) ** (BITS - 1 - d) for d in range(BITS)])
    common = np.where(apart >= BITS, apart / max(n, 1), 0.0)  # forms of speech that all papers share
    return np.maximum(shape, common) / np.maximum(shape, common).sum()


def fit(counts: Ints, strange: npt.NDArray[np.float64]) -> Rates:
    """EM over link and no link. `counts[tree distance, lag class, bits]`, `strange[bits]`."""
    total = counts.sum(2)
    middle = slice(BITS // 2 - MIDDLE, BITS // 2 + MIDDLE + 1)  # where only strangers are
    unlike = np.minimum(counts[:, :, middle].sum(2) / strange[middle].sum(), total)
    # Where there are no more pairs than strangers explain there is no kinship: EM would need thousands of rounds to find that out.
    excess = counts.sum(1) - unlike.sum(1)[:, None] * strange
    noise = np.sqrt(unlike.sum(1)[:, None] * strange + 1.0)
    sure = np.logical_and.accumulate((excess > NOISE * noise).any(0) | (np.arange(BITS) < 2))
    pooled = np.where(sure, np.maximum(excess.sum(0), 0.0) + 0.8 ** np.arange(BITS), 0.0)
    kin = np.tile(pooled / pooled.sum(), (NEAR, 1))
    share = (total - unlike + 0.5) / (total + 100.0)
    odds = np.zeros(counts.shape)
    for _ in range(ROUNDS):
        a = share[:, :, None] * kin[:, None, :]
        b = (1 - share)[:, :, None] * strange
        odds = a / np.maximum(a + b, 1e-300)
        kept = odds * counts
        share = (kept.sum(2) + 0.5) / (total + 100.0)
        mass = kept.sum(1)
        pooled = mass.sum(0) + np.where(sure, 0.8 ** np.arange(BITS), 0.0)
        kin = mass + LEAN * pooled / pooled.sum()  # a distance of offices with few pairs leans on all of them
        kin /= kin.sum(1, keepdims=True)
    linked = odds >= SURE
    # A wording farther apart is never better evidence than a nearer one.
    linked = np.logical_and.accumulate(linked, axis=2)
    return Rates(kin, strange, share, linked, int(total.sum()))
