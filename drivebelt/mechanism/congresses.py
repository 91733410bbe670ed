"""Congresses and conferences: delegates are chosen in stages, each by those it represents and by the secretary who prepares the
choice; then they vote on the course.

Each stage (cell, district, province) is prepared by the secretaries of its own level. A secretary's hold on a choice grows with his
dependence on the Secretariat, his time in the post, an emissary beside him and an open vote. What he looks for is whoever will vote
for the leadership, as far as he knows him: he knows his apparatus best. Before a meeting members of the Central Committee go to
where most is at stake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import KERNEL
from drivebelt.mechanism import Mechanism
from drivebelt.power.delegates import (
    AIM,
    HELD,
    HOLD_RULES,
    PAID,
    RIVAL,
    VIEW,
    choose_delegates,
    first_pool,
    hold,
    holds_below,
    levels_below,
    votes_no,
)
from drivebelt.power.disputes import rival_text
from drivebelt.power.masses import voters
from drivebelt.power.state import CONGRESSES
from drivebelt.power.voting import column_of, dependence
from drivebelt.world import leaders, provinces

if TYPE_CHECKING:
    from drivebelt.world import World

CALENDAR, CONVENE, ELECT, RESOLVE, SEND = (r.ACT[x] for x in ("calendar", "convene", "send-delegate", "resolve", "send-emissary"))


@njit(**KERNEL)
def meet(
    k, w, seed, day, about, root, body, seats, heads, below, paid, paid_at, others, others_at, ranks, ranks_at, column, rival,
    number, p,
):  # fmt: skip
    """Chooses all delegations, lets the delegates vote, and returns votes against and delegates.

    `below`: the stages under the province, as `holds_below` gives them.
    An area's conference is called by its secretary: one act, with the number of paid officials in its first pool.
    """
    against = 0
    total = 0
    above, columns = below.shape[0], len(below[0, 0])
    stages = np.zeros((above + 1, columns))
    for a in range(w.areas.size):
        if seats[a] == 0:
            continue
        secretary = heads[a]
        for i in range(columns):
            for stage in range(above):
                stages[stage, i] = below[stage, a, i]
            stages[above, i] = 0.0
        last = stages[above]
        if secretary != r.NONE:
            last[HELD], last[VIEW] = hold(w, a, secretary, column, day, p), w.persons[secretary].regime
            last[AIM] = dependence(w, secretary, column, p.k, p.elected)
        key = draws.key(a, number)
        here = paid[paid_at[a] : paid_at[a + 1]]
        people, views, kinds = first_pool(
            w, seed, a, key, here, others[others_at[a] : others_at[a + 1]],
            ranks[ranks_at[a] : ranks_at[a + 1]], p,
        )  # fmt: skip
        officials = 0
        for i in range(kinds.size):
            officials += kinds[i] == PAID
        called = d.act(
            k, day, CONVENE, about, r.NONE, r.NONE, w.areas[a], secretary, body, r.NONE, r.NONE, r.NONE, r.OPEN, root,
            officials, 1,
        )  # fmt: skip
        people, views = choose_delegates(
            w, seed, a, key, seats[a], people, views, kinds, here, stages, w.mood[a].defiant == 0, column, rival, number, p
        )  # fmt: skip
        for i in range(seats[a]):
            person = people[i]
            no = votes_no(w, a, person, views[i], body, column, rival, draws.key(key, i), number, seed, p)
            against += 1 if no else 0
            total += 1
            d.act(
                k, day, ELECT, about, r.NONE, r.NONE, w.areas[a], secretary, body, person, r.NONE, r.NONE, r.OPEN, called,
                1 if no else 0, 1,
            )  # fmt: skip
            if no and person != r.NONE and p.sanction > 0:
                w.persons[person].fear += (1.0 - w.persons[person].fear) * p.sanction
    return against, total


def step(w: World, day: int, p: Any) -> None:
    """Sends emissaries before a congress or conference, and holds the one whose date this is."""
    if p.emissaries_go:
        for _, body in w.congresses_on(day + int(p.lead)):
            _send(w, day, body, p)
    for _, body in w.congresses_on(day):
        _hold(w, day, body, p)


def _seats(w: World, day: int, p: Any) -> npt.NDArray[np.int64]:
    """Delegates of each area, by its members."""
    power = w.power
    at_home = np.bincount(voters(power), minlength=power.areas.size + 1)[: power.areas.size]
    return np.where(
        provinces.areas_open(w, day), np.minimum((at_home / w.scenario_scale / p.norm).astype(np.int64), int(p.pool)), 0
    )


def _send(w: World, day: int, body: int, p: Any) -> None:
    """Members of the Central Committee go, one to a province, to where most delegates are beyond the secretary's hold."""
    power, no = w.power, r.NONE
    seats, heads = _seats(w, day, p), w.desk.organs["head"][power.areas]
    column = int(column_of(power, leaders.secretary_person(w, day)))
    loose = [int(n) * (1.0 - hold(power, a, int(heads[a]), column, day, p)) for a, n in enumerate(seats)]
    where = [a for a in sorted(range(seats.size), key=lambda a: (-loose[a], a)) if seats[a] > 0]
    at_home = set(heads.tolist())
    who = [person for person in leaders.travelling(w, day) if person not in at_home][: int(p.emissaries)]
    w.room(acts=len(who) + 1, matters=1)
    about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("congress", 0), no, r.SECRETARIAT, no)
    root = d.act(w.desk, day, CALENDAR, about, no, no, body, no, no, no, no, no, r.SECRET, no, len(who), 1)
    for area, person in zip(where, who, strict=False):
        power.emissary[area] = person
        d.act(
            w.desk, day, SEND, about, no, no, r.SECRETARIAT,
            leaders.secretary_person(w, day), int(power.areas[area]), person, no, no,
            r.SECRET, root, no, 1,
        )  # fmt: skip


def _hold(w: World, day: int, body: int, p: Any) -> None:
    power = w.power
    seats = _seats(w, day, p)
    homes = voters(power)
    order = np.argsort(homes, kind="stable")
    ranks = power.views[: homes.size][order].astype(np.float64)
    ranks_at = np.searchsorted(homes[order], np.arange(power.areas.size + 1))
    heads = w.desk.organs["head"][power.areas].astype(np.int64)
    number = int(power.count[CONGRESSES])
    power.count[CONGRESSES] = number + 1
    column = column_of(power, leaders.secretary_person(w, day))
    rival = rival_text(w.power, float(power.course[0] - p.rival))
    stages = levels_below(int(p.stages))
    nobody = np.zeros(power.persons.size)
    below = np.zeros((len(stages), power.areas.size, len((HELD, RIVAL, AIM, VIEW))))
    for stage, level in enumerate(stages):
        people, area_of = provinces.secretaries(w, level, day)
        below[stage] = holds_below(power, people, area_of, nobody, level == r.UEZD, column, day, p.only(HOLD_RULES))
    w.room(acts=int(seats.sum()) + seats.size + 2, matters=1)
    about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("congress", 0), r.NONE, body, r.NONE)
    no = r.NONE
    root = d.act(w.desk, day, CALENDAR, about, no, no, body, no, no, no, no, no, r.OPEN, no, number, 1)
    called = d.act(w.desk, day, CONVENE, about, no, no, r.CC, no, body, no, no, no, r.OPEN, root, int(seats.sum()), 1)
    against, total = meet(
        w.desk, power, w.seed, day, about, called, body, seats, heads, below,
        *provinces.officials_by_area(w), *provinces.part_timers_by_area(w),
        ranks, ranks_at, column, rival, number, p,
    )  # fmt: skip
    power.emissary[:] = no
    w.room(acts=1)
    d.act(w.desk, day, RESOLVE, about, no, no, body, no, no, no, no, no, r.OPEN, called, against, 1)
    share = against / max(total, 1)
    power.noes[body] += p.learning * (share - power.noes[body])
    if share < p.half:
        power.course[0] += p.course_step * (1.0 - share)
        power.course[0] = min(1.0, float(power.course[0]))
    else:
        power.course[0] += p.course_step * share * (rival - power.course[0])


MECHANISM = Mechanism(
    name="congresses",
    phase="congresses",
    about="Delegates are chosen in stages, each partly by the secretary who prepares the choice; then they vote on the course.",
    section="I.2",
    emits=("calendar", "convene", "send-delegate", "resolve", "send-emissary"),
    step=step,
    reads={
        **HOLD_RULES,
        "emissaries_go": "emissaries_form_congress",
        "emissaries": "emissaries_a_meeting",
        "lead": "emissaries_days_before",
        "zeal": "zeal_of_secretaries",
        "pool": "delegates_pool",
        "apparatus_pool": "apparatus_in_pool",
        "part_time_pool": "part_time_in_pool",
        "struck_out": "means_against_opposition_1923",
        "reelection": "reelection_under_cc_representatives",
        "instructed": "delegates_paid_responsible_and_loyal",
        "looked_at": "candidates_a_seat",
        "knows_apparatus": "knowledge_of_apparatus",
        "knows_part": "knowledge_of_part_timers",
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
    },
)
