"""Where the bodies of the Centre and the ladder below stand in both org charts, and under which names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from drivebelt.web.drawing import boxes as b
from drivebelt.web.drawing.boxes import Box
from drivebelt.web.quarter import LADDER, Flows, Standing

WIDTH = 1240
PLACES = {
    "party-conference": Box(20, 48, 165, 52), "party-congress": Box(205, 48, 200, 52), "ccc": Box(430, 48, 170, 52),
    "central-committee": Box(205, 134, 200, 62), "circle": Box(20, 232, 140, 222), "politburo": Box(205, 232, 200, 62),
    "orgburo": Box(205, 312, 200, 62), "secretariat": Box(205, 392, 200, 62), "uchraspred": Box(20, 490, 150, 52),
    "bureau-of-secretariat": Box(205, 490, 200, 52), "vtsik": Box(660, 48, 220, 62), "sovnarkom": Box(660, 124, 220, 62),
    "sto": Box(660, 200, 220, 62),
}  # fmt: skip
"""Where the larger bodies stand."""


class Group(NamedTuple):
    """Small bodies that stand together: heading, left upper corner, width of a box, columns, and who belongs there."""

    title: str
    x: float
    y: float
    wide: float
    columns: int
    branches: tuple[str, ...]
    also: tuple[str, ...] = ()
    """Bodies that stand here whatever their branch."""


GROUPS = (
    Group("Departments of the CC, its press and its youth", 20, 580, 190, 3, ("party", "youth"), ("pravda",)),
    Group("Police, courts and army", 905, 66, 152, 2, ("police", "procuracy", "justice", "army")),
    Group("People's commissariats", 660, 298, 180, 3, ("state",), ("nk-military", "nk-justice")),
    Group("Economy", 660, 504, 180, 3, ("economy",)),
    Group("Press and trade unions", 660, 592, 180, 3, ("press", "union")),
)
GAP, SMALL_STEP, SMALL_HEIGHT = 10, 30, 26
LADDER_TOP = 796
STEP = 56
PARTY, STATE, OTHERS = Box(205, 0, 250, 36), Box(660, 0, 250, 36), Box(940, 0, 280, 36)
SHORT = {
    "Central Executive Committee (VTsIK)": "Central Executive (VTsIK)",
    "Registration and Distribution Department": "Uchraspred (cadres)",
    "Central Committee of the Komsomol": "Komsomol CC", "Executive Committee of the Communist International": "Comintern executive",
    "Supreme Council of the National Economy": "National Economy (VSNKh)",
    "Main Administration for Literature and Publishing": "Glavlit (censorship)",
    "Central Union of Consumer Co-operatives": "Consumer co-operatives",
    "All-Union Central Council of Trade Unions": "Trade unions (VTsSPS)",
    "ROSTA and from July 1925 TASS": "ROSTA, later TASS", "Supreme Tribunal and from 1923 Supreme Court": "Supreme Court",
    "Workers' and Peasants' Inspection": "Inspection (Rabkrin)",
    "Political Administration of the Red Army": "Army's politics (PUR)",
    "Commission on the history of the party": "Party history (Istpart)", "Revolutionary Military Council": "Military Council",
    "Special (cipher) Department of the OGPU": "OGPU cipher dept.",
    "Technical secretariat of the Politburo": "Technical secretariat",
    "Small Council of People's Commissars": "Small Sovnarkom", "Khleboprodukt share company": "Khleboprodukt",
    "Council of People's Commissars": "Sovnarkom",
    "Council of Labour and Defence": "Labour and Defence (STO)", "Central Control Commission": "Control Commission",
    "People's Commissariat of Internal Affairs of the RSFSR": "Internal Affairs (RSFSR)",
    "Bureau of the Secretariat": "Bureau of the Secretariat",
}  # fmt: skip
"""Names for small boxes; the whole name is told when a pointer rests there, and on the body's own card."""
LESS = ("People's Commissariat of ", "Department of ", " of the CC", "Editorial board of ", " of the OGPU")
FORMAL = {
    "party-congress": "highest body of the party", "party-conference": "delegates of committees", "ccc": "elected by the congress",
    "central-committee": "elected by the congress", "politburo": "elected by the CC", "orgburo": "elected by the CC",
    "secretariat": "elected by the CC",
    "uchraspred": "department", "bureau-of-secretariat": "office of the Secretariat", "vtsik": "elected by the Congress of Soviets",
    "sovnarkom": "answers to the VTsIK", "sto": "commission of the Sovnarkom",
}  # fmt: skip
"""How the larger bodies stand on paper."""
DECIDE = ("politburo", "orgburo", "secretariat")
MASK: b.Look = {"fill": "url(#mask)", "dash": "5 3", "line": "rust", "width": 1.6}
"""How a body looks in whose name others act."""
DOCUMENTED = ("troika", "seven", "nine")

Address = Callable[..., str]


class Chart(NamedTuple):
    """What both charts are drawn from."""

    on: date
    standing: Standing
    flows: Flows
    circle: list[dict[str, Any]]
    to: Address
    """The address of something in the run."""


def short(name: str) -> str:
    """The name of a body as it fits into a small box."""
    if name in SHORT:
        return SHORT[name]
    for less in LESS:
        name = name.replace(less, "")
    return name[:1].upper() + name[1:]


def places(standing: Standing) -> tuple[dict[str, Box], dict[str, Box]]:
    """Where every body of the Centre stands, and the frames of the groups of small ones."""
    out = {key: box for key, box in PLACES.items() if key in standing.centre}
    frames = {}
    named = {key for group in GROUPS for key in group.also}
    for g in GROUPS:
        mine = [
            key for key, row in standing.centre.items()
            if key not in PLACES and key not in DOCUMENTED
            and (key in g.also or (row["branch"] in g.branches and key not in named))
        ]  # fmt: skip
        for i, key in enumerate(sorted(mine, key=lambda k: short(str(standing.centre[k]["name"])))):
            across, down = i % g.columns, i // g.columns
            out[key] = Box(g.x + (g.wide + GAP) * across, g.y + SMALL_STEP * down, g.wide, SMALL_HEIGHT)
        rows = -(-len(mine) // g.columns)
        frames[g.title] = Box(g.x, g.y, (g.wide + GAP) * g.columns - GAP, max(SMALL_STEP * rows - 4, SMALL_HEIGHT))
    return out, frames


def height() -> float:
    """How high both charts are."""
    return LADDER_TOP + STEP * len(LADDER) + 44


def titles(frames: dict[str, Box]) -> list[str]:
    """The headings of the parts and of the groups."""
    out = [
        b.text(20, 26, "THE PARTY", 13, colour="red", bold=True), b.text(660, 26, "THE STATE", 13, colour="red", bold=True),
        b.text(20, LADDER_TOP - 22, "THE LADDER BELOW", 13, colour="red", bold=True),
    ]  # fmt: skip
    return [*out, *(b.text(box.x, box.y - 8, title, 12, colour="muted") for title, box in frames.items())]


def about(c: Chart, key: str) -> tuple[int, str, str]:
    """Number, name and address of a body of the Centre."""
    row = c.standing.centre[key]
    return int(row["organ"]), str(row["name"]), c.to("body", row["organ"], at=c.on.isoformat())  # type: ignore[call-overload]


def named(name: str, box: Box, under: str, colour: str = "muted", more: str = "") -> str:
    """A name with one or two lines under it, in the middle of a box."""
    name = b.fit(short(name), box.w - 16, 13.5)
    rows = 1 + bool(under) + bool(more)
    y = box.cy - 8.5 * (rows - 1) + 4.5
    out = b.text(box.x + 10, y, name, 13.5, bold=True)
    for i, (words, hue) in enumerate(((under, colour), (more, "muted"))):
        if words:
            out += b.text(box.x + 10, y + 17 * (i + 1), b.fit(words, box.w - 12, 11.5), 11.5, colour=hue)
    return out


PARTY_BODY = {
    "region": "regional committees and bureaus",
    "gubernia": "provincial committees",
    "uezd": "uezd committees",
    "volost": "volost committees",
    "cell": "cells",
}
STATE_BODY = {
    "region": "regional executives",
    "gubernia": "provincial executives",
    "uezd": "uezd executives",
    "volost": "volost executives",
}


def rung(c: Chart, i: int, level: str) -> list[tuple[Box, int, str, str, str]]:
    """The boxes of a level: place, number of bodies, words, branch, address."""
    y = LADDER_TOP + STEP * i
    below = c.standing.below
    others = sum(n for (lv, branch), n in below.items() if lv == level and branch not in ("party", "state"))
    out = [(PARTY._replace(y=y), below.get((level, "party"), 0), PARTY_BODY[level], "party")]
    if level in STATE_BODY:
        out.append((STATE._replace(y=y), below.get((level, "state"), 0), STATE_BODY[level], "state"))
    if others:
        out.append((OTHERS._replace(y=y), others, "police, courts, press, unions", ""))
    return [
        (box, n, words, branch, c.to("bodies", at=c.on.isoformat(), level=level, branch=branch) + "#table-bodies")
        for box, n, words, branch in out
    ]
