"""A finished run: its tables, queries over them, and the path of anything in it."""

from __future__ import annotations

import gc
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from drivebelt.errors import BadInput, BadRun
from drivebelt.parquet import database, dictionaries, first_line, literal, table_at

if TYPE_CHECKING:
    import pyarrow as pa

    from drivebelt.archive import Archive
    from drivebelt.knowing.asking import Knew
    from drivebelt.tracing.path import Path as TracePath

TABLES = (
    "organs", "posts", "persons", "tenures", "matters", "documents", "copies", "acts", "measures", "registers", "episodes", "rules",
    "ties",
)  # fmt: skip


_INFO: dict[str, Any] = {
    "scenario": str, "seed": int, "scale": (int, float), "from": str, "to": str, "digest": str, "rows": dict, "amendments": list,
    "organs": int, "wall_seconds": (int, float), "peak_mib": (int, float), "act_bytes": int,
}  # fmt: skip
"""What the commands read of run.json."""


class Tables:
    """Tables of a directory, read only: each as an Arrow table by its name, and all under `sql`."""

    _kind, _mend = "a directory", "make it anew"
    _names: tuple[str, ...] = TABLES
    path: Path
    info: dict[str, Any]

    @cached_property
    def _base(self) -> duckdb.DuckDBPyConnection:
        return connect(self.path)

    def sql(self, query: str, parameters: list[Any] | dict[str, Any] | None = None) -> duckdb.DuckDBPyRelation:
        """Runs a query over the tables by their names; `.fetchall()`, `.arrow()`, `.df()` give the rows.

        Raises BadInput for a query that DuckDB refuses.
        """
        try:
            return self._base.sql(query, params=parameters)
        except duckdb.Error as why:
            raise BadInput(f"query: {str(why).splitlines()[0]}") from why

    def _damaged(self, why: Exception) -> BaseException:
        return KeyboardInterrupt() if interrupted(why) else BadRun(f"{self.path}: damaged: {first_line(why)}; {self._mend}")

    def __getattr__(self, name: str) -> pa.Table:
        if name in self._names:
            try:
                return self._base.sql(f"select * from {name}").to_arrow_table()
            except (duckdb.Error, RuntimeError) as why:
                raise self._damaged(why) from why
        raise AttributeError(f"{self._kind} has no {name!r}; its tables are {', '.join(self._names)}")


class Run(Tables):
    """A run directory, read only. `run.acts`, `run.documents` and so on are Arrow tables; `run.sql` queries them."""

    _kind, _names, _mend = "a run", TABLES, "run anew"

    def __init__(self, path: str | Path) -> None:
        """Raises BadRun where the directory is missing, not finished or damaged."""
        self.path = Path(path)
        self.prepared: Callable[[str], str | None] = _nothing
        """Gives the full name of a table that somebody has prepared beside the run's own to be quicker, if there is one."""
        if not self.path.is_dir():
            raise BadRun(f"{self.path}: no such run directory; `drivebelt run` makes one")
        try:
            self.info: dict[str, Any] = json.loads((self.path / "run.json").read_text())
        except FileNotFoundError as why:
            hint = (
                "the run is not finished; go on with `--resume`" if (self.path / "unfinished").exists() else "not a run directory"
            )
            raise BadRun(f"{self.path}: no run.json: {hint}") from why
        except OSError as why:
            raise BadRun(f"{self.path}/run.json: cannot be read: {why.strerror or why}; check its permissions") from why
        except ValueError as why:
            raise BadRun(f"{self.path}/run.json: damaged ({' '.join(str(why).split())}); run anew") from why
        self._sound()

    def _sound(self) -> None:
        """Refuses a run.json that lacks what the commands read of it."""
        for key, kinds in _INFO.items():
            value = self.info.get(key) if isinstance(self.info, dict) else None
            if not isinstance(value, kinds) or isinstance(value, bool):
                raise BadRun(f"{self.path}/run.json: damaged: {key} is missing or of the wrong type; run anew")
        for key in ("from", "to"):
            try:
                date.fromisoformat(self.info[key])
            except ValueError as why:
                raise BadRun(f"{self.path}/run.json: damaged: {key} {self.info[key]!r} is not a date; run anew") from why

    @cached_property
    def _base(self) -> duckdb.DuckDBPyConnection:
        for name in TABLES:
            if table_at(self.path, name) is None:
                raise BadRun(f"{self.path}: table {name} is missing; the directory is damaged, run anew")
        return connect(self.path)

    def rows(self, query: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        with self.session() as session:
            return session.rows(query, parameters)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Queries that share temporary tables, which are gone at the end; several threads may each have their own."""
        try:
            cursor = self._base.cursor()
        except (duckdb.Error, RuntimeError) as why:
            raise self._damaged(why) from why
        try:
            yield Session(self, cursor)
        finally:
            cursor.close()

    def fetched(self, cursor: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None) -> list[dict[str, Any]]:
        """The rows of a query on a connection of its own. Raises BadRun where a table cannot be read."""
        collecting = gc.isenabled()
        gc.disable()  # hundreds of thousands of new objects, none of them rubbish: looking through them doubles the time
        try:
            return dictionaries(cursor.execute(query, parameters or []))
        except (duckdb.Error, RuntimeError) as why:
            raise self._damaged(why) from why
        finally:
            if collecting:
                gc.enable()

    def hold(self, *names: str) -> None:
        """Takes small tables into memory: where many small questions are asked, reading their files anew is most of the time."""
        for name in names:
            self.rows(f"create table held_{name} as select * from {name}")
            self.rows(f"create or replace view {name} as select * from held_{name}")

    def of_matter(self, matter: int) -> str:
        """The condition that an act is one of a matter; where its first and last are known, it keeps to what lies between."""
        number, table = int(matter), self.prepared("page_matters")
        found = self.rows(f"select first, last from {table} where matter = {number}") if table else []
        return f"matter = {number}" + "".join(f" and act between {row['first']} and {row['last']}" for row in found)

    @property
    def last_day(self) -> date:
        """The day on which the run ended."""
        return date.fromisoformat(self.info["to"])

    def circle(self, day: date) -> str | None:
        """The members of the informal circle on a day, by their names; None before there was one."""
        return next((names for since, names in reversed(self._circles) if since <= day), None)

    @cached_property
    def understandings(self) -> str:
        """The name of a table with the acts by which the circle was made: few, asked for often, and dear to look for."""
        if (prepared := self.prepared("page_circle")) is not None:
            return prepared
        self.rows("create or replace table held_combine as select * from acts where kind = 'combine'")
        return "memory.main.held_combine"

    @cached_property
    def _circles(self) -> list[tuple[date, str]]:
        rows = self.rows(
            f"""select day, string_agg(p.name, ', ' order by p.name) as names from {self.understandings}
                join persons p on p.person = actor_person group by day order by day"""
        )
        return [(row["day"], row["names"]) for row in rows]

    def trace(
        self,
        *,
        matter: int | None = None,
        document: int | None = None,
        act: int | None = None,
        expand: str | int | None = "all",
    ) -> TracePath:
        """The whole path of a matter, a document or an act, back to the first mover and forward to the last cell.

        With `expand` (a level, or None for that of the first mover), acts below it are there in sum only: quicker by far.
        """
        from drivebelt.tracing.finding import trace

        return trace(self, matter=matter, document=document, act=act, expand=expand)

    def knew(self, matter: int, *, who: str | int | None = None, day: date | None = None) -> list[Knew]:
        """Who knew of a matter by the end of a day, the deepest first, each with the act that told him; `who` is one of them."""
        from drivebelt.knowing.asking import knew

        return knew(self, matter, who=who, day=day)

    def archive(
        self,
        regime: str,
        *,
        out: str | Path | None = None,
        reader: str | None = None,
        survival: float | None = None,
        correlated: str = "none",
        seed: int = 1,
        testimony: bool = False,
        key: str | Path | None = None,
    ) -> Archive:
        """What survives of the run's paper under a regime, for a reader; written to `out`, by default a new temporary directory.

        `survival` is the share of the documents that further loss leaves, `correlated` what that loss takes together (none,
        office, subject), `seed` that of all losses; `testimony` adds what officials said of who decided; `key` is a file apart
        that joins the archive with the run, for scores. Raises BadInput for settings that make no sense and a taken directory.
        """
        from drivebelt.archive import Archive, Asked, make

        place = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="drivebelt-")) / "archive"
        make(self, place, Asked(regime, reader, survival, correlated, seed, testimony), Path(key) if key is not None else None)
        return Archive(place)


@dataclass(frozen=True)
class Session:
    """A connection of one's own to the tables of a run, with temporary tables that nobody else sees."""

    run: Run
    cursor: duckdb.DuckDBPyConnection

    def rows(self, query: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries; a statement that makes a table has none that matter."""
        return self.run.fetched(self.cursor, query, parameters)


def _nothing(name: str) -> None:
    return None


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with a view for each table of a run directory; BadRun names a table that cannot be read."""
    base = database()
    base.execute("set temp_directory = $1", [tempfile.gettempdir()])  # not where the user happens to stand
    for name in TABLES:
        place = table_at(path, name)
        if place is not None:
            try:
                base.execute(f"create view {name} as select * from read_parquet({literal(place)})")
            except duckdb.Error as why:
                raise BadRun(f"{place}: damaged: {first_line(why)}; run anew") from why
    return base


def interrupted(why: Exception) -> bool:
    """Whether an error is DuckDB's way to say that the user pressed Ctrl-C."""
    return isinstance(why, duckdb.InterruptException) or (type(why) is RuntimeError and "interrupted" in str(why).lower())
