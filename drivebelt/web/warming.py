"""What the first readers would wait for, done as soon as the server stands: the first page, templates, pictures, long lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette


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


def _picture() -> None:
    """The first figure that matplotlib draws takes it twice as long as any other."""
    from drivebelt.web.drawing import months

    months.papers([{"month": date(1923, 1, 1), "came": 1, "went": 1}], "the first picture")


def _lists() -> tuple[Callable[[], object], ...]:
    from drivebelt.web import catalogue, uses

    return catalogue.facts, uses.readers
