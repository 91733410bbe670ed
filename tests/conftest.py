"""Runs that several tests read. All are small in scale and short; one full-scale run is marked `full`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drivebelt.results import Run
from drivebelt.runner import Settings, execute

SMALL = Settings(start="1924-06-01", end="1925-03-31", scale=0.02)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Ten months with the rules of August 1924, all territories, two per cent of volosts and cells."""
    return Run(execute(SMALL, tmp_path_factory.mktemp("small") / "run"))


@pytest.fixture(scope="session")
def first_year(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The first year from the beginning of the scenario, with three episodes."""
    return Run(execute(Settings(end="1923-04-30", scale=0.02), tmp_path_factory.mktemp("first") / "run"))


def command(*arguments: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs `drivebelt` as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "drivebelt.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        timeout=300,
    )


def refused(*arguments: str | Path, code: int = 2) -> str:
    """The one line with which the command refuses bad input; fails if there is more, or a traceback."""
    done = command(*arguments)
    assert done.returncode == code, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("drivebelt: ")]
    assert len(lines) == 1 and "Traceback" not in done.stderr, done.stderr
    return lines[0]
