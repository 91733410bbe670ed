"""What simpler methods would say of each paper: organ row, CORE, or the Centre as one where it left no paper."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drivebelt.reconstruct.archive import Ints
from drivebelt.reconstruct.engine import CENTRE_AS_ONE, CORE, Inference
from drivebelt.reconstruct.tree import PARTY


def face_value(f: Inference) -> Ints:
    """Who signed it."""
    return f.archive.issuer.copy()


def previous_paper(f: Inference) -> Ints:
    """The issuer of the paper before it on the same subject that carries an order; its own issuer where there is none."""
    a = f.archive
    order = np.lexsort((np.arange(a.papers), a.date, a.subject.code))
    latest = np.where(f.acts[order], np.arange(a.papers), -1)
    latest = np.r_[-1, np.maximum.accumulate(latest)[:-1]] if a.papers else latest
    same = (latest >= 0) & (a.subject.code[order[np.maximum(latest, 0)]] == a.subject.code[order])
    out = a.issuer.copy()
    out[order[same]] = a.issuer[order[latest[same]]]
    return out


def highest_body(f: Inference) -> Ints:
    """The issuer of highest rank in the cascade, the earliest among equals, party bodies first."""
    a, g, t = f.archive, f.groups, f.tree
    out = a.issuer.copy()
    if not g.number:
        return out
    m = g.members
    of = g.of[m]
    party = a.branch.code[a.issuer[m]] == a.branch.of(PARTY)
    order = np.lexsort((a.date[m], ~party, t.depth[t.office[a.issuer[m]]], of))
    top = a.issuer[m[order]][np.searchsorted(of[order], np.arange(g.number))]
    out[m] = top[of]
    return out


def lowest_common_superior(f: Inference) -> Ints:
    """The lowest office above all papers of the cascade, whether it left one or not.

    At the Centre: the party body with most papers in the cascade but for the Central Committee's mere name; unseen, that is
    the core, where the Centre left none.
    """
    a, g, t = f.archive, f.groups, f.tree
    out = a.issuer.copy()
    if not g.number:
        return out
    m = g.members
    at_root = f.ways.lowest == t.root
    who = np.where(at_root, CORE, f.ways.lowest)
    decided = m[np.isin(a.issuer[m], f.bodies.organ)]
    if decided.size:
        key, many = np.unique(np.stack([g.of[decided], a.issuer[decided]], 1), axis=0, return_counts=True)
        order = np.lexsort((key[:, 1], -many, key[:, 0]))
        groups, first = np.unique(key[order][:, 0], return_index=True)
        named = np.full(g.number, -1)
        named[groups] = key[order][first, 1]
        who = np.where(at_root & (named >= 0), named, who)
    written = np.zeros(g.number, bool)
    written[g.of[m[t.office[a.issuer[m]] == t.root]]] = True
    who = np.where(at_root & written & (who == CORE), CENTRE_AS_ONE, who)
    out[m] = who[g.of[m]]
    return out


BASELINES: dict[str, Callable[[Inference], Ints]] = {
    "face value": face_value, "previous paper": previous_paper, "highest body": highest_body,
    "lowest common superior": lowest_common_superior,
}  # fmt: skip


def as_one(f: Inference, who: Ints) -> Ints:
    """Answers with all bodies of the Centre as one."""
    office = f.tree.office[np.maximum(who, 0)]
    return np.where((who == CORE) | ((who >= 0) & (office == f.tree.root)), CENTRE_AS_ONE, who)
