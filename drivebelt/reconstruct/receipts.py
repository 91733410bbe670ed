"""What entries in the books of offices say of who gave an order: a factor on the chances that the papers give.

That a decree rests on a paper of a body, or that nothing was handed over with it; that a committee wrote on a day on which it had
considered papers from above of which only the numbers are left, or, though its book is left, none. Each is worth a likelihood ratio
learnt on archives of other seeds (`benchmarks/learn_receipts.py`), on top of the learnt chances: a group of which no book speaks
keeps its chances.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

from drivebelt.reconstruct import logit
from drivebelt.reconstruct.archive import MARK_SPAN, NONE, Archive, Ints
from drivebelt.reconstruct.columns import Flags
from drivebelt.reconstruct.entered import Entered
from drivebelt.reconstruct.evidence import Floats, Ways
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.grouping.tree import PARTY, Tree

WEIGHTS = Path(__file__).parent / "data" / "receipts.json"
_FAR = 99
"""A depth below all offices."""
NAMED = 4
"""Lost papers that are named one by one."""


@cache
def weights() -> dict[str, float]:
    """The learnt weights, by feature."""
    return dict(json.loads(WEIGHTS.read_text())["weights"])


def _highest(depth: Ints, counts: np.ndarray, g: Groups) -> Ints:
    """Of each group the least depth among members that count, _FAR where none does."""
    return np.minimum.reduceat(np.where(counts, depth, _FAR), g.first[:-1]) if g.number else np.zeros(0, np.int64)


def features(a: Archive, t: Tree, g: Groups, w: Ways, e: Entered) -> tuple[Floats, list[str]]:
    """One row of features for each hypothesis of the ways, with the names of the columns; zeros where no book speaks."""
    m, of, depth, root = g.members, w.group, w.depth, w.node == t.root
    then = np.repeat(w.span, np.diff(g.first))

    def height(organ: Ints) -> Ints:
        return np.where(organ >= 0, t.depths[then, t.office[np.maximum(organ, 0)]], _FAR)

    handed = _highest(height(e.organ[m]), e.organ[m] >= 0, g)[of]
    own = t.depths[then, t.office[a.issuer[m]]]
    bare = _highest(own, e.bare[m], g)[of]
    single = (np.diff(g.first) == 1)[of]
    columns: dict[str, np.ndarray] = {
        "handed over from above it": handed < depth, "its paper handed over": handed == depth,
        "only papers from below handed over": (handed > depth) & (handed < _FAR) & ~root,
        "only papers from below handed over, Centre": (handed > depth) & (handed < _FAR) & root,
        "handed over bare, its own": bare == depth, "handed over bare, above": (bare > depth) & (bare < _FAR) & ~root,
        "handed over bare, Centre": (bare > depth) & (bare < _FAR) & root,
        "handed over bare, its own, single": (bare == depth) & single,
        **_considered(a, t, g, w, e),
    }  # fmt: skip
    return np.column_stack([np.asarray(c, np.float64) for c in columns.values()]), list(columns)


def asked(a: Archive, t: Tree, e: Entered) -> Flags:
    """Papers on whose day something considered, or nothing, says what they rest on: of committees below the Centre whose incoming
    book of the year is left, and that cite nothing."""
    party = a.branch.code[a.issuer] == a.branch.of(PARTY)
    return np.asarray(party & e.kept & (a.cites < 0) & (t.office[a.issuer] != t.root))


def _had(t: Tree, g: Groups, w: Ways, e: Entered, rows: Ints, place: Ints) -> Flags:
    """[paper of `rows`, depth]: whether its body, at depth `place`, considered on its day a paper of that depth, above its own,
    that may be what it carries out."""
    at = np.full(g.of.size, NONE)
    at[rows] = np.arange(rows.size)
    mine = at[e.by] >= 0
    by, paper, whose = e.by[mine], e.considered[mine], t.office[e.organ_considered[mine]]
    high = t.depths[w.span[g.of[by]], whose]
    # What is there and belongs to another order is not what the paper carries out.
    kept = (high < place[at[by]]) & ((paper < 0) | (g.of[np.maximum(paper, 0)] == g.of[by]))
    had = np.zeros((rows.size, int(t.depths.max(initial=0)) + 1), bool)
    had[at[by[kept]], high[kept]] = True
    return had


def _considered(a: Archive, t: Tree, g: Groups, w: Ways, e: Entered) -> dict[str, np.ndarray]:
    """Features of what committees considered on the days of their papers."""
    of, depth, root = w.group, w.depth, w.node == t.root
    rows = np.flatnonzero((g.of >= 0) & asked(a, t, e))
    if not rows.size:
        return {name: np.zeros(of.size) for name in _CONSIDERED}
    key = g.of[rows]
    place = t.depths[w.span[key], t.office[a.issuer[rows]]]
    had = _had(t, g, w, e, rows, place)
    levels = had.shape[1]
    # Of each group and depth: members that were below it, and among them those that had something of that depth, or from above it.
    inside = np.arange(levels)[None, :] < place[:, None]
    upto = np.cumsum(had, 1) > 0
    below, some, none = (np.zeros((g.number, levels)) for _ in range(3))
    np.add.at(below, key, inside)
    np.add.at(some, key, had & inside)
    np.add.at(none, key, ~upto & inside)
    at = (of, np.minimum(depth, levels - 1))
    many = np.maximum(below[at], 1)
    mine, mine_none = np.zeros((2, g.number, levels), bool)
    mine[key, place] = True
    any_above = had.any(1)
    mine_none[key[~any_above], place[~any_above]] = True
    written = w.own > 0
    return dict(
        zip(
            _CONSIDERED,
            (
                mine[at] & ~mine_none[at] & written, mine_none[at] & written, some[at] / many * ~root, some[at] / many * root,
                none[at] / many * ~root, none[at] / many * root, (none[at] > 0) & ~root, (none[at] > 0) & root,
            ),
            strict=True,
        )
    )  # fmt: skip


_CONSIDERED = (
    "its own paper, something from above considered", "its own paper, nothing from above considered",
    "those below considered its paper", "those below considered a paper of the Centre",
    "those below considered nothing from it or above", "those below considered nothing from the Centre",
    "one below considered nothing from it or above", "one below considered nothing from the Centre",
)  # fmt: skip


def weigh(p: Floats, x: Floats, first: Ints, names: list[str]) -> Floats:
    """Chances `p` by row, with what the books say; their sum within each group, from `first`, stays as it was.

    `x` (rows, features) with `names`; a group with zeros alone keeps its chances to the bit.
    """
    known = weights()
    change = x @ np.array([known[name] for name in names])
    if not change.any():
        return p
    whole = np.add.reduceat(p, first[:-1])
    of = np.repeat(np.arange(first.size - 1), np.diff(first))
    told = logit.chances(change[:, None], first, np.ones(1), np.log(np.maximum(p, 1e-12)))
    touched = np.add.reduceat(np.abs(change), first[:-1]) > 0
    out: Floats = np.where(touched[of], told * whole[of], p)
    return out


def words(a: Archive, t: Tree, paper: int, e: Entered) -> str:
    """What the books say of a paper (its row), in words; empty where they say nothing that was weighed."""
    number = e.mark[paper] % MARK_SPAN
    if e.mark[paper] >= 0 and e.paper[paper] < 0:
        whose = f" of {a.organ_name[e.organ[paper]]}" if e.organ[paper] >= 0 else ""
        return (
            f"A book of outgoing papers enters that {a.organ_name[a.issuer[paper]]} was handed paper no. {number}{whose}, which is "
            "lost, on the day of this one, and nothing else."
        )
    if e.mark[paper] >= 0:
        there = a.paper_id[e.paper[paper]]
        return f"A book of outgoing papers enters that its body was handed document {there} on this day, and nothing else."
    if e.bare[paper]:
        return (
            "A book of outgoing papers enters that no paper was handed over with this order: the committee gave it itself, or had "
            "it by word of mouth."
        )
    if not asked(a, t, e)[paper]:
        return ""
    mine = (e.by == paper) & (t.depth[t.office[e.organ_considered]] < t.depth[t.office[a.issuer[paper]]])
    if not mine.any():
        return "Its book of incoming papers is left and enters no paper from above that was considered on this day."
    lost = np.flatnonzero(mine & (e.considered < 0) & (e.number >= 0))
    named = "; ".join(f"no. {e.number[i]} of {a.organ_name[e.organ_considered[i]]}" for i in lost[:NAMED])
    more = f"; and {lost.size - NAMED} more" * (lost.size > NAMED)
    return f"Its book enters papers from above, considered on this day, that are lost: {named}{more}." if lost.size else ""
