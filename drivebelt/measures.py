"""Measures: what a run is summed up in, month by month, computed from its own tables.

Each is one query that gives (day, scope, value), where `day` is the first of a month and `scope` a level, a body or a
channel. Adding a measure is adding a line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from drivebelt import records as r

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Measure(NamedTuple):
    """One measure: its name, its unit, what it says, and the query."""

    name: str
    unit: str
    about: str
    query: str


_MONTH = "date_trunc('month', {0})::date"
_APPARATUS = f"({r.CC}, {r.POLITBURO}, {r.ORGBURO}, {r.SECRETARIAT}, {r.BUREAU}, {r.CIPHER_BUREAU}, {r.UCHRASPRED})"
_SECRET = "('secret', 'strictly-secret', 'special-folder', 'cipher')"
_DOWN = "('circular', 'closed-letter', 'cipher-telegram')"

MEASURES = (
    Measure("acts", "acts", "acts by level of the body that acts", f"""
        select {_MONTH.format('day')} as day, level as scope, count(*) as value
        from acts join organs on organ = actor_organ group by all"""),
    Measure("documents", "documents", "documents by level of the body that issues them", f"""
        select {_MONTH.format('date')} as day, level as scope, count(*) as value
        from documents join organs on organ = issuer group by all"""),
    Measure("papers-in", "papers", "papers received by the Secretariat and its apparatus", f"""
        select {_MONTH.format('received')} as day, 'secretariat' as scope, count(*) as value
        from copies where addressee_organ in {_APPARATUS} and received is not null group by all"""),
    Measure("papers-out", "papers", "copies sent out by the Secretariat and its apparatus", f"""
        select {_MONTH.format('dispatched')} as day, 'secretariat' as scope, count(*) as value
        from copies join documents using (document)
        where issuer in {_APPARATUS} and dispatched is not null group by all"""),
    Measure("directives", "documents", "circulars, closed letters and cipher telegrams of the CC", f"""
        select {_MONTH.format('date')} as day, kind as scope, count(*) as value
        from documents where issuer = {r.CC} and kind in {_DOWN} group by all"""),
    Measure("decisions", "decisions", "decisions by the body in whose name they stand", f"""
        select {_MONTH.format('day')} as day, name as scope, count(*) as value
        from acts join organs on organ = in_name_of where kind in ('decide', 'poll') group by all"""),
    Measure("decided-before", "share", "decisions of the bodies that an informal circle had settled", f"""
        select {_MONTH.format('day')} as day, m.name as scope,
               sum((a.actor_organ != a.in_name_of)::int) / count(*) as value
        from acts a join organs m on m.organ = a.in_name_of where kind in ('decide', 'poll') group by all"""),
    Measure("extracts", "extracts", "extracts from minutes", f"""
        select {_MONTH.format('date')} as day, name as scope, count(*) as value
        from documents join organs on organ = issuer where kind = 'extract' group by all"""),
    Measure("secret-share", "share", "share of secret documents by level of the issuer", f"""
        select {_MONTH.format('date')} as day, level as scope, sum((grade in {_SECRET})::int) / count(*) as value
        from documents join organs on organ = issuer group by all"""),
    Measure("returned-in-time", "share", "lent papers returned by their day, by the month they were due", f"""
        select {_MONTH.format('due')} as day, level as scope,
               sum(coalesce(returned <= due, false)::int) / count(*) as value
        from copies join organs on organ = addressee_organ
        where due is not null and due < (select max(day) from acts) group by all"""),
    Measure("burned", "copies", "copies burned by the commission", f"""
        select {_MONTH.format('day')} as day, 'registry' as scope, sum(amount) as value
        from acts where kind = 'burn' group by all"""),
    Measure("oral-share", "share", "acts that left no paper, by level", f"""
        select {_MONTH.format('day')} as day, level as scope, sum((not recorded)::int) / count(*) as value
        from acts join organs on organ = actor_organ group by all"""),
    Measure("lag", "days", "days from the issue of a central directive to its receipt, median by level", f"""
        with central as (
            select matter, min(date) as issued from documents
            where issuer = {r.CC} and kind in {_DOWN} and matter is not null group by matter
        )
        select {_MONTH.format('issued')} as day, level as scope, median(a.day - issued) as value
        from acts a join central using (matter) join documents d on d.document = a.document
        join organs on organ = a.actor_organ
        where a.kind = 'receive' and (d.kind in {_DOWN} or d.kind = 'directive') group by all"""),
)  # fmt: skip


def write(base: DuckDBPyConnection, out: Path) -> None:
    """Computes all measures over the views of `base` and writes the table."""
    names, days, scopes, values = [], [], [], []
    for measure in MEASURES:
        for day, scope, value in base.execute(f"select day, scope, value from ({measure.query}) order by day, scope").fetchall():
            names.append(measure.name)
            days.append(day)
            scopes.append(scope)
            values.append(float(value))
    table = pa.table(
        {"measure": names, "day": pa.array(days, pa.date32()), "scope": scopes, "value": pa.array(values, pa.float64())}
    )
    pq.write_table(table, out / "measures.parquet", compression="zstd")
