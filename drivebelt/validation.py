"""Validation: an ensemble of runs beside every documented figure.

Figures are split in two by a hash of their names, once and for all: one half may be used to fit free parameters, the other judges.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple


class Score(NamedTuple):
    """One documented figure beside the ensemble: median, middle nine tenths, and whether the figure lies in it."""

    name: str
    unit: str
    kind: str
    half: str
    documented: float | None
    median: float | None
    low: float | None
    high: float | None
    inside: bool | None
    width: float | None
    """Width of the interval against the documented value."""
    source: str


def half(name: str) -> str:
    """`fit` or `judge`, by the first bit of the SHA-256 of the name."""
    return "fit" if hashlib.sha256(name.encode()).digest()[0] < 128 else "judge"


def one(scenario: str, scale: float, seed: int) -> list[dict[str, Any]]:
    """The documented figures beside one run."""
    from drivebelt.findings import anchors
    from drivebelt.results import Run
    from drivebelt.runner import Settings, execute

    folder = Path(tempfile.mkdtemp(prefix="drivebelt-validate-"))
    try:
        return anchors(Run(execute(Settings(scenario, seed, scale=scale), folder / "run")))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def validate(
    scenario: str, runs: int, scale: float, workers: int | None = None, progress: Callable[[int, int], None] | None = None
) -> list[Score]:
    """Runs the ensemble (seeds 1 to `runs`) and scores every figure."""
    by_seed: dict[int, list[dict[str, Any]]] = {}
    with ProcessPoolExecutor(max_workers=workers or os.cpu_count()) as pool:
        work = {pool.submit(one, scenario, scale, seed): seed for seed in range(1, runs + 1)}
        for n, finished in enumerate(as_completed(work), start=1):
            by_seed[work[finished]] = finished.result()
            if progress:
                progress(n, runs)
    ensemble = [by_seed[seed] for seed in sorted(by_seed)]
    return [_score([figures[i] for figures in ensemble]) for i in range(len(ensemble[0]))]


def _score(figures: list[dict[str, Any]]) -> Score:
    a = figures[0]
    values = sorted(f["run"] for f in figures if f["run"] is not None)
    documented = None if a["documented"] is None else float(a["documented"])
    if not values:
        return Score(a["name"], a["unit"], a["kind"], half(a["name"]), documented, None, None, None, None, None, a["source"])
    low, median, high = (_quantile(values, q) for q in (0.05, 0.5, 0.95))
    inside = None if documented is None else low <= documented <= high
    width = None if not documented else (high - low) / abs(documented)
    return Score(a["name"], a["unit"], a["kind"], half(a["name"]), documented, median, low, high, inside, width, a["source"])


def _quantile(values: list[float], q: float) -> float:
    place = q * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


def summary(scores: list[Score]) -> dict[str, tuple[int, int]]:
    """By half: how many outcomes lie in the interval, of how many that have a documented value."""
    out = {}
    for name in ("fit", "judge"):
        judged = [s for s in scores if s.half == name and s.kind == "outcome" and s.inside is not None]
        out[name] = (sum(bool(s.inside) for s in judged), len(judged))
    return out
