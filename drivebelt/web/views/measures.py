"""Measures: all of them at a glance, and each with its meaning, rule, values and documented figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from markupsafe import Markup

from drivebelt.report import congresses, members, paper, seats, votes
from drivebelt.report.drawing import Drawn, period
from drivebelt.results import Run
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.drawing import measures as drawing
from drivebelt.web.figures import drawing_alone
from drivebelt.web.meaning import MEANINGS, Meaning, documented, meaning
from drivebelt.web.naming import amount
from drivebelt.web.page import Chart, Column, Page, Route, listed, paged

Lines = dict[str, tuple[list[date], list[float]]]

REPORT: dict[str, tuple[str, Callable[[Run], Drawn]]] = {
    "decided-before": ("with the documented circles", paper.decided_before), "acts": ("on a logarithmic scale", paper.volumes),
    "secret-share": ("by grade of secrecy", paper.grades), "documents": ("by grade of secrecy", paper.grades),
    "returned-in-time": ("with the terms and the burning", paper.returns), "burned": ("beside the returns", paper.returns),
    "votes-against": ("with the bent decisions", votes.votes), "bent": ("with the votes against", votes.votes),
    "dependence": ("beside the posts owed", votes.dependence), "posts-owed": ("beside the dependence", votes.dependence),
    "apparatus-share": ("congress by congress", congresses.congresses),
    "apparatus-with-part-time": ("congress by congress", congresses.congresses),
    "delegates-against": ("congress by congress", congresses.congresses), "circle": ("member by member", seats.circle),
    "members": ("by the way they came in", members.members), "admitted": ("as layers of members", members.members),
    "seats-documented": ("seat by seat", seats.bodies),
}  # fmt: skip
"""Figures of the report that tell more of a measure."""


def lines(asked: Asked, run: Run) -> dict[str, Lines]:
    """All measures of a run: name -> scope -> (days, values)."""

    def make() -> dict[str, Lines]:
        out: dict[str, Lines] = {}
        for row in run.rows(
            "select measure, scope, list(day order by day) as days, list(value order by day) as vals from measures group by all "
            "order by measure, scope"
        ):
            out.setdefault(row["measure"], {})[row["scope"]] = (row["days"], row["vals"])
        return out

    return asked.library.kept(run, "measures", make)


def chosen(what: Meaning, every: Lines, asked_for: str = "") -> Lines:
    """The scopes to draw: those asked for, or else those the measure begins with, or else the first."""
    wanted = [s for s in asked_for.split(",") if s in every] or [s for s in what.first if s in every] or list(every)
    return {scope: every[scope] for scope in wanted[: drawing.MOST]}


def measures(asked: Asked) -> Page:
    """Every measure as a small line."""
    run = asked.run
    every = lines(asked, run)
    first, last = period(run.info)
    groups: dict[str, list[dict[str, Any]]] = {}
    known = [m for m in MEANINGS if m.name in every] + [meaning(name) for name in every if name not in {m.name for m in MEANINGS}]
    for m in known:
        drawn = chosen(m, every[m.name])
        points = documented(m.name, run.info["scenario"])
        svg = drawing.spark(m, drawn, points, first, last)
        ends = [{"scope": s, "from": v[0], "to": v[-1]} for s, (_, v) in list(drawn.items())[:1]]
        groups.setdefault(m.group, []).append(
            {"name": m.name, "title": m.title, "about": m.short, "unit": m.unit, "scopes": len(every[m.name]),
            "documented": len([p for p in points if p.value is not None]),
             "spark": Markup(svg), "ends": ends}
        )  # fmt: skip
    return Page("measures.html.j2", "Measures and experiments", {"groups": groups, "count": len(known)})


def measure(asked: Asked) -> Page:
    """One measure."""
    run, name = asked.run, asked.parts["name"]
    every = lines(asked, run).get(name)
    if every is None:
        raise NotThere(f"no measure {name[:60]!r} in this run; the list of measures names those that there are")
    what = meaning(name)
    asked_for = asked.word("scope")
    shown = chosen(what, every, asked_for)
    first, last = period(run.info)
    points = documented(name, run.info["scenario"])
    figure = asked.choice("figure-of", ("report",)) if name in REPORT else ""

    def draw() -> Drawn:
        with drawing_alone():
            return REPORT[name][1](run) if figure else drawing.measure(what, shown, points, first, last)

    chart = Chart((run.info["digest"], str(run.path), "measure", name, figure, *shown), draw)
    table = paged(
        asked, "select day, scope, value from measures where measure = ? and scope in (select unnest(?))", [name, list(shown)],
        (Column("day", "Day", sortable=True), Column("scope", "Of", sortable=True),
        Column("value", "Value" if what.unit in ("share", "per cent") else f"Value ({what.unit})", numeric=True, sortable=True,
        told=lambda v: amount(v, what.unit))),
        "day, scope",
    )  # fmt: skip
    judged = [
        {"name": p.target.name, "documented": p.target.documented, "unit": p.target.unit, "dated": p.target.dated,
        "run": _value(asked, run, p.target), "kind": p.target.kind,
         "source": p.target.cited, "remark": p.target.remark}
        for p in points
    ]  # fmt: skip
    content = {
        "measure": {"name": name, "unit": what.unit, "about": what.short, "says": what.says, "rule": what.rule,
        "group": what.group},
        "scopes": list(every), "shown": list(shown), "figure_of": figure, "report": REPORT[name][0] if name in REPORT else None,
        "most": drawing.MOST, "others": [s.name for s in asked.library.shelf() if s.name != asked.shelf_name],
    }  # fmt: skip
    columns = (
        Column("name", "Documented figure"), Column("dated", "Dated"), Column("documented", "Documented", numeric=True),
        Column("run", "In this run", numeric=True),
        Column("unit", "Unit"), Column("source", "Source"), Column("remark", "Remark"),
    )  # fmt: skip
    tables = {"values": table}
    if judged:
        tables["documented"] = listed(asked, judged, columns)
    trail = (("Measures and experiments", asked.to("measures")),)
    return Page("measure.html.j2", what.title, content, tables, {"measure": chart}, trail)


def _value(asked: Asked, run: Run, target: Any) -> float | None:
    value = asked.library.kept(run, ("target", target.name), lambda: target.value(run))
    return None if value is None else round(value, 2)


ROUTES = (Route("/run/{run}/measures", measures), Route("/run/{run}/measure/{name}", measure))
