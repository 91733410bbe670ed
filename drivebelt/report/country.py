"""Where one directive of the Centre is on which day: the map of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt.report import drawing as dr
from drivebelt.report.chosen import SENT, STANDING, widest
from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.report.projection import TOWNS, conic
from drivebelt.report.shares import draw_shares
from drivebelt.report.words import day_in_words

if TYPE_CHECKING:
    from drivebelt.results import Run

_RECEIPTS = f"""
    select a.actor_organ as organ, o.level, o.latitude, o.longitude, min(a.day) as day from acts a
    join organs o on o.organ = a.actor_organ
    join (select document, kind from documents where matter = ?) d on d.document = a.document
    where a.matter = ? and a.kind = 'receive' and o.branch = 'party' and o.level != 'centre'
      and (d.kind in {SENT} or d.kind = 'directive') group by all order by a.actor_organ
"""
_EAST = ("Tashkent", "Ashkhabad", "Novosibirsk", "Irkutsk", "Yakutsk", "Vladivostok", "Petropavlovsk")
_WEST = (-0.60, -0.165, -0.205, 0.31)
"""The frame of the map west of the Urals, in earth radii."""
_SEATS = {"uezd": ("o", 12), "gubernia": ("s", 34), "region": ("D", 62)}
_BINS = (
    (0, 3, "#5f1220"),
    (4, 7, "#9c332b"),
    (8, 14, "#c9683b"),
    (15, 21, "#dfa550"),
    (22, 30, "#b9b273"),
    (31, 10_000, "#6f9a93"),
)
"""Days from Moscow and their colours, dark to light and then cold."""


def map_of_days(run: Run) -> Drawn:
    """Where one directive of the Centre is on which day, at the seats of the committees, and the share reached by level."""
    chosen = widest(run)
    receipts = run.rows(_RECEIPTS, [chosen["matter"], chosen["matter"]]) if chosen else []
    if chosen is None or not receipts:
        raise Nothing("The Centre sent no directive that reached a committee in this run.")
    issued: date = chosen["issued"]
    standing = run.rows(STANDING, [issued, issued])
    days = {row["organ"]: (row["day"] - issued).days for row in receipts}
    figure, (west, curve) = dr.panels(4.2, 1.75, left=0.75, right=1.95, top=0.5, gap=0.72)
    width = figure.get_size_inches()[0]
    box = west.get_position()
    west.set_position((0.01, box.y0, 4.05 / width, box.height))
    whole = figure.add_axes((4.2 / width, box.y0 + 0.36 * box.height, (width - 4.25) / width, 0.6 * box.height))
    key = figure.add_axes((4.5 / width, box.y0, (width - 4.55) / width, 0.3 * box.height))
    for axes, frame, size in ((west, _WEST, 1.0), (whole, None, 0.55)):
        _graticule(axes)
        _seats(axes, standing, days, size)
        axes.set_aspect("equal")
        axes.axis("off")
        if frame:
            axes.set_xlim(*frame[:2])
            axes.set_ylim(*frame[2:])
    _towns(west, standing, days, [town for town in TOWNS if town not in _EAST])
    _towns(whole, standing, days, _EAST)
    _key_of_days(key)
    figure.suptitle(
        f"Days until a {chosen['kind'].replace('-', ' ')} on “{chosen['subject']}” was received, signed on {day_in_words(issued)}",
        x=0.01, y=1 - 0.1 / figure.get_size_inches()[1], ha="left", va="top", fontsize=10.5, fontweight="bold",
    )  # fmt: skip
    _reached(curve, standing, receipts, issued)
    levels = {level: sum(row["level"] == level for row in receipts) for level in dr.LEVELS}
    words = ", ".join(f"{n:,} at {dr.LEVEL_NAMES[level]} level" for level, n in levels.items() if n)
    late = sorted(days.values())
    return dr.drawn(
        "map", figure,
        f"Two maps of committee seats, west of the Urals and the whole country, coloured by the day on which they received the "
        f"directive: "
        f"{words}. Half of them had it after {late[len(late) // 2]} days, nine tenths after {late[len(late) * 9 // 10]}. "
        "Below, the share of each level reached by day.",
        f"Matter {chosen['matter']}: the circular or letter of the Central Committee that the largest number of committees "
        f"passed on. "
        "Equal-area projection; no coast is drawn, the dots are the seats of committees down to the uezd (volosts and cells "
        "have no seat of "
        "their own in the tables). Figures beside towns are days from Moscow.",
    )  # fmt: skip


def _graticule(axes: Any) -> None:
    for latitude in (40, 50, 60, 70):
        line = [conic(latitude, x) for x in np.linspace(20, 172, 80)]
        axes.plot(*zip(*line, strict=True), color=dr.LINE, lw=0.6)
        axes.annotate(f"{latitude}° N", line[0], fontsize=7, color=dr.MUTED, ha="right", va="center", annotation_clip=True)
    for longitude in (30, 60, 90, 120, 150):
        line = [conic(x, longitude) for x in np.linspace(36, 72, 40)]
        axes.plot(*zip(*line, strict=True), color=dr.LINE, lw=0.6)
        axes.annotate(f"{longitude}° E", line[-1], fontsize=7, color=dr.MUTED, ha="center", va="bottom", annotation_clip=True)


def _seats(axes: Any, standing: list[dict[str, Any]], days: dict[int, int], scale: float) -> None:
    for level, (shape, size) in _SEATS.items():
        here = [row for row in standing if row["level"] == level and row["latitude"] is not None]
        never = [conic(row["latitude"], row["longitude"]) for row in here if row["organ"] not in days]
        if never:
            axes.scatter(
                *zip(*never, strict=True), s=scale * size, marker=shape, facecolors="none", edgecolors=dr.MUTED, linewidths=0.6
            )
        for low, high, colour in reversed(_BINS):
            dots = [conic(row["latitude"], row["longitude"]) for row in here if low <= days.get(row["organ"], -1) <= high]
            if dots:
                at = zip(*dots, strict=True)
                axes.scatter(*at, s=scale * size, marker=shape, color=colour, edgecolors=dr.INK, linewidths=0.35, zorder=3)


def _key_of_days(axes: Any) -> None:
    axes.axis("off")
    for low, high, colour in _BINS:
        name = f"{low} to {high} days" if high < 1000 else f"{low} days and more"
        axes.scatter([], [], s=40, color=colour, edgecolors=dr.INK, linewidths=0.4, label=name)
    axes.scatter([], [], s=40, facecolors="none", edgecolors=dr.MUTED, label="not received")
    for level, (shape, size) in reversed(_SEATS.items()):
        axes.scatter([], [], s=size, marker=shape, facecolors="none", edgecolors=dr.INK, label=dr.LEVEL_NAMES[level])
    axes.legend(loc="upper left", fontsize=8, ncols=2, handletextpad=0.3, columnspacing=1.4, borderaxespad=0.0)


def _towns(axes: Any, standing: list[dict[str, Any]], days: dict[int, int], towns: Sequence[str]) -> None:
    for town in towns:
        latitude, longitude, dx, dy, side = TOWNS[town]
        here = [days[row["organ"]] for row in standing if row["organ"] in days and row["latitude"] is not None
                and abs(row["latitude"] - latitude) < 0.2 and abs(row["longitude"] - longitude) < 0.3]  # fmt: skip
        place = conic(latitude, longitude)
        if town == "Moscow":
            axes.plot(*place, marker="*", color=dr.RED, markeredgecolor="white", ms=13, zorder=5)
        text = town + (f" {min(here)}" if here and town != "Moscow" else "")
        note = axes.annotate(text, place, xytext=(dx, dy), textcoords="offset points", fontsize=8.2, ha=side, va="center", zorder=6)
        note.set_bbox({"facecolor": "white", "alpha": 0.78, "pad": 0.7, "edgecolor": "none"})


def _reached(axes: Any, standing: list[dict[str, Any]], receipts: list[dict[str, Any]], issued: date) -> None:
    last = max((row["day"] - issued).days for row in receipts)
    ends = draw_shares(axes, standing, receipts, issued, min(last, 60), 7)
    axes.set_ylabel("per cent of bodies")
    axes.set_xlabel("days after the paper was signed")
    axes.set_title("Share of the committees of each level that had it")
    dr.name_lines(axes, ends, 8)
