"""Careers: the posts of officials one after the other, who gave them and why they were left, from the tables of a run."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from drivebelt import records as r
from drivebelt.owing import RESPONSIBLE

if TYPE_CHECKING:
    from drivebelt.results import Run

_OFFICIALS = f"""
    select distinct t.person from tenures t join posts using (post) join organs o using (organ)
    join persons p on p.person = t.person
    where o.level in {RESPONSIBLE} and p.name is null order by t.person
"""
_POSTS = """
    with left_posts as (
        select target_person as person, day, any_value(amount) as amount from acts where kind = 'leave-post' group by all
    )
    select t.person, p.party_since, t."from" as since, t."to" as until, q.name as post, o.name as organ, o.level, o.branch,
           o.territory, t.by_appointment, b.name as given_by, t.appointed_by = q.organ as on_the_spot,
           l.amount as left_as
    from tenures t left join left_posts l on l.person = t.person and l.day = t."to"
    join persons p on p.person = t.person join posts q using (post) join organs o on o.organ = q.organ
    left join organs b on b.organ = t.appointed_by
    where t.person in (select unnest(?)) order by t.person, t."from", t.post
"""


def careers(run: Run, n: int = 100, seed: int = 1) -> list[dict[str, Any]]:
    """The posts of `n` officials drawn from all those below the Centre, moved or not, in the order of time.

    A row is one post of one person: person, party_since, since, until (None: to the end), post, organ, level, branch, territory,
    by_appointment (from above), given_by (the body that placed him; on the first day the body itself), on_the_spot (the body itself
    filled it), left (a word of records.LEAVINGS, "moved" where another post follows at once, None where he stays).
    """
    known = [row["person"] for row in run.rows(_OFFICIALS)]
    chosen = sorted(random.Random(seed).sample(known, min(n, len(known))))
    rows = run.rows(_POSTS, [chosen])
    for row in rows:
        reason = row.pop("left_as")
        row["left"] = None if row["until"] is None else "moved" if reason is None else r.LEAVINGS[reason]
    return rows
