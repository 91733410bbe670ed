"""The console script: every error a user can cause becomes one line and an exit code."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from typing import NoReturn

import click

from drivebelt.cli.commands import main
from drivebelt.errors import DrivebeltError

_NEW_OBJECTS = 100_000
"""New objects after which Python looks for rubbish. Modules, rules and bodies are made to stay: looking through them after every
seven hundred took a twentieth of a short run."""
_LONGEST = 1000  # characters of an error; what a file holds may be far longer


def entry(arguments: Sequence[str] | None = None) -> None:
    """Carries out a command line, by default that of the process. Raises SystemExit where it was refused or broken off."""
    gc.set_threshold(_NEW_OBJECTS)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    nowhere = io.StringIO()  # in place of a stream that the caller has closed
    sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that knows fewer letters gets a question mark
    try:
        main(arguments, prog_name="drivebelt", standalone_mode=False)
        sys.stdout.flush()
    except DrivebeltError as why:
        _fail(str(why), why.exit_code)
    except click.ClickException as why:
        _fail(f"{why.format_message().rstrip('.?')}; see {_help_of(why)}", 2)
    except (KeyboardInterrupt, click.Abort):
        _fail("broken off", 130)
    except OSError as why:
        _fail(f"{why.filename or 'output'}: {why.strerror or why}; check space and permissions", 2)
    except MemoryError:
        _fail("not enough memory; try a smaller --scale", 2)
    except BrokenExecutor:
        _fail("a worker was killed, most likely for want of memory; take fewer --workers or a smaller --scale", 2)
    except Exception as why:
        if "interrupted" in str(why).lower() and isinstance(why, RuntimeError):  # DuckDB's word for Ctrl-C
            _fail("broken off", 130)
        if os.environ.get("DRIVEBELT_TRACEBACK"):
            raise
        _fail(f"a fault of drivebelt itself ({type(why).__name__}: {why}); DRIVEBELT_TRACEBACK=1 shows where; please report it", 1)


def _fail(message: str, code: int) -> NoReturn:
    line = " ".join(message.split())
    click.echo(f"drivebelt: {line if len(line) <= _LONGEST else line[:_LONGEST] + '...'}", err=True)
    sys.exit(code)


def _help_of(why: click.ClickException) -> str:
    context = getattr(why, "ctx", None)
    return f"{context.command_path if context else 'drivebelt'} --help"
