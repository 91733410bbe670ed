"""Whether testimony helps to name who decided, and whether each statement was weighed rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt.reconstruct import testimony
from drivebelt.reconstruct.archive import NONE, Ints
from drivebelt.reconstruct.engine import Chances, Inference, unheard
from drivebelt.reconstruct.scoring import figures
from drivebelt.reconstruct.scoring.truth import Truth, of_groups

if TYPE_CHECKING:
    from drivebelt.reconstruct.result import Reconstruction

NAME = "testimony"
"""Where its figures stand in a score."""


def score(found: Reconstruction, f: Inference, true: Truth) -> dict[str, Any] | None:
    """Figures over the cascades of which a witness speaks: the answer with and without them, and beside taking at its word the
    nearest witness, or the one who speaks against his tendency. None where there is no testimony or nothing can be told."""
    a, g = f.archive, f.groups
    s = testimony.read(a, f.tree)
    if not s.many or not f.learnt or f.silent or not g.number:
        return None
    who = of_groups(g.first, g.members, true.who)
    at = np.where(s.paper >= 0, g.of[np.maximum(s.paper, 0)], NONE)
    heard = np.flatnonzero((at >= 0) & (s.says != NONE))
    groups = np.unique(at[heard])
    if not groups.size:
        return None
    right = s.says[heard] == who[at[heard]]
    bare = unheard(f)
    out: dict[str, Any] = {"statements": s.many, "cascades": int(groups.size), "ways": {}}
    for name, c in (("papers alone", bare), ("papers and testimony", f.chances)):
        out["ways"][name] = _figures(c, groups, who)
    for name, order in (
        ("the nearest witness", np.lexsort((s.number[heard], s.years[heard], s.claims[heard], at[heard]))),
        ("the first against his tendency", np.lexsort((s.number[heard], s.claims[heard], ~s.against[heard], at[heard]))),
    ):  # fmt: skip
        _, first = np.unique(at[heard][order], return_index=True)
        out["ways"][name] = {"right": float(right[order][first].mean()), "log_loss": None, "calibration": None}
    chance = found.statements["chance"].fill_null(0.0).to_numpy()[heard]
    out["statement"] = {
        "true": float(right.mean()),
        "true_against": figures.share(right, s.against[heard]), "true_along": figures.share(right, ~s.against[heard]),
        "auc_of_weight": figures.auc(testimony.times(s)[heard], right), "auc": figures.auc(chance, right),
        "calibration": figures.calibration(chance, right),
    }  # fmt: skip
    return out


def _figures(c: Chances, groups: Ints, who: Ints) -> dict[str, Any]:
    head = c.first[:-1][groups]
    of = np.repeat(np.arange(who.size), np.diff(c.first))
    hit = np.bincount(of, c.chance * (c.who == who[of]), who.size)[groups]
    right = c.who[head] == who[groups]
    return {
        "right": float(right.mean()), "log_loss": float(-np.log(np.maximum(hit, figures.LEAST)).mean()),
        "calibration": figures.calibration(c.chance[head], right),
    }  # fmt: skip


def lines(s: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Name and figures of each line of the table for a reader."""
    if s is None:
        return []

    def cells(row: dict[str, Any], *names: str) -> str:
        return "  ".join("-" if row[n] is None else f"{row[n]:.3f}" for n in names)

    out = [("statements; cascades of which a witness speaks", f"{s['statements']:,}  {s['cascades']:,}")]
    for name, row in s["ways"].items():
        out.append((f"author right there, {name}; log loss; calibration error", cells(row, "right", "log_loss", "calibration")))
    out.append(("statement true: all, against, along its tendency", cells(s["statement"], "true", "true_against", "true_along")))
    out.append(("statement true, ranking (AUC): its weight, with the papers; calibration", cells(s["statement"], "auc_of_weight", "auc", "calibration")))  # fmt: skip # noqa: E501
    return out
