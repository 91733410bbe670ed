"""Committees: each hears an order, restates it in its own name and passes it down, or quietly does not.

What a committee may change was narrowed in November 1922 to explanatory additions; anything more is to be cleared with
the body above. Zeal, caution and local roots decide what it does with that: pass it on in writing, pass it on by word of
mouth, ask, raise the figure, or take note and do nothing.
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

if TYPE_CHECKING:
    from drivebelt.world import World

CONSIDER = draws.STREAMS["consider"]
RESTATE = draws.STREAMS["restate"]
QUOTA = draws.STREAMS["quota"]
CLEAR = draws.STREAMS["clear"]
HEAR, SET_ASIDE, ISSUE, TELL, ASK, ANSWER = (
    r.ACT[name] for name in ("consider", "set-aside", "issue", "tell", "clear", "answer")
)  # fmt: skip
SOVIET_WAIT = draws.STREAMS["soviet-order"]
DIRECTIVE, QUERY, REPLY = r.DOCUMENT["directive"], r.DOCUMENT["query"], r.DOCUMENT["reply"]
_ONE = np.uint64(1)


@njit(**INNER)
def reword(seed, wording, key, flips):
    """The wording hash of a restated text: `flips` of its 64 bits change on average."""
    draw = draws.bits(seed, RESTATE, key, 0)
    n = int((flips + flips) * draws.uniform(seed, RESTATE, key, 1) + draws.uniform(seed, RESTATE, key, draws.S2))
    for i in range(n):
        wording ^= _ONE << (draws.bits(seed, RESTATE, draw, i) >> draws.TO_BIT)
    return wording


@njit(**INNER)
def channel_below(routes, level, secret):
    """Channel and calendar of a paper to a body of this level: routes[level, secret]."""
    channel = routes[level, secret]
    if channel == r.CIPHER:
        return channel, d.BY_WIRE
    if channel == r.POST or channel == r.MESSENGER:
        return channel, d.BY_POST
    return channel, d.BY_COURIER


@njit(**INNER)
def pass_down(k, seed, day, slot, cause, routes, flips, p):
    """Restates the order in slot for all committees below and sends it to them; returns the number of the act."""
    s = k.pool[slot]
    organ = s.organ
    o = k.organs[organ]
    start, stop = k.child_start[organ], k.child_start[organ + 1]
    for i in range(start, stop):
        d.send_for(k.organs, np.int64(k.children[i]), 0)
    wording = reword(seed, s.wording, s.key, flips)
    secret = 1 if s.grade >= r.SECRET else 0
    register = r.SECRET_REGISTER if secret else r.ORDINARY
    o.desk_free = max(o.desk_free, np.float32(day)) + p.typing * (stop - start) + p.drafting / max(o.competence, p.least)
    sent = int(o.desk_free)
    doc = d.document(k, day, DIRECTIVE, organ, register, s.origin, s.matter, s.grade, s.document, stop - start, wording)
    issued = d.act(
        k,
        day,
        ISSUE,
        s.matter,
        doc,
        r.NONE,
        organ,
        o.head,
        r.NONE,
        r.NONE,
        organ,
        r.NONE,
        s.grade,
        cause,
        stop - start,
        1,
    )
    severity = min(1.0, max(0.0, s.severity + p.sharpen * o.zeal - p.soften * o.roots))
    pad = 1.0 + p.padding * o.zeal * draws.uniform(seed, QUOTA, s.key, 0)
    for i in range(start, stop):
        child = k.children[i]
        channel, queue = channel_below(routes, k.organs[child].level, secret)
        if s.flags & d.URGENT and k.organs[child].level <= p.wired and secret:
            channel, queue = r.CIPHER, d.BY_WIRE
        new = d.copy(
            k, doc, i - start, child, k.organs[child].head if secret else r.NONE, organ, s.matter, s.matter_key, issued,
            s.origin, channel, s.grade, d.ORDER, 1,
        )  # fmt: skip
        n = k.pool[new]
        n.key = draws.key(s.matter_key, child)
        n.wording = wording
        n.severity = severity
        n.quota = int(s.quota * pad)
        n.deadline = s.deadline
        n.depth = s.depth
        n.domain = s.domain
        n.flags = s.flags & (d.SOVIET | d.URGENT | d.WANTS_REPORT)
        n.order = slot
        n.order_life = s.life
        d.push(k, queue, sent, new)
    return issued


@njit(**INNER)
def pass_by_mouth(k, day, slot, cause, p):
    """Tells the secretaries below, who then act without a paper in hand; leaves no record."""
    s = k.pool[slot]
    organ = s.organ
    start, stop = k.child_start[organ], k.child_start[organ + 1]
    told = d.act(
        k, day, TELL, s.matter, r.NONE, r.NONE, organ, k.organs[organ].head, r.NONE, r.NONE, r.NONE, r.ORAL, s.grade,
        cause, stop - start, 0,
    )  # fmt: skip
    for i in range(start, stop):
        child = k.children[i]
        new = d.copy(k, r.NONE, r.NONE, child, r.NONE, organ, s.matter, s.matter_key, told, s.origin, r.ORAL, s.grade, d.ORDER, 1)
        n = k.pool[new]
        n.key = draws.key(s.matter_key, child)
        n.wording = s.wording
        n.severity = s.severity
        n.quota = s.quota
        n.deadline = s.deadline
        n.depth = s.depth
        n.domain = s.domain
        n.flags = s.flags & (d.SOVIET | d.URGENT | d.WANTS_REPORT)
        n.order = slot
        n.order_life = s.life
        d.push(k, d.HEARING, d.on_weekday(k, day, day + 1 + int(p.word_of_mouth), k.organs[child].sitting), new)
    return told


@njit(**INNER)
def ask_above(k, day, slot, cause, routes):
    """Puts a query to the body above; the order waits for the answer."""
    s = k.pool[slot]
    organ = s.organ
    doc = d.document(
        k, day, QUERY, organ, r.SECRET_REGISTER, organ, s.matter, r.SECRET, s.document, 1,
        draws.bits(0, CLEAR, s.matter_key, organ),
    )  # fmt: skip
    asked = d.act(
        k, day, ASK, s.matter, doc, 0, organ, k.organs[organ].head, s.sender, r.NONE, r.NONE, r.NONE, r.SECRET, cause,
        r.NONE, 1,
    )  # fmt: skip
    channel, queue = channel_below(routes, k.organs[organ].level, 1)
    new = d.copy(
        k, doc, 0, s.sender, k.organs[s.sender].head, organ, s.matter, s.matter_key, asked, organ, channel, r.SECRET,
        d.QUERY, 1,
    )  # fmt: skip
    k.pool[new].key = draws.key(s.key, CLEAR)
    k.pool[new].order = slot
    k.pool[new].order_life = s.life
    k.pool[new].wording = s.wording
    d.push(k, queue, day + 1, new)


@njit(**STEP)
def answer(k, day, routes):
    """The bodies asked answer: keep to the text."""
    n = d.take(k, d.ASKING, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.ALL)
        s = k.pool[slot]
        doc = d.document(k, day, REPLY, s.organ, r.SECRET_REGISTER, s.organ, s.matter, r.SECRET, s.document, 1, s.wording)
        said = d.act(
            k, day, ANSWER, s.matter, doc, 0, s.organ, k.organs[s.organ].head, s.sender, r.NONE, s.organ, r.NONE,
            r.SECRET, s.cause, r.NONE, 1,
        )  # fmt: skip
        channel, queue = channel_below(routes, k.organs[s.sender].level, 1)
        new = d.copy(
            k, doc, 0, s.sender, k.organs[s.sender].head, s.organ, s.matter, s.matter_key, said, s.organ, channel,
            r.SECRET, d.REPLY, 1,
        )  # fmt: skip
        k.pool[new].key = draws.key(s.key, ANSWER)
        k.pool[new].order = s.order
        k.pool[new].order_life = s.order_life
        k.pool[new].wording = s.wording
        d.push(k, queue, day + 1, new)
        d.release(k, slot, r.KEPT)


@njit(**STEP)
def hear(k, seed, day, routes, p):
    """Every order on today's agenda, in the order of the calendar."""
    n = d.take(k, d.HEARING, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.WHOLE | d.REGISTERS)
        s = k.pool[slot]
        organ = s.organ
        o = k.organs[organ]
        paper = 1 if s.document != r.NONE else 0
        s.cause = d.act(
            k, day, HEAR, s.matter, s.document, s.copy, organ, o.head, r.NONE, r.NONE, r.NONE, s.channel, s.grade,
            s.cause, r.NONE, paper,
        )  # fmt: skip
        below = k.child_start[organ + 1] - k.child_start[organ] if s.depth > o.level else 0
        resists = o.caution * o.roots * (1.0 - p.pressure * s.severity)
        luck = draws.uniform(seed, CONSIDER, s.key, 0)
        if luck < p.set_aside * resists:
            s.cause = d.act(
                k, day, SET_ASIDE, s.matter, s.document, s.copy, organ, o.head, r.NONE, r.NONE, r.NONE, r.NONE, s.grade,
                s.cause, r.NONE, paper,
            )  # fmt: skip
            s.quota = 0
        elif (
            p.only_explain > 0 and below > 0 and paper and s.flags & d.CLEARED == 0
            and draws.uniform(seed, CLEAR, s.key, 0) < p.clears * o.roots * o.caution
        ):  # fmt: skip
            s.flags |= d.CLEARED
            ask_above(k, day, slot, s.cause, routes)
            continue
        else:
            if s.flags & d.SOVIET and o.soviet != r.NONE:
                s.holds += 1
                wait = int(p.soviet_days * draws.uniform(seed, CONSIDER, s.key, SOVIET_WAIT))
                d.push(k, d.SOVIET_ORDER, day + wait, slot)
            if below > 0:
                if draws.uniform(seed, CONSIDER, s.key, 1) < p.oral:
                    pass_by_mouth(k, day, slot, s.cause, p)
                else:
                    flips = p.flips_explain if p.only_explain > 0 else p.flips_free
                    pass_down(k, seed, day, slot, s.cause, routes, flips, p)
            if below == 0:
                s.holds += 1
                d.push(k, d.DOING, day + 1, slot)
        if s.flags & d.WANTS_REPORT:
            s.holds += 1
            d.push(k, d.REPORTING, max(day + 1, s.deadline + o.level_lag), slot)
        if s.flags & d.MUST_RETURN:
            s.holds += 1
            d.push(k, d.GIVING_BACK, day, slot)
        d.release(k, slot, max(s.fate, r.KEPT))


def step(w: World, day: int, p: Any) -> None:
    """Committees sit: they answer queries from below and hear what is on their agenda."""
    asking, hearing, below = w.listed(d.ASKING, day), w.listed(d.HEARING, day), w.below_listed(d.HEARING, day)
    every = asking + hearing
    w.room(acts=every + every + hearing, documents=every, copies=every, slots=asking + hearing + below)
    if d.due(w.desk, d.ASKING, day):
        answer(w.desk, day, w.routes)
    if d.due(w.desk, d.HEARING, day):
        hear(w.desk, w.seed, day, w.routes, p)


MECHANISM = Mechanism(
    name="committees",
    phase="committees and masks",
    about="Committees hear orders, restate them in their own name and pass them down, ask, or quietly do nothing.",
    section="I.2",
    emits=("consider", "set-aside", "clear", "answer", "issue", "tell"),
    step=step,
    reads={
        "only_explain": "explanatory_additions_only",
        "flips_free": "rewording_free",
        "flips_explain": "rewording_explanatory",
        "set_aside": "set_aside_share",
        "pressure": "pressure_against_setting_aside",
        "clears": "clearing_share",
        "oral": "oral_share_below",
        "word_of_mouth": "word_of_mouth_days",
        "soviet_days": "soviet_order_days",
        "typing": "typing_days_a_copy",
        "drafting": "drafting_days",
        "least": "least_competence",
        "sharpen": "severity_added_by_zeal",
        "soften": "severity_lost_to_roots",
        "padding": "quota_padding",
        "wired": "lowest_level_with_wire",
    },
)
