"""The facts of the book as the page searches them: each with its words, years, places, and the persons it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from drivebelt.evidence import Record, records
from drivebelt.evidence.schema import references

CERTAINTIES = {
    "documented": ("●", "documented", "the book rests it on a document"),
    "testimony": ("◐", "testimony", "somebody tells it who was there or heard of it"),
    "author_inference": ("○", "inference of the author", "the author concludes it from what is documented"),
    "hypothesis": ("◌", "hypothesis", "a conjecture, by the author or in reading"),
    "disputed": ("≠", "disputed", "accounts contradict one another"),
}
"""Degree of certainty: mark, word, meaning."""
FACETS = ("kind", "certainty", "mechanism", "section", "year", "person")
_WRITTEN = {
    **{w: w.upper() for w in ("cc", "ccc", "gpu", "ogpu", "nkvd", "nep", "ussr", "rsfsr", "cpsu", "sto", "kgb", "rcp", "ecci")},
    **{w: w.upper() for w in ("ii", "iii", "iv", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii")},
    "vtsik": "VTsIK", "politburo": "Politburo", "orgburo": "Orgburo", "secretariat": "Secretariat", "siberia": "Siberia",
    "siberian": "Siberian", "georgia": "Georgia", "georgian": "Georgian", "moscow": "Moscow", "petrograd": "Petrograd",
    "ukraine": "Ukraine", "soviet": "Soviet", "bolshevik": "Bolshevik", "pravda": "Pravda", "rabkrin": "Rabkrin",
    "uchraspred": "Uchraspred", "kremlin": "Kremlin", "january": "January", "february": "February", "march": "March",
    "april": "April", "june": "June", "july": "July", "august": "August", "september": "September",
    "october": "October", "november": "November", "december": "December",
}  # fmt: skip
_UNDATED_BEFORE, _DATED_UNTIL = 1890, 2001
_LONG_SPAN = 6
"""Years: a record in force for longer counts with its first year only, or it would stand under every year there is."""


class Place(NamedTuple):
    """Lines of a section."""

    section: str
    first: int
    last: int


@dataclass(frozen=True)
class Fact:
    """A record with what a search needs of it."""

    record: Record
    title: str
    words: str
    """All its words, casefolded."""
    years: tuple[int, ...]
    places: tuple[Place, ...]
    persons: frozenset[str]
    """Ids of the persons it names, by reference or by surname."""

    @property
    def id(self) -> str:
        """`kind:name`."""
        return str(self.record["id"])

    def values(self, facet: str) -> Sequence[str]:
        """What it counts under in a facet."""
        match facet:
            case "section":
                return tuple(dict.fromkeys(p.section for p in self.places))
            case "year":
                return tuple(map(str, self.years))
            case "person":
                return tuple(self.persons)
        value = self.record.get(facet)
        return (str(value),) if value else ()


def title(record: Mapping[str, Any]) -> str:
    """A short name: that of the record, or else the words of its id."""
    own = record.get("name") or record.get("title") or record.get("what")
    words = str(own) if own else _spelt(record["id"].partition(":")[2])
    return words[:1].upper() + words[1:]


def _spelt(slug: str) -> str:
    """The words of an id: dates as dates, names and abbreviations as they are written."""
    text = re.sub(r"\b(1[89]\d\d)-([01]\d)-([0-3]\d)\b", r"\1.\2.\3", slug)
    text = re.sub(r"\b(1[89]\d\d)-([01]\d)\b", r"\1.\2", text).replace("-", " ").replace(".", "-")
    return " ".join(_WRITTEN.get(w) or (w.capitalize() if w in _named() else w) for w in text.split())


@cache
def _named() -> frozenset[str]:
    return frozenset(_surnames())


def dated(record: Mapping[str, Any]) -> str:
    """When, in words; empty where nothing is said."""
    if record.get("date"):
        return str(record["date"]).replace("/", " to ")
    first, last = record.get("from"), record.get("to")
    if first and last:
        return f"{str(first).replace('/', ' to ')} to {str(last).replace('/', ' to ')}"
    return f"from {first}" if first else f"until {last}" if last else ""


@cache
def facts() -> dict[str, Fact]:
    """All facts by id, in the order of kinds and ids."""
    surnames = _surnames()
    return {record["id"]: _fact(record, surnames) for record in records()}


@cache
def naming() -> dict[str, tuple[str, ...]]:
    """Which records name each one."""
    found: dict[str, list[str]] = {}
    for record in records():
        for other in dict.fromkeys(references({k: v for k, v in record.items() if k != "id"})):
            found.setdefault(other, []).append(record["id"])
    return {name: tuple(ids) for name, ids in found.items()}


def search(
    query: str, chosen: Mapping[str, str], place: Place | None = None, day: str = ""
) -> tuple[list[Fact], dict[str, Counter[str]]]:
    """Facts that have all words of `query` and all that is `chosen` by facet, the closest first, or in the order of the book; and
    for each facet how many there would be under each of its values, the others staying as they are."""
    words = query.casefold().split()
    active = [(facet, value) for facet, value in chosen.items() if value]
    found: list[Fact] = []
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for fact in facts().values():
        if (
            not all(word in fact.words for word in words)
            or (place and not _covers(fact, place))
            or (day and not _holds(fact.record, day))
        ):
            continue
        failing = [facet for facet, value in active if value not in fact.values(facet)]
        if not failing:
            found.append(fact)
        for facet in FACETS if not failing else failing if len(failing) == 1 else ():
            counts[facet].update(fact.values(facet))
    found.sort(key=lambda f: (-_closeness(f, words), f.places[0].first, f.id))
    return found, counts


def nearest(place: Place) -> Place | None:
    """The lines of a section nearest to a place that no fact covers; None for a section without facts."""
    known = [p for f in facts().values() for p in f.places if p.section == place.section]
    return min(known, key=lambda p: (min(abs(p.first - place.last), abs(place.first - p.last)), p), default=None)


def sections() -> list[str]:
    """Sections of the book with facts, in its order."""
    found = {p.section for f in facts().values() for p in f.places}
    return sorted(found, key=lambda s: min(p.first for f in facts().values() for p in f.places if p.section == s))


def _closeness(fact: Fact, words: Sequence[str]) -> int:
    name = f"{fact.id} {fact.title}".casefold()
    text = str(fact.record["text"]).casefold()
    return sum(2 * (word in name) + (word in text) for word in words)


def _covers(fact: Fact, place: Place) -> bool:
    return any(p.section == place.section and p.first <= place.last and place.first <= p.last for p in fact.places)


def _holds(record: Record, day: str) -> bool:
    """Whether a record is dated to a day or in force on it; one without dates is not."""
    first, _, last = str(record.get("date") or "").partition("/")
    if first:
        return first <= day <= (last or first) + "~"
    start, end = record.get("from"), record.get("to")
    return bool(start or end) and (not start or start.split("/")[0] <= day) and (not end or day <= end.split("/")[-1] + "~")


def _fact(record: Record, surnames: Mapping[str, str]) -> Fact:
    texts = list(_strings(record))
    words = " ".join(texts).casefold()
    named = {
        surnames[w] for w in set(re.findall(r"[a-z][a-z-]+", " ".join(_strings(record, ids=False)).casefold())) if w in surnames
    }
    named |= {r for t in texts for r in (t,) if r.startswith("person:") and " " not in r}
    places = tuple(Place(s["section"], *s["lines"]) for s in record["sources"])
    return Fact(record, title(record), words, _years(record), places, frozenset(named - {record["id"]}) | _self(record))


def _self(record: Record) -> frozenset[str]:
    return frozenset({record["id"]} if record["kind"] == "person" else ())


def _strings(content: Any, ids: bool = True) -> Iterator[str]:
    if isinstance(content, str):
        if ids or ":" not in content or " " in content:
            yield content
    elif isinstance(content, Mapping):
        for key, item in content.items():
            if key not in ("records", "sources"):
                yield from _strings(item, ids)
    elif isinstance(content, list):
        for item in content:
            yield from _strings(item, ids)


def _years(record: Record) -> tuple[int, ...]:
    spans = [part for key in ("date", "from", "to") for part in str(record.get(key) or "").split("/") if part]
    years = [int(part[:4]) for part in spans if _UNDATED_BEFORE <= int(part[:4]) <= _DATED_UNTIL]
    if not years:
        return ()
    first, last = min(years), max(years)
    return tuple(range(first, last + 1)) if last - first <= _LONG_SPAN else (first,)


def _surnames() -> dict[str, str]:
    """Surname, casefolded -> the only person who bears it; one that several bear names nobody."""
    bearers: dict[str, set[str]] = {}
    for record in records("person"):
        name = re.sub(r"\(.*?\)", "", record["name"])
        parts = [p for p in re.split(r"[\s,]+", name) if p and "." not in p and p[0].isupper()]
        if len(parts) == 1 or (parts and any("." in p for p in name.split())):
            bearers.setdefault(max(parts, key=len).casefold(), set()).add(record["id"])
    return {surname: ids.pop() for surname, ids in bearers.items() if len(ids) == 1}
