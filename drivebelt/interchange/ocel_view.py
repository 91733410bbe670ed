"""A run or archive seen as an object-centric event log: which tables are objects, which columns attributes, which relations.

Acts are the events; everything they touch is an object, whether an act touches it or not. The log says less than the tables:
that one act brought another about stays as the attribute `cause`, since OCEL has no relation between events, and a tenure is an
object of its own, since relations between objects have no dates. The standard: Berti et al., "OCEL (Object-Centric Event Log)
2.0 Specification", 2023.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from drivebelt.errors import BadRun
from drivebelt.interchange.source import Source

TEXT, WHOLE, REAL, TRUTH, DAY, HASH = "string", "integer", "float", "boolean", "time", "hash"
"""Kinds of attributes. A hash of 64 bits without sign is written as 16 hexadecimal digits: no integer of the standard holds it."""

INITIAL = "1900-01-01"
"""Day of the first value of an attribute of an object: before the period, where the usual 1970-01-01 would lie after it."""

Relation = tuple[str, str, str]
"""A column, the type of object it points to, and the qualifier."""


@dataclass(frozen=True)
class ObjectType:
    """A type of object: its table, the columns that number it (none, where rows are numbered in `order`), what it holds."""

    table: str
    key: tuple[str, ...]
    attributes: dict[str, str]
    relations: tuple[Relation, ...] = ()
    order: str = ""


OBJECTS: dict[str, ObjectType] = {  # in the order of their names, so that identifiers come sorted
    "copy": ObjectType(
        "copies", ("document", "copy"),
        {
            "channel": TEXT, "dispatched": DAY, "received": DAY, "receipt": WHOLE, "read": DAY, "due": DAY, "returned": DAY,
            "fate": TEXT, "wording": HASH,
        },
        (
            ("document", "document", "copy of"), ("addressee_organ", "organ", "addressed to"),
            ("addressee_person", "person", "addressed to"), ("holder", "organ", "kept by"),
        ),
    ),
    "document": ObjectType(
        "documents", ("document",),
        {
            "series": WHOLE, "number": WHOLE, "date": DAY, "kind": TEXT, "grade": TEXT, "copies": WHOLE, "wording": HASH,
            "subject": TEXT, "file_copy": TRUTH, "cited_series": WHOLE, "cited_number": WHOLE, "cited_date": DAY,
        },
        (
            ("issuer", "organ", "issued by"), ("originator", "organ", "originated by"), ("matter", "matter", "concerns"),
            ("parent_document", "document", "made from"), ("series", "register", "entered in"),
        ),
    ),
    "matter": ObjectType(
        "matters", ("matter",), {"opened": DAY, "domain": TEXT, "subject": TEXT, "secrecy_category": TEXT},
        (("originator_organ", "organ", "opened by"), ("originator_person", "person", "opened by")),
    ),
    "organ": ObjectType(
        "organs", ("organ",),
        {
            "name": TEXT, "level": TEXT, "branch": TEXT, "valid_from": DAY, "valid_to": DAY, "territory": TEXT,
            "latitude": REAL, "longitude": REAL,
        },
        (("parent", "organ", "under"), ("soviet", "organ", "acts through")),
    ),
    "person": ObjectType("persons", ("person",), {"name": TEXT, "party_since": WHOLE, "class_origin": TEXT}),
    "post": ObjectType(
        "posts", ("post",), {"name": TEXT, "on_nomenklatura": TRUTH},
        (("organ", "organ", "post of"), ("approver", "organ", "approved by")),
    ),
    "register": ObjectType(
        "registers", ("series",), {"series": WHOLE, "register": TEXT, "year": WHOLE}, (("organ", "organ", "kept by"),),
    ),
    "tenure": ObjectType(
        "tenures", (), {"from": DAY, "to": DAY, "by_appointment": TRUTH},
        (("person", "person", "held by"), ("post", "post", "holds"), ("appointed_by", "organ", "appointed by")),
        order='post, "from", person, "to"',
    ),
}  # fmt: skip
EVENT_ATTRIBUTES = {
    "channel": TEXT, "grade": TEXT, "cause": TEXT, "amount": WHOLE, "recorded": TRUTH, "series": WHOLE, "number": WHOLE,
}  # fmt: skip
EVENT_RELATIONS: tuple[Relation, ...] = (
    ("matter", "matter", "matter"), ("document", "document", "document"), ("copy", "copy", "copy"),
    ("actor_organ", "organ", "acts"), ("actor_person", "person", "acts"), ("target_organ", "organ", "acted on"),
    ("target_person", "person", "acted on"), ("in_name_of", "organ", "in whose name"),
)  # fmt: skip
TYPES = tuple(OBJECTS)
QUALIFIERS = tuple(sorted({r[2] for t in OBJECTS.values() for r in t.relations} | {r[2] for r in EVENT_RELATIONS}))
_RANK = {name: i for i, name in enumerate(TYPES)}
_QUALIFIER = {name: i for i, name in enumerate(QUALIFIERS)}
_NUMBER_BITS, _TYPE_BITS, _QUALIFIER_BITS = 36, 3, 6
MOST = (1 << _NUMBER_BITS) - 1
"""Highest number of an event or object."""
COPIES = 1000
"""A copy is numbered within its document; its number as an object is that of the document times this, plus its own."""
_ROW = _NUMBER_BITS + _TYPE_BITS + _QUALIFIER_BITS
assert len(TYPES) <= 1 << _TYPE_BITS and len(QUALIFIERS) <= 1 << _QUALIFIER_BITS


@dataclass(frozen=True)
class Relations:
    """Relations of a batch, sorted by row, identifier of the object and qualifier: four arrays of one length."""

    row: npt.NDArray[np.int64]
    type: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]
    qualifier: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """Events, or objects of one type: their numbers in rising order, their columns, their relations."""

    number: npt.NDArray[np.int64]
    table: pa.Table
    relations: Relations


def _number(columns: tuple[str, ...]) -> str:
    """The number of an object as SQL."""
    first = f'cast("{columns[0]}" as bigint)'
    return first if len(columns) == 1 else f'{first} * {COPIES} + "{columns[1]}"'


class _Numbers:
    """A set of numbers, asked for many at once: a mark for each number where they lie close, else in order."""

    def __init__(self, numbers: npt.NDArray[np.int64]) -> None:
        self._sorted = numbers
        self._marks: npt.NDArray[np.bool_] | None = None
        if numbers.size and numbers[-1] < 8 * numbers.size:
            self._marks = np.zeros(int(numbers[-1]) + 1, bool)
            self._marks[numbers] = True
            self._sorted = numbers[:0]

    def hold(self, asked: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """For each number, whether it is in the set."""
        if self._marks is not None:
            inside = (asked >= 0) & (asked < self._marks.size)
            inside[inside] = self._marks[asked[inside]]
            return inside
        place = np.searchsorted(self._sorted, asked)
        inside = place < self._sorted.size
        inside[inside] = self._sorted[place[inside]] == asked[inside]
        return inside


class View:
    """The log of a source. `dropped` counts relations to what is not there, by column, as they are read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.dropped: Counter[str] = Counter()
        self.types = tuple(
            name for name in TYPES
            if (t := OBJECTS[name]).table in source.columns and set(t.key) <= set(source.columns[t.table])
        )  # fmt: skip
        self.has_events = {"act", "day", "kind"} <= set(source.columns.get("acts", ()))
        self._there = {name: self._present(OBJECTS[name]) for name in self.types}

    def kinds(self) -> list[str]:
        """The kinds of events there are, sorted."""
        if not self.has_events:
            return []
        rows = next(self.source.batches("select distinct kind from acts where kind is not null order by kind"), None)
        return rows["kind"].to_pylist() if rows is not None else []

    def attributes(self, name: str | None) -> dict[str, str]:
        """Attributes of a type of object, or of events (None), as far as the source has them."""
        wanted = EVENT_ATTRIBUTES if name is None else OBJECTS[name].attributes
        have = self.source.columns["acts" if name is None else OBJECTS[name].table]
        return {column: kind for column, kind in wanted.items() if column in have}

    def objects(self, name: str) -> Iterator[Batch]:
        """All objects of a type."""
        t = OBJECTS[name]
        key = _number(t.key) if t.key else f"row_number() over (order by {self._order(t)}) - 1"
        return self._read(t.table, key, self.attributes(name), t.relations)

    def events(self) -> Iterator[Batch]:
        """All events; their tables have the columns `day` and `kind` too."""
        if not self.has_events:
            return iter(())
        return self._read("acts", "act", {"day": DAY, "kind": TEXT, **self.attributes(None)}, EVENT_RELATIONS)

    def _order(self, t: ObjectType) -> str:
        have = self.source.columns[t.table]
        return ", ".join(column for column in t.order.split(", ") if column.strip('"') in have)

    def _present(self, t: ObjectType) -> _Numbers:
        """Which numbers the objects of a type have."""
        if not t.key:
            return _Numbers(np.zeros(0, np.int64))
        wrong = " or ".join(f'"{c}" is null or "{c}" < 0' for c in t.key) + (f" or copy >= {COPIES}" if len(t.key) > 1 else "")
        found = [b["k"].to_numpy() for b in self.source.batches(f"select {_number(t.key)} k from {t.table} where not ({wrong})")]
        numbers = np.sort(np.concatenate([*found, np.zeros(0, np.int64)]))
        rows = next(self.source.batches(f"select count(*) n from {t.table}"))["n"][0].as_py()
        if numbers.size != rows or (np.diff(numbers) == 0).any() or numbers.max(initial=0) > MOST:
            raise BadRun(f"{self.source.path}: {t.table}: {' and '.join(t.key)} do not number the rows; the table is damaged")
        return _Numbers(numbers)

    def _read(self, table: str, key: str, attributes: dict[str, str], wanted: tuple[Relation, ...]) -> Iterator[Batch]:
        have = self.source.columns[table]
        relations = [r for r in wanted if r[0] in have and r[1] in self._there]
        columns = [f'"{c}" as "a_{c}"' for c in attributes] + [
            f'{_number(OBJECTS[to].key) if to == "copy" else _number((c,))} as "r_{c}"' for c, to, _ in relations
        ]
        last = -1
        for batch in self.source.batches(f"select {', '.join([f'{key} as k', *columns])} from {table} order by k"):
            number = batch["k"].to_numpy().astype(np.int64)
            if number[0] <= last or (np.diff(number) <= 0).any() or number[-1] > MOST:
                raise BadRun(f"{self.source.path}: {table}: rows have doubled numbers or such out of 0 to {MOST}; damaged")
            last = int(number[-1])
            found = self._relations(table, batch, relations)
            names = {f"a_{c}": c for c in attributes}
            yield Batch(number, batch.select(list(names)).rename_columns(list(names.values())), found)

    def _relations(self, table: str, batch: pa.Table, wanted: list[Relation]) -> Relations:
        """Each relation as one number of 57 bits, so that sorting is of numbers only."""
        keys = []
        for column, target, qualifier in wanted:
            values = batch[f"r_{column}"].combine_chunks()
            rows = np.flatnonzero(values.is_valid().to_numpy(zero_copy_only=False))
            to = pc.drop_null(values).to_numpy(zero_copy_only=False).astype(np.int64)
            good = self._there[target].hold(to)
            if not good.all():
                self.dropped[f"{table}.{column}: no such {target}"] += int((~good).sum())
                rows, to = rows[good], to[good]
            high = (rows << _TYPE_BITS) + _RANK[target]
            keys.append((((high << _NUMBER_BITS) + to) << _QUALIFIER_BITS) + _QUALIFIER[qualifier])
        key = np.sort(np.concatenate([*keys, np.zeros(0, np.int64)]))
        key = key[np.diff(key, prepend=-1) > 0]
        return Relations(
            key >> _ROW,
            key >> (_NUMBER_BITS + _QUALIFIER_BITS) & ((1 << _TYPE_BITS) - 1),
            key >> _QUALIFIER_BITS & ((1 << _NUMBER_BITS) - 1),
            key & ((1 << _QUALIFIER_BITS) - 1),
        )
