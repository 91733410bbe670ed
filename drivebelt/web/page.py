"""What a view hands over: content for the template and its JSON twin, tables, and figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from drivebelt.report.drawing import Drawn
from drivebelt.web.asked import Asked
from drivebelt.web.uploads import Sent

Row = Mapping[str, Any]
ROWS = 50
"""Rows of a table shown at once."""
MOST = 200_000
"""Rows of a table that its CSV holds at most."""


class Column(NamedTuple):
    """One column of a table."""

    key: str
    title: str
    numeric: bool = False
    link: Callable[[Row], str | None] | None = None
    """The address that a cell leads to, from its row."""
    sortable: bool = False
    help: str = ""
    """What the column holds, in a sentence."""
    told: Callable[[Any], str] | None = None
    """How the page tells a cell, where its plain value does not say it: a name of records in words, a share in per cent."""


@dataclass
class Table:
    """One page of a table. `every` reads all rows, for the CSV; without it the rows at hand are all."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    caption: str = ""
    total: int | None = None
    """Rows in all, where not all are at hand."""
    page: int = 1
    size: int = ROWS
    every: Callable[[], Sequence[Row]] | None = None
    empty: str = "Nothing to show."

    @property
    def pages(self) -> int:
        """Pages in all, at least one."""
        return max(-(-(len(self.rows) if self.total is None else self.total) // self.size), 1)

    def csv(self) -> str:
        """The whole table, comma-separated, with a head. Cells that a spreadsheet would take for a formula get an apostrophe."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([c.key for c in self.columns])
        for row in self.every() if self.every else self.rows:
            writer.writerow([_harmless(row.get(c.key)) for c in self.columns])
        return out.getvalue()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


@dataclass
class Chart:
    """A figure that is drawn when its form is asked for, and kept by its key."""

    key: tuple[Any, ...]
    """What the figure depends on: the digest of its run, its name, its settings."""
    make: Callable[[], Drawn]
    """Draws it; raises report.drawing.Nothing where there is nothing to draw."""


@dataclass
class Page:
    """One page in no form yet."""

    template: str
    title: str
    content: dict[str, Any] = field(default_factory=dict)
    """What stands on the page; all of it goes into the JSON twin."""
    tables: dict[str, Table] = field(default_factory=dict)
    charts: dict[str, Chart] = field(default_factory=dict)
    trail: Sequence[tuple[str, str]] = ()
    """Where the page stands: (title, address) from the top down, without the page itself."""
    status: int = 200
    refresh: int | None = None
    """Seconds after which the page is to be asked for again."""


View = Callable[[Asked], Page]


class Route(NamedTuple):
    """An address and the view that answers it; parts in braces are handed over in `Asked.parts`."""

    address: str
    view: View
    sent: Callable[[Asked, Sent], str] | None = None
    """Takes what a form of this page sent and returns the address to go on with."""


def narrowed(*conditions: tuple[str, Any]) -> tuple[str, list[Any]]:
    """Conditions of a query in one, and their values; left out are those for which nothing was asked: None or an empty word.

    A condition has a `?` for its value, or one for each of a list of values.
    """
    asked = [(condition, value) for condition, value in conditions if value is not None and value != ""]
    values = [v for _, value in asked for v in (value if isinstance(value, list) else [value])]
    return " and ".join(condition for condition, _ in asked) or "true", values


def worded(text: str, query: str) -> list[tuple[str, str]]:
    """The conditions that a text of a query holds every word that was asked for, for `narrowed`."""
    return [(f"contains(lower({text}), ?)", word.casefold()) for word in query.split()]


def paged(
    asked: Asked, query: str, parameters: Sequence[Any], columns: Sequence[Column], order: str, *,
    rows: Callable[[str, list[Any]], list[dict[str, Any]]] | None = None, **more: Any,
) -> Table:  # fmt: skip
    """A table paged by DuckDB: the rows of the page `page` of the query, and their number in all. `rows` asks another base.

    `order` is the order where the reader asks for none; `sort` (a sortable column, with `-` before it for the other way round)
    comes before it. Raises BadInput for a page or an order that make no sense.
    """
    ways = [way for c in columns if c.sortable for way in (c.key, f"-{c.key}")]
    asked_order = asked.choice("sort", ways)
    first = f'"{asked_order.removeprefix("-")}" {"desc" if asked_order[0] == "-" else "asc"} nulls last, ' if asked_order else ""
    number = asked.whole("page", 1, 1, 1_000_000) or 1
    given, ask = list(parameters), rows or asked.run.rows
    total = ask(f"select count(*) as n from ({query})", given)[0]["n"]
    ordered = f"select * from ({query}) order by {first}{order}"
    shown = ask(f"{ordered} limit {ROWS} offset {ROWS * (number - 1)}", given)
    return Table(columns, shown, total=total, page=number, every=lambda: ask(f"{ordered} limit {MOST}", given), **more)


def listed(asked: Asked, rows: Sequence[Row], columns: Sequence[Column], **more: Any) -> Table:
    """The page `page` of rows that are at hand in whole, in the order that `sort` asks for."""
    ways = [way for c in columns if c.sortable for way in (c.key, f"-{c.key}")]
    order = asked.choice("sort", ways)
    if order:
        key = order.removeprefix("-")
        known = sorted((r for r in rows if r.get(key) is not None), key=lambda r: r[key], reverse=order[0] == "-")
        rows = known + [r for r in rows if r.get(key) is None]
    number = asked.whole("page", 1, 1, 1_000_000) or 1
    shown = rows[ROWS * (number - 1) : ROWS * number]
    return Table(columns, shown, total=len(rows), page=number, every=lambda: rows, **more)
