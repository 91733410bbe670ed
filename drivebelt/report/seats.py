"""Who sits in the Politburo and in the informal circle, as documented and in the run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from drivebelt.findings import scenario_file
from drivebelt.report import drawing as dr
from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.rulebook import load

if TYPE_CHECKING:
    from drivebelt.results import Run

Span = tuple[date, date, bool]
"""First day, last day, and whether as a full member."""
_SEATS = """
    select coalesce(p.name, 'official no. ' || p.person) as name, t."from" as since, t."to" as until,
           q.name not like 'candidate%' as full
    from tenures t join posts q using (post) join organs o using (organ) join persons p using (person)
    where o.key = ? and q.name like '%member, seat%' order by t."from", q.post
"""


def _within(run: Run, since: date, until: date | None) -> tuple[date, date] | None:
    """The part of a span that lies in the run."""
    first, last = dr.period(run.info)
    a, b = max(since, first), min(until or last, last)
    return (a, b) if a < b else None


def seats(run: Run, body: str = "politburo") -> tuple[dict[str, list[Span]], dict[str, list[Span]]]:
    """Who sat in a leading body, as documented and in the run: name -> spans."""
    people = scenario_file(run.info["scenario"])[1]
    names = {key: person["name"] for key, person in people["persons"].items()}
    known: dict[str, list[Span]] = {}
    for t in people["tenures"]:
        kind = t["post"].removeprefix(f"{body}-")
        held = _within(run, t["from"], t.get("to")) if kind in ("member", "candidate") else None
        if held:
            known.setdefault(names[t["person"]], []).append((*held, kind == "member"))
    ran: dict[str, list[Span]] = {}
    for row in run.rows(_SEATS, [body]):
        held = _within(run, row["since"], row["until"])
        if held:
            ran.setdefault(row["name"], []).append((*held, row["full"]))
    return known, ran


def spans(axes: Any, above: dict[str, list[Span]], below: dict[str, list[Span]], order: list[str]) -> None:
    """Two rows of bars a person: documented above (hatched), simulated below (filled); candidates half as high."""
    for y, name in enumerate(order):
        for lines, drop, look in (
            (above.get(name, ()), -0.21, {"facecolor": "none", "edgecolor": dr.OCHRE, "hatch": "/////", "lw": 0.9}),
            (below.get(name, ()), 0.21, {"facecolor": dr.RED, "edgecolor": dr.RED, "lw": 0.5}),
        ):
            for since, until, full in lines:
                height = 0.34 if full else 0.15
                axes.barh(y + drop, (until - since).days, left=dr.date_number(since), height=height, **look)
    axes.set_yticks(range(len(order)), order, fontsize=8.4)
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.xaxis_date()


def bodies(run: Run) -> Drawn:
    """Members and candidates of the Politburo, documented and in the run."""
    known, ran = seats(run)
    if not ran:
        raise Nothing("No seats of the Politburo are held in this run.")
    order = sorted({*known, *ran}, key=lambda n: (min((s for s, *_ in known.get(n, ())), default=date.max), n not in known, n))
    figure, (axes,) = dr.panels(0.245 * len(order) + 0.15, left=1.55, right=0.3, bottom=0.85)
    spans(axes, known, ran, order)
    dr.years(axes, *dr.period(run.info))
    axes.set_title("The Politburo: documented (hatched) and in the run (filled)")
    _span_key(figure, "thin: candidates without a vote")
    both = [name for name in order if name in known and name in ran]
    only_run = [name for name in ran if name not in known]
    return dr.drawn(
        "bodies", figure,
        f"Bars of the time {len(order)} persons sat in the Politburo. {len(both)} sat there both as documented and in the run; "
        f"only in the "
        f"run: {', '.join(only_run) or 'nobody'}.",
        "Composition on the first day is an input (I.1, lines 1896-1904); from the first congress the run elects. Later documented "
        "dates are from general reference. Officials without a documented name bear their number.",
    )  # fmt: skip


def _span_key(figure: Any, thin: str | None) -> None:
    import matplotlib.patches as mpatches

    key = [
        mpatches.Patch(facecolor="none", edgecolor=dr.OCHRE, hatch="/////", label="documented"),
        mpatches.Patch(facecolor=dr.RED, edgecolor=dr.RED, label="in the run" + (f"; {thin}" if thin else "")),
    ]
    figure.legend(handles=key, loc="lower center", ncols=3, fontsize=8, borderaxespad=0.3)


_COMBINED = """
    select a.day, coalesce(p.name, 'official no. ' || p.person) as name, coalesce(t.name, 'official no. ' || t.person) as against
    from acts a join persons p on p.person = a.actor_person
    left join persons t on t.person = a.target_person where a.kind = 'combine' order by a.day, p.name, p.person
"""
_NINE_UNTIL = date(1929, 12, 31)
"""The documented nine is of 1926; it is not drawn into the thirties."""


def circle_spans(run: Run) -> tuple[dict[str, list[Span]], dict[str, list[Span]], list[tuple[date, str]]]:
    """Who was in the informal circle: documented, in the run, and (day, against whom) of each understanding."""
    first, last = dr.period(run.info)
    people = scenario_file(run.info["scenario"])[1]["persons"]
    known: dict[str, list[Span]] = {}
    dated = [(day, value) for day, value in load([])["core_members"].values if value]
    for i, (day, value) in enumerate(dated):
        until = dated[i + 1][0] if i + 1 < len(dated) else min(last, _NINE_UNTIL)
        held = _within(run, day, until)
        for person in value if held else ():
            name = people.get(str(person).removeprefix("person:"), {}).get("name", str(person))
            known.setdefault(name, []).append((*held, True))  # type: ignore[misc]
    rows = run.rows(_COMBINED)
    days = sorted({row["day"] for row in rows})
    ran: dict[str, list[Span]] = {}
    for row in rows:
        later = [day for day in days if day > row["day"]]
        ran.setdefault(row["name"], []).append((max(row["day"], first), later[0] if later else last, True))
    return known, ran, sorted({(row["day"], row["against"] or "nobody") for row in rows})


def circle(run: Run) -> Drawn:
    """Members of the informal circle month by month, documented and in the run."""
    known, ran, formed = circle_spans(run)
    if not ran:
        raise Nothing("No informal circle formed in this run: too short a time, too small a threat, or the mechanism is out of it.")
    order = sorted({*known, *ran}, key=lambda n: (min(s for s, *_ in [*known.get(n, ()), *ran.get(n, ())]), n))
    figure, (axes, count) = dr.panels(0.26 * len(order) + 0.15, 1.0, left=1.55, right=0.3, bottom=0.85, gap=0.55)
    spans(axes, known, ran, order)
    first, last = dr.period(run.info)
    dr.years(axes, first, last)
    axes.set_title("The informal circle: documented (hatched) and in the run (filled)")
    days = [day for day, _ in formed]
    sizes = [sum(any(s <= day < e for s, e, _ in lines) for lines in ran.values()) for day in days]
    count.step([*days, last], [*sizes, sizes[-1]], where="post", color=dr.RED, lw=1.8)
    for since, until, size in _sizes(known):
        count.plot([since, until], [size, size], color=dr.OCHRE, lw=1.2, ls="--")
        count.annotate(f"{size} documented", (dr.date_number(since), size), xytext=(3, 4), textcoords="offset points", fontsize=8)
    count.set_ylim(0, 11)
    count.set_ylabel("persons")
    count.set_title("How many")
    dr.years(count, first, last)
    _span_key(figure, None)
    foes = dict.fromkeys(name for _, name in formed)
    return dr.drawn(
        "circle", figure,
        f"Bars of the time each of {len(order)} persons was in the informal circle; in the run it has {min(sizes)} to "
        f"{max(sizes)} members, "
        f"against {', '.join(foes)}.",
        "Documented: troika, seven and nine (I.2, lines 2346-2350), by month. In the run nobody is put into the circle. It "
        "formed against: "
        + "; ".join(f"{day:%B %Y}, {name}" for day, name in formed) + ".",
    )  # fmt: skip


def _sizes(known: dict[str, list[Span]]) -> list[tuple[date, date, int]]:
    found: dict[tuple[date, date], int] = {}
    for lines in known.values():
        for since, until, _ in lines:
            found[since, until] = found.get((since, until), 0) + 1
    return [(since, until, n) for (since, until), n in sorted(found.items())]
