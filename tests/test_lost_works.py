"""Works counted from copies and the houses that hold them; workbooks of others; the published ratios."""

from __future__ import annotations

import random
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pytest
from conftest import public_data
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import QUIET

from drivebelt.corpora import workbook
from drivebelt.errors import BadInput
from drivebelt.reconstruct.counting.holdings import count_works, lower_bound, survival
from drivebelt.reconstruct.counting.unseen import chao1

ROOT = Path(__file__).parent.parent


def book(path: Path, table: list[list[str]], sheet: str | None = None) -> Path:
    """A workbook as other programs write it: texts in a table of their own, empty cells left out."""
    texts = sorted({cell for row in table for cell in row if cell})
    cells = "".join(
        f'<row r="{r}">'
        + "".join(f'<c r="{chr(65 + c)}{r}" t="s"><v>{texts.index(cell)}</v></c>' for c, cell in enumerate(row) if cell)
        + "</row>"
        for r, row in enumerate(table, 1)
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/worksheets/sheet1.xml", sheet or f"<worksheet {space}><sheetData>{cells}</sheetData></worksheet>")
        out.writestr("xl/sharedStrings.xml", f"<sst {space}>{''.join(f'<si><t>{escape(t)}</t></si>' for t in texts)}</sst>")
    return path


TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(TEXT, min_size=1, max_size=5), max_size=8))
def test_a_workbook_comes_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]) -> None:
    clean = [[" ".join(cell.split()) for cell in row] for row in table]
    path = book(tmp_path_factory.mktemp("book") / "t.xlsx", clean)
    kept = []
    for row in clean:
        while row and not row[-1]:
            row = row[:-1]
        kept += [row] if row else []
    assert workbook.rows(path) == kept


@QUIET
@given(st.integers(0, 1 << 30))
def test_a_workbook_with_changed_bytes_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    path = book(tmp_path_factory.mktemp("book") / "t.xlsx", [["title", "house"], ["A", "x"], ["B", "y"]])
    raw, draw = bytearray(path.read_bytes()), random.Random(seed)
    for _ in range(draw.randint(1, 20)):
        raw[draw.randrange(len(raw))] = draw.randrange(256)
    path.write_bytes(raw[: draw.randint(0, len(raw))] if draw.random() < 0.2 else raw)
    try:
        assert isinstance(workbook.rows(path), list)
    except BadInput as why:
        assert str(path) in str(why) and "\n" not in str(why)


@pytest.mark.parametrize(
    ("sheet", "says"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>', "document type"),
        ('<worksheet><row r="1"><c r="A1" t="s"><v>7</v></c></row></worksheet>', "names a text that is not there"),
        ('<worksheet><row r="1"><c r="ZZZ1"><v>7</v></c></row></worksheet>', "more than 1000 columns"),
        ("<worksheet>", "whole"),
        ("<worksheet>" + " " * (workbook.LARGEST + 10) + "</worksheet>", "larger than"),
    ],
)  # fmt: skip
def test_hostile_workbooks_are_refused(tmp_path: Path, sheet: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        workbook.rows(book(tmp_path / "t.xlsx", [["A"]], sheet))


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_text("no archive")
    for path, says in ((tmp_path / "t.xlsx", "not readable as a workbook"), (tmp_path / "none.xlsx", "check the path")):
        with pytest.raises(BadInput, match=says):
            workbook.rows(path)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=40))
def test_at_share_nought_it_is_chao1_and_near_one_it_is_what_was_seen(often: list[int]) -> None:
    once, twice, n = often.count(1), often.count(2), sum(often)
    assert lower_bound(once, twice, len(often), n) == pytest.approx(
        len(often) + (chao1(np.bincount(often)) - len(often)) * (n - 1) / n
    )
    assert len(often) <= lower_bound(once, twice, len(often), n, 0.999) <= len(often) + once * 0.01 + 1e-9


def test_intervals_hold_where_houses_burn_and_clumps_are_told() -> None:
    """A made world: libraries that collect one kind each, works of one kind; a third of the houses is left."""
    draw = np.random.default_rng(11)
    works, held, false_alarms = 300, 0, 0
    for k in range(40):
        kind = draw.integers(0, 6, works)
        many = draw.geometric(0.18, works)
        work = np.repeat(np.arange(works), many)
        house = kind[work] * 12 + draw.integers(0, 12, work.size)
        left = np.isin(house, draw.permutation(72)[:24])
        found = count_works(work[left], house[left], float(left.mean()), k + 1)
        truth = np.unique(work).size
        held += found.low <= truth <= found.high
        mixed = count_works(work[left], draw.permutation(house[left]), float(left.mean()), k + 1)
        false_alarms += mixed.together < 0.05
        assert found.together < 0.05
        assert any("same houses" in remark for remark in found.remarks)
    assert held >= 32 and false_alarms <= 6


def test_few_houses_and_bad_columns() -> None:
    found = count_works([1, 1, 2, 3], [1, 2, 1, 2])
    assert np.isinf(found.high) and any("cannot be told" in remark for remark in found.remarks)
    assert count_works([], []).seen == 0
    with pytest.raises(BadInput, match="different length"):
        count_works([1, 2], [1])
    with pytest.raises(BadInput, match="share"):
        count_works([1, 2], [1, 2], share=1.0)


def test_the_published_ratios_come_out() -> None:
    place = public_data("forgotten-books", "dutch.xlsx").parent
    sys.path.insert(0, str(ROOT / "benchmarks" / "corpora"))
    try:
        import lost_works
    finally:
        sys.path.pop(0)
    said = lost_works.published(place)
    assert set(lost_works.LITERATURES) < set(said)
    for name in lost_works.LITERATURES:
        got, row = survival(np.bincount(lost_works.read(place, name, trimmed=False)[0])), said[name]
        assert got.works == pytest.approx(row[4], abs=0.001) and got.copies == pytest.approx(row[5], abs=0.001), name
