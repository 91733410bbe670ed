"""The world of a run: who and what exists, as arrays, and the questions mechanisms ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.log import Log, Names, make_room
from drivebelt.power.state import BODIES, EXPELLED, OFFICES, OPEN, STATED, Power
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
        stake = rules.value("stake_of_level", start)
        self.stakes = np.array([stake[level] for level in r.LEVELS])
        self.resources = {
            people.number[name]: float(view["resources"]) for name, view in scenario.views.items() if name in people.number
        }
        """Person number -> what he can lean on by himself, in [0, 1]."""
        self.died = {people.number[name]: (on - start).days for name, on in scenario.died.items() if name in people.number}
        """Person number -> day of death."""
        self.workers = [i for i, person in enumerate(people.persons) if person.get("worker")]
        """Person numbers of workers from the bench who may come into the Central Committee."""
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
            self._take_office(organ, person)

    def _take_office(self, organ: int, person: int) -> None:
        """A documented holder comes into the first post of a body."""
        posts = self.power.posts
        found = np.flatnonzero((posts["organ"] == organ) & (posts["head"] == 1))
        if found.size:
            post = int(found[0])
            posts["holder"][post] = person
            self.power.persons["post"][person], self.power.persons["level"][person] = post, posts["level"][post]
            self.power.persons["area"][person] = posts["area"][post]

    def events_on(self, day: int) -> Sequence[Event]:
        """Outside events of the scenario on this day."""
        return self._events.get(day, ())

    # -- room ---------------------------------------------------------------------------------------------------

    def room(
        self, *, acts: int = 0, documents: int = 0, copies: int = 0, matters: int = 0, slots: int = 0, central: int = 0
    ) -> None:
        """Makes sure that a step can write so many rows and open so many slots."""
        if self.log is not None:
            self.desk = make_room(self.log, self.desk, acts, documents, copies, matters)
        if slots > self.desk.count[d.FREE_TOP]:
            self.desk = more_slots(self.desk, slots)
        n = int(self.desk.count[d.CENTRAL_MATTERS])
        if n + central > self.desk.central.size:
            wider = np.zeros(2 * (n + central), r.CENTRAL_ROW)
            wider[:n] = self.desk.central[:n]
            self.desk = self.desk._replace(central=wider)

    def listed(self, queue: int, day: int) -> tuple[int, int]:
        """Papers in a calendar on this day, and committees below their holders."""
        if self.desk.heads[queue, day] == r.NONE:
            return 0, 0
        return d.listed(self.desk, queue, day)

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

    def committee(self, day: int) -> list[int]:
        """Living members of the Central Committee: those elected in the run, before it those of the first day."""
        if self.elected("central-committee"):
            return self.seats(r.CC, day)
        number = self.people.number
        here = {number[name] for name in self.scenario.central_committee if name in number} | set(self.seats(r.CC, day))
        return sorted(p for p in here if self.died.get(p, NEVER) > day and not self.expelled(p))

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
        return sorted(
            {p for p in here if p != r.NONE and p not in members and self.died.get(p, NEVER) > day and not self.expelled(p)}
        )

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

    def cues(self) -> npt.NDArray[np.float32]:
        """What the secretary of each area stands for, shape (areas,)."""
        heads = self.desk.organs["head"][self.power.areas]
        return np.where(heads >= 0, self.power.persons["regime"][np.maximum(heads, 0)], 0.0).astype(np.float32)

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
        """Where the text stands, on the regime of the party, that is put against the course; without a dispute as given."""
        number = self.live_dispute()
        return float(self.power.disputes["regime"][number]) if number != r.NONE else otherwise

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

    def acts_of(self, day: int) -> tuple[npt.NDArray[np.void], int]:
        """Today's acts as far as they are still on the desk, and the number of the first of them.

        What a mechanism wrote is there at least until another asks for room.
        """
        last = int(self.desk.count[d.NEXT_ACT] - self.desk.count[d.FIRST_ACT])
        low, high = 0, last
        while low < high:
            middle = (low + high) // 2
            if self.desk.acts[middle]["day"] < day:
                low = middle + 1
            else:
                high = middle
        return self.desk.acts[low:last], int(self.desk.count[d.FIRST_ACT]) + low

    def officials_by_area(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Paid party officials ordered by area, and where each area begins."""
        persons = self.power.persons
        level = persons["level"]
        paid = np.flatnonzero((persons["apparatus"] == 1) & (level > r.CENTRE) & (level < r.VOLOST) & (persons["post"] >= 0))
        paid = paid[np.argsort(persons["area"][paid], kind="stable")].astype(np.int32)
        area = persons["area"][paid]
        return paid, np.append(np.searchsorted(area, self.power.areas), np.searchsorted(area, self.power.areas[-1], side="right"))

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
    under = children[start[r.VTSIK] : start[r.VTSIK + 1]]
    centre = np.flatnonzero(organs["level"] == r.CENTRE)
    lists = [under if i in centre else children[start[i] : start[i + 1]] for i in range(organs.size)]
    sizes = np.array([0, *(part.size for part in lists)], np.int32)
    return np.cumsum(sizes).astype(np.int32), np.concatenate(lists).astype(np.int32)


def new_desk(organs: npt.NDArray[np.void], days: int, slots: int) -> Desk:
    """An empty desk for a world of these bodies."""
    from drivebelt.log import CHUNK

    count = np.zeros(len(range(d.CENTRAL_MATTERS + 1)), np.int64)
    count[d.FREE_TOP] = slots
    count[d.YEAR] = r.NONE
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
        links=d.no_links(slots),
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
    links = d.no_links(new)
    links[:old] = k.links
    free = np.empty(new, np.int32)
    top = int(k.count[d.FREE_TOP])
    added = np.arange(new - 1, old - 1, -1, dtype=np.int32)
    free[: added.size] = added
    free[added.size : added.size + top] = k.free[:top]
    k.count[d.FREE_TOP] = top + added.size
    return k._replace(pool=pool, links=links, free=free)


@d.njit(cache=True)
def _state_listed(k, state_start, day):
    total = 0
    slot = k.heads[d.SOVIET_ORDER, day]
    while slot != r.NONE:
        mask = k.organs[k.pool[slot].organ].soviet
        total += state_start[mask + 1] - state_start[mask]
        slot = k.links[slot, d.SOVIET_ORDER]
    return total


@d.njit(cache=True)
def _hand_over(k, day):
    """Papers in the hands of closed bodies go to those that take over from them."""
    for slot in range(k.pool.shape[0]):
        s = k.pool[slot]
        if s.life != r.NONE:
            while k.organs[s.organ].closes <= day and k.organs[s.organ].heir != r.NONE:
                s.organ = k.organs[s.organ].heir
