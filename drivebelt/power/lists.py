"""Which posts are on the Centre's lists, to which provincial committee a body belongs, and who can be looked at for a post."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from drivebelt import records as r
from drivebelt.compilation import KERNEL, PART, STEP

if TYPE_CHECKING:
    from drivebelt.power.state import Power

LEVELS = len(r.LEVELS)
CELLS = len(r.BRANCHES) * LEVELS


class Pools(NamedTuple):
    """Persons ordered by branch, level and province (`*_at`: where each cell begins; the reserve by level and province alone, as it
    is sent anywhere), and the retinue of each provincial secretary."""

    serving: npt.NDArray[np.int32]
    serving_at: npt.NDArray[np.int64]
    reserve: npt.NDArray[np.int32]
    reserve_at: npt.NDArray[np.int64]
    retinue: npt.NDArray[np.int32]
    retinue_at: npt.NDArray[np.int64]
    slots: npt.NDArray[np.int64]
    """(organs + 1,): place of a provincial committee among the areas; the last for a body that belongs to none."""
    chiefs: npt.NDArray[np.int64]
    """(areas + 1,): secretary of each area, or NONE."""


@njit(**STEP)
def relist(w, organs, heads, others, day):
    """Marks the posts that the Centre fills on this day: those down to the level that the list of their branch reaches."""
    for post in range(w.posts.size):
        q = w.posts[post]
        if q.level <= r.CENTRE or q.level >= r.VOLOST:
            continue
        reach = heads[q.branch] if q.head else others[q.branch]
        o = organs[q.organ]
        q.listed = q.level <= reach and o.opens <= day < o.closes


def regroup(power: Power, organs: npt.NDArray[np.void], day: int) -> None:
    """After a change of territory: the provincial or regional committee of each body is that of the body now above it."""
    place = np.full(int(organs["territory"].max()) + 2, r.NONE)
    for area in power.areas:
        if organs["opens"][area] <= day < organs["closes"][area]:
            place[organs["territory"][area]] = area
    posts = power.posts
    up = posts["organ"].copy()
    for _ in range(LEVELS):
        lower = organs["level"][up] > r.GUBERNIA
        up = np.where(lower & (organs["above"][up] != r.NONE), organs["above"][up], up)
    outside = (posts["level"] > r.CENTRE) & (organs["closes"][posts["organ"]] > day)
    posts["area"] = np.where(outside, place[organs["territory"][up]], posts["area"])
    held = np.flatnonzero((posts["holder"] != r.NONE) & (posts["level"] > r.CENTRE))
    power.persons["area"][posts["holder"][held]] = posts["area"][held]


@njit(**PART)
def by_cell(cells, n):
    """Persons that have a cell, ordered by it, and where each cell begins."""
    at = np.zeros(n + 1, np.int64)
    for c in cells:
        if c >= 0:
            at[c + 1] += 1
    for i in range(n):
        at[i + 1] += at[i]
    out = np.zeros(at[n], np.int32)
    free = at[:n].copy()
    for i in range(cells.size):
        if cells[i] >= 0:
            out[free[cells[i]]] = i
            free[cells[i]] += 1
    return out, at


@njit(**KERNEL)
def gather(w, organs, day):
    """The pools of this day."""
    areas = w.areas.size
    slots = np.full(organs.size + 1, areas)
    chiefs = np.full(areas + 1, np.int64(r.NONE))
    chief_of = np.full(w.persons.size, np.int64(r.NONE))
    for a in range(areas):
        slots[w.areas[a]] = a
        o = organs[w.areas[a]]
        if o.opens <= day < o.closes and o.head != r.NONE:
            chiefs[a] = o.head
            chief_of[o.head] = a
    n = CELLS * (areas + 1)
    serving = np.full(w.persons.size, np.int64(r.NONE))
    reserve, retinue = serving.copy(), serving.copy()
    for i in range(w.persons.size):
        s = w.persons[i]
        if s.named or s.gone or s.level <= r.CENTRE or s.level >= r.VOLOST:
            continue
        if s.post != r.NONE:
            serving[i] = (s.branch * LEVELS + s.level) * (areas + 1) + slots[s.area]
        elif s.since <= day:
            reserve[i] = s.level * (areas + 1) + slots[s.area]
        if s.patron != r.NONE:
            retinue[i] = chief_of[s.patron]
    a, a_at = by_cell(serving, n)
    b, b_at = by_cell(reserve, LEVELS * (areas + 1))
    c, c_at = by_cell(retinue, areas + 1)
    return Pools(a, a_at, b, b_at, c, c_at, slots, chiefs)
