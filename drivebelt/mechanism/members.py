"""Members: each moves week by week towards the cue of his committee's secretary, by trust; month by month some go.

They leave of their own wish, die, or are put out by their committees, those convicted by a court among them. On the first of a
month the party is counted: what the counts say of class, schooling, seniority and activity is an outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import KERNEL
from drivebelt.mechanism import Mechanism
from drivebelt.power.counting import ALL, COUNTS, TOWN_CELLS
from drivebelt.power.masses import DIED, EXPELLED, LEFT, count_members, exits, mean_distance, remove_area
from drivebelt.power.state import EPOCH, MEMBERS
from drivebelt.world import provinces

if TYPE_CHECKING:
    from drivebelt.world import World

CUES = draws.STREAMS["cues"]
STREAM, DEPARTURES = draws.STREAMS["members"], draws.STREAMS["departures"]
CALENDAR, COUNT = r.ACT["calendar"], r.ACT["count-members"]
GOES = {LEFT: r.ACT["leave"], DIED: r.ACT["die"], EXPELLED: r.ACT["expel"]}


@njit(**KERNEL)
def hear_cues(views, trust, home, n, cues, hearing, seed, week, noise):
    """One week: every member moves towards his cue by his trust, with a small noise. The loop is all there is: 1.3 ns a member.

    `hearing`: what information of their own leaves of the trust of an area's members."""
    stream = CUES
    salt = draws.bits(seed, stream, week, 0)
    step = np.float32(draws.UNIT32 * noise)
    counter = np.uint64(0)  # the member's number times `GOLDEN`
    for i in range(n):
        x = counter ^ salt
        counter += draws.GOLDEN
        x = (x ^ (x >> draws.S33)) * draws.MIX
        u = np.float32(np.int32(x >> draws.S32)) * step
        v = views[i]
        at = np.uint16(home[i])  # without a sign: no look whether it counts from the end
        views[i] = v + trust[i] * hearing[at] * (cues[at] - v) + u


def step(w: World, day: int, p: Any) -> None:
    """Cues once a week; counts and departures on the first day of a month; members of a closed area go over to the next."""
    power = w.power
    for area in np.flatnonzero(w.desk.organs["closes"][power.areas] == day):
        heir = _heir(w, int(power.areas[area]), day)
        if heir != r.NONE:
            remove_area(power, int(area), heir)
    if w.desk.count[d.WEEKDAY] == r.DAYS_PER_WEEK - 1:
        nowhere = np.zeros(1, np.float32)  # where those who have left stand
        cues = np.concatenate([provinces.cues(w), nowhere])
        hearing = np.concatenate([power.hearing.astype(np.float32), nowhere])
        n = int(power.count[MEMBERS])
        hear_cues(power.views, power.trust, power.home, n, cues, hearing, w.seed, day // r.DAYS_PER_WEEK, p.noise)
    if w.desk.count[d.MONTH_DAY] == 1:
        month = w.month_index(day) - EPOCH
        _count(w, day, month, p)
        _depart(w, day, month, p)


def _heir(w: World, organ: int, day: int) -> int:
    """The area that takes over from a closed one: its heir, else the next above that is an area and open."""
    organs, areas = w.desk.organs, w.power.areas
    while organ != r.NONE and organs["closes"][organ] <= day:
        organ = int(organs["heir"][organ] if organs["heir"][organ] != r.NONE else organs["above"][organ])
    while organ != r.NONE and organ not in areas:
        organ = int(organs["above"][organ])
    return r.NONE if organ == r.NONE else int(np.flatnonzero(areas == organ)[0])


def _count(w: World, day: int, month: int, p: Any) -> None:
    """One act for each thing that is counted, with its number."""
    power = w.power
    found = count_members(power, w.seed, STREAM, month, p.activity, p.cost_of_speaking).sum(axis=0)
    w.sample("members", day, "party", int(found[ALL]) / w.scenario_scale)
    w.sample("members-from-course", day, "party", mean_distance(power, power.views, power.course[0]))
    w.sample("trust", day, "party", mean_distance(power, power.trust, 0.0))
    w.room(acts=TOWN_CELLS + 1, matters=len(COUNTS))
    no, root = r.NONE, r.NONE
    for kind in range(TOWN_CELLS):
        about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("count", kind), no, r.CC, no)
        if root == no:
            root = d.act(w.desk, day, CALENDAR, about, no, no, r.CC, no, no, no, no, no, r.OPEN, no, no, 1)
        d.act(w.desk, day, COUNT, about, no, no, r.UCHRASPRED, no, r.CC, no, no, no, r.FOR_SERVICE, root, int(found[kind]), 1)


def _depart(w: World, day: int, month: int, p: Any) -> None:
    """Who goes this month, an act for each area and reason."""
    power = w.power
    gone = exits(power, w.seed, DEPARTURES, month, p.leaves, p.deaths, p.expelled, p.candidates_leave)
    power.put_out[:] *= p.memory
    w.room(acts=gone.size + 1, matters=1)
    no = r.NONE
    about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("exits", 0), no, r.CC, no)
    root = d.act(w.desk, day, CALENDAR, about, no, no, r.CC, no, no, no, no, no, r.OPEN, no, no, 1)
    for a, why in np.argwhere(gone > 0):
        organ = int(power.areas[a])
        actor, target = (organ, no) if why == EXPELLED else (organ, organ)
        d.act(w.desk, day, GOES[int(why)], about, no, no, actor, no, target, no, no, no, r.OPEN, root, int(gone[a, why]), 1)


MECHANISM = Mechanism(
    name="members",
    phase="members",
    about="Members move towards the cues of their secretaries; some go each month; the party is counted.",
    section="I.3",
    emits=("calendar", "count-members", "leave", "die", "expel"),
    step=step,
    reads={
        "noise": "views_noise_a_week",
        "activity": "activity_of_class[classes]",
        "cost_of_speaking": "cost_of_speaking",
        "leaves": "leaves_a_year[classes]",
        "deaths": "member_deaths_a_year[cohorts]",
        "expelled": "expelled_a_year",
        "candidates_leave": "candidates_leave",
        "memory": "memory_of_exclusions",
    },
)
