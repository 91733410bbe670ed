"""How the desk is laid out: the row of a live paper, tasks and marks, calendars, counters, and the tuple of all arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from drivebelt import records as r
from drivebelt.compilation.byref import Table, reference

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
OLDER, FILLED, FIRST, BLOCK = 0, 1, 2, 16
SLOTS_A_BLOCK = BLOCK - FIRST


def blocks_for(slots: int, lists: int) -> npt.NDArray[np.int32]:
    """Blocks enough for so many slots on so many lists: a slot is on a few lists at a time, a list begins one block."""
    n = slots // 2 + lists
    return aligned(n * BLOCK, np.dtype(np.int32)).reshape(n, BLOCK)


class Desk(Table):
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
    count: npt.NDArray[np.int64]
    """The counters named above."""


_ONE, _TWO = np.zeros(0, np.int32), np.zeros((0, 0), np.int32)
# Those that Python calls too have one compiled form, whatever integers it gives them.
DESK = reference(
    Desk, acts=np.zeros(0, r.ACT_ROW), documents=np.zeros(0, r.DOCUMENT_ROW), copies=np.zeros(0, r.COPY_ROW),
    matters=np.zeros(0, r.MATTER_ROW), pool=np.zeros(0, SLOT), free=_ONE, heads=_TWO, emptied=_ONE, blocks=_TWO, today=_ONE,
    organs=np.zeros(0, r.ORGAN_ROW), child_start=_ONE, children=_ONE, registers=_TWO,
    central=np.zeros(0, r.CENTRAL_ROW), count=np.zeros(0, np.int64),
)  # fmt: skip
