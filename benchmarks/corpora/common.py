"""What measurements of the real corpora share: where the data lie, and intervals of small samples."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

Z90 = 1.6448536269514722
TIMES = 2000


def data(name: str) -> Path:
    """A folder of DRIVEBELT_DATA; ends with a clear word where it is not there."""
    place = Path(os.environ.get("DRIVEBELT_DATA", "")) / name
    if not os.environ.get("DRIVEBELT_DATA") or not place.is_dir():
        sys.exit(f"no {name}/ here: set DRIVEBELT_DATA to the folder that holds the third-party data (docs/real-data.md)")
    return place


def wilson(right: int, n: int, z: float = Z90) -> tuple[float, float]:
    """Wilson's interval (1927) of a share, 90 per cent."""
    if not n:
        return 0.0, 1.0
    p = right / n
    middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return float((middle - half) / (1 + z * z / n)), float((middle + half) / (1 + z * z / n))


def share(right: int, n: int) -> str:
    """A share with its interval, in words."""
    low, high = wilson(right, n)
    return f"{right} of {n} ({right / n:.2f}, {low:.2f} to {high:.2f})" if n else "none"


def auc(score: np.ndarray, above: np.ndarray) -> float:
    """Share of pairs (one above, one below) that `score` puts the right way round, ties half."""
    a, b = score[above], score[~above]
    return float((a[:, None] > b).mean() + (a[:, None] == b).mean() / 2) if a.size and b.size else float("nan")


def bootstrap(scores: dict[str, np.ndarray], above: np.ndarray, seed: int = 1) -> dict[str, np.ndarray]:
    """AUC of every score on the same resamples of the people, (TIMES,) each."""
    draw = np.random.default_rng(seed)
    out = {name: np.empty(TIMES) for name in scores}
    for k in range(TIMES):
        rows = draw.integers(0, above.size, above.size)
        for name, score in scores.items():
            out[name][k] = auc(score[rows], above[rows])
    return out


def ends(values: np.ndarray) -> str:
    """A 90 per cent interval from draws."""
    low, high = np.nanpercentile(values, [5, 95])
    return f"{low:.3f} to {high:.3f}"
