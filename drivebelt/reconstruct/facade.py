"""The facade: how many of the papers that bear a body's name somebody else decided, by body and period, with chances.

What a paper's cascade says of who began it says also how likely its name is a mere name. Papers of a body that are left are summed;
those that are lost are taken to be like those left of it and, where these are few, of bodies of its level and branch (beta-binomial
by orders, since papers of one order have one author).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from drivebelt.reconstruct import beta
from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.centres import months
from drivebelt.reconstruct.columns import find
from drivebelt.reconstruct.evidence import Floats

if TYPE_CHECKING:
    from drivebelt.reconstruct.engine import Inference

HOLDS = 0.9
"""Chance with which the interval of a share is to hold."""
PASSES_ON = 0.95
"""Share of papers that others decided from which a body only passes on: fewer than one in twenty of its orders began with it."""
SURE = 0.8
"""Chance from which a body is said to pass on only, or to decide itself too."""
QUARTER = 3
WHOLE = -(2**20)
"""In place of a quarter: the whole span of the archive."""
PLAIN = 0.05
"""Papers of standard deviation below which a share is as good as known."""
_SPAN = np.int64(2**22)
_ALIKE = (0.002, 0.9)
"""Bounds of the likeness of orders of one body (intraclass correlation)."""


@dataclass
class Facade:
    """Rows by organ row and `period` (quarters since 1970, or WHOLE): `papers` left that carry an order, `left` the chances of
    these summed up that another decided, `share` of all that it issued then, its interval `low` to `high`, and the `chance` that
    it only passes on."""

    organ: Ints
    period: Ints
    papers: Ints
    left: Floats
    share: Floats
    low: Floats
    high: Floats
    chance: Floats


def quarters(date: Ints) -> Ints:
    """Quarter of each day since 1970, counted from the first of 1970."""
    return np.floor_divide(months(date), QUARTER)


def key(organ: Ints, period: Ints) -> Ints:
    """One number for a body and a period."""
    out: Ints = organ * _SPAN + period - WHOLE
    return out


def masked(f: Inference) -> Floats:
    """(papers,) chance that somebody else than who signed decided; NaN where a paper carries no order or nothing can be told."""
    a, g, c = f.archive, f.groups, f.chances
    out = np.full(a.papers, np.nan)
    if f.silent or not f.learnt or not g.number:
        return out
    named = c.who >= 0
    of = np.repeat(np.arange(g.number), np.diff(c.first))[named]
    pair, at = np.unique(of * a.organs + c.who[named], return_inverse=True)  # a body can be a hypothesis twice
    total = np.bincount(at, c.chance[named], pair.size)
    p = g.members
    at = find(pair, g.of[p] * a.organs + a.issuer[p])
    out[p] = 1 - np.where(at >= 0, np.append(total, 0.0)[at], 0.0)
    return np.clip(out, 0.0, 1.0)


def facade(f: Inference, chance: Floats) -> Facade:
    """The facade of every body, by quarter and over all; `chance` as `masked` gives it. Without rows where nothing can be told."""
    rows = np.flatnonzero(~np.isnan(chance))
    parts = [
        _cells(f, rows, chance[rows], period)
        for period in (np.full(rows.size, WHOLE), quarters(f.archive.date[rows]))
    ]  # fmt: skip
    return Facade(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _cells(f: Inference, rows: Ints, chance: Floats, period: Ints) -> tuple[npt.NDArray[Any], ...]:
    """The columns of a Facade for papers `rows`, each in its `period`."""
    a = f.archive
    order_of = f.groups.of[rows]
    name, cell = np.unique(key(a.issuer[rows], period), return_inverse=True)
    organ = name // _SPAN
    # Papers of one order and body stand and fall together.
    _, head, many = np.unique(cell * (f.groups.number + 1) + order_of, return_index=True, return_counts=True)
    of, p = cell[head], chance[head]
    size = name.size
    papers, orders = np.bincount(cell, minlength=size), np.bincount(of, minlength=size)
    left, began = np.bincount(cell, chance, size).astype(np.float64), np.bincount(of, p, size).astype(np.float64)
    spread = np.bincount(of, many**2 * p * (1 - p), size)
    usual, weight = _class(a, organ, orders.astype(np.float64), began)
    like = (usual * weight + began) / (weight + orders)
    doubt = like * (1 - like) / (weight + orders + 1)
    lost = papers / f.seen.paper[f.tree.office[organ]] - papers
    issued = papers + lost
    share = (left + lost * like) / issued
    variance = (spread + lost**2 * doubt + lost * (papers / orders) * like * (1 - like)) / issued**2
    low, high, sure = _interval(share, variance, issued)
    return organ, name % _SPAN + WHOLE, papers, left, share, low, high, sure


def _class(a: Archive, organ: Ints, n: Floats, began: Floats) -> tuple[Floats, Floats]:
    """By row the mean share of its level and branch, and how many of its `n` orders weigh as much as that mean (by moments)."""
    kind = (a.branch.code[organ] + 1) * (len(a.level.names) + 1) + a.level.code[organ] + 1
    _, at = np.unique(kind, return_inverse=True)
    mean = (np.bincount(at, began) + 0.5) / (np.bincount(at, n) + 1.0)
    gap = np.bincount(at, (began - n * mean[at]) ** 2) / (mean * (1 - mean))
    alike = (gap - np.bincount(at, n)) / np.maximum(np.bincount(at, n * (n - 1)), 1.0)
    alike = np.clip(alike, *_ALIKE)
    return mean[at], (1 / alike - 1)[at]


def _interval(share: Floats, variance: Floats, issued: Floats) -> tuple[Floats, Floats, Floats]:
    """Ends of the interval of each share, whole papers outwards, and the chance that the body only passes on; a beta distribution
    of this mean and variance."""
    low, high, sure = share.copy(), share.copy(), (share > PASSES_ON).astype(np.float64)
    n = np.maximum(np.rint(issued), 1)
    open_ = np.sqrt(variance) * n > PLAIN
    mean = np.clip(share[open_], 1e-6, 1 - 1e-6)
    weight = np.maximum(mean * (1 - mean) / np.maximum(variance[open_], 1e-12) - 1, 1e-3)
    one, other = mean * weight, (1 - mean) * weight
    low[open_] = np.minimum(beta.quantile(one, other, 0.5 - HOLDS / 2), mean)
    high[open_] = np.maximum(beta.quantile(one, other, 0.5 + HOLDS / 2), mean)
    sure[open_] = 1 - beta.upto(one, other, PASSES_ON)
    low, high = np.floor(low * n + 1e-6) / n, np.ceil(high * n - 1e-6) / n
    return np.clip(low, 0, 1), np.clip(high, 0, 1), sure


def lines(table: pa.Table, documents: pa.Table) -> list[str]:
    """Plain findings, a line each, from the tables `facade` and `documents`."""
    masked = documents["masked"].drop_null().to_numpy()
    if not masked.size:
        return []
    whole = table.filter(pc.is_null(table["quarter"]))
    chance = whole["chance"].to_numpy()
    only, own = int((chance >= SURE).sum()), int((chance <= 1 - SURE).sum())
    return [
        f"Facade: of {masked.size:,} papers that carry an order {masked.mean():.0%} were decided by another than who signed; of "
        f"{chance.size:,} bodies {only:,} only pass on, {own:,} decide themselves too, of the others it cannot be told."
    ]
