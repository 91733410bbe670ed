"""Share of the bodies of each level that had something, day by day."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from drivebelt.report import drawing as dr


def draw_shares(
    axes: Any, standing: list[dict[str, Any]], had: list[dict[str, Any]], since: date, until: int, every: int
) -> list[tuple[float, float, str, str]]:  # fmt: skip
    """Draws the share of the bodies of each level that had it, day by day; returns where each line ends, its name and colour."""
    days, ends = np.arange(until + 1), []
    for level in dr.LEVELS:
        bodies = sum(row["level"] == level for row in standing)
        got = sorted((row["day"] - since).days for row in had if row["level"] == level)
        if got and bodies:
            share = [100 * min(1.0, int(np.searchsorted(got, x, side="right")) / bodies) for x in days]
            axes.plot(days, share, color=dr.LEVEL_COLOURS[level], lw=1.6, marker=dr.LEVEL_MARKS[level], markevery=every, ms=4.5)
            ends.append((float(until), share[-1], dr.LEVEL_NAMES[level], dr.LEVEL_COLOURS[level]))
    axes.set_xlim(0, until)
    axes.set_ylim(0, 104)
    return ends
