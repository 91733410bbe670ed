"""Tables and values as compiled code takes them."""

from __future__ import annotations

import gc
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.compilation import KERNEL, STEP
from drivebelt.compilation.byref import Values
from drivebelt.world.desks import new_desk


@njit(**KERNEL)
def _read(p, day):
    """What compiled code finds in values: a number, and each of an array."""
    return p.first, p.months[day]


@njit(**KERNEL)
def _first(p):
    return p.first


@njit(**KERNEL)
def _of_more(p):
    return _first(p) + p.second


@njit(**STEP)
def _counted(k, at):
    return k.count[at], k.registers.shape[1]


@settings(deadline=None)
@given(st.floats(allow_nan=False), st.lists(st.floats(allow_nan=False), min_size=12, max_size=12))
def test_compiled_code_and_python_read_the_same_values(first: float, months: list[float]) -> None:
    p = Values(first=first, months=np.array(months))
    assert all(_read(p, m) == (p.first, p.months[m]) == (first, months[m]) for m in range(12))


def test_two_readings_have_one_form_for_what_they_share() -> None:
    one, two = Values(a=1.0, b=2.0, c=3.0), Values(c=30.0, b=20.0, d=4.0)
    shared = [p.only(("b", "c")) for p in (one, two)]
    assert shared[0].dtype == shared[1].dtype and one.dtype != two.dtype
    assert [(p.b, p.c) for p in shared] == [(2.0, 3.0), (20.0, 30.0)]


def test_values_that_begin_alike_have_a_form_each() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (_first(Values(first=1.0)), _of_more(Values(first=1.0, second=2.0))) == (1.0, 3.0)


def test_a_name_that_arrays_have_is_refused() -> None:
    with pytest.raises(TypeError, match="base, mean"):
        Values(mean=1.0, base=2.0, other=3.0)


def test_a_table_refuses_arrays_that_compiled_code_would_misread() -> None:
    k = new_desk(np.zeros(3, r.ORGAN_ROW), 10, 64)
    for wrong in (np.zeros(d.COUNTERS, np.int32), np.zeros((2, 2), np.int64), np.zeros(2 * d.COUNTERS, np.int64)[::2]):
        with pytest.raises(TypeError, match=r"Desk\.count: not a contiguous array of int64"):
            k.replaced(count=wrong)
    with pytest.raises(TypeError, match="nothing missing or unknown"):
        k.replaced(nothing=np.zeros(1))


def test_a_table_keeps_its_arrays_alive() -> None:
    k = new_desk(np.zeros(3, r.ORGAN_ROW), 10, 64).replaced(count=np.arange(d.COUNTERS))
    gc.collect()
    np.full(d.COUNTERS, -7)  # would take the place of an array given up
    assert [_counted(k, i) for i in range(d.COUNTERS)] == [(i, len(r.REGISTERS)) for i in range(d.COUNTERS)]
