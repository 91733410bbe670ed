"""A leader who is ill: which matters reach him, and which are kept from him.

Before he is isolated he is sent the minutes. Once one man answers for his contacts and letters, news is kept back on medical
grounds; it reaches him, if at all, through relatives or a secretary, and what he dictates is told on the same day to those against
whom it is meant. The rules that say who may tell him what carry their dates; nothing here knows of a stroke or a congress.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, STEP
from drivebelt.mechanism import Mechanism
from drivebelt.world import leaders

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["isolation"]
KEEP_BACK, LEAK, INFORM = (r.ACT[name] for name in ("keep-back", "leak", "inform"))


@njit(**INNER)
def within_keys(keys, key):
    """Whether a key is among the keys."""
    found = False
    for other in keys:
        found |= other == key
    return found


@njit(**STEP)
def reach(k, seed, day, leader, keeper, own, p):
    """The matters of the Politburo's weight that came up today: told him, kept back, or told by those around him."""
    i = k.count[d.CENTRAL_MATTERS] - 1
    while i >= 0 and k.central[i].opened == day:
        m = k.central[i]
        i -= 1
        if m.stakes <= p.weighty or within_keys(own, m.key):
            continue
        key = draws.key(m.key, leader)
        minutes = p.isolated == 0 or (p.no_minutes == 0 and draws.uniform(seed, STREAM, key, 0) < p.minutes)
        if minutes:
            d.act(
                k, day, INFORM, m.matter, r.NONE, r.NONE, r.SECRETARIAT, keeper, r.NONE, leader, r.NONE, r.NONE, m.grade, m.cause,
                1, 1,
            )  # fmt: skip
            continue
        kept = d.act(
            k, day, KEEP_BACK, m.matter, r.NONE, r.NONE, r.SECRETARIAT, keeper, r.NONE, leader, r.NK_HEALTH, r.NONE, m.grade,
            m.cause, r.NONE, 0,
        )  # fmt: skip
        hears = p.relatives if p.filtered == 0 else p.relatives * p.filter
        if draws.uniform(seed, STREAM, key, draws.S2) < hears:
            d.act(
                k, day, LEAK, m.matter, r.NONE, r.NONE, r.SECRETARIAT, r.NONE, r.NONE, leader, r.NONE, r.ORAL, m.grade, kept,
                r.NONE, 0,
            )  # fmt: skip


def step(w: World, day: int, p: Any) -> None:
    """Goes through the matters of the day for each leader who is away, and through what he has dictated."""
    away = leaders.absent(w, day)
    if not away:
        return
    keeper = leaders.secretary_person(w, day)
    rows = w.desk.central[: int(w.desk.count[d.CENTRAL_MATTERS])]
    today = int(np.count_nonzero(rows["opened"] == day))
    w.room(acts=len(away) * (today + today) + len(w.events_on(day)))
    for leader in away:
        own = [w.scenario.event_key(e) for e in w.events_on(day) if w.people.number.get(e.person or "", r.NONE) == leader]
        reach(w.desk, w.seed, day, leader, keeper, np.array(own, np.int64), p)
        if p.isolated and p.agents:
            _dictated(w, day, leader, keeper, p)


def _dictated(w: World, day: int, leader: int, keeper: int, p: Any) -> None:
    """What he has dictated, however secret, is told the same day to the man who answers for his isolation."""
    rows = w.desk.central[: int(w.desk.count[d.CENTRAL_MATTERS])]
    for event in w.events_on(day):
        if w.people.number.get(event.person or "", r.NONE) != leader:
            continue
        key = w.scenario.event_key(event)
        if draws.uniform(w.seed, STREAM, key, leader) >= p.secretaries:
            continue
        m = rows[np.flatnonzero(rows["key"] == key)[0]]
        no = r.NONE
        d.act(w.desk, day, LEAK, int(m["matter"]), no, no, r.SOVNARKOM, no, r.SECRETARIAT, keeper, no, r.ORAL, int(m["grade"]),
              int(m["cause"]), no, 0)  # fmt: skip


MECHANISM = Mechanism(
    name="isolation",
    phase="matters",
    about="News is kept from a leader who is ill, and what he dictates is told to those who isolate him.",
    section="II.1",
    emits=("keep-back", "leak", "inform"),
    step=step,
    reads={
        "isolated": "isolation_of_lenin_1922",
        "no_minutes": "sick_lenin_gets_no_minutes",
        "agents": "lenin_blocked_by_doctors_and_agents",
        "filtered": "news_to_lenin_delayed_and_filtered",
        "weighty": "stakes_for_politburo",
        "minutes": "minutes_to_the_isolated",
        "relatives": "relatives_tell",
        "filter": "filter_of_news",
        "secretaries": "secretaries_tell_on",
    },
)
