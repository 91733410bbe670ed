"""Ctrl-C waits for what it may not cut in two, and is never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from drivebelt.whole import whole


@pytest.fixture(autouse=True)
def default_handler() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def test_ctrl_c_waits_for_the_end_of_the_outermost_block() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), whole():
        with whole():
            press()
            done.append("inner")
        done.append("outer")
    assert done == ["inner", "outer"]
    with pytest.raises(KeyboardInterrupt):
        press()


def test_another_handler_and_another_thread_are_left_alone() -> None:
    heard = []
    signal.signal(signal.SIGINT, lambda *_: heard.append(1))
    with whole():
        press()
        assert heard
    signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = threading.Thread(target=lambda: whole().__enter__())
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_function_is_compiled_whole_before_ctrl_c_is_heard(tmp_path: Path) -> None:
    """Pressed while LLVM takes over the module, which would then be freed by both."""
    script = (
        "import signal\n"
        "from drivebelt import compilation\n"
        "from llvmlite.binding import ExecutionEngine\n"
        "from numba import njit\n"
        "add = ExecutionEngine.add_module\n"
        "def pressed(self, module):\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "    add(self, module)\n"
        "def sample(x): return x + 1\n"
        "sample.__module__ = 'drivebelt.sample'\n"
        "ready = njit(sample)\n"
        "ready.targetctx.refresh()\n"
        "ExecutionEngine.add_module = pressed\n"
        "try:\n"
        "    ready(1)\n"
        "except KeyboardInterrupt:\n"
        "    print(len(ready.signatures))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "1", "")


def test_ctrl_c_while_the_command_line_is_read_in_is_one_line(tmp_path: Path) -> None:
    script = (
        "import signal, sys\n"
        "from drivebelt import cli\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'drivebelt.cli.serve':\n"
        "            signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "cli.entry(['--help'])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "drivebelt: broken off\n")


def test_what_a_run_reads_in_first_holds_nothing_of_duckdb() -> None:
    """Before the end of the process its objects are to be found as rubbish, or it complains of them; see the command `run`."""
    script = "import sys, drivebelt.cli.console, drivebelt.running.day\nprint([name for name in sys.modules if 'duckdb' in name])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.stdout.strip() == "[]", run.stderr
