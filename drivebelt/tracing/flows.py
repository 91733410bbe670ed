"""The acts of one matter in sum, folded by DuckDB: a matter can have a hundred thousand, of which nobody reads each.

The acts of a matter are taken out of the run once, into a temporary table; everything that is asked of the matter is then asked of
that table. `trace` folds the acts that it tells one by one in the same way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drivebelt import records as r
from drivebelt.telling.flow import Few, Flow

if TYPE_CHECKING:
    from drivebelt.results import Run, Session

PAPERS = ("issue", "receive", "return")
"""Kinds of acts that are told apart by the kind of paper."""
BODIES = ("propose-slate", "elect-body")
"""Kinds of acts that are told apart by the body acted upon."""

_LEVELLED = """
    select a.*, coalesce(o.level, t.level, 'centre') as level, o.branch, d.kind as paper
    from (select * from acts where {acts}) a left join organs o on o.organ = a.actor_organ
    left join organs t on t.organ = a.target_organ left join {papers} d using (document)
"""
_HERE = f"""
    create temp table papers as select document, kind, number, issuer, copies, grade from documents where matter = {{matter}};
    create temp table here as {_LEVELLED.format(acts="{acts}", papers="papers")}
"""
_TOLD = """
    select a.act, a.day, a.kind, a.matter, a.document, a.copy, a.actor_organ, a.actor_person, a.target_organ,
           a.target_person, a.in_name_of, a.channel, a.grade, a.cause, a.amount, a.recorded,
           o.name as actor, a.level, a.branch, t.name as target, t.level as target_level,
           t.branch as target_branch, m.name as mask, p.name as person, w.name as whom, q.name as post,
           a.paper, d.number, d.issuer, d.copies
    from ({source}) a
    left join organs o on o.organ = a.actor_organ left join organs t on t.organ = a.target_organ
    left join organs m on m.organ = a.in_name_of left join persons p on p.person = a.actor_person
    left join persons w on w.person = a.target_person
    left join posts q on a.kind in ('appoint', 'elect') and q.post = a.amount
    left join {papers} d on d.document = a.document
    order by a.act
"""
_UP = """
    with recursive up as (
        select act, cause from here where act = ? union all select h.act, h.cause from here h join up on h.act = up.cause)
    select act from up
"""
_ABOVE = """
    with recursive chosen as materialized (select unnest(?::integer[]) as act), up as (
        select h.act, c.act as cause, c.cause as next from here h join chosen using (act) join here c on c.act = h.cause
            where c.act not in (from chosen)
        union all select up.act, c.act, c.cause from up join here c on c.act = up.next where up.cause not in (from chosen))
    select act, cause from up where cause in (from chosen)
"""
_KEY = f"""level, case when level != 'centre' then coalesce(branch, '') else '' end as side, kind, recorded,
    in_name_of is distinct from actor_organ as masked,
    case when kind in {PAPERS} then coalesce(paper, '') else '' end as about,
    case when kind in {BODIES} then coalesce(target_organ, -1) else -1 end as towards"""
_FOLD = f"""
    select {_KEY}, count(*) as n, min(act) as first, min(day) as first_day, max(day) as last_day, quantile_disc(day, .5) as median,
        count(distinct coalesce(actor_organ, -1)) as actors, count(distinct coalesce(target_organ, -1)) as targets,
        count(distinct coalesce(in_name_of, -1)) as masks,
        1 + (min(coalesce(actor_person, -1)) != max(coalesce(actor_person, -1)))::integer as persons,
        min_by(target_person, act) filter (target_person in (select person from persons where name is not null)) as whom,
        min(amount) as low, max(amount) as high, avg(amount) as mean, count(*) filter (amount % 2 = 1) as noes,
        count(*) filter (amount % 4 = 2) as bent, count(distinct document) as documents,
        {", ".join(f"count(*) filter (grade = '{g}') as grade_{i}" for i, g in enumerate(r.GRADES))},
        count(*) filter (grade is null) as no_grade,
        {", ".join(f"count(*) filter (channel = '{c}') as channel_{i}" for i, c in enumerate(r.CHANNELS))}
    from here group by all order by first
"""
_LAGS = f"""
    with first as (select min(day) as day from here where kind = 'issue' and level = 'centre'
        and document in (select document from papers where copies > 0) and act = (
            select min(act) from here join papers using (document) where here.kind = 'issue' and level = 'centre' and copies > 0)),
    lag as (
        select level, h.day - first.day as n, row_number() over (partition by level order by h.day) as place,
            count(*) over (partition by level) as all_of
        from here h, first
        where kind = 'receive' and level != '{r.LEVELS[r.CENTRE]}' and coalesce(paper, '') not in ('report', 'query', 'proposal')
            and first.day is not null)
    select level, max(all_of) as received, min(n) as first, max(n) filter (place = all_of // 2 + 1) as median, max(n) as last
    from lag group by level
"""


@dataclass(frozen=True)
class Taken:
    """The acts of one matter, taken out of the run."""

    session: Session
    matter: int

    def acts(self, which: str = "true", parameters: list[Any] | None = None) -> list[dict[str, Any]]:
        """Acts with all names that telling needs, those that a condition on their columns chooses, in their order."""
        return self.session.rows(_TOLD.format(source=f"select * from here where {which}", papers="papers"), parameters)

    def above(self, chosen: Collection[int]) -> dict[int, int]:
        """For each of some acts whose cause is an act of the matter outside them: the nearest of its causes among them."""
        rows = self.session.rows(_ABOVE, [list(chosen)])
        return {row["act"]: row["cause"] for row in rows}

    def up(self, act: int) -> list[dict[str, Any]]:
        """An act after its causes within the matter, from the first of them down."""
        return self.acts("act in (select unnest(?))", [[row["act"] for row in self.session.rows(_UP, [act])]])

    def sums(self) -> list[dict[str, Any]]:
        """All acts in sum, as `trace` folds them, in the order of their first acts; `flows` makes them readable."""
        return self.session.rows(_FOLD)

    def causes(self, acts: Collection[int]) -> dict[int, int]:
        """The causes of some acts, where they have one."""
        rows = self.session.rows("select act, cause from here where act in (select unnest(?)) and cause is not null", [list(acts)])
        return {row["act"]: row["cause"] for row in rows}

    def first(self, kinds: Collection[str]) -> dict[str, Any] | None:
        """The first act that is of none of these kinds: its number and level."""
        rows = self.session.rows(
            "select act, level from here where kind not in (select unnest(?)) order by act limit 1", [list(kinds)]
        )
        return rows[0] if rows else None

    def flows(self, sums: Sequence[dict[str, Any]], first: Mapping[int, dict[str, Any]]) -> list[Flow]:
        """One flow for each sum; `first` holds the first act of each by its number."""
        names = dict(self._names([row["whom"] for row in sums if row["whom"] is not None]))
        return [_flow(row, first[row["first"]], names) for row in sums]

    def _names(self, persons: list[int]) -> Iterator[tuple[int, str]]:
        if not persons:
            return
        for row in self.session.rows("select person, name from persons where person in (select unnest(?))", [persons]):
            yield row["person"], row["name"]

    def lags(self) -> dict[str, dict[str, float]]:
        """Days from the first paper of the Centre to receipt, by level: number, first, median, last."""
        found = {row.pop("level"): row for row in self.session.rows(_LAGS)}
        return {level: found[level] for level in r.LEVELS if level in found}

    def levels(self) -> dict[str, dict[str, Any]]:
        """Acts, those without a paper, and bodies, level by level."""
        found = {
            row.pop("level"): row
            for row in self.session.rows(
                """select level, count(*) as acts, count(*) filter (not recorded) as silent, count(distinct actor_organ) as bodies
                   from here group by level"""
            )
        }
        return {level: found[level] for level in r.LEVELS if level in found}

    def papers(self) -> list[dict[str, Any]]:
        """The papers of the Centre."""
        return self.session.rows(
            """select document, d.kind, number, date, i.name as issuer, o.name as originator, grade, copies, i.level
               from documents d join organs i on i.organ = issuer join organs o on o.organ = originator
               where matter = ? and i.level = 'centre' order by document""",
            [self.matter],
        )

    def fates(self) -> list[dict[str, Any]]:
        """What became of the copies, by the level that issued them and the level and branch that they were for."""
        return self.session.rows(
            """select i.level as issued_at, a.level, a.branch, fate, count(*) as copies from copies c join papers using (document)
               join organs i on i.organ = issuer left join organs a on a.organ = addressee_organ group by all order by all"""
        )


def acts_where(run: Run, acts: str, papers: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
    """Acts of any matter with all names that telling needs: two conditions, one on acts and one on their documents."""
    documents = f"(select * from documents where {papers})"
    return run.rows(_TOLD.format(source=_LEVELLED.format(acts=acts, papers=documents), papers=documents), parameters)


def acts_named(run: Run, acts: Collection[int]) -> list[dict[str, Any]]:
    """Acts by their numbers, with all names that telling needs, in their order."""
    chosen = f"act in {numbers(acts)}"
    rows = run.rows(f"select distinct document from acts where {chosen} and document is not null")
    return acts_where(run, chosen, f"document in {numbers(row['document'] for row in rows)}")


def numbers(given: Iterable[int]) -> str:
    """Numbers as a list in a query: written out, they let DuckDB pass over the parts of a file that hold none of them."""
    return f"({', '.join(str(int(n)) for n in given) or '-1'})"


@contextmanager
def taken(run: Run, matter: int) -> Iterator[Taken]:
    """The acts of a matter for as long as they are asked about."""
    with run.session() as session:
        session.rows(_HERE.format(matter=int(matter), acts=run.of_matter(matter)))
        yield Taken(session, matter)


def _flow(row: dict[str, Any], a: dict[str, Any], names: dict[int, str]) -> Flow:
    mean = 0 if row["mean"] is None else round(row["mean"])
    grades: tuple[str | None, ...] = tuple(g for i, g in enumerate(r.GRADES) if row[f"grade_{i}"])
    grades += (None,) * (row["no_grade"] > 0)
    channels = {c: row[f"channel_{i}"] for i, c in enumerate(r.CHANNELS) if row[f"channel_{i}"]}
    return Flow(
        a, row["n"], Few(row["actors"], a["actor"]), Few(row["targets"], a["target"]), Few(row["masks"], a["mask"]),
        Few(row["persons"], a["person"]), names.get(row["whom"]), (row["low"] or 0, row["high"] or 0, mean), row["noes"],
        row["bent"], row["documents"], grades, channels, row["first_day"], row["last_day"],
        median=row["median"],
    )  # fmt: skip
