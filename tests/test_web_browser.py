"""Every page in a real browser: nothing goes wrong on it, it is laid out, and a checker finds no serious fault for those who
cannot see or cannot use a mouse. Pictures of all pages are kept in `build/pages`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import serving, settled
from crawl import crawl
from importing import COLUMNS
from starlette.testclient import TestClient

from drivebelt.results import Run
from drivebelt.web.app import application
from drivebelt.web.library import Library

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PICTURES = Path(__file__).parents[1] / "build" / "pages"
SIZES = ((1280, 800), (1920, 1080))
_TORN = """() => [...document.querySelectorAll('main table')].filter((t) => t.tHead && t.tBodies[0] && t.offsetParent
  && Math.abs(t.tHead.getBoundingClientRect().width - t.tBodies[0].getBoundingClientRect().width) > 2)
  .map((t) => t.id || t.className)"""
"""Tables whose head and body are laid out apart from each other."""
_OF_COLOURS = ("color-contrast", "link-in-text-block")
_MARKED = "() => document.querySelectorAll('header nav a[aria-current]').length"
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: install the package chromium to test pages in a browser"
)


def _named(route: str) -> str:
    """What the picture of a page is called: `home`, `mechanism`, `matters`, `matter-one`, `room-documents` ..."""
    words = [part for part in route.split("/") if part and part[0] != "{" and part != "run"]
    if not words:
        return "mechanism" if route.endswith("}") else "home"
    return "-".join([*words, *(["one"] if route.endswith("}") else [])])


@pytest.fixture(scope="module")
def served(first_year: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a server, and an address for every page."""
    library = Library([first_year.path], tmp_path_factory.mktemp("workshop"))
    with TestClient(application(library), base_url="http://127.0.0.1") as client:
        made = client.post(f"/run/{first_year.path.name}/room", data={"regime": "purge-1937", "share": "10"}).url.path
        asked, brought = (client.post("/own", data={"example": "1"}, files={"none": b""}).url.path for _ in range(2))
        settled(client, brought)
        client.post(brought, data=COLUMNS, files={"none": b""})
        for address in (made, asked, brought):
            settled(client, address)
        pages = crawl(client) | crawl(client, made) | crawl(client, brought) | {"/own/{upload}/columns": asked}
        pages["/evidence/all"] = "/evidence"  # the first link to it has a filter, and without one the page is another
    with serving(library) as home:
        yield home, pages


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_page_fits_and_has_no_serious_fault(
    served: tuple[str, dict[str, str]], browser: Any, width: int, height: int
) -> None:
    """The checker reads each page at the first size: by all its rules, then with dark colours by those that look at colours."""
    home, pages = served
    PICTURES.mkdir(parents=True, exist_ok=True)
    assert len({_named(route) for route in pages}) == len(pages)
    found: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light", reduced_motion="reduce")
    page = context.new_page()
    page.on("console", lambda message: found.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    for route, address in pages.items():
        page.goto(home + address, wait_until="load")
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, f"{route}: {beyond} pixels too wide"
        assert page.evaluate(_TORN) == [], f"{route}: the head of a table does not stand over its columns"
        assert page.evaluate(_MARKED) <= 1, f"{route}: more than one part of the bar is marked"
        page.screenshot(path=str(PICTURES / f"{_named(route)}-{width}.png"))
        if (width, height) == SIZES[0]:
            found += [f"{route}: {fault}" for fault in _faults(page)]
            page.emulate_media(color_scheme="dark")
            found += [f"{route}, dark: {fault}" for fault in _faults(page, *_OF_COLOURS)]
            page.emulate_media(color_scheme="light")
    context.close()
    assert not found, "\n".join(found)


def _faults(page: Any, *rules: str) -> list[str]:
    """Serious faults that the checker finds, by some of its rules or all."""
    from axe_playwright_python.sync_playwright import Axe

    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    faults = Axe().run(page, options={"resultTypes": ["violations"], **only}).response["violations"]
    serious = [fault for fault in faults if fault["impact"] in ("serious", "critical")]
    return [f"{fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:160]}" for fault in serious]


def test_the_checker_sees_faults_of_colour_in_the_dark(browser: Any) -> None:
    """Words that can be read by day and not by night: what the colours of a page are tested with finds them."""
    page = browser.new_page(color_scheme="light")
    page.set_content(
        "<html lang=en><title>t</title><style>:root{color-scheme:light dark}body{background:light-dark(white,black);color:#222}"
        "</style><main><h1>t</h1><p>words</p></main>"
    )
    assert _faults(page, *_OF_COLOURS) == []
    page.emulate_media(color_scheme="dark")
    assert any(fault.startswith("color-contrast") for fault in _faults(page, *_OF_COLOURS))
    page.close()


def test_without_scripts_the_pages_still_answer(served: tuple[str, dict[str, str]], browser: Any) -> None:
    home, pages = served
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}{pages['/run/{run}/matters']}")
    page.fill("input[name=q]", "grain")
    page.click("form.ask button")
    assert "q=grain" in page.url and "grain" in page.inner_text("tbody")
    page.click("tbody a")
    assert "/matter/" in page.url
    context.close()


def test_keys_lead_to_pages(served: tuple[str, dict[str, str]], browser: Any) -> None:
    home, _ = served
    page = browser.new_page()
    page.goto(home)
    for key, part in (("q", "/matters"), ("e", "/evidence"), ("?", "/keys")):
        page.keyboard.press(key)
        page.wait_for_url(f"**{part}*")
    page.goto(f"{home}/run/{'run'}/matters")
    page.keyboard.press("t")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.close()
