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
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from drivebelt.errors import BadInput
from drivebelt.guarded import read_file
from drivebelt.headlines import headlines
from drivebelt.rulebook import load
from drivebelt.rulebook.rules import nearest

_KEYS = ("name", "scenario", "scale", "seeds", "from", "to", "arms", "without", "vary")


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
    scale = raw.get("scale", 0.01)
    if not isinstance(scale, (int, float)) or isinstance(scale, bool) or not 0 < scale <= 10:
        raise BadInput(f"{path}: scale: a number above 0 and at most 10; got {scale!r}")
    for key in ("without", "vary"):
        given = raw.get(key) or []
        if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
            raise BadInput(f"{path}: {key}: a list of names; got {given!r}")
    fields = sorted({rule.mechanism for rule in load().parameters().values()})
    for name in raw.get("vary") or []:
        if name not in fields:
            raise BadInput(f"{path}: vary: no field of assumptions {name!r}{nearest(name, fields)}")
    dates = {ours: str(raw[theirs]) if raw.get(theirs) else None for ours, theirs in (("start", "from"), ("end", "to"))}
    return Experiment(
        str(raw.get("name", path.stem)), {str(n): [str(a) for a in given] for n, given in arms.items()}, seeds,
        str(raw.get("scenario", "1922-1928")), float(scale), without=list(raw.get("without") or []),
        vary=list(raw.get("vary") or []), **dates,
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


def _kept(place: Path) -> list[dict[str, Any]]:
    """Results that stand there whole; a line that was being written when the experiment broke off is done anew."""
    rows = []
    for line in place.read_text().splitlines() if place.exists() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and {"arm", "seed", "digest"} <= set(row):
            rows.append(row)
    return rows


def _put(place: Path, text: str) -> None:
    """Writes beside the old file and then takes its place."""
    part = place.with_name(place.name + ".part")
    part.write_text(text)
    os.replace(part, place)


def perform(
    e: Experiment, out: Path, workers: int | None = None, progress: Callable[[int, int, float], None] | None = None
) -> list[dict[str, Any]]:
    """Runs all arms over all seeds; `progress(done, all, seconds left)`. What stands in `out` already is not done again.

    Raises BadInput where `out` holds another experiment.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise BadInput(f"{out}: cannot be made: {why.strerror or why}; choose another --out") from why
    mark, place = out / "experiment.json", out / "results.jsonl"
    plain = asdict(e)
    try:
        if mark.exists() and json.loads(mark.read_text()) != plain:
            raise BadInput(f"{out}: holds another experiment; choose another --out")
    except ValueError as why:
        raise BadInput(f"{mark}: cannot be read; choose another --out") from why
    _put(mark, json.dumps(plain))
    done = _kept(place)
    _put(place, "".join(json.dumps(row) + "\n" for row in done))
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
