"""Volost committees and cells: documented totals times the scale, shared out over the committees above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drivebelt import draws
from drivebelt import records as r
from drivebelt.building.beside import PARTY_POSTS
from drivebelt.building.dates import EARLY
from drivebelt.territory import territories

if TYPE_CHECKING:
    from drivebelt.building.builder import Builder


def country(b: Builder) -> None:
    """Volost committees with their executive committees, and the cells."""
    holders = [o for o in _lowest(b) if b.rows[o]["opens"] == 0]
    volosts: list[int] = []
    number = _share_out(b, holders, b.value("volost_committees"), "volosts", b.value("volost_spread"))
    least, most = (b.value("volost_distance")[k] for k in ("least", "most"))
    for holder, n in zip(holders, number, strict=True):
        t = b.rows[holder]
        where = territories()[t["territory"]].name
        for i in range(n):
            km = least + (most - least) * float(draws.fractions(b.seed, "places", [draws.key(holder, i)])[0])
            own = {"territory": t["territory"], "place": t["place"], "own_road": km}
            v = b.body(f"{where}, volost committee no. {i + 1}", r.VOLOST, r.PARTY, holder, EARLY, None, **own)
            s = b.body(
                f"{where}, volost executive committee no. {i + 1}",
                r.VOLOST,
                r.STATE,
                t["soviet"],
                EARLY,
                None,
                **own,
            )
            b.rows[v]["soviet"] = s
            b.add_posts(v, PARTY_POSTS[r.VOLOST])
            b.add_posts(s, ("chairman",))
            volosts.append(v)
    total = b.value("cells_total")
    town = b.value("town_cell_share")
    _cells(b, holders, total * town)
    _cells(b, volosts, total * (1.0 - town))


def _cells(b: Builder, over: list[int], total: float) -> None:
    least, most = (b.value("cell_distance")[k] for k in ("least", "most"))
    for holder, n in zip(over, _share_out(b, over, total, "cells", 0.0), strict=True):
        t = b.rows[holder]
        where = t["name"].replace("volost committee", "volost")
        far = draws.fractions(b.seed, "places", np.arange(n), holder)
        for i in range(n):
            cell = b.body(
                f"{where}, cell no. {i + 1}", r.CELL, r.PARTY, holder, EARLY, None, territory=t["territory"],
                place=t["place"], own_road=least + (most - least) * float(far[i]),
            )  # fmt: skip
            b.add_posts(cell, PARTY_POSTS[r.CELL])


def _share_out(b: Builder, over: list[int], total: float, stream: str, spread: float) -> list[int]:
    """How many of `total` (times the scale) stand under each body; whole numbers that add up but for rounding."""
    if not over:
        return []
    u = draws.fractions(b.seed, stream, over)
    weight = 1.0 + spread * (2.0 * draws.fractions(b.seed, stream, over, 1) - 1.0)
    exact = total * b.scale * weight / weight.sum()
    return [int(e + x) for e, x in zip(exact, u, strict=True)]


def _lowest(b: Builder) -> list[int]:
    """Committees that have volosts: uezds, and provinces without uezds."""
    uezds = [i for i, row in enumerate(b.rows) if row["level"] == r.UEZD and row["branch"] == r.PARTY]
    with_uezds = {b.rows[i]["above"] for i in uezds}
    bare = [i for i, row in enumerate(b.rows) if row["level"] == r.GUBERNIA and row["branch"] == r.PARTY and i not in with_uezds]
    return sorted([*uezds, *bare])
