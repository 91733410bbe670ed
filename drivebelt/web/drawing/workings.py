"""Bodies with what they did in a quarter: those of the Centre, and the levels below it."""

from __future__ import annotations

from drivebelt.report.words import LEVEL_NAMES
from drivebelt.web.drawing import boxes as b
from drivebelt.web.drawing.boxes import Box
from drivebelt.web.drawing.orgchart import DECIDE, DOCUMENTED, MASK, PLACES, STATE, STEP, Chart, about, named, rung, short
from drivebelt.web.drawing.sheet import Sheet, wide
from drivebelt.web.quarter import LADDER


def working(c: Chart, key: str, box: Box) -> str:
    """A body of the Centre with what it did in the quarter."""
    f = c.flows
    _, name, to = about(c, key)
    if key == "circle":
        return b.link(to, _circle(c, box), "The informal circle: who has come to an understanding")
    if key not in PLACES:
        return _small(c, key, box)
    if key in DECIDE:
        decided, settled = f.settled(key)
        under = f"{decided:,} decided, {100 * settled / decided:.0f} % settled before" if decided else "decided nothing"
        more = "" if key == "politburo" else f"fills {n:,} posts" if (n := f.count("appoint", actor=key)) else ""
        return b.link(to, b.rect(box, line="red", width=2.6) + named(name, box, under, "ink", more), name)
    if key in _OFFICES:
        colour, kind, words = _OFFICES[key]
        under = words.format(f"{f.count(kind, actor=key):,}")
        return b.link(to, b.rect(box, line=colour, width=2) + named(name, box, under, "ink"), name)
    others, own = f.lent(key)
    mask = others > own
    under = f"mask: {others:,} papers of others" if mask else f"{f.acts(key):,} acts" if f.acts(key) else "silent"
    more = f"{own:,} of its own" if mask else f"lends its name to {others:,}" if others else ""
    look: b.Look = {**MASK} if mask else {"fill": "paper", "line": "ink", "width": 1.6}
    words = named(name, box, under, "ink" if f.acts(key) or mask else "muted", more)
    if mask:
        words = words.replace("<text ", '<text stroke="var(--paper)" stroke-width="4" paint-order="stroke" ')
    return b.link(to, b.rect(box, **look) + words, name)


_OFFICES = {
    "uchraspred": ("blue", "appoint", "fills {} posts"),
    "bureau-of-secretariat": ("teal", "sort-mail", "{} papers sorted"),
}
"""Offices of the apparatus: colour, the act that is counted, and how it is told."""


def _small(c: Chart, key: str, box: Box) -> str:
    """A small body: papers of others in its name, and its proposals."""
    f = c.flows
    _, name, to = about(c, key)
    others, own = f.lent(key)
    mask = others > own
    proposed = f.count("propose", actor=key)
    count = f"{proposed} ↑" if proposed else ""
    count = f"{others} ▨ {count}".strip() if others else count
    size = box.w - 14 - 6.2 * len(count)
    tip = f"{name}: {proposed:,} proposals sent in; {others:,} papers put out in its name by others, {own:,} by itself"
    look: b.Look = {**MASK} if mask else {"line": "muted"}
    words = b.text(box.x + 7, box.y + 17.5, b.fit(short(name), size, 11.5), 11.5, halo=mask)
    number = b.text(box.right - 6, box.y + 17.5, count, 11, colour="muted", anchor="end", halo=mask)
    return b.link(to, b.rect(box, **look) + words + number, tip)


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


def ladder(c: Chart) -> list[str]:
    """The levels below the Centre: papers down, reports up, and what committees put out in the name of state bodies."""
    return [x for i, level in enumerate(LADDER) for x in _step(c, i, level)]


def _step(c: Chart, i: int, level: str) -> list[str]:
    """One level with what goes between it and those above."""
    f, s, rungs = c.flows, Sheet(), rung(c, i, level)
    box = rungs[0][0]
    s.parts.append(b.text(20, box.cy + 4, LEVEL_NAMES[level].split(" (")[0].capitalize(), 12.5, bold=True, halo=True))
    handed = f.count("issue", actor=f"{level} party", name=f"{level} state")
    own = f.count("issue", actor=f"{level} state", name=f"{level} state")
    if i:
        above, top = [f"{x} party" for x in LADDER[:i]], box.y - STEP + box.h
        down, up = (f.count(kind, actor=f"{level} party", target=above) for kind in ("receive", "report"))
        right, left = box.right - 40, box.x + 40
        s.line(f"M{right} {top}V{box.y - 2}", "rust", wide(down, 400_000), f"papers from above: {down:,}", head=True)
        s.line(f"M{left} {box.y}V{top + 2}", "teal", wide(up, 400_000), f"reports upward: {up:,}", head=True)
        s.parts.append(b.text(box.right - 28, box.y - 6, f"{down:,} papers", 11.5, colour="rust", halo=True))
        s.parts.append(b.text(box.x + 52, box.y - 6, f"{up:,} reports", 11.5, colour="teal", halo=True))
    if handed:
        title = f"in the name of the executive committees: {handed:,}"
        s.line(f"M{box.right} {box.cy}H{STATE.x - 4}", "rust", wide(handed, 30_000), title, dash="7 3")
        middle, words = (box.right + STATE.x) / 2, f"{handed:,} papers in its name"
        s.parts.append(b.text(middle, box.cy - 8, words, 11.5, colour="rust", anchor="middle", bold=True, halo=True))
    for place, n, words, branch, to in rungs:
        mask = branch == "state" and handed > own
        look: b.Look = {**MASK} if mask else {"line": "ink" if branch else "muted"}
        label = b.fit(f"{n:,} {words}" + (f"; own: {own:,}" if mask else ""), place.w - 12, 12.5)
        s.parts.append(b.link(to, b.rect(place, **look) + b.text(place.x + 10, place.cy + 4.5, label, 12.5, halo=mask)))
    return s.parts
