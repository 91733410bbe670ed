"""Reports upward: on single orders, and by the calendar: closed letters of the secretaries by the fifth, statistical
returns, summaries of the OGPU, quarterly reports of the executive committees.

What is claimed is what was done, moved towards what the reader above wants to hear; the Centre's belief is made of
claims alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, STEP
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.matters import ISSUED, REPORTED

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["report"]
ROUTINE = draws.STREAMS["routine"]
SEND, BELIEVE, CALENDAR = r.ACT["report"], r.ACT["believe"], r.ACT["calendar"]
REPORT, LETTER, RETURN, SUMMARY, PROTOCOL = (
    r.DOCUMENT[name] for name in ("report", "closed-letter", "return", "summary", "protocol")
)  # fmt: skip


@njit(**INNER)
def route_up(k, routes, organ, secret):
    """Channel and calendar of a paper sent upward by this body: the road its orders come down."""
    channel = routes[k.organs[organ].level, secret]
    if channel == r.POST or channel == r.MESSENGER:
        return channel, d.BY_POST
    return channel, d.BY_COURIER


@njit(**INNER)
def send_up(k, day, kind, organ, to, register, about, about_key, grade, parent, cause, amount, wording, routes):
    """Issues one report in one copy and sends it; returns its slot."""
    doc = d.document(k, day, kind, organ, register, organ, about, grade, parent, 1, wording)
    sent = d.act(k, day, SEND, about, doc, 0, organ, k.organs[organ].head, to, r.NONE, organ, r.NONE, grade, cause, amount, 1)
    channel, queue = route_up(k, routes, organ, 1 if grade >= r.SECRET else 0)
    new = d.copy(k, doc, 0, to, r.NONE, organ, about, about_key, sent, organ, channel, grade, d.REPORT, 1)
    k.pool[new].key = draws.key(about_key, organ)
    k.pool[new].wording = wording
    d.push(k, queue, day + 1, new)
    return new


@njit(**STEP)
def on_orders(k, seed, day, routes, p):
    """Reports on single orders that are due today. Those who were told by word of mouth report by word of mouth."""
    n = d.take(k, d.REPORTING, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.ALL)
        s = k.pool[slot]
        o = k.organs[s.organ]
        real = float(s.quota)
        if s.reports > 0:
            real = s.claimed / s.reports
        elif s.depth > o.level and k.child_start[s.organ + 1] > k.child_start[s.organ]:
            real = p.unheard * r.PERCENT
        wish = p.wish * (p.fear * s.severity + p.interest * o.caution)
        claimed = int(real + (max(r.PERCENT, real) - real) * min(wish, 1.0) * draws.uniform(seed, STREAM, s.key, 0))
        if s.document != r.NONE and k.organs[s.sender].branch == r.PARTY:
            grade = max(s.grade, r.FOR_SERVICE)
            new = send_up(
                k, day, REPORT, s.organ, s.sender, r.REPORT_REGISTER, s.matter, s.matter_key, min(grade, r.SECRET),
                s.document, s.cause, claimed, draws.bits(seed, STREAM, s.key, 1), routes,
            )  # fmt: skip
            k.pool[new].order = s.order
            k.pool[new].order_life = s.order_life
            k.pool[new].claimed = claimed
        elif s.order_life != r.NONE and k.pool[s.order].life == s.order_life:
            k.pool[s.order].reports += 1
            k.pool[s.order].claimed += claimed
            d.act(
                k, day, SEND, s.matter, r.NONE, r.NONE, s.organ, o.head, s.sender, r.NONE, r.NONE, r.ORAL, s.grade,
                s.cause, claimed, 0,
            )  # fmt: skip
        d.release(k, slot, max(s.fate, r.KEPT))


@njit(**STEP)
def beliefs(k, day):
    """What the Centre takes to have been done, once the term of a directive is over."""
    for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
        m = k.central[i]
        if m.stage == ISSUED and m.reported <= day:
            m.stage = REPORTED
            if m.reports > 0:
                d.act(
                    k, day, BELIEVE, m.matter, r.NONE, r.NONE, r.SECRETARIAT, k.organs[r.SECRETARIAT].head, r.NONE,
                    r.NONE, r.NONE, r.NONE, r.SECRET, m.cause, m.claimed // m.reports, 1,
                )  # fmt: skip


@njit(**STEP)
def routine(k, seed, day, month, start, stop, senders, kind, grade, due_day, spread, about, about_key, cause, routes, late):
    """The paper a body owes for the month: sent in the days before `due_day`, some of it late.

    `senders` are organ numbers; each sends on its own day of the month, drawn once a month.
    """
    for i in range(start, stop):
        organ = senders[i]
        o = k.organs[organ]
        if o.opens > day or o.closes <= day or o.above == r.NONE:
            continue
        u = draws.uniform(seed, ROUTINE, organ, month)
        own = due_day - int(spread * u)
        if draws.uniform(seed, ROUTINE, draws.key(organ, kind), month) < late * o.caution:
            own += int(spread * u)
        if max(own, 1) != k.count[d.MONTH_DAY]:
            continue
        register = r.REPORT_REGISTER
        send_up(
            k, day, kind, organ, o.above, register, about, about_key, grade, r.NONE, cause, r.NONE,
            draws.bits(seed, ROUTINE, about_key, kind), routes,
        )  # fmt: skip


def step(w: World, day: int, p: Any) -> None:
    """Sends the reports due today and closes the directives whose term is over."""
    listed = w.listed(d.REPORTING, day)
    w.room(acts=listed + w.central_waiting(ISSUED), documents=listed, copies=listed, slots=listed)
    if d.due(w.desk, d.REPORTING, day):
        on_orders(w.desk, w.seed, day, w.routes, p)
    beliefs(w.desk, day)
    _periodic(w, day, p)


ROUTINES = (
    # name, senders, document, grade, day of the month, spread in days, months between, rule that must be in force
    ("secretaries' closed letters", "committees", LETTER, r.SECRET, "letter_day", "letter_spread", None, "letters"),
    ("minutes of cells", "cells", PROTOCOL, r.FOR_SERVICE, "cell_day", "cell_spread", None, None),
    ("statistical returns", "committees", RETURN, r.OPEN, "return_day", "return_spread", None, None),
    ("summaries of the OGPU", "police", SUMMARY, r.SECRET, "summary_day", "summary_spread", None, None),
    ("reports of executive committees", "soviets", REPORT, r.OPEN, "soviet_day", "soviet_spread", "soviet_months", "soviet_months"),
)  # fmt: skip


def _periodic(w: World, day: int, p: Any) -> None:
    """Opens each month's routine on its first day and sends what is due today."""
    month = w.month_index(day)
    for number, (_, group, kind, grade, due, spread, every, rule) in enumerate(ROUTINES):
        if rule is not None and not getattr(p, rule) > 0:
            continue
        if every is not None and month % int(getattr(p, every)):
            continue
        root = w.routine_roots
        if w.desk.count[d.MONTH_DAY] == 1 or root[number, 0] == r.NONE:
            w.room(acts=1, matters=1)
            about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("routine", number), r.NONE, r.CC, r.NONE)
            root[number] = about, d.act(
                w.desk, day, CALENDAR, about, r.NONE, r.NONE, r.CC, r.NONE, r.NONE, r.NONE, r.NONE, r.NONE, r.OPEN,
                r.NONE, month, 1,
            )  # fmt: skip
        senders = w.groups[group]
        w.room(acts=senders.size, documents=senders.size, slots=senders.size)
        routine(
            w.desk, w.seed, day, month, 0, senders.size, senders, kind, grade, int(getattr(p, due)),
            getattr(p, spread), root[number, 0], w.routine_key(number, month), root[number, 1], w.routes, p.late,
        )  # fmt: skip


MECHANISM = Mechanism(
    name="reports",
    phase="reports upward",
    about="Reports on orders, monthly closed letters, returns and summaries go up, coloured by fear and interest.",
    section="I.2",
    explains="That the Centre is told better news than there is, by as much as fear and interest weigh.",
    emits=("report", "believe", "calendar"),
    step=step,
    reads={
        "letters": "closed_letters_monthly",
        "letter_day": "closed_letter_day",
        "letter_spread": "closed_letter_spread",
        "cell_day": "cell_minutes_day",
        "cell_spread": "cell_minutes_spread",
        "return_day": "statistical_return_day",
        "return_spread": "statistical_return_spread",
        "summary_day": "ogpu_summary_day",
        "summary_spread": "ogpu_summary_spread",
        "soviet_months": "vtsik_report_months",
        "soviet_day": "soviet_report_day",
        "soviet_spread": "soviet_report_spread",
        "late": "late_report_share",
        "wish": "report_bias",
        "fear": "report_bias_fear",
        "interest": "report_bias_interest",
        "unheard": "claimed_without_reports",
    },
)
