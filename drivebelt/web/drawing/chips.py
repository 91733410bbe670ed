"""Boxes of bodies: their outline by what they do, their names, and what others do in theirs."""

from __future__ import annotations

import math
from collections.abc import Callable

from markupsafe import escape

from drivebelt.report.words import number
from drivebelt.telling import day as told_day
from drivebelt.web.drawing.boxes import Box
from drivebelt.web.layers import Body

TOP, CENTRE, ROW, GAP, PAD, LANE = 46.0, 404.0, 44.0, 8.0, 8.0, 36.0
"""Where the Centre begins and how high it is, height and distance of the rows below, the margin of a layer, and the width of the
lane in which the belt runs from the Centre down."""
COLUMNS = {"outer": (78.0, 574.0), "bureaucracy": (664.0, 372.0), "core": (1048.0, 192.0)}
"""Left edge and width of the layers."""
ABSENT = ("not-yet", "ended", "gone")
Link = Callable[[Body], str | None]
"""Gives the page of a body."""


def text(
    x: float, y: float, words: object, size: float = 12, *, bold: bool = False, colour: str = "ink", anchor: str = "",
    more: str = "", room: float | None = None,
) -> str:  # fmt: skip
    """Words at a place, in a room of a width; `more` goes into the element as it stands."""
    weight = ' font-weight="600"' if bold else ""
    side = f' text-anchor="{anchor}"' if anchor else ""
    held = f' data-room="{room:.0f}"' if room else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="var(--{colour})"{weight}{side}{more}{held}>{escape(words)}</text>'


def _outline(acts: int) -> float:
    """A body that does more has a heavier outline: tenfold the acts, half a unit more."""
    return 0.7 + 0.55 * math.log10(1 + acts)


def frame(box: Box, body: Body) -> str:
    """The outline of a body: heavier where it does more, dashed where it is not there."""
    style = 'stroke="var(--muted)" stroke-width="1" stroke-dasharray="2 3" fill="none"'
    if body.state not in ABSENT:
        colour = "rust" if body.state == "new" else "ink"
        style = f'stroke="var(--{colour})" stroke-width="{_outline(body.acts):.2f}" fill="var(--paper)"'
    return f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.w:g}" height="{box.h:g}" rx="3" {style}/>'


def told(body: Body) -> str:
    """Everything that is known of a body on that day, for whoever points at it."""
    parts = [body.name + (f" ({body.head})" if body.head else "")]
    if body.since:
        parts.append(f"since {told_day(body.since)}" + (f", until {told_day(body.until)}" if body.until else ""))
    if body.state not in ABSENT:
        parts.append(f"this month {body.acts:,} acts, {body.received:,} papers received, {body.sent:,} copies sent")
        if body.decisions:
            parts.append(f"{body.decisions:,} decisions in its name, {body.settled:,} of them settled elsewhere")
        if body.signed:
            parts.append(f"{body.signed:,} papers in its name, {body.masked:,} of them written by others")
    return "; ".join(parts)


def chip(out: list[str], box: Box, body: Body, link: Link, second: str) -> None:
    """A small box: the name and one line below it; hatched at its edge where others write in its name."""
    to = link(body)
    inner = [f"<title>{escape(told(body))}</title>", frame(box, body)]
    absent = body.state in ABSENT
    struck = ' text-decoration="line-through"' if body.state in ("ended", "gone") else ""
    inner.append(
        text(
            box.x + 6,
            box.y + 13,
            body.short,
            11.8,
            bold=not absent,
            colour="muted" if absent else "ink",
            more=struck,
            room=box.w - 10,
        )
    )
    inner.append(text(box.x + 6, box.y + 26, second, 11.5, colour="muted", room=box.w - 10))
    if body.state == "new" and len(body.short) * 6.6 + 34 < box.w:
        inner.append(text(box.x + box.w - 5, box.y + 13, "new", 11.5, bold=True, colour="rust", anchor="end"))
    if not absent and body.masked:
        inner.append(mask(box))
    out.append(f'<a href="{escape(to)}">{"".join(inner)}</a>' if to else f"<g>{''.join(inner)}</g>")


def mask(box: Box) -> str:
    """A hatched edge: papers in this name that others wrote."""
    return f'<rect x="{box.right - 6.5:g}" y="{box.y + 1:g}" width="5.5" height="{box.h - 2:g}" fill="url(#mask)"/>'


def _when(body: Body) -> str | None:
    if body.state == "not-yet" and body.since:
        return f"from {body.since:%b ’%y}"
    if body.state in ("ended", "gone") and body.until:
        return f"until {body.until:%b ’%y}"
    return None


def doing(body: Body) -> str:
    """What a body of the outer forms did in the month, on one line of a box."""
    if (when := _when(body)) is not None:
        return when
    if body.masked:
        return f"{number(body.masked)} by others"
    asks = body.did.get("open-matter", 0)
    parts = [f"{number(body.received)} in" if body.received else "", f"{number(asks)} up" if asks else ""]
    said = " · ".join(p for p in parts if p)
    return said or (f"{number(body.acts)} acts" if body.acts else "idle")
