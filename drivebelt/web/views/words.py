"""The glossary, and the keys."""

from __future__ import annotations

from drivebelt.web.asked import Asked
from drivebelt.web.html import NAVIGATION
from drivebelt.web.page import Page, Route


def keys(asked: Asked) -> Page:
    """What can be reached by key."""
    rows = [{"key": key, "does": f"go to: {title}"} for title, _, key in NAVIGATION]
    more = (
        ("/", "search on this page"),
        ("← and →", "page back and on"),
        (".", "play or pause: a question on its way, a directive on the map"),
        ("t", "light or dark"),
        ("Esc", "leave a field"),
        ("?", "this list"),
    )
    return Page("keys.html.j2", "Keys", {"keys": rows + [{"key": key, "does": does} for key, does in more]})


ROUTES = (Route("/keys", keys),)
