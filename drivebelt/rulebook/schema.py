"""What a rule may look like in a data file. The reader checks every file against it, once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from drivebelt.errors import BadInput
from drivebelt.rulebook.rules import Rule

VERSION = 1
FIRST, LAST = date(1900, 1, 1), date(2005, 12, 31)

LARGEST = 1_000_000_000

_SCALARS: dict[str, tuple[type, ...]] = {
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "text": (str,),
}


class Source(BaseModel):
    """A place in the book."""

    model_config = ConfigDict(extra="forbid")
    section: str
    lines: tuple[int, int]
    notes: list[int] = Field(default_factory=list)

    @model_validator(mode="after")
    def _forward(self) -> Source:
        if self.lines[0] > self.lines[1] or self.lines[0] < 1:
            raise ValueError(f"lines {list(self.lines)} run backwards")
        return self


class Entry(BaseModel):
    """One rule of a data file."""

    model_config = ConfigDict(extra="forbid")
    about: str
    type: Literal["number", "integer", "boolean", "text", "list", "table"]
    values: dict[date, Any] = Field(min_length=1)
    source: Literal["assumption"] | Source | list[Source]
    unit: str | None = None
    units: dict[str, str] = Field(default_factory=dict)
    until: date | None = None
    date_precision: Literal["day", "month", "year", "unknown"] = "day"
    enacted_by: list[str] = Field(default_factory=list)
    sanction: str | None = None
    certainty: Literal["documented", "testimony", "author_inference", "hypothesis", "disputed"] | None = None
    evidence: list[str] = Field(default_factory=list)
    range: Any = None
    why: str | None = None
    least: float | None = None
    most: float | None = None
    needed: bool = False
    flags: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound(self) -> Entry:
        days = sorted(self.values)
        if days[0] < FIRST or days[-1] > LAST:
            raise ValueError(f"date outside {FIRST.year}-{LAST.year}")
        if self.until is not None and self.until < days[0]:
            raise ValueError(f"until {self.until} is before the first value, {days[0]}")
        for day in days:
            check_value(self.type, self.values[day])
            check_bounds(self.values[day], [self.values[day], self.range], self.least, self.most)
        if self.source == "assumption":
            if self.why is None:
                raise ValueError("an assumption needs `why`")
            if self.type in ("number", "integer"):
                if self.range is None:
                    raise ValueError("an assumption with numbers needs `range`")
                for day in days:
                    _check_range(self.values[day], self.range)
        return self


def check_value(kind: str, value: Any) -> None:
    """Raises ValueError unless `value` is of the rule's type; a table of that type is allowed for single types."""
    if kind == "list":
        if not isinstance(value, list):
            raise ValueError(f"{value!r} is not a list")
    elif kind == "table":
        if not isinstance(value, dict):
            raise ValueError(f"{value!r} is not a table")
    else:
        for single in value.values() if isinstance(value, dict) else [value]:
            wrong = isinstance(single, bool) and kind != "boolean"
            if wrong or not isinstance(single, _SCALARS[kind]):
                raise ValueError(f"{single!r} is not of type {kind}")


def numbers(value: Any) -> Iterator[float]:
    """All numbers within a value."""
    if isinstance(value, dict):
        for single in value.values():
            yield from numbers(single)
    elif isinstance(value, list):
        for single in value:
            yield from numbers(single)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value


def check_bounds(value: Any, models: list[Any], least: float | None = None, most: float | None = None) -> None:
    """Raises ValueError for a number that is none, is huge, is below zero where no value or range of the rule is, or is less or
    more than can be carried out; a list then has so many entries."""
    below = any(x < 0 for x in numbers(models))
    sizes = [len(value)] if isinstance(value, list) else list(numbers(value))
    unit = " entries" if isinstance(value, list) else ""
    for x in sizes:
        if least is not None and x < least:
            raise ValueError(f"{x}{unit}: the mechanism cannot be carried out with less than {least:g}")
        if most is not None and x > most:
            raise ValueError(f"{x}{unit}: the mechanism cannot be carried out with more than {most:g}")
    for x in numbers(value):
        if not math.isfinite(x) or abs(x) > LARGEST:
            raise ValueError(f"{x} is not a number from {-LARGEST if below else 0} to {LARGEST}")
        if x < 0 and not below:
            raise ValueError(f"{x} is below zero, which makes no sense for this rule")


def _check_range(value: Any, bounds: Any) -> None:
    if isinstance(value, dict):
        for key, single in value.items():
            if not isinstance(bounds, dict) or key not in bounds:
                raise ValueError(f"no range for {key!r}")
            _check_range(single, bounds[key])
    else:
        low, high = bounds
        if not low <= value <= high:
            raise ValueError(f"{value} is outside its range {low} to {high}")


def rule(name: str, mechanism: str, raw: Any, where: str) -> Rule:
    """A checked rule; BadInput names file, rule, key and what is wrong."""
    if not isinstance(raw, dict):
        raise BadInput(f"{where}: {name}: a rule is a table of keys; compare it with another rule of the file")
    try:
        e = Entry.model_validate(raw)
    except ValidationError as why:
        errors = why.errors()
        first = next((e for e in errors if e["type"] == "value_error"), errors[0])
        key = str(first["loc"][0]) if first["loc"] else "values"
        raise BadInput(f"{where}: {name}: {key}: {first['msg'].removeprefix('Value error, ')}") from why
    kept = e.model_dump(mode="python", exclude_defaults=True)
    kept["values"] = tuple(sorted(e.values.items()))
    for key in ("enacted_by", "evidence"):
        kept[key] = tuple(kept.get(key, ()))
    return Rule(id=name, mechanism=mechanism, **kept)
