"""The areas of the party: which are open, who is secretary or official in each, and where everybody works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import records as r
from drivebelt.power.state import EXPELLED

if TYPE_CHECKING:
    from drivebelt.world import World


def cues(w: World) -> npt.NDArray[np.float32]:
    """What the secretary of each area stands for, shape (areas,)."""
    heads = w.desk.organs["head"][w.power.areas]
    return np.where(heads >= 0, w.power.persons["regime"][np.maximum(heads, 0)], 0.0).astype(np.float32)


def beside(w: World, branch: int, day: int) -> npt.NDArray[Any]:
    """Open bodies of a branch beside the committees of regions and provinces."""
    organs = w.desk.organs
    here = (organs["branch"] == branch) & (organs["level"] > r.CENTRE) & (organs["level"] <= r.GUBERNIA)
    return np.flatnonzero(here & (organs["opens"] <= day) & (organs["closes"] > day))


def areas_open(w: World, day: int) -> npt.NDArray[np.bool_]:
    """Which areas have an open committee, shape (areas,)."""
    organs = w.desk.organs[w.power.areas]
    return np.asarray((organs["opens"] <= day) & (organs["closes"] > day))


def places(w: World) -> npt.NDArray[np.int64]:
    """Where each person works: the Centre 0, an area its number plus 1, -1 for who has no post. The named without one stay
    at the Centre."""
    persons = w.power.persons
    out = np.full(persons.size, r.NONE, np.int64)
    out[persons["named"] == 1] = 0
    held = persons["post"] != r.NONE
    out[held & (persons["level"] == r.CENTRE)] = 0
    below = held & (persons["level"] > r.CENTRE)
    at = np.searchsorted(w.power.areas, persons["area"][below])
    at = np.minimum(at, w.power.areas.size - 1)
    known = w.power.areas[at] == persons["area"][below]
    out[below] = np.where(known, at + 1, r.NONE)
    out[w.power.dissent["status"] == EXPELLED] = r.NONE
    return out


def capital(w: World) -> int:
    """Index of the area of the capital, where the officials of the Centre are members."""
    return int(np.searchsorted(w.power.areas, w.scenario.committee_of["moscow"]))


def secretaries(w: World, level: int, day: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Secretaries of the open party bodies of a level, and the index of the area of each."""
    organs = w.desk.organs
    here = (organs["branch"] == r.PARTY) & (organs["level"] == level) & (organs["head"] != r.NONE)
    found = np.flatnonzero(here & (organs["opens"] <= day) & (organs["closes"] > day))
    return organs["head"][found].astype(np.int64), w.area_of[found].astype(np.int64)


def officials_by_area(w: World) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Paid party officials ordered by area, and where each area begins."""
    persons = w.power.persons
    return _by_area(w, (persons["branch"] == r.PARTY) & (persons["level"] < r.VOLOST))


def part_timers_by_area(w: World) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Those who do party work beside another job, in the same order: officials of other branches, secretaries of volosts and
    cells."""
    persons = w.power.persons
    return _by_area(w, (persons["branch"] == r.PARTY) == (persons["level"] >= r.VOLOST))


def _by_area(w: World, which: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    persons = w.power.persons
    found = np.flatnonzero(which & (persons["level"] > r.CENTRE) & (persons["post"] >= 0))
    found = found[np.argsort(persons["area"][found], kind="stable")].astype(np.int32)
    area = persons["area"][found]
    return found, np.append(np.searchsorted(area, w.power.areas), np.searchsorted(area, w.power.areas[-1], side="right"))
