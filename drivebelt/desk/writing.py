"""What writes: acts, documents and matters, and the lives of copies. Nothing else in the program does.

Rows are written at the end of three tables by turns, each of which the processor would meet unprepared: every row sends for
one some way ahead of it.
"""

from __future__ import annotations

import numpy as np
from numba import int64, njit, uint64, void

from drivebelt import records as r
from drivebelt.compilation import INNER, STEP
from drivebelt.desk import layout as d
from drivebelt.desk.ahead import send_for

# How many rows of the log, and how many free slots, are sent for ahead.
_ROWS, _SLOTS = 40, 12


@njit(int64(d.DESK, *[int64] * 15), **STEP, forceinline=True)
def act(
    k,
    day,
    kind,
    matter,
    document,
    copy,
    actor,
    person,
    target,
    to_person,
    name,
    channel,
    grade,
    cause,
    amount,
    recorded,
):
    """Writes one act and returns its number; acts are numbered in the order in which they are written."""
    number = k.count[d.NEXT_ACT]
    at = number - k.count[d.FIRST_ACT]
    send_for(k.acts, at + _ROWS, 0)
    row = k.acts[at]
    row.day = day
    row.kind = kind
    row.matter = matter
    row.document = document
    row.copy = copy
    row.actor_organ = actor
    row.actor_person = person
    row.target_organ = target
    row.target_person = to_person
    row.in_name_of = name
    row.channel = channel
    row.grade = grade
    row.cause = cause
    row.amount = amount
    row.recorded = recorded
    k.count[d.NEXT_ACT] = number + 1
    return number


@njit(int64(d.DESK, *[int64] * 9, uint64), **STEP, forceinline=True)
def document(k, day, kind, issuer, register, origin, matter, grade, parent, copies, wording):
    """Numbers one document in the issuer's register of the year and returns the document's own number."""
    number = k.count[d.NEXT_DOCUMENT]
    at = number - k.count[d.FIRST_DOCUMENT]
    send_for(k.documents, at + _ROWS, 0)
    row = k.documents[at]
    row.document = number
    row.date = day
    row.kind = kind
    row.issuer = issuer
    row.originator = origin
    row.matter = matter
    row.grade = grade
    row.parent_document = parent
    row.copies = copies
    row.wording = wording
    k.registers[issuer, register] += 1
    row.number = k.registers[issuer, register]
    row.series = (k.count[d.YEAR] * k.registers.shape[0] + issuer) * k.registers.shape[1] + register
    k.count[d.NEXT_DOCUMENT] = number + 1
    return number


@njit(int64(d.DESK, *[int64] * 6), **STEP)
def matter(k, day, domain, subject, category, organ, person):
    """Enters a matter in the list of matters and returns its number."""
    number = k.count[d.NEXT_MATTER]
    row = k.matters[number - k.count[d.FIRST_MATTER]]
    row.matter = number
    row.opened = day
    row.domain = domain
    row.subject = subject
    row.secrecy_category = category
    row.originator_organ = organ
    row.originator_person = person
    k.count[d.NEXT_MATTER] = number + 1
    return number


@njit(int64(d.DESK, *[int64] * 13), **STEP, forceinline=True)
def copy(k, doc, number, organ, person, sender, about, about_key, cause, origin, channel, grade, task, holds):
    """Makes one copy of a document and returns its slot. The caller fills the rest and puts it in a calendar."""
    top = k.count[d.FREE_TOP] - 1
    k.count[d.FREE_TOP] = top
    slot = k.free[top]
    later = np.int64(k.free[max(top - _SLOTS, 0)])
    send_for(k.pool, later, 0)
    send_for(k.pool, later, 1)
    s = k.pool[slot]
    s.document = doc
    s.copy = number
    s.organ = organ
    s.addressee = organ
    s.person = person
    s.personal = person != r.NONE
    s.sender = sender
    s.matter = about
    s.matter_key = about_key
    s.cause = cause
    s.origin = origin
    s.channel = channel
    s.grade = grade
    s.task = task
    s.holds = holds
    s.dispatched = r.NONE
    s.received = r.NONE
    s.receipt = r.NONE
    s.read = r.NONE
    s.due = r.NONE
    s.returned = r.NONE
    s.burned_act = r.NONE
    s.order = r.NONE
    s.order_life = r.NONE
    s.reports = 0
    s.claimed = 0
    s.reminders = 0
    s.flags = 0
    s.form = r.NONE
    s.fate = r.IN_TRANSIT
    s.life = k.count[d.NEXT_LIFE]
    k.count[d.NEXT_LIFE] += 1
    return slot


@njit(**INNER, forceinline=True)
def end_copy(k, slot):
    """Writes the copy's row as it stands; an order given by word of mouth has none."""
    s = k.pool[slot]
    if s.document == r.NONE:
        return
    at = k.count[d.ENDED_COPIES]
    send_for(k.copies, at + _ROWS, 0)
    row = k.copies[at]
    k.count[d.ENDED_COPIES] = at + 1
    row.document = s.document
    row.copy = s.copy
    row.addressee_organ = s.addressee
    row.addressee_person = s.person
    row.channel = s.channel
    row.dispatched = s.dispatched
    row.received = s.received
    row.receipt = s.receipt
    row.read = s.read
    row.due = s.due
    row.returned = s.returned
    row.burned_act = s.burned_act
    row.fate = s.fate


@njit(**INNER, forceinline=True)
def release(k, slot, fate):
    """One reason less to keep the slot; the last one ends the copy's life."""
    s = k.pool[slot]
    s.fate = fate
    s.holds -= 1
    if s.holds == 0:
        end_copy(k, slot)
        s.life = r.NONE
        k.free[k.count[d.FREE_TOP]] = slot
        k.count[d.FREE_TOP] += 1


@njit(void(d.DESK, int64[::1]), **STEP)
def _end_each(k, slots):
    for i in range(slots.size):
        end_copy(k, slots[i])


def end_all(k: d.Desk) -> None:
    """Writes the rows of all copies still alive, in the order in which they were made; the slots stay as they are."""
    lives = k.pool["life"]
    alive = np.flatnonzero(lives != r.NONE)
    _end_each(k, alive[np.argsort(lives[alive], kind="stable")])
