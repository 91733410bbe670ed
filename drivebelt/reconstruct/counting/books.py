"""Whether an office kept its books, summed over what may have become of each: the inner loop of the count of papers."""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt.compilation import KERNEL, PART

NEVER = -1e9
"""Logarithm of what cannot be."""


@njit(**PART)
def _either(a, b):
    """log(exp(a) + exp(b))."""
    top = max(a, b)
    return top + np.log1p(np.exp(min(a, b) - top))


@njit(**KERNEL)
def kept_or_never(sums, apart, kept, bundle, there, seen, listed):
    """By state of the office and by bundle: log of the chance of all that is known of its books, and the chance that it kept them.

    `sums` (3, offices, kinds): log of the chance of what is known of a book, by state; `apart` (3, kinds): logs of the chances that
    a book of a spared office was spared, lost with papers elsewhere, and gone; `kept` (bundles,): share that kept a bundle;
    `there` (offices, kinds): books there may be; `seen`, `listed` (offices, bundles). Returns two arrays (3, offices, bundles).
    """
    states, offices, kinds = sums.shape
    bundles = kept.size
    both, chance = np.zeros((states, offices, bundles)), np.zeros((states, offices, bundles))
    yes, no = np.log(kept), np.log1p(-kept)
    for o in range(offices):
        for s in range(states):
            for k in range(kinds):
                if there[o, k]:
                    if s == 0:
                        lost = _either(sums[1, o, k] + apart[1, k], sums[2, o, k] + apart[2, k])
                        both[s, o, bundle[k]] += _either(sums[0, o, k] + apart[0, k], lost)
                    else:
                        both[s, o, bundle[k]] += sums[s, o, k]
            for b in range(bundles):
                if listed[o, b]:
                    was = both[s, o, b] + yes[b]
                    both[s, o, b] = was if seen[o, b] else _either(was, no[b])
                    chance[s, o, b] = np.exp(was - both[s, o, b])
    return both, chance
