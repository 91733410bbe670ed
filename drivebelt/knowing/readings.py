"""How deep each act lets persons, bodies and layers know of its matter: queries over the tables of a run.

Depths: 1 the public version, 2 that something is decided, 3 the content, 4 the motive. The same readings of acts that the running
mechanism makes are made here by queries, so that each can be held against the other.
"""

from __future__ import annotations

from drivebelt import records as r

DEPTHS = {1: "the public version", 2: "that something is decided", 3: "the content", 4: "the motive"}
CENTRAL = f"""
    select distinct matter from acts
    where kind = 'propose' or (kind = 'tell' and target_organ = {r.SECRETARIAT} and grade = 'special-folder')
"""
"""The matters of the Centre: those that came to the Secretariat, on paper or by word of mouth."""
# How deep an act lets a person know; `a` is the act, `depth` null where it tells him nothing.
_PERSONS = f"""
    select a.matter, a.actor_person as person, 4 as depth, a.day, a.act from here a
        where kind in ('open-matter', 'propose', 'sort-mail')
    union all select a.matter, a.actor_person, 3, a.day, a.act from here a
        where kind in ('consider', 'enter-agenda') or (kind = 'read' and not of_minutes)
           or (kind = 'issue' and not of_minutes)
    union all select a.matter, a.actor_person, a.depth, a.day, a.act from minutes_read a
    union all select a.matter, a.actor_person, case when p.act < a.act and coalesce(g.act > a.act, true) then 4 else 3 end,
        a.day, a.act from here a left join proposed p on p.matter = a.matter left join agreed g on g.matter = a.matter
        where a.kind = 'vote'
    union all select a.matter, c.actor_person, 4, a.day, a.act from here a asof join understandings u on u.day <= a.day
        join circle c on c.day = u.day where a.kind = 'agree'
    union all select a.matter, a.target_person, case when target_organ = {r.SECRETARIAT} then 4 else 3 end, a.day, a.act
        from here a where kind = 'tell'
    union all select a.matter, a.target_person, 3, a.day, a.act from here a where kind in ('hand-over', 'consult')
    union all select a.matter, a.target_person, least(amount, 4), a.day, a.act from here a where kind = 'inform'
    union all select a.matter, a.target_person, case when target_organ is null then 2 else 3 end, a.day, a.act from here a
        where kind = 'leak'
"""
_BODIES = f"""
    select a.matter, a.actor_organ as organ, 4 as depth, a.day, a.act, a.kind from here a
        where (kind in ('open-matter', 'propose') and not sealed) or (kind = 'sort-mail' and actor_person is null and not sealed)
    union all select a.matter, a.actor_organ,
        case when o.level = 'centre' or o.branch != 'state' or b.act < a.act then 2 else 1 end, a.day, a.act, a.kind
        from here a join organs o on o.organ = a.actor_organ
        left join breached b on b.matter = a.matter and b.actor_organ = a.target_organ where a.kind = 'receive' and not sealed
    union all select a.matter, a.actor_organ, 3, a.day, a.act, a.kind from here a where kind = 'consider'
        or (kind in ('read', 'issue') and not of_minutes and not sealed)
    union all select a.matter, a.actor_organ, a.depth, a.day, a.act, 'minutes' from minutes_read a
    union all select a.matter, a.in_name_of, 3, a.day,
        a.act, a.kind from here a where kind in ('decide', 'poll', 'reject') and not sealed
    union all select a.matter, a.target_organ, case when target_organ = {r.SECRETARIAT} then 4 else 3 end, a.day, a.act, a.kind
        from here a where kind = 'tell' and not sealed
    union all select a.matter, a.target_organ, 3, a.day,
        a.act, a.kind from here a where kind in ('hand-over', 'consult') and not sealed
    union all select a.matter, a.target_organ, amount, a.day, a.act, a.kind from here a join organs o on o.organ = a.target_organ
        where kind = 'inform' and a.target_person is null and o.branch = 'party' and o.level != 'centre'
"""
_KINDS = (
    "open-matter", "propose", "sort-mail", "consider", "enter-agenda", "read", "issue", "vote", "agree", "tell", "hand-over",
    "consult", "inform", "leak", "receive", "decide", "poll", "reject", "breach",
)  # fmt: skip
TELLING = (*_KINDS, "minute", "mark-special-folder")
"""Kinds of act on a matter from which its readings are made; beside them they ask who combined on which day."""
_WITH = """
    with about as materialized ({about}),
    here as materialized (
        select a.act, a.day, a.kind, a.matter, a.document, a.actor_organ, a.actor_person, a.target_organ, a.target_person,
               a.in_name_of, a.amount, coalesce(a.grade = 'special-folder', false) as sealed,
               a.kind in ('read', 'issue') and coalesce(
                   a.document in (select document from documents where kind = 'minutes'), false) as of_minutes
        from {acts} a semi join about using (matter) where a.kind in {kinds}
    ),
    special as (select distinct matter from here where kind in ('propose', 'tell') and sealed),
    entries as (
        select document, matter, max(case when kind = 'minute' then 3 else 2 end) as depth
        from {acts} semi join about using (matter)
        where kind in ('minute', 'mark-special-folder') and document is not null group by all
    ),
    minutes_read as (
        select e.matter, e.depth, a.actor_organ, a.actor_person, a.day, a.act from {acts} a join entries e using (document)
        where a.kind = 'read'
    ),
    proposed as (select matter, min(act) as act from here where kind = 'propose' group by matter),
    agreed as (select matter, min(act) as act from here where kind = 'agree' group by matter),
    breached as (select matter, actor_organ, min(act) as act from here where kind = 'breach' group by all),
    circle as (select distinct day, actor_person from {acts} where kind = 'combine'),
    understandings as (select distinct day from circle)
"""


def all_of_persons(about: str, acts: str = "acts", who: str = "name is not null") -> str:
    """Every reading of an act by which a person knows: (matter, person, depth, day, act); from `acts`, of those `who`."""
    return f"""{_WITH.format(about=about, acts=acts, kinds=_KINDS)}
        select matter, person, depth, day, act from ({_PERSONS}) join persons using (person) where depth > 0 and {who}"""


def all_of_bodies(about: str, acts: str = "acts") -> str:
    """The same for bodies: (matter, organ, depth, day, act)."""
    return f"""{_WITH.format(about=about, acts=acts, kinds=_KINDS)}
        select matter, organ, depth, day, act from ({_BODIES}) b join organs using (organ) left join special s using (matter)
        where depth > 0 and (s.matter is null or level != 'centre' or kind in ('consider', 'minutes'))"""


def persons(about: str = CENTRAL) -> str:
    """The query that gives (matter, person, depth, day, act): the act by which a named person first knew so much.

    `about` is a query of matters. Depths that an act skips are not listed: who is told the content knows that there is a decision.
    """
    return f"select matter, person, depth, min(day) as day, min(act) as act from ({all_of_persons(about)}) group by all"


def bodies(about: str = CENTRAL) -> str:
    """The same for bodies: (matter, organ, depth, day, act).

    What is in the special folder is known to persons, not to bodies of the Centre, save to those that read unmarked minutes.
    """
    return f"select matter, organ, depth, min(day) as day, min(act) as act from ({all_of_bodies(about)}) group by all"


_ACT = """act, day, kind, matter, document, null::integer as actor_organ, actor_person, target_organ, target_person,
    null::integer as in_name_of, null::varchar as grade, amount"""
"""What knowing of a person rests on, of an act; the columns of bodies are left empty, so that they are not read."""
SHARED = f"select {_ACT} from acts where kind in ('propose', 'agree', 'combine', 'minute', 'mark-special-folder')"
"""Acts that count for what a person knows though he has no part in them: what they settle, and what minutes hold."""


def of_person(person: int, acts: str = "acts", shared: str = f"({SHARED})") -> str:
    """The query that gives all that one person, named or not, knows by the end of the day `$day`, each with the act by which he
    first knew so much: (matter, depth, day, act), a row a matter.

    It reads the acts in which he has a part, so that it is quick: from `acts`, where they stand, and `shared`, where SHARED does.
    """
    number = int(person)
    mine = f"""select {_ACT} from {acts} where day <= $day and actor_person = {number} union all
        select {_ACT} from {acts} where day <= $day and target_person = {number}
            and actor_person is distinct from {number} union all
        select * from {shared} where day <= $day and actor_person is distinct from {number}
            and target_person is distinct from {number}"""
    return f"""with mine as materialized ({mine})
        select matter, max(depth) as depth, arg_min(day, (-depth, act)) as day, arg_min(act, (-depth, act)) as act
        from ({all_of_persons("select distinct matter from mine", "mine", f"person = {number}")}) group by matter"""


def layers(about: str = CENTRAL, acts: str = "acts") -> str:
    """What members and the public learnt: (matter, layer, depth, day, act, persons), the persons new on that day."""
    return f"""
        with about as ({about})
        select l.matter, case when l.actor_organ = {r.CONGRESS} then 'members' else 'public' end as layer, i.amount as depth, l.day,
               i.act, l.amount as persons
        from {acts} l join {acts} i on i.act = l.cause join about on about.matter = l.matter
        where l.kind = 'learn' and i.kind = 'inform'"""
