"""What if: pairs of runs with common draws, one of them with a shipped amendment, made on demand at a small scale."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivebelt import __version__
from drivebelt.experiments.headlines import HEADLINES, headlines
from drivebelt.results import Run
from drivebelt.rulebook.amendments import shipped
from drivebelt.web.jobs import Job, Limits
from drivebelt.web.library import Library
from drivebelt.web.naming import named

SCALE, UNTIL, SEED = "0.005", "1924-06-30", "1"
"""A small country and the first two years: so short that one waits for it."""
PLAIN = "plain-rules"
_KEY = "pair: "


@dataclass(frozen=True)
class Pair:
    """One question that can be put: its name, what it asks, and where its runs stand on the shelf (None: not made yet)."""

    name: str
    question: str
    shelved: tuple[str, str] | None
    job: Job | None


def workshop(library: Library) -> Path:
    """Where pairs lie."""
    return library.workshop / f"pairs-{__version__}"


def pairs(library: Library) -> list[Pair]:
    """All questions, with the runs of those that have been made; the twin without any change is none."""
    return [
        Pair(name, question, _shelved(library, name), library.jobs.get(_KEY + name))
        for name, question in shipped().items()
        if name != "none"
    ]


def running(library: Library) -> Job | None:
    """The pair that is being made now, if any."""
    return next((p.job for p in pairs(library) if p.job is not None and not p.job.over), None)


def make(library: Library, name: str) -> Job | None:
    """Begins to make the pair of a shipped amendment; nothing while another pair is being made or where it stands already.

    `name` is one of `shipped()`: what comes from a reader is compared with that list before it gets here.
    """
    if name not in shipped() or name == "none":
        raise KeyError(name)
    if running(library) or _shelved(library, name):
        return None
    place = workshop(library)
    place.mkdir(parents=True, exist_ok=True)
    for each in (PLAIN, name):
        if (place / each).exists() and not (place / each / "run.json").exists():
            shutil.rmtree(place / each)  # broken off at another time
    common = ["--scale", SCALE, "--to", UNTIL, "--seed", SEED]
    steps = [["run", *common, "--out", str(place / PLAIN)]] if not (place / PLAIN).exists() else []
    steps.append(["run", *common, "--amend", name, "--out", str(place / name)])
    return library.jobs.start(_KEY + name, name, steps, limits=Limits(seconds=1_800), out=place / name, anew=True)


def _shelved(library: Library, name: str) -> tuple[str, str] | None:
    """Where both runs of a pair stand on the shelf; they are put there when they are found to be whole."""
    place = workshop(library)
    job = library.jobs.get(_KEY + name)
    if (job is not None and not job.over) or not all((place / each / "run.json").exists() for each in (PLAIN, name)):
        return None
    return _put(library, place / PLAIN), _put(library, place / name)


def _put(library: Library, folder: Path) -> str:
    return next((s.name for s in library.shelf() if s.path == folder), None) or library.add(folder)


# -- two runs side by side ---------------------------------------------------------------------------------------

_SETTINGS = ("scenario", "seed", "scale", "from", "to", "amendments", "without", "values", "version", "organs", "rows")
_MEASURES = "select measure, day, scope, value from measures"
_RULES = "select rule, coalesce(key, '') as key, since, until, value, text from rules"


def settings(a: Run, b: Run) -> list[dict[str, Any]]:
    """The settings of two runs and whether they differ."""
    out = []
    for name in _SETTINGS:
        first, second = (_words(run.info.get(name)) for run in (a, b))
        out.append({"setting": name, "a": first, "b": second, "differs": first != second})
    return out


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {v:,}" if isinstance(v, int) else f"{k}: {v}" for k, v in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(str(x) for x in value) or "none"
    return "none" if value is None else f"{value:,}" if isinstance(value, int) and value > 9999 else str(value)


def rules_apart(a: Run, b: Run) -> list[dict[str, Any]]:
    """Rules whose values in force differ between two runs."""
    values = [{(x["rule"], x["key"], x["since"]): x for x in run.rows(_RULES)} for run in (a, b)]
    out = []
    for key in sorted({*values[0], *values[1]}, key=lambda k: (k[0], k[1], k[2].isoformat())):
        first, second = (v.get(key) for v in values)
        told = [_rule(x) for x in (first, second)]
        if told[0] != told[1]:
            out.append({"rule": key[0], "key": key[1], "since": key[2], "a": told[0], "b": told[1]})
    return out


def _rule(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "not there"
    value = row["text"] if row["text"] is not None else None if row["value"] is None else f"{row['value']:g}"
    return f"{'off' if value is None else value}{' until ' + row['until'].isoformat() if row['until'] else ''}"


WINDOWS = {
    "first": "the first year", "last": "the last year", "rise": "change from the first year to the last", "all": "all months",
    "onset": "days until it first shows",
}  # fmt: skip
"""What a headline number is taken over, in words."""


def differences(a: Run, b: Run) -> list[dict[str, Any]]:
    """The headline numbers of two runs, and their difference."""
    first, second = (headlines(run.rows(_MEASURES)) for run in (a, b))
    return [
        {"name": h.name, "measure": h.measure, "scope": named(h.scope) if h.scope else "", "window": h.window,
        "a": first[h.name], "b": second[h.name],
        "gap": _gap(first[h.name], second[h.name])} for h in HEADLINES
        if first[h.name] is not None or second[h.name] is not None
    ]  # fmt: skip


def yearly(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Means of a measure by scope and year in two runs, from lines of scope -> (days, values)."""
    means = []
    for lines in (a, b):
        held: dict[tuple[str, int], list[float]] = {}
        for scope, (days, values) in lines.items():
            for day, value in zip(days, values, strict=True):
                held.setdefault((scope, day.year), []).append(value)
        means.append({key: sum(v) / len(v) for key, v in held.items()})
    return [
        {"scope": scope, "year": str(year), "a": means[0].get((scope, year)), "b": means[1].get((scope, year)),
        "gap": _gap(*(m.get((scope, year)) for m in means))}
        for scope, year in sorted({*means[0], *means[1]})
    ]  # fmt: skip


def _gap(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else second - first
