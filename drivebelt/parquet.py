"""What every reader of Parquet tables by DuckDB needs: where a table lies, how a place stands in a query, rows and errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb


def database() -> duckdb.DuckDBPyConnection:
    """A DuckDB connection of two threads that writes no bar of progress where the user stands, as it does in notebooks."""
    base = duckdb.connect()
    base.execute("set threads = 2; set enable_progress_bar = false")
    return base


def table_at(folder: Path, table: str) -> Path | None:
    """The file of a table, or its part files as a pattern; None where the folder has no such table."""
    if (folder / table).is_dir():
        return folder / table / "*.parquet"
    place = folder / f"{table}.parquet"
    return place if place.exists() else None


def literal(place: Path) -> str:
    """A place as it stands in a query, in quotes."""
    return "'" + str(place).replace("'", "''") + "'"


def dictionaries(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of a query that has been carried out, as dictionaries."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def first_line(why: Exception) -> str:
    """What DuckDB says, on one line and without its hints."""
    return next((line for line in str(why).splitlines() if line.strip()), type(why).__name__).strip()
