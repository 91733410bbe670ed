"""Measures through time: a small line for the index, one figure for a measure, two runs in one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from drivebelt.report import drawing as dr
from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.report.words import number
from drivebelt.web.drawing import boxes as b
from drivebelt.web.meaning import Documented, Meaning

Lines = Mapping[str, tuple[Sequence[date], Sequence[float]]]
"""scope -> (days, values)."""
LOOKS = (
    (dr.RED, "-", "o"),
    (dr.TEAL, "--", "s"),
    (dr.OCHRE, "-.", "D"),
    (dr.BLUE, ":", "^"),
    (dr.OLIVE, "-", "v"),
    (dr.RUST, "--", "P"),
)
"""Colour, dash and mark of the first, second and so on."""
MOST = len(LOOKS)
SPARK = (300.0, 86.0)
_HEAD = 18.0
"""Height of the line on which the highest value stands, above all that is drawn."""


def spark(what: Meaning, lines: Lines, points: Sequence[Documented], first: date, last: date) -> str:
    """A measure as a small line of its scopes from nought to its highest value, with diamonds where something is documented."""
    width, height = SPARK
    values = [v for _, line in lines.values() for v in line] + [p.value for p in points if p.value is not None]
    if not values:
        return ""
    low, high = min(0.0, *values), max(0.0, *values) or 1.0
    days = max((last - first).days, 1)

    def at(day: date, value: float) -> str:
        x = 4 + (width - 8) * min(max((day - first).days / days, 0), 1)
        return f"{x:.1f} {_HEAD + (height - _HEAD - 6) * (1 - (value - low) / (high - low or 1)):.1f}"

    parts = [b.path(f"M0 {height - 6}H{width}", colour="line")]
    for (colour, dash, _), (on, line) in zip(LOOKS, lines.values(), strict=False):
        hue, broken = dr.NAMED[colour], {"-": "", "--": "6 3", "-.": "7 3 2 3", ":": "2 3"}[dash]
        points_on = [at(day, value) for day, value in zip(on, line, strict=True)]
        if len(points_on) < 12:
            parts += [f'<circle cx="{p.split()[0]}" cy="{p.split()[1]}" r="2.6" fill="var(--{hue})"/>' for p in points_on]
        parts.append(b.path("M" + "L".join(points_on), colour=hue, width=1.7, dash=broken))
    for p in points:
        if p.value is not None and p.day is not None and first <= p.day <= last:
            x, y = at(p.day, p.value).split()
            parts.append(f'<path d="M{x} {float(y) - 5:.1f}l5 5l-5 5l-5 -5z" fill="var(--ochre)" stroke="var(--ink)"/>')
    highest = high * _times(what)
    told = f"{highest:,.0f}" if highest >= 10 else f"{highest:.2g}"
    parts.append(
        b.text(
            width - 2, 11, told + (" %" if what.unit in ("share", "per cent") else ""), 11, colour="muted", anchor="end", halo=True
        )
    )
    return f'<svg viewBox="0 0 {width:g} {height:g}" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'


def measure(what: Meaning, lines: Lines, points: Sequence[Documented], first: date, last: date) -> Drawn:
    """One measure by its scopes, with its documented points drawn in."""
    if not any(days for days, _ in lines.values()):
        raise Nothing("This run has no values of the measure: its mechanism is out of the run, or the run is too short.")
    figure, (axes,) = dr.panels(3.1, left=0.85, right=2.1)
    ends = _draw(axes, {scope: (*line, *LOOKS[i]) for i, (scope, line) in enumerate(list(lines.items())[:MOST])}, what)
    dr.years(axes, first, last)
    shown = [p for p in points if p.value is not None and p.day is not None and (p.scope is None or p.scope in lines)]
    for p in shown:
        value = p.value * _times(what)  # type: ignore[operator]
        axes.set_ylim(top=max(axes.get_ylim()[1], 1.08 * value))
        dr.documented(axes, p.day, value, f"{number(round(value, 2))} documented")
    axes.set_title(what.title)
    dr.name_lines(axes, ends, 8.5)
    told = "; ".join(
        f"{text}: from {number(round(v[0] * _times(what), 2))} to {number(round(v[-1] * _times(what), 2))}"
        for text, (_, v) in lines.items()
    )
    return dr.drawn(
        "measure", figure, f"{what.title}. {told}.",
        f"{what.says}" + (" Diamonds: documented figures, listed below with their sources." if shown else ""), png=False,
    )  # fmt: skip


def pair(what: Meaning, a: Lines, b_lines: Lines, names: tuple[str, str], first: date, last: date) -> Drawn:
    """Two runs in one figure: the first in whole lines, the second in broken ones with marks."""
    if not a and not b_lines:
        raise Nothing("Neither run has values of this measure.")
    scopes = list(dict.fromkeys([*a, *b_lines]))[:3]
    figure, (axes,) = dr.panels(3.3, left=0.85, right=2.6)
    ends = []
    for lines, name, dash, width in ((a, names[0], "-", 1.9), (b_lines, names[1], (0, (4, 2)), 1.6)):
        looks = {}
        for i, scope in enumerate(scopes):
            if scope in lines:
                mark = LOOKS[i][2] if lines is b_lines else ""
                label = f"{name}: {scope}" if len(scopes) > 1 else name
                looks[label] = (*lines[scope], LOOKS[i][0], dash, mark)
        ends += _draw(axes, looks, what, width)
    dr.years(axes, first, last)
    axes.set_title(what.title)
    dr.name_lines(axes, ends, 8.2)
    return dr.drawn(
        "pair", figure, f"{what.title} in two runs: {names[0]} and {names[1]}.",
        f"Whole lines: {names[0]}. Broken lines with marks: {names[1]}. {what.says}", png=False,
    )  # fmt: skip


def _draw(
    axes: object, lines: Mapping[str, tuple[Sequence[date], Sequence[float], str, object, str]], what: Meaning, width: float = 1.7
) -> list[tuple[date, float, str, str]]:
    """Draws lines and returns what is written beside their ends."""
    ends = []
    times = _times(what)
    for text, (days, values, colour, dash, mark) in lines.items():
        every = max(len(days) // 8, 1)
        axes.plot(days, [times * v for v in values], ls=dash, color=colour, lw=width, marker=mark or None, markevery=every, ms=4.5)  # type: ignore[attr-defined]
        ends.append((days[-1], times * values[-1], text.removesuffix(" of the CC").replace("count: ", ""), colour))
    low = min((times * v for _, values, *_ in lines.values() for v in values), default=0)
    axes.set_ylabel("per cent" if times == 100 else what.unit)  # type: ignore[attr-defined]
    if low >= 0:
        axes.set_ylim(bottom=0)  # type: ignore[attr-defined]
    return ends


def _times(what: Meaning) -> float:
    return 100.0 if what.unit == "share" else 1.0
