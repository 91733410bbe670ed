"""OCEL 2.0 to an archive: which objects are bodies, persons, matters and papers, and what in the log cannot be used.

A log written by `drivebelt export` says so by its types. For others a mapping names the types; without one every object is
taken for a paper. Events become acts, and all relations and attributes are kept in tables of their own (`act_objects`,
`object_links`, `object_values`), whatever their qualifier.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from drivebelt.errors import BadInput
from drivebelt.interchange import ocel_view as v
from drivebelt.interchange.ocel_load import STAGES, load
from drivebelt.interchange.papers import staging, write_account, write_tables
from drivebelt.interchange.told import Told
from drivebelt.parquet import literal
from drivebelt.safe_yaml import read_file

ROLES = ("documents", "organs", "persons", "matters", "copies", "registers", "other")
_OWN = {name: t.table if t.table in ROLES else "other" for name, t in v.OBJECTS.items()}
TRUTH_RELATIONS = ("originated by", "opened by")
TRUTH_VALUES = ("cause", "recorded")
"""What a run knows and no archive does; left out when a run comes back."""
_TIME = """try_cast(replace(left("time", 19), 'T', ' ') as timestamp)"""

_WORDING = """case when regexp_full_match(b.wording, '[0-9a-f]{16}') then ('0x' || b.wording)::ubigint end wording"""
_NUMBER = "nullif(greatest(try_cast(%s as integer), 0), 0)"
"""A register's number from text: null where it is none, for numbers begin at 1."""
_TABLES = {
    "organs": """select o.number::integer organ, coalesce(b."name", id) as name, b."level" as level, b.branch,
        (select min(t.number) from links l join object t on t.id = l.target where l.source = o.id and l.qualifier = 'under'
         and t.role = 'organs')::integer parent,
        try_cast(left(b.valid_from, 10) as date) valid_from, try_cast(left(b.valid_to, 10) as date) valid_to, b.territory,
        id as source_id from object o left join plain b using (id) where o.role = 'organs' order by 1""",
    "persons": """select o.number::integer person, coalesce(b."name", id) as name, try_cast(b.party_since as integer) party_since,
        b.class_origin, id as source_id from object o left join plain b using (id) where role = 'persons' order by 1""",
    "matters": """select o.number::integer matter, try_cast(left(b.opened, 10) as date) opened, b."domain" as domain,
        coalesce(b.subject, id) subject, b.secrecy_category, id as source_id
        from object o left join plain b using (id) where role = 'matters' order by 1""",
    "registers": """select s.series, coalesce(r.register, s.name) register, coalesce(r.organ, d.organ)::integer organ, r."year"
        from series s
        left join (select e.name, min(b.register) register, min(k.number) organ, min(try_cast(b."year" as integer)) "year"
            from entered e left join plain b using (id) left join kept_by k using (id) where e.role = 'registers' group by 1) r
            using (name)
        left join (select e.name, min(i.number) organ from entered e join issued i using (id) where e.role = 'documents'
            group by 1) d using (name)
        where r.name is not null or d.name is not null order by 1""",
    "documents": f"""select o.number::integer document, s.series, {_NUMBER % 'b."number"'} as number,
        coalesce(try_cast(left(b."date", 10) as date), f.first::date) as date,
        coalesce(b.kind, o.type) kind, i.number::integer issuer,
        m.number::integer matter, coalesce(b.grade, 'open') grade,
        p.number::integer parent_document, try_cast(b.copies as integer) copies, {_WORDING},
        try_cast(b.file_copy as boolean) file_copy, c.series cited_series, {_NUMBER % "b.cited_number"} cited_number,
        try_cast(left(b.cited_date, 10) as date) cited_date, o.id as source_id
        from object o left join plain b using (id) left join first_event f using (id) left join issued i using (id)
        left join to_matter m using (id) left join to_parent p using (id) left join entered e using (id)
        left join series s on s.name = e.name left join series c on c.name = b.cited_series
        where o.role = 'documents' order by 1""",
    "copies": f"""select d.number::integer document,
        (row_number() over (partition by d.number order by o.number) - 1)::integer as copy,
        a.number::integer addressee_organ, q.number::integer addressee_person, b.channel,
        try_cast(left(b.dispatched, 10) as date) dispatched, try_cast(left(b.received, 10) as date) received,
        try_cast(b.receipt as integer) receipt, try_cast(left(b.due, 10) as date) due,
        try_cast(left(b.returned, 10) as date) returned, null::integer burned_act, b.fate, {_WORDING},
        h.number::integer as holder, o.id as source_id
        from object o left join plain b using (id) join copy_of d using (id) left join to_organ a using (id)
        left join to_person q using (id) left join kept_by h using (id) where o.role = 'copies' order by 1, 2""",
    "acts": f"""select e.act::integer act, e.moment::date as day, e.type kind, m.number::integer matter, d.number::integer document,
        null::integer as copy, case when n.number is null or n.number = a.number then a.number end::integer actor_organ,
        case when n.number is null or n.number = a.number then p.number end::integer actor_person, t.number::integer target_organ,
        u.number::integer target_person, n.number::integer in_name_of, x.channel, coalesce(x.grade, 'open') grade,
        try_cast(x.amount as integer) amount, s.series, {_NUMBER % 'x."number"'} as number, e.id as source_id
        from event e left join e_matter m using (act) left join e_document d using (act) left join e_actor a using (act)
        left join e_person p using (act) left join e_target t using (act) left join e_target_person u using (act)
        left join e_name n using (act) left join event_plain x on x.id = e.id left join series s on s.name = x.series order by 1""",
    "act_objects": """select e.act::integer act, r.object, o.role, o.number::integer as number, r.qualifier
        from related r join event e on e.id = r.event join object o on o.id = r.object order by e.act, r.object, r.qualifier""",
    "object_links": "select source, target, qualifier from links order by source, target, qualifier",
    "object_values": """select id as object, "name", "value", "time" from object_values order by id, "name", "time", "row\"""",
}  # fmt: skip
_PLAIN = (
    "name", "level", "branch", "valid_from", "valid_to", "territory", "party_since", "class_origin", "opened", "domain", "subject",
    "secrecy_category", "series", "number", "date", "kind", "grade", "copies", "wording", "channel", "dispatched", "received",
    "receipt", "due", "returned", "fate", "register", "year", "file_copy", "cited_series", "cited_number", "cited_date",
)  # fmt: skip
_EVENT_PLAIN = ("channel", "grade", "amount", "series", "number")


def bring(path: Path, mapping: Path | None, out: Path) -> Told:
    """Reads a log and writes the archive directory `out`. Raises BadInput where it cannot be used or nothing is left."""
    told = Told("ocel2", str(path), "events, objects, relations and values")
    asked = _roles(mapping) if mapping is not None else None
    with staging(out.parent / "staging") as base:
        load(path, base, told)
        told.read = sum(told.dropped.values()) + sum(_count(base, name) for name in STAGES)
        _sieve(base, told)
        types = [row[0] for row in base.execute("select distinct type from object order by type").fetchall()]
        if not types:
            reasons = "; ".join(f"{n:,} {why}" for why, n in sorted(told.dropped.items()))
            raise BadInput(f"{path}: nothing to import: no sound object{': ' + reasons if reasons else ''}")
        own = asked is None and set(types) <= set(_OWN)
        roles = {name: _OWN[name] if own else "documents" for name in types} | (asked or {})
        for name in asked or {}:
            if name not in types:
                raise BadInput(f"{mapping}: types: {name}: no such type; there are {', '.join(types[:30])}")
        told.understood = {name: roles[name] for name in types}
        if own:
            _without_truth(base, told)
        told.kept = sum(_count(base, name) for name in ("event", "object", "related", "links", "event_values", "object_values"))
        _derive(base, roles)
        rows = write_tables(base, _TABLES, out)
        papers = f"read_parquet({literal(out / 'documents.parquet')})"
        n, first = base.execute(f"select count(*), min(source_id) from {papers} where date is null").fetchall()[0]
        told.note("paper that no dated event touches: kept without a date", first or "", n)
        days = f"select moment::date as day from event union all select date from {papers}"
        span = base.execute(f"select min(day)::varchar, max(day)::varchar from ({days})").fetchall()[0]
    write_account(out, told, rows, *span)
    return told


def _roles(path: Path) -> dict[str, str]:
    """Type of object -> role, from a mapping file."""
    raw: Any = read_file(path)
    if not isinstance(raw, dict) or list(raw) != ["types"] or not isinstance(raw["types"], dict) or not raw["types"]:
        raise BadInput(f"{path}: for OCEL a mapping has one key, `types:`, and under it a role for each type of object")
    for name, role in raw["types"].items():
        if role not in ROLES:
            raise BadInput(f"{path}: types: {name}: {role!r} is no role; there are {', '.join(ROLES)}")
    return {str(name): role for name, role in raw["types"].items()}


def _sieve(base: duckdb.DuckDBPyConnection, told: Told) -> None:
    """Tables `event`, `object`, `related`, `links`: what is sound; the rest is counted by reason."""
    sieves = (
        ("events", "event", "id, type, moment", "id", (
            ("id is null or id = ''", "event without an identifier"), ("type is null", "event without a type"),
            ("number > 1", "event whose identifier was there before"), ('"time" is null', "event without a time"),
            ("moment is null", "event whose time cannot be read"),
        )),
        ("objects", "object_rows", "id, type", "id", (
            ("id is null or id = ''", "object without an identifier"), ("type is null", "object without a type"),
            ("number > 1", "object whose identifier was there before"),
        )),
        ("e2o", "related", "event, object, qualifier", "event, object, qualifier", (
            ("event is null or event not in (select id from event)", "relation of an event that is not there"),
            ("object is null or object not in (select id from object_rows)", "relation of an event to an object that is not there"),
            ("number > 1", "relation of an event stated before"),
        )),
        ("o2o", "links", "source, target, qualifier", "source, target, qualifier", (
            ("source is null or source not in (select id from object_rows)", "relation of an object that is not there"),
            ("target is null or target not in (select id from object_rows)", "relation of an object to one that is not there"),
            ("number > 1", "relation of an object stated before"),
        )),
    )  # fmt: skip
    for stage, table, columns, key, reasons in sieves:
        first = columns.split(",")[0]
        moment = f", {_TIME} as moment" if stage == "events" else ""
        cases = " ".join(f"when {test} then '{why}'" for test, why in reasons)
        base.execute(
            f'create table judged as with n as (select *{moment}, row_number() over (partition by {key} order by "row") as number'
            f" from {stage}) select *, case {cases} end why from n"
        )
        base.execute(f'create table {table} as select "row", {columns} from judged where why is null')
        for why, n, where in base.execute(
            f'select why, count(*), arg_min({first}, "row") from judged where why is not null group by why order by why'
        ).fetchall():
            told.drop(why, where or "", n)
        base.execute("drop table judged")
    base.execute("create table object as select * from object_rows")
    for what in ("event", "object"):
        lost = f"id is null or id not in (select id from {what})"
        n, first = base.execute(f"select count(*), min(id) from {what}_values where {lost}").fetchall()[0]
        base.execute(f"delete from {what}_values where {lost}")
        told.drop(f"attribute of an {what} that is not there", first or "", n)


def _count(base: duckdb.DuckDBPyConnection, table: str) -> int:
    found: int = base.execute(f"select count(*) from {table}").fetchall()[0][0]
    return found


def _without_truth(base: duckdb.DuckDBPyConnection, told: Told) -> None:
    """Leaves out of a run's own log what no archive holds."""
    relations = ", ".join(f"'{q}'" for q in TRUTH_RELATIONS)
    values = ", ".join(f"'{q}'" for q in TRUTH_VALUES)
    hidden = """select r.event from related r join related s on s.event = r.event
        where r.qualifier = 'in whose name' and s.qualifier = 'acts' and s.object like 'organ-%' and s.object <> r.object"""
    silent = """select id from event_values where "name" = 'recorded' and "value" in ('0', 'false')"""
    base.execute(f"create table silent as {silent}")
    for table, test, why in (
        ("event", "id in (from silent)", "event that left no paper, which only the truth of a run holds"),
        ("related", "event in (from silent)", "relation of an event that left no paper"),
        ("event_values", "id in (from silent)", "attribute of an event that left no paper"),
        ("links", f"qualifier in ({relations})", "relation that only the truth of a run holds"),
        ("event_values", f'"name" in ({values})', "attribute that only the truth of a run holds"),
        ("related", f"qualifier = 'acts' and event in ({hidden})", "actor behind a mask, which only the truth of a run holds"),
    ):
        n = _count(base, f"{table} where {test}")
        base.execute(f"delete from {table} where {test}")
        told.drop(why, "", n)


def _derive(base: duckdb.DuckDBPyConnection, roles: dict[str, str]) -> None:
    """Numbers of events, and of objects within their roles; plain attributes; relations that have a column of their own."""
    base.execute('create table numbered_event as select *, row_number() over (order by moment, "row") - 1 as act from event')
    base.execute("drop table event")
    base.execute("alter table numbered_event rename to event")
    base.execute("create table role_of (type varchar, role varchar)")
    base.executemany("insert into role_of values (?, ?)", list(roles.items()))
    base.execute(
        "create table numbered_object as select o.id, o.type, r.role,"
        " row_number() over (partition by r.role order by o.id) - 1 as number from object o join role_of r using (type)"
    )
    base.execute("drop table object")
    base.execute("alter table numbered_object rename to object")
    columns = ", ".join(f'arg_min("value", "row") filter ("name" = \'{c}\') as "{c}"' for c in _PLAIN)
    base.execute(f"create table plain as select id, {columns} from object_values where id is not null group by id")
    columns = ", ".join(f'arg_min("value", "row") filter ("name" = \'{c}\') as "{c}"' for c in _EVENT_PLAIN)
    base.execute(f"create table event_plain as select id, {columns} from event_values where id is not null group by id")
    base.execute(
        "create table first_event as select r.object id, min(e.moment) as first from related r join event e on e.id = r.event"
        " group by 1"
    )
    link = """create table {} as select l.source id, min(t.number) as number from links l join object t on t.id = l.target
              where t.role = '{}' {} group by 1"""
    for table, role, qualifier in (
        ("to_matter", "matters", ""), ("to_parent", "documents", "and l.qualifier = 'made from'"),
        ("copy_of", "documents", "and l.qualifier = 'copy of'"), ("kept_by", "organs", "and l.qualifier = 'kept by'"),
        ("to_register", "registers", ""), ("to_organ", "organs", "and l.qualifier = 'addressed to'"),
        ("to_person", "persons", "and l.qualifier = 'addressed to'"),
    ):  # fmt: skip
        base.execute(link.format(table, role, f"and l.source <> l.target {qualifier}"))
    of_event = """create table {} as select e.act, arg_min(o.number, r."row") as number
                  from related r join event e on e.id = r.event join object o on o.id = r.object
                  where o.role = '{}' {} group by 1"""
    for table, role, but in (
        ("e_matter", "matters", ""), ("e_document", "documents", ""),
        ("e_actor", "organs", "and (r.qualifier is null or r.qualifier not in ('acted on', 'in whose name'))"),
        ("e_person", "persons", "and (r.qualifier is null or r.qualifier <> 'acted on')"),
        ("e_target", "organs", "and r.qualifier = 'acted on'"), ("e_target_person", "persons", "and r.qualifier = 'acted on'"),
        ("e_name", "organs", "and r.qualifier = 'in whose name'"),
    ):  # fmt: skip
        base.execute(of_event.format(table, role, but))
    # A register goes by its series as papers, entries and itself name it; a paper that names none by the register it is linked to.
    base.execute(
        """create table entered as
           with register as (select o.id, o.number, coalesce(b.series, o.id) as name from object o left join plain b using (id)
                             where o.role = 'registers')
           select o.id, o.role, coalesce(b.series, r.name) as name from object o left join plain b using (id)
           left join to_register t using (id) left join register r on r.number = t.number where o.role = 'documents'
           union all select id, 'registers', name from register"""
    )
    base.execute(
        """create table series as
           with every as (select name from entered union select cited_series from plain union select series from event_plain),
                named as (select name, try_cast(name as integer) as whole from every where name is not null)
           select name, (case when (select bool_and(whole >= 0) and count(distinct whole) = count(*) from named) then whole
                         else row_number() over (order by name) - 1 end)::integer as series from named"""
    )
    # The body in whose name a paper stands: stated, else the body in the first event of the paper that has one.
    base.execute(
        """create table issued as
           with stated as (select l.source id, min(t.number) as number from links l join object t on t.id = l.target
                           where t.role = 'organs' and l.qualifier = 'issued by' group by 1),
                first as (select r.object id, arg_min(a.number, e.act) as number from related r join event e on e.id = r.event
                          join e_actor a on a.act = e.act group by 1)
           select id, coalesce(s.number, f.number) as number from first f full join stated s using (id)"""
    )
