"""On which day an order was given, with a span: how far the oldest paper that is left may be from the first there was.

Papers of one kind and level stand alike in all orders: an extract comes first, a decree days after it. So the archive shows itself
how far a paper of this kind is behind the first one, in the orders of which both are left. How often the first one is lost follows
from the share of papers left: for each paper seen behind m others there are (1 - s)^m / (1 - (1 - s)^m) that look like the oldest
because all m are lost (the ratio estimator of Horvitz and Thompson). Loss is taken to be independent by paper.
"""

from __future__ import annotations

import numpy as np

from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.grouping.tree import Tree

HOLDS = 0.8
"""Chance with which a span is to hold."""
MOST_DAYS = 90
"""Days beyond which no paper is taken to be behind the first."""
SETTLED = (0.69, 0.03, 0.2, 0.04, 0.02, 0.02)
"""Chance that an order was settled 0, 1, 2 .. days before its first paper, by word of mouth: of the rulebook, counted on a run of
seed 1 and its complete archive; an archive cannot show it. Assumption, range of the first 0.6-1."""
FEW = 5
"""Papers behind others below which those of all kinds of the level are taken."""
MOST_LOST = 0.98
ROUNDS = 3
"""Times that the oldest paper left is itself put behind the first one."""


def origin_spans(a: Archive, t: Tree, g: Groups, kept: Floats, learnt: bool) -> tuple[Ints, Ints, Ints]:
    """Earliest, likeliest (median) and latest day (since 1970) by group; `kept` is the share of papers left by node of the tree,
    `learnt` whether the archive is of the rulebook's mechanism."""
    if not g.number:
        return (np.zeros(0, np.int64),) * 3
    m = g.members
    of = np.repeat(np.arange(g.number), np.diff(g.first))
    day = a.date[m]
    first = day[g.first[:-1]]
    new = np.r_[True, (of[1:] != of[:-1]) | (day[1:] != day[:-1])]
    ahead = np.maximum.accumulate(np.where(new, np.arange(m.size), 0)) - g.first[of]  # papers of an earlier day
    gap = np.minimum(day - first[of], MOST_DAYS)
    office = t.office[a.issuer[m]]
    depth = t.depth[office]
    kind = a.kind.code[m] + 1
    _, place = np.unique(depth * (kind.max() + 1) + kind, return_inverse=True)
    share = kept[office[g.first[:-1]]][of]
    head = place[g.first[:-1]]
    kinds = int(place.max()) + 1
    behind: Floats = np.zeros((kinds, MOST_DAYS + 1))
    behind[:, 0] = 1.0
    for _ in range(ROUNDS):
        so_far = behind
        behind = np.zeros_like(so_far)
        for c in range(kinds):
            mine = place == c
            few = np.count_nonzero(mine & (ahead > 0)) < FEW
            alike = np.flatnonzero(((depth == depth[mine][0]) if few else mine) & (ahead > 0))
            s = float(share[alike].mean()) if alike.size else float(kept[t.root])
            seen = int((mine & (ahead > 0)).sum()), int((mine & (ahead == 0)).sum())
            behind[c] = _behind(gap[alike], ahead[alike], head[of[alike]], s, seen, so_far)
    ends = [_ends(np.convolve(behind[c], SETTLED if learnt else (1.0,))) for c in range(kinds)]
    low, middle, high = np.array(ends, np.int64)[head].T
    return first - high, first - middle, first - low


def _behind(gap: Ints, ahead: Ints, oldest: Ints, s: float, seen: tuple[int, int], behind: Floats) -> Floats:
    """Chances of 0, 1, 2 .. days by which a paper that looks like the oldest is behind the first there was.

    `gap`, `ahead` and `oldest`: days behind, papers ahead, and kind of the oldest, of papers of its kind (or like it) that have
    others ahead; `seen` is how many of its very kind have and have not. `s` is the share left; `behind[kind]` is what is known so
    far of how far the oldest are behind themselves.
    """
    out = np.zeros(MOST_DAYS + 1)
    lost = 0.0
    if gap.size and seen[1]:
        none = (1 - s) ** np.where(ahead == 1, 1.0, ahead / s)  # where one is left one is taken to have been there
        odds = none / (1 - none)
        lost = min(float(odds.mean()) * seen[0] / seen[1], MOST_LOST)
        for b in np.unique(oldest) if odds.sum() > 0 else ():
            of = oldest == b
            days = np.convolve(np.bincount(gap[of], odds[of], MOST_DAYS + 1), behind[b])
            out += lost * days[: MOST_DAYS + 1] / odds.sum()
    out[0] += 1 - lost
    return out / out.sum()


def _ends(chance: Floats) -> tuple[int, int, int]:
    """Ends and middle of the shortest span of days that holds."""
    low, high = _shortest(chance)
    return low, int(np.searchsorted(np.cumsum(chance), 0.5)), high


def _shortest(chance: Floats) -> tuple[int, int]:
    """Ends of the shortest span of days that holds with chance HOLDS, the nearer one among equals."""
    upto = np.r_[0.0, np.cumsum(chance)]
    low = np.arange(chance.size)
    high = np.searchsorted(upto, upto[:-1] + HOLDS - 1e-9) - 1  # last day of the span that begins at `low`
    fits = high < chance.size
    best = int(np.argmin(np.where(fits, high - low, chance.size)))
    return int(low[best]), int(high[best])
