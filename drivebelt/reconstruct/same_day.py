"""Letters of the Centre and the decisions they carry out: the same subject, the same day, and wholly different words.

A letter or a telegram that goes out with an extract is written anew: likeness of wording does not join the two. Where the Centre
took one decision on the subject that day, or but one that has no other letter, and the archive is so full that it is hardly another
whose own extract is lost, it is that one. How often another stands there by chance is seen on other days.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.papers import DECISIONS
from drivebelt.reconstruct.tree import Tree

OTHER_DAYS = (-14, -7, -3, -1, 1, 3, 7, 14)
"""Days off on which decisions on the subject stand by chance only."""
ALMOST = 0.99
"""Chance from which a letter is taken to belong to the one decision of its day."""
_DAYS = 1 << 20


def same_day(a: Archive, t: Tree, rows: Ints, block: Ints, parent: Ints) -> tuple[Ints, Ints]:
    """Pairs (places in `rows`): a paper of the Centre with no decision in its group, and the decision of its subject and day.

    If there are more, the one without a letter, where one letter looks for it; none where that is not almost certain. `parent`
    must be flat; `block` is the subject of each row.
    """
    none = np.zeros(0, np.int64)
    centre = t.office[a.issuer[rows]] == t.root
    decides = centre & a.kind.among(DECISIONS)[rows]
    decided = np.zeros(rows.size, bool)
    decided[parent[decides]] = True
    asks = np.flatnonzero(centre & ~decided[parent])
    if not asks.size or not decides.any():
        return none, none
    key = block * _DAYS + a.date[rows]
    there = np.unique(np.stack([key[decides], parent[decides]], 1), axis=0)  # groups with a decision, by subject and day
    days, first, many = np.unique(there[:, 0], return_index=True, return_counts=True)

    def found(off: int) -> tuple[Ints, npt.NDArray[np.bool_]]:
        at = np.minimum(np.searchsorted(days, key[asks] + off), days.size - 1)
        return at, days[at] == key[asks] + off

    others = [np.where(hit, many[at], 0) for at, hit in map(found, OTHER_DAYS)]
    chance_none, chance_one = (float(np.mean([(n == k).mean() for n in others])) for k in (0, 1))
    at, hit = found(0)
    lost = min(float((~hit).mean()) / max(chance_none, 1e-9), 1.0)  # letters whose own decision is not there
    own = (1 - lost) * chance_none
    if own < ALMOST * (own + lost * chance_one) or own == 0:
        return none, none
    beside = np.zeros(rows.size, bool)
    beside[parent[centre & ~decides]] = True
    free = ~beside[there[:, 1]]  # decisions without a letter yet
    spare = np.add.reduceat(free.astype(np.int64), first)
    last = np.maximum.reduceat(np.where(free, np.arange(free.size), -1), first)
    asking = np.unique(np.stack([key[asks], parent[asks]], 1), axis=0)[:, 0]
    alone = np.searchsorted(asking, key[asks], "right") - np.searchsorted(asking, key[asks]) == 1
    one = hit & ((many[at] == 1) | (alone & (spare[at] == 1)))
    only = np.where(many == 1, first, last)
    return asks[one], there[only[at[one]], 1]
