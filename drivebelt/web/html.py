"""Pages as HTML: templates, the words they need, and the frame around every page."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from urllib.parse import unquote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from drivebelt import __version__
from drivebelt.report.drawing import Drawn
from drivebelt.report.words import LEVEL_NAMES, number
from drivebelt.telling.words import day, span, the
from drivebelt.web.asked import Asked, link
from drivebelt.web.drawing.journey import sign
from drivebelt.web.library import Library
from drivebelt.web.naming import named
from drivebelt.web.page import Chart, Column, Page, Row
from drivebelt.web.wording import marked, word

# Title, part of the address after the run (or a whole address), key that leads there.
NAVIGATION = (
    ("The mechanism", "", "m"),
    ("Cases", "cases", "c"),
    ("Questions", "matters", "q"),
    ("Map", "map", "p"),
    ("Bodies and people", "bodies", "b"),
    ("Measures", "measures", "i"),
    ("Evidence", "/evidence", "e"),
    ("Archive room", "room", "a"),
    ("Own data", "/own", "o"),
    ("Words", "/words", "w"),
)


class Html:
    """Writes pages as HTML."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._environment = Environment(
            loader=PackageLoader("drivebelt.web", "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
            undefined=StrictUndefined,
        )  # fmt: skip
        self._environment.filters.update(
            day=_day,
            begun=_begun,
            dated=_dated,
            number=number,
            words=named,
            the=the,
            level=lambda x: LEVEL_NAMES.get(x, x),
            text=_cell,
            marked=marked,
        )
        self._environment.tests["date"] = lambda value: isinstance(value, date)
        self._environment.globals.update(link=link, span=span, sign=_sign, cell_of=_shown, version=__version__, word=word)

    def templates(self) -> list[str]:
        """The names of all templates."""
        return self._environment.list_templates()

    def template(self, name: str) -> Template:
        """A template by its name, compiled when first asked for."""
        return self._environment.get_template(name)

    def page(self, asked: Asked, page: Page) -> str:
        """The whole page."""
        name = self._run_name(asked)
        return self.template(page.template).render(
            page=page, asked=asked, figure=self._figure, sorting=_sorting, run_name=name, run_info=self._run_info(asked, name),
            shelf=self.library.shelf(), current=partial(_current, asked, page),
            navigation=[(title, _target(to, name), key) for title, to, key in NAVIGATION],
            **page.content,
        )  # fmt: skip

    def _run_name(self, asked: Asked) -> str | None:
        try:
            return asked.shelf_name
        except Exception:  # no run yet: the frame is drawn without one
            return None

    def _run_info(self, asked: Asked, name: str | None) -> dict[str, Any] | None:
        try:
            return self.library.run(name).info if name else None
        except Exception:  # a damaged run: its card says so
            return None

    def _figure(self, chart: Chart) -> dict[str, Any]:
        """A figure for the template: its SVG and words, or why there is none."""
        from drivebelt.web.app import draw

        made = draw(self.library, chart)
        if isinstance(made, Drawn):
            # A picture with links in it is a group to those who hear it: the parts of an image cannot be reached.
            role = "group" if "<a " in made.svg else "img"
            return {"svg": Markup(made.svg), "role": role, "alt": made.alt, "caption": made.caption, "nothing": None}
        return {"nothing": made}


def _current(asked: Asked, page: Page, to: str) -> str:
    """Whether a part of the bar is this page ("page"), or the part to which it belongs ("true"): a reader sees where he is."""
    place = unquote(to.partition("?")[0])
    if asked.address == place:
        return "page"
    if place.startswith("/run/") and place.count("/") == len(("run", "name")):  # the mechanism, over all pages of its run
        return "true" if asked.address == "/" else ""
    above = unquote(page.trail[0][1].partition("?")[0]) if page.trail else ""
    return "true" if asked.address.startswith(f"{place}/") or above.rpartition("/")[2] == place.rpartition("/")[2] else ""


def _target(to: str, name: str | None) -> str:
    if to.startswith("/"):
        return f"{to}?run={name}" if name else to
    return link("run", name, *([to] if to else ())) if name else "/"


def _sorting(asked: Asked, key: str) -> tuple[str, str]:
    """How a table is ordered by a column now ("ascending", "descending", "none"), and the address that orders it anew."""
    now = asked.query.get("sort", "")
    state = "ascending" if now == key else "descending" if now == f"-{key}" else "none"
    return state, asked.here(sort=f"-{key}" if state == "ascending" else key, page=None)


def _sign(mark: str) -> Markup:
    return Markup(sign(mark))


def _day(value: date | str | None, unknown: str = "-") -> str:
    return f"{day(date.fromisoformat(value) if isinstance(value, str) else value)}" if value else unknown


_PARTS = ("%Y", "%b %Y")


def _dated(text: str) -> str:
    """A documented date, which may be a year, a month, a day, or two of them with a stroke between."""
    told = []
    for part in text.split("/"):
        known = part.split("-")
        try:
            on = date(*[*map(int, known), 1, 1][:3])
        except ValueError:
            return text
        told.append(day(on) if len(known) > len(_PARTS) else f"{on:{_PARTS[len(known) - 1]}}")
    return " to ".join(told)


def _begun(text: str) -> str:
    """A text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def _shown(column: Column, row: Row) -> str:
    """A cell of a table."""
    value = row[column.key]
    return column.told(value) if column.told and value is not None else _cell(value)


def _cell(value: Any) -> str:
    """A value as it stands in a table."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, (int, float)):
        return number(value)
    return str(value)
