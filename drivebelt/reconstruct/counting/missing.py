"""How many papers were ever issued, by register and in all, and whether that can be told.

What is issued and not known is estimated by `issued`, class by class; what is known and not there needs no estimate. In a set
of registers without any gap nothing is missing, and nothing is added beyond the last known number: where a register ended cannot
be read from its numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt.reconstruct.counting.count_doubt import MODEL, beginnings, by_subject, ends, unheard
from drivebelt.reconstruct.counting.gone_bodies import gone_bodies
from drivebelt.reconstruct.counting.issued import KEEP, Found, sample
from drivebelt.reconstruct.counting.known import Known, Listed, free_numbers, known, known_of, traces
from drivebelt.reconstruct.counting.loss_classes import CENTRE, lost_together, never_heard_of, registers_of
from drivebelt.reconstruct.counting.register_classes import Floats, Ints

__all__ = ["LEVEL", "Count", "Known", "Listed", "count", "free_numbers", "known", "known_of", "traces"]

LEVEL = 0.9
"""Probability that an interval is to hold."""
_NARROWER = 0.9
"""How far the ends of the interval are moved in, but for one at what is known: on 300 cases (seeds 411 to 416, 461 to 464, 471 to
474) intervals of 90 per cent held in 95. An assumption (.8 to 1)."""
_WIDEST = 0.5
"""Width of the interval, as a share of the estimate, from which the number of papers is said not to be told."""
_MOST_UNHEARD = 1 / 3
"""The same for the part of the estimate in registers of which nothing is known: an assumption (0.2 to 0.5); beyond it errors of a
tenth were seen, and intervals that miss."""


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
    """Whether the number in all can be told: false where the interval is too wide to say anything, or too much of it is of
    registers of which nothing is known."""
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
    as_given = what
    what, bodies = lost_together(what)
    beside = [np.flatnonzero(what.silent.body == body) for body, _ in bodies]
    drawn = sample([registers_of(what, rows, more) for (_, rows), more in zip(bodies, beside, strict=True)], seed, LEVEL)
    for (_, rows), found in zip(bodies, drawn, strict=True):
        known_ones = (x[: rows.size] for x in (found.mean, found.low, found.high))
        mean[rows], low[rows], high[rows] = (np.maximum(x, exact[rows]) for x in known_ones)
    beyond = np.sum([found.total - found.unheard for found in drawn], axis=0) - total
    factor, ends_wrong = ends(float(beyond.mean()), beginnings(what), by_subject(what), KEEP, seed)
    mean, low, high = (exact + factor * (x - exact) for x in (mean, low, high))
    nothing, silent = _never_heard(as_given, what, bodies, beside, drawn, mean, seed)
    rounds = total + beyond * ends_wrong + nothing
    middle = float(rounds.mean())
    ends_of = np.percentile(rounds, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    interval = np.where(ends_of <= total, total, middle + _NARROWER * (ends_of - middle))
    end_known = (high - highest) <= np.maximum(0.1 * highest, 1)
    least, most = (float(end) for end in interval)
    why_not = _why_not((most - least) / middle, sum(papers for _, papers in silent.values()) / middle)
    return Count(
        what, mean, low, high, end_known, max(middle, total), least, max(most, total), silent, not why_not,
        tuple(_remarks(end_known, silent, why_not)),
    )  # fmt: skip


def _never_heard(
    as_given: Known, what: Known, bodies: list[tuple[str, Ints]], beside: list[Ints], drawn: list[Found], issued: Floats, seed: int
) -> tuple[Floats, dict[str, tuple[float, float]]]:
    """Papers (rounds,) of registers of which nothing is known, doubts about the form of the model included, and by class of offices
    how many were kept and what they numbered. `as_given` has the Centre by branches; `issued` is the estimate by known register."""
    gone, papers = gone_bodies(as_given, issued, KEEP, seed)
    kept = np.array([f.lost.mean() / max(more.size, 1) for more, f in zip(beside, drawn, strict=True)])
    nothing, silent = np.zeros(KEEP), {}
    for (body, rows), more, found, doubt in zip(bodies, beside, drawn, unheard(kept, KEEP, seed), strict=True):
        part = 1.0
        if body == CENTRE and gone.any():  # bodies gone are counted by themselves: what is left are registers of known ones
            mean = found.mean[rows.size :]
            part = float(mean[np.isin(what.silent.office[more], what.office)].sum() / max(mean.sum(), 1e-9))
        each = found.unheard * part * doubt
        nothing += each
        if more.size:
            silent[body] = (float(found.lost.mean()) * part, float(each.mean()))
    if gone.any():
        others = silent.get(CENTRE, (0.0, 0.0))
        silent[CENTRE] = (others[0] + float(gone.mean()), others[1] + float(papers.mean()))
    for body, many_papers, offices in _of_nothing(what, drawn, [body for body, _ in bodies], seed):
        nothing += many_papers
        silent[body] = (offices, float(many_papers.mean()))
    return nothing + papers, silent


def _of_nothing(what: Known, drawn: list[Found], bodies: list[str], seed: int) -> list[tuple[str, Floats, float]]:
    """Papers (rounds,) of each class that left nothing at all, and offices that wrote them.

    Either it never kept a register, as other classes did not, or all of its offices are gone, which for many offices is likely only
    where of other classes nearly all are gone. How many papers an office had is taken from a class of the level drawn by chance, or
    of any level where none is known.
    """
    out = []
    gone, kept = never_heard_of(what)
    away = np.array([[p.share[2] for p in f.points] for f, b in zip(drawn, bodies, strict=True) if b != CENTRE])
    offices = [
        np.unique(np.concatenate([what.office[what.body == b], what.silent.office[what.silent.body == b]])).size for b in bodies
    ]
    for i, (body, many) in enumerate(gone):
        of = [j for j, b in enumerate(bodies) if b.split()[0] == body.split()[0] and b != CENTRE]
        of = of or [j for j, b in enumerate(bodies) if b != CENTRE]
        if of:
            chance = kept * float((away**many).mean()) / (kept * float((away**many).mean()) + 1 - kept)
            u, v = (draws.uniforms(seed, MODEL, np.arange(KEEP), 10 + 2 * i + part) for part in range(2))
            each = np.stack([drawn[j].total / offices[j] for j in of])[(u * len(of)).astype(np.int64), np.arange(KEEP)]
            out.append((body, np.where(v < chance, each * many, 0.0), chance * many))
    return out


def _why_not(width: float, unheard: float) -> str:
    """Why the number in all cannot be told, if so, from the width of its interval and what is unheard of, as shares of it."""
    if width > _WIDEST:
        return "the interval is wider than half of the estimate"
    if unheard > _MOST_UNHEARD:
        return "more than a third of the estimate are papers of registers of which nothing is known"
    return ""


def _remarks(end_known: npt.NDArray[np.bool_], silent: dict[str, tuple[float, float]], why_not: str) -> list[str]:
    out = []
    if why_not:
        out.append(f"how many there were cannot be told from this: {why_not}")
    if not end_known.all():
        out.append(
            f"where {int((~end_known).sum())} of {end_known.size} registers ended cannot be read from their numbers: "
            "registers of their kind are the guide"
        )
    lost = sum(many for many, _ in silent.values())
    if lost >= 1:
        out.append(f"some {lost:,.0f} registers left nothing; that they were like others of their kind and year is an assumption")
    return out
