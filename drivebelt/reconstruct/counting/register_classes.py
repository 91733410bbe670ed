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

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

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
WRITTEN_TO_ALL = np.stack([_FLAT, np.r_[0.1, _ELSEWHERE[1:]], _GONE])
"""The same where each office is one of its kind: bodies of the Centre wrote to all, and a burned one is as good as never gone."""
_GO_TOGETHER = 0.5
"""Correlation among spared offices from which two kinds were kept by the same ones. An assumption (0.3 to 0.8)."""


def grid(shift: Floats) -> Floats:
    """[kind, chance]: the grid with its logits moved by `shift` (kinds,), but the first, which is as good as none."""
    out = 1 / (1 + np.exp(-(np.log(CHANCES / (1 - CHANCES)) + shift[:, None])))
    out[:, 0] = CHANCES[0]
    return np.asarray(out)


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
    shift: Floats
    """(kinds,) by how much the logits of the grid of chances are moved."""

    @property
    def burned(self) -> float:
        """Share of offices that were not spared."""
        return float(1 - self.share[0])


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
