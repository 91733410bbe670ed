"""Takes the pictures of docs/guide.md and of the README from a served run, in headless Chromium.

python docs/make_guide.py runs/default
"""

from __future__ import annotations

import io
import shutil
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image
from playwright.sync_api import sync_playwright

from drivebelt.web.app import application
from drivebelt.web.library import Library

OUT = Path(__file__).parent / "pages"
COLOURS = 96
"""Colours of a picture: few, so that it weighs little."""
EXAMPLE = {
    "paper": "id", "date": "sent on", "issuer": "from", "recipients": "to", "subject": "subject", "reply_to": "answers",
    "text": "text", "date_format": "%d/%m/%Y",
}  # fmt: skip
LIMIT_PRICES = "select min(matter) as m from episodes where episode = 'limit-prices'"


def pictures(library: Library) -> dict[str, tuple[str, str]]:
    """Name of a picture -> address, and what has to be in sight."""
    run = f"/run/{library.first()}"
    matter = library.run(library.first()).rows(LIMIT_PRICES)[0]["m"]
    paper = library.run(library.first()).rows(
        "select min(document) as d from documents d join organs o on o.organ = issuer "
        "where matter = ? and d.kind = 'decree' and o.level = 'centre'", [matter],
    )[0]["d"]  # fmt: skip
    return {
        "home": ("/", "h1"), "questions": (f"{run}/matters?only=masked&q=price", "h1"),
        "journey": (f"{run}/matter/{matter}", "h1"), "lanes": (f"{run}/matter/{matter}", "figure.chart"),
        "document": (f"{run}/document/{paper}", "h1"), "case": (f"{run}/case/lenin-draft", "h1"),
        "map": (f"{run}/map?day=20", "figure.chart"), "bodies": (f"{run}/bodies?at=1925-08-01", "figure.chart"),
        "person": (f"{run}/person/1?show=knew&at=1926-01-01", "h1"), "measures": (f"{run}/measures", "h1"),
        "measure": (f"{run}/measure/votes-against", "h1"), "evidence": ("/evidence?q=burn", "h1"),
        "rules": ("/rules?at=1924-09-01", "h1"), "room": (f"{run}/room", "h1"), "words": ("/words", "h1"),
        "experiments": ("/experiments", "h1"),
    }  # fmt: skip


def serve(app: Any) -> tuple[uvicorn.Server, str]:
    """The application in a thread, and its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return server, f"http://127.0.0.1:{listener.getsockname()[1]}"


def take(page: Any, name: str, sight: str) -> None:
    """One picture of what is to be seen, in few colours."""
    page.locator(sight).first.evaluate("x => { if (x.tagName !== 'H1') scrollTo(0, x.getBoundingClientRect().top - 66) }")
    page.wait_for_timeout(150)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(OUT / f"{name}.png", optimize=True)
    print(f"{name}: {(OUT / f'{name}.png').stat().st_size:,} bytes", flush=True)


def main(run: Path, workshop: Path) -> None:
    """All pictures."""
    OUT.mkdir(exist_ok=True)
    library = Library([run], workshop)
    server, home = serve(application(library))
    browser_at = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_at, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light").new_page()
        page.set_default_timeout(120_000)
        page.goto(home)
        for address in ("/", f"/run/{library.first()}/matters?only=masked", f"/run/{library.first()}/bodies"):
            page.goto(home + address)  # what is counted in the background is there for the pictures
        page.wait_for_timeout(20_000)
        for name, (address, sight) in pictures(library).items():
            page.goto(home + address)
            take(page, name, sight)
        page.goto(f"{home}/own")
        page.click("text=Take the made example")
        page.wait_for_selector("select[name=issuer]")
        for field, value in EXAMPLE.items():
            where = f"[name={field}]"
            (page.fill if field == "date_format" else page.select_option)(where, value)
        take(page, "own-columns", "h1")
        page.click("text=Read and reconstruct")
        page.wait_for_selector("text=What was understood")
        take(page, "own", "h1")
        browser.close()
    server.should_exit = True
    library.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path("build") / "guide")
