"""The committee of each territory down to the uezd, with the bodies beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from drivebelt import records as r
from drivebelt.building.beside import BESIDE, COMMITTEE, FEWER, KIND, PARTY_POSTS
from drivebelt.building.dates import EARLY
from drivebelt.territory import Territory, territories

if TYPE_CHECKING:
    from drivebelt.building.builder import Builder

_OF_COMMITTEES = re.compile(r"Central Committee of|Communist party of|Bureau|(oblast|krai|\(Kazakh\) oblast) committee")


def territory(b: Builder, t: Territory) -> None:
    """The committee of a territory and the bodies beside it."""
    level = r.LEVELS.index(t.level)
    opens, closes = b.day(t.valid_from), b.day(t.valid_to)
    if opens >= b.days or closes <= 0 or closes <= opens:
        return
    since = EARLY if t.valid_from <= b.start else t.valid_from
    parent = t.parent_at(max(b.start, t.valid_from))
    own = {"territory": t.id, "place": len(b.of_territory)}
    above = b.over(parent, r.PARTY, r.CC)
    place, own_name = _place(t.name)
    name = t.name if own_name else f"{place} {COMMITTEE[level]}"
    committee = b.body(name, level, r.PARTY, above, since, t.valid_to, **own)
    b.of_territory[t.id, r.PARTY] = [committee]
    b.scenario.committee_of[t.id] = committee
    b.add_posts(committee, PARTY_POSTS[level])
    for beside in BESIDE:
        if level not in beside.levels:
            continue
        for number in range(int(b.value("trusts_a_province")) if beside.branch == r.ECONOMY else 1):
            name = f"{place} {KIND[level]}{beside.name}" + (f" no. {number + 1}" if beside.branch == r.ECONOMY else "")
            organ = b.body(
                name, level, beside.branch, b.over(parent, beside.branch, beside.top), max(since, beside.since),
                t.valid_to, **own,
            )  # fmt: skip
            b.of_territory.setdefault((t.id, beside.branch), []).append(organ)
            b.add_posts(organ, beside.posts[: FEWER.get(beside.branch)] if level == r.UEZD else beside.posts)
            if beside.branch == r.STATE:
                b.rows[committee]["soviet"] = organ


def courts(b: Builder) -> None:
    """A court beside the committee of each province and region, numbered after all other bodies."""
    for t in sorted(territories().values(), key=lambda t: r.LEVELS.index(t.level)):
        committee = b.of_territory.get((t.id, r.PARTY))
        level = r.LEVELS.index(t.level)
        if committee is None or level not in (r.REGION, r.GUBERNIA):
            continue
        row = b.rows[committee[0]]
        above = b.over(t.parent_at(max(b.start, t.valid_from)), r.JUSTICE, r.NK_JUSTICE)
        court = b.body(
            f"{_place(t.name)[0]} {KIND[level]}court", level, r.JUSTICE, above, row["since"], row["until"],
            territory=t.id, place=row["place"],
        )  # fmt: skip
        b.of_territory[t.id, r.JUSTICE] = [court]
        b.add_posts(court, ("chairman",))


def _place(name: str) -> tuple[str, bool]:
    """The place in a territory's name, and whether the name is already that of a committee."""
    place = _OF_COMMITTEES.sub("", name).strip()
    return place, place != name
