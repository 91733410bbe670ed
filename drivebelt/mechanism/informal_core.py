"""The informal core: troika, seven, nine. It meets when one member wishes, any one may strike a matter off, it settles
by word of mouth what the bodies will later decide, and it leaves no paper.

It takes a matter when acting in concert gains more than it costs. Most of what it settles is later put through a body
in due form; some is passed on by word of mouth and never becomes a decision of anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.matters import ARRIVED, DROPPED, SPOKEN

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["circle"]
AGREE, STRIKE, TELL = (r.ACT[name] for name in ("agree", "strike-off", "tell"))


@njit(cache=True)
def settle(k, seed, day, core, members, stricken, p):
    """Goes through the matters that have come to the Secretariat and takes up those worth the trouble."""
    for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
        m = k.central[i]
        if m.stage != ARRIVED or m.seen:
            continue
        m.seen = 1
        gain = m.stakes * p.gain * draws.spread(seed, STREAM, m.key, 0, p.noise)
        if gain <= p.trouble:
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


@njit(cache=True)
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
    """Lets the circle meet, if one exists on this day and any member wishes."""
    core = w.core_on(day)
    if core == r.NONE or not p.at_one_wish:
        return
    waiting = w.central_waiting(ARRIVED)
    w.room(acts=waiting * len(EMITS), slots=waiting * int(w.widest_below_centre()))
    settle(w.desk, w.seed, day, core, w.members_of(core, day), p.stricken if p.veto else 0.0, p)


EMITS = ("agree", "strike-off", "tell")
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
        "trouble": "trouble_of_core",
        "noise": "core_noise",
        "grave": "grave_stakes",
        "unformalised": "unformalised_share",
        "word_of_mouth": "word_of_mouth_days",
    },
)
