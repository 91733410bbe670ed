"""The command line. Results go to stdout, progress and errors to stderr; bad input ends in one line and exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from drivebelt.whole import whole

__all__ = ["entry"]


def entry(arguments: Sequence[str] | None = None) -> None:
    """Carries out a command line, by default that of the process. Raises SystemExit where it was refused or broken off."""
    try:
        with whole():
            from drivebelt.cli import console
    except KeyboardInterrupt:
        print("drivebelt: broken off", file=sys.stderr)
        sys.exit(130)
    console.entry(arguments)
