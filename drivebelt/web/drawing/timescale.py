"""Time on a figure of the page: days by their place, and the marks of an axis that fit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import escape

LONG = 50
"""Days from which on an axis is drawn with steps that count for longer and longer."""
_STEPS = (
    (1, "1 day"), (2, "2 days"), (4, "4 days"), (7, "1 week"), (14, "2 weeks"), (30, "1 month"), (61, "2 months"),
    (122, "4 months"), (365, "1 year"), (730, "2 years"), (1461, "4 years"),
)  # fmt: skip


@dataclass(frozen=True)
class Timescale:
    """Days from `first` to `last` between two places of a figure; `even` where each day takes the same room."""

    first: date
    last: date
    left: float
    right: float
    even: bool

    def x(self, day: date, part: float = 0.0) -> float:
        """The place of a day, and of a part of it."""
        whole = self._reach(float(max((self.last - self.first).days, 0)) + 1)
        there = self._reach(min(max((day - self.first).days + part, 0.0), (self.last - self.first).days + 1.0))
        return self.left + (self.right - self.left) * there / whole

    def _reach(self, days: float) -> float:
        return days if self.even else math.log1p(days)

    def marks(self, room: float = 74) -> list[tuple[float, str, str]]:
        """Marks of the axis that do not crowd: (place, what stands there, the day in full)."""
        out: list[tuple[float, str, str]] = []
        for day, text in self._days():
            x = self.x(day)
            if day <= self.last and (not out or x - out[-1][0] >= room) and x + 0.9 * room < self.right:
                out.append((x, text, f"{day.day} {day:%b %Y}"))
        return out

    def _days(self) -> list[tuple[date, str]]:
        start = [(self.first, f"{self.first.day} {self.first:%b %Y}")]
        if not self.even:
            return start + [(self.first + timedelta(n), f"+ {name}") for n, name in _STEPS]
        span = (self.last - self.first).days
        if span > 240:
            months = 1 if span < 800 else 3 if span < 1600 else 12
            days = [date(y, m, 1) for y in range(self.first.year, self.last.year + 1) for m in range(1, 13, months)]
            return start + [(d, f"{d:%b %Y}") for d in days if d > self.first]
        step = next(n for n in (1, 2, 7, 14, 30) if span / n <= 12 or n == 30)
        later = (self.first + timedelta(n) for n in range(step, span + 1, step))
        return start + [(d, f"{d.day} {d:%b}") for d in later]


def axis(scale: Timescale, top: float, bottom: float) -> list[str]:
    """The marks of the time axis above `top`, with lines down to `bottom`."""
    out = []
    for x, text, day in scale.marks():
        out.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom:.1f}" stroke="var(--line)" stroke-width=".8"/>'
            f'<text x="{x:.1f}" y="{top - 11}" fill="var(--muted)"><title>{escape(day)}</title>{escape(text)}</text>'
        )
        if text != day and not scale.even:
            out.append(f'<text x="{x:.1f}" y="{top - 26}" fill="var(--muted)" font-size="11">{escape(day)}</text>')
    return out
