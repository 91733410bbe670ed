"""How many papers were ever issued, by register and in all, and whether that can be told.

What is issued and not known is estimated by `issued`, class by class; what is known and not there needs no estimate. In a set
of registers without any gap nothing is missing, and nothing is added beyond the last known number: where a register ended cannot
be read from its numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt.reconstruct.issued import KEEP, sample
from drivebelt.reconstruct.known import Known, Listed, free_numbers, known, known_of, traces
from drivebelt.reconstruct.register_classes import Floats, Ints, Registers

__all__ = ["LEVEL", "Count", "Known", "Listed", "count", "free_numbers", "known", "known_of", "traces"]

LEVEL = 0.9
"""Probability that an interval is to hold."""
_MODEL = (0.3, 0.25)
"""How far (standard deviation, relative) the form of the model may be wrong in what lies beyond the last known numbers, and in
registers of which nothing is known: assumptions (0.1 to 0.5 each), of the size of the errors found on archives of runs: numbers
are not lost each by itself, registers are not negative binomial, and nothing tells surely what a burned office kept."""
MODEL = 1101
"""Stream of draws, beside that of `gibbs`."""
CENTRE = "centre"
"""Level whose bodies are each of a kind of its own."""
FEW = 3
"""Bodies of a branch of the Centre below which it is taken together with others. An assumption (2 to 5)."""
_WIDEST = 0.5
"""Width of the interval, as a share of the estimate, from which the number of papers is said not to be told."""


@dataclass(frozen=True)
class Count:
    """How many papers were ever issued: by register (n,) and in all, each with the ends of its interval."""

    known: Known
    issued: Floats
    low: Floats
    high: Floats
    end_known: npt.NDArray[np.bool_]
    """(registers,) whether the last number can be told within the interval: if not, `high` is what its kind suggests."""
    total: float
    total_low: float
    total_high: float
    silent: dict[str, tuple[float, float]]
    """Registers of which nothing is known, by class of offices: how many were kept, and how many papers they numbered."""
    told: bool
    """Whether the number in all can be told: false where the interval is too wide to say anything."""
    remarks: tuple[str, ...]

    @property
    def missing(self) -> float:
        """Papers issued that are not there."""
        return max(self.total - float(self.known.there.sum()), 0.0)


def count(what: Known, seed: int = 1) -> Count:
    """Estimates how many papers the registers ever numbered; `seed` is that of its draws."""
    many, highest = what.known, what.highest
    exact = highest.astype(np.float64)
    total = float(exact.sum())
    if not (highest > many).any():
        said = ["no register has a gap: nothing is missing that numbers could tell; where each ended cannot be read from them"]
        if what.silent.office.size:
            said.append("of some registers nothing is known: without a gap anywhere no loss is assumed of them")
        end = np.zeros(many.size, bool)
        return Count(what, exact, exact, exact, end, total, total, total, {}, True, tuple(said))
    mean, low, high = exact.copy(), exact.copy(), exact.copy()
    rounds, unheard = np.zeros(KEEP), np.zeros(KEEP)
    silent: dict[str, tuple[float, float]] = {}
    what, bodies = level_of_its_own(what)
    beside = [np.flatnonzero(what.silent.body == body) for body, _ in bodies]
    drawn = sample([_class(what, rows, more) for (_, rows), more in zip(bodies, beside, strict=True)], seed, LEVEL)
    for (body, rows), more, found in zip(bodies, beside, drawn, strict=True):
        n = rows.size
        mean[rows], low[rows], high[rows] = (np.maximum(x[:n], exact[rows]) for x in (found.mean, found.low, found.high))
        rounds += found.total
        unheard += found.unheard
        if more.size:
            silent[body] = (float(found.lost.mean()), float(found.mean[n:].sum()))
    ends_wrong, unheard_wrong = (
        np.maximum(1 + share * draws.normals(seed, MODEL, np.arange(KEEP), i), 0.0) for i, share in enumerate(_MODEL)
    )
    rounds = total + (rounds - unheard - total) * ends_wrong + unheard * unheard_wrong
    ends = np.percentile(rounds, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    end_known = (high - highest) <= np.maximum(0.1 * highest, 1)
    middle, least, most = float(rounds.mean()), max(float(ends[0]), total), float(ends[1])
    told = most - least <= _WIDEST * middle
    return Count(
        what, mean, low, high, end_known, max(middle, total), least, max(most, total), silent, told,
        tuple(_remarks(end_known, silent, told)),
    )  # fmt: skip


def level_of_its_own(what: Known) -> tuple[Known, list[tuple[str, Ints]]]:
    """The classes of offices whose losses go together, with the registers of each: level and branch, but all bodies of the Centre.

    There each is of its own kind: the registers of branches in which fewer than FEW bodies are heard of are of one kind, and every
    body of such a branch, heard of or not, may have kept them.
    """
    k, s = what.keeping, what.silent
    if k is None:
        return what, [(str(body), np.flatnonzero(what.body == body)) for body in np.unique(what.body)]
    centre, beside = (np.char.startswith(x, CENTRE) for x in (what.body, s.body))
    pairs = np.unique(np.stack([what.body[centre], what.office[centre].astype(np.str_)]), axis=1)
    names, many = np.unique(pairs[0], return_counts=True)
    small = names[many < FEW]
    few, beside_few = np.isin(what.body, small), np.isin(s.body, small)
    group = what.group.astype("U64")
    group[few] = [f"{CENTRE} others {g.split()[-1]}" for g in group[few].tolist()]
    unheard = k.unheard[np.char.startswith(k.body, CENTRE)]
    pooled = np.unique(np.concatenate([what.office[few], s.office[beside_few], unheard]))
    kinds, years = np.unique(group[few]), np.unique(what.year[centre])
    o, g, y = (x.ravel() for x in np.meshgrid(np.arange(pooled.size), np.arange(kinds.size), np.arange(years.size), indexing="ij"))
    there = set(zip(what.office[few].tolist(), group[few].tolist(), what.year[few].tolist(), strict=True))
    free = np.array([(a, b, c) not in there for a, b, c in zip(pooled[o].tolist(), kinds[g].tolist(), years[y].tolist(), strict=True)], bool)
    o, g, y = o[free], g[free], y[free]
    silent = Listed(
        np.concatenate([s.office[~beside_few], pooled[o]]), np.concatenate([s.group[~beside_few].astype("U64"), kinds[g]]),
        np.concatenate([s.year[~beside_few], years[y]]),
        np.concatenate([np.where(beside, CENTRE, s.body)[~beside_few], np.full(o.size, CENTRE)]),
    )  # fmt: skip
    body = np.where(centre, CENTRE, what.body)
    what = replace(what, group=group, silent=silent, body=body)
    return what, [(str(b), np.flatnonzero(body == b)) for b in np.unique(body)]


def _class(what: Known, rows: Ints, more: Ints) -> Registers:
    """The registers of one class of which something is known, then those of which nothing is."""
    s = what.silent
    offices, office = np.unique(np.concatenate([what.office[rows], s.office[more]]), return_inverse=True)
    group = np.concatenate([what.group[rows], s.group[more]])
    year = np.concatenate([what.year[rows], s.year[more]])
    _, kind = np.unique(group, return_inverse=True)
    years, at = np.unique(year, return_inverse=True)
    cells, cell = np.unique(kind * years.size + at, return_inverse=True)
    none = np.zeros(more.size, np.int64)
    own, holds = None, None
    if what.keeping is not None:
        k = what.keeping
        numbers = dict(zip(k.series.tolist(), k.numbers.tolist(), strict=True))
        own = np.concatenate([np.array([numbers.get(x, 0) for x in what.label[rows].tolist()], np.int64), none])
        own = np.minimum(own, np.concatenate([what.known[rows], none]))
        holds = np.isin(offices, k.offices) | (np.bincount(office, own) > 0)
    alike = not str(what.body[rows[0]]).startswith(CENTRE)
    return Registers(
        office.astype(np.int64), cell.astype(np.int64), (cells // years.size).astype(np.int64),
        np.concatenate([what.known[rows], none]), np.concatenate([what.highest[rows], none]), alike, own, holds,
    )  # fmt: skip


def _remarks(end_known: npt.NDArray[np.bool_], silent: dict[str, tuple[float, float]], told: bool) -> list[str]:
    out = []
    if not told:
        out.append("how many there were cannot be told from this: the interval is wider than half of the estimate")
    if not end_known.all():
        out.append(
            f"where {int((~end_known).sum())} of {end_known.size} registers ended cannot be read from their numbers: "
            "registers of their kind are the guide"
        )
    lost = sum(many for many, _ in silent.values())
    if lost >= 1:
        out.append(f"some {lost:,.0f} registers left nothing; that they were like others of their kind and year is an assumption")
    return out
