"""The mechanism as a picture: three layers from left to right, levels from the Centre down, and a matter's steps across them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import escape

from drivebelt.report.drawing import Drawn
from drivebelt.report.words import number
from drivebelt.telling.words import day as told_day
from drivebelt.web.drawing.boxes import Box
from drivebelt.web.drawing.centre import draw_core, draw_middle, draw_outer
from drivebelt.web.drawing.chips import CENTRE, COLUMNS, GAP, LANE, PAD, ROW, TOP, Link, doing, frame, mask, text, told
from drivebelt.web.drawing.steps import Place, draw_steps
from drivebelt.web.layers import BELOW, GROUPS, OFFICES, OUTER, Body, Scene
from drivebelt.web.travel import Node, Step

WIDE = 1240.0
_TITLES = (
    ("outer", "OUTER FORMS", "what the country sees: names, congresses, decrees"),
    ("bureaucracy", "BUREAUCRACY", "what carries a decision down, in secret"),
    ("core", "CORE", "where it is settled"),
)


class Seen(NamedTuple):
    """What the picture shows beside the mechanism itself."""

    steps: Sequence[Step] = ()
    now: int | None = None
    """The step that is looked at; those after it are pale. None shows all alike."""
    subject: str = ""


def picture(scene: Scene, seen: Seen, link: Link) -> Drawn:
    """The whole picture. `link` gives the page of a body."""
    out: list[str] = []
    places: dict[Node, Place] = {}
    bottom = TOP + CENTRE + len(BELOW) * (ROW + GAP)
    for layer, title, about in _TITLES:
        x, w = COLUMNS[layer]
        fill = {"outer": ("line", 0.16), "bureaucracy": ("ochre", 0.14), "core": ("red", 0.12)}[layer]
        high = bottom - 4 if layer != "core" else TOP + CENTRE - 4
        out.append(f'<rect x="{x}" y="4" width="{w}" height="{high:g}" rx="5" fill="var(--{fill[0]})" fill-opacity="{fill[1]}"/>')
        out.append(text(x + PAD, 22, title, 13, bold=True, colour="red" if layer == "core" else "ink"))
        out.append(text(x + PAD, 37, about, 12, colour="muted"))
    out.append(text(4, TOP + 22, "Centre", 13, bold=True))
    ground = len(out)
    draw_outer(out, scene, places, link)
    draw_middle(out, scene, places, link)
    draw_core(out, scene, places)
    _below(out, scene, places)
    _key(out, bool(seen.steps))
    if seen.steps:
        ways, marks = draw_steps(seen.steps, seen.now, places)
        out.insert(ground, ways)
        out.append(marks)
    alt = _alt(scene)
    head = f'<svg viewBox="0 0 {WIDE:g} {bottom + 4:g}" role="group" aria-label="{escape(alt)}">'
    return Drawn(alt, _caption(scene, seen), b"", f"{head}{_DEFINITIONS}{''.join(out)}</svg>")


_DEFINITIONS = (
    '<defs><pattern id="mask" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="var(--paper)"/><rect width="2.6" height="6" fill="var(--red)"/></pattern></defs>'
)


_UNITS = {"state": 2.5}
"""Widths of the offices below the Centre against that of the narrowest, where they are wider."""


def _below(out: list[str], scene: Scene, places: dict[Node, Place]) -> None:
    """A row a level: its committees on the belt, and the offices in whose names they act."""
    xm, wm = COLUMNS["bureaucracy"]
    lane = xm + LANE / 2
    for i, level in enumerate(BELOW):
        y = TOP + CENTRE + i * (ROW + GAP)
        out.append(text(4, y + 18, BELOW[level], 12.2, bold=True) if len(BELOW[level]) < 12 else _two(4, y + 18, BELOW[level]))
        committees, *offices = scene.below[level]
        box = Box(xm + LANE, y, wm - LANE - PAD, ROW)
        places[level, "party", None] = Place(box, ((lane, y + 11), (lane, y + ROW - 10)))
        above = y - ROW / 2 - GAP if i else TOP + 24
        thick = 1 + 1.3 * math.log10(1 + committees.received)
        out.append(
            f'<path d="M{lane:g} {above:g}V{y + ROW / 2:g}" stroke="var(--rust)" stroke-opacity=".55" stroke-width="{thick:.1f}"/>'
            f'<path d="M{lane:g} {y + ROW / 2:g}H{box.x - 2:g}" stroke="var(--rust)" stroke-opacity=".55" stroke-width="2"/>'
        )
        done = committees.did.get("execute", 0)
        said = [f"{number(committees.received)} in", f"{number(committees.sent)} copies out"]
        if done:
            said.append(f"{number(done)} carried out")
        out.append(
            f"<g><title>{escape(told(committees))}</title>{frame(box, committees)}"
            + text(box.x + 10, y + 18, f"{committees.bodies:,} {committees.name}", 13, bold=True)
            + text(box.x + 10, y + 34, " · ".join(said), 11.8, colour="muted", room=box.w - 18) + "</g>"
        )  # fmt: skip
        for body in offices:
            place = _office(body.branch, y)
            places[level, body.branch, None] = Place(place)
            out.append(f"<g>{_drawn_office(body, place)}</g>")
            if body.masked:
                out.append(
                    f'<path d="M{lane:g} {y + ROW / 2:g}H{place.right + 3:g}" stroke="var(--rust)" stroke-width="1.6"/>'
                    f'<path d="M{place.right + 1:g} {y + ROW / 2:g}l8 -4.5v9z" fill="var(--rust)"/>'
                )


def _office(branch: str, y: float) -> Box:
    """Where the offices of a branch stand in a row: always in the same column, those of the state beside the committees."""
    x, width = COLUMNS["outer"]
    widths = {name: _UNITS.get(name, 1.0) for name in OFFICES}
    unit = (width - 2 * PAD - 5 * (len(OFFICES) - 1)) / sum(widths.values())
    before = list(OFFICES)[: list(OFFICES).index(branch)]
    right = x + width - PAD - sum(widths[name] * unit + 5 for name in before)
    return Box(right - widths[branch] * unit, y, widths[branch] * unit, ROW)


def _drawn_office(body: Body, box: Box) -> str:
    said, name = doing(body), body.name
    if body.branch in _UNITS:
        name = f"{body.bodies:,} {body.name.replace('executive', 'exec.')}"
        if body.masked:
            said = f"{number(body.received)} in · {number(body.masked)} by others"
    return (
        f"<title>{escape(told(body))}</title>{frame(box, body)}"
        + text(box.x + 6, box.y + 17, name, 11.8, bold=True, room=box.w - 10)
        + text(box.x + 6, box.y + 33, said, 11.5, colour="muted", room=box.w - 12)
        + (mask(box) if body.masked else "")
    )


def _two(x: float, y: float, words: str) -> str:
    first, _, second = words.partition(" ")
    return text(x, y - 2, first, 12.2, bold=True) + text(x, y + 13, second, 12.2, bold=True)


def _key(out: list[str], steps: bool) -> None:
    """What the marks mean, beneath the core: nothing of it stands below the Centre."""
    x, _ = COLUMNS["core"]
    y = TOP + CENTRE + 14
    entries = [
        (f'<rect x="{x}" y="-10" width="24" height="13" rx="3" fill="var(--paper)" stroke="var(--ink)" stroke-width="2.6"/>',
         "heavier: more acts this month"),
        (f'<rect x="{x}" y="-10" width="24" height="13" rx="3" fill="none" stroke="var(--muted)" stroke-dasharray="2 3"/>',
         "not yet there, or ended"),
        (f'<rect x="{x}" y="-8" width="24" height="8" fill="url(#mask)"/>', "others decide in its name"),
        (f'<path d="M{x} -4H{x + 24}" stroke="var(--rust)" stroke-width="5"/>', "broader: more papers down"),
    ]  # fmt: skip
    if steps:
        entries += [
            (f'<circle cx="{x + 12}" cy="-4" r="8.5" fill="var(--red)"/>', "a step that left a paper"),
            (f'<circle cx="{x + 12}" cy="-4" r="8.5" fill="var(--paper)" stroke="var(--red)" stroke-width="2" '
             'stroke-dasharray="2 3"/>', "left none: word of mouth"),
            (f'<rect x="{x + 3}" y="-13" width="18" height="18" fill="url(#mask)" stroke="var(--red)" stroke-width="1.5"/>',
             "done in another’s name"),
        ]  # fmt: skip
    entries.append((text(x, 0, "in", 11.8, bold=True), "papers received"))
    entries.append((text(x, 0, "up", 11.8, bold=True), "questions sent up"))
    for mark, words in entries:
        out.append(f'<g transform="translate(0 {y:g})">{mark}{text(x + 33, 0, words, 11.8, room=158)}</g>')
        y += 25.5 if steps else 30


def _alt(scene: Scene) -> str:
    politburo = scene.body("politburo")
    members = ", ".join(scene.circle["members"])
    seen = sum(b.state in ("there", "new") for g in GROUPS if g.layer == OUTER for b in scene.centre[g.name])
    decided = f"{politburo.decisions} decisions this month, {politburo.settled} settled before" if politburo else "nothing decided"
    return (
        f"The mechanism on {told_day(scene.day)} in three layers. Core: "
        + (f"an informal circle of {members}. " if members else "no circle. ")
        + f"Bureaucracy: the Politburo with {decided}; "
        + ", ".join(f"{row[0].bodies:,} {row[0].name}" for row in scene.below.values())
        + f". Outer forms: {seen} bodies of the Centre."
    )


def _caption(scene: Scene, seen: Seen) -> str:
    words = (
        f"Numbers are those of the run in {scene.first:%B %Y}. Left, what is seen; right, what is hidden; from top to bottom, from "
        "the Centre to the cell. Point at a body for its full name, its head and its month; follow it to its page. "
    )
    if seen.steps:
        words += f"Red: the way of “{seen.subject}”, each numbered mark where it arrives; the same steps stand as a list below. "
    return words + "Who sits in the circle and heads the Secretariat comes out of the run; the circle of the book stands beneath."
