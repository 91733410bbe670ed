"""The day on which an order was given: the span allows for the papers that are lost, and only for those."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from drivebelt.reconstruct.origin_spans import origin_spans


def _orders(survival: float, seed: int = 3, orders: int = 3000):
    """Orders of two papers: an extract on the day itself, a decree 5 to 13 days later; and the true days of those of which one is
    left, with whether a decree is the oldest."""
    rng = np.random.default_rng(seed)
    day = np.arange(orders) * 40
    date = np.stack([day, day + rng.integers(5, 14, orders)], 1)
    left = rng.random((orders, 2)) < survival
    some = left.any(1)
    order, kind = np.nonzero(left[some])
    date = date[some][order, kind]
    first = np.searchsorted(order, np.arange(some.sum() + 1))
    a = SimpleNamespace(date=date, issuer=np.zeros(order.size, np.int64), kind=SimpleNamespace(code=kind))
    g = SimpleNamespace(number=int(some.sum()), first=first, members=np.arange(order.size))
    t = SimpleNamespace(office=np.zeros(1, np.int64), depth=np.zeros(1, np.int64), root=0)
    return a, t, g, np.array([min(survival, 0.98)]), day[some], ~left[some][:, 0]


@pytest.mark.parametrize("survival", [0.6, 0.3, 0.1])
def test_a_lost_first_paper_is_allowed_for(survival: float) -> None:
    a, t, g, kept, true, decree = _orders(survival)
    low, middle, high = origin_spans(a, t, g, kept, learnt=False)
    held = (low <= true) & (true <= high)
    assert 0.78 <= held[decree].mean() <= 0.97
    assert (high - low)[decree].max() <= 9  # no wider than the lags themselves
    assert held[~decree].all() and (low == high)[~decree].all()  # nothing comes before an extract
    assert np.abs(middle - true)[decree].mean() < 3 < (a.date[g.first[:-1]] - true)[decree].mean()


def test_where_all_is_left_the_first_paper_dates_the_order() -> None:
    a, t, g, kept, true, _ = _orders(1.0)
    low, middle, high = origin_spans(a, t, g, kept, learnt=False)
    assert (low == true).all() and (middle == true).all() and (high == true).all()
    low, _, high = origin_spans(a, t, g, kept, learnt=True)  # settled by word of mouth some days before
    assert ((low < true) & (high == true)).all()


def test_no_order_no_day() -> None:
    a, t, g, kept, _, _ = _orders(0.5, orders=0)
    assert all(d.size == 0 for d in origin_spans(a, t, g, kept, learnt=True))
