"""How right the chances are that a paper belongs to the cascade it is put into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt.reconstruct.archive import Ints
from drivebelt.reconstruct.scoring import figures
from drivebelt.reconstruct.scoring.truth import Truth

if TYPE_CHECKING:
    from drivebelt.reconstruct.engine import Inference
    from drivebelt.reconstruct.result import Reconstruction

NAME = "membership"
DOUBTFUL = 0.9


def belongs(cascade: Ints, order: Ints) -> np.ndarray:
    """For each paper whether its order is the commonest of its cascade, and its cascade the one that holds most papers of its
    order (the oldest among equals). `cascade` and `order` name those of each paper."""
    if not cascade.size:
        return np.zeros(0, bool)
    pairs, at, many = np.unique(np.stack([cascade, order], 1), axis=0, return_inverse=True, return_counts=True)
    best = np.ones(pairs.shape[0], bool)
    for column in (0, 1):
        rank = np.lexsort((pairs[:, 1 - column], -many, pairs[:, column]))
        head = np.unique(pairs[rank, column], return_index=True)[1]
        first = np.zeros(pairs.shape[0], bool)
        first[rank[head]] = True
        best &= first
    return best[at.ravel()]


def score(found: Reconstruction, f: Inference, true: Truth) -> dict[str, Any] | None:
    """Calibration, loss and ranking of membership by paper, and whether the number of orders lies in the interval of draws; None
    where no membership was told. Papers made up later carry out no order and are left out; which papers are false is told apart."""
    told = found.documents["membership"] if "membership" in found.documents.column_names else None
    if told is None or told.null_count == len(told):
        return None
    rows = np.flatnonzero(f.acts & (true.matter >= 0))
    chance = told.fill_null(1.0).to_numpy()[rows]
    order = true.matter[rows]
    right = belongs(f.groups.of[rows], order)
    doubtful = chance < DOUBTFUL
    drawn, orders = found.info.get("cascades_drawn"), int(np.unique(order).size)
    return {
        "right": float(right.mean()), "mean_chance": float(chance.mean()), "error": figures.calibration(chance, right),
        "log_loss": figures.log_loss(chance, right), "log_loss, one chance for all": _flat(right),
        "auc": figures.auc(chance, right),
        "doubtful": int(doubtful.sum()), "doubtful_right": figures.share(right, doubtful),
        "doubtful_chance": float(chance[doubtful].mean()) if doubtful.any() else None,
        "reliability": figures.reliability(chance, right), "cascades": f.groups.number, "orders": orders, "drawn": drawn,
        "holds": bool(drawn["low"] <= orders <= drawn["high"]) if drawn else None,
    }  # fmt: skip


def _flat(right: np.ndarray) -> float | None:
    return figures.log_loss(np.full(right.size, right.mean()), right)


def lines(said: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Name and figures for a reader."""
    if said is None:
        return []

    def cell(value: float | None) -> str:
        return "-" if value is None else f"{value:.4f}"

    out = [
        (
            "membership of a cascade: right, mean chance; calibration error, log loss (one chance for all), ranking (AUC)",
            f"{said['right']:.4f}, {said['mean_chance']:.4f}; {cell(said['error'])}, {cell(said['log_loss'])} "
            f"({cell(said['log_loss, one chance for all'])}), {cell(said['auc'])}",
        ),
        (
            "membership below 90 per cent: papers, mean chance, right",
            f"{said['doubtful']:,}, {cell(said['doubtful_chance'])}, {cell(said['doubtful_right'])}",
        ),
    ]
    if drawn := said["drawn"]:
        out.append(
            (
                "cascades: found; in draws, with the interval of nine of ten; orders there are",
                f"{said['cascades']:,}; {drawn['mean']:,.0f} ({drawn['low']:,.0f} to {drawn['high']:,.0f}); {said['orders']:,}",
            )
        )
    return out
