"""Boxes, words and arrows of the project's own drawings: SVG as text, every word escaped, colours by their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypedDict

from markupsafe import escape

from drivebelt.report.drawing import Drawn

WIDE = 0.51
"""Mean width of a letter against its size."""


class Look(TypedDict, total=False):
    """How a rectangle looks: fill, colour of its line, width and dashes of that."""

    fill: str
    line: str
    width: float
    dash: str


class Box(NamedTuple):
    """A rectangle: left upper corner, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h

    @property
    def cx(self) -> float:
        """Its middle from left to right."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """Its middle from top to bottom."""
        return self.y + self.h / 2


def fit(words: str, width: float, size: float = 12) -> str:
    """Words cut so that they stand within a width."""
    most = max(int(width / (size * WIDE)), 4)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def lines(words: str, width: float, size: float = 12, most: int = 3) -> list[str]:
    """Words broken into at most so many lines of a width."""
    long = max(int(width / (size * WIDE)), 4)
    out, line = list[str](), ""
    for word in words.split():
        if line and len(line) + 1 + len(word) > long:
            out.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    out.append(line)
    return out if len(out) <= most else [*out[: most - 1], fit(" ".join(out[most - 1 :]), width, size)]


def text(
    x: float, y: float, words: str, size: float = 12, *, colour: str = "ink", anchor: str = "start", bold: bool = False,
    halo: bool = False,
) -> str:  # fmt: skip
    """Words at a place; `halo` keeps them readable above lines."""
    look = f' text-anchor="{anchor}"' * (anchor != "start") + ' font-weight="600"' * bold
    if halo:
        look += ' stroke="var(--paper)" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="var(--{colour})"{look}>{escape(words)}</text>'


def rect(box: Box, *, fill: str = "paper", line: str = "muted", width: float = 1, dash: str = "", round_by: float = 3) -> str:
    """A rectangle; `fill` is the name of a colour, the reference of a pattern, or none."""
    filled = fill if fill == "none" or fill.startswith("url") else f"var(--{fill})"
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{max(box.w, 0.5):.1f}" height="{box.h:.1f}" rx="{round_by:g}" '
        f'fill="{filled}" stroke="var(--{line})" stroke-width="{width:g}"{dashed}/>'
    )


def link(to: str | None, inside: str, title: str = "") -> str:
    """What stands inside as a link with a title; without an address the title alone."""
    told = f"<title>{escape(title)}</title>" if title else ""
    return f'<a href="{escape(to)}">{told}{inside}</a>' if to else f"<g>{told}{inside}</g>"


def path(
    points: str, *, colour: str = "muted", width: float = 1, dash: str = "", head: bool = False, faint: float = 1, title: str = ""
) -> str:
    """A line through points in the letters of SVG paths; `head` ends it in an arrow."""
    look = (
        f' stroke-dasharray="{dash}"' * bool(dash)
        + f' marker-end="url(#head-{colour})"' * head
        + f' opacity="{faint:g}"' * (faint < 1)
    )
    told = f"<title>{escape(title)}</title>" if title else ""
    return f'<path d="{points}" fill="none" stroke="var(--{colour})" stroke-width="{width:.1f}"{look}>{told}</path>'


def curve(x1: float, y1: float, x2: float, y2: float, *, upright: bool = False) -> str:
    """A soft line from one place to another that leaves and comes level, or upright."""
    if upright:
        middle = (y1 + y2) / 2
        return f"M{x1:.1f} {y1:.1f}C{x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2:.1f}"
    middle = (x1 + x2) / 2
    return f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"


def heads(*colours: str) -> str:
    """The arrow heads that paths of these colours end in, and the hatching of masks."""
    marks = "".join(
        f'<marker id="head-{c}" viewBox="0 0 8 8" refX="6.5" refY="4" markerWidth="8" markerHeight="8" orient="auto" '
        f'markerUnits="userSpaceOnUse"><path d="M0 0.6L7.4 4L0 7.4z" fill="var(--{c})"/></marker>'
        for c in colours
    )
    hatch = (
        '<pattern id="mask" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="7" height="7" fill="var(--paper)"/><path d="M0 0V7" stroke="var(--line)" stroke-width="2.4"/></pattern>'
    )
    return f"<defs>{marks}{hatch}</defs>"


def drawing(width: float, height: float, parts: Sequence[str], alt: str, caption: str) -> Drawn:
    """The drawing as a figure of the page."""
    inside = "\n".join(parts)
    svg = f'<svg viewBox="0 0 {width:g} {height:g}" focusable="false">\n{inside}\n</svg>'
    return Drawn(alt, caption, b"", svg)
