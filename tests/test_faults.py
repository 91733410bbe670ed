"""What goes wrong outside the model: killed processes, full disks, damaged files, strange places and terminals."""

from __future__ import annotations

import errno
import json
import os
import pydoc
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from conftest import command, process, refused

from drivebelt import compilation
from drivebelt.errors import BadInput, BadRun
from drivebelt.results import Run
from drivebelt.rulebook import load
from drivebelt.running import runner
from drivebelt.running.runner import Settings, execute

SHORT = Settings(start="1924-08-20", end="1924-09-01", scale=0.003)
ARGUMENTS = ("--from", str(SHORT.start), "--to", str(SHORT.end), "--scale", str(SHORT.scale))
SEGMENT = 5  # days, so that the short run has three segments

# One process, without threads of its own, forks for each point; the child kills itself at the n-th call of a function, so that
# nothing is tidied up, as with a power cut.
KILLED = """
import os, signal, sys
from importlib import import_module
from drivebelt.running import runner
runner.SEGMENT_DAYS = {segment}
for point, (module, function, n, before) in enumerate({points!r}):
    child = os.fork()
    if child:
        assert os.waitpid(child, 0)[1] == signal.SIGKILL, (module, function)
        continue
    module = import_module(module)
    plain, left = getattr(module, function), [n]
    def deadly(*a, **k):
        left[0] -= 1
        if not left[0]:
            exec(before)
            os.kill(os.getpid(), signal.SIGKILL)
        return plain(*a, **k)
    setattr(module, function, deadly)
    runner.execute(runner.{settings!r}, runner.Path({out!r}) / str(point))
"""
POINTS = (
    ("drivebelt.desk", "end_all", 1, "pass"),  # after the last day, before its rows are written
    ("numpy", "savez", 2, "a[0].write(b'half a state'); a[0].flush()"),  # half-way through the second state
    ("pyarrow.parquet", "write_table", 4, "open(a[1], 'wb').write(b'PAR1')"),  # half-way through a static table
    ("drivebelt.measures", "write", 1, "pass"),  # between the tables and the measures
    ("os", "replace", 3, "pass"),  # run.json is written and has not taken its place
    ("shutil", "rmtree", 1, "pass"),  # run.json is there and the saved state too
)


@pytest.fixture(autouse=True)
def short_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "SEGMENT_DAYS", SEGMENT)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same short run, unbroken."""
    before, runner.SEGMENT_DAYS = runner.SEGMENT_DAYS, SEGMENT
    try:
        return Run(execute(SHORT, tmp_path_factory.mktemp("whole") / "run"))
    finally:
        runner.SEGMENT_DAYS = before


def test_a_run_killed_at_any_point_goes_on_to_the_same_digest(whole: Run, tmp_path: Path) -> None:
    code = KILLED.format(points=POINTS, out=str(tmp_path), segment=SEGMENT, settings=SHORT)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    content = "select * from measures order by all"
    for point, (module, *_) in enumerate(POINTS):
        out = tmp_path / str(point)
        if module != "shutil":
            with pytest.raises(BadRun, match="--resume"):
                Run(out)
        run = Run(execute(SHORT, out, resume=True))
        assert run.info["digest"] == whole.info["digest"] and run.info["rows"] == whole.info["rows"], module
        assert not (out / "unfinished").exists()
        assert run.rows(content) == whole.rows(content)


@pytest.mark.parametrize(
    ("owner", "n"),
    [
        ("numpy.savez", 1),
        ("pyarrow.parquet.write_table", 3),
        ("pyarrow.parquet.ParquetWriter.write_table", 2),
        ("os.replace", 1),
        ("drivebelt.measures.write", 1),
    ],
)
def test_a_full_disk_is_one_line_and_the_run_goes_on_when_there_is_space(
    whole: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: str, n: int
) -> None:
    out, left = tmp_path / "run", [n]
    plain = pydoc.locate(owner)

    def full(*a: Any, **k: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return plain(*a, **k)  # type: ignore[operator]

    with monkeypatch.context() as patched:
        patched.setattr(owner, full)
        with pytest.raises(BadInput, match=r"No space left on device; free some space and") as caught:
            execute(SHORT, out)
    assert "\n" not in str(caught.value) and str(out) in str(caught.value)
    assert not list((out / "unfinished").glob("*.part.npz"))
    assert execute(SHORT, out, resume=True) == out
    assert Run(out).info["digest"] == whole.info["digest"]


def begun(out: Path) -> Path:
    """A run that broke off after its first segment."""

    class Stop(Exception):
        pass

    def stop(done: int, *_: int) -> None:
        if done >= SEGMENT:
            raise Stop

    with pytest.raises(Stop):
        execute(SHORT, out, progress=stop)
    return out


def test_only_one_process_writes_a_run(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    out = begun(tmp_path / "run")
    with (out / "unfinished" / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BadInput, match="another process is writing this run"):
            execute(SHORT, out, resume=True)
        with pytest.raises(BadInput, match="add --resume"):
            execute(SHORT, out)
    execute(SHORT, out, resume=True)


def test_resume_only_with_the_same_settings(whole: Run, tmp_path: Path) -> None:
    other = Settings(start=SHORT.start, end=SHORT.end, scale=SHORT.scale, seed=2)
    with pytest.raises(BadInput, match="seed 1, now 2"):
        execute(other, begun(tmp_path / "run"), resume=True)
    with pytest.raises(BadInput, match="seed 1, now 2"):
        execute(other, whole.path, resume=True)
    before = (whole.path / "run.json").read_bytes()
    assert execute(SHORT, whole.path, resume=True) == whole.path
    assert (whole.path / "run.json").read_bytes() == before
    with pytest.raises(BadInput, match="not empty; choose another --out"):
        execute(SHORT, whole.path)


def test_the_open_segment_may_be_damaged_and_a_closed_one_not(whole: Run, tmp_path: Path) -> None:
    out = begun(tmp_path / "run")
    (out / "acts" / "0001.parquet").write_bytes(b"PAR1 and then nothing")
    assert Run(execute(SHORT, out, resume=True)).info["digest"] == whole.info["digest"]
    out = begun(tmp_path / "other")
    part = out / "acts" / "0000.parquet"
    part.write_bytes(part.read_bytes()[:-100])
    with pytest.raises(BadInput, match=r"0000\.parquet: cannot be read; delete"):
        execute(SHORT, out, resume=True)
    part.unlink()
    with pytest.raises(BadInput, match="holds 0 rows"):
        execute(SHORT, out, resume=True)
    for damaged in (b"", b"PK\x03\x04 not a state"):
        (out / "unfinished" / "state.npz").write_bytes(damaged)
        with pytest.raises(BadInput, match="the saved state cannot be read; delete"):
            execute(SHORT, out, resume=True)


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("organs.parquet", b"", "organs"),
        ("organs.parquet", b"NOPE" * 100, "organs"),
        ("acts/0000.parquet", b"", "acts"),
        ("documents/0001.parquet", b"PAR1" * 50, "documents"),
        ("tenures.parquet", None, "tenures is missing"),
        ("run.json", b"", "run.json: damaged"),
        ("run.json", b"[1, 2]", "scenario is missing"),
        ("run.json", b"\xff\xfe\x00", "run.json: damaged"),
        ("run.json", b'{"scenario": "1922-1928"}', "seed is missing"),
    ],
)
def test_a_damaged_run_is_named_by_every_reader(whole: Run, tmp_path: Path, file: str, content: bytes | None, says: str) -> None:
    from drivebelt.cases import case
    from drivebelt.findings import findings

    copy = shutil.copytree(whole.path, tmp_path / "copy")
    if content is None:
        (copy / file).unlink()
    else:
        (copy / file).write_bytes(content)
    readers = [lambda: Run(copy).trace(act=1), lambda: findings(Run(copy)), lambda: case("limit-prices", Run(copy))]
    for read in readers:
        with pytest.raises(BadRun, match=says) as caught:
            read()
        assert str(copy) in str(caught.value) and "\n" not in str(caught.value)


def test_a_missing_column_is_named(whole: Run, tmp_path: Path) -> None:
    copy = shutil.copytree(whole.path, tmp_path / "copy")
    pq.write_table(pq.read_table(copy / "organs.parquet").drop_columns(["level"]), copy / "organs.parquet")
    with pytest.raises(BadRun, match="level"):
        Run(copy).trace(act=1)


def test_the_page_goes_elsewhere_where_the_run_cannot_be_written(whole: Run, tmp_path: Path) -> None:
    from drivebelt.findings import findings
    from drivebelt.report import write

    copy = shutil.copytree(whole.path, tmp_path / "copy")
    (copy / "plots").write_text("in the way")
    done = command("report", copy)
    assert done.returncode == 2 and "--out" in done.stderr and "Who decides" in done.stdout
    assert not (copy / "report.html").exists()
    assert write(findings(whole), tmp_path / "page") == tmp_path / "page" / "report.html"


@pytest.mark.parametrize("env", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}])
def test_a_terminal_of_few_letters_is_borne(env: dict[str, str]) -> None:
    done = process("evidence", "--kind", "person", env=env)
    assert done.returncode == 0 and not done.stderr


def test_a_pipe_that_closes_early_is_no_error() -> None:
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"'{sys.executable}' -m drivebelt evidence | head -1; echo ${{PIPESTATUS[0]}}"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stderr == "" and done.stdout.splitlines()[-1] in ("141", "0")


def test_output_on_a_full_device_is_one_line() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-m", "drivebelt", "cases"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2 and done.stderr.startswith("drivebelt: ") and done.stderr.count("\n") == 1


def test_compiled_code_of_other_sources_goes_when_nobody_has_used_it_for_a_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compilation, "user_cache_dir", lambda _: str(tmp_path))
    own = Path(compilation._folder()[0])
    ago = {"compiled-old": 8, "compiled-recent": 6, own.name: 30, "something else": 30}
    for name, days in ago.items():
        (tmp_path / name / "within").mkdir(parents=True, exist_ok=True)
        os.utime(tmp_path / name, times=(0, time.time() - days * 86400))
    assert Path(compilation._folder()[0]) == own
    assert sorted(f.name for f in tmp_path.iterdir()) == sorted(set(ago) - {"compiled-old"})
    assert time.time() - own.stat().st_mtime < 3600, "its use counts, not the day it was made"


def test_compiled_code_finds_a_place_where_the_home_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    code = "from drivebelt.compilation import config; print(config.CACHE_DIR)"
    env = {k: v for k, v in os.environ.items() if k not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    env |= {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, timeout=60)
    assert done.returncode == 0 and Path(done.stdout.strip()).is_dir() and str(tmp_path) in done.stdout


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("minutes_readers_in_provinces: {values: {1924-01-01: .nan}}", "is not a number from 0"),
        ("minutes_readers_in_provinces: {values: {1924-01-01: .inf}}", "is not a number from 0"),
        ("burning_interval: {values: {1924-01-01: -3}}", "cannot be carried out with less than 1"),
        ("minutes_readers_in_provinces: {values: {1924-01-01: -0.1}}", "below zero"),
        ("burning_interval: {values: {1924-01-01: 99999999999999999999}}", "is not a number from 0"),
        ("burning_interval: {values: {1923-02-30: 3}}", "is not a date"),
        ("burning_interval: {values: {1924-01-01 10:00:00: 3}}", "write YYYY-MM-DD"),
        ("burning_interval: {values: {1823-01-01: 3}}", "1823-01-01 is not a date between"),
        ("accumulation_of_posts_tolerated: {values: {1925-01-01: {commissariats_held_by_stalin: 1}}}", "ends on 1922-12-31"),
        ("burning_interval: {offfrom: 1924-01-01}", "did you mean 'off_from'"),
    ],
)
def test_amendments_that_make_no_sense_name_rule_and_day(change: str, says: str, tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    place.write_text(f"name: a\nquestion: q\nchanges: {{{change}}}")
    with pytest.raises(BadInput, match=says) as caught:
        load([place])
    assert f"a.yaml: changes.{change.split(':')[0]}" in str(caught.value)


def test_amendments_that_undo_each_other_are_refused(tmp_path: Path) -> None:
    off, on = tmp_path / "off.yaml", tmp_path / "on.yaml"
    off.write_text("name: a\nquestion: q\nchanges: {burning_interval: off}")
    on.write_text("name: b\nquestion: q\nchanges: {burning_interval: {values: {1924-08-19: 7}, off_from: 1926-01-01}}")
    for order in ([off, on], [on, off]):
        with pytest.raises(BadInput, match="keep one of the two"):
            load(order)
    book = load([on])
    assert [book.value("burning_interval", date(y, 1, 1)) for y in (1925, 1926)] == [7, None]


def test_an_amendment_that_nobody_follows_is_told(tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    place.write_text("name: a\nquestion: q\nchanges: {accumulation_of_posts_tolerated: off}")
    done = command("run", *ARGUMENTS, "--amend", place, "--out", tmp_path / "run")
    assert done.returncode == 0 and "accumulation_of_posts_tolerated; its amendment has changed nothing" in done.stderr
    assert Run(tmp_path / "run").info["unread_amendments"] == ["accumulation_of_posts_tolerated"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--from", ""], "--from ''"),
        (["run", "--out", ""], "names no directory"),
        (["run", "--resume"], "give the run to go on with"),
        (["run", "--out", "/dev/null/x"], "choose another --out"),
        (["trace", "RUN", "--act", "99999999999999999999999"], "they go from 0 to"),
        (["trace", "RUN", "--act", "1", "--expand", "village"], "one of centre, region"),
        (["validate", "--workers", "-1"], "--workers"),
        (["experiment", "shipped", "--workers", "0"], "--workers"),
        (["rules", "--amend", ""], "no amendment ''"),
    ],
)
def test_more_bad_input_is_one_line(whole: Run, arguments: list[str], says: str) -> None:
    assert says in refused(*(str(whole.path) if a == "RUN" else a for a in arguments))


def test_lists_are_machine_readable() -> None:
    assert json.loads(command("scenarios", "--json").stdout)["scenarios"][0]["scenario"] == "1922-1928"
    assert {"case", "title", "scenario"} <= set(json.loads(command("cases", "--json").stdout)[0])


def test_after_a_row_that_could_not_be_written_no_later_state_is_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The days go on while the log is written: a state saved after a failure would count rows that are not there."""
    out, saved = tmp_path / "run", []
    monkeypatch.setattr("drivebelt.running.saved_state.SavedState.save", lambda *_: saved.append(True))

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.ParquetWriter.write_table", full)
    with pytest.raises(BadInput, match="No space left on device"):
        execute(SHORT, out)
    assert not saved
