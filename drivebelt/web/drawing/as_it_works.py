"""The org chart as it works: what flowed between the same bodies in a quarter, from the acts of the run."""

from __future__ import annotations

from drivebelt.report.drawing import Drawn
from drivebelt.telling.words import day as told
from drivebelt.web.drawing import boxes as b
from drivebelt.web.drawing.boxes import Box
from drivebelt.web.drawing.orgchart import DECIDE, LADDER_TOP, PARTY, PLACES, STEP, WIDTH, Chart, height, places, titles
from drivebelt.web.drawing.sheet import Sheet, wide
from drivebelt.web.drawing.workings import ladder, working

_NAMES = ("central-committee", "vtsik", "sovnarkom", "sto")
_BUS = (500.0, 320.0)
"""Where what the three bodies put out comes together before it goes out under other names."""


def as_it_works(c: Chart) -> Drawn:
    """The same bodies with what flowed between them in the quarter."""
    put, frames = places(c.standing)
    f, s = c.flows, Sheet()
    s.parts += [b.heads("red", "rust", "teal", "blue", "muted"), *titles(frames)]
    _settle(c, put, s)
    lent = _masks(c, put, frames, s)
    _proposals(c, put, s)
    _agendas(c, put, s)
    _posts_and_papers(c, put, s)
    s.parts += [working(c, key, box) for key, box in put.items()]
    s.parts += ladder(c)
    decided, settled = (sum(x) for x in zip(*(f.settled(key) for key in DECIDE), strict=True))
    share = f"{100 * settled / decided:.0f} per cent" if decided else "none"
    return b.drawing(
        WIDTH, height(), [*s.parts, *s.labels, *_key()],
        f"The same bodies as they worked from {told(f.first)} to {told(f.last)}: of {decided:,} decisions of Politburo, Orgburo "
        f"and Secretariat {settled:,} ({share}) were settled beforehand by the informal circle. They put out {lent:,} papers in "
        f"the name of other bodies. {f.count('appoint'):,} posts were filled from above.",
        f"Counted from the acts of the quarter {told(f.first)} to {told(f.last)}; the wider a line, the more went that way (its "
        "number stands beside it). Hatched with a broken edge: a mask, a body in whose name others acted more often than it did "
        "itself.",
    )  # fmt: skip


def _settle(c: Chart, put: dict[str, Box], s: Sheet) -> None:
    """What the circle settled for the three bodies."""
    whole = c.flows.count("decide", "poll", actor="circle")
    for key in DECIDE:
        n = c.flows.count("decide", "poll", actor="circle", name=key)
        if n and key in put and "circle" in put:
            left, box = put["circle"].right, put[key]
            s.line(f"M{left} {box.cy}H{box.x - 3}", "red", wide(n, whole), f"settled beforehand: {n:,}")
            s.label((left + box.x) / 2, box.cy - 8, f"{n:,}", "red", anchor="middle")


def _masks(c: Chart, put: dict[str, Box], frames: dict[str, Box], s: Sheet) -> int:
    """Papers of the three bodies in the names of others: together at one place, and on to each name. Returns how many."""
    f = c.flows
    masked = {key: f.count("issue", actor=key) - f.count("issue", actor=key, name=(key, "")) for key in DECIDE}
    whole = sum(masked.values())
    x, y = _BUS
    for key, n in masked.items():
        if n and key in put:
            box = put[key]
            s.line(b.curve(box.right, box.cy, x, y), "rust", wide(n, whole), f"put out under other names: {n:,}", dash="7 3")
            s.label(box.right + 10, box.cy + (-10 if box.cy < y else 20), f"{n:,}", "rust")
    for keys, box in _goals(put, frames):
        n = f.count("issue", actor=DECIDE, name=keys)
        if n and box.x > x:
            points = b.curve(x, y, box.x - 3, box.cy)
            s.label(box.x - 10, box.cy - 9, f"{n:,}", "rust", anchor="end")
        elif n:
            end = (box.right + 3, box.cy + 14)
            points = f"M{x} {y}C{x} {y - 80} {x - 10} {end[1]} {end[0]} {end[1]}"
            s.label(box.right + 12, box.cy + 34, f"{n:,}", "rust")
        if n:
            s.line(points, "rust", wide(n, whole), f"in this name: {n:,} papers", dash="7 3")
    if whole:
        s.parts.append(f'<circle cx="{x}" cy="{y}" r="7" fill="var(--rust)"/>')
        for i, words in enumerate((f"{whole:,} papers", "in other names")):
            s.label(x - 4, y + 76 + 16 * i, words, "rust")
    return whole


def _goals(put: dict[str, Box], frames: dict[str, Box]) -> list[tuple[list[str], Box]]:
    """Where papers in other names go: to single bodies, and to groups of small ones as a whole."""
    small = {key: box for key, box in put.items() if key not in PLACES}
    groups = [
        ([k for k, box in small.items() if frame.x <= box.x < frame.right and frame.y <= box.y < frame.bottom], frame)
        for frame in list(frames.values())[2:]
    ]
    return [*(([key], put[key]) for key in _NAMES if key in put), *groups]


def _proposals(c: Chart, put: dict[str, Box], s: Sheet) -> None:
    """Proposals of the state bodies to the Bureau of the Secretariat."""
    bureau = put.get("bureau-of-secretariat")
    sent = c.flows.count("propose", actor=[k for k, box in put.items() if box.x >= 660])
    if bureau and sent:
        s.line(f"M648 {bureau.cy}H{bureau.right + 3}", "teal", wide(sent, 2500), f"proposals: {sent:,}", head=True)
        s.parts.append(b.path("M648 48V700", colour="teal", width=2))
        s.label(430, bureau.cy - 10, f"{sent:,} proposals of state bodies", "teal")


def _agendas(c: Chart, put: dict[str, Box], s: Sheet) -> None:
    """What the Bureau puts on the agendas of the three bodies."""
    f, bureau = c.flows, put.get("bureau-of-secretariat")
    if bureau is None:
        return
    for i, key in enumerate(DECIDE):
        n = f.count("enter-agenda", actor="bureau-of-secretariat", target=key)
        if n and key in put:
            box = put[key]
            points = f"M{bureau.x} {bureau.y + 10 + 8 * (2 - i)}H{box.x - 8 - 7 * (2 - i)}V{box.bottom - 10}H{box.x - 3}"
            s.line(points, "teal", 1.6, f"put on its agenda: {n:,}", head=True)
    n = f.count("enter-agenda", actor="bureau-of-secretariat")
    if n:
        s.label(bureau.x + 6, bureau.y - 9, f"{n:,} put on agendas", "teal")


def _posts_and_papers(c: Chart, put: dict[str, Box], s: Sheet) -> None:
    """Posts filled from above, and papers sent down to the ladder."""
    f, top = c.flows, LADDER_TOP
    cadres, committee = put.get("uchraspred"), put.get("central-committee")
    placed = f.count("appoint")
    if cadres and placed:
        goal = top + STEP + PARTY.h / 2
        points = f"M{cadres.x} {cadres.cy}H8V{goal}H{PARTY.x - 4}"
        s.line(points, "blue", wide(placed, 4000), f"posts filled from above: {placed:,}", head=True)
        s.label(20, goal - 28, f"{placed:,} posts filled from above", "blue")
    down = f.count("receive", actor=("region party", "gubernia party"), target=(*DECIDE, "central-committee"))
    if committee and down:
        points = f"M{committee.right} {committee.cy - 14}H628V{top - 30}H{PARTY.right - 40}V{top - 3}"
        s.line(points, "rust", wide(down, 9000), f"papers to the regions and provinces: {down:,}", dash="7 3", head=True)
        s.label(612, top - 40, f"{down:,} papers to regions and provinces", "rust", anchor="end")


def _key() -> list[str]:
    y = height() - 14
    out, x = [], 20.0
    for colour, dash, words in (
        ("red", "", "settled beforehand"), ("rust", "7 3", "put out in another name; sent down"),
        ("teal", "", "proposals, agendas, reports"),
        ("blue", "", "posts filled from above"),
    ):  # fmt: skip
        out += [b.path(f"M{x} {y - 4}H{x + 34}", colour=colour, width=4, dash=dash), b.text(x + 42, y, words, 12, colour="ink")]
        x += 62 + 5.9 * len(words)
    out += [
        b.rect(Box(x, y - 13, 34, 18), fill="url(#mask)", line="rust", dash="5 3"),
        b.text(x + 42, y, "mask; ▨ papers in its name, ↑ its proposals", 12),
    ]
    return out
