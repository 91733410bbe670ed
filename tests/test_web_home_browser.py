"""What scripts add to the mechanism and the map, in a real browser: steps by key, a film, sliders that answer at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import serving

from drivebelt.results import Run
from drivebelt.web.library import Library

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: install the package chromium to test pages in a browser"
)


@pytest.fixture(scope="module")
def page(small: Run) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with serving(Library([small.path])) as home, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(base_url=home, reduced_motion="reduce")
        page.set_default_timeout(10_000)
        yield page
        browser.close()


def test_steps_by_key_and_as_a_film(page: Any) -> None:
    page.goto("/run/run")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.url.endswith("step=2") and page.locator("ol.steps [aria-current]").get_attribute("data-step") == "2"
    assert page.locator('g.step[data-step="3"]').first.get_attribute("opacity") == ".12"
    page.keyboard.press("ArrowLeft")
    assert page.url.endswith("step=1")
    page.keyboard.press(".")
    page.wait_for_url("**step=2")
    assert "Pause" in page.locator(".play").inner_text()
    page.keyboard.press(".")
    assert "Play" in page.locator(".play").inner_text()


def test_the_steps_stand_in_two_columns_that_fit(page: Any) -> None:
    page.goto("/run/run")
    boxes = page.evaluate("[...document.querySelectorAll('ol.steps li')].map((x) => [x.offsetLeft, x.offsetWidth])")
    assert len(boxes) > 4 and len({left for left, _ in boxes}) <= 2 and min(wide for _, wide in boxes) > 300
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_timeline_changes_the_picture_in_place(page: Any) -> None:
    page.goto("/run/run")
    page.evaluate("window.same = true")
    page.locator("input.months").fill("7")
    page.wait_for_url("**at=1925-01-15")
    assert page.locator("#layers-title").inner_text().startswith("15 Jan 1925")
    page.keyboard.press("Escape")
    page.locator("[data-month='1']").click()
    page.wait_for_url("**at=1925-02-15")
    assert page.evaluate("window.same") is True


def test_the_map_fills_as_days_go_by(page: Any) -> None:
    page.goto("/run/run/map?day=0")
    before = page.locator('use[data-lag][fill="none"]').count()
    page.locator("input[name=day]").fill("20")
    after = page.locator('use[data-lag][fill="none"]').count()
    late = page.evaluate("[...document.querySelectorAll('use[data-lag]')].filter((s) => Number(s.dataset.lag) > 20).length")
    assert before > after == late
    page.wait_for_url("**day=20")
    twin = page.request.get(page.url.replace("/map?", "/map.json?")).json()
    share = next(s["share"] for s in twin["shares"] if s["level"] == "provinces")
    page.wait_for_function(f"document.querySelector('.saying').textContent.includes('{round(100 * share)} per cent of provinces')")
