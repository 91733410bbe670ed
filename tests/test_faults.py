"""What goes wrong outside the model: killed processes, full disks, damaged files, strange places and terminals."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from drivebelt import runner
from drivebelt.errors import BadRun
from drivebelt.results import Run
from drivebelt.runner import Settings, execute

SHORT = Settings(start="1924-08-10", end="1924-09-05", scale=0.005)
ARGUMENTS = ("--from", "1924-08-10", "--to", "1924-09-05", "--scale", "0.005")
SEGMENT = 10  # days, so that the short run has three segments

# The run kills itself at the n-th call of a function: nothing is tidied up, as with a power cut.
KILLED = """
import os, signal, sys
from drivebelt import runner
import {module} as module
runner.SEGMENT_DAYS = {segment}
plain, left = module.{function}, [{n}]
def deadly(*a, **k):
    left[0] -= 1
    if not left[0]:
        {before}
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(*a, **k)
module.{function} = deadly
runner.execute(runner.Settings(start="1924-08-10", end="1924-09-05", scale=0.005), runner.Path({out!r}))
"""


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


def killed(out: Path, module: str, function: str, n: int, before: str = "pass") -> None:
    code = KILLED.format(module=module, function=function, n=n, before=before, out=str(out), segment=SEGMENT)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=200)
    assert done.returncode == -signal.SIGKILL, done.stderr
    shutil.rmtree(out.parent / "copy", ignore_errors=True)


@pytest.mark.parametrize(
    ("module", "function", "n", "before"),
    [
        ("drivebelt.desk", "end_all", 1, "pass"),  # after the last day, before its rows are written
        ("numpy", "savez", 2, "a[0].write(b'half a state')"),  # half-way through the second state
        ("pyarrow.parquet", "write_table", 1, "pass"),  # before the first static table
        ("pyarrow.parquet", "write_table", 4, "open(a[1], 'wb').write(b'PAR1')"),  # half-way through a static table
        ("drivebelt.measures", "write", 1, "pass"),  # between the tables and the measures
        ("os", "replace", 3, "pass"),  # run.json is written and has not taken its place
        ("shutil", "rmtree", 1, "pass"),  # run.json is there and the saved state too
    ],
)
def test_a_run_killed_at_any_point_goes_on_to_the_same_digest(
    whole: Run, tmp_path: Path, module: str, function: str, n: int, before: str
) -> None:
    out = tmp_path / "run"
    killed(out, module, function, n, before)
    if module != "shutil":
        with pytest.raises(BadRun, match="--resume"):
            Run(out)
    run = Run(execute(SHORT, out, resume=True))
    assert run.info["digest"] == whole.info["digest"] and run.info["rows"] == whole.info["rows"]
    assert not (out / "unfinished").exists()
    for table in ("measures", "tenures", "copies"):
        assert run.rows(f"select count(*) as n from {table}") == whole.rows(f"select count(*) as n from {table}")
