"""Cells: small and everywhere. They are founded where members work, may be merged until the circular of March 1923, and large ones
divide into cells of workshops under the bureau of the plant.

A cell that stands in the world as a body has a size, its share of the members of its area; where more than so many belong to it,
its secretary is paid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power.cells import MERGED, change, measure
from drivebelt.power.counting import FULL_TIME, TOWN_CELLS
from drivebelt.power.masses import by_place

if TYPE_CHECKING:
    from drivebelt.world import World

CALENDAR, COUNT, FOUND, MERGE = (r.ACT[name] for name in ("calendar", "count-members", "found-cell", "merge-cells"))


def step(w: World, day: int, p: Any) -> None:
    """On the first day of a month, and on the first of the run, cells are measured; each month some are founded or merged."""
    first = w.desk.count[d.MONTH_DAY] == 1
    if day and not first:
        return
    power, cells = w.power, w.groups["cells"]
    there = by_place(power)
    measure(w.desk, power, w.seed, cells, there, p.spread)
    if not first:
        return
    paid = np.mean(power.cell_size[cells] > p.paid_over) if p.paid_over > 0 and cells.size else 0.0
    no, total = r.NONE, power.cells.sum(axis=0)
    w.room(acts=there.size + len(r.PLACES) + 2, matters=len(r.PLACES) + 2)
    about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("cells", 0), no, r.CC, no)
    root = d.act(w.desk, day, CALENDAR, about, no, no, r.CC, no, no, no, no, no, r.OPEN, no, no, 1)
    for kind, n in enumerate([*total.tolist(), int(paid * total.sum())], start=TOWN_CELLS):
        counted = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("count", kind), no, r.CC, no)
        d.act(w.desk, day, COUNT, counted, no, no, r.UCHRASPRED, no, r.CC, no, no, no, r.FOR_SERVICE, root, n, 1)
    size = p.due_at.copy()
    if not p.shops:  # a large plant has one cell
        size[0] = p.size_of_plant
    merged = p.merged * (p.merged_under_ban if p.no_merging > 0 else 1.0)
    founded = p.founded_by_rule if p.everywhere > 0 else p.founded
    changed = change(power, w.seed, w.month_index(day), there, size, founded, merged)
    for a, what in np.argwhere(changed > 0).tolist():
        kind, organ = MERGE if what == MERGED else FOUND, int(power.areas[a])
        d.act(w.desk, day, kind, about, no, no, organ, no, organ, no, no, no, r.OPEN, root, int(changed[a, what]), 1)


assert TOWN_CELLS + len(r.PLACES) == FULL_TIME  # the counts follow one another
MECHANISM = Mechanism(
    name="cells",
    phase="members",
    about="Cells are founded where members work, merged while that is allowed, and divide as they grow; each has a size.",
    section="I.3",
    emits=("calendar", "count-members", "found-cell", "merge-cells"),
    step=step,
    reads={
        "due_at": "members_of_a_cell[places]",
        "size_of_plant": "members_of_a_plant_cell",
        "everywhere": "cells_at_all_enterprises",
        "founded": "cells_founded_a_month",
        "founded_by_rule": "cells_founded_under_the_rule",
        "shops": "cell_hierarchy_shop_to_plant",
        "merged": "cells_merged_a_month",
        "no_merging": "merger_of_cells_exceptional",
        "merged_under_ban": "mergers_under_the_ban",
        "spread": "spread_of_cell_sizes",
        "paid_over": "freed_cell_posts_1922.min_cell_members",
    },
)
