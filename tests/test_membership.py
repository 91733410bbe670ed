"""How sure it is which cascade a paper belongs to: chances, draws of groupings, what is told of them; on a real small archive."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import drivebelt as db
from drivebelt.archive import Asked, make
from drivebelt.reconstruct.archive import Archive, read
from drivebelt.reconstruct.engine import infer
from drivebelt.reconstruct.grouping import groups
from drivebelt.reconstruct.grouping.doubts import Doubts, doubts, drawn, number_of_cascades
from drivebelt.reconstruct.grouping.membership import LIKELY, settled
from drivebelt.reconstruct.grouping.papers import acting
from drivebelt.reconstruct.grouping.tree import Tree, tree_of
from drivebelt.reconstruct.result import Reconstruction
from drivebelt.reconstruct.scoring.membership_score import belongs
from drivebelt.reconstruct.tables import info, tables
from drivebelt.results import Run


@pytest.fixture(scope="module")
def left(first_year: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six papers of ten of the first year, with the key beside them."""
    place: Path = tmp_path_factory.mktemp("membership") / "left"
    make(first_year, place, Asked("complete", survival=0.6), place.with_name("left.key.parquet"))
    return place


@pytest.fixture(scope="module")
def found(left: Path) -> Reconstruction:
    return db.reconstruct(left)


@pytest.fixture(scope="module")
def grouped(left: Path) -> tuple[Archive, Tree, groups.Groups, Doubts]:
    a = read(left)
    t = tree_of(a)
    g = groups.group(a, t, acting(a, t))
    return a, t, g, doubts(a, t, g)


def test_belonging_by_hand() -> None:
    """Order 7 is mainly in cascade 0, order 8 only in cascade 0, whose main order it is not; a tie goes to the older cascade."""
    cascade, order = np.array([0, 0, 0, 1, 2, 3, 3]), np.array([7, 7, 8, 7, 9, 9, 5])
    assert belongs(cascade, order).tolist() == [True, True, False, False, True, False, True]


def test_chances_are_chances_of_papers_that_carry_an_order(found: Reconstruction) -> None:
    acts = found.documents["acts"].to_numpy()
    told = found.documents["membership"]
    assert np.array_equal(told.is_valid().to_numpy(), acts)
    chance = told.to_numpy()[acts]
    assert (chance >= 0).all() and (chance <= 1).all() and 50 < np.count_nonzero(chance < 0.9) < 0.05 * chance.size
    rival, own = found.documents["rival_cascade"].fill_null(-1).to_numpy(), found.documents["cascade"].fill_null(-1).to_numpy()
    assert rival.max() < found.cascades.num_rows and (rival[rival >= 0] != own[rival >= 0]).all()


def test_the_same_archive_gives_the_same_chances(found: Reconstruction, left: Path) -> None:
    again = infer(read(left))
    assert tables(again)["documents"].equals(found.documents) and info(again)["cascades_drawn"] == found.info["cascades_drawn"]


def test_chances_rank_and_count_the_papers_that_do_not_belong(found: Reconstruction, first_year: Run) -> None:
    """Shuffled chances would rank at .5, and their log loss would be worse than that of one chance for all."""
    said = found.score(first_year).as_dict()["membership"]
    assert said["auc"] > 0.75 and said["log_loss"] < 0.8 * said["log_loss, one chance for all"]
    assert said["error"] < 0.02 and abs(said["doubtful_right"] - said["doubtful_chance"]) < 0.15
    drawn = said["drawn"]
    assert drawn["low"] < said["orders"] < drawn["high"]
    assert abs(drawn["mean"] - said["orders"]) < 0.5 * abs(said["cascades"] - said["orders"])


def test_what_is_joined_as_likely_mostly_belongs_there(
    grouped: tuple[Archive, Tree, groups.Groups, Doubts], first_year: Run, left: Path
) -> None:
    """Joined: the likeliest other of each asker, from even odds on, as often rightly as told; nothing else changes. Askers joined
    with others drawn by lot from their subject would hardly ever be of one order with them."""
    from drivebelt.reconstruct.scoring.truth import truth

    a, _, before, d = grouped
    matter = truth(a, first_year, left.with_name("left.key.parquet")).matter
    g, m = settled(a, d)
    lead = before.members[before.first[:-1]]
    now = g.of[lead]
    likely = d.joined >= LIKELY
    assert 30 < before.number - g.number == np.unique(d.asker[likely]).size == g.by["likelier than not"]
    for group in (before, g):  # all papers of a group before stand in one group now, oldest first
        assert np.array_equal(np.sort(group.members), np.flatnonzero(group.of >= 0))
        assert (np.diff(group.members[group.first[:-1]]) > 0).all()
    assert np.array_equal(g.of[before.members], now[before.of[before.members]])
    joined = likely & (now[d.asker] == now[d.other])
    assert joined.sum() == before.number - g.number
    right = matter[lead[d.asker[joined]]] == matter[lead[d.other[joined]]]
    assert right.mean() > 0.6 and abs(right.mean() - d.joined[joined].mean()) < 0.15
    beside = np.flatnonzero(~np.isin(now, now[d.asker[joined]]))
    assert np.array_equal(np.diff(g.first)[now[beside]], np.diff(before.first)[beside])
    smaller = np.diff(before.first)[d.asker[joined]] < np.diff(before.first)[d.other[joined]]
    assert (m.chance[lead[d.asker[joined][smaller]]] <= d.joined[joined][smaller] + 1e-12).all() and smaller.sum() > 5


def test_where_nothing_is_likely_groups_stay_and_rivals_are_named(grouped: tuple[Archive, Tree, groups.Groups, Doubts]) -> None:
    a, _, before, d = grouped
    g, m = settled(a, replace(d, joined=np.minimum(d.joined, LIKELY - 1e-9)))
    assert all(np.array_equal(getattr(g, name), getattr(before, name)) for name in ("of", "first", "members"))
    asked = before.members[np.isin(before.of[before.members], np.r_[d.asker, d.other])]
    assert (m.rival[np.setdiff1d(before.members, asked)] < 0).all() and (m.rival[asked] >= 0).sum() > 30


def test_what_is_bound_or_copied_is_certain(grouped: tuple[Archive, Tree, groups.Groups, Doubts]) -> None:
    a, _, g, m = grouped
    cited = a.parent >= 0
    inside = np.flatnonzero(cited & (g.of >= 0) & (g.of == g.of[np.maximum(a.parent, 0)]))
    assert inside.size > 10 and (m.apart[inside] == 0).all()
    order = g.members
    copy = np.flatnonzero((g.of[order][1:] == g.of[order][:-1]) & (a.wording[order][1:] == a.wording[order][:-1]))
    assert copy.size > 100 and (m.apart[order[1:][copy]] < 1e-6).all()
    alone = np.isin(g.of, np.flatnonzero(np.diff(g.first) == 1))
    assert (m.apart[alone] == 0).all()


def test_a_planted_stranger_is_doubtful(grouped: tuple[Archive, Tree, groups.Groups, Doubts]) -> None:
    """A paper of another order put into a cascade of its subject; its new fellows stay as sure as they were."""
    a, t, g, _ = grouped
    size = np.diff(g.first)
    lead = g.members[g.first[:-1]]
    below = (t.office[a.issuer] != t.root) & (a.wording != 0) & (a.cites < 0) & (a.parent < 0)
    hosts = np.flatnonzero((size >= 5) & below[lead])[:200]
    planted = 0
    for host in hosts.tolist():
        guests = np.flatnonzero(below & (g.of >= 0) & (size[g.of] == 1) & (a.subject.code == a.subject.code[lead[host]]))
        guests = guests[(a.date[guests] > a.date[lead[host]]) & (np.abs(a.date[guests] - a.date[lead[host]]) < 30)]
        if not guests.size:
            continue
        of = g.of.copy()
        of[guests[0]] = host
        gone = int(g.of[guests[0]])
        of[of > gone] -= 1
        members = np.argsort(of, kind="stable")[np.count_nonzero(of < 0) :]
        first = np.r_[0, np.cumsum(np.bincount(of[members]))].astype(np.int64)
        m = doubts(a, t, replace(g, of=of, first=first, members=members))
        assert m.apart[guests[0]] > 0.9
        fellows = g.members[g.first[host] : g.first[host + 1]]
        assert (m.apart[fellows] < 0.5).all()
        planted += 1
        if planted == 3:
            break
    assert planted == 3


def test_draws_move_only_what_is_doubtful_and_number_as_reckoned(
    grouped: tuple[Archive, Tree, groups.Groups, Doubts],
) -> None:
    _, _, g, m = grouped
    draws = [drawn(m, 7, k) for k in range(40)]
    assert np.array_equal(draws[3], drawn(m, 7, 3)) and not np.array_equal(draws[0], draws[1])
    doubtful = np.zeros(g.number, bool)
    doubtful[np.r_[m.asker, m.other, g.of[m.apart > 1e-3]]] = True
    sure = np.flatnonzero((g.of >= 0) & ~doubtful[g.of])
    for of in draws[:5]:
        pairs = np.unique(np.stack([g.of[sure], of[sure]], 1), axis=0)
        assert pairs.shape[0] == np.unique(g.of[sure]).size == np.unique(of[sure]).size
        assert np.array_equal(of >= 0, g.of >= 0) and np.unique(of[of >= 0]).size == of.max() + 1
    many = np.array([of.max() + 1 for of in draws])
    mean, low, high = number_of_cascades(m)
    gone = m.missed.sum()  # those have no known place to move to
    assert abs(many.mean() - gone - mean) < 0.25 * (g.number - gone - mean)
    assert ((many - gone >= low) & (many - gone <= high)).mean() > 0.7


def test_explain_tells_doubt_in_one_sentence_and_names_a_paper_that_is_there(found: Reconstruction) -> None:
    chance, rival = (
        found.documents["membership"].fill_null(1.0).to_numpy(),
        found.documents["rival_cascade"].fill_null(-1).to_numpy(),
    )
    ids = found.documents["document"].to_numpy()
    likely = int(ids[np.flatnonzero((chance >= LIKELY) & (chance < 0.8) & (rival >= 0))[0]])
    held = re.search(r"is (\d+)% likely; else it stands alone, or with document (\d+) ", " ".join(found.explain(likely)))
    assert held and int(held[2]) in found.rows
    assert int(held[1]) / 100 == pytest.approx(chance[found.rows[likely]], abs=0.01)
    doubtful = int(ids[np.flatnonzero((chance < LIKELY) & (rival >= 0))[0]])
    said = " ".join(found.explain(doubtful))
    told = re.search(r"It may carry out the same order as document (\d+) [^:]*: (\d+)% likely", said)
    assert told and int(told[1]) in found.rows
    assert abs(int(told[2]) / 100 - (1 - chance[found.rows[doubtful]])) < 0.01
    sure = int(ids[np.flatnonzero(found.documents["acts"].to_numpy() & (chance > 0.999))[0]])
    assert "may carry out the same order" not in " ".join(found.explain(sure))
