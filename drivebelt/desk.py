"""The desk on which every mechanism works: act log, registers, live papers and calendars, as flat arrays.

`Desk` is one named tuple of arrays that compiled steps take as a whole. The functions below are the only ones that
write an act, number a document, start or end the life of a copy, or put a paper in a calendar.

A *slot* of the pool is one copy of one document while something is still to happen to it: on the way, to be
considered, to be reported on, to be returned, to be burned. `holds` counts those reasons; when it falls to zero the
copy's row goes to the log and the slot is free.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import int64, njit, typeof, types, uint64, void

from drivebelt import records as r

SLOT = np.dtype(
    [
        # what nearly every step reads: the first cache line
        ("key", "i8"), ("document", "i4"), ("organ", "i4"), ("sender", "i4"), ("matter", "i4"), ("cause", "i4"),
        ("order", "i4"), ("order_life", "i4"), ("life", "i4"), ("severity", "f4"), ("receipt", "i4"), ("copy", "i2"),
        ("quota", "i2"), ("reports", "i2"), ("task", "i1"), ("channel", "i1"), ("grade", "i1"), ("depth", "i1"),
        ("flags", "i1"), ("domain", "i1"), ("fate", "i1"), ("holds", "i1"), ("form", "i1"), ("reminders", "i1"),
        # the second
        ("wording", "u8"), ("matter_key", "i8"), ("person", "i4"), ("origin", "i4"), ("burned_act", "i4"),
        ("claimed", "i4"), ("dispatched", "i2"), ("received", "i2"), ("read", "i2"), ("due", "i2"), ("returned", "i2"),
        ("deadline", "i2"), ("addressee", "i4"), ("pad", "u1", (16,)),
    ]
)  # fmt: skip
"""Days of a slot are days of the run. Two cache lines; `aligned` keeps slots from straddling a third."""
assert SLOT.itemsize == 128


def aligned(n: int, row: np.dtype[Any]) -> npt.NDArray[Any]:
    """`n` zeroed rows that begin on a cache line."""
    line = 64
    raw = np.zeros(n * row.itemsize + line, np.uint8)
    skip = -raw.ctypes.data % line
    return raw[skip : skip + n * row.itemsize].view(row)


# What the addressee is to do with a paper.
ORDER, FILE, READ, PROPOSAL, REPORT, QUERY, REPLY = range(7)
# Marks on a paper.
SOVIET, URGENT, WANTS_REPORT, MUST_RETURN, CLEARED, LAPSE = 1, 2, 4, 8, 16, 32

# Calendars, in the order in which the day empties them.
QUEUES = (
    "by-courier", "by-wire", "by-post", "arriving", "hearing", "soviet", "doing", "reporting", "giving-back",
    "calling-back", "coming-back", "burning", "asking", "looking",
)  # fmt: skip
(
    BY_COURIER, BY_WIRE, BY_POST, ARRIVING, HEARING, SOVIET_ORDER, DOING, REPORTING, GIVING_BACK,
    CALLING_BACK, COMING_BACK, BURNING, ASKING, LOOKING,
) = range(len(QUEUES))  # fmt: skip

# Counters.
(
    NEXT_ACT, FIRST_ACT, NEXT_DOCUMENT, FIRST_DOCUMENT, ENDED_COPIES, NEXT_MATTER, FIRST_MATTER, FREE_TOP, YEAR,
    WEEKDAY, MONTH_DAY, NEXT_LIFE, FIRST_CENTRAL, CENTRAL_MATTERS,
) = range(14)  # fmt: skip


def no_links(slots: int) -> npt.NDArray[np.int32]:
    """Links of so many slots, none of which is on a list."""
    links = aligned(slots * 16, np.dtype(np.int32)).reshape(slots, 16)
    links[:] = r.NONE
    return links


class Desk(NamedTuple):
    """All that compiled steps read and write. Shapes: rows of the log's open chunk, live slots, organs, calendars."""

    acts: npt.NDArray[np.void]
    """records.ACT_ROW, (chunk,): acts since the last flush."""
    documents: npt.NDArray[np.void]
    """records.DOCUMENT_ROW, (chunk,)."""
    copies: npt.NDArray[np.void]
    """records.COPY_ROW, (chunk,): copies whose life has ended since the last flush."""
    matters: npt.NDArray[np.void]
    """records.MATTER_ROW, (chunk,)."""
    pool: npt.NDArray[np.void]
    """SLOT, (slots,)."""
    free: npt.NDArray[np.int32]
    """(slots,) a stack of free slots; its height is count[FREE_TOP]."""
    heads: npt.NDArray[np.int32]
    """(queues, days + 2): first slot of each day's list, -1 where empty."""
    emptied: npt.NDArray[np.int32]
    """(queues,): last day whose list was taken."""
    links: npt.NDArray[np.int32]
    """(slots, 16): next slot of the same list, a column a queue; one cache line a slot."""
    organs: npt.NDArray[np.void]
    """records.ORGAN_ROW, (organs,)."""
    child_start: npt.NDArray[np.int32]
    """(organs + 1,): where each organ's subordinate party committees begin in `children`."""
    children: npt.NDArray[np.int32]
    """Party committees ordered by the committee above them."""
    registers: npt.NDArray[np.int32]
    """(organs, registers): last number used this year."""
    central: npt.NDArray[np.void]
    """records.CENTRAL_ROW, (n,): matters before the bodies of the Centre."""
    count: npt.NDArray[np.int64]  # type: ignore[assignment]
    """The counters named above."""


def _empty() -> Desk:
    """A desk without rows: its type is the type of every desk."""
    one, two = np.zeros(0, np.int32), np.zeros((0, 0), np.int32)
    return Desk(
        acts=np.zeros(0, r.ACT_ROW), documents=np.zeros(0, r.DOCUMENT_ROW), copies=np.zeros(0, r.COPY_ROW),
        matters=np.zeros(0, r.MATTER_ROW), pool=np.zeros(0, SLOT), free=one, heads=two, emptied=one, links=two,
        organs=np.zeros(0, r.ORGAN_ROW), child_start=one, children=one, registers=two,
        central=np.zeros(0, r.CENTRAL_ROW), count=np.zeros(0, np.int64),
    )  # fmt: skip


# One compiled form of each function below, whatever integers it is called with: compiling stays short.
DESK = typeof(_empty())


@njit(int64(DESK, *[int64] * 15), cache=True)
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
    number = k.count[NEXT_ACT]
    row = k.acts[number - k.count[FIRST_ACT]]
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
    k.count[NEXT_ACT] = number + 1
    return number


@njit(int64(DESK, *[int64] * 9, uint64), cache=True)
def document(k, day, kind, issuer, register, origin, matter, grade, parent, copies, wording):
    """Numbers one document in the issuer's register of the year and returns the document's own number."""
    number = k.count[NEXT_DOCUMENT]
    row = k.documents[number - k.count[FIRST_DOCUMENT]]
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
    row.series = (k.count[YEAR] * k.registers.shape[0] + issuer) * k.registers.shape[1] + register
    k.count[NEXT_DOCUMENT] = number + 1
    return number


@njit(int64(DESK, *[int64] * 6), cache=True)
def matter(k, day, domain, subject, category, organ, person):
    """Enters a matter in the list of matters and returns its number."""
    number = k.count[NEXT_MATTER]
    row = k.matters[number - k.count[FIRST_MATTER]]
    row.matter = number
    row.opened = day
    row.domain = domain
    row.subject = subject
    row.secrecy_category = category
    row.originator_organ = organ
    row.originator_person = person
    k.count[NEXT_MATTER] = number + 1
    return number


@njit(void(DESK, *[int64] * 3), cache=True)
def push(k, queue, day, slot):
    """Puts a slot in a calendar; a list that has been emptied today takes nothing more until tomorrow.

    Days past the end of the run share one list that is never reached.
    """
    at = min(max(day, k.emptied[queue] + 1), k.heads.shape[1] - 1)
    k.links[slot, queue] = k.heads[queue, at]
    k.heads[queue, at] = slot


@njit(int64(DESK, int64, int64), cache=True)
def take(k, queue, day):
    """Empties the day's list of a calendar and returns its first slot; follow `links` for the rest."""
    first = k.heads[queue, day]
    k.heads[queue, day] = r.NONE
    k.emptied[queue] = day
    return first


@njit(int64(DESK, *[int64] * 13), cache=True)
def copy(k, doc, number, organ, person, sender, about, about_key, cause, origin, channel, grade, task, holds):
    """Makes one copy of a document and returns its slot. The caller fills the rest and puts it in a calendar."""
    k.count[FREE_TOP] -= 1
    slot = k.free[k.count[FREE_TOP]]
    s = k.pool[slot]
    s.document = doc
    s.copy = number
    s.organ = organ
    s.addressee = organ
    s.person = person
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
    s.life = k.count[NEXT_LIFE]
    k.count[NEXT_LIFE] += 1
    return slot


@njit(void(DESK, int64), cache=True)
def end_copy(k, slot):
    """Writes the copy's row as it stands; an order given by word of mouth has none."""
    s = k.pool[slot]
    if s.document == r.NONE:
        return
    row = k.copies[k.count[ENDED_COPIES]]
    k.count[ENDED_COPIES] += 1
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


@njit(void(DESK, int64, int64), cache=True)
def release(k, slot, fate):
    """One reason less to keep the slot; the last one ends the copy's life."""
    s = k.pool[slot]
    s.fate = fate
    s.holds -= 1
    if s.holds == 0:
        end_copy(k, slot)
        s.life = r.NONE
        k.free[k.count[FREE_TOP]] = slot
        k.count[FREE_TOP] += 1


@njit(void(DESK), cache=True)
def end_all(k):
    """Writes the rows of all copies still alive, in the order in which they were made; the slots stay as they are."""
    lives = np.full(k.pool.shape[0], np.int64(2**62))
    alive = 0
    for slot in range(k.pool.shape[0]):
        if k.pool[slot].life != r.NONE:
            lives[slot] = k.pool[slot].life
            alive += 1
    order = np.argsort(lives, kind="mergesort")
    for i in range(alive):
        end_copy(k, order[i])


@njit(types.UniTuple(int64, 2)(DESK, int64, int64), cache=True)
def listed(k, queue, day):
    """How many slots the day's list of a calendar holds, and how many subordinate committees their organs have."""
    n = 0
    below = 0
    slot = k.heads[queue, day]
    while slot != r.NONE:
        n += 1
        organ = k.pool[slot].organ
        below += k.child_start[organ + 1] - k.child_start[organ]
        slot = k.links[slot, queue]
    return n, below


@njit(int64(DESK, *[int64] * 3), cache=True)
def on_weekday(k, today, day, weekday):
    """The first day not before `day` that falls on `weekday` (0 Monday)."""
    return day + (weekday - k.count[WEEKDAY] - (day - today)) % r.DAYS_PER_WEEK
