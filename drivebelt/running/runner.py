"""One run: builds the world, advances it day by day, keeps the log, and can be taken up again after a break.

A run is cut into segments of a quarter of a year. At the end of each the part files are closed and the desk is saved;
what was written stays, whatever happens to the rest.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from numba.core.errors import NumbaError

from drivebelt import __version__, measures
from drivebelt import desk as d
from drivebelt.building import build
from drivebelt.errors import BadInput, DrivebeltError, UncoveredState
from drivebelt.mechanism import Mechanism
from drivebelt.power.state import unsound
from drivebelt.results import connect
from drivebelt.rulebook import Rulebook, load
from drivebelt.rulebook.in_force import Reading
from drivebelt.running import static
from drivebelt.running.day import plan_without
from drivebelt.running.log import Log, flush
from drivebelt.running.log_tables import TABLES
from drivebelt.running.rundir import RunDirectory
from drivebelt.running.saved_state import SavedState, Spare
from drivebelt.running.settings import Settings, check_people, deciding, period
from drivebelt.world import World

__all__ = ["Progress", "Settings", "execute"]

SEGMENT_DAYS = 91
_EPOCH = date(1970, 1, 1)
_MODEL = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, NumbaError)
"""What a value that makes no sense raises within the model."""
_LONGEST = 120  # characters of an error of the model
_NAMED = 5  # amended rules that an error names

Progress = Callable[[int, int, int], None]
"""Called before the first day and once a segment with (days done, days in all, acts so far)."""


def execute(
    settings: Settings, out: Path, *, resume: bool = False, progress: Progress | None = None,
    timing: dict[str, float] | None = None, passing: bool = False, only: Collection[str] | None = None,
) -> Path:  # fmt: skip
    """Runs to the end and returns the run directory.

    `timing`, where given, is filled with seconds a mechanism. A `passing` run, one of an ensemble that is read and thrown away,
    saves no state on the way; its digest is the same. `only` names the measures that are computed, all by default. Raises
    BadInput for settings that make no sense, a directory that holds something else, or a disk that is full; what was written until
    then stays and can be resumed.
    """
    began = time.perf_counter()
    scenario, start, days = period(settings)
    rules = load(settings.amendments, settings.values)
    plan = plan_without(settings.without)
    check_people(rules, scenario)
    asked = deciding(settings, rules, start, days)
    readings = [(m, Reading(m, rules, start, days)) for m in plan]
    place = RunDirectory(out)
    if resume and place.finished(asked):
        place.tidy()
        return out
    if resume:
        place.take_up(asked)
    else:
        place.free()
    with _amended(rules):
        w = build(scenario, rules, settings.seed, settings.scale, start, days)
    if not resume:
        place.take(asked)
    with _amended(rules), place.written(), place.held():
        if not place.finished(asked):  # by another process, before this one had the directory for itself
            _days(settings, place, w, readings, progress, timing, passing, only, began)
        place.tidy()
    return out


def _days(
    settings: Settings, place: RunDirectory, w: World, readings: list[tuple[Mechanism, Reading]],
    progress: Progress | None, timing: dict[str, float] | None, passing: bool, only: Collection[str] | None, began: float,
) -> None:  # fmt: skip
    """All days that are still to do, and the tables after them."""
    out, days = place.out, w.days
    state = SavedState.load(place.unfinished)
    if state:
        state.check_parts(out)
    log = Log(out, (w.start - _EPOCH).days, w.names(), state.chain if state else {}, state.segment if state else 0)
    w.log = log
    spare: Spare = {}
    first = 0
    if state:
        first = state.day
        log.rows = dict(state.rows)
        w.take_up(state.desk, state.routine_roots, first)
        w.power, w.samples = state.power, state.samples
    if progress:
        progress(first, days, int(w.desk.count[d.NEXT_ACT]))
    try:
        for day in range(first, days):
            w.set_day(day)
            for m, reading in readings:
                clock = time.perf_counter()
                _advance(m, w, day, reading.at(day), out)
                if timing is not None:
                    timing[m.name] = timing.get(m.name, 0.0) + time.perf_counter() - clock
            if (day + 1) % SEGMENT_DAYS == 0 and day + 1 < days:
                _hand_over(w, log)
                log.end_segment(None if passing else partial(SavedState.of(w, day + 1, spare).save, place.unfinished, log, spare))
                if progress:
                    progress(day + 1, days, int(w.desk.count[d.NEXT_ACT]))
        _write_living(w, log)
        _hand_over(w, log)
        log.end_segment()
        tables = static.write(out, w)
        log.settle()
        log.complete()
        log.end_segment()
        log.settle()
        spare.clear()
        with closing(connect(out)) as base:
            tables |= static.write_registers(out, w, base)
            measures.write(base, out, w.samples, only)
        _finish(out, settings, w, log, tables, began)
    finally:
        log.close()
    if progress:
        progress(days, days, int(w.desk.count[d.NEXT_ACT]))


def _advance(m: Mechanism, w: World, day: int, rules: Any, out: Path) -> None:
    """One mechanism's step of the day. UncoveredState names day, mechanism and state where no rule says how to go on."""
    try:
        m.step(w, day, rules)
        fault = unsound(w.power)
    except DrivebeltError:
        raise
    except _MODEL as why:
        fault = _brief(why)
    if fault:
        raise UncoveredState(
            f"{w.date(day)}, mechanism {m.name}: a state that the rules do not cover ({fault}); "
            f"what was written until then stays in {out}"
        )


@contextmanager
def _amended(rules: Rulebook) -> Iterator[None]:
    """A value that has the right type may still be one with which nothing can be built or done: that is the amendment's fault."""
    try:
        yield
    except (*_MODEL, pa.ArrowException) as why:
        if not rules.changed or isinstance(why, OSError):
            raise
        names = sorted(rules.changed)
        some = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
        raise BadInput(f"amended rules {some}: cannot be carried out ({_brief(why)}); mend the amendment") from why


def _brief(why: Exception) -> str:
    """An error of the model in a few words."""
    text = " ".join(str(why).split())
    return f"{type(why).__name__}: {text if len(text) <= _LONGEST else text[:_LONGEST] + '...'}"


def _hand_over(w: World, log: Log) -> None:
    """Hands the rest of the segment to the log."""
    for table in TABLES:
        w.desk = flush(log, w.desk, table)


def _write_living(w: World, log: Log) -> None:
    """Rows of the copies whose life goes on after the last day."""
    w.room(copies=w.desk.pool.size)
    d.end_all(w.desk)


def _finish(out: Path, settings: Settings, w: World, log: Log, tables: dict[str, str], began: float) -> None:
    """Writes run.json, whose presence says that the run is whole."""
    total = hashlib.sha256((log.digest() + "".join(f"{n}:{tables[n]}\n" for n in sorted(tables))).encode()).hexdigest()
    size = sum(f.stat().st_size for f in (out / "acts").iterdir())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    content = {
        **asdict(settings), "amendments": list(w.rules.amended), "from": w.start.isoformat(), "to": w.date(w.days - 1).isoformat(),
        "version": __version__, "rules_digest": w.rules.digest, "unread_amendments": w.rules.unread(), "digest": total,
        "rows": log.rows,
        "organs": len(w.organs), "act_bytes": size, "wall_seconds": round(time.perf_counter() - began, 2),
        "peak_mib": round(peak, 1),
    }  # fmt: skip
    content.pop("start")
    content.pop("end")
    part = out / "run.json.part"
    with part.open("w") as file:
        file.write(json.dumps(content, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, out / "run.json")
