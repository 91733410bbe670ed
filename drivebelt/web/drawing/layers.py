"""The mechanism as a picture: three layers from left to right, levels from the Centre down, and a matter's steps across them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from markupsafe import escape

from drivebelt.report.drawing import Drawn
from drivebelt.report.words import number
from drivebelt.telling import day as told_day
from drivebelt.web.drawing.steps import Box, Place, draw_steps
from drivebelt.web.layers import BELOW, GROUPS, MIDDLE, OFFICES, OUTER, Body, Scene
from drivebelt.web.travel import Node, Step

WIDE = 1240.0
_TOP, _HEAD, _CENTRE, _ROW, _GAP = 46.0, 16.0, 404.0, 44.0, 8.0
_COLUMNS = {"outer": (78.0, 574.0), "bureaucracy": (664.0, 372.0), "core": (1048.0, 192.0)}
"""Left edge and width of the layers."""
_TITLES = (
    ("outer", "OUTER FORMS", "what the country sees: names, congresses, decrees"),
    ("bureaucracy", "BUREAUCRACY", "what carries a decision down, in secret"),
    ("core", "CORE", "where it is settled"),
)
_ROWS = (("congress",), ("soviets",), ("commissariats",), ("economy",), ("force",), ("courts", "press"))
"""Groups of the outer forms that stand in one row."""
_IN_A_ROW = 6
_PAD = 8.0
_LANE = 36.0
"""Where the belt runs from the Centre down: marks of steps stand on it."""


class Seen(NamedTuple):
    """What the picture shows beside the mechanism itself."""

    steps: Sequence[Step] = ()
    now: int | None = None
    """The step that is looked at; those after it are pale. None shows all alike."""
    subject: str = ""


def picture(scene: Scene, seen: Seen, link: Callable[[Body], str | None]) -> Drawn:
    """The whole picture. `link` gives the page of a body."""
    out: list[str] = []
    places: dict[Node, Place] = {}
    bottom = _TOP + _CENTRE + len(BELOW) * (_ROW + _GAP)
    for layer, title, about in _TITLES:
        x, w = _COLUMNS[layer]
        fill = {"outer": ("line", 0.16), "bureaucracy": ("ochre", 0.14), "core": ("red", 0.12)}[layer]
        high = bottom - 4 if layer != "core" else _TOP + _CENTRE - 4
        out.append(f'<rect x="{x}" y="4" width="{w}" height="{high:g}" rx="5" fill="var(--{fill[0]})" fill-opacity="{fill[1]}"/>')
        out.append(_text(x + _PAD, 22, title, 13, bold=True, colour="red" if layer == "core" else "ink"))
        out.append(_text(x + _PAD, 37, about, 12, colour="muted"))
    out.append(_text(4, _TOP + 22, "Centre", 13, bold=True))
    _outer(out, scene, places, link)
    _middle(out, scene, places, link)
    _core(out, scene, places)
    _below(out, scene, places)
    _key(out, bool(seen.steps))
    if seen.steps:
        out.append(draw_steps(seen.steps, seen.now, places))
    svg = f'<svg viewBox="0 0 {WIDE:g} {bottom + 4:g}" role="group" aria-label="{escape(_alt(scene))}">{_DEFINITIONS}{"".join(out)}</svg>'
    return Drawn(_alt(scene), _caption(scene, seen), b"", svg)


_DEFINITIONS = (
    '<defs><pattern id="mask" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="var(--paper)"/><rect width="2.6" height="6" fill="var(--red)"/></pattern></defs>'
)


def _text(
    x: float, y: float, words: object, size: float = 12, *, bold: bool = False, colour: str = "ink", anchor: str = "", more: str = ""
) -> str:
    weight = ' font-weight="600"' if bold else ""
    side = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="var(--{colour})"{weight}{side}{more}>{escape(words)}</text>'


def _outline(acts: int) -> float:
    """A body that does more has a heavier outline: tenfold the acts, half a unit more."""
    return 0.7 + 0.55 * math.log10(1 + acts)


def _frame(box: Box, body: Body, fill: str = "paper") -> str:
    absent = body.state in ("not-yet", "ended", "gone")
    style = (
        'stroke="var(--muted)" stroke-width="1" stroke-dasharray="2 3" fill="none"'
        if absent
        else f'stroke="var(--{"rust" if body.state == "new" else "ink"})" stroke-width="{_outline(body.acts):.2f}" fill="var(--{fill})"'
    )
    return f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.w:g}" height="{box.h:g}" rx="3" {style}/>'


def _told(body: Body) -> str:
    """Everything that is known of a body on that day, for whoever points at it."""
    parts = [body.name + (f" ({body.head})" if body.head else "")]
    if body.since:
        parts.append(f"since {told_day(body.since)}" + (f", until {told_day(body.until)}" if body.until else ""))
    if body.state not in ("not-yet", "ended", "gone"):
        parts.append(f"this month {body.acts:,} acts, {body.received:,} papers received, {body.sent:,} copies sent")
        if body.decisions:
            parts.append(f"{body.decisions:,} decisions in its name, {body.settled:,} of them settled elsewhere")
        if body.signed:
            parts.append(f"{body.signed:,} papers in its name, {body.masked:,} of them written by others")
    return "; ".join(parts)


def _chip(out: list[str], box: Box, body: Body, link: Callable[[Body], str | None], second: str) -> None:
    to = link(body)
    inner = [f"<title>{escape(_told(body))}</title>", _frame(box, body)]
    absent = body.state in ("not-yet", "ended", "gone")
    struck = ' text-decoration="line-through"' if body.state in ("ended", "gone") else ""
    inner.append(_text(box.x + 6, box.y + 13, body.short, 11.8, bold=not absent, colour="muted" if absent else "ink", more=struck))
    inner.append(_text(box.x + 6, box.y + 26, second, 11.5, colour="muted"))
    if body.state == "new" and len(body.short) * 6.6 + 34 < box.w:
        inner.append(_text(box.x + box.w - 5, box.y + 13, "new", 11.5, bold=True, colour="rust", anchor="end"))
    if not absent and body.masked:
        inner.append(_mask(box))
    out.append(f'<a href="{escape(to)}">{"".join(inner)}</a>' if to else f"<g>{''.join(inner)}</g>")


def _mask(box: Box) -> str:
    """A hatched edge: papers in this name that others wrote."""
    return f'<rect x="{box.right - 6.5:g}" y="{box.y + 1:g}" width="5.5" height="{box.h - 2:g}" fill="url(#mask)"/>'


def _when(body: Body) -> str | None:
    if body.state == "not-yet" and body.since:
        return f"from {body.since:%b ’%y}"
    if body.state in ("ended", "gone") and body.until:
        return f"until {body.until:%b ’%y}"
    return None


def _doing(body: Body) -> str:
    """What a body of the outer forms did in the month, on one line of a box."""
    if (when := _when(body)) is not None:
        return when
    if body.masked:
        return f"{number(body.masked)} by others"
    asks = body.did.get("open-matter", 0)
    parts = [f"{number(body.received)} in" if body.received else "", f"{number(asks)} up" if asks else ""]
    said = " · ".join(p for p in parts if p)
    return said or (f"{number(body.acts)} acts" if body.acts else "idle")


def _outer(out: list[str], scene: Scene, places: dict[Node, Place], link: Callable[[Body], str | None]) -> None:
    x0, width = _COLUMNS["outer"]
    titles = {g.name: g.title for g in GROUPS}
    rows = [(names, [(name, b) for name in names for b in scene.centre[name]]) for names in _ROWS]
    lines = sum(-(-max(len(bodies), 1) // _IN_A_ROW) for _, bodies in rows)
    high = min(31.0, (_CENTRE - _PAD - len(rows) * (_HEAD + 4)) / lines - 4)
    w = (width - 2 * _PAD - (_IN_A_ROW - 1) * 5) / _IN_A_ROW
    y = _TOP
    for _, bodies in rows:
        last = ""
        for i, (name, body) in enumerate(bodies):
            column, line = i % _IN_A_ROW, i // _IN_A_ROW
            box = Box(x0 + _PAD + column * (w + 5), y + _HEAD + line * (high + 4), w, high)
            if name != last:
                out.append(_text(box.x, y + 11, titles[name], 11.8, colour="muted"))
                last = name
            _chip(out, box, body, link, _doing(body))
            places["centre", body.branch, body.organ] = Place(box)
        y += _HEAD + -(-max(len(bodies), 1) // _IN_A_ROW) * (high + 4) + 4


def _middle(out: list[str], scene: Scene, places: dict[Node, Place], link: Callable[[Body], str | None]) -> None:
    x0, width = _COLUMNS["bureaucracy"]
    x, w = x0 + _LANE, width - _PAD - _LANE
    lane = x0 + _LANE / 2

    def put(body: Body, box: Box, *lines: tuple[str, float, str]) -> None:
        to, y = link(body), box.y + 16
        inner = [f"<title>{escape(_told(body))}</title>", _frame(box, body), _text(box.x + 8, y, body.short, 13, bold=True)]
        for words, size, colour in lines:
            y += size + 4.5
            inner.append(_text(box.x + 8, y, words, size, colour=colour, bold=size > 16))
        if body.masked and not body.decisions:
            inner.append(_mask(box))
        out.append(f'<a href="{escape(to)}">{"".join(inner)}</a>' if to else f"<g>{''.join(inner)}</g>")
        marks: tuple[tuple[float, float], ...] = ()
        if body.key == "bureau-of-secretariat":
            marks = ((lane, box.y - 4),)  # in the row between boxes, along which the way to the core runs
        elif box.x == x:
            marks = ((lane, box.y + 21),)
        elif box.right > x + w - 1:
            marks = ((box.right + 3, box.y + 13), (box.right + 3, box.y + 37))
        places["centre", body.branch, body.organ] = Place(box, marks)

    summit = {b.key: b for b in scene.centre["summit"]}
    deciding = scene.centre["deciding"]
    each = (w - 8 * (len(deciding) - 1)) / max(len(deciding), 1)
    y = _TOP + 2
    for body in summit.values():
        wide = body.key == "central-committee"
        box = Box(x if wide else x + w - 146, y, w - 154 if wide else 146, 42)
        if wide:
            out.append(f'<path d="M{box.cx:g} {box.bottom:g}V{box.bottom + 8:g}" stroke="var(--muted)" fill="none"/>')
        said = f"{number(body.masked)} in its name, all by others" if wide and body.masked == body.signed > 0 else ""
        put(body, box, (said or f"{number(body.received)} papers in", 11.8, "muted"))
    y += 50
    for i, body in enumerate(deciding):
        box = Box(x + i * (each + 8), y, each, 102)
        put(body, box, (number(body.decisions), 22, "ink"), ("decisions", 11.8, "muted"))
        share = body.settled / body.decisions if body.decisions else 0
        out.append(
            f'<rect x="{box.x + 8:g}" y="{box.bottom - 32:g}" width="{each - 16:g}" height="9" fill="none" stroke="var(--muted)"/>'
            f'<rect x="{box.x + 8:g}" y="{box.bottom - 32:g}" width="{share * (each - 16):.1f}" height="9" fill="url(#mask)"/>'
        )
        said = f"{number(body.settled)} settled before" if body.settled else "none settled before"
        out.append(_text(box.x + 8, box.bottom - 9, said, 11.5, colour="red" if body.settled else "muted"))
    y += 111
    for body in scene.centre["bureau"]:
        opened, put_on = body.did.get("sort-mail", 0), body.did.get("enter-agenda", 0)
        said = f"opens {number(opened)} papers, sets {number(put_on)} on agendas"
        put(body, Box(x, y, w, 42), (said + (f" · {body.head}" if body.head else ""), 11.8, "muted"))
    y += 48
    for name, columns in (("secret", 3), ("departments", 4)):
        title = next(g.title for g in GROUPS if g.name == name)
        out.append(_text(x, y + 11, title, 11.8, colour="muted"))
        cell = (w - 5 * (columns - 1)) / columns
        for i, body in enumerate(scene.centre[name]):
            box = Box(x + i % columns * (cell + 5), y + _HEAD + i // columns * 35, cell, 31)
            _chip(out, box, body, link, _doing(body))
            places["centre", body.branch, body.organ] = Place(box)
        y += _HEAD + -(-len(scene.centre[name]) // columns) * 35 + 2


def _core(out: list[str], scene: Scene, places: dict[Node, Place]) -> None:
    x0, width = _COLUMNS["core"]
    cx, members = x0 + width / 2, scene.circle["members"]
    body = scene.body("circle")
    agreed = body.did.get("agree", 0) if body else 0
    radius, cy = 78.0, _TOP + 84.0
    box = Box(cx - radius, cy - radius, 2 * radius, 2 * radius)
    inner = [f"<title>{escape(_told(body) if body else '')}</title>"]
    if members:
        inner.append(f'<circle cx="{cx:g}" cy="{cy:g}" r="{radius:g}" fill="var(--red)"/>')
        inner.append(f'<circle cx="{cx:g}" cy="{cy:g}" r="{radius - 4:g}" fill="none" stroke="var(--paper)" stroke-dasharray="1 4"/>')
        step = min(17.0, 118 / len(members))
        for i, name in enumerate(members):
            star = " ★" if name == scene.head else ""
            y = cy + (i - (len(members) - 1) / 2) * step + 4.5
            inner.append(_text(cx, y, name + star, min(13, step - 1.5), bold=bool(star), colour="paper", anchor="middle"))
    else:
        inner.append(
            f'<circle cx="{cx:g}" cy="{cy:g}" r="{radius:g}" fill="none" stroke="var(--muted)" stroke-dasharray="2 3"/>'
            + _text(cx, cy - 2, "no understanding", 12.5, colour="muted", anchor="middle")
            + _text(cx, cy + 15, "in force yet", 12.5, colour="muted", anchor="middle")
        )
    out.append(f"<g>{''.join(inner)}</g>")
    if body:
        round_it = [(cx + radius * math.cos(a), cy + radius * math.sin(a)) for a in (2.55, 2.95, 3.35, 3.75, 2.15)]
        places["centre", body.branch, body.organ] = Place(box, round_it)
    lines: list[tuple[str, float, str, bool]] = []
    if members:
        lines.append((f"{number(agreed)} questions", 17, "red", True))
        lines.append(("settled by word of mouth", 12, "ink", False))
        lines.append(("this month, on no paper", 12, "ink", False))
        lines.append((f"since {told_day(scene.circle['since'])}", 11.8, "muted", False))
        if scene.circle["against"]:
            lines.append((f"against {scene.circle['against']}", 11.8, "muted", False))
    if scene.head:
        place = "within" if scene.head in members else "outside"
        lines.append(("General Secretary ★" if place == "within" else "General Secretary, outside it:", 11.8, "muted", False))
        lines.append((scene.head, 13, "ink", True))
    y = cy + radius + 8
    for words, size, colour, bold in lines:
        y += size + 4
        out.append(_text(cx, y, words, size, bold=bold, colour=colour, anchor="middle"))
    known = scene.documented
    if known:
        y += 12
        out.append(f'<path d="M{x0 + 24:g} {y - 4:g}H{x0 + width - 24:g}" stroke="var(--line)"/>')
        for words in _wrapped(f"In the book: {known['name'].lower()}: " + ", ".join(_surname(n) for n in known["members"]), 30):
            y += 14.5
            out.append(_text(cx, y, words, 11.5, colour="muted", anchor="middle"))


def _surname(name: str) -> str:
    return name.rsplit(". ", 1)[-1]


def _wrapped(words: str, most: int) -> list[str]:
    out = [""]
    for word in words.split():
        if len(out[-1]) + len(word) + 1 > most and out[-1]:
            out.append("")
        out[-1] = f"{out[-1]} {word}".strip()
    return out


def _below(out: list[str], scene: Scene, places: dict[Node, Place]) -> None:
    xo, wo = _COLUMNS["outer"]
    xm, wm = _COLUMNS["bureaucracy"]
    weights = {"state": 2.5}
    unit = (wo - 2 * _PAD - 5 * (len(OFFICES) - 1)) / (len(OFFICES) + 1.5)
    for i, level in enumerate(BELOW):
        y = _TOP + _CENTRE + i * (_ROW + _GAP)
        out.append(_text(4, y + 18, BELOW[level], 12.2, bold=True) if len(BELOW[level]) < 12 else _two(4, y + 18, BELOW[level]))
        committees, *others = scene.below[level]
        box = Box(xm + _LANE, y, wm - _LANE - _PAD, _ROW)
        lane = xm + _LANE / 2
        places[level, "party", None] = Place(box, ((lane, y + 11), (lane, y + _ROW - 10)))
        above = y - _ROW / 2 - _GAP if i else _TOP + 24
        thick = 1 + 1.3 * math.log10(1 + committees.received)
        out.append(
            f'<path d="M{lane:g} {above:g}V{y + _ROW / 2:g}" stroke="var(--rust)" stroke-opacity=".55" stroke-width="{thick:.1f}"/>'
            f'<path d="M{lane:g} {y + _ROW / 2:g}H{box.x - 2:g}" stroke="var(--rust)" stroke-opacity=".55" stroke-width="2"/>'
        )
        done = committees.did.get("execute", 0)
        said = [f"{number(committees.received)} in", f"{number(committees.sent)} copies out"]
        if done:
            said.append(f"{number(done)} carried out")
        out.append(
            f"<g><title>{escape(_told(committees))}</title>{_frame(box, committees)}"
            + _text(box.x + 10, y + 18, f"{committees.bodies:,} {committees.name}", 13, bold=True)
            + _text(box.x + 10, y + 34, " · ".join(said), 11.8, colour="muted") + "</g>"
        )  # fmt: skip
        column = {branch: sum(weights.get(b, 1.0) * unit + 5 for b in list(OFFICES)[:k]) for k, branch in enumerate(OFFICES)}
        for body in others:
            w = weights.get(body.branch, 1.0) * unit
            place = Box(xo + wo - _PAD - column[body.branch] - w, y, w, _ROW)
            places[level, body.branch, None] = Place(place)
            wide = body.branch in weights
            name = f"{body.bodies:,} {body.name.replace('executive', 'exec.')}"
            inner = [f"<title>{escape(_told(body))}</title>", _frame(place, body)]
            if wide:
                inner.append(_text(place.x + 7, y + 17, name, 12, bold=True))
                inner.append(_text(place.x + 7, y + 33, _doing(body) if not body.masked else f"{number(body.received)} in · {number(body.masked)} by others", 11.5, colour="muted"))  # fmt: skip # noqa: E501
            else:
                inner.append(_text(place.x + 5, y + 17, body.name, 11.5, bold=True))
                inner.append(_text(place.x + 5, y + 33, _doing(body), 11.5, colour="muted"))  # fmt: skip # noqa: E501
            if body.masked:
                inner.append(_mask(place))
                out.append(
                    f'<path d="M{lane:g} {y + _ROW / 2:g}H{place.right + 3:g}" stroke="var(--rust)" stroke-width="1.6"/>'
                    f'<path d="M{place.right + 1:g} {y + _ROW / 2:g}l8 -4.5v9z" fill="var(--rust)"/>'
                )
            out.append(f"<g>{''.join(inner)}</g>")


def _two(x: float, y: float, words: str) -> str:
    first, _, second = words.partition(" ")
    return _text(x, y - 2, first, 12.2, bold=True) + _text(x, y + 13, second, 12.2, bold=True)


def _key(out: list[str], steps: bool) -> None:
    """What the marks mean, beneath the core: nothing of it stands below the Centre."""
    x, _ = _COLUMNS["core"]
    y = _TOP + _CENTRE + 14
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
            (f'<circle cx="{x + 12}" cy="-4" r="8.5" fill="var(--paper)" stroke="var(--red)" stroke-width="2" stroke-dasharray="2 3"/>',
             "left none: word of mouth"),
            (f'<rect x="{x + 3}" y="-13" width="18" height="18" fill="url(#mask)" stroke="var(--red)" stroke-width="1.5"/>',
             "done in another’s name"),
        ]  # fmt: skip
    entries.append((_text(x, 0, "in", 11.8, bold=True), "papers received"))
    entries.append((_text(x, 0, "up", 11.8, bold=True), "questions sent up"))
    for mark, words in entries:
        out.append(f'<g transform="translate(0 {y:g})">{mark}{_text(x + 33, 0, words, 11.8)}</g>')
        y += 25.5 if steps else 30


def _alt(scene: Scene) -> str:
    politburo = next((b for b in scene.centre["deciding"] if b.key == "politburo"), None)
    members = ", ".join(scene.circle["members"])
    return (
        f"The mechanism on {told_day(scene.day)} in three layers. Core: "
        + (f"an informal circle of {members}. " if members else "no circle. ")
        + (f"Bureaucracy: the Politburo with {politburo.decisions} decisions this month, {politburo.settled} settled before; " if politburo else "")
        + ", ".join(f"{row[0].bodies:,} {row[0].name}" for row in scene.below.values())
        + ". Outer forms: "
        + f"{sum(b.state in ('there', 'new') for g in GROUPS if g.layer == OUTER for b in scene.centre[g.name])} bodies of the Centre."
    )  # fmt: skip


def _caption(scene: Scene, seen: Seen) -> str:
    words = (
        f"Numbers are those of the run in {scene.first:%B %Y}. Left, what is seen; right, what is hidden; from top to bottom, from the "
        "Centre to the cell. Point at a body for its full name, its head and its month; follow it to its page. "
    )
    if seen.steps:
        words += f"Red: the way of “{seen.subject}”, step by step, each mark where it arrives; the same steps stand as a list below."
    else:
        words += "Who sits in the circle and who is General Secretary come out of the run; what the book says of that day stands beneath."
    return words


assert MIDDLE in _COLUMNS and OUTER in _COLUMNS
