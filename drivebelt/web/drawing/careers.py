"""A career as lines of time: one bar a post, by the way in which it was given; and the holders of one post."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.telling.words import day as told
from drivebelt.web.drawing import boxes as b
from drivebelt.web.drawing.boxes import Box

WIDTH, LEFT, RIGHT, TOP, STEP = 1240, 400, 1220, 40, 34
LOOKS: dict[str, b.Look] = {
    "from above": {"fill": "blue", "line": "blue", "width": 1.6}, "elected": {"fill": "url(#mask)", "line": "red", "width": 1.6},
    "on the spot": {"fill": "url(#mask)", "line": "red", "width": 1.6},
    "before the run": {"fill": "paper", "line": "muted", "width": 1.6, "dash": "4 3"},
    "as documented": {"fill": "paper", "line": "ink", "width": 1.6},
}  # fmt: skip
WORDS = {
    "from above": "given from above",
    "elected": "elected or chosen on the spot",
    "before the run": "held before the run begins",
    "as documented": "as documented: put into the run, not made by it",
}

Bar = dict[str, Any]
"""since, until (None: to the end), way, label, under, to (address), note."""


def lines_of_time(bars: Sequence[Bar], first: date, last: date, at: date | None, alt: str, caption: str) -> Drawn:
    """Bars of time, one a row, with a mark on the day `at`."""
    if not bars:
        raise Nothing("No post is known in this run.")
    days = max((last - first).days, 1)

    def x(day: date) -> float:
        return LEFT + (RIGHT - LEFT) * min(max((day - first).days / days, 0), 1)

    bottom = TOP + STEP * len(bars)
    parts = [b.heads("muted")]
    for year in range(first.year, last.year + 1):
        on = max(date(year, 1, 1), first)
        parts += [
            b.path(f"M{x(on):.1f} {TOP - 8}V{bottom}", colour="line"),
            b.text(x(on) + 3, TOP - 14, str(year), 11.5, colour="muted"),
        ]
    for i, bar in enumerate(bars):
        y = TOP + STEP * i
        start, end = x(bar["since"]), x(bar["until"] or last)
        place = Box(start, y + 5, max(end - start, 3), 18)
        words = b.text(LEFT - 12, y + 13, b.fit(bar["label"], LEFT - 30, 12.5), 12.5, anchor="end", bold=True)
        words += b.text(LEFT - 12, y + 27, b.fit(bar["under"], LEFT - 30, 11.5), 11.5, anchor="end", colour="muted")
        shape = b.rect(place, **LOOKS[bar["way"]], round_by=2)
        if bar["until"] is None:
            shape += b.path(f"M{end:.1f} {y + 14}H{end + 12:.1f}", colour="muted", width=1.4, head=True)
        shape += (
            b.text(place.right + 16, y + 18, bar["note"], 11.5, colour="muted") if place.right < RIGHT - 90 and bar["note"] else ""
        )
        parts.append(
            b.link(
                bar["to"],
                words + shape,
                f"{bar['label']}, {bar['under']}: {told(bar['since'])} to {told(bar['until']) if bar['until'] else 'the end'}",
            )
        )
    if at:
        parts += [
            b.path(f"M{x(at):.1f} {TOP - 10}V{bottom + 4}", colour="red", width=1.4, dash="3 3"),
            b.text(min(x(at), WIDTH - 40), TOP - 29, told(at), 11.5, colour="red", anchor="middle"),
        ]
    along, ways = LEFT + 0.0, {bar["way"] if bar["way"] != "on the spot" else "elected" for bar in bars}
    for way, words in WORDS.items():
        if way in ways:
            parts += [
                b.rect(Box(along, bottom + 14, 28, 14), **LOOKS[way], round_by=2),
                b.text(along + 36, bottom + 25, words, 12),
            ]
            along += 60 + 6.2 * len(words)
    return b.drawing(WIDTH, bottom + 40, parts, alt, caption)


def career(who: str, rows: Sequence[dict[str, Any]], first: date, last: date, at: date, to: Callable[..., str]) -> Drawn:
    """The posts of one person."""
    bars = [
        {"since": row["since"], "until": row["until"], "way": row["way"], "label": row["post_name"], "under": row["organ_name"],
         "to": to("post", row["post"], at=at.isoformat()), "note": row["left_as"] or ""}
        for row in rows
    ]  # fmt: skip
    above = sum(row["way"] == "from above" for row in rows)
    chosen = sum(row["way"] in ("elected", "on the spot") for row in rows)
    return lines_of_time(
        bars, first, last, at,
        f"Posts of {who} through time: {len(bars)}, of which {above} were given from above and {chosen} by election or on the "
        f"spot.",
        "One row a post. Filled: given by a body above. Hatched: elected, or chosen by the committee on the spot. Empty: put "
        "into the run as documented; with a dashed edge: held before its first day. "
        "An arrow at the end: held to the end of the run. A word after a bar: how the post was left.",
    )  # fmt: skip


def holders(post: str, rows: Sequence[dict[str, Any]], first: date, last: date, at: date, to: Callable[..., str]) -> Drawn:
    """Who held one post, one after the other."""
    bars = [
        {"since": row["since"], "until": row["until"], "way": row["way"], "label": row["who"], "under": row["given"],
         "to": to("person", row["person"], at=at.isoformat()), "note": ""}
        for row in rows
    ]  # fmt: skip
    return lines_of_time(
        bars, first, last, at, f"Holders of the post {post} through time: {', '.join(row['who'] for row in rows)}.",
        "One row a holder. Filled: placed by a body above. Hatched: elected, or chosen by the committee on the spot.",
    )  # fmt: skip
