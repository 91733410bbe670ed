"""Lists and ballots: whom a leadership puts up, whom delegates and members of a committee strike out. Pure functions."""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import KERNEL, STEP
from drivebelt.power.voting import dependence, logistic_noise, nearer, pressure

STREAM = draws.STREAMS["slates"]


@njit(**STEP)
def apart(w, i, v0, v1):
    """Distance of a person from a position, summed over the two axes."""
    return abs(w.persons[i].regime - v0) + abs(w.persons[i].economy - v1)


@njit(**KERNEL)
def merits(w, people, own, sitting, v0, v1, column, p):
    """What speaks for each person in the eyes of a leadership that stands at (v0, v1), shape of `people`.

    `own`: what each can lean on by himself, in [0, 1]; `sitting`: who sits in the body already.
    """
    out = np.zeros(people.size)
    for j in range(people.size):
        i = people[j]
        out[j] = (
            p.obedience * dependence(w, i, column, p.k, p.elected) + p.competence * w.persons[i].competence
            + p.standing * own[j] + p.incumbency * sitting[j] - p.likeness * apart(w, i, v0, v1)
        )  # fmt: skip
    return out


@njit(**KERNEL)
def congress_votes(w, seed, people, own, listed, number, delegates, dissenting, p):
    """Votes for each name, shape of `people`, of so many delegates of whom some stand for the rival text.

    Those who stand for the course have a good will towards the list, and in an open vote something to fear; dissenters have not.
    """
    out = np.zeros(people.size, np.int64)
    own_text, rival = w.course[0], w.course[0] - p.rival
    for j in range(people.size):
        view = w.persons[people[j]].regime
        key = draws.key(people[j], number)
        for delegate in range(delegates):
            if delegate < dissenting:
                u = p.likeness * nearer(view, rival, own_text)
            else:
                u = p.likeness * nearer(view, own_text, rival)
                u += listed[j] * (p.goodwill + p.open_vote * p.fear_weight * p.rank_fear)
            u = p.zeal * (u + p.standing * own[j])
            out[j] += 1 if u + logistic_noise(seed, STREAM, key, delegate, 1.0) > 0.0 else 0
    return out


@njit(**KERNEL)
def committee_votes(w, seed, voters, people, own, listed, number, column, p):
    """Votes for each name in the Central Committee, shape of `people`: nearness, name, and for the list ties and fear."""
    out = np.zeros(people.size, np.int64)
    for j in range(people.size):
        s = w.persons[people[j]]
        for v in voters:
            u = p.standing * own[j] - p.likeness * apart(w, v, s.regime, s.economy)
            if listed[j]:
                tie = w.ties[v, column] if column != r.NONE else 0.0
                u += p.goodwill + p.tie_weight * tie
                u += p.open_vote * p.fear_weight * pressure(w, v, r.CC, column, p.k, p.elected)
            if u + logistic_noise(seed, STREAM, draws.key(people[j], number), v, p.noise) > 0.0 or v == people[j]:
                out[j] += 1
    return out


@njit(**STEP)
def choose_head(w, seed, voters, old, new, number, column, p):
    """Votes for another head of the Secretariat against the present one: nearness against ties and what a no would cost."""
    out = 0
    a, b = w.persons[old], w.persons[new]
    for v in voters:
        u = p.likeness * (apart(w, v, a.regime, a.economy) - apart(w, v, b.regime, b.economy)) + p.goodwill
        tie = w.ties[v, column] if column != r.NONE else 0.0
        u -= p.tie_weight * tie + p.open_vote * p.fear_weight * pressure(w, v, r.CC, column, p.k, p.elected)
        out += 1 if u + logistic_noise(seed, STREAM, draws.key(number, new), v, p.noise) > 0.0 else 0
    return out


@njit(**KERNEL)
def best(scores, places):
    """Places of the highest scores, the highest first; equal ones in the order of the list."""
    out = np.zeros(min(places, scores.size), np.int64)
    taken = np.zeros(scores.size, np.bool_)
    for n in range(out.size):
        top = r.NONE
        for j in range(scores.size):
            if not taken[j] and (top == r.NONE or scores[j] > scores[top]):
                top = j
        taken[top] = True
        out[n] = top
    return out
