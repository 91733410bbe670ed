"""Every measure, computed once more from the Parquet tables by a query of its own, agrees with the table of measures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from second_reading import KNOWLEDGE

from drivebelt.results import Run

CC_APPARATUS = """organ in (select organ from t_organs where key in ('central-committee', 'politburo', 'orgburo', 'secretariat',
    'bureau-of-secretariat', 'cipher-bureau', 'uchraspred'))"""
DOWN = "('circular', 'closed-letter', 'cipher-telegram')"
CENTRAL = f"""(select d.matter, min(d.date) as issued, min(d.document) as document from t_documents d, t_organs o
    where o.organ = d.issuer and o.key = 'central-committee' and d.kind in {DOWN} and d.matter is not null group by d.matter)"""
MONTH = "make_date(year({0}), month({0}), 1)"


def monthly(column: str, scope: str, value: str, tables: str) -> str:
    """A query grouped by month and scope."""
    return f"select {MONTH.format(column)} as d, {scope} as s, {value} as v from {tables} group by 1, 2"


def share(of: str) -> str:
    """The share of rows of which a condition holds."""
    return f"avg(case when {of} then 1.0 else 0.0 end)"


ACTING = "t_acts a, t_organs o where o.organ = a.actor_organ"
ISSUED = "t_documents x, t_organs o where o.organ = x.issuer"
DECIDED = "t_acts a, t_organs o where o.organ = a.in_name_of and a.kind in ('decide', 'poll')"
SENT = "t_acts a, t_organs b where b.organ = a.target_organ and a.kind = 'send-delegate'"
PAID = """exists (select 1 from t_tenures t, t_posts q, t_organs o where t.person = a.target_person and q.post = t.post
    and o.organ = q.organ and o.branch = 'party' and o.level in ('region', 'gubernia', 'uezd')
    and a.day >= t."from" and (t."to" is null or a.day < t."to"))"""
POOL = "(select any_value(value) from t_rules where rule = 'delegates_pool')"
FIRSTS = "(select distinct day as d from t_acts where day(day) = 1 and day > (select min(day) from t_acts)) m"
HOLDING = """t_tenures t, t_posts q, t_organs o where q.post = t.post and o.organ = q.organ
    and o.level in ('region', 'gubernia', 'uezd') and t."from" < d and coalesce(t."to", d) >= d
    and o.valid_from < d and coalesce(o.valid_to, d) >= d"""
HEADS = "(select min(q2.post) from t_posts q2 where q2.organ = q.organ)"
LISTED = f"""exists (select 1 from t_rules u where u.key = o.branch and u.since < d and coalesce(u.until, d) >= d
    and u.rule = case when t.post = {HEADS} then 'nomenklatura_heads' else 'nomenklatura_others' end
    and list_position(['centre', 'region', 'gubernia', 'uezd', 'volost', 'cell'], o.level)
        <= list_position(['centre', 'region', 'gubernia', 'uezd', 'volost', 'cell'], u.text))"""
QUERIES = {
    "mask-share": monthly("a.day", "o.level", share("a.in_name_of <> a.actor_organ"),
                          ACTING + " and a.in_name_of is not null"),
    "facade": monthly("a.day", "o.branch", share("a.in_name_of <> a.actor_organ"),
                      "t_acts a, t_organs o where o.organ = a.in_name_of and a.kind in ('issue', 'decide', 'poll')"),
    # Gini as the mean absolute difference over twice the mean, another form than the ranked sum.
    "initiative": f"""
        with n as (select {MONTH.format('a.day')} as d, o.level as s, a.actor_organ as i, count(*) as x from {ACTING}
                   and a.kind = 'open-matter' group by all)
        select p.d, p.s, sum(abs(p.x - q.x)) / (2 * count(distinct p.i) * any_value(t.total)) as v
        from n p join n q on p.d = q.d and p.s = q.s
        join (select d, s, sum(x) as total from n group by all) t on t.d = p.d and t.s = p.s group by p.d, p.s""",
    "done": monthly("a.day", "o.level", "avg(a.amount)", ACTING + " and a.kind = 'execute'"),
    "claimed": monthly("a.day", "o.level", "avg(a.amount)", ACTING + " and a.kind = 'report' and a.amount is not null"),
    "believed": monthly("day", "'centre'", "avg(amount)", "t_acts where kind = 'believe'"),
    "distortion": monthly(
        "x.date", "o.level", "avg(length(replace(bin(xor(x.wording, r.wording)), '0', '')))",
        f"{CENTRAL} c, t_documents r, {ISSUED} and r.document = c.document and x.matter = c.matter and x.kind = 'directive'",
    ),
    "known": f"""
        with c as {CENTRAL}, reached as (
            select distinct c.matter, {MONTH.format('c.issued')} as d, o.level as s, a.actor_organ from c, t_acts a, t_organs o
            where a.matter = c.matter and o.organ = a.actor_organ and o.branch = 'party'
              and a.kind in ('receive', 'consider', 'read'))
        select r.d, r.s, count(*) / ((select count(*) from t_organs where branch = 'party' and level = r.s
                and valid_from < r.d + interval 1 month and coalesce(valid_to, date '2000-01-01') > r.d)
            * (select count(*) from c where {MONTH.format('c.issued')} = r.d)) as v from reached r group by r.d, r.s""",
    "votes-against": monthly("a.day", "o.name", share("a.amount in (1, 3)"), ACTING + " and a.kind = 'vote'"),
    "rejected": monthly("a.day", "o.name", share("a.kind = 'reject'"),
                        "t_acts a, t_organs o where o.organ = a.in_name_of and a.kind in ('decide', 'poll', 'reject')"),
    "bent": monthly(
        "a.day", "o.name", share("""2 * (select count(*) from t_acts v where v.kind = 'vote' and v.matter = a.matter
            and v.day = a.day and v.actor_organ = a.in_name_of and v.amount in (2, 3)) >= (select count(*) from t_acts v
            where v.kind = 'vote' and v.matter = a.matter and v.day = a.day and v.actor_organ = a.in_name_of)"""),
        DECIDED + " and exists (select 1 from t_acts v where v.kind = 'vote' and v.matter = a.matter and v.day = a.day)",
    ),
    "circle": "select day as d, 'circle' as s, count(distinct actor_person) as v from t_acts where kind = 'combine' group by day",
    "appointments": monthly("day", "kind", "count(*)", "t_acts where kind in ('appoint', 'elect')"),
    "apparatus-share": f"select a.day as d, b.name as s, {share(PAID)} as v from {SENT} group by 1, 2",
    "apparatus-with-part-time": f"select a.day as d, b.name as s, {share('a.target_person >= 0')} as v from {SENT} group by 1, 2",
    "apparatus-lift": f"""select a.day as d, b.name as s, {share(PAID)} - avg((select c.amount from t_acts c where c.act = a.cause))
        / {POOL} as v from {SENT} group by 1, 2""",
    "posts-owed": f"""select d, 'officials' as s, avg(t.by_appointment::int) as v from {FIRSTS}, {HOLDING} group by 1 union all
        select d, 'secretaries', avg(t.by_appointment::int) from {FIRSTS}, {HOLDING} and o.branch = 'party'
            and t.post = {HEADS} group by 1 union all
        select d, 'posts on the list', avg(t.by_appointment::int) from {FIRSTS}, {HOLDING} and {LISTED} group by 1""",
    "files-complete": f"""select d, 'posts on the list', (select coalesce(sum(f.amount), 0) from t_acts f
        where f.kind = 'file' and f.day < d) / count(*) from {FIRSTS}, {HOLDING} and {LISTED} group by d""",
    "refused-by-ogpu": monthly("day", "'proposed'", "avg(amount)", "t_acts where kind = 'vet'"),
    "delegates-against": """select a.day as d, o.name as s, avg(a.amount) as v
        from t_acts a, t_organs o where o.organ = a.target_organ and a.kind = 'send-delegate' group by 1, 2""",
    "admitted": monthly("day", "'party'", "sum(amount)", "t_acts where kind = 'admit'"),
    "acts": monthly("a.day", "o.level", "count(*)", ACTING),
    "documents": monthly("x.date", "o.level", "count(*)", ISSUED),
    "papers-in": monthly("received", "'secretariat'", "count(*)",
                         f"t_copies, t_organs where organ = addressee_organ and {CC_APPARATUS} and received is not null"),
    "papers-out": monthly("c.dispatched", "'secretariat'", "count(*)", f"""t_copies c, t_documents x, t_organs
        where x.document = c.document and organ = x.issuer and {CC_APPARATUS} and c.dispatched is not null"""),
    "directives": monthly("x.date", "x.kind", "count(*)", ISSUED + f" and o.key = 'central-committee' and x.kind in {DOWN}"),
    "decisions": monthly("a.day", "o.name", "count(*)", DECIDED),
    "decided-before": monthly("a.day", "o.name", share("a.actor_organ <> a.in_name_of"), DECIDED),
    "stake": """select a.day, m.subject, a.amount / 1000.0 from t_acts a, t_matters m where m.matter = a.matter
        and a.kind in ('grant', 'withdraw')""",
    "counted": """select a.day, m.subject, sum(a.amount) from t_acts a, t_matters m where m.matter = a.matter
        and a.kind = 'count-members' group by 1, 2""",
    "applied": monthly(
        "a.day", "m.subject", "sum(a.amount)", "t_acts a, t_matters m where m.matter = a.matter and a.kind = 'apply'"
    ),
    "gone": monthly(
        "a.day", "a.kind", "sum(a.amount)",
        "t_acts a where a.kind in ('leave', 'die', 'expel', 'purge') and a.target_person is null",
    ),
    "cells-changed": monthly("a.day", "a.kind", "sum(a.amount)", "t_acts a where a.kind in ('found-cell', 'merge-cells')"),
    "convicted": monthly(
        "a.day", "case when a.target_person is null then 'rank and file' else 'officials' end",
        "coalesce(sum(a.amount) filter (a.kind = 'sentence'), 0) * 1.0 / sum(a.amount)",
        "t_acts a where a.kind in ('sentence', 'release')",
    ),
    "courts-led": monthly(
        "a.day", "case when a.target_person is null then 'rank and file' else 'officials' end",
        "coalesce(sum(a.amount) filter (a.actor_organ <> a.in_name_of), 0) * 1.0 / sum(a.amount)",
        "t_acts a where a.kind in ('sentence', 'release')",
    ),
    "extracts": monthly("x.date", "o.name", "count(*)", ISSUED + " and x.kind = 'extract'"),
    "secret-share": monthly("x.date", "o.level", share("x.grade not in ('open', 'for-service-use')"), ISSUED),
    "returned-in-time": monthly(
        "c.due", "o.level", share("c.returned is not null and c.returned <= c.due"),
        "t_copies c, t_organs o where o.organ = c.addressee_organ and c.due < (select max(day) from t_acts)",
    ),
    "burned": monthly("a.day", "'registry'", "count(*)", "t_copies c, t_acts a where a.act = c.burned_act"),
    "oral-share": monthly("a.day", "o.level", share("not a.recorded"), ACTING),
    "known-to-leader": f"""
        with m as (select distinct matter, target_person from t_acts where kind in ('inform', 'keep-back', 'leak')
                   and target_person is not null and target_organ is null)
        select {MONTH.format("(select min(day) from t_acts a where a.matter = m.matter and a.target_person = m.target_person "
                             "and a.target_organ is null and a.kind in ('inform', 'keep-back', 'leak'))")} as d,
               (select name from t_persons p where p.person = m.target_person) as s,
               avg(case when exists (select 1 from t_acts a where a.matter = m.matter and a.target_person = m.target_person
                   and a.target_organ is null and a.kind in ('inform', 'leak')) then 1.0 else 0.0 end) as v from m group by 1, 2""",
    "lag": monthly("c.issued", "o.level", "quantile_cont(a.day - c.issued, 0.5)", f"""{CENTRAL} c, t_acts a, t_documents x,
        t_organs o where a.matter = c.matter and x.document = a.document and o.organ = a.actor_organ and a.kind = 'receive'
          and x.kind in ('circular', 'closed-letter', 'cipher-telegram', 'directive')"""),
    **KNOWLEDGE,
}  # fmt: skip


SAMPLES = {
    "members", "members-from-course", "trust", "seats-documented", "struck-out", "informed", "layer-size",
    "fear", "cells-for-rival",
}  # fmt: skip
"""What no act can tell: where people stand and what they would lose. Taken from the state, and marked so in the documentation."""


AGAINST_THE_STATE = {"dependence"}
"""What is summed up over acts and held against the state itself in the tests of cadres."""


def base(run: Run) -> duckdb.DuckDBPyConnection:
    """The run's Parquet files under names of their own, without the project's views; of the measures the samples alone."""
    out = duckdb.connect()
    for name in ("acts", "documents", "copies", "organs", "persons", "tenures", "posts", "matters", "rules"):
        place = run.path / name / "*.parquet" if (run.path / name).is_dir() else run.path / f"{name}.parquet"
        out.execute(f"create view t_{name} as select * from read_parquet('{place}')")
    out.execute(
        f"""create view t_measures as select * from read_parquet('{run.path}/measures.parquet')
            where measure in ({", ".join(f"'{name}'" for name in sorted(SAMPLES))})"""
    )
    return out


def measured(run: Run, name: str) -> dict[tuple[date, str], float]:
    rows = duckdb.execute(
        f"select day, scope, value from read_parquet('{run.path}/measures.parquet') where measure = ?", [name]
    ).fetchall()
    return {(day, scope): value for day, scope, value in rows}


def names(run: Run) -> Iterator[str]:
    yield from (
        row[0] for row in duckdb.execute(f"select distinct measure from '{run.path}/measures.parquet' order by 1").fetchall()
    )


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_measure_recomputed_agrees(name: str, small: Run, first_year: Run) -> None:
    compared = 0
    for run in (small, first_year):
        again = {(day, scope): float(value) for day, scope, value in base(run).execute(QUERIES[name]).fetchall()}
        stored = measured(run, name)
        assert again.keys() == stored.keys()
        for key, value in stored.items():
            assert again[key] == pytest.approx(value, rel=1e-9, abs=1e-12), key
        compared += len(stored)
    assert compared > 0, "no run has it: the comparison proves nothing"


def test_no_measure_goes_unchecked(small: Run, first_year: Run) -> None:
    assert {*names(small), *names(first_year)} <= QUERIES.keys() | SAMPLES | AGAINST_THE_STATE
