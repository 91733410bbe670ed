"""What a post gives beyond an average wage: pay by the scale in force, rations, housing, rest, travel abroad.

Only ratios inside the scale are used: its lowest rate is 1, and what an average wage is beside it is an assumption. The stake is
g / (1 + g), g the worth of all that the post gives beyond an average wage, in average
wages; it is kept in thousandths.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt import records as r
from drivebelt.compilation import INNER, KERNEL, STEP

THOUSANDTHS = 1000
"""A stake is kept, and told in acts, in these."""


@njit(**KERNEL)
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
            out[level, head] = round(THOUSANDTHS * g / (1.0 + g)) / THOUSANDTHS
    return out


@njit(**INNER)
def pay(p, grade):
    """Pay in average wages: by the scale and its supplements, without a scale the average wage itself."""
    if p.lowest <= 0.0:
        return 1.0
    rate = 1.0 + grade * (p.highest / p.lowest - 1.0)
    if p.no_personal_rates <= 0.0:
        rate *= 1.0 + grade * p.personal_increase
    return rate * (1.0 + p.family * p.with_family + p.off_duty * p.with_off_duty) / p.wage


@njit(**INNER)
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


@njit(**STEP)
def land(w, table, cell_size, paid_over):
    """Puts the stakes of the table on every person.

    The secretary of a cell has one only where the cell is large enough for a paid post. Who has no post has nothing to lose, but
    for the known, whom the Centre provides for.
    """
    for i in range(w.persons.size):
        s = w.persons[i]
        if s.post == r.NONE:
            s.stake = table[r.CENTRE, 0] if s.named else 0.0
            continue
        q = w.posts[s.post]
        small = q.level == r.CELL and not cell_size[q.organ] > paid_over
        s.stake = 0.0 if small else table[q.level, q.head]
