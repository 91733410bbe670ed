"""From rows about papers, whatever file they came from, to the tables of an archive.

A reader fills the table `papers` of a staging database, one row for each paper it could read; this module numbers papers,
bodies, persons, matters and registers and writes the archive directory. Numbers follow the contents, never the order of a hash:
bodies, persons and matters by name, papers by date and place in the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from drivebelt import __version__
from drivebelt.errors import BadInput
from drivebelt.interchange.told import Told
from drivebelt.parquet import database, literal

PAPERS = pa.schema(
    [
        ("row", pa.int64()), ("place", pa.string()), ("paper", pa.string()), ("date", pa.date32()), ("moment", pa.int64()),
        ("issuer", pa.string()), ("sender", pa.string()), ("recipients", pa.list_(pa.string())), ("kind", pa.string()),
        ("grade", pa.string()), ("subject", pa.string()), ("number", pa.int32()), ("series", pa.string()),
        ("channel", pa.string()), ("reply_to", pa.string()), ("wording", pa.uint64()),
    ]
)  # fmt: skip
"""A paper as readers give it. `row` rises with the file and tells where the paper stood; `moment` is seconds since 1970, or null;
names are trimmed, and an empty text is null."""
ARCHIVE = "archive.json"
FIRST_YEAR, LAST_YEAR = 1000, 2999
"""A date outside is taken for a mistake."""
_MEMORY = "1500MB"
_ANSWER = r"^\s*((re|fw|fwd|aw|wg|sv|vs|antw|tr|rv)\s*(\[[0-9]+\])?\s*:\s*)+"
"""What stands before the subject of a letter that answers or passes on another."""
_LONGEST = 300
"""Characters of a name or subject that are kept."""

_TABLES = {
    "organs": """select organ::integer organ, name, null::varchar as level, null::varchar as branch, null::integer parent,
        null::date valid_from, null::date valid_to, null::varchar territory from names order by organ""",
    "persons": """select person::integer person, name, null::integer party_since, null::varchar class_origin
        from signers order by person""",
    "matters": """select matter::integer matter, null::date opened, null::varchar as domain, subject,
        null::varchar secrecy_category from subjects order by matter""",
    "registers": "select series::integer series, name as register, organ::integer organ from series order by series",
    "documents": """select n.document::integer document, s.series::integer series, n.number, n.date,
        coalesce(n.kind, 'letter') kind, i.organ::integer issuer, m.matter::integer matter, coalesce(n.grade, 'open') grade,
        p.document::integer parent_document, coalesce(c.copies, 0)::integer copies, n.wording, g.person::integer signed_by,
        n.paper, n.moment from numbered n
        join names i on i.name = n.issuer
        left join signers g on g.name = n.sender
        left join series s on s.name = n.series and s.organ = i.organ
        left join subjects m on m.subject = n.subject
        left join numbered p on p.paper = n.reply_to and p.document <> n.document
        left join (select document, count(*) copies from sent group by document) c on c.document = n.document
        order by n.document""",
    "copies": """select s.document::integer document, s.copy::integer as copy, o.organ::integer addressee_organ,
        null::integer addressee_person, n.channel, n.date dispatched, null::date received, null::integer receipt, null::date due,
        null::date returned, null::integer burned_act, null::varchar fate
        from sent s join names o on o.name = s.name join numbered n on n.document = s.document order by s.document, s.copy""",
    "acts": """select n.document::integer act, n.date as day, 'issue' kind, m.matter::integer matter,
        n.document::integer document, null::integer as copy, null::integer actor_organ, null::integer actor_person,
        null::integer target_organ, null::integer target_person, i.organ::integer in_name_of, n.channel,
        coalesce(n.grade, 'open') grade, null::integer amount
        from numbered n join names i on i.name = n.issuer left join subjects m on m.subject = n.subject order by n.document""",
}  # fmt: skip


@contextmanager
def staging(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty staging database that sorts in `folder` what does not fit in memory."""
    base = database()
    try:
        base.execute(f"set memory_limit = '{_MEMORY}'")
        base.execute(f"set temp_directory = {literal(folder)}")
        base.register("shape", PAPERS.empty_table())
        base.execute("create table papers as select * from shape")
        base.unregister("shape")
        yield base
    finally:
        base.close()


def add(base: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    """Appends rows in the form of PAPERS."""
    base.register("more", rows)
    base.execute("insert into papers select * from more")
    base.unregister("more")


def write(base: duckdb.DuckDBPyConnection, told: Told, out: Path) -> None:
    """Drops what cannot stand in an archive, numbers the rest and writes the directory `out`, which must not exist.

    Raises BadInput where nothing is left.
    """
    _sieve(base, told)
    told.kept = _count(base, "kept")
    if not told.kept:
        reasons = "; ".join(f"{n:,} {why}" for why, n in sorted(told.dropped.items())) or f"it holds no {told.unit}"
        raise BadInput(f"{told.file}: nothing to import: {reasons}")
    _number(base, told)
    rows = write_tables(base, _TABLES, out)
    span = base.execute("select min(date)::varchar, max(date)::varchar from numbered").fetchall()[0]
    write_account(out, told, rows, span[0], span[1])


def write_tables(base: duckdb.DuckDBPyConnection, queries: Mapping[str, str], out: Path) -> dict[str, int]:
    """Makes the directory `out` and writes each query's answer into it as a table of that name; returns the rows of each."""
    out.mkdir()
    rows = {}
    for name, query in queries.items():
        file = literal(out / f"{name}.parquet")
        base.execute(f"copy ({query}) to {file} (format parquet, compression zstd)")
        rows[name] = base.execute(f"select count(*) from read_parquet({file})").fetchall()[0][0]
    return rows


def write_account(out: Path, told: Told, rows: dict[str, int], first: str | None, last: str | None) -> None:
    """Writes archive.json."""
    account = {
        "origin": "import", "regime": "imported", "day_of_access": last, "from": first, "to": last, "version": __version__,
        "rows": rows,
        "import": told.as_dict(),
    }  # fmt: skip
    (out / ARCHIVE).write_text(json.dumps(account, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _count(base: duckdb.DuckDBPyConnection, table: str) -> int:
    found: int = base.execute(f"select count(*) from {table}").fetchall()[0][0]
    return found


def _sieve(base: duckdb.DuckDBPyConnection, told: Told) -> None:
    """Table `kept`: papers with an issuer and a sound date, each once."""
    base.execute(
        f"""create table judged as select p.*, case
            when date is null then 'no date, or one that cannot be read'
            when year(date) not between {FIRST_YEAR} and {LAST_YEAR} then 'a date before {FIRST_YEAR} or after {LAST_YEAR}'
            when issuer is null then 'no issuer or sender'
            when paper is not null and row_number() over (partition by paper order by row) > 1 then 'the same paper again'
            end why from papers p"""
    )  # fmt: skip
    for why, n, row in base.execute(
        "select why, count(*), arg_min(place, row) from judged where why is not null group by why order by why"
    ).fetchall():
        told.drop(why, row, n)
    short = f"left(%s, {_LONGEST})"
    about = f"nullif(trim(regexp_replace({short % 'subject'}, '{_ANSWER}', '', 'i')), '')"
    base.execute(
        "create table kept as select row, place, paper, date, moment, kind, grade, number, series, channel, reply_to, wording, "
        + ", ".join(f"{short % c} as {c}" for c in ("issuer", "sender"))
        + f", {about} as subject"
        + f", list_transform(recipients, lambda x: {short % 'x'}) as recipients from judged where why is null"
    )
    base.execute("drop table judged")


def _number(base: duckdb.DuckDBPyConnection, told: Told) -> None:
    """Tables of numbered papers, names, signers, subjects, registers and copies."""
    base.execute(
        "create table numbered as select *, row_number() over (order by date, moment nulls first, row) - 1 as document from kept"
    )
    base.execute(
        """create table sent as
           with each as (select document, unnest(recipients) as name, generate_subscripts(recipients, 1) as place from numbered),
                once as (select document, name, min(place) as place from each where name is not null group by document, name)
           select document, name, row_number() over (partition by document order by place) - 1 as copy from once"""
    )
    for table, number, column, query in (
        ("names", "organ", "name", "select issuer as name from numbered union select name from sent"),
        ("signers", "person", "name", "select distinct sender as name from numbered where sender is not null"),
        ("subjects", "matter", "subject", "select distinct subject from numbered where subject is not null"),
    ):
        base.execute(
            f"create table {table} as select {column}, row_number() over (order by {column}) - 1 as {number} from ({query})"
        )
    base.execute(
        """create table series as select name, organ, row_number() over (order by name, organ) - 1 as series from
           (select distinct n.series as name, i.organ from numbered n join names i on i.name = n.issuer
            where n.series is not null)"""
    )
    for why, test in (
        ("answers a paper that is not in the file", "reply_to is not null and reply_to not in (select paper from named)"),
        ("has no recipient", "document not in (select document from sent)"),
    ):
        named = "with named as (select paper from numbered where paper is not null)"
        n, first = base.execute(f"{named} select count(*), arg_min(place, row) from numbered where {test}").fetchall()[0]
        told.note(why, first or "", n)
