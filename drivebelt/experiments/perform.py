"""Runs the arms of an experiment over its seeds in parallel processes and keeps one line a run, so that nothing is run twice."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

from drivebelt.errors import BadInput, UncoveredState
from drivebelt.experiments.design import Experiment, drawn

Row = dict[str, Any]
Progress = Callable[[int, int, float], None]
"""Called after each run with (done, all, seconds left)."""


def one(experiment: dict[str, Any], arm: str, seed: int) -> Row:
    """One run of one arm: its headlines, the documented figures as they come out, its digest. Runs in a process of its own."""
    e = Experiment(**experiment)
    return single(e, arm, seed, {**drawn(e, seed), **e.values.get(arm, {})})


def single(e: Experiment, arm: str, seed: int, values: dict[str, Any]) -> Row:
    """One run with given values of the assumptions, in a folder that is gone afterwards."""
    from drivebelt.experiments.headlines import HEADLINES, headlines, means
    from drivebelt.experiments.targets import simulated
    from drivebelt.results import Run
    from drivebelt.running.runner import Settings, execute

    folder = Path(tempfile.mkdtemp(prefix="drivebelt-arm-"))
    try:
        settings = Settings(e.scenario, seed, e.start, e.end, e.scale, e.arms[arm], e.without, values)
        only = {h.measure for h in HEADLINES} if e.figures == "headlines" else None
        run = Run(execute(settings, folder / "run", passing=True, only=only))
        measures = run.rows("select measure, day, scope, value from measures order by measure, scope, day")
        return {
            "arm": arm,
            "seed": seed,
            "digest": run.info["digest"],
            "seconds": run.info["wall_seconds"],
            "values": values,
            "headlines": headlines(measures),
            "measures": means(measures) if only is None else {},
            "targets": simulated(run) if only is None else {},
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def perform(
    e: Experiment, out: Path, workers: int | None = None, progress: Progress | None = None, cluster: str | None = None
) -> list[Row]:
    """Runs all arms over all seeds and returns a row a run, by arm and seed. What stands in `out` already is not done again.

    `cluster` is the address of a Dask scheduler. Raises BadInput where `out` holds another experiment.
    """
    plain = asdict(e)
    done = open_results(out, plain)
    have = {(row["arm"], row["seed"]) for row in done}
    todo = [(arm, seed) for seed in range(1, e.seeds + 1) for arm in e.arms if (arm, seed) not in have]
    done += collect(out, one, [(plain, arm, seed) for arm, seed in todo], workers, progress, cluster)
    return sorted(done, key=lambda row: (list(e.arms).index(row["arm"]), row["seed"]))


def open_results(out: Path, what: dict[str, Any]) -> list[Row]:
    """The rows that stand in a folder of results; marks an empty one. BadInput where it holds something else."""
    mark, place = out / "experiment.json", out / "results.jsonl"
    try:
        out.mkdir(parents=True, exist_ok=True)
        if mark.exists() and json.loads(mark.read_text()) != what:
            raise BadInput(f"{out}: holds another experiment; choose another --out")
        _put(mark, json.dumps(what))
        lines = place.read_text().splitlines() if place.exists() else []
        whole = [line for line in lines if _is_row(line)]
        _put(place, "".join(f"{line}\n" for line in whole))
        return [json.loads(line) for line in whole]
    except OSError as why:
        raise BadInput(f"{out}: cannot hold results: {why.strerror or why}; choose another --out") from why
    except ValueError as why:
        raise BadInput(f"{mark}: cannot be read; choose another --out") from why


def _is_row(line: str) -> bool:
    """Whether a line is whole: the last one may have been cut off while it was being written."""
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _put(place: Path, text: str) -> None:
    """Writes beside the old file and then takes its place."""
    part = place.with_name(place.name + ".part")
    part.write_text(text)
    os.replace(part, place)


def collect(
    out: Path, work: Callable[..., Row], todo: Iterable[tuple[Any, ...]], workers: int | None = None,
    progress: Progress | None = None, cluster: str | None = None,
) -> list[Row]:  # fmt: skip
    """Does the work in parallel and appends each row to the results as it comes.

    A run that meets a state which no rule covers has no row: `uncovered.txt` beside the results tells of it, the others go on.
    """
    began = time.perf_counter()
    done: list[Row] = []
    with executor(workers, cluster) as pool, (out / "results.jsonl").open("a") as kept:
        waiting = [pool.submit(work, *given) for given in todo]
        try:
            for n, finished in enumerate(as_completed(waiting), start=1):
                try:
                    done.append(finished.result())
                except UncoveredState as why:
                    with (out / "uncovered.txt").open("a") as told:
                        told.write(f"{why}\n")
                else:
                    kept.write(json.dumps(done[-1]) + "\n")
                    kept.flush()
                if progress:
                    progress(n, len(waiting), (time.perf_counter() - began) / n * (len(waiting) - n))
        except BaseException:
            # Waits here for the few that are at work: the shutdown on leaving would take the cancelling back and do them all.
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return done


def executor(workers: int | None, cluster: str | None = None) -> Executor:
    """Processes of this machine, or those of a Dask cluster."""
    if cluster is None:
        return ProcessPoolExecutor(max_workers=workers or os.cpu_count())
    try:
        from distributed import Client
    except ImportError as why:
        raise BadInput("--cluster: needs Dask; install drivebelt[cluster]") from why
    try:
        return Client(cluster, timeout=5).get_executor()
    except (OSError, ValueError) as why:
        raise BadInput(f"--cluster {cluster}: no scheduler answers there ({why})") from why
