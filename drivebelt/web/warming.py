"""What the first readers would wait for, done as soon as the server stands: the first page, templates, pictures, long lists, and
the pages to which the bar leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from drivebelt.web.html import Html


def warm(app: Starlette) -> None:
    """Begins it in the background, step by step; whoever asks for one of these things meanwhile waits for it alone."""
    from drivebelt.web.app import respond
    from drivebelt.web.asked import Asked
    from drivebelt.web.views.home import home

    library, html = app.state.library, app.state.html
    library.begin(lambda: respond(html, Asked(library, "/"), home, "html"))
    for name in html.templates():
        library.begin(lambda name=name: html.template(name))
    for step in (_picture, *_lists()):
        library.begin(step)
    for part in ("matters", "bodies", "map", "cases", "measures", "people", "room"):
        library.begin(lambda part=part: _page(html, part))


def _page(html: Html, part: str) -> None:
    """One page of the bar, for the first run; not where the tables that it stands on would first have to be counted."""
    from drivebelt.web.app import respond
    from drivebelt.web.asked import Asked
    from drivebelt.web.tables import counted
    from drivebelt.web.views import ROUTES

    library = html.library
    if not library.shelf():
        return
    asked = Asked(library, f"/run/{library.first()}/{part}", {"run": library.first()})
    if counted(asked):
        respond(html, asked, next(route.view for route in ROUTES if route.address == f"/run/{{run}}/{part}"), "html")


def _picture() -> None:
    """The first figure that matplotlib draws takes it twice as long as any other."""
    from drivebelt.web.drawing import months

    months.papers([{"month": date(1923, 1, 1), "came": 1, "went": 1}], "the first picture")


def _lists() -> tuple[Callable[[], object], ...]:
    from drivebelt.web import catalogue, uses
    from drivebelt.web.room import choice

    return catalogue.facts, choice.regimes, uses.readers
