"""An edition's papers as numbered series: what is printed, what printed papers prove to have been, and an archive of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from drivebelt.corpora.series import NEAR, SLACK, runs
from drivebelt.corpora.tei import LETTER, TELEGRAM, Paper
from drivebelt.reconstruct.counting import missing

Ints = npt.NDArray[np.int64]
EPOCH = date(1970, 1, 1)
KINDS = (TELEGRAM, LETTER)


class Series(NamedTuple):
    """A register: one kind of paper between home and a post, one way, from one beginning to the next."""

    post: str
    outward: bool
    kind: str
    run: int

    @property
    def name(self) -> str:
        """In words."""
        return f"{self.kind}s {'to' if self.outward else 'from'} {self.post}" + (f", book {self.run + 1}" if self.run else "")


@dataclass(frozen=True)
class Mentions:
    """Dated numbers of series, (n,) each, in order of series, number and day.

    `series` is a place in `names`; `paper` the row of the paper that bears the number, -1 where another names it; `cites` the row
    of the paper that names it, -1 where it is the paper itself. `unplaced` counts what fits no series, by reason.
    """

    names: tuple[Series, ...]
    series: Ints
    number: Ints
    day: Ints
    paper: Ints
    cites: Ints
    unplaced: dict[str, int]

    def known(self) -> missing.Known:
        """As `missing.count` and `missing.free_numbers` take it: offices are posts, kinds and directions share a shape."""
        posts = {p: i for i, p in enumerate(sorted({s.post for s in self.names}))}
        office = np.array([posts[s.post] for s in self.names], np.int64)
        group = np.array([f"{s.kind} {'outward' if s.outward else 'inward'}" for s in self.names], np.str_)
        return missing.known(
            self.series, self.number, office=office[self.series], group=group[self.series] if group.size else group, day=self.day,
            there=self.paper >= 0,
        )  # fmt: skip


def days(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def as_date(day: int) -> date:
    """The date of days since 1970."""
    return EPOCH + timedelta(days=day)


def mentions(papers: Sequence[Paper], hidden: frozenset[int] = frozenset()) -> Mentions:
    """All dated numbers of the papers but for those whose rows are `hidden`, which then prove nothing either.

    A reference that does not say its kind goes to the one kind of series that it fits by number and day; to none where both or
    neither do.
    """
    own: dict[tuple[str, bool, str], list[tuple[int, int, int, int]]] = {}
    unplaced = {
        "number without a date or a post": 0,
        "number that fits no run of its series": 0,
        "reference that fits no series": 0,
    }
    for row, p in enumerate(papers):
        if row in hidden or p.number is None or p.number < 1:
            continue
        if p.day is None or p.post is None:
            unplaced["number without a date or a post"] += 1
        else:
            own.setdefault((p.post, p.outward, p.kind), []).append((days(p.day), p.number, row, -1))
    printed = {key: _placed(rows)[0] for key, rows in own.items()}
    named: dict[tuple[str, bool, str], list[tuple[int, int, int, int]]] = {}
    for row, p in enumerate(papers):
        for r in p.references if row not in hidden and p.post is not None else ():
            assert p.post is not None
            fit = [
                k
                for k in KINDS
                if (r.kind is None and _fits(printed.get((p.post, r.outward, k), []), days(r.day), r.number)) or k == r.kind
            ]
            if len(fit) == 1:
                named.setdefault((p.post, r.outward, fit[0]), []).append((days(r.day), r.number, -1, row))
            else:
                unplaced["reference that fits no series"] += 1
    names: list[Series] = []
    rows: list[tuple[int, int, int, int, int]] = []
    for key in sorted(own.keys() | named.keys()):
        placed, lost = _placed(sorted(own.get(key, []) + named.get(key, [])))
        for _, _, paper, _ in lost:
            unplaced["number that fits no run of its series" if paper >= 0 else "reference that fits no series"] += 1
        for run in range(max((r for *_, r in placed), default=-1) + 1):
            rows += [(len(names), n, d, paper, cites) for d, n, paper, cites, r in placed if r == run]
            names.append(Series(*key, run))
    rows.sort()
    table = np.array(rows, np.int64).reshape(-1, 5)
    of, number, day, bearing, citing = (np.ascontiguousarray(table[:, k]) for k in range(5))
    return Mentions(tuple(names), of, number, day, bearing, citing, unplaced)


def _placed(
    rows: list[tuple[int, int, int, int]],
) -> tuple[list[tuple[int, int, int, int, int]], list[tuple[int, int, int, int]]]:
    """Rows (day, number, paper, cites) with their run, and those that fit none. Runs come from distinct (day, number)."""
    distinct = sorted({(d, n) for d, n, *_ in rows})
    of = dict(zip(distinct, runs([n for _, n in distinct], [d for d, _ in distinct]).tolist(), strict=True))
    placed = [(*row, of[row[:2]]) for row in rows if of[row[:2]] >= 0]
    return placed, [row for row in rows if of[row[:2]] < 0]


def _fits(placed: list[tuple[int, int, int, int, int]], day: int, number: int) -> bool:
    """Whether a number of a day lies between its neighbours in time of one run."""
    for run in {r for *_, r in placed}:
        near = sorted((d, n) for d, n, _, _, r in placed if r == run)
        before = [n for d, n in near if d <= day - NEAR]
        after = [n for d, n in near if d >= day + NEAR]
        if (
            near[0][0] - 30 <= day <= near[-1][0] + 30
            and max(before, default=0) - SLACK <= number <= min(after, default=1 << 40) + SLACK
        ):
            return True
    return False
