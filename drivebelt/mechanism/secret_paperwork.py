"""Secret paperwork: every body has a secret part that takes papers over against receipt, registers them and passes
them to the person they are addressed to.

At the Centre the mail is opened and sorted by the first assistant alone. An order waits for the next sitting of the
committee unless it is urgent; a paper for one person's eyes is read and becomes due for return.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, STEP
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.matters import ARRIVED, SENT
from drivebelt.world import leaders

if TYPE_CHECKING:
    from drivebelt.world import World

RECEPTION = draws.STREAMS["reception"]
READING = draws.STREAMS["reading"]
RECEIVE, READ_IT, SORT = r.ACT["receive"], r.ACT["read"], r.ACT["sort-mail"]


@njit(**INNER)
def heir(k, organ, day):
    """The body that takes the papers of one that has been closed."""
    while k.organs[organ].closes <= day and k.organs[organ].heir != r.NONE:
        organ = k.organs[organ].heir
    return organ


@njit(**STEP)
def receive(k, seed, day, secret_part, slow_part, no_part, urgent, soviet_days, first_assistant):
    """Takes over the papers that arrived. `slow_part` and `no_part`: mean days of handling with and without one;
    `urgent`: days within which an urgent order is heard; `soviet_days`: days at most until a state body has drafted its act."""
    n = d.take(k, d.ARRIVING, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.UPWARD | d.ABOVE)
        s = k.pool[slot]
        s.organ = heir(k, s.organ, day)
        o = k.organs[s.organ]
        o.receipts += 1
        s.receipt = o.receipts
        s.received = day
        s.fate = r.KEPT
        if s.personal:
            s.person = o.head
        s.cause = d.act(
            k, day, RECEIVE, s.matter, s.document, s.copy, s.organ, r.NONE, s.sender, r.NONE, r.NONE, s.channel,
            s.grade, s.cause, r.NONE, 1,
        )  # fmt: skip
        if s.task == d.ORDER:
            luck = draws.uniform(seed, RECEPTION, s.key, 0)
            hearing = day + int(urgent * luck)
            if not s.flags & d.URGENT:
                mean = slow_part if secret_part > 0 else no_part
                handled = int((mean + mean) * luck)
                hearing = d.on_weekday(k, day, day + handled, o.sitting)
            d.push(k, d.HEARING, hearing, slot)
        elif s.task == d.READ:
            s.read = day
            s.cause = d.act(
                k, day, READ_IT, s.matter, s.document, s.copy, s.organ, s.person, r.NONE, r.NONE, r.NONE, s.channel,
                s.grade, s.cause, r.NONE, 1,
            )  # fmt: skip
            if s.flags & d.SOVIET:  # its own sitting passes the act that the party paper asks for
                drafted = day + 1 + int(soviet_days * draws.uniform(seed, READING, s.key, 1))
                urgent_act = k.central[s.order].flags & d.URGENT
                s.holds += 1
                d.push(k, d.SOVIET_ORDER, drafted if urgent_act else d.on_weekday(k, day, drafted, o.sitting), slot)
            if s.flags & d.MUST_RETURN:
                d.push(k, d.GIVING_BACK, day, slot)
            else:
                d.release(k, slot, r.KEPT)
        elif s.task == d.PROPOSAL:
            m = k.central[s.order]
            if m.stage == SENT:
                m.stage = ARRIVED
                m.since = day
                m.cause = d.act(
                    k, day, SORT, s.matter, s.document, s.copy, r.BUREAU, first_assistant, r.NONE, r.NONE, r.NONE,
                    r.NONE, s.grade, s.cause, r.NONE, 1,
                )  # fmt: skip
            d.release(k, slot, r.KEPT)
        elif s.task == d.REPORT:
            take_report(k, slot)
            d.release(k, slot, r.KEPT)
        elif s.task == d.QUERY:
            d.push(k, d.ASKING, d.on_weekday(k, day, day + 1, o.sitting), slot)
        elif s.task == d.REPLY:
            if k.pool[s.order].life == s.order_life:
                k.pool[s.order].cause = s.cause
                d.push(k, d.HEARING, day, s.order)
            d.release(k, slot, r.KEPT)
        else:
            d.release(k, slot, r.KEPT)


@njit(**INNER)
def take_report(k, slot):
    """Adds what a report claims to the order it answers, while that order still waits; late ones are only filed."""
    s = k.pool[slot]
    if s.order == r.NONE:
        return
    if s.order_life == r.NONE:
        k.central[s.order].reports += 1
        k.central[s.order].claimed += s.claimed
    elif k.pool[s.order].life == s.order_life:
        k.pool[s.order].reports += 1
        k.pool[s.order].claimed += s.claimed


def step(w: World, day: int, p: Any) -> None:
    """Receives what arrives today."""
    if not d.due(w.desk, d.ARRIVING, day):
        return
    listed = w.listed(d.ARRIVING, day)
    w.room(acts=listed + listed, copies=listed)
    opener = leaders.holder(w, "first-assistant", day) if p.opened else r.NONE
    receive(w.desk, w.seed, day, p.parts, p.handling, p.handling_before, p.urgent, p.soviet_days, opener)


MECHANISM = Mechanism(
    name="secret paperwork",
    phase="arriving papers",
    about="Secret parts of all bodies take papers over against receipt; at the Centre the first assistant opens the mail.",
    section="I.2",
    emits=("receive", "read", "sort-mail"),
    step=step,
    reads={
        "parts": "secret_parts_everywhere",
        "handling": "secret_part_handling",
        "handling_before": "handling_without_secret_part",
        "urgent": "urgent_hearing_days",
        "soviet_days": "soviet_order_days",
        "opened": "mail_opened_by_first_assistant",
    },
)
