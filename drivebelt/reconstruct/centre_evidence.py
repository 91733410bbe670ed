"""Who at the Centre began a matter, the formal bodies or the informal core behind them: what a group of papers says of each.

An extract or special sheet names the body in whose sitting a matter was decided; where none survived, extracts of the same
subject and day, and what each body decides by grade, domain and kind of paper, speak instead. The core leaves no paper: for it
speak the grade and domain, and orders carried out everywhere for which the Centre wrote nothing. Where neither side reaches its
share, the answer is the Centre as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.centre import DECIDING, Bodies, named, sittings
from drivebelt.reconstruct.evidence import DOMAINS, GRADES, Floats, Seen, Ways, any_in, vocabulary
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.grouping.tree import Tree

CARRIERS = ("circular", "closed-letter", "cipher-telegram", "letter", "decree")
"""Kinds in which a decision leaves the Centre."""
WIDE = 3
"""Subordinates of the Centre that acted, from which an order was for the whole country."""
YEARS = (1923, 1924, 1925, 1926, 1927, 1928)
"""Years told apart from 1922: how much the core took to itself changed with its circle (troika, seven, nine)."""
RANKS = range(DECIDING)
GONE = -5.0
"""In place of the logarithm of what is left of a body of which nothing is (about one paper in 150)."""


@dataclass
class Columns:
    """Features of the candidates of every group, by name: `core` (groups,) of the core, `body` (groups, bodies), or (groups, 1)
    where it is the same for all, of the formal bodies. Bodies of each `rank` have weights of their own.
    """

    core: dict[str, Floats]
    body: dict[str, Floats]
    rank: Ints

    def names(self) -> list[str]:
        """The weights, in the order of the columns of the rows."""
        return [*self.core, *(f"rank {r}, {name}" for name in self.body for r in RANKS)]

    def rows(self, groups: Ints) -> Floats:
        """Rows (group, candidate) of some groups, the core first and then each body, with one column a name: to learn from."""
        x = np.zeros((groups.size, self.rank.size + 1, len(self.names())))
        for i, of_core in enumerate(self.core.values()):
            x[:, 0, i] = of_core[groups]
        for i, of_body in enumerate(self.body.values()):
            for r in RANKS:
                x[:, 1:, len(self.core) + DECIDING * i + r] = of_body[groups] * (self.rank == r)
        return x.reshape(-1, x.shape[2])

    def scores(self, weight: Mapping[str, float]) -> Floats:
        """[group, candidate]: weighted sums of the rows, without making them."""
        out = np.zeros((next(iter(self.core.values())).size, self.rank.size + 1))
        for name, of_core in self.core.items():
            out[:, 0] += weight[name] * of_core
        for name, of_body in self.body.items():
            out[:, 1:] += of_body * np.array([weight[f"rank {r}, {name}"] for r in RANKS])[self.rank]
        return out


def columns(a: Archive, t: Tree, g: Groups, w: Ways, s: Seen, b: Bodies) -> Columns:
    """What the papers of every group say of the core and of each body."""
    k, n = b.organ.size, g.number
    lead = g.members[g.first[:-1]]
    grade = vocabulary(GRADES, a.grade.names)[a.grade.code[lead]]
    domain = vocabulary(DOMAINS, a.domain.names)[a.domain.code[lead]]
    at = named(a, g, b)
    any_named = at.sum(1) > 0
    other = sittings(a, t, g, b)
    same, unnamed = other["same day"], ~any_named[:, None]
    odds = b.odds[:, grade, domain].T if k else np.zeros((n, 0))
    guess = np.where(any_named[:, None], at / np.maximum(at.sum(1, keepdims=True), 1), odds * np.exp(2 * same + 3 * other["share"]))
    guess /= np.maximum(guess.sum(1, keepdims=True), 1e-12)
    of_rank = [guess[:, b.rank == r].sum(1) for r in RANKS]
    left = [float(np.log(b.left[b.rank == r]).mean()) if (b.rank == r).any() else GONE for r in RANKS]
    sent = (other["weekday"] < 0).any(1, keepdims=True)
    written = any_in(t.office[a.issuer[g.members]] == t.root, g)
    at_root = w.node == t.root
    branches = np.zeros(n)
    branches[w.group[at_root]] = w.covered[at_root]
    silence = -np.log1p(-s.paper[t.root])
    wide = branches >= WIDE
    orphan = ~written & wide
    excess = np.count_nonzero(orphan) / max(int(np.count_nonzero(wide)), 1) - (1 - s.paper[t.root])
    year = a.date[lead].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    size = np.log(np.diff(g.first))
    lost = -np.log(s.paper[t.root])
    grades = {name: grade == i for i, name in enumerate(GRADES)}
    domains = {f"{name} ": domain == i for i, name in enumerate(DOMAINS)}
    kinds = {kind: any_in(a.kind.code[g.members] == a.kind.of(kind), g) for kind in CARRIERS}
    years = {str(y): year == y for y in YEARS}
    plain = {"unwritten": ~written, "wide": wide}
    of_core = {
        "core": np.ones(n), "core, orphan": orphan, "core, orphan and silence": orphan * silence,
        "core, orphans of the archive": np.full(n, excess), "core, sheets in the archive": np.full(n, float(b.secrecy.sheets)),
        "core, open minutes": np.full(n, b.secrecy.open),
        "core, orphans and orphan": orphan * excess, "core, named": any_named,
        "core, named and wide": any_named & wide, "core, log size": size, "core, log size, named": size * any_named,
        "core, lost": np.full(n, lost), "core, lost and unwritten": lost * ~written, "core, lost and wide": lost * wide,
        **{f"core, {name}": flag for name, flag in {**plain, **years, **grades, **domains, **kinds}.items()},
        **{f"core, {name}, unwritten": flag & ~written for name, flag in grades.items()},
        **{f"core, rank {r}": of_rank[r] for r in RANKS},
        **{f"core, rank {r}, named": of_rank[r] * any_named for r in RANKS},
        **{f"core, rank {r}, wide": of_rank[r] * wide for r in RANKS},
        **{f"core, rank {r}, {name}": of_rank[r] * flag for name, flag in grades.items() for r in RANKS},
        **{f"core, left of rank {r}": np.full(n, left[r]) for r in RANKS},
        **{f"core, left of rank {r}, unnamed": left[r] * ~any_named for r in RANKS},
    }  # fmt: skip
    log_odds = np.log(np.maximum(odds, 1e-4))
    did_not_sit = (other["sat"] == 0) & sent & unnamed
    broad = wide[:, None]
    of_body = {
        "named": at > 0, "same day": same, "weeks before": other["before"], "odds": log_odds,
        "odds, unnamed": log_odds * unnamed, "odds, unnamed and wide": log_odds * (unnamed & broad),
        "odds, lost": log_odds * unnamed * lost, "weeks before, lost": other["before"] * lost,
        "share of the day": other["share"] * unnamed, "sat": other["sat"] * unnamed,
        "did not sit": did_not_sit, "weekday": other["weekday"] * unnamed,
        "same day, wide": same * broad, "weeks before, wide": other["before"] * broad,
        "not named, another is": (at == 0) & any_named[:, None],
        "silence": np.log1p(-b.left)[None, :] * unnamed, "did not sit, lost": did_not_sit * np.log(b.left),
        "another is, lost": ((at == 0) & any_named[:, None]) * np.log(b.left),
        **{name: (flag & ~any_named)[:, None] for name, flag in {**plain, **grades, **domains, **kinds}.items()},
    }  # fmt: skip
    return Columns(of_core, of_body, b.rank)
