"""Runs as a user starts, breaks off, resumes and compares them."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import SMALL, command, process, refused

from drivebelt.errors import UncoveredState
from drivebelt.results import Run
from drivebelt.running import runner
from drivebelt.running.day import PLAN
from drivebelt.running.runner import Settings, execute
from drivebelt.world import World

SHORT = ["run", "--scale", "0.01", "--from", "1924-08-01", "--to", "1924-09-15"]


def digest(place: Path) -> str:
    return str(json.loads((place / "run.json").read_text())["digest"])


def test_same_seed_same_digest_with_one_or_two_threads(tmp_path: Path) -> None:
    for threads in ("1", "2"):
        env = {"NUMBA_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads}
        assert process(*SHORT, "--out", tmp_path / threads, env=env).returncode == 0
    assert digest(tmp_path / "1") == digest(tmp_path / "2")


def test_another_seed_another_digest(tmp_path: Path) -> None:
    a = execute(Settings(start="1924-08-01", end="1924-08-20", scale=0.01), tmp_path / "a")
    b = execute(Settings(start="1924-08-01", end="1924-08-20", scale=0.01, seed=2), tmp_path / "b")
    assert digest(a) != digest(b)


def test_kill_and_resume_gives_the_same_digest(small: Run, tmp_path: Path) -> None:
    place = tmp_path / "killed"
    arguments = ["run", "--scale", str(SMALL.scale), "--from", str(SMALL.start), "--to", str(SMALL.end), "--out", str(place)]
    work = subprocess.Popen([sys.executable, "-m", "drivebelt", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (place / "unfinished" / "state.npz").exists() and work.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    work.send_signal(signal.SIGKILL)
    work.wait()
    assert not (place / "run.json").exists(), "the run ended before it could be killed"
    refused("report", place)
    done = command(*arguments, "--resume")
    assert done.returncode == 0, done.stderr
    assert digest(place) == small.info["digest"]
    again = Run(place)
    assert again.rows("select count(*) as n from acts") == small.rows("select count(*) as n from acts")
    assert not (place / "unfinished").exists()


def test_interrupt_says_how_to_go_on(tmp_path: Path) -> None:
    place = tmp_path / "broken-off"
    arguments = ["run", "--scale", "0.05", "--out", str(place)]
    work = subprocess.Popen(
        [sys.executable, "-m", "drivebelt", *arguments], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs inherit that it is ignored
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not (place / "acts").exists() and work.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    work.send_signal(signal.SIGINT)
    _, said = work.communicate(timeout=60)
    assert work.returncode == 130
    assert "Traceback" not in said and "--resume" in said


def test_resume_with_other_settings_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "run"
    (place / "unfinished").mkdir(parents=True)
    (place / "unfinished" / "settings.json").write_text(json.dumps({"scenario": "1922-1928", "seed": 5}))
    assert "seed 5, now 1" in refused("run", "--out", place, "--resume")


def test_a_run_is_never_overwritten(small: Run) -> None:
    before = small.info["digest"]
    assert "not empty" in refused(*SHORT, "--out", small.path)
    assert digest(small.path) == before


def test_resume_of_a_finished_run_changes_nothing(small: Run) -> None:
    arguments = ["run", "--scale", str(SMALL.scale), "--from", str(SMALL.start), "--to", str(SMALL.end), "--out", str(small.path)]
    assert command(*arguments, "--resume").returncode == 0
    assert digest(small.path) == small.info["digest"]


@pytest.mark.parametrize("name", [m.name for m in PLAN])
def test_every_mechanism_can_be_taken_out(name: str, tmp_path: Path) -> None:
    """Over the first of a month, on which measures are taken, and the first burning."""
    place = execute(Settings(start="1924-08-14", end="1924-09-04", scale=0.003, without=[name]), tmp_path / "run")
    run = Run(place)
    assert run.info["without"] == [name] and run.info["to"] == "1924-09-04"
    acts = {row["kind"] for row in run.rows("select distinct kind from acts")}
    others = {kind for m in PLAN if m.name != name for kind in m.emits}
    assert len(acts) > 20 and acts <= others, "what it alone does is not done"


def test_registers_start_anew_with_the_year(small: Run) -> None:
    rows = small.rows(
        """select year, min(number) as first from documents join registers using (series)
           where organ = (select organ from organs where key = 'politburo') and register = 'secret' group by year order by year"""
    )
    assert [(row["year"], row["first"]) for row in rows] == [(1924, 1), (1925, 1)]


def test_a_run_of_the_library_has_tables_and_queries(small: Run) -> None:
    assert small.acts.num_rows == small.info["rows"]["acts"]
    assert small.sql("select count(*) from organs").fetchall() == [(small.info["organs"],)]


def test_reforms_move_committees(first_year: Run) -> None:
    """In March 1923 the uezds of Ukraine give way to okrugs."""
    rows = first_year.rows("select day, count(*) as n from acts where kind = 'reform' group by day order by day")
    assert any(str(row["day"]) == "1923-03-07" and row["n"] > 100 for row in rows)


@pytest.mark.full
def test_full_scale_smoke(tmp_path: Path) -> None:
    """The documented country for ten weeks."""
    place = execute(Settings(end="1922-06-15"), tmp_path / "full")
    run = Run(place)
    levels = {
        row["level"]: row["n"] for row in run.rows("select level, count(*) as n from organs where branch = 'party' group by level")
    }
    assert abs(levels["volost"] - 4139) < 150
    assert abs(levels["cell"] - 20000) < 200
    assert run.info["act_bytes"] / run.info["rows"]["acts"] < 15
    assert run.info["peak_mib"] < 3 * 1024


def test_unwritable_and_full_directories(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    assert str(file) in refused(*SHORT, "--out", file)
    refused(*SHORT, "--out", file / "below")
    if os.path.exists("/dev/full"):
        assert "/proc" in refused(*SHORT, "--out", "/proc/drivebelt")


@pytest.mark.parametrize(("fault", "says"), [("state", "course of the party"), ("error", "IndexError")])
def test_a_state_no_rule_covers_stops_the_run_with_its_log_intact(
    fault: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "SEGMENT_DAYS", 7)
    settings = Settings(start="1924-08-01", end="1924-08-16", scale=0.005)

    def broken(w: World, day: int, p: object) -> None:
        if day == 10 and fault == "state":
            w.power.course[0] = float("nan")
        elif day == 10:
            raise IndexError("no such thing")

    plan = [*PLAN[:3], dataclasses.replace(PLAN[0], name="broken", step=broken), *PLAN[3:]]
    place = tmp_path / "stopped"
    with monkeypatch.context() as m:
        m.setattr(runner, "plan_without", lambda _: plan)
        with pytest.raises(UncoveredState, match=rf"1924-08-11, mechanism broken: .*{says}"):
            execute(settings, place)
    assert list((place / "acts").iterdir())
    assert digest(execute(settings, place, resume=True)) == digest(execute(settings, tmp_path / "whole"))
