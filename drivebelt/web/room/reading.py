"""The archive alone, as the reading room shows it: nothing here opens the run's tables or the key."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

import duckdb

from drivebelt.errors import BadRun
from drivebelt.parquet import dictionaries, literal
from drivebelt.results import connect
from drivebelt.web.room.choice import Place
from drivebelt.web.room.indexes import BY_NUMBER, BY_PAPER

MEMORY = "400MB"
"""What DuckDB may take for one archive."""
_WHOLE = """
    select document, date, kind, issuer, level, branch, number, grade, domain, subject from papers
    where date between ? and ? and document in (select unnest(?))
"""


class Room:
    """One archive, read only, for many readers at once."""

    def __init__(self, place: Place) -> None:
        """Raises BadRun where it is damaged."""
        self.place = place
        try:
            self.info: dict[str, Any] = json.loads((place.archive / "archive.json").read_text(encoding="utf-8"))
            self._base = connect(place.archive)
            self._base.execute(f"set memory_limit = '{MEMORY}'")
            for view, file in (("papers", place.papers), ("entries", place.entries), ("known_registers", place.registers)):
                self._base.execute(f"create view {view} as select * from read_parquet({literal(file)})")
            # An archive that was made without these says the same, only slower.
            for view, file, query in (("by_paper", place.by_paper, BY_PAPER), ("by_number", place.by_number, BY_NUMBER)):
                source = f"select * from read_parquet({literal(file)})" if file.exists() else query
                self._base.execute(f"create view {view} as {source}")
        except (OSError, ValueError, duckdb.Error) as why:
            raise BadRun(f"the archive is damaged ({' '.join(str(why).split())[:120]}); have it made anew") from why

    def rows(self, query: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query, on a cursor of its own."""
        try:
            return dictionaries(self._base.cursor().execute(query, parameters or []))
        except duckdb.Error as why:
            raise BadRun(f"the archive is damaged ({str(why).splitlines()[0][:120]}); have it made anew") from why

    @cached_property
    def subjects(self) -> list[tuple[str, str]]:
        """Every field and subject of a paper."""
        rows = self.rows("select distinct domain, subject from papers where subject is not null order by 1, 2")
        return [(row["domain"], row["subject"]) for row in rows]

    @cached_property
    def organs(self) -> dict[int, str]:
        """Names of all bodies."""
        return {row["organ"]: row["name"] for row in self.rows("select organ, name from organs")}

    def papers(self, query: str, parameters: list[Any]) -> list[dict[str, Any]]:
        """The rows of a query for papers (`document`, `date`) with all that a table shows of them: only those of the page are read
        in whole. Rows without a document stay as they are."""
        found = self.rows(query, parameters)
        if not found or "document" not in found[0]:
            return found
        days = [row["date"] for row in found]
        whole = self.rows(_WHOLE, [min(days), max(days), [row["document"] for row in found]])
        by_number = {row["document"]: row for row in whole}
        return [by_number[row["document"]] for row in found]

    def named(self, query: str, parameters: list[Any]) -> list[dict[str, Any]]:
        """The rows of a query, with names in place of bodies (`book_of`, `about`) and of persons (`person`)."""
        found = self.rows(query, parameters)
        people = sorted({row["person"] for row in found if row.get("person") is not None})
        names = {
            row["person"]: row["name"]
            for row in self.rows("select person, name from persons where person in (select unnest(?))", [people])
        } if people else {}  # fmt: skip
        for row in found:
            for key in ("book_of", "about"):
                if key in row:
                    row[key] = self.organs.get(row[key])
            if "person" in row:
                row["person"] = names.get(row["person"])
        return found

    @cached_property
    def questions(self) -> dict[str, Any]:
        """What can be asked of it."""
        found: dict[str, Any] = json.loads(self.place.questions.read_text(encoding="utf-8"))
        return found
