"""Reads an archive directory into arrays, and refuses what cannot be read with one clear line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from drivebelt.archive.info import read_info
from drivebelt.errors import BadRun
from drivebelt.parquet import table_at
from drivebelt.reconstruct.columns import NO_DAY, NONE, Codes, Ints, columns, look_up

_EVER = np.int64(2**40)

# table -> column -> type it is read as; a star marks what an archive may lack
COLUMNS: dict[str, dict[str, str]] = {
    "organs": {
        "organ": "bigint", "name": "varchar*", "level": "codes*", "branch": "codes*", "parent": "bigint*",
        "valid_from": "date*", "valid_to": "date*", "territory": "codes*", "soviet": "bigint*",
    },
    "documents": {
        "document": "bigint", "series": "bigint*", "number": "bigint*", "date": "date", "kind": "codes*", "issuer": "bigint",
        "matter": "bigint*", "grade": "codes*", "parent_document": "bigint*", "copies": "bigint*", "wording": "ubigint*",
        "cited_series": "bigint*", "cited_number": "bigint*",
    },
    "registers": {"series": "bigint", "organ": "bigint*"},
    "matters": {"matter": "bigint", "domain": "codes*", "subject": "codes*"},
    "copies": {"document": "bigint", "addressee_organ": "bigint*", "received": "date*"},
}  # fmt: skip
OPTIONAL = ("matters", "copies", "registers")
MARK_SPAN = np.int64(1) << 31
"""Numbers of a series; a lost paper's mark in `Archive.cites` is (series + 2) * MARK_SPAN + number."""


@dataclass
class Archive:
    """Arrays of an archive, papers in order of date (ties by number); organs and papers are named by their row.

    `soviet` is the row of the executive committee that stands beside a committee, -1 where the archive names none.
    `date` is days since 1970; `parent` the row of the cited paper or -1, `cites` a number of its own for each cited paper
    even where that one is lost (-1 where none is cited), `cited_organ` whose paper it is, where known; `wording` the 64-bit
    likeness hash (0 where there is none). Copies are pairs (`copy_paper`, `copy_to`) of rows.
    """

    path: Path
    info: dict[str, Any]
    organ_id: Ints
    organ_name: list[str]
    level: Codes
    branch: Codes
    territory: Codes
    organ_parent: Ints
    soviet: Ints
    valid_from: Ints
    valid_to: Ints
    paper_id: Ints
    date: Ints
    issuer: Ints
    kind: Codes
    grade: Codes
    series: Ints
    number: Ints
    dossier: Ints
    domain: Codes
    subject: Codes
    parent: Ints
    cites: Ints
    cited_organ: Ints
    wording: npt.NDArray[np.uint64]
    copy_paper: Ints
    copy_to: Ints

    @property
    def papers(self) -> int:
        """Number of papers."""
        return self.paper_id.size

    @property
    def organs(self) -> int:
        """Number of organs."""
        return self.organ_id.size


def read(path: str | Path) -> Archive:
    """The archive in a directory. Raises BadRun where it is missing, damaged, or its tables do not fit together."""
    place = Path(path)
    info = read_info(place)
    tables = {name: _table(place, name) for name in COLUMNS}
    organs, papers, matters, copies, books = (tables[n] for n in ("organs", "documents", "matters", "copies", "registers"))
    sort = np.argsort(organs["organ"], kind="stable")
    organs = _taken(organs, sort)
    organ_row = _rows_of(place, "organs", "organ", organs["organ"])
    order = np.lexsort((papers["document"], papers["date"]))
    papers = _taken(papers, order)
    paper_row = _rows_of(place, "documents", "document", papers["document"])
    issuer = look_up(organ_row, papers["issuer"])
    if (issuer < 0).any():
        bad = int(np.flatnonzero(issuer < 0)[0])
        raise BadRun(
            f"{place}/documents: document {papers['document'][bad]} has issuer {papers['issuer'][bad]}, which is not in organs; "
            "add the organ or leave the document out"
        )
    if (papers["date"] <= NO_DAY).any():
        bad = int(np.flatnonzero(papers["date"] <= NO_DAY)[0])
        raise BadRun(f"{place}/documents: document {papers['document'][bad]} has no date; give one or leave the document out")
    about = look_up(_rows_of(place, "matters", "matter", matters["matter"]), papers["matter"])
    at_paper, at_organ = look_up(paper_row, copies["document"]), look_up(organ_row, copies["addressee_organ"])
    known = (at_paper >= 0) & (at_organ >= 0)
    parent, cites = _citing(papers, paper_row)
    whose = _owners(papers, issuer, books, organ_row)
    at_series = look_up(whose[0], papers["cited_series"])
    by_series = np.where(at_series >= 0, whose[1][np.maximum(at_series, 0)], NONE) if whose[1].size else at_series
    cited_organ = np.where(parent >= 0, issuer[np.maximum(parent, 0)], by_series) if issuer.size else by_series
    return Archive(
        place, info, organs["organ"], [str(n) for n in organs["name"]], organs["level"], organs["branch"],
        organs["territory"], look_up(organ_row, organs["parent"]), look_up(organ_row, organs["soviet"]), organs["valid_from"],
        np.where(organs["valid_to"] <= NO_DAY, _EVER, organs["valid_to"]), papers["document"], papers["date"], issuer,
        papers["kind"], papers["grade"], papers["series"], papers["number"], papers["matter"],
        matters["domain"].take(about), matters["subject"].take(about), parent, cites, cited_organ,
        papers["wording"].astype(np.uint64), at_paper[known], at_organ[known],
    )  # fmt: skip


def _citing(papers: dict[str, Any], paper_row: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Row of the cited paper, by its number or its place in a register; and a number for each cited paper, lost ones included."""
    entry = np.where((papers["series"] >= 0) & (papers["number"] >= 0), papers["series"] * MARK_SPAN + papers["number"], NONE)
    series, number = papers["cited_series"], papers["cited_number"]
    cited = np.where((series >= 0) & (number >= 0), series * MARK_SPAN + number, NONE)
    order = np.argsort(entry, kind="stable")
    by_entry = np.where(cited >= 0, look_up((entry[order], order), cited), NONE)
    by_number = look_up(paper_row, np.where(papers["parent_document"] >= 0, papers["parent_document"], NONE - 1))
    parent = np.where(by_number >= 0, by_number, by_entry)
    named = papers["parent_document"]
    lost = np.where(cited >= 0, cited + MARK_SPAN, np.where(named >= 0, named % MARK_SPAN, NONE))
    return parent, np.where(parent >= 0, parent, np.where(lost >= 0, lost + MARK_SPAN, NONE))


def _owners(
    papers: dict[str, Any], issuer: Ints, books: dict[str, Any], organ_row: tuple[Ints, Ints]
) -> tuple[tuple[Ints, Ints], Ints]:
    """Series in order, and the organ row whose register each is: as the table of registers says, else whoever's papers stand
    in it."""
    series = np.concatenate([books["series"], papers["series"]])
    organ = np.concatenate([look_up(organ_row, books["organ"]), issuer])
    known = (series >= 0) & (organ >= 0)
    names, first = np.unique(series[known], return_index=True)
    return (names, np.arange(names.size)), organ[known][first]


def _table(place: Path, name: str) -> dict[str, Any]:
    """Columns of a table as arrays. Raises BadRun where it, or one of those that must be there, is missing."""
    if name not in OPTIONAL and table_at(place, name) is None:
        raise BadRun(f"{place / name}.parquet: table {name} is missing; an archive needs organs and documents")
    return columns(place, name, COLUMNS[name], strict=True)


def _taken(table: dict[str, Any], rows: Ints) -> dict[str, Any]:
    """Rows of a table, in their order."""
    return {name: column.take(rows) for name, column in table.items()}


def _rows_of(place: Path, table: str, column: str, numbers: Ints) -> tuple[Ints, Ints]:
    """Numbers in order with their rows; BadRun where one stands twice."""
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    twice = np.flatnonzero(ordered[1:] == ordered[:-1])
    if twice.size:
        raise BadRun(f"{place}/{table}: {column} {ordered[twice[0]]} stands twice; each must have a number of its own")
    return ordered, order
