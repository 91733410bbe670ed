"""A superior who never writes: his direct subordinates get no false superior, and everybody else gets the right one."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from superiors import figures, orders, tree

from drivebelt.reconstruct.superiors import UNSEEN, superiors


@pytest.mark.parametrize("survival", [1.0, 0.6, 0.3])
def test_a_silent_root_is_named_as_unseen(survival: float) -> None:
    found = [figures(orders(seed, 200, survival, True), tree(), True) for seed in range(3)]
    ours = np.mean([f["this engine"] for f in found], axis=0)
    assert ours[1] <= 0.05
    assert np.mean([f["NetRate"][1] for f in found]) > 0.9  # what every method does that knows no unseen class
    assert ours[0] > np.mean([f["NetRate"][0] for f in found])


def test_a_root_that_writes_is_found() -> None:
    days = orders(1, 400, 0.6, False)
    s = superiors(days)
    direct = np.flatnonzero(tree() == 0)
    assert (s.who[direct] == 0).mean() >= 0.75
    assert s.who[0] == UNSEEN


def test_no_papers_no_answer() -> None:
    s = superiors(np.full((10, 4), np.nan))
    assert (s.who == UNSEEN).all() and (s.chance == 0).all()
    assert superiors(np.zeros((0, 3))).who.tolist() == [UNSEEN] * 3
