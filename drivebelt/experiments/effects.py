"""What the arms of an experiment change: paired differences of every headline, with intervals over the seeds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from drivebelt.experiments.design import Experiment
from drivebelt.experiments.perform import Row
from drivebelt.experiments.validation import quantile


class Effect(NamedTuple):
    """Effect of an arm on one figure: medians of both, and the paired difference with the middle nine tenths of seeds."""

    arm: str
    figure: str
    """A headline, or a measure with its scope."""
    base: float
    value: float
    difference: float
    low: float
    high: float
    seeds: int


def effects(e: Experiment, rows: Sequence[Row], kind: str = "headlines") -> list[Effect]:
    """Paired differences of every arm from the first, seed by seed, in the `headlines` or in all `measures`."""
    base, *others = e.arms
    by = {(row["arm"], row["seed"]): row[kind] for row in rows}
    names = list(dict.fromkeys(name for row in rows for name in row[kind]))
    out = []
    for arm in others:
        for name in names:
            both = [
                (by[base, s].get(name), by[arm, s].get(name)) for s in range(1, e.seeds + 1) if (base, s) in by and (arm, s) in by
            ]
            pairs = [(a, b) for a, b in both if a is not None and b is not None]
            if pairs:
                gaps = sorted(b - a for a, b in pairs)
                plain, amended = (statistics.median(x) for x in zip(*pairs, strict=True))
                interval = (quantile(gaps, 0.05), quantile(gaps, 0.95))
                out.append(Effect(arm, name, plain, amended, statistics.median(gaps), *interval, len(pairs)))
    return out


def plot(e: Experiment, found: Sequence[Effect]) -> bytes:
    """Effects of every arm on the headlines, each with its interval, as PNG."""
    from drivebelt.report.drawing import finish, new_figure

    arms = list(dict.fromkeys(x.arm for x in found))
    names = list(dict.fromkeys(x.figure for x in found))
    drawn, axes = new_figure(0.5 + 0.34 * len(names) * max(1.0, 0.55 * len(arms)))
    for j, arm in enumerate(arms):
        for x in (x for x in found if x.arm == arm):
            scale = max(abs(x.base), 1e-9)
            y = names.index(x.figure) + (j - (len(arms) - 1) / 2) * 0.8 / max(len(arms), 1)
            axes.plot([x.low / scale, x.high / scale], [y, y], color=f"C{j}", lw=2, alpha=0.6)
            axes.plot(x.difference / scale, y, "o", color=f"C{j}", ms=5, label=arm if x.figure == found[0].figure else None)
    axes.axvline(0, color="#555555", lw=0.8)
    axes.set_xlim(-2, 2)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("difference from the plain rules, as a share of their value (dots: median of seeds; lines: nine tenths)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.12), ncols=3)
    return finish(drawn)
