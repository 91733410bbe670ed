"""Groups: which papers carry out the same order.

Links by wording (links.py), citations and dossiers join papers; a second round lets what is left over join a group whose common
wording, the majority of each bit, is near although no single member is. A group is numbered by its oldest paper.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from drivebelt.compilation import KERNEL
from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.grouping import links
from drivebelt.reconstruct.grouping.from_above import from_above
from drivebelt.reconstruct.grouping.links import Rates, bits_apart, root_of
from drivebelt.reconstruct.grouping.same_day import same_day
from drivebelt.reconstruct.grouping.tree import Tree

WIDEST_DOSSIER = 40
"""Acting papers of one body in one dossier beyond which the dossier is a whole file and says nothing of a single order."""
SECOND_ROUNDS = 2
CORE = 3
"""Members from which a group has a wording of its own to compare with."""
FORM = 3
"""Subjects under which one and the same wording stands from which it is a form, filled in for any order."""
FALSE_JOINS = 1e-4
"""Expected share of papers that a round may join by chance."""
CHANCE = 0.5
"""Chance links expected in the whole archive, up to which any two sets are joined; with orders of thousands of papers side by side
(pairs of strangers grow with the square of their number) one chance link would make one group of two."""
LARGE = 20
"""Papers from which two sets are joined by their common wording only."""


@dataclass
class Groups:
    """`of[paper]` is the group of each acting paper, -1 for others; groups count from 0 in order of their oldest paper.

    `members` holds papers by group, `first[g]` to `first[g + 1]` those of group g, in order of date. `by` counts joins by what made
    them: wording, citation, dossier, second round.
    """

    of: Ints
    first: Ints
    members: Ints
    rates: Rates
    by: dict[str, int]

    @property
    def number(self) -> int:
        """How many groups."""
        return self.first.size - 1


def group(a: Archive, t: Tree, acts: npt.NDArray[np.bool_]) -> Groups:
    """Groups of the acting papers of an archive."""
    rows = np.flatnonzero(acts)
    block = a.subject.code[rows] * (len(a.domain.names) + 1) + a.domain.code[rows] + 1
    order = np.lexsort((rows, a.date[rows], block))
    rows, block = rows[order], block[order]
    date, wording, office = a.date[rows], _texts(a.wording[rows], a.subject.code[rows]), t.office[a.issuer[rows]]
    rates = links.estimate(block, date, wording, office, t.up, t.depth)
    parent = np.arange(rows.size)
    by: dict[str, int] = {}

    def note(name: str) -> None:
        heads = sum(by.values())
        by[name] = int(np.count_nonzero(parent != np.arange(rows.size))) - heads

    rates.linked[:, :, _limit(rates, rates.pairs, FALSE_JOINS * rows.size) + 1 :] = False
    # First what can hardly be chance anywhere in the archive; then what may be here and there, but not between two whole groups.
    for most, large in ((_limit(rates, rates.pairs, CHANCE), 0), (rates.most, LARGE)):
        if most >= 0:
            links.link(
                block, date, wording, office, t.up, t.depth, links.WINDOW, links.lag_classes(), rates.linked, most, large, parent
            )  # fmt: skip
    note("wording")
    _pairs(parent, *citations(a, rows))
    note("citation")
    _pairs(parent, *dossiers(a, rows))
    note("dossier")
    for _ in range(SECOND_ROUNDS):
        _flatten(parent)
        common, last, head = commons(date, wording, parent)
        compared = int(leftover(block, date, common, last, head, parent, links.WINDOW, -1))
        leftover(block, date, common, last, head, parent, links.WINDOW, _limit(rates, compared, FALSE_JOINS * rows.size))
    note("second round")
    _flatten(parent)
    _pairs(parent, *from_above(t, block, date, wording, office, parent, rates.strangers))
    _flatten(parent)
    note("from above")
    for found in same_day(a, t, rows, block, parent):
        _pairs(parent, *found)
        _flatten(parent)
    note("same day")
    return numbered(a.papers, rows, parent, rates, by)


def _texts(wording: npt.NDArray[np.uint64], subject: Ints) -> npt.NDArray[np.uint64]:
    """Wordings, 0 for forms: likeness of forms says nothing of a common order, and one form would join all orders of a subject."""
    order = np.lexsort((subject, wording))
    w, s = wording[order], subject[order]
    new = np.r_[True, w[1:] != w[:-1]][: w.size]
    under = np.r_[True, (s[1:] != s[:-1])][: w.size] | new
    subjects = np.bincount(np.cumsum(new) - 1, under)
    text = wording.copy()
    text[order[subjects[np.cumsum(new) - 1] >= FORM]] = 0
    return text


def _limit(rates: Rates, compared: int, joins: float) -> int:
    """Bits within which that many comparisons of strangers make at most so many joins by chance."""
    return int(np.searchsorted(np.cumsum(rates.strangers) * max(compared, 1), joins)) - 1


def citations(a: Archive, rows: Ints) -> tuple[Ints, Ints]:
    """Pairs (place in rows) of a paper and the one it cites, or of two that cite the same lost paper.

    A lost paper that is cited under several subjects is no order: special sheets cite the minutes of the sitting.
    """
    place = np.full(a.papers + 1, -1, np.int64)
    place[rows] = np.arange(rows.size)
    cited = place[a.parent[rows]]
    mine = np.flatnonzero(cited >= 0)
    lost = np.flatnonzero((a.parent[rows] < 0) & (a.cites[rows] >= 0))
    lost = lost[np.argsort(a.cites[rows][lost], kind="stable")]
    _, first, of = np.unique(a.cites[rows][lost], return_index=True, return_inverse=True)
    subject = a.subject.code[rows][lost]
    if lost.size:
        lost = lost[(np.minimum.reduceat(subject, first) == np.maximum.reduceat(subject, first))[of]]
    same = np.flatnonzero(a.cites[rows][lost[1:]] == a.cites[rows][lost[:-1]])
    return np.concatenate([mine, lost[1:][same]]), np.concatenate([cited[mine], lost[:-1][same]])


def dossiers(a: Archive, rows: Ints) -> tuple[Ints, Ints]:
    """Pairs of papers that one body keeps in one dossier."""
    key = np.lexsort((rows, a.issuer[rows], a.dossier[rows]))
    d, i = a.dossier[rows][key], a.issuer[rows][key]
    new = np.r_[True, (d[1:] != d[:-1]) | (i[1:] != i[:-1])][: key.size]
    run = np.cumsum(new) - 1
    size = np.bincount(run)[run] if key.size else run
    fit = np.flatnonzero(~new & (d >= 0) & (size <= WIDEST_DOSSIER))
    return key[fit], key[fit - 1]


@njit(**KERNEL)
def _pairs(parent, left, right):
    for k in range(left.size):
        links.join(parent, left[k], right[k])


@njit(**KERNEL)
def _flatten(parent):
    for i in range(parent.size):
        parent[i] = root_of(parent, i)


@njit(**KERNEL)
def commons(date, wording, parent):
    """For each group (by its head in `parent`, which must be flat): common wording, last day, and the heads in order.

    From CORE members the common wording is the majority of each bit; below that it is the wording of the oldest.
    """
    n = parent.size
    number = np.full(n, -1, np.int64)
    size = np.zeros(n, np.int64)
    groups = 0
    for i in range(n):
        size[parent[i]] += 1
        if parent[i] == i:
            number[i] = groups
            groups += 1
    ones = np.zeros((groups, 64), np.int32)
    texts = np.zeros(groups, np.int64)
    last = np.zeros(groups, np.int64)
    head = np.zeros(groups, np.int64)
    common = np.zeros(groups, np.uint64)
    for i in range(n):
        g = number[parent[i]]
        if parent[i] == i:
            head[g], last[g], common[g] = i, date[i], wording[i]
        last[g] = max(last[g], date[i])
        if size[parent[i]] >= CORE and wording[i] != np.uint64(0):
            texts[g] += 1
            for b in range(64):
                ones[g, b] += np.int32((wording[i] >> np.uint64(b)) & np.uint64(1))
    for g in range(groups):
        if size[head[g]] >= CORE:
            common[g] = np.uint64(0)
            for b in range(64):
                if 2 * ones[g, b] > texts[g]:
                    common[g] |= np.uint64(1) << np.uint64(b)
    return common, last, head


@njit(**KERNEL)
def leftover(block, date, common, last, head, parent, window, limit):
    """Lets each group join the large one of its subject and time whose common wording is nearest, within `limit` bits.

    Returns the number of comparisons; a `limit` below 0 only counts them.
    """
    n = block.size
    size = np.zeros(n, np.int64)
    for i in range(n):
        size[parent[i]] += 1
    groups = head.size
    large = np.zeros(groups, np.int64)
    many = 0
    for g in range(groups):
        if size[head[g]] >= CORE:
            large[many] = g
            many += 1
    low, compared = 0, 0
    for g in range(groups):
        i = head[g]
        if common[g] == np.uint64(0):
            continue
        while low < many and block[head[large[low]]] < block[i]:
            low += 1
        best, at = limit + 1, -1
        for k in range(low, many):
            other = large[k]
            h = head[other]
            if block[h] != block[i] or date[h] - last[g] > window:
                break
            if date[i] - last[other] > window or other == g or size[i] > size[h] or (size[i] == size[h] and g < other):
                continue
            compared += 1
            apart = bits_apart(common[other], common[g])
            if apart < best:
                best, at = apart, h
        if at >= 0 and limit >= 0:
            links.join(parent, i, at)
    return compared


def numbered(papers: int, rows: Ints, parent: Ints, rates: Rates, by: dict[str, int]) -> Groups:
    """Groups numbered by their oldest paper, from the set (`parent`, any number) of each of the papers `rows`."""
    _, of_set = np.unique(parent, return_inverse=True)
    oldest = np.full(int(of_set.max(initial=-1)) + 1, papers, np.int64)
    np.minimum.at(oldest, of_set, rows)
    _, of_row = np.unique(oldest[of_set], return_inverse=True)
    of = np.full(papers, -1, np.int64)
    of[rows] = of_row
    members = rows[np.lexsort((rows, of_row))]
    first = np.searchsorted(of[members], np.arange(oldest.size + 1)).astype(np.int64)
    return Groups(of, first, members, rates, by)


def merged(g: Groups, into: Ints, name: str) -> Groups:
    """Groups after each went `into` another (its own number: none), counted as joins by `name`."""
    joins = int(np.count_nonzero(into != np.arange(g.number)))
    return numbered(g.of.size, g.members, into[g.of[g.members]], g.rates, g.by | {name: joins})
