"""Sums over all numbers a register may have issued, from its highest known one on: tables of a class, and draws from them.

With t(N) = P(N) (1 - p)^N, the sum from N on is t(N) R(N), and R(N) = 1 + t(N + 1) / t(N) R(N + 1): no term vanishes and no
logarithm is needed on the way, from the last number down. R also says where a register ended: at N, given that it went so far,
with chance 1 / R(N).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt.compilation import KERNEL


@njit(**KERNEL)
def rests(turn, cell_of, lost):
    """R (places, chances): `turn` (places,) is P at the next place over P here, `cell_of` (places,) the table of each place, `lost`
    (cells, chances) the chance that all numbers of one place are lost."""
    places, chances = turn.size, lost.shape[1]
    out = np.ones((places, chances))
    for i in range(places - 2, -1, -1):
        cell = cell_of[i]
        if cell_of[i + 1] == cell:
            for c in range(chances):
                out[i, c] = 1.0 + turn[i] * lost[cell, c] * out[i + 1, c]
    return out


@njit(**KERNEL)
def ends(rest, here, last, chance, u):
    """Place (registers,) at which each register ended: it goes on from `here`, at most to `last`, with its place in the grid of
    chances, while the product of the chances of going on stays above `u`."""
    out = here.copy()
    for k in range(here.size):
        left, i, c = 1.0, here[k], chance[k]
        while i < last[k]:
            left *= 1.0 - 1.0 / rest[i, c]
            if left <= u[k]:
                break
            i += 1
        out[k] = i
    return out
