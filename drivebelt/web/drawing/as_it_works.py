"""The org chart as it works: what flowed between the same bodies in a quarter, from the acts of the run."""

from __future__ import annotations

from drivebelt.report.drawing import Drawn
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.telling import day as told
from drivebelt.web.drawing import boxes as b
from drivebelt.web.drawing.boxes import Box
from drivebelt.web.drawing.orgchart import (
    DECIDE,
    DOCUMENTED,
    LADDER_TOP,
    MASK,
    PARTY,
    PLACES,
    STATE,
    STEP,
    WIDTH,
    Chart,
    about,
    height,
    named,
    places,
    rung,
    short,
    titles,
)
from drivebelt.web.quarter import LADDER

_NAMES = ("central-committee", "vtsik", "sovnarkom", "sto")
_BUS = (500.0, 320.0)
"""Where what the three bodies put out comes together before it goes out under other names."""


def as_it_works(c: Chart) -> Drawn:
    """The same bodies with what flowed between them in the quarter."""
    put, frames = places(c.standing)
    f = c.flows
    parts = [b.heads("red", "rust", "teal", "blue", "muted"), *titles(frames)]
    labels = list[str]()
    _settle(c, put, parts, labels)
    lent = _masks(c, put, frames, parts, labels)
    _apparatus(c, put, parts, labels)
    parts += [_working(c, key, box) for key, box in put.items()]
    parts += _working_ladder(c)
    decided, settled = (sum(x) for x in zip(*(f.settled(key) for key in DECIDE), strict=True))
    share = f"{100 * settled / decided:.0f} per cent" if decided else "none"
    return b.drawing(
        WIDTH, height(), [*parts, *labels, *_key()],
        f"The same bodies as they worked from {told(f.first)} to {told(f.last)}: of {decided:,} decisions of Politburo, Orgburo "
        f"and "
        f"Secretariat {settled:,} ({share}) were settled beforehand by the informal circle. They put out {lent:,} papers in the "
        f"name of "
        f"other bodies. {f.count('appoint'):,} posts were filled from above.",
        f"Counted from the acts of the quarter {told(f.first)} to {told(f.last)}; the wider a line, the more went that way (its "
        f"number "
        "stands beside it). Hatched with a broken edge: a mask, a body in whose name others acted more often than it did itself.",
    )  # fmt: skip


def _wide(n: int, whole: int) -> float:
    return 1.2 + 9 * (n / max(whole, 1)) ** 0.5


def _settle(c: Chart, put: dict[str, Box], parts: list[str], labels: list[str]) -> None:
    """What the circle settled for the three bodies."""
    whole = c.flows.count("decide", "poll", actor="circle")
    for key in DECIDE:
        n = c.flows.count("decide", "poll", actor="circle", name=key)
        if n and key in put and "circle" in put:
            y = put[key].cy
            parts.append(
                b.path(
                    f"M{put['circle'].right} {y}H{put[key].x - 3}",
                    colour="red",
                    width=_wide(n, whole),
                    title=f"settled beforehand: {n:,}",
                )
            )
            labels.append(
                b.text(
                    (put["circle"].right + put[key].x) / 2, y - 8, f"{n:,}", 12, colour="red", anchor="middle", bold=True, halo=True
                )
            )


def _masks(c: Chart, put: dict[str, Box], frames: dict[str, Box], parts: list[str], labels: list[str]) -> int:
    """Papers of the three bodies in the names of others: together at one place, and on to each name. Returns how many."""
    f = c.flows
    goals: dict[str, tuple[list[str], Box]] = {key: ([key], put[key]) for key in _NAMES if key in put}
    for title, frame in list(frames.items())[2:]:
        goals[title] = (
            [k for k, box in put.items() if k not in PLACES and frame.x <= box.x < frame.right and frame.y <= box.y < frame.bottom],
            frame,
        )
    masked = {key: f.count("issue", actor=key) - f.count("issue", actor=key, name=(key, "")) for key in DECIDE}
    whole = sum(masked.values())
    x, y = _BUS
    for key, n in masked.items():
        if n and key in put:
            box = put[key]
            parts.append(
                b.path(
                    b.curve(box.right, box.cy, x, y),
                    colour="rust",
                    width=_wide(n, whole),
                    dash="7 3",
                    title=f"put out under other names: {n:,}",
                )
            )
            labels.append(
                b.text(box.right + 10, box.cy + (-10 if box.cy < y else 20), f"{n:,}", 12, colour="rust", bold=True, halo=True)
            )
    for keys, box in goals.values():
        n = f.count("issue", actor=DECIDE, name=keys)
        if n:
            end = (box.x - 3, box.cy) if box.x > x else (box.right + 3, box.cy + 14)
            line = b.curve(x, y, *end) if box.x > x else f"M{x} {y}C{x} {y - 80} {x - 10} {end[1]} {end[0]} {end[1]}"
            parts.append(b.path(line, colour="rust", width=_wide(n, whole), dash="7 3", title=f"in this name: {n:,} papers"))
            labels.append(b.text(box.x - 10, box.cy - 9, f"{n:,}", 12, colour="rust", anchor="end", bold=True,
            halo=True) if box.x > x
                          else b.text(box.right + 12, box.cy + 34, f"{n:,}", 12, colour="rust", bold=True, halo=True))  # fmt: skip
    if whole:
        parts.append(f'<circle cx="{x}" cy="{y}" r="7" fill="var(--rust)"/>')
        labels += [
            b.text(x - 4, y + 76 + 16 * i, words, 12, colour="rust", bold=True, halo=True)
            for i, words in enumerate((f"{whole:,} papers", "in other names"))
        ]
    return whole


def _apparatus(c: Chart, put: dict[str, Box], parts: list[str], labels: list[str]) -> None:
    """Proposals to the Bureau, agendas from it, posts filled, papers to the ladder."""
    f = c.flows
    bureau, cadres, committee = (put.get(k) for k in ("bureau-of-secretariat", "uchraspred", "central-committee"))
    sent = f.count("propose", actor=[k for k, box in put.items() if box.x >= 660])
    if bureau and sent:
        parts.append(
            b.path(
                f"M648 {bureau.cy}H{bureau.right + 3}",
                colour="teal",
                width=_wide(sent, 2500),
                head=True,
                title=f"proposals: {sent:,}",
            )
        )
        parts.append(b.path("M648 48V700", colour="teal", width=2))
        labels.append(b.text(430, bureau.cy - 10, f"{sent:,} proposals of state bodies", 12, colour="teal", bold=True, halo=True))
    if bureau:
        for i, key in enumerate(DECIDE):
            n = f.count("enter-agenda", actor="bureau-of-secretariat", target=key)
            if n and key in put:
                x = put[key].x - 8 - 7 * (2 - i)
                parts.append(
                    b.path(
                        f"M{bureau.x} {bureau.y + 10 + 8 * (2 - i)}H{x}V{put[key].bottom - 10}H{put[key].x - 3}",
                        colour="teal",
                        width=1.6,
                        head=True,
                        title=f"put on its agenda: {n:,}",
                    )
                )
        n = f.count("enter-agenda", actor="bureau-of-secretariat")
        if n:
            labels.append(b.text(bureau.x + 6, bureau.y - 9, f"{n:,} put on agendas", 12, colour="teal", bold=True, halo=True))
    placed, top = f.count("appoint"), LADDER_TOP
    if cadres and placed:
        goal = top + STEP + PARTY.h / 2
        parts.append(
            b.path(
                f"M{cadres.x} {cadres.cy}H8V{goal}H{PARTY.x - 4}",
                colour="blue",
                width=_wide(placed, 4000),
                head=True,
                title=f"posts filled from above: {placed:,}",
            )
        )
        labels.append(b.text(20, goal - 28, f"{placed:,} posts filled from above", 12, colour="blue", bold=True, halo=True))
    down = f.count("receive", actor=("region party", "gubernia party"), target=(*DECIDE, "central-committee"))
    if committee and down:
        parts.append(
            b.path(
                f"M{committee.right} {committee.cy - 14}H628V{top - 30}H{PARTY.right - 40}V{top - 3}",
                colour="rust",
                width=_wide(down, 9000),
                head=True,
                dash="7 3",
                title=f"papers to the regions and provinces: {down:,}",
            )
        )
        labels.append(
            b.text(
                612, top - 40, f"{down:,} papers to regions and provinces", 12, colour="rust", anchor="end", bold=True, halo=True
            )
        )


def _working(c: Chart, key: str, box: Box) -> str:
    """A body with what it did in the quarter."""
    f = c.flows
    _, name, to = about(c, key)
    if key == "circle":
        return b.link(to, _circle(c, box), "The informal circle: who has come to an understanding")
    others, own = f.lent(key)
    mask = others > own
    look: b.Look = {**MASK} if mask else {"fill": "paper", "line": "ink", "width": 1.6}
    proposed = f.count("propose", actor=key)
    if key not in PLACES:
        count = f"{proposed} ↑" if proposed else ""
        count = f"{others} ▨ {count}".strip() if others else count
        size = box.w - 14 - 6.2 * len(count)
        tip = f"{name}: {proposed:,} proposals sent in; {others:,} papers put out in its name by others, {own:,} by itself"
        plain: b.Look = look if mask else {"line": "muted"}
        words = b.text(box.x + 7, box.y + 17.5, b.fit(short(name), size, 11.5), 11.5, halo=mask)
        return b.link(
            to,
            b.rect(box, **plain) + words + b.text(box.right - 6, box.y + 17.5, count, 11, colour="muted", anchor="end", halo=mask),
            tip,
        )
    if key in DECIDE:
        decided, settled = f.settled(key)
        under = f"{decided:,} decided, {100 * settled / decided:.0f} % settled before" if decided else "decided nothing"
        more = "" if key == "politburo" else f"fills {n:,} posts" if (n := f.count("appoint", actor=key)) else ""
        return b.link(to, b.rect(box, line="red", width=2.6) + named(name, box, under, "ink", more), name)
    if key == "uchraspred":
        return b.link(
            to, b.rect(box, line="blue", width=2) + named(name, box, f"fills {f.count('appoint', actor=key):,} posts", "ink"), name
        )
    if key == "bureau-of-secretariat":
        return b.link(
            to,
            b.rect(box, line="teal", width=2) + named(name, box, f"{f.count('sort-mail', actor=key):,} papers sorted", "ink"),
            name,
        )
    under = f"mask: {others:,} papers of others" if mask else f"{f.acts(key):,} acts" if f.acts(key) else "silent"
    more = f"{own:,} of its own" if mask else f"lends its name to {others:,}" if others else ""
    words = named(name, box, under, "ink" if f.acts(key) or mask else "muted", more)
    return b.link(
        to,
        b.rect(box, **look)
        + (words.replace("<text ", '<text stroke="var(--paper)" stroke-width="4" paint-order="stroke" ') if mask else words),
        name,
    )


def _circle(c: Chart, box: Box) -> str:
    documented = next((str(row["name"]) for key, row in c.standing.centre.items() if key in DOCUMENTED), None)
    settled = c.flows.count("decide", "poll", actor="circle")
    out = b.rect(box, fill="ground", line="red", width=2.6, round_by=18)
    y = box.y + 24
    out += b.text(box.cx, y, "Informal circle", 13.5, anchor="middle", bold=True)
    out += b.text(box.cx, y + 17, f"settles {settled:,}" if c.circle else "none has formed", 11.5, colour="red", anchor="middle")
    for i, row in enumerate(c.circle[:8]):
        out += b.text(box.cx, y + 40 + 16.5 * i, b.fit(str(row["name"]), box.w - 12, 12), 12, anchor="middle")
    if documented:
        out += b.text(
            box.cx, box.bottom - 12, f"documented: {documented[:1].lower()}{documented[1:]}", 11, colour="muted", anchor="middle"
        )
    return out


def _working_ladder(c: Chart) -> list[str]:
    out = []
    f = c.flows
    for i, level in enumerate(LADDER):
        rungs = rung(c, i, level)
        box = rungs[0][0]
        out.append(b.text(20, box.cy + 4, LEVEL_NAMES[level].split(" (")[0].capitalize(), 12.5, bold=True, halo=True))
        handed = f.count("issue", actor=f"{level} party", name=f"{level} state")
        own = f.count("issue", actor=f"{level} state", name=f"{level} state")
        if i:
            above = [f"{x} party" for x in LADDER[:i]]
            down, up = (
                f.count("receive", actor=f"{level} party", target=above),
                f.count("report", actor=f"{level} party", target=above),
            )
            top = box.y - STEP + box.h
            out.append(
                b.path(
                    f"M{box.right - 40} {top}V{box.y - 2}",
                    colour="rust",
                    width=_wide(down, 400_000),
                    head=True,
                    title=f"papers from above: {down:,}",
                )
            )
            out.append(
                b.path(
                    f"M{box.x + 40} {box.y}V{top + 2}",
                    colour="teal",
                    width=_wide(up, 400_000),
                    head=True,
                    title=f"reports upward: {up:,}",
                )
            )
            out.append(b.text(box.right - 28, box.y - 6, f"{down:,} papers", 11.5, colour="rust", halo=True))
            out.append(b.text(box.x + 52, box.y - 6, f"{up:,} reports", 11.5, colour="teal", halo=True))
        if handed:
            out.append(
                b.path(
                    f"M{box.right} {box.cy}H{STATE.x - 4}",
                    colour="rust",
                    width=_wide(handed, 30_000),
                    dash="7 3",
                    title=f"in the name of the executive committees: {handed:,}",
                )
            )
            out.append(
                b.text(
                    (box.right + STATE.x) / 2,
                    box.cy - 8,
                    f"{handed:,} papers in its name",
                    11.5,
                    colour="rust",
                    anchor="middle",
                    bold=True,
                    halo=True,
                )
            )
        for place, n, words, branch, to in rungs:
            mask = branch == "state" and handed > own
            look: b.Look = {**MASK} if mask else {"line": "ink" if branch else "muted"}
            label = f"{n:,} {words}" + (f"; own: {own:,}" if mask else "")
            out.append(
                b.link(
                    to,
                    b.rect(place, **look) + b.text(place.x + 10, place.cy + 4.5, b.fit(label, place.w - 12, 12.5), 12.5, halo=mask),
                )
            )
    return out


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
