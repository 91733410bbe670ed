"""Sittings and polls: Politburo on Thursdays, Orgburo, Secretariat; who prepares the agenda; how a question is decided.

The weight of a matter decides which body hears it. What the circle has agreed is put through the body in the body's
name: the body is the mask, the circle the author. Urgent matters are polled between sittings. A decision of the
Secretariat becomes the Orgburo's if nobody protests within the term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.matters import ARRIVED, DECIDED, LISTED, WAITING

if TYPE_CHECKING:
    from drivebelt.world import World

VOTES = draws.STREAMS["votes"]
POLL_STREAM = draws.STREAMS["poll"]
ENTER, DECIDE, POLL, PROTEST = (r.ACT[name] for name in ("enter-agenda", "decide", "poll", "protest"))
BODIES = np.array([r.POLITBURO, r.ORGBURO, r.SECRETARIAT], np.int32)


@njit(cache=True)
def enter(k, day, preparers, p):
    """Puts what has come in on the agenda of a body by its weight: preparers[body] is the secretary in charge."""
    for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
        m = k.central[i]
        if m.stage != ARRIVED:
            continue
        which = 0 if m.stakes > p.politburo else (1 if m.stakes > p.orgburo else len(BODIES) - 1)
        m.body = BODIES[which]
        m.cause = d.act(
            k, day, ENTER, m.matter, r.NONE, r.NONE, r.BUREAU, preparers[which], m.body, r.NONE, r.NONE, r.NONE, m.grade,
            m.cause, r.NONE, 1,
        )  # fmt: skip
        m.stage = LISTED


@njit(cache=True)
def decide(k, seed, day, i, kind, size, p):
    """The body decides matter i. Votes against are drawn member by member, fewer where the text was agreed before."""
    m = k.central[i]
    dissent = p.dissent * (1.0 - p.binding if m.author != r.NONE else 1.0)
    against = 0
    for member in range(size):
        if draws.uniform(seed, VOTES, m.key, member) < dissent:
            against += 1
    author = m.author if m.author != r.NONE else m.body
    if m.author == r.NONE:
        m.author = m.body
    m.cause = d.act(
        k, day, kind, m.matter, r.NONE, r.NONE, author, k.organs[m.body].head, r.NONE, r.NONE, m.body, r.NONE, m.grade,
        m.cause, against, 1,
    )  # fmt: skip
    m.since = day
    m.minuted = 0
    m.stage = DECIDED


@njit(cache=True)
def sit(k, seed, day, body, capacity, size, window, p):
    """One sitting: the weightiest matters first, as many as the hours allow; ties go to the older matter."""
    for _ in range(capacity):
        best = r.NONE
        for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
            m = k.central[i]
            if m.stage == LISTED and m.body == body and (best == r.NONE or m.stakes > k.central[best].stakes):
                best = i
        if best == r.NONE:
            return
        decide(k, seed, day, best, DECIDE, size, p)
        if body == r.SECRETARIAT and window > 0:
            k.central[best].stage = WAITING
            k.central[best].since = day + window


@njit(cache=True)
def poll(k, seed, day, size, p):
    """Urgent matters of the Politburo are decided by asking the members round."""
    for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
        m = k.central[i]
        if (
            m.stage == LISTED and m.body == r.POLITBURO
            and (m.flags & d.URGENT or draws.uniform(seed, POLL_STREAM, m.key, 0) < p.polled)
        ):  # fmt: skip
            decide(k, seed, day, i, POLL, size, p)


@njit(cache=True)
def let_stand(k, seed, day, p):
    """Secretariat decisions whose term of protest is over stand as the Orgburo's; a protest sends one to its sitting."""
    for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
        m = k.central[i]
        if m.stage != WAITING:
            continue
        if m.protest == 0 and draws.uniform(seed, VOTES, m.key, r.NONE) < p.protest:
            m.protest = 1
            m.cause = d.act(
                k, day, PROTEST, m.matter, r.NONE, r.NONE, r.CC, r.NONE, r.SECRETARIAT, r.NONE, r.NONE, r.NONE, m.grade,
                m.cause, r.NONE, 1,
            )  # fmt: skip
            m.body = r.ORGBURO
            m.author = r.NONE
            m.stage = LISTED
        elif m.since <= day:
            m.stage = DECIDED
            m.since = day


def step(w: World, day: int, p: Any) -> None:
    """Prepares agendas, polls, and holds the sittings of this weekday."""
    waiting = sum(w.central_waiting(stage) for stage in (ARRIVED, LISTED, WAITING))
    w.room(acts=waiting * len(MECHANISM.emits))
    weekday = int(w.desk.count[d.WEEKDAY])
    preparers = np.array([w.preparer(body, day, bool(p.divided)) for body in BODIES], np.int32)
    enter(w.desk, day, preparers, p)
    poll(w.desk, w.seed, day, w.size_of(r.POLITBURO, day), p)
    let_stand(w.desk, w.seed, day, p)
    window = int(p.window / r.HOURS_PER_DAY) if p.window > 0 else 0
    for body, sits, capacity in (
        (r.POLITBURO, weekday == p.politburo_day, p.politburo_items),
        (r.ORGBURO, weekday == p.orgburo_day, p.orgburo_items),
        (r.SECRETARIAT, p.secretariat_days[weekday] > 0, p.secretariat_items),
    ):
        if sits:
            sit(w.desk, w.seed, day, body, int(capacity), w.size_of(body, day), window, p)


MECHANISM = Mechanism(
    name="sittings",
    phase="sittings and polls",
    about="Politburo, Orgburo and Secretariat sit on their weekdays or are polled; what was agreed before is put through.",
    section="I.2",
    emits=("enter-agenda", "decide", "poll", "protest"),
    step=step,
    reads={
        "politburo": "stakes_for_politburo",
        "orgburo": "stakes_for_orgburo",
        "politburo_day": "politburo_weekday:weekday",
        "orgburo_day": "orgburo_weekday:weekday",
        "secretariat_days": "secretariat_weekdays:weekdays",
        "politburo_items": "politburo_items_a_sitting",
        "orgburo_items": "orgburo_items_a_sitting",
        "secretariat_items": "secretariat_items_a_sitting",
        "polled": "polled_share",
        "window": "secretariat_protest_window",
        "protest": "protest_share",
        "dissent": "dissent_share",
        "binding": "binding_of_agreement",
        "divided": "agenda_division_of_duties",
    },
)
