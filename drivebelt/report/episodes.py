"""Figures of the episodes: the documented path above, the simulated one below, on one time axis."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, Any

from drivebelt.cases import episode
from drivebelt.report import drawing as dr
from drivebelt.report.drawing import Drawn, Nothing

if TYPE_CHECKING:
    from collections.abc import Sequence


def span(text: str | None) -> tuple[date, date] | None:
    """First and last day of a documented date: a day, a month, a year, or two of them with a stroke between; None without one."""
    if not text:
        return None
    first, _, last = str(text).partition("/")
    try:
        a, b = ([int(x) for x in part.split("-")] for part in (first, last or first))
        return date(*[*a, 1, 1][:3]), date(*_last(b))
    except (ValueError, TypeError):
        return None


def _last(parts: Sequence[int]) -> tuple[int, int, int]:
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]


def path(case: dict[str, Any]) -> Drawn:
    """The steps of one episode as two rows of numbered dots; steps whose date was put in are hollow."""
    put_in = [bool(step.get("put_in")) or i == 0 for i, step in enumerate(episode(case["name"])["steps"])]
    put_in += [False] * len(case["steps"])
    known = [span(step["documented"]) for step in case["steps"]]
    ran: list[date | None] = [step["simulated"] for step in case["steps"]]
    days = [day for both in known if both for day in both] + [day for day in ran if day]
    if not days:
        raise Nothing("No step of this episode has a date, documented or simulated.")
    figure, (axes,) = dr.panels(1.0, left=1.15, right=0.3, top=0.36, bottom=0.34)
    low, high = dr.date_number(min(days)), dr.date_number(max(days))
    edge = max(1.0, 0.03 * (high - low))
    axes.set_xlim(low - edge, high + edge)
    for y, name in ((1, "documented"), (0, "in the run")):
        axes.axhline(y, color=dr.LINE, lw=1.2, zorder=1)
        axes.annotate(
            name, (0, y), xycoords=("axes fraction", "data"), xytext=(-8, 0), textcoords="offset points", ha="right", va="center"
        )
    above, below = [], []
    for number, (both, day, given) in enumerate(zip(known, ran, put_in, strict=False), start=1):
        middle = None
        if both:
            a, b = (dr.date_number(x) for x in both)
            middle = (a + b) / 2
            if b > a:
                axes.plot([a, b], [1, 1], color=dr.OCHRE, lw=5, alpha=0.45, solid_capstyle="butt", zorder=2)
            axes.plot(middle, 1, "D", color="white" if given else dr.OCHRE, markeredgecolor=dr.INK, ms=6.5, zorder=4)
            above.append((middle, str(number)))
        if day:
            at = dr.date_number(day)
            axes.plot(at, 0, "o", color="white" if given else dr.RED, markeredgecolor=dr.RED if given else dr.INK, ms=6.5, zorder=4)
            below.append((at, str(number)))
            if middle is not None:
                axes.plot([middle, at], [1, 0], color=dr.MUTED, lw=0.6, alpha=0.6, zorder=1)
    _numbers(axes, above, 1, 9)
    _numbers(axes, below, 0, -10)
    axes.set_ylim(-0.55, 1.55)
    axes.set_yticks([])
    axes.grid(axis="y", visible=False)
    dr.years(axes)
    axes.set_title(case["title"])
    period = " to ".join(dict.fromkeys(f"{day:%b %Y}" for day in (min(days), max(days))))
    axes.annotate(
        period, (1, 1), xycoords="axes fraction", xytext=(0, 6), textcoords="offset points", fontsize=8, color=dr.MUTED, ha="right",
    )  # fmt: skip
    missed = sum(day is None for day in ran)
    return dr.drawn(
        f"episode-{case['name']}", figure,
        f"{case['title']}: {len(above)} documented and {len(below)} simulated steps on one time axis"
        + (f"; {missed} did not happen in the run." if missed else "."),
        "",
    )  # fmt: skip


def _numbers(axes: Any, marks: list[tuple[float, str]], y: float, lift: float) -> None:
    """Numbers beside dots, those of dots that lie close together written as one."""
    low, high = axes.get_xlim()
    near = (high - low) / 60
    groups: list[tuple[list[float], list[str]]] = []
    for x, number in sorted(marks, key=lambda m: (m[0], int(m[1]))):
        if groups and x - groups[-1][0][-1] < near * max(1, len(groups[-1][1])):
            groups[-1][0].append(x)
            groups[-1][1].append(number)
        else:
            groups.append(([x], [number]))
    for xs, numbers in groups:
        whole = [int(n) for n in numbers]
        run = len(whole) > 2 and whole == list(range(whole[0], whole[0] + len(whole)))
        text = f"{whole[0]}-{whole[-1]}" if run else ",".join(numbers)
        axes.annotate(
            text, (sum(xs) / len(xs), y), xytext=(0, lift), textcoords="offset points", fontsize=8, ha="center", va="center"
        )
