"""What holds of every page: a link leads there, it has a twin, it weighs little, its tables and figures have files."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from crawl import crawl
from starlette.testclient import TestClient

from drivebelt import records
from drivebelt.results import Run
from drivebelt.web.library import Library
from drivebelt.web.views import ROUTES

HEAVIEST = 400_000
"""Bytes of a page, all that it loads included."""
NEED_MORE = {r.address for r in ROUTES if r.address.startswith(("/own/{name}", "/run/{run}/room/{archive}"))}
"""Pages that a link leads to only after something was sent."""


@pytest.fixture(scope="module")
def library(first_year: Run, small: Run) -> Library:
    return Library([first_year.path, small.path])


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


def test_the_bar_says_to_which_part_a_page_belongs(client: TestClient, pages: dict[str, str]) -> None:
    """A reader on the card of a paper sees that it is one of the questions; keys and the like belong to no part."""
    parts = {
        "/run/{run}/matter/{matter}": "Questions", "/run/{run}/document/{document}": "Questions",
        "/run/{run}/act/{act}": "Questions",
        "/run/{run}/person/{person}": "Bodies and people", "/run/{run}/post/{post}": "Bodies and people", "/rule/{id}": "Evidence",
        "/run/{run}/measure/{name}": "Measures", "/experiments": "Measures", "/run/{run}/case/{name}": "Cases",
        "/": "The mechanism",
        "/evidence/{id}": "Evidence", "/mechanism/{name}": "Evidence", "/run/{run}/map": "Map", "/keys": None,
    }  # fmt: skip
    for route, part in parts.items():
        bar = client.get(pages[route]).text.partition("</header>")[0]
        assert re.findall(r"aria-current=[^>]*>([^<]*)<", bar) == ([part] if part else []), route


def test_no_table_shows_names_of_records(client: TestClient, pages: dict[str, str]) -> None:
    """Kinds, grades and levels stand on the page in words, in its files as in the records."""
    names = {x for x in (*records.ACT_KINDS, *records.DOCUMENT_KINDS, *records.GRADES, *records.CHANNELS) if "-" in x}
    for route, address in pages.items():
        if route.startswith("/run/"):
            cells = set(re.findall(r"<td[^>]*>(?:<a [^>]*>)?([^<]*)<", client.get(address).text))
            assert not cells & names, route


def test_every_page_answers_heads_and_nonsense(client: TestClient, pages: dict[str, str]) -> None:
    for address in pages.values():
        assert client.head(address).status_code == 200
        mark = "&" if "?" in address else "?"
        for query in ("at=yesterday", "page=-1", "sort=nothing", "matter=x", "day=x", "q=%00%27%22%3C%2Fscript%3E"):
            answer = client.get(f"{address}{mark}{query}")
            assert answer.status_code in (200, 400, 404), f"{address}{mark}{query}: {answer.status_code}"
            assert "Traceback" not in answer.text and "\x00" not in answer.text and '"</script>' not in answer.text
