"""The calendars: what is put in them, taken from them day by day, and gone through with `turn`."""

from __future__ import annotations

import numpy as np
from numba import int64, njit, void

from drivebelt import records as r
from drivebelt.compilation import INNER, STEP
from drivebelt.desk.ahead import send_for
from drivebelt.desk.layout import DESK, FILLED, FIRST, FREE_BLOCK, NEXT_BLOCK, OLDER, ORDER, SLOTS_A_BLOCK, WEEKDAY, Desk


@njit(void(DESK, *[int64] * 3), **STEP, forceinline=True)
def push(k, queue, day, slot):
    """Puts a slot in a calendar; a list that has been emptied today takes nothing more until tomorrow.

    Days past the end of the run share one list that is never reached.
    """
    at = min(max(day, k.emptied[queue] + 1), k.heads.shape[1] - 1)
    block = k.heads[queue, at]
    if block == r.NONE or k.blocks[block, FILLED] == SLOTS_A_BLOCK:
        new = k.count[FREE_BLOCK]
        if new == r.NONE:
            new = k.count[NEXT_BLOCK]
            k.count[NEXT_BLOCK] = new + 1
        else:
            k.count[FREE_BLOCK] = k.blocks[new, OLDER]
        k.blocks[new, OLDER] = block
        k.blocks[new, FILLED] = 0
        k.heads[queue, at] = new
        block = new
    n = k.blocks[block, FILLED]
    k.blocks[block, FIRST + n] = slot
    k.blocks[block, FILLED] = n + 1


@njit(**INNER)
def look(k, queue, day):
    """Writes the day's list of a calendar into `today`, the last put in it first, and returns how many there are."""
    n = 0
    block = k.heads[queue, day]
    while block != r.NONE:
        for i in range(k.blocks[block, FILLED] - 1, -1, -1):
            k.today[n] = k.blocks[block, FIRST + i]
            n += 1
        block = k.blocks[block, OLDER]
    return n


@njit(**INNER)
def take(k, queue, day):
    """Empties the day's list of a calendar into `today` and returns how many there are.

    Go through them with `turn`, and to the end before the next list is taken.
    """
    n = look(k, queue, day)
    block = k.heads[queue, day]
    while block != r.NONE:
        older = k.blocks[block, OLDER]
        k.blocks[block, OLDER] = k.count[FREE_BLOCK]
        k.count[FREE_BLOCK] = block
        block = older
    k.heads[queue, day] = r.NONE
    k.emptied[queue] = day
    return n


def due(k: Desk, queue: int, day: int) -> bool:
    """Whether anything is on the day's list of a calendar; a list with nothing on it counts as emptied."""
    if k.heads.item(queue, day) != r.NONE:
        return True
    k.emptied[queue] = day
    return False


# What the work on a list needs of each paper beside the first half of its row and the body that has it: `turn` sends for it.
WHOLE = 1  # the second half of the row
ENDING = 2  # the same, of papers kept for one reason only
UPWARD = 4  # the same, of papers that are no orders
SENDER = 8  # the body that sent it
REGISTERS = 16  # the registers of the body that has it
ABOVE = 32  # the order that it carries out or answers
ALL = WHOLE | SENDER | REGISTERS | ABOVE

# How many papers ahead a paper is sent for, and what it leads to.
_FAR, _NEAR = 12, 5


@njit(**INNER, forceinline=True)
def turn(k, i, n, needs):
    """The slot whose turn it is, `i` of `n` of the list taken last; sends for what the next of them `needs`, as named above."""
    if i + _FAR < n:
        far = np.int64(k.today[i + _FAR])
        send_for(k.pool, far, 0)
        if needs & WHOLE:
            send_for(k.pool, far, 1)
    if i + _NEAR < n:
        slot = np.int64(k.today[i + _NEAR])
        near = k.pool[slot]
        send_for(k.organs, np.int64(near.organ), 0)
        if needs & ENDING:
            send_for(k.pool, slot, 1 if near.holds == 1 else 0)
        if needs & UPWARD:
            send_for(k.pool, slot, 1 if near.task != ORDER else 0)
        if needs & SENDER:
            send_for(k.organs, np.int64(near.sender), 0)
        if needs & REGISTERS:
            send_for(k.registers, np.int64(near.organ) * k.registers.shape[1], 0)
        if needs & ABOVE and near.order_life != r.NONE:
            send_for(k.pool, np.int64(near.order), 0)
            send_for(k.pool, np.int64(near.order), 1)
    return np.int64(k.today[i])


@njit(int64(DESK, int64, int64), **STEP)
def listed(k, queue, day):
    """How many slots the day's list of a calendar holds."""
    n = 0
    block = k.heads[queue, day]
    while block != r.NONE:
        n += k.blocks[block, FILLED]
        block = k.blocks[block, OLDER]
    return n


@njit(int64(DESK, int64, int64), **STEP)
def below_listed(k, queue, day):
    """How many subordinate committees the bodies on the day's list have."""
    n = look(k, queue, day)
    below = 0
    for i in range(n):
        organ = k.pool[turn(k, i, n, 0)].organ
        below += k.child_start[organ + 1] - k.child_start[organ]
    return below


@njit(**INNER)
def on_weekday(k, today, day, weekday):
    """The first day not before `day` that falls on `weekday` (0 Monday)."""
    return day + (weekday - k.count[WEEKDAY] - (day - today)) % r.DAYS_PER_WEEK
