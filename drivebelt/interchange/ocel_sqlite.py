"""OCEL 2.0 as SQLite, with every key and constraint of the standard's schema; written by pages, see `sqlite_pages.py`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from drivebelt.errors import BadInput
from drivebelt.interchange import ocel_view as v
from drivebelt.interchange import sqlite_records as s
from drivebelt.interchange.sqlite_pages import LONGEST, Pages, Tree

COLUMN_TYPES = {v.TEXT: "TEXT", v.WHOLE: "INTEGER", v.REAL: "REAL", v.TRUTH: "BOOLEAN", v.DAY: "TIMESTAMP", v.HASH: "TEXT"}
_MIDNIGHT = " 00:00:00"
_WIDTH = max(len(name) for name in v.TYPES) + 1
_PREFIXES = np.array([list(f"{name}-".rjust(_WIDTH).encode()) for name in v.TYPES], np.uint8)
_LENGTHS = np.array([len(name) + 1 + s.DIGITS for name in v.TYPES])
EVENT = "act-"


def mapped(name: str) -> str:
    """The part of a table's name that stands for a type: `hand-over` becomes `HandOver`."""
    return "".join(word[:1].upper() + word[1:] for word in name.replace("-", " ").split())


class _Table:
    """A table and, where it has one, its key."""

    def __init__(self, pages: Pages, name: str, key: int = 0) -> None:
        self.tree: Tree = pages.tree(name)
        self.key: Tree | None = pages.tree(f"sqlite_autoindex_{name}_1") if key else None
        self.of_key, self.rows, self.name = key, 0, name

    def add(self, columns: list[s.Column]) -> None:
        """Takes further rows; the key is of the first columns."""
        if columns[0].serial.size == 0:
            return
        cells = s.table_cells(columns, self.rows + 1)
        if int(np.diff(cells.offsets).max()) > LONGEST:
            raise BadInput(f"{self.name}: a row has texts of more than {LONGEST:,} bytes; export as ocel2-json or csv")
        self.tree.add(cells)
        if self.key is not None:
            self.key.add(s.key_cells(columns[: self.of_key], self.rows + 1))
        self.rows += columns[0].serial.size


def _column(values: pa.ChunkedArray, kind: str, name: str) -> s.Column:
    one = values.combine_chunks()
    if kind == v.WHOLE or kind == v.TRUTH:
        return s.integers(one)
    if kind == v.REAL:
        return s.reals(one)
    if name == "cause":
        return s.identifiers_or_null(EVENT, one)
    return s.text(texts(one, kind))


def texts(values: pa.Array, kind: str, midnight: str = _MIDNIGHT) -> pa.Array:
    """Texts, days (as the first moment of them) and hashes, as OCEL writes them; null stays null."""
    if kind == v.DAY:
        day = values.cast(pa.date32()).dictionary_encode()  # few days, many rows
        return pc.binary_join_element_wise(day.dictionary.cast(pa.string()), midnight, "").take(day.indices)
    if kind == v.HASH:
        missing = values.is_null().to_numpy(zero_copy_only=False)
        plain = pc.fill_null(values, 0).to_numpy(zero_copy_only=False).astype(">u8").view(np.uint8)
        digits = np.frombuffer(plain.tobytes().hex().encode(), np.uint8)
        return pa.array(digits.view("S16").astype("U16"), pa.string(), mask=missing)
    return values.cast(pa.string())


def _targets(r: v.Relations) -> tuple[s.Column, s.Column]:
    """Identifier of the object of each relation, and its qualifier."""
    matrix = np.concatenate([_PREFIXES[r.type], s.identifiers("", r.number)], axis=1)
    qualifiers = pa.DictionaryArray.from_arrays(pa.array(r.qualifier, pa.int32()), pa.array(v.QUALIFIERS))
    return s.ragged_texts(matrix, _LENGTHS[r.type]), s.text(qualifiers)


def _own(columns: dict[str, str]) -> str:
    return "".join(f', "{name}" {COLUMN_TYPES[kind]}' for name, kind in columns.items())


def schema(view: v.View, kinds: Iterable[str]) -> str:
    """The statements that make the tables."""
    out = [
        "create table event_map_type (ocel_type TEXT, ocel_type_map TEXT, primary key(ocel_type))",
        "create table object_map_type (ocel_type TEXT, ocel_type_map TEXT, primary key(ocel_type))",
        "create table event (ocel_id TEXT, ocel_type TEXT, primary key(ocel_id),"
        " foreign key(ocel_type) references event_map_type(ocel_type))",
        "create table object (ocel_id TEXT, ocel_type TEXT, primary key(ocel_id),"
        " foreign key(ocel_type) references object_map_type(ocel_type))",
        "create table event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT,"
        " primary key(ocel_event_id, ocel_object_id, ocel_qualifier),"
        " foreign key(ocel_event_id) references event(ocel_id), foreign key(ocel_object_id) references object(ocel_id))",
        "create table object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT,"
        " primary key(ocel_source_id, ocel_target_id, ocel_qualifier),"
        " foreign key(ocel_source_id) references object(ocel_id), foreign key(ocel_target_id) references object(ocel_id))",
    ]
    for kind in kinds:
        out.append(
            f'create table "event_{mapped(kind)}" (ocel_id TEXT, ocel_time TIMESTAMP{_own(view.attributes(None))},'
            " primary key(ocel_id), foreign key(ocel_id) references event(ocel_id))"
        )
    for name in view.types:
        out.append(
            f'create table "object_{mapped(name)}" (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT'
            f"{_own(view.attributes(name))}, foreign key(ocel_id) references object(ocel_id))"
        )
    return "; ".join(out)


def write(view: v.View, out: Path) -> dict[str, int]:
    """Writes the log and returns how many events, objects and relations of either kind it has. `out` must not exist."""
    kinds = view.kinds()
    with Pages(out, schema(view, kinds)) as pages:
        for name, types in (("event_map_type", kinds), ("object_map_type", list(view.types))):
            _Table(pages, name, 1).add(
                [s.text(pa.array(types, pa.string())), s.text(pa.array([mapped(t) for t in types], pa.string()))]
            )
        event, related = _Table(pages, "event", 1), _Table(pages, "event_object", 3)
        of_kind = {kind: _Table(pages, f"event_{mapped(kind)}", 1) for kind in kinds}
        for batch in view.events():
            identifier = s.identifiers(EVENT, batch.number)
            event.add([s.fixed(identifier), s.text(batch.table["kind"].combine_chunks())])
            related.add([s.fixed(identifier[batch.relations.row]), *_targets(batch.relations)])
            _events_by_kind(view, batch, identifier, of_kind)
        held, linked = _Table(pages, "object", 1), _Table(pages, "object_object", 3)
        for name in view.types:
            own = _Table(pages, f"object_{mapped(name)}")
            for batch in view.objects(name):
                identifier = s.identifiers(f"{name}-", batch.number)
                n = batch.number.size
                held.add([s.fixed(identifier), s.text(pa.array([name]).take(pa.array(np.zeros(n, np.int32))))])
                day = np.broadcast_to(np.frombuffer((v.INITIAL + _MIDNIGHT).encode(), np.uint8), (n, 19))
                rest = [_column(batch.table[c], kind, c) for c, kind in view.attributes(name).items()]
                own.add([s.fixed(identifier), s.fixed(day), s.text(pa.nulls(n, pa.string())), *rest])
                linked.add([s.fixed(identifier[batch.relations.row]), *_targets(batch.relations)])
    return {
        "events": event.rows, "objects": held.rows, "event-object relations": related.rows, "object-object relations": linked.rows,
    }  # fmt: skip


def _events_by_kind(view: v.View, batch: v.Batch, identifier: s.Matrix, tables: dict[str, _Table]) -> None:
    """Shares the events of a batch out to the tables of their kinds."""
    kind = batch.table["kind"].combine_chunks().dictionary_encode()
    code = kind.indices.to_numpy()
    order = np.argsort(code, kind="stable")
    ends = np.searchsorted(code[order], np.arange(len(kind.dictionary) + 1))
    for i, name in enumerate(kind.dictionary.to_pylist()):
        rows = order[ends[i] : ends[i + 1]]
        part = batch.table.take(pa.array(rows))
        rest = [_column(part[c], its, c) for c, its in view.attributes(None).items()]
        day = s.text(texts(part["day"].combine_chunks(), v.DAY))
        tables[name].add([s.fixed(identifier[rows]), day, *rest])
