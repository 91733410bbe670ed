"""Real territories: names, seats, places and dates, and how far it is from one seat to the next."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from drivebelt.errors import BadInput

EARTH_KM = 6371.0
MOSCOW = (55.75, 37.62)
FILES = ("upper.csv", "uezds.csv")
_LATER = re.compile(r"parent:([a-z0-9.\-]+)@(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True)
class Territory:
    """One territory with its seat. `parents` are (from, territory id), the earliest first; 'centre' is Moscow."""

    id: str
    name: str
    level: str
    kind: str
    parents: tuple[tuple[date, str], ...]
    seat: str
    lat: float
    lon: float
    railhead_km: float
    valid_from: date
    valid_to: date | None
    successor: str | None
    note: str

    def parent_at(self, day: date) -> str:
        """The territory above on a day."""
        held = [parent for start, parent in self.parents if start <= day]
        return held[-1] if held else self.parents[0][1]


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance between two places given as (latitude, longitude) in degrees, in kilometres (haversine)."""
    la, lo, lb, lp = (math.radians(x) for x in (*a, *b))
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))


def _read(name: str) -> list[Territory]:
    out = []
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            start = date.fromisoformat(row["valid_from"])
            later = tuple((date.fromisoformat(on), to) for to, on in _LATER.findall(row["note"] or ""))
            out.append(
                Territory(
                    id=row["territory"],
                    name=row["name"],
                    level=row["level"],
                    kind=row["kind"],
                    parents=((start, row["parent"]), *sorted(later)),
                    seat=row["seat"],
                    lat=float(row["lat"]),
                    lon=float(row["lon"]),
                    railhead_km=float(row["railhead_km"] or 0),
                    valid_from=start,
                    valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                    successor=row["successor"] or None,
                    note=row["note"] or "",
                )
            )
        except (KeyError, TypeError, ValueError) as why:
            raise BadInput(f"territory/data/{name}, line {number}: {why}; compare the line with the header") from why
    return out


@cache
def territories() -> dict[str, Territory]:
    """All territories by id, in the order of their files.

    Raises BadInput for an unknown parent or successor, or a doubled id.
    """
    found: dict[str, Territory] = {}
    for name in FILES:
        for t in _read(name):
            if t.id in found:
                raise BadInput(f"territory/data/{name}: {t.id} stands twice; keep one")
            found[t.id] = t
    for t in found.values():
        above = [parent for _, parent in t.parents if parent != "centre"]
        for other in (*above, *([t.successor] if t.successor else [])):
            if other not in found:
                raise BadInput(f"territory/data: {t.id} names {other}, which is not a territory; mend its parent or successor")
    return found
