"""A register as a strip of numbers: what is there, what is known by a trace, and what left nothing."""

from __future__ import annotations

from collections.abc import Mapping

from drivebelt.report.drawing import Drawn, Nothing

_ACROSS, _CELL, _LEFT = 50, 16, 46
_MOST = 1500
_LEGEND = (
    (_LEFT, True, "the paper is there"),
    (_LEFT + 190, False, "gone; a trace tells of it"),
    (_LEFT + 420, None, "nothing known"),
)


def strip(known: Mapping[int, bool], title: str) -> Drawn:
    """`known`: number -> whether the paper is there (else a trace tells of it); fifty numbers in a row. Raises Nothing for none."""
    if not known:
        raise Nothing("no number of this register is known")
    highest = max(known)
    shown = min(highest, _MOST)
    rows = -(-shown // _ACROSS)
    out = []
    for n in range(1, shown + 1):
        row, place = divmod(n - 1, _ACROSS)
        x, y = _LEFT + place * _CELL, row * (_CELL + 4) + 18
        state = known.get(n)
        word = "there" if state else "known by a trace" if state is not None else "nothing known"
        out.append(f"<g><title>{n}: {word}</title>{_mark(state, x, y)}</g>")
        if place == 0:
            out.append(f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end" font-size="12" fill="var(--muted)">{n}</text>')
    height = rows * (_CELL + 4) + 56
    y = height - 22
    legend = "".join(
        f'<g transform="translate({x} {y})">{_mark(state, 0, 0)}'
        f'<text x="22" y="12" font-size="13" fill="var(--ink)">{text}</text></g>'
        for x, state, text in _LEGEND
    )
    svg = f'<svg viewBox="0 0 {_LEFT + _ACROSS * _CELL + 10} {height}">{"".join(out)}{legend}</svg>'
    there, trace = sum(known.values()), len(known) - sum(known.values())
    more = f" The first {_MOST:,} are shown." if highest > _MOST else ""
    alt = (
        f"Register {title}: of the numbers 1 to {highest:,}, {there:,} papers are there, {trace:,} are known by a trace, "
        f"{highest - len(known):,} left nothing"
    )
    caption = (
        f"Every number of the register from 1 to {highest:,}, the highest known, fifty in a row. What came after it cannot be read "
        f"from here.{more}"
    )
    return Drawn(alt, caption, b"", svg)


def _mark(state: bool | None, x: float, y: float) -> str:
    if state:
        return f'<rect x="{x}" y="{y}" width="13" height="13" fill="var(--teal)"/>'
    if state is not None:
        return (
            f'<path d="M{x + 1} {y + 1}h11v11h-11zM{x + 1} {y + 12}l11 -11" fill="none" stroke="var(--rust)" stroke-width="1.6"/>'
        )
    return f'<circle cx="{x + 6.5}" cy="{y + 6.5}" r="1.8" fill="var(--muted)"/>'
