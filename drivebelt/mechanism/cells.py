"""Cells: small and everywhere. They are founded where members work, may be merged until the circular of March 1923, and large ones
divide into cells of workshops under the bureau of the plant.

A cell that stands in the world as a body has a size, its share of the members of its area; where more than so many belong to it,
its secretary is paid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power.counting import FULL_TIME, TOWN_CELLS
from drivebelt.power.masses import by_place

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM, SIZES = draws.STREAMS["founding"], draws.STREAMS["cells"]
CALENDAR, COUNT, FOUND, MERGE = (r.ACT[name] for name in ("calendar", "count-members", "found-cell", "merge-cells"))


@njit(cache=True)
def change(w, seed, month, there, everywhere, shops, merging, p):
    """Cells founded and merged this month, shape (areas, places, 2).

    Too few cells for the members of an area: a share of what is missing is founded, more where the rule wants a cell at every
    enterprise; before workshops have cells of their own, a large plant has one.
    """
    out = np.zeros((there.shape[0], there.shape[1], 2), np.int64)
    for a in range(there.shape[0]):
        for place in range(there.shape[1]):
            wanted = there[a, place] / (p.size[place] if shops or place else p.size_of_plant)
            luck = draws.uniform(seed, STREAM, draws.key(a, place), month)
            n = int(max(0.0, wanted - w.cells[a, place]) * (p.founded_by_rule if everywhere else p.founded) + luck)
            if wanted > w.cells[a, place] and there[a, place] > 0:
                out[a, place, 0] = n
            merged = int(w.cells[a, place] * merging + draws.uniform(seed, STREAM, draws.key(a, place), -month))
            out[a, place, 1] = min(merged, max(w.cells[a, place] - 1, 0))
            w.cells[a, place] += out[a, place, 0] - out[a, place, 1]
    return out


@njit(cache=True)
def measure(k, w, seed, cells, there, place_of_area, spread, over):
    """Gives each cell in the world its size, and returns how many of them have more members than `over`."""
    above = 0
    for c in cells:
        o = k.organs[c]
        place = 1 if k.organs[o.above].level == r.VOLOST else 0
        up = o.above
        while up != r.NONE and place_of_area[up] == r.NONE:
            up = k.organs[up].above
        if up == r.NONE:
            continue
        a = place_of_area[up]
        size = there[a, place] / max(w.cells[a, place], 1) * draws.spread(seed, SIZES, c, 1, spread)
        w.cell_size[c] = size
        above += size > over
    return above


def step(w: World, day: int, p: Any) -> None:
    """On the first day of a month, and on the first of the run, cells are measured; each month some are founded or merged."""
    first = w.desk.count[d.MONTH_DAY] == 1
    if day and not first:
        return
    power = w.power
    there = by_place(power)
    area_of = np.full(len(w.organs), r.NONE, np.int32)
    area_of[power.areas] = np.arange(power.areas.size)
    cells = w.groups["cells"]
    over = p.paid_over if p.paid_over > 0 else np.inf
    paid = measure(w.desk, power, w.seed, cells, there, area_of, p.spread, over) / max(cells.size, 1)
    if not first:
        return
    no, total = r.NONE, power.cells.sum(axis=0)
    w.room(acts=there.size + there.size + len(r.PLACES) + 1 + 1, matters=1 + 1 + len(r.PLACES))
    about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("cells", 0), no, r.CC, no)
    root = d.act(w.desk, day, CALENDAR, about, no, no, r.CC, no, no, no, no, no, r.OPEN, no, no, 1)
    for kind, n in enumerate([*total, int(paid * total.sum())], start=TOWN_CELLS):
        counted = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("count", kind), no, r.CC, no)
        d.act(w.desk, day, COUNT, counted, no, no, r.UCHRASPRED, no, r.CC, no, no, no, r.FOR_SERVICE, root, int(n), 1)
    merging = p.merged * (p.merged_under_ban if p.no_merging > 0 else 1.0)
    changed = change(power, w.seed, w.month_index(day), there, p.everywhere > 0, p.shops > 0, merging, p).sum(axis=1)
    for a, what in np.argwhere(changed > 0):
        organ = int(power.areas[a])
        d.act(
            w.desk,
            day,
            MERGE if what else FOUND,
            about,
            no,
            no,
            organ,
            no,
            organ,
            no,
            no,
            no,
            r.OPEN,
            root,
            int(changed[a, what]),
            1,
        )


assert TOWN_CELLS + len(r.PLACES) == FULL_TIME
MECHANISM = Mechanism(
    name="cells",
    phase="members",
    about="Cells are founded where members work, merged while that is allowed, and divide as they grow; each has a size.",
    section="I.3",
    emits=("calendar", "count-members", "found-cell", "merge-cells"),
    step=step,
    reads={
        "size": "members_of_a_cell[places]",
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
