"""A drawing in the making: lines between boxes, and the numbers beside them, which stand above all lines and boxes."""

from __future__ import annotations

from drivebelt.web.drawing import boxes as b


class Sheet:
    """Lines and boxes in `parts`, numbers and words that stand above them in `labels`; both SVG, in the order of drawing."""

    def __init__(self) -> None:
        """An empty sheet."""
        self.parts: list[str] = []
        self.labels: list[str] = []

    def line(self, points: str, colour: str, width: float, title: str, *, dash: str = "", head: bool = False) -> None:
        """A line of a width through points; `title` is told where a reader points at it."""
        self.parts.append(b.path(points, colour=colour, width=width, dash=dash, head=head, title=title))

    def label(self, x: float, y: float, words: str, colour: str, *, anchor: str = "start") -> None:
        """Words in bold beside a line."""
        self.labels.append(b.text(x, y, words, 12, colour=colour, anchor=anchor, bold=True, halo=True))


def wide(n: int, whole: int) -> float:
    """Width of the line that `n` of `whole` went along: by the root, for a line is seen by its area."""
    return 1.2 + 9 * (n / max(whole, 1)) ** 0.5
