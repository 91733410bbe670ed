"""The bodies of the Centre and the ladder below, each at one place: as the constitution has them, and as they work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from drivebelt.report.drawing import Drawn
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.telling import day as told
from drivebelt.web.drawing import boxes as b
from drivebelt.web.drawing.boxes import Box
from drivebelt.web.flows import LADDER, Flows, Standing

WIDTH = 1240
PLACES = {
    "party-conference": Box(20, 48, 165, 52), "party-congress": Box(205, 48, 200, 52), "ccc": Box(430, 48, 170, 52),
    "central-committee": Box(205, 134, 200, 62), "circle": Box(20, 232, 140, 222), "politburo": Box(205, 232, 200, 62),
    "orgburo": Box(205, 312, 200, 62), "secretariat": Box(205, 392, 200, 62), "uchraspred": Box(20, 490, 165, 52),
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
    "Central Executive Committee (VTsIK)": "Central Executive (VTsIK)", "Registration and Distribution Department": "Uchraspred (cadres)",
    "Central Committee of the Komsomol": "Komsomol CC", "Executive Committee of the Communist International": "Comintern executive",
    "Supreme Council of the National Economy": "National Economy (VSNKh)", "Main Administration for Literature and Publishing": "Glavlit (censorship)",
    "Central Union of Consumer Co-operatives": "Consumer co-operatives", "All-Union Central Council of Trade Unions": "Trade unions (VTsSPS)",
    "ROSTA and from July 1925 TASS": "ROSTA, later TASS", "Supreme Tribunal and from 1923 Supreme Court": "Supreme Court",
    "Workers' and Peasants' Inspection": "Inspection (Rabkrin)", "Political Administration of the Red Army": "Army's politics (PUR)",
    "Commission on the history of the party": "Party history (Istpart)", "Revolutionary Military Council": "Military Council",
    "Special (cipher) Department of the OGPU": "OGPU cipher dept.", "Technical secretariat of the Politburo": "Technical secretariat",
    "Small Council of People's Commissars": "Small Sovnarkom", "Khleboprodukt share company": "Khleboprodukt", "Council of People's Commissars": "Sovnarkom",
    "Council of Labour and Defence": "Labour and Defence (STO)", "Central Control Commission": "Control Commission",
    "People's Commissariat of Internal Affairs of the RSFSR": "Internal Affairs (RSFSR)", "Bureau of the Secretariat": "Bureau of the Secretariat",
}  # fmt: skip
"""Names for small boxes; the whole name is told when a pointer rests there, and on the body's own card."""
LESS = ("People's Commissariat of ", "Department of ", " of the CC", "Editorial board of ", " of the OGPU")
FORMAL = {
    "party-congress": "highest body of the party", "party-conference": "delegates of committees", "ccc": "elected by the congress",
    "central-committee": "elected by the congress", "politburo": "elected by the CC", "orgburo": "elected by the CC", "secretariat": "elected by the CC",
    "uchraspred": "department", "bureau-of-secretariat": "office of the Secretariat", "vtsik": "elected by the Congress of Soviets",
    "sovnarkom": "answers to the VTsIK", "sto": "commission of the Sovnarkom",
}  # fmt: skip
"""How the larger bodies stand on paper."""
DECIDE = ("politburo", "orgburo", "secretariat")
_DOCUMENTED = ("troika", "seven", "nine")

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
            if key not in PLACES and key not in _DOCUMENTED and (key in g.also or (row["branch"] in g.branches and key not in named))
        ]  # fmt: skip
        for i, key in enumerate(sorted(mine, key=lambda k: short(str(standing.centre[k]["name"])))):
            across, down = i % g.columns, i // g.columns
            out[key] = Box(g.x + (g.wide + GAP) * across, g.y + SMALL_STEP * down, g.wide, SMALL_HEIGHT)
        rows = -(-len(mine) // g.columns)
        frames[g.title] = Box(g.x, g.y, (g.wide + GAP) * g.columns - GAP, max(SMALL_STEP * rows - 4, SMALL_HEIGHT))
    return out, frames


def on_paper(c: Chart) -> Drawn:
    """Bodies and the order in which the party rules and the constitution put them."""
    put, frames = places(c.standing)
    parts = [b.heads("muted", "teal"), *_titles(frames)]
    for key, box in put.items():
        above = next((k for k, row in c.standing.centre.items() if row["organ"] == c.standing.centre[key]["parent"]), None)
        if above in put and key in PLACES and above in PLACES:
            parts.append(b.path(_elbow(put[above], box), colour="muted", width=1.4, head=True))
    parts += [_seat(c, key, box) for key, box in put.items()]
    parts += _formal_ladder(c)
    seated = sum(1 for key in put if key not in ("circle",))
    return b.drawing(
        WIDTH, _height(), parts,
        f"Org chart of {told(c.on)} as the rules have it: the party congress elects the Central Committee and the Central Control "
        "Commission, the Central Committee elects Politburo, Orgburo and Secretariat, which have departments; the Central Executive "
        "Committee appoints the Council of People's Commissars with its commissariats. Below, committees of five levels, each "
        f"elected from the level under it. {seated} bodies at the Centre.",
        "Arrows run from the body that elects or appoints to the body that answers to it; on the ladder they run upward, for there "
        "each level elects the next. The informal circle stands on no paper: its outline is dotted.",
    )  # fmt: skip


def as_it_works(c: Chart) -> Drawn:
    """The same bodies with what flowed between them in the quarter."""
    put, frames = places(c.standing)
    f = c.flows
    parts = [b.heads("red", "rust", "teal", "blue", "muted"), *_titles(frames)]
    labels = list[str]()
    _settle(c, put, parts, labels)
    lent = _masks(c, put, frames, parts, labels)
    _apparatus(c, put, parts, labels)
    parts += [_working(c, key, box) for key, box in put.items()]
    parts += _working_ladder(c)
    decided, settled = (sum(x) for x in zip(*(f.settled(key) for key in DECIDE), strict=True))
    share = f"{100 * settled / decided:.0f} per cent" if decided else "none"
    return b.drawing(
        WIDTH, _height(), [*parts, *labels, *_key()],
        f"The same bodies as they worked from {told(f.first)} to {told(f.last)}: of {decided:,} decisions of Politburo, Orgburo and "
        f"Secretariat {settled:,} ({share}) were settled beforehand by the informal circle. They put out {lent:,} papers in the name of "
        f"other bodies. {f.count('appoint'):,} posts were filled from above.",
        f"Counted from the acts of the quarter {told(f.first)} to {told(f.last)}; the wider a line, the more went that way (its number "
        "stands beside it). Hatched with a broken edge: a mask, a body in whose name others acted more often than it did itself.",
    )  # fmt: skip


def _height() -> float:
    return LADDER_TOP + STEP * len(LADDER) + 44


def _titles(frames: dict[str, Box]) -> list[str]:
    out = [
        b.text(20, 26, "THE PARTY", 13, colour="red", bold=True), b.text(660, 26, "THE STATE", 13, colour="red", bold=True),
        b.text(20, LADDER_TOP - 22, "THE LADDER BELOW", 13, colour="red", bold=True),
    ]  # fmt: skip
    return [*out, *(b.text(box.x, box.y - 8, title, 12, colour="muted") for title, box in frames.items())]


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


def _organ(c: Chart, key: str) -> tuple[int, str, str]:
    row = c.standing.centre[key]
    return int(row["organ"]), str(row["name"]), c.to("body", row["organ"], at=c.on.isoformat())  # type: ignore[call-overload]


def _seat(c: Chart, key: str, box: Box) -> str:
    """A body as paper knows it: its name and its filled seats."""
    organ, name, to = _organ(c, key)
    members, candidates = c.standing.seated.get(organ, (0, 0))
    if key == "circle":
        words = [
            b.text(box.cx, box.cy - 10 + 16 * i, w, 12, colour="muted", anchor="middle") for i, w in enumerate(("on no paper",))
        ]
        return b.link(to, b.rect(box, fill="none", line="muted", dash="1 5", width=1.4) + "".join(words), name)
    if key not in PLACES:
        return b.link(to, b.rect(box) + b.text(box.x + 7, box.y + 17.5, b.fit(short(name), box.w - 12, 11.5), 11.5), name)
    seats = f"{members} members" + (f", {candidates} candidates" if candidates else "") if key in DECIDE and members else ""
    return b.link(to, b.rect(box, width=1.4, line="ink") + _named(name, box, FORMAL.get(key, ""), more=seats), name)


def _named(name: str, box: Box, under: str, colour: str = "muted", more: str = "") -> str:
    """A name with one or two lines under it, in the middle of a box."""
    name = b.fit(short(name), box.w - 16, 13.5)
    rows = 1 + bool(under) + bool(more)
    y = box.cy - 8.5 * (rows - 1) + 4.5
    out = b.text(box.x + 10, y, name, 13.5, bold=True)
    for i, (words, hue) in enumerate(((under, colour), (more, "muted"))):
        if words:
            out += b.text(box.x + 10, y + 17 * (i + 1), b.fit(words, box.w - 12, 11.5), 11.5, colour=hue)
    return out


# -- as it works -------------------------------------------------------------------------------------------------


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


_BUS = (500.0, 320.0)
"""Where what the three bodies put out comes together before it goes out under other names."""


def _masks(c: Chart, put: dict[str, Box], frames: dict[str, Box], parts: list[str], labels: list[str]) -> int:
    """Papers of the three bodies in the names of others: together at one place, and on to each name. Returns how many."""
    f = c.flows
    goals = {key: ([key], put[key]) for key in ("central-committee", "vtsik", "sovnarkom", "sto") if key in put}
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
    for goal, (keys, box) in goals.items():
        n = f.count("issue", actor=DECIDE, name=keys)
        if n:
            end = (box.x - 3, box.cy) if box.x > x else (box.right + 3, box.cy + 14)
            line = b.curve(x, y, *end) if box.x > x else f"M{x} {y}C{x} {y - 80} {x - 10} {end[1]} {end[0]} {end[1]}"
            parts.append(b.path(line, colour="rust", width=_wide(n, whole), dash="7 3", title=f"in this name: {n:,} papers"))
            labels.append(b.text(box.x - 10, box.cy - 9, f"{n:,}", 12, colour="rust", anchor="end", bold=True, halo=True) if box.x > x
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
    _, name, to = _organ(c, key)
    if key == "circle":
        return b.link(to, _circle(c, box), "The informal circle: who has come to an understanding")
    others, own = f.lent(key)
    mask = others > own
    look = {"fill": "url(#mask)", "dash": "5 3", "line": "rust"} if mask else {"fill": "paper", "line": "ink"}
    proposed = f.count("propose", actor=key)
    if key not in PLACES:
        count = f"{proposed} ↑" if proposed else ""
        count = f"{others} ▨ {count}".strip() if others else count
        size = box.w - 14 - 6.2 * len(count)
        tip = f"{name}: {proposed:,} proposals sent in; {others:,} papers put out in its name by others, {own:,} by itself"
        plain = {**look, "line": look["line"] if mask else "muted"}
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
        return b.link(to, b.rect(box, line="red", width=2.6) + _named(name, box, under, "ink", more), name)
    if key == "uchraspred":
        return b.link(
            to, b.rect(box, line="blue", width=2) + _named(name, box, f"fills {f.count('appoint', actor=key):,} posts", "ink"), name
        )
    if key == "bureau-of-secretariat":
        return b.link(
            to,
            b.rect(box, line="teal", width=2) + _named(name, box, f"{f.count('sort-mail', actor=key):,} papers sorted", "ink"),
            name,
        )
    under = f"mask: {others:,} papers of others" if mask else f"{f.acts(key):,} acts" if f.acts(key) else "silent"
    more = f"{own:,} of its own" if mask else f"lends its name to {others:,}" if others else ""
    words = _named(name, box, under, "ink" if f.acts(key) or mask else "muted", more)
    return b.link(
        to,
        b.rect(box, **look, width=1.6)
        + (words.replace("<text ", '<text stroke="var(--paper)" stroke-width="4" paint-order="stroke" ') if mask else words),
        name,
    )


def _circle(c: Chart, box: Box) -> str:
    documented = next((str(row["name"]) for key, row in c.standing.centre.items() if key in _DOCUMENTED), None)
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


# -- the ladder --------------------------------------------------------------------------------------------------

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


def _rung(c: Chart, i: int, level: str) -> list[tuple[Box, int, str, str, str]]:
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


def _formal_ladder(c: Chart) -> list[str]:
    out = []
    for i, level in enumerate(LADDER):
        rungs = _rung(c, i, level)
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
    out.append(b.path(f"M{PARTY.x} {LADDER_TOP + 18}H8V36H{congress.cx}V{congress.y - 2}", width=1.4, head=True))
    out.append(b.text(20, LADDER_TOP + 60, "delegates to the congress", 11.5, colour="muted"))
    return out


def _working_ladder(c: Chart) -> list[str]:
    out = []
    f = c.flows
    for i, level in enumerate(LADDER):
        rungs = _rung(c, i, level)
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
            look = {"fill": "url(#mask)", "dash": "5 3", "line": "rust"} if mask else {"line": "ink" if branch else "muted"}
            label = f"{n:,} {words}" + (f"; own: {own:,}" if mask else "")
            out.append(
                b.link(
                    to,
                    b.rect(place, **look) + b.text(place.x + 10, place.cy + 4.5, b.fit(label, place.w - 12, 12.5), 12.5, halo=mask),
                )
            )
    return out


def _key() -> list[str]:
    y = _height() - 14
    out, x = [], 20.0
    for colour, dash, words in (
        ("red", "", "settled beforehand"), ("rust", "7 3", "put out in another name; sent down"), ("teal", "", "proposals, agendas, reports"),
        ("blue", "", "posts filled from above"),
    ):  # fmt: skip
        out += [b.path(f"M{x} {y - 4}H{x + 34}", colour=colour, width=4, dash=dash), b.text(x + 42, y, words, 12, colour="ink")]
        x += 62 + 5.9 * len(words)
    out += [
        b.rect(Box(x, y - 13, 34, 18), fill="url(#mask)", line="rust", dash="5 3"),
        b.text(x + 42, y, "mask; ▨ papers in its name, ↑ its proposals", 12),
    ]
    return out
