"""Bodies: the org chart of a day on paper and as it works, all of them in a table, and the card of one."""

from __future__ import annotations

from datetime import date
from typing import Any

from drivebelt import evidence
from drivebelt import records as r
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.results import Run
from drivebelt.web import quarter
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.drawing import months, orgchart, territory
from drivebelt.web.drawing.as_it_works import as_it_works
from drivebelt.web.drawing.on_paper import on_paper
from drivebelt.web.naming import named
from drivebelt.web.page import Chart, Column, Page, Route, Row, Table, narrowed, paged, worded
from drivebelt.web.tables import counted, foreseen, made

VIEWS = {"works": "As it works", "paper": "As the constitution has it", "both": "Both, one below the other"}

_BODIES = """
    select organ, name, level, branch, territory, valid_from as since, valid_to as until, acts, papers, posts
    from organs left join {work} using (organ) left join (select organ, count(*) as posts from posts group by 1) using (organ)
    where {where}
"""
_NOT_YET = "(select null::integer as organ, null::bigint as acts, null::bigint as papers where false)"
_WEIGHED = ("acts", "papers")
_PROVINCES = """
    select organ, name, territory, level from organs where level in ('region', 'gubernia') and branch = 'party'
        and valid_from <= $1 and (valid_to is null or valid_to > $1) order by level = 'gubernia', name
"""


def bodies(asked: Asked) -> Page:
    """The org chart of a day and the table of all bodies."""
    run, at = asked.run, asked.at()
    foreseen(asked)
    shown = asked.choice("view", tuple(VIEWS), "works")
    level, branch = asked.choice("level", r.LEVELS), asked.choice("branch", r.BRANCHES)
    provinces = asked.library.kept(run, ("provinces", at), lambda: run.rows(_PROVINCES, [at]))
    area = asked.choice("territory", [str(row["territory"]) for row in provinces])
    weighed = counted(asked) or asked.query.get("sort", "").removeprefix("-") in _WEIGHED
    content = {
        "counted": weighed, "at": at, "view": shown,
        "views": VIEWS, "days": _days(run, at), "levels": LEVEL_NAMES, "branches": r.BRANCHES,
        "provinces": provinces,
        "asked_for": {"q": asked.word("q"), "level": level, "branch": branch, "territory": area},
        "quarter": _of_run(run, *quarter.quarter(at)), "summary": _summary(asked, at),
    }  # fmt: skip
    charts = {name: _chart(asked, at, name) for name in ("works", "paper") if shown in (name, "both")}
    if area:
        charts["territory"] = Chart(
            (run.info["digest"], "territory", area, at, asked.shelf_name),
            lambda: territory.draw(territory.found(run, area, at), asked.to),
        )
    return Page("bodies.html.j2", "Bodies and people", content, {"bodies": _table(asked, level, branch, area, weighed)}, charts,
                refresh=None if weighed else 3)  # fmt: skip


def _days(run: Run, at: date) -> dict[str, Any]:
    """The first and last day, and a quarter back and on."""
    first, last = (date.fromisoformat(run.info[k]) for k in ("from", "to"))
    begins, ends = quarter.quarter(at)
    before = begins.replace(year=begins.year - (begins.month == 1), month=(begins.month + 8) % 12 + 1)
    after = date.fromordinal(ends.toordinal() + 1)
    return {
        "first": first,
        "last": last,
        "before": max(before, first) if begins > first else None,
        "after": after if after <= last else None,
    }


def _of_run(run: Run, first: date, last: date) -> tuple[date, date]:
    """Of two days as much as the run reaches."""
    return max(first, date.fromisoformat(run.info["from"])), min(last, date.fromisoformat(run.info["to"]))


def _read(asked: Asked, at: date) -> orgchart.Chart:
    """All that the charts of a day are drawn from, kept for the next reader."""

    def make() -> orgchart.Chart:
        run = asked.run
        return orgchart.Chart(at, quarter.standing(run, at), quarter.flows(run, at), quarter.circle(run, at), asked.to)

    return asked.library.kept(asked.run, ("org chart", at, asked.shelf_name), make)


def _chart(asked: Asked, at: date, name: str) -> Chart:
    draw = {"works": as_it_works, "paper": on_paper}[name]
    return Chart((asked.run.info["digest"], "org chart", name, at, asked.shelf_name), lambda: draw(_read(asked, at)))


def _summary(asked: Asked, at: date) -> list[dict[str, Any]]:
    """The quarter in numbers: body, decisions, settled before, papers that it put out under other names."""
    read = _read(asked, at)
    out = []
    for key in orgchart.DECIDE:
        if key in read.standing.centre:
            decided, settled = read.flows.settled(key)
            masked = read.flows.count("issue", actor=key) - read.flows.count("issue", actor=key, name=key)
            row = read.standing.centre[key]
            out.append({"organ": row["organ"], "body": row["name"], "decided": decided, "settled": settled, "masked": masked})
    return out


def _table(asked: Asked, level: str, branch: str, area: str, weighed: bool) -> Table:
    if weighed:
        made(asked, "page_work")
    where, values = narrowed(
        *worded("name || ' ' || coalesce(territory, '') || ' ' || branch", asked.word("q")), ("level = ?", level),
        ("branch = ?", branch), ("(territory = ? or starts_with(territory, ?))", [area, f"{area}."] if area else None),
        ("parent = ?", asked.whole("parent")),
    )  # fmt: skip

    query = _BODIES.format(where=where, work="page_work" if weighed else _NOT_YET)

    def to(row: Row) -> str:
        return asked.to("body", row["organ"], at=asked.query.get("at"))

    columns = (
        Column("name", "Body", link=to, sortable=True), Column("level", "Level", sortable=True, told=named),
        Column("branch", "Branch", sortable=True, told=named),
        Column("territory", "Territory", sortable=True), Column("since", "Since", sortable=True),
        Column("until", "Until", sortable=True),
        Column("posts", "Posts", numeric=True, sortable=True),
        Column("acts", "Acts", numeric=True, sortable=True, help="acts of this body in the whole run"),
        Column("papers", "Papers", numeric=True, sortable=True, help="documents that stand under its name"),
    )  # fmt: skip
    return paged(
        asked,
        query,
        values,
        columns,
        "organ",
        empty="No body has these words.",
    )


# -- the card of one ---------------------------------------------------------------------------------------------

TABS = {
    "posts": "Posts and holders",
    "decisions": "Decisions",
    "names": "Names lent and worn",
    "papers": "Documents",
    "below": "Bodies below it",
}

_BODY = """
    select o.*, p.name as parent_name, s.name as soviet_name, c.organ as committee, c.name as committee_name
    from organs o left join organs p on p.organ = o.parent left join organs s on s.organ = o.soviet
    left join organs c on c.soviet = o.organ where o.organ = ?
"""
_BELOW = "select level, branch, count(*) as n from organs where parent = ? group by all order by min(organ)"
_POSTS = """
    select q.post, q.name as post_name, q.on_nomenklatura, t.person, coalesce(p.name, 'official no. ' || t.person) as holder,
           t."from" as since, case when t.by_appointment then 'from above: ' || coalesce(b.name, '?')
           when t.appointed_by is not null then 'on the spot: ' || b.name
               when t.person is not null then 'before the run' end as given
    from posts q left join tenures t on t.post = q.post and t."from" <= $2 and (t."to" is null or t."to" > $2)
    left join persons p using (person) left join organs b on b.organ = t.appointed_by where q.organ = $1
"""
_DECISIONS = """
    select a.act, a.day, a.kind, a.matter, m.subject, a.actor_organ, case when a.actor_organ = a.in_name_of then 'the body itself'
           else o.name end as settled_by
    from (select * from page_decisions where in_name_of = ?) a
    join matters m using (matter) join organs o on o.organ = a.actor_organ
"""
_NAMES = """
    select case when actor_organ = $1 then 'wore the name of' else 'lent its name to' end as way,
           case when actor_organ = $1 then m.organ else o.organ end as organ,
           case when actor_organ = $1 then m.name else o.name end as body, kind, n, first, last
    from (select * from page_deeds where (actor_organ = $1 or in_name_of = $1) and in_name_of is not null
        and actor_organ != in_name_of) a
    join organs o on o.organ = a.actor_organ join organs m on m.organ = a.in_name_of
"""
_PAPERS = """
    select d.document, d.date, d.kind, d.number, d.grade, d.copies, d.matter, m.subject, o.name as written_by
    from (select * from documents where issuer = ?) d left join matters m using (matter) join organs o on o.organ = d.originator
"""
_BY_MONTH = """
    select month, sum(came) as came, sum(went) as went from (
        select date_trunc('month', received)::date as month, count(*) as came, 0 as went from copies
        where addressee_organ = $1 and received is not null group by 1
        union all select date_trunc('month', date)::date, 0, count(*) from documents where issuer = $1 group by 1
    ) group by month order by month
"""
_DONE = """
    select kind, sum(n) as n, sum(silent) as silent from page_deeds where actor_organ = ?
    group by kind order by n desc, kind
"""


_SOME = """
    select exists (from posts where organ = $1) as posts,
           exists (from page_deeds where in_name_of = $1 and kind in ('decide', 'poll', 'reject')) as decisions,
           exists (from page_deeds where (actor_organ = $1 or in_name_of = $1) and actor_organ != in_name_of) as names,
           exists (from organs where parent = $1) as below
"""


def body(asked: Asked) -> Page:
    """The card of one body."""
    run, number, at = asked.run, asked.number("organ"), asked.at()
    found = run.rows(_BODY, [number])
    if not found:
        raise NotThere(f"no body has the number {number} in this run; look for it among all bodies")
    row = found[0]
    made(asked, "page_deeds")
    tab = asked.choice("show", tuple(TABS)) or _first_tab(run, number)
    record = f"organ:{row['key']}"
    content = {
        "body": row, "at": at, "tab": tab, "tabs": TABS, "below": run.rows(_BELOW, [number]),
        "done": run.rows(_DONE, [number]), "standing": row["valid_from"] <= at < (row["valid_to"] or date.max),
        "evidence": record if record in evidence_ids() else None,
        "decided": _decided(run, number),
    }  # fmt: skip
    chart = Chart((run.info["digest"], "papers", number), lambda: months.papers(run.rows(_BY_MONTH, [number]), str(row["name"])))
    trail = (("Bodies and people", asked.to("bodies", at=asked.query.get("at"))),)
    return Page("body.html.j2", str(row["name"]), content, {tab: _TABLES[tab](asked, number, at)}, {"papers": chart}, trail)


def _first_tab(run: Run, number: int) -> str:
    """The first part of the card that holds something."""
    some = run.rows(_SOME, [number])[0]
    return next((name for name in TABS if some.get(name)), "posts")


def evidence_ids() -> frozenset[str]:
    """The ids of all records of evidence."""
    return frozenset(str(record["id"]) for record in evidence.records())


def _decided(run: Run, number: int) -> list[dict[str, Any]]:
    """Decisions in the name of a body by who made them."""
    return run.rows(
        """select o.organ, o.name, sum(n) as n, o.organ = $1 as itself from page_deeds join organs o on o.organ = actor_organ
           where in_name_of = $1 and kind in ('decide', 'poll', 'reject') group by all order by itself desc, n desc""",
        [number],
    )


def _matter(asked: Asked) -> Column:
    return Column(
        "subject", "Question", link=lambda x: asked.to("matter", x["matter"]) if x["matter"] is not None else None, sortable=True
    )


def _posts(asked: Asked, number: int, at: date) -> Table:
    return paged(asked, _POSTS, [number, at], (
        Column("post_name", "Post", link=lambda x: asked.to("post", x["post"]), sortable=True),
        Column("holder", "Holder", link=lambda x: asked.to("person", x["person"],
        at=at.isoformat()) if x["person"] is not None else None, sortable=True),
        Column("since", "Since", sortable=True), Column("given", "Who gave it", sortable=True),
        Column("on_nomenklatura", "On the nomenklatura", sortable=True),
    ), "post", empty="This body has no posts of its own in the model.")  # fmt: skip


def _decisions(asked: Asked, number: int, at: date) -> Table:
    made(asked, "page_decisions")
    return paged(asked, _DECISIONS, [number], (
        Column("day", "Day", sortable=True), _matter(asked), Column("kind", "How", sortable=True, told=named),
        Column("settled_by", "Decided in fact by", link=lambda x: asked.to("body", x["actor_organ"]), sortable=True),
    ), "act", empty="Nothing was decided in its name.")  # fmt: skip


def _names(asked: Asked, number: int, at: date) -> Table:
    return paged(asked, _NAMES, [number], (
        Column("way", "It", sortable=True), Column("body", "Body", link=lambda x: asked.to("body", x["organ"]), sortable=True),
        Column("kind", "Acts", sortable=True, told=named), Column("n", "How many", numeric=True, sortable=True),
        Column("first", "First"), Column("last", "Last"),
    ), "n desc, organ, kind", empty="It acted under its own name alone, and nobody else under it.")  # fmt: skip


def _papers(asked: Asked, number: int, at: date) -> Table:
    return paged(asked, _PAPERS, [number], (
        Column("date", "Date", sortable=True),
        Column("kind", "Document", link=lambda x: asked.to("document", x["document"]), sortable=True, told=named),
        Column("number", "No.", numeric=True), Column("grade", "Grade", sortable=True, told=named),
        Column("copies", "Copies", numeric=True, sortable=True),
        Column("written_by", "Written by", sortable=True), _matter(asked),
    ), "document", empty="No paper stands under its name.")  # fmt: skip


def _below(asked: Asked, number: int, at: date) -> Table:
    made(asked, "page_work")
    return paged(asked, _BODIES.format(where="parent = ?", work="page_work"), [number], (
        Column("name", "Body", link=lambda x: asked.to("body", x["organ"], at=asked.query.get("at")), sortable=True),
        Column("level", "Level", sortable=True, told=named), Column("branch", "Branch", sortable=True, told=named),
        Column("since", "Since", sortable=True),
        Column("until", "Until", sortable=True), Column("acts", "Acts", numeric=True, sortable=True),
        Column("papers", "Papers", numeric=True, sortable=True),
    ), "organ", empty="No body stands under it.")  # fmt: skip


_TABLES = {"posts": _posts, "decisions": _decisions, "names": _names, "papers": _papers, "below": _below}

ROUTES = (Route("/run/{run}/bodies", bodies), Route("/run/{run}/body/{organ}", body))
