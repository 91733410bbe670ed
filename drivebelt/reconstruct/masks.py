"""Masks: bodies that only pass on what was settled elsewhere.

A mask never begins: beside its paper, or above it, stands an older one of a party body with the same wording, whenever that
one survived. It never differs: its wording is that paper's. Its lag is steady. Where few papers are left, the share of
masks among bodies of the same branch and level speaks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.evidence import Floats, Seen
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.grouping.links import bits_apart
from drivebelt.reconstruct.grouping.papers import DECISIONS
from drivebelt.reconstruct.grouping.tree import PARTY, Tree

BY_CHANCE = 0.02
"""Assumption: share of papers of a body that decides itself which stand beside an older party paper of like wording (range
0.005-0.1)."""
PRIOR = 0.97
"""Assumption: a body beside the party acts in the Soviet order until its papers say otherwise (range 0.8-0.99)."""
SHOWN = 0.5
"""Assumption: share of settled acts whose party paper could stand in the archive at all; the rest were passed on by word of
mouth or found no way into the cascade (range 0.3-0.8)."""
CLEARLY = 0.25
"""Assumption: share of the expected below which a class of bodies is clearly not settled elsewhere (range 0.1-0.4)."""
BESIDE = 0.25
"""Assumption: party papers of a place to each paper of other bodies there, below which their absence says nothing (0.1-0.5)."""
LEAN = 5.0
"""Bodies' worth of weight of PRIOR in the share of masks of a branch and level (assumption, range 2-20)."""
ROUNDS = 50
FEW = 20.0
"""Papers' worth beyond which the evidence of branch and level does not grow at the Centre (assumption, range 5-50)."""


@dataclass
class Masks:
    """By organ row: acting `papers`, those with an older party paper of their order (`settled`), those `differing` from it,
    median `lag` in days and its spread, first day settled elsewhere (`since`), `chance` that the body is a mask (NaN for
    party bodies)."""

    papers: Ints
    settled: Ints
    differing: Ints
    lag: Floats
    spread: Floats
    since: Ints
    chance: Floats


def masks(a: Archive, t: Tree, g: Groups, s: Seen) -> Masks:
    """What the groups say of every body beside the party."""
    n = a.organs
    party = a.branch.code == a.branch.of(PARTY)
    of = np.repeat(np.arange(g.number), np.diff(g.first))
    p = g.members
    paper_party = party[a.issuer[p]]
    # The newest party paper before or on the day, within the group: members are in order of date, party papers first on a day.
    order = np.lexsort((~paper_party, a.date[p], of))
    p, of, paper_party = p[order], of[order], paper_party[order]
    here = np.where(paper_party, np.arange(p.size), -1)
    source = np.maximum.accumulate(here) if p.size else here
    source = np.where((source >= 0) & (of[np.maximum(source, 0)] == of), source, -1)
    own = np.flatnonzero(~paper_party)
    whose = a.issuer[p[own]]
    has = source[own] >= 0
    papers, settled = np.bincount(whose, minlength=n), np.bincount(whose[has], minlength=n)
    child, above = p[own[has]], p[source[own[has]]]
    apart = np.array([bits_apart(x, y) for x, y in zip(a.wording[child], a.wording[above], strict=True)], np.int64)
    lag = (a.date[child] - a.date[above]).astype(np.float64)
    # Differing means more than a restatement on the way changes.
    kin = g.rates.kin[1]
    usual = int(np.searchsorted(np.cumsum(kin), 0.99))
    differing = np.bincount(a.issuer[child][apart > usual], minlength=n)
    since = np.full(n, 2**40)
    np.minimum.at(since, a.issuer[child], a.date[child])
    middle, spread = _middle(a.issuer[child], lag, n)
    near = 1 - (1 - s.paper[t.office]) * (1 - s.paper[np.maximum(t.up[t.office], 0)])
    kind = (a.branch.code + 1) * (len(a.level.names) + 1) + a.level.code + 1
    # Of many branches the Centre has one body: those beside the party are one class there.
    kind = np.where((t.office == t.root) & ~party, 0, kind)
    # A class of bodies that is seldom settled beside what party papers are left says that few are left; only where it is hardly
    # ever settled although they are there does it decide itself.
    share = (np.bincount(kind, settled) / np.maximum(np.bincount(kind, papers), 1))[kind]
    usual_near = (np.bincount(kind, near * papers) / np.maximum(np.bincount(kind, papers), 1))[kind]
    likely = np.where(share < CLEARLY * SHOWN * usual_near, SHOWN * near, np.minimum(SHOWN * near, share))
    expected = np.clip(likely, BY_CHANCE * 1.5, 0.98)
    weigh = settled * np.log(expected / BY_CHANCE) + (papers - settled) * np.log((1 - expected) / (1 - BY_CHANCE))
    # Where few or no party papers of the place are left, none beside this body's papers says nothing.
    offices = t.root + 1
    central = t.office[a.issuer[p]] == t.root  # there only decisions are handed to other bodies to be issued as their own
    source_papers = p[paper_party & (~central | a.kind.among(DECISIONS)[p])]
    beside = np.bincount(t.office[a.issuer[source_papers]], minlength=offices)[t.office]
    weigh = np.where(beside >= BESIDE * np.bincount(t.office[whose], minlength=offices)[t.office], weigh, np.maximum(weigh, 0.0))
    # At the Centre a body takes its orders from several sittings, all papers of one of which may be lost: its class speaks for it.
    average = (np.bincount(kind, weigh) / np.maximum(np.bincount(kind, papers), 1))[kind]
    weigh = np.where(t.office == t.root, average * np.minimum(papers, FEW), weigh)
    chance = _by_class(kind, weigh, ~party & (papers > 0))
    chance[party] = np.nan
    if not party.any():
        chance[:] = np.nan
    return Masks(papers, settled, differing, middle, spread, since, chance)


def _by_class(kind: Ints, weigh: Floats, there: npt.NDArray[np.bool_]) -> Floats:
    """Chance of each body, by its own evidence `weigh` (log odds) and the share of masks among bodies of its kind that are `there`,
    which is found with it (expectation and maximization)."""
    share = np.full(int(kind.max(initial=0)) + 1, PRIOR)
    chance = np.zeros(kind.size)
    for _ in range(ROUNDS):
        odds = np.log(share / (1 - share))[kind] + weigh
        chance = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        share = (LEAN * PRIOR + np.bincount(kind, chance * there)) / (LEAN + np.bincount(kind, there))
    return chance


def _middle(whose: Ints, value: Floats, n: int) -> tuple[Floats, Floats]:
    """Median and distance between quartiles of values by owner; NaN where there are none."""
    order = np.lexsort((value, whose))
    whose, value = whose[order], value[order]
    first = np.searchsorted(whose, np.arange(n + 1))
    many = np.diff(first)
    out = []
    for q in (0.25, 0.5, 0.75):
        at = np.minimum(first[:-1] + (q * many).astype(np.int64), max(value.size - 1, 0))
        out.append(np.where(many > 0, value[at] if value.size else np.nan, np.nan))
    return out[1], out[2] - out[0]
