"""The tree of bodies: who stands under whom, and to which area each belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from numba import njit

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.compilation import STEP

if TYPE_CHECKING:
    from drivebelt.world import World


def areas_of_bodies(w: World) -> npt.NDArray[np.int16]:
    """Index of the area to which each body belongs; bodies of the Centre sit in Moscow."""
    organs, areas = w.desk.organs, w.power.areas
    index = np.full(int(organs["territory"].max()) + 1, 0, np.int16)
    index[organs["territory"][areas]] = np.arange(areas.size)
    moscow = w.scenario.committee_of.get("moscow", int(areas[0]))
    of = np.full(organs.size, index[organs["territory"][moscow]], np.int16)
    for level in range(r.REGION, r.CELL + 1):
        here = np.flatnonzero(organs["level"] == level)
        own = level <= r.GUBERNIA
        of[here] = index[organs["territory"][here]] if own else of[organs["above"][here]]
    return of


def children(organs: npt.NDArray[np.void], which: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """The chosen bodies ordered by the body above them: starts, and the bodies themselves."""
    chosen = np.flatnonzero(which)
    chosen = chosen[np.argsort(organs["above"][chosen], kind="stable")].astype(np.int32)
    start = np.searchsorted(organs["above"][chosen], np.arange(organs.size + 1)).astype(np.int32)
    return {"child_start": start, "children": chosen}


def share_of_centre(
    start: npt.NDArray[np.int32], under: npt.NDArray[np.int32], organs: npt.NDArray[np.void]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Lets every state body of the Centre address the executive committees that stand under the VTsIK."""
    centre = organs["level"] == r.CENTRE
    sizes = np.where(centre, start[r.VTSIK + 1] - start[r.VTSIK], np.diff(start))
    first = np.append(0, np.cumsum(sizes))
    taken_from = np.repeat(np.where(centre, start[r.VTSIK], start[:-1]) - first[:-1], sizes) + np.arange(first[-1])
    return first.astype(np.int32), under[taken_from]


@njit(**STEP)
def state_listed(k, state_start, day):
    """State organs that would get a copy of the decrees due on a day."""
    total = 0
    for i in range(d.look(k, d.SOVIET_ORDER, day)):
        organ = k.pool[k.today[i]].organ
        mask = k.organs[organ].soviet if k.organs[organ].level > r.CENTRE else organ
        total += state_start[mask + 1] - state_start[mask]
    return total


@njit(**STEP)
def hand_over(k, day):
    """Papers in the hands of closed bodies go to those that take over from them."""
    for slot in range(k.pool.shape[0]):
        s = k.pool[slot]
        if s.life != r.NONE:
            while k.organs[s.organ].closes <= day and k.organs[s.organ].heir != r.NONE:
                s.organ = k.organs[s.organ].heir
