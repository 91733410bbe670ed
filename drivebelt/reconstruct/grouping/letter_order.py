"""Which decisions of a day a letter can carry out, by the order of numbers and by grade.

Letters and extracts are written when the minutes are worked off, point by point: of one day, letters of one register stand in the
order in which their decisions stand in theirs. How far that holds, and which grades of letters go with which grades of decisions,
is seen where a letter and its decision are already together; where it does not hold nothing is concluded from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.columns import stretches

ENOUGH = 30
"""Known pairs from which an order or a rule of grades is believed."""
HOLDS = 0.99
"""Share of neighbouring known pairs that must stand in order for the order to be used."""
RARE = 0.005
"""Share of decisions of a grade below which letters of another grade do not go with them."""
_NUMBERS = np.int64(1) << 32


@dataclass
class Known:
    """What is known: papers (`rows` of the archive, `parent` the group of each), which of them (places in `rows`) are `decisions`
    and which are `letters` that stand in one group with a decision."""

    archive: Archive
    rows: Ints
    parent: Ints
    decisions: Ints
    letters: Ints

    @cached_property
    def pairs(self) -> tuple[Ints, Ints]:
        """Letters and decisions of one group and day."""
        return _entries(self, self.letters, self.parent[self.letters])[:2]

    @cached_property
    def ordered(self) -> bool:
        """Whether known letters of a day stand in the order of their decisions."""
        letter, entry = self.pairs
        number = self.archive.number[self.rows]
        _, book = np.unique(_books(self, letter, entry), axis=1, return_inverse=True)
        order = np.lexsort((number[entry], number[letter], book))
        book, n, e = book[order], number[letter][order], number[entry][order]
        after = (book[1:] == book[:-1]) & (n[1:] != n[:-1])
        return bool(np.count_nonzero(after) >= ENOUGH and (e[1:] >= e[:-1])[after].mean() >= HOLDS)


def fitting(d: Known, letter: Ints, group: Ints) -> npt.NDArray[np.bool_]:
    """For each pair of a `letter` (place in rows) and a `group` with a decision of its day, whether order and grade allow it."""
    mine, entry, of = _entries(d, letter, group)
    allowed = np.ones(letter.size, bool)
    np.logical_and.at(allowed, of, _in_order(d, mine, entry))
    graded = np.zeros(letter.size, bool)
    np.logical_or.at(graded, of, _by_grade(d, mine, entry))
    return allowed & graded


def in_step(d: Known, key: Ints, letter: Ints, group: Ints, fits: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which candidates go together because letters of one register are as many as the decisions of one register that fit any of
    them, all on one subject and day (`key`): the first to the first and so on."""
    out = np.zeros(letter.size, bool)
    if not d.ordered:
        return out
    a, rows = d.archive, d.rows
    _, entry, of = _entries(d, letter, group)
    order = np.lexsort((a.number[rows[entry]], a.series[rows[entry]], of))
    first = order[np.r_[True, of[order][1:] != of[order][:-1]][: order.size]]
    book, number = np.full(letter.size, NONE), np.full(letter.size, NONE)
    book[of[first]], number[of[first]] = a.series[rows[entry[first]]], a.number[rows[entry[first]]]
    at = np.flatnonzero(fits)
    at = at[np.argsort(key[at], kind="stable")]
    for some in np.split(at, np.flatnonzero(np.diff(key[at])) + 1):
        letters, one = np.unique(letter[some]), np.unique(group[some], return_index=True)[1]
        decisions, books = some[one], np.r_[np.unique(book[some]), np.unique(a.series[rows[letters]])]
        if letters.size < 2 or letters.size != decisions.size or books.size != 2 or books.min() < 0:
            continue
        letters = letters[np.argsort(a.number[rows[letters]], kind="stable")]
        decisions = decisions[np.argsort(number[decisions], kind="stable")]
        partner = dict(zip(letters.tolist(), group[decisions].tolist(), strict=True))
        out[some] = [partner[int(x)] == int(g) for x, g in zip(letter[some], group[some], strict=True)]
    return out


def _entries(d: Known, letter: Ints, group: Ints) -> tuple[Ints, Ints, Ints]:
    """Each letter against every decision of its day in a group: letter and decision (places in rows), and the row of the input."""
    day = d.archive.date[d.rows] - d.archive.date[d.rows].min()
    key = d.parent * (int(day.max()) + 1) + day
    order = d.decisions[np.argsort(key[d.decisions], kind="stable")]
    want = group * (int(day.max()) + 1) + day[letter]
    low, high = np.searchsorted(key[order], want), np.searchsorted(key[order], want, "right")
    each = high - low
    of = np.repeat(np.arange(letter.size), each)
    return letter[of], order[stretches(low, each)], of


def _in_order(d: Known, letter: Ints, entry: Ints) -> npt.NDArray[np.bool_]:
    """Whether a letter and a decision stand between the same known pairs of their registers and day."""
    if not d.ordered:
        return np.ones(letter.size, bool)
    a, rows = d.archive, d.rows
    number = a.number[rows]
    _, book = np.unique(
        np.concatenate([_books(d, d.pairs[0], d.pairs[1]), _books(d, letter, entry)], 1), axis=1, return_inverse=True
    )
    mine, theirs = book[d.pairs[0].size :], book[: d.pairs[0].size]
    order = np.lexsort((number[d.pairs[1]], number[d.pairs[0]], theirs))
    at, n, e = theirs[order], number[d.pairs[0]][order], number[d.pairs[1]][order]
    key, want = at * _NUMBERS + n, mine * _NUMBERS + number[letter]
    low, high = np.searchsorted(key, want) - 1, np.searchsorted(key, want, "right")
    before, behind = np.maximum(low, 0), np.minimum(high, key.size - 1)
    unnumbered = (_books(d, letter, entry)[1:] < 0).any(0) | (number[letter] < 0) | (number[entry] < 0)
    return unnumbered | (
        ((low < 0) | (at[before] != mine) | (e[before] <= number[entry]))
        & ((high == key.size) | (at[behind] != mine) | (e[behind] >= number[entry]))
    )


def _books(d: Known, letter: Ints, entry: Ints) -> Ints:
    """Day and register of the letter, register of the decision."""
    a, rows = d.archive, d.rows
    return np.stack([a.date[rows][letter], a.series[rows][letter], a.series[rows][entry]])


def _by_grade(d: Known, letter: Ints, entry: Ints) -> npt.NDArray[np.bool_]:
    """Whether letters of this grade go with decisions of that one."""
    grade = d.archive.grade.code[d.rows] + 1
    wide = int(grade.max(initial=0)) + 1
    table = np.bincount(grade[d.pairs[0]] * wide + grade[d.pairs[1]], minlength=wide * wide).reshape(wide, wide)
    of_decision = table.sum(0)
    possible = (table >= RARE * of_decision) | (of_decision < ENOUGH)
    return np.asarray(possible[grade[letter], grade[entry]], bool)
