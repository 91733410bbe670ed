"""The world of a run: who and what exists, as arrays, and the questions mechanisms ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from numba import njit

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.compiled import STEP
from drivebelt.log import Log, Names, make_room
from drivebelt.power.appointing import empty, leave
from drivebelt.power.state import BODIES, EXPELLED, OFFICES, OPEN, STATED, Power, with_room
from drivebelt.power.voting import column_of

if TYPE_CHECKING:
    from drivebelt.desk import Desk
    from drivebelt.rulebook import Rulebook
    from drivebelt.scenario import Event, Scenario

NEVER = 1 << 28


@dataclass
class Reform:
    """Something that changes the tree of bodies on a day: what opened, closed or came under another."""

    day: int
    opened: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    moved: list[tuple[int, int]] = field(default_factory=list)
    """(organ, new organ above)"""


@dataclass
class People:
    """Posts, persons and tenures as plain lists, in the order of their numbers."""

    posts: list[dict[str, Any]]
    persons: list[dict[str, Any]]
    tenures: list[dict[str, Any]]
    number: dict[str, int]
    """Person id -> person number, for the named."""


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
        self._ends: dict[int, list[tuple[int, int]]] = {}
        """Day -> documented holders of posts below the Centre who leave them on it, as (post, person)."""
        for t in people.tenures:
            if t["to"] is not None and power.posts["level"][t["post"]] > r.CENTRE and people.persons[t["person"]]["name"]:
                self._ends.setdefault((t["to"] - start).days, []).append((t["post"], t["person"]))
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
        for organ, person in self.heads.get(day, ()):
            elected = self.elected(r.CENTRAL_ORGANS[organ]) if organ < len(r.CENTRAL_ORGANS) else []
            if elected and person not in elected:
                continue  # a documented chairman who was not elected to the body
            if self.expelled(person):
                continue
            self.desk.organs[organ]["head"] = person
            self._take_office(organ, person, day)

        for post, person in self._ends.get(day, ()):
            if self.power.posts["holder"][post] == person:
                organ = int(self.power.posts["organ"][post])
                leave(self.power, person, day)
                if self.desk.organs["head"][organ] == person:
                    self.desk.organs["head"][organ] = r.NONE

    def _take_office(self, organ: int, person: int, day: int) -> None:
        """A documented holder comes into the first post of a body; whoever was in it stands at the Centre's disposal."""
        posts, persons = self.power.posts, self.power.persons
        found = np.flatnonzero((posts["organ"] == organ) & (posts["head"] == 1))
        if not found.size:
            return
        post = int(found[0])
        out, before = int(posts["holder"][post]), int(persons["post"][person])
        if out not in (r.NONE, person) and persons["post"][out] == post and posts["level"][post] > r.CENTRE:
            persons["post"][out], persons["appointed"][out], persons["apparatus"][out], persons["stake"][out] = r.NONE, 0, 0, 0
        if before not in (r.NONE, post) and posts["level"][before] > r.CENTRE and posts["holder"][before] == person:
            self.power = with_room(self.power, 1)
            empty(self.power, before, day)
            if posts["head"][before] and self.desk.organs["head"][posts["organ"][before]] == person:
                self.desk.organs["head"][posts["organ"][before]] = r.NONE
        posts["holder"][post] = person
        persons["post"][person], persons["level"][person], persons["gone"][person] = post, posts["level"][post], 0
        persons["area"][person], persons["since"][person] = posts["area"][post], day
        persons["branch"][person] = posts["branch"][post]
        persons["stake"][person] = self.stakes[posts["level"][post], posts["head"][post]]
        persons["apparatus"][person] = posts["branch"][post] == r.PARTY
        today = self.date(day)
        for t in self.people.tenures:
            if t["post"] == post and t["person"] == person and t["from"] == today:
                persons["appointed"][person] = t["by_appointment"]

    def events_on(self, day: int) -> Sequence[Event]:
        """Outside events of the scenario on this day."""
        return self._events.get(day, ())

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
            self.desk = self.desk._replace(central=wider)

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

    def state_listed(self, day: int) -> int:
        """State organs that would get a copy of the decrees due today."""
        return int(_state_listed(self.desk, self.state_below[0], day))

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
            _hand_over(self.desk, day)
        return change

    def draw_tree(self, day: int = 0) -> None:
        """Orders the bodies by what stands above them, and measures the way from Moscow to each."""
        organs = self.desk.organs
        open_now = (organs["opens"] <= day) & (organs["closes"] > day)
        self.desk = self.desk._replace(**_below(organs, open_now & (organs["branch"] == r.PARTY) & (organs["above"] >= 0)))
        state = _below(organs, open_now & (organs["branch"] == r.STATE) & (organs["above"] >= 0))
        self.state_below = _share_of_centre(state["child_start"], state["children"], organs)
        self.state_width = np.diff(self.state_below[0])
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
        self.area_of = self._areas_of_bodies()
        self.bodies_in_area = np.zeros((self.power.areas.size, len(r.LEVELS)), np.int32)
        np.add.at(self.bodies_in_area, (self.area_of[party], level[party]), 1)
        self.targets = np.union1d(under_cc, gubernias).astype(np.int32)
        self.executors = np.flatnonzero(
            (level == r.CENTRE) & np.isin(organs["branch"], (r.STATE, r.ECONOMY, r.POLICE, r.UNION, r.PRESS))
        ).astype(np.int32)
        self.minutes_readers = self.scenario.minutes_readers(self)
        self.bureau_readers = self.scenario.bureau_readers(self)

    def _areas_of_bodies(self) -> npt.NDArray[np.int16]:
        """Index of the area to which each body belongs; bodies of the Centre sit in Moscow."""
        organs, areas = self.desk.organs, self.power.areas
        index = np.full(int(organs["territory"].max()) + 1, 0, np.int16)
        index[organs["territory"][areas]] = np.arange(areas.size)
        moscow = self.scenario.committee_of.get("moscow", int(areas[0]))
        of = np.full(organs.size, index[organs["territory"][moscow]], np.int16)
        for level in range(r.REGION, r.CELL + 1):
            here = np.flatnonzero(organs["level"] == level)
            own = level <= r.GUBERNIA
            of[here] = index[organs["territory"][here]] if own else of[organs["above"][here]]
        return of

    def widest_below_centre(self) -> int:
        """Committees directly under the Central Committee."""
        return int(self.desk.child_start[r.CC + 1] - self.desk.child_start[r.CC])

    def take_up(self, desk: Desk, routine_roots: npt.NDArray[np.int32], day: int) -> None:
        """Goes on from a saved desk: the tree and the lists are those of that day."""
        self.desk = desk
        self.routine_roots = routine_roots
        self.draw_tree(day - 1)
        self._gather(day - 1)

    # -- people -------------------------------------------------------------------------------------------------

    def circle(self) -> npt.NDArray[np.int32]:
        """Person numbers of the informal circle; none where there is none."""
        return self.power.circle[self.power.circle != r.NONE]

    def voters(self, body: int, day: int) -> npt.NDArray[np.int32]:
        """Person numbers of those who vote in a body on this day: its members less those who are ill."""
        away = self.leaders_away(day)
        present = [person for person in self.seats(body, day) if person not in away]
        return np.array(present or [int(self.desk.organs["head"][body])], np.int32)

    def seats(self, body: int, day: int) -> list[int]:
        """Living members of a body: those elected in the run, before the first election those documented."""
        name = r.CENTRAL_ORGANS[body]
        elected = self.elected(name)
        held = elected if elected else self.scenario.voters(self, body, day)
        return [person for person in held if self.died.get(person, NEVER) > day and not self.expelled(person)]

    def expelled(self, person: int) -> bool:
        """Whether somebody has been put out of the party."""
        return bool(self.power.dissent["status"][person] == EXPELLED)

    def elected(self, body: str) -> list[int]:
        """Person numbers of those elected to a body in the run, in the order of their votes; none before an election."""
        if body not in BODIES:
            return []
        row = self.power.seats[BODIES.index(body)]
        return [int(person) for person in row[row != r.NONE]]

    def candidates(self, day: int) -> list[int]:
        """Living candidates of the Politburo, and whoever heads the Central Control Commission: no vote, but a say."""
        on = self.date(day)
        held = self.scenario.posts_of.get("politburo-candidate", [])
        named = [person for start, end, person in held if start <= on and (end is None or on < end)]
        here = [*(self.elected("candidates") if self.elected("politburo") else named), self.holder("chairman-of-ccc", day)]
        members = self.seats(r.POLITBURO, day)
        here = [p for p in here if p != r.NONE and p not in members and not self.expelled(p)]
        return sorted({p for p in here if self.died.get(p, NEVER) > day})

    def committee(self, day: int) -> list[int]:
        """Living members of the Central Committee: those elected in the run, before it those of the first day."""
        if self.elected("central-committee"):
            return self.seats(r.CC, day)
        number = self.people.number
        here = {number[name] for name in self.scenario.central_committee if name in number} | set(self.seats(r.CC, day))
        return sorted(p for p in here if self.died.get(p, NEVER) > day and not self.expelled(p))

    def counted(self, who: int) -> bool:
        """Whether what this person knows is kept for him by himself: he is named."""
        return 0 <= who < self.power.persons_know.shape[1]

    def bench(self, most: int) -> npt.NDArray[np.int32]:
        """Worker members of the Central Committee present at a sitting, at most so many."""
        seated = self.elected("central-committee") if most > 0 else []
        return np.array([person for person in self.workers if person in seated][:most], np.int32)

    def leaders_away(self, day: int) -> list[int]:
        """Person numbers of living members of the Politburo who cannot take part."""
        absent = [str(name).removeprefix("person:") for name in self.rules.value("leader_absences", self.date(day)) or ()]
        away = [self.people.number[name] for name in absent if name in self.people.number]
        return [person for person in away if self.died.get(person, NEVER) > day]

    def secretary_person(self, day: int) -> int:
        """Person number of whoever heads the Secretariat: by rule where one names him, else by his tenure."""
        named = self.rules.value("head_of_secretariat", self.date(day))
        if named:
            return self.people.number[str(named).removeprefix("person:")]
        elected = self.elected("secretariat")
        return elected[0] if elected else self.holder("general-secretary", day)

    def secretary(self, day: int) -> int:
        """His column among the patrons, or NONE."""
        return int(column_of(self.power, self.secretary_person(day)))

    def patrons_of_offices(self, day: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Person number and column of the holder of each controlling office."""
        people = [self.secretary_person(day) if name == OFFICES[0] else self.holder(name, day) for name in OFFICES]
        return np.array(people, np.int32), np.array([column_of(self.power, person) for person in people], np.int32)

    @property
    def stakes(self) -> npt.NDArray[np.float64]:
        """What a post gives beyond an average wage, shape (levels, 2): the head of a body in the second column."""
        return self.power.stakes

    def cues(self) -> npt.NDArray[np.float32]:
        """What the secretary of each area stands for, shape (areas,)."""
        heads = self.desk.organs["head"][self.power.areas]
        return np.where(heads >= 0, self.power.persons["regime"][np.maximum(heads, 0)], 0.0).astype(np.float32)

    def beside(self, branch: int, day: int) -> npt.NDArray[Any]:
        """Open bodies of a branch beside the committees of regions and provinces."""
        organs = self.desk.organs
        here = (organs["branch"] == branch) & (organs["level"] > r.CENTRE) & (organs["level"] <= r.GUBERNIA)
        return np.flatnonzero(here & (organs["opens"] <= day) & (organs["closes"] > day))

    def areas_open(self, day: int) -> npt.NDArray[np.bool_]:
        """Which areas have an open committee, shape (areas,)."""
        organs = self.desk.organs[self.power.areas]
        return np.asarray((organs["opens"] <= day) & (organs["closes"] > day))

    def congresses_on(self, day: int) -> Sequence[tuple[str, int]]:
        """Name and body of the congresses and conferences that meet on this day."""
        return self._congresses.get(day, ())

    def next_congress(self, day: int) -> int:
        """The day of the next congress or conference from this one on, NEVER if there is none."""
        return min((on for on in self._congresses if on >= day), default=NEVER)

    # -- disputes -----------------------------------------------------------------------------------------------

    def live_dispute(self) -> int:
        """Number of the dispute that is stated or under discussion, or NONE: the party debates one at a time."""
        live = np.flatnonzero((self.power.disputes["stage"] == STATED) | (self.power.disputes["stage"] == OPEN))
        return int(live[0]) if live.size else r.NONE

    def rival_text(self, otherwise: float) -> float:
        """Where the text stands, on the regime of the party, that is put against the course; as given where no dispute is under
        discussion: a letter that was kept back is not voted on."""
        number = self.live_dispute()
        is_open = number != r.NONE and self.power.disputes["stage"][number] == OPEN
        return float(self.power.disputes["regime"][number]) if is_open else otherwise

    def places(self) -> npt.NDArray[np.int64]:
        """Where each person works: the Centre 0, an area its number plus 1, -1 for who has no post. The named without one stay
        at the Centre."""
        persons = self.power.persons
        out = np.full(persons.size, r.NONE, np.int64)
        out[persons["named"] == 1] = 0
        held = persons["post"] != r.NONE
        out[held & (persons["level"] == r.CENTRE)] = 0
        below = held & (persons["level"] > r.CENTRE)
        at = np.searchsorted(self.power.areas, persons["area"][below])
        at = np.minimum(at, self.power.areas.size - 1)
        known = self.power.areas[at] == persons["area"][below]
        out[below] = np.where(known, at + 1, r.NONE)
        out[self.power.dissent["status"] == EXPELLED] = r.NONE
        return out

    def capital(self) -> int:
        """Index of the area of the capital, where the officials of the Centre are members."""
        return int(np.searchsorted(self.power.areas, self.scenario.committee_of["moscow"]))

    def acts_of(self) -> tuple[npt.NDArray[np.void], int]:
        """All acts of this day so far, and the number of the first of them."""
        first, parts = self.acts_today()
        return np.concatenate(parts), first

    def secretaries(self, level: int, day: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Secretaries of the open party bodies of a level, and the index of the area of each."""
        organs = self.desk.organs
        here = (organs["branch"] == r.PARTY) & (organs["level"] == level) & (organs["head"] != r.NONE)
        found = np.flatnonzero(here & (organs["opens"] <= day) & (organs["closes"] > day))
        return organs["head"][found].astype(np.int64), self.area_of[found].astype(np.int64)

    def officials_by_area(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Paid party officials ordered by area, and where each area begins."""
        persons = self.power.persons
        return self._by_area((persons["branch"] == r.PARTY) & (persons["level"] < r.VOLOST))

    def part_timers_by_area(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Those who do party work beside another job, in the same order: officials of other branches, secretaries of volosts and
        cells."""
        persons = self.power.persons
        return self._by_area((persons["branch"] == r.PARTY) == (persons["level"] >= r.VOLOST))

    def _by_area(self, which: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        persons = self.power.persons
        found = np.flatnonzero(which & (persons["level"] > r.CENTRE) & (persons["post"] >= 0))
        found = found[np.argsort(persons["area"][found], kind="stable")].astype(np.int32)
        area = persons["area"][found]
        return found, np.append(np.searchsorted(area, self.power.areas), np.searchsorted(area, self.power.areas[-1], side="right"))

    def travelling(self, day: int) -> list[int]:
        """Members of the Central Committee who can travel: elected, or before that documented; not workers from the bench."""
        known = [self.people.number[x] for x in self.scenario.central_committee if x in self.people.number]
        away = self.leaders_away(day)
        members = self.elected("central-committee") or known
        able = [i for i in members if i not in away and i not in self.workers and not self.expelled(i)]
        return [i for i in able if self.died.get(i, NEVER) > day]

    def sample(self, measure: str, day: int, scope: str, value: float) -> None:
        """Keeps a measure that only the state can tell."""
        self.samples.append((measure, self.date(day).isoformat(), scope, float(value)))

    def preparer(self, body: int, day: int, divided: bool) -> int:
        """The secretary who prepares the questions of a body: by division of duties, before it the first assistant."""
        if divided:
            person = self.scenario.duty(self.rules, r.CENTRAL_ORGANS[body], self.date(day))
            if person in self.people.number:
                return self.people.number[person]
        return int(self.desk.organs["head"][r.BUREAU])

    def holder(self, post: str, day: int) -> int:
        """Who holds a named post of the Centre on this day, or NONE."""
        return self.scenario.holder(self, post, day)

    # -- names --------------------------------------------------------------------------------------------------

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


def _below(organs: npt.NDArray[np.void], which: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """The chosen bodies ordered by the body above them: starts, and the bodies themselves."""
    chosen = np.flatnonzero(which)
    chosen = chosen[np.argsort(organs["above"][chosen], kind="stable")].astype(np.int32)
    start = np.searchsorted(organs["above"][chosen], np.arange(organs.size + 1)).astype(np.int32)
    return {"child_start": start, "children": chosen}


def _share_of_centre(
    start: npt.NDArray[np.int32], children: npt.NDArray[np.int32], organs: npt.NDArray[np.void]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Lets every state body of the Centre address the executive committees that stand under the VTsIK."""
    centre = organs["level"] == r.CENTRE
    sizes = np.where(centre, start[r.VTSIK + 1] - start[r.VTSIK], np.diff(start))
    first = np.append(0, np.cumsum(sizes))
    taken_from = np.repeat(np.where(centre, start[r.VTSIK], start[:-1]) - first[:-1], sizes) + np.arange(first[-1])
    return first.astype(np.int32), children[taken_from]


def new_desk(organs: npt.NDArray[np.void], days: int, slots: int) -> Desk:
    """An empty desk for a world of these bodies."""
    from drivebelt.log import CHUNK

    count = np.zeros(d.COUNTERS, np.int64)
    count[d.FREE_TOP] = slots
    count[d.YEAR], count[d.FREE_BLOCK] = r.NONE, r.NONE
    pool = d.aligned(slots, d.SLOT)
    pool["life"] = r.NONE
    return d.Desk(
        acts=np.zeros(CHUNK, r.ACT_ROW),
        documents=np.zeros(CHUNK, r.DOCUMENT_ROW),
        copies=np.zeros(CHUNK, r.COPY_ROW),
        matters=np.zeros(CHUNK, r.MATTER_ROW),
        pool=pool,
        free=np.arange(slots - 1, -1, -1, dtype=np.int32),
        heads=np.full((len(d.QUEUES), days + 2), r.NONE, np.int32),
        emptied=np.full(len(d.QUEUES), r.NONE, np.int32),
        blocks=d.blocks_for(slots, len(d.QUEUES) * (days + 2)),
        today=np.zeros(slots, np.int32),
        organs=organs,
        child_start=np.zeros(organs.size + 1, np.int32),
        children=np.zeros(0, np.int32),
        registers=np.zeros((organs.size, len(r.REGISTERS)), np.int32),
        central=np.zeros(64, r.CENTRAL_ROW),
        count=count,
    )


def more_slots(k: Desk, need: int) -> Desk:
    """The same desk with at least `need` free slots."""
    old = k.pool.size
    new = old
    while new - old + k.count[d.FREE_TOP] < need:
        new *= 2
    pool = d.aligned(new, d.SLOT)
    pool[:old] = k.pool
    pool["life"][old:] = r.NONE
    blocks = d.blocks_for(new, k.heads.size)
    blocks[: k.blocks.shape[0]] = k.blocks
    free = np.empty(new, np.int32)
    top = int(k.count[d.FREE_TOP])
    added = np.arange(new - 1, old - 1, -1, dtype=np.int32)
    free[: added.size] = added
    free[added.size : added.size + top] = k.free[:top]
    k.count[d.FREE_TOP] = top + added.size
    return k._replace(pool=pool, blocks=blocks, today=np.zeros(new, np.int32), free=free)


@njit(**STEP)
def _state_listed(k, state_start, day):
    total = 0
    for i in range(d.look(k, d.SOVIET_ORDER, day)):
        organ = k.pool[k.today[i]].organ
        mask = k.organs[organ].soviet if k.organs[organ].level > r.CENTRE else organ
        total += state_start[mask + 1] - state_start[mask]
    return total


@njit(**STEP)
def _hand_over(k, day):
    """Papers in the hands of closed bodies go to those that take over from them."""
    for slot in range(k.pool.shape[0]):
        s = k.pool[slot]
        if s.life != r.NONE:
            while k.organs[s.organ].closes <= day and k.organs[s.organ].heir != r.NONE:
                s.organ = k.organs[s.organ].heir
