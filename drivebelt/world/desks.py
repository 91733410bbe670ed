"""An empty desk for the bodies of a world, and the same desk with more room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from drivebelt import desk as d
from drivebelt import records as r

if TYPE_CHECKING:
    from drivebelt.desk import Desk


def new_desk(organs: npt.NDArray[np.void], days: int, slots: int) -> Desk:
    """An empty desk for a world of these bodies."""
    from drivebelt.running.log import CHUNK

    count = np.zeros(d.COUNTERS, np.int64)
    count[d.FREE_TOP] = slots
    count[d.YEAR], count[d.FREE_BLOCK] = r.NONE, r.NONE
    pool = d.aligned(slots, d.SLOT)
    pool["life"] = r.NONE
    return d.Desk(
        acts=np.zeros(CHUNK, r.ACT_ROW),
        documents=np.zeros(CHUNK, r.DOCUMENT_ROW),
        copies=np.zeros(CHUNK, r.COPY_ROW),
        matters=np.zeros(CHUNK, r.MATTER_ROW),
        pool=pool,
        free=np.arange(slots - 1, -1, -1, dtype=np.int32),
        heads=np.full((len(d.QUEUES), days + 2), r.NONE, np.int32),
        emptied=np.full(len(d.QUEUES), r.NONE, np.int32),
        blocks=d.blocks_for(slots, len(d.QUEUES) * (days + 2)),
        today=np.zeros(slots, np.int32),
        organs=organs,
        child_start=np.zeros(organs.size + 1, np.int32),
        children=np.zeros(0, np.int32),
        registers=np.zeros((organs.size, len(r.REGISTERS)), np.int32),
        central=np.zeros(64, r.CENTRAL_ROW),
        count=count,
    )


def more_slots(k: Desk, need: int) -> Desk:
    """The same desk with at least `need` free slots."""
    old = k.pool.size
    new = old
    while new - old + k.count[d.FREE_TOP] < need:
        new *= 2
    pool = d.aligned(new, d.SLOT)
    pool[:old] = k.pool
    pool["life"][old:] = r.NONE
    blocks = d.blocks_for(new, k.heads.size)
    blocks[: k.blocks.shape[0]] = k.blocks
    free = np.empty(new, np.int32)
    top = int(k.count[d.FREE_TOP])
    added = np.arange(new - 1, old - 1, -1, dtype=np.int32)
    free[: added.size] = added
    free[added.size : added.size + top] = k.free[:top]
    k.count[d.FREE_TOP] = top + added.size
    return k.replaced(pool=pool, blocks=blocks, today=np.zeros(new, np.int32), free=free)
