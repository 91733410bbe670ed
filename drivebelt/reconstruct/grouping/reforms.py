"""Who stood above whom when: an archive lists one superior an office, but a superior may close before those under it.

From the day on which its superior is gone an office stands under that open office of a higher level with which it exchanges most
papers in the year that follows; what the others left behind by the same superior show counts beside its own papers, so that one
paper that skipped a level decides nothing and an office whose papers are lost goes along. Where nothing is left at all, it comes
under whoever stood above the superior.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.columns import stretches

Floats = npt.NDArray[np.float64]
DEEPEST = 16
"""Superiors one above the other at most."""

YEAR = 365
"""Days of papers after a superior is gone that tell who came after it."""
TOGETHER = 5.0
"""Papers' worth that the shares of all offices left behind together count for beside an office's own (assumption, range 2-20)."""
MOST_CHANGES = 64
"""Days of change kept apart at most; where offices close on more days, those after a kept day count from the next one."""


def changes(a: Archive, office: Ints, up: Ints, depth: Ints, root: int) -> tuple[Ints, Ints]:
    """First days (since 1970) of the spans in which the tree stays as it is, and the superior of each node in each span
    [span, node], NONE for the root and for rows that are no office. The first span is the tree as listed."""
    long_ago = np.array([-(2**40)], np.int64)
    node = np.setdiff1d(np.unique(office), [root])
    if not a.papers or not node.size:
        return long_ago, up[None, :].copy()
    opens, closes = np.append(a.valid_from, -(2**40)), np.append(a.valid_to, 2**40)
    first, last = int(a.date[0]), int(a.date[-1])
    days = np.unique(closes[node])
    days = np.r_[first, days[(days > first) & (days <= last)]]
    days = np.unique(np.r_[days[:: -(-days.size // MOST_CHANGES)], days[-1]])
    level = np.append(a.level.code, NONE) + 1
    height = np.bincount(level[node], depth[node], level.max() + 1) / np.maximum(
        np.bincount(level[node], minlength=level.max() + 1), 1
    )
    outlives = np.zeros(root + 1, bool)
    outlives[node] = (closes[up[node]] <= last) & (closes[up[node]] < closes[node])
    low, high, when = _exchanged(a, office, np.append(height[level[:-1]], -1.0), outlives)
    since, ups, now = [long_ago[0]], [up], up.copy()
    for day in days.tolist():
        left = node[(closes[now[node]] <= day) & (closes[node] > day)]
        if not left.size:
            continue
        seen = (when >= day) & (when < day + YEAR) & (opens[high] <= day) & (closes[high] > day)
        now = _moved(left, now, closes, day, low[seen], high[seen])
        since.append(day)
        ups.append(now)
    return np.array(since, np.int64), np.stack(ups)


def _exchanged(a: Archive, office: Ints, height: Floats, outlives: npt.NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Papers between an office that outlives its superior and one of a higher level: the lower, the higher, the day."""
    x, y = office[a.issuer[a.copy_paper]], office[a.copy_to]
    down = height[x] < height[y]
    low, high = np.where(down, y, x), np.where(down, x, y)
    kept = outlives[low] & (height[low] > height[high]) & (height[high] >= 0)
    return low[kept], high[kept], a.date[a.copy_paper[kept]]


def _moved(left: Ints, now: Ints, closes: Ints, day: int, low: Ints, high: Ints) -> Ints:
    """The superiors once those `left` behind have found new ones."""
    out = now.copy()
    wide = now.size
    mark = np.zeros(wide, bool)
    mark[left] = True
    low, high = low[mark[low]], high[mark[low]]
    if low.size:
        own, papers = np.unique(low * wide + high, return_counts=True)
        pooled, at = np.unique(now[own // wide] * wide + own % wide, return_inverse=True)
        together = np.bincount(at, papers).astype(float)
        old, first = np.unique(pooled // wide, return_index=True)
        each = np.diff(np.r_[first, pooled.size])
        share = together / np.repeat(np.add.reduceat(together, first), each)
        # Every office left behind against all that those of its old superior turned to.
        place = np.minimum(np.searchsorted(old, now[left]), old.size - 1)
        heard = old[place] == now[left]
        who, place = left[heard], place[heard]
        rows = stretches(first[place], each[place])
        who = np.repeat(who, each[place])
        key = who * wide + pooled[rows] % wide
        found = np.minimum(np.searchsorted(own, key), own.size - 1)
        score = TOGETHER * share[rows] + np.where(own[found] == key, papers[found], 0)
        order = np.lexsort((key, -score, who))
        who, best = who[order], (key % wide)[order]
        new = np.r_[True, who[1:] != who[:-1]]
        out[who[new]] = best[new]
    for _ in range(DEEPEST):  # nothing left to tell: under whoever stood above the one that is gone
        lost = left[closes[out[left]] <= day]
        out[lost] = out[out[lost]]
    out[left[closes[out[left]] <= day]] = wide - 1
    return out
