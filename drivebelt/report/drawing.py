"""How figures look: one style, colours that the page may turn dark, marks that do not rest on colour alone.

A figure is drawn once and written twice: as PNG for its own file, and as SVG whose letters stay letters and whose colours are names
that the style sheet of the page fills in.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from drivebelt.report.words import LEVEL_NAMES

__all__ = ["LEVEL_NAMES"]

INK, MUTED, LINE = "#222120", "#6b655b", "#d9d3c8"
RED, RUST, OCHRE, OLIVE, TEAL, BLUE = "#7a1f1f", "#b5532a", "#c9952e", "#6d8a52", "#3f7d90", "#3b4a6b"
NAMED = {
    INK: "ink", MUTED: "muted", LINE: "line", RED: "red", RUST: "rust", OCHRE: "ochre", OLIVE: "olive", TEAL: "teal", BLUE: "blue",
}  # fmt: skip
"""Colours by the names they have in the style sheet."""

LEVELS = ("centre", "region", "gubernia", "uezd", "volost", "cell")
LEVEL_COLOURS = dict(zip(LEVELS, (RED, RUST, OCHRE, OLIVE, TEAL, BLUE), strict=True))
LEVEL_MARKS = dict(zip(LEVELS, "*sDo^v", strict=True))
BODIES = {"Politburo of the CC": (RED, "-"), "Orgburo of the CC": (OCHRE, "--"), "Secretariat of the CC": (TEAL, "-.")}

WIDTH = 8.8
_STYLE: Any = {
    "figure.dpi": 110, "font.size": 9.5, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "grid.color": LINE, "grid.linewidth": 0.6, "axes.edgecolor": MUTED, "axes.labelcolor": INK, "text.color": INK,
    "xtick.color": MUTED, "ytick.color": MUTED, "xtick.labelcolor": INK, "ytick.labelcolor": INK, "axes.axisbelow": True,
    "font.family": "DejaVu Sans", "legend.frameon": False, "svg.fonttype": "none", "figure.facecolor": "white",
    "axes.facecolor": "none", "axes.titlesize": 10.5, "axes.titlelocation": "left", "axes.titleweight": "bold", "axes.titley": 1.0,
}  # fmt: skip
_EPOCH = date(1970, 1, 1).toordinal()
_UNITS = re.compile(r"(\d+\.\d{2})\d+")


class Nothing(Exception):
    """There is nothing to draw; the message says why."""


class Drawn(NamedTuple):
    """One figure: what a reader who cannot see it is told, what stands below it, and the figure in both forms."""

    alt: str
    caption: str
    png: bytes
    svg: str


@cache
def plotting() -> Any:
    """Matplotlib's pyplot without a screen; loaded when the first figure is drawn, since it takes as long as all else together."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot

    return matplotlib.pyplot


def date_number(day: date) -> float:
    """A day as matplotlib counts it: from the first of January 1970."""
    return float(day.toordinal() - _EPOCH)


def new_figure(height: float = 3.6) -> tuple[Any, Any]:
    """A figure of the report's width and style, and its axes."""
    plotting().rcParams.update(_STYLE)
    return plotting().subplots(figsize=(WIDTH, height), constrained_layout=True)


def panels(
    *heights: float, left: float = 0.75, right: float = 1.75, top: float = 0.34, bottom: float = 0.42, gap: float = 0.62
) -> Any:
    """A figure with panels one below the other, of these heights in inches, and the list of their axes.

    Margins are in inches too; they are fixed, so that no layout has to be searched for.
    """
    plotting().rcParams.update(_STYLE)
    whole = top + sum(heights) + gap * (len(heights) - 1) + bottom
    figure = plotting().figure(figsize=(WIDTH, whole))
    axes, y = [], whole - top
    for height in heights:
        y -= height
        axes.append(figure.add_axes((left / WIDTH, y / whole, (WIDTH - left - right) / WIDTH, height / whole)))
        y -= gap
    return figure, axes


def finish(figure: Any) -> bytes:
    """The figure as PNG bytes; it is closed."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    plotting().close(figure)
    return buffer.getvalue()


def drawn(name: str, figure: Any, alt: str, caption: str, png: bool = True) -> Drawn:
    """The figure in both forms, or as SVG alone, in half the time; it is closed."""
    buffer = io.StringIO()
    plotting().rcParams["svg.hashsalt"] = name
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    picture = finish(figure) if png else b""
    plotting().close(figure)
    return Drawn(alt, caption, picture, inline(buffer.getvalue(), name))


def inline(svg: str, name: str) -> str:
    """An SVG file as a part of a page: without its head, with ids of its own, short numbers and colours by name."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' xmlns:xlink="[^"]*"| xmlns="[^"]*"| version="1.1"', "", svg)
    svg = re.sub(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', r'<svg viewBox="\1" aria-hidden="true" focusable="false">', svg, count=1)
    svg = svg.replace("xlink:href", "href")
    used = set(re.findall(r'href="#([^"]+)"', svg)) | set(re.findall(r"url\(#([^)]+)\)", svg))
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", svg)
    svg = re.sub(r'href="#', f'href="#{name}-', svg)
    svg = svg.replace("url(#", f"url(#{name}-")
    svg = _UNITS.sub(r"\1", svg)
    svg = re.sub(r"font-family: '[^;\"]*; ?|font-family: [^;\"]*; ?", "", svg)
    svg = re.sub(
        r"font: (\d\d\d )?([\d.]+)px [^;\"]*", lambda m: (f"font-weight: {m[1]}; " if m[1] else "") + f"font-size: {m[2]}px", svg
    )
    for colour, word in NAMED.items():
        svg = svg.replace(colour, f"var(--{word})")
    svg = svg.replace("#ffffff", "var(--paper)")
    return re.sub(r"\s*\n\s*", "\n", svg).strip()


# -- axes --------------------------------------------------------------------------------------------------------


def years(axes: Any, first: date | None = None, last: date | None = None) -> None:
    """A time axis whose labels fit its span; from the month of the first day to the last, where they are given."""
    from matplotlib import dates as mdates
    from matplotlib.ticker import FuncFormatter

    if first and last:
        axes.set_xlim(date_number(first.replace(day=1)), date_number(last) + 1)
    low, high = axes.get_xlim()
    axes.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=3, maxticks=8))
    form = "%Y" if high - low > 1000 else "%b %Y" if high - low > 100 else "{day} %b"
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _dated(mdates.num2date(x), form)))


def _dated(day: Any, form: str) -> str:
    if form == "%Y" and day.month > 1:
        form = "%b %Y"
    return str(day.strftime(form.replace("{day}", str(day.day))))


def tens(axes: Any) -> None:
    """A logarithmic axis with plain numbers."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}" if x >= 1 else f"{x:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    low, high = axes.get_ylim()
    axes.set_ylim(10 ** math.floor(math.log10(max(low, 1e-3) * 1.05)), high * 1.1)


def period(info: dict[str, Any]) -> tuple[date, date]:
    """First and last day of a run."""
    return date.fromisoformat(info["from"]), date.fromisoformat(info["to"])


def apart(places: Sequence[float], least: float) -> list[float]:
    """The same places moved so that no two are nearer than `least`, in their order."""
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    out = list(places)
    for _ in range(60):
        moved = False
        for a, b in pairwise(order):
            short = least - (out[b] - out[a])
            if short > 1e-9:
                out[a] -= short / 2
                out[b] += short / 2
                moved = True
        if not moved:
            break
    return out


def name_lines(axes: Any, lines: Sequence[tuple[Any, float, str, str]], size: float = 8.5) -> None:
    """Writes names beside the ends of lines, (x, y, name, colour), far enough apart to be read."""
    figure = axes.figure
    lines = [(date_number(x) if isinstance(x, date) else x, y, text, colour) for x, y, text, colour in lines]
    box = axes.get_position()
    height = box.height * figure.get_size_inches()[1] * 72
    to_points = axes.transData.transform
    low = axes.transAxes.transform((0, 0))[1]
    points = [(to_points((x, y))[1] - low) * 72 / figure.dpi for x, y, _, _ in lines]
    places = apart(points, size * 1.35)
    drop = max(0.0, max(places, default=0.0) - height - 6)
    drop = min(drop, min(places, default=0.0) - 2)  # never below the axis
    for (x, y, text, colour), place in zip(lines, places, strict=True):
        axes.annotate(
            text, (x, y), xytext=(axes.transAxes.transform((1, 0))[0] * 72 / figure.dpi + 9, low * 72 / figure.dpi + place - drop),
            textcoords="figure points", fontsize=size, color=colour, va="center",
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.5, "shrinkA": 1, "shrinkB": 2, "relpos": (0, 0.5)},
        )  # fmt: skip


def mark_day(axes: Any, day: date, text: str, y: float = 1.0) -> None:
    """A dotted line on a day with a word at its upper end."""
    axes.axvline(date_number(day), color=MUTED, lw=0.9, ls=":")
    axes.annotate(
        text, (date_number(day), y), xycoords=("data", "axes fraction"), xytext=(3, -2), textcoords="offset points",
        fontsize=7.8, color=MUTED, va="top",
    )  # fmt: skip


def documented(axes: Any, x: Any, y: float, text: str, *, dx: float = 7, dy: float = 0, ha: str = "left", size: float = 8) -> None:
    """A documented figure: a diamond with its words."""
    axes.plot(x, y, "D", color=OCHRE, markeredgecolor=INK, markeredgewidth=0.9, ms=7, zorder=5, clip_on=False)
    axes.annotate(text, (x, y), xytext=(dx, dy), textcoords="offset points", fontsize=size, va="center", ha=ha, zorder=6)
