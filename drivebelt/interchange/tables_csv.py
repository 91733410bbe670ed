"""The tables of a run or archive as CSV, one file each, with a description after the Frictionless Table Schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from drivebelt.errors import BadRun
from drivebelt.interchange.source import Source
from drivebelt.parquet import literal

DESCRIPTION = "datapackage.json"
_TYPES = {"VARCHAR": "string", "DATE": "date", "BOOLEAN": "boolean", "DOUBLE": "number", "FLOAT": "number"}
ABOUT = {
    "organs": "one row per organ", "posts": "one row per post", "persons": "one row per person",
    "tenures": "one row per person in a post", "matters": "one row per question", "documents": "one row per document",
    "copies": "one row per copy of a document; `copy` counts within the document", "acts": "one row per act, in order",
    "measures": "one row per measure, day and scope", "registers": "what a `series` of documents stands for",
    "episodes": "matters that belong to a documented episode", "rules": "rules in force, with amendments",
    "ties": "starting ties between officials and patrons",
}  # fmt: skip
COLUMNS = {
    "cause": "act that brought this one about; empty for outside events and the calendar of a rule",
    "in_name_of": "organ in whose name; differs from actor_organ exactly where an organ is a mask",
    "recorded": "false for what left no paper",
    "issuer": "organ whose name the document bears",
    "originator": "organ from which it really came",
    "wording": "64-bit hash of the wording, unsigned; few bits differ where texts are alike",
    "parent_document": "document of which this one is a restatement or part",
    "number": "running number in the register `series`",
}  # fmt: skip
_KEYS = {"organs": "organ", "posts": "post", "persons": "person", "matters": "matter", "documents": "document", "acts": "act"}


def _field(name: str, kind: str) -> dict[str, str]:
    described = {"name": name, "type": _TYPES.get(kind, "integer")}
    if name in COLUMNS:
        described["description"] = COLUMNS[name]
    return described


def write(source: Source, out: Path) -> dict[str, int]:
    """Writes a folder with one CSV file for each table and the description; returns the rows of each. `out` must not exist."""
    out.mkdir()
    rows: dict[str, int] = {}
    resources: list[dict[str, Any]] = []
    for name in source.columns:
        try:
            file = literal(out / f"{name}.csv")
            done = source.base.execute(f"copy (from {name}) to {file} (format csv, header)").fetchall()
            described = source.base.execute(f"describe {name}").fetchall()
        except duckdb.Error as why:
            raise BadRun(f"{source.path}: {name}: cannot be read or written: {str(why).splitlines()[0]}") from why
        rows[name] = int(done[0][0])
        schema: dict[str, Any] = {"fields": [_field(row[0], row[1]) for row in described], "missingValues": [""]}
        if name in _KEYS:
            schema["primaryKey"] = _KEYS[name]
        resources.append(
            {
                "name": name, "path": f"{name}.csv", "description": ABOUT[name], "format": "csv", "encoding": "utf-8",
                "rows": rows[name], "schema": schema,
            }
        )  # fmt: skip
    package = {"name": "drivebelt-archive" if source.is_archive else "drivebelt-run", "origin": source.info, "resources": resources}
    (out / DESCRIPTION).write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n")
    return rows
