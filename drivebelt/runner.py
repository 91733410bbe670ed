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
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numba.core.errors import NumbaError

from drivebelt import __version__, measures, static
from drivebelt import desk as d
from drivebelt.build import build
from drivebelt.day import plan_without
from drivebelt.errors import BadInput, DrivebeltError, UncoveredState
from drivebelt.log import TABLES, Log, flush
from drivebelt.mechanism import Mechanism
from drivebelt.power.state import Power, unsound
from drivebelt.reading import Reading
from drivebelt.results import connect, interrupted
from drivebelt.rulebook import Rulebook, load
from drivebelt.rulebook.rules import nearest
from drivebelt.scenario import Scenario
from drivebelt.world import World

SEGMENT_DAYS = 91
_EPOCH = date(1970, 1, 1)
_MODEL = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, NumbaError)
"""What a value that makes no sense raises within the model."""
_UNFINISHED = "unfinished"
_LONGEST = 120  # characters of an error of the model
_NAMED = 5  # amended rules that an error names

Progress = Callable[[int, int, int], None]
"""Called before the first day and once a segment with (days done, days in all, acts so far)."""


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
    timing: dict[str, float] | None = None, passing: bool = False,
) -> Path:  # fmt: skip
    """Runs to the end and returns the run directory.

    `timing`, where given, is filled with seconds a mechanism. A `passing` run, one of an ensemble that is read and thrown away,
    saves no state on the way; its digest is the same. Raises BadInput for settings that make no sense, a directory that holds
    something else, or a disk that is full; what was written until then stays and can be resumed.
    """
    began = time.perf_counter()
    scenario, start, days = _period(settings)
    rules = load(settings.amendments, settings.values)
    plan = plan_without(settings.without)
    _people_known(rules, scenario)
    asked = _plain(settings, rules, start, days)
    readings = [(m, Reading(m, rules, start, days)) for m in plan]
    unfinished = out / _UNFINISHED
    if resume and _finished(out, asked):
        shutil.rmtree(unfinished, ignore_errors=True)
        return out
    if resume:
        _same_settings(_saved_settings(unfinished, out), asked, out)
    else:
        _free(out, unfinished)
    with _amended(rules):
        w = build(scenario, rules, settings.seed, settings.scale, start, days)
    if not resume:
        _begin(out, unfinished, asked)
    with _amended(rules), _disk(out), _alone(out, unfinished):
        if not _finished(out, asked):  # by another process, before this one had the directory for itself
            _days(settings, out, w, readings, progress, timing, passing, began)
        shutil.rmtree(unfinished, ignore_errors=True)
    return out


def _days(
    settings: Settings, out: Path, w: World, readings: list[tuple[Mechanism, Reading]],
    progress: Progress | None, timing: dict[str, float] | None, passing: bool, began: float,
) -> None:  # fmt: skip
    """All days that are still to do, and the tables after them."""
    unfinished = out / _UNFINISHED
    state = _State.load(unfinished)
    if state:
        _parts_whole(out, state)
    days = w.days
    log = Log(out, (w.start - _EPOCH).days, w.names(), state.chain if state else {}, state.segment if state else 0)
    w.log = log
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
                _close_segment(w, log)
                if not passing:
                    _State.of(w, log, day + 1).save(unfinished)
                if progress:
                    progress(day + 1, days, int(w.desk.count[d.NEXT_ACT]))
        _write_living(w, log)
        _close_segment(w, log)
        log.complete()
        log.end_segment()
        tables = static.write(out, w)
        measures.write(connect(out), out, w.samples)
        _finish(out, settings, w, log, tables, began)
    finally:
        log.close()
    if progress:
        progress(days, days, int(w.desk.count[d.NEXT_ACT]))


@contextmanager
def _alone(out: Path, unfinished: Path) -> Iterator[None]:
    """Holds the directory for this process; the system lets go of it however the process ends. BadInput where it is taken."""
    with (unfinished / "lock").open("w") as held:
        try:
            import fcntl
        except ImportError:  # not a POSIX system: two runs into one directory are left to the user's care
            yield
            return
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as why:
            raise BadInput(f"{out}: another process is writing this run; wait for it or choose another --out") from why
        except OSError:
            pass  # a file system without locks
        yield


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


@contextmanager
def _disk(out: Path) -> Iterator[None]:
    """Whatever the disk refuses on the way becomes one line that says how to go on."""
    try:
        yield
    except (OSError, duckdb.Error, RuntimeError) as why:
        if interrupted(why):
            raise KeyboardInterrupt from why
        if not isinstance(why, (OSError, duckdb.Error)):
            raise
        text = (why.strerror if isinstance(why, OSError) else "") or " ".join(str(why).split())
        place = getattr(why, "filename", None) or out
        raise BadInput(f"{place}: cannot be written or read: {text}; free some space and go on with --resume") from why


def _parts_whole(out: Path, state: _State) -> None:
    """Refuses to go on upon part files that have lost rows since they were closed."""
    for table, rows in state.rows.items():
        found = 0
        for n in range(state.segment):
            part = out / table / f"{n:04d}.parquet"
            try:
                found += pq.read_metadata(part).num_rows if part.exists() else 0
            except (OSError, pa.ArrowException) as why:
                raise BadInput(f"{part}: cannot be read; delete {out} and run anew") from why
        if found != rows:
            raise BadInput(f"{out / table}: holds {found:,} rows where {rows:,} were written; delete {out} and run anew")


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
                    hint = nearest(short, list(known), "drivebelt evidence --kind person")
                    raise BadInput(f"rule {name} on {day}: no person {short!r} in scenario {scenario.name}{hint}")
    seats = {t["person"] for t in scenario.people["tenures"] if t["post"] == "politburo-member"}
    for day, absent in rules["leader_absences"].values:
        if absent and seats <= {str(p).removeprefix("person:") for p in absent}:
            raise BadInput(f"rule leader_absences on {day}: leaves the Politburo without members; leave some of them there")


def _date(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as why:
        raise BadInput(f"{option} {text}: not a date; write YYYY-MM-DD") from why


def _plain(settings: Settings, rules: Rulebook, start: date, days: int) -> dict[str, Any]:
    """What decides the digest of a run, in words that `run.json` has too."""
    plain = asdict(settings)
    del plain["start"], plain["end"]
    end = date.fromordinal(start.toordinal() + days - 1)
    return {
        **plain, "amendments": list(rules.amended), "without": sorted(set(settings.without)), "from": start.isoformat(),
        "to": end.isoformat(), "version": __version__, "rules_digest": rules.digest,
    }  # fmt: skip


def _same_settings(saved: dict[str, Any], asked: dict[str, Any], out: Path) -> None:
    other = [f"{k} {saved.get(k)!r}, now {asked[k]!r}" for k in asked if saved.get(k) != asked[k]]
    if other:
        raise BadInput(f"{out}: was begun with other settings ({'; '.join(other)}); use those or another --out")


def _finished(out: Path, asked: dict[str, Any]) -> bool:
    """Whether the run stands there complete; BadInput where it is one with other settings, or damaged."""
    try:
        info = json.loads((out / "run.json").read_text())
        info["without"] = sorted(set(info["without"]))
    except FileNotFoundError:
        return False
    except NotADirectoryError as why:
        raise BadInput(f"{out}: is no directory; choose another --out") from why
    except (OSError, ValueError, TypeError, KeyError) as why:
        raise BadInput(f"{out / 'run.json'}: cannot be read; choose another --out") from why
    _same_settings(info, asked, out)
    return True


def _free(out: Path, unfinished: Path) -> None:
    """Refuses a directory that holds anything, and a place where none can be made."""
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            hint = "add --resume to go on with it, or" if unfinished.exists() else ""
            raise BadInput(f"{out}: is there already and not empty; {hint} choose another --out".replace(";  ", "; "))
    except OSError as why:
        raise BadInput(f"{out}: cannot be written: {why.strerror or why}; choose another --out") from why
    above = next((p for p in (out, *out.absolute().parents) if p.exists()), out)
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise BadInput(f"{out}: cannot be written: {above} is not a directory that may be written to; choose another --out")


def _begin(out: Path, unfinished: Path, settings: dict[str, Any]) -> None:
    """Takes the directory: whoever makes the folder of the unfinished run has it."""
    try:
        unfinished.mkdir(parents=True)
    except FileExistsError as why:  # another process was quicker
        raise BadInput(f"{out}: is there already; choose another --out") from why
    except OSError as why:
        raise BadInput(f"{out}: cannot be written: {why.strerror or why}; choose another --out") from why
    try:
        (unfinished / "settings.json").write_text(json.dumps(settings))
    except OSError as why:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise BadInput(f"{out}: cannot be written: {why.strerror or why}; free some space") from why


def _saved_settings(unfinished: Path, out: Path) -> dict[str, Any]:
    try:
        saved: dict[str, Any] = dict(json.loads((unfinished / "settings.json").read_text()))
        return saved
    except (ValueError, TypeError) as why:
        raise BadInput(f"{unfinished / 'settings.json'}: cannot be read; delete {out} and run anew") from why
    except OSError as why:
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
            with part.open("wb") as file:
                np.savez(file, meta=np.array(meta), routine_roots=self.routine_roots, **arrays)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, place)
        except OSError as why:
            part.unlink(missing_ok=True)
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
        except (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as why:
            raise BadInput(f"{place}: the saved state cannot be read; delete {unfinished.parent} and run anew") from why


def _finish(
    out: Path, settings: Settings, w: World, log: Log, tables: dict[str, str], began: float
) -> None:  # fmt: skip
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
