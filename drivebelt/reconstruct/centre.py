"""The Centre in an archive: its formal bodies, what each decides, when it sat, and how secret its decisions were kept.

What a body decides by grade and domain is counted in the archive itself, by how much of its own registers is left. What follows of
it for who began a matter stands in `centre_evidence.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.evidence import (
    DOMAINS,
    GRADES,
    LEAST_SEEN,
    MOST_SEEN,
    Floats,
    registered,
    vocabulary,
)  # fmt: skip
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.grouping.papers import DECISIONS
from drivebelt.reconstruct.grouping.tree import Tree

MOST_BODIES = 8
DECIDING = 3
"""Formal bodies of the Centre that decide by rule: Politburo, Orgburo, Secretariat. One that left none may still be meant."""
FEW = 5.0
"""Decisions left at which half of what they say of the bodies is believed (assumption, range 2-20)."""
LEAN = 5.0
"""Decisions' worth of weight that all bodies lend to what one of them decides (assumption, range 2-20)."""
BEFORE = 21
"""Days before the oldest paper in which the sitting is looked for when the Centre's own paper is lost."""
STANDING = ("Secretariat of the CC", "Orgburo of the CC", "Politburo of the CC")
"""Formal bodies by standing, the lowest first, as the lists of bodies name them."""

CORE_AT_ALL = 0.7
"""Chance that there was a core where neither special sheets nor minutes of the Centre are left (assumption, range 0.5-0.79): there
it is never told at 80 per cent."""


@dataclass(frozen=True)
class Secrecy:
    """What is left at the Centre of the ways of keeping a decision secret: `sheets` whether any stands on a special sheet, `open`
    the share of the minutes that are open papers, `silent` whether neither sheets nor minutes are left."""

    sheets: bool
    open: float
    silent: bool


@dataclass
class Bodies:
    """Formal bodies of the Centre by organ row, from the least to the most secret; `rank` is 0 to 2 by standing, or by place in
    that order where the name is not known.

    `odds[body, grade, domain]` is the chance of each body given grade and domain, last place of each axis for unknown words.
    `left[body]` is the chance that a paper of that body is left, from the numbers of its registers.
    `known` (0 to 1) is how far what is left tells the bodies apart at all: less where of some no decision is left, or hardly any.
    `secrecy` is how secret all of them kept what they decided.
    """

    organ: Ints
    rank: Ints
    odds: Floats
    known: float
    left: Floats
    secrecy: Secrecy


def secrecy(a: Archive, t: Tree, acts: np.ndarray) -> Secrecy:
    """How secret the decisions of the Centre were kept, by the paper itself. In the rulebooks learnt from nothing is settled behind
    minutes that all may read."""
    minutes = a.kind.among(("minutes",)) & (t.office[a.issuer] == t.root)
    sheets = bool((a.kind.among(("special-sheet",)) & acts).any())
    many = int(np.count_nonzero(minutes))
    seen = np.count_nonzero(minutes & a.grade.among(("open",))) / max(many, 1)
    return Secrecy(sheets, float(seen), not sheets and not many)


def bodies(a: Archive, t: Tree, acts: np.ndarray) -> Bodies:
    """The bodies whose decisions the archive knows, with what each decides."""
    row = np.flatnonzero(acts & a.kind.among(DECISIONS) & (t.office[a.issuer] == t.root))
    organ, at, many = np.unique(a.issuer[row], return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(-many, kind="stable")[:MOST_BODIES])
    place = np.full(organ.size, -1)
    place[kept] = np.arange(kept.size)
    row, at = row[place[at] >= 0], place[at][place[at] >= 0]
    grade = vocabulary(GRADES, a.grade.names)[a.grade.code[row]]
    domain = vocabulary(DOMAINS, a.domain.names)[a.domain.code[row]]
    k = kept.size
    by_grade, by_domain = np.zeros((k, len(GRADES) + 1)), np.zeros((k, len(DOMAINS) + 1))
    np.add.at(by_grade, (at, grade), 1)
    np.add.at(by_domain, (at, domain), 1)
    kept_of, issued_of = registered(a)
    left = (kept_of[organ[kept]] + 1.0) / (issued_of[organ[kept]] + 1.0)
    # What a body decided is what is left of it over the chance that a paper of its own is left: whole bodies may have been burned.
    decided = np.bincount(at, minlength=k) / left
    share = (decided + 0.5) / (decided.sum() + 0.5 * max(k, 1))
    odds = share[:, None, None] * _given(by_grade, share)[:, :, None] * _given(by_domain, share)[:, None, :]
    odds = odds / odds.sum(0, keepdims=True) if k else odds
    order = np.argsort(by_grade @ np.arange(len(GRADES) + 1) / np.maximum(by_grade.sum(1), 1), kind="stable")
    by_place = np.minimum(DECIDING - 1, (np.arange(k) * DECIDING) // max(k, 1))
    standing = {name: place for place, name in enumerate(STANDING)}
    by_name = np.array([standing.get(a.organ_name[o], -1) for o in organ[kept][order].tolist()], np.int64)
    rank = np.where(by_name >= 0, by_name, by_place)
    known = min(k / DECIDING, 1.0) * row.size / (row.size + FEW)
    left = np.clip(left[order], LEAST_SEEN, MOST_SEEN)
    return Bodies(organ[kept][order].astype(np.int64), rank, odds[order], known, left, secrecy(a, t, acts))


def _given(counts: Floats, share: Floats) -> Floats:
    """[body, word]: chance of each word given the body, from counts that lean on what all bodies do together."""
    own = counts / np.maximum(counts.sum(1, keepdims=True), 1.0)
    usual = share @ own + 0.5 / counts.shape[1] / max(counts.sum(), 1.0)
    return (counts + LEAN * usual) / (counts.sum(1, keepdims=True) + LEAN)


def named(a: Archive, g: Groups, b: Bodies) -> Floats:
    """[group, body]: papers of the group in which that body's decision stands, or that cite one of its papers."""
    out = np.zeros((g.number, b.organ.size))
    for row, organ in (
        (np.flatnonzero((g.of >= 0) & a.kind.among(DECISIONS)), a.issuer),
        (np.flatnonzero((g.of >= 0) & (a.cited_organ >= 0)), a.cited_organ),
    ):
        at = _place(b.organ, organ[row])
        np.add.at(out, (g.of[row[at >= 0]], at[at >= 0]), 1)
    return out


def _place(known: Ints, organ: Ints) -> Ints:
    place = np.full(max(int(known.max(initial=-1)), int(organ.max(initial=-1))) + 1, -1, np.int64)
    place[known] = np.arange(known.size)
    return place[organ] if organ.size else organ


def sittings(a: Archive, t: Tree, g: Groups, b: Bodies) -> dict[str, Floats]:
    """Tables [group, body] of what else the body decided, from its decisions that are left.

    `same day` decisions of the group's subject and grade on the day of the Centre's own paper, `before` of the subject in the weeks
    before the oldest paper of any other, as log(1 + papers); `share` the body's part in the orders of that subject decided on that
    day; `sat` decisions on any subject on that day, `weekday` log of its part in all decisions of that day of the week. The last
    three where the group begins with a directive of the Centre, which leaves it on the day of the sitting.
    """
    k = b.organ.size
    decided = np.flatnonzero((g.of >= 0) & a.kind.among(DECISIONS))
    at = _place(b.organ, a.issuer[decided])
    decided, at = decided[at >= 0], at[at >= 0]
    lead = g.members[g.first[:-1]]
    central = (t.office[a.issuer[lead]] == t.root)[:, None]
    sent = central & ~a.kind.among(("decree",))[lead][:, None]
    subjects = len(a.subject.names) + 1
    days = int(a.date.max(initial=0)) + 2 * BEFORE
    # One order may leave several decisions; in orders, each counts once.
    key = np.stack([g.of[decided], at, a.date[decided]], 1) if decided.size else np.zeros((0, 3), np.int64)
    once = decided[np.unique(key, axis=0, return_index=True)[1]]
    place = _place(b.organ, a.issuer[once])
    out = {name: np.zeros((g.number, k)) for name in ("same day", "before", "share", "sat", "weekday")}

    def count(rows: Ints, sort: Callable[[Ints], Ints], back: int, until: int) -> Ints:
        known = np.sort(sort(rows) * days + a.date[rows])
        base = sort(lead) * days + a.date[lead]
        return np.searchsorted(known, base - until, "right") - np.searchsorted(known, base - back, "left")

    def subject(rows: Ints) -> Ints:
        return a.subject.code[rows] + 1

    for body in range(k):
        mine = decided[at == body]
        if not mine.size:
            continue
        # On the day only papers of the same grade are surely of one matter; in the weeks before any decision of the subject may be.
        out["same day"][:, body] = count(mine, lambda rows: (a.grade.code[rows] + 1) * subjects + subject(rows), 0, 0)
        out["before"][:, body] = count(mine, subject, BEFORE, 1)
        out["share"][:, body] = count(once[place == body], subject, 0, 0)
        out["sat"][:, body] = count(mine, np.zeros_like, 0, 0)
    week = np.zeros((7, k))
    np.add.at(week, (a.date[decided] % 7, at), 1.0)
    week /= b.left  # as many as were decided, not as are left
    week = (week + week.sum(0) / 7) / np.maximum((week + week.sum(0) / 7).sum(1, keepdims=True), 1e-9)
    out["weekday"] = np.log(np.maximum(week, 1e-3))[a.date[lead] % 7] if g.number else out["weekday"]
    out["share"] /= b.left
    out["share"] /= np.maximum(out["share"].sum(1, keepdims=True), 1)
    for name, where in (("same day", central), ("before", ~central), ("share", sent), ("sat", sent), ("weekday", sent)):
        out[name] = (np.log1p(out[name]) if name in ("same day", "before", "sat") else out[name]) * where
    return out


def doubted(chance: Floats) -> Floats:
    """[group, candidate] chances, the core first, when there may have been no core: the bodies take by their chances what it
    loses."""
    core = CORE_AT_ALL * chance[:, :1]
    bodies_then = chance[:, 1:] * (1 - core) / np.maximum(1 - chance[:, :1], 1e-9)
    return np.hstack([core, bodies_then])
