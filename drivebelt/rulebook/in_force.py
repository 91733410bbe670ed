"""Rules as a mechanism reads them: one record of numbers and arrays, new only on the days a rule changes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt import records as r
from drivebelt.compilation.byref import Values
from drivebelt.errors import BadInput

if TYPE_CHECKING:
    from drivebelt.mechanism import Mechanism
    from drivebelt.rulebook import Rulebook

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_AXES: dict[str, tuple[str, ...]] = {
    "levels": r.LEVELS,
    "branches": r.BRANCHES,
    "domains": r.DOMAINS,
    "months": MONTHS,
    "classes": r.CLASSES,
    "cohorts": r.COHORTS,
    "literacy": r.LITERACY,
    "places": r.PLACES,
}
_CODES: dict[str, Callable[[str], int]] = {
    "organ": lambda name: r.CENTRAL_ORGANS.index(name),
    "weekday": lambda name: WEEKDAYS.index(name),
    "level": lambda name: r.LEVELS.index(name),
}
_PATH = re.compile(r"^(?P<rule>\w+)(?:\.(?P<key>\w+))?(?:\[(?P<axis>\w+)\])?(?::(?P<code>\w+))?$")


class Reading:
    """The rules of one mechanism through time. `at(day)` is a dictionary lookup away from the last answer."""

    def __init__(self, mechanism: Mechanism, rules: Rulebook, start: date, days: int) -> None:
        """Looks up every rule the mechanism reads; an unknown one is BadInput."""
        self._paths = {short: _parse(mechanism, path) for short, path in mechanism.reads.items()}
        self._rules = rules
        self._start = start
        changes = {0}
        for rule, *_ in self._paths.values():
            changes |= {(on - start).days for on in rules.changes(rule)}
        self._changes = sorted(c for c in changes if 0 <= c <= days)
        self._answers: dict[int, Any] = {}
        for day in self._changes:  # what cannot be carried out is refused before the first day
            self.at(day)

    def at(self, day: int) -> Any:
        """The values in force on a day of the run; 0 for a rule that is not in force."""
        since = self._changes[bisect_right(self._changes, day) - 1]
        if since not in self._answers:
            on = self._start + timedelta(days=since)
            self._answers[since] = Values(**{short: self._value(*path, on) for short, path in self._paths.items()})
        return self._answers[since]

    def _value(self, rule: str, key: str | None, axis: str | None, code: str | None, on: date) -> Any:
        try:
            return self._read(rule, key, axis, code, on)
        except (ValueError, KeyError, TypeError) as why:
            raise BadInput(
                f"rule {rule} on {on}: {self._rules.value(rule, on)!r} cannot be carried out ({why}); mend the amendment"
            ) from why

    def _read(self, rule: str, key: str | None, axis: str | None, code: str | None, on: date) -> Any:
        value = self._rules.value(rule, on)
        if axis is not None:
            table = value if isinstance(value, dict) else {}
            if code is not None:  # codes also where the rule is off: another layout would be another type, compiled anew
                return np.array([_CODES[code](table[name]) if table else 0 for name in _AXES[axis]], np.int32)
            return np.array([float(table.get(name, 0.0)) for name in _AXES[axis]])
        if code == "weekdays":
            return np.array([float(name in (value or ())) for name in WEEKDAYS])
        if code is not None:
            return float(_CODES[code](value) if value is not None else r.NONE)
        if key is not None:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, dict):
            return 1.0
        return float(value) if value is not None else 0.0


def _parse(mechanism: Mechanism, path: str) -> tuple[str, str | None, str | None, str | None]:
    found = _PATH.match(path)
    if found is None:
        raise BadInput(f"mechanism {mechanism.name}: cannot read the rule path {path!r}")
    return found["rule"], found["key"], found["axis"], found["code"]
