"""Speed of the page on a full-scale run: first view, 200 scripted interactions in headless Chromium, ten readers at once, memory.

    python benchmarks/page.py RUN [--interactions 200] [--readers 10] [--out FILE]

The server is a process of its own, started cold; the browser's cache is off. A view's time is what the browser says: from the
navigation to the end of loading, all that the page loads included. The script of interactions is drawn with a fixed seed from the
links that a reader sees, so that every kind of page comes up.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.routing import Match, Route

from drivebelt.web.app import FORMS
from drivebelt.web.views import ROUTES

SEED = 7
_TIMES = """() => {
  const n = performance.getEntriesByType('navigation')[0];
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return {load: n.loadEventEnd - n.startTime, answer: n.responseEnd - n.startTime, paint: paint ? paint.startTime : null};
}"""
_LINKS = """() => [...document.querySelectorAll('main a[href^="/"], header nav a')].map(a => a.getAttribute('href'))"""


def start(run: Path) -> tuple[subprocess.Popen[str], str]:
    """A server of its own, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "drivebelt.cli", "serve", str(run), "--port", str(port)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    return server, server.stdout.readline().strip().rstrip("/")


def memory(pid: int) -> tuple[float, float]:
    """Resident memory of a process now and at most, in MiB."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return tuple(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]


def route_of(routes: list[Route], address: str) -> str:
    """The route that answers an address; "none" for files, and for what begins work."""
    if urlsplit(address).path.rsplit(".")[-1] in FORMS or "make=" in address:
        return "none"
    scope = {"type": "http", "method": "GET", "path": urlsplit(address).path, "path_params": {}}
    return next((route.path for route in routes if route.matches(scope)[0] is Match.FULL), "none")


def wander(page: Any, home: str, interactions: int) -> list[tuple[str, str, float]]:
    """Follows links: kinds of pages seen least come first, among those of one kind chance decides. (route, address, seconds)."""
    chance, routes = random.Random(SEED), [Route(r.address, lambda request: None) for r in ROUTES]
    seen: dict[str, int] = defaultdict(int)
    visited: set[str] = set()
    told: list[tuple[str, str, float]] = []
    links = page.evaluate(_LINKS)
    for _ in range(interactions):
        open_to = sorted({x for x in links if x not in visited and route_of(routes, x) != "none"})
        if not open_to:
            page.goto(home, wait_until="load")
            links = page.evaluate(_LINKS)
            open_to = sorted({x for x in links if route_of(routes, x) != "none"})
        fewest = min(seen[route_of(routes, x)] for x in open_to)
        address = chance.choice([x for x in open_to if seen[route_of(routes, x)] == fewest])
        visited.add(address)
        page.goto(home + address, wait_until="load")
        seen[route_of(routes, address)] += 1
        told.append((route_of(routes, address), address, page.evaluate(_TIMES)["load"] / 1000))
        links = page.evaluate(_LINKS)
    return told


def together(home: str, addresses: list[str], readers: int) -> list[float]:
    """Seconds of answers when several readers ask at once, each for the addresses in an order of his own."""

    def reads(number: int) -> list[float]:
        mine = addresses.copy()
        random.Random(number).shuffle(mine)
        out = []
        for address in mine:
            began = time.perf_counter()
            with urllib.request.urlopen(home + address, timeout=60) as answer:
                answer.read()
            out.append(time.perf_counter() - began)
        return out

    with ThreadPoolExecutor(readers) as pool:
        return [seconds for told in pool.map(reads, range(readers)) for seconds in told]


def centile(values: list[float], share: float) -> float:
    """A centile of some values."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def main() -> None:
    """Runs the benchmark and prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--interactions", type=int, default=200)
    parser.add_argument("--readers", type=int, default=10)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    browser_at = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    server, home = start(given.run)
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=browser_at, args=["--no-sandbox"])
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            page.goto(home, wait_until="load")
            first = page.evaluate(_TIMES)
            told = wander(page, home, given.interactions)
            browser.close()
        seconds = [s for _, _, s in told]
        kinds: dict[str, list[float]] = defaultdict(list)
        for route, _, s in told:
            kinds[route].append(s)
        crowd = together(home, sorted({a for _, a, _ in told})[:40], given.readers)
        now, most = memory(server.pid)
    finally:
        server.terminate()
        server.wait(10)
    result = {
        "first_view_s": first["load"] / 1000, "first_paint_s": (first["paint"] or 0) / 1000, "interactions": len(seconds),
        "median_s": statistics.median(seconds), "p95_s": centile(seconds, 0.95), "slowest_s": max(seconds),
        "readers": given.readers, "readers_median_s": statistics.median(crowd), "readers_p95_s": centile(crowd, 0.95),
        "server_mib": now, "server_most_mib": most,
        "kinds": {k: {"n": len(v), "median_s": statistics.median(v), "slowest_s": max(v)} for k, v in sorted(kinds.items())},
        "slowest": sorted(((round(s, 3), a) for _, a, s in told), reverse=True)[:10],
    }  # fmt: skip
    for name, value in result.items():
        if not isinstance(value, (dict, list)):
            print(f"{name:<18} {value:.3f}" if isinstance(value, float) else f"{name:<18} {value}")
    for route, told_of in result["kinds"].items():  # type: ignore[attr-defined]
        print(f"  {route:<40} {told_of['n']:>4}  {told_of['median_s']:.3f}  {told_of['slowest_s']:.3f}")
    for slow, address in result["slowest"]:  # type: ignore[misc]
        print(f"  slow: {slow:.3f}  {address}")
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
