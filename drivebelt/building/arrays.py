"""The bodies as arrays: traits drawn, distances measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt import records as r
from drivebelt.desk import aligned
from drivebelt.territory import MOSCOW, great_circle_km, territories

if TYPE_CHECKING:
    from drivebelt.building.builder import Builder


def array(b: Builder) -> npt.NDArray[np.void]:
    """The bodies as the desk holds them, with traits drawn and distances measured."""
    organs = aligned(len(b.rows), r.ORGAN_ROW)
    for name in ("above", "soviet", "opens", "closes", "heir", "level", "branch", "own_rail", "own_road"):
        organs[name] = [row[name] for row in b.rows]
    organs["territory"] = [row["place"] for row in b.rows]
    organs["head"] = r.NONE
    low, high = b.value("trait_low"), b.value("trait_high")
    everyone = np.arange(organs.size)
    for salt, trait in enumerate(("zeal", "caution", "competence", "roots")):
        organs[trait] = low[trait] + (high[trait] - low[trait]) * draws.fractions(b.seed, "traits", everyone, salt)
    organs["sitting"] = (6 * draws.fractions(b.seed, "traits", everyone, 4)).astype(np.int8)
    lag = b.value("report_lag_by_level")
    organs["level_lag"] = np.array([int(lag[level]) for level in r.LEVELS])[organs["level"]]
    _measure(b, organs)
    return organs


def _measure(b: Builder, organs: npt.NDArray[np.void]) -> None:
    """The way from each seat to the one above: by rail between railheads, by road beyond them."""
    known = territories()
    circuity = b.value("rail_circuity")
    for i, row in enumerate(b.rows):
        if row["territory"] is None or row["level"] >= r.VOLOST:
            continue
        t = known[row["territory"]]
        above = b.rows[row["above"]] if row["above"] != r.NONE else {"territory": None}
        up = known[above["territory"]] if above["territory"] else None
        seat = (up.lat, up.lon) if up else MOSCOW
        way = great_circle_km((t.lat, t.lon), seat) * circuity
        road = min(way, t.railhead_km + (up.railhead_km if up else 0.0))
        organs[i]["own_rail"], organs[i]["own_road"] = way - road, road
