"""How many papers the registers of one class of offices ever numbered, from the numbers that are still known.

    class    offices of one level and branch: a share of them was spared; the others were burned with all they held, and either
             copies of their papers lie elsewhere, or nothing is heard of them
    kind     a register that some of them kept, in every year, others never; of some kinds (those of the secret parts) books
             went the same way though the office was spared
    register one kind, office and year: the numbers issued are negative binomial by kind and year, and each number is known
             with one chance p, drawn from a distribution by kind that differs between burned and spared offices

Given p each number is known or lost by itself, so that the chance of what is known is p^known (1 - p)^(N - known) for every N
from the highest known number on: an order statistic. Everything is drawn in turn from what the rest says (`gibbs`: Gibbs sampling,
Gelfand and Smith 1990), registers of which nothing is known included: they were never kept, or kept and lost. That offices keep
the same registers from year to year, and burn as wholes, tells these apart (occupancy models: MacKenzie and others 2002).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.books import NEVER, kept_or_never
from drivebelt.reconstruct.tails import rests

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_REACH, PLACES = 4, 4096
"""Numbers issued go up to so many times the highest known, in so many places at most."""
CHANCES = np.r_[1e-7, 1 / (1 + np.exp(-np.linspace(-6.5, 7.5, 23)))]
"""Grid of the chance that a number is known. The first is as good as none: with one in two thousand, five hundred burned offices
would already speak for never having kept a register of forty numbers."""
_FLAT = np.where(CHANCES < 0.02, 0.1, 2.0) / CHANCES.size
_ELSEWHERE = np.r_[2.0, np.where(CHANCES[1:] < 0.5, 1.0 / CHANCES.size, 0.1 / CHANCES.size)]
_GONE = np.r_[6.0, np.full(CHANCES.size - 1, 0.6 / CHANCES.size)]
BASE = np.stack([_FLAT, _ELSEWHERE, _GONE])
"""Prior weight, in registers, of each chance in spared offices, in those burned of which copies lie elsewhere, and in those gone.
An assumption."""
STATES = BASE.shape[0]
_WRITTEN_TO_ALL = np.stack([_FLAT, np.r_[0.1, _ELSEWHERE[1:]], _GONE])
"""The same where each office is one of its kind: bodies of the Centre wrote to all, and a burned one is as good as never gone."""
_GO_TOGETHER = 0.5
"""Correlation among spared offices from which two kinds were kept by the same ones. An assumption (0.3 to 0.8)."""


@dataclass(frozen=True)
class Registers:
    """Registers of one class, all (registers,): `office` and `cell` count from 0, `kind` is that of each cell; `known` numbers
    and the `highest` of them, both 0 where nothing is known."""

    office: Ints
    cell: Ints
    """Kind and year."""
    kind: Ints
    """(cells,) kind of each cell."""
    known: Ints
    highest: Ints
    alike: bool = True
    """Whether the offices are of one level, for which rules of paperwork are made, and not each one of its kind."""
    own: Ints | None = None
    """Known numbers that the office's own copies or books tell; None where the archive does not say where its papers lie."""
    holds: npt.NDArray[np.bool_] | None = None
    """(offices,) whether anything of the office's own keeping is left; None as above."""
    bundle: Ints | None = None
    """(kinds,) kinds that the same offices keep have one number; None: each its own (see `together`)."""

    def take(self, rows: Ints) -> Registers:
        """Some of them, offices numbered anew."""
        offices, office = np.unique(self.office[rows], return_inverse=True)
        own = None if self.own is None else self.own[rows]
        holds = None if self.holds is None else self.holds[offices]
        return Registers(
            office.astype(np.int64),
            self.cell[rows],
            self.kind,
            self.known[rows],
            self.highest[rows],
            self.alike,
            own,
            holds,
            self.bundle,
        )


@dataclass
class Point:
    """One draw of all that a class shares: `odds` is the success share of the negative binomial by cell, `size` that by kind,
    `kept` by bundle of kinds, `chance` [state, kind, p], and the `share` of offices in each state. By kind, of books in spared
    offices: the share `apart` that was lost all the same, and with which chance a known number of the others is known from
    their `own` keeping; `holds` is the chance that of the keeping of a spared office anything is left."""

    odds: Floats
    size: Floats
    kept: Floats
    chance: Floats
    share: Floats
    apart: Floats
    own: Floats
    holds: float

    @property
    def burned(self) -> float:
        """Share of offices that were not spared."""
        return float(1 - self.share[0])


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
        self.lost = np.exp(np.outer(self.step[r.kind], np.log1p(-CHANCES)))
        """[cell, chance] that all numbers of one place are lost."""
        self.here = self.first[r.cell] + -(-r.highest // self.step[r.kind[r.cell]])
        """Row of the joined tables where the highest known number of each register stands."""
        self.heard = np.bincount(r.office, r.known, self.offices) > 0
        """(offices,) whether any number of theirs is known."""
        self.base = BASE if r.alike else _WRITTEN_TO_ALL
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
            np.full(self.kinds, 0.5), 0.9 if r.alike else 0.7,
        )  # fmt: skip

    def tails(self, p: Point) -> tuple[Floats, Floats]:
        """Of the joined tables: log P(N) at each place, and R [place, chance] (see `tails`)."""
        kind = self.r.kind[self.cell_of]
        size, odds = p.size[kind], p.odds[self.cell_of]
        log = _rising_at(self.number, p.size, kind) + self.number * np.log(odds) + size * np.log1p(-odds)
        log += np.log(self.step)[kind]
        turn = np.exp(np.append(np.diff(log), 0.0))
        return log, rests(turn, self.cell_of, self.lost)

    def weigh(self, p: Point, tails: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        """log of the chance of what is known of each register: [register, chance], and summed over it, [state, register]."""
        r = self.r
        log, rest = tails
        each = np.log(rest[self.here]) + log[self.here][:, None]
        each += r.known[:, None] * np.log(CHANCES) + (self.number[self.here] - r.known)[:, None] * np.log1p(-CHANCES)
        top = each.max(1)
        kind = r.kind[r.cell]
        scaled = np.exp(each - top[:, None])
        mixed = np.stack([np.log((scaled * p.chance[s][kind]).sum(1) + 1e-300) + top for s in range(STATES)])
        if r.own is not None:
            mixed[0] += r.own * np.log(p.own)[kind] + (r.known - r.own) * np.log1p(-p.own)[kind]
            mixed[1:, self.at_home] = NEVER
        return each, mixed

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


def together(r: Registers) -> Ints:
    """Which kinds (kinds,) are kept together or not at all: those whose being known goes together among the spared offices."""
    kinds = int(r.kind.max(initial=-1)) + 1
    of = np.arange(kinds)
    if r.holds is None or not r.alike:
        return of
    known = np.zeros((r.holds.size, kinds), bool)
    known[r.office[r.known > 0], r.kind[r.cell][r.known > 0]] = True
    known = known[r.holds]
    for a in range(kinds):
        for b in range(a):
            if of[a] == a and of[b] == b and 0 < known[:, a].sum() < len(known) and 0 < known[:, b].sum() < len(known):
                both = float(np.corrcoef(known[:, a], known[:, b])[0, 1])
                of[a] = b if both > _GO_TOGETHER else a
    return np.unique(of, return_inverse=True)[1].astype(np.int64)


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


@dataclass
class Drawn:
    """One round: the state of each office, the fate of each book, whether each bundle and each register was kept, its chance and
    its N."""

    state: Ints
    fate: Ints
    has: npt.NDArray[np.bool_]
    bundles: npt.NDArray[np.bool_]
    of: npt.NDArray[np.bool_]
    at: Ints
    number: Ints
