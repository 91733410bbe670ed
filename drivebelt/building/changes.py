"""Who takes over from each closed body, and what changes in the tree on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drivebelt import records as r
from drivebelt.building.beside import top_of
from drivebelt.territory import Territory, territories
from drivebelt.world.parts import Reform

if TYPE_CHECKING:
    from drivebelt.building.builder import Builder


def heirs_and_reforms(b: Builder) -> list[Reform]:
    """Who takes over from each closed body, and what changes in the tree on which day."""
    changes: dict[int, Reform] = {}
    known = territories()
    for (territory, branch), organs in b.of_territory.items():
        successor = known[territory].successor
        heirs = b.of_territory.get((successor, branch)) if successor else None
        for i, organ in enumerate(organs):
            row = b.rows[organ]
            if heirs:
                row["heir"] = heirs[min(i, len(heirs) - 1)]
            later = b.rows[row["above"]] if row["above"] != r.NONE else row
            if later["opens"] > row["opens"]:
                _until_it_opens(b, organ, known[territory], branch, changes)
            if 0 < row["opens"] < b.days:
                changes.setdefault(row["opens"], Reform(row["opens"])).opened.append(organ)
            if row["closes"] < b.days:
                changes.setdefault(row["closes"], Reform(row["closes"])).closed.append(organ)
        for on, parent in known[territory].parents[1:]:
            day = b.day(on)
            if 0 < day < b.days:
                for organ in organs:
                    top = top_of(branch)
                    changes.setdefault(day, Reform(day)).moved.append((organ, b.over(parent, branch, top)))
    above = np.array([row["above"] for row in b.rows])
    closes = np.array([row["closes"] for row in b.rows])
    for day in sorted(changes):
        for organ in changes[day].closed:
            heir = b.rows[organ]["heir"]
            while heir != r.NONE and closes[heir] <= day:
                heir = b.rows[heir]["heir"]
            if heir == r.NONE:
                heir = int(above[organ])
            for child in np.flatnonzero((above == organ) & (closes > day)):
                if int(child) != heir:
                    changes[day].moved.append((int(child), int(heir)))
        for organ, new in changes[day].moved:
            above[organ] = new
    return [changes[day] for day in sorted(changes)]


def _until_it_opens(b: Builder, organ: int, t: Territory, branch: int, changes: dict[int, Reform]) -> None:
    """A body whose parent is not there yet stands under the next above until the parent opens."""
    row = b.rows[organ]
    opening = b.rows[row["above"]]["opens"]
    if opening < b.days:
        changes.setdefault(opening, Reform(opening)).moved.append((organ, row["above"]))
    parent = territories()[t.parent_at(max(b.start, t.valid_from))]
    row["above"] = b.over(parent.parents[0][1], branch, top_of(branch))
