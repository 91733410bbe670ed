"""The months of a run in one strip: how much the Politburo decides, how much of it was settled before, and which month is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from markupsafe import escape

from drivebelt.report.drawing import Drawn

_WIDE, _HIGH, _FOOT = 1240.0, 58.0, 18.0


def strip(months: Sequence[date], shown: date, done: Mapping[date, tuple[float, float]], link: Callable[[date], str]) -> Drawn:
    """A bar a month, as high as the decisions, hatched as far as they were settled before. `done`: first of a month -> both."""
    most = max((n for n, _ in done.values()), default=0) or 1
    each = _WIDE / max(len(months), 1)
    out = []
    for i, day in enumerate(months):
        n, share = done.get(day.replace(day=1), (0, 0))
        x, high = i * each, n / most * (_HIGH - 6)
        here = (day.year, day.month) == (shown.year, shown.month)
        words = f"{day:%B %Y}: {n:.0f} decisions of the Politburo, {100 * share:.0f} per cent of them settled before"
        ground = f'<rect x="{x:.1f}" y="0" width="{each:.1f}" height="{_HIGH:g}" fill="var(--red)" fill-opacity="{0.16 * here:g}"/>'
        whole, settled = (
            f'<rect x="{x + 1:.1f}" y="{_HIGH - h:.1f}" width="{each - 2:.1f}" height="{h:.1f}" {style}/>'
            for h, style in ((high, 'fill="none" stroke="var(--muted)"'), (high * share, 'fill="url(#strip)"'))
        )
        title = f"<title>{escape(words)}</title>"
        out.append(f'<a href="{escape(link(day))}" tabindex="-1">{title}{ground}{whole}{settled}</a>')
        if day.month == 1 or i == 0:
            out.append(f'<text x="{x + 2:.1f}" y="{_HIGH + 14:g}" font-size="12" fill="var(--muted)">{day.year}</text>')
            out.append(f'<path d="M{x:.1f} {_HIGH:g}v6" stroke="var(--muted)"/>')
    hatch = (
        '<defs><pattern id="strip" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="5" height="5" fill="var(--paper)"/><rect width="2.6" height="5" fill="var(--red)"/></pattern></defs>'
    )
    alt = f"The Politburo's decisions month by month; {shown:%B %Y} is shown above."
    svg = f'<svg viewBox="0 0 {_WIDE:g} {_HIGH + _FOOT:g}" role="group" aria-label="{escape(alt)}">{hatch}{"".join(out)}</svg>'
    return Drawn(alt, "Each bar a month: the Politburo's decisions, hatched those that the circle had settled before.", b"", svg)
