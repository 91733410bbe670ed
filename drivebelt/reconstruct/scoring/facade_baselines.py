"""What simpler methods say of the name on a paper: how likely it is a mere name, and whether they claim that it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drivebelt.reconstruct.engine import Inference
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.grouping.tree import PARTY
from drivebelt.reconstruct.scoring.baselines import lowest_common_superior

WINDOWS = (0, 3, 7, 14, 30, 60)
"""Days before a paper within which a party paper on the subject is looked for; the best for the very archive is taken."""
NEVER = 1e6


def party_body(f: Inference) -> np.ndarray:
    """(organs,) whether each is a body of the party."""
    out: np.ndarray = f.archive.branch.code == f.archive.branch.of(PARTY)
    return out


def nothing(f: Inference) -> Floats:
    """Face value: no name is a mere name."""
    return np.zeros(f.archive.papers)


def beside_the_party(f: Inference) -> Floats:
    """Every body beside the party only passes on, and no body of the party does."""
    return 1.0 - party_body(f)[f.archive.issuer]


def degrees(f: Inference) -> Floats:
    """Of the copies that a body received or sent the share that it received: who is written to more than he writes is a mask."""
    n = f.network
    share: Floats = n.incoming / np.maximum(n.incoming + n.outgoing, 1)
    return share[f.archive.issuer]


def not_the_superior(f: Inference) -> Floats:
    """The lowest common superior of the paper's cascade is another than who signed."""
    return (lowest_common_superior(f) != f.archive.issuer).astype(np.float64)


def days_after_party(f: Inference) -> Floats:
    """(papers,) days since the last party paper on the same subject that carries an order, of the office beside the issuer or of
    any above it, another's than its own; NEVER where there is none. Papers of one day count as earlier where they are of the party
    and the paper is not, or stand above it."""
    a, t = f.archive, f.tree
    office = t.office[a.issuer]
    party = party_body(f)[a.issuer]
    source = np.flatnonzero(f.acts & party)
    out = np.full(a.papers, NEVER)
    if not source.size:
        return out
    span, first = np.int64(a.date.max() - a.date.min() + 2), a.date.min()
    nodes = np.int64(t.root + 1)

    def place(node: np.ndarray, rows: np.ndarray) -> np.ndarray:
        at: np.ndarray = ((a.subject.code[rows] + 1) * nodes + node) * span + a.date[rows] - first
        return at

    key = np.sort(place(office[source], source))
    rows = np.flatnonzero(f.acts)
    node = office[rows]
    looking = ~party[rows]  # at its own place a party body is no other than itself
    for _ in range(int(t.depth.max(initial=0)) + 1):
        want = place(node, rows)
        at = np.searchsorted(key, want, side="right") - 1
        there = looking & (at >= 0) & (key[np.maximum(at, 0)] // span == want // span)
        gap = (want - key[np.maximum(at, 0)]).astype(np.float64)
        out[rows[there]] = np.minimum(out[rows[there]], gap[there])
        looking = node != t.root
        node = np.where(node == t.root, node, t.up[node])
    return out


METHODS: dict[str, Callable[[Inference], Floats]] = {
    "face value": nothing, "every body beside the party": beside_the_party, "share of papers received": degrees,
    "lowest common superior": not_the_superior,
}  # fmt: skip
AFTER_PARTY = "a party paper on the subject before it"
"""What the method of `days_after_party` is called: it has a window to choose."""
