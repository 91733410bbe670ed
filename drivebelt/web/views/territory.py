"""The map: how a directive of the Centre reaches the territories day by day, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drivebelt.report.words import LEVEL_NAMES
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.drawing.country import map_of_reach
from drivebelt.web.layers import BELOW
from drivebelt.web.page import Chart, Column, Page, Route, Row, Table, listed
from drivebelt.web.reaching import Reach, directives, issued_on, reach

_FOUND = 12
"""Directives that a search shows."""
_EVERY = "directives"
_LATEST = 120
"""Days after which the map shows no single days: what comes later comes with the last."""


def territory(asked: Asked) -> Page:
    """One directive on its way, on a day after it was signed."""
    run, library = asked.run, asked.library
    every = library.kept(run, _EVERY, lambda: directives(run))
    query = asked.word("q")
    words = query.casefold().split()
    matching = [d for d in every if all(word in f"{d['subject']} {d['domain']} {d['kind']}".casefold() for word in words)]
    content: dict[str, Any] = {
        "q": query, "number": len(every), "found": len(matching),
        "directive": None,
        "matching": [
            {**d, "to": asked.here(matter=d["matter"], q=query, day=None, sort=None, page=None)} for d in matching[:_FOUND]
        ],
    }  # fmt: skip
    page = Page("territory.html.j2", "Map", content)
    matter = asked.whole("matter")
    chosen = next((d for d in every if d["matter"] == matter), None) if matter is not None else next(iter(matching or every), None)
    if matter is not None and chosen is None:
        raise NotThere(f"question {matter} brought no directive of the Central Committee; search for one on the map")
    if chosen is None:
        return page
    found = library.kept(run, ("reach", chosen["matter"]), lambda: reach(run, chosen))
    until = min(found.last, _LATEST)
    day = asked.whole("day", until, 0, 10_000)
    day = until if day is None else min(day, until)
    content |= {
        "directive": chosen, "by_rule": matter is None, "day": day, "until": until, "on": issued_on(chosen["issued"], day),
        "shares": [
            {"level": BELOW[row["level"]].lower(), "share": share}
            for row in found.levels if row["had"] and (share := found.share(row["level"], day)) is not None
        ],
        "back": asked.here(day=max(day - 1, 0), matter=chosen["matter"]),
        "forward": asked.here(day=min(day + 1, until), matter=chosen["matter"]),
        "believed": found.believed, "gap": _gap(found),
    }  # fmt: skip
    page.charts["map"] = Chart((run.info["digest"], "map", chosen["matter"], day), lambda: map_of_reach(found, day, until))
    page.tables["levels"] = _levels(found)
    page.tables["provinces"] = _provinces(asked, found)
    return page


def warm(asked: Asked) -> None:
    """Has the list of directives made while the reader looks at another page."""
    run = asked.run
    asked.library.soon(run, _EVERY, lambda: directives(run))


def _gap(found: Reach) -> dict[str, float | None] | None:
    """What was done at the lowest level that did anything, what the highest that reports claims, both in per cent."""
    done = [row["done"] for row in found.levels if row["done"] is not None]
    claimed = [row["claimed"] for row in found.levels if row["claimed"] is not None]
    return {"done": done[-1], "claimed": claimed[0] if claimed else None} if done else None


def _telling(columns: Sequence[Column], rows: Sequence[Row]) -> list[Column]:
    """The columns in which any row has a value: nobody reports on most directives."""
    return [c for c in columns if any(row.get(c.key) is not None for row in rows)]


def _levels(found: Reach) -> Table:
    columns = (
        Column("name", "Level"), Column("bodies", "Committees", numeric=True), Column("had", "Had it", numeric=True),
        Column("first", "First after, days", numeric=True), Column("median", "Half after, days", numeric=True),
        Column("last", "Last after, days", numeric=True), Column("changed", "Marks changed, of 64", numeric=True),
        Column("done", "Done, %", numeric=True), Column("claimed", "Claimed upwards, %", numeric=True),
    )  # fmt: skip
    rows = [{**row, "name": LEVEL_NAMES[row["level"]]} for row in found.levels]
    return Table(_telling(columns, rows), rows, caption="By level", size=len(rows))


def _provinces(asked: Asked, found: Reach) -> Table:
    columns = (
        Column("name", "Province or region", link=lambda r: asked.to("body", r["organ"]), sortable=True),
        Column("above", "Under", sortable=True), Column("lag", "Had it after, days", numeric=True, sortable=True),
        Column("districts", "Districts that had it", numeric=True, sortable=True),
        Column("median", "Half of them after, days", numeric=True, sortable=True),
        Column("below", "Volosts and cells that had it", numeric=True, sortable=True),
        Column("done", "Done, %", numeric=True, sortable=True), Column("claimed", "Claimed, %", numeric=True, sortable=True),
        Column("gap", "Claimed over done, points", numeric=True, sortable=True),
    )  # fmt: skip
    return listed(asked, found.provinces, _telling(columns, found.provinces), caption="By province")


ROUTES = (Route("/run/{run}/map", territory),)
