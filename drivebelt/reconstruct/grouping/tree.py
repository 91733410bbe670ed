"""The tree of offices: which committee has its seat where, and who stands above it.

Bodies beside a committee (executive committee, police, procuracy of the same place) belong to its office; all bodies of the
Centre are one office, the root. An archive without levels and branches is taken as it stands: each organ its own office under
its parent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.grouping.reforms import DEEPEST, changes

CENTRE = "centre"
PARTY = "party"


@dataclass
class Tree:
    """`office[organ]` is a node; nodes are rows of organs and `root`; `up` and `depth` by node (root: -1 and 0).

    `first[node]` to `first[node + 1]` is where the nodes under it stand in `under`. That is the tree as the archive lists it;
    `since` (days) begins each span in which the tree stays as it is, the first long ago, and `ups`, `depths`, `firsts` and
    `unders` are the same things in each span (reforms.py).
    """

    root: int
    office: Ints
    up: Ints
    depth: Ints
    first: Ints
    under: Ints
    since: Ints
    ups: Ints
    depths: Ints
    firsts: Ints
    unders: Ints

    def span(self, day: Ints) -> Ints:
        """The span in which each day falls."""
        return np.searchsorted(self.since, day, "right") - 1

    def ancestors(self, node: int) -> list[int]:
        """The node and all above it, to the root."""
        way = [node]
        while way[-1] != self.root:
            way.append(int(self.up[way[-1]]))
        return way


def tree_of(a: Archive) -> Tree:
    """The tree of an archive's organs; an office whose line of superiors runs in a circle hangs under the root."""
    n = a.organs
    root = n
    central = a.level.code == a.level.of(CENTRE)
    office = np.where(central, root, np.arange(n))
    seat = _seats(a, central)
    office = np.where(~central & (seat != NONE), seat, office)
    above = np.where(a.organ_parent >= 0, office[np.maximum(a.organ_parent, 0)] if n else NONE, root)
    up = np.append(above, NONE).astype(np.int64)
    up[:n][up[:n] == np.arange(n)] = root
    office, depth = office.astype(np.int64), _depths(up, root)
    since, ups = changes(a, office, up, depth, root)
    depths = np.stack([depth, *(_depths(u, root) for u in ups[1:])])
    nodes = np.setdiff1d(np.unique(office), [root])
    unders = np.stack([nodes[np.argsort(u[nodes], kind="stable")] for u in ups])
    firsts = np.stack([np.searchsorted(u[under], np.arange(n + 2)) for u, under in zip(ups, unders, strict=True)])
    return Tree(root, office, up, depth, firsts[0], unders[0], since, ups, depths, firsts, unders)


def _seats(a: Archive, central: np.ndarray) -> Ints:
    """For each organ the committee that names it as the body beside it, else the party committee of its place and level, where
    there is exactly one: a place of the lists may hold several committees of a level (the volosts of a uezd)."""
    n = a.organs
    width = max(len(a.level.names), 1)
    place = np.where((a.territory.code >= 0) & ~central, a.territory.code * width + a.level.code, NONE)
    party = np.flatnonzero((a.branch.code == a.branch.of(PARTY)) & (place >= 0))
    keys, at, many = np.unique(place[party], return_index=True, return_counts=True)
    seat = np.full(n, NONE, np.int64)
    if keys.size:
        where = np.minimum(np.searchsorted(keys, place), keys.size - 1)
        found = (keys[where] == place) & (many[where] == 1)
        seat[found] = party[at[where[found]]]
    named = np.flatnonzero((a.soviet >= 0) & ~central)
    seat[a.soviet[named]] = named
    return seat


def _depths(up: Ints, root: int) -> Ints:
    depth = np.full(up.size, NONE, np.int64)
    depth[root] = 0
    for _ in range(DEEPEST):
        ready = (depth < 0) & (up >= 0) & (depth[np.maximum(up, 0)] >= 0)
        if not ready.any():
            break
        depth[ready] = depth[up[ready]] + 1
    lost = depth < 0  # a circle of superiors, or a line longer than any real one
    up[lost] = root
    depth[lost] = 1
    return depth
