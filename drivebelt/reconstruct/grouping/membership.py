"""The groups as they are told, in which all is joined that is likelier one than not; and how sure it is that a paper belongs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.grouping.doubts import Doubts, Floats, doubts
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
    before, pairs = d.groups, np.arange(d.asker.size)
    order = np.lexsort((d.joined, d.asker))
    best = order[np.r_[d.asker[order][1:] != d.asker[order][:-1], True][: order.size]]  # of each asker the likeliest
    best = best[d.joined[best] >= LIKELY]
    into = np.arange(before.number)
    into[d.asker[best]] = d.other[best]
    g = merged(before, into, "likelier than not")
    chance, rival = np.full(a.papers, np.nan), np.full(a.papers, NONE)
    rows = before.members
    if not rows.size:
        return g, Membership(chance, rival, d)
    # Of two groups that may be one the smaller moves, or the younger; an asker that is joined with one is with no other.
    size = np.diff(before.first)
    moves = (size[d.asker] < size[d.other]) | ((size[d.asker] == size[d.other]) & (d.asker > d.other))
    mover, stays = np.where(moves, d.asker, d.other), np.where(moves, d.other, d.asker)
    told = np.isin(pairs, best)
    weighed = told | ~moves | (into[d.asker] == d.asker)
    stay, to = np.zeros(before.number), np.full(before.number, NONE)
    at_odds = np.where(told, d.joined, 1 - np.minimum(d.joined, 1 - 1e-9))
    np.add.at(stay, mover[weighed], np.log(at_odds[weighed]))
    beside = np.lexsort((stays, d.joined, mover))
    beside = beside[~told[beside]]
    to[mover[beside]] = stays[beside]  # of one mover the likeliest stands last
    alone = np.ones(before.number)
    alone[np.r_[d.asker[best], d.other[best]]] = 0  # what was joined does not stand alone
    of = before.of[rows]
    chance[rows] = (1 - d.apart[rows]) * (1 - d.missed[rows] * alone[of]) * np.exp(stay)[of]
    now = g.of[rows[before.first[:-1]]]
    there = np.where(to >= 0, now[to], NONE)
    rival[rows] = np.where(there == now, NONE, there)[of]
    return g, Membership(chance, rival, d)
