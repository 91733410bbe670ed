"""The org chart as the constitution and the party rules have it: who elects or appoints whom."""

from __future__ import annotations

from drivebelt.report.drawing import Drawn
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.telling import day as told
from drivebelt.web.drawing import boxes as b
from drivebelt.web.drawing.boxes import Box
from drivebelt.web.drawing.orgchart import (
    DECIDE,
    FORMAL,
    LADDER_TOP,
    PARTY,
    PLACES,
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


def on_paper(c: Chart) -> Drawn:
    """Bodies and the order in which the party rules and the constitution put them."""
    put, frames = places(c.standing)
    parts = [b.heads("muted", "teal"), *titles(frames)]
    for key, box in put.items():
        above = next((k for k, row in c.standing.centre.items() if row["organ"] == c.standing.centre[key]["parent"]), None)
        if above in put and key in PLACES and above in PLACES:
            parts.append(b.path(_elbow(put[above], box), colour="muted", width=1.4, head=True))
    parts += [_seat(c, key, box) for key, box in put.items()]
    parts += _formal_ladder(c)
    seated = sum(1 for key in put if key not in ("circle",))
    return b.drawing(
        WIDTH, height(), parts,
        f"Org chart of {told(c.on)} as the rules have it: the party congress elects the Central Committee and the Central Control "
        "Commission, the Central Committee elects Politburo, Orgburo and Secretariat, which have departments; the Central "
        "Executive "
        "Committee appoints the Council of People's Commissars with its commissariats. Below, committees of five levels, each "
        f"elected from the level under it. {seated} bodies at the Centre.",
        "Arrows run from the body that elects or appoints to the body that answers to it; on the ladder they run upward, for there "
        "each level elects the next. The informal circle stands on no paper: its outline is dotted.",
    )  # fmt: skip


def _elbow(above: Box, under: Box) -> str:
    """From a body to one under it, in right angles: along where they stand side by side, otherwise down its left side."""
    if above.y == under.y:
        return f"M{above.right} {above.cy}H{under.x - 2}" if above.x < under.x else f"M{above.x} {above.cy}H{under.right + 2}"
    if under.y - above.bottom < 45:
        return (
            f"M{above.cx} {above.bottom}V{under.y - 2}"
            if above.x == under.x
            else f"M{above.x + 20} {above.bottom}V{above.bottom + 18}H{under.cx}V{under.y - 2}"
        )
    side = above.right + 14
    return f"M{above.right} {above.cy}H{side}V{under.cy}H{under.right + 2}"


def _seat(c: Chart, key: str, box: Box) -> str:
    """A body as paper knows it: its name and its filled seats."""
    organ, name, to = about(c, key)
    members, candidates = c.standing.seated.get(organ, (0, 0))
    if key == "circle":
        words = [
            b.text(box.cx, box.cy - 10 + 16 * i, w, 12, colour="muted", anchor="middle") for i, w in enumerate(("on no paper",))
        ]
        return b.link(to, b.rect(box, fill="none", line="muted", dash="1 5", width=1.4) + "".join(words), name)
    if key not in PLACES:
        return b.link(to, b.rect(box) + b.text(box.x + 7, box.y + 17.5, b.fit(short(name), box.w - 12, 11.5), 11.5), name)
    more = f", {candidates} candidate" + "s" * (candidates != 1) if candidates else ""
    seats = f"{members} members{more}" if key in DECIDE and members else ""
    return b.link(to, b.rect(box, width=1.4, line="ink") + named(name, box, FORMAL.get(key, ""), more=seats), name)


def _formal_ladder(c: Chart) -> list[str]:
    out = []
    for i, level in enumerate(LADDER):
        rungs = rung(c, i, level)
        y = rungs[0][0].cy
        out.append(b.text(20, y + 4, LEVEL_NAMES[level].split(" (")[0].capitalize(), 12.5, bold=True))
        for box, n, words, branch, to in rungs:
            out.append(
                b.link(
                    to, b.rect(box, line="ink" if branch else "muted") + b.text(box.x + 10, box.cy + 4.5, f"{n:,} {words}", 12.5)
                )
            )
            if i and branch:
                out.append(b.path(f"M{box.cx} {box.y}V{box.y - STEP + box.h + 3}", colour="muted", width=1.4, head=True))
            if i and branch == "party":
                out.append(b.text(box.cx + 12, box.y - 6, "elects the level above", 11.5, colour="muted"))
    congress = PLACES["party-congress"]
    out.append(b.path(f"M{PARTY.x + 20} {LADDER_TOP}V{LADDER_TOP - 12}H8V36H{congress.cx}V{congress.y - 2}", width=1.4, head=True))
    out.append(b.text(PARTY.x + 32, LADDER_TOP - 6, "sends delegates to the congress", 11.5, colour="muted", halo=True))
    return out
