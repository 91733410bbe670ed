"""Questions: all of them, searched and sorted, and the journey of one."""

from __future__ import annotations

from typing import Any

from drivebelt.web.asked import Asked
from drivebelt.web.page import Column, Page, Route, paged

_MATTERS = """
    select matter, opened, domain, subject, o.name as first_mover, o.level, p.name as person,
           coalesce(e.episode, '') as episode
    from matters m left join organs o on o.organ = originator_organ left join persons p on p.person = originator_person
    left join episodes e using (matter)
    where {where}
"""


def matters(asked: Asked) -> Page:
    """Every question of the run, by words, field and year."""
    domains = [row["domain"] for row in asked.run.rows("select distinct domain from matters order by domain")]
    query, field, year = asked.word("q"), asked.choice("field", domains), asked.whole("year", None, 1900, 2100)
    where, values = ["true"], list[Any]()
    for word in query.split():
        where.append("contains(lower(subject || ' ' || domain || ' ' || coalesce(o.name, '')), ?)")
        values.append(word.casefold())
    if field:
        where.append("domain = ?")
        values.append(field)
    if year:
        where.append("year(opened) = ?")
        values.append(year)
    columns = (
        Column("matter", "No.", numeric=True, link=lambda r: asked.to("matter", r["matter"]), sortable=True),
        Column("opened", "Taken up", sortable=True),
        Column("subject", "Question", link=lambda r: asked.to("matter", r["matter"]), sortable=True),
        Column("domain", "Field", sortable=True),
        Column("first_mover", "First moved by", sortable=True),
        Column("level", "Level", sortable=True),
    )
    table = paged(
        asked, _MATTERS.format(where=" and ".join(where)), values, columns, "matter", empty="No question has these words."
    )
    first, last = (int(asked.run.info[k][:4]) for k in ("from", "to"))
    content = {"domains": domains, "years": list(range(first, last + 1)), "asked_for": {"q": query, "field": field, "year": year}}
    return Page("matters.html.j2", "Questions", content, {"matters": table})


ROUTES = (Route("/run/{run}/matters", matters),)
