"""The shelf of runs that the page shows. Only what stands on it is ever opened: no name from a request becomes a path."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

from drivebelt.errors import BadRun, DrivebeltError
from drivebelt.results import Run
from drivebelt.web.asked import NotThere
from drivebelt.web.jobs import Jobs
from drivebelt.web.memo import Memo
from drivebelt.web.uploads import Uploads

T = TypeVar("T")
HELD = ("organs", "persons", "posts", "matters", "episodes")
"""Tables that names are looked up in."""
MEMORY = "700MB"
"""What DuckDB may take for one run."""
_PAUSE = 0.8
"""Seconds before work in the background begins."""


@dataclass(frozen=True)
class Shelved:
    """One run on the shelf: its name in addresses and its directory."""

    name: str
    path: Path


class Library:
    """Runs by name, opened when first asked for; results of views kept for the next reader."""

    def __init__(self, folders: Sequence[Path], workshop: Path | None = None) -> None:
        """`folders` are run directories; two of one name are told apart by a number.

        In `workshop` lie runs and archives that readers of the page had made; without one, in a directory of the user.
        """
        self.workshop = workshop or Path(platformdirs.user_cache_dir("drivebelt")) / "page"
        self.jobs = Jobs()
        self.uploads = Uploads(self.workshop / "own")
        self._shelf: dict[str, Shelved] = {}
        self._memo = Memo()
        self._drawings = Memo(96)
        self._soon: set[Hashable] = set()
        self._background = ThreadPoolExecutor(1)
        """One thing at a time, so that readers have the other processor."""
        self.first_arguments: Sequence[str] = ()
        """What `drivebelt run` is given for the run that is made where there is none."""
        for folder in folders:
            self.add(folder)

    def add(self, folder: Path) -> str:
        """Puts a run directory on the shelf and returns its name there."""
        stem, n = folder.resolve().name or "run", 2
        name = stem
        while name in self._shelf:
            name, n = f"{stem}-{n}", n + 1
        self._shelf[name] = Shelved(name, folder)
        return name

    def shelf(self) -> list[Shelved]:
        """All runs, in the order in which they were put there."""
        return list(self._shelf.values())

    def first(self) -> str:
        """The name of the first run. Raises NotThere where there is none."""
        if not self._shelf:
            raise NotThere("there is no run yet: the first is made at the start, or `drivebelt run` makes one")
        return next(iter(self._shelf))

    def run(self, name: str) -> Run:
        """A run by its name. Raises NotThere for an unknown name and BadRun for a damaged directory."""
        if name not in self._shelf:
            known = ", ".join(self._shelf) or "none"
            raise NotThere(f"no run {name[:80]!r} on the shelf; there is {known}")
        return self._memo.get(("run", name), lambda: _opened(self._shelf[name].path))

    def kept(self, run: Run, what: Hashable, make: Callable[[], T]) -> T:
        """A result that depends on a run and on `what` alone, made once."""
        return self._memo.get((run.info["digest"], str(run.path), what), make)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """A result by a key that no run is part of, made once."""
        return self._memo.get(key, make)

    def soon(self, run: Run, what: Hashable, make: Callable[[], T]) -> T | None:
        """A result that takes too long for a page: made in the background, None until it is there.

        It begins a moment later, so that the page that asked for it first does not wait for the processor.
        """
        key = (run.info["digest"], str(run.path), what)
        found: T | None = self._memo.peek(key)
        if found is None and key not in self._soon:
            self._soon.add(key)

            def work() -> None:
                time.sleep(_PAUSE)
                try:
                    self._memo.get(key, make)
                except DrivebeltError:
                    pass  # whoever needs it asks for it, and is told
                finally:
                    self._soon.discard(key)

            self._background.submit(work)
        return found

    def settle(self) -> None:
        """Waits until what was begun in the background is there."""
        self._background.submit(lambda: None).result()

    def close(self) -> None:
        """Ends what was begun: work in the background is finished or left out, jobs are stopped."""
        self._background.shutdown(cancel_futures=True)
        self.jobs.stop()

    def drawn(self, key: Hashable, make: Callable[[], T]) -> T:
        """A drawing by its key, made once."""
        return self._drawings.get(key, make)


def _opened(path: Path) -> Run:
    run = Run(path)
    run.rows(f"set memory_limit = '{MEMORY}'")
    run.hold(*HELD)
    return run


def about(library: Library, shelved: Shelved) -> dict[str, Any]:
    """What stands on a run's card; where it cannot be opened, `error` says why."""
    try:
        return {"name": shelved.name, "info": library.run(shelved.name).info, "error": None}
    except BadRun as why:
        return {"name": shelved.name, "info": None, "error": str(why)}
