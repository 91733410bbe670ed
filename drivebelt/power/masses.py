"""Members in the mass: one pass a month over all of them, counts of all kinds, and how many of the willing come in.

Chances are keyed by the member himself (`name`) and the month. Everything that leaves these functions is a whole number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import float32, float64, int64, njit, types, uint64

from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, KERNEL, STEP
from drivebelt.power.counting import (
    ACTIVE,
    ACTIVE_DRAFTED,
    ACTIVE_SENIOR,
    ALL,
    AT_BENCH,
    BEFORE_1905,
    BEFORE_1917,
    CANDIDATES,
    COUNTS,
    DRAFTED,
    HIGHLY,
    LOWLY,
    SCHOOLED,
    SENIOR,
    UNLETTERED,
    WORKERS,
)  # fmt: skip
from drivebelt.power.state import BENCH, CANDIDATE, ENTITLED, GONE, MEMBERS, POWER, RED_ARMY, SEASONED, TRAINED, Power

LEFT, DIED, EXPELLED = range(3)
"""Columns of `exits`: went by own wish, died, put out by a committee."""
YEARS = 12
"""Years of seniority told apart among those who may recommend; the last stands for more."""
DRAFT = r.COHORTS.index("draft")
_1905, _1917, _1921 = ((y - 1880) * r.MONTHS_PER_YEAR for y in (1905, 1917, 1921))


@njit(uint64(int64, int64, int64), **STEP)
def salt(seed, stream, month):
    """What all draws of a month share."""
    return draws.bits(seed, stream, month, 1)


@njit(float64(int64, uint64), **STEP)
def chance(name, salted):
    """A draw in [0, 1) of one member for one purpose: a single round of mixing, for passes over a million of them."""
    x = (np.uint64(name) * draws.GOLDEN) ^ salted
    x = (x ^ (x >> draws.S33)) * draws.MIX
    x = (x ^ (x >> draws.S33)) * draws.GOLDEN
    return float(x >> draws.S32) * (draws.UNIT32 * 0.5)


@njit(**KERNEL)
def keys(n):
    """The keys of the members of the first day."""
    out = np.zeros(n, np.int32)
    for i in range(n):
        out[i] = draws.key(i, r.NONE)
    return out


@njit(types.int64[:, ::1](POWER, int64, int64, int64, float64[::1], float64), **KERNEL)
def count_members(w, seed, stream, month, activity, cost):
    """Counts of all kinds by area, shape (areas, len(COUNTS)).

    A member is active if his draw, the same through the years, lies below what his class tends to, lowered by what he has to
    lose: his seniority times the share of members put out in his area of late.
    """
    areas = w.areas.size
    out = np.zeros((areas, len(COUNTS)), np.int64)
    fixed = salt(seed, stream, 0)
    for i in range(w.count[MEMBERS]):
        if not w.marks[i] & GONE:
            out[w.home[i], ALL] += 1
    risk = np.zeros(areas)
    for a in range(areas):
        risk[a] = cost * w.put_out[a] / max(out[a, ALL], 1) / r.MONTHS_PER_YEAR
    for i in range(w.count[MEMBERS]):
        mark = w.marks[i]
        if mark & GONE:
            continue
        a = w.home[i]
        o = out[a]
        if mark & CANDIDATE:
            o[CANDIDATES] += 1
        o[WORKERS + w.klass[i]] += 1
        letters = w.literacy[i]
        if letters == r.ILLITERATE:
            o[UNLETTERED] += 1
        elif letters == r.LOWER:
            o[LOWLY] += 1
        elif letters == r.HIGHER:
            o[HIGHLY] += 1
        since = w.joined[i]
        if since < _1905:
            o[BEFORE_1905] += 1
        if since < _1917:
            o[BEFORE_1917] += 1
        if mark & BENCH:
            o[AT_BENCH] += 1
        active = chance(w.name[i], fixed) * (1.0 + risk[a] * (month - since)) < activity[w.klass[i]]
        if active:
            o[ACTIVE] += 1
        if w.cohort[i] == DRAFT:
            o[DRAFTED] += 1
            if mark & TRAINED:
                o[SCHOOLED] += 1
            if active:
                o[ACTIVE_DRAFTED] += 1
        if since < _1921:
            o[SENIOR] += 1
            if active:
                o[ACTIVE_SENIOR] += 1
    return out


@njit(types.int64[:, ::1](POWER, int64), **KERNEL)
def seniority(w, month):
    """Full members by years in the party and area, shape (areas, YEARS)."""
    out = np.zeros((w.areas.size, YEARS), np.int64)
    for i in range(w.count[MEMBERS]):
        if not w.marks[i] & (GONE | CANDIDATE):
            out[w.home[i], min((month - w.joined[i]) // r.MONTHS_PER_YEAR, YEARS - 1)] += 1
    return out


@njit(**INNER)
def go(w, i):
    """One member less: he keeps his row, without home and without trust."""
    w.marks[i] |= GONE
    w.home[i] = w.areas.size
    w.trust[i] = 0.0


@njit(**KERNEL)
def exits(w, seed, stream, month, leaves, deaths, expelled, candidates_leave):
    """Who goes this month, by chances a year: of his own wish, by death, put out by his committee (the convicted among them)."""
    areas = w.areas.size
    out = np.zeros((areas, 3), np.int64)
    salted = salt(seed, stream, month)
    there = np.zeros(areas, np.int64)
    for i in range(w.count[MEMBERS]):
        if not w.marks[i] & GONE:
            there[w.home[i]] += 1
    by_court = np.zeros(areas)
    for a in range(areas):
        by_court[a] = w.convicted[a] / max(there[a], 1)
        w.convicted[a] = 0
    for i in range(w.count[MEMBERS]):
        mark = w.marks[i]
        if mark & GONE:
            continue
        a = w.home[i]
        leave = leaves[w.klass[i]] / r.MONTHS_PER_YEAR
        if mark & CANDIDATE:
            leave *= candidates_leave
        u = chance(w.name[i], salted) - leave
        if u < 0.0:
            out[a, LEFT] += 1
        else:
            u -= deaths[w.cohort[i]] / r.MONTHS_PER_YEAR
            if u < 0.0:
                out[a, DIED] += 1
            elif u - expelled / r.MONTHS_PER_YEAR - by_court[a] < 0.0:
                out[a, EXPELLED] += 1
                w.put_out[a] += 1.0
            else:
                continue
        go(w, i)
    return out


@njit(**KERNEL)
def confirm(w, seed, stream, month, terms, seasoned, soldier, ready):
    """Candidates whose term is over become full members, each month a share of them; returns how many by area."""
    out = np.zeros(w.areas.size, np.int64)
    salted = salt(seed, stream, month)
    for i in range(w.count[MEMBERS]):
        mark = w.marks[i]
        if mark & GONE or not mark & CANDIDATE:
            continue
        if month - w.joined[i] >= term(w.klass[i], mark, terms, seasoned, soldier) and chance(w.name[i], salted) < ready:
            w.marks[i] = mark & ~CANDIDATE
            out[w.home[i]] += 1
    return out


@njit(**STEP)
def term(klass, mark, terms, seasoned, soldier):
    """Months of candidacy by class; of workers with ten years in large industry and of soldiers by rules of their own."""
    if mark & SEASONED:
        return seasoned
    return soldier if mark & RED_ARMY else terms[klass]


@njit(**KERNEL)
def school(w, seed, stream, month, seats, firmer):
    """Entrants of drafts without a course pass through one as far as the seats of an area go; returns how many by area."""
    areas = w.areas.size
    wait = np.zeros(areas, np.int64)
    for i in range(w.count[MEMBERS]):
        if w.cohort[i] == DRAFT and not w.marks[i] & (GONE | TRAINED):
            wait[w.home[i]] += 1
    out = np.zeros(areas, np.int64)
    salted = salt(seed, stream, month)
    for i in range(w.count[MEMBERS]):
        if w.cohort[i] == DRAFT and not w.marks[i] & (GONE | TRAINED):
            a = w.home[i]
            if chance(w.name[i], salted) * wait[a] < seats[a]:
                w.marks[i] |= TRAINED
                w.trust[i] *= firmer
                out[a] += 1
    return out


@njit(**KERNEL)
def verify(w, seed, stream, month, chosen, share, strict, bias, tolerance, course):
    """A commission in the chosen areas looks at a share of the members and puts some out; returns how many by area.

    It goes by class, as the rule has it, and by how far a member stands from the course on the side of inner-party democracy.
    """
    out = np.zeros(w.areas.size, np.int64)
    salted = salt(seed, stream, month)
    for i in range(w.count[MEMBERS]):
        if w.marks[i] & GONE or not chosen[w.home[i]]:
            continue
        risk = share * (strict[w.klass[i]] + bias * max(0.0, course - tolerance - w.views[i]))
        if chance(w.name[i], salted) < risk:
            a = w.home[i]
            out[a] += 1
            w.put_out[a] += 1.0
            go(w, i)
    return out


@njit(float64(POWER, float32[::1], float64), **KERNEL)
def mean_distance(w, values, centre):
    """Mean distance from `centre` of what members have, added in the order of the list."""
    total, n = 0.0, 0
    for i in range(w.count[MEMBERS]):
        if not w.marks[i] & GONE:
            total += abs(values[i] - centre)
            n += 1
    return total / max(n, 1)


def leaning(w: Power, course: float) -> npt.NDArray[Any]:
    """By area: how many members stand below the course, weighed by how far."""
    n, areas = int(w.count[MEMBERS]), w.areas.size
    return np.bincount(w.home[:n], np.maximum(course - w.views[:n].astype(np.float64), 0.0), areas + 1)[:areas]


def by_place(w: Power) -> npt.NDArray[np.int64]:
    """Members in town and village, shape (areas, places): peasants belong to cells of villages."""
    n, areas = int(w.count[MEMBERS]), w.areas.size
    at = w.home[:n] * np.int64(2) + (w.klass[:n] == r.PEASANT)
    return np.bincount(at, minlength=2 * areas + 2)[: 2 * areas].reshape(areas, 2)


def voters(w: Power) -> npt.NDArray[np.int16]:
    """Home of each member who may vote for delegates; the number of areas for the others."""
    n = int(w.count[MEMBERS])
    may = (w.marks[:n] & (CANDIDATE | ENTITLED)) != CANDIDATE
    return np.where(may, w.home[:n], np.int16(w.areas.size))


def entitle(w: Power) -> None:
    """Entrants of drafts may vote for delegates like full members."""
    n = int(w.count[MEMBERS])
    w.marks[:n][w.cohort[:n] == DRAFT] |= ENTITLED


def remove_area(w: Power, area: int, heir: int) -> None:
    """Everything of a closed area goes to the one that takes over from it."""
    w.home[w.home == area] = heir
    for of_area in (w.willing, w.cells, w.people, w.put_out, w.convicted):
        of_area[heir] += of_area[area]
        of_area[area] = 0
