"""Compiled code is made once, in one form, by however many processes need it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drivebelt.compilation.numba_lean import Claims, Elsewhere


def sample() -> None:
    """A function to be claimed."""


def other() -> None:
    """Another."""


CLAIM = f"{sample.__module__}.{sample.__qualname__}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "claims").mkdir()
    return tmp_path


def test_a_claim_lasts_until_it_is_given_up(folder: Path) -> None:
    claims = Claims(str(folder))
    assert claims.take(sample)
    assert claims.take(sample), "it is this process's own"
    assert (folder / "claims" / CLAIM).read_text() == str(os.getpid())
    claims.give_up(sample)
    assert not list((folder / "claims").iterdir())


def test_a_claim_of_a_dead_process_counts_for_nothing(folder: Path) -> None:
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True)
    (folder / "claims" / CLAIM).write_text(dead.stdout.strip())
    claims = Claims(str(folder))
    assert not claims.take(sample), "it may have been kept before the other died"
    assert claims.take(sample)


def test_one_process_waits_for_another(folder: Path) -> None:
    place = folder / "claims" / CLAIM
    script = f"import time; time.sleep(0.5); import pathlib; pathlib.Path({str(place)!r}).unlink()"
    with subprocess.Popen([sys.executable, "-c", script]) as holder:
        place.write_text(str(holder.pid))
        assert not Claims(str(folder)).take(sample)
        assert not place.exists()


def test_the_helper_goes_on_and_leaves_every_other(folder: Path) -> None:
    claims = Claims(str(folder))
    claims.helping = True
    assert claims.take(sample)
    claims.give_up(sample)
    with pytest.raises(Elsewhere):
        claims.take(other)
    assert claims.take(other)
    claims.give_up(other)
    (folder / "claims" / CLAIM).write_text(str(os.getpid()))
    for _ in ("passed over", "in other hands"):
        with pytest.raises(Elsewhere):
            claims.take(sample)


def test_a_folder_that_takes_no_claims_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Claims(str(tmp_path / "file")).take(sample)


def test_one_form_for_all_widths_and_constants(tmp_path: Path) -> None:
    """Two calls with other widths and with a constant make no second form; a fraction does."""
    script = (
        "from numba import njit\n"
        "from drivebelt import compilation\n"
        "import numpy as np\n"
        "def inner(x): return x + 1\n"
        "inner.__module__ = 'drivebelt.sample'\n"
        "inner = njit(no_cpython_wrapper=True)(inner)\n"
        "@njit\n"
        "def outer(a, b): return inner(a) + inner(b) + inner(7)\n"
        "assert outer(np.int8(1), np.int32(2)) == 13\n"
        "print(len(inner.signatures))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    )
    assert run.stdout.strip() == "1", run.stderr


def test_a_function_that_cannot_be_compiled_is_given_up(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path\n"
        "from numba import njit\n"
        "from numba.core.errors import NumbaError\n"
        "from drivebelt import compilation\n"
        "def broken(x): return x.nothing_of_the_kind\n"
        "broken.__module__ = 'drivebelt.sample'\n"
        "taken = []\n"
        "take = compilation.CLAIMS.take\n"
        "compilation.CLAIMS.take = lambda function: taken.append(function) or take(function)\n"
        "try:\n"
        "    njit(cache=True)(broken)(1)\n"
        "except NumbaError:\n"
        "    print(len(taken), len(list(Path(compilation.config.CACHE_DIR, 'claims').iterdir())))\n"
    )
    (tmp_path / "script.py").write_text(script)
    run = subprocess.run(
        [sys.executable, tmp_path / "script.py"], capture_output=True, text=True,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "kept")},
    )  # fmt: skip
    assert run.stdout.split() == ["1", "0"], run.stderr


def test_what_is_compiled_needs_no_scipy_but_finds_it() -> None:
    script = (
        "import sys\n"
        "from drivebelt import desk\n"
        "print('scipy.linalg' in sys.modules)\n"
        "from importlib.util import find_spec\n"
        "from numba.np import arraymath, linalg\n"
        "print(arraymath._HAVE_BLAS == (find_spec('scipy') is not None), linalg.ensure_blas.__module__)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.stdout.split() == ["False", "True", "numba.np.linalg"], run.stderr
