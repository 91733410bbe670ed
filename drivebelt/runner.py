"""One run: builds the world, advances it day by day, keeps the log, and can be taken up again after a break.

A run is cut into segments of a quarter of a year. At the end of each the part files are closed and the desk is saved;
what was written stays, whatever happens to the rest.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from drivebelt import __version__, measures, static
from drivebelt import desk as d
from drivebelt.build import build
from drivebelt.day import plan_without
from drivebelt.errors import BadInput
from drivebelt.log import TABLES, Log, flush
from drivebelt.power.state import Power
from drivebelt.reading import Reading
from drivebelt.results import connect
from drivebelt.rulebook import Rulebook, load
from drivebelt.rulebook.rules import nearest
from drivebelt.scenario import Scenario
from drivebelt.world import World

SEGMENT_DAYS = 91
_EPOCH = date(1970, 1, 1)
_UNFINISHED = "unfinished"

Progress = Callable[[int, int, int], None]
"""Called once a segment with (days done, days in all, acts so far)."""


@dataclass
class Settings:
    """What a run is asked for; two runs with the same settings give the same digest."""

    scenario: str = "1922-1928"
    seed: int = 1
    start: str | None = None
    end: str | None = None
    scale: float = 1.0
    amendments: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    values: dict[str, float] = field(default_factory=dict)
    """Assumptions set to other values for the whole run."""


def execute(
    settings: Settings, out: Path, *, resume: bool = False, progress: Progress | None = None,
    timing: dict[str, float] | None = None,
) -> Path:  # fmt: skip
    """Runs to the end and returns the run directory.

    `timing`, where given, is filled with seconds a mechanism. Raises BadInput for settings that make no sense, a
    directory that holds something else, or a disk that is full; what was written until then stays and can be resumed.
    """
    began = time.perf_counter()
    scenario, start, days = _period(settings)
    rules = load(settings.amendments, settings.values)
    plan = plan_without(settings.without)
    _people_known(rules, scenario)
    unfinished = out / _UNFINISHED
    if resume:
        if (out / "run.json").exists():
            return out
        saved = _saved_settings(unfinished, out)
        if saved != _plain(settings, rules):
            raise BadInput(
                f"{out}: was begun with other settings ({_difference(saved, _plain(settings, rules))}); use those or another --out"
            )
    else:
        _fresh(out, unfinished, _plain(settings, rules))
    w = build(scenario, rules, settings.seed, settings.scale, start, days)
    readings = [(m, Reading(m, rules, start, days)) for m in plan]
    state = _State.load(unfinished) if resume else None
    log = Log(out, (start - _EPOCH).days, w.names(), state.chain if state else {}, state.segment if state else 0)
    w.log = log
    first = 0
    if state:
        first = state.day
        log.rows = dict(state.rows)
        w.take_up(state.desk, state.routine_roots, first)
        w.power, w.samples = state.power, state.samples
    try:
        for day in range(first, days):
            w.set_day(day)
            for m, reading in readings:
                if timing is None:
                    m.step(w, day, reading.at(day))
                else:
                    clock = time.perf_counter()
                    m.step(w, day, reading.at(day))
                    timing[m.name] = timing.get(m.name, 0.0) + time.perf_counter() - clock
            if (day + 1) % SEGMENT_DAYS == 0 and day + 1 < days:
                _close_segment(w, log)
                _State.of(w, log, day + 1).save(unfinished)
                if progress:
                    progress(day + 1, days, int(w.desk.count[d.NEXT_ACT]))
        _write_living(w, log)
        _close_segment(w, log)
        log.complete()
        log.end_segment()
        tables = static.write(out, w)
        measures.write(connect(out), out, w.samples)
        _finish(out, settings, w, log, tables, rules, began)
    finally:
        log.close()
    shutil.rmtree(unfinished)
    if progress:
        progress(days, days, int(w.desk.count[d.NEXT_ACT]))
    return out


def _period(settings: Settings) -> tuple[Scenario, date, int]:
    scenario = Scenario(settings.scenario)
    start = _date(settings.start, "--from") or scenario.start
    end = _date(settings.end, "--to") or scenario.end
    for name, day in (("--from", start), ("--to", end)):
        if not scenario.start <= day <= scenario.end:
            raise BadInput(f"{name} {day}: scenario {scenario.name} goes from {scenario.start} to {scenario.end}")
    if start > end:
        raise BadInput(f"--from {start} is after --to {end}")
    if not 0 < settings.scale <= 10:
        raise BadInput(f"--scale {settings.scale}: a number above 0 and at most 10; 1.0 is the documented country")
    if not 0 <= settings.seed < 1 << 31:
        raise BadInput(f"--seed {settings.seed}: a whole number from 0 to {(1 << 31) - 1}")
    scenario.begin(start)
    return scenario, start, (end - start).days + 1


def _people_known(rules: Rulebook, scenario: Scenario) -> None:
    """Refuses rules that name people whom the scenario does not have, or that leave the Politburo without members."""
    known = scenario.people["persons"]
    for name in ("head_of_secretariat", "leader_absences", "agenda_division_of_duties"):
        for day, value in rules[name].values:
            given = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
            for person in given:
                short = str(person or "").removeprefix("person:")
                if short and short not in ("nobody", "None") and short not in known:
                    raise BadInput(
                        f"rule {name} on {day}: no person {short!r} in scenario {scenario.name}{nearest(short, list(known))}"
                    )
    seats = {t["person"] for t in scenario.people["tenures"] if t["post"] == "politburo-member"}
    for day, absent in rules["leader_absences"].values:
        if absent and seats <= {str(p).removeprefix("person:") for p in absent}:
            raise BadInput(f"rule leader_absences on {day}: leaves the Politburo without members; leave some of them there")


def _date(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as why:
        raise BadInput(f"{option} {text}: not a date; write YYYY-MM-DD") from why


def _plain(settings: Settings, rules: Rulebook) -> dict[str, Any]:
    return {**asdict(settings), "amendments": [Path(a).name for a in settings.amendments], "rules": rules.digest}


def _difference(a: dict[str, Any], b: dict[str, Any]) -> str:
    return ", ".join(f"{k} {a.get(k)!r} not {b.get(k)!r}" for k in b if a.get(k) != b.get(k))


def _fresh(out: Path, unfinished: Path, settings: dict[str, Any]) -> None:
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            hint = "add --resume to go on with it, or" if unfinished.exists() else ""
            raise BadInput(f"{out}: is there already and not empty; {hint} choose another --out".replace(";  ", "; "))
        unfinished.mkdir(parents=True)
        (unfinished / "settings.json").write_text(json.dumps(settings))
    except OSError as why:
        raise BadInput(f"{out}: cannot be written: {why.strerror or why}") from why


def _saved_settings(unfinished: Path, out: Path) -> dict[str, Any]:
    try:
        saved: dict[str, Any] = json.loads((unfinished / "settings.json").read_text())
        return saved
    except (OSError, ValueError) as why:
        raise BadInput(f"{out}: holds no unfinished run; leave --resume out") from why


def _close_segment(w: World, log: Log) -> None:
    for table in TABLES:
        w.desk = flush(log, w.desk, table)
    log.end_segment()


def _write_living(w: World, log: Log) -> None:
    """Rows of the copies whose life goes on after the last day."""
    w.room(copies=w.desk.pool.size)
    d.end_all(w.desk)


@dataclass
class _State:
    """What a run needs to go on: the desk, the days done, the digests so far."""

    day: int
    segment: int
    chain: dict[str, str]
    rows: dict[str, int]
    desk: d.Desk
    routine_roots: Any
    power: Power
    samples: list[Any]
    _kept = tuple(f for f in d.Desk._fields if f not in TABLES)

    @classmethod
    def of(cls, w: World, log: Log, day: int) -> _State:
        return cls(day, log.segment, dict(log.chain), dict(log.rows), w.desk, w.routine_roots, w.power, w.samples)

    def save(self, unfinished: Path) -> None:
        """Writes beside the old state and then takes its place, so that one whole state is always there."""
        part, place = unfinished / "state.part.npz", unfinished / "state.npz"
        meta = json.dumps(
            {"day": self.day, "segment": self.segment, "chain": self.chain, "rows": self.rows, "samples": self.samples}
        )
        arrays = {name: getattr(self.desk, name) for name in self._kept}
        arrays |= {f"power_{name}": getattr(self.power, name) for name in Power._fields}
        try:
            np.savez(part, meta=np.array(meta), routine_roots=self.routine_roots, **arrays)
            os.replace(part, place)
        except OSError as why:
            raise BadInput(f"{unfinished}: cannot save the state: {why.strerror or why}; free some space and resume") from why

    @classmethod
    def load(cls, unfinished: Path) -> _State | None:
        """The last whole state, or None where the run broke off before the first."""
        place = unfinished / "state.npz"
        if not place.exists():
            return None
        try:
            with np.load(place) as saved:
                meta = json.loads(str(saved["meta"]))
                chunks = {name: np.zeros(0, TABLES[name].row) for name in TABLES}
                desk = d.Desk(**{name: saved[name] for name in cls._kept}, **chunks)
                power = Power(**{name: saved[f"power_{name}"] for name in Power._fields})
                meta["samples"] = [tuple(s) for s in meta["samples"]]
                return cls(**meta, desk=desk, routine_roots=saved["routine_roots"], power=power)
        except (OSError, ValueError, KeyError, EOFError) as why:
            raise BadInput(f"{place}: the saved state cannot be read; delete {unfinished.parent} and run anew") from why


def _finish(
    out: Path, settings: Settings, w: World, log: Log, tables: dict[str, str], rules: Rulebook, began: float
) -> None:  # fmt: skip
    total = hashlib.sha256((log.digest() + "".join(f"{n}:{tables[n]}\n" for n in sorted(tables))).encode()).hexdigest()
    size = sum(f.stat().st_size for f in (out / "acts").iterdir())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    content = {
        **asdict(settings), "amendments": list(rules.amended), "from": w.start.isoformat(), "to": w.date(w.days - 1).isoformat(),
        "version": __version__, "rules_digest": rules.digest, "digest": total, "rows": log.rows,
        "organs": len(w.organs), "act_bytes": size, "wall_seconds": round(time.perf_counter() - began, 2),
        "peak_mib": round(peak, 1),
    }  # fmt: skip
    content.pop("start")
    content.pop("end")
    part = out / "run.json.part"
    part.write_text(json.dumps(content, indent=1) + "\n")
    os.replace(part, out / "run.json")
