"""Compiles, in a process of its own, what stands late in the day, while a first run compiles what stands early.

Started by `drivebelt.compiled` when the folder of compiled code is new; both processes find there what the other has done. It does
by a small run, whose results nobody reads, what a run does: so there is no list of functions to keep.
"""

from __future__ import annotations

import tempfile
from importlib import import_module
from pathlib import Path

_EARLY = 10  # mechanisms of the plan that are left to the first process
_SCALE = 0.002
_END = "1922-07-31"


def main() -> None:
    """Imports the mechanisms from the last to the first, then runs the late ones."""
    here = Path(__file__).parent / "mechanism"
    for module in sorted((path.stem for path in here.glob("[!_]*.py")), reverse=True):
        import_module(f"drivebelt.mechanism.{module}")
    from drivebelt.day import PLAN
    from drivebelt.runner import Settings, execute

    with tempfile.TemporaryDirectory() as folder:
        early = [m.name for m in PLAN[:_EARLY]]
        execute(Settings(scale=_SCALE, end=_END, without=early), Path(folder) / "run", passing=True)


if __name__ == "__main__":
    main()
