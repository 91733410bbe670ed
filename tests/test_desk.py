"""Calendars of the desk: what is put in comes out once, on its day, however long the lists grow."""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.compilation import STEP
from drivebelt.world.desks import more_slots, new_desk

DAYS = 5


@njit(**STEP)
def put(k, queue, day, first, last):
    for slot in range(first, last):
        d.push(k, queue, day, slot)


@njit(cache=True)
def empty(k, queue, day):
    n = d.take(k, queue, day)
    out = np.empty(n, np.int64)
    for i in range(n):
        out[i] = d.turn(k, i, n, d.ALL)
    return out


def desk(slots: int = 100) -> d.Desk:
    return new_desk(np.zeros(1, r.ORGAN_ROW), DAYS, slots)


def test_a_day_gives_back_its_papers_the_last_first() -> None:
    k = desk()
    put(k, d.ARRIVING, 2, 0, 60)
    put(k, d.ARRIVING, 3, 60, 70)
    assert d.listed(k, d.ARRIVING, 2) == 60
    assert empty(k, d.ARRIVING, 2).tolist() == list(range(59, -1, -1))
    assert empty(k, d.ARRIVING, 2).size == 0
    assert empty(k, d.ARRIVING, 3).tolist() == list(range(69, 59, -1))


def test_what_comes_after_a_list_was_emptied_waits_for_the_next_day() -> None:
    k = desk()
    empty(k, d.HEARING, 1)
    put(k, d.HEARING, 1, 0, 3)
    assert d.due(k, d.HEARING, 2)
    assert not d.due(k, d.DOING, 1)
    put(k, d.DOING, 1, 0, 1)
    assert d.listed(k, d.DOING, 2) == 1


def test_blocks_are_used_again_and_outlast_a_larger_desk() -> None:
    k = desk()
    for day in range(DAYS):
        put(k, d.BURNING, day, 0, 100)
        assert empty(k, d.BURNING, day).size == 100
        if day == 0:
            used = int(k.count[d.NEXT_BLOCK])
    assert k.count[d.NEXT_BLOCK] == used
    put(k, d.LOOKING, 3, 0, 50)
    k = more_slots(k, 500)
    assert k.pool.size >= 500
    assert empty(k, d.LOOKING, 3).tolist() == list(range(49, -1, -1))
