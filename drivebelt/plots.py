"""Plots of a run. Each function draws one figure and returns it as PNG bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.dates as mdates
import matplotlib.pyplot as plt

if TYPE_CHECKING:
    from drivebelt.findings import Findings
    from drivebelt.results import Run

LEVEL_COLOURS = {
    "centre": "#7a1f1f", "region": "#b5532a", "gubernia": "#d9a441", "uezd": "#7f9a65", "volost": "#4f7f8f", "cell": "#3b4a6b",
}  # fmt: skip
_STYLE: Any = {
    "figure.dpi": 110, "font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "grid.alpha": 0.25, "font.family": "DejaVu Sans", "legend.frameon": False,
}  # fmt: skip


def _series(run: Run, measure: str) -> dict[str, tuple[list[date], list[float]]]:
    out: dict[str, tuple[list[date], list[float]]] = {}
    for row in run.rows("select scope, day, value from measures where measure = ? order by scope, day", [measure]):
        days, values = out.setdefault(row["scope"], ([], []))
        days.append(row["day"])
        values.append(row["value"])
    return out


def new_figure(height: float = 3.6) -> tuple[Any, Any]:
    """A figure of the report's width and style, and its axes."""
    plt.rcParams.update(_STYLE)
    return plt.subplots(figsize=(8.6, height), constrained_layout=True)


def finish(figure: Any) -> bytes:
    """The figure as PNG bytes; it is closed."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    plt.close(figure)
    return buffer.getvalue()


def _years(axes: Any) -> None:
    locator = mdates.AutoDateLocator(minticks=4, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))


def map_of_days(run: Run) -> bytes:
    """Days that orders of the Centre take to each committee, at the committee's place."""
    rows = run.rows(
        """
        with central as (select matter, min(date) as issued from documents join organs on organ = issuer
                         where key = 'central-committee' and matter is not null
                           and kind in ('circular', 'closed-letter', 'letter') group by matter)
        select latitude, longitude, o.level, median(a.day - issued) as days, any_value(o.name) as name
        from acts a join central using (matter) join documents d on d.document = a.document join organs o on o.organ = a.actor_organ
        where a.kind = 'receive' and d.kind in ('circular', 'closed-letter', 'letter', 'directive') and latitude is not null
          and o.level in ('region', 'gubernia', 'uezd') and o.branch = 'party'
        group by latitude, longitude, o.level, o.organ order by days, o.organ
        """
    )
    figure, axes = new_figure(4.3)
    shown = [row for row in rows if row["longitude"] > 0]
    days = np.array([row["days"] for row in shown])
    size = [60 if row["level"] != "uezd" else 14 for row in shown]
    dots = axes.scatter(
        [row["longitude"] for row in shown], [row["latitude"] for row in shown], c=np.clip(days, 0, 45), s=size, cmap="YlOrBr",
        edgecolors="#333333", linewidths=0.3, vmin=0, vmax=45,
    )  # fmt: skip
    axes.plot(37.62, 55.75, marker="*", color="#7a1f1f", markersize=15, markeredgecolor="white")
    axes.annotate("Moscow", (37.62, 55.75), xytext=(6, 8), textcoords="offset points", fontsize=9)
    axes.set_aspect(1.7)
    axes.set_xlabel("longitude, degrees east")
    axes.set_ylabel("latitude")
    axes.set_title("Days an ordinary directive takes from the Centre (large dots: regions and provinces)", fontsize=10, loc="left")
    bar = figure.colorbar(dots, ax=axes, shrink=0.7, pad=0.01)
    bar.set_label("days (45 and more alike)")
    return finish(figure)


def volumes(run: Run) -> bytes:
    """Acts a month by level, on a logarithmic scale."""
    figure, axes = new_figure()
    series = _series(run, "acts")
    for level, colour in LEVEL_COLOURS.items():
        if level in series:
            days, values = series[level]
            axes.plot(days, values, color=colour, label=level, lw=1.6)
    axes.set_yscale("log")
    axes.set_ylabel("acts a month")
    axes.set_title("The paper of every level", fontsize=10, loc="left")
    axes.legend(ncols=6, loc="lower center", bbox_to_anchor=(0.5, -0.32))
    _years(axes)
    return finish(figure)


def decided_before(run: Run) -> bytes:
    """Share of decisions that the circle had settled before the body decided, month by month."""
    figure, axes = new_figure()
    colours = {"Politburo of the CC": "#7a1f1f", "Orgburo of the CC": "#d9a441", "Secretariat of the CC": "#4f7f8f"}
    for body, (days, values) in _series(run, "decided-before").items():
        axes.plot(days, [100 * v for v in values], label=body, color=colours.get(body), lw=1.8)
    for day, name in ((date(1922, 6, 1), "troika"), (date(1924, 8, 1), "seven"), (date(1926, 1, 1), "nine")):
        if date.fromisoformat(run.info["from"]) <= day <= date.fromisoformat(run.info["to"]):
            axes.axvline(day, color="#555555", lw=0.8, ls=":")
            axes.annotate(f" documented: {name}", (mdates.date2num(day), 101), fontsize=8)
    axes.set_ylim(0, 108)
    axes.set_ylabel("per cent of decisions")
    axes.set_title(
        "Decisions settled beforehand by the informal circle, by the body that put them through",
        fontsize=10,
        loc="left",
    )
    axes.legend(loc="lower center", ncols=3, bbox_to_anchor=(0.5, -0.32))
    _years(axes)
    return finish(figure)


def lags(run: Run) -> bytes:
    """Days from the Centre by level: quartiles over the months."""
    figure, axes = new_figure(3.2)
    series = _series(run, "lag")
    levels = [level for level in LEVEL_COLOURS if level in series]
    boxes = axes.boxplot(
        [series[level][1] for level in levels],
        orientation="horizontal",
        patch_artist=True,
        widths=0.55,
        showfliers=False,
    )
    for box, level in zip(boxes["boxes"], levels, strict=True):
        box.set_facecolor(LEVEL_COLOURS[level])
        box.set_alpha(0.75)
    for line in boxes["medians"]:
        line.set_color("black")
    axes.set_yticks(range(1, len(levels) + 1), levels)
    axes.invert_yaxis()
    axes.set_xlabel("days (median of a month; boxes: half of the months)")
    axes.set_title("From the issue of a central directive to its receipt", fontsize=10, loc="left")
    return finish(figure)


def returns(run: Run) -> bytes:
    """Share of lent papers returned in time, with the days on which the terms changed."""
    figure, axes = new_figure(3.2)
    colours = {"centre": "#7a1f1f", "region": "#b5532a", "gubernia": "#d9a441"}
    for level, (days, values) in _series(run, "returned-in-time").items():
        if level in colours:
            axes.plot(days, [100 * v for v in values], label=level, color=colours[level], lw=1.6)
    for day, name in ((date(1924, 8, 19), "14 days, a month"), (date(1927, 5, 5), "3 and 7 days")):
        if date.fromisoformat(run.info["from"]) <= day <= date.fromisoformat(run.info["to"]):
            axes.axvline(day, color="#555555", lw=0.8, ls=":")
            axes.annotate(f" {name}", (mdates.date2num(day), 2), fontsize=8)
    axes.set_ylim(0, 100)
    axes.set_ylabel("per cent in time")
    axes.set_title("Lent papers returned by their day, by the month they were due", fontsize=10, loc="left")
    axes.legend(loc="lower center", ncols=3, bbox_to_anchor=(0.5, -0.38))
    _years(axes)
    return finish(figure)


def dependence(run: Run) -> bytes:
    """Dependence on the head of the Secretariat and the share of posts owed, month by month."""
    figure, axes = new_figure()
    colours = {"secretaries": "#7a1f1f", "central-committee": "#b5832a", "officials": "#4f7f8f"}
    for measure, style in (("posts-owed", "--"), ("dependence", "-")):
        for scope, (days, values) in _series(run, measure).items():
            colour = colours.get(scope, "#777777")
            label = f"{scope.replace('-', ' ')}: {'posts filled from above' if measure == 'posts-owed' else 'dependence'}"
            axes.plot(days, [100 * v for v in values], style, color=colour, label=label, lw=1.8)
    axes.set_ylim(0, 100)
    axes.set_ylabel("per cent")
    axes.set_title("What is owed to the Secretariat", fontsize=10, loc="left")
    axes.legend(loc="lower center", ncols=2, bbox_to_anchor=(0.5, -0.42))
    _years(axes)
    return finish(figure)


_DOCUMENTED_DELEGATES = (
    (date(1923, 4, 17), 55, "documented: 55 full-time"),
    (date(1923, 4, 17), 84, "84 with part-time"),
)


def delegates(run: Run) -> bytes:
    """Paid officials among delegates, and delegates against, at each congress and conference."""
    figure, axes = new_figure()
    for measure, colour, label in (
        ("apparatus-share", "#7a1f1f", "paid party officials"),
        ("delegates-against", "#4f7f8f", "against the leadership"),
    ):
        rows = run.rows("select day, value from measures where measure = ? order by day", [measure])
        axes.plot([row["day"] for row in rows], [100 * row["value"] for row in rows], "o-", color=colour, label=label, lw=1.4)
    first, last = date.fromisoformat(run.info["from"]), date.fromisoformat(run.info["to"])
    for day, value, name in _DOCUMENTED_DELEGATES:
        if first <= day <= last:
            axes.plot(day, value, "D", color="#d9a441", markeredgecolor="#333333", ms=7)
            axes.annotate(f"  {name}", (mdates.date2num(day), value), fontsize=8, va="center")
    axes.set_ylim(0, 100)
    axes.set_ylabel("per cent of delegates")
    axes.set_title("Congresses and conferences", fontsize=10, loc="left")
    axes.legend(loc="lower center", ncols=2, bbox_to_anchor=(0.5, -0.32))
    _years(axes)
    return finish(figure)


PLOTS: tuple[tuple[str, Callable[[Run], bytes], str], ...] = (
    (
        "map",
        map_of_days,
        "Distance is part of power: what the Centre ordered on Monday was news in the far districts a month later.",
    ),
    (
        "decided-before",
        decided_before,
        "What the bodies decide has mostly been settled before, where nothing is written.",
    ),
    ("dependence", dependence, "Posts are filled from above until most are owed; what their holders stand to lose grows with it."),
    ("delegates", delegates, "Delegates are chosen in stages, each partly by the secretary who prepares the choice."),
    ("volumes", volumes, "Most of the paper is made below; the orders of the Centre are a thin thread in it."),
    ("lags", lags, "Each level hears, restates in its own name and passes on; the days add up."),
    (
        "returns",
        returns,
        "Secret papers are lent. When the terms were cut in May 1927, fewer came back in time from afar.",
    ),
)


def draw(found: Findings) -> dict[str, bytes]:
    """All plots of a run that its measures allow, by name."""
    have = {row["measure"] for row in found.run.rows("select distinct measure from measures")}
    needs = {
        "map": "lag",
        "decided-before": "decided-before",
        "dependence": "dependence",
        "delegates": "apparatus-share",
        "volumes": "acts",
        "lags": "lag",
        "returns": "returned-in-time",
    }
    return {name: plot(found.run) for name, plot, _ in PLOTS if needs[name] in have}
