"""What each measure means, in words for somebody who has read nothing else, and its documented points."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from drivebelt.experiments.targets import Target, targets
from drivebelt.measures import MEASURES, TABLES
from drivebelt.measures.together import script
from drivebelt.safe_yaml import read_yaml


class Meaning(NamedTuple):
    """A measure in words."""

    name: str
    title: str
    group: str
    says: str
    """How to read a high and a low value."""
    first: tuple[str, ...] = ()
    """The scopes that are drawn where the reader chooses none."""

    @property
    def unit(self) -> str:
        """Its unit."""
        return _UNITS.get(self.name, _SAMPLED.get(self.name, ("", ""))[0])

    @property
    def rule(self) -> str:
        """How it is computed: its query, or for what only the running mechanism knows, where it is sampled."""
        return _QUERIES.get(
            self.name,
            "Sampled from the running mechanism, which alone knows it: "
            + _SAMPLED.get(self.name, ("", "on the first of each month"))[1],
        )

    @property
    def short(self) -> str:
        """Its definition in a line."""
        return _ABOUT.get(self.name, self.says)


_UNITS = {m.name: m.unit for m in MEASURES}
_ABOUT = {m.name: m.about for m in MEASURES}
_QUERIES = {m.name: script(TABLES, m.query) for m in MEASURES}
_SAMPLED = {
    "fear": ("share", "the mean fear of those who hold posts, from 0 to 1, on the first of each month."),
    "trust": ("distance", "the mean distance of the members' trust from none, on the first of each month."),
    "members": ("persons", "members and candidates on the first of each month, in the whole country."),
    "members-from-course": ("distance", "the mean distance of members' views from the course, on the first of each month."),
    "layer-size": ("persons", "how many people belong to each layer, on the first of each month."),
    "informed": ("share", "how well the cells are informed of what is at issue, from 0 to 1, on the first of each month."),
    "seats-documented": ("share", "the documented members of the Politburo who sit there in the run, on the first of each month."),
    "struck-out": ("share", "at elections of the Central Committee: votes against a name, names that most struck out."),
    "cells-for-rival": ("share", "in discussions: votes of cells for the rival text, among all votes."),
}  # fmt: skip
MEANINGS = tuple(
    Meaning(**{**row, "first": tuple(row.get("first", ()))})
    for row in read_yaml(files("drivebelt.web").joinpath("measures.yaml").read_bytes(), "web/measures.yaml")
)
KNOWN = {m.name: m for m in MEANINGS}


def meaning(name: str) -> Meaning:
    """The words for a measure; one without words of its own gets those of its definition."""
    return KNOWN.get(name) or Meaning(name, name.replace("-", " ").capitalize(), "Others", _ABOUT.get(name, ""))


class Documented(NamedTuple):
    """A documented figure that a measure is held against: value in the measure's own unit, day where the query names one."""

    target: Target
    scope: str | None
    day: date | None
    value: float | None


_NAME = re.compile(r"measure = '([^']+)'")
_SCOPE, _DAY, _TIMES = re.compile(r"scope = '([^']+)'"), re.compile(r"day = date '([\d-]+)'"), re.compile(r"(\d+(?:\.\d+)?) \* ")


@cache
def documented(name: str, scenario: str) -> tuple[Documented, ...]:
    """The documented figures whose query reads this measure, as their queries say: scope, day and factor."""
    out = []
    for target in targets():
        found = _NAME.search(target.query)
        if found is None or found[1] != name or target.scenario != scenario:
            continue
        scope, day, times = (pattern.search(target.query) for pattern in (_SCOPE, _DAY, _TIMES))
        factor = float(times[1]) if times else 1.0
        value = target.documented / factor if target.documented is not None else None
        out.append(Documented(target, scope[1] if scope else None, date.fromisoformat(day[1]) if day else None, value))
    return tuple(out)
