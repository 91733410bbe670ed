"""Chances that a letter of the Centre carries out a decision of its subject and day.

Such letters are worded anew, so wording says nothing. What speaks is the day itself: on it stand the letter's own decision, if the
archive has it, and whatever stands there by chance, as on the days around. Each candidate of a kind has the weight p / n, p the
share of letters whose own decision is of that kind, n how many of the kind stand there by chance; the letter alone has the weight
of what is left of p. Shares are found by EM in the archive itself; the order of numbers and the grade (letter_order) take away
candidates, and raise the weight of those that stay.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.columns import stretches
from drivebelt.reconstruct.grouping.letter_order import Known, fitting
from drivebelt.reconstruct.grouping.papers import DECISIONS
from drivebelt.reconstruct.grouping.same_day import OTHER_DAYS
from drivebelt.reconstruct.grouping.tree import Tree

Floats = npt.NDArray[np.float64]
FREE, TAKEN, LETTER = range(3)
"""Kinds of candidate: a decision that has no letter yet, one that has; and what is none, another letter."""
KINDS = 2
ROUNDS = 100
POSSIBLE = 0.6
"""Strangers that order and grade leave possible, of those expected: learnt, for an archive says too little of it itself (.37 to .88
on six archives of seeds 141, 142 and 152 in which papers were lost)."""
LEAST = 1e-3
"""Share of strangers on a day below which it is not believed to lie: one in so many days would not have been seen."""
_DAYS = 1 << 20


def day_odds(a: Archive, t: Tree, rows: Ints, block: Ints, of: Ints) -> tuple[Ints, Ints, Floats]:
    """Pairs of groups and the chance that the first, letters of the Centre without a decision, belongs to the second.

    `rows` are the acting papers, `block` their subject, `of` their group. A letter's chances add up to at most 1; a pair stands
    once for each of its days, with the highest of their chances.
    """
    none = np.zeros(0, np.int64)
    centre = t.office[a.issuer[rows]] == t.root
    decides = centre & a.kind.among(DECISIONS)[rows]
    groups = int(of.max(initial=-1)) + 1
    decided, written = np.zeros(groups, bool), np.zeros(groups, bool)
    decided[of[decides]] = True
    written[of[centre & ~decides]] = True
    asks = np.flatnonzero(centre & ~decided[of])
    if not asks.size:
        return none, none, np.zeros(0)
    key = block * _DAYS + a.date[rows]
    there = np.unique(np.stack([key[centre], of[centre]], 1), axis=0)
    there = there[np.r_[True, (there[1:] != there[:-1]).any(1)]]
    asks = asks[np.unique(np.stack([key[asks], of[asks]], 1), axis=0, return_index=True)[1]]
    kind = np.where(~decided[there[:, 1]], LETTER, np.where(written[there[:, 1]], TAKEN, FREE))
    by_chance = _by_chance(there[:, 0], kind, key[asks])
    there, kind = there[kind != LETTER], kind[kind != LETTER]
    low, high = np.searchsorted(there[:, 0], key[asks]), np.searchsorted(there[:, 0], key[asks], "right")
    which = np.repeat(np.arange(asks.size), high - low)
    at = stretches(low, high - low)
    c, group = kind[at], there[at, 1]
    known = Known(a, rows, of, np.flatnonzero(decides), np.flatnonzero(centre & ~decides & decided[of]))
    fits = fitting(known, asks[which], group)
    expected = POSSIBLE * by_chance
    which, c, group = which[fits], c[fits], group[fits]
    chance = _shares(which, c, expected[which, c], a.branch.code[a.issuer[rows[asks]]] + 1)
    pair, first = np.unique(np.stack([of[asks[which]], group], 1), axis=0, return_inverse=True)
    best = np.zeros(pair.shape[0])
    np.maximum.at(best, first.ravel(), chance)
    return pair[:, 0], pair[:, 1], best


def _by_chance(there: Ints, kind: Ints, asks: Ints) -> Floats:
    """[letter, kind]: how many decisions other than its own stand on its subject and day.

    The rate of the subject is seen on days around, leaning on all letters. Orders come in bursts, several on a subject in one
    sitting: how many more stand on one day is seen among the decisions themselves, of which each is of another order.
    """
    out = np.zeros((asks.size, KINDS))
    for k in range(KINDS):
        days, beside = np.sort(there[kind == k]), there[kind != LETTER]
        others = np.searchsorted(days, beside, "right") - np.searchsorted(days, beside) - (kind[kind != LETTER] == k)
        rate = _rate(days, beside)
        burst, times = 0.5, 1.0  # counts are Poisson with mean burst + times * rate
        for _ in range(ROUNDS):
            of_burst = burst / (burst + times * rate)
            burst = float((others * of_burst).sum() + 0.5) / max(beside.size, 1)
            times = float((others * (1 - of_burst)).sum() + 0.5) / max(float(rate.sum()), 0.5)
        out[:, k] = burst + times * _rate(days, asks)
    return out


def _rate(days: Ints, wanted: Ints) -> Floats:
    """Candidates a day on days around, leaning on all that are asked for."""
    out = np.zeros(wanted.size)
    for off in OTHER_DAYS:
        out += np.searchsorted(days, wanted + off, "right") - np.searchsorted(days, wanted + off)
    mean = max(float(out.sum()) / max(out.size, 1) / len(OTHER_DAYS), LEAST)
    return np.asarray((out + mean) / (len(OTHER_DAYS) + 1))


def _shares(which: Ints, kind: Ints, expected: Floats, branch: Ints) -> Floats:
    """Chance of each candidate, after EM over the shares of letters, by branch of who signs, whose own paper is of each kind or is
    not there."""
    share = np.full((int(branch.max(initial=0)) + 1, KINDS + 1), 1 / (KINDS + 1))
    cell = branch[which] * KINDS + kind
    chance = np.zeros(which.size)
    for _ in range(ROUNDS):
        weight = share[branch[which], kind] / expected
        total = share[branch, KINDS] + np.bincount(which, weight, branch.size)
        chance = weight / total[which]
        here = np.bincount(cell, chance, share.shape[0] * KINDS).reshape(-1, KINDS)
        gone = np.bincount(branch, share[branch, KINDS] / total, share.shape[0])
        share = np.column_stack([here, gone]) + 0.5
        share /= share.sum(1, keepdims=True)
    return chance
