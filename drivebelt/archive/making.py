"""From a run to an archive on disk."""

from __future__ import annotations

from pathlib import Path

from drivebelt import __version__
from drivebelt.archive import left_tables, testifying
from drivebelt.archive.keys import Key
from drivebelt.archive.left import Asked, left
from drivebelt.archive.public import public_tables
from drivebelt.archive.writing import Folder, apart, write_key
from drivebelt.results import Run

FORM = 1
"""Version of the archive's own columns."""


def make(run: Run, out: Path, asked: Asked, key: Path | None = None) -> None:
    """Writes the archive of `run` into the directory `out`, and on request the `key` that joins both (see `writing.write_key`).

    Raises BadInput and BadRun.
    """
    asked.fate()
    if key is not None:
        apart(key, out)
    folder = Folder(out)
    try:
        what = left(run, asked)
        tables = {
            "documents": left_tables.documents(what), "copies": left_tables.copies(what), "acts": left_tables.acts(what),
            "matters": left_tables.matters(run, what), "registers": left_tables.registers(what),
            **public_tables(run, asked.fate().access),
        }  # fmt: skip
        if asked.fate().alters:
            tables["texts"] = left_tables.texts(what)[0]
        for name, content in tables.items():
            folder.write(name, content)
        more = {}
        if asked.testimony:
            tables["statements"] = testifying.statements(
                run, what, Key("testimony", run.info["digest"], asked.seed), asked.fate().access
            )
            folder.write("statements", tables["statements"])
            more["testimony"] = True
        access = asked.fate().access
        folder.finish(
            {
                "archive": FORM, "version": __version__, "regime": asked.regime, "reader": asked.reader,
                "survival": asked.survival, "correlated": asked.correlated,
                "day_of_access": (access.isoformat() if access else run.info["to"]), "from": run.info["from"],
                "to": run.info["to"], "rows": {name: content.num_rows for name, content in tables.items()}, **more,
            }
        )  # fmt: skip
        if key is not None:
            write_key(key, what.number)
    except BaseException:
        folder.drop()
        raise
