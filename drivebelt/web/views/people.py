"""People: all of them by name, post, body and level; one person's career, ties, deeds and knowledge; the holders of a post."""

from __future__ import annotations

from datetime import date
from typing import Any

from drivebelt import evidence
from drivebelt import records as r
from drivebelt.knowing.readings import DEPTHS
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.web import lives
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.drawing import careers
from drivebelt.web.naming import named
from drivebelt.web.page import MOST, ROWS, Chart, Column, Page, Route, Table, listed, paged
from drivebelt.web.tables import acts_of, foreseen, made

_PEOPLE = """
    with held as (
        select t.person, string_agg(regexp_replace(q.name, ', seat \\d+$', '') || ', ' || o.name, '; ' order by t.post) as posts,
               min(list_position($1, o.level)) as height, arg_min(o.level, t.post) as level, count(*) as n,
               bool_or(t.by_appointment) as placed
        from tenures t join posts q using (post) join organs o using (organ)
        where t."from" <= $2 and (t."to" is null or t."to" > $2) group by t.person
    )
    select p.person, coalesce(p.name, 'official no. ' || p.person) as who, p.name is null as synthetic, p.party_since,
           p.class_origin, h.posts, h.level, h.n, h.placed, h.height
    from persons p left join held h using (person) where {where}
"""
TABS = {
    "career": "Posts", "knew": "What he could know", "placed": "Whom he placed", "deeds": "What he did", "acts": "Act by act",
}  # fmt: skip


def people(asked: Asked) -> Page:
    """All persons with what they hold on a day."""
    at = asked.at()
    foreseen(asked)
    level, kind = asked.choice("level", r.LEVELS), asked.choice("who", ("named", "synthetic", "in-post", "placed"))
    where, values = ["true"], [list(r.LEVELS), at]
    for word in asked.word("q").split():
        values.append(word.casefold())
        where.append(
            f"contains(lower(coalesce(p.name, 'official no. ' || p.person) || ' ' || coalesce(h.posts, '')), ${len(values)})"
        )
    if level:
        values.append(level)
        where.append(f"h.level = ${len(values)}")
    chosen = {"named": "p.name is not null", "synthetic": "p.name is null", "in-post": "h.posts is not null", "placed": "h.placed"}
    if kind:
        where.append(chosen[kind])
    columns = (
        Column("who", "Person", link=lambda x: asked.to("person", x["person"], at=asked.query.get("at")), sortable=True),
        Column("posts", "Holds", sortable=True), Column("level", "Level", sortable=True, told=named),
        Column("placed", "Placed from above", sortable=True, help="whether one of these posts was given by a body above"),
        Column("party_since", "In the party since", sortable=True), Column("class_origin", "Origin", sortable=True),
    )  # fmt: skip
    table = paged(
        asked,
        _PEOPLE.format(where=" and ".join(where)),
        values,
        columns,
        "synthetic, height nulls last, person",
        empty="Nobody answers to these words.",
    )
    for row in table.rows:
        row["party_since"] = str(row["party_since"])  # type: ignore[index]
    content = {"at": at, "levels": LEVEL_NAMES, "asked_for": {"q": asked.word("q"), "level": level, "who": kind}}
    return Page(
        "people.html.j2",
        "People",
        content,
        {"people": table},
        trail=(("Bodies and people", asked.to("bodies", at=asked.query.get("at"))),),
    )


def person(asked: Asked) -> Page:
    """One person: career, ties, deeds, and what he could know."""
    number, at = asked.number("person"), asked.at()
    row = lives.found(asked, number)
    if row is None:
        raise NotThere(f"no person has the number {number} in this run; look for him among the people")
    tab = asked.choice("show", tuple(TABS), "career")
    run = asked.run
    first, last = (date.fromisoformat(run.info[k]) for k in ("from", "to"))
    posts = lives.posts(asked, number)
    done = lives.deeds(asked, number)
    table, more = _TABS[tab](asked, number, at)
    record = _record(row["name"]) if row["name"] else None
    content = {
        "person": row, "at": at, "tab": tab, "tabs": TABS, "posts": posts, "evidence": record, "first": first, "last": last,
        "now": [x for x in posts if x["since"] <= at and (x["until"] is None or x["until"] > at)],
        "ties": lives.ties(asked, number, at), "votes": lives.votes(done), "deeds": done, "depths": DEPTHS, **more,
    }  # fmt: skip
    charts = {}
    if tab == "career":
        key = (run.info["digest"], "career", number, at, asked.shelf_name)
        charts["career"] = Chart(key, lambda: careers.career(row["who"], posts, first, last, at, asked.to))
    trail = (
        ("Bodies and people", asked.to("bodies", at=asked.query.get("at"))),
        ("People", asked.to("people", at=asked.query.get("at"))),
    )
    return Page("person.html.j2", row["who"], {"depths_known": None, **content}, {tab: table}, charts, trail)


def _record(name: str) -> str | None:
    """The record of evidence of a documented person."""
    return next((str(x["id"]) for x in evidence.records("person") if x.get("name") == name), None)


def _career(asked: Asked, number: int, at: date) -> tuple[Table, dict[str, Any]]:
    columns = (
        Column("post_name", "Post", link=lambda x: asked.to("post", x["post"], at=at.isoformat())),
        Column("organ_name", "Body", link=lambda x: asked.to("body", x["organ"], at=at.isoformat())),
        Column("since", "Since", sortable=True), Column("until", "Until", sortable=True), Column("way", "How he came in"),
        Column("given_by", "Given by", link=lambda x: asked.to("body", x["giver"]) if x["giver"] is not None else None),
        Column("by_person", "Signed by", link=lambda x: asked.to("person", x["patron"]) if x["patron"] is not None else None),
        Column("left_as", "Left as"),
    )  # fmt: skip
    return listed(asked, lives.posts(asked, number), columns, empty="He holds no post in this run."), {}


def _knew(asked: Asked, number: int, at: date) -> tuple[Table, dict[str, Any]]:
    """What a person could know on a day: matters, the deepest first, each with the act that told him."""
    known = lives.known(asked, number, at)
    words = asked.word("matter")
    order = asked.choice("sort", ("day", "-day", "depth", "-depth"))
    chosen = known.chosen(lives.about(asked, words) if words else None, order)
    page = asked.whole("page", 1, 1, 1_000_000) or 1

    def rows(first: int, last: int) -> list[dict[str, Any]]:
        return lives.told(asked, number, known, chosen[first:last])

    columns = (
        Column("subject", "Question", link=lambda x: asked.to("matter", x["matter"])), Column("domain", "Field", told=named),
        Column("depth", "He knew", sortable=True, told=lambda d: DEPTHS[d],
        help="4 the motive, 3 the content, 2 that something is decided, 1 the public version"),
        Column("day", "Since", sortable=True), Column("because", "Because"), Column("by", "Through"),
    )  # fmt: skip
    shown = rows(ROWS * (page - 1), ROWS * page)
    table = Table(
        columns,
        shown,
        total=len(chosen),
        page=page,
        every=lambda: rows(0, MOST),
        empty="By that day no act of the run had told him of such a question.",
    )
    return table, {"depths_known": known.by_depth(), "matter_words": words}


def _placed(asked: Asked, number: int, at: date) -> tuple[Table, dict[str, Any]]:
    made(asked, "page_moves")
    return paged(asked, lives.PLACED, [number, at], (
        Column("day", "Day", sortable=True), Column("who", "Person", link=lambda x: asked.to("person", x["person"]), sortable=True),
        Column("post_name", "Post", link=lambda x: asked.to("post", x["post"]), sortable=True),
        Column("organ_name", "Body", link=lambda x: asked.to("body", x["organ"]), sortable=True),
        Column("level", "Level", sortable=True, told=named),
        Column("kind", "How", sortable=True, told=named), Column("still", "Still there", sortable=True),
    ), "act desc", empty="He placed nobody."), {}  # fmt: skip


def _deeds(asked: Asked, number: int, at: date) -> tuple[Table, dict[str, Any]]:
    return listed(asked, lives.deeds(asked, number), (
        Column("kind", "Act", link=lambda x: asked.here(show="acts", kind=x["kind"], page=None), sortable=True, told=named),
        Column("n", "How often", numeric=True, sortable=True), Column("first", "First"), Column("last", "Last"),
    ), empty="He did nothing that the run would tell of him by number."), {}  # fmt: skip


_ACTS = """
    select a.act, a.day, a.kind, a.matter, m.subject, o.name as acting_for, t.name as towards, n.name as in_name, a.recorded
    from (select * from {acts} where actor_person = ? {kind}) a left join matters m using (matter)
    left join organs o on o.organ = a.actor_organ left join organs t on t.organ = a.target_organ
        left join organs n on n.organ = a.in_name_of
"""


def _acts(asked: Asked, number: int, at: date) -> tuple[Table, dict[str, Any]]:
    kind = asked.choice("kind", r.ACT_KINDS)
    query = _ACTS.format(acts=acts_of(asked, number), kind="and kind = ?" if kind else "")
    return paged(asked, query, [number, kind] if kind else [number], (
        Column("day", "Day", sortable=True), Column("kind", "Act", sortable=True, told=named),
        Column("subject", "Question", link=lambda x: asked.to("matter", x["matter"]) if x["matter"] is not None else None),
        Column("acting_for", "For"), Column("towards", "Towards"), Column("in_name", "In the name of"),
        Column("recorded", "On paper"),
    ), "act", empty="No such act."), {"kind": kind}  # fmt: skip


_TABS = {"career": _career, "knew": _knew, "placed": _placed, "deeds": _deeds, "acts": _acts}

_POST = """
    select q.*, o.name as organ_name, o.level, o.branch, a.name as approver_name
    from posts q join organs o using (organ) left join organs a on a.organ = q.approver where post = ?
"""
_HOLDERS = """
    select t.person, coalesce(p.name, 'official no. ' || t.person) as who, t."from" as since, case
        when t."to" <= $2 then t."to" end as until,
           t.by_appointment, t.appointed_by as giver, b.name as given_by, g.actor_person as patron, s.name as by_person
    from tenures t join persons p using (person) left join organs b on b.organ = t.appointed_by
    left join page_moves g on g.post = t.post and g.day = t."from" and g.person = t.person and g.kind in ('appoint', 'elect')
    left join persons s on s.person = g.actor_person where t.post = $1 and t."from" <= $2 order by t."from"
"""


def post(asked: Asked) -> Page:
    """One post: who held it, who approves, whether it is on the list."""
    made(asked, "page_moves")
    number, at, run = asked.number("post"), asked.at(), asked.run
    found = run.rows(_POST, [number])
    if not found:
        raise NotThere(f"no post has the number {number} in this run; posts stand on the cards of their bodies")
    row = found[0]
    first, last = (date.fromisoformat(run.info[k]) for k in ("from", "to"))
    rows = run.rows(_HOLDERS, [number, last])
    for x in rows:
        x["way"] = lives.way(x["by_appointment"], x["giver"], x["since"], first, row["level"])
        x["given"] = f"{x['way']}: {x['given_by']}" if x["given_by"] else x["way"]
    columns = (
        Column("who", "Holder", link=lambda x: asked.to("person", x["person"], at=at.isoformat())), Column("since", "Since"),
        Column("until", "Until"),
        Column("way", "How he came in"), Column("given_by", "Given by",
        link=lambda x: asked.to("body", x["giver"]) if x["giver"] is not None else None),
        Column("by_person", "Signed by", link=lambda x: asked.to("person", x["patron"]) if x["patron"] is not None else None),
    )  # fmt: skip
    title = f"{row['name'][:1].upper()}{row['name'][1:]}, {row['organ_name']}"
    chart = Chart(
        (run.info["digest"], "post", number, at, asked.shelf_name), lambda: careers.holders(title, rows, first, last, at, asked.to)
    )
    trail = (("Bodies and people", asked.to("bodies")), (row["organ_name"], asked.to("body", row["organ"])))
    held = {"post": row, "at": at, "holders": len(rows), "above": sum(x["way"] == "from above" for x in rows)}
    return Page(
        "post.html.j2", title, held, {"holders": listed(asked, rows, columns, empty="Nobody held it.")}, {"holders": chart}, trail
    )


ROUTES = (Route("/run/{run}/people", people), Route("/run/{run}/person/{person}", person), Route("/run/{run}/post/{post}", post))
