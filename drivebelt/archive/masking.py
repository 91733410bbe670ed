"""What the archive must not tell: numbers that join, causes, masks. Everything gets a number of the archive's own."""

from __future__ import annotations

import numpy as np

from drivebelt import records as r
from drivebelt.archive.keys import Key
from drivebelt.archive.paper import Flags, Ints, Paper
from drivebelt.archive.regimes import number, rules


def documents(alive: Flags, key: Key) -> Ints:
    """Number in the archive of each document of the run, -1 where nothing of it survives; the order says nothing."""
    out = np.full(alive.size, r.NONE, np.int64)
    there = np.flatnonzero(alive)
    out[there] = key.order("documents", there)
    return out


class Dossiers:
    """A matter as one body keeps it: papers of the same body on the same matter share a number, those of two bodies never."""

    def __init__(self, p: Paper, key: Key, organs: Ints, matters: Ints) -> None:
        """The dossiers of all pairs of a body and a matter that stand in the archive; -1 in either is no pair."""
        self._span = int(p.matters["matter"].size)
        pairs = self._pair(organs, matters)
        self.pairs = np.unique(pairs[pairs >= 0])
        self.number = key.order("dossiers", self.pairs)

    def _pair(self, organs: Ints, matters: Ints) -> Ints:
        return np.where((organs >= 0) & (matters >= 0), organs.astype(np.int64) * self._span + matters, -1)

    def of(self, organs: Ints, matters: Ints) -> Ints:
        """The dossier of each pair of a body and a matter; -1 where there is none."""
        pairs = self._pair(organs, matters)
        if not self.pairs.size:
            return np.full(pairs.size, r.NONE, np.int64)
        at = np.minimum(np.searchsorted(self.pairs, pairs), self.pairs.size - 1)
        return np.where((pairs >= 0) & (self.pairs[at] == pairs), self.number[at], r.NONE)

    @property
    def organ(self) -> Ints:
        """(dossiers,) the body whose dossier it is, in the order of `pairs`."""
        return self.pairs // self._span

    @property
    def matter(self) -> Ints:
        """(dossiers,) the matter of the run, in the order of `pairs`; never written out."""
        return self.pairs % self._span


def cited(p: Paper, breaches: Ints, key: Key) -> Ints:
    """The document (of the run) that each document names as its ground, -1 where it names none.

    A party paper names it with a share that is an assumption. No paper of another body names a party paper, but by a breach.
    """
    d, rule = p.documents, rules().citing
    parent = d["parent_document"].astype(np.int64)
    party = p.organs["branch"] == r.PARTY
    names = key.uniform("citing", d["document"]) < number(rule.share)
    names |= np.isin(d["kind"], [r.DOCUMENT[kind] for kind in rule.always])
    below = ~party[d["issuer"]] & (parent >= 0) & party[d["issuer"][np.maximum(parent, 0)]]
    names &= ~below
    names[breaches] = True
    return np.where(names & (parent >= 0), parent, r.NONE)
