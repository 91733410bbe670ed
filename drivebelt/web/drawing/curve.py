"""The share of the committees of each level that a directive has reached, day by day."""

from __future__ import annotations

from markupsafe import escape

from drivebelt.report.drawing import LEVEL_COLOURS, LEVEL_NAMES, NAMED, apart
from drivebelt.web.reaching import Reach

_MARK = {
    "region": '<path d="M0-5.6L5.6 0L0 5.6L-5.6 0z" {0}/>', "gubernia": '<rect x="-4" y="-4" width="8" height="8" {0}/>',
    "uezd": '<circle r="4" {0}/>', "volost": '<path d="M0-5L5 4H-5z" {0}/>', "cell": '<path d="M0 5L5-4H-5z" {0}/>',
}  # fmt: skip
"""The marks of levels as they are on the map, and two for those that have no seat there."""


def curve(found: Reach, day: int, until: int, box: tuple[float, float, float, float]) -> str:
    """One line a level from the day of the signature to `until`; the day that is shown as an upright line."""
    x0, y0, w, h = box
    until = max(until, 1)

    def at(lag: float, share: float) -> tuple[float, float]:
        return x0 + w * min(lag, until) / until, y0 + h * (1 - share)

    out = [
        f'<text x="{x0 - 36:g}" y="{y0 - 12:g}" font-size="13" font-weight="600" fill="var(--ink)">'
        "Share of the committees of each level that had it</text>"
    ]
    for share in (0, 0.5, 1):
        _, y = at(0, share)
        out.append(f'<path d="M{x0:g} {y:.1f}h{w:g}" stroke="var(--line)"/>')
        words = f"{100 * share:.0f}%"
        out.append(f'<text x="{x0 - 6:g}" y="{y + 4:.1f}" font-size="12" text-anchor="end" fill="var(--muted)">{words}</text>')
    every = next(n for n in (5, 10, 20, 30, 60, 120, 365, 10_000) if until / n <= 9)
    for lag in range(0, until + 1, every):
        x, _ = at(lag, 0)
        out.append(f'<text x="{x:.1f}" y="{y0 + h + 16:g}" font-size="12" text-anchor="middle" fill="var(--muted)">{lag}</text>')
    out.append(
        f'<text x="{x0 + w:g}" y="{y0 + h + 31:g}" font-size="12" text-anchor="end" fill="var(--muted)">'
        "days after it was signed</text>"
    )
    ends = []
    for row in found.levels:
        if not row["had"]:
            continue
        level = row["level"]
        colour = f"var(--{NAMED[LEVEL_COLOURS[level]]})"
        total, way = 0, f"M{x0:g} {y0 + h:g}"
        for lag, n in found.curve.get(level, ()):
            if lag > until:
                break
            x, y = at(lag, total / row["bodies"])
            total += n
            way += f"L{x:.1f} {y:.1f}V{at(lag, total / row['bodies'])[1]:.1f}"
        share = total / row["bodies"]
        x, y = at(until, share)
        out.append(f'<path d="{way}H{x:.1f}" fill="none" stroke="{colour}" stroke-width="2.2"/>')
        for k in range(1, 7):
            lag = round(until * k / 6.5)
            mx, my = at(lag, found.share(level, lag) or 0)
            style = f'fill="{colour}" stroke="var(--paper)" stroke-width=".8"'
            out.append(f'<g transform="translate({mx:.1f} {my:.1f})">{_MARK[level].format(style)}</g>')
        ends.append((y, level, colour, share))
    for (y, level, colour, share), place in zip(ends, apart([e[0] for e in ends], 16), strict=True):
        x = x0 + w
        out.append(f'<path d="M{x + 2:g} {y:.1f}L{x + 12:g} {place:.1f}" stroke="{colour}" fill="none"/>')
        words = f"{LEVEL_NAMES[level].split(' (')[0]} {100 * share:.0f}%"
        out.append(f'<text x="{x + 15:g}" y="{place + 4:.1f}" font-size="12.5" fill="var(--ink)">{escape(words)}</text>')
    x, _ = at(day, 0)
    out.append(
        f'<g class="day" data-x0="{x0:g}" data-w="{w:g}" data-until="{until}" transform="translate({x:.1f} 0)">'
        f'<path d="M0 {y0 - 4:g}V{y0 + h:g}" stroke="var(--ink)" stroke-width="1.6" stroke-dasharray="3 3"/></g>'
    )
    return "".join(out)
