"""The tree of offices: seats of bodies that share a place, and superiors that close before those under them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drivebelt.archive import Asked, make
from drivebelt.reconstruct.archive import NONE, Archive, read
from drivebelt.reconstruct.columns import Codes
from drivebelt.reconstruct.grouping.tree import PARTY, Tree, tree_of
from drivebelt.reconstruct.offices.orders import without_tree
from drivebelt.results import Run


@pytest.fixture(scope="module")
def archives(first_year: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Archive]:
    """Everything the first year left, and a tenth of it; provinces and uezds of the Ukraine give way to okrugs in it."""
    place: Path = tmp_path_factory.mktemp("tree")
    make(first_year, place / "whole", Asked("complete"))
    make(first_year, place / "tenth", Asked("complete", survival=0.1))
    return read(place / "whole"), read(place / "tenth")


def _superiors_by_papers(a: Archive, t: Tree) -> np.ndarray:
    """Span, office and the office of a higher level that sent it most papers, where it got five or more."""
    x, y = t.office[a.issuer[a.copy_paper]], t.office[a.copy_to]
    down = (t.depth[x] < t.depth[y]) & (x != t.root)
    key, many = np.unique(np.stack([t.span(a.date[a.copy_paper]), y, x])[:, down], axis=1, return_counts=True)
    order = np.lexsort((-many, key[1], key[0]))
    key, many = key[:, order], many[order]
    most = np.r_[True, (key[:2, 1:] != key[:2, :-1]).any(0)] & (many >= 5)
    return key[:, most]


def test_bodies_that_share_a_place_keep_their_seats(archives: tuple[Archive, Archive]) -> None:
    """With all volosts of the country in one place each executive committee still stands beside its own committee."""
    a = archives[0]
    crowded = replace(a, territory=Codes(["everywhere"], np.zeros(a.organs, np.int64)))
    beside = np.flatnonzero((a.soviet >= 0) & (a.level.code == a.level.of("volost")))
    assert beside.size > 50 and (a.branch.code[beside] == a.branch.of(PARTY)).all()
    assert np.array_equal(tree_of(crowded).office[a.soviet[beside]], beside)
    unnamed = replace(crowded, soviet=np.full(a.organs, NONE, np.int64))
    assert np.array_equal(tree_of(unnamed).office[a.soviet[beside]], a.soviet[beside])  # not guessed where nothing says it


def test_superiors_change_with_the_reforms(archives: tuple[Archive, Archive]) -> None:
    """After a reform offices stand under those who write to them; by the lists alone they would stand under closed ones."""
    whole, tenth = archives
    t = tree_of(whole)
    span, office, seen = _superiors_by_papers(whole, t)
    later = span > 0
    assert t.since.size > 2 and np.count_nonzero(later) > 500
    assert (t.ups[span, office] == seen).mean() > 0.99
    moved = t.ups[span, office] != t.up[office]
    assert np.count_nonzero(moved) > 30 and (t.up[office] == seen)[moved].mean() < 0.05
    # A tenth of the papers of two months tells most of it: offices of which nothing is left go with their neighbours.
    few = tree_of(tenth)
    assert (few.ups[few.span(t.since[span]), office] == seen)[moved].mean() > 0.7


def test_nobody_stands_under_a_closed_office_or_in_a_circle(archives: tuple[Archive, Archive]) -> None:
    a = archives[1]
    t = tree_of(a)
    node = np.setdiff1d(np.unique(t.office), [t.root])
    for span, day in enumerate(t.since.tolist()):
        up = t.ups[span][node]
        there = (a.valid_from[node] <= day) & (a.valid_to[node] > day) & (up != t.root)
        assert span == 0 or (a.valid_to[up[there]] > day).all()
        assert (t.depths[span][node] > 0).all() and (t.depths[span][node] == t.depths[span][up] + 1).all()
        first, under = t.firsts[span], t.unders[span]
        assert sorted(under.tolist()) == node.tolist() and first[-1] == node.size
        assert (t.ups[span][under] == np.repeat(np.arange(t.root + 1), np.diff(first))).all()


def test_without_dates_the_tree_stays_as_listed(archives: tuple[Archive, Archive]) -> None:
    a = archives[1]
    t = tree_of(replace(a, valid_to=np.full(a.organs, 2**40)))
    assert t.since.size == 1 and np.array_equal(t.ups[0], t.up) and np.array_equal(t.depths[0], t.depth)


def test_an_archive_without_its_tree_says_nothing_of_seats(archives: tuple[Archive, Archive]) -> None:
    """Superiors found from orders alone must not know which executive committee stands beside which committee."""
    flat = tree_of(without_tree(archives[1]))
    assert np.array_equal(flat.office, np.arange(archives[1].organs)) and (flat.up[:-1] == flat.root).all()
