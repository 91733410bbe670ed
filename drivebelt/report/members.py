"""The members of the party by the time and way of their joining."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from drivebelt.evidence import records as evidence_records
from drivebelt.evidence.cite import where
from drivebelt.report import drawing as dr
from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.report.paper import series

if TYPE_CHECKING:
    from drivebelt.results import Run

_ADMITTED = """
    select a.day, coalesce(c.amount, -1) = ? as draft, sum(a.amount) as n
    from acts a left join acts c on c.act = a.cause and c.kind = 'calendar' where a.kind = 'admit' group by all order by a.day
"""
_COUNTED = """
    select a.day, regexp_replace(m.subject, '^.*: ', '') as what, sum(a.amount) as n from acts a join matters m using (matter)
    where a.kind = 'count-members' group by all order by a.day
"""
_TOTALS = ("party members", "members of the RCP(b)", "members of the party", "members and candidates")
DRAFT = 3
"""Place of the drafts among power.state.COHORTS; written here, so that no compiled code is loaded for a report."""


def documented_members(run: Run) -> list[tuple[date, float, str, str]]:
    """Documented totals of members within the period or the year before it: day, number, date as given, place."""
    first, last = dr.period(run.info)
    out = []
    for record in evidence_records("quantity"):
        value, dated = record.get("value"), str(record.get("date", "")).split("/")[-1]
        if record.get("what") in _TOTALS and isinstance(value, (int, float)) and dated[:4].isdigit():
            parts = [int(x) for x in dated.split("-")]
            day = date(*(parts + [6 if len(parts) == 1 else 15, 15][len(parts) - 1 :])[:3]) if len(parts) < 3 else date(*parts)
            if date(first.year - 1, 1, 1) <= day <= last:
                out.append((day, float(value), dated, where(record).replace("section ", "")))
    return sorted(out)


def cohorts(run: Run) -> tuple[list[date], dict[str, list[float]]]:
    """Days and members by the time and way of their joining, in thousands of the whole country, the eldest first.

    From the monthly counts of the party where the run has them, otherwise from admissions.
    """
    scale = run.info["scale"] * 1000
    counted: dict[str, dict[date, float]] = {}
    for row in run.rows(_COUNTED):
        counted.setdefault(row["what"], {})[row["day"]] = row["n"] / scale
    names = ("joined before 1917", "joined before 1921", "entrants of drafts", "members and candidates")
    if all(name in counted for name in names):
        old, early, drafted, every = (counted[name] for name in names)
        days = sorted(every)
        return days, {
            "joined before 1917": [old.get(day, 0.0) for day in days],
            "joined 1917 to 1920": [early.get(day, 0.0) - old.get(day, 0.0) for day in days],
            "admitted one by one since": [every[day] - early.get(day, 0.0) - drafted.get(day, 0.0) for day in days],
            "admitted in drafts": [drafted.get(day, 0.0) for day in days],
        }
    days, values = next(iter(series(run, "members").values()), ([], []))
    came: dict[bool, list[tuple[date, float]]] = {True: [], False: []}
    for row in run.rows(_ADMITTED, [DRAFT]):
        came[row["draft"]].append((row["day"], (row["n"] or 0) / scale))
    ordinary, drafted_in = ([sum(n for day, n in came[draft] if day < on) for on in days] for draft in (False, True))
    first = [v / 1000 - o - d for v, o, d in zip(values, ordinary, drafted_in, strict=True)]
    return days, {"members at the start": first, "admitted one by one since": ordinary, "admitted in drafts": drafted_in}


def members(run: Run) -> Drawn:
    """Members by how they came in, through time, with documented totals."""
    days, layers = cohorts(run)
    if not days:
        raise Nothing("The run does not count members: the mechanism “members” is out of it, or it is shorter than a month.")
    figure, (axes,) = dr.panels(2.9, right=2.4)
    first, last = dr.period(run.info)
    looks = {
        "joined before 1917": (dr.RED, ""), "joined 1917 to 1920": (dr.BLUE, ""), "members at the start": (dr.BLUE, ""),
        "admitted one by one since": (dr.TEAL, "//"), "admitted in drafts": (dr.OCHRE, "\\\\"),
    }  # fmt: skip
    floor, ends = [0.0] * len(days), []
    for name, layer in layers.items():
        colour, hatch = looks[name]
        top = [a + b for a, b in zip(floor, layer, strict=True)]
        axes.fill_between(days, floor, top, facecolor=colour, alpha=0.35, hatch=hatch, edgecolor=colour, lw=0.0)
        if layer[-1] > 0:
            ends.append((days[-1], (floor[-1] + top[-1]) / 2, f"{name}: {layer[-1]:,.0f}", colour))
        floor = top
    axes.plot(days, floor, color=dr.INK, lw=1.8, marker="o" if len(days) < 3 else None)
    ends.append((days[-1], floor[-1], f"all members: {floor[-1]:,.0f}", dr.INK))
    known = documented_members(run)
    for day, value, *_ in known:
        if first <= day <= last:
            dr.documented(axes, day, value / 1000, f"{value / 1000:,.0f} documented", dx=-7, dy=9, ha="right")
    axes.set_ylim(bottom=0)
    axes.set_ylabel("thousand members")
    axes.set_title("Members by the way they came in")
    dr.years(axes, first, last)
    dr.name_lines(axes, ends, 8)
    cited = "; ".join(f"{value:,.0f} in {dated} ({place})" for _, value, dated, place in known)
    return dr.drawn(
        "members", figure,
        f"Members in thousands, from {sum(x[0] for x in layers.values()):,.0f} to {floor[-1]:,.0f}; at the end "
        + "; ".join(text for _, _, text, _ in ends) + ".",
        "Numbers are of the whole country whatever the scale of the run. " + (f"Documented: {cited}. " if cited else "")
        + "Who asks to be admitted rests on assumptions, the terms and months of drafts on rules.",
    )  # fmt: skip
