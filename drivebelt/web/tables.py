"""Small tables that views stand on, made of a run when first asked for and kept beside its own: counts and chosen acts."""

from __future__ import annotations

from functools import partial

from drivebelt.knowledge_query import SHARED
from drivebelt.web.asked import Asked

NAMED = "(select max(person) from persons where name is not null)"
"""Named persons have the lowest numbers; the last of them."""
_TABLES = {
    # acts and papers of every body
    "page_work": """
        select organ, coalesce(a.n, 0) as acts, coalesce(d.n, 0) as papers from organs
        left join (select actor_organ as organ, count(*) as n from acts group by 1) a using (organ)
        left join (select issuer as organ, count(*) as n from documents group by 1) d using (organ)""",
    # how often a body did what in whose name
    "page_deeds": """
        select actor_organ, in_name_of, kind, count(*) as n, count(*) filter (not recorded) as silent, min(day) as first,
            max(day) as last
        from acts where actor_organ is not null group by all""",
    # decisions, by the body in whose name they stand and the one that made them
    "page_decisions": """
        select act, day, kind, matter, actor_organ, in_name_of from acts where kind in ('decide', 'poll', 'reject')""",
    # who was put into which post, by whom, and who left one
    "page_moves": """
        select act, day, kind, matter, actor_organ, actor_person, target_person as person, amount as post from acts
        where kind in ('appoint', 'elect', 'leave-post')""",
    # acts in which named persons have a part
    "page_named": f"""
        select act, day, kind, matter, document, actor_organ, actor_person, target_organ, target_person, in_name_of, grade, amount,
               recorded from acts where actor_person <= {NAMED} or target_person <= {NAMED}""",
    "page_shared": SHARED,
}


def made(asked: Asked, *names: str) -> bool:
    """Makes these tables where the run does not have them yet; true once they are there."""
    for name in names:
        asked.library.kept(asked.run, name, partial(asked.run.rows, f"create or replace table {name} as {_TABLES[name]}"))
    return True


def foreseen(asked: Asked) -> None:
    """Begins to make all of them, so that they are there when a reader goes on from the first page."""

    for name in _TABLES:
        asked.library.soon(asked.run, ("foreseen", name), partial(made, asked, name))


def acts_of(asked: Asked, person: int) -> str:
    """The table in which all acts of a person stand, the smaller one where he is named."""
    last = asked.library.kept(asked.run, "last named", lambda: asked.run.rows(f"select {NAMED} as n")[0]["n"])
    if last is None or person > last:
        return "acts"
    made(asked, "page_named")
    return "page_named"
