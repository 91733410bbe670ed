"""What a rule is, and the book of them: dated, typed, cited values that answer for any day."""

from __future__ import annotations

import difflib
import hashlib
import json
from bisect import bisect_right
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from drivebelt.errors import BadInput

_FEW = 30


@dataclass(frozen=True)
class Rule:
    """One norm or assumption. `values` are (first day, value), the earliest first; `until` is the last day in force."""

    id: str
    mechanism: str
    about: str
    type: str
    values: tuple[tuple[date, Any], ...]
    source: Any
    unit: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    until: date | None = None
    date_precision: str = "day"
    enacted_by: tuple[str, ...] = ()
    sanction: str | None = None
    certainty: str | None = None
    evidence: tuple[str, ...] = ()
    range: Any = None
    why: str | None = None
    least: float | None = None
    """The least with which the mechanism can be carried out: members of a body, days of an interval."""
    most: float | None = None
    """The most with which it can be carried out: the end of a scale."""
    needed: bool = False
    """Whether nothing can be built or carried out without it, so that it may be changed and not switched off."""
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def assumed(self) -> bool:
        """Whether the book is silent and the value is an assumption."""
        return self.source == "assumption"

    def at(self, day: date) -> Any:
        """The value in force on a day, or None."""
        if self.until is not None and day > self.until:
            return None
        place = bisect_right(self.values, day, key=lambda dated: dated[0])
        return self.values[place - 1][1] if place else None

    def citation(self) -> str:
        """Where it stands in the book, or the range of the assumption."""
        if self.assumed:
            return f"assumption, range {_short(self.range)}" if self.range is not None else "assumption"
        places = self.source if isinstance(self.source, (list, tuple)) else [self.source]
        return "; ".join(place(p) for p in places)

    def unit_text(self) -> str:
        """The unit, or the units of a table."""
        return self.unit or ", ".join(f"{k}: {u}" for k, u in self.units.items())


def place(source: Mapping[str, Any]) -> str:
    """A place in the book as a citation."""
    first, last = source["lines"]
    text = f"Pavlova, {source['section']}, line {first}" if first == last else f"Pavlova, {source['section']}, lines {first}-{last}"
    notes = source.get("notes")
    return text + (f", note{'s' * (len(notes) > 1)} {', '.join(str(n) for n in notes)}" if notes else "")


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{k} {_short(v)}" for k, v in value.items())
    return " to ".join(str(v) for v in value) if isinstance(value, list) else str(value)


class Rulebook(Mapping[str, Rule]):
    """All rules by id, in the order of their ids."""

    def __init__(self, rules: Mapping[str, Rule], amended: tuple[str, ...] = (), changed: frozenset[str] = frozenset()) -> None:
        """`amended` names the amendments that were applied, `changed` the rules they change."""
        self._rules = {name: rules[name] for name in sorted(rules)}
        self.amended = amended
        self.changed = changed
        self._read: set[str] = set()

    def __getitem__(self, name: str) -> Rule:
        """One rule; BadInput with the nearest name for an unknown one."""
        if name not in self._rules:
            raise BadInput(f"no rule {name!r}{nearest(name, self._rules)}")
        self._read.add(name)
        return self._rules[name]

    def __contains__(self, name: object) -> bool:
        return name in self._rules

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def items(self) -> ItemsView[str, Rule]:
        """All ids with their rules; to look through the book is not to follow a rule (see `unread`)."""
        return self._rules.items()

    def values(self) -> ValuesView[Rule]:
        """All rules."""
        return self._rules.values()

    def value(self, name: str, day: date) -> Any:
        """A rule's value on a day; None where it is not in force."""
        return self[name].at(day)

    def at(self, day: date) -> dict[str, Any]:
        """All rules in force on a day with their values."""
        return {name: value for name, rule in self._rules.items() if (value := rule.at(day)) is not None}

    @property
    def followed(self) -> frozenset[str]:
        """Rules that somebody has asked for."""
        return frozenset(self._read)

    def unread(self) -> list[str]:
        """Amended rules that nobody has asked for: their amendment has no effect, for no mechanism of the run follows them."""
        return sorted(self.changed - self._read)

    def changes(self, name: str) -> list[date]:
        """Days on which a rule's value changes."""
        rule = self[name]
        days = [start for start, _ in rule.values]
        if rule.until is not None and rule.until < date.max:
            days.append(date.fromordinal(rule.until.toordinal() + 1))
        return days

    def having(self, values: Mapping[str, Any]) -> Rulebook:
        """The rulebook with assumptions set to other values for the whole period. BadInput for what is no assumption or of another
        type."""
        from drivebelt.rulebook.schema import check_bounds, check_value

        rules = dict(self._rules)
        for name, value in values.items():
            if not self[name].assumed:
                raise BadInput(f"{name}: is documented, not an assumption; use an amendment")
            model = self[name].values[-1][1]
            try:
                check_value(self[name].type, value)
                check_bounds(value, [model, self[name].range], self[name].least, self[name].most)
                if isinstance(model, dict) and (not isinstance(value, dict) or sorted(value) != sorted(model)):
                    raise ValueError(f"give the whole table: {', '.join(model)}")
            except ValueError as why:
                raise BadInput(f"{name}: {why}") from why
            rules[name] = replace(rules[name], values=((date(1900, 1, 1), value),))
        return Rulebook(rules, self.amended, self.changed)

    def parameters(self) -> dict[str, Rule]:
        """The assumptions, which have ranges."""
        return {name: rule for name, rule in self._rules.items() if rule.assumed}

    @property
    def digest(self) -> str:
        """SHA-256 over all ids, dates and values."""
        content = {
            name: [[start.isoformat(), value] for start, value in rule.values] + [str(rule.until)]
            for name, rule in self._rules.items()
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def nearest(name: str, known: Mapping[str, Any] | list[str], see: str = "drivebelt rules") -> str:
    """A hint at the nearest known name, for messages; where none is near, all of a few, or the command that lists them."""
    near = difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.5)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; there are {', '.join(known)}" if len(known) <= _FEW else f"; `{see}` lists them"
