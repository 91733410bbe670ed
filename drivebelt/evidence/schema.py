"""What a record of evidence must be; the data are checked against it by the tests and by `drivebelt evidence --check`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from drivebelt.errors import BadInput

KINDS = ("rule", "claim", "document", "person", "quantity", "organ", "event", "trace", "cascade", "post")
REFERENCE = re.compile(rf"^({'|'.join(KINDS)}):[a-z0-9\-]+$")
_PARTIAL = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")


class Source(BaseModel):
    """A place in the book: section, lines of the text, note numbers."""

    model_config = ConfigDict(extra="forbid")
    section: str = Field(min_length=1)
    lines: tuple[int, int]
    notes: list[int] = Field(default_factory=list)

    @model_validator(mode="after")
    def _forward(self) -> Source:
        if not 1 <= self.lines[0] <= self.lines[1]:
            raise ValueError(f"lines {list(self.lines)} run backwards")
        return self


class Record(BaseModel):
    """One fact. What is common to all kinds is checked here; the rest depends on the kind and is kept as it is."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)
    id: str
    kind: Literal["rule", "claim", "document", "person", "quantity", "organ", "event", "trace", "cascade", "post"]
    text: str = Field(min_length=1)
    certainty: Literal["documented", "testimony", "author_inference", "hypothesis", "disputed"]
    sources: list[Source] = Field(min_length=1)
    start: str | None = Field(None, alias="from")
    to: str | None = None
    date: str | None = None

    @field_validator("start", "to", "date")
    @classmethod
    def _dated(cls, value: str | None) -> str | None:
        for part in (value or "").split("/") if value else ():
            if not _PARTIAL.match(part):
                raise ValueError(f"{value!r} is not a date, a month, a year, or two of them with a slash")
        return value

    @model_validator(mode="after")
    def _sound(self) -> Record:
        if not REFERENCE.match(self.id) or not self.id.startswith(self.kind + ":"):
            raise ValueError(f"id {self.id!r} does not fit kind {self.kind!r}")
        if self.start and self.to and self.to.split("/")[-1] + "~" < self.start.split("/")[0]:
            raise ValueError(f"the interval {self.start} to {self.to} is reversed")
        return self


def references(content: Any) -> Iterator[str]:
    """All references to other records within a record's fields."""
    if isinstance(content, str):
        if REFERENCE.match(content):
            yield content
    elif isinstance(content, list):
        for item in content:
            yield from references(item)
    elif isinstance(content, Mapping):
        for key, item in content.items():
            if key != "records":
                yield from references(item)


def check(records: Iterable[Mapping[str, Any]]) -> int:
    """Checks every record and every reference; returns how many records there are, or raises BadInput for the first fault."""
    known: dict[str, Mapping[str, Any]] = {}
    for raw in records:
        name = str(raw.get("id", "a record without id"))
        try:
            Record.model_validate(raw)
        except ValidationError as why:
            first = why.errors()[0]
            key = ".".join(str(part) for part in first["loc"]) or "record"
            raise BadInput(f"evidence {name}: {key}: {first['msg'].removeprefix('Value error, ')}") from why
        if name in known:
            raise BadInput(f"evidence {name}: stands twice; merge the two")
        known[name] = raw
    for name, raw in known.items():
        for target in references({k: v for k, v in raw.items() if k != "id"}):
            if target not in known:
                raise BadInput(f"evidence {name}: names {target}, which is no record; mend the reference")
    return len(known)
