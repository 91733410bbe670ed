"""Sittings and polls: Politburo on Thursdays, Orgburo, Secretariat; who prepares the agenda; how each member votes.

The weight of a matter decides which body hears it. What the circle has agreed is put through the body in the body's name: the body
is the mask, the circle the author. Urgent matters are polled between sittings. A decision of the Secretariat becomes the Orgburo's
if nobody protests within the term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import KERNEL, PART
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.matters import ARRIVED, DECIDED, DROPPED, LISTED, WAITING
from drivebelt.power.state import RECANTED
from drivebelt.power.voting import gain, logistic_noise, mean_view, pressure, tie_to, within
from drivebelt.world import leaders

if TYPE_CHECKING:
    from drivebelt.world import World

VOTES = draws.STREAMS["votes"]
POLL_STREAM = draws.STREAMS["poll"]
AGENDA = draws.STREAMS["agenda"]
ENTER, DECIDE, POLL, PROTEST, CAST, REJECT = (
    r.ACT[name] for name in ("enter-agenda", "decide", "poll", "protest", "vote", "reject")
)
BODIES = np.array([r.POLITBURO, r.ORGBURO, r.SECRETARIAT], np.int32)


@njit(**KERNEL)
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


@njit(**PART)
def text_of(k, w, seed, m, members, p):
    """The text put to the body: what its author stands for, as far from the course as the author dares to go."""
    z0, z1 = w.course[0], w.course[1]
    head = k.organs[m.proposer].head
    if m.author == r.CIRCLE:
        z0, z1 = mean_view(w, members)
    elif head != r.NONE:
        z0, z1 = w.persons[head].regime, w.persons[head].economy
    reach = p.ambition * m.stakes
    p0 = w.course[0] + reach * (z0 - w.course[0]) + p.variety * draws.normal(seed, AGENDA, m.key, 0)
    p1 = w.course[1] + reach * (z1 - w.course[1]) + p.variety * draws.normal(seed, AGENDA, m.key, 1)
    return p0, p1


@njit(**PART)
def decide(k, w, seed, day, i, kind, voters, bench, members, column, p):
    """The body votes on matter i, member by member; what is carried moves the course.

    A member weighs how much nearer the text is to him than the course, his tie to its author, and what a no would cost him in an
    open vote. Whoever agreed to the text beforehand votes for it. Beside each vote stands how he would have voted by position
    alone. `bench`: worker members of the Central Committee who are present; when most of them object, nothing is decided.
    """
    m = k.central[i]
    p0, p1 = text_of(k, w, seed, m, members, p)
    regime = p.regime[m.domain]
    bound = m.author == r.CIRCLE
    patron = members[0] if bound else k.organs[m.proposer].head
    against, alone_against = 0, 0
    for v in voters:
        noise = logistic_noise(seed, VOTES, m.key, v, p.noise)
        u = gain(w, v, p0, p1, w.course[0], w.course[1], regime) + p.goodwill + noise
        alone = u <= 0.0
        no = alone
        bent = u + p.tie_weight * tie_to(w, v, patron)
        bent += p.open_vote * p.fear_weight * pressure(w, v, m.body, column, p.k, p.elected)
        if bent > 0.0 or (bound and within(members, v)) or w.dissent[v].status == RECANTED:
            no = False  # who has taken his view back keeps it to himself
        against += 1 if no else 0
        alone_against += 1 if alone else 0
        d.act(
            k, day, CAST, m.matter, r.NONE, r.NONE, m.body, v, r.NONE, r.NONE, r.NONE, r.NONE, m.grade, m.cause,
            (1 if no else 0) + (draws.S2 if alone else 0), 1,
        )  # fmt: skip
    carried = against + against <= voters.size
    objections = 0
    if m.body == r.POLITBURO:
        for v in bench:
            noise = logistic_noise(seed, VOTES, m.key, v, p.noise)
            objections += 1 if gain(w, v, p0, p1, w.course[0], w.course[1], regime) + p.goodwill + noise <= 0.0 else 0
        if carried and objections + objections > bench.size:
            carried = False
            m.cause = d.act(
                k, day, PROTEST, m.matter, r.NONE, r.NONE, r.CC, bench[0], m.body, r.NONE, r.NONE, r.NONE, m.grade, m.cause,
                objections, 1,
            )  # fmt: skip
    author = m.author if m.author != r.NONE else m.body
    if m.author == r.NONE:
        m.author = m.body
    share = against / max(voters.size, 1)
    w.noes[m.body] += p.learning * (share - w.noes[m.body])
    if carried:
        w.course[0] += p.course_weight * m.stakes * regime * (p0 - w.course[0])
        w.course[1] += p.course_weight * m.stakes * (1.0 - regime) * (p1 - w.course[1])
    m.cause = d.act(
        k, day, kind if carried else REJECT, m.matter, r.NONE, r.NONE, author if carried else m.body, k.organs[m.body].head, r.NONE,
        r.NONE, m.body, r.NONE, m.grade, m.cause, against, 1,
    )  # fmt: skip
    m.since = day
    m.minuted = 0
    m.stage = DECIDED if carried else DROPPED


@njit(**KERNEL)
def sit(k, w, seed, day, body, capacity, voters, bench, members, column, window, p):
    """One sitting: the weightiest matters first, as many as the hours allow; ties go to the older matter."""
    for _ in range(capacity):
        best = r.NONE
        for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
            m = k.central[i]
            if m.stage == LISTED and m.body == body and (best == r.NONE or m.stakes > k.central[best].stakes):
                best = i
        if best == r.NONE:
            return
        decide(k, w, seed, day, best, DECIDE, voters, bench, members, column, p)
        if body == r.SECRETARIAT and window > 0 and k.central[best].stage == DECIDED:
            k.central[best].stage = WAITING
            k.central[best].since = day + window


@njit(**KERNEL)
def poll(k, w, seed, day, voters, bench, members, column, p):
    """Urgent matters of the Politburo are decided by asking the members round."""
    for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
        m = k.central[i]
        if (
            m.stage == LISTED and m.body == r.POLITBURO
            and (m.flags & d.URGENT or draws.uniform(seed, POLL_STREAM, m.key, 0) < p.polled)
        ):  # fmt: skip
            decide(k, w, seed, day, i, POLL, voters, bench, members, column, p)


@njit(**KERNEL)
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
    if waiting == 0:
        return
    voters = {int(body): leaders.voters(w, int(body), day) for body in BODIES}
    w.room(acts=waiting * (len(MECHANISM.emits) + max(v.size for v in voters.values())))
    weekday = int(w.desk.count[d.WEEKDAY])
    preparers = np.array([leaders.preparer(w, body, day, bool(p.divided)) for body in BODIES], np.int32)
    members, column, bench = leaders.circle(w), leaders.secretary(w, day), leaders.bench(w, int(p.bench))
    enter(w.desk, day, preparers, p)
    poll(w.desk, w.power, w.seed, day, voters[r.POLITBURO], bench, members, column, p)
    let_stand(w.desk, w.seed, day, p)
    window = int(p.window / r.HOURS_PER_DAY) if p.window > 0 else 0
    for body, sits, capacity in (
        (r.POLITBURO, weekday == p.politburo_day, p.politburo_items),
        (r.ORGBURO, weekday == p.orgburo_day, p.orgburo_items),
        (r.SECRETARIAT, p.secretariat_days[weekday] > 0, p.secretariat_items),
    ):
        if sits:
            sit(w.desk, w.power, w.seed, day, body, int(capacity), voters[body], bench, members, column, window, p)


MECHANISM = Mechanism(
    name="sittings",
    phase="sittings and polls",
    about="Politburo, Orgburo and Secretariat sit on their weekdays or are polled; what was agreed before is put through.",
    section="I.2",
    emits=("enter-agenda", "decide", "poll", "protest", "vote", "reject"),
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
        "ambition": "ambition_of_texts",
        "variety": "variety_of_texts",
        "goodwill": "goodwill_to_proposals",
        "regime": "domain_regime[domains]",
        "noise": "vote_noise",
        "tie_weight": "weight_of_ties",
        "fear_weight": "weight_of_fear",
        "open_vote": "open_vote",
        "k": "weight_of_stake",
        "elected": "removability_of_elected",
        "learning": "learning_of_noes",
        "course_weight": "course_weight",
        "bench": "workers_at_sittings",
        "divided": "agenda_division_of_duties",
    },
)
