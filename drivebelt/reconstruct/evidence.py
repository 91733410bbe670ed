"""What a group of papers says of each office that may have begun it.

Hypotheses are all offices on the way up from the group: its lowest common superior and every office above, to the Centre,
whether they left paper or not. A paper or two from elsewhere may be imitation: then the way begins lower, at the office that
holds all the others. For each hypothesis: has it papers of its own, are they the oldest, how many of its subordinates acted
and how many stayed silent though their papers would mostly have survived, and what grade, subject and citations say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from drivebelt.compilation import KERNEL
from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.grouping.tree import DEEPEST, PARTY, Tree

Floats = npt.NDArray[np.float64]
IMITATORS = 2
"""Most papers of a group that are looked at as imitation."""
GRADES = ("open", "for-service-use", "secret", "strictly-secret", "special-folder", "cipher")
DOMAINS = (
    "party", "cadres", "grain", "prices", "finance", "industry", "trade", "foreign", "army", "police", "press", "nationalities",
    "education", "opposition", "justice", "soviets", "unions", "health", "everyday", "secrecy",
)  # fmt: skip
LEAST_SEEN, MOST_SEEN = 0.01, 0.98


@dataclass
class Ways:
    """Hypotheses of all groups: `first[g]` to `first[g + 1]` are rows of group g, from the lowest office to the Centre.

    By row: `node`, its `depth` at the time, `covered` subordinates with papers of `listed` in all, `outside` papers not under it,
    `own` papers of the office's party body, `eldest` whether the oldest paper is its own. By group: `lowest` common superior, and
    the `span` of the tree in which its oldest paper falls.
    """

    first: Ints
    node: Ints
    covered: Ints
    listed: Ints
    outside: Ints
    own: Ints
    eldest: Ints
    lowest: Ints
    depth: Ints
    span: Ints

    @property
    def group(self) -> Ints:
        """The group of each row."""
        return np.repeat(np.arange(self.first.size - 1), np.diff(self.first))


@njit(**KERNEL)
def _walk(
    first, members, office, party, ups, depths, root, firsts, unders, opens, closes, date, span, seen, row_first, rows, lowest
):  # fmt: skip
    """Fills the rows of every group; `seen` is room for a mark by node. Returns the number of rows."""
    n = 0
    way = np.zeros(64, np.int64)
    for g in range(first.size - 1):
        a, b = first[g], first[g + 1]
        up, depth, under_first, under = ups[span[g]], depths[span[g]], firsts[span[g]], unders[span[g]]
        row_first[g] = n
        steps = 0
        node = office[members[a]]
        while True:  # the oldest member's way up
            way[steps] = node
            steps += 1
            if node == root or steps == way.size:
                break
            node = up[node]
        # How many members stand under each office of that way.
        inside = np.zeros(steps, np.int64)
        for m in range(a, b):
            node = office[members[m]]
            d = depth[node]
            while d > depth[way[0]]:
                node, d = up[node], depth[up[node]]
            at = depth[way[0]] - d
            while way[at] != node:
                node = up[node]
                at += 1
            inside[at] += 1
        for k in range(1, steps):
            inside[k] += inside[k - 1]
        common = 0
        while inside[common] < b - a:
            common += 1
        begin = common
        while begin > 0 and b - a - inside[begin - 1] <= IMITATORS and inside[begin - 1] > 2 * (b - a - inside[begin - 1]):
            begin -= 1
        lowest[g] = way[common]
        for k in range(begin, steps):
            v = way[k]
            own, covered = 0, 0
            eldest = 0
            for m in range(a, b):
                p = members[m]
                node = office[p]
                if node == v:
                    own += party[p]
                    if date[p] == date[members[a]]:
                        eldest = 1
                    continue
                while depth[node] > depth[v] + 1:
                    node = up[node]
                if node != root and up[node] == v and seen[node] != n + 1:
                    seen[node] = n + 1
                    covered += 1
            listed = 0
            day = date[members[a]]
            for j in range(under_first[v], under_first[v + 1]):
                w = under[j]
                if (opens[w] <= day and day < closes[w]) or seen[w] == n + 1:
                    listed += 1
            rows[n, 0], rows[n, 1], rows[n, 2] = v, covered, listed
            rows[n, 3], rows[n, 4], rows[n, 5] = b - a - inside[k], own, eldest
            n += 1
        row_first[g + 1] = n
    return n


def ways(a: Archive, t: Tree, g: Groups) -> Ways:
    """The hypotheses of every group."""
    office = t.office[a.issuer]
    party = (a.branch.code[a.issuer] == a.branch.of(PARTY)).astype(np.int64)
    if not party.any():
        party[:] = 1  # an archive without branches: every organ is an office
    row_first = np.zeros(g.number + 1, np.int64)
    rows = np.zeros((g.number * (min(int(t.depths.max(initial=0)), DEEPEST) + 1) + 1, 6), np.int64)
    lowest = np.zeros(g.number, np.int64)
    opens, closes = np.append(a.valid_from, 0), np.append(a.valid_to, 0)
    span = t.span(a.date[g.members[g.first[:-1]]])
    n = _walk(
        g.first, g.members, office, party, t.ups, t.depths, t.root, t.firsts, t.unders, opens, closes, a.date, span,
        np.zeros(t.root + 1, np.int64), row_first, rows, lowest,
    )  # fmt: skip
    node, covered, listed, outside, own, eldest = (np.ascontiguousarray(rows[:n, k]) for k in range(6))
    depth = t.depths[np.repeat(span, np.diff(row_first)), node]
    return Ways(row_first, node, covered, listed, outside, own, eldest, lowest, depth, span)


@dataclass
class Seen:
    """Chances estimated from the archive: `paper[node]` that a paper of the office survived (from numbers of its registers,
    leaning on its level), `branch[depth]` that a subordinate at that depth who was ordered to act shows a paper."""

    paper: Floats
    branch: Floats


def registered(a: Archive) -> tuple[Floats, Floats]:
    """By organ row: numbered papers that are left, and how many its registers ran to; zeros where no paper has a number."""
    kept, issued = np.zeros(a.organs), np.zeros(a.organs)
    usable = (a.series >= 0) & (a.number > 0)
    series, at = np.unique(a.series[usable], return_inverse=True)
    last = np.zeros(series.size, np.int64)
    np.maximum.at(last, at, a.number[usable])
    count = np.bincount(at, minlength=series.size)
    whose = np.zeros(series.size, np.int64)
    whose[at] = a.issuer[usable]
    np.add.at(kept, whose, count)
    # The highest surviving number of n falls short of the last one issued by about one part in n.
    np.add.at(issued, whose, np.maximum(last + last / np.maximum(count, 1) - 1, count))
    return kept, issued


def seen(a: Archive, t: Tree, w: Ways) -> Seen:
    """Survival by office and visibility by depth."""
    offices = t.root + 1
    kept, issued = (np.bincount(t.office, of_organ, offices) for of_organ in registered(a))
    level = t.depth
    by_level = (np.bincount(level, kept, level.max() + 2) + 0.5) / (np.bincount(level, issued, level.max() + 2) + 1.0)
    lean = 4.0
    paper = (kept + lean * by_level[level]) / (issued + lean)
    # Groups in which several subordinates of the lowest common superior acted tell how many of those ordered show a paper.
    rows = np.flatnonzero((w.node == w.lowest[w.group]) & (w.covered >= 2) & (w.listed >= 3))
    depth = w.depth[rows]
    size = int(t.depths.max()) + 2
    covered, listed = np.bincount(depth, w.covered[rows] - 1, size), np.bincount(depth, w.listed[rows] - 1, size)
    whole = (covered.sum() + 0.5) / (listed.sum() + 1.0)
    return Seen(np.clip(paper, LEAST_SEEN, MOST_SEEN), np.clip((covered + 4 * whole) / (listed + 4), LEAST_SEEN, MOST_SEEN))


def features(a: Archive, t: Tree, g: Groups, w: Ways, s: Seen) -> tuple[Floats, list[str]]:
    """One row of features a hypothesis, with the names of the columns."""
    of = w.group
    lead = g.members[g.first[:-1]]
    size = np.diff(g.first)
    at_lowest = w.node == w.lowest[of]
    place = np.arange(of.size) - w.first[of]
    where = np.zeros(g.number, np.int64)
    where[of[at_lowest]] = place[at_lowest]
    steps = place - where[of]
    root = w.node == t.root
    above = steps > 0
    top, middle = above & root, above & ~root
    chance = s.branch[w.depth]
    silent = np.clip(
        np.maximum(w.covered - 1, 0) * np.log(chance) + np.maximum(w.listed - w.covered, 0) * np.log1p(-chance), -30.0, 0.0
    )
    low_depth = t.depths[w.span, w.lowest]
    cites = any_in(a.cites[g.members] >= 0, g)
    eldest_cites = a.cites[lead] >= 0
    # The highest office whose paper is cited: whoever began the matter stands there or above.
    whose = a.cited_organ[g.members]
    then = np.repeat(w.span, size)
    height = np.where(whose >= 0, t.depths[then, t.office[np.maximum(whose, 0)]], t.depths.max() + 1)
    cited_depth = np.minimum.reduceat(height, g.first[:-1])[of] if g.number else height
    party = a.branch.code[a.issuer[g.members]] == a.branch.of(PARTY)
    no_party = ~any_in(party, g)
    grade = vocabulary(GRADES, a.grade.names)[a.grade.code[lead]]
    domain = vocabulary(DOMAINS, a.domain.names)[a.domain.code[lead]]
    columns: dict[str, npt.NDArray[np.generic]] = {
        "one step above": steps == 1, "two steps above": steps == 2, "three and more": steps >= 3, "root above": top,
        "below": steps < 0,
        "papers outside": np.log1p(w.outside), "papers outside squared": np.minimum(w.outside, 3) ** 2,
        "own paper": (w.own > 0) & ~root, "oldest its own": (w.eldest > 0) & (w.own > 0), "silent branches": silent / 10,
        "silent branches at once": (silent < -3) & above, "own silence": np.where(w.own > 0, 0.0, np.log1p(-s.paper[w.node])),
        "log size, above": np.log(size)[of] * above, "log size, root": np.log(size)[of] * top,
        "cites, root": cites[of] * top, "cites, above": cites[of] * middle,
        "cites one above it": cited_depth < w.depth, "cites its paper": cited_depth == w.depth,
        "oldest cites, root": eldest_cites[of] * top, "oldest cites, above": eldest_cites[of] * middle,
        "no party paper, root": no_party[of] * top, "no party paper, above": no_party[of] * middle,
        "survival, root": np.log(s.paper[w.lowest])[of] * top, "survival, above": np.log(s.paper[w.lowest])[of] * middle,
        "single, root": (size[of] == 1) * top, "single, above": (size[of] == 1) * middle,
    }  # fmt: skip
    for d in (1, 2, 3, 4):
        columns[f"lowest at depth {d}, root"] = (low_depth[of] == d) * top
        columns[f"lowest at depth {d}, above"] = (low_depth[of] == d) * middle
    for k, name in enumerate(GRADES):
        columns[f"{name}, root"] = (grade[of] == k) * top
        columns[f"{name}, above"] = (grade[of] == k) * middle
    for k, name in enumerate(DOMAINS):
        columns[f"{name}, root"] = (domain[of] == k) * top
    return np.column_stack([np.asarray(c, np.float64) for c in columns.values()]), list(columns)


def any_in(flag: npt.NDArray[np.bool_], g: Groups) -> npt.NDArray[np.bool_]:
    """For each group whether the flag holds for any of its members."""
    return np.add.reduceat(flag.astype(np.int64), g.first[:-1]) > 0 if g.number else np.zeros(0, bool)


def vocabulary(known: tuple[str, ...], names: list[str]) -> Ints:
    """From codes of an archive to places among known words; the last entry, for code -1, is -1 like every unknown word."""
    return np.array([known.index(n) if n in known else -1 for n in names] + [-1], np.int64)
