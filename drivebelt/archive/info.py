"""archive.json: the one place where it is read and refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from drivebelt.errors import BadRun

NAME = "archive.json"
_DAYS = ("from", "to", "day_of_access")


def read_info(place: Path, *, whole: bool = False) -> dict[str, Any]:
    """What archive.json of the directory `place` says; `whole`: regime and days must be there.

    Raises BadRun where the directory is missing or no archive, or the file is damaged.
    """
    if not place.is_dir():
        raise BadRun(f"{place}: no such archive directory; `drivebelt archive` or `drivebelt import` makes one")
    path = place / NAME
    try:
        info = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(info, dict):
            raise TypeError("holds no table of names and values")
        if whole:
            for key in _DAYS:
                if info[key] is not None:  # an event log of papers without a date has none
                    date.fromisoformat(info[key])
            str(info["regime"])
    except FileNotFoundError as why:
        raise BadRun(f"{place}: no {NAME}: not an archive directory; `drivebelt archive` or `drivebelt import` makes one") from why
    except OSError as why:
        raise BadRun(f"{path}: cannot be read: {why.strerror or why}; check its permissions") from why
    except KeyError as why:
        raise BadRun(f"{path}: damaged: {why.args[0]} is missing; make or import the archive anew") from why
    except (ValueError, TypeError, RecursionError) as why:
        raise BadRun(f"{path}: damaged ({' '.join(str(why).split())}); make or import the archive anew") from why
    return info
