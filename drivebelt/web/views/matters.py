"""Questions: all of them, searched, chosen and sorted."""

from __future__ import annotations

from typing import Any

from drivebelt.cases import case_names, episode
from drivebelt.web.asked import Asked
from drivebelt.web.page import Column, Page, Route, narrowed, paged, worded
from drivebelt.web.tables import foreseen, made, prepared

_WEIGHTS = ("page_matters", "page_masked")
_MATTERS = """
    select matter, opened, domain, subject, o.name as first_mover, o.level, coalesce(e.episode, '') as episode,
           coalesce(w.acts, {none}) as acts, coalesce(w.silent, {none}) as silent,
           case when w.circle then 'the circle' when w.struck then 'struck off' when w.decided_as is not null then n.name
                end as decided_by,
           case when (w.circle or w.behind) and w.decided_as is not null then n.name end as in_name_of
    from matters m left join organs o on o.organ = originator_organ
    left join (select matter, min(episode) as episode from episodes group by matter) e using (matter)
    left join {weights} w using (matter) left join organs n on n.organ = w.decided_as
    where {where}
"""
ONLY = {
    "masked": ("decrees issued under a mask", "matter in (select matter from page_masked)"),
    "circle": ("decided by the circle", "coalesce(w.circle, false)"),
    "nobody": ("settled, yet no decision of anybody", "coalesce(w.circle, false) and w.decided_as is null"),
    "struck": ("struck off the agenda", "coalesce(w.struck, false)"),
    "episode": ("documented episodes", "matter in (select matter from episodes)"),
}
"""What the list can be narrowed to: words, and the condition."""


_NOT_YET = """(select null::integer as matter, null::bigint as acts, null::bigint as silent,
    false as circle, false as struck, false as behind,
    null::integer as decided_as where false)"""
_COUNTED = ("acts", "silent", "decided_by", "in_name_of")


def weighed(asked: Asked, needed: bool) -> bool:
    """Whether the tables that the list reads beside `matters` are there; they are made in the background unless they are needed."""
    if needed:
        return made(asked, *_WEIGHTS)
    foreseen(asked)
    return all(asked.library.peek(asked.run, name) or prepared(asked.library, asked.run, name) for name in _WEIGHTS)


def matters(asked: Asked) -> Page:
    """Every question of the run, by words, field, year and how it was decided; the widest first."""
    domains = [row["domain"] for row in asked.run.rows("select distinct domain from matters order by domain")]
    query, field, year = asked.word("q"), asked.choice("field", domains), asked.whole("year", None, 1900, 2100)
    only = asked.choice("only", tuple(ONLY))
    counted = weighed(asked, bool(only) or asked.query.get("sort", "").removeprefix("-") in _COUNTED)
    where, values = narrowed(
        *worded("subject || ' ' || domain || ' ' || coalesce(o.name, '')", query), ("domain = ?", field),
        ("year(opened) = ?", year), (ONLY[only][1], []) if only else ("", None),
    )  # fmt: skip
    columns = (
        Column("matter", "No.", numeric=True, link=lambda r: asked.to("matter", r["matter"]), sortable=True),
        Column("opened", "Taken up", sortable=True),
        Column("subject", "Question", link=lambda r: asked.to("matter", r["matter"]), sortable=True),
        Column("domain", "Field", sortable=True),
        Column("first_mover", "First moved by", sortable=True),
        Column("decided_by", "Really decided by", sortable=True, help="The circle, where it settled the question beforehand"),
        Column("in_name_of", "In the name of", sortable=True, help="Where it differs from who decided"),
        Column("acts", "Acts", numeric=True, sortable=True),
        Column("silent", "Without a paper", numeric=True, sortable=True),
    )
    table = paged(
        asked, _MATTERS.format(
            where=where, weights="page_matters" if counted else _NOT_YET, none="0" if counted else "null"
        ), values, columns,
        "acts desc, episode = '', matter",
        empty="No question fits all of this.",
    )  # fmt: skip
    first, last = (int(asked.run.info[k][:4]) for k in ("from", "to"))
    content = {
        "domains": domains,
        "years": list(range(first, last + 1)),
        "asked_for": {"q": query, "field": field, "year": year, "only": only},
        "only": [{"key": key, "title": title} for key, (title, _) in ONLY.items()],
        "try": _examples(asked),
        "counted": counted,
    }
    return Page("matters.html.j2", "Questions", content, {"matters": table}, refresh=None if counted else 3)


def _examples(asked: Asked) -> list[dict[str, Any]]:
    """Questions of the episodes that the run reaches: title and number."""
    first = {
        row["episode"]: row["matter"]
        for row in asked.run.rows("select episode, min(matter) as matter from episodes group by episode")
    }
    titles = {raw["episode"]: raw["title"] for name in case_names() if (raw := episode(name))}
    found = [{"title": titles[e], "matter": m, "to": asked.to("matter", m)} for e, m in first.items() if e in titles]
    return sorted(found, key=lambda x: x["matter"])


ROUTES = (Route("/run/{run}/matters", matters),)
