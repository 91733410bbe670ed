"""Congresses and conferences: delegates are chosen in stages, each by those it represents and by the secretary who prepares the
choice; then they vote on the course.

A secretary's hold on a choice grows with his dependence on the Secretariat, his time in the post, an emissary beside him and an
open vote. What he looks for is whoever will vote for the leadership, as far as he knows him: he knows his apparatus best.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power.discussing import secretary_hold
from drivebelt.power.state import CONGRESSES, MEMBERS, RECANTED
from drivebelt.power.voting import column_of, dependence, gain, logistic_noise, nearer, pressure

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["delegates"]
VOTES = draws.STREAMS["votes"]
CONVENE, ELECT, RESOLVE = (r.ACT[name] for name in ("convene", "send-delegate", "resolve"))
CALENDAR = r.ACT["calendar"]


@njit(cache=True)
def supports(w, view, other, course0, rival0, tie, p):
    """How likely a person of this view is to vote for the leadership's text, in (0, 1)."""
    x = p.zeal * (nearer(view, course0, rival0) + tie + other)
    return (1.0 + x / (1.0 + abs(x))) / (1.0 + 1.0)


@njit(cache=True)
def choose(w, seed, area, seats, secretary, held, loyal, officials, first, last, rank, rank_n, column, rival, number, p):
    """Delegates of one area: person numbers, and NONE for a member of the rank and file; `views` beside them.

    `loyal`: whether the secretary looks for votes for the course; one who defies the Centre looks for votes for the rival text.
    Three stages (cell, district, province): each time the pool of the next is what the last has chosen.
    """
    width = int(p.pool)
    pool_person = np.full(width, r.NONE, np.int32)
    pool_view = np.zeros(width)
    key = draws.key(area, number)
    for i in range(width):
        if last > first and draws.uniform(seed, STREAM, key, i) < p.apparatus_pool:
            person = officials[first + draws.below(seed, STREAM, key, i + width, last - first)]
            pool_person[i] = person
            pool_view[i] = w.persons[person].regime
        elif rank_n > 0:
            pool_view[i] = rank[draws.below(seed, STREAM, key, i + width + width, rank_n)]
    aim = dependence(w, secretary, column, p.k, p.elected) if secretary != r.NONE else 0.0
    own = w.persons[secretary].regime if secretary != r.NONE else 0.0
    for stage in range(int(p.stages)):
        next_person, next_view = pool_person.copy(), pool_view.copy()
        for i in range(width):
            stage_key = draws.key(key, stage * width + i)
            best = draws.below(seed, STREAM, stage_key, 0, width)
            if draws.uniform(seed, STREAM, stage_key, 1) < held:
                best_score = draws.LOWEST
                for c in range(int(p.looked_at)):
                    j = draws.below(seed, STREAM, stage_key, c + draws.S2, width)
                    known = p.knows_apparatus if pool_person[j] != r.NONE else p.knows_rank
                    seen = pool_view[j] * known
                    tie = w.ties[pool_person[j], column] if pool_person[j] != r.NONE and column != r.NONE else 0.0
                    wanted = supports(w, seen, 0.0, w.course[0], rival, tie * known, p)
                    score = aim * (wanted if loyal else 1.0 - wanted) - (1.0 - aim) * abs(seen - own)
                    if score > best_score:
                        best, best_score = j, score
            next_person[i], next_view[i] = pool_person[best], pool_view[best]
        pool_person, pool_view = next_person, next_view
    return pool_person[:seats], pool_view[:seats]


@njit(cache=True)
def meet(
    k, w, seed, day, about, root, body, seats, heads, officials, starts, ranks, rank_starts, column, rival, number, days_a_year, p
):
    """Chooses all delegations, lets the delegates vote, and returns votes against and delegates."""
    against = 0
    total = 0
    for a in range(w.areas.size):
        if seats[a] == 0:
            continue
        secretary = heads[a]
        held = secretary_hold(w, secretary, column, day, days_a_year, w.mood[a].sway, p)
        people, views = choose(
            w, seed, a, seats[a], secretary, held, w.mood[a].defiant == 0, officials, starts[a], starts[a + 1],
            ranks[rank_starts[a] : rank_starts[a + 1]], rank_starts[a + 1] - rank_starts[a], column, rival, number, p,
        )  # fmt: skip
        for i in range(people.size):
            person = people[i]
            key = draws.key(draws.key(a, number), i)
            if person != r.NONE:
                u = gain(w, person, w.course[0], w.course[1], rival, w.course[1], 1.0)
                tie = w.ties[person, column] if column != r.NONE else 0.0
                u += p.tie_weight * tie + p.open_vote * p.fear_weight * pressure(w, person, body, column, p.k, p.elected)
            else:
                fear = p.rank_fear + w.mood[a].dread
                u = nearer(views[i], w.course[0], rival) + p.open_vote * p.fear_weight * fear / (fear + w.noes[body] + p.least_noes)
            no = u + logistic_noise(seed, VOTES, key, number, p.noise) <= 0.0
            if person != r.NONE and w.dissent[person].status == RECANTED:
                no = False
            against += 1 if no else 0
            total += 1
            d.act(
                k, day, ELECT, about, r.NONE, r.NONE, w.areas[a], secretary, body, person, r.NONE, r.NONE, r.OPEN, root,
                1 if no else 0, 1,
            )  # fmt: skip
            if no and person != r.NONE and p.sanction > 0:
                w.persons[person].fear += (1.0 - w.persons[person].fear) * p.sanction
    return against, total


def step(w: World, day: int, p: Any) -> None:
    """Holds the congress or conference whose date this is."""
    for name, body in w.congresses_on(day):
        _hold(w, day, name, body, p)


def _hold(w: World, day: int, name: str, body: int, p: Any) -> None:
    power = w.power
    n, areas = int(power.count[MEMBERS]), power.areas.size
    at_home = np.bincount(power.home[:n], minlength=areas)
    open_now = (w.desk.organs["opens"][power.areas] <= day) & (w.desk.organs["closes"][power.areas] > day)
    seats = np.where(open_now, np.minimum((at_home / w.scenario_scale / p.norm).astype(np.int64), int(p.pool)), 0)
    order = np.argsort(power.home[:n], kind="stable")
    ranks = power.views[:n][order].astype(np.float64)
    rank_starts = np.searchsorted(power.home[:n][order], np.arange(areas + 1))
    officials, starts = w.officials_by_area()
    heads = w.desk.organs["head"][power.areas].astype(np.int64)
    number = int(power.count[CONGRESSES])
    power.count[CONGRESSES] = number + 1
    column = column_of(power, w.secretary_person(day))
    rival = w.rival_text(float(power.course[0] - p.rival))
    w.room(acts=int(seats.sum()) + 1 + 1, matters=1)
    about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("congress", 0), r.NONE, body, r.NONE)
    no = r.NONE
    root = d.act(w.desk, day, CALENDAR, about, no, no, body, no, no, no, no, no, r.OPEN, no, number, 1)
    called = d.act(w.desk, day, CONVENE, about, no, no, r.CC, no, body, no, no, no, r.OPEN, root, int(seats.sum()), 1)
    against, total = meet(
        w.desk, power, w.seed, day, about, called, body, seats, heads, officials, starts, ranks, rank_starts, column, rival, number,
        p.days_a_year, p,
    )  # fmt: skip
    w.room(acts=1)
    d.act(w.desk, day, RESOLVE, about, no, no, body, no, no, no, no, no, r.OPEN, called, against, 1)
    share = against / max(total, 1)
    power.noes[body] += p.learning * (share - power.noes[body])
    if share < p.half:
        power.course[0] += p.course_step * (1.0 - share)
        power.course[0] = min(1.0, float(power.course[0]))
    else:
        power.course[0] += p.course_step * share * (1.0 if rival > power.course[0] else -1.0)


MECHANISM = Mechanism(
    name="congresses",
    phase="congresses",
    about="Delegates are chosen in stages, each partly by the secretary who prepares the choice; then they vote on the course.",
    section="I.2",
    emits=("calendar", "convene", "send-delegate", "resolve"),
    step=step,
    reads={
        "base": "hold_base",
        "by_dependence": "hold_by_dependence",
        "by_tenure": "hold_by_tenure",
        "by_emissary": "hold_by_emissary",
        "by_open_vote": "hold_by_open_vote",
        "open_vote": "open_vote",
        "longest_tenure": "tenure_counted",
        "k": "weight_of_stake",
        "elected": "removability_of_elected",
        "zeal": "zeal_of_secretaries",
        "pool": "delegates_pool",
        "apparatus_pool": "apparatus_in_pool",
        "stages": "stages_of_election",
        "looked_at": "candidates_a_seat",
        "knows_apparatus": "knowledge_of_apparatus",
        "knows_rank": "knowledge_of_rank_and_file",
        "tie_weight": "weight_of_ties",
        "fear_weight": "weight_of_fear",
        "rank_fear": "fear_of_rank_and_file",
        "least_noes": "least_noes",
        "noise": "vote_noise",
        "sanction": "fear_from_sanction",
        "norm": "members_a_delegate",
        "rival": "distance_of_rival_text",
        "learning": "learning_of_noes",
        "half": "majority",
        "course_step": "course_step",
        "days_a_year": "days_a_year",
    },
)
