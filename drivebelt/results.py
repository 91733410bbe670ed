"""A finished run: its tables, queries over them, and the path of anything in it."""

from __future__ import annotations

import json
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from drivebelt.errors import BadInput, BadRun

if TYPE_CHECKING:
    import pyarrow as pa

    from drivebelt.knowledge_query import Knew
    from drivebelt.trace import Path as TracePath

TABLES = (
    "organs", "posts", "persons", "tenures", "matters", "documents", "copies", "acts", "measures", "registers", "episodes",
)  # fmt: skip


class Run:
    """A run directory, read only. `run.acts`, `run.documents` and so on are Arrow tables; `run.sql` queries them."""

    def __init__(self, path: str | Path) -> None:
        """Raises BadRun where the directory is missing, not finished or damaged."""
        self.path = Path(path)
        if not self.path.is_dir():
            raise BadRun(f"{self.path}: no such run directory; `drivebelt run` makes one")
        try:
            self.info: dict[str, Any] = json.loads((self.path / "run.json").read_text())
        except FileNotFoundError as why:
            hint = (
                "the run is not finished; go on with `--resume`" if (self.path / "unfinished").exists() else "not a run directory"
            )
            raise BadRun(f"{self.path}: no run.json: {hint}") from why
        except (OSError, ValueError) as why:
            raise BadRun(f"{self.path}/run.json: cannot be read ({why}); run anew") from why

    @cached_property
    def _base(self) -> duckdb.DuckDBPyConnection:
        base = connect(self.path)
        for name in TABLES:
            if not (self.path / name).exists() and not (self.path / f"{name}.parquet").exists():
                raise BadRun(f"{self.path}: table {name} is missing; the directory is damaged, run anew")
        return base

    def sql(self, query: str, parameters: list[Any] | None = None) -> duckdb.DuckDBPyRelation:
        """Runs a query over the tables by their names; `.fetchall()`, `.arrow()`, `.df()` give the rows.

        Raises BadInput for a query that DuckDB refuses.
        """
        try:
            return self._base.sql(query, params=parameters)
        except duckdb.Error as why:
            raise BadInput(f"query: {str(why).splitlines()[0]}") from why

    def rows(self, query: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        try:
            cursor = self._base.execute(query, parameters or [])
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.Error as why:
            raise BadRun(f"{self.path}: {str(why).splitlines()[0]}") from why

    def __getattr__(self, name: str) -> pa.Table:
        if name in TABLES:
            return self._base.sql(f"select * from {name}").to_arrow_table()
        raise AttributeError(f"a run has no {name!r}; its tables are {', '.join(TABLES)}")

    def trace(self, *, matter: int | None = None, document: int | None = None, act: int | None = None) -> TracePath:
        """The whole path of a matter, a document or an act, back to the first mover and forward to the last cell."""
        from drivebelt.trace import trace

        return trace(self, matter=matter, document=document, act=act)

    def knew(self, matter: int, *, who: str | int | None = None, day: date | None = None) -> list[Knew]:
        """Who knew of a matter by the end of a day, and by which act, the deepest first; `who` one person or body."""
        from drivebelt.knowledge_query import knew

        return knew(self, matter, who=who, day=day)


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with a view for each table of a run directory."""
    base = duckdb.connect()
    base.execute("set threads = 2")
    for name in TABLES:
        place = path / name / "*.parquet" if (path / name).is_dir() else path / f"{name}.parquet"
        if (path / name).is_dir() or place.exists():
            quoted = str(place).replace("'", "''")
            base.execute(f"create view {name} as select * from read_parquet('{quoted}')")
    return base
