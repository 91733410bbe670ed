"""How delegates are chosen: the pool of a conference, the hold of whoever prepares the choice, and what he looks for."""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt import draws
from drivebelt import records as r
from drivebelt.power.voting import dependence, nearer

STREAM = draws.STREAMS["delegates"]
RANK, PAID, PART_TIME = range(3)
"""Kinds of delegate: rank and file, paid party officials, officials with other jobs who work in a committee beside them."""


@njit(cache=True)
def logistic(x):
    """A logistic made of a ratio, without the machine's exponential."""
    return (1.0 + x / (1.0 + abs(x))) / 2.0


@njit(cache=True)
def hold(w, area, secretary, column, day, days_a_year, p):
    """How much of a choice is the secretary's, in (0, 1)."""
    if secretary == r.NONE:
        return 0.0
    x = p.base + p.by_dependence * dependence(w, secretary, column, p.k, p.elected)
    x += p.by_tenure * min((day - w.persons[secretary].since) / days_a_year, p.longest_tenure)
    x += p.by_open_vote * p.open_vote + w.hold_added[area] + w.mood[area].sway
    if w.emissary[area] != r.NONE:
        x += p.by_emissary
    return logistic(x)


@njit(cache=True)
def first_pool(w, seed, area, key, paid, others, rank, p):
    """The people from whom the first stage chooses: person numbers (NONE for the rank and file), views and kinds."""
    width = int(p.pool)
    person = np.full(width, r.NONE, np.int32)
    view = np.zeros(width)
    kind = np.full(width, RANK)
    for i in range(width):
        u = draws.uniform(seed, STREAM, key, i)
        if paid.size > 0 and u < p.apparatus_pool:
            person[i], kind[i] = paid[draws.below(seed, STREAM, key, i + width, paid.size)], PAID
        elif others.size > 0 and p.apparatus_pool <= u < p.apparatus_pool + p.part_time_pool:
            person[i], kind[i] = others[draws.below(seed, STREAM, key, i + width, others.size)], PART_TIME
        elif rank.size > 0:
            view[i] = rank[draws.below(seed, STREAM, key, i + width + width, rank.size)]
        if person[i] != r.NONE:
            view[i] = w.persons[person[i]].regime
    return person, view, kind


@njit(cache=True)
def choose_delegates(w, seed, key, person, view, kind, secretary, held, loyal, column, rival, p):
    """Delegates of one area: persons and views, in stages (cell, district, province).

    Each time the pool of the next is what the last has chosen: by lot, so far as the choice is not the secretary's; he looks for
    whoever will vote for the leadership, as far as he knows him; one who defies the Centre (`loyal` false) for votes against it.
    """
    width = person.size
    aim = dependence(w, secretary, column, p.k, p.elected) if secretary != r.NONE else 0.0
    own = w.persons[secretary].regime if secretary != r.NONE else 0.0
    known_of = np.array([p.knows_rank, p.knows_apparatus, p.knows_part])
    for stage in range(int(p.stages)):
        chosen = np.empty(width, np.int64)
        for i in range(width):
            stage_key = draws.key(key, stage * width + i)
            best = draws.below(seed, STREAM, stage_key, 0, width)
            if draws.uniform(seed, STREAM, stage_key, 1) < held:
                best_score = draws.LOWEST
                for c in range(int(p.looked_at)):
                    j = draws.below(seed, STREAM, stage_key, c + draws.S2, width)
                    known = known_of[kind[j]]
                    seen = view[j] * known
                    tie = w.ties[person[j], column] if person[j] != r.NONE and column != r.NONE else 0.0
                    support = logistic(p.zeal * (nearer(seen, w.course[0], rival) + tie * known))
                    score = aim * (support if loyal else 1.0 - support) - (1.0 - aim) * abs(seen - own)
                    if score > best_score:
                        best, best_score = j, score
            chosen[i] = best
        person, view, kind = person[chosen], view[chosen], kind[chosen]
    return person, view
