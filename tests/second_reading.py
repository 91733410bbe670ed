"""Who knew what of weighty decisions, read a second time: acts are named for what happens, and a table says who learns how much.

Nothing here comes from drivebelt.knowing, which has a branch for each kind of act and takes least days of depths: here acts
are unfolded into those who were there, and he who learns the content is set down for the existence and the public version as well.
"""

from __future__ import annotations

LESSONS = """(values
    ('open-matter', 'author', 4), ('open-matter', 'his body', 4), ('propose', 'author', 4), ('propose', 'his body', 4),
    ('sort-mail', 'author', 4), ('sort-mail by nobody named', 'his body', 4),
    ('receive', 'his body', 2), ('receive from a mask', 'his body', 1),
    ('consider', 'author', 3), ('consider', 'his body', 3), ('enter-agenda', 'author', 3),
    ('read', 'author', 3), ('read', 'his body', 3), ('issue', 'author', 3), ('issue', 'his body', 3),
    ('read in minutes', 'author', 3), ('read in minutes', 'his body', 3),
    ('read in minutes: see special folder', 'author', 2), ('read in minutes: see special folder', 'his body', 2),
    ('vote', 'author', 3), ('vote on a paper, nothing settled', 'author', 4), ('agree', 'circle', 4),
    ('decide', 'body named', 3), ('poll', 'body named', 3), ('reject', 'body named', 3),
    ('tell', 'hearer', 3), ('tell', 'his hearer', 3),
    ('tell the Secretariat', 'hearer', 4), ('tell the Secretariat', 'his hearer', 4),
    ('hand-over', 'hearer', 3), ('hand-over', 'his hearer', 3), ('consult', 'hearer', 3), ('consult', 'his hearer', 3),
    ('inform: 1', 'hearer', 1), ('inform: 2', 'hearer', 2), ('inform: 3', 'hearer', 3), ('inform: 4', 'hearer', 4),
    ('read out: 3', 'his hearer', 3), ('leak by those around', 'hearer', 2), ('leak of a text', 'hearer', 3)
)"""
"""What happens, who learns by it, how deep. 'his body' and 'his hearer' are bodies: those of author and hearer."""
ALOUD = """('consider', 'read out: 3', 'read in minutes', 'read in minutes: see special folder')"""
"""What a body hears at its sitting or reads unmarked in minutes, no seal keeps from it."""

MONTH_OF = "make_date(year({0}), month({0}), 1)"
WHERE = """case when o.level = 'centre' then 'bodies of the centre' when o.branch = 'state' then 'state bodies below'
    when o.branch = 'party' then if(o.level = 'volost' or o.level = 'cell', 'volosts and cells', 'committees') end"""
KNEW = f"""
with weighty as (
    select a.matter, min(a.day) as decided, {MONTH_OF.format("min(a.day)")} as d from t_acts a
    left join t_organs n on n.organ = a.in_name_of left join t_organs b on b.organ = a.actor_organ
    where (a.kind = 'tell' and b.key = 'circle') or (a.kind in ('decide', 'poll') and n.key = 'politburo') group by a.matter
), seen as (
    select a.*, a.grade is not distinct from 'special-folder' as sealed, h.key as hearing, h.level as hearing_at,
        o.level <> 'centre' and o.branch = 'state' as state_below, x.kind is not distinct from 'minutes' as minutes,
        count(*) filter (a.kind = 'propose') over so_far as asked, count(*) filter (a.kind = 'agree') over so_far as settled,
        count(*) filter (a.kind = 'breach') over with_sender as cited,
        count(*) filter (a.kind in ('propose', 'tell') and a.grade = 'special-folder') over (partition by a.matter) > 0 as folder
    from t_acts a left join t_documents x on x.document = a.document left join t_organs o on o.organ = a.actor_organ
        left join t_organs h on h.organ = a.target_organ
    where a.matter in (select matter from weighty) and a.kind not in ('execute', 'report', 'learn')
    window so_far as (partition by a.matter order by a.act), with_sender as (
        partition by a.matter, case a.kind when 'breach' then a.actor_organ when 'receive' then a.target_organ end order by a.act)
), entered as (
    select matter, document, bool_or(kind = 'minute') as plainly, bool_or(folder) as folder from seen
    where kind in ('minute', 'mark-special-folder') and document is not null group by matter, document
), happened as (
    select case when kind = 'vote' and asked > 0 and settled = 0 then 'vote on a paper, nothing settled'
        when kind = 'tell' and hearing = 'secretariat' then 'tell the Secretariat'
        when kind = 'sort-mail' and actor_person is null then 'sort-mail by nobody named'
        when kind = 'receive' and state_below and cited = 0 then 'receive from a mask'
        when kind = 'leak' then if(target_organ is null, 'leak by those around', 'leak of a text')
        when kind = 'inform' and target_person is null and hearing_at <> 'centre' then 'read out: ' || amount
        when kind = 'inform' then 'inform: ' || amount else kind end as what,
        day, matter, sealed, folder, actor_person, target_person, actor_organ, target_organ, in_name_of
    from seen where not (minutes and kind in ('read', 'issue'))
    union all
    select if(e.plainly, 'read in minutes', 'read in minutes: see special folder'), a.day, e.matter, false, e.folder,
        a.actor_person, null, a.actor_organ, null, null
    from t_acts a join t_documents x on x.document = a.document and x.kind = 'minutes' join entered e on e.document = x.document
    where a.kind = 'read'
), there as (
    select matter, day, what, sealed, folder, unnest([
        {{'role': 'author', 'person': actor_person, 'body': null}}, {{'role': 'hearer', 'person': target_person, 'body': null}},
        {{'role': 'his body', 'person': null, 'body': actor_organ}}, {{'role': 'his hearer', 'person': null, 'body': target_organ}},
        {{'role': 'body named', 'person': null, 'body': in_name_of}}], recursive := true) from happened
    union all
    select s.matter, s.day, s.kind, false, false, 'circle', c.actor_person, null from seen s join (
        select day as since, lead(day) over (order by day) as until, unnest(those) as actor_person
        from (select day, list(distinct actor_person) as those from t_acts where kind = 'combine' group by day)
    ) c on s.day >= c.since and (c.until is null or s.day < c.until) where s.kind = 'agree'
), lessons(what, role, depth) as {LESSONS}, learnt as (
    select 'core' as layer, t.matter, t.person as one, t.day, l.depth from there t join lessons l using (what, role)
    join weighty w on w.matter = t.matter where t.person in (
        select v.actor_person from t_acts v join t_organs b on b.organ = v.actor_organ
        where v.kind = 'vote' and b.key = 'politburo' and {MONTH_OF.format("v.day")} = w.d)
    union all
    select {WHERE}, t.matter, t.body, t.day, l.depth from there t join lessons l using (what, role)
    join t_organs o on o.organ = t.body where what in {ALOUD} or not (sealed or (folder and o.level = 'centre'))
), knew as (
    select layer, matter, depth, min(day) as day, 1 as n
    from (select layer, matter, one, day, unnest(range(1, depth + 1)) as depth from learnt where layer is not null)
    group by layer, matter, one, depth
    union all
    select if(o.key = 'party-congress', 'members', 'public'), l.matter, told.amount, l.day, l.amount
    from t_acts l join t_acts told on told.act = l.cause join t_organs o on o.organ = l.actor_organ
    where l.kind = 'learn' and told.kind = 'inform' and l.matter in (select matter from weighty)
), late as (select k.*, w.d, k.day - w.decided as days from knew k join weighty w using (matter))
"""
"""One row in `late` for each leader or body and depth, or batch of `n` people of a layer: when, and how long after the decision."""

SIZES = f"""
    select d, layer, count(*) as size from (
        select distinct {MONTH_OF.format("v.day")} as d, 'core' as layer, v.actor_person from t_acts v
        join t_organs b on b.organ = v.actor_organ where v.kind = 'vote' and b.key = 'politburo')
    group by d, layer
    union all select d, {WHERE} as layer, count(*) from (select distinct d from weighty), t_organs o
    where not (o.valid_from >= d + interval 1 month or coalesce(o.valid_to <= d, false)) group by 1, 2
    union all select {MONTH_OF.format("day")}, scope, arg_min(value, day) from t_measures
    where measure = 'layer-size' group by 1, 2"""

KNOWLEDGE = {
    "knowledge": f"""{KNEW}
        select d, layer || ' ' || depth as s, (select sum(n) from late x where x.d = l.d and x.layer = l.layer and x.depth = l.depth
            and x.days <= 60) / ((select count(*) from weighty w where w.d = l.d)
            * (select size from ({SIZES}) z where z.d = l.d and z.layer = l.layer)) as v
        from (select distinct d, layer, depth from late) l where v is not null""",
    # Half of those who came to know did so no later, half no sooner; where two days do, their mean.
    "knowledge-lag": f"""{KNEW}, days as (
            select d, layer || ' ' || depth as s, greatest(days, 0) as days, sum(n) as n from late group by all)
        select d, s, avg(days) as v from (
            select x.d, x.s, x.days, sum(y.n) filter (y.days < x.days) as sooner, sum(y.n) filter (y.days > x.days) as later,
                sum(y.n) as those from days x join days y on x.d = y.d and x.s = y.s group by all)
        where 2 * coalesce(sooner, 0) <= those and 2 * coalesce(later, 0) <= those group by d, s""",
    "unknown-below": f"""{KNEW}
        select d, s, avg(if(matter in (select matter from late
            where depth >= deep and not (layer = 'core' or layer = 'bodies of the centre')), 0, 1)) as v
        from weighty, (values ('existence', 2), ('content', 3)) x(s, deep) group by d, s""",
}
