"""Finds one address for every page by following links from the first, as a reader would."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from starlette.routing import Match, Route
from starlette.testclient import TestClient

from drivebelt.web.app import FORMS
from drivebelt.web.views import ROUTES

_LINK = re.compile(r'<(?:a|A)\b[^>]*?\bhref="([^"#]*)')


def crawl(client: TestClient, start: str = "/") -> dict[str, str]:
    """Route -> the first address of it that a link leads to. Answers other than 200 fail the search."""
    routes = [Route(r.address, lambda request: None) for r in ROUTES]
    found: dict[str, str] = {which(routes, start) or start: start}
    waiting = [start]
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        for target in map(unescape, _LINK.findall(answer.text)):
            if not target.startswith("/") or urlsplit(target).path.rsplit(".")[-1] in FORMS:
                continue
            route = which(routes, target)
            if route is not None and route not in found:
                found[route] = target
                waiting.append(target)
    return found


def which(routes: list[Route], address: str) -> str | None:
    """The route that answers an address."""
    scope = {"type": "http", "method": "GET", "path": urlsplit(address).path, "path_params": {}}
    return next((route.path for route in routes if route.matches(scope)[0] is Match.FULL), None)
