"""Figures of the page as files of their own: SVG that any programme shows, and PNG."""

from __future__ import annotations

import re
import threading
from functools import cache
from pathlib import Path

from drivebelt.report.drawing import NAMED, Drawn

FONT = "DejaVu Sans"
_ROOM = re.compile(r'font-size="([\d.]+)"([^>]*?) data-room="([\d.]+)">([^<]*)<')
"""Words of a drawing that must not be wider than their room: a file has wider letters than the page."""
_DRAWING = threading.Lock()
"""Matplotlib draws for one reader at a time."""
_COLOURS = {word: colour for colour, word in NAMED.items()} | {"paper": "#ffffff", "ground": "#ffffff"}


def standalone(drawn: Drawn) -> str:
    """A figure's SVG as a file: with its namespace and size, and with colours in place of the names of the style sheet."""
    svg = re.sub(r"var\(--([a-z-]+)\)", lambda m: _COLOURS.get(m[1], _COLOURS["ink"]), drawn.svg)
    svg = _ROOM.sub(_fitted, svg)
    box = re.search(r'viewBox="([-\d. ]+)"', svg)
    size = ""
    if box:
        _, _, width, height = box[1].split()
        size = f' width="{width}" height="{height}"'
    return re.sub(r"<svg ", f'<svg xmlns="http://www.w3.org/2000/svg"{size} font-family="{FONT}, Arial, sans-serif" ', svg, count=1)


def _fitted(found: re.Match[str]) -> str:
    size, more, room, words = float(found[1]), found[2], float(found[3]), found[4]
    wide = (0.7 if "font-weight" in more else 0.62) * size * len(words)
    return f'font-size="{min(size, size * room / max(wide, 1)):.1f}"{more}>{words}<'


def png(drawn: Drawn) -> bytes:
    """A figure as PNG: as it was drawn, or made of its SVG at twice its size."""
    if drawn.png:
        return drawn.png
    import resvg_py

    made: bytes = resvg_py.svg_to_bytes(
        svg_string=standalone(drawn), background="#ffffff", zoom=2, skip_system_fonts=True, font_files=list(_fonts()),
        font_family=FONT, sans_serif_family=FONT,
    )  # fmt: skip
    return made


def drawing_alone() -> threading.Lock:
    """Held while matplotlib draws."""
    return _DRAWING


@cache
def _fonts() -> tuple[str, ...]:
    """Letters that come with matplotlib, so that a machine without fonts writes the same picture."""
    import matplotlib

    place = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return tuple(str(place / f"DejaVuSans{style}.ttf") for style in ("", "-Bold", "-Oblique"))
