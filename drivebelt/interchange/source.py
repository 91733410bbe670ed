"""A run or an archive as a set of tables to export: some columns of an archive may be missing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from drivebelt.archive.info import NAME, read_info
from drivebelt.errors import BadInput, BadRun
from drivebelt.parquet import first_line, literal
from drivebelt.results import TABLES, Run, connect, interrupted

BATCH = 200_000
"""Rows held at once."""
MEMORY = "512MB"
"""What DuckDB may hold before it sorts on disk."""


class Source:
    """The tables of a run or archive directory, read only. `columns` has the names of the columns of each table there is."""

    def __init__(self, path: Path) -> None:
        """Raises BadRun where the directory is neither, or damaged."""
        self.path = path
        self.info: dict[str, Any]
        if (path / NAME).exists():
            self.info = read_info(path)
        else:
            self.info = Run(path).info
        self.base = connect(path)
        spill = Path(tempfile.gettempdir()) / f"drivebelt-{os.getpid()}"
        self.base.execute(f"set temp_directory = {literal(spill)}")
        self.base.execute(f"set memory_limit = '{MEMORY}'")
        self.columns: dict[str, tuple[str, ...]] = {}
        for name in TABLES:
            try:
                self.columns[name] = tuple(row[0] for row in self.base.execute(f"describe {name}").fetchall())
            except duckdb.CatalogException:
                continue
        if "documents" not in self.columns or "document" not in self.columns["documents"]:
            raise BadRun(f"{path}: no table of documents; the directory is damaged")

    @property
    def is_archive(self) -> bool:
        """Whether this is what survived or was imported, not a whole run."""
        return (self.path / NAME).exists()

    def batches(self, query: str, rows: int = BATCH) -> Iterator[pa.Table]:
        """The rows of a query, at most `rows` at once. Raises BadRun where a table cannot be read."""
        try:
            reader = self.base.sql(query).to_arrow_reader(rows)
            for batch in reader:
                if batch.num_rows:
                    yield pa.Table.from_batches([batch])
        except (duckdb.Error, pa.ArrowException, RuntimeError) as why:
            if interrupted(why):
                raise KeyboardInterrupt from why
            raise BadRun(f"{self.path}: damaged: {first_line(why)}; run anew") from why


@contextmanager
def fresh(out: Path) -> Iterator[Path]:
    """A place beside `out` to write to, moved to `out` when all is well and removed when it is not.

    Raises BadInput where `out` is there already or cannot be made.
    """
    if out.exists() or out.is_symlink():
        raise BadInput(f"{out}: is there already; nothing is overwritten, choose another --out")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name[:50]}-", dir=out.parent))
    except OSError as why:
        raise BadInput(f"{out}: cannot be made ({why.strerror or why}); choose another --out") from why
    try:
        yield work / "new"
        (work / "new").rename(out)
    except OSError as why:
        raise BadInput(f"{out}: cannot be written ({why.strerror or why}); check space and permissions") from why
    finally:
        shutil.rmtree(work, ignore_errors=True)
