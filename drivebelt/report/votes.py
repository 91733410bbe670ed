"""What is owed to the Secretariat, and how the bodies of the Centre vote."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from drivebelt.report import drawing as dr
from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.report.paper import months, quarters, series, whole_months

if TYPE_CHECKING:
    from drivebelt.results import Run


def dependence(run: Run) -> Drawn:
    """Dependence on the head of the Secretariat and the share of posts owed, month by month."""
    found = {name: series(run, name) for name in ("posts-owed", "dependence")}
    if not any(found.values()):
        raise Nothing("Nobody was appointed in this run: the mechanism “cadres” is out of it, or the run is too short.")
    figure, (axes,) = dr.panels(2.9, right=2.35)
    looks = {"secretaries": (dr.RED, "o"), "central-committee": (dr.OCHRE, "D"), "officials": (dr.TEAL, "s")}
    ends, words = [], []
    for measure, style, word in (("posts-owed", "--", "placed from above"), ("dependence", "-", "dependence")):
        for scope, (days, values) in found[measure].items():
            colour, mark = looks.get(scope, (dr.MUTED, "v"))
            every = 1 if len(days) < 12 else 12
            axes.plot(days, [100 * v for v in values], style, color=colour, lw=1.7, marker=mark, markevery=every, ms=4.5)
            ends.append((days[-1], 100 * values[-1], f"{scope.replace('-', ' ')}: {word}", colour))
            words.append(f"{scope.replace('-', ' ')}, {word}: {100 * values[0]:.0f} to {100 * values[-1]:.0f} per cent")
    axes.set_ylim(0, 100)
    axes.set_ylabel("per cent")
    axes.set_title("What is owed to the Secretariat")
    dr.years(axes, *dr.period(run.info))
    dr.name_lines(axes, ends, 8)
    return dr.drawn(
        "dependence", figure, "Line chart by month. " + "; ".join(words) + ".",
        "Dashed: share of posts whose holders were placed there from above, a count. Whole: dependence on whoever heads the "
        "Secretariat, "
        "from ties, what the post is worth and how easily it is lost; a construct of the model, with no documented figure "
        "beside it.",
    )  # fmt: skip


def votes(run: Run) -> Drawn:
    """Votes against and bent decisions in the bodies of the Centre through time."""
    against, bent = series(run, "votes-against"), series(run, "bent")
    if not against:
        raise Nothing("No votes were cast in this run: the mechanism “sittings” is out of it, or the run is too short.")
    months(against)
    figure, (above, below) = dr.panels(1.9, 1.9)
    for axes, lines, title in (
        (above, against, "Votes against (dots: months of the Politburo; lines: quarters)"),
        (below, bent, "Bent decisions: carried, though by their own views the voters would have refused"),
    ):
        ends = []
        for body, (days, values) in lines.items():
            colour, dash = dr.BODIES.get(body, (dr.MUTED, ":"))
            if body.startswith("Politburo"):
                axes.plot(days, [100 * v for v in values], "o", color=colour, ms=2.4, alpha=0.4)
            quarter, mean = quarters(*whole_months(run, days, values))
            axes.plot(quarter, [100 * v for v in mean], dash, color=colour, lw=1.7, marker="o" if len(quarter) < 3 else None, ms=4)
            ends.append((quarter[-1], 100 * mean[-1], body.removesuffix(" of the CC"), colour))
        axes.set_ylim(bottom=0)
        axes.set_ylabel("per cent")
        axes.set_title(title)
        dr.years(axes, *dr.period(run.info))
        dr.name_lines(axes, ends)
    first, last = (100 * sum(v) / max(len(v), 1) for v in _ends(against.get("Politburo of the CC", ([], []))))
    return dr.drawn(
        "votes", figure,
        f"Two line charts. Votes against in the Politburo: {first:.0f} per cent in the first year of the run, {last:.0f} in the "
        f"last.",
        "Beside each vote the run keeps how the member would have voted by his position alone: ties, fear and the luck of a "
        "vote make the difference. Members of the Politburo owe each other no posts: ties do not explain their votes.",
    )  # fmt: skip


def _ends(line: tuple[list[date], list[float]]) -> tuple[list[float], list[float]]:
    """Values of the first and of the last year."""
    days, values = line
    if not days:
        return [0.0], [0.0]
    years = days[0].year, days[-1].year
    first, last = ([v for d, v in zip(days, values, strict=True) if d.year == year] for year in years)
    return first, last
