"""What an experiment shows: effects of its arms, checks that the mechanics are alive, and what moves the headlines."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from drivebelt.headlines import HEADLINES

if TYPE_CHECKING:
    from drivebelt.experiments import Experiment


class Effect(NamedTuple):
    """Effect of an arm on one headline: medians of both, and the paired difference with the middle nine tenths of seeds."""

    arm: str
    headline: str
    base: float
    value: float
    difference: float
    low: float
    high: float
    seeds: int


def effects(e: Experiment, rows: Sequence[dict[str, Any]]) -> list[Effect]:
    """Paired differences of every arm from the first, seed by seed."""
    base, *others = e.arms
    by = {(row["arm"], row["seed"]): row for row in rows}
    out = []
    for arm in others:
        for h in HEADLINES:
            pairs = [
                (by[base, s][h.name], by[arm, s][h.name])
                for s in range(1, e.seeds + 1)
                if (base, s) in by and (arm, s) in by and by[base, s][h.name] is not None and by[arm, s][h.name] is not None
            ]
            if not pairs:
                continue
            gaps = sorted(b - a for a, b in pairs)
            out.append(
                Effect(
                    arm, h.name, statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs),
                    statistics.median(gaps), _quantile(gaps, 0.05), _quantile(gaps, 0.95), len(pairs),
                )
            )  # fmt: skip
    return out


def _quantile(values: list[float], q: float) -> float:
    place = q * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


class Check(NamedTuple):
    """Something that must differ if the mechanism is alive: by how many pairs of runs it holds."""

    name: str
    arm: str
    holds: Callable[[dict[str, Any], dict[str, Any]], bool]
    """(plain run, run of the arm) -> whether it holds; for the plain arm both are the same."""


PLAIN, _MOVED = "plain rules", "moved-general-secretary"
_RISE, _LAST, _OWED = (
    f"{x}"
    for x in ("dependence of secretaries, rise", "dependence of secretaries, last year", "posts owed by officials, last year")
)
_APPARATUS, _FIRST_NO, _LAST_NO = "apparatus among delegates, rise", "delegates against, first", "delegates against, last"
_REFUSED, _SETTLED, _BENT = "proposals refused by the Politburo", "settled before, Politburo", "bent, Politburo"
_CIRCLE = "days to the first circle"


def _by_direction(_: dict[str, Any], run: dict[str, Any]) -> bool:
    return bool(
        run[_RISE] > 0
        and run[_APPARATUS] > 0
        and run[f"{_SETTLED}, rise"] > 0
        and run[f"{_BENT}, rise"] > 0
        and run[_LAST_NO] < run[_FIRST_NO]
    )


def _later(plain: dict[str, Any], run: dict[str, Any]) -> bool:
    """No circle at all counts as later than any."""
    return bool(run[_CIRCLE] is None or (plain[_CIRCLE] is not None and run[_CIRCLE] > plain[_CIRCLE]))


CHECKS = (
    Check("secretaries' dependence rises", PLAIN, lambda a, b: b[_RISE] > 0),
    Check("secretaries' dependence rises by .15", PLAIN, lambda a, b: b[_RISE] >= 0.15),
    Check("apparatus among delegates rises", PLAIN, lambda a, b: b[_APPARATUS] > 0),
    Check("apparatus among delegates rises by ten points", PLAIN, lambda a, b: b[_APPARATUS] >= 0.10),
    Check("share settled before rises", PLAIN, lambda a, b: b[f"{_SETTLED}, rise"] > 0),
    Check("share bent rises", PLAIN, lambda a, b: b[f"{_BENT}, rise"] > 0),
    Check("more than one decision in twenty of the Politburo is bent", PLAIN, lambda a, b: b[_BENT] > 0.05),
    Check("delegates against fall", PLAIN, lambda a, b: b[_LAST_NO] < b[_FIRST_NO]),
    Check("delegates against fall by half", PLAIN, lambda a, b: b[_LAST_NO] <= 0.5 * b[_FIRST_NO]),
    Check("delegates against at most 5 per cent at the end", PLAIN, lambda a, b: b[_LAST_NO] <= 0.05),
    Check("all five by direction", PLAIN, _by_direction),
    Check("elected secretaries: no post owed, no rise", "elected-secretaries", lambda a, b: b[_OWED] == 0 and b[_RISE] < 0.03),
    Check("elected secretaries: more delegates against", "elected-secretaries", lambda a, b: b[_LAST_NO] > a[_LAST_NO]),
    Check("elected secretaries: apparatus rises less", "elected-secretaries", lambda a, b: b[_APPARATUS] < a[_APPARATUS]),
    Check("secret ballot: more delegates against", "secret-ballot", lambda a, b: b[_LAST_NO] > a[_LAST_NO]),
    Check("secret ballot: dependence does not move", "secret-ballot", lambda a, b: abs(b[_RISE] - a[_RISE]) < 0.02),
    Check("healthy leader: the circle forms later or never", "healthy-leader", _later),
    Check("healthy leader: fewer decisions settled before", "healthy-leader", lambda a, b: b[_SETTLED] < a[_SETTLED]),
    Check("another head: the same rise of dependence", _MOVED, lambda a, b: abs(b[_RISE] - a[_RISE]) < 0.05),
    Check("another head: the same rise of apparatus", _MOVED, lambda a, b: abs(b[_APPARATUS] - a[_APPARATUS]) < 0.10),
    Check("no ties, no fear: the Politburo refuses more than one in twenty", "no-ties-no-fear", lambda a, b: b[_REFUSED] > 0.05),
    Check("no ties, no fear: more delegates against", "no-ties-no-fear", lambda a, b: b[_LAST_NO] > a[_LAST_NO]),
)


def checks(e: Experiment, rows: Sequence[dict[str, Any]], seeds: Collection[int] | None = None) -> list[tuple[str, int, int]]:
    """(check, pairs in which it holds, pairs) for the checks whose arms the experiment has; over all draws, or those of `seeds`."""
    by = {(row["arm"], row["seed"]): row for row in rows}
    base = next(iter(e.arms))
    out = []
    for check in CHECKS:
        arm = base if check.arm == PLAIN else check.arm
        chosen = range(1, e.seeds + 1) if seeds is None else sorted(seeds)
        pairs = [(by[base, s], by[arm, s]) for s in chosen if (base, s) in by and (arm, s) in by]
        if pairs:
            out.append((check.name, sum(check.holds(a, b) for a, b in pairs), len(pairs)))
    return out


def sensitivity(e: Experiment, rows: Sequence[dict[str, Any]], headline: str) -> list[tuple[str, float]]:
    """Squared rank correlation of each varied assumption with a headline of the plain arm, the largest first."""
    base = next(iter(e.arms))
    plain = [row for row in rows if row["arm"] == base and row[headline] is not None]
    if len(plain) < 3:
        return []
    names = sorted(plain[0]["values"])
    wanted = _ranks([row[headline] for row in plain])
    return sorted(
        ((n, _correlation(_ranks([row["values"][n] for row in plain]), wanted) ** 2) for n in names), key=lambda x: (-x[1], x[0])
    )


def _ranks(values: list[float]) -> list[float]:
    order = sorted(range(len(values)), key=lambda i: (values[i], i))
    out = [0.0] * len(values)
    for rank, i in enumerate(order):
        out[i] = float(rank)
    return out


def _correlation(a: list[float], b: list[float]) -> float:
    return statistics.correlation(a, b)


def plot(e: Experiment, found: Sequence[Effect]) -> bytes:
    """Effects of every arm on the headlines, each with its interval, as PNG."""
    from drivebelt.plots import finish, new_figure

    arms = list(dict.fromkeys(x.arm for x in found))
    names = [h.name for h in HEADLINES if any(x.headline == h.name for x in found)]
    drawn, axes = new_figure(0.5 + 0.34 * len(names) * max(1.0, 0.55 * len(arms)))
    for j, arm in enumerate(arms):
        for x in (x for x in found if x.arm == arm):
            scale = max(abs(x.base), 1e-9)
            y = names.index(x.headline) + (j - (len(arms) - 1) / 2) * 0.8 / max(len(arms), 1)
            axes.plot([x.low / scale, x.high / scale], [y, y], color=f"C{j}", lw=2, alpha=0.6)
            axes.plot(x.difference / scale, y, "o", color=f"C{j}", ms=5, label=arm if x.headline == found[0].headline else None)
    axes.axvline(0, color="#555555", lw=0.8)
    axes.set_xlim(-2, 2)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("difference from the plain rules, as a share of their value (dots: median of seeds; lines: nine tenths)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.12), ncols=3)
    return finish(drawn)
