"""The registers of a class with the tables that every round of `gibbs` needs, and the chances of what is known of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.counting.books import NEVER, kept_or_never
from drivebelt.reconstruct.counting.register_classes import (
    BASE,
    STATES,
    WRITTEN_TO_ALL,
    Drawn,
    Floats,
    Ints,
    Point,
    Registers,
    grid,
)
from drivebelt.reconstruct.counting.tails import rests

_REACH, PLACES = 4, 4096
"""Numbers issued go up to so many times the highest known, in so many places at most."""


class Model:
    """The registers of a class with the tables that every round needs."""

    def __init__(self, r: Registers) -> None:
        """Raises ValueError where more numbers are known than the highest allows."""
        if np.any(r.known > r.highest):
            raise ValueError("more numbers known than the highest allows")
        self.r = r
        self.kinds = int(r.kind.max(initial=-1)) + 1
        self.offices = int(r.office.max(initial=-1)) + 1
        self.book = r.office * self.kinds + r.kind[r.cell]
        """Office and kind of each register."""
        top = np.zeros(self.kinds, np.int64)
        np.maximum.at(top, r.kind[r.cell], r.highest)
        most = _REACH * np.maximum(top, 8)
        self.step = -(-most // PLACES)
        """(kinds,) numbers that one place of the tables stands for."""
        places = most // self.step + 1
        self.first = np.concatenate([[0], np.cumsum(places[r.kind])])
        """Where each cell begins in the joined tables."""
        self.cell_of = np.repeat(np.arange(r.kind.size), places[r.kind])
        self.number = (np.arange(self.first[-1]) - self.first[self.cell_of]) * self.step[r.kind[self.cell_of]]
        self.rows = [np.flatnonzero(r.kind[r.cell] == k) for k in range(self.kinds)]
        """Registers of each kind,"""
        self.cells = np.searchsorted(r.kind, np.arange(self.kinds + 1))
        """and where its cells begin: they are sorted by kind."""
        self.unheard = np.flatnonzero(
            np.bincount(r.kind[r.cell], r.known == 0, self.kinds) * np.bincount(r.kind[r.cell], r.known > 0, self.kinds)
        )
        """Kinds of which some registers are known and of others nothing."""
        self.here = self.first[r.cell] + -(-r.highest // self.step[r.kind[r.cell]])
        """Row of the joined tables where the highest known number of each register stands."""
        self.heard = np.bincount(r.office, r.known, self.offices) > 0
        """(offices,) whether any number of theirs is known."""
        self.base = BASE if r.alike else WRITTEN_TO_ALL
        self.bundle = np.arange(self.kinds) if r.bundle is None else r.bundle
        self.bundles = int(self.bundle.max(initial=-1)) + 1
        known, self.there = (self._any(x) for x in (r.known > 0, np.ones(r.known.size, bool)))
        """(offices, kinds) whether there may have been such a book;"""
        self.seen, self.listed = self._bundled(known), self._bundled(self.there)
        """(offices, bundles) whether anything is known of one of them, and whether there may have been any."""
        self.all_seen = bool(self.seen[self.listed].all())
        self.at_home = np.zeros(r.office.size, bool) if r.own is None else r.own > 0
        """Registers of which the office's own keeping tells."""

    def _any(self, registers: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        return (np.bincount(self.book, registers, self.offices * self.kinds) > 0).reshape(self.offices, self.kinds)

    def _bundled(self, books: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        out = np.zeros((self.offices, self.bundles), bool)
        for kind, bundle in enumerate(self.bundle.tolist()):
            out[:, bundle] |= books[:, kind]
        return out

    def issued(self, d: Drawn) -> Floats:
        """N of each register in a round; a place of the tables stands for the middle of its numbers."""
        middle = d.number - (self.step[self.r.kind[self.r.cell]] - 1) / 2
        return np.asarray(np.where(d.of, np.maximum(middle, self.r.highest), 0.0))

    def start(self) -> Point:
        """A first guess: of offices of one level, that most kept the same and many were burned: rounds come down from
        there sooner than up to it, since offices that never kept anything explain silence as well."""
        r = self.r
        some = r.known > 0
        cells = r.kind.size
        many = np.maximum(np.bincount(r.cell[some], minlength=cells), 1)
        mean = np.bincount(r.cell[some], r.highest[some] + r.highest[some] / r.known[some], cells) / many
        by_kind = np.bincount(r.kind, mean * many, self.kinds) / np.bincount(r.kind, many, self.kinds)
        mean = np.where(mean > 0, mean, by_kind[r.kind]) + 0.1
        size = np.full(self.kinds, 4.0)
        chance = np.repeat((self.base / self.base.sum(1, keepdims=True))[:, None], self.kinds, 1)
        kept, share = (0.7, [0.4, 0.2, 0.4]) if r.alike else (0.5, [0.7, 0.3, 0.0])
        if r.holds is not None and not r.alike:
            burned = float((~r.holds[self.heard]).mean()) if self.heard.any() else 0.3
            share = [0.99 - 0.98 * burned, 0.01 + 0.98 * burned, 0.0]
        of = r.kind[r.cell]
        apart = 0.5 * np.bincount(of, some & ~self.at_home, self.kinds) / np.bincount(of, minlength=self.kinds)
        apart = apart.clip(0.01, 0.9) * (r.own is not None)
        return Point(
            mean / (mean + size[r.kind]), size, np.full(self.bundles, kept), chance, np.array(share), apart,
            np.full(self.kinds, 0.5), 0.9 if r.alike else 0.7, np.zeros(self.kinds),
        )  # fmt: skip

    def tails(self, p: Point, cells: slice) -> tuple[Floats, Floats]:
        """Of the joined tables of some cells: log P(N) at each place, and R [place, chance] (see `tails`)."""
        places = slice(self.first[cells.start], self.first[cells.stop])
        number, cell = self.number[places], self.cell_of[places]
        kind = self.r.kind[cell]
        size, odds = p.size[kind], p.odds[cell]
        log = _rising_at(number, p.size, kind) + number * np.log(odds) + size * np.log1p(-odds)
        log += np.log(self.step)[kind]
        turn = np.exp(np.minimum(np.append(np.diff(log), 0.0), 700.0))  # above only from one table to the next, not used
        kinds = self.r.kind[cells]
        lost = np.exp(self.step[kinds, None] * np.log1p(-grid(p.shift)[kinds]))
        return log, rests(turn, cell - cells.start, lost)

    def weigh(self, p: Point, kind: int | None = None) -> tuple[Floats, Floats, Floats]:
        """log of the chance of what is known of each register, of one kind or of all: [register, chance], and summed over it,
        [state, register]; and the R of `tails`."""
        r = self.r
        cells = slice(0, r.kind.size) if kind is None else slice(int(self.cells[kind]), int(self.cells[kind + 1]))
        rows = np.arange(r.cell.size) if kind is None else self.rows[kind]
        log, rest = self.tails(p, cells)
        here, known, kinds = self.here[rows] - self.first[cells.start], r.known[rows], r.kind[r.cell[rows]]
        chance = grid(p.shift)
        each = np.log(rest[here]) + log[here][:, None]
        each += known[:, None] * np.log(chance)[kinds] + (self.number[self.here[rows]] - known)[:, None] * np.log1p(-chance)[kinds]
        top = each.max(1)
        scaled = np.exp(each - top[:, None])
        mixed = np.stack([np.log((scaled * p.chance[s][kinds]).sum(1) + 1e-300) + top for s in range(STATES)])
        if r.own is not None:
            mixed[0] += r.own[rows] * np.log(p.own)[kinds] + (known - r.own[rows]) * np.log1p(-p.own)[kinds]
            mixed[1:, self.at_home[rows]] = NEVER
        return each, mixed, rest

    def sums(self, mixed: Floats) -> Floats:
        """[state, office, kind]: log of the chance of all that is known of a book if it was kept."""
        books = [np.bincount(self.book, m, self.offices * self.kinds) for m in mixed]
        return np.asarray(np.stack(books), np.float64).reshape(STATES, self.offices, self.kinds)

    def apart(self, p: Point) -> Floats:
        """[fate, kind]: log of the chances of what becomes of a book in a spared office."""
        heard = p.share[1] / (p.share[1] + p.share[2])
        return np.log(np.stack([1 - p.apart, heard * p.apart, (1 - heard) * p.apart]) + 1e-300)

    def books(self, p: Point, sums: Floats) -> tuple[Floats, Floats]:
        """[state, office, bundle]: log of the chance of all that is known of the books, and the chance that they were kept."""
        both, chance = kept_or_never(sums, self.apart(p), p.kept, self.bundle, self.there, self.seen, self.listed)
        return both, chance

    def states(self, p: Point, both: Floats) -> Floats:
        """[office, state]: log of the chance of all that is known of each office, with its state."""
        out = np.asarray(both.sum(2).T + np.log(p.share + 1e-300))
        if self.r.holds is not None:
            out[:, 0] += np.log(np.where(self.r.holds, p.holds, 1 - p.holds))
            out[self.r.holds, 1:] += NEVER
        return out


def _rising_at(number: Ints, sizes: Floats, kind: Ints) -> Floats:
    """log of Gamma(size + number) / Gamma(size) / number! at each place of the tables."""
    out = np.zeros(number.size)
    for k in range(sizes.size):
        rows = np.flatnonzero(kind == k)
        if rows.size:
            m = np.arange(int(number[rows].max()))
            log = np.concatenate([[0.0], np.cumsum(np.log((sizes[k] + m) / (1.0 + m)))])
            out[rows] = log[number[rows]]
    return out
