"""Where a directive of the Centre is on which day, and what becomes of it there: done, claimed, believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from drivebelt.measures.sent_down import DOWN, sent_down
from drivebelt.records import LEVELS

if TYPE_CHECKING:
    from drivebelt.results import Run

_DIRECTIVES = f"""
    select * from {sent_down()}
    order by issued > (select max(date) - 60 from documents), bodies desc, matter
"""
_REACH = f"""
    with paper as (
        select document from documents where matter = $matter and (kind in {DOWN} or kind in ('letter', 'directive'))
    ),
    mine as materialized (
        select actor_organ as organ, min(case when kind = 'receive' and p.document is not null then day end) - $issued as lag,
               sum(case when kind = 'execute' then amount end) as done, count(case when kind = 'execute' then amount end) as times,
               sum(case when kind = 'report' then amount end) as claimed,
               count(case when kind = 'report' then amount end) as reports
        from acts a left join paper p on p.document = a.document
        where {{acts}} and day >= $issued and kind in ('receive', 'execute', 'report') group by actor_organ
    ), each as materialized (
        select o.organ, o.name, o.level, o.latitude, o.longitude, lag, done, times, claimed, reports,
               case o.level when 'uezd' then o.parent when 'volost' then u.parent
                    when 'cell' then case u.level when 'uezd' then u.parent else v.parent end else o.organ end as province
        from organs o left join mine on mine.organ = o.organ left join organs u on u.organ = o.parent
        left join organs v on v.organ = u.parent
        where o.branch = 'party' and o.level != 'centre'
          and ((o.valid_from <= $issued and (o.valid_to is null or o.valid_to > $issued)) or lag is not null)
    )
    select 'level' as what, level, count(*) as bodies, count(lag) as had, min(lag) as first, median(lag) as median,
           max(lag) as last, sum(done) / sum(times) as done, sum(claimed) / sum(reports) as claimed, histogram(lag) as lags
    from each group by level
    union all by name
    select 'province' as what, province as organ, p.name, case when a.level = 'centre' then 'the Centre' else a.name end as above,
           min(case when each.organ = province then lag end) as lag,
           case when bool_or(each.level = 'uezd') then count(case when each.level = 'uezd' then lag end) end as districts,
           median(case when each.level = 'uezd' then lag end) as median,
           count(case when each.level in ('volost', 'cell') then lag end) as below,
           sum(done) / sum(times) as done, sum(claimed) / sum(reports) as claimed
    from each join organs p on p.organ = province left join organs a on a.organ = p.parent group by all having count(lag) > 0
    union all by name
    select 'seat' as what, organ, name, level, latitude, longitude, lag from each
    where level in ('region', 'gubernia', 'uezd') and latitude is not null
    order by what, organ
"""
_WORDING = f"""
    with root as (
        select wording from documents join organs on organ = issuer
        where matter = $matter and key = 'central-committee' and kind in {DOWN} order by document limit 1
    )
    select level, avg(bit_count(xor(d.wording, root.wording))) as changed
    from documents d, root join organs o on o.organ = d.issuer where d.matter = $matter and d.kind = 'directive' group by level
"""


@dataclass(frozen=True)
class Reach:
    """One directive on its way."""

    directive: dict[str, Any]
    seats: list[dict[str, Any]]
    """Party committees from the district up, with their place and `lag`, the days until they had it (None: never)."""
    curve: dict[str, list[tuple[int, int]]]
    """Level -> (days, bodies that had it on that day for the first time)."""
    levels: list[dict[str, Any]]
    """What became of it level by level: lags in days, done and claimed in per cent, bits of 64 changed in the wording."""
    provinces: list[dict[str, Any]]
    believed: int | None
    """What the Secretariat took to be done, in per cent."""

    @property
    def last(self) -> int:
        """Days until the last seat had it."""
        return max((s["lag"] for s in self.seats if s["lag"] is not None), default=0)

    def share(self, level: str, day: int) -> float | None:
        """Share of the bodies of a level that had it after so many days."""
        row = next((x for x in self.levels if x["level"] == level), None)
        if row is None or not row["bodies"]:
            return None
        return float(sum(n for lag, n in self.curve.get(level, ()) if lag <= day) / row["bodies"])


def directives(run: Run) -> list[dict[str, Any]]:
    """Matters on which the Central Committee sent papers down, the widest first; those of the last two months come last."""
    return run.rows(_DIRECTIVES)


def reach(run: Run, directive: dict[str, Any]) -> Reach:
    """How a directive reaches the committees of the country."""
    matter = directive["matter"]
    rows: dict[str, list[dict[str, Any]]] = {"level": [], "province": [], "seat": []}
    for row in run.rows(_REACH.format(acts=run.of_matter(matter)), {"matter": matter, "issued": directive["issued"]}):  # type: ignore[arg-type]
        rows[row["what"]].append(row)
    changed = {row["level"]: row["changed"] for row in run.rows(_WORDING, {"matter": matter})}  # type: ignore[arg-type]
    levels = sorted(rows["level"], key=lambda row: LEVELS.index(row["level"]))
    curve = {row["level"]: sorted(row["lags"].items()) for row in levels if row["lags"]}
    believed = run.rows(f"select max(amount) as n from acts where {run.of_matter(matter)} and kind = 'believe'")[0]["n"]
    return Reach(
        directive, _of(rows["seat"], "organ", "name", "level", "latitude", "longitude", "lag"), curve,
        [{**row, "changed": changed.get(row["level"])}
         for row in _of(levels, "level", "bodies", "had", "first", "median", "last", "done", "claimed")],
        [{**row, "gap": row["claimed"] - row["done"] if None not in (row["claimed"], row["done"]) else None}
         for row in _of(rows["province"], "organ", "name", "above", "lag", "districts", "median", "below", "done", "claimed")],
        believed,
    )  # fmt: skip


def _of(rows: list[dict[str, Any]], *columns: str) -> list[dict[str, Any]]:
    return [{column: row[column] for column in columns} for row in rows]


def issued_on(day: date, lag: int) -> date:
    """The day so many days after a paper was signed."""
    return date.fromordinal(day.toordinal() + lag)
