"""What moves the headlines: the share of each headline's variance that goes with each free parameter, over a hypercube of draws.

Two figures beside each other: the squared rank correlation, and the first-order index by random balance designs (SALib), which also
sees what is not monotone. A figure on which one parameter explains more than half is accounting, not a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from drivebelt.errors import BadInput
from drivebelt.experiments.design import Experiment
from drivebelt.experiments.headlines import HEADLINES
from drivebelt.experiments.perform import Row

LEAST_DRAWS = 20
_LOW = 0.05  # below and above this share a headline that is else one number has its odd draws


class Share(NamedTuple):
    """How much of a headline's variance goes with one parameter."""

    headline: str
    parameter: str
    rank: float
    """Squared rank correlation."""
    first_order: float | None
    """First-order index, corrected for the number of draws; None where SALib is not installed."""


def sensitivity(e: Experiment, rows: Sequence[Row], most: int = 3) -> list[Share]:
    """For every headline the parameters that explain most of its variance in the plain arm, the largest first.

    Raises BadInput for fewer than twenty draws, from which nothing can be told.
    """
    base = next(iter(e.arms))
    plain = [row for row in rows if row["arm"] == base]
    if len(plain) < LEAST_DRAWS:
        raise BadInput(f"sensitivity: {len(plain)} draws are too few; take at least {LEAST_DRAWS} seeds")
    names = sorted(plain[0]["values"])
    out = []
    for h in HEADLINES:
        have = [row for row in plain if row["headlines"][h.name] is not None]
        y = np.array([row["headlines"][h.name] for row in have])
        if len(have) < LEAST_DRAWS or np.quantile(y, _LOW) == np.quantile(y, 1.0 - _LOW):
            continue  # no variance to explain but that of a few odd draws
        x = np.array([[_one(row["values"][n]) for n in names] for row in have])
        ranks = _correlations(x, y) ** 2
        first = first_order(x, y)
        order = sorted(range(len(names)), key=lambda j: (-max(ranks[j], first[j] if first is not None else 0.0), names[j]))
        out += [Share(h.name, names[j], float(ranks[j]), None if first is None else float(first[j])) for j in order[:most]]
    return out


def first_order(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64] | None:
    """First-order indices of the columns of `x` (draws, parameters) for `y` (draws,), between 0 and 1; None without SALib."""
    try:
        from SALib.analyze import rbd_fast
    except ImportError:
        return None
    problem = {"num_vars": x.shape[1], "names": [str(j) for j in range(x.shape[1])], "bounds": [[0, 1]] * x.shape[1]}
    found = rbd_fast.analyze(problem, x, y, M=4, num_resamples=2, seed=1)
    return np.clip(np.nan_to_num(np.array(found["S1"])), 0.0, 1.0)


def _one(value: float | dict[str, float]) -> float:
    """A table moves as one, so that its first entry tells where it stands."""
    return next(iter(value.values())) if isinstance(value, dict) else value


def _correlations(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Rank correlation of every column with `y`."""
    a, b = _ranks(x), _ranks(y[:, None])
    a, b = a - a.mean(0), b - b.mean(0)
    size = np.sqrt((a * a).sum(0) * (b * b).sum(0))
    return np.divide((a * b).sum(0), size, out=np.zeros(a.shape[1]), where=size > 0)


def _ranks(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.argsort(np.argsort(x, axis=0, kind="stable"), axis=0, kind="stable").astype(np.float64)
