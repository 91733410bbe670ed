"""Which papers carry out one order: forms, traffic papers, and the figures of a score; on made archives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import drivebelt as db
from drivebelt.reconstruct.scoring import figures

BODIES = 12
SUBJECTS = ("grain", "prices", "schools")


def _archive(place: Path, rows: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Reconstructs an archive of a superior, `a`, and the bodies under it; the documents of the answer by number."""
    place.mkdir()
    organs = {"organ": list(range(BODIES)), "name": [chr(97 + i) for i in range(BODIES)], "parent": [None] + [0] * (BODIES - 1)}
    pq.write_table(pa.table(organs), place / "organs.parquet")
    about = [SUBJECTS[r["subject"]] for r in rows]
    matters = {"matter": list(range(len(rows))), "subject": about, "domain": about}  # a dossier each: dossiers join nothing
    pq.write_table(pa.table(matters), place / "matters.parquet")
    columns = {name: [r[name] for r in rows] for name in ("date", "issuer", "kind")} | {"matter": matters["matter"]}
    table = pa.table(
        {
            "document": list(range(len(rows))),
            **columns,
            "wording": pa.array([r["wording"] for r in rows], pa.uint64()),
            "parent_document": pa.array([r.get("cites") for r in rows], pa.int64()),
        }
    )
    pq.write_table(table, place / "documents.parquet")
    (place / "archive.json").write_text("{}")
    return {d["document"]: d for d in db.reconstruct(place).documents.to_pylist()}


def _orders(rng: np.random.Generator, text: int | None, subjects: int = 3) -> list[dict[str, Any]]:
    """Nine orders, three a subject and a day apart; each is carried out by five bodies with a bit or two changed. `text` is a
    paper that every order has beside it, with one and the same wording."""
    rows = []
    for order in range(9):
        begun = np.datetime64("1925-01-01") + 2 * order
        wording = int(rng.integers(1, 2**63))
        for k, body in enumerate(rng.choice(np.arange(1, BODIES), 5, replace=False).tolist()):
            changed = wording ^ (1 << int(rng.integers(0, 63)))
            rows.append(_row(begun + k, body, order % subjects, changed) | {"order": order})
        if text is not None:
            rows += [_row(begun + k, 0, order % subjects, text) | {"order": -1} for k in (1, 2)]
    rows += [
        _row(np.datetime64("1925-01-01") + k, 1 + k % 11, k % subjects, int(rng.integers(1, 2**63))) | {"order": -1}
        for k in range(40)
    ]
    return rows


def _row(date: np.datetime64, issuer: int, subject: int, wording: int) -> dict[str, Any]:
    return {"date": date.astype(object), "issuer": issuer, "kind": "directive", "subject": subject, "wording": wording}


def _cascades(rows: list[dict[str, Any]], found: dict[int, dict[str, Any]], order: int) -> set[int]:
    return {found[i]["cascade"] for i, r in enumerate(rows) if r["order"] == order}


@pytest.mark.parametrize("form", [None, 0x5AA5_1234_FFFF_0001])
def test_a_form_joins_no_orders(form: int | None, tmp_path: Path) -> None:
    """Orders that run side by side stay apart, also when one text of the office stands among the papers of all subjects."""
    rows = _orders(np.random.default_rng(3), form)
    found = _archive(tmp_path / "a", rows)
    each = [_cascades(rows, found, order) for order in range(9)]
    assert all(len(c) == 1 for c in each) and len(set.union(*each)) == 9
    if form is not None:
        filled_in = [found[i]["cascade"] for i, r in enumerate(rows) if r["wording"] == form]
        assert len(set(filled_in)) == len(filled_in) and not set(filled_in) & set.union(*each)


def test_one_text_of_one_subject_is_still_one_order(tmp_path: Path) -> None:
    """What stands under one subject alone is no form: papers with the same words carry out the same order."""
    rows = _orders(np.random.default_rng(4), None, subjects=1)
    copied = [i for i, r in enumerate(rows) if r["order"] == 2]
    for i in copied:
        rows[i]["wording"] = rows[copied[0]]["wording"]
    assert len(_cascades(rows, _archive(tmp_path / "a", rows), 2)) == 1


def test_a_lost_paper_cited_under_several_subjects_is_no_order(tmp_path: Path) -> None:
    """Two papers that cite one lost paper carry out its order; but minutes of a sitting are cited by sheets of many orders."""
    rows = _orders(np.random.default_rng(6), None)
    order, minutes = 9001, 9002
    alone = [i for i, r in enumerate(rows) if r["order"] < 0]
    of_one = [i for i in alone if rows[i]["subject"] == 0][:3]
    of_many = [i for i in alone if i not in of_one][:6]
    for i in of_one + of_many:
        rows[i]["cites"] = order if i in of_one else minutes
    found = _archive(tmp_path / "a", rows)
    assert len({found[i]["cascade"] for i in of_one}) == 1
    assert len({rows[i]["subject"] for i in of_many}) > 1 and len({found[i]["cascade"] for i in of_many}) == len(of_many)


@pytest.mark.parametrize("kind", ["reminder", "minutes", "reply"])
def test_papers_of_the_traffic_carry_no_order(kind: str, tmp_path: Path) -> None:
    """However many copies go down: who signs them is their author, and they belong to no cascade."""
    rows = _orders(np.random.default_rng(5), None)
    sent = [_row(np.datetime64("1925-02-01") + k % 20, 0, k % 3, 77 + k) | {"kind": kind, "order": -1} for k in range(40)]
    place, every = tmp_path / "a", rows + sent
    _archive(place, every)
    down = {
        "document": list(range(len(every))),
        "copy": [1] * len(every),
        "addressee_organ": [1 + i % 11 for i in range(len(every))],
    }
    pq.write_table(pa.table(down), place / "copies.parquet")
    found = {d["document"]: d for d in db.reconstruct(place).documents.to_pylist()}
    for i in range(len(rows), len(every)):
        assert not found[i]["acts"] and found[i]["cascade"] is None


def test_the_abstention_curve_tells_less_and_better() -> None:
    rng = np.random.default_rng(6)
    chance = rng.uniform(size=20_000)
    right = rng.uniform(size=chance.size) < chance
    curve = figures.abstention(chance, right)
    told = [row[1] for row in curve]
    assert told == sorted(told, reverse=True) and told[0] == 1.0
    for least, _, share in curve:
        assert share == pytest.approx((1 + least) / 2, abs=0.03)


def test_reliability_adds_up_over_runs() -> None:
    """Bins of two halves add up to those of the whole, and give its calibration error."""
    rng = np.random.default_rng(7)
    chance = rng.uniform(size=2_000)
    right = rng.uniform(size=chance.size) < chance**2
    halves = [figures.reliability(chance[k::2], right[k::2]) for k in (0, 1)]
    n, c, r = np.sum(halves, 0).T
    assert n.sum() == chance.size
    assert np.abs(c - r).sum() / n.sum() == pytest.approx(figures.calibration(chance, right), abs=1e-4)
    assert figures.calibration(chance, right) > 0.1


def test_luck_is_what_right_chances_leave_of_a_calibration_error() -> None:
    """One order that holds all papers is right or wrong as a whole; of many small ones luck leaves next to nothing. Wrong chances
    leave more than luck says."""
    one = figures.luck(np.full(1000, 0.75), np.zeros(1000, np.int64))
    assert one == pytest.approx(2 * 0.75 * 0.25, abs=0.1)
    rng = np.random.default_rng(1)
    chance, of = np.repeat(rng.random(4000), 3), np.repeat(np.arange(4000), 3)
    drawn = (rng.random(4000) < chance[::3])[of]
    assert figures.luck(chance, of) == pytest.approx(figures.calibration(chance, drawn), abs=0.01)
    assert figures.calibration(chance, drawn & (of % 2 == 0)) > figures.luck(chance, of) + 0.15
