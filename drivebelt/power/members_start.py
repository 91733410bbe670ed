"""How the members begin: where they live, of what class, how literate, since when, and what the purge of 1921 left of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt import records as r
from drivebelt.power.masses import keys
from drivebelt.power.state import BENCH, CANDIDATE, EPOCH, RED_ARMY, SEASONED

if TYPE_CHECKING:
    from drivebelt.building.builder import Builder

_PARTY_BEGINS, _REVOLUTION, _WAR_ENDS = (y * r.MONTHS_PER_YEAR - EPOCH for y in (1898, 1917, 1921))


def members(b: Builder, areas: npt.NDArray[np.int32]) -> dict[str, Any]:
    """The fields of `Power` that describe members on the first day, with room for those to come."""
    n, most = int(b.value("members_at_start") * b.scale), int(b.value("members_at_most") * b.scale)
    everyone = np.arange(n)

    def luck(salt: int) -> npt.NDArray[np.float64]:
        return draws.fractions(b.seed, "members", everyone, salt)

    people = _people(b, areas)
    cohort = _choose(luck(2), {**b.value("cohorts_at_start"), "draft": 0.0}, r.COHORTS)
    klass = _choose(luck(5), b.value("classes_at_start"), r.CLASSES)
    literacy = _choose(luck(6), _literacy(b), r.LITERACY)
    where = np.cumsum(people, axis=0)
    village = klass == r.PEASANT
    u = luck(1)
    home = np.where(village, np.searchsorted(where[:, 1], u, side="right"), np.searchsorted(where[:, 0], u, side="right"))
    home = np.minimum(home, areas.size - 1)
    worker = klass == r.WORKER
    marks = np.where(luck(7) < b.value("candidates_at_start"), CANDIDATE, 0)
    marks |= np.where(worker & (luck(8) < b.value("seasoned_workers")), SEASONED, 0)
    marks |= np.where(worker & (luck(9) < b.value("bench_workers_at_start")), BENCH, 0)
    marks |= np.where(~worker & (luck(10) < b.value("red_army_share")), RED_ARMY, 0)
    marks = np.where(cohort < r.COHORTS.index("ordinary"), marks & ~CANDIDATE, marks)
    begins = np.array([_PARTY_BEGINS, _REVOLUTION, _WAR_ENDS])[cohort]
    first = b.start.year * r.MONTHS_PER_YEAR + b.start.month - 1 - EPOCH
    ends = np.array([_REVOLUTION, _WAR_ENDS, first])[cohort]
    joined = begins + ((ends - begins) * luck(11)).astype(np.int64)
    mean, spread = b.value("views_mean")["regime"], b.value("views_spread")
    view = np.clip(mean + spread * draws.normals(b.seed, draws.STREAMS["members"], everyone, 0), -1, 1)
    by_cohort = np.array([b.value("trust_of_cohort")[name] for name in r.COHORTS])
    by_literacy = np.array([b.value("trust_of_literacy")[name] for name in r.LITERACY])
    trust = b.value("trust_a_week") * by_cohort[cohort] * by_literacy[literacy] * (0.5 + luck(3))
    name = keys(n)
    cells = _whole(b.scale * b.value("cells_total") * _town_and_village(b) * people, b)
    willing = np.zeros((areas.size, len(r.CLASSES)))
    for c, of in enumerate(r.CLASSES):
        stock = b.value("people_of_class")[of] * b.value("wish_to_join")[of] * b.scale
        willing[:, c] = stock * people[:, int(c == r.PEASANT)]
    own = {
        "views": (view, np.float32), "trust": (trust, np.float32), "home": (home, np.int16), "cohort": (cohort, np.int8),
        "klass": (klass, np.int8), "literacy": (literacy, np.int8), "marks": (marks, np.int8), "joined": (joined, np.int16),
        "name": (name, np.int32),
    }  # fmt: skip
    return {
        **{field: _room(values, most).astype(of) for field, (values, of) in own.items()},
        "people": people, "willing": willing, "cells": cells, "cell_size": np.zeros(len(b.rows), np.float32),
        "put_out": np.zeros(areas.size), "convicted": np.zeros(areas.size, np.int64), "stakes": np.zeros((len(r.LEVELS), 2)),
    }  # fmt: skip


def _people(b: Builder, areas: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Share of the country's townspeople and villagers in each area: by the districts under it, and by its industry."""
    under = np.zeros(len(b.rows))
    for row in b.rows:
        if row["branch"] == r.PARTY and row["level"] == r.UEZD and row["opens"] == 0 and row["above"] != r.NONE:
            under[row["above"]] += 1
    villagers = under[areas]
    industry = b.value("industry_of_province")
    townspeople = villagers * [industry.get(str(b.rows[a]["territory"]).replace("-", "_"), 1.0) for a in areas]
    return np.stack([townspeople / townspeople.sum(), villagers / villagers.sum()], axis=1)


def _town_and_village(b: Builder) -> npt.NDArray[np.float64]:
    town = b.value("town_cell_share")
    return np.array([town, 1.0 - town])


def _whole(exact: npt.NDArray[np.float64], b: Builder) -> npt.NDArray[np.int64]:
    u = draws.fractions(b.seed, "cells", np.arange(exact.size), 1).reshape(exact.shape)
    return (exact + u).astype(np.int64)


def _literacy(b: Builder) -> dict[str, float]:
    """Shares of members by schooling: the census gives two of them, an assumption the third."""
    census, none = b.value("census_1922_education"), b.value("illiterate_at_start")
    return {"illiterate": none, "lower": census["lower"], "higher": census["higher"]}


def _choose(u: npt.NDArray[np.float64], shares: dict[str, float], names: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """The kind of each by his draw; the kind without a share takes the rest."""
    rest = 1.0 - sum(shares[name] for name in names if name in shares)
    width = [shares.get(name, rest / sum(other not in shares for other in names) if name not in shares else 0.0) for name in names]
    return np.minimum(np.searchsorted(np.cumsum(width), u, side="right"), len(names) - 1)


def _room(x: npt.NDArray[Any], most: int) -> npt.NDArray[Any]:
    out = np.zeros(most, x.dtype)
    out[: x.size] = x
    return out
