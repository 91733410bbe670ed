"""How delegates are chosen: the pool of a conference, the hold of whoever prepares the choice, and what he looks for."""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, KERNEL, PART, STEP
from drivebelt.power.state import RECANTED
from drivebelt.power.voting import dependence, gain, logistic_noise, nearer, pressure

STREAM, VOTES = draws.STREAMS["delegates"], draws.STREAMS["votes"]
RANK, PAID, PART_TIME = range(3)
"""Kinds of delegate: rank and file, paid party officials, officials with other jobs who work in a committee beside them."""
HELD, RIVAL, AIM, VIEW = range(4)
"""Columns of a stage of the choice, see `holds_below`."""
HOLD_RULES = {
    "hold": "hold_base",
    "by_dependence": "hold_by_dependence",
    "by_tenure": "hold_by_tenure",
    "by_emissary": "hold_by_emissary",
    "by_open_vote": "hold_by_open_vote",
    "longest_tenure": "tenure_counted",
    "days_a_year": "days_a_year",
    "stages": "stages_of_election",
    "open_vote": "open_vote",
    "k": "weight_of_stake",
    "elected": "removability_of_elected",
}
"""The rules that the hold on a choice of delegates reads."""


def levels_below(stages: int) -> list[int]:
    """Levels whose secretaries prepare the stages under the conference of a province: cells, then districts."""
    return [r.UEZD if stage else r.CELL for stage in range(stages - 1)]


@njit(**INNER)
def logistic(x):
    """A logistic made of a ratio, without the machine's exponential."""
    return (1.0 + x / (1.0 + abs(x))) / 2.0


@njit(**INNER)
def own_hold(w, secretary, column, day, p):
    """How much of a choice is a secretary's by himself, before the logistic."""
    x = p.hold + p.by_dependence * dependence(w, secretary, column, p.k, p.elected)
    x += p.by_tenure * min((day - w.persons[secretary].since) / p.days_a_year, p.longest_tenure)
    return x + p.by_open_vote * p.open_vote


@njit(**STEP)
def hold(w, area, secretary, column, day, p):
    """How much of a choice is the secretary's, in (0, 1), with what the Centre adds to it in his area."""
    if secretary == r.NONE:
        return 0.0
    x = own_hold(w, secretary, column, day, p) + w.hold_added[area] + w.mood[area].sway
    if w.emissary[area] != r.NONE:
        x += p.by_emissary
    return logistic(x)


@njit(**KERNEL)
def holds_below(w, secretaries, area_of, rivals, instructed, column, day, p):
    """The choice at a stage below the province, by area: mean hold of the secretaries there, the part of it that those use who
    are for a rival text (`rivals`), their mean dependence, their mean view. Shape (areas, 4).

    `instructed`: what the Centre adds in an area reaches them too.
    """
    out = np.zeros((w.areas.size, 4))
    n = np.zeros(w.areas.size)
    for i in range(secretaries.size):
        a, who = area_of[i], secretaries[i]
        held = hold(w, a, who, column, day, p) if instructed else logistic(own_hold(w, who, column, day, p))
        out[a, HELD] += held
        out[a, RIVAL] += held * rivals[i]
        out[a, AIM] += dependence(w, who, column, p.k, p.elected)
        out[a, VIEW] += w.persons[who].regime
        n[a] += 1
    for a in range(n.size):
        for x in range(out.shape[1]):
            out[a, x] /= max(n[a], 1.0)
    return out


@njit(**INNER)
def votes_no(w, area, person, view, body, column, rival, key, number, seed, p):
    """Whether a delegate votes against the leadership's text; one who has taken his view back does not."""
    if person != r.NONE and w.dissent[person].status == RECANTED:
        return False
    if person != r.NONE:
        u = gain(w, person, w.course[0], w.course[1], rival, w.course[1], 1.0)
        tie = w.ties[person, column] if column != r.NONE else 0.0
        u += p.tie_weight * tie + p.open_vote * p.fear_weight * pressure(w, person, body, column, p.k, p.elected)
    else:
        u = nearer(view, w.course[0], rival)
        fear = p.rank_fear + w.mood[area].dread
        u += p.open_vote * p.fear_weight * fear / (fear + w.noes[body] + p.least_noes)
    return u + logistic_noise(seed, VOTES, key, number, p.noise) <= 0.0


@njit(**PART)
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


@njit(**INNER)
def for_the_list(w, seed, area, key, person, view, loyal, column, rival, number, p):
    """Whether a conference carries the list of its secretary: more than half stand on his side in an open vote."""
    against = 0
    for i in range(person.size):
        no = votes_no(w, area, person[i], view[i], w.areas[area], column, rival, draws.key(key, i + person.size), number, seed, p)
        against += 1 if no == loyal else 0
    return against + against < person.size


@njit(**PART)
def all_paid(w, paid, person, view, kind):
    """The paid officials of a province, whether sent to its conference or not, and after them the others who were."""
    n = paid.size
    every = n
    for i in range(kind.size):
        every += kind[i] != PAID
    persons, views, kinds = np.zeros(every, np.int32), np.zeros(every), np.full(every, PAID)
    for i in range(n):
        persons[i], views[i] = paid[i], w.persons[paid[i]].regime
    for i in range(kind.size):
        if kind[i] != PAID:
            persons[n], views[n], kinds[n] = person[i], view[i], kind[i]
            n += 1
    return persons, views, kinds


@njit(**PART)
def best_first(score):
    """Positions by score, the best first; of equals the earlier first."""
    order = np.zeros(score.size, np.int64)
    for i in range(score.size):
        at = i
        while at > 0 and score[order[at - 1]] < score[i]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = i
    return order


@njit(**KERNEL)
def choose_delegates(w, seed, area, key, seats, person, view, kind, paid, stages, loyal, column, rival, number, p):
    """Delegates of one area: persons and views, in stages (cell, district, province), each prepared by the secretaries of its own
    level: `stages` holds a row for each, as `holds_below` gives them.

    Each time the pool of the next is what the last has chosen: by lot, so far as the choice is not the secretary's; he looks for
    whoever will vote for the leadership, as far as he knows him; one who defies the Centre (`loyal` false) for votes against it.
    Where the choice is made under its representatives or those who think otherwise are struck out altogether (`p.reelection`,
    `p.struck_out`), the conference of the province elects a list, and the majority takes all: its best come first. Where
    secretaries answer for their delegates (`p.instructed`), those at the Centre's side look at nothing but support, and to holders
    of paid posts first, all of them in the province.
    """
    width = person.size
    known_of = (p.knows_rank, p.knows_apparatus, p.knows_part)
    for stage in range(len(stages)):
        last = stage + 1 == len(stages)
        held, aim, own = stages[stage, HELD], stages[stage, AIM], stages[stage, VIEW]
        wanted, paid_only = loyal, False
        if last and p.struck_out + p.reelection > 0.0 and held > 0.0:
            held = 1.0
            if not for_the_list(w, seed, area, key, person, view, loyal, column, rival, number, p):
                wanted, aim = not loyal, 1.0
        if last and p.instructed > 0 and wanted:
            aim, paid_only = 1.0, True
            if held == 1.0 and paid.size >= seats:
                person, view, kind = all_paid(w, paid, person, view, kind)
                width = person.size
        score = np.zeros(width)
        for j in range(width):
            known = known_of[kind[j]]
            seen = view[j] * known
            tie = w.ties[person[j], column] if person[j] != r.NONE and column != r.NONE else 0.0
            support = logistic(p.zeal * (nearer(seen, w.course[0], rival) + tie * known))
            score[j] = aim * (support if wanted else 1.0 - support) - (1.0 - aim) * abs(seen - own)
            if paid_only and kind[j] != PAID:
                score[j] -= 1.0
        if held == 1.0:
            chosen = best_first(score)
        else:
            chosen = np.zeros(width, np.int64)
            for i in range(width):
                stage_key = draws.key(key, stage * width + i)
                chosen[i] = draws.below(seed, STREAM, stage_key, 0, width)
                if draws.uniform(seed, STREAM, stage_key, 1) < held:
                    best_score = draws.LOWEST
                    for c in range(int(p.looked_at)):
                        j = draws.below(seed, STREAM, stage_key, c + draws.S2, width)
                        if score[j] > best_score:
                            chosen[i], best_score = j, score[j]
        person, view, kind = person[chosen], view[chosen], kind[chosen]
    return person, view
