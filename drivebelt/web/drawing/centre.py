"""The bodies of the Centre in their three layers."""

from __future__ import annotations

import math

from markupsafe import escape

from drivebelt.report.words import number
from drivebelt.telling.words import day as told_day
from drivebelt.web.drawing.boxes import Box
from drivebelt.web.drawing.chips import CENTRE, COLUMNS, LANE, PAD, TOP, Link, chip, doing, frame, mask, text, told
from drivebelt.web.drawing.steps import Place
from drivebelt.web.layers import GROUPS, Body, Scene
from drivebelt.web.travel import Node

_HEAD = 16.0
_ROWS = (("congress",), ("soviets",), ("commissariats",), ("economy",), ("force",), ("courts", "press"))
"""Groups of the outer forms that stand in one row."""
_IN_A_ROW = 6


def draw_outer(out: list[str], scene: Scene, places: dict[Node, Place], link: Link) -> None:
    """What the country sees: a box a body, by group; their places go into `places`."""
    x0, width = COLUMNS["outer"]
    titles = {g.name: g.title for g in GROUPS}
    rows = [(names, [(name, b) for name in names for b in scene.centre[name]]) for names in _ROWS]
    lines = sum(-(-max(len(bodies), 1) // _IN_A_ROW) for _, bodies in rows)
    high = min(31.0, (CENTRE - PAD - len(rows) * (_HEAD + 4)) / lines - 4)
    w = (width - 2 * PAD - (_IN_A_ROW - 1) * 5) / _IN_A_ROW
    y = TOP
    for _, bodies in rows:
        last = ""
        for i, (name, body) in enumerate(bodies):
            column, line = i % _IN_A_ROW, i // _IN_A_ROW
            box = Box(x0 + PAD + column * (w + 5), y + _HEAD + line * (high + 4), w, high)
            if name != last:
                out.append(text(box.x, y + 11, titles[name], 11.8, colour="muted"))
                last = name
            chip(out, box, body, link, doing(body))
            places["centre", body.branch, body.organ] = Place(box)
        y += _HEAD + -(-max(len(bodies), 1) // _IN_A_ROW) * (high + 4) + 4


def draw_middle(out: list[str], scene: Scene, places: dict[Node, Place], link: Link) -> None:
    """The bodies of the party that decide, with what had been settled before them, and their offices."""
    x0, width = COLUMNS["bureaucracy"]
    x, w = x0 + LANE, width - PAD - LANE
    lane = x0 + LANE / 2

    def put(body: Body, box: Box, *lines: tuple[str, float, str]) -> None:
        to, y = link(body), box.y + 16
        inner = [
            f"<title>{escape(told(body))}</title>",
            frame(box, body),
            text(box.x + 8, y, body.short, 13, bold=True, room=box.w - 14),
        ]
        for words, size, colour in lines:
            y += size + 4.5
            inner.append(text(box.x + 8, y, words, size, colour=colour, bold=size > 16, room=box.w - 14))
        if body.masked and not body.decisions:
            inner.append(mask(box))
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
    y = TOP + 2
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
        said = f"{number(body.settled)} settled before"
        out.append(text(box.x + 8, box.bottom - 9, said, 11.5, colour="red" if body.settled else "muted", room=each - 14))
    y += 111
    for body in scene.centre["bureau"]:
        opened, put_on = body.did.get("sort-mail", 0), body.did.get("enter-agenda", 0)
        said = f"opens {number(opened)} papers, sets {number(put_on)} on agendas"
        put(body, Box(x, y, w, 42), (said + (f" · {body.head}" if body.head else ""), 11.8, "muted"))
    y += 48
    for name, columns in (("secret", 3), ("departments", 4)):
        title = next(g.title for g in GROUPS if g.name == name)
        out.append(text(x, y + 11, title, 11.8, colour="muted"))
        cell = (w - 5 * (columns - 1)) / columns
        for i, body in enumerate(scene.centre[name]):
            box = Box(x + i % columns * (cell + 5), y + _HEAD + i // columns * 35, cell, 31)
            chip(out, box, body, link, doing(body))
            places["centre", body.branch, body.organ] = Place(box)
        y += _HEAD + -(-len(scene.centre[name]) // columns) * 35 + 2


def draw_core(out: list[str], scene: Scene, places: dict[Node, Place]) -> None:
    """The circle of the run on that day, who heads the Secretariat, and the circle that the book knows."""
    x0, width = COLUMNS["core"]
    cx, members = x0 + width / 2, scene.circle["members"]
    body = scene.body("circle")
    agreed = body.did.get("agree", 0) if body else 0
    radius, cy = 78.0, TOP + 84.0
    box = Box(cx - radius, cy - radius, 2 * radius, 2 * radius)
    inner = [f"<title>{escape(told(body) if body else '')}</title>"]
    if members:
        at = f'<circle cx="{cx:g}" cy="{cy:g}"'
        inner.append(f'{at} r="{radius:g}" fill="var(--red)"/>')
        inner.append(f'{at} r="{radius - 4:g}" fill="none" stroke="var(--paper)" stroke-dasharray="1 4"/>')
        step = min(17.0, 118 / len(members))
        for i, name in enumerate(members):
            star = " ★" if name == scene.head else ""
            y = cy + (i - (len(members) - 1) / 2) * step + 4.5
            inner.append(text(cx, y, name + star, min(13, step - 1.5), bold=bool(star), colour="paper", anchor="middle"))
    else:
        inner.append(
            f'<circle cx="{cx:g}" cy="{cy:g}" r="{radius:g}" fill="none" stroke="var(--muted)" stroke-dasharray="2 3"/>'
            + text(cx, cy - 2, "no understanding", 12.5, colour="muted", anchor="middle")
            + text(cx, cy + 15, "in force yet", 12.5, colour="muted", anchor="middle")
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
        out.append(text(cx, y, words, size, bold=bold, colour=colour, anchor="middle"))
    known = scene.documented
    if known:
        y += 12
        out.append(f'<path d="M{x0 + 24:g} {y - 4:g}H{x0 + width - 24:g}" stroke="var(--line)"/>')
        for words in _wrapped(f"In the book: {known['name'].lower()}: " + ", ".join(_surname(n) for n in known["members"]), 30):
            y += 14.5
            out.append(text(cx, y, words, 11.5, colour="muted", anchor="middle"))


def _surname(name: str) -> str:
    return name.rsplit(". ", 1)[-1]


def _wrapped(words: str, most: int) -> list[str]:
    out = [""]
    for word in words.split():
        if len(out[-1]) + len(word) + 1 > most and out[-1]:
            out.append("")
        out[-1] = f"{out[-1]} {word}".strip()
    return out
