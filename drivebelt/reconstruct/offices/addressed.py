"""Who stands above an office by the addresses of its papers: whoever sends it orders.

For archives in which orders come down many lines at once, so that no one tree of orders exists (superiors.py), and papers say
where they went.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.grouping.papers import acting
from drivebelt.reconstruct.grouping.tree import tree_of


@dataclass
class Senders:
    """By organ: `who` sent it most orders (-1 if nobody), how many (`most`), how many of the `next` body, and of all."""

    who: Ints
    most: Ints
    next: Ints
    all: Ints

    @property
    def chance(self) -> Floats:
        """Share of the orders of the first two that come from the first, half an order added to both: two who send alike are no
        superior. Measured, not derived: see docs/reconstruction.md for how often what it gives as sure is right."""
        return np.asarray((self.most + 0.5) / (self.most + self.next + 1))


def senders(a: Archive) -> Senders:
    """Who sent orders to each organ. `a` without its tree (orders.without_tree): nothing here may know it."""
    acts = acting(a, tree_of(a))
    m = acts[a.copy_paper] & (a.copy_to >= 0) & (a.issuer[a.copy_paper] != a.copy_to)
    to, by = a.copy_to[m], a.issuer[a.copy_paper[m]]
    pair, many = np.unique(to * max(a.organs, 1) + by, return_counts=True)
    to, by = np.divmod(pair, max(a.organs, 1))
    line = np.lexsort((by, -many, to))
    to, by, many = to[line], by[line], many[line]
    first = np.flatnonzero(np.r_[True, to[1:] != to[:-1]]) if to.size else np.zeros(0, np.int64)
    second = np.minimum(first + 1, max(to.size - 1, 0))
    out = Senders(np.full(a.organs, NONE, np.int64), *(np.zeros(a.organs, np.int64) for _ in range(3)))
    out.who[to[first]], out.most[to[first]] = by[first], many[first]
    has = (to[second] == to[first]) & (second > first)
    out.next[to[second[has]]] = many[second[has]]
    np.add.at(out.all, to, many)
    return out
