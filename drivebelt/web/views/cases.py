"""Cases: the documented path of each episode beside the one that the run took."""

from __future__ import annotations

from functools import cache
from typing import Any

from drivebelt.cases import Case, case, case_names, episode
from drivebelt.errors import BadInput
from drivebelt.evidence import records
from drivebelt.report.episodes import span
from drivebelt.report.words import short
from drivebelt.web.asked import Asked, NotThere, link
from drivebelt.web.catalogue import facts
from drivebelt.web.drawing import case_lanes
from drivebelt.web.page import Chart, Column, Page, Route, listed

CITED = 3
"""Records of evidence named for one step."""


def of_run(asked: Asked, name: str) -> tuple[Case, str | None]:
    """A case with the run's path; where the run does not reach it, without, and why."""

    def make() -> tuple[Case, str | None]:
        try:
            return case(name, asked.run), None
        except BadInput as why:
            return case(name), str(why).replace(str(asked.run.path), "this run").removeprefix(f"case {name}: ")

    return asked.library.kept(asked.run, ("case", name), make)


@cache
def cited(section: str, first: int, last: int) -> tuple[str, ...]:
    """Records of evidence on a place in the book, those closest to it first."""
    found = []
    for record in records():
        for source in record["sources"]:
            low, high = source["lines"]
            if source["section"] == section and low <= last and high >= first:
                apart = abs(low - first) + abs(high - last)
                found.append((apart, ("event", "document", "cascade").index(record["kind"]) if record["kind"] in
                              ("event", "document", "cascade") else 3, record["id"]))  # fmt: skip
                break
    return tuple(name for _, _, name in sorted(found)[:CITED])


def cases(asked: Asked) -> Page:
    """All episodes, in the order of their first day."""
    first, last = asked.run.info["from"], asked.run.info["to"]
    reached = {row["episode"]: row["n"] for row in asked.run.rows("select episode, count(*) as n from episodes group by episode")}
    out = []
    for name in case_names():
        raw = episode(name)
        dates = [str(step["date"]) for step in raw["steps"] if step.get("date")]
        known = [days for d in dates if (days := span(d))]
        mine = raw["scenario"] == asked.run.info["scenario"] and raw["episode"] in reached
        out.append(
            {
                "name": name, "title": raw["title"], "about": raw["about"], "steps": len(raw["steps"]), "dated": len(dates),
                "from": min((d[0] for d in known), default=None), "to": max((d[1] for d in known), default=None),
                "matters": reached.get(raw["episode"], 0) if mine else 0, "reached": mine,
            }
        )  # fmt: skip
    out.sort(key=lambda c: (c["from"] is None, c["from"], c["name"]))
    return Page("cases.html.j2", "Cases", {"cases": out, "period": {"from": first, "to": last}})


def one(asked: Asked) -> Page:
    """One episode: both paths, every step with its source, lags side by side."""
    name = asked.parts["name"]
    if name not in case_names():
        raise NotThere(f"no case {name[:60]!r}; there are {', '.join(case_names())}")
    found, missed = of_run(asked, name)
    rows: list[dict[str, Any]] = []
    for place, step in enumerate(found.steps, start=1):
        where = step.place
        evidence = cited(where["section"], *where["lines"]) if where else ()
        rows.append(
            {
                "step": place, "text": step.text, "documented": step.documented, "put_in": step.put_in,
                "simulated": step.simulated, "acts": step.n, "documented_lag": step.documented_lag,
                "simulated_lag": step.simulated_lag, "everywhere": _range(step.elsewhere),
                "source": short(step.source) if step.source else None,
                "at": link("evidence", section=where["section"], line=where["lines"][0], run=asked.shelf_name) if where else None,
                "evidence": [
                    {"id": e, "title": facts()[e].title, "to": link("evidence", e, run=asked.shelf_name)} for e in evidence
                ],
            }
        )  # fmt: skip
    lags = [r for r in rows if r["documented_lag"] is not None]
    columns = (
        Column("step", "Step", numeric=True),
        Column("text", "From the last dated step to"),
        Column("documented_lag", "Days, documented", numeric=True),
        Column("simulated_lag", "Days, in the run", numeric=True),
        Column("apart", "Difference", numeric=True),
        Column("everywhere", "At all such bodies of the run"),
    )
    for r in lags:
        r["apart"] = r["simulated_lag"] - r["documented_lag"]
    tables = {"lags": listed(asked, lags, columns, empty="No two steps have a documented day and a day in the run.")}
    content = {"case": {"name": name, "title": found.title, "about": found.about}, "steps": rows, "missed": missed,
               "matters": _matters(asked, found)}  # fmt: skip
    chart = Chart((asked.run.info["digest"], asked.shelf_name, "case", name), lambda: case_lanes.draw(found))
    return Page("case.html.j2", found.title, content, tables, {"paths": chart}, [("Cases", asked.to("cases"))])


def _range(days: tuple[int, int, int] | None) -> str | None:
    return f"{days[0]} to {days[2]}, middle {days[1]}" if days else None


def _matters(asked: Asked, found: Case) -> list[dict[str, Any]]:
    if not found.matters:
        return []
    return asked.run.rows(
        "select matter, opened, subject from matters where matter in (select unnest(?)) order by matter", [list(found.matters)]
    )


ROUTES = (Route("/run/{run}/cases", cases), Route("/run/{run}/case/{name}", one))
