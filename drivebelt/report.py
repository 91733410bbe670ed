"""The report page of a run: one HTML file with everything in it."""

from __future__ import annotations

import base64
import os
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from drivebelt.errors import BadRun

if TYPE_CHECKING:
    from drivebelt.findings import Findings

TITLE = "How a decision became paper"


def write(found: Findings, folder: Path | None = None) -> Path:
    """Writes report.html and the plots as PNG into a folder, by default the run directory; returns the page.

    Raises BadRun where it cannot; a page that was there before then stays as it was.
    """
    from jinja2 import Environment

    from drivebelt.plots import PLOTS, draw

    drawn = draw(found)
    template = Environment(autoescape=True).from_string(files("drivebelt").joinpath("report.html.j2").read_text(encoding="utf-8"))
    plots = [{"caption": caption, "data": base64.b64encode(drawn[name]).decode()} for name, _, caption in PLOTS if name in drawn]
    content = {name: value for name, value in vars(found).items() if name != "run"}
    page = template.render(title=TITLE, info=found.run.info, plots=plots, **content)
    place = (folder or found.run.path) / "report.html"
    try:
        plots_in = place.parent / "plots"
        plots_in.mkdir(parents=True, exist_ok=True)
        for name, png in drawn.items():
            _put(plots_in / f"{name}.png", png)
        _put(place, page.encode())
    except OSError as why:
        raise BadRun(f"{place}: cannot be written: {why.strerror or why}; free some space or give a folder with --out") from why
    return place


def _put(place: Path, content: bytes) -> None:
    """Writes beside the old file and then takes its place."""
    part = place.with_name(place.name + ".part")
    try:
        part.write_bytes(content)
        os.replace(part, place)
    except OSError:
        part.unlink(missing_ok=True)
        raise
