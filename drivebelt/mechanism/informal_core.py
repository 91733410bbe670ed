"""The informal core: members of the Politburo who settle by word of mouth what the bodies will later decide.

Who belongs to it comes out of positions, resources and the threat felt from the strongest; candidates and the head of the control
commission bring a say but no vote. It takes in others month by month, and is formed anew when a member leaves the leading bodies
or becomes the greatest threat himself. It meets when one member wishes, any one may strike a matter off, and it leaves no paper. It
takes a matter when what is at stake, times the risk that others would dispute the text, is worth the trouble. Most of what it
settles is later put through a body in due form; some is passed on by word of mouth and never becomes a decision of anybody.
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
from drivebelt.mechanism.matters import ARRIVED, DROPPED, SPOKEN
from drivebelt.power.circle import following, form
from drivebelt.power.voting import column_of, gain, mean_view, within
from drivebelt.world import leaders

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["circle"]
AGREE, STRIKE, TELL, COMBINE, CALENDAR = (r.ACT[name] for name in ("agree", "strike-off", "tell", "combine", "calendar"))


@njit(**STEP)
def disputed(w, seed, m, voters, members, error, regime):
    """Share of those outside the circle who are expected to vote against its text, each judged with an error."""
    p0, p1 = mean_view(w, members)
    outside, against = 0, 0
    for v in voters:
        if not within(members, v):
            outside += 1
            guess = gain(w, v, p0, p1, w.course[0], w.course[1], regime[m.domain])
            if guess + error * draws.normal(seed, STREAM, m.key, v) <= 0.0:
                against += 1
    return against / max(outside, 1)


@njit(**STEP)
def settle(k, w, seed, day, core, members, voters, stricken, p):
    """Goes through the matters that have come to the Secretariat and takes up those worth the trouble: what is at stake times
    the risk that the text would be disputed without a prior agreement."""
    for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
        m = k.central[i]
        if m.stage != ARRIVED or m.seen:
            continue
        m.seen = 1
        risk = p.habit + (1.0 - p.habit) * disputed(w, seed, m, voters, members, p.error, p.regime)
        if m.stakes * p.gain * risk * draws.spread(seed, STREAM, m.key, 0, p.noise) <= p.trouble:
            continue
        convener = members[draws.below(seed, STREAM, m.key, 1, members.size)]
        agreed = d.act(
            k, day, AGREE, m.matter, r.NONE, r.NONE, core, convener, r.NONE, r.NONE, r.NONE, r.ORAL, m.grade, m.cause,
            members.size, 0,
        )  # fmt: skip
        m.cause = agreed
        m.author = core
        m.since = day
        if draws.uniform(seed, STREAM, m.key, draws.S2) < stricken:
            striker = members[draws.below(seed, STREAM, m.key, draws.S3, members.size)]
            m.cause = d.act(
                k, day, STRIKE, m.matter, r.NONE, r.NONE, core, striker, r.NONE, r.NONE, r.NONE, r.ORAL, m.grade, agreed,
                r.NONE, 0,
            )  # fmt: skip
            m.stage = DROPPED
        elif m.stakes > p.grave and draws.uniform(seed, STREAM, m.key, draws.S4) < p.unformalised:
            m.stage = SPOKEN
            speak(k, day, i, core, convener, p)


@njit(**INNER)
def speak(k, day, i, core, convener, p):
    """The decision goes to those who are to carry it out by word of mouth; nothing is written at the Centre."""
    m = k.central[i]
    start, stop = k.child_start[r.CC], k.child_start[r.CC + 1]
    one = m.target != r.NONE
    if m.depth == r.CENTRE:
        d.act(
            k, day, TELL, m.matter, r.NONE, r.NONE, core, convener, m.proposer, k.organs[m.proposer].head, r.NONE,
            r.ORAL, m.grade, m.cause, 1, 0,
        )  # fmt: skip
        return
    told = d.act(
        k, day, TELL, m.matter, r.NONE, r.NONE, core, convener, m.target, r.NONE, r.NONE, r.ORAL, m.grade, m.cause,
        1 if one else stop - start, 0,
    )  # fmt: skip
    for j in range(start, start + 1 if one else stop):
        child = m.target if one else k.children[j]
        new = d.copy(k, r.NONE, r.NONE, child, r.NONE, r.SECRETARIAT, m.matter, m.key, told, core, r.ORAL, m.grade, d.ORDER, 1)
        s = k.pool[new]
        s.key = draws.key(m.key, child)
        s.wording = draws.bits(0, STREAM, m.key, 0)
        s.severity = m.severity
        s.quota = m.quota
        s.deadline = day + m.term
        s.depth = m.depth
        s.domain = m.domain
        s.flags = m.flags
        d.push(k, d.HEARING, d.on_weekday(k, day, day + 1 + int(p.word_of_mouth), k.organs[child].sitting), new)


def step(w: World, day: int, p: Any) -> None:
    """Monthly, and when one of its members has gone, members look for a coalition; where there is one, it meets at a wish."""
    voters = leaders.voters(w, r.POLITBURO, day)
    people = np.append(voters, [i for i in leaders.candidates(w, day) if i not in voters]).astype(np.int32)
    members = leaders.circle(w)
    if p.at_one_wish and (w.desk.count[d.MONTH_DAY] == 1 or not np.isin(members, people).all()):
        _regroup(w, day, people, voters.size, p)
        members = leaders.circle(w)
    if members.size == 0 or not p.at_one_wish:
        return
    waiting = w.central_waiting(ARRIVED)
    if waiting == 0:
        return
    w.room(acts=waiting * len(EMITS), slots=waiting * int(w.widest_below_centre()))
    settle(w.desk, w.power, w.seed, day, r.CIRCLE, members, voters, p.stricken if p.veto else 0.0, p)


def _regroup(w: World, day: int, people: Any, voting: int, p: Any) -> None:
    """Forms the circle anew or takes others in; a change of its members is an act that leaves no paper."""
    persons = w.power.persons[people]
    views = np.stack([persons["regime"], persons["economy"]], axis=1).astype(np.float64)
    heads = w.desk.organs["head"][w.power.areas].astype(np.int64)
    columns = [int(column_of(w.power, int(i))) for i in people]
    ties = [float(following(w.power, heads, c)) if c != r.NONE else 0.0 for c in columns]
    resources = np.array([w.resources.get(int(i), 0.0) for i in people]) + p.following * np.array(ties)
    fear = sum(persons["fear"].tolist()) / people.size
    old = np.isin(people, leaders.circle(w))
    whole = np.count_nonzero(old) == leaders.circle(w).size
    inside, threat = form(
        views, resources, np.arange(people.size) < voting, old & whole, fear, p.trouble, p.closeness, p.half_vote, p.defection,
        p.weight, p.place, p.loss, p.rivalry,
    )  # fmt: skip
    members = people[inside]
    if np.array_equal(members, leaders.circle(w)):
        return
    w.power.circle[:] = r.NONE
    w.power.circle[: members.size] = members
    if members.size == 0:
        return
    w.room(acts=2, matters=1)
    about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("congress", 0), r.NONE, r.CIRCLE, int(members[0]))
    no = r.NONE
    root = d.act(w.desk, day, CALENDAR, about, no, no, r.CIRCLE, no, no, no, no, no, no, no, members.size, 0)
    for member in members:
        w.room(acts=1)
        d.act(w.desk, day, COMBINE, about, no, no, r.CIRCLE, member, no, int(people[threat]), no, r.ORAL, no, root, members.size, 0)


EMITS = ("agree", "strike-off", "tell", "combine", "calendar")
MECHANISM = Mechanism(
    name="informal core",
    phase="informal circle",
    about="Troika, seven and nine settle beforehand, by word of mouth, what the bodies will decide.",
    section="I.2",
    emits=EMITS,
    step=step,
    reads={
        "at_one_wish": "core_meets_at_one_wish",
        "veto": "core_one_member_veto",
        "stricken": "stricken_share",
        "gain": "gain_of_concert",
        "habit": "habit_of_concert",
        "error": "error_of_judgement",
        "regime": "domain_regime[domains]",
        "closeness": "weight_of_closeness",
        "half_vote": "vote_of_sympathiser",
        "trouble": "trouble_of_core",
        "defection": "defection_in_circle",
        "weight": "weight_of_resources",
        "place": "worth_of_place",
        "loss": "loss_of_outsiders",
        "rivalry": "rivalry_of_spoils",
        "following": "weight_of_following",
        "noise": "core_noise",
        "grave": "grave_stakes",
        "unformalised": "unformalised_share",
        "word_of_mouth": "word_of_mouth_days",
    },
)
