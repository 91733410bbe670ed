"""Who at the Centre: the formal bodies, or the informal core behind them.

An extract or special sheet names the body in whose sitting a matter was decided; where none survived, extracts of the same
subject and day, and what each body decides by grade and domain (counted in the archive itself), speak instead. The core
leaves no paper: for it speak the grade and domain, and orders carried out everywhere for which the Centre wrote nothing.
Where neither side reaches its share, the answer is the Centre as one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.evidence import DOMAINS, GRADES, Floats, Seen, Ways, _any, _vocabulary
from drivebelt.reconstruct.groups import Groups
from drivebelt.reconstruct.papers import DECISIONS
from drivebelt.reconstruct.tree import Tree

CARRIERS = ("circular", "closed-letter", "cipher-telegram", "letter", "decree")
"""Kinds in which a decision leaves the Centre."""
MOST_BODIES = 8
BEFORE = 21
"""Days before the oldest paper in which the sitting is looked for when the Centre's own paper is lost."""
WIDE = 3
"""Subordinates of the Centre that acted, from which an order was for the whole country."""


@dataclass
class Bodies:
    """Formal bodies of the Centre by organ row, from the least to the most secret; `rank` is 0 to 2 by place in that order.

    `odds[body, grade, domain]` is the chance of each body given grade and domain, last place of each axis for unknown words.
    """

    organ: Ints
    rank: Ints
    odds: Floats


def bodies(a: Archive, t: Tree, acts: np.ndarray) -> Bodies:
    """The bodies whose decisions the archive knows, with what each decides."""
    row = np.flatnonzero(acts & a.kind.among(DECISIONS) & (t.office[a.issuer] == t.root))
    organ, at, many = np.unique(a.issuer[row], return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(-many, kind="stable")[:MOST_BODIES])
    place = np.full(organ.size, -1)
    place[kept] = np.arange(kept.size)
    row, at = row[place[at] >= 0], place[at][place[at] >= 0]
    grade = _vocabulary(GRADES, a.grade.names)[a.grade.code[row]]
    domain = _vocabulary(DOMAINS, a.domain.names)[a.domain.code[row]]
    k = kept.size
    by_grade, by_domain = np.zeros((k, len(GRADES) + 1)), np.zeros((k, len(DOMAINS) + 1))
    np.add.at(by_grade, (at, grade), 1)
    np.add.at(by_domain, (at, domain), 1)
    share = (np.bincount(at, minlength=k) + 0.5) / (row.size + 0.5 * max(k, 1))
    in_grade = (by_grade + 4 * share[:, None]) / (by_grade.sum(0) + 4)
    in_domain = (by_domain + 4 * share[:, None]) / (by_domain.sum(0) + 4)
    odds = (
        in_grade[:, :, None] * in_domain[:, None, :] / share[:, None, None]
        if k
        else np.zeros((0, len(GRADES) + 1, len(DOMAINS) + 1))
    )
    odds = odds / odds.sum(0, keepdims=True) if k else odds
    secrecy = by_grade @ np.arange(len(GRADES) + 1) / np.maximum(by_grade.sum(1), 1)
    order = np.argsort(secrecy, kind="stable")
    rank = np.minimum(2, (np.arange(k) * 3) // max(k, 1))
    return Bodies(organ[kept][order].astype(np.int64), rank, odds[order])


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


def sittings(a: Archive, t: Tree, g: Groups, b: Bodies) -> tuple[Floats, Floats]:
    """[group, body]: decisions of the body on the group's subject, on the day of the Centre's own paper, and in the weeks
    before."""
    k = b.organ.size
    decided = np.flatnonzero((g.of >= 0) & a.kind.among(DECISIONS))
    at = _place(b.organ, a.issuer[decided])
    decided, at = decided[at >= 0], at[at >= 0]
    lead = g.members[g.first[:-1]]
    central = (t.office[a.issuer[lead]] == t.root)[:, None]
    subjects = len(a.subject.names) + 1
    days = int(a.date.max(initial=0)) + 2 * BEFORE
    same, before = np.zeros((g.number, k)), np.zeros((g.number, k))
    # On the very day only papers of the same grade are of the same matter; in the weeks before any decision of the subject may be.
    for body in range(k):
        mine = decided[at == body]
        if not mine.size:
            continue
        for out, with_grade, back, until in ((same, True, 0, 0), (before, False, BEFORE, 1)):
            extra = (lambda rows: a.grade.code[rows] + 1) if with_grade else (lambda rows: np.zeros(rows.size, np.int64))
            key = np.sort(((extra(mine) * subjects + a.subject.code[mine] + 1) * days) + a.date[mine])
            base = (extra(lead) * subjects + a.subject.code[lead] + 1) * days + a.date[lead]
            out[:, body] = np.searchsorted(key, base - until, "right") - np.searchsorted(key, base - back, "left")
    return np.log1p(same * central), np.log1p(before * ~central)


def centre_features(a: Archive, t: Tree, g: Groups, w: Ways, s: Seen, b: Bodies) -> tuple[Floats, list[str]]:
    """Rows (group, candidate) in order, the core first and then each body; features with their names."""
    k, n = b.organ.size, g.number
    lead = g.members[g.first[:-1]]
    grade = _vocabulary(GRADES, a.grade.names)[a.grade.code[lead]]
    domain = _vocabulary(DOMAINS, a.domain.names)[a.domain.code[lead]]
    at = named(a, g, b)
    any_named = at.sum(1) > 0
    same, before = sittings(a, t, g, b)
    odds = b.odds[:, grade, domain].T if k else np.zeros((n, 0))
    guess = np.where(any_named[:, None], at / np.maximum(at.sum(1, keepdims=True), 1), odds * np.exp(2 * same))
    guess /= np.maximum(guess.sum(1, keepdims=True), 1e-12)
    kinds = {kind: _any(a.kind.code[g.members] == a.kind.of(kind), g) for kind in CARRIERS}
    written = _any(t.office[a.issuer[g.members]] == t.root, g)
    at_root = w.node == t.root
    branches = np.zeros(n)
    branches[w.group[at_root]] = w.covered[at_root]
    silence = -np.log1p(-s.paper[t.root])
    orphan = ~written & (branches >= WIDE)
    wide = int(np.count_nonzero(branches >= WIDE))
    excess = np.count_nonzero(orphan) / max(wide, 1) - (1 - s.paper[t.root])
    sheets = bool((a.kind.among(("special-sheet",)) & (g.of >= 0)).any())
    for_core = {
        "core": np.ones(n), "core, orphan": orphan, "core, orphan and silence": orphan * silence, "core, unwritten": ~written,
        "core, orphans of the archive": np.full(n, excess), "core, sheets in the archive": np.full(n, float(sheets)),
        "core, orphans and orphan": orphan * excess, "core, named": any_named, "core, wide": branches >= WIDE,
        **{f"core, {name}": (grade == i) for i, name in enumerate(GRADES)},
        **{f"core, {name} ": (domain == i) for i, name in enumerate(DOMAINS)},
        **{f"core, {kind}": flag for kind, flag in kinds.items()},
        **{f"core, rank {rank}": guess[:, b.rank == rank].sum(1) for rank in range(3)},
    }  # fmt: skip
    for_body = {
        "named": at > 0, "same day": same, "weeks before": before, "odds": np.log(np.maximum(odds, 1e-4)),
        "odds, unnamed": np.log(np.maximum(odds, 1e-4)) * ~any_named[:, None],
        "not named, another is": (at == 0) & any_named[:, None],
    }  # fmt: skip
    names = [*for_core, *for_body]
    x = np.zeros((n, k + 1, len(names)))
    for i, column in enumerate(for_core.values()):
        x[:, 0, i] = column
    for i, table in enumerate(for_body.values()):
        x[:, 1:, len(for_core) + i] = table
    return x.reshape(n * (k + 1), len(names)), names
