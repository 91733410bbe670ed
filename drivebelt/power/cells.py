"""Cells of an area: how many are wanted for its members, how many are founded and merged, how large each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt import records as r
from drivebelt.power.state import Power

if TYPE_CHECKING:
    from drivebelt.desk import Desk

FOUNDING, SIZES = draws.STREAMS["founding"], draws.STREAMS["cells"]
FOUNDED, MERGED = range(2)


def change(
    w: Power, seed: int, month: int, there: npt.NDArray[np.int64], size: npt.NDArray[np.float64], founded: float, merged: float
) -> npt.NDArray[np.int64]:
    """Cells founded and merged in a month, shape (areas, 2); `size[place]`: members at which a further cell is due.

    Where there are too few cells for the members, a share of what is missing is founded; a share of the cells is merged.
    """
    keys = np.arange(there.size)
    luck = draws.uniforms(seed, FOUNDING, keys, month).reshape(there.shape)
    missing = np.maximum(there / size - w.cells, 0.0)
    new = np.where(missing > 0, (missing * founded + luck).astype(np.int64), 0)
    luck = draws.uniforms(seed, FOUNDING, keys, -month).reshape(there.shape)
    gone = np.minimum((w.cells * merged + luck).astype(np.int64), np.maximum(w.cells - 1, 0))
    w.cells[:] += new - gone
    return np.stack([new.sum(axis=1), gone.sum(axis=1)], axis=1)


def measure(k: Desk, w: Power, seed: int, cells: npt.NDArray[Any], there: npt.NDArray[np.int64], spread: float) -> None:
    """Gives each cell that stands in the world as a body its size: the mean of its area and place, spread by a draw of its own."""
    organs = k.organs
    area_of = np.full(organs.size, r.NONE, np.int64)
    area_of[w.areas] = np.arange(w.areas.size)
    above = organs["above"][cells]
    place = (organs["level"][above] == r.VOLOST).astype(np.int64)
    for _ in r.LEVELS:
        above = np.where((area_of[above] == r.NONE) & (above != r.NONE), organs["above"][above], above)
    a = np.where(above != r.NONE, area_of[above], r.NONE)
    z = spread * draws.normals(seed, SIZES, cells.astype(np.int64), 1)
    own = np.maximum(1.0 + z + z * z / 2.0 + z * z * z / 6.0, 0.05)
    mean = there[a, place] / np.maximum(w.cells[a, place], 1)
    w.cell_size[cells] = np.where(a == r.NONE, 0.0, mean * own)
