"""Marks with words beside them, put into as few rows as they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LETTER = 6.15
"""Mean width of a letter at the size of the figures' words."""


@dataclass
class Spot:
    """A mark at `x`, with a line to `end` where it lasts, and its words."""

    x: float
    end: float
    row: int = 0
    y: float = 0.0
    text: float = 0.0
    """Where the words begin, or end where their anchor is `end`."""
    anchor: str = "start"
    label: str = ""

    @property
    def width(self) -> float:
        """The room that the words take."""
        return len(self.label) * LETTER


def fit(spot: Spot, words: str, left: float, right: float) -> None:
    """Puts the words beside the mark on the side that has room for them between two edges, shortened where neither has."""
    room_right, room_left = right - spot.x - 13, spot.x - left - 12
    if len(words) * LETTER <= room_right or room_right >= room_left:
        spot.text, spot.anchor, room = spot.x + 14, "start", room_right
    else:
        spot.text, spot.anchor, room = spot.x - 14, "end", room_left
    most = int(room / LETTER)
    spot.label = words if len(words) <= most else words[: max(most - 1, 3)].rstrip() + "…"


def pack(spots: Sequence[Spot]) -> int:
    """Gives each mark the first row with room for it and its words; returns the number of rows."""
    ends: list[float] = []
    for p in spots:
        width = p.width + 16
        left = p.x - 9 if p.anchor == "start" else p.x - width
        right = max(p.end + 6, p.x + width if p.anchor == "start" else p.x + 9)
        row = next((i for i, end in enumerate(ends) if end <= left), len(ends))
        if row == len(ends):
            ends.append(right)
        ends[row] = right
        p.row = row
    return max(len(ends), 1)
