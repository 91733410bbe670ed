"""How many of those who would join come in: whom the rules let ask, whom the cells can hear, whom they take."""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, KERNEL, STEP
from drivebelt.power.masses import DRAFT, YEARS, term
from drivebelt.power.state import BENCH, CANDIDATE, MEMBERS, RED_ARMY, SEASONED

APPLIED, ADMITTED = range(2)
"""Columns of what `round_of_admission` returns."""


@njit(**INNER)
def power_of(x, n):
    """x to a whole power, by multiplication."""
    out = 1.0
    for _ in range(int(n)):
        out *= x
    return out


@njit(**INNER)
def share_above(years, least):
    """Share of an area's full members with so many years in the party."""
    total, enough = 0, 0
    for y in range(YEARS):
        total += years[y]
        if y >= least:
            enough += years[y]
    return enough / max(total, 1)


@njit(**STEP)
def finds(years, number, least, known):
    """The chance that somebody who knows `known` members finds so many with so many years among them, one after the other."""
    none = power_of(1.0 - share_above(years, least), known)
    return power_of(1.0 - none, number)


@njit(**KERNEL)
def round_of_admission(k, w, seed, stream, day, month, years, drafting, people, terms, seasoned, soldier, p):
    """Applied and admitted this month, shape (areas, classes, 2). `drafting[a]`: whether a draft is held in the area.

    Applications are the willing times what moves them (less by every month of candidacy to come, more in a draft), times the
    chance of finding recommenders where the rules ask for them. Cells hear so many a month, workers first in a draft; of those
    heard they take a share by class, more where the committee above presses for numbers.
    """
    areas, classes = w.willing.shape
    out = np.zeros((areas, classes, 2), np.int64)
    for a in range(areas):
        o = k.organs[w.areas[a]]
        if o.opens > day or o.closes <= day:
            continue
        free = np.zeros(len(r.PLACES))
        for place in range(free.size):
            free[place] = w.cells[a, place] * (p.heard_in_draft if drafting[a] else p.heard)
        for c in range(classes):
            place = 1 if c == r.PEASANT else 0
            stock = people[c] * w.people[a, place]
            w.willing[a, c] += p.renewal * (p.wish[c] * stock - w.willing[a, c])
            called = drafting[a] and c == r.WORKER
            wait = power_of(p.patience, terms[c])
            if c == r.WORKER:
                wait = p.seasoned * power_of(p.patience, seasoned) + (1.0 - p.seasoned) * wait
                if p.no_stage > 0:
                    wait = p.bench + (1.0 - p.bench) * wait
            move = p.hazard * wait
            if called:
                move *= p.pull
            elif c == r.PEASANT and p.countryside > 0:
                move *= p.country_pull
            if not (called and p.no_recommendations > 0):
                move *= finds(years[a], p.recommenders[c], p.recommender_years[c], p.known)
            key = draws.key(draws.key(a, c), month)
            asked = int(min(move, 1.0) * w.willing[a, c] + draws.uniform(seed, stream, key, 0))
            asked = min(asked, int(w.willing[a, c] + 1.0))
            taken = p.taken[c]
            if p.limited > 0 and c > r.PEASANT:
                taken *= p.limit_of_others
            if drafting[a]:
                if p.few_employees > 0 and c == r.EMPLOYEE:
                    taken *= p.limit_in_draft
                if called:
                    taken += (1.0 - taken) * p.pressure * o.zeal
            heard = min(float(asked), free[place])
            free[place] -= heard
            came = min(asked, int(heard * taken + draws.uniform(seed, stream, key, 1)))
            w.willing[a, c] = max(0.0, w.willing[a, c] - asked)
            out[a, c, APPLIED], out[a, c, ADMITTED] = asked, came
    return out


@njit(**STEP)
def join(w, seed, stream, month, came, drafting, terms, seasoned, soldier, ordinary, p):
    """Writes the new members into the list; returns how many found room."""
    total = 0
    for a in range(came.shape[0]):
        for c in range(came.shape[1]):
            cohort = DRAFT if drafting[a] and c == r.WORKER else ordinary
            for j in range(came[a, c, ADMITTED]):
                i = w.count[MEMBERS]
                if i >= w.views.size:
                    came[a, c, ADMITTED] = j
                    break
                name = draws.key(draws.key(a, month), draws.key(c, j))
                mark = 0
                if c == r.WORKER:
                    mark |= SEASONED if draws.uniform(seed, stream, name, 0) < p.seasoned else 0
                    mark |= BENCH if cohort == DRAFT or draws.uniform(seed, stream, name, 1) < p.bench else 0
                elif draws.uniform(seed, stream, name, 1) < p.soldiers:
                    mark |= RED_ARMY
                skips = p.no_stage > 0 and mark & BENCH
                if not skips and term(c, mark, terms, seasoned, soldier) > 0:
                    mark |= CANDIDATE
                u = draws.uniform(seed, stream, name, draws.S2)
                letters = r.LOWER
                if u < p.unlettered[c]:
                    letters = r.ILLITERATE
                elif u > 1.0 - p.higher[c]:
                    letters = r.HIGHER
                elif u > 1.0 - p.higher[c] - p.middle[c]:
                    letters = r.MIDDLE
                w.views[i] = min(1.0, max(-1.0, p.regime + p.spread * draws.normal(seed, stream, name, draws.S3)))
                w.trust[i] = p.trust * p.by_cohort[cohort] * p.by_literacy[letters] * (
                    draws.uniform(seed, stream, name, draws.S4) + 0.5
                )  # fmt: skip
                w.home[i], w.cohort[i], w.klass[i], w.literacy[i], w.marks[i] = a, cohort, c, letters, mark
                w.joined[i], w.name[i] = month, name
                w.count[MEMBERS] = i + 1
                total += 1
    return total
