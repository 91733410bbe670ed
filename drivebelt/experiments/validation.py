"""Validation: an ensemble of runs over the draws that fit, beside every documented figure; the half that was not fitted judges."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import NamedTuple

from drivebelt.experiments.design import Experiment, hypercube, parameters
from drivebelt.experiments.fitting import fitted
from drivebelt.experiments.perform import Progress, Row, collect, open_results, single
from drivebelt.experiments.targets import FIT, JUDGE, Target, targets

FIRST_SEED = 1001
"""Seeds of the ensemble begin here: fitting uses those below."""
KINDS = ("fitted", "prior", "default")


class Score(NamedTuple):
    """One documented figure beside the ensemble: median, middle nine tenths, and whether the figure lies in it."""

    name: str
    topic: str
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
    error: float | None
    """Error of the median, in [0, 1]."""
    reached: int
    """Runs that have the figure at all."""
    source: str


class Half(NamedTuple):
    """How one half fares: outcomes, how many lie in the interval, mean error of the median, median width of the interval."""

    outcomes: int
    inside: int
    error: float
    width: float


def member(experiment: dict[str, object], draws: str, number: int, runs: int) -> Row:
    """One run of the ensemble: draw `number` of its kind with a seed of its own."""
    e = Experiment(**experiment)  # type: ignore[arg-type]
    free = parameters(["all"])
    if draws == "fitted":
        values = fitted()[(number - 1) % len(fitted())]
    elif draws == "prior":
        shares = hypercube([p.name for p in free], runs, number)
        values = {p.name: p.at(shares[p.name]) for p in free}
    else:
        values = {}
    return {**single(e, next(iter(e.arms)), FIRST_SEED + number - 1, values), "number": number, "values": {}}


def validate(
    scenario: str, runs: int, scale: float, out: Path, draws: str = "fitted", workers: int | None = None,
    progress: Progress | None = None,
) -> list[Score]:  # fmt: skip
    """Runs the ensemble into `out` (what stands there is not run again) and scores every figure of the scenario.

    `draws`: `fitted`, the draws that fit; `prior`, a hypercube over all ranges; `default`, the values of the rulebook.
    """
    e = {"name": f"validation, {draws}", "arms": {"plain rules": []}, "scenario": scenario, "scale": scale}
    done = {row["number"]: row for row in open_results(out, {**e, "runs": runs})}
    todo = [(e, draws, n, runs) for n in range(1, runs + 1) if n not in done]
    for row in collect(out, member, todo, workers, progress):
        done[row["number"]] = row
    return [score(t, [done[n]["targets"].get(t.name) for n in sorted(done)]) for t in targets() if t.scenario == scenario]


def score(t: Target, values: list[float | None]) -> Score:
    """One figure beside the values of an ensemble."""
    have = sorted(v for v in values if v is not None)
    about = (t.name, t.topic, t.unit, t.kind, t.half, t.documented)
    if not have:
        return Score(*about, None, None, None, None, None, None, 0, t.cited)
    low, median, high = (quantile(have, q) for q in (0.05, 0.5, 0.95))
    if t.documented is None:
        return Score(*about, median, low, high, None, None, None, len(have), t.cited)
    width = (high - low) / max(abs(t.documented), t.floor) if t.documented or t.floor else None
    return Score(*about, median, low, high, low <= t.documented <= high, width, t.error(median), len(have), t.cited)


def quantile(values: list[float], q: float) -> float:
    """A quantile of sorted values, between neighbours by a straight line."""
    place = q * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


def summary(scores: list[Score]) -> dict[str, Half]:
    """How the fitting half and the judging half fare; a figure that no run reaches counts as missed."""
    out = {}
    for name in (FIT, JUDGE):
        judged = [s for s in scores if s.half == name and s.kind == "outcome" and s.documented is not None]
        if judged:
            widths = [s.width for s in judged if s.width is not None]
            errors = [1.0 if s.error is None else s.error for s in judged]
            inside = sum(bool(s.inside) for s in judged)
            out[name] = Half(len(judged), inside, statistics.fmean(errors), statistics.median(widths) if widths else 0.0)
    return out
