"""Compiles, in a process of its own, what stands late in the day, while a first run compiles what stands early.

Started by `drivebelt.compilation` when the folder of compiled code is new; both processes find there what the other has done. It
does what a run does, on a small country whose results nobody reads and with each day's mechanisms in the opposite order, so that
the two meet in the middle: there is no list of functions to keep.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path

_SCALE = 0.002
_START = "1922-08-04"  # a conference meets: what it needs takes longest
_END = "1924-06-30"  # by then there were a congress, a discussion and a mass admission: all that is rare


def main() -> None:
    """Imports first what the run imports last, then goes through the days from their last mechanism to their first."""
    here = Path(__file__).parent.parent
    for folder in ("power", "mechanism"):
        for module in sorted((path.stem for path in (here / folder).glob("[!_]*.py")), reverse=True):
            import_module(f"drivebelt.{folder}.{module}")
    from drivebelt.building import build
    from drivebelt.compilation import CLAIMS
    from drivebelt.rulebook import load
    from drivebelt.rulebook.in_force import Reading
    from drivebelt.running.day import PLAN
    from drivebelt.running.log import Log
    from drivebelt.running.settings import Settings, period

    settings = Settings(scale=_SCALE, start=_START, end=_END)
    scenario, start, days = period(settings)
    rules = load()
    backwards = [(m, Reading(m, rules, start, days)) for m in reversed(PLAN)]
    w = build(scenario, rules, settings.seed, settings.scale, start, days)
    with tempfile.TemporaryDirectory() as folder:
        w.log = Log(Path(folder), 0, w.names(), {}, 0)
        CLAIMS.helping = True
        for day in range(days):
            w.set_day(day)
            for m, reading in backwards:
                with suppress(Exception):  # compiled elsewhere, or looks for what is only made later in such a day
                    m.step(w, day, reading.at(day))


if __name__ == "__main__":
    main()
