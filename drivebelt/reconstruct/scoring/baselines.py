"""What simpler methods would say of each paper: organ row, CORE, or the Centre as one where it left no paper."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drivebelt.reconstruct.archive import Ints
from drivebelt.reconstruct.engine import CENTRE_AS_ONE, CORE, Inference, path_chances
from drivebelt.reconstruct.evidence import DOMAINS, GRADES, vocabulary, ways
from drivebelt.reconstruct.grouping import links
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.grouping.tree import PARTY

CHUNK = 100_000
"""Papers weighed at a time one by one."""


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


def network_centrality(f: Inference) -> Ints:
    """Of the issuer and all offices above him the one with the greatest PageRank in the network of papers; at the Centre the body
    with the greatest."""
    a, t = f.archive, f.tree
    rank = f.network.rank
    central = np.flatnonzero(t.office == t.root)
    top = int(central[np.argmax(rank[central])]) if central.size else CENTRE_AS_ONE
    by_node = np.append(rank, rank[top] if central.size else 0.0)
    best, node = a.issuer.copy(), t.office[a.issuer]
    value = rank[a.issuer]
    for _ in range(int(t.depth.max(initial=0)) + 1):
        better = by_node[node] > value
        best, value = np.where(better, np.where(node == t.root, top, node), best), np.maximum(value, by_node[node])
        node = np.where(node == t.root, node, t.up[node])
    return best


def paper_alone(f: Inference) -> Ints:
    """The likelihood without joint resolution: each paper by itself under the same learnt weights. At the Centre the body that
    signed, or else the likeliest by grade and domain. Face value where nothing was learnt."""
    a, t, g, b = f.archive, f.tree, f.groups, f.bodies
    out = a.issuer.copy()
    if not f.learnt:
        return out
    for begin in range(0, g.members.size, CHUNK):
        rows = np.sort(g.members)[begin : begin + CHUNK]
        of = np.full(a.papers, -1, np.int64)
        of[rows] = np.arange(rows.size)
        single = Groups(of, np.arange(rows.size + 1), rows, g.rates, {})
        w = ways(a, t, single)
        chance = path_chances(a, t, single, w, f.seen)
        best = np.lexsort((w.node, -chance, w.group))[w.first[:-1]]
        out[rows] = w.node[best]
    at_root = np.flatnonzero((f.groups.of >= 0) & (out == t.root))
    if b.organ.size:
        grade = vocabulary(GRADES, a.grade.names)[a.grade.code[at_root]]
        domain = vocabulary(DOMAINS, a.domain.names)[a.domain.code[at_root]]
        likely = b.organ[b.odds[:, grade, domain].argmax(0)]
    else:
        likely = np.full(at_root.size, CENTRE_AS_ONE)
    signed = np.isin(a.issuer[at_root], b.organ)
    out[at_root] = np.where(signed, a.issuer[at_root], likely)
    return out


BASELINES: dict[str, Callable[[Inference], Ints]] = {
    "face value": face_value, "previous paper": previous_paper, "highest body": highest_body,
    "lowest common superior": lowest_common_superior, "network centrality": network_centrality, "paper alone": paper_alone,
}  # fmt: skip


NEAR_BITS = 10
"""Bits within which the simple grouping takes two papers of one subject for one order."""


def same_subject(f: Inference) -> Ints:
    """Groups by subject and month."""
    a = f.archive
    month = (a.date.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)) * (len(a.subject.names) + 2)
    return month + a.subject.code + 1


def wording_alone(f: Inference) -> Ints:
    """Groups of papers of one subject within NEAR_BITS of each other and the usual window of days, one linked to the next."""
    a, t = f.archive, f.tree
    rows = np.flatnonzero(f.acts)
    rows = rows[np.lexsort((rows, a.date[rows], a.subject.code[rows]))]
    parent = np.arange(rows.size)
    links.link(
        a.subject.code[rows], a.date[rows], a.wording[rows], t.office[a.issuer[rows]], t.up, t.depth, links.WINDOW,
        links.lag_classes(), np.ones((links.NEAR, len(links.LAGS), links.BITS), bool), NEAR_BITS, 0, parent,
    )  # fmt: skip
    out = np.full(a.papers, -1, np.int64)
    while not np.array_equal(up := parent[parent], parent):
        parent = up
    out[rows] = parent
    return out


GROUPINGS: dict[str, Callable[[Inference], Ints]] = {"subject and month": same_subject, "wording within 10 bits": wording_alone}
"""Simpler ways to say which papers carry out one order."""


def as_one(f: Inference, who: Ints) -> Ints:
    """Answers with all bodies of the Centre as one."""
    office = f.tree.office[np.maximum(who, 0)]
    return np.where((who == CORE) | ((who >= 0) & (office == f.tree.root)), CENTRE_AS_ONE, who)
