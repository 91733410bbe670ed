"""What holds of every page: a link leads there, it has a twin, it weighs little, its tables and figures have files."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from crawl import crawl
from starlette.testclient import TestClient

from drivebelt.results import Run
from drivebelt.web.app import application
from drivebelt.web.library import Library
from drivebelt.web.views import ROUTES

HEAVIEST = 400_000
"""Bytes of a page, all that it loads included."""
NEED_MORE = {r.address for r in ROUTES if r.address.startswith(("/own/{name}", "/run/{run}/room/{archive}"))}
"""Pages that a link leads to only after something was sent."""


@pytest.fixture(scope="module")
def client(first_year: Run, small: Run) -> Iterator[TestClient]:
    with TestClient(application(Library([first_year.path, small.path])), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture(scope="module")
def pages(client: TestClient) -> dict[str, str]:
    return crawl(client)


def test_links_lead_to_every_page(pages: dict[str, str]) -> None:
    assert {r.address for r in ROUTES} - NEED_MORE - set(pages) == set()


def test_every_page_is_whole(client: TestClient, pages: dict[str, str]) -> None:
    frame = sum(len(client.get(f"/static/{name}").content) for name in ("style.css", "page.js", "theme.js", "icon.svg"))
    for address in pages.values():
        text = client.get(address).text
        assert text.count("<h1") == 1 and "</html>" in text, address
        assert len(text.encode()) + frame < HEAVIEST, address
        for wrong in ("Undefined", "None</", "nan</", ">None<", "datetime.date"):
            assert wrong not in text, f"{address}: {wrong}"


def test_every_page_has_a_twin_with_its_tables_and_figures(client: TestClient, pages: dict[str, str]) -> None:
    for address in pages.values():
        path, _, query = address.partition("?")
        stem, mark = "/index" if path == "/" else path, "&" if query else ""
        twin = client.get(f"{stem}.json?{query}")
        assert twin.status_code == 200 and twin.headers["content-type"] == "application/json", address
        for name, table in twin.json()["tables"].items():
            csv = client.get(f"{stem}.csv?{query}{mark}table={name}")
            assert csv.status_code == 200, f"{address}: {name}"
            assert csv.text.splitlines()[0].count(",") >= len(table["columns"]) - 1
        for name in twin.json()["figures"]:
            svg = client.get(f"{stem}.svg?{query}{mark}figure={name}")
            if svg.status_code == 404:  # nothing to draw: the page says why
                continue
            root = ET.fromstring(svg.text)
            assert root.tag.endswith("svg") and "var(--" not in svg.text, f"{address}: {name}"
            png = client.get(f"{stem}.png?{query}{mark}figure={name}")
            assert png.content[:8] == b"\x89PNG\r\n\x1a\n", f"{address}: {name}"


def test_every_page_answers_heads_and_nonsense(client: TestClient, pages: dict[str, str]) -> None:
    for address in pages.values():
        assert client.head(address).status_code == 200
        mark = "&" if "?" in address else "?"
        for query in ("at=yesterday", "page=-1", "sort=nothing", "matter=x", "day=x", "q=%00%27%22%3C%2Fscript%3E"):
            answer = client.get(f"{address}{mark}{query}")
            assert answer.status_code in (200, 400, 404), f"{address}{mark}{query}: {answer.status_code}"
            assert "Traceback" not in answer.text and "\x00" not in answer.text and '"</script>' not in answer.text
