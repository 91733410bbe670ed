"""The inference as a whole: from an archive to chances for every paper."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from drivebelt.reconstruct import centre, centre_evidence, evidence, logit, receipts, testimony
from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.centre import Bodies
from drivebelt.reconstruct.centre_evidence import Columns
from drivebelt.reconstruct.centres import Network, network
from drivebelt.reconstruct.entered import entered
from drivebelt.reconstruct.evidence import DOMAINS, GRADES, Floats, Seen, Ways
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.grouping.membership import Membership, grouped
from drivebelt.reconstruct.grouping.papers import acting
from drivebelt.reconstruct.grouping.tree import CENTRE, PARTY, Tree, tree_of
from drivebelt.reconstruct.masks import Masks, masks

CORE = -2
"""In place of an organ: the informal core, which no archive lists by its papers."""
CENTRE_AS_ONE = -3
"""In place of an organ: the Centre, core or formal body."""
FEWEST = 20
"""Acting papers below which nothing is told."""
KNOWN = 0.5
"""Share of papers whose grade and domain must be words of the rulebook for learnt chances to mean anything."""
WEIGHTS = Path(__file__).parent / "data" / "weights.json"


@dataclass
class Chances:
    """Rows (group, candidate organ row or CORE, chance), in order of group, the likeliest first; `first[g]` where they begin.

    `as_one[g]` is the chance of the Centre as one.
    """

    first: Ints
    who: Ints
    chance: Floats
    as_one: Floats


@dataclass
class Gathered:
    """What an archive shows before any chance of authors is given: its tree, which papers carry an order, the groups, the ways up
    from each, what is left of offices, the bodies of the Centre, and how sure the groups are."""

    archive: Archive
    tree: Tree
    acts: np.ndarray
    groups: Groups
    ways: Ways
    seen: Seen
    bodies: Bodies
    members: Membership | None
    """None where an inference was read again from its tables."""


@dataclass
class Inference(Gathered):
    """Everything the engine found. `silent` says why nothing can be told, empty where something can; `learnt` whether the
    chances are calibrated ones or the archive is of another mechanism and only the lowest common superior is named."""

    masks: Masks
    network: Network
    chances: Chances
    learnt: bool
    silent: str


@cache
def weights() -> dict[str, Any]:
    """The learnt weights, as `benchmarks/learn_reconstruction.py` wrote them: features by name."""
    return dict(json.loads(WEIGHTS.read_text()))


def gather(a: Archive) -> Gathered:
    """What an archive shows before any chance of authors is given."""
    t = tree_of(a)
    acts = acting(a, t)
    g, m = grouped(a, t, acts)
    w = evidence.ways(a, t, g)
    return Gathered(a, t, acts, g, w, evidence.seen(a, t, w), centre.bodies(a, t, acts), m)


def infer(a: Archive) -> Inference:
    """Groups of papers and who began each, for an archive that was read."""
    x = gather(a)
    m = masks(a, x.tree, x.groups, x.seen)
    silent, learnt = _silent(a, x.tree, x.acts), _of_this_mechanism(a, x.acts)
    chances = testimony.weigh(a, x.tree, x.groups, _learnt(x, m)) if learnt else _lowest(x.tree, x.ways)
    return Inference(**vars(x), masks=m, network=network(a), chances=chances, learnt=learnt, silent=silent)


def unheard(f: Inference) -> Chances:
    """The chances that the papers alone give, without what witnesses say."""
    return _learnt(f, f.masks) if f.learnt else f.chances


def _silent(a: Archive, t: Tree, acts: np.ndarray) -> str:
    """Why an archive tells nothing, if so."""
    n = int(np.count_nonzero(acts))
    reasons = (
        (a.papers == 0, "the archive is empty"),
        (n < FEWEST, f"only {n} papers carry an order; at least {FEWEST} are needed"),
        (np.unique(a.issuer).size < 2, "all papers are of one organ"),
        (np.unique(a.date).size < 2, "all dates are equal: nothing is earlier than anything else"),
        (not (a.wording != 0).any(), "no paper has a wording hash: likeness cannot be seen"),
    )
    return next((why for true, why in reasons if true), "")


def _of_this_mechanism(a: Archive, acts: np.ndarray) -> bool:
    """Whether the words of the rulebook are those of the archive."""
    row = np.flatnonzero(acts)
    known = a.grade.among(GRADES)[row] & a.domain.among(DOMAINS)[row]
    return bool(row.size and known.mean() >= KNOWN and CENTRE in a.level.names and PARTY in a.branch.names)


def path_chances(a: Archive, t: Tree, g: Groups, w: Ways, s: Seen) -> Floats:
    """Chance of each row of the ways."""
    x, names = evidence.features(a, t, g, w, s)
    return logit.chances(x, w.first, np.array([weights()["office"][name] for name in names]))


def centre_chances(shown: Gathered) -> Floats:
    """[group, candidate]: chances of the core and of each body, given that the Centre began the matter.

    Where bodies left no decision they share in what is not known; rows then sum to less than 1.
    """
    b = shown.bodies
    told = logit.even(columns(shown).scores(weights()["centre"]))
    if b.organ.size and b.secrecy.silent:
        told = centre.doubted(told)
    return b.known * told + (1 - b.known) / (centre.DECIDING + 1)


def columns(shown: Gathered) -> Columns:
    """What the papers of every group say of the core and of each body."""
    return centre_evidence.columns(shown.archive, shown.tree, shown.groups, shown.ways, shown.seen, shown.bodies)


def _learnt(shown: Gathered, m: Masks) -> Chances:
    a, t, g, w, b = shown.archive, shown.tree, shown.groups, shown.ways, shown.bodies
    x, names = receipts.features(a, t, g, w, entered(a))
    p = receipts.weigh(path_chances(a, t, g, w, shown.seen), x, w.first, names)
    at_root = w.node == t.root
    inside = centre_chances(shown)
    as_one = np.zeros(g.number)
    as_one[w.group[at_root]] = p[at_root]
    # A single body beside the party, in groups without a party paper, may have decided itself unless it is a mask.
    first_paper = g.members[g.first[:-1]]
    alone = a.issuer[first_paper]
    whole = np.maximum.reduceat(a.issuer[g.members], g.first[:-1]) == np.minimum.reduceat(a.issuer[g.members], g.first[:-1])
    chance = m.chance[alone]
    himself = np.where(whole & ~np.isnan(chance), (1 - np.nan_to_num(chance)), 0.0)
    of = np.concatenate([w.group[~at_root], np.repeat(np.arange(g.number), inside.shape[1]), np.arange(g.number)])
    who = np.concatenate([w.node[~at_root], np.tile(np.r_[CORE, b.organ], g.number), alone])
    central = ((as_one * (1 - himself))[:, None] * inside).ravel()
    every = np.concatenate([(p * (1 - himself[w.group]))[~at_root], central, himself])
    return _ordered(g.number, of, who, every, as_one * (1 - himself))


def _lowest(t: Tree, w: Ways) -> Chances:
    """Without a rulebook: the lowest common superior, no chances."""
    n = w.lowest.size
    who = np.where(w.lowest == t.root, CENTRE_AS_ONE, w.lowest)
    return Chances(np.arange(n + 1), who, np.full(n, np.nan), np.where(w.lowest == t.root, 1.0, 0.0))


def _ordered(groups: int, of: Ints, who: Ints, chance: Floats, as_one: Floats) -> Chances:
    kept = chance > 1e-4
    of, who, chance = of[kept], who[kept], chance[kept]
    order = np.lexsort((who, -chance, of))
    of, who, chance = of[order], who[order], chance[order]
    return Chances(np.searchsorted(of, np.arange(groups + 1)), who, chance, as_one)
