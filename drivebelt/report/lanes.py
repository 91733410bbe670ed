"""One matter step by step, from the informal circle to the cell: swim-lanes."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt.report import drawing as dr
from drivebelt.report.chosen import traced
from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.report.words import day_in_words

if TYPE_CHECKING:
    from drivebelt.results import Run

_STEPS = """
    select a.act, a.day, a.kind, a.cause, a.recorded, a.in_name_of != a.actor_organ as masked,
           o.level, o.branch, o.key, m.name as mask
    from acts a join organs o on o.organ = a.actor_organ left join organs m on m.organ = a.in_name_of
    where a.matter = ? order by a.act
"""
_WAYS = {
    "agree": "settled", "strike-off": "settled", "tell": "settled", "inform": "settled", "leak": "settled", "adopt": "settled",
    "decide": "decided", "poll": "decided", "reject": "decided",
    "issue": "issued", "answer": "issued", "remind": "issued",
    "receive": "received", "hand-over": "received",
    "consider": "heard", "set-aside": "heard", "clear": "heard",
    "execute": "done", "breach": "done",
    "report": "reported", "believe": "reported",
    "return": "returned", "burn": "returned", "lose": "returned",
}  # fmt: skip
"""What a kind of act counts as in the swim-lanes; other kinds are not drawn."""
_SHAPES = {
    "received": ("o", dr.BLUE, -0.38, "received"), "heard": ("D", dr.OLIVE, -0.24, "heard at a sitting"),
    "settled": ("p", dr.RED, -0.1, "settled or told by word of mouth"), "decided": ("*", dr.RED, 0.04, "decided"),
    "issued": ("v", dr.RUST, 0.17, "issued"), "done": ("P", dr.OCHRE, 0.29, "carried out"),
    "reported": ("^", dr.TEAL, 0.4, "reported upwards"), "returned": ("x", dr.MUTED, 0.4, "given back, burned or lost"),
}  # fmt: skip
_APPARATUS = (
    "bureau-of-secretariat",
    "technical-secretariat",
    "cipher-bureau",
    "uchraspred",
    "secret-archive",
    "central-committee",
)


def _lane(row: dict[str, Any]) -> str:
    if row["level"] == "centre":
        if row["branch"] == "informal":
            return "informal circle"
        if row["key"] in ("politburo", "orgburo", "secretariat", "party-congress", "party-conference"):
            return "bodies that decide"
        return "apparatus of the CC" if row["key"] in _APPARATUS else "others at the Centre"
    names = {"region": "regions", "gubernia": "provinces", "uezd": "districts", "volost": "rural districts", "cell": "cells"}
    return names[row["level"]] + (": party" if row["branch"] == "party" else ": state")


_LANES = (
    "informal circle", "bodies that decide", "apparatus of the CC", "others at the Centre",
    *(f"{level}: {branch}" for level in ("regions", "provinces", "districts", "rural districts", "cells")
      for branch in ("party", "state")),
)  # fmt: skip


def swim_lanes(run: Run) -> Drawn:
    """One matter from the circle to the cell: levels down, time across, masks ringed, acts without paper as ghosts."""
    chosen = traced(run)
    rows = run.rows(_STEPS, [chosen["matter"]]) if chosen else []
    rows = [row for row in rows if row["kind"] in _WAYS]
    if chosen is None or not rows:
        raise Nothing("No matter went through the mechanism in this run.")
    opened: date = chosen["opened"]
    lane_of = {row["act"]: _lane(row) for row in rows}
    lanes = [name for name in _LANES if name in set(lane_of.values())]
    height = {name: y for y, name in enumerate(lanes)}
    figure, (axes,) = dr.panels(0.62 * len(lanes), left=1.75, right=0.25, top=0.6, bottom=1.12)
    for name, y in height.items():
        axes.axhspan(y - 0.5, y + 0.5, color=dr.LINE, alpha=0.32 if y % 2 else 0.0, lw=0)
        if name.endswith("state") or name == "informal circle":
            axes.axhline(y + 0.5, color=dr.LINE, lw=0.5)
    _threads(axes, rows, lane_of, height, opened)
    groups: dict[tuple[str, bool, bool], dict[tuple[int, int], int]] = {}
    for row in rows:
        dots = groups.setdefault((_WAYS[row["kind"]], bool(row["masked"]), bool(row["recorded"])), {})
        dot = (height[lane_of[row["act"]]], (row["day"] - opened).days)
        dots[dot] = dots.get(dot, 0) + 1
    for (way, masked, recorded), dots in groups.items():
        _dots(axes, way, masked, recorded, dots)
    last = max((row["day"] - opened).days for row in rows)
    ticks = [x for x in (0, 1, 2, 4, 7, 14, 30, 60, 120, 250, 500, 1000) if x <= last * 1.1]
    axes.set_xticks([math.log2(1 + x) for x in ticks], [str(x) for x in ticks])
    axes.set_xlim(-0.15, math.log2(2 + last) + 0.1)
    axes.set_yticks(range(len(lanes)), lanes)
    axes.set_ylim(len(lanes) - 0.5, -0.5)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(f"days since the question came up on {day_in_words(opened)} (the scale narrows to the right)")
    axes.set_title(f"“{chosen['subject']}”: from the circle to the last body reached")
    _key(figure, axes, groups)
    masks = sorted({row["mask"] for row in rows if row["masked"] and row["level"] == "centre"})
    silent = sum(not row["recorded"] for row in rows)
    which = f"episode {chosen['episode']}" if chosen.get("episode") else "the widest directive"
    return dr.drawn(
        "lanes", figure,
        f"Swim-lanes of matter {chosen['matter']}: {len(rows):,} acts over {last} days in {len(lanes)} lanes, "
        f"{silent:,} of them without paper, {sum(bool(row['masked']) for row in rows):,} under another body's name.",
        f"Matter {chosen['matter']} ({which}): of the matters of episodes the one that a circle settled first, if any, that "
        f"reached most levels "
        "and has most acts. Larger marks stand for more acts of the day; threads show what brought what about, dashed where it "
        "goes up."
        + (f" Names borrowed at the Centre: {', '.join(masks)}." if masks else ""),
    )  # fmt: skip


def _dots(axes: Any, way: str, masked: bool, recorded: bool, dots: dict[tuple[int, int], int]) -> None:
    """The acts of one kind, a mark for each lane and day."""
    shape, colour, drop, _ = _SHAPES[way]
    x = [math.log2(1 + max(day, 0)) for _, day in dots]
    y = [lane + drop for lane, _ in dots]
    size = np.array([11 + 9 * math.log10(n) + (60 if way in ("decided", "settled") else 0) for n in dots.values()])
    if not recorded:
        axes.scatter(
            x, y, s=size + 8, marker=shape, facecolors="white", edgecolors=colour, linewidths=1.1, linestyles=":", zorder=4
        )
    elif shape == "x":
        axes.scatter(x, y, s=size, marker=shape, color=colour, linewidths=0.9, zorder=3)
    else:
        axes.scatter(x, y, s=size, marker=shape, color=colour, edgecolors="white", linewidths=0.3, zorder=3)
    if masked:
        axes.scatter(x, y, s=size * 1.5 + 24, marker="o", facecolors="none", edgecolors=dr.INK, linewidths=0.7, zorder=5)


def _threads(axes: Any, rows: list[dict[str, Any]], lane_of: dict[int, str], height: dict[str, int], opened: date) -> None:
    """Thin lines from the lanes of causes to the lanes of effects, at their median days; broader where more acts hang on them.

    What goes down is drawn whole, what goes up dashed.
    """
    day_of = {row["act"]: (row["day"] - opened).days for row in rows}
    way_of = {row["act"]: _WAYS[row["kind"]] for row in rows}
    pairs: dict[tuple[str, str, str, str], list[tuple[int, int]]] = {}
    for row in rows:
        cause = row["cause"]
        if (
            cause in lane_of
            and lane_of[cause] != lane_of[row["act"]]
            and way_of[row["act"]] in ("received", "decided", "issued", "settled")
        ):
            key = (lane_of[cause], way_of[cause], lane_of[row["act"]], way_of[row["act"]])
            pairs.setdefault(key, []).append((day_of[cause], day_of[row["act"]]))
    for (above, way, below, then), days in pairs.items():
        a, b = (sorted(x)[len(days) // 2] for x in zip(*days, strict=True))
        up = height[below] < height[above]
        axes.plot(
            [math.log2(1 + max(a, 0)), math.log2(1 + max(b, 0))],
            [height[above] + _SHAPES[way][2], height[below] + _SHAPES[then][2]],
            "--" if up else "-", color=dr.TEAL if up else dr.MUTED, lw=0.5 + 0.5 * math.log10(len(days)), alpha=0.6, zorder=2,
        )  # fmt: skip


def _key(figure: Any, axes: Any, groups: dict[tuple[str, bool, bool], dict[tuple[int, int], int]]) -> None:
    used = {way for way, _, _ in groups}
    for way, (shape, colour, _, name) in _SHAPES.items():
        if way in used:
            axes.scatter([], [], marker=shape, s=34, color=colour, label=name)
    if any(masked for _, masked, _ in groups):
        axes.scatter(
            [], [], marker="o", s=90, facecolors="none", edgecolors=dr.INK, linewidths=0.9, label="ringed: in another body's name"
        )
    if any(not recorded for _, _, recorded in groups):
        axes.scatter([], [], marker="o", s=44, facecolors="white", edgecolors=dr.RED, linestyles=":", label="dotted: left no paper")
    figure.legend(loc="lower center", ncols=4, fontsize=7.8, handletextpad=0.2, columnspacing=1.0, borderaxespad=0.1)
