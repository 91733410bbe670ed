"""The application: addresses, forms, faults and what keeps strangers out."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import date
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from drivebelt.errors import BadInput, DrivebeltError
from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.web import figures
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.html import Html
from drivebelt.web.library import Library
from drivebelt.web.page import Chart, Page, View
from drivebelt.web.uploads import LARGEST, Sent
from drivebelt.web.views import ROUTES

FORMS = ("json", "csv", "svg", "png")
"""Ends of an address that ask for another form than HTML."""
_HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
}
COOKIE = "drivebelt-token"

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]


def application(library: Library, *, hosts: tuple[str, ...] = ("127.0.0.1", "localhost"), token: str | None = None) -> Starlette:
    """The web application over a shelf of runs.

    `hosts` are the names under which it answers ("*" for any): a page elsewhere cannot reach it under a name of its own. With a
    `token` every request must bring it, once as `?token=`, from then on in a cookie.
    """
    html = Html(library)
    routes = [Route(r.address, _endpoint(library, html, r.view), methods=["GET"]) for r in ROUTES]
    routes += [Route(r.address, _receiver(library, html, r.sent), methods=["POST"]) for r in ROUTES if r.sent]
    routes.append(Mount("/static", StaticFiles(directory=_HERE / "static")))  # type: ignore[arg-type]
    guards = [Middleware(_Guard, hosts=hosts, token=token), Middleware(_Forms)]
    app = Starlette(routes=routes, middleware=guards, exception_handlers={404: _nothing_here(html, library)})
    app.state.library = library
    return app


def _endpoint(library: Library, html: Html, view: View) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        asked = Asked(library, request.url.path, dict(request.path_params), dict(request.query_params))
        return await run_in_threadpool(respond, html, asked, view, request.scope.get("form", "html"))

    return answer


def _receiver(library: Library, html: Html, sent: Callable[[Asked, Sent], str]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        asked = Asked(library, request.url.path, dict(request.path_params), dict(request.query_params))
        try:
            async with request.form(max_files=1, max_fields=80, max_part_size=1 << 16) as form:
                fields = {name: value for name, value in form.items() if isinstance(value, str)}
                file = next((value for value in form.values() if isinstance(value, UploadFile)), None)
                what = Sent(fields, file.file if file else None, (file.filename or "") if file else "")
                return RedirectResponse(await run_in_threadpool(sent, asked, what), 303)
        except TooLarge:
            why = f"the file is larger than {LARGEST >> 20} MiB; divide it, or use `drivebelt import`"
            return _fault(html, asked, "html", 413, "Too large", why)
        except NotThere as why:
            return _fault(html, asked, "html", 404, "Nothing stands here", str(why))
        except (BadInput, HTTPException) as why:
            said = why.detail if isinstance(why, HTTPException) else str(why)
            return _fault(html, asked, "html", 400, "This cannot be taken", said)

    return answer


def respond(html: Html, asked: Asked, view: View, form: str) -> Response:
    """The answer of a view in a form; what it raises becomes a card that says what is wrong and how to go on."""
    try:
        page = view(asked)
        return _written(html, asked, page, form)
    except NotThere as why:
        return _fault(html, asked, form, 404, "Nothing stands here", str(why))
    except BadInput as why:
        return _fault(html, asked, form, 400, "This cannot be answered", str(why))
    except DrivebeltError as why:
        return _fault(html, asked, form, 422, "This run cannot be read", str(why))
    except Exception as why:
        text = f"A fault of Drivebelt itself ({type(why).__name__}: {why}). Please report it with the address of this page."
        return _fault(html, asked, form, 500, "Something broke", text)


def _written(html: Html, asked: Asked, page: Page, form: str) -> Response:
    match form:
        case "json":
            return _json(twin(page), page.status)
        case "csv":
            name = asked.choice("table", tuple(page.tables)) or next(iter(page.tables), "")
            if not name:
                raise NotThere("this page has no table")
            return _file(page.tables[name].csv().encode(), "text/csv; charset=utf-8", f"{name}.csv")
        case "svg" | "png":
            name = asked.choice("figure", tuple(page.charts)) or next(iter(page.charts), "")
            if not name:
                raise NotThere("this page has no figure")
            made = draw(asked.library, page.charts[name])
            if isinstance(made, str):
                raise NotThere(made)
            if form == "svg":
                return _file(figures.standalone(made).encode(), "image/svg+xml", f"{name}.svg")
            return _file(figures.png(made), "image/png", f"{name}.png")
    return HTMLResponse(html.page(asked, page), page.status)


def draw(library: Library, chart: Chart) -> Drawn | str:
    """A figure, drawn once and kept; where there is nothing to draw, why."""

    def make() -> Drawn | str:
        try:
            return chart.make()
        except Nothing as why:
            return str(why)

    return library.drawn(chart.key, make)


def twin(page: Page) -> dict[str, Any]:
    """A page for a machine."""
    tables = {
        name: {
            "columns": [{"key": c.key, "title": c.title} for c in t.columns], "rows": list(t.rows), "page": t.page,
            "pages": t.pages, "total": len(t.rows) if t.total is None else t.total,
        }
        for name, t in page.tables.items()
    }  # fmt: skip
    return {"title": page.title, **page.content, "tables": tables, "figures": list(page.charts)}


def _json(content: Any, status: int = 200) -> Response:
    text = json.dumps(content, default=_plain, ensure_ascii=False, indent=1)
    return Response(text, status, media_type="application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if hasattr(value, "as_dict"):
        return value.as_dict()
    return str(value)


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'inline; filename="{name}"'})


def _fault(html: Html, asked: Asked, form: str, status: int, title: str, why: str) -> Response:
    if form == "json":
        return _json({"title": title, "error": why}, status)
    if form != "html":
        return PlainTextResponse(f"{title}: {why}\n", status)
    return HTMLResponse(html.page(asked, Page("fault.html.j2", title, {"why": why}, status=status)), status)


def _nothing_here(html: Html, library: Library) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, why: Exception) -> Response:
        asked = Asked(library, request.url.path)
        return _fault(html, asked, request.scope.get("form", "html"), 404, "Nothing stands here", "no page has this address")

    return answer


class _Forms:
    """Takes the form off the end of an address, so that routes know pages only."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        stem, _, end = path.rpartition(".")
        if scope["type"] == "http" and end in FORMS and not path.startswith("/static/"):
            stem = "/" if stem == "/index" else stem
            scope = {**scope, "path": stem, "raw_path": stem.encode(), "form": end}
        await self.app(scope, receive, send)


class TooLarge(Exception):
    """More came in than a page takes."""


def _measured(receive: Any) -> Any:
    """Breaks off where more comes in than a file and its form may hold, whatever the request says of its length."""
    left = LARGEST + (1 << 20)

    async def measured() -> Any:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLarge
        return message

    return measured


class _Guard:
    """Answers under known names only, to those with the token, to forms of its own pages; and sets the headers of every answer."""

    def __init__(self, app: App, hosts: tuple[str, ...], token: str | None) -> None:
        self.app, self.hosts, self.token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                known = {name for name, _ in message["headers"]}
                more = [(k.encode(), v.encode()) for k, v in _HEADERS.items() if k.encode() not in known]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        refused = self._refused(Request(scope))
        await (refused or self.app)(scope, _measured(receive), with_headers)

    def _refused(self, request: Request) -> Response | None:
        name = request.headers.get("host", "").rsplit(":", 1)[0].strip("[]")
        if "*" not in self.hosts and name not in self.hosts:
            return PlainTextResponse("This address is not served here.\n", 421)
        origin = request.headers.get("origin")
        if request.method not in ("GET", "HEAD") and origin and origin.partition("://")[2] != request.headers.get("host"):
            return PlainTextResponse("A form of another site is not accepted.\n", 403)
        if self.token is None:
            return None
        given = request.query_params.get("token")
        if given is not None and secrets.compare_digest(given.encode(), self.token.encode()):
            kept = request.url.remove_query_params("token")
            answer = RedirectResponse(kept.path + (f"?{kept.query}" if kept.query else ""), 303)
            answer.set_cookie(COOKIE, self.token, httponly=True, samesite="strict")
            return answer
        if not secrets.compare_digest(request.cookies.get(COOKIE, "").encode(), self.token.encode()):
            return PlainTextResponse("A token is wanted: open the address that `drivebelt serve` printed.\n", 401)
        return None
