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


def write(found: Findings) -> Path:
    """Writes report.html and the plots as PNG into the run directory; returns the page. BadRun where it cannot."""
    from jinja2 import Environment

    from drivebelt.plots import PLOTS, draw

    drawn = draw(found)
    template = Environment(autoescape=True).from_string(files("drivebelt").joinpath("report.html.j2").read_text(encoding="utf-8"))
    plots = [{"caption": caption, "data": base64.b64encode(drawn[name]).decode()} for name, _, caption in PLOTS if name in drawn]
    content = {name: value for name, value in vars(found).items() if name != "run"}
    page = template.render(title=TITLE, info=found.run.info, plots=plots, **content)
    place = found.run.path / "report.html"
    try:
        folder = found.run.path / "plots"
        folder.mkdir(exist_ok=True)
        for name, png in drawn.items():
            (folder / f"{name}.png").write_bytes(png)
        part = place.with_suffix(".part")
        part.write_text(page, encoding="utf-8")
        os.replace(part, place)
    except OSError as why:
        raise BadRun(f"{place}: cannot be written: {why.strerror or why}") from why
    return place
