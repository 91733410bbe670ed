"""The groups as they are told, in which all is joined that is likelier one than not; and how sure it is that a paper belongs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.columns import Flags
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.grouping.doubts import Doubts, doubts
from drivebelt.reconstruct.grouping.groups import Groups, group, merged
from drivebelt.reconstruct.grouping.tree import Tree

LIKELY = 0.5
"""Chance from which two groups are told as one."""


@dataclass
class Membership:
    """`chance[paper]` that it belongs to its cascade, NaN for papers that carry no order; `rival[paper]` the next likeliest
    cascade, -1 for none or alone; `doubts` of the groups before likely ones were joined."""

    chance: Floats
    rival: Ints
    doubts: Doubts


def grouped(a: Archive, t: Tree, acts: np.ndarray) -> tuple[Groups, Membership]:
    """Groups of the acting papers of an archive, and how sure they are."""
    return settled(a, doubts(a, t, group(a, t, acts)))


def settled(a: Archive, d: Doubts) -> tuple[Groups, Membership]:
    """Groups in which every asker is joined with the other it more likely than not belongs to, and how sure they are."""
    before = d.groups
    told = _likely(d)
    into = np.arange(before.number)
    into[d.asker[told]] = d.other[told]
    g = merged(before, into, "likelier than not")
    chance, rival = np.full(a.papers, np.nan), np.full(a.papers, NONE)
    rows = before.members
    if rows.size:
        of = before.of[rows]
        stays, to = _moving(d, told)
        alone = np.ones(before.number)
        alone[np.r_[d.asker[told], d.other[told]]] = 0  # what was joined does not stand alone
        chance[rows] = (1 - d.apart[rows]) * (1 - d.missed[rows] * alone[of]) * stays[of]
        now = g.of[rows[before.first[:-1]]]
        there = np.where(to >= 0, now[to], NONE)
        rival[rows] = np.where(there == now, NONE, there)[of]
    return g, Membership(chance, rival, d)


def _likely(d: Doubts) -> Flags:
    """Rows of the doubts that are told as one cascade: of each asker the likeliest, if it is likelier than not."""
    order = np.lexsort((d.joined, d.asker))
    best = order[np.r_[d.asker[order][1:] != d.asker[order][:-1], True][: order.size]]
    told = np.zeros(d.asker.size, bool)
    told[best] = d.joined[best] >= LIKELY
    return told


def _moving(d: Doubts, told: Flags) -> tuple[Floats, Ints]:
    """Of each group before, the chance that it belongs where it stands once the rows `told` are joined, and the likeliest other
    group it may belong to, -1 for none.

    Of two groups that may be one the smaller moves, or the younger; an asker that is joined with one is with no other.
    """
    size = np.diff(d.groups.first)
    moves = (size[d.asker] < size[d.other]) | ((size[d.asker] == size[d.other]) & (d.asker > d.other))
    mover, stays = np.where(moves, d.asker, d.other), np.where(moves, d.other, d.asker)
    weighed = told | ~moves | ~np.isin(d.asker, d.asker[told])
    stay, to = np.zeros(size.size), np.full(size.size, NONE)
    np.add.at(stay, mover[weighed], np.log(np.where(told, d.joined, 1 - np.minimum(d.joined, 1 - 1e-9))[weighed]))
    beside = np.lexsort((stays, d.joined, mover))
    beside = beside[~told[beside]]
    to[mover[beside]] = stays[beside]  # of one mover the likeliest stands last
    return np.exp(stay), to
