"""Numbered steps over a picture: arrows from body to body, a mark where each arrives; pattern and shape say what they hide."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import escape

from drivebelt.web.drawing.boxes import Box
from drivebelt.web.travel import Node, Step

Point = tuple[float, float]
RADIUS = 10.0
APART = 23.0
"""From one mark to the next on the same body."""


class Place(NamedTuple):
    """A body's box, and where the marks of the steps that arrive there stand, the first first."""

    box: Box
    marks: Sequence[Point] = ()

    def mark(self, n: int) -> Point:
        """The n-th mark; those without a place of their own stand on the upper edge from the right, then on the lower."""
        if n < len(self.marks):
            return self.marks[n]
        n -= len(self.marks)
        fit = max(int((self.box.w - 4) // APART), 1)
        x = self.box.right - 8 - APART * (n % fit)
        return (x, self.box.y - 3) if n < fit else (x, self.box.bottom + 2)


def draw_steps(steps: Sequence[Step], now: int | None, places: Mapping[Node, Place]) -> tuple[str, str]:
    """The steps as SVG, the first below the last; those after `now` are pale. Bodies without a place are passed over.

    First the ways, which belong beneath the bodies so that they strike through no name, then the marks, which belong above.
    """
    marks: dict[Node, list[Point]] = {}
    rings, arrows, badges = [], [], []
    for step in steps:
        place = places.get(step.node)
        if place is None:
            continue
        here = marks.setdefault(step.node, [])
        end = place.mark(len(here))
        start = _start(step, marks, places)
        state = _state(step.number, now)
        if not here:
            rings.append(_ring(place, state))
        here.append(end)
        if start is not None:
            arrows.append(_arrow(step, start, end, state))
        badges.append(_mark(step, *end, state))
    return f'<g class="steps">{"".join(arrows)}</g>', f'<g class="steps">{"".join(rings)}{"".join(badges)}</g>'


def _ring(place: Place, state: str) -> str:
    """A red line around a body where something arrives."""
    x, y, w, h = place.box
    round_it = w / 2 + 3 if w == h else 5
    return (
        f'<rect {state} x="{x - 2.5:g}" y="{y - 2.5:g}" width="{w + 5:g}" height="{h + 5:g}" rx="{round_it:g}" fill="none" '
        'stroke="var(--red)" stroke-width="1.8"/>'
    )


def _start(step: Step, marks: Mapping[Node, list[Point]], places: Mapping[Node, Place]) -> Point | None:
    """Where an arrow begins: at the last mark of the body it comes from; what goes up again, at that body's right edge."""
    origin = step.origin
    if origin is None or origin == step.node or origin not in places:
        return None
    box = places[origin].box
    if origin[0] != "centre" and step.node[0] == "centre":
        return box.right, box.cy
    return marks[origin][-1] if origin in marks else (box.cx, box.cy)


def _state(number: int, now: int | None) -> str:
    if now is None or number <= now:
        return f'class="step{" now" if number == now else ""}" data-step="{number}"'
    return f'class="step" data-step="{number}" opacity=".12"'


def _arrow(step: Step, start: Point, end: Point, state: str) -> str:
    (ax, ay), (bx, by) = start, end
    mx, my = _turn(ax, ay, bx, by)
    reach = math.hypot(bx - mx, by - my) or 1.0
    dx, dy = (bx - mx) / reach, (by - my) / reach
    ex, ey = bx - dx * (RADIUS + 7), by - dy * (RADIUS + 7)
    tip = f"M{bx - dx * (RADIUS + 1):.1f} {by - dy * (RADIUS + 1):.1f}"
    tip += f"L{ex - dx * 3 - dy * 5:.1f} {ey - dy * 3 + dx * 5:.1f}L{ex - dx * 3 + dy * 5:.1f} {ey - dy * 3 - dx * 5:.1f}z"
    line = f"M{ax:.1f} {ay:.1f}Q{mx:.1f} {my:.1f} {ex:.1f} {ey:.1f}"
    dash = ' stroke-dasharray="10 4"' if step.masked else ""
    if not step.recorded:
        dash = ' stroke-dasharray="1 6" stroke-linecap="round"'
    return (
        f'<g {state}><path d="{line}" fill="none" stroke="var(--paper)" stroke-width="5.5" stroke-opacity=".75"/>'
        f'<path class="way" d="{line}" fill="none" stroke="var(--red)" stroke-width="2.3"{dash}/>'
        f'<path d="{tip}" fill="var(--red)"/></g>'
    )


def _turn(ax: float, ay: float, bx: float, by: float) -> Point:
    """The point that an arrow is drawn towards: to the outside of what it passes, and along a row where it can."""
    length = math.hypot(bx - ax, by - ay) or 1.0
    if bx - ax > 250 and by < ay:  # to the core: first along the row, then up
        return bx - 0.14 * (bx - ax), ay
    if abs(bx - ax) < 30:  # along the belt, to its left on the way down
        bend = min(0.07 * length + 4, 24) if by > ay else min(0.12 * length, 22)
    else:
        bend = min(0.09 * length, 26) * (1 if bx >= ax else -1)
    return (ax + bx) / 2 - (by - ay) / length * bend, (ay + by) / 2 + (bx - ax) / length * bend


def _mark(step: Step, x: float, y: float, state: str) -> str:
    halo = f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS + 2.5:g}" fill="var(--paper)"/>'
    colour = "paper"
    if step.masked:
        side = RADIUS + 1
        shape = (
            f'<rect x="{x - side:g}" y="{y - side:g}" width="{2 * side:g}" height="{2 * side:g}" fill="url(#mask)" '
            f'stroke="var(--red)" stroke-width="1.5"/><rect x="{x - side + 3.5:g}" y="{y - side + 3.5:g}" width="{2 * side - 7:g}" '
            f'height="{2 * side - 7:g}" fill="var(--paper)"/>'
        )
        colour, halo = "red", ""
    elif not step.recorded:
        shape = (
            f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS:g}" fill="var(--paper)" stroke="var(--red)" stroke-width="2.2" '
            'stroke-dasharray="2 3"/>'
        )
        colour = "red"
    else:
        shape = f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS:g}" fill="var(--red)"/>'
    number = (
        f'<text x="{x:g}" y="{y + 4.2:g}" font-size="12" font-weight="700" text-anchor="middle" fill="var(--{colour})">'
        f"{step.number}</text>"
    )
    return f"<g {state}><title>{escape(f'{step.number}. {step.days}: {step.words}')}</title>{halo}{shape}{number}</g>"
