"""False cascades of a complete archive: letters written anew, orders restated far, orders that arrive late."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivebelt.archive import Asked, make
from drivebelt.reconstruct.archive import Archive, read
from drivebelt.reconstruct.grouping import from_above, groups, letter_order, same_day
from drivebelt.reconstruct.grouping.papers import acting
from drivebelt.reconstruct.grouping.tree import tree_of
from drivebelt.reconstruct.scoring import figures
from drivebelt.reconstruct.scoring.truth import Truth, truth
from drivebelt.results import Run


@pytest.fixture(scope="module")
def whole(first_year: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Truth]:
    """Everything the first year left, and what carries out what."""
    place: Path = tmp_path_factory.mktemp("letters") / "whole"
    make(first_year, place, Asked("complete"), place.with_suffix(".key.parquet"))
    a = read(place)
    return a, truth(a, first_year, place.with_suffix(".key.parquet"))


def _false(a: Archive, true: Truth) -> dict[str, Any]:
    t = tree_of(a)
    acts = acting(a, t)
    g = groups.group(a, t, acts)
    return figures.false_cascades(g.of[acts], true.matter[acts]) | {"by": g.by}


def test_cascades_by_hand() -> None:
    """Orders 7 and 8: one mixed evenly, one beside the main one, one sound."""
    found = np.array([0, 0, 1, 1, 1, 2])
    true = np.array([7, 8, 7, 7, 7, 7])
    assert figures.false_cascades(found, true) == {
        "cascades": 3,
        "orders": 2,
        "mixed": 1,
        "beside": 1,
        "share": pytest.approx(2 / 3),
    }


def test_a_complete_archive_has_few_false_cascades(whole: tuple[Archive, Truth]) -> None:
    found = _false(*whole)
    assert found["cascades"] > 3000
    assert found["share"] < 0.01 and found["mixed"] < 0.001 * found["cascades"]


def test_each_kind_of_evidence_joins_orders_and_mixes_none(whole: tuple[Archive, Truth], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the order of numbers, and without a look at the superior's papers, more cascades are false."""
    found = _false(*whole)
    with monkeypatch.context() as without:
        without.setattr(letter_order, "HOLDS", 2.0)
        unordered = _false(*whole)
    with monkeypatch.context() as without:
        without.setattr(from_above, "FALSE_JOINS", 0.0)
        below = _false(*whole)
    with monkeypatch.context() as without:
        without.setattr(same_day, "ALMOST", 2.0)
        letters = _false(*whole)
    assert found["beside"] < unordered["beside"] < letters["beside"] and found["beside"] < below["beside"]
    assert found["mixed"] <= unordered["mixed"] and found["mixed"] <= letters["mixed"] + 1


def test_numbers_that_follow_no_order_are_not_believed(whole: tuple[Archive, Truth]) -> None:
    """With shuffled numbers letters are joined by subject, day and grade alone, as if there were none."""
    a, true = whole
    shuffled = replace(a, number=np.random.default_rng(5).permutation(a.number))
    bare = replace(a, number=np.full(a.papers, -1), series=np.full(a.papers, -1))
    assert _false(shuffled, true)["by"]["same day"] == _false(bare, true)["by"]["same day"] > 100
