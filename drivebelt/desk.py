"""The desk on which every mechanism works: act log, registers, live papers and calendars, as flat arrays.

`Desk` is one named tuple of arrays that compiled steps take as a whole. The functions below are the only ones that
write an act, number a document, start or end the life of a copy, or put a paper in a calendar.

A *slot* of the pool is one copy of one document while something is still to happen to it: on the way, to be
considered, to be reported on, to be returned, to be burned. `holds` counts those reasons; when it falls to zero the
copy's row goes to the log and the slot is free.

A day of the country touches hundreds of thousands of papers lying anywhere in memory, so that what costs is waiting for
them. A calendar is therefore kept in small blocks of slot numbers: the day's list is known before its papers are needed,
and `turn` sends for those of the next papers while the present one is worked on.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import int64, njit, types, uint64, void
from numba.core import cgutils
from numba.extending import intrinsic

from drivebelt import records as r
from drivebelt.byref import reference, referenced
from drivebelt.compiled import INNER, STEP

SLOT = np.dtype(
    [
        # what the way of a paper to its hearing and to its execution reads: the first cache line
        ("key", "i4"), ("document", "i4"), ("organ", "i4"), ("sender", "i4"), ("matter", "i4"), ("cause", "i4"),
        ("order", "i4"), ("order_life", "i4"), ("life", "i4"), ("severity", "f4"), ("receipt", "i4"), ("copy", "i2"),
        ("quota", "i2"), ("reports", "i2"), ("dispatched", "i2"), ("received", "i2"), ("deadline", "i2"), ("task", "i1"),
        ("channel", "i1"), ("grade", "i1"), ("depth", "i1"), ("flags", "i1"), ("fate", "i1"), ("holds", "i1"),
        ("personal", "i1"),
        # the second: what is read when it is made, passed down, reported on, called in, and at the end of its life
        ("wording", "u8"), ("matter_key", "i8"), ("person", "i4"), ("origin", "i4"), ("burned_act", "i4"),
        ("claimed", "i4"), ("addressee", "i4"), ("read", "i2"), ("due", "i2"), ("returned", "i2"), ("domain", "i1"),
        ("form", "i1"), ("reminders", "i1"), ("pad", "u1", (19,)),
    ]
)  # fmt: skip
"""Days of a slot are days of the run; `key` has 31 bits; `personal` is 1 where `person` is not null. Two cache lines;
`aligned` keeps slots from straddling a third."""
LINE = 64
assert SLOT.itemsize == LINE + LINE


def aligned(n: int, row: np.dtype[Any]) -> npt.NDArray[Any]:
    """`n` zeroed rows that begin on a cache line."""
    raw = np.zeros(n * row.itemsize + LINE, np.uint8)
    skip = -raw.ctypes.data % LINE
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
    WEEKDAY, MONTH_DAY, NEXT_LIFE, FIRST_CENTRAL, CENTRAL_MATTERS, FREE_BLOCK, NEXT_BLOCK,
) = range(COUNTERS := 16)  # fmt: skip

# A block of a calendar: one cache line of an older block of the same list, how many slots it holds, and the slots.
_OLDER, _FILLED, _FIRST, _BLOCK = 0, 1, 2, 16
_SLOTS_A_BLOCK = _BLOCK - _FIRST
# How many papers ahead `turn` sends for a paper, and for what it leads to.
_FAR, _NEAR = 12, 5


def blocks_for(slots: int, lists: int) -> npt.NDArray[np.int32]:
    """Blocks enough for so many slots on so many lists: a slot is on a few lists at a time, a list begins one block."""
    n = slots // 2 + lists
    return aligned(n * _BLOCK, np.dtype(np.int32)).reshape(n, _BLOCK)


@referenced
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
    """(queues, days + 2): newest block of each day's list, -1 where empty."""
    emptied: npt.NDArray[np.int32]
    """(queues,): last day whose list was taken."""
    blocks: npt.NDArray[np.int32]
    """(blocks, 16): the lists of the calendars; those no longer used hang together from count[FREE_BLOCK]."""
    today: npt.NDArray[np.int32]
    """(slots,): the list taken last."""
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
        matters=np.zeros(0, r.MATTER_ROW), pool=np.zeros(0, SLOT), free=one, heads=two, emptied=one, blocks=two, today=one,
        organs=np.zeros(0, r.ORGAN_ROW), child_start=one, children=one, registers=two,
        central=np.zeros(0, r.CENTRAL_ROW), count=np.zeros(0, np.int64),
    )  # fmt: skip


# Those that Python calls too have one compiled form, whatever integers it gives them.
DESK = reference(_empty())


@njit(int64(DESK, *[int64] * 15), **STEP)
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


@njit(int64(DESK, *[int64] * 9, uint64), **STEP)
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


@njit(int64(DESK, *[int64] * 6), **STEP)
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


@njit(void(DESK, *[int64] * 3), **STEP)
def push(k, queue, day, slot):
    """Puts a slot in a calendar; a list that has been emptied today takes nothing more until tomorrow.

    Days past the end of the run share one list that is never reached.
    """
    at = min(max(day, k.emptied[queue] + 1), k.heads.shape[1] - 1)
    block = k.heads[queue, at]
    if block == r.NONE or k.blocks[block, _FILLED] == _SLOTS_A_BLOCK:
        new = k.count[FREE_BLOCK]
        if new == r.NONE:
            new = k.count[NEXT_BLOCK]
            k.count[NEXT_BLOCK] = new + 1
        else:
            k.count[FREE_BLOCK] = k.blocks[new, _OLDER]
        k.blocks[new, _OLDER] = block
        k.blocks[new, _FILLED] = 0
        k.heads[queue, at] = new
        block = new
    n = k.blocks[block, _FILLED]
    k.blocks[block, _FIRST + n] = slot
    k.blocks[block, _FILLED] = n + 1


@njit(**INNER)
def look(k, queue, day):
    """Writes the day's list of a calendar into `today`, the last put in it first, and returns how many there are."""
    n = 0
    block = k.heads[queue, day]
    while block != r.NONE:
        for i in range(k.blocks[block, _FILLED] - 1, -1, -1):
            k.today[n] = k.blocks[block, _FIRST + i]
            n += 1
        block = k.blocks[block, _OLDER]
    return n


@njit(**INNER)
def take(k, queue, day):
    """Empties the day's list of a calendar into `today` and returns how many there are.

    Go through them with `turn`, and to the end before the next list is taken.
    """
    n = look(k, queue, day)
    block = k.heads[queue, day]
    while block != r.NONE:
        older = k.blocks[block, _OLDER]
        k.blocks[block, _OLDER] = k.count[FREE_BLOCK]
        k.count[FREE_BLOCK] = block
        block = older
    k.heads[queue, day] = r.NONE
    k.emptied[queue] = day
    return n


def due(k: Desk, queue: int, day: int) -> bool:
    """Whether anything is on the day's list of a calendar; a list with nothing on it counts as emptied."""
    if k.heads[queue, day] != r.NONE:
        return True
    k.emptied[queue] = day
    return False


@intrinsic
def send_for(typingctx, rows, i, line):
    """Asks for one cache line of rows[i] ahead of its use; changes nothing."""

    def codegen(context, builder, signature, args):
        word, pointer, flag = ir.IntType(64), ir.IntType(8).as_pointer(), ir.IntType(32)
        table = context.make_array(signature.args[0])(context, builder, args[0])
        offset = builder.add(builder.mul(args[1], table.itemsize), builder.mul(args[2], ir.Constant(word, LINE)))
        place = builder.inttoptr(builder.add(builder.ptrtoint(table.data, word), offset), pointer)
        ask = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [pointer, flag, flag, flag]), "llvm.prefetch.p0"
        )
        builder.call(ask, [place, ir.Constant(flag, 1), ir.Constant(flag, 3), ir.Constant(flag, 1)])
        return context.get_dummy_value()

    return types.void(rows, types.int64, types.int64), codegen


@njit(**INNER)
def turn(k, i, n):
    """The slot whose turn it is, `i` of `n` of the list taken last; sends for papers, bodies and orders of the next."""
    if i + _FAR < n:
        far = np.int64(k.today[i + _FAR])
        send_for(k.pool, far, 0)
        send_for(k.pool, far, 1)
    if i + _NEAR < n:
        near = k.pool[k.today[i + _NEAR]]
        send_for(k.organs, np.int64(near.organ), 0)
        send_for(k.organs, np.int64(near.sender), 0)
        send_for(k.registers, np.int64(near.organ) * k.registers.shape[1], 0)
        if near.order_life != r.NONE:
            send_for(k.pool, np.int64(near.order), 0)
    return np.int64(k.today[i])


@njit(int64(DESK, *[int64] * 13), **STEP)
def copy(k, doc, number, organ, person, sender, about, about_key, cause, origin, channel, grade, task, holds):
    """Makes one copy of a document and returns its slot. The caller fills the rest and puts it in a calendar."""
    top = k.count[FREE_TOP] - 1
    k.count[FREE_TOP] = top
    slot = k.free[top]
    later = np.int64(k.free[max(top - _FAR, 0)])
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
    s.life = k.count[NEXT_LIFE]
    k.count[NEXT_LIFE] += 1
    return slot


@njit(**INNER)
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


@njit(**INNER)
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


@njit(void(DESK, int64[::1]), **STEP)
def _end_each(k, slots):
    for i in range(slots.size):
        end_copy(k, slots[i])


def end_all(k: Desk) -> None:
    """Writes the rows of all copies still alive, in the order in which they were made; the slots stay as they are."""
    lives = k.pool["life"]
    alive = np.flatnonzero(lives != r.NONE)
    _end_each(k, alive[np.argsort(lives[alive], kind="stable")])


@njit(int64(DESK, int64, int64), **STEP)
def listed(k, queue, day):
    """How many slots the day's list of a calendar holds."""
    n = 0
    block = k.heads[queue, day]
    while block != r.NONE:
        n += k.blocks[block, _FILLED]
        block = k.blocks[block, _OLDER]
    return n


@njit(int64(DESK, int64, int64), **STEP)
def below_listed(k, queue, day):
    """How many subordinate committees the bodies on the day's list have."""
    n = look(k, queue, day)
    below = 0
    for i in range(n):
        organ = k.pool[turn(k, i, n)].organ
        below += k.child_start[organ + 1] - k.child_start[organ]
    return below


@njit(**INNER)
def on_weekday(k, today, day, weekday):
    """The first day not before `day` that falls on `weekday` (0 Monday)."""
    return day + (weekday - k.count[WEEKDAY] - (day - today)) % r.DAYS_PER_WEEK
