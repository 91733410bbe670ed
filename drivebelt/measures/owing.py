"""What officials owe to whoever heads the Secretariat, from acts, tenures, rules and the starting ties alone.

A week leaves of a tie the share d; a post given by its patron adds a share a of what is missing. The recursion
w' = (1 - a) d w + a is linear, so that a person's tie after his n-th post is K C (w0 + sum of a / (K_j C_j)), where K is the
product of d over all weeks and C that of (1 - a) over all posts given, up to then. Sums are taken in whole billionths: their
order does not matter.
"""

from __future__ import annotations

from drivebelt import records as r

LEVELS = "(values " + ", ".join(f"('{name}', {i})" for i, name in enumerate(r.LEVELS)) + ") as depth(name, place)"
RESPONSIBLE = "('region', 'gubernia', 'uezd')"


def in_force(rule: str, day: str, key: str = "key is null") -> str:
    """The value of a rule in force on a day, as a subquery."""
    return f"""(select arg_max(value, since) from rules
                where rule = '{rule}' and {key} and since <= {day} and (until is null or until > {day}))"""


MONTHS = "select unnest(generate_series(date_trunc('month', min(day)), max(day), interval 1 month))::date as day from acts"
"""The first days of months; the first only where the run begins on it."""

_HELD = f"""
    with posts_of as (
        select post, organ, level, place, branch, post = min(post) over (partition by organ) as head, valid_from, valid_to
        from posts join organs using (organ) join {LEVELS} on depth.name = level where level in {RESPONSIBLE}
    ), list as (
        select m.day as day, rule = 'nomenklatura_heads' as head, key as branch, place as reach
        from months m join rules on rule in ('nomenklatura_heads', 'nomenklatura_others')
            and since < m.day and (until is null or until >= m.day)
        join {LEVELS} on depth.name = text
    )
    select m.day, person, by_appointment, level, p.head as first, false as elected, p.head and p.branch = 'party' as secretary,
           coalesce(place <= reach, false) as listed
    from months m join tenures t on t."from" < m.day and (t."to" is null or t."to" >= m.day)
    join posts_of p on p.post = t.post and p.valid_from < m.day and (p.valid_to is null or p.valid_to >= m.day)
    left join list on list.day = m.day and list.head = p.head and list.branch = p.branch
    where m.day > (select min(day) from acts)"""
"""Who holds a responsible post of an open body outside the Centre on the first of each month, before what happens on that day."""

_SCOPES = """(values ('officials'), ('secretaries'), ('posts on the list'), ('central-committee')) as scopes(scope)
    where case scope when 'officials' then not elected when 'secretaries' then secretary when 'posts on the list' then listed
          else elected end"""
"""Of whom a share is taken; `elected` are members of the Central Committee on the day of its election."""

_TIES = f"""
    weeks as (
        select day, actor_person as head, {in_force("tie_kept_a_week", "few.day")} as keeps
        from few where kind = 'calendar' and actor_organ = {r.UCHRASPRED} and isodow(day) = 1
    ), kept as (select day, head, product(keeps) over (order by day) as left_of_it from weeks),
    given as (
        select act, a.day, target_person as person, actor_person as patron, left_of_it,
               {in_force("tie_gain", "a.day")} as gain
        from few a asof join kept on a.day >= kept.day
        where kind = 'appoint' and actor_person is not null and target_person is not null
    ), missing as (
        select *, product(1 - gain) over (partition by person, patron order by act) as short from given
    ), owed as (
        select act, day, person, patron, short, left_of_it,
               sum(gain / (left_of_it * short)) over (partition by person, patron order by act) as summed
        from missing
    )"""

_MEMBERS = f"""
    members as (
        select a.day, target_person as person, any_value(p.name) as name,
               arg_max(t.by_appointment and o.level != 'centre', t.post) as by_appointment, arg_max(o.level, t.post) as level,
               coalesce(arg_max(t.post = f.first, t.post), false) as first
        from few a join persons p on p.person = target_person
        left join tenures t on t.person = target_person and t."from" <= a.day and (t."to" is null or t."to" > a.day)
        left join posts q on q.post = t.post left join organs o on o.organ = q.organ
        left join (select organ, min(post) as first from posts group by organ) f on f.organ = q.organ
        where a.kind = 'elect-body' and target_organ = {r.CC} group by a.day, target_person
    ), asked as (
        select * from held union all
        select day, person, coalesce(by_appointment, false),
               case when level is not null or name is null then level else 'centre' end, first, true, false, false from members
    )"""

POSTS_OWED = f"""
    select day, scope, sum(by_appointment::int) / count(*) as value from held, {_SCOPES} group by day, scope"""

DEPENDENCE = f"""
    with {_TIES}, {_MEMBERS},
    stakes as (
        select day as since, split_part(subject, ': ', 2) as level, subject like 'provision of heads%' as first,
               amount / 1000.0 as stake, lead(day) over (partition by subject order by act) as until
        from few join matters using (matter) where kind in ('grant', 'withdraw')
    ), days as (
        select day, {in_force("weight_of_stake", "d.day")} as weight, {in_force("removability_of_elected", "d.day")} as removable
        from (select distinct day from asked) d
    ), dated as (
        select a.*, a.day - 1 as before, weight, removable, coalesce(s.stake, 0) as stake from asked a join days using (day)
        left join stakes s on s.level = a.level and s.first = a.first and s.since < a.day and coalesce(s.until >= a.day, true)
    ), led as (
        select d.*, kept.head, coalesce(kept.left_of_it, 1) as left_now from dated d asof left join kept on d.before >= kept.day
    ), tied as (
        select l.day, l.elected, l.secretary, l.listed, l.weight * l.stake * case when l.by_appointment then 1 else removable end
                   as at_stake,
               case when o.act is null then l.left_now * coalesce(s.tie, 0)
                    else l.left_now * o.short * (coalesce(s.tie, 0) + o.summed) end as tie
        from led l asof left join owed o on o.person = l.person and o.patron = l.head and l.before >= o.day
        left join ties s on s.person = l.person and s.patron = l.head
    )
    select day, scope, sum(owes) / 1e9 / count(*) as value
    from (select *, round(1e9 * (1 - (1 - tie) * (1 - at_stake)))::bigint as owes from tied), {_SCOPES}
    group by day, scope"""

FILES = """
    select day, 'posts on the list' as scope,
           (select coalesce(sum(amount), 0) from few where kind = 'file' and few.day < held.day) / count(*) as value
    from held where listed group by day"""
"""Files completed so far for each post on the list: above one where the people have changed since."""

DELEGATES = f"""
        select a.act, a.day, a.target_organ as body, a.cause, any_value(a.amount) as no, any_value(a.target_person) as person,
               coalesce(bool_or(o.branch = 'party' and o.level in {RESPONSIBLE}), false) as full_time
        from acts a left join tenures t
            on t.person = a.target_person and t."from" <= a.day and (t."to" is null or t."to" > a.day)
        left join posts using (post) left join organs o on o.organ = posts.organ
        where a.kind = 'send-delegate' group by all"""
"""Delegates, and whether each holds a paid post of the party apparatus; who has another post works in it beside that."""

TABLES = {"months": MONTHS, "held": _HELD, "delegates": DELEGATES}
"""What several measures stand on, made once."""

APPARATUS = """
    select day, o.name as scope, sum(full_time::int) / count(*) as value
    from delegates join organs o on o.organ = body group by all"""

APPARATUS_WITH_PART_TIME = """
    select day, o.name as scope, sum((person is not null)::int) / count(*) as value
    from delegates join organs o on o.organ = body group by all"""

LIFT = f"""
    with pools as (select act, amount from few where kind = 'convene'),
    sizes as (select day, {in_force("delegates_pool", "m.day")} as size from (select distinct day from delegates) m)
    select day, o.name as scope, (sum(full_time::int) - sum(amount) / any_value(size)) / count(*) as value
    from delegates join pools on pools.act = cause join sizes using (day) join organs o on o.organ = body group by all"""
"""How far the share of paid officials stands above that of the pools from which the first stage chose."""
