"""A process of its own that carries out one command line within limits of memory, time and file size.

    python -m drivebelt.web.worker MEMORY_MIB SECONDS FILE_MIB -- import PATH --from csv --out DIR
    python -m drivebelt.web.worker MEMORY_MIB SECONDS FILE_MIB -- glance PATH
    python -m drivebelt.web.worker MEMORY_MIB SECONDS FILE_MIB -- room RUN MAKING PLACE

What comes from outside is read only here: whatever it does to the process, the page goes on.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

OWN = {"glance": ("drivebelt.web.glance", "main"), "room": ("drivebelt.web.room.preparing", "prepare")}
"""Work that the page alone asks for, beside the command lines of drivebelt: module and function, which is given paths."""


def main(arguments: Sequence[str]) -> None:
    """Sets the limits, then acts as the command line does."""
    memory, seconds, size = (int(x) for x in arguments[:3])
    try:
        import resource
    except ImportError:  # a system without them: the page still ends a job by the clock
        pass
    else:
        for what, most in (
            (resource.RLIMIT_AS, memory << 20), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, size << 20),
            (resource.RLIMIT_CORE, 0),
        ):  # fmt: skip
            hard = resource.getrlimit(what)[1]
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    if arguments[4] in OWN:
        from drivebelt.errors import DrivebeltError

        module, function = OWN[arguments[4]]
        try:
            getattr(importlib.import_module(module), function)(*map(Path, arguments[5:]))
        except DrivebeltError as why:
            print(f"drivebelt: {why}", file=sys.stderr)
            sys.exit(2)
        return
    from drivebelt.cli import entry

    entry(list(arguments[4:]))


if __name__ == "__main__":
    main(sys.argv[1:])
