"""OCEL 2.0 as JSON, written batch by batch: objects and events are joined from whole columns of texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from drivebelt.interchange import ocel_view as v
from drivebelt.interchange.ocel_sqlite import EVENT, texts
from drivebelt.interchange.sqlite_records import identifiers

_MIDNIGHT = "T00:00:00Z"
_TIME = f'","time":"{v.INITIAL}{_MIDNIGHT}"'
_KINDS = {v.HASH: v.TEXT}


def _strings(prefix: str, numbers: np.ndarray) -> pa.Array:
    """Identifiers as texts."""
    matrix = identifiers(prefix, numbers)
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(matrix.shape[1]), len(numbers), [None, pa.py_buffer(matrix.ravel())]
    ).cast(pa.binary()).cast(pa.string())  # fmt: skip


def _quoted(values: pa.Array) -> pa.Array:
    """Texts as JSON; few of the values of a column differ, so each is written once."""
    coded = values.dictionary_encode()
    names = [json.dumps(x, ensure_ascii=False) for x in coded.dictionary.to_pylist()]
    return pa.array(names, pa.string()).take(coded.indices)


def _value(values: pa.Array, name: str, kind: str) -> pa.Array:
    """The values of an attribute as JSON, null where there is none."""
    if name == "cause":
        known = _strings(EVENT, pc.fill_null(values, 0).to_numpy(zero_copy_only=False))
        return pc.if_else(values.is_valid(), pc.binary_join_element_wise('"', known, '"', ""), pa.scalar(None, pa.string()))
    if kind == v.DAY:
        return pc.binary_join_element_wise('"', texts(values, kind, _MIDNIGHT), '"', "")
    if kind in (v.TEXT, v.HASH):
        return _quoted(texts(values, kind))
    if kind == v.REAL:
        return pc.if_else(pc.is_finite(values), values, None).cast(pa.string())
    return values.cast(pa.string())


def _attributes(table: pa.Table, kinds: dict[str, str], end: str) -> pa.Array:
    """The list of attributes of each row; `end` closes the name and what else stands before the value."""
    cells = []
    for name, kind in kinds.items():
        value = _value(table[name].combine_chunks(), name, kind)
        cells.append(pc.binary_join_element_wise('{"name":"' + name + end + ',"value":', value, "}", ""))
    if not cells:
        return pa.array([""] * len(table), pa.string())
    return pc.binary_join_element_wise(*cells, ",", null_handling="skip")


def _relationships(r: v.Relations, rows: int) -> pa.Array:
    """The list of relationships of each row."""
    identifier = pc.binary_join_element_wise(
        pa.array([f"{t}-" for t in v.TYPES]).take(pa.array(r.type)), _strings("", r.number), ""
    )  # fmt: skip
    qualifier = pa.array([json.dumps(q) for q in v.QUALIFIERS]).take(pa.array(r.qualifier))
    one = pc.binary_join_element_wise('{"objectId":"', identifier, '","qualifier":', qualifier, "}", "")
    ends = np.searchsorted(r.row, np.arange(rows + 1)).astype(np.int32)
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(ends), one), ",")


def _write_list(file: BinaryIO, batches: Iterator[pa.Array]) -> int:
    """Writes texts as the elements of a list; returns how many."""
    n = 0
    for batch in batches:
        if len(batch):
            file.write(b",\n" if n else b"\n")
            file.write(pc.binary_join(pa.ListArray.from_arrays([0, len(batch)], batch), ",\n")[0].as_buffer())
            n += len(batch)
    return n


def _types(view: v.View, names: list[str], events: bool) -> str:
    made = []
    for name in names:
        own = view.attributes(None if events else name)
        made.append({"name": name, "attributes": [{"name": a, "type": _KINDS.get(k, k)} for a, k in own.items()]})
    return json.dumps(made)


def write(view: v.View, out: Path) -> dict[str, int]:
    """Writes the log and returns how many events, objects and relations of either kind it has. `out` must not exist."""
    related = {"event-object relations": 0, "object-object relations": 0}

    def objects() -> Iterator[pa.Array]:
        for name in view.types:
            for b in view.objects(name):
                related["object-object relations"] += b.relations.row.size
                yield pc.binary_join_element_wise(
                    '{"id":"', _strings(f"{name}-", b.number), f'","type":"{name}","attributes":[',
                    _attributes(b.table, view.attributes(name), _TIME), '],"relationships":[',
                    _relationships(b.relations, b.number.size), "]}", "",
                )  # fmt: skip

    def events() -> Iterator[pa.Array]:
        for b in view.events():
            related["event-object relations"] += b.relations.row.size
            yield pc.binary_join_element_wise(
                '{"id":"', _strings(EVENT, b.number), '","type":', _quoted(b.table["kind"].combine_chunks()), ',"time":"',
                texts(b.table["day"].combine_chunks(), v.DAY, _MIDNIGHT), '","attributes":[',
                _attributes(b.table, view.attributes(None), '"'), '],"relationships":[',
                _relationships(b.relations, b.number.size), "]}", "",
            )  # fmt: skip

    with out.open("xb") as file:
        file.write(f'{{"objectTypes":{_types(view, list(view.types), False)},\n'.encode())
        file.write(f'"eventTypes":{_types(view, view.kinds(), True)},\n"objects":['.encode())
        held = _write_list(file, objects())
        file.write(b'],\n"events":[')
        happened = _write_list(file, events())
        file.write(b"]}\n")
    return {"events": happened, "objects": held, **related}
