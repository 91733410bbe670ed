"""Fills the tables of an SQLite file by writing its pages, several times as fast as inserting row by row.

SQLite makes the file, its schema and one empty root page for each table and key. Rows that come in the order of the key
need none of its searching: their records (`sqlite_records.py`) are laid side by side in leaf pages, pages are appended to
the file, and the levels above the leaves are put on at the end. Nothing is kept but one unfinished page or two for each
tree and, for each finished page, its number and the key that divides it from the next.

Source: the published file format of SQLite, https://www.sqlite.org/fileformat2.html, sections 1.3, 1.6 and 2.
"""

from __future__ import annotations

import sqlite3
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from drivebelt.interchange.sqlite_records import Bytes, varint

PAGE = 32768
"""Bytes of a page."""
_HEAD, _INNER_HEAD = 8, 12
_LOCK_PAGE = (1 << 30) // PAGE + 1
"""The page SQLite keeps for its locks; it is never used."""
_TABLE_LEAF, _TABLE_INNER, _KEY_LEAF, _KEY_INNER = 0x0D, 0x05, 0x0A, 0x02
LONGEST = 4000
"""Bytes of a record that surely fits a page of either kind (the limit of a key is 4,085)."""


class Pages:
    """An SQLite file with the given schema, whose tables are filled by trees. Use as a context; `path` must not exist."""

    def __init__(self, path: Path, schema: str) -> None:
        base = sqlite3.connect(path, isolation_level=None)
        try:
            base.execute(f"pragma page_size = {PAGE}")
            base.executescript(f"begin; {schema}; commit")
            self.roots: dict[str, int] = dict(base.execute("select name, rootpage from sqlite_master where rootpage > 0"))
            self._pages: int = base.execute("pragma page_count").fetchone()[0]
        finally:
            base.close()
        self._trees: list[Tree] = []
        self._file: BinaryIO = path.open("r+b")
        self._file.seek(0, 2)

    def tree(self, name: str) -> Tree:
        """The tree of a table, or of the key of a table: `sqlite_autoindex_<table>_1`."""
        made = Tree(self, self.roots[name], name.startswith("sqlite_autoindex_"))
        self._trees.append(made)
        return made

    def append(self, pages: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
        """Writes pages (n, PAGE) at the end of the file and returns their numbers."""
        numbers = np.arange(self._pages + 1, self._pages + 1 + len(pages))
        late = numbers >= _LOCK_PAGE
        if self._pages < _LOCK_PAGE and late.any():
            before = int((~late).sum())
            self._file.write(pages[:before].data)
            self._file.write(bytes(PAGE))
            self._file.write(pages[before:].data)
            numbers[late] += 1
        else:
            self._file.write(pages.data)
        self._pages = int(numbers[-1])
        return numbers

    def put(self, number: int, page: npt.NDArray[np.uint8]) -> None:
        """Writes the page of that number anew."""
        self._file.seek((number - 1) * PAGE)
        self._file.write(page.data)
        self._file.seek(0, 2)

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None) -> None:
        with self._file:
            if kind is None:
                for tree in self._trees:
                    tree.finish()
                self._file.seek(28)
                self._file.write(self._pages.to_bytes(4, "big"))


class Tree:
    """One B-tree that takes its cells in order."""

    def __init__(self, pages: Pages, root: int, is_key: bool) -> None:
        self._pages, self._root, self._is_key = pages, root, is_key
        self._data: npt.NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._ends: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        self._rows = 0
        self._children: list[int] = []
        self._dividers: list[bytes] = []

    def add(self, cells: Bytes) -> None:
        """Takes further cells. Those of a table bear the row numbers 1, 2, ...; those of a key come in its order."""
        ends = cells.offsets[1:].astype(np.int64) - int(cells.offsets[0])
        data = cells.data[int(cells.offsets[0]) : int(cells.offsets[-1])]
        self._ends = np.concatenate([self._ends, ends + self._data.size])
        self._data = np.concatenate([self._data, data])
        if self._data.size > 4 * PAGE:
            self._cut(len(self._ends), 3 * PAGE)

    def _cut(self, cells: int, keep: int) -> None:
        """Makes leaves of what waits, until at most `keep` bytes of it are left."""
        starts = np.concatenate([[0], self._ends])
        fill = starts + 2 * np.arange(starts.size)  # each cell has its bytes and a pointer of two
        spans: list[tuple[int, int]] = []
        first, total = 0, int(starts[-1])
        while total - starts[first] > keep or (keep == 0 and first < cells):
            last = int(np.searchsorted(fill, fill[first] + PAGE - _HEAD, side="right")) - 1
            if self._is_key and last == cells - 1:
                last -= 1  # a divider needs a leaf after it
            spans.append((first, last))
            first = last + (self._is_key and last < cells)
        leaves = np.zeros((len(spans), PAGE), np.uint8)
        for leaf, (a, b) in zip(leaves, spans, strict=True):
            _leaf(leaf, self._data[starts[a] : starts[b]], starts[a:b] - starts[a], _KEY_LEAF if self._is_key else _TABLE_LEAF)
        if keep == 0 and len(spans) == 1 and not self._children:
            self._pages.put(self._root, leaves[0])
        elif spans:
            self._children += self._pages.append(leaves).tolist()
            if self._is_key:
                self._dividers += [self._data[starts[b] : starts[b + 1]].tobytes() for _, b in spans if b < cells]
            else:
                self._dividers += [varint(self._rows + b) for _, b in spans]
        self._rows += first
        self._ends, self._data = self._ends[first:] - starts[first], self._data[starts[first] :].copy()

    def finish(self) -> None:
        """Makes leaves of what is left and puts the levels above on."""
        if self._ends.size:
            self._cut(len(self._ends), 0)
        children, dividers = self._children, self._dividers
        while children:
            groups = _groups([len(d) + 6 for d in dividers[: len(children) - 1]])
            made = np.zeros((len(groups), PAGE), np.uint8)
            for page, (a, b) in zip(made, groups, strict=True):
                _inner(page, children[a:b], dividers[a : b - 1], _KEY_INNER if self._is_key else _TABLE_INNER)
            if len(groups) == 1:
                self._pages.put(self._root, made[0])
                return
            dividers = [dividers[b - 1] for _, b in groups[:-1]]
            children = self._pages.append(made).tolist()


def _leaf(page: npt.NDArray[np.uint8], data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], kind: int) -> None:
    """Lays cells out at the end of a page and their pointers at its beginning."""
    begin, n = PAGE - data.size, starts.size
    page[:_HEAD] = (kind, 0, 0, n >> 8, n & 255, begin >> 8 & 255, begin & 255, 0)
    page[_HEAD : _HEAD + 2 * n] = (starts + begin).astype(">u2").view(np.uint8)
    page[begin:] = data


def _inner(page: npt.NDArray[np.uint8], children: list[int], dividers: list[bytes], kind: int) -> None:
    """A page over others: each divider behind the number of the page before it; the last page stands in the head."""
    cells = [child.to_bytes(4, "big") + divider for child, divider in zip(children, dividers, strict=False)]
    starts = np.cumsum([0] + [len(c) for c in cells])
    data = np.frombuffer(b"".join(cells), np.uint8)
    _leaf(page, data, starts[:-1], kind)
    n = len(cells)
    page[_INNER_HEAD : _INNER_HEAD + 2 * n] = (starts[:-1] + PAGE - data.size).astype(">u2").view(np.uint8)
    page[_HEAD:_INNER_HEAD] = np.frombuffer(children[-1].to_bytes(4, "big"), np.uint8)


def _groups(costs: list[int]) -> list[tuple[int, int]]:
    """Shares out len(costs) + 1 pages among pages over them, evenly, so that each has two or more and all fit."""
    room = PAGE - _INNER_HEAD
    children = len(costs) + 1
    total = sum(costs)
    parts = max(1, -(-total // (room - max(costs, default=0))))
    while True:
        edges = [children * i // parts for i in range(parts + 1)]
        groups = list(pairwise(edges))
        if all(sum(costs[a : b - 1]) <= room for a, b in groups):
            return groups
        parts += 1
