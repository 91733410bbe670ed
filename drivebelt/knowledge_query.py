"""What could somebody know on a day: from the tables of a run alone, with the act that told him.

Depths: 1 the public version, 2 that something is decided, 3 the content, 4 the motive. The same readings of acts that the running
mechanism makes are made here by queries, so that each can be held against the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from drivebelt import records as r
from drivebelt.errors import BadInput
from drivebelt.flows import numbers
from drivebelt.rulebook.rules import nearest

if TYPE_CHECKING:
    from drivebelt.results import Run, Session

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
        where kind in ('consider', 'enter-agenda') or (kind = 'read' and not coalesce(paper = 'minutes', false))
           or (kind = 'issue' and not coalesce(paper = 'minutes', false))
    union all select a.matter, a.actor_person, a.depth, a.day, a.act from minutes_read a
    union all select a.matter, a.actor_person, case when p.act < a.act and coalesce(g.act > a.act, true) then 4 else 3 end,
        a.day, a.act from here a left join proposed p on p.matter = a.matter left join agreed g on g.matter = a.matter
        where a.kind = 'vote'
    union all select a.matter, c.actor_person, 4, a.day, a.act from here a join circle c
        on c.day = (select max(day) from circle where day <= a.day) where a.kind = 'agree'
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
        or (kind in ('read', 'issue') and not coalesce(paper = 'minutes', false) and not sealed)
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
_WITH = """
    with about as materialized ({about}),
    named as (select document, kind as paper from documents where kind = 'minutes'),
    here as materialized (
        select a.act, a.day, a.kind, a.matter, a.document, a.actor_organ, a.actor_person, a.target_organ, a.target_person,
               a.in_name_of, a.amount, coalesce(a.grade = 'special-folder', false) as sealed, n.paper
        from {acts} a semi join about using (matter) left join named n using (document)
        where a.kind in ('open-matter', 'propose', 'sort-mail', 'consider', 'enter-agenda', 'read', 'issue', 'vote', 'agree',
                         'tell', 'hand-over', 'consult', 'inform', 'leak', 'receive', 'decide', 'poll', 'reject', 'breach')
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
    circle as (select distinct day, actor_person from {acts} where kind = 'combine')
"""


def _persons(about: str, acts: str = "acts", who: str = "name is not null") -> str:
    """Every reading of an act by which a person knows: (matter, person, depth, day, act); from `acts`, of those `who`."""
    return f"""{_WITH.format(about=about, acts=acts)}
        select matter, person, depth, day, act from ({_PERSONS}) join persons using (person) where depth > 0 and {who}"""


def _bodies(about: str, acts: str = "acts") -> str:
    """The same for bodies: (matter, organ, depth, day, act)."""
    return f"""{_WITH.format(about=about, acts=acts)}
        select matter, organ, depth, day, act from ({_BODIES}) b join organs using (organ) left join special s using (matter)
        where depth > 0 and (s.matter is null or level != 'centre' or kind in ('consider', 'minutes'))"""


def persons(about: str = CENTRAL) -> str:
    """The query that gives (matter, person, depth, day, act): the act by which a named person first knew so much.

    `about` is a query of matters. Depths that an act skips are not listed: who is told the content knows that there is a decision.
    """
    return f"select matter, person, depth, min(day) as day, min(act) as act from ({_persons(about)}) group by all"


def bodies(about: str = CENTRAL) -> str:
    """The same for bodies: (matter, organ, depth, day, act).

    What is in the special folder is known to persons, not to bodies of the Centre, save to those that read unmarked minutes.
    """
    return f"select matter, organ, depth, min(day) as day, min(act) as act from ({_bodies(about)}) group by all"


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
        from ({_persons("select distinct matter from mine", "mine", f"person = {number}")}) group by matter"""


def layers(about: str = CENTRAL) -> str:
    """What members and the public learnt: (matter, layer, depth, day, act, persons), the persons new on that day."""
    return f"""
        with about as ({about})
        select l.matter, case when l.actor_organ = {r.CONGRESS} then 'members' else 'public' end as layer, i.amount as depth, l.day,
               i.act, l.amount as persons
        from acts l join acts i on i.act = l.cause join about on about.matter = l.matter
        where l.kind = 'learn' and i.kind = 'inform'"""


WEIGHTY = f"""
    select matter, min(day) as decided, date_trunc('month', min(day))::date as month from acts
    where (kind in ('decide', 'poll') and in_name_of = {r.POLITBURO}) or (kind = 'tell' and actor_organ = {r.CIRCLE})
    group by matter
"""
"""Weighty decisions: those of the Politburo, and what the circle passed on by word of mouth without any body."""

_ABOUT = "select matter from weighty"
_LAYER = """case when level = 'centre' then 'bodies of the centre' when branch = 'state' then 'state bodies below'
    when level in ('volost', 'cell') then 'volosts and cells' else 'committees' end"""
_FIRST_DAYS = """min(day) as d1, min(day) filter (depth >= 2) as d2, min(day) filter (depth >= 3) as d3,
    min(day) filter (depth >= 4) as d4"""
TABLES = ("weighty", "known", "layer_size")


def existed(month: str) -> str:
    """The condition that a body of `organs` existed in a month, given by its first day."""
    return f"valid_from <= last_day({month}) and (valid_to is null or valid_to > {month})"


PREPARE = f"""
    create temp table weighty as {WEIGHTY};
    create temp table told as
        select act, day, kind, matter, document, actor_organ, actor_person, target_organ, target_person, in_name_of, grade, amount
        from acts where kind in ('read', 'combine') or (
            kind not in ('execute', 'report', 'return', 'set-aside', 'remind', 'burn', 'learn') and matter in ({_ABOUT}));
    create temp table core as
        select distinct date_trunc('month', day)::date as month, actor_person as person from acts
        where kind = 'vote' and actor_organ = {r.POLITBURO};
    create temp table layer_size as
        select month, 'core' as layer, count(*) as n from core group by month
        union all select month, {_LAYER} as layer, count(*) as n
            from organs join (select distinct month from weighty) on {existed("month")}
            where branch in ('party', 'state') or level = 'centre' group by all
        union all select date_trunc('month', day)::date, scope, min(value) from samples where measure = 'layer-size'
        group by all;
    create temp table known as
        with first_days as (
            select 'core' as layer, k.matter, {_FIRST_DAYS} from ({_persons(_ABOUT, "told")}) k
            join weighty using (matter) join core on core.month = weighty.month and core.person = k.person
            group by k.matter, k.person
            union all
            select {_LAYER}, matter, d1, d2, d3, d4 from (
                select matter, organ, {_FIRST_DAYS} from ({_bodies(_ABOUT, "told")}) k group by matter, organ
            ) join organs using (organ) where branch in ('party', 'state') or level = 'centre'
        )
        select layer, matter, depth, day, 1.0 as n from (
            select layer, matter, 1 as depth, d1 as day from first_days union all select layer, matter, 2, d2 from first_days
            union all select layer, matter, 3, d3 from first_days union all select layer, matter, 4, d4 from first_days
        ) where day is not null
        union all select layer, matter, depth, day, persons from ({layers(_ABOUT)})
"""
"""Tables that the measures of knowledge are made from: weighty decisions, the core of each month, the size of each layer in it (of
bodies those that existed then: districts were merged by the hundred), and one row for each body, leader or act of learning, of `n`
people: (layer, matter, depth, day, n)."""


@dataclass(frozen=True)
class Knew:
    """One who knew of a matter on a day: how deep, since when, and the act that told him so much."""

    who: str
    kind: str
    """person, body, or layer."""
    level: str
    depth: int
    since: date
    act: int
    told: str
    """The kind of that act."""
    by: str
    share: float | None = None
    """Share of a layer."""

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return vars(self)


def knew(run: Run, matter: int, *, who: str | int | None = None, day: date | None = None) -> list[Knew]:
    """Who knew of a matter by the end of a day, the deepest first, each with the act that told him so much.

    `who`: a named person, the key of a body, or an organ number; without it everybody, and the layers. Raises BadInput for a matter
    that is not one of the Centre or an unknown name.
    """
    with about_one(run, matter) as session:
        if not session.rows(f"select 1 from ({CENTRAL}) where matter = ?", [matter]):
            raise BadInput(
                f"matter {matter}: not a matter of the Centre of {run.path}; `drivebelt case` names those of the episodes"
            )
        on = day or run.last_day
        about = f"select {int(matter)} as matter"
        found = [*_one_by_one(session, about, on), *_by_layer(session, about, on)]
    if who is not None:
        wanted = _name(run, who)
        found = [k for k in found if k.who == wanted]
    return found


@contextmanager
def about_one(run: Run, matter: int) -> Iterator[Session]:
    """Queries that see only the acts and papers by which somebody could know of one matter; the tables keep their names.

    These are its own acts, the reading of minutes in which it stands, and the understandings that made the circle.
    """
    with run.session() as session:
        session.rows(f"create temp table its as select * from memory.main.acts where matter = {int(matter)}")
        entered = "select distinct document from its where kind in ('minute', 'mark-special-folder') and document is not null"
        minutes = numbers(row["document"] for row in session.rows(entered))
        session.rows(
            f"""create temp table documents as
                select * from (select * from memory.main.documents where matter = {int(matter)}) where kind = 'minutes'
                union select * from memory.main.documents where document in {minutes}"""
        )
        session.rows(
            f"""create temp table acts as select * from its
                union all select * from memory.main.acts where document in {minutes} and kind = 'read'
                    and matter is distinct from {int(matter)}
                union all select * from {run.understandings} where matter is distinct from {int(matter)}"""
        )
        yield session


def _name(run: Run, who: str | int) -> str:
    """The name of a person or body as it stands in the tables, from its number, key, name or surname."""
    rows = run.rows(
        """select name from organs where organ = try_cast($1 as integer) or key = $1 or name = $1
           union select name from persons where name = $1 or name like '% ' || $1""",
        [str(who)],
    )
    if len(rows) != 1:
        known = [row["name"] for row in run.rows("select name from persons where name is not null")]
        raise BadInput(f"{who!r}: no such person or body, or more than one{nearest(str(who), known)}")
    return str(rows[0]["name"])


def _one_by_one(run: Session, about: str, on: date) -> list[Knew]:
    out = []
    for kind, query, join in (
        ("person", persons(about), "select person as id, name as who, 'person' as level from persons"),
        ("body", bodies(about), "select organ as id, name as who, level from organs"),
    ):
        column = "person" if kind == "person" else "organ"
        rows = run.rows(
            f"""select who, n.level, depth, k.day, k.act, a.kind as told, coalesce(p.name, o.name) as by from ({query}) k
                join ({join}) n on n.id = k.{column} join acts a on a.act = k.act left join organs o on o.organ = a.actor_organ
                left join persons p on p.person = a.actor_person and a.kind in ('inform', 'tell', 'leak', 'agree')
                where k.day <= ? qualify row_number() over (partition by k.{column} order by depth desc, k.act) = 1
                order by depth desc, k.act, who""",
            [on],
        )
        out += [Knew(x["who"], kind, x["level"], x["depth"], x["day"], x["act"], x["told"], x["by"]) for x in rows]
    return out


def _by_layer(run: Session, about: str, on: date) -> list[Knew]:
    sizes = run.rows(
        "select scope, max_by(value, day) as n from measures where measure = 'layer-size' and day <= ? group by scope", [on]
    )
    rows = run.rows(
        f"""select layer, depth, min(k.day) as day, min(k.act) as act, sum(persons) as n, min_by(o.name, k.act) as by
            from ({layers(about)}) k join acts a on a.act = k.act join organs o on o.organ = a.actor_organ where k.day <= ?
            group by layer, depth order by layer, depth desc""",
        [on],
    )
    size = {row["scope"]: row["n"] for row in sizes}
    return [
        Knew(x["layer"], "layer", x["layer"], x["depth"], x["day"], x["act"], "inform", x["by"],
             x["n"] / size[x["layer"]] if x["layer"] in size else None)
        for x in rows
    ]  # fmt: skip


_HEADS = {
    "person": "Named persons", "centre": "Bodies of the Centre", "region": "Regional bodies", "gubernia": "Provincial bodies",
    "uezd": "District bodies", "volost": "Volost bodies", "cell": "Cells",
}  # fmt: skip


def text(found: list[Knew], most: int) -> list[str]:
    """The same for a terminal: layers, then persons and bodies level by level, the first `most` of each depth by name."""
    if not found:
        return ["Nobody knew of it."]
    lines = []
    for k in found:
        if k.kind == "layer":
            share = "" if k.share is None else f"{100 * k.share:.2f} in a hundred"
            lines.append(f"{k.who:<10} {DEPTHS[k.depth]:<30} {share:>22} since {k.since} (act {k.act}: told by {k.by})")
    for level, head in _HEADS.items():
        here = [k for k in found if k.kind != "layer" and k.level == level]
        if not here:
            continue
        lines += ["", head]
        for depth, words in sorted(DEPTHS.items(), reverse=True):
            those = [k for k in here if k.depth == depth]
            if those:
                lines.append(f"  {words}: {len(those):,}")
            lines += [f"    {k.who:<44} since {k.since}  act {k.act}: {k.told}, {k.by}" for k in those[:most]]
            if len(those) > most:
                lines.append(f"    and {len(those) - most:,} more, the last on {max(k.since for k in those)}")
    return lines
