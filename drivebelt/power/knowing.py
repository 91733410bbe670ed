"""Who knows of a matter, and how deep: nothing, the public version, that something is decided, the content, the motive.

The arrays are those of `Power` from `held_matters` to `hearing`. Nothing here gives anybody knowledge by itself: bodies and persons
learn from acts (`learning.note`), members from what bodies near them know, show or read out (`learning.spread`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import records as r
from drivebelt.compilation import INNER

if TYPE_CHECKING:
    from drivebelt.building.builder import Builder

NOTHING, VERSION, DECIDED, CONTENT, MOTIVE = range(5)
"""Depths of knowledge."""
DEPTHS = MOTIVE - 1
"""Depths that a layer of members can reach: the motive is told to persons."""
CITED = 8
"""Bit of a state body whose act named the party: those who receive it know that something was decided elsewhere."""
GROUPS = 5
"""Cohorts of members, and the public."""
PUBLIC = GROUPS - 1
MEMBERS_LAYER, PUBLIC_LAYER = 0, 1
# Marks of a held matter.
ON_PAPER, AGREED, PRINTED, ABROAD, READ_OUT, SHOWN = 1, 2, 4, 8, 16, 32
"""A proposal on paper; agreed in the circle; looked at for the press; printed abroad; read out to delegations; printed at home."""

HELD_ROW = np.dtype(
    [
        ("key", "i8"), ("matter", "i4"), ("central", "i4"), ("opened", "i4"), ("row", "i4"), ("lower", "i4"), ("paper", "i4"),
        ("older", "i4"), ("signed", "i4"), ("heard", "i4"), ("decided", "i4"), ("agreed", "i4"), ("reader", "i4"),
        ("entry", "i1"), ("marks", "i1"), ("kept", "i1"), ("pad", "i1"),
    ]
)  # fmt: skip
"""One matter of which it is kept who knows it. `row`, `lower`: its rows in the arrays of members and of lower bodies; `paper`: the
minutes it stands in (`older`: those before), `entry`: how deep one who reads them comes to know it; `signed`: the minutes of a
sitting whose first matter it was; `heard`, `decided`, `agreed`: acts; `reader`: the
meeting or committee to which it is to be read out; `kept`: for good."""


def empty() -> dict[str, Any]:
    """The arrays without any row, for their types."""
    return _arrays(0, 0, 0, 0, 0, 0)


def _arrays(held: int, rows: int, upper: int, lower: int, named: int, areas: int) -> dict[str, Any]:
    matters = np.zeros(held, HELD_ROW)
    for name in ("matter", "row", "lower", "paper", "older", "signed", "heard", "decided", "agreed", "reader"):
        matters[name] = r.NONE
    spoken = (rows, areas)
    return {
        "held_matters": matters,
        "bodies_know": np.zeros((held, upper), np.int8),
        "lower_know": np.zeros((rows, lower), np.int8),
        "persons_know": np.zeros((held, named), np.int8),
        "tongues": np.zeros(spoken, np.float32),
        "fresh": np.zeros(spoken, np.float32),
        "posted": np.zeros(spoken, np.float32),
        "members_know": np.zeros((rows, areas, GROUPS, DEPTHS), np.float32),
        "layers_told": np.zeros((rows, 2, DEPTHS, 2), np.int32),
        "membership": np.zeros((areas, GROUPS)),
        "information": np.zeros(areas),
        "hearing": np.ones(areas),
    }


def begin(b: Builder, named: int, areas: int) -> dict[str, Any]:
    """Nobody knows anything: no matter is open yet. Rows are added as matters need them."""
    level = np.array([row["level"] for row in b.rows])
    upper = int(np.count_nonzero(level <= r.UEZD))
    return _arrays(64, 64, upper, level.size - upper, named, areas)


def widen(w: Any, which: str, need: int) -> tuple[Any, Any]:
    """The state with so many free rows among the held matters, or in the arrays that `row` or `lower` point to, and their numbers.

    The arrays are doubled where there are too few.
    """
    names = {
        "matter": ("held_matters", "bodies_know", "persons_know"),
        "row": ("tongues", "fresh", "posted", "members_know", "layers_told"),
        "lower": ("lower_know",),
    }[which]
    held = w.held_matters["matter"] != r.NONE
    used = held
    if which != "matter":
        used = np.zeros(getattr(w, names[0]).shape[0], bool)
        rows = w.held_matters[which][held]
        used[rows[rows != r.NONE]] = True
    free = np.flatnonzero(~used)
    size = used.size
    while size - used.size + free.size < need:
        size *= 2
    if size == used.size:
        return w, free[:need]
    more = {}
    for name in names:
        old = getattr(w, name)
        new = _arrays(size, 0, 0, 0, 0, 0)[name] if name == "held_matters" else np.zeros((size, *old.shape[1:]), old.dtype)
        new[: used.size] = old
        more[name] = new
    return w.replaced(**more), np.append(free, np.arange(used.size, size))[:need]


@njit(**INNER)
def row_of(w, matter):
    """Row of a held matter, or NONE."""
    for i in range(w.held_matters.size):
        if w.held_matters[i].matter == matter:
            return i
    return r.NONE
