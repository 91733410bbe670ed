"""A matter's journey: the answers first, then the lanes, the path as text, its papers, its acts, and who knew of it."""

from __future__ import annotations

from typing import Any

from drivebelt.errors import BadInput
from drivebelt.records import ACT_KINDS, LEVELS
from drivebelt.telling import tell
from drivebelt.tracing.flows import acts_named
from drivebelt.tracing.path import Path
from drivebelt.tracing.words import text
from drivebelt.web.answers import answers
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.drawing import journey as figure
from drivebelt.web.drawing.lanes import Item, Lane, items, lane_of
from drivebelt.web.naming import named
from drivebelt.web.page import ROWS, Chart, Column, Page, Route, Table, paged
from drivebelt.web.views.acts import act_card

_PAPERS = """
    select document, date, d.kind, number, grade, i.name as issuer, i.level, o.name as originator, d.copies,
           case when d.issuer = d.originator then 'itself' else o.name end as truth
    from (select * from documents where matter = ? {only}) d
    join organs i on i.organ = issuer join organs o on o.organ = originator
"""
_MASKED = "and issuer != originator"
"""Papers that stand in another name than that of the body whose wording they have."""


def path_of(asked: Asked, matter: int) -> Path:
    """The path of a matter with what is below its first mover in sum, made once. Raises NotThere."""

    def make() -> Path:
        try:
            return asked.run.trace(matter=matter, expand=None)
        except BadInput as why:
            raise NotThere(str(why).removeprefix("trace: ")) from why

    return asked.library.kept(asked.run, ("path", matter), make)


def journey(asked: Asked) -> Page:
    """The journey of one matter."""
    matter = asked.number("matter")
    first, last = asked.day("from"), asked.day("to")
    if first and last and first > last:
        raise BadInput("from: later than to; turn them round")
    opened, scale = asked.choice("expand", LEVELS[1:]), asked.choice("scale", ("even", "growing"))
    path, chosen = path_of(asked, matter), asked.whole("act")
    about = path.matter
    things, left = items(path, opened or None)

    def to(item: Item) -> str:
        return asked.here(act=item.act) + "#journey"

    def draw() -> Any:
        return figure.draw(
            things, copies(path), to, title=f"The journey of question {matter}, {about['subject']}", first=first, last=last,
            even={"even": True, "growing": False}.get(scale), chosen=chosen,
        )  # fmt: skip

    key = (asked.run.info["digest"], asked.shelf_name, "journey", matter, opened, first, last, scale, chosen)
    columns = (
        Column("number", "No.", numeric=True, link=lambda r: asked.to("document", r["document"])),
        Column("date", "Date", sortable=True),
        Column("kind", "Paper", link=lambda r: asked.to("document", r["document"]), sortable=True, told=named),
        Column("grade", "Grade", sortable=True, told=named),
        Column("issuer", "Signed by", sortable=True),
        Column("truth", "In truth from", sortable=True, help="The body whose wording it is"),
        Column("copies", "Copies", numeric=True, sortable=True),
    )
    only = asked.choice("papers", ("masked",))
    papers = paged(
        asked, _PAPERS.format(only=_MASKED if only else ""), [matter], columns, "document",
        empty="No paper of it stands in another’s name." if only else "No paper was ever written on it.",
    )  # fmt: skip
    hiding = asked.run.rows(_PAPERS.format(only=_MASKED) + " order by document limit 1", [matter])
    content = {
        "matter": about,
        "answers": [a.as_dict() for a in answers(path)],
        "hides": hiding[0] if hiding else None,
        "only": only,
        "levels": {level: {**n, "left_out": left.get(level, 0)} for level, n in path.levels.items()},
        "expand": opened,
        "window": {"from": first, "to": last, "scale": scale},
        "windows": _windows(asked, path),
        "signs": [{"sign": mark, "means": words} for mark, words in figure.SIGNS],
        "path": list(text(path)),
        "card": act_card(asked, chosen, path) if chosen is not None else None,
        "centre": any(a["kind"] in ("propose", "tell") for a in path.acts),
    }
    trail = [("Questions", asked.to("matters"))]
    title = f"{about['subject'][:1].upper()}{about['subject'][1:]}"
    return Page("journey.html.j2", title, content, {"documents": papers}, {"journey": Chart(key, draw)}, trail)


def copies(path: Path) -> dict[Lane, dict[str, int]]:
    """What became of the copies, by the lane of those whom they were for."""
    out: dict[Lane, dict[str, int]] = {}
    for row in path.fates:
        if row["level"]:
            lane = out.setdefault(lane_of(row["level"], row["branch"]), {})
            lane[row["fate"]] = lane.get(row["fate"], 0) + row["copies"]
    return out


def _windows(asked: Asked, path: Path) -> list[dict[str, Any]]:
    """Parts of the time that can be looked at alone: title, address, whether it is the one shown."""
    from datetime import timedelta

    mover = path.first_mover
    if mover is None:
        return []
    start, end = min(f.first_day for f in path.flows), max(f.last_day for f in path.flows)
    shown = (asked.query.get("from", ""), asked.query.get("to", ""))
    out = [{"title": "all of it", "to": asked.here(**{"from": None, "to": None}), "now": shown == ("", "")}]
    for title, days in (("the first fortnight", 14), ("the first two months", 60), ("the first year", 365)):
        if (end - start).days > days * 1.3:
            days_of = {"from": start.isoformat(), "to": (start + timedelta(days)).isoformat()}
            out.append({"title": title, "to": asked.here(**days_of), "now": shown == tuple(days_of.values())})
    return out if len(out) > 1 else []


def acts(asked: Asked) -> Page:
    """The acts of a matter one by one, of a level or a kind if asked for."""
    matter = asked.number("matter")
    path = path_of(asked, matter)
    level, kind = asked.choice("level", LEVELS), asked.choice("kind", ACT_KINDS)
    number = asked.whole("page", 1, 1, 1_000_000) or 1
    query = f"""select act from acts a left join organs o on o.organ = a.actor_organ left join organs t on t.organ = a.target_organ
        where {asked.run.of_matter(matter)} and (? = '' or coalesce(o.level, t.level, 'centre') = ?) and (? = '' or kind = ?)"""
    values = [level, level, kind, kind]
    total = path.number if not (level or kind) else asked.run.rows(f"select count(*) as n from ({query})", values)[0]["n"]

    def page(most: int, start: int) -> list[dict[str, Any]]:
        chosen = [row["act"] for row in asked.run.rows(f"{query} order by act limit {most} offset {start}", values)]
        found = acts_named(asked.run, chosen)
        return [
            {"act": a["act"], "day": a["day"], "level": a["level"], "told": tell([a]), "recorded": a["recorded"]} for a in found
        ]

    columns = (
        Column("act", "Act", numeric=True, link=lambda r: asked.to("act", r["act"])),
        Column("day", "Day"),
        Column("level", "Level", told=named),
        Column("told", "What was done"),
    )
    table = Table(columns, page(ROWS, ROWS * (number - 1)), "", total, number, every=lambda: page(20_000, 0), empty="No such act.")
    kinds = sorted({f.a["kind"] for f in path.flows if not level or f.a["level"] == level})
    content = {"matter": path.matter, "kinds": kinds, "of": list(path.levels), "asked_for": {"level": level, "kind": kind}}
    trail = [("Questions", asked.to("matters")), (str(path.matter["subject"]), asked.to("matter", matter))]
    return Page("acts.html.j2", "Its acts one by one", content, {"acts": table}, trail=trail)


ROUTES = (Route("/run/{run}/matter/{matter}", journey), Route("/run/{run}/matter/{matter}/acts", acts))
