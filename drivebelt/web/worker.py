"""A process of its own that carries out one command line within limits of memory, time and file size.

    python -m drivebelt.web.worker MEMORY_MIB SECONDS FILE_MIB -- import PATH --from csv --out DIR
    python -m drivebelt.web.worker MEMORY_MIB SECONDS FILE_MIB -- glance PATH

What comes from outside is read only here: whatever it does to the process, the page goes on.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path


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
    if arguments[4] == "glance":
        from drivebelt.errors import BadInput
        from drivebelt.web.glance import main as glance

        try:
            glance(Path(arguments[5]))
        except BadInput as why:
            print(f"drivebelt: {why}", file=sys.stderr)
            sys.exit(2)
        return
    from drivebelt.cli import entry

    entry(list(arguments[4:]))


if __name__ == "__main__":
    main(sys.argv[1:])
