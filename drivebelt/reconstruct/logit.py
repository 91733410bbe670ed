"""Conditional logit: the chance of each hypothesis of a group, given its features; weights learnt on other seeds.

Hypotheses of a group share one sum of exponentials; the weights maximise the penalised likelihood by Newton's method, so the
chances are calibrated on what was learnt from. After McFadden's conditional logit.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.archive import Ints

Floats = npt.NDArray[np.float64]
BLOCK = 100_000
"""Rows taken at once, which bounds the memory of learning."""


def chances(x: Floats, first: Ints, weights: Floats, offset: Floats | None = None) -> Floats:
    """Chance of each row within its group; `x` (rows, features), `first` (groups + 1) where each begins."""
    if not x.shape[0]:
        return np.zeros(0)
    score = x @ weights + (0.0 if offset is None else offset)
    of = np.repeat(np.arange(first.size - 1), np.diff(first))
    score -= np.maximum.reduceat(score, first[:-1])[of]
    e = np.exp(score)
    return e / np.add.reduceat(e, first[:-1])[of]


def even(score: Floats) -> Floats:
    """[group, candidate]: chances where every group has as many candidates, from their scores."""
    e = np.exp(score - score.max(1, keepdims=True, initial=-np.inf))
    return e / np.maximum(e.sum(1, keepdims=True), 1e-300)


def fit(
    x: Floats, first: Ints, right: npt.NDArray[np.bool_], ridge: float = 1.0, counts: Floats | None = None, rounds: int = 30,
    offset: Floats | None = None,
) -> Floats:  # fmt: skip
    """Weights from rows of which exactly one a group is right. `ridge` is the penalty on squared weights, in groups; `counts`
    (groups,) what each group counts for, 1 where not given; `offset` (rows,) what is added to each score as it stands."""
    weights = np.zeros(x.shape[1])
    size = np.diff(first)
    each = np.ones(size.size) if counts is None else counts
    ends = np.unique(np.r_[0, np.searchsorted(first, np.arange(BLOCK, first[-1], BLOCK)), size.size])
    for _ in range(rounds):
        slope, curve = -ridge * weights, ridge * np.eye(x.shape[1])
        for a, b in pairwise(ends.tolist()):
            rows = slice(first[a], first[b])
            of, here = np.repeat(np.arange(b - a), size[a:b]), np.asarray(x[rows], np.float64)
            p = chances(here, first[a : b + 1] - first[a], weights, None if offset is None else offset[rows])
            slope += here.T @ (each[a:b][of] * (right[rows] - p))
            here -= np.add.reduceat(p[:, None] * here, first[a:b] - first[a], axis=0)[of]
            curve += (here * (each[a:b][of] * p)[:, None]).T @ here
        step = np.linalg.solve(curve, slope)
        step *= min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-12))
        weights = weights + step
        if np.abs(step).max() < 1e-6:
            break
    return weights
