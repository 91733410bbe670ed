"""Pages as HTML: templates, the words they need, and the frame around every page."""

from __future__ import annotations

from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from drivebelt import __version__
from drivebelt.report.drawing import Drawn
from drivebelt.report.words import LEVEL_NAMES, number
from drivebelt.telling import day, span, the
from drivebelt.web.asked import Asked, link
from drivebelt.web.drawing.journey import sign
from drivebelt.web.library import Library
from drivebelt.web.page import Chart, Page
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
            number=number,
            words=_words,
            the=the,
            level=lambda x: LEVEL_NAMES.get(x, x),
            text=_cell,
            marked=marked,
        )
        self._environment.globals.update(link=link, span=span, sign=_sign, version=__version__, word=word)

    def page(self, asked: Asked, page: Page) -> str:
        """The whole page."""
        name = self._run_name(asked)
        return self._environment.get_template(page.template).render(
            page=page, asked=asked, figure=self._figure, sorting=_sorting, run_name=name, run_info=self._run_info(asked, name),
            shelf=self.library.shelf(), navigation=[(title, _target(to, name), key) for title, to, key in NAVIGATION],
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


def _words(value: str | None) -> str:
    """A name of records as words."""
    return (value or "-").replace("-", " ").replace("_", " ")


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
