"""Figures of a score: grouping, calibration, loss, and what is right among what is answered."""

from __future__ import annotations

import numpy as np

from drivebelt.reconstruct.archive import Ints
from drivebelt.reconstruct.evidence import Floats

BINS = 10
LEASTS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Chances at which the abstention curve is taken."""
LUCK_DRAWS = 100
"""Draws of what is right, to find how much of a calibration error is luck."""
LEAST = 1e-4
"""Chance that a truth outside the hypotheses counts with in the log loss."""


def b_cubed(found: Ints, true: Ints) -> dict[str, float]:
    """Precision, recall and F1 of a grouping, averaged over its members (Bagga and Baldwin 1998)."""
    if not found.size:
        return {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    _, f, many_f = np.unique(found, return_inverse=True, return_counts=True)
    _, t, many_t = np.unique(true, return_inverse=True, return_counts=True)
    _, both, many = np.unique(f * (t.max() + 1) + t, return_inverse=True, return_counts=True)
    precision, recall = float((many[both] / many_f[f]).mean()), float((many[both] / many_t[t]).mean())
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall)}


def false_cascades(found: Ints, true: Ints) -> dict[str, float | int]:
    """Cascades that are none: `mixed`, in which no order has most of the papers, and `beside` the one that holds most of their
    order; `share` is both of all. `found` and `true` name the cascade and the order of each paper that carries one."""
    papers = np.bincount(found)
    pairs, many = np.unique(np.stack([found, true], 1), axis=0, return_counts=True)
    main = np.zeros(papers.size, np.int64)
    np.maximum.at(main, pairs[:, 0], many)
    mixed = main * 2 <= papers
    order = np.lexsort((pairs[:, 0], -many, pairs[:, 1]))
    orders, first = np.unique(pairs[order, 1], return_index=True)
    home = np.zeros(papers.size, bool)
    home[pairs[order, 0][first]] = True  # where most papers of some order are
    return {
        "cascades": int(papers.size), "orders": int(orders.size), "mixed": int(mixed.sum()), "beside": int((~home & ~mixed).sum()),
        "share": float((mixed | ~home).mean()) if papers.size else 0.0,
    }  # fmt: skip


def calibration(chance: Floats, right: np.ndarray, weight: Floats | None = None) -> float:
    """Expected calibration error over ten equal bins of chance."""
    if not chance.size:
        return 0.0
    w = np.ones(chance.size) if weight is None else weight
    at = np.minimum((chance * BINS).astype(int), BINS - 1)
    gap = np.abs(np.bincount(at, w * chance, BINS) - np.bincount(at, w * right, BINS))
    return float(gap.sum() / w.sum())


def luck(chance: Floats, of: Ints) -> float:
    """Calibration error that chances which are exactly right still leave in the mean, where what has the same `of` has one chance
    and is right or wrong together: few orders hold most papers of a run."""
    groups, first, many = np.unique(of, return_index=True, return_counts=True)
    p, weight = chance[first], many.astype(float)
    drawn = np.random.default_rng(0).random((LUCK_DRAWS, groups.size)) < p
    return float(np.mean([calibration(p, right, weight) for right in drawn]))


def log_loss(chance: Floats, true: np.ndarray) -> float | None:
    """Mean negative logarithm of the chance given to what was so, yes or no; None without cases."""
    kept = np.clip(np.where(true, chance, 1 - chance), LEAST, 1.0)
    return float(-np.log(kept).mean()) if kept.size else None


def share(right: np.ndarray, among: np.ndarray) -> float | None:
    """Share of right ones among some; None where these are none."""
    return float(right[among].mean()) if among.any() else None


def reliability(chance: Floats, right: np.ndarray) -> list[list[float]]:
    """Ten equal bins of chance: cases, sum of chances, how many were right. Bins of several runs add up."""
    at = np.minimum((chance * BINS).astype(int), BINS - 1)
    sums = (np.bincount(at, minlength=BINS), np.bincount(at, chance, BINS), np.bincount(at, right, BINS))
    return [[int(n), round(float(c), 3), int(r)] for n, c, r in zip(*sums, strict=True)]


def abstention(chance: Floats, right: np.ndarray) -> list[list[float | None]]:
    """The abstention curve: least chance told, share of inferences told at it and more, and the share of these that is right."""
    out: list[list[float | None]] = []
    for least in LEASTS:
        told = answered(chance, right, least)
        out.append([least, told["answered"], told["right"]])
    return out


def answered(chance: Floats, right: np.ndarray, least: float = 0.8) -> dict[str, float | int | None]:
    """Share of inferences given at a chance and more, and how many of these are right."""
    given = chance >= least
    n = int(given.sum())
    return {
        "answered": float(given.mean()) if chance.size else 0.0,
        "right": float(right[given].mean()) if n else None,
        "number": n,
    }


def detection(claimed: np.ndarray, true: np.ndarray) -> dict[str, float | int | None]:
    """Precision, recall and F1 of a claim, with counts of false alarms."""
    both, c, t = int((claimed & true).sum()), int(claimed.sum()), int(true.sum())
    return {
        "precision": both / c if c else None, "recall": both / t if t else None, "f1": 2 * both / (c + t) if c + t else None,
        "claimed": c, "true": t, "false_alarms": c - both,
    }  # fmt: skip


def auc(score: Floats, true: np.ndarray) -> float | None:
    """Chance that a true case is ranked above a false one, ties for a half."""
    if not true.any() or true.all():
        return None
    _, at, many = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(many) - (many - 1) / 2)[at]
    n = int(true.sum())
    return float((rank[true].sum() - n * (n + 1) / 2) / (n * (true.size - n)))


def losses(of: Ints, who: Ints, chance: Floats, groups: int, true: Ints, weight: Floats) -> dict[str, float]:
    """Log loss and Brier score of distributions over hypotheses (rows of `of`, `who`, `chance`) against `true[group]`."""
    hit = who == true[of]
    right = np.bincount(of, chance * hit, groups)
    squares = np.bincount(of, chance**2, groups)
    total = float(weight.sum()) or 1.0
    return {
        "log_loss": float(-(weight * np.log(np.maximum(right, LEAST))).sum() / total),
        "brier": float((weight * (squares - 2 * right + 1)).sum() / total),
    }
