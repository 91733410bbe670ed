"""Which papers carry an order down, and which a body writes about itself.

The rulebook knows the kinds that go upward, stay in the house or only serve the traffic of papers: reports, returns, summaries,
minutes, replies, reminders that a lent paper is overdue. Of other kinds the addressees decide where enough copies survive: a kind
that a level sends to bodies above it carries no order. Only papers that act are grouped; the others name their own author, whoever
made him write.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.archive import Archive
from drivebelt.reconstruct.grouping.tree import Tree

OWN_KINDS = (
    "report", "return", "summary", "query", "reply", "proposal", "minutes", "protocol", "reminder", "burning-act", "notice",
)  # fmt: skip
"""Kinds whose author is the body that signs, wherever they are sent: minutes and reminders go down and yet order nothing."""
UPWARD_BELOW_CENTRE = ("closed-letter",)
"""Kinds that bodies below the Centre send upward: the monthly closed letters of secretaries."""
DECISIONS = ("extract", "special-sheet")
"""Kinds that name the body of the Centre in whose sitting a decision was taken."""
ENOUGH = 30
"""Copies of a kind and level from which addressees decide its direction."""


def acting(a: Archive, t: Tree) -> npt.NDArray[np.bool_]:
    """For each paper whether it carries an order."""
    if not a.papers:
        return np.zeros(0, bool)
    depth = t.depth[t.office[a.issuer]]
    always = a.kind.among(OWN_KINDS)
    own = a.kind.among(UPWARD_BELOW_CENTRE) & (depth > 0)
    deepest = int(t.depth.max()) + 1
    sort = (a.kind.code + 1) * deepest + depth
    fall = t.depth[t.office[a.copy_to]] - depth[a.copy_paper]
    size = int(sort.max()) + 1
    down = np.bincount(sort[a.copy_paper], fall > 0, size)[sort]
    up = np.bincount(sort[a.copy_paper], fall < 0, size)[sort]
    return ~(always | np.where(up + down >= ENOUGH, up > down, own))
