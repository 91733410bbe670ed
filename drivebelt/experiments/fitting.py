"""Fitting: which values of the free parameters agree with the documented figures of the half that may be used for it.

Approximate Bayesian computation by rejection and one population step: a Latin hypercube over the ranges of all assumptions, one
run a point, the best tenth kept; then points about those kept, and the best again. The error of a point is the mean error over the
figures of the fitting half (see `targets`); the judging half is never looked at. The draws that fit ship as `fitted.json`, so that
every validation and every headline is reported over all of them, not for one.
"""

from __future__ import annotations

import json
import statistics
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from drivebelt.experiments.design import Experiment, Values, fraction, hypercube, parameters
from drivebelt.experiments.perform import Progress, Row, collect, open_results, single
from drivebelt.experiments.targets import FIT, JUDGE, targets

KEPT = 20
"""Draws that are shipped as fitting."""
SPREAD = 0.3
"""Width of the second population about a kept point, as a share of a parameter's range."""


def error(row: Row, half: str) -> float:
    """Mean error over the outcomes of one half that have a documented value."""
    used = [t for t in targets() if t.half == half and t.judged and t.name in row["targets"]]
    return statistics.fmean(t.error(row["targets"][t.name]) for t in used)


def at_shares(experiment: dict[str, Any], number: int, shares: dict[str, float]) -> Row:
    """The run of one point: every free parameter at its share of the way through its range."""
    e = Experiment(**experiment)
    free = {p.name: p for p in parameters(["all"])}
    row = single(e, next(iter(e.arms)), number, {name: free[name].at(share) for name, share in shares.items()})
    return {**row, "number": number, "shares": shares}


def fit(
    out: Path, points: int, scale: float, workers: int | None = None, progress: Progress | None = None, cluster: str | None = None
) -> list[Row]:
    """Runs both populations (`points` and half as many more) into `out` and returns the kept rows, the best first."""
    e = Experiment("fitting", {"plain rules": []}, seeds=points, scale=scale)
    plain = {"name": e.name, "arms": e.arms, "seeds": points, "scale": scale}
    done = {row["number"]: row for row in open_results(out, plain)}
    names = [p.name for p in parameters(["all"])]
    first = {n: hypercube(names, points, n) for n in range(1, points + 1)}
    for row in collect(out, at_shares, [(plain, n, s) for n, s in first.items() if n not in done], workers, progress, cluster):
        done[row["number"]] = row
    parents = best([done[n] for n in first if n in done], max(points // 10, 1))
    second = {n: _near(parents[(n - points - 1) % len(parents)], n) for n in range(points + 1, points + points // 2 + 1)}
    for row in collect(out, at_shares, [(plain, n, s) for n, s in second.items() if n not in done], workers, progress, cluster):
        done[row["number"]] = row
    return best([done[n] for n in (*first, *second) if n in done], KEPT)


def best(rows: list[Row], n: int) -> list[Row]:
    """The rows with the least error on the fitting half; ties by their number."""
    return sorted(rows, key=lambda row: (error(row, FIT), row["number"]))[:n]


def _near(parent: Row, number: int) -> dict[str, float]:
    """A point about a kept one, reflected into the ranges."""
    out = {}
    for name, share in parent["shares"].items():
        moved = abs(share + SPREAD * (fraction(f"{name}:{number}") - 0.5))
        out[name] = min(moved, 2.0 - moved - 1e-9) if moved >= 1.0 else moved
    return out


def ship(kept: list[Row], place: Path) -> None:
    """Writes the draws that fit, with their errors on both halves."""
    content = [
        {"fit": round(error(row, FIT), 4), "judge": round(error(row, JUDGE), 4), "values": _rounded(row["values"])} for row in kept
    ]
    place.write_text("[\n" + ",\n".join(json.dumps(c, sort_keys=True) for c in content) + "\n]\n")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(v) for key, v in value.items()}
    return float(f"{value:.6g}") if isinstance(value, float) else value


@cache
def fitted() -> list[Values]:
    """The shipped draws that fit, the best first."""
    return [content["values"] for content in json.loads(files("drivebelt.experiments").joinpath("fitted.json").read_text())]
