"""Reads an OCEL 2.0 file, SQLite or JSON, into six staging tables as it stands; what is wrong with it is found afterwards.

Tables: events(id, type, time), objects(id, type), e2o(event, object, qualifier), o2o(source, target, qualifier),
event_values and object_values(id, name, value, time), all texts, in the order of the file (`row`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from drivebelt.errors import BadInput
from drivebelt.interchange.told import Told

STAGES: dict[str, tuple[str, ...]] = {
    "events": ("id", "type", "time"), "objects": ("id", "type"), "e2o": ("event", "object", "qualifier"),
    "o2o": ("source", "target", "qualifier"), "event_values": ("id", "name", "value", "time"),
    "object_values": ("id", "name", "value", "time"),
}  # fmt: skip
_BATCH = 100_000
_MAGIC = b"SQLite format 3\0"
_LARGEST = 4 << 30
"""Bytes of a JSON file; it is read as a whole."""
_FIXED = ("ocel_id", "ocel_time", "ocel_changed_field")
_NEEDED = ("event", "object", "event_object", "object_object", "event_map_type", "object_map_type")


class Stage:
    """Takes rows for the staging tables, a batch at a time."""

    def __init__(self, base: duckdb.DuckDBPyConnection) -> None:
        self._base = base
        self._waiting: dict[str, list[Sequence[Any]]] = {name: [] for name in STAGES}
        for name, columns in STAGES.items():
            base.execute(f"create sequence {name}_row")
            base.execute(
                f'create table {name} ("row" bigint default nextval(\'{name}_row\'), '
                + ", ".join(f'"{c}" varchar' for c in columns) + ")"
            )  # fmt: skip

    def add(self, name: str, rows: Iterable[Sequence[Any]]) -> None:
        """Appends rows to a table; anything but texts is made text."""
        waiting = self._waiting[name]
        waiting.extend(rows)
        if len(waiting) >= _BATCH:
            self._flush(name)

    def finish(self) -> None:
        """Writes what waits."""
        for name in STAGES:
            self._flush(name)

    def _flush(self, name: str) -> None:
        rows, columns = self._waiting[name], STAGES[name]
        if rows:
            arrays = [pa.array([_text(row[i]) for row in rows], pa.string()) for i in range(len(columns))]
            self._base.register("more", pa.table(arrays, names=list(columns)))
            names = ", ".join(f'"{c}"' for c in columns)
            self._base.execute(f"insert into {name} ({names}) select {names} from more")
            self._base.unregister("more")
            rows.clear()


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return (value if isinstance(value, str) else str(value)).encode("utf-8", "replace").decode()


def load(path: Path, base: duckdb.DuckDBPyConnection, told: Told) -> None:
    """Fills the staging tables. Raises BadInput where the file is neither form, or damaged."""
    stage = Stage(base)
    try:
        with path.open("rb") as file:
            head = file.read(4096)
        if not head:
            raise BadInput(f"{path}: is empty; nothing to import")
        if head.startswith(_MAGIC):
            told.format = "ocel2, SQLite"
            _sqlite(path, stage, told)
        elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            told.format = "ocel2, JSON"
            _json(path, stage, told)
        else:
            raise BadInput(f"{path}: is neither an SQLite database nor JSON; OCEL 2.0 in XML is not read")
    except OSError as why:
        raise BadInput(f"{path}: {why.strerror or why}; check the path") from why
    stage.finish()


def _sqlite(path: Path, stage: Stage, told: Told) -> None:
    try:
        base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        base.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            _tables(path, base, stage, told)
        finally:
            base.close()
    except (sqlite3.Error, UnicodeError) as why:  # what is damaged may stand in SQLite's own message
        said = str(why) if isinstance(why, sqlite3.Error) else "names that are not UTF-8"
        raise BadInput(f"{path}: damaged or cut off ({said}); get the file anew") from why


def _tables(path: Path, base: sqlite3.Connection, stage: Stage, told: Told) -> None:
    names = [row[0] for row in base.execute("select name from sqlite_master where type = 'table' order by name")]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise BadInput(f"{path}: no table {missing[0]}: not an OCEL 2.0 log")
    stage.add("objects", _rows(base, path, "object", ("ocel_id", "ocel_type")))
    stage.add("e2o", _rows(base, path, "event_object", ("ocel_event_id", "ocel_object_id", "ocel_qualifier")))
    stage.add("o2o", _rows(base, path, "object_object", ("ocel_source_id", "ocel_target_id", "ocel_qualifier")))
    times: dict[str, Any] = {}
    for what in ("event", "object"):
        maps = dict(_rows(base, path, f"{what}_map_type", ("ocel_type", "ocel_type_map")))
        for kind, part in maps.items():
            table = f"{what}_{part}"
            if table not in names:
                told.note(f"no table for the {what}s of a type", f"{table} of {kind}")
                continue
            own = [row[1] for row in base.execute(f"pragma table_info({_quoted(table)})") if row[1] not in _FIXED]
            have = [row[1] for row in base.execute(f"pragma table_info({_quoted(table)})")]
            changed = ("ocel_changed_field",) if "ocel_changed_field" in have else ()
            for row in _rows(base, path, table, ("ocel_id", "ocel_time", *changed, *own)):
                values = row[2 + len(changed) :]
                if what == "event":
                    if _text(row[0]) in times:
                        told.note("a second row of attributes for one event", f"{table}: {row[0]}")
                    times.setdefault(_text(row[0]) or "", row[1])
                stage.add(
                    f"{what}_values", [(row[0], name, v, row[1]) for name, v in zip(own, values, strict=True) if v is not None]
                )
    stage.add("events", ((i, t, times.pop(_text(i) or "", None)) for i, t in _rows(base, path, "event", ("ocel_id", "ocel_type"))))
    told.drop("attributes of an event that is not in the table event", next(iter(times), "") or "", len(times))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _rows(base: sqlite3.Connection, path: Path, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    have = [row[1] for row in base.execute(f"pragma table_info({_quoted(table)})")]
    for column in columns:
        if column not in have:
            raise BadInput(f"{path}: table {table}: no column {column}: not an OCEL 2.0 log")
    yield from base.execute(f"select {', '.join(map(_quoted, columns))} from {_quoted(table)}")


def _json(path: Path, stage: Stage, told: Told) -> None:
    if path.stat().st_size > _LARGEST:
        raise BadInput(f"{path}: JSON of more than {_LARGEST >> 30} GiB; bring it as SQLite")
    try:
        log = json.loads(path.read_bytes())
    except UnicodeError as why:
        raise BadInput(f"{path}: is not UTF-8; OCEL 2.0 in JSON must be") from why
    except (ValueError, RecursionError) as why:
        raise BadInput(f"{path}: damaged or cut off ({' '.join(str(why).split())}); get the file anew") from why
    for key in ("events", "objects"):
        if not isinstance(log.get(key), list):
            raise BadInput(f"{path}: no list {key!r}: not an OCEL 2.0 log")
    for what, linked in (("event", "e2o"), ("object", "o2o")):
        for i, one in enumerate(log[f"{what}s"], 1):
            if not isinstance(one, dict):
                told.drop(f"{what} that is no table of names and values", f"{what} {i}")
                continue
            own = one.get("id")
            stage.add(f"{what}s", [(own, one.get("type"), one.get("time"))[: len(STAGES[f"{what}s"])]])
            for r in _dicts(one, "relationships", told, f"{what} {i}"):
                stage.add(linked, [(own, r.get("objectId"), r.get("qualifier"))])
            for a in _dicts(one, "attributes", told, f"{what} {i}"):
                stage.add(f"{what}_values", [(own, a.get("name"), a.get("value"), a.get("time"))])


def _dicts(one: dict[str, Any], key: str, told: Told, place: str) -> list[dict[str, Any]]:
    """The entries of a list that are tables of names and values."""
    value = one.get(key) or []
    found = [r for r in value if isinstance(r, dict)] if isinstance(value, list) else []
    bad = len(value) - len(found) if isinstance(value, list) else 1
    told.drop(f"{key} that are no table of names and values", place, bad)
    return found
