"""The directory of a run: taken, held against other processes, taken up again, and what the disk refuses on the way."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from drivebelt.errors import BadInput
from drivebelt.results import interrupted


class RunDirectory:
    """A place for one run: free, unfinished, or finished. What keeps an unfinished run lies in a folder of its own there."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.unfinished = out / "unfinished"

    def finished(self, asked: dict[str, Any]) -> bool:
        """Whether the run stands there complete; BadInput where it is one with other settings, or damaged."""
        try:
            info = json.loads((self.out / "run.json").read_text())
            info["without"] = sorted(set(info["without"]))
        except FileNotFoundError:
            return False
        except NotADirectoryError as why:
            raise BadInput(f"{self.out}: is no directory; choose another --out") from why
        except (OSError, ValueError, TypeError, KeyError) as why:
            raise BadInput(f"{self.out / 'run.json'}: cannot be read; choose another --out") from why
        self._same(info, asked)
        return True

    def free(self) -> None:
        """Refuses a directory that holds anything, and a place where none can be made."""
        out = self.out
        try:
            if out.exists() and (not out.is_dir() or any(out.iterdir())):
                begun = (self.unfinished / "settings.json").exists()
                hint = "add --resume to go on with it, or choose" if begun else "choose"
                raise BadInput(f"{out}: is there already and not empty; {hint} another --out")
        except OSError as why:
            raise self._unwritable(why) from why
        above = next((p for p in (out, *out.absolute().parents) if p.exists()), out)
        if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
            raise BadInput(f"{out}: cannot be written: {above} is not a directory that may be written to; choose another --out")

    def take(self, asked: dict[str, Any]) -> None:
        """Whoever makes the folder of the unfinished run has the directory."""
        try:
            self.unfinished.mkdir(parents=True)
        except FileExistsError as why:  # another process was quicker
            raise BadInput(f"{self.out}: is there already; choose another --out") from why
        except OSError as why:
            raise self._unwritable(why) from why
        try:
            (self.unfinished / "settings.json").write_text(json.dumps(asked))
        except OSError as why:
            self.tidy()
            raise self._unwritable(why, "free some space") from why

    def take_up(self, asked: dict[str, Any]) -> None:
        """Refuses to go on with what is no unfinished run, or was begun with other settings."""
        place = self.unfinished / "settings.json"
        try:
            saved = dict(json.loads(place.read_text()))
        except (ValueError, TypeError) as why:
            raise BadInput(f"{place}: cannot be read; delete {self.out} and run anew") from why
        except OSError as why:
            raise BadInput(f"{self.out}: holds no unfinished run; leave --resume out") from why
        self._same(saved, asked)

    def tidy(self) -> None:
        """Removes what only an unfinished run needs."""
        shutil.rmtree(self.unfinished, ignore_errors=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Holds it for this process; the system lets go of it however the process ends. BadInput where another has it."""
        with (self.unfinished / "lock").open("w") as lock:
            try:
                import fcntl
            except ImportError:  # not a POSIX system: two runs into one directory are left to the user's care
                yield
                return
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as why:
                raise BadInput(f"{self.out}: another process is writing this run; wait for it or choose another --out") from why
            except OSError:
                pass  # a file system without locks
            yield

    @contextmanager
    def written(self) -> Iterator[None]:
        """Whatever the disk refuses on the way becomes one line that says how to go on."""
        try:
            yield
        except (OSError, duckdb.Error, RuntimeError) as why:
            if interrupted(why):
                raise KeyboardInterrupt from why
            if not isinstance(why, (OSError, duckdb.Error)):
                raise
            text = (why.strerror if isinstance(why, OSError) else "") or " ".join(str(why).split())
            place = getattr(why, "filename", None) or self.out
            raise BadInput(f"{place}: cannot be written or read: {text}; free some space and go on with --resume") from why

    def _same(self, saved: dict[str, Any], asked: dict[str, Any]) -> None:
        other = [f"{k} {saved.get(k)!r}, now {asked[k]!r}" for k in asked if saved.get(k) != asked[k]]
        if other:
            raise BadInput(f"{self.out}: was begun with other settings ({'; '.join(other)}); use those or another --out")

    def _unwritable(self, why: OSError, mend: str = "choose another --out") -> BadInput:
        return BadInput(f"{self.out}: cannot be written: {why.strerror or why}; {mend}")
