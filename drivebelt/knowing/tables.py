"""Tables that the measures of knowledge are made from: who knew of the weighty decisions of a run since when."""

from __future__ import annotations

from drivebelt import records as r
from drivebelt.knowing.readings import TELLING, all_of_bodies, all_of_persons, layers

WEIGHTY = f"""
    select matter, min(day) as decided, date_trunc('month', min(day))::date as month from few
    where (kind in ('decide', 'poll') and in_name_of = {r.POLITBURO}) or (kind = 'tell' and actor_organ = {r.CIRCLE})
    group by matter
"""
"""Weighty decisions: those of the Politburo, and what the circle passed on by word of mouth without any body."""
_ABOUT = "select matter from weighty"
_LAYER = """case when level = 'centre' then 'bodies of the centre' when branch = 'state' then 'state bodies below'
    when level in ('volost', 'cell') then 'volosts and cells' else 'committees' end"""
_FIRST_DAYS = """min(day) as d1, min(day) filter (depth >= 2) as d2, min(day) filter (depth >= 3) as d3,
    min(day) filter (depth >= 4) as d4"""


def existed(month: str) -> str:
    """The condition that a body of `organs` existed in a month, given by its first day."""
    return f"valid_from <= last_day({month}) and (valid_to is null or valid_to > {month})"


TABLES = {
    "weighty": WEIGHTY,
    "told": f"""
        select act, day, kind, matter, document, actor_organ, actor_person, target_organ, target_person, in_name_of, grade, amount
        from acts where kind in ('read', 'combine') or (kind in {TELLING} and matter in ({_ABOUT}))""",
    "core": f"""
        select distinct date_trunc('month', day)::date as month, actor_person as person from few
        where kind = 'vote' and actor_organ = {r.POLITBURO}""",
    "layer_size": f"""
        select month, 'core' as layer, count(*) as n from core group by month
        union all select month, {_LAYER} as layer, count(*) as n
            from organs join (select distinct month from weighty) on {existed("month")}
            where branch in ('party', 'state') or level = 'centre' group by all
        union all select date_trunc('month', day)::date, scope, min(value) from samples where measure = 'layer-size'
        group by all""",
    "told_leaders": f"""
        select 'core' as layer, k.matter, {_FIRST_DAYS} from ({all_of_persons(_ABOUT, "told")}) k
        join weighty using (matter) join core on core.month = weighty.month and core.person = k.person
        group by k.matter, k.person""",
    "told_bodies": f"""
        select {_LAYER} as layer, matter, d1, d2, d3, d4 from (
            select matter, organ, {_FIRST_DAYS} from ({all_of_bodies(_ABOUT, "told")}) k group by matter, organ
        ) join organs using (organ) where branch in ('party', 'state') or level = 'centre'""",
    "known": f"""
        with first_days as (from told_leaders union all from told_bodies)
        select layer, matter, depth, day, count(*)::double as n from (
            select layer, matter, 1 as depth, d1 as day from first_days union all select layer, matter, 2, d2 from first_days
            union all select layer, matter, 3, d3 from first_days union all select layer, matter, 4, d4 from first_days
        ) where day is not null group by all
        union all select layer, matter, depth, day, persons from ({layers(_ABOUT, "few")})""",
}
"""Tables that the measures of knowledge are made from: weighty decisions, the acts that tell of them, the core of each month, the
size of each layer in it (of bodies those that existed then: districts were merged by the hundred), the days on which each leader
of the core and each body first knew so much, and how many of a layer, bodies, leaders or persons, came to know so much of a
decision on a day: (layer, matter, depth, day, n)."""
