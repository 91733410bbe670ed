"""What the likelihood of a tree of offices needs beside the tree: the grid of days, the chances of lags, and rates fitted to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.archive import Ints
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.offices import order_tree

_CELLS, _BEFORE = 18, 5
"""Length of the grid of days at most, and what of it lies before the first paper of an order, both in usual lags."""
_LEAST_LAGS = 5
"""Lags below which none are fitted."""
_LEAST_SPREAD = 0.15
_PRIOR = 20.0
"""Orders that the mean rate of all offices is worth against an office's own."""


@dataclass
class Rates:
    """By office, top last: `kept` papers, orders it `passes` on; of all: lags that fit none (`slips`), orders that begin at an
    office (`starts`); middle and spread of log lags."""

    kept: Floats
    passes: Floats
    slips: float
    starts: float
    middle: float
    spread: float

    def slower(self, times: float) -> Rates:
        """The same with lags that many times as long."""
        return replace(self, kept=self.kept.copy(), passes=self.passes.copy(), middle=self.middle + float(np.log(times)))


@dataclass
class Grid:
    """Papers of orders on a grid of days: `seen[order, office]` is a cell or -1, the top, who has none, last."""

    days: Floats
    seen: Ints
    width: int
    cell: float
    before: int
    """Cells before the first paper of an order."""


def first_rates(days: Floats) -> Rates:
    """Rates before any are fitted. The usual lag: half of the way from the first paper of an order to the one in the middle."""
    n = days.shape[1]
    way = np.nanmedian(days, 1) - np.nanmin(days, 1)
    step = float(np.median(way[way > 0])) / 2 if (way > 0).any() else 1.0
    kept = float(np.isfinite(days).mean())
    return Rates(
        np.append(np.full(n, np.sqrt(kept)), 0.0), np.append(np.full(n, 0.85), 1.0), 0.03, 0.01, np.log(max(step, 0.5)), 0.7
    )


def grid(days: Floats, middle: float, fine: int) -> Grid:
    """Papers by cell, `fine` of them to the usual lag, whose log is `middle`; whole days where the papers know no hours."""
    some = days[np.isfinite(days)]
    least = 1.0 if (some == np.floor(some)).all() else 1 / 24
    cell, before = max(float(np.exp(middle)) / fine, least), _BEFORE * fine
    since = (days - np.nanmin(days, 1)[:, None]) / cell
    seen = np.where(np.isfinite(since), np.floor(np.nan_to_num(since) + 0.5) + before, -1).astype(np.int64)
    width = min(int(seen.max()) + 1, _CELLS * fine)
    seen[seen >= width] = -1
    return Grid(days, np.hstack([seen, np.full((seen.shape[0], 1), -1)]), width, cell, before)


def lags(r: Rates, g: Grid) -> Floats:
    """Chance of each lag in cells."""
    many = int(min(np.ceil(np.exp(r.middle + 2.6 * r.spread) / g.cell) + 1, g.width))
    ends = np.maximum((np.arange(many + 1) - 0.5) * g.cell, 1e-9)
    below = [NormalDist().cdf(z) for z in ((np.log(ends) - r.middle) / r.spread).tolist()]
    return np.maximum(np.diff(below), 1e-12)


def fit(g: Grid, up: Ints, r: Rates) -> tuple[float, Floats, Floats]:
    """Fits the rates to the tree, in place. The log likelihood before that; the top's cell and its spread by order."""
    n, lag = g.days.shape[1], lags(r, g)
    sent, state, scale = order_tree.messages(g.seen, up, r.kept, r.passes, r.slips, r.starts, lag, g.width)
    acted, above, both, slipped, began, idle, top, spread = order_tree.expect(
        g.seen, up, sent, state, r.passes, r.slips, r.starts, lag, g.width
    )
    papers = (g.seen[:, :n] >= 0).sum(0)
    acted, above, both = acted[:n], above[:n], both[:n]
    r.kept[:n] = np.clip(_shrunk(papers, acted), 0.01, 0.995)
    r.passes[:n] = np.clip(_shrunk(both, above), 0.02, 0.995)
    r.slips = float(np.clip((slipped + 1) / (both.sum() + 30), 0.002, 0.2))
    r.starts = float(np.clip((began + 0.1) / (idle + 30), 0.0005, 0.5))
    under = np.flatnonzero(up[:n] < n)
    between = (g.days[:, under] - g.days[:, up[under]]).ravel()
    logs = np.log(np.maximum(between[between > 0], g.cell / 4))
    if logs.size >= _LEAST_LAGS:
        quarters = np.quantile(logs, (0.25, 0.5, 0.75))
        r.middle, r.spread = float(quarters[1]), max(float(quarters[2] - quarters[0]) / 1.349, _LEAST_SPREAD)
    return order_tree.evidence(state, scale, up, g.width), top, spread


def _shrunk(some: npt.NDArray[np.generic], of: Floats) -> Floats:
    """Shares by office, drawn towards that of all."""
    return np.asarray((some + _PRIOR * some.sum() / max(float(of.sum()), 1e-9)) / (of + _PRIOR))
