"""How many facts of the catalogue speak of each year: a row of bars, each of them a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import escape

from drivebelt.report.drawing import Drawn, Nothing

_FIRST, _LAST = 1912, 1941
_WIDTH, _HEIGHT, _BASE = 900, 118, 92


def by_year(many: Mapping[int, int], chosen: str, to: Callable[[int], str]) -> Drawn:
    """Bars by year from 1912 to 1941; `to` gives the address of a year. Raises Nothing where no fact has a date."""
    years = range(_FIRST, _LAST + 1)
    most = max((many.get(y, 0) for y in years), default=0)
    if not most:
        raise Nothing("none of these facts is dated to the years from 1912 to 1941")
    step = _WIDTH / len(years)
    out = []
    for i, year in enumerate(years):
        n = many.get(year, 0)
        x, high = i * step + 2, round(64 * n / most, 1)
        here = str(year) == chosen
        fill = "var(--red)" if here else "var(--teal)"
        middle = f'x="{x + step / 2 - 2:.1f}" text-anchor="middle" font-size="11"'
        number = f'<text {middle} y="{_BASE - high - 5:.1f}" fill="var(--muted)">{n}</text>'
        label = f'fill="var(--red)" font-weight="700">{year}' if here else f'fill="var(--muted)">’{year % 100:02d}'
        name = f'<text {middle} y="{_BASE + 16}" {label}</text>'
        bar = f'<rect x="{x:.1f}" y="{_BASE - high:.1f}" width="{step - 4:.1f}" height="{max(high, 1):.1f}" fill="{fill}"/>'
        body = bar + (number if n else "") + name
        if n:
            body = f'<a href="{escape(to(year))}" aria-label="{year}: {n} facts"><title>{year}: {n} facts</title>{body}</a>'
        out.append(body)
    svg = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}">{"".join(out)}<path d="M0 {_BASE}H{_WIDTH}" stroke="var(--line)"/></svg>'
    beyond = sum(n for y, n in many.items() if y not in years)
    more = f" {beyond:,} more are dated to other years." if beyond else ""
    return Drawn(
        f"Facts by year, {_FIRST} to {_LAST}; most in {max(years, key=lambda y: many.get(y, 0))}",
        f"Facts that speak of each year from {_FIRST} to {_LAST}; one may speak of several. Choose a year to see its facts.{more}",
        b"", svg,
    )  # fmt: skip
