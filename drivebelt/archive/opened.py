"""An archive directory, read only."""

from __future__ import annotations

import json
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from drivebelt.errors import BadInput, BadRun
from drivebelt.results import connect

if TYPE_CHECKING:
    import pyarrow as pa

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


class Archive:
    """What survived, read only. `archive.documents` and so on are Arrow tables; `archive.sql` queries them."""

    def __init__(self, path: str | Path) -> None:
        """Raises BadRun where the directory is missing, not an archive, or lacks a table."""
        self.path = Path(path)
        if not self.path.is_dir():
            raise BadRun(f"{self.path}: no such archive directory; `drivebelt archive` makes one")
        place = self.path / "archive.json"
        try:
            self.info: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
            for key in ("from", "to", "day_of_access"):
                date.fromisoformat(self.info[key])
            self.regime = str(self.info["regime"])
        except FileNotFoundError as why:
            raise BadRun(f"{self.path}: no archive.json: not an archive directory; `drivebelt archive` makes one") from why
        except OSError as why:
            raise BadRun(f"{place}: cannot be read: {why.strerror or why}; check its permissions") from why
        except (ValueError, KeyError, TypeError) as why:
            raise BadRun(f"{place}: damaged ({type(why).__name__}: {' '.join(str(why).split())}); make the archive anew") from why

    @cached_property
    def _base(self) -> duckdb.DuckDBPyConnection:
        for name in NEEDED:
            if not (self.path / name).exists() and not (self.path / f"{name}.parquet").exists():
                raise BadRun(f"{self.path}: table {name} is missing; the archive is damaged, make it anew")
        base = connect(self.path)
        for table, columns in _OWN.items():
            there = base.sql(f"select * from {table} limit 0").columns
            more = ", ".join(f"null::{kind} as {column}" for column, kind in columns.items() if column not in there)
            if more:
                base.execute(
                    f"alter view {table} rename to {table}_kept; create view {table} as select *, {more} from {table}_kept"
                )
        return base

    def sql(self, query: str, parameters: list[Any] | None = None) -> duckdb.DuckDBPyRelation:
        """Runs a query over the tables by their names. Raises BadInput for a query that DuckDB refuses."""
        try:
            return self._base.sql(query, params=parameters)
        except duckdb.Error as why:
            raise BadInput(f"query: {str(why).splitlines()[0]}") from why

    def __getattr__(self, name: str) -> pa.Table:
        if name in TABLES:
            try:
                return self._base.sql(f"select * from {name}").to_arrow_table()
            except (duckdb.Error, RuntimeError) as why:
                raise BadRun(f"{self.path}: damaged: {' '.join(str(why).split())[:200]}; make the archive anew") from why
        raise AttributeError(f"an archive has no {name!r}; its tables are {', '.join(TABLES)}")
