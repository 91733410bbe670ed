"""An archive directory, read only."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import duckdb

from drivebelt.archive.info import read_info
from drivebelt.errors import BadRun
from drivebelt.parquet import table_at
from drivebelt.results import Tables, connect

NEEDED = ("organs", "persons", "matters", "documents", "copies", "acts", "registers")
"""What every archive has, also one that was brought from elsewhere."""
TABLES = ("organs", "posts", "persons", "tenures", "matters", "documents", "copies", "acts", "measures", "registers")

_OWN = {
    "documents": {"file_copy": "boolean", "cited_series": "integer", "cited_number": "integer", "cited_date": "date"},
    "copies": {"holder": "integer", "wording": "ubigint"},
    "acts": {"series": "integer", "number": "integer"},
    "matters": {"organ": "integer"},
    "registers": {"year": "integer"},
}
"""Columns that `drivebelt archive` adds; empty in an archive that was brought from elsewhere without them."""


class Archive(Tables):
    """What survived, read only. `archive.documents` and so on are Arrow tables; `archive.sql` queries them."""

    _kind, _names, _mend = "an archive", TABLES, "make or import the archive anew"

    def __init__(self, path: str | Path) -> None:
        """Raises BadRun where the directory is missing or not an archive."""
        self.path = Path(path)
        self.info = read_info(self.path, whole=True)
        self.regime = str(self.info["regime"])

    @cached_property
    def _base(self) -> duckdb.DuckDBPyConnection:
        for name in NEEDED:
            if table_at(self.path, name) is None:
                raise BadRun(f"{self.path}: table {name} is missing; the archive is damaged; {self._mend}")
        base = connect(self.path)
        for table, columns in _OWN.items():
            there = base.sql(f"select * from {table} limit 0").columns
            more = ", ".join(f"null::{kind} as {column}" for column, kind in columns.items() if column not in there)
            if more:
                base.execute(
                    f"alter view {table} rename to {table}_kept; create view {table} as select *, {more} from {table}_kept"
                )
        return base
