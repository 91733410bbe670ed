"""Centres of power: attributions summed by month, beside what the network of papers alone would say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.evidence import Floats

DAMPING = 0.85
STEPS = 100


def months(date: Ints) -> Ints:
    """Month of each day since 1970, counted from January 1970."""
    return date.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def by_month(month: Ints, who: Ints, chance: Floats, candidates: int) -> tuple[Ints, Ints, Floats]:
    """Sums of chances by (month, candidate), as three columns in order; `who` from 0 to `candidates`."""
    key = month * candidates + who
    names, at = np.unique(key, return_inverse=True)
    return names // candidates, names % candidates, np.bincount(at, chance, names.size).astype(np.float64)


@dataclass
class Network:
    """By organ row in the network issuer -> addressee: copies received, copies sent, and PageRank."""

    incoming: Ints
    outgoing: Ints
    rank: Floats


def network(a: Archive) -> Network:
    """The network of an archive's papers.

    Rank flows from the addressee to the issuer, as it does from a page to the page it names. Sums run in a fixed order.
    """
    n = a.organs
    sender, to = a.issuer[a.copy_paper], a.copy_to
    key, many = np.unique(sender * max(n, 1) + to, return_counts=True)
    sender, to = key // max(n, 1), key % max(n, 1)
    incoming, outgoing = np.bincount(to, many, n), np.bincount(sender, many, n)
    rank = np.full(n, 1 / max(n, 1))
    for _ in range(STEPS):
        flow = np.bincount(sender, rank[to] * many / np.maximum(incoming[to], 1), n)
        loose = rank[incoming == 0].sum()
        rank = (1 - DAMPING) / max(n, 1) + DAMPING * (flow + loose / max(n, 1))
    return Network(incoming.astype(np.int64), outgoing.astype(np.int64), rank)
