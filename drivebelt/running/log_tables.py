"""The tables of the act log: which fields of a row go where, and how they are written."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from drivebelt import records as r


class Column(NamedTuple):
    """One column of a table: its name, the field of the row it is read from, and how it is written."""

    name: str
    field: str
    form: str = "id"  # id | count | date | flag | hash | name | value
    names: tuple[str, ...] = ()


class LogTable(NamedTuple):
    """One table of the log: its row layout, which column counts its rows, and its columns."""

    name: str
    row: np.dtype[Any]
    numbered: str
    columns: tuple[Column, ...]


def _ids(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, name) for name in names)


TABLES: dict[str, LogTable] = {
    table.name: table
    for table in (
        LogTable(
            "acts",
            r.ACT_ROW,
            "act",
            (
                Column("day", "day", "date"),
                Column("kind", "kind", "name", r.ACT_KINDS),
                *_ids("matter", "document", "copy", "actor_organ", "actor_person", "target_organ", "target_person"),
                Column("in_name_of", "in_name_of"),
                Column("channel", "channel", "name", r.CHANNELS),
                Column("grade", "grade", "name", r.GRADES),
                *_ids("cause", "amount"),
                Column("recorded", "recorded", "flag"),
            ),
        ),
        LogTable(
            "documents",
            r.DOCUMENT_ROW,
            "",
            (
                *_ids("document", "series", "number"),
                Column("date", "date", "date"),
                Column("kind", "kind", "name", r.DOCUMENT_KINDS),
                *_ids("issuer", "originator", "matter"),
                Column("grade", "grade", "name", r.GRADES),
                *_ids("parent_document", "copies"),
                Column("wording", "wording", "hash"),
            ),
        ),
        LogTable(
            "copies",
            r.COPY_ROW,
            "",
            (
                *_ids("document", "copy", "addressee_organ", "addressee_person"),
                Column("channel", "channel", "name", r.CHANNELS),
                Column("dispatched", "dispatched", "date"),
                Column("received", "received", "date"),
                *_ids("receipt"),
                Column("read", "read", "date"),
                Column("due", "due", "date"),
                Column("returned", "returned", "date"),
                *_ids("burned_act"),
                Column("fate", "fate", "name", r.FATES),
            ),
        ),
        LogTable(
            "matters",
            r.MATTER_ROW,
            "",
            (
                *_ids("matter"),
                Column("opened", "opened", "date"),
                Column("domain", "domain", "name", r.DOMAINS),
                Column("subject", "subject", "subject"),
                Column("secrecy_category", "secrecy_category", "category"),
                *_ids("originator_organ", "originator_person"),
            ),
        ),
    )
}


class Names(NamedTuple):
    """Names that only the scenario knows, for columns whose codes are not fixed by `records`."""

    subjects: tuple[str, ...]
    categories: tuple[str, ...]


def arrow(column: Column, rows: npt.NDArray[Any], base: int, names: Names) -> pa.Array:
    """One column of a chunk as an Arrow array; -1 becomes null. `base` is the run's first day as days since 1970."""
    values = np.ascontiguousarray(rows[column.field])
    if column.form == "hash":
        return pa.array(values)
    if column.form == "flag":
        return pa.array(values.astype(bool))
    absent = values < 0
    mask = absent if absent.any() else None
    if column.form == "date":
        return pa.array(values + np.int32(base), type=pa.int32(), mask=mask).view(pa.date32())
    if column.form == "id":
        return pa.array(values, mask=mask)
    of = {"name": column.names, "subject": names.subjects, "category": names.categories}[column.form]
    return pa.DictionaryArray.from_arrays(pa.array(values, mask=mask), pa.array(of))


def encodings(table: LogTable) -> dict[str, str]:
    """Delta coding for whole numbers and dates; bytes of the wording hash apart, as most of them repeat."""
    coded = {c.name: "DELTA_BINARY_PACKED" for c in table.columns if c.form in ("id", "date")}
    coded |= {c.name: "BYTE_STREAM_SPLIT" for c in table.columns if c.form == "hash"}
    if table.numbered:
        coded[table.numbered] = "DELTA_BINARY_PACKED"
    return coded
