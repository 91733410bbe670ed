"""Runs that several tests read. All are small in scale and short; one full-scale run is marked `full`."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import drivebelt as db
from drivebelt.cli import entry
from drivebelt.results import Run
from drivebelt.running.runner import Settings, execute

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from drivebelt.reconstruct import Reconstruction
    from drivebelt.web.library import Library

PATIENCE = 300
"""Seconds after which work of the server is held to hang: it runs at a low priority, so a busy machine alone makes it slow."""
SMALL = Settings(start="1924-06-01", end="1925-03-31", scale=0.02)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Ten months with the rules of August 1924, all territories, two per cent of volosts and cells."""
    return Run(execute(SMALL, tmp_path_factory.mktemp("small") / "run"))


@pytest.fixture(scope="session")
def first_year(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The first year from the beginning of the scenario, with three episodes."""
    return Run(execute(Settings(end="1923-04-30", scale=0.02), tmp_path_factory.mktemp("first") / "run"))


@pytest.fixture(scope="module")
def library(small: Run) -> Library:
    """What the page shows; a module whose page is to show other runs has a fixture of this name itself."""
    from drivebelt.web.library import Library

    return Library([small.path])


@pytest.fixture(scope="module")
def client(library: Library) -> Iterator[TestClient]:
    """The page as a browser asks for it, without a browser."""
    from starlette.testclient import TestClient

    from drivebelt.web.app import application

    with TestClient(application(library), base_url="http://127.0.0.1") as client:
        yield client


def settled(client: TestClient, address: str) -> str:
    """The page, once the work behind it is done."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        page = client.get(address)
        if 'http-equiv="refresh"' not in page.text:
            return page.text
        time.sleep(0.2)
    raise AssertionError("the work does not end")


@contextlib.contextmanager
def serving(library: Library) -> Iterator[str]:
    """The address of a server of these runs, for a browser."""
    import uvicorn

    from drivebelt.web.app import application

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(library), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(5)


def public_data(*place: str) -> Path:
    """A file or folder of the public data that docs/real-data.md lists; the test is skipped where DRIVEBELT_DATA has none."""
    found = Path(os.environ.get("DRIVEBELT_DATA", "")).joinpath(*place)
    if not os.environ.get("DRIVEBELT_DATA") or not found.exists():
        pytest.skip(f"{'/'.join(place)} is not here; DRIVEBELT_DATA names the folder that holds it (docs/real-data.md)")
    return found


def reconstructed(archive: Path, place: Path) -> Reconstruction:
    """The reconstruction of an archive, written to a place."""
    found = db.reconstruct(archive)
    found.write(place)
    return found


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Carries out a command line as a user gives it, within this process: a new one would first load everything again."""
    said, complained, code = io.StringIO(), io.StringIO(), 0
    pipe, collecting = signal.getsignal(signal.SIGPIPE), gc.isenabled()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
            entry([str(a) for a in arguments])
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        signal.signal(signal.SIGPIPE, pipe)
        if collecting:
            gc.enable()
    return subprocess.CompletedProcess(list(arguments), code, said.getvalue(), complained.getvalue())


def process(*arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, where its environment, its start or its end is what is tested."""
    return subprocess.run(
        [sys.executable, "-m", "drivebelt", *map(str, arguments)],
        capture_output=True,
        text=True,
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
