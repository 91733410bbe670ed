"""What is known of the numbers of registers: those of papers that are there, and those that something else names.

A number is *known* when a paper that bears it is there, or when a receipt, an entry or another paper names it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt.errors import BadInput
from drivebelt.reconstruct.columns import whole, words
from drivebelt.reconstruct.counting.keeping import Keeping, keeping_of

if TYPE_CHECKING:
    import pyarrow as pa

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.str_]
NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Listed:
    """Registers that may have been kept and of which nothing is known, one row each: offices of a class that kept such a one."""

    office: Ints
    group: Words
    year: Ints
    body: Words


def _nothing() -> Listed:
    none = np.zeros(0, np.int64)
    return Listed(none, none.astype(np.str_), none, none.astype(np.str_))


@dataclass(frozen=True)
class Known:
    """Known numbers: one row a register, with every known number in `series`, `number`, `day`, sorted by both."""

    series: Ints
    """(numbers,) place of the register of each known number."""
    number: Ints
    """(numbers,) from 1."""
    day: Ints
    """(numbers,) days since 1970; the lowest integer where no date is known."""
    there: npt.NDArray[np.bool_]
    """(numbers,) whether a paper with the number is there."""
    label: Ints
    """(registers,) what the archive calls the series."""
    office: Ints
    """(registers,)"""
    group: Words
    """(registers,) level, branch and register: those of one group issued alike within a year."""
    year: Ints
    """(registers,)"""
    body: Words
    """(registers,) level and branch: offices of one class were lost and spared alike."""
    silent: Listed = field(default_factory=_nothing)
    cited: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    """(citations, 2) the place of the register of what a paper that is there cites, and 1 where that is there too."""
    keeping: Keeping | None = None
    """What lies in the offices' own keeping; None where that is not told, or where no register has a gap."""

    @property
    def known(self) -> Ints:
        """(registers,) how many numbers are known."""
        return np.bincount(self.series, minlength=self.label.size).astype(np.int64)

    @property
    def highest(self) -> Ints:
        """(registers,) the highest known number."""
        out = np.zeros(self.label.size, np.int64)
        np.maximum.at(out, self.series, self.number)
        return out


def known(
    series: npt.ArrayLike, number: npt.ArrayLike, *, office: npt.ArrayLike, group: npt.ArrayLike, day: npt.ArrayLike | None = None,
    there: npt.ArrayLike | None = None, year: npt.ArrayLike | None = None, body: npt.ArrayLike | None = None,
    silent: Listed | None = None,
) -> Known:  # fmt: skip
    """Known numbers from one row a mention: the series, its number, the office and the group of each (all of shape (n,)).

    `body` is the class of the office (its group where none is given). Doubled mentions are one; of their days the earliest
    counts. Raises BadInput for shapes that differ and numbers below 1.
    """
    s, n, o = (np.asarray(x, np.int64).ravel() for x in (series, number, office))
    g = np.asarray(group, np.str_).ravel()
    d = np.full(s.size, NEVER) if day is None else np.asarray(day, np.int64).ravel()
    t = np.ones(s.size, bool) if there is None else np.asarray(there, bool).ravel()
    y = np.zeros(s.size, np.int64) if year is None else np.asarray(year, np.int64).ravel()
    b = g if body is None else np.asarray(body, np.str_).ravel()
    if len({x.size for x in (s, n, o, g, d, t, y, b)}) > 1:
        raise BadInput("register numbers: columns of different length; give one value of each a row")
    _from_one(n)
    order = np.lexsort((np.where(d == NEVER, np.iinfo(np.int64).max, d), n, s))
    s, n, o, d, y = (x[order] for x in (s, n, o, d, y))
    g, t, b = g[order], t[order], b[order]
    first = np.ones(s.size, bool)
    first[1:] = (np.diff(s) != 0) | (np.diff(n) != 0)
    rows = np.flatnonzero(first)
    label, at, place = np.unique(s[rows], return_index=True, return_inverse=True)
    any_there = np.logical_or.reduceat(t, rows) if rows.size else t
    at = rows[at]
    return Known(place.astype(np.int64), n[rows], d[rows], any_there, label, o[at], g[at], y[at], b[at], silent or _nothing())


def _from_one(number: Ints) -> None:
    if number.size and number.min() < 1:
        raise BadInput(f"register number {number.min()}: numbers begin at 1; leave out rows without one")


def free_numbers(what: Known) -> pa.Table:
    """Runs of numbers of which nothing is known, between known ones of a register, and the dates between which they must fall.

    Columns: series, from, to (numbers), after, before (dates of the known neighbours, null where there is none).
    """
    import pyarrow as pa

    begins = np.ones(what.series.size, bool)
    begins[1:] = np.diff(what.series) != 0
    last = np.where(begins, 0, np.append(0, what.number[:-1]))
    before = np.where(begins, NEVER, np.append(NEVER, what.day[:-1]))
    rows = np.flatnonzero(what.number - last > 1)

    def dates(days: Ints) -> pa.Array:
        return pa.array(np.where(days == NEVER, 0, days).astype(np.int32), pa.int32(), mask=days == NEVER).cast(pa.date32())

    return pa.table(
        {
            "series": pa.array(what.label[what.series[rows]]), "from": pa.array(last[rows] + 1),
            "to": pa.array(what.number[rows] - 1), "after": dates(before[rows]), "before": dates(what.day[rows]),
        }
    )  # fmt: skip


_INCOMING = "('receive', 'sort-mail', 'read')"
_TRACES = {
    "receipt without a letter": "select series, number, min(day) as known_by, arg_min(actor_organ, (day, act)) as witness "
    f"from acts where kind in {_INCOMING} and series is not null and document is null group by series, number",
    "entry in a register of the office": "select series, number, min(day) as known_by, arg_min(actor_organ, (day, act)) as witness "
    f"from acts where kind not in {_INCOMING} and kind <> 'refer' and series is not null and document is null "
    "group by series, number",
    "reference to a paper not there": "select series, number, min(known_by) as known_by, arg_min(witness, (day, row)) as witness "
    "from (select cited_series as series, cited_number as number, cited_date as known_by, issuer as witness, date as day, "
    "document as row from documents where cited_series is not null and parent_document is null "
    "union all select series, number, day, actor_organ, day, act from acts where kind = 'refer' and document is null) "
    "group by series, number",
    "reply without a question": "select cited_series as series, cited_number as number, date as known_by, issuer as witness "
    "from documents where kind = 'reply' and parent_document is null",
}  # fmt: skip


def traces(archive: Any) -> pa.Table:
    """Papers that are not there and of which something tells: trace, series, number, known_by (date), witness (organ)."""
    parts = [f"select '{name}' as trace, series, number, known_by, witness from ({query})" for name, query in _TRACES.items()]
    return archive.sql(" union all ".join(parts) + " order by trace, series, number, known_by, witness").to_arrow_table()


_MENTIONS = """with mention as (
    select series, number, date as day, true as there from documents where number is not null
    union all select cited_series, cited_number, cited_date, false from documents where cited_number is not null
    union all select series, number, day, false from acts where number is not null)
select series, number, min(day) as day, bool_or(there) as there
from mention semi join (from registers semi join organs using (organ)) using (series)
group by series, number order by series, number"""
_CITED = """select d.cited_series as series, (t.series is not null)::bigint as there
from documents d left join (select distinct series, number from documents) t
    on (d.cited_series, d.cited_number) = (t.series, t.number)
where d.cited_number is not null and d.cited_series in (select series from (registers semi join organs using (organ)))
order by series, there"""
_REGISTERS = """select r.series, any_value(r.organ) as office, any_value(coalesce(r.year, 0)) as year,
    any_value(coalesce(o.level || ' ' || o.branch || ' ' || r.register, r.register)) as kind,
    any_value(coalesce(o.level || ' ' || o.branch, r.register)) as body
from registers r join organs o using (organ) group by r.series order by r.series"""
_SILENT = """with kept as (select distinct o.level, o.branch, r.register from registers r join organs o using (organ)
        where o.level is not null and o.branch is not null and r.year is not null),
    span as (select year, greatest(make_date(year, 1, 1), $since) as since, least(make_date(year, 12, 31), $until) as until
        from (select distinct year from registers where year between 1 and 9998))
select o.organ as office, k.level || ' ' || k.branch || ' ' || k.register as kind, y.year, k.level || ' ' || k.branch as body
from kept k join organs o using (level, branch), span y
where least(coalesce(o.valid_to, y.until), y.until) - greatest(coalesce(o.valid_from, y.since), y.since)
        >= (y.until - y.since) / 10
    and not exists (select 1 from registers r where r.organ = o.organ and r.register = k.register and r.year = y.year)
order by office, kind, y.year"""
"""Bodies that were there for a tenth of the year, or of what the archive covers of it; others kept hardly more than a few pages."""


def known_of(archive: Any) -> Known:
    """All known register numbers of an archive, and the registers that may have been kept and of which nothing is known: those of
    every body of a level and branch of which any body is known to have kept such a one."""
    period = {name: (day := archive.info[key]) and date.fromisoformat(day) for name, key in (("since", "from"), ("until", "to"))}
    rows, listed, books, cited = (
        archive.sql(query, given).to_arrow_table()
        for query, given in ((_MENTIONS, None), (_SILENT, period), (_REGISTERS, None), (_CITED, None))
    )
    _from_one(number := whole(rows["number"]))
    silent = Listed(whole(listed["office"]), words(listed["kind"]), whole(listed["year"]), words(listed["body"]))
    label, place = np.unique(whole(rows["series"]), return_inverse=True)
    at = np.searchsorted(whole(books["series"]), label)
    found = Known(
        place.astype(np.int64), number, whole(rows["day"], NEVER), rows["there"].to_numpy(), label, whole(books["office"])[at],
        words(books["kind"])[at], whole(books["year"])[at], words(books["body"])[at], silent,
        np.stack([np.searchsorted(label, whole(cited["series"])), whole(cited["there"])], axis=1),
    )  # fmt: skip
    return replace(found, keeping=keeping_of(archive)) if (found.highest > found.known).any() else found
