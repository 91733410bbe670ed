"""Who at the Centre: shares of bodies withstand the loss of one body's papers, and doubt whether there was a core at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drivebelt.archive import Asked, make
from drivebelt.reconstruct import centre, logit
from drivebelt.reconstruct.archive import Archive, read
from drivebelt.reconstruct.engine import centre_chances, columns, gather, weights
from drivebelt.reconstruct.evidence import registered
from drivebelt.reconstruct.grouping.papers import DECISIONS, acting
from drivebelt.reconstruct.grouping.tree import tree_of
from drivebelt.results import Run


@pytest.fixture(scope="module")
def whole(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Everything the run left."""
    place = tmp_path_factory.mktemp("centre") / "whole"
    make(small, place, Asked("complete"))
    return read(place)


def _shares(a: Archive) -> tuple[dict[int, float], dict[int, float]]:
    """Part of each body of the Centre in all decisions: as reckoned, and by counting what is left."""
    t = tree_of(a)
    acts = acting(a, t)
    b = centre.bodies(a, t, acts)
    row = np.flatnonzero(acts & a.kind.among(DECISIONS) & (t.office[a.issuer] == t.root))
    many = np.array([np.count_nonzero(a.issuer[row] == o) for o in b.organ])
    likely = many / b.left
    id_of = a.organ_id[b.organ].tolist()
    return dict(zip(id_of, likely / likely.sum(), strict=True)), dict(zip(id_of, many / many.sum(), strict=True))


def test_registers_of_a_complete_archive_run_as_far_as_its_papers(whole: Archive) -> None:
    kept, issued = registered(whole)
    numbered = (whole.series >= 0) & (whole.number > 0)
    assert kept.sum() == np.count_nonzero(numbered) > 1000
    assert np.all(issued >= kept) and issued.sum() < 1.02 * kept.sum()


def test_shares_of_bodies_withstand_the_loss_of_one(whole: Archive) -> None:
    """Nine tenths of the papers of the body that decided most are burned: counting halves its part, its registers give it back."""
    true, _ = _shares(whole)
    largest = max(true, key=lambda o: true[o])
    organ = int(np.flatnonzero(whole.organ_id == largest)[0])
    mine = np.flatnonzero(whole.issuer == organ)
    lost = mine[np.arange(mine.size) % 10 != 0]
    whole_kind, whole_number = whole.kind.code.copy(), whole.number.copy()
    try:
        whole.kind.code[lost], whole.number[lost] = -1, 0  # neither decisions nor numbered any more
        reckoned, counted = _shares(whole)
    finally:
        whole.kind.code[:], whole.number[:] = whole_kind, whole_number
    assert counted[largest] < 0.6 * true[largest]
    assert abs(reckoned[largest] - true[largest]) < 0.1 * true[largest]


def test_a_core_that_may_not_have_been_is_never_sure() -> None:
    chance = np.array([[0.99, 0.01, 0.0], [0.2, 0.6, 0.2], [1.0, 0.0, 0.0]])
    told = centre.doubted(chance)
    assert told[:, 0].max() < 0.8 and np.allclose(told[:2].sum(1), 1.0)
    assert told[1, 1] / told[1, 2] == pytest.approx(3.0)


def test_scores_are_the_weighted_sums_of_the_rows(whole: Archive) -> None:
    """What is learnt from and what is told are one table: rows times weights and scores agree to the last digits."""
    shown = gather(whole)
    told = columns(shown)
    names = told.names()
    assert len(set(names)) == len(names) and set(names) == set(weights()["centre"])
    some = np.arange(0, shown.groups.number, 7)
    by_rows = told.rows(some) @ np.array([weights()["centre"][name] for name in names])
    assert np.allclose(by_rows.reshape(some.size, -1), told.scores(weights()["centre"])[some])
    assert np.ptp(by_rows) > 1


def test_where_no_decision_is_left_core_and_bodies_share_alike(whole: Archive) -> None:
    """Two per cent of whole offices may leave no decision of any body of the Centre."""
    kind = whole.kind.code.copy()
    try:
        whole.kind.code[whole.kind.among(DECISIONS)] = -1
        shown = gather(whole)
        chances = centre_chances(shown)
    finally:
        whole.kind.code[:] = kind
    assert shown.bodies.organ.size == 0 and np.allclose(chances, 1 / (centre.DECIDING + 1))


def test_formal_bodies_are_known_by_name_else_by_secrecy(whole: Archive) -> None:
    """Where the papers of one grade are lost the order by secrecy turns; the names do not."""
    t = tree_of(whole)
    acts = acting(whole, t)
    b = centre.bodies(whole, t, acts)
    assert [whole.organ_name[o] for o in b.organ[np.argsort(b.rank)].tolist()] == list(centre.STANDING)
    unnamed = replace(whole, organ_name=["" for _ in whole.organ_name])
    assert centre.bodies(unnamed, t, acts).rank.tolist() == [0, 1, 2]


def test_groups_that_count_for_less_move_the_weights_less() -> None:
    """Two groups that contradict each other: the weight follows the one that counts for more, and is nothing for equal counts."""
    x, first = np.array([[1.0], [0.0], [1.0], [0.0]]), np.array([0, 2, 4])
    right = np.array([True, False, False, True])
    even, first_more = (logit.fit(x, first, right, 0.1, np.array(c))[0] for c in ((1.0, 1.0), (3.0, 1.0)))
    assert abs(even) < 1e-9 and first_more > 0.5
