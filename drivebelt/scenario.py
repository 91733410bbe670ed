"""A scenario: a period, its starting conditions, its outside events. Scenarios are YAML in `scenarios/data`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.errors import BadInput
from drivebelt.power.counting import COUNTS
from drivebelt.safe_yaml import read_yaml

if TYPE_CHECKING:
    from drivebelt.rulebook import Rulebook
    from drivebelt.world import World

_HERE = files(__package__).joinpath("scenarios", "data")


def _yaml(name: str) -> Any:
    return read_yaml(_HERE.joinpath(name).read_bytes(), f"scenarios/data/{name}")


@dataclass(frozen=True)
class Event:
    """Something outside the mechanism that raises a matter at the Centre on a date."""

    date: date
    about: str
    domain: str
    subject: str
    proposer: str
    stakes: float
    depth: str = "centre"
    target: str | None = None
    urgent: bool = False
    soviet: bool = False
    lapse: bool = False
    """The official who carries it out will cite the party."""
    report: bool = False
    grade: str = "secret"
    severity: float = 0.5
    term: int = 30
    quota: int = 100
    person: str | None = None
    episode: str | None = None
    disputed: bool = False
    """Statements against the course that follow it belong to its episode."""
    source: Any = None

    @property
    def grade_code(self) -> int:
        """The grade's code."""
        return r.GRADES.index(self.grade)

    def as_matter(self, w: World) -> tuple[Any, ...]:
        """The arguments of `matters.open_matter` after the day."""
        s = w.scenario
        flags = d.URGENT * self.urgent | d.SOVIET * self.soviet | d.WANTS_REPORT * self.report | d.LAPSE * self.lapse
        target = r.NONE if self.target is None else s.body(self.target)
        return (
            r.DOMAIN[self.domain], s.subjects.index(self.subject), r.NONE, s.body(self.proposer),
            w.people.number.get(self.person or "", r.NONE), s.event_key(self), self.stakes, self.severity,
            r.LEVELS.index(self.depth), target, flags, self.quota, self.term, s.episode_number(self.episode),
        )  # fmt: skip


class Scenario:
    """One scenario as read from its file, with the tables the world looks things up in."""

    register_epoch = 1917
    """Registers are numbered by years from here."""
    routines = ("closed letters", "cell minutes", "statistical returns", "summaries", "soviet reports")

    def __init__(self, name: str) -> None:
        """Reads a shipped scenario; an unknown name is BadInput with the nearest known one."""
        if name not in scenario_names():
            near = difflib.get_close_matches(name, scenario_names(), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(scenario_names())}"
            raise BadInput(f"no scenario {name!r}{hint}")
        raw = _yaml(f"{name}.yaml")
        self.name: str = name
        self.about: str = raw["about"]
        self.start: date = raw["from"]
        self.end: date = raw["to"]
        self.centre: Mapping[str, Any] = _yaml(raw["centre"])
        self.people: Mapping[str, Any] = _yaml(raw["people"])
        self.outside: bool = raw.get("proposals", True)
        subjects: Mapping[str, list[str]] = _yaml(raw["subjects"])
        self.events: list[Event] = [Event(**event) for event in raw["events"]]
        self.subjects: list[str] = []
        ranges = []
        for domain in r.DOMAINS:
            ranges.append((len(self.subjects), len(subjects[domain])))
            self.subjects += subjects[domain]
        self.subject_ranges: npt.NDArray[np.int32] = np.array(ranges, np.int32)
        self._own = len(self.subjects)
        self.subjects += [
            *(f"routine: {name}" for name in self.routines),
            "burning of returned papers",
            "division into territories",
            "filling of posts",
            "admission of members",
            "course of the party",
            "election of the leading bodies",
            "members: time to come and go",
            "members: verification",
            "members: schooling of newcomers",
            "members: cells",
            "members: candidates become full members",
            "charges against officials",
            "charges against the rank and file",
            *(f"provision of {who}: {name}" for name in r.LEVELS for who in ("others", "heads")),
            *(f"admission: {name}s" for name in r.CLASSES),
            *(f"count: {name}" for name in COUNTS),
        ]
        self.subjects += sorted({e.subject for e in self.events} - set(self.subjects))
        self.categories: list[str] = [f"category {n + 1}" for n in range(len(r.DOMAINS) + 3)]
        self.seats_of: dict[str, list[int]] = {}
        """Post id -> its seats as post numbers."""
        self.died: dict[str, date] = raw.get("died", {})
        """Person id -> day of death, an input."""
        self.views: Mapping[str, Any] = _yaml(raw["views"])
        self.congresses: list[dict[str, Any]] = raw.get("congresses", [])
        """Congresses and conferences with their dates, which are inputs."""
        self.central_committee: list[str] = raw.get("central-committee", [])
        """Person ids of its members on the first day."""
        self.episodes: list[str] = sorted({e.episode for e in self.events if e.episode})
        self.organ_of: dict[str, int] = {}
        """Organ id -> organ number, filled when the world is built."""
        self.committee_of: dict[str, int] = {}
        """Territory id -> number of its party committee."""
        self.posts_of: dict[str, list[tuple[date, date | None, int]]] = {}
        """Post id -> (from, to, person number) of its named holders."""
        self.members: dict[str, list[tuple[date, date | None, int]]] = {}
        """Body -> (from, to, person number) of its named voting members."""

    # -- matters ------------------------------------------------------------------------------------------------

    def own_subject(self, kind: str, number: int) -> int:
        """Number of a subject raised by a mechanism, such as ('routine', n) or ('burning', 0)."""
        n = len(self.routines)
        return (
            self._own
            + number
            + {
                "routine": 0,
                "burning": n,
                "reform": n + 1,
                "cadres": n + 2,
                "members": n + 3,
                "congress": n + 4,
                "bodies": n + 5,
                "exits": n + 6,
                "verification": n + 7,
                "schooling": n + 8,
                "cells": n + 9,
                "candidates": n + 10,
                "justice": n + 11,
                "provision": n + 13,
                "admission": n + 13 + 2 * len(r.LEVELS),
                "count": n + 13 + 2 * len(r.LEVELS) + len(r.CLASSES),
            }[kind]
        )

    def begin(self, start: date) -> None:
        """Lets a run begin later than the scenario: what happened before is not raised again."""
        self.events = [event for event in self.events if event.date >= start]

    def body(self, name: str) -> int:
        """Organ number of a body of the Centre, or of a territory's committee."""
        return self.organ_of[name] if name in self.organ_of else self.committee_of[name]

    def event_key(self, event: Event) -> int:
        """A stable key of an outside event, from its date and place in the file of events."""
        same_day = [e for e in self.events if e.date == event.date]
        return int(draws.key(event.date.toordinal(), same_day.index(event)))

    def episode_number(self, name: str | None) -> int:
        """Number of an episode, or NONE."""
        return r.NONE if name is None else self.episodes.index(name)

    # -- rules that name people or places -----------------------------------------------------------------------

    def routes(self, rules: Rulebook) -> npt.NDArray[np.int8]:
        """Channel of a paper to a body of a level: [level, 0 open | 1 secret]."""
        tables = [rules.value(name, self.start) for name in ("route_open", "route_secret")]
        return np.array([[r.CHANNELS.index(t[level]) for t in tables] for level in r.LEVELS], np.int8)

    def duty(self, rules: Rulebook, body: str, on: date) -> str | None:
        """Who prepares the questions of a body, where a division of duties names him."""
        duties = rules.value("agenda_division_of_duties", on)
        return str(duties.get(body, "")).removeprefix("person:") if isinstance(duties, dict) else None

    def voters(self, w: World, body: int, day: int) -> list[int]:
        """Person numbers of the named voting members of a body on a day."""
        on = w.date(day)
        held = self.members.get(r.CENTRAL_ORGANS[body], [])
        return [person for start, end, person in held if start <= on and (end is None or on < end)]

    def holder(self, w: World, post: str, day: int) -> int:
        """Person number of a post's holder on a day, or NONE."""
        on = w.date(day)
        for start, end, person in self.posts_of.get(post, ()):
            if start <= on and (end is None or on < end):
                return person
        return r.NONE

    def minutes_readers(self, w: World) -> npt.NDArray[np.int32]:
        """Bodies whose heads are sent the Politburo's minutes: those of the Centre by rule, a share of the provinces."""
        share = w.rules.value("minutes_readers_in_provinces", self.start)
        under = w.targets
        luck = draws.fractions(w.seed, "minutes", under)
        return np.concatenate([self.bureau_readers(w), under[luck < share]]).astype(np.int32)

    def bureau_readers(self, w: World) -> npt.NDArray[np.int32]:
        """Bodies of the Centre whose heads are sent minutes."""
        names = w.rules.value("minutes_readers_at_centre", self.start)
        return np.array([self.organ_of[name] for name in names], np.int32)

    @cached_property
    def days(self) -> int:
        """Days from the first to the last, both included."""
        return (self.end - self.start).days + 1


def scenario_names() -> list[str]:
    """Names of the shipped scenarios."""
    shared = {"centre", "people", "subjects", "views"}
    names = [f.name.removesuffix(".yaml") for f in _HERE.iterdir() if f.name.endswith(".yaml")]
    return sorted(name for name in names if name not in shared)
