"""Experiments: pairs of runs that differ in their rules and share their draws, over many seeds, in parallel processes.

An experiment is a YAML file (or a list of shipped amendments) with arms; every arm runs with the same seeds, so that the difference
of an arm from the first, seed by seed, is the effect of its rules. Results are kept one line a run: an interrupted experiment goes
on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from drivebelt.errors import BadInput
from drivebelt.guarded import read_file
from drivebelt.rulebook import load

_KEYS = ("name", "scenario", "scale", "seeds", "from", "to", "arms", "without", "vary")


class Headline(NamedTuple):
    """One number a run is judged by: the mean of a measure over its first or last year, or the difference of the two."""

    name: str
    measure: str
    scope: str
    window: str  # first | last | rise | all


HEADLINES = (
    Headline("dependence of secretaries, rise", "dependence", "secretaries", "rise"),
    Headline("dependence of secretaries, last year", "dependence", "secretaries", "last"),
    Headline("posts owed by officials, last year", "posts-owed", "officials", "last"),
    Headline("apparatus among delegates, rise", "apparatus-share", "", "rise"),
    Headline("delegates against, first", "delegates-against", "", "first"),
    Headline("delegates against, last", "delegates-against", "", "last"),
    Headline("votes against in the Politburo", "votes-against", "Politburo of the CC", "all"),
    Headline("proposals refused by the Politburo", "rejected", "Politburo of the CC", "all"),
    Headline("settled before, Politburo", "decided-before", "Politburo of the CC", "all"),
    Headline("bent, Politburo", "bent", "Politburo of the CC", "all"),
    Headline("members at the end", "members", "party", "last"),
    Headline("distance of members from the course, last", "members-from-course", "party", "last"),
    Headline("acts without paper at the centre", "oral-share", "centre", "all"),
    Headline("days to the uezd", "lag", "uezd", "all"),
    Headline("returned in time from the provinces", "returned-in-time", "gubernia", "all"),
)


@dataclass
class Experiment:
    """What is run: arms (name -> amendments), seeds, and the part of the scenario."""

    name: str
    arms: dict[str, list[str]]
    seeds: int = 10
    scenario: str = "1922-1928"
    scale: float = 0.01
    start: str | None = None
    end: str | None = None
    without: list[str] = field(default_factory=list)
    vary: list[str] = field(default_factory=list)
    """Fields of assumptions whose single numbers are drawn anew for each seed, the same for all arms."""


def read(path: Path) -> Experiment:
    """An experiment from its file. BadInput names the key; amendments are checked before anything runs."""
    raw = read_file(path)
    if not isinstance(raw, dict):
        raise BadInput(f"{path}: an experiment is a table with {', '.join(_KEYS)}")
    for key in raw:
        if key not in _KEYS:
            raise BadInput(f"{path}: {key}: unknown key; there are {', '.join(_KEYS)}")
    arms = raw.get("arms")
    if not isinstance(arms, dict) or len(arms) < 1:
        raise BadInput(f"{path}: arms: a table of name: [amendments]; the first is what the others are compared with")
    for name, amendments in arms.items():
        if not isinstance(amendments, list):
            raise BadInput(f"{path}: arms.{name}: a list of amendments, empty for the plain rules")
        load([str(a) for a in amendments])
    seeds = raw.get("seeds", 10)
    if not isinstance(seeds, int) or isinstance(seeds, bool) or not 1 <= seeds <= 10_000:
        raise BadInput(f"{path}: seeds: a whole number from 1 to 10000")
    dates = {ours: str(raw[theirs]) if raw.get(theirs) else None for ours, theirs in (("start", "from"), ("end", "to"))}
    return Experiment(
        str(raw.get("name", path.stem)), {str(n): [str(a) for a in given] for n, given in arms.items()}, seeds,
        str(raw.get("scenario", "1922-1928")), float(raw.get("scale", 0.01)), without=list(raw.get("without", [])),
        vary=list(raw.get("vary", [])), **dates,
    )  # fmt: skip


def drawn(e: Experiment, seed: int) -> dict[str, float]:
    """Values of the varied assumptions for one seed: a Latin hypercube over their ranges, from hashes alone."""
    if not e.vary:
        return {}
    out = {}
    for name, rule in load().parameters().items():
        value = rule.values[-1][1]
        if rule.mechanism in e.vary and len(rule.values) == 1 and isinstance(rule.range, list) and not isinstance(value, bool):
            order = sorted(range(1, e.seeds + 1), key=lambda s: _hash(f"{name}:{s}"))
            low, high = rule.range
            x = low + (high - low) * (order.index(seed) + _hash(f"{name}:{seed}:within")) / e.seeds
            out[name] = int(x) if rule.type == "integer" else x
    return out


def _hash(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48


def headlines(measures: list[dict[str, Any]]) -> dict[str, float | None]:
    """The headline numbers of one run from its table of measures."""
    return {h.name: _headline(measures, h) for h in HEADLINES}


def _headline(measures: list[dict[str, Any]], h: Headline) -> float | None:
    rows = sorted((m["day"], m["value"]) for m in measures if m["measure"] == h.measure and h.scope in ("", m["scope"]))
    if not rows:
        return None
    if h.window == "all":
        return statistics.fmean(v for _, v in rows)
    first_year, last_year = str(rows[0][0])[:4], str(rows[-1][0])[:4]
    first = statistics.fmean(v for day, v in rows if str(day)[:4] == first_year)
    last = statistics.fmean(v for day, v in rows if str(day)[:4] == last_year)
    return {"first": first, "last": last, "rise": last - first}[h.window]


def one(experiment: dict[str, Any], arm: str, seed: int) -> dict[str, Any]:
    """One run of one arm: its headline numbers and digest. Runs in a process of its own."""
    from drivebelt.results import Run
    from drivebelt.runner import Settings, execute

    e = Experiment(**experiment)
    folder = Path(tempfile.mkdtemp(prefix="drivebelt-arm-"))
    try:
        values = drawn(e, seed)
        settings = Settings(e.scenario, seed, e.start, e.end, e.scale, e.arms[arm], e.without, values)
        run = Run(execute(settings, folder / "run"))
        numbers = headlines(run.rows("select measure, day, scope, value from measures"))
        return {
            "arm": arm,
            "seed": seed,
            "digest": run.info["digest"],
            "seconds": run.info["wall_seconds"],
            "values": values,
            **numbers,
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def perform(
    e: Experiment, out: Path, workers: int | None = None, progress: Callable[[int, int, float], None] | None = None
) -> list[dict[str, Any]]:
    """Runs all arms over all seeds; `progress(done, all, seconds left)`. What stands in `out` already is not done again.

    Raises BadInput where `out` holds another experiment.
    """
    out.mkdir(parents=True, exist_ok=True)
    mark, place = out / "experiment.json", out / "results.jsonl"
    plain = asdict(e)
    if mark.exists() and json.loads(mark.read_text()) != plain:
        raise BadInput(f"{out}: holds another experiment; choose another --out")
    mark.write_text(json.dumps(plain))
    done = [json.loads(line) for line in place.read_text().splitlines() if line.endswith("}")] if place.exists() else []
    have = {(row["arm"], row["seed"]) for row in done}
    todo = [(arm, seed) for seed in range(1, e.seeds + 1) for arm in e.arms if (arm, seed) not in have]
    began = time.perf_counter()
    with ProcessPoolExecutor(max_workers=workers or os.cpu_count()) as pool, place.open("a") as kept:
        work = [pool.submit(one, plain, arm, seed) for arm, seed in todo]
        try:
            for n, finished in enumerate(as_completed(work), start=1):
                row = finished.result()
                done.append(row)
                kept.write(json.dumps(row) + "\n")
                kept.flush()
                if progress:
                    progress(n, len(todo), (time.perf_counter() - began) / n * (len(todo) - n))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return sorted(done, key=lambda row: (list(e.arms).index(row["arm"]), row["seed"]))


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


_RISE, _LAST, _OWED = (h.name for h in HEADLINES[:3])
_APPARATUS, _FIRST_NO, _LAST_NO, _NOES, _REFUSED, _SETTLED, _BENT = (h.name for h in HEADLINES[3:10])
PLAIN, _MOVED = "plain rules", "moved-general-secretary"


def _by_direction(_: dict[str, Any], run: dict[str, Any]) -> bool:
    return bool(run[_RISE] > 0.05 and run[_APPARATUS] > 0.05 and run[_LAST_NO] < run[_FIRST_NO] and run[_BENT] > 0)


CHECKS = (
    Check("secretaries' dependence rises by .15", PLAIN, lambda a, b: b[_RISE] >= 0.15),
    Check("apparatus among delegates rises by ten points", PLAIN, lambda a, b: b[_APPARATUS] >= 0.10),
    Check("delegates against fall by half", PLAIN, lambda a, b: b[_LAST_NO] <= 0.5 * b[_FIRST_NO]),
    Check("delegates against at most 5 per cent at the end", PLAIN, lambda a, b: b[_LAST_NO] <= 0.05),
    Check("more than one decision in twenty of the Politburo is bent", PLAIN, lambda a, b: b[_BENT] > 0.05),
    Check("all four by direction", PLAIN, _by_direction),
    Check("elected secretaries: no post owed, no rise", "elected-secretaries", lambda a, b: b[_OWED] == 0 and b[_RISE] < 0.03),
    Check("elected secretaries: more delegates against", "elected-secretaries", lambda a, b: b[_LAST_NO] > a[_LAST_NO]),
    Check("elected secretaries: apparatus rises less", "elected-secretaries", lambda a, b: b[_APPARATUS] < a[_APPARATUS]),
    Check("secret ballot: more delegates against", "secret-ballot", lambda a, b: b[_LAST_NO] > a[_LAST_NO]),
    Check("secret ballot: dependence does not move", "secret-ballot", lambda a, b: abs(b[_RISE] - a[_RISE]) < 0.02),
    Check("healthy leader: fewer decisions settled before", "healthy-leader", lambda a, b: b[_SETTLED] < a[_SETTLED]),
    Check("another head: the same rise of dependence", _MOVED, lambda a, b: abs(b[_RISE] - a[_RISE]) < 0.05),
    Check("another head: the same rise of apparatus", _MOVED, lambda a, b: abs(b[_APPARATUS] - a[_APPARATUS]) < 0.10),
    Check("no ties, no fear: the Politburo refuses more than one in twenty", "no-ties-no-fear", lambda a, b: b[_REFUSED] > 0.05),
    Check("no ties, no fear: more delegates against", "no-ties-no-fear", lambda a, b: b[_LAST_NO] > a[_LAST_NO]),
)  # fmt: skip


def checks(e: Experiment, rows: Sequence[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """(check, pairs in which it holds, pairs) for the checks whose arms the experiment has."""
    by = {(row["arm"], row["seed"]): row for row in rows}
    base = next(iter(e.arms))
    out = []
    for check in CHECKS:
        arm = base if check.arm == PLAIN else check.arm
        pairs = [(by[base, s], by[arm, s]) for s in range(1, e.seeds + 1) if (base, s) in by and (arm, s) in by]
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
