"""Measures: what a run is summed up in, month by month, computed from its own tables.

Each is one query that gives (day, scope, value), where `day` is the first of a month and `scope` a level, a body or a
channel. Adding a measure is adding a line.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from drivebelt import records as r
from drivebelt.knowing import tables as knowing
from drivebelt.measures import owing, summed
from drivebelt.measures.together import together

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
_WHO = "case when personal then 'officials' else 'rank and file' end"
_WITHIN = 60
"""Days after a decision within which knowing of it is counted."""


def _sum(scope: str, value: str, where: str) -> str:
    """The query of a measure of acts in sum."""
    return f"select month as day, {scope} as scope, {value} as value from summed where {where} group by all"


MEASURES = (
    Measure("mask-share", "share", "acts that stand under another name than their author's, by level of the author",
            _sum("level", "sum(n * masked::int) / sum(n)", "masked is not null and level is not null")),
    Measure("facade", "share", "acts in a body's name whose author is another body, by branch of the body named",
            _sum("named", "sum(n * masked::int) / sum(n)", "named is not null and kind in ('issue', 'decide', 'poll')")),
    Measure("initiative", "gini", "how unequally the bodies of the Centre and below bring questions forward, by level", f"""
        with brought as (
            select {_MONTH.format('day')} as day, level, actor_organ, count(*) as n
            from few join organs on organ = actor_organ where kind = 'open-matter' group by all
        ), ranked as (
            select day, level, n, row_number() over (partition by day, level order by n, actor_organ) as i,
                   count(*) over (partition by day, level) as bodies, sum(n) over (partition by day, level) as total
            from brought
        )
        select day, level as scope, sum((2 * i - bodies - 1) * n) / any_value(bodies * total) as value
        from ranked group by all"""),
    Measure("done", "per cent", "what was done of what was asked, by level of those who did it",
            _sum("level", "sum(amount) / sum(n)", "kind = 'execute' and level is not null")),
    Measure("claimed", "per cent", "what was reported as done, by level of those who reported on orders",
            _sum("level", "sum(amount) / sum(amounts)", "kind = 'report' and amounts > 0 and level is not null")),
    Measure("believed", "per cent", "what the Centre took to be done",
            _sum("'centre'", "sum(amount) / sum(n)", "kind = 'believe'")),
    Measure("distortion", "bits", "bits of the wording changed on the way from the central text, by level of the issuer", f"""
        with central as (
            select matter, min(document) as document from documents
            where issuer = {r.CC} and kind in {_DOWN} and matter is not null group by matter
        ), root as (select c.matter, wording from central c join documents using (document))
        select {_MONTH.format('d.date')} as day, level as scope,
               sum(bit_count(xor(d.wording, root.wording))) / count(*) as value
        from documents d join root on root.matter = d.matter join organs on organ = issuer
        where d.kind = 'directive' group by all"""),
    Measure("known", "share", "bodies of a level that had a paper of a central directive or were told of it", f"""
        with central as (
            select matter, min(date) as issued from documents
            where issuer = {r.CC} and kind in {_DOWN} and matter is not null group by matter
        ), months as (select {_MONTH.format('issued')} as day, count(*) as directives from central group by all),
        bodies as (
            select day, level, count(*) as n from months join organs on {knowing.existed('day')}
            where branch = 'party' group by all
        ), knew as (
            select matter, {_MONTH.format('issued')} as day, level, count(distinct actor_organ) as n
            from acts a join central using (matter) join organs on organ = a.actor_organ
            where branch = 'party' and kind in ('receive', 'consider', 'read') group by all
        )
        select day, level as scope, sum(knew.n) / any_value(bodies.n * directives) as value
        from knew join bodies using (day, level) join months using (day) group by all"""),
    Measure("votes-against", "share", "votes against in the bodies of the Centre, by body", f"""
        select {_MONTH.format('day')} as day, name as scope, sum(amount % 2) / count(*) as value
        from few join organs on organ = actor_organ where kind = 'vote' group by all"""),
    Measure("rejected", "share", "proposals not carried, by body", f"""
        select {_MONTH.format('day')} as day, name as scope, sum((kind = 'reject')::int) / count(*) as value
        from few join organs on organ = in_name_of where kind in ('decide', 'poll', 'reject') group by all"""),
    Measure("bent", "share", "carried decisions that the same people would have refused by their positions alone", f"""
        with cast_votes as (
            select matter, actor_organ, day, sum((amount >= 2)::int) as alone, count(*) as n
            from few where kind = 'vote' group by all
        )
        select {_MONTH.format('v.day')} as day, o.name as scope, sum((2 * alone >= n)::int) / count(*) as value
        from cast_votes v join few a on a.matter = v.matter and a.in_name_of = v.actor_organ and a.day = v.day
        join organs o on o.organ = v.actor_organ where a.kind in ('decide', 'poll') group by all"""),
    Measure("circle", "persons", "members of an understanding, on the day it is come to", """
        select day, 'circle' as scope, count(*) as value from few where kind = 'combine' group by day"""),
    Measure("appointments", "posts", "posts filled, from above and on the spot",
            _sum("kind", "sum(n)", "kind in ('appoint', 'elect')")),
    Measure("apparatus-share", "share", "paid party officials among the delegates of a congress or conference", owing.APPARATUS),
    Measure("apparatus-with-part-time", "share", "the same with officials who do party work beside another job",
            owing.APPARATUS_WITH_PART_TIME),
    Measure("apparatus-lift", "share", "paid party officials among delegates above their share in the first pool", owing.LIFT),
    Measure("delegates-against", "share", "delegates who vote against the leadership's text", """
        select day, o.name as scope, sum(amount) / count(*) as value
        from few join organs o on o.organ = target_organ where kind = 'send-delegate' group by all"""),
    Measure("posts-owed", "share", "holders of responsible posts who were placed there from above", owing.POSTS_OWED),
    Measure("dependence", "share", "what holders of posts stand to lose to whoever heads the Secretariat: tie, stake, removability",
            owing.DEPENDENCE),
    Measure("files-complete", "share", "officials whose file the department has completed, to posts on the list", owing.FILES),
    Measure("refused-by-ogpu", "share", "appointments to which the OGPU did not agree",
            _sum("'proposed'", "sum(amount) / sum(n)", "kind = 'vet'")),
    Measure("stake", "share", "what a post gives beyond an average wage, by rank, on the day a rule changes it", """
        select day, subject as scope, amount / 1000.0 as value
        from few join matters using (matter) where kind in ('grant', 'withdraw')"""),
    Measure("counted", "persons or cells", "what is counted of the party on the first of a month, in the run (not scaled)", """
        select day, subject as scope, sum(amount) as value
        from few join matters using (matter) where kind = 'count-members' group by all"""),
    Measure("applied", "persons", "people who ask to be admitted, by class", f"""
        select {_MONTH.format('day')} as day, subject as scope, sum(amount) as value
        from few join matters using (matter) where kind = 'apply' group by all"""),
    Measure("gone", "members", "members who leave, die, or are put out",
            _sum("kind", "sum(amount)", "kind in ('leave', 'die', 'expel', 'purge') and not personal")),
    Measure("cells-changed", "cells", "cells founded and merged",
            _sum("kind", "sum(amount)", "kind in ('found-cell', 'merge-cells')")),
    Measure("convicted", "share", "charged communists who are convicted, officials and others",
            _sum(_WHO, "sum(case when kind = 'sentence' then amount else 0 end) / sum(amount)", "kind in ('sentence', 'release')")),
    Measure("courts-led", "share", "cases of communists decided by the committee in the court's name",
            _sum(_WHO, "sum(case when masked then amount else 0 end) / sum(amount)", "kind in ('sentence', 'release')")),
    Measure("admitted", "members", "members admitted",
            _sum("'party'", "sum(amount)", "kind = 'admit'")),
    Measure("acts", "acts", "acts by level of the body that acts",
            _sum("level", "sum(n)", "level is not null")),
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
        from few join organs on organ = in_name_of where kind in ('decide', 'poll') group by all"""),
    Measure("decided-before", "share", "decisions of the bodies that an informal circle had settled", f"""
        select {_MONTH.format('day')} as day, m.name as scope,
               sum((a.actor_organ != a.in_name_of)::int) / count(*) as value
        from few a join organs m on m.organ = a.in_name_of where kind in ('decide', 'poll') group by all"""),
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
    Measure("burned", "copies", "copies burned by the commission",
            _sum("'registry'", "sum(amount)", "kind = 'burn'")),
    Measure("oral-share", "share", "acts that left no paper, by level",
            _sum("level", "sum(n * (not recorded)::int) / sum(n)", "level is not null")),
    Measure("known-to-leader", "share", "weighty matters that reached a member of the Politburo who was kept away by illness", f"""
        with met as (
            select matter, target_person, min(day) as day, max((kind in ('inform', 'leak'))::int) as told
            from few where kind in ('inform', 'keep-back', 'leak') and target_person is not null
                and target_organ is null group by all
        )
        select {_MONTH.format('day')} as day, p.name as scope, sum(told) / count(*) as value
        from met join persons p on p.person = target_person group by all"""),
    Measure("lag", "days", "days from the issue of a central directive to its receipt, median by level", f"""
        with central as (
            select matter, min(date) as issued from documents
            where issuer = {r.CC} and kind in {_DOWN} and matter is not null group by matter
        )
        select {_MONTH.format('issued')} as day, level as scope, median(a.day - issued) as value
        from acts a join central using (matter) join documents d on d.document = a.document
        join organs on organ = a.actor_organ
        where a.kind = 'receive' and (d.kind in {_DOWN} or d.kind = 'directive') group by all"""),
    Measure("knowledge", "share", f"share of a layer that knows a weighty decision within {_WITHIN} days, by layer and depth", f"""
        with each as (select month as day, count(*) as matters from weighty group by month),
        knew as (
            select month, layer, depth, sum(n) as n from known join weighty using (matter)
            where known.day <= decided + {_WITHIN} group by all
        )
        select month as day, layer || ' ' || depth as scope, sum(knew.n) / any_value(layer_size.n * matters) as value
        from knew join layer_size using (month, layer) join each on each.day = knew.month group by all"""),
    Measure("knowledge-lag", "days", "days from a weighty decision to knowing of it, median, by layer and depth", """
        with lags as (
            select month, layer, depth, greatest(known.day - decided, 0) as lag, sum(n) as n
            from known join weighty using (matter) group by all
        ), running as (
            select *, sum(n) over (each order by lag) as until, sum(n) over each as everyone
            from lags window each as (partition by month, layer, depth)
        )
        select month as day, layer || ' ' || depth as scope,
               (min(lag) filter (2 * until >= everyone) + min(lag) filter (2 * until > everyone)) / 2 as value
        from running group by all"""),
    Measure("unknown-below", "share", "weighty decisions that nobody below the Centre came to know of, by what is known", """
        with below as (
            select matter, max(depth) as depth from known where layer not in ('core', 'bodies of the centre') group by matter
        )
        select month as day, what as scope, sum((coalesce(depth, 0) < least_depth)::int) / count(*) as value
        from weighty left join below using (matter), (values ('existence', 2), ('content', 3)) w(what, least_depth)
        group by all"""),
)  # fmt: skip

TABLES = {**summed.TABLES, **knowing.TABLES, **owing.TABLES}
"""What measures stand on beside the tables of the run: name -> query. Each is made once, where a measure asked for needs it."""


def write(
    base: DuckDBPyConnection, out: Path, samples: Sequence[tuple[str, str, str, float]], only: Collection[str] | None = None
) -> None:
    """Computes the measures over the views of `base` and writes the table, with the samples that only the state can tell.

    `only`: names of measures, where no others are asked for.
    """
    wanted = [m for m in MEASURES if only is None or m.name in only]
    sampled = _table([(name, date.fromisoformat(on), scope, value) for name, on, scope, value in samples])
    # It asks each row of a common table for all that any of its readers asks for, which costs more than their asking.
    base.execute("set disabled_optimizers = 'cte_filter_pusher'")
    base.register("sampled", sampled)
    base.execute("create table samples as from sampled")
    queries = [f"select day, scope, value from ({measure.query}) order by day, scope" for measure in wanted]
    found = together(base, TABLES, queries)
    rows = [
        (measure.name, day, scope, float(value))
        for measure, its in zip(wanted, found, strict=True) for day, scope, value in its
    ]  # fmt: skip
    pq.write_table(pa.concat_tables([_table(rows), sampled]), out / "measures.parquet", compression="zstd")


def _table(rows: Sequence[tuple[str, date, str, float]]) -> pa.Table:
    names, days, scopes, values = zip(*rows, strict=True) if rows else ((), (), (), ())
    kinds = (("measure", pa.string()), ("day", pa.date32()), ("scope", pa.string()), ("value", pa.float64()))
    columns = (names, days, scopes, values)
    return pa.table({name: pa.array(column, kind) for (name, kind), column in zip(kinds, columns, strict=True)})
