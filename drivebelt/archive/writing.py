"""The tables of an archive on disk: columns from arrays of codes, rows in the order of the archive's own numbers."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from drivebelt import records as r
from drivebelt.archive.paper import NEVER
from drivebelt.errors import BadInput

_ROWS = 1 << 18
_STAMP = 315_532_800
"""All files bear the date 1 January 1980: when they were written is nobody's evidence."""

Column = tuple[npt.NDArray[Any], str | tuple[str, ...]]
"""Values, and how to write them: `whole` (-1 is null), `day` (since 1970), `flag`, `hash`, or the names that codes stand for."""


def _arrow(values: npt.NDArray[Any], form: str | tuple[str, ...]) -> pa.Array:
    if isinstance(form, tuple):
        codes = pa.array(values.astype(np.int32), pa.int32(), mask=values < 0)
        return pa.DictionaryArray.from_arrays(codes, pa.array(form, pa.string()))
    if form == "day":
        return pa.array(values.astype(np.int32), pa.int32(), mask=values == NEVER).cast(pa.date32())
    if form == "flag":
        return pa.array(values.astype(bool))
    if form == "hash":
        return pa.array(values, pa.uint64())
    return pa.array(values.astype(np.int32), pa.int32(), mask=values == r.NONE)


def table(columns: dict[str, Column], order: npt.NDArray[np.int64]) -> pa.Table:
    """A table of `columns` with rows taken in `order`."""
    return pa.table({name: _arrow(values[order], form) for name, (values, form) in columns.items()})


class Folder:
    """The directory of an archive in the making: beside its place until it is whole, then moved there."""

    def __init__(self, out: Path) -> None:
        """Raises BadInput where `out` is taken or cannot be written."""
        self.out, self._making = out, out.with_name(out.name + ".unfinished")
        try:
            if out.exists() and (not out.is_dir() or any(out.iterdir())):
                raise BadInput(f"{out}: is there already and not empty; choose another --out")
            shutil.rmtree(self._making, ignore_errors=True)
            self._making.mkdir(parents=True)
        except OSError as why:
            raise BadInput(f"{out}: cannot be written: {why.strerror or why}; choose another --out") from why

    def write(self, name: str, content: pa.Table) -> None:
        """Writes one table."""
        place = self._making / f"{name}.parquet"
        try:
            # without Arrow's own schema, names kept as codes are read back as plain strings
            pq.write_table(content, place, compression="zstd", row_group_size=_ROWS, store_schema=False)
        except OSError as why:
            raise BadInput(f"{place}: cannot be written: {why.strerror or why}; free some space or choose another --out") from why

    def finish(self, info: dict[str, Any]) -> None:
        """Writes archive.json and moves the archive to its place."""
        (self._making / "archive.json").write_text(json.dumps(info, indent=1, ensure_ascii=False) + "\n")
        for place in (*sorted(self._making.iterdir()), self._making):
            os.utime(place, (_STAMP, _STAMP))
        if self.out.exists():
            self.out.rmdir()
        self._making.rename(self.out)
        os.utime(self.out, (_STAMP, _STAMP))

    def drop(self) -> None:
        """Removes what was written."""
        shutil.rmtree(self._making, ignore_errors=True)


def apart(key: Path, out: Path) -> None:
    """Raises BadInput where the file `key` is taken or would lie within the archive `out`."""
    if key.exists():
        raise BadInput(f"--key {key}: is there already; choose another file")
    if out.resolve() in (key.resolve(), *key.resolve().parents):
        raise BadInput(f"--key {key}: lies within the archive, which would then lead back to the run; keep it elsewhere")


def write_key(path: Path, number: npt.NDArray[np.int64]) -> None:
    """Writes the key of an archive: `document`, its number in the archive, and `original`, that in the run.

    Whoever holds it can join both: it is written on request only, and never into the archive. Raises BadInput.
    """
    original = np.flatnonzero(number >= 0)
    order = np.argsort(number[original], kind="stable")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table({"document": number[original][order], "original": original[order]}), path, compression="zstd")
    except OSError as why:
        raise BadInput(f"--key {path}: cannot be written: {why.strerror or why}; choose another file") from why
