"""The run that is made where there is none: begun when the page opens, taken up again where it was broken off."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drivebelt.web.jobs import Job
    from drivebelt.web.library import Library

KEY = "first-run"
DEFAULT = Path("runs") / "default"
"""Where `drivebelt serve` looks for a run before it makes one."""
_PROGRESS = re.compile(r"(\d+) of (\d+) days\s+([\d,]+) acts")


def make_first(library: Library, arguments: Sequence[str] = (), *, anew: bool = False) -> Job | None:
    """Begins the default run in the workshop, or puts the one that is there on the shelf (None).

    `arguments` go to `drivebelt run`: none for the documented country. What was broken off with the same settings goes on; a rest
    that cannot go on is removed where the reader asks for another try (`anew`).
    """
    place = DEFAULT if (DEFAULT / "unfinished" / "settings.json").exists() else library.workshop / "runs" / "default"
    if (place / "run.json").exists():
        library.add(place)
        return None
    known = library.jobs.get(KEY)
    if anew and known is not None and known.state == "failed" and "settings" in known.said:
        shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    resume = ["--resume"] if (place / "unfinished" / "settings.json").exists() else []
    if not resume and place.exists():
        shutil.rmtree(place, ignore_errors=True)  # neither a run nor the beginning of one
    steps = [["run", *arguments, "--out", str(place), *resume]]
    return library.jobs.start(KEY, "The first run", steps, anew=anew, then=lambda: library.add(place))


def progress(job: Job) -> dict[str, Any]:
    """How far a run is: days done and in all, acts so far; zeros before the first word of it."""
    found = _PROGRESS.search(job.said)
    done, days, acts = (int(x.replace(",", "")) for x in found.groups()) if found else (0, 0, 0)
    return {**job.as_dict(), "done": done, "days": days, "acts": acts, "share": round(100 * done / days) if days else 0}
