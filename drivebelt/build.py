"""Builds the world of a scenario at a scale: bodies, places, posts, people, and the dated changes of the tree.

Territories down to the uezd are real and always whole; volost committees and cells stand under them in documented
totals times the scale. Beside each committee stand the executive committee, the OGPU department, the procurator, the
trade-union council, the newspaper and the trusts of its level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt import records as r
from drivebelt.desk import aligned
from drivebelt.errors import BadInput
from drivebelt.log import Log
from drivebelt.power.state import begin
from drivebelt.rulebook import Rulebook
from drivebelt.scenario import Scenario
from drivebelt.territory import MOSCOW, Territory, great_circle_km, territories
from drivebelt.world import World
from drivebelt.world.desks import new_desk
from drivebelt.world.parts import NEVER, Reform

SLOTS = 1 << 15


class Beside(NamedTuple):
    """A body that stands beside the committee of some levels."""

    branch: int
    name: str
    levels: tuple[int, ...]
    top: int
    """The body of the Centre over the highest of them."""
    since: date
    posts: tuple[str, ...]


_OF_COMMITTEES = re.compile(r"Central Committee of|Communist party of|Bureau|(oblast|krai|\(Kazakh\) oblast) committee")
_KIND = {r.REGION: "regional ", r.GUBERNIA: "provincial ", r.UEZD: "", r.VOLOST: "volost ", r.CELL: ""}
COMMITTEE = {
    r.REGION: "regional committee",
    r.GUBERNIA: "provincial committee",
    r.UEZD: "committee",
    r.VOLOST: "volost committee",
    r.CELL: "cell",
}
PARTY_POSTS = {
    r.REGION: (
        "secretary", "second secretary", "head of the organisation department", "head of agitation and propaganda",
        "head of accounting and distribution", "head of the women's department", "head of the secret part",
        "responsible instructor", "chairman of the control commission", "administrator", "second instructor", "third instructor",
        "head of the press subdepartment", "head of the nationalities subdepartment", "organiser of work in the countryside",
        "deputy head of agitation and propaganda", "deputy head of the organisation department", "member of the control commission",
    ),
    r.GUBERNIA: (
        "secretary", "head of the organisation department", "head of agitation and propaganda",
        "head of accounting and distribution", "head of the women's department", "head of the secret part",
        "responsible instructor", "second instructor", "chairman of the control commission", "administrator", "third instructor",
        "fourth instructor", "head of the press subdepartment", "head of the nationalities subdepartment",
        "organiser of work in the countryside", "deputy head of agitation and propaganda",
        "deputy head of the organisation department", "member of the control commission",
    ),
    r.UEZD: (
        "secretary", "head of the organisation department", "head of agitation and propaganda", "women's organiser",
        "head of the secret part", "responsible instructor", "second instructor", "keeper of accounts of workers",
        "organiser of work in the countryside", "chairman of the control commission",
    ),
    r.VOLOST: ("secretary",),
    r.CELL: ("secretary",),
}  # fmt: skip
_EARLY = date(1917, 11, 7)
BESIDE = (
    Beside(
        r.STATE, "executive committee", (r.REGION, r.GUBERNIA, r.UEZD, r.VOLOST), r.VTSIK, _EARLY,
        ("chairman", "deputy chairman", "secretary", "head of administration", "head of the land department",
         "head of the finance department", "head of the education department", "head of the health department",
         "head of the food or tax department", "head of the communal economy", "military commissar", "head of the militia",
         "head of the labour department", "head of the department of internal trade", "head of social security",
         "head of the workers' and peasants' inspection"),
    ),
    Beside(
        r.POLICE, "GPU department", (r.REGION, r.GUBERNIA, r.UEZD), r.OGPU, _EARLY,
        ("head", "deputy head", "head of the secret section", "head of the economic section", "head of the information section"),
    ),
    Beside(r.PROCURACY, "procurator", (r.GUBERNIA, r.UEZD), r.PROCURATOR_GENERAL, date(1922, 5, 28), ("procurator",)),
    Beside(r.UNION, "trade-union council", (r.GUBERNIA, r.UEZD), r.VTSSPS, _EARLY,
           ("chairman", "secretary", "head of the wages department", "head of the organisation department",
            "head of the cultural department", "chairman of the metalworkers")),
    Beside(r.PRESS, "newspaper", (r.REGION, r.GUBERNIA, r.UEZD), r.PRAVDA, _EARLY,
           ("editor", "deputy editor", "secretary of the editors")),
    Beside(r.ECONOMY, "trust", (r.GUBERNIA,), r.VSNKH, _EARLY,
           ("director", "head of the secret part", "deputy director", "director of the largest works")),
)  # fmt: skip
FEWER = {r.STATE: 12, r.POLICE: 3, r.UNION: 3, r.PRESS: 2}
"""Posts of the uezd's bodies: the first so many of those of the province. The totals come near to the documented number of
responsible workers of 1921; the posts themselves are those usual at the time (general reference)."""


class Builder:
    """Collects bodies one after the other; their numbers are their places in the list."""

    def __init__(self, scenario: Scenario, rules: Rulebook, seed: int, scale: float, start: date, days: int) -> None:
        """`start` and `days` are the run's own, within the scenario's period."""
        self.scenario, self.rules, self.seed, self.scale = scenario, rules, seed, scale
        self.start, self.days = start, days
        self.rows: list[dict[str, Any]] = []
        self.posts: list[tuple[int, str]] = []
        self.named_posts: dict[str, list[int]] = {}
        self.of_territory: dict[tuple[str, int], list[int]] = {}

    def value(self, rule: str) -> Any:
        """A rule's value on the first day."""
        return self.rules.value(rule, self.start)

    def day(self, on: date | None) -> int:
        """Day of the run on which something happens: 0 if before it, NEVER if not at all."""
        return NEVER if on is None else min(max((on - self.start).days, 0), NEVER)

    def body(self, name: str, level: int, branch: int, above: int, since: date, until: date | None, **more: Any) -> int:
        """Adds one body and returns its number."""
        row = {
            "name": name, "level": level, "branch": branch, "above": above, "soviet": r.NONE, "since": since,
            "until": until, "opens": self.day(since), "closes": self.day(until), "heir": r.NONE, "territory": None,
            "place": r.NONE, "own_rail": 0.0, "own_road": 0.0,
        }  # fmt: skip
        row.update(more)
        self.rows.append(row)
        return len(self.rows) - 1

    # -- the Centre ---------------------------------------------------------------------------------------------

    def centre(self) -> None:
        """Bodies of the Centre: those that mechanisms name first, in the fixed order, then the others."""
        given = self.scenario.centre["organs"]
        missing = [name for name in r.CENTRAL_ORGANS if name not in given]
        if missing:
            raise BadInput(f"scenarios/data/centre.yaml: no organ {missing[0]!r}; every run needs it")
        order = [*r.CENTRAL_ORGANS, *(name for name in given if name not in r.CENTRAL_ORGANS)]
        number = {name: i for i, name in enumerate(order)}
        self.scenario.organ_of = number
        for name in order:
            g = given[name]
            self.body(
                g["name"], r.CENTRE, r.BRANCHES.index(g["branch"]), r.NONE, _whole(g.get("from")), _end(g.get("to")),
                parent=number.get(g.get("parent") or "", r.NONE), heir=number.get(g.get("successor") or "", r.NONE),
                key=name,
            )  # fmt: skip
        for key, post in self.scenario.centre["posts"].items():
            seats = int(post.get("seats") or 1)
            organ = number[post["organ"]]
            for seat in range(seats):
                self.posts.append((organ, post["name"] if seats == 1 else f"{post['name']}, seat {seat + 1}"))
                self.named_posts.setdefault(key, []).append(len(self.posts) - 1)

    # -- territories --------------------------------------------------------------------------------------------

    def territory(self, t: Territory) -> None:
        """The committee of a territory and the bodies beside it."""
        level = r.LEVELS.index(t.level)
        opens, closes = self.day(t.valid_from), self.day(t.valid_to)
        if opens >= self.days or closes <= 0 or closes <= opens:
            return
        since = _EARLY if t.valid_from <= self.start else t.valid_from
        parent = t.parent_at(max(self.start, t.valid_from))
        own = {"territory": t.id, "place": len(self.of_territory)}
        above = self.over(parent, r.PARTY, r.CC)
        place, own_name = _place(t.name)
        name = t.name if own_name else f"{place} {COMMITTEE[level]}"
        committee = self.body(name, level, r.PARTY, above, since, t.valid_to, **own)
        self.of_territory[t.id, r.PARTY] = [committee]
        self.scenario.committee_of[t.id] = committee
        self._posts(committee, PARTY_POSTS[level])
        for beside in BESIDE:
            if level not in beside.levels:
                continue
            for number in range(int(self.value("trusts_a_province")) if beside.branch == r.ECONOMY else 1):
                name = f"{place} {_KIND[level]}{beside.name}" + (f" no. {number + 1}" if beside.branch == r.ECONOMY else "")
                organ = self.body(
                    name, level, beside.branch, self.over(parent, beside.branch, beside.top), max(since, beside.since),
                    t.valid_to, **own,
                )  # fmt: skip
                self.of_territory.setdefault((t.id, beside.branch), []).append(organ)
                self._posts(organ, beside.posts[: FEWER.get(beside.branch)] if level == r.UEZD else beside.posts)
                if beside.branch == r.STATE:
                    self.rows[committee]["soviet"] = organ

    def over(self, territory: str, branch: int, top: int) -> int:
        """The body of a branch in the territory above, or further up, or at the Centre."""
        while territory != "centre":
            if (territory, branch) in self.of_territory:
                return self.of_territory[territory, branch][0]
            territory = territories()[territory].parent_at(self.start)
        return top

    def _posts(self, organ: int, names: Iterable[str]) -> None:
        self.posts += [(organ, name) for name in names]

    # -- volosts and cells --------------------------------------------------------------------------------------

    def country(self) -> None:
        """Volost committees with their executive committees, and the cells."""
        holders = [o for o in self._lowest() if self.rows[o]["opens"] == 0]
        volosts: list[int] = []
        number = self._share_out(holders, self.value("volost_committees"), "volosts", self.value("volost_spread"))
        least, most = (self.value("volost_distance")[k] for k in ("least", "most"))
        for holder, n in zip(holders, number, strict=True):
            t = self.rows[holder]
            where = territories()[t["territory"]].name
            for i in range(n):
                km = least + (most - least) * float(draws.fractions(self.seed, "places", [draws.key(holder, i)])[0])
                own = {"territory": t["territory"], "place": t["place"], "own_road": km}
                v = self.body(f"{where}, volost committee no. {i + 1}", r.VOLOST, r.PARTY, holder, _EARLY, None, **own)
                s = self.body(
                    f"{where}, volost executive committee no. {i + 1}",
                    r.VOLOST,
                    r.STATE,
                    t["soviet"],
                    _EARLY,
                    None,
                    **own,
                )
                self.rows[v]["soviet"] = s
                self._posts(v, PARTY_POSTS[r.VOLOST])
                self._posts(s, ("chairman",))
                volosts.append(v)
        total = self.value("cells_total")
        town = self.value("town_cell_share")
        self._cells(holders, total * town)
        self._cells(volosts, total * (1.0 - town))

    def _cells(self, over: list[int], total: float) -> None:
        least, most = (self.value("cell_distance")[k] for k in ("least", "most"))
        for holder, n in zip(over, self._share_out(over, total, "cells", 0.0), strict=True):
            t = self.rows[holder]
            where = t["name"].replace("volost committee", "volost")
            far = draws.fractions(self.seed, "places", np.arange(n), holder)
            for i in range(n):
                cell = self.body(
                    f"{where}, cell no. {i + 1}", r.CELL, r.PARTY, holder, _EARLY, None, territory=t["territory"],
                    place=t["place"], own_road=least + (most - least) * float(far[i]),
                )  # fmt: skip
                self._posts(cell, PARTY_POSTS[r.CELL])

    def _share_out(self, over: list[int], total: float, stream: str, spread: float) -> list[int]:
        """How many of `total` (times the scale) stand under each body; whole numbers that add up but for rounding."""
        if not over:
            return []
        u = draws.fractions(self.seed, stream, over)
        weight = 1.0 + spread * (2.0 * draws.fractions(self.seed, stream, over, 1) - 1.0)
        exact = total * self.scale * weight / weight.sum()
        return [int(e + x) for e, x in zip(exact, u, strict=True)]

    def _lowest(self) -> list[int]:
        """Committees that have volosts: uezds, and provinces without uezds."""
        uezds = [i for i, row in enumerate(self.rows) if row["level"] == r.UEZD and row["branch"] == r.PARTY]
        with_uezds = {self.rows[i]["above"] for i in uezds}
        bare = [
            i for i, row in enumerate(self.rows) if row["level"] == r.GUBERNIA and row["branch"] == r.PARTY and i not in with_uezds
        ]
        return sorted([*uezds, *bare])

    def courts(self) -> None:
        """A court beside the committee of each province and region, numbered after all other bodies."""
        for t in sorted(territories().values(), key=lambda t: r.LEVELS.index(t.level)):
            committee = self.of_territory.get((t.id, r.PARTY))
            level = r.LEVELS.index(t.level)
            if committee is None or level not in (r.REGION, r.GUBERNIA):
                continue
            row = self.rows[committee[0]]
            above = self.over(t.parent_at(max(self.start, t.valid_from)), r.JUSTICE, r.NK_JUSTICE)
            court = self.body(
                f"{_place(t.name)[0]} {_KIND[level]}court", level, r.JUSTICE, above, row["since"], row["until"],
                territory=t.id, place=row["place"],
            )  # fmt: skip
            self.of_territory[t.id, r.JUSTICE] = [court]
            self._posts(court, ("chairman",))

    # -- changes ------------------------------------------------------------------------------------------------

    def heirs_and_reforms(self) -> list[Reform]:
        """Who takes over from each closed body, and what changes in the tree on which day."""
        changes: dict[int, Reform] = {}
        known = territories()
        for (territory, branch), organs in self.of_territory.items():
            successor = known[territory].successor
            heirs = self.of_territory.get((successor, branch)) if successor else None
            for i, organ in enumerate(organs):
                row = self.rows[organ]
                if heirs:
                    row["heir"] = heirs[min(i, len(heirs) - 1)]
                later = self.rows[row["above"]] if row["above"] != r.NONE else row
                if later["opens"] > row["opens"]:
                    self._until_it_opens(organ, known[territory], branch, changes)
                if 0 < row["opens"] < self.days:
                    changes.setdefault(row["opens"], Reform(row["opens"])).opened.append(organ)
                if row["closes"] < self.days:
                    changes.setdefault(row["closes"], Reform(row["closes"])).closed.append(organ)
            for on, parent in known[territory].parents[1:]:
                day = self.day(on)
                if 0 < day < self.days:
                    for organ in organs:
                        top = _top(branch)
                        changes.setdefault(day, Reform(day)).moved.append((organ, self.over(parent, branch, top)))
        above = np.array([row["above"] for row in self.rows])
        closes = np.array([row["closes"] for row in self.rows])
        for day in sorted(changes):
            for organ in changes[day].closed:
                heir = self.rows[organ]["heir"]
                while heir != r.NONE and closes[heir] <= day:
                    heir = self.rows[heir]["heir"]
                if heir == r.NONE:
                    heir = int(above[organ])
                for child in np.flatnonzero((above == organ) & (closes > day)):
                    if int(child) != heir:
                        changes[day].moved.append((int(child), int(heir)))
            for organ, new in changes[day].moved:
                above[organ] = new
        return [changes[day] for day in sorted(changes)]

    def _until_it_opens(self, organ: int, t: Territory, branch: int, changes: dict[int, Reform]) -> None:
        """A body whose parent is not there yet stands under the next above until the parent opens."""
        row = self.rows[organ]
        opening = self.rows[row["above"]]["opens"]
        if opening < self.days:
            changes.setdefault(opening, Reform(opening)).moved.append((organ, row["above"]))
        parent = territories()[t.parent_at(max(self.start, t.valid_from))]
        row["above"] = self.over(parent.parents[0][1], branch, _top(branch))

    # -- arrays -------------------------------------------------------------------------------------------------

    def array(self) -> npt.NDArray[np.void]:
        """The bodies as the desk holds them, with traits drawn and distances measured."""
        organs = aligned(len(self.rows), r.ORGAN_ROW)
        for name in ("above", "soviet", "opens", "closes", "heir", "level", "branch", "own_rail", "own_road"):
            organs[name] = [row[name] for row in self.rows]
        organs["territory"] = [row["place"] for row in self.rows]
        organs["head"] = r.NONE
        low, high = self.value("trait_low"), self.value("trait_high")
        everyone = np.arange(organs.size)
        for salt, trait in enumerate(("zeal", "caution", "competence", "roots")):
            organs[trait] = low[trait] + (high[trait] - low[trait]) * draws.fractions(self.seed, "traits", everyone, salt)
        organs["sitting"] = (6 * draws.fractions(self.seed, "traits", everyone, 4)).astype(np.int8)
        lag = self.value("report_lag_by_level")
        organs["level_lag"] = np.array([int(lag[level]) for level in r.LEVELS])[organs["level"]]
        self._measure(organs)
        return organs

    def _measure(self, organs: npt.NDArray[np.void]) -> None:
        """The way from each seat to the one above: by rail between railheads, by road beyond them."""
        known = territories()
        circuity = self.value("rail_circuity")
        for i, row in enumerate(self.rows):
            if row["territory"] is None or row["level"] >= r.VOLOST:
                continue
            t = known[row["territory"]]
            above = self.rows[row["above"]] if row["above"] != r.NONE else {"territory": None}
            up = known[above["territory"]] if above["territory"] else None
            seat = (up.lat, up.lon) if up else MOSCOW
            way = great_circle_km((t.lat, t.lon), seat) * circuity
            road = min(way, t.railhead_km + (up.railhead_km if up else 0.0))
            organs[i]["own_rail"], organs[i]["own_road"] = way - road, road


def build(scenario: Scenario, rules: Rulebook, seed: int, scale: float, start: date, days: int, log: Log | None = None) -> World:
    """The world on the first day of a run.

    `scale` multiplies volost committees and cells (1.0 is the documented country). Raises BadInput where the
    scenario's files do not fit together.
    """
    b = Builder(scenario, rules, seed, scale, start, days)
    b.centre()
    order = sorted(territories().values(), key=lambda t: r.LEVELS.index(t.level))
    for t in order:
        b.territory(t)
    b.country()
    b.courts()
    reforms = b.heirs_and_reforms()
    organs = b.array()
    from drivebelt.people import populate

    people, heads = populate(b, organs)
    power = begin(b, people, dict(scenario.views))
    desk = new_desk(organs, days, SLOTS)
    return World(scenario, rules, seed, start, days, desk, b.rows, people, power, scale, heads, reforms, log)


def _top(branch: int) -> int:
    """The body of the Centre over the highest bodies of a branch."""
    if branch == r.JUSTICE:
        return r.NK_JUSTICE
    return next((b.top for b in BESIDE if b.branch == branch), r.CC)


def _whole(value: Any) -> date:
    """A date from YAML that may be a year, a year and month, or missing."""
    if isinstance(value, date):
        return value
    if value is None:
        return _EARLY
    text = str(value)
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < len("1922-01-01") else text)


def _end(value: Any) -> date | None:
    return None if value is None else _whole(value)


def _place(name: str) -> tuple[str, bool]:
    """The place in a territory's name, and whether the name is already that of a committee."""
    place = _OF_COMMITTEES.sub("", name).strip()
    return place, place != name
