"""The world of a run: who and what exists, as arrays, its days, the room on its desk and its tree.

What mechanisms ask of it stands beside it: who leads (`leaders`), and what the areas of the party are (`provinces`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.power.state import Power
from drivebelt.running.log import Log, make_room
from drivebelt.running.log_tables import Names
from drivebelt.world import offices, tree
from drivebelt.world.desks import more_slots
from drivebelt.world.parts import NEVER, People, Reform

if TYPE_CHECKING:
    from drivebelt.desk import Desk
    from drivebelt.rulebook import Rulebook
    from drivebelt.scenario import Event, Scenario


class World:
    """State, static tables and the log of one run. Mechanisms get it once a day."""

    def __init__(
        self, scenario: Scenario, rules: Rulebook, seed: int, start: date, days: int, desk: Desk, organs: list[dict[str, Any]],
        people: People, power: Power, scale: float, heads: dict[int, list[tuple[int, int]]], reforms: list[Reform],
        log: Log | None = None,
    ) -> None:  # fmt: skip
        """`organs` are the names and dates of the bodies; `heads[day]` the changes of head (organ, person)."""
        self.scenario, self.rules, self.seed, self.days = scenario, rules, seed, days
        self.start = start
        self.desk = desk
        self.organs = organs
        self.people = people
        self.power = power
        self.scenario_scale = scale
        self.heads = heads
        self.reforms = {reform.day: reform for reform in reforms}
        self.log = log
        self._events: dict[int, list[Event]] = {}
        for event in scenario.events:
            self._events.setdefault((event.date - self.start).days, []).append(event)
        self.routes = scenario.routes(rules)
        self.routine_roots = np.full((len(scenario.routines), 2), r.NONE, np.int32)
        self.draw_tree()
        self._gather()
        self.samples: list[tuple[str, str, str, float]] = []
        """Measures that only the state can tell, as (measure, day, scope, value)."""
        self.resources = {
            people.number[name]: float(view["resources"]) for name, view in scenario.views.items() if name in people.number
        }
        """Person number -> what he can lean on by himself, in [0, 1]."""
        self.died = {people.number[name]: (on - start).days for name, on in scenario.died.items() if name in people.number}
        """Person number -> day of death."""
        self.workers = [i for i, person in enumerate(people.persons) if person.get("worker")]
        """Person numbers of workers from the bench who may come into the Central Committee."""
        self.ends: dict[int, list[tuple[int, int]]] = {}
        """Day -> documented holders of posts below the Centre who leave them on it, as (post, person)."""
        for t in people.tenures:
            if t["to"] is not None and power.posts["level"][t["post"]] > r.CENTRE and people.persons[t["person"]]["name"]:
                self.ends.setdefault((t["to"] - start).days, []).append((t["post"], t["person"]))
        self._began = 0
        self._gone: list[npt.NDArray[np.void]] = []
        self._congresses: dict[int, list[tuple[str, int]]] = {}
        for meeting in scenario.congresses:
            when = (meeting["date"] - start).days
            self._congresses.setdefault(when, []).append((meeting["name"], scenario.organ_of[meeting["body"]]))

    # -- time ---------------------------------------------------------------------------------------------------

    def date(self, day: int) -> date:
        """The calendar date of a day of the run."""
        return self.start + timedelta(days=day)

    def month(self, day: int) -> int:
        """Month of the year, 0 to 11."""
        return self.date(day).month - 1

    def month_index(self, day: int) -> int:
        """Months since year 0."""
        on = self.date(day)
        return on.year * 12 + on.month - 1

    def set_day(self, day: int) -> None:
        """Puts the date on the desk; a new year starts new registers."""
        on = self.date(day)
        count = self.desk.count
        self._began, self._gone = int(count[d.NEXT_ACT]), []
        year = on.year - self.scenario.register_epoch
        if count[d.YEAR] != year:
            count[d.YEAR] = year
            self.desk.registers[:] = 0
        count[d.WEEKDAY] = on.weekday()
        count[d.MONTH_DAY] = on.day
        offices.change(self, day)

    def events_on(self, day: int) -> Sequence[Event]:
        """Outside events of the scenario on this day."""
        return self._events.get(day, ())

    def congresses_on(self, day: int) -> Sequence[tuple[str, int]]:
        """Name and body of the congresses and conferences that meet on this day."""
        return self._congresses.get(day, ())

    def next_congress(self, day: int) -> int:
        """The day of the next congress or conference from this one on, NEVER if there is none."""
        return min((on for on in self._congresses if on >= day), default=NEVER)

    # -- room ---------------------------------------------------------------------------------------------------

    def room(
        self, *, acts: int = 0, documents: int = 0, copies: int = 0, matters: int = 0, slots: int = 0, central: int = 0
    ) -> None:
        """Makes sure that a step can write so many rows and open so many slots."""
        if self.log is not None:
            k = self.desk
            if k.count[d.NEXT_ACT] - k.count[d.FIRST_ACT] + acts > k.acts.size:
                self._gone.append(self._still_here().copy())
            self.desk = make_room(self.log, self.desk, acts, documents, copies, matters)
        if slots > self.desk.count[d.FREE_TOP]:
            self.desk = more_slots(self.desk, slots)
        n = int(self.desk.count[d.CENTRAL_MATTERS])
        if n + central > self.desk.central.size:
            wider = np.zeros(2 * (n + central), r.CENTRAL_ROW)
            wider[:n] = self.desk.central[:n]
            self.desk = self.desk.replaced(central=wider)

    def listed(self, queue: int, day: int) -> int:
        """Papers in a calendar on this day."""
        return 0 if self.desk.heads[queue, day] == r.NONE else int(d.listed(self.desk, queue, day))

    def below_listed(self, queue: int, day: int) -> int:
        """Committees below those who hold the papers in a calendar on this day."""
        empty = self.desk.heads[queue, day] == r.NONE
        return 0 if empty else int(d.below_listed(self.desk, queue, day))

    def _still_here(self) -> npt.NDArray[np.void]:
        """Acts of this day that are still on the desk."""
        first = int(self.desk.count[d.FIRST_ACT])
        return self.desk.acts[max(self._began, first) - first : int(self.desk.count[d.NEXT_ACT]) - first]

    def acts_today(self) -> tuple[int, list[npt.NDArray[np.void]]]:
        """Number of the first act of this day, and all acts written since, in their order and in as many parts as the log took."""
        return self._began, [*self._gone, self._still_here()]

    def acts_of(self) -> tuple[npt.NDArray[np.void], int]:
        """All acts of this day so far, and the number of the first of them."""
        first, parts = self.acts_today()
        return np.concatenate(parts), first

    def state_listed(self, day: int) -> int:
        """State organs that would get a copy of the decrees due today."""
        return int(tree.state_listed(self.desk, self.state_below[0], day))

    def central_waiting(self, stage: int, minuted: int | None = None) -> int:
        """Matters at the Centre that stand at a stage."""
        first, last = self.desk.count[d.FIRST_CENTRAL], self.desk.count[d.CENTRAL_MATTERS]
        rows = self.desk.central[first:last]
        at = rows["stage"] == stage
        if minuted is not None:
            at &= rows["minuted"] == minuted
        return int(np.count_nonzero(at))

    # -- the tree -----------------------------------------------------------------------------------------------

    def reform(self, day: int) -> Reform | None:
        """Carries out the changes of territory of this day."""
        change = self.reforms.get(day)
        if change is not None:
            for organ, above in change.moved:
                self.desk.organs[organ]["above"] = above
            self.draw_tree(day)
            self._gather(day)
            tree.hand_over(self.desk, day)
        return change

    def draw_tree(self, day: int = 0) -> None:
        """Orders the bodies by what stands above them, and measures the way from Moscow to each."""
        organs = self.desk.organs
        open_now = (organs["opens"] <= day) & (organs["closes"] > day)
        self.desk = self.desk.replaced(**tree.children(organs, open_now & (organs["branch"] == r.PARTY) & (organs["above"] >= 0)))
        state = tree.children(organs, open_now & (organs["branch"] == r.STATE) & (organs["above"] >= 0))
        self.state_below = tree.share_of_centre(state["child_start"], state["children"], organs)
        for level in range(r.REGION, r.CELL + 1):
            here = np.flatnonzero((organs["level"] == level) & (organs["above"] >= 0))
            over = organs["above"][here]
            organs["rail_km"][here] = organs["rail_km"][over] + organs["own_rail"][here]
            organs["road_km"][here] = organs["road_km"][over] + organs["own_road"][here]

    def _gather(self, day: int = 0) -> None:
        """Lists of bodies that mechanisms go through, in the order of their numbers."""
        organs = self.desk.organs
        level = organs["level"]
        party = (organs["branch"] == r.PARTY) & (organs["opens"] <= day) & (organs["closes"] > day)
        below = party & (level > r.CENTRE)
        self.groups = {
            name: np.flatnonzero(which).astype(np.int32)
            for name, which in {
                "committees": below & (level < r.CELL),
                "cells": party & (level == r.CELL),
                "police": (organs["branch"] == r.POLICE) & (level > r.CENTRE),
                "soviets": (organs["branch"] == r.STATE) & (level > r.CENTRE) & (level < r.UEZD),
                "local": below & (level < r.CELL),
            }.items()
        }
        under_cc = self.desk.children[self.desk.child_start[r.CC] : self.desk.child_start[r.CC + 1]]
        gubernias = np.flatnonzero(party & (level == r.GUBERNIA))
        self.area_of = tree.areas_of_bodies(self)
        self.bodies_in_area = np.zeros((self.power.areas.size, len(r.LEVELS)), np.int32)
        np.add.at(self.bodies_in_area, (self.area_of[party], level[party]), 1)
        self.targets = np.union1d(under_cc, gubernias).astype(np.int32)
        self.executors = np.flatnonzero(
            (level == r.CENTRE) & np.isin(organs["branch"], (r.STATE, r.ECONOMY, r.POLICE, r.UNION, r.PRESS))
        ).astype(np.int32)
        self.minutes_readers = self.scenario.minutes_readers(self)
        self.bureau_readers = self.scenario.bureau_readers(self)

    def widest_below_centre(self) -> int:
        """Committees directly under the Central Committee."""
        return int(self.desk.child_start[r.CC + 1] - self.desk.child_start[r.CC])

    def take_up(self, desk: Desk, routine_roots: npt.NDArray[np.int32], day: int) -> None:
        """Goes on from a saved desk: the tree and the lists are those of that day."""
        self.desk = desk
        self.routine_roots = routine_roots
        self.draw_tree(day - 1)
        self._gather(day - 1)

    # -- names and measures --------------------------------------------------------------------------------------------------

    @property
    def subject_ranges(self) -> npt.NDArray[np.int32]:
        """(first, number) of each domain's subjects in the list of subjects."""
        return self.scenario.subject_ranges

    def subject(self, kind: str, number: int) -> int:
        """The number of a subject that a mechanism of its own raises."""
        return self.scenario.own_subject(kind, number)

    def routine_key(self, number: int, month: int) -> int:
        """The key of a month's routine, from which its draws are made."""
        return number * NEVER + month

    def names(self) -> Names:
        """Names of subjects and categories, for the log."""
        return Names(tuple(self.scenario.subjects), tuple(self.scenario.categories))

    def sample(self, measure: str, day: int, scope: str, value: float) -> None:
        """Keeps a measure that only the state can tell."""
        self.samples.append((measure, self.date(day).isoformat(), scope, float(value)))
