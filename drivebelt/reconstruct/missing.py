"""Which papers are missing, and how many there ever were: free register numbers, references to what is not there, and a count.

A number is *known* when a paper that bears it is there, or when a receipt, a register or another paper names it. What is issued
and not known is estimated by `numbering`; what is known and not there needs no estimate. In a set of registers without any gap
nothing is missing, and nothing is added beyond the last known number: where a register ended cannot be read from its numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt.errors import BadInput
from drivebelt.reconstruct.numbering import MOST, NUMBERS, Floats, Ints, Registers, Shape, Sums, cloud, fit, silent_terms
from drivebelt.reconstruct.unseen import chao1

if TYPE_CHECKING:
    import pyarrow as pa

LEVEL = 0.9
"""Probability that an interval is to hold."""
_TIMES = 200
_MODEL = 0.15
"""How far (standard deviation, relative) the form of the model may be wrong in what lies beyond the last known numbers: an
assumption (0.05 to 0.3), of the size of the errors found on archives of runs, whose registers are not negative binomial."""
_FEWEST = 8
"""Registers with anything known that a level needs for a shape of its own; below, it takes that of all."""


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
    group: npt.NDArray[np.str_]
    """(registers,) level (and branch and register) that share a shape."""
    silent: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Registers of each group of which nothing is known: how many there can be at most in offices of which something else is
    known (silent by chance, if they were kept at all), and how many there were in offices that left nothing whatever."""

    @property
    def registers(self) -> Registers:
        """How many numbers are known of each register, and the highest."""
        n = self.label.size
        highest = np.zeros(n, np.int64)
        np.maximum.at(highest, self.series, self.number)
        return Registers(np.bincount(self.series, minlength=n).astype(np.int64), highest)


def known(
    series: npt.ArrayLike, number: npt.ArrayLike, *, office: npt.ArrayLike, group: npt.ArrayLike, day: npt.ArrayLike | None = None,
    there: npt.ArrayLike | None = None, silent: dict[str, tuple[float, float]] | None = None,
) -> Known:  # fmt: skip
    """Known numbers from one row a mention: the series, its number, the office and the group of each (all of shape (n,)).

    Doubled mentions are one; of their days the earliest counts. Raises BadInput for shapes that differ and numbers below 1.
    """
    s, n, o = (np.asarray(x, np.int64).ravel() for x in (series, number, office))
    g = np.asarray(group, np.str_).ravel()
    d = np.full(s.size, np.iinfo(np.int64).min) if day is None else np.asarray(day, np.int64).ravel()
    t = np.ones(s.size, bool) if there is None else np.asarray(there, bool).ravel()
    if len({x.size for x in (s, n, o, g, d, t)}) > 1:
        raise BadInput("register numbers: columns of different length; give one value of each a row")
    if n.size and n.min() < 1:
        raise BadInput(f"register number {n.min()}: numbers begin at 1; leave out rows without one")
    order = np.lexsort((np.where(d == np.iinfo(np.int64).min, np.iinfo(np.int64).max, d), n, s))
    s, n, o, g, d, t = s[order], n[order], o[order], g[order], d[order], t[order]
    first = np.ones(s.size, bool)
    first[1:] = (np.diff(s) != 0) | (np.diff(n) != 0)
    rows = np.flatnonzero(first)
    label, at, place = np.unique(s[rows], return_index=True, return_inverse=True)
    any_there = np.logical_or.reduceat(t, rows) if rows.size else t
    return Known(place.astype(np.int64), n[rows], d[rows], any_there, label, o[rows][at], g[rows][at], dict(silent or {}))


@dataclass(frozen=True)
class Count:
    """How many papers were ever issued: by register (n,) and in all, each with the ends of its interval."""

    known: Known
    issued: Floats
    low: Floats
    high: Floats
    end_known: npt.NDArray[np.bool_]
    """(registers,) whether the last number can be told within the interval: if not, `high` is what the level suggests."""
    total: float
    total_low: float
    total_high: float
    silent: dict[str, tuple[float, float]]
    """Registers of which nothing is known, by group: how many, and how many papers the level's shape gives them."""
    remarks: tuple[str, ...]

    @property
    def missing(self) -> float:
        """Papers issued that are not there."""
        return max(self.total - float(self.known.there.sum()), 0.0)


def count(what: Known, seed: int = 1) -> Count:
    """Estimates how many papers the registers ever numbered; `seed` is that of the bootstrap over offices."""
    registers = what.registers
    n = registers.known.size
    exact = registers.highest.astype(np.float64)
    gaps = registers.highest - registers.known
    total = float(exact.sum())
    silent = {name: many for name, many in what.silent.items() if sum(many) > 0}
    if not n or not gaps.any():
        said = ["no register has a gap: nothing is missing that numbers could tell; where each ended cannot be read from them"]
        if silent:
            said.append("of some registers nothing is known: without a gap anywhere no loss is assumed of them")
        none = np.zeros(n, bool)
        return Count(
            what, exact, exact, exact, none, total, total, total, {k: (sum(v), 0.0) for k, v in silent.items()}, tuple(said)
        )
    every = _even(np.arange(n))
    pooled = fit(Sums(registers.take(every)))
    mean, low, high = exact.copy(), exact.copy(), exact.copy()
    draws_of_total = np.zeros(_TIMES)
    shaped: dict[str, tuple[float, float]] = {}
    remarks: list[str] = []
    for g, name in enumerate(np.unique(np.append(what.group, sorted(silent)))):
        rows = np.flatnonzero(what.group == name)
        basis = _even(rows) if rows.size else every
        sums = Sums(registers.take(basis))
        best = fit(sums, pooled) if rows.size >= _FEWEST else pooled
        shapes = cloud(sums, best, what.office[basis], _TIMES, seed + g)
        if rows.size:
            mean[rows], low[rows], high[rows], part = _of_group(registers.take(rows), shapes, seed + g)
            draws_of_total += part
        if str(name) in silent:
            of = registers.take(rows) if rows.size else registers
            part, many = _of_silent(*silent[str(name)], _scarce(of, mean[rows]), int(of.highest.max()), shapes, seed + g)
            draws_of_total += part
            shaped[str(name)] = (many, float(part.mean()))
            if rows.size < _FEWEST and many >= 1:
                remarks.append(
                    f"{name}: {many:.0f} registers left nothing and too few of their kind are known: the shape of all is used"
                )
    beyond = draws_of_total - total
    wrong = 1 + _MODEL * draws.normals(seed, NUMBERS, np.arange(_TIMES), 4)
    draws_of_total = total + beyond * np.maximum(wrong, 0.0)
    ends = np.percentile(draws_of_total, [100 * (1 - LEVEL) / 2, 100 * (1 + LEVEL) / 2])
    end_known = (high - registers.highest) <= np.maximum(0.1 * registers.highest, 1)
    if not end_known.all():
        remarks.append(
            f"where {int((~end_known).sum())} of {n} registers ended cannot be read from their numbers: their level is the guide"
        )
    if shaped:
        remarks.append("registers that left nothing are counted like others of their level: an assumption")
    return Count(
        what, mean, low, high, end_known, float(draws_of_total.mean()), max(float(ends[0]), total), float(ends[1]), shaped,
        tuple(remarks),
    )  # fmt: skip


def _even(rows: Ints) -> Ints:
    """At most MOST of them, evenly."""
    return rows if rows.size <= MOST else rows[np.linspace(0, rows.size - 1, MOST).astype(np.int64)]


def _of_group(registers: Registers, shapes: list[tuple[Shape, int]], seed: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean and ends of N for each register, and draws of their sum: as many of each shape as the bootstrap chose it."""
    sums = Sums(registers)
    chance = np.zeros(sums.issued.shape)
    totals, done = [], 0
    for shape, often in shapes:
        these = sums.posterior(shape)
        chance += these * (often / _TIMES)
        mean = (these * sums.issued).sum(axis=1)
        if registers.known.size <= MOST:
            drawn = _drawn(these, sums.issued, often, seed, done)
        else:  # very many registers: their sum is normal
            spread = np.sqrt(((these * sums.issued**2).sum(axis=1) - mean**2).clip(0).sum())
            drawn = mean.sum() + spread * draws.normals(seed, NUMBERS, np.arange(done, done + often), 1)
        totals.append(drawn)
        done += often
    below = np.cumsum(chance, axis=1)
    ends = [(below < share).sum(axis=1).clip(max=int(sums.weight.size) - 1) for share in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)]
    low, high = (np.take_along_axis(sums.issued, end[:, None], 1)[:, 0].astype(np.float64) for end in ends)
    # the bootstrap's order of shapes is that of their likelihoods: sums of groups are added in an order of their own
    mixed = np.concatenate(totals)[np.argsort(draws.uniforms(seed, NUMBERS, np.arange(_TIMES), 2), kind="stable")]
    return (chance * sums.issued).sum(axis=1), low, high, mixed


def _drawn(chance: Floats, issued: Ints, often: int, seed: int, done: int) -> Floats:
    """Draws of the sum of N over registers."""
    n = chance.shape[0]
    below = np.cumsum(chance, axis=1)
    out = np.zeros(often)
    for k in range(often):
        u = draws.uniforms(seed, NUMBERS, np.arange(n, dtype=np.int64) + (done + k) * n, 0)
        at = (below < u[:, None]).sum(axis=1).clip(max=issued.shape[1] - 1)
        out[k] = issued[np.arange(n), at].sum()
    return out


@dataclass(frozen=True)
class _Scarce:
    """Of the registers of a group: how many are seen, Chao's number of those that are not, and the mean N of those seen once."""

    seen: int
    unseen: float
    issued: float


def _scarce(registers: Registers, mean: Floats) -> _Scarce:
    """From how many numbers of each register are known, and the estimate of how many it had."""
    seen = registers.known.size
    once = registers.known == 1
    issued = float(mean[once].mean()) if mean.size == seen and once.any() else np.inf
    return _Scarce(seen, chao1(np.bincount(registers.known)) - seen, issued)


def _of_silent(
    beside: float, alone: float, scarce: _Scarce, highest: int, shapes: list[tuple[Shape, int]], seed: int
) -> tuple[Floats, float]:
    """Draws of the sum of N over registers of which nothing is known (see `Known.silent`), and how many they are.

    As many as chance alone silences issued what such registers issue, which is less; the rest of those in offices that left
    nothing were lost with the office and issued what registers of their kind do. The shape alone would say too many: how many
    registers have a chance near zero shows in none that is seen. Chao's number of registers never seen holds it down.
    """
    n = np.arange(20 * max(highest, 8) + 1)
    parts, many = [], 0.0
    for shape, often in shapes:
        terms = silent_terms(shape, int(n[-1]))
        chance = min(float(terms.sum()), 0.99)
        few = min(beside + alone, scarce.seen * chance / (1 - chance), scarce.unseen)
        burned = alone - min(alone, few * alone / (beside + alone))
        by_chance, square = float((terms * n).sum() / chance), float((terms * n**2).sum() / chance)
        square *= min(scarce.issued / by_chance, 1.0) ** 2 if by_chance > 0 else 1.0
        by_chance = min(by_chance, scarce.issued)
        mean = few * by_chance + burned * shape.mean
        spread = few * (square - by_chance**2) + burned * (shape.mean + shape.mean**2 / shape.size)
        parts.append(np.tile([[mean], [np.sqrt(max(spread, 0.0))]], often))
        many += (few + burned) * often / _TIMES
    mean, spread = np.concatenate(parts, axis=1)
    out = np.maximum(mean + spread * draws.normals(seed, NUMBERS, np.arange(mean.size), 3), 0.0)
    return out[np.argsort(draws.uniforms(seed, NUMBERS, np.arange(mean.size), 2), kind="stable")], many


def free_numbers(what: Known) -> pa.Table:
    """Runs of numbers of which nothing is known, between known ones of a register, and the dates between which they must fall.

    Columns: series, from, to (numbers), after, before (dates of the known neighbours, null where there is none).
    """
    import pyarrow as pa

    never = np.iinfo(np.int64).min
    begins = np.ones(what.series.size, bool)
    begins[1:] = np.diff(what.series) != 0
    last = np.where(begins, 0, np.append(0, what.number[:-1]))
    before = np.where(begins, never, np.append(never, what.day[:-1]))
    rows = np.flatnonzero(what.number - last > 1)

    def dates(days: Ints) -> pa.Array:
        return pa.array(np.where(days == never, 0, days).astype(np.int32), pa.int32(), mask=days == never).cast(pa.date32())

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


def known_of(archive: Any) -> Known:
    """All known register numbers of an archive, with the registers of which nothing is known, by level, branch and register.

    Of bodies of which nothing whatever is known as many are taken to have kept a register as of those of their level and
    branch that are known. At the Centre no body is taken to have kept what is not known of it.
    """
    rows = archive.sql(
        """with mention as (
            select series, number, date as day, true as there from documents where number is not null
            union all select cited_series, cited_number, cited_date, false from documents where cited_number is not null
            union all select series, number, day, false from acts where number is not null)
        select m.series, m.number, (min(m.day) - date '1970-01-01')::integer as day, bool_or(m.there) as there,
            any_value(r.organ) as office, any_value(coalesce(o.level || ' ' || o.branch || ' ' || r.register, r.register)) as kind
        from mention m join registers r using (series) join organs o on o.organ = r.organ
        group by m.series, m.number order by m.series, m.number"""
    ).fetchnumpy()
    silent = archive.sql(
        """with seen as (select o.level, o.branch, r.register, r.year, count(distinct r.organ) as here
                from registers r join organs o using (organ) group by all),
            alive as (select o.level, o.branch, r.year, count(distinct o.organ) as bodies,
                    count(distinct o.organ) filter (o.organ in (select organ from registers)) as heard
                from organs o, (select distinct year from registers) r
                where year(o.valid_from) <= r.year and (o.valid_to is null or year(o.valid_to) >= r.year) group by all)
        select s.level || ' ' || s.branch || ' ' || s.register as kind, sum(greatest(a.heard - s.here, 0))::double as beside,
            sum((a.bodies - a.heard) * least(s.here / greatest(a.heard, 1), 1))::double as alone
        from seen s join alive a using (level, branch, year) where s.level <> 'centre' group by 1 order by 1"""
    ).fetchall()
    day = np.ma.filled(np.ma.asarray(rows["day"]).astype(np.int64), np.iinfo(np.int64).min)
    return known(
        rows["series"], rows["number"], office=rows["office"], group=rows["kind"].astype(str), day=day, there=rows["there"],
        silent={str(kind): (float(beside), float(alone)) for kind, beside, alone in silent},
    )  # fmt: skip
