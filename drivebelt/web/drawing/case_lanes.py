"""An episode as two lanes on one time axis: what is documented above, what the run did below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import escape

from drivebelt.cases import Case, Step
from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.report.episodes import span
from drivebelt.telling import day
from drivebelt.web.drawing.packing import Spot, fit, pack
from drivebelt.web.drawing.timescale import LONG, Timescale, axis

WIDTH, LEFT, ROW, TOP, PAD = 1200, 128, 27, 46, 10
SHORT = 44
"""Letters of a step that are repeated in the lane of the run."""
EVEN = 400
"""Days from which on an episode has an even axis again: it has several beginnings, none of which is the first day."""


def draw(case: Case) -> Drawn:
    """Both paths, each step joined with itself. Raises Nothing where no step has a date."""
    known = [span(step.documented) for step in case.steps]
    ran = [step.simulated for step in case.steps]
    days = [d for both in known if both for d in both] + [d for d in ran if d]
    if not days:
        raise Nothing("No step of this episode has a date, documented or simulated.")
    low, high = min(days), max(days)
    scale = Timescale(low, high, LEFT + 14, WIDTH - 20, not LONG < (high - low).days < EVEN)
    above = {i: _spot(scale, both, case.steps[i].text) for i, both in enumerate(known) if both}
    below = {i: _spot(scale, (d, d), _told(case.steps[i])) for i, d in enumerate(ran) if d}
    parts, y, middle = list[str](), float(TOP), 0.0
    for spots, name, under in ((above, "Documented", "in the book"), (below, "In the run", "simulated")):
        ordered = sorted(spots.values(), key=lambda s: s.x)
        height = pack(ordered) * ROW + 2 * PAD if ordered else 50
        for s in ordered:
            s.y = y + PAD + s.row * ROW + ROW / 2
        parts.append(
            f'<rect x="0" y="{y:.1f}" width="{LEFT - 10}" height="{height:.1f}" fill="var(--wash)"/>'
            f'<line x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--muted)"/>'
            f'<text x="4" y="{y + 21:.1f}" font-weight="600" font-size="14" fill="var(--ink)">{name}</text>'
            f'<text x="4" y="{y + 37:.1f}" fill="var(--muted)">{under}</text>'
        )
        if not ordered:
            parts.append(f'<text x="{LEFT + 14}" y="{y + 29:.1f}" fill="var(--muted)">no step with a date</text>')
        y += height
        middle = middle or y
    parts += axis(scale, TOP, y)
    parts += [_joined(above[i], below[i]) for i in above if i in below]
    parts += [_diamond(i, above[i], case.steps[i]) for i in above] + [_dot(i, below[i], case.steps[i]) for i in below]
    box = f'viewBox="0 0 {WIDTH} {y + 6:.0f}" class="lanes" font-size="12.5" role="group" aria-label="{escape(case.title)}"'
    return Drawn(_alt(case, len(above), len(below)), _caption(scale, case.steps), b"", f"<svg {box}>{''.join(parts)}</svg>")


def _spot(scale: Timescale, days: tuple[date, date], words: str) -> Spot:
    first, last = (scale.x(d, 0.5) for d in days)
    spot = Spot((first + last) / 2, last) if last > first else Spot(first, first)
    fit(spot, words, LEFT + 4, WIDTH - 8)
    if last > first:
        spot.end = last
    return spot


def _told(step: Step) -> str:
    many = f", {step.n:,} acts" if step.n > 1 else ""
    text = step.text if len(step.text) <= SHORT else step.text[:SHORT].rsplit(" ", 1)[0] + " …"
    return f"{day(step.simulated) if step.simulated else ''}{many}: {text}"


def _joined(a: Spot, b: Spot) -> str:
    bend = (a.y + b.y) / 2
    return (
        f'<path d="M{a.x:.1f} {a.y:.1f}C{a.x:.1f} {bend:.1f} {b.x:.1f} {bend:.1f} {b.x:.1f} {b.y:.1f}" fill="none" '
        'stroke="var(--muted)" stroke-opacity=".6" stroke-width="1.2"/>'
    )


def _diamond(i: int, s: Spot, step: Step) -> str:
    fill, colour = ("var(--paper)", "var(--ink)") if step.put_in else ("var(--ochre)", "#222120")
    bar = ""
    if s.end > s.x:
        bar = (
            f'<line x1="{2 * s.x - s.end:.1f}" x2="{s.end:.1f}" y1="{s.y + 12:.1f}" y2="{s.y + 12:.1f}" stroke="var(--ochre)" '
            'stroke-width="4" stroke-opacity=".6"/>'
        )
    mark = f'<path d="M0 -11L11 0L0 11L-11 0Z" transform="translate({s.x:.1f} {s.y:.1f})" fill="{fill}" stroke="var(--ink)"/>'
    return f"<g><title>{escape(f'{step.documented}: {step.text}')}</title>{bar}{mark}{_number(i, s, colour)}{_words(s)}</g>"


def _dot(i: int, s: Spot, step: Step) -> str:
    fill = "var(--paper)" if step.put_in else "var(--red)"
    title = escape(f"{day(step.simulated) if step.simulated else ''}: {step.text}")
    mark = f'<circle cx="{s.x:.1f}" cy="{s.y:.1f}" r="9" fill="{fill}" stroke="var(--red)" stroke-width="1.5"/>'
    return f"<g><title>{title}</title>{mark}{_number(i, s, 'var(--ink)' if step.put_in else 'var(--paper)')}{_words(s)}</g>"


def _number(i: int, s: Spot, colour: str) -> str:
    style = f'text-anchor="middle" font-size="11" font-weight="600" fill="{colour}"'
    return f'<text x="{s.x:.1f}" y="{s.y + 4:.1f}" {style}>{i + 1}</text>'


def _words(s: Spot) -> str:
    left = s.text - 2 if s.anchor == "start" else s.text - s.width
    return (
        f'<rect x="{left:.1f}" y="{s.y - 8:.1f}" width="{s.width:.1f}" height="16" fill="var(--paper)" fill-opacity=".85"/>'
        f'<text x="{s.text:.1f}" y="{s.y + 4:.1f}" text-anchor="{s.anchor}" fill="var(--ink)">{escape(s.label)}</text>'
    )


def _alt(case: Case, above: int, below: int) -> str:
    return f"{case.title}: {above} documented and {below} simulated steps on one time axis; the table below says the same."


def _caption(scale: Timescale, steps: Sequence[Step]) -> str:
    growing = "" if scale.even else " Each step to the right counts for longer."
    put = " Hollow marks are dates that were put in: their agreement says nothing." if any(s.put_in for s in steps) else ""
    return (
        "Diamonds: documented days (a bar below one: known to the month or year only). Dots: the day of the act in the run, or the "
        f"median day of several. A line joins both days of one step.{growing}{put}"
    )
