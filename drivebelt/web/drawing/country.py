"""A directive on the map: seats of committees by level and by the day they had it, in the west and in the whole country."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Any, NamedTuple

from markupsafe import escape

from drivebelt.report.drawing import LEVEL_NAMES, Drawn
from drivebelt.report.reach import TOWNS, conic
from drivebelt.telling import day as told_day
from drivebelt.web.drawing.curve import curve
from drivebelt.web.reaching import Reach, issued_on

WIDE, HIGH = 1240.0, 640.0
BINS = (
    (3, "red", "to 3 days"), (7, "rust", "4 to 7"), (14, "ochre", "8 to 14"), (21, "olive", "15 to 21"), (30, "teal", "22 to 30"),
    (10_000, "blue", "31 and more"),
)  # fmt: skip
"""Days until a seat had it: up to, colour, words."""
_SHAPES = {
    "uezd": ("circle", 3.0), "gubernia": ("square", 5.0), "region": ("diamond", 8.0),
}  # fmt: skip
_WEST = ("Moscow", "Leningrad", "Minsk", "Arkhangelsk", "Kharkov", "Odessa", "Rostov", "Tiflis", "Samara", "Baku", "Astrakhan",
         "Sverdlovsk")  # fmt: skip
_FAR = ("Tashkent", "Ashkhabad", "Omsk", "Novosibirsk", "Irkutsk", "Yakutsk", "Vladivostok", "Petropavlovsk")


class Frame(NamedTuple):
    """A part of the map: where it stands in the picture, and what it shows, in earth radii."""

    name: str
    title: str
    x: float
    y: float
    w: float
    h: float
    left: float
    right: float
    low: float
    high: float
    towns: Sequence[str]
    size: float
    """Size of its marks."""
    land: float
    """Radius of the ground that is drawn around a seat."""

    def place(self, latitude: float, longitude: float) -> tuple[float, float] | None:
        """A place in the picture; None outside the frame."""
        x, y = conic(latitude, longitude)
        if not (self.left <= x <= self.right and self.low <= y <= self.high):
            return None
        scale = self.w / (self.right - self.left)
        return self.x + (x - self.left) * scale, self.y + (self.high - y) * scale


def _frame(name: str, title: str, box: tuple[float, float, float], shown: tuple[float, float, float, float], *rest: Any) -> Frame:
    x, y, w = box
    left, right, low, high = shown
    return Frame(name, title, x, y, w, w * (high - low) / (right - left), left, right, low, high, *rest)


FRAMES = (
    _frame("west", "West of the Urals", (8, 34, 500), (-0.60, -0.165, -0.205, 0.31), _WEST, 1.0, 21.0),
    _frame("whole", "The whole country", (528, 34, 704), (-0.64, 0.66, -0.33, 0.30), _FAR, 0.62, 11.0),
)


def map_of_reach(found: Reach, day: int, until: int) -> Drawn:
    """Both parts of the map on a day after the signature, and the curve of the share reached, up to the day `until`."""
    out = [_DEFINITIONS]
    for frame in FRAMES:
        window = f'<rect x="{frame.x:g}" y="{frame.y:g}" width="{frame.w:g}" height="{frame.h:g}"/>'
        out.append(
            f'<text x="{frame.x + 4:g}" y="22" font-size="14" font-weight="600" fill="var(--ink)">{escape(frame.title)}</text>'
            f'<clipPath id="clip-{frame.name}">{window}</clipPath>'
            f'<g clip-path="url(#clip-{frame.name})">{_graticule(frame)}{_land(frame, found)}</g>{_seats(frame, found, day)}'
            f"{_towns(frame, found, day)}"
        )
    whole = FRAMES[1]
    out.append(curve(found, day, until, (whole.x + 40, whole.y + whole.h + 34, whole.w - 190, HIGH - whole.y - whole.h - 76)))
    out.append(_key(FRAMES[0].x, FRAMES[0].y + FRAMES[0].h + 8))
    alt = _alt(found, day)
    head = f'<svg viewBox="0 0 {WIDE:g} {FRAMES[0].y + FRAMES[0].h + 62:g}" role="img" aria-label="{escape(alt)}">'
    caption = (
        "Every mark is the seat of a party committee: filled in once the directive is there, by the days it took; hollow before. "
        "Numbers beside towns are days from Moscow. Equal-area projection; no coast is drawn, the ground is what lies near a seat. "
        "Volosts and cells have no place of their own; they stand in the curve."
    )
    return Drawn(alt, caption, b"", f"{head}{''.join(out)}</svg>")


_DEFINITIONS = (
    "<defs>"
    + "".join(
        {
            "circle": f'<circle id="m-{level}" r="{size:g}"/>',
            "square": f'<rect id="m-{level}" x="{-size:g}" y="{-size:g}" width="{2 * size:g}" height="{2 * size:g}"/>',
            "diamond": f'<path id="m-{level}" d="M0 {-size:g}L{size:g} 0L0 {size:g}L{-size:g} 0z"/>',
        }[shape]
        for level, (shape, size) in _SHAPES.items()
    )
    + "</defs>"
)


def _graticule(frame: Frame) -> str:
    lines = []
    scale = frame.w / (frame.right - frame.left)

    def points(places: Sequence[tuple[float, float]]) -> str:
        at = (conic(*p) for p in places)
        return "L".join(f"{frame.x + (x - frame.left) * scale:.0f} {frame.y + (frame.high - y) * scale:.0f}" for x, y in at)

    for latitude in (40, 50, 60, 70):
        lines.append(points([(latitude, longitude) for longitude in range(18, 181, 6)]))
    for longitude in (30, 60, 90, 120, 150):
        lines.append(points([(latitude, longitude) for latitude in range(34, 76, 4)]))
    return "".join(f'<path d="M{line}" fill="none" stroke="var(--line)" stroke-width=".8"/>' for line in lines)


def _land(frame: Frame, found: Reach) -> str:
    """Ground around every seat, so that the settled country shows; one colour, however much of it overlaps."""
    places = {frame.place(s["latitude"], s["longitude"]) for s in found.seats} - {None}
    dots = "".join(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{frame.land:g}"/>' for x, y in sorted(p for p in places if p))
    return f'<g fill="var(--line)" opacity=".55">{dots}</g>'


def _seats(frame: Frame, found: Reach, day: int) -> str:
    """Marks by level, districts first; those that never had it below the others, those that had it first on top."""
    out = []
    for level in _SHAPES:
        here = [s for s in found.seats if s["level"] == level]
        here.sort(key=lambda s: (s["lag"] is not None, -(s["lag"] or 0), s["organ"]))
        groups: dict[str, list[str]] = {}
        for seat in here:
            place = frame.place(seat["latitude"], seat["longitude"])
            if place is None:
                continue
            lag = seat["lag"]
            colour = "muted" if lag is None else next(c for most, c, _ in BINS if lag <= most)
            groups.setdefault(colour, []).append(_seat(seat, place, frame, lag is not None and lag <= day))
        for colour, marks in groups.items():
            fill = "none" if colour == "muted" else f"var(--{colour})"
            width = 1 if frame.size == 1 else 1.2
            out.append(f'<g fill="{fill}" stroke="var(--ink)" stroke-width="{width:g}">{"".join(marks)}</g>')
    return "".join(out)


def _seat(seat: dict[str, Any], place: tuple[float, float], frame: Frame, there: bool) -> str:
    x, y = place
    size = "" if frame.size == 1 else f" scale({frame.size:g})"
    lag = seat["lag"]
    when = "never" if lag is None else f"{lag} day{'s' * (lag != 1)}"
    hollow = "" if there or lag is None else ' fill="none"'
    data = f' data-lag="{lag}"' if lag is not None else ""
    title = f"<title>{escape(seat['name'])}: {when}</title>" if frame.size == 1 or seat["level"] != "uezd" else ""
    at = f'<use href="#m-{seat["level"]}" transform="translate({x:.1f} {y:.1f}){size}"{data}{hollow}'
    return f"{at}>{title}</use>" if title else f"{at}/>"


def _towns(frame: Frame, found: Reach, day: int) -> str:
    out = []
    sides = {"left": "start", "right": "end", "center": "middle"}
    for town in frame.towns:
        latitude, longitude, dx, dy, side = TOWNS[town]
        place = frame.place(latitude, longitude)
        if place is None:
            continue
        lags = [
            s["lag"] for s in found.seats
            if s["lag"] is not None and abs(s["latitude"] - latitude) < 0.2 and abs(s["longitude"] - longitude) < 0.3
        ]  # fmt: skip
        x, y = place
        if town == "Moscow":
            out.append(_star(x, y))
        words = f"{escape(town)}" + (f' <tspan font-weight="700">{min(lags)}</tspan>' if lags and town != "Moscow" else "")
        halo = 'stroke="var(--paper)" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"'
        at = f'x="{x + dx * 1.2:.0f}" y="{y - dy * 1.2 + 4:.0f}" text-anchor="{sides[side]}"'
        out.append(f'<text {at} font-size="12.5" fill="var(--ink)" {halo}>{words}</text>')
    return "".join(out)


def _star(x: float, y: float) -> str:
    points = [(r * sin(k * pi / 5), -r * cos(k * pi / 5)) for k in range(10) for r in ((10.0, 4.2)[k % 2],)]
    way = "L".join(f"{x + a:.1f} {y + b:.1f}" for a, b in points)
    return f'<path d="M{way}z" fill="var(--red)" stroke="var(--paper)" stroke-width="1.4"/>'


def _key(x: float, y: float) -> str:
    out = []
    at = x + 4
    for _, colour, words in BINS:
        out.append(f'<circle cx="{at + 6:g}" cy="{y + 12:g}" r="5.5" fill="var(--{colour})" stroke="var(--ink)"/>')
        out.append(f'<text x="{at + 16:g}" y="{y + 16.5:g}" font-size="12.5" fill="var(--ink)">{words}</text>')
        at += 28 + 7 * len(words)
    at = x + 4
    y += 24
    entries = [(f"m-{level}", "none", LEVEL_NAMES[level]) for level in reversed(_SHAPES)]
    for mark, fill, words in entries:
        out.append(f'<use href="#{mark}" transform="translate({at + 8:g} {y + 12:g})" fill="{fill}" stroke="var(--ink)"/>')
        out.append(f'<text x="{at + 21:g}" y="{y + 16.5:g}" font-size="12.5" fill="var(--ink)">{escape(words)}</text>')
        at += 36 + 6.9 * len(words)
    out.append(f'<text x="{at:g}" y="{y + 16.5:g}" font-size="12.5" fill="var(--muted)">hollow: not there yet</text>')
    return "".join(out)


def _alt(found: Reach, day: int) -> str:
    shares = [
        f"{100 * share:.0f} per cent at {LEVEL_NAMES[row['level']]} level"
        for row in found.levels
        if (share := found.share(row["level"], day)) is not None and row["had"]
    ]
    subject, issued = found.directive["subject"], found.directive["issued"]
    return (
        f"Two maps of committee seats, the west and the whole country, {day} days after the {found.directive['kind']} on {subject} "
        f"was signed, on {told_day(issued_on(issued, day))}: it has reached {', '.join(shares) or 'nobody'}. "
        "On the right the share reached by level and day."
    )
