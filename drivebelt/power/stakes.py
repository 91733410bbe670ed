"""What a post gives beyond an average wage: pay by the scale in force, rations, housing, rest, travel abroad.

Only ratios inside the scale are used: its lowest rate is 1, and what an average wage is beside it is an assumption. The stake is
g / (1 + g), g the worth of all that the post gives beyond an average wage, in average wages.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt import records as r


@njit(cache=True)
def stakes(p):
    """Stakes by level of the body, shape (levels, 2): in the first column those under its head, in the second the head."""
    out = np.zeros((len(r.LEVELS), 2))
    for level in range(len(r.LEVELS)):
        for head in range(2):
            grade = p.grade[level]
            if head and level <= r.GUBERNIA:
                grade = 1.0  # secretaries of regions and provinces have the highest rate, like members of the CC
            g = pay(p, grade) - 1.0 + in_kind(p, level, head)
            g = max(g, 0.0)
            out[level, head] = g / (1.0 + g)
    return out


@njit(cache=True)
def pay(p, grade):
    """Pay in average wages: by the scale and its supplements, without a scale the average wage itself."""
    if p.lowest <= 0.0:
        return 1.0
    rate = 1.0 + grade * (p.highest / p.lowest - 1.0)
    if p.no_personal_rates <= 0.0:
        rate *= 1.0 + grade * p.personal_increase
    return rate * (1.0 + p.family * p.with_family + p.off_duty * p.with_off_duty) / p.wage


@njit(cache=True)
def in_kind(p, level, head):
    """What is not paid in money, in average wages: the ration in its documented ratio, and what goes by rank."""
    ration = p.ration_share[level]
    if level > r.CENTRE and p.central_meat > 0.0:
        ration *= p.local_meat / p.central_meat
    worth = ration * p.ration if p.central_meat > 0.0 else 0.0
    if p.provision > 0.0:
        worth += p.housing[level]
    if p.sanatoria > 0.0:
        worth += p.rest[level]
    if p.abroad > 0.0:
        worth += p.travel[level] * (1.0 if head else p.travel_of_others)
    return worth


@njit(cache=True)
def land(w, table, cell_size, paid_over, bench):
    """Puts the stakes of the table on every person; returns how many holders of posts were raised and lowered, shape (levels, 2).

    The secretary of a cell has one only where the cell is large enough for a paid post. `bench[i]`: a worker from the bench.
    """
    moved = np.zeros((table.shape[0], 2), np.int64)
    for i in range(w.persons.size):
        s = w.persons[i]
        if bench[i]:
            continue
        head = w.posts[s.post].head if s.post >= 0 else 0
        new = table[s.level, head]
        if s.level == r.CELL and s.post >= 0 and not cell_size[w.posts[s.post].organ] > paid_over:
            new = 0.0
        if s.post >= 0 and np.float32(new) != s.stake:
            moved[s.level, 0 if np.float32(new) > s.stake else 1] += 1
        s.stake = new
    return moved
