"""The archive alone, as the reading room shows it: nothing here opens the run's tables or the key."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

import duckdb

from drivebelt.errors import BadRun
from drivebelt.results import connect
from drivebelt.web.room.choice import Place

MEMORY = "400MB"
"""What DuckDB may take for one archive."""


class Room:
    """One archive, read only, for many readers at once."""

    def __init__(self, place: Place) -> None:
        """Raises BadRun where it is damaged."""
        self.place = place
        try:
            self.info: dict[str, Any] = json.loads((place.archive / "archive.json").read_text(encoding="utf-8"))
            self._base = connect(place.archive)
            self._base.execute(f"set memory_limit = '{MEMORY}'")
            known = str(place.registers).replace("'", "''")
            self._base.execute(f"create view known_registers as select * from read_parquet('{known}')")
        except (OSError, ValueError, duckdb.Error) as why:
            raise BadRun(f"the archive is damaged ({' '.join(str(why).split())[:120]}); have it made anew") from why

    def rows(self, query: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query, on a cursor of its own."""
        try:
            cursor = self._base.cursor().execute(query, parameters or [])
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.Error as why:
            raise BadRun(f"the archive is damaged ({str(why).splitlines()[0][:120]}); have it made anew") from why

    @cached_property
    def questions(self) -> dict[str, Any]:
        """What can be asked of it."""
        found: dict[str, Any] = json.loads(self.place.questions.read_text(encoding="utf-8"))
        return found
