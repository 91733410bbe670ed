"""Letters of the Centre and the decisions they carry out: the same subject, the same day, and wholly different words.

A letter or a telegram that goes out with an extract is written anew: likeness of wording does not join the two. Where the archive
is so full that a letter's own decision is hardly lost, it is one of the decisions on its subject and day; which of them, the order
of numbers and the grade tell (letter_order.py). How often another decision stands there by chance is seen on other days.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.grouping.letter_order import Known, fitting, in_step
from drivebelt.reconstruct.grouping.papers import DECISIONS
from drivebelt.reconstruct.grouping.tree import Tree

OTHER_DAYS = (-14, -7, -3, -1, 1, 3, 7, 14)
"""Days off on which decisions on the subject stand by chance only."""
ALMOST = 0.99
"""Chance from which a letter is taken to belong to a decision of its day."""
ROUNDS = 5
"""Rounds at most: every letter whose decision is known narrows down where those beside it in its register belong."""
_DAYS = 1 << 20


def same_day(a: Archive, t: Tree, rows: Ints, block: Ints, parent: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Pairs (places in `rows`): a paper of the Centre with no decision in its group, and the decision of its subject and day.

    They come in rounds: each is to be joined in `parent`, and that made flat, before the next is asked for. None come where a
    letter's own decision may well be lost. `block` is the subject of each row.
    """
    centre = t.office[a.issuer[rows]] == t.root
    decides = centre & a.kind.among(DECISIONS)[rows]
    key = block * _DAYS + a.date[rows]
    for turn in range(ROUNDS):
        decided = np.zeros(rows.size, bool)
        decided[parent[decides]] = True
        asks = np.flatnonzero(centre & ~decided[parent])
        if not asks.size or not decides.any():
            return
        there = np.unique(np.stack([key[decides], parent[decides]], 1), axis=0)  # groups with a decision, by subject and day
        if turn == 0 and not _its_own(there[:, 0], key[asks]):
            return
        low = np.searchsorted(there[:, 0], key[asks])
        many = np.searchsorted(there[:, 0], key[asks], "right") - low
        which = np.repeat(np.arange(asks.size), many)
        group = there[np.repeat(low - np.cumsum(many) + many, many) + np.arange(which.size), 1]
        letters = np.flatnonzero(centre & ~decides & decided[parent])
        known = Known(a, rows, parent, np.flatnonzero(decides), letters)
        sure = _sure(known, asks, key[asks], which, group)
        if not sure.any():
            return
        yield asks[which[sure]], group[sure]


def _its_own(there: Ints, wanted: Ints) -> bool:
    """Whether a decision on a letter's subject and day, of which the archive has those `there`, is almost certainly its own."""
    days, many = np.unique(there, return_counts=True)

    def found(off: int) -> Ints:
        at = np.minimum(np.searchsorted(days, wanted + off), days.size - 1)
        return np.where(days[at] == wanted + off, many[at], 0)

    others = [found(off) for off in OTHER_DAYS]
    chance_none, chance_one = (float(np.mean([(n == k).mean() for n in others])) for k in (0, 1))
    lost = min(float((found(0) == 0).mean()) / max(chance_none, 1e-9), 1.0)  # letters whose own decision is not there
    own = (1 - lost) * chance_none
    return own > 0 and own >= ALMOST * (own + lost * chance_one)


def _sure(known: Known, asks: Ints, key: Ints, which: Ints, group: Ints) -> npt.NDArray[np.bool_]:
    """Which candidates, letter `asks[which]` and `group` of a decision, are the only ones possible."""
    fits = fitting(known, asks[which], group)
    taken = np.zeros(known.rows.size, bool)
    taken[known.parent[known.letters]] = True
    # A decision that has a letter already is no candidate beside one that has none.
    free = fits & ~taken[group]
    some = np.bincount(which, free, asks.size) > 0
    fits = np.where(some[which], free, fits)
    only = fits & (np.bincount(which, fits, asks.size)[which] == 1)
    # Two letters that would share a decision: neither is sure, unless there is no other of the day.
    rivals = np.bincount(group[fits], minlength=known.rows.size)[group]
    alone = np.bincount(which, minlength=asks.size)[which] == 1
    return (only & (alone | (rivals == 1))) | in_step(known, key[which], asks[which], group, fits)
