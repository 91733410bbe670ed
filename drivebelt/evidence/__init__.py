"""The evidence: every fact taken from the book, in plain words, with section, lines, notes and degree of certainty."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from drivebelt.callable_module import let_call
from drivebelt.errors import BadInput

KINDS = ("rule", "claim", "document", "person", "quantity", "organ", "event", "trace", "cascade", "post")
Record = dict[str, Any]


@cache
def _load(kind: str) -> tuple[Record, ...]:
    text = files(__package__).joinpath("data", f"{kind}.jsonl").read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


def records(kind: str | None = None) -> Iterator[Record]:
    """All records, or those of a kind, in the order of kinds and ids. BadInput for an unknown kind."""
    if kind is not None and kind not in KINDS:
        raise BadInput(f"no kind of evidence {kind!r}; there are {', '.join(KINDS)}")
    for name in KINDS if kind is None else (kind,):
        yield from _load(name)


def evidence(
    query: str = "",
    *,
    kind: str | None = None,
    at: date | None = None,
    mechanism: str | None = None,
    person: str | None = None,
) -> list[Record]:
    """Records whose words contain all words of the query, the closest first.

    `at`: records dated to that day, or in force on it (a record without dates is left out). `mechanism`: the field of a
    rule, event or claim. `person`: records that name the person, by id or by a part of the name.
    """
    words = query.casefold().split()
    found = []
    for record in records(kind):
        if mechanism is not None and record.get("mechanism") != mechanism:
            continue
        if at is not None and not _holds(record, at.isoformat()):
            continue
        if person is not None and not _names(record, person):
            continue
        weight = _weight(record, words)
        if weight:
            found.append((-weight, record["id"], record))
    return [record for _, _, record in sorted(found, key=lambda f: f[:2])]


def mechanisms() -> list[str]:
    """Fields to which rules, events and claims are assigned."""
    return sorted({record["mechanism"] for record in records() if isinstance(record.get("mechanism"), str)})


def _weight(record: Record, words: list[str]) -> int:
    name = f"{record['id']} {record.get('name', '')} {record.get('title', '')}".casefold()
    text = " ".join(str(v) for v in record.values()).casefold()
    if not all(word in name or word in text for word in words):
        return 0
    return 1 + sum(2 * (word in name) + (word in record["text"].casefold()) for word in words)


def _holds(record: Record, day: str) -> bool:
    if "date" in record:
        first, _, last = record["date"].partition("/")
        return first <= day <= (last or first) + "~"
    start, end = record.get("from"), record.get("to")
    if start is None and end is None:
        return False
    return (start is None or start.split("/")[0] <= day) and (end is None or day <= end.split("/")[-1] + "~")


def _names(record: Record, person: str) -> bool:
    wanted = person.casefold().removeprefix("person:")
    if record["kind"] == "person":
        return wanted in record["id"] or wanted in record["name"].casefold()
    return wanted in json.dumps(record, ensure_ascii=False).casefold()


let_call(__name__, evidence)
