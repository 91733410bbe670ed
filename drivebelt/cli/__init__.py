"""The command line. Results go to stdout, progress and errors to stderr; bad input ends in one line and exit code 2."""

from drivebelt.cli.console import entry

__all__ = ["entry"]
