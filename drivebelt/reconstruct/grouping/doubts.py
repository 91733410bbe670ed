"""What is doubtful in the groups that papers were put into, and draws of whole groupings in which it moves.

A paper joined by wording may be like by chance: the odds are those of the links, likeness of kin against strangers, given how many
strangers it was held against. A letter of the Centre, worded anew, may carry out a decision of its day that it was not joined to
(doubtful_days.py). And a share of the papers that stand alone carry out an order that stands elsewhere in words too far off to be
seen: the more, the more papers between the two are lost. A paper that cites one of its cascade, or lies in one dossier with it, is
certain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from drivebelt.compilation import KERNEL
from drivebelt.draws import uniforms
from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.evidence import Floats, registered
from drivebelt.reconstruct.grouping import links
from drivebelt.reconstruct.grouping.doubtful_days import day_odds
from drivebelt.reconstruct.grouping.groups import Groups, citations, dossiers, numbered
from drivebelt.reconstruct.grouping.links import bits_apart, offices_apart
from drivebelt.reconstruct.grouping.same_day import ALMOST
from drivebelt.reconstruct.grouping.tree import Tree

STREAM = 9001
"""Stream of draws of groupings, far above those of the simulation."""
LOOKED_AT = 50
"""Members next in date that a paper is compared with, on either side, until one is near."""
NEAR = 6
"""Bits within which chance plays no part, however many papers there are."""
WHOLE, MISSED, SOON = 0.0008, 0.03, 0.3
"""Share of papers that stand alone though their order stands elsewhere, where nothing is lost; what comes on top where much is; and
the share of papers lost at which two thirds of that are reached: of what lies between two papers a part is enough, and where nearly
all is lost the other paper is as well. Learnt on fifty archives of nine runs (seeds 101 to 162): .0006 to .0009 where nothing is
lost, .011 where a fifth is, .02 to .04 beyond a third."""
UNKNOWN = 0.5
"""Share of papers held for lost where no register tells."""
OF_MISSED, OF_JOINED = 0.6, 0.1
"""How far the sums of what was missed and of what joins may be wrong as a whole (parts of them, from the same archives)."""
NINE_OF_TEN = 1.645
"""Standard deviations on either side of the mean that hold nine draws of ten."""
_DAYS = np.int64(1) << 20


@dataclass
class Doubts:
    """Of `groups`: `apart[paper]` is the chance that it belongs to none of those it is joined with; `missed[paper]`, of one that
    stands alone, that its order stands somewhere else, nobody knows where.

    Groups that may be one are rows: the `asker` (the letter), the `other` (with a decision), and the chance `joined` that both
    are one cascade. An asker belongs to one other at most.
    """

    groups: Groups
    apart: Floats
    missed: Floats
    asker: Ints
    other: Ints
    joined: Floats


def doubts(a: Archive, t: Tree, g: Groups) -> Doubts:
    """What is doubtful in the groups of an archive, from the evidence that they were made by."""
    rows = g.members
    apart, missed = np.zeros(a.papers), np.zeros(a.papers)
    if not rows.size:
        none = np.zeros(0, np.int64)
        return Doubts(g, apart, missed, none, none, np.zeros(0))
    of = g.of[rows]
    block = np.unique(a.subject.code[rows] * (len(a.domain.names) + 1) + a.domain.code[rows], return_inverse=True)[1].ravel()
    apart[rows] = _apart(a, t, g, rows, of, block)
    kept, issued = (x.sum() for x in registered(a))
    lost = 1 - kept / issued if issued > 0 else UNKNOWN
    missed[rows[np.diff(g.first)[of] == 1]] = WHOLE - MISSED * np.expm1(-lost / SOON)
    return Doubts(g, apart, missed, *day_odds(a, t, rows, block, of))


def drawn(d: Doubts, seed: int, draw: int) -> Ints:
    """One grouping: the group of each paper, -1 for others, numbered from 0 in order of their oldest paper.

    Papers leave with the chance that they stand apart, askers join one of their others or none; all else stays. `seed` and `draw`
    name the draw: the same ones give the same grouping.
    """
    g = d.groups
    papers = np.flatnonzero(d.apart > 0)
    leaves = papers[uniforms(seed, STREAM, papers, 2 * draw) < d.apart[papers]]
    head = np.arange(g.number + leaves.size)
    askers, at = np.unique(d.asker, return_inverse=True)
    order = np.argsort(at, kind="stable")
    begun = np.r_[0, np.cumsum(d.joined[order])]
    low = begun[:-1] - begun[np.searchsorted(at[order], at[order])]
    u = uniforms(seed, STREAM, askers, 2 * draw + 1)[at[order]]
    chosen = order[(u >= low) & (u < low + d.joined[order])]
    head[d.asker[chosen]] = d.other[chosen]  # no asker is asked
    of = g.of.copy()
    of[leaves] = g.number + np.arange(leaves.size)
    in_one = np.flatnonzero(of >= 0)
    return numbered(of.size, in_one, head[of[in_one]], g.rates, g.by).of


def number_of_cascades(d: Doubts) -> tuple[float, float, float]:
    """Mean number of cascades over all draws, less those missed, and the ends of its 90 per cent interval.

    No draw is needed: every paper that leaves is one cascade more, and every asker that joins one less, since no asker is asked.
    """
    each = np.minimum(np.bincount(d.asker, d.joined, d.groups.number), 1.0)
    gone, joined = float(d.missed.sum()), float(each.sum())
    single = sum(float((p * (1 - p)).sum()) for p in (d.apart, d.missed, each))
    half = NINE_OF_TEN * float(np.sqrt(single + (OF_MISSED * gone) ** 2 + (OF_JOINED * joined) ** 2))
    mean = d.groups.number + float(d.apart.sum()) - joined - gone
    return mean, mean - half, mean + half


def _apart(a: Archive, t: Tree, g: Groups, rows: Ints, of: Ints, block: Ints) -> Floats:
    """Chance of each member that its likeness to its group is chance."""
    office, date, wording = t.office[a.issuer[rows]], a.date[rows] - a.date[rows].min(), a.wording[rows]
    nearest, near = _nearest(g.first, office, wording, t.up, t.depth, LOOKED_AT)
    # Strangers of its subject and window that it was held against; those of its own office and superior if the nearest is of these.
    every = _around(block, date) - 1
    wide = t.root + 1
    above = np.where(office == t.root, office, t.up[office])
    own = block * wide + office
    few = _around(own, date) + np.where(above != office, _around(own, date, block * wide + above), 0)
    held = np.maximum(np.where(near <= 1, np.minimum(few, every), every), 1)
    grouped = np.diff(g.first)[of] > 1
    share = np.clip(grouped.mean(), 0.05, 0.95)
    kin, strange = g.rates.kin, g.rates.strangers
    like = share * kin[near, nearest]
    unlike = (1 - share) * held * strange[nearest]
    chance = np.asarray(unlike / np.maximum(like + unlike, 1e-300))
    # A letter joined by its day has no likeness; it was joined because it almost certainly belongs there.
    centre = office == t.root
    by_day = centre & (nearest > max(g.rates.most, 0))
    chance = np.where(by_day, np.minimum(chance, 1 - ALMOST), chance)
    bound = np.zeros(rows.size, bool)
    for left, right in (citations(a, rows), dossiers(a, rows)):
        bound[left] = bound[right] = True
    # The oldest paper is what others belong to.
    oldest = np.zeros(rows.size, bool)
    oldest[g.first[:-1]] = True
    return np.where(grouped & ~bound & ~oldest & (wording != 0), chance, 0.0)


def _around(key: Ints, date: Ints, wanted: Ints | None = None) -> Ints:
    """Papers under each one's key (or the `wanted` one) within the window of its date."""
    line = np.sort(key * _DAYS + date)
    at = (key if wanted is None else wanted) * _DAYS + date
    return np.searchsorted(line, at + links.WINDOW, "right") - np.searchsorted(line, at - links.WINDOW)


@njit(**KERNEL)
def _nearest(first, office, wording, up, depth, most):
    """For each member the fewest bits to another of its group that has a wording, and the distance of their offices."""
    nearest = np.full(wording.size, 64, np.int64)
    near = np.full(wording.size, links.NEAR - 1, np.int64)
    for g in range(first.size - 1):
        for i in range(first[g], first[g + 1]):
            for j in range(max(first[g], i - most), min(first[g + 1], i + most + 1)):
                if j == i or wording[j] == np.uint64(0):
                    continue
                apart = bits_apart(wording[i], wording[j])
                if apart < nearest[i]:
                    nearest[i], near[i] = apart, offices_apart(office[i], office[j], up, depth)
                    if apart <= NEAR:
                        break
    return nearest, near
