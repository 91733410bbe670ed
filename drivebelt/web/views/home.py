"""The first page, and the mechanism of one run in its three layers on a day, with a matter travelling across them."""

from __future__ import annotations

from datetime import date
from typing import Any

from drivebelt.errors import BadRun
from drivebelt.web import first, short
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.drawing.layers import Seen, picture
from drivebelt.web.drawing.strip import strip
from drivebelt.web.layers import Body, Scene, circles, months, scene
from drivebelt.web.library import about
from drivebelt.web.page import Chart, Column, Page, Route, Table, listed
from drivebelt.web.tables import foreseen
from drivebelt.web.travel import Step, chosen, of_month, travel
from drivebelt.web.views.matters import weighed
from drivebelt.web.views.territory import warm

_DECIDED = """
    select d.day, d.value as decisions, coalesce(b.value, 0) as share from measures d
    left join measures b on b.measure = 'decided-before' and b.scope = d.scope and b.day = d.day
    where d.measure = 'decisions' and d.scope = 'Politburo of the CC'
"""


def home(asked: Asked) -> Page:
    """What this is, the mechanism of the first run, ways to begin, findings, and the shelf."""
    library = asked.library
    job = library.jobs.get(first.KEY)
    if job is not None and job.state == "failed" and asked.choice("again", ("1",)):
        job = first.make_first(library, library.first_arguments, anew=True)
    making = first.progress(job) if job is not None and job.state != "done" else None
    shelf = [about(library, s) for s in library.shelf()]
    content: dict[str, Any] = {"runs": shelf, "making": making, "layers": None, "short": None}
    page = Page("home.html.j2", "The mechanism of power", content)
    if making and not job.over:  # type: ignore[union-attr]
        page.refresh = 3
    if not content["runs"]:
        return page
    try:
        run = asked.run
        content["layers"] = _layers(asked, page)
        content["short"] = library.soon(run, short.KEY, lambda: short.short(run))
        warm(asked)
        weighed(asked, False)
        foreseen(asked)
    except BadRun as why:
        content["damaged"] = str(why)
        return page
    if content["short"]:
        page.tables["documented"] = _documented(asked, content["short"]["beside"])
    return page


def mechanism(asked: Asked) -> Page:
    """The mechanism of one run on a day."""
    page = Page("mechanism.html.j2", "The mechanism", {})
    page.content["layers"] = _layers(asked, page)
    return page


def _layers(asked: Asked, page: Page) -> dict[str, Any]:
    """The picture with its controls; adds its figures and the table of steps to the page."""
    run, library = asked.run, asked.library
    matter, at = asked.whole("matter"), asked.day("at")
    default = None
    if matter is None and at is None:
        default = library.kept(run, "matter to follow", lambda: chosen(run))
        matter = default["matter"] if default else None
    steps: list[Step] = []
    subject = ""
    if matter is not None:
        found = run.rows("select opened, subject from matters where matter = ?", [matter])
        if not found:
            raise NotThere(f"the run has no question {matter}")
        steps = library.kept(run, ("travel", matter), lambda: travel(run, matter))
        subject = found[0]["subject"]
        at = at or next((s.first for s in steps if s.kind in ("agree", "decide", "poll")), found[0]["opened"])
    now = asked.whole("step", None, 1, max(len(steps), 1)) if steps else None
    begin, end = (date.fromisoformat(run.info[k]) for k in ("from", "to"))
    day = min(max(at or end, begin), end)
    come_to = library.kept(run, "circles", lambda: circles(run))
    seen: Scene = library.kept(run, ("scene", day), lambda: scene(run, day, come_to))

    def page_of(body: Body) -> str | None:
        return asked.to("body", body.organ, at=day.isoformat()) if body.organ is not None else None

    digest = run.info["digest"]
    where = (asked.shelf_name, asked.address)
    page.charts["mechanism"] = Chart(
        (digest, "mechanism", where, day, matter, now), lambda: picture(seen, Seen(steps, now, subject), page_of)
    )
    decided = library.kept(
        run, "decided", lambda: {r["day"]: (r["decisions"], r["share"]) for r in run.rows(_DECIDED)}
    )  # fmt: skip
    spans = months(begin, end)
    page.charts["months"] = Chart(
        (digest, "months", where, day.year, day.month),
        lambda: strip(spans, day, decided, lambda d: asked.here(at=d.isoformat(), matter=None, step=None)),
    )
    if steps:
        page.tables["steps"] = _table(steps)
    return {
        **seen.as_dict(), "from": begin, "to": end, "months": [d.isoformat() for d in spans],
        "month": next((i for i, d in enumerate(spans) if (d.year, d.month) == (day.year, day.month)), 0),
        "back": _month(asked, spans, day, -1), "on": _month(asked, spans, day, 1),
        "matter": matter, "subject": subject, "chosen_by_rule": default is not None, "step": now,
        "steps": [s.as_dict() | {"days": s.days} for s in steps],
        "others": _others(asked, seen, matter),
    }  # fmt: skip


def _month(asked: Asked, spans: list[date], day: date, way: int) -> str | None:
    """The address of the month before or after."""
    here = next((i for i, d in enumerate(spans) if (d.year, d.month) == (day.year, day.month)), 0) + way
    return asked.here(at=spans[here].isoformat(), matter=None, step=None) if 0 <= here < len(spans) else None


def _others(asked: Asked, seen: Scene, matter: int | None) -> list[dict[str, Any]]:
    """Other matters of the month to follow, with their addresses."""
    run = asked.run
    rows = asked.library.kept(run, ("of month", seen.first), lambda: of_month(run, seen.first, seen.last))
    return [{**row, "to": asked.here(matter=row["matter"], at=None, step=None)} for row in rows if row["matter"] != matter]


def _table(steps: list[Step]) -> Table:
    columns = (
        Column("number", "Step", numeric=True), Column("first", "First day"), Column("last", "Last day"),
        Column("words", "What happens"), Column("bodies", "Bodies", numeric=True), Column("masked", "In truth by"),
        Column("recorded", "Left a paper"), Column("act", "First act", numeric=True),
    )  # fmt: skip
    return Table(columns, [s.as_dict() for s in steps], caption="Steps", size=len(steps))


def _documented(asked: Asked, beside: list[dict[str, Any]]) -> Table:
    columns = (
        Column("about", "About"), Column("name", "What is compared"), Column("documented", "Documented", numeric=True),
        Column("run", "This run", numeric=True), Column("unit", "Unit"), Column("source", "Where it stands"),
    )  # fmt: skip
    return listed(asked, beside, columns, caption="The first documented outcome of each topic, and what comes out of this run")


ROUTES = (Route("/", home), Route("/run/{run}", mechanism))
