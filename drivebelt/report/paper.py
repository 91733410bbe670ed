"""Figures of decisions and of paper: who decides, grades, volumes, days on the way, returns and burning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt.report import drawing as dr
from drivebelt.report.drawing import Drawn, Nothing

if TYPE_CHECKING:
    from drivebelt.results import Run

GRADES = {
    "open": (dr.BLUE, "-", "open"), "for-service-use": (dr.TEAL, "--", "for service use"), "secret": (dr.OLIVE, "-", "secret"),
    "strictly-secret": (dr.OCHRE, "-.", "strictly secret"), "special-folder": (dr.RED, "-", "special folder"),
    "cipher": (dr.RUST, ":", "in cipher"),
}  # fmt: skip
_GRADES = "select date_trunc('month', date)::date as day, grade, count(*) as n from documents group by all order by day, grade"


def series(run: Run, measure: str) -> dict[str, tuple[list[date], list[float]]]:
    """A measure as lines: scope -> (days, values)."""
    out: dict[str, tuple[list[date], list[float]]] = {}
    for row in run.rows("select scope, day, value from measures where measure = ? order by scope, day", [measure]):
        days, values = out.setdefault(row["scope"], ([], []))
        days.append(row["day"])
        values.append(row["value"])
    return out


def whole_months(run: Run, days: list[date], values: list[Any]) -> tuple[list[date], list[Any]]:
    """The same line without the first and last month where the run does not hold all of them and others are left."""
    first, last = dr.period(run.info)
    cut = len(days) > 3
    keep = [
        i for i, day in enumerate(days)
        if not cut or ((day >= first or first.day == 1) and (day.year, day.month) != (last.year, last.month))
    ]  # fmt: skip
    return [days[i] for i in keep], [values[i] for i in keep]


def quarters(days: list[date], values: list[float]) -> tuple[list[date], list[float]]:
    """Means of quarters, at their middle months; short lines stay as they are."""
    if len(days) < 9:
        return days, values
    held: dict[tuple[int, int], list[float]] = {}
    for day, value in zip(days, values, strict=True):
        held.setdefault((day.year, (day.month - 1) // 3), []).append(value)
    return [date(y, 3 * q + 2, 15) for y, q in held], [sum(v) / len(v) for v in held.values()]


def decided_before(run: Run) -> Drawn:
    """Share of decisions that the circle had settled before the body decided, month by month."""
    found = series(run, "decided-before")
    if not found:
        raise Nothing("No body of the Centre decided anything in this run.")
    figure, (axes,) = dr.panels(2.9)
    first, last = dr.period(run.info)
    ends = []
    for body, (days, values) in found.items():
        colour, dash = dr.BODIES.get(body, (dr.MUTED, ":"))
        axes.plot(days, [100 * v for v in values], dash, color=colour, lw=1.7, marker="o" if len(days) < 3 else None, ms=4)
        ends.append((days[-1], 100 * values[-1], body.removesuffix(" of the CC"), colour))
    for day, name in ((date(1922, 6, 1), "troika"), (date(1924, 8, 1), "seven"), (date(1926, 1, 1), "nine")):
        if first <= day <= last:
            dr.mark_day(axes, day, f"documented: {name}")
    axes.set_ylim(0, 104)
    axes.set_ylabel("per cent of decisions")
    axes.set_title("Decisions that a few had settled before the body sat")
    dr.years(axes, first, last)
    dr.name_lines(axes, ends)
    return dr.drawn(
        "decided-before", figure,
        "Line chart by month: share of the decisions of Politburo, Orgburo and Secretariat that the informal circle had settled "
        "before. "
        + ", ".join(f"{name} ends at {y:.0f} per cent" for _, y, name, _ in ends) + ".",
        "Dotted lines: months in which the documented troika, seven and nine come up (I.2, lines 2346-2350). They are not put in; "
        "what the run's own circle looks like stands below.",
    )  # fmt: skip


def grades(run: Run) -> Drawn:
    """Documents a month by grade of secrecy, and the share of secret ones by level."""
    found: dict[str, tuple[list[date], list[int]]] = {}
    for row in run.rows(_GRADES):
        days, values = found.setdefault(row["grade"], ([], []))
        days.append(row["day"])
        values.append(row["n"])
    if not found:
        raise Nothing("No paper was written in this run.")
    figure, (above, below) = dr.panels(2.7, 1.9, left=0.95)
    first, last = dr.period(run.info)
    ends: list[tuple[Any, float, str, str]] = []
    for grade, (colour, dash, name) in GRADES.items():
        if grade in found:
            days, values = whole_months(run, *found[grade])
            above.plot(days, values, dash, color=colour, lw=1.6, marker="o" if len(days) < 3 else None, ms=4)
            ends.append((days[-1], values[-1], name, colour))
    dr.tens(above)
    above.set_ylabel("documents a month")
    above.set_title("Papers by grade (each line of the scale is ten times the one below)")
    dr.years(above, first, last)
    dr.name_lines(above, ends)
    shares, ends = series(run, "secret-share"), []
    for level, colour in dr.LEVEL_COLOURS.items():
        if level in shares:
            days, shown = quarters(*shares[level])
            below.plot(days, [100 * v for v in shown], color=colour, lw=1.4, marker=dr.LEVEL_MARKS[level], markevery=4, ms=4.5)
            ends.append((days[-1], 100 * shown[-1], dr.LEVEL_NAMES[level], colour))
    below.set_ylim(0, 100)
    below.set_ylabel("per cent secret")
    below.set_title("Share of secret papers, by level of the body that issues them (quarters)")
    dr.years(below, first, last)
    dr.name_lines(below, ends, 8)
    total = [f"{GRADES[grade][2]} {sum(values):,}" for grade, (_, values) in found.items() if grade in GRADES]
    return dr.drawn(
        "grades", figure,
        "Two line charts by month. Above, documents by grade: " + ", ".join(total)
        + " in all. Below, the share of secret documents by level.",
        "Secret, strictly secret, special folder and cipher count as secret.",
    )  # fmt: skip


def volumes(run: Run) -> Drawn:
    """Acts a month by level, on a logarithmic scale."""
    found = series(run, "acts")
    if not found:
        raise Nothing("Nobody acted in this run.")
    figure, (axes,) = dr.panels(2.6, left=0.95)
    ends = []
    for level, colour in dr.LEVEL_COLOURS.items():
        if level in found:
            days, values = whole_months(run, *found[level])
            axes.plot(days, values, color=colour, lw=1.5, marker=dr.LEVEL_MARKS[level], markevery=12, ms=4.5)
            ends.append((days[-1], values[-1], dr.LEVEL_NAMES[level], colour))
    dr.tens(axes)
    axes.set_ylabel("acts a month")
    axes.set_title("Acts by level of the body (each line of the scale is ten times the one below)")
    dr.years(axes, *dr.period(run.info))
    dr.name_lines(axes, ends)
    return dr.drawn(
        "volumes", figure, "Line chart by month of acts at every level from the Centre to the cells, on a logarithmic scale.",
        "An act is anything somebody does to a matter or a paper: receive, hear at a sitting, issue, carry out, report, return.",
    )  # fmt: skip


def lags(run: Run, channels: Sequence[dict[str, Any]]) -> Drawn:
    """Days from the issue of a central directive to its receipt by level, and what the wire makes of them."""
    found = series(run, "lag")
    levels = [level for level in dr.LEVELS if level in found and found[level][1]]
    if not levels:
        raise Nothing("No directive of the Centre reached anybody in this run.")
    figure, (axes,) = dr.panels(0.42 * len(levels) + 0.3, left=1.7, right=2.25)
    wire = {row["level"]: row["days"] for row in channels if row["channel"] == "cipher"}
    for y, level in enumerate(levels):
        values = np.array(found[level][1])
        low, quarter, middle, three, high = np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95))
        colour = dr.LEVEL_COLOURS[level]
        axes.plot([low, high], [y, y], color=colour, lw=1.2)
        axes.barh(y, three - quarter, left=quarter, height=0.46, color=colour, alpha=0.45, edgecolor=colour)
        axes.plot([middle, middle], [y - 0.3, y + 0.3], color=dr.INK, lw=2)
        axes.annotate(f"{middle:.0f} days", (high, y), xytext=(6, 0), textcoords="offset points", va="center", fontsize=8.5)
        if level in wire:
            axes.plot(wire[level], y - 0.33, "v", color=dr.TEAL, markeredgecolor=dr.INK, ms=6, clip_on=False)
    axes.set_yticks(range(len(levels)), [dr.LEVEL_NAMES[level] for level in levels])
    axes.set_ylim(len(levels) - 0.45, -0.75)
    axes.set_xlim(left=0)
    axes.grid(axis="y", visible=False)
    if "region" in levels:
        dr.documented(axes, 1, levels.index("region") + 0.33, "", dx=7)
    axes.set_xlabel("days from issue at the Centre to receipt")
    axes.set_title("How long a directive takes to reach each level")
    notes = ["bar: middle half of the months", "line: nine tenths", "stroke: the middle month"]
    notes += ["triangle: telegrams in cipher"] if wire else []
    notes += ["diamond: documented telegram\nto Siberia, one day"] if "region" in levels else []
    axes.annotate(
        "\n".join(notes), (1.02, 0.98), xycoords="axes fraction", fontsize=8, va="top", color=dr.MUTED, annotation_clip=False
    )
    return dr.drawn(
        "lags", figure,
        "Median days from the Centre: " + ", ".join(f"{dr.LEVEL_NAMES[x]} {np.median(found[x][1]):.0f}" for x in levels) + ".",
        "The documented telegram left Moscow on 14 January 1928 and was in Novosibirsk on the 15th (III.2, lines 3338-3342).",
    )  # fmt: skip


def returns(run: Run) -> Drawn:
    """Share of lent papers returned in time, with the days on which the terms changed, and copies burned."""
    found = {level: lines for level, lines in series(run, "returned-in-time").items() if level in ("centre", "region", "gubernia")}
    burned = series(run, "burned").get("registry", ([], []))
    if not found and not burned[0]:
        raise Nothing("No paper was lent and none was burned in this run: the rules on returning are of 1922 and 1924.")
    figure, (above, below) = dr.panels(2.2, 1.1, left=0.95)
    first, last = dr.period(run.info)
    ends = []
    for level in dr.LEVELS:
        if level in found:
            days, values = found[level]
            colour = dr.LEVEL_COLOURS[level]
            above.plot(days, [100 * v for v in values], color=colour, lw=1.5, marker=dr.LEVEL_MARKS[level], markevery=6, ms=4.5)
            ends.append((days[-1], 100 * values[-1], dr.LEVEL_NAMES[level], colour))
    for day, name in ((date(1924, 8, 19), "terms: 14 days, a month"), (date(1927, 5, 5), "3 and 7 days")):
        if first <= day <= last:
            dr.mark_day(above, day, name, 0.12)
    above.set_ylim(0, 102)
    above.set_ylabel("per cent in time")
    above.set_title("Lent papers that came back by their day, by the month they were due")
    dr.years(above, first, last)
    dr.name_lines(above, ends)
    below.bar(burned[0], burned[1], width=22, color=dr.RED, alpha=0.8)
    below.set_ylabel("copies")
    below.set_title("Copies burned by the commission, by month")
    dr.years(below, first, last)
    return dr.drawn(
        "returns", figure,
        f"Above, share of lent papers returned in time by level and month. Below, {sum(burned[1]):,.0f} copies burned, by month.",
        "Terms of return by place: I.2, lines 2164-2168 (plenum of 19 August 1924, Politburo of 5 May 1927). The dates are "
        "rules; how "
        "many papers come back is not.",
    )  # fmt: skip
