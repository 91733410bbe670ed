"""A matter's journey as swim-lanes: levels down, time across."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from markupsafe import escape

from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.telling import FATE, span
from drivebelt.web.drawing.lanes import CORE, LANES, OUTSIDE_LANE, PARTY, STATE, Item, Lane
from drivebelt.web.drawing.packing import Spot, fit, pack
from drivebelt.web.drawing.timescale import LONG, Timescale, axis

WIDTH, LEFT, RIGHT = 1200, 128, 158
"""The figure, the names of its lanes, and what became of the copies."""
ROW, TOP, PAD = 25, 46, 7
_NAMES = {"centre": "Centre", "region": "Region", "gubernia": "Province", "uezd": "District", "volost": "Volost", "cell": "Cell"}
_UNDER = {"region": "", "gubernia": "gubernia", "uezd": "uezd, okrug", "volost": "rural district", "cell": "", "centre": ""}
_SIDES = {OUTSIDE_LANE: "outside", CORE: "the core", PARTY: "party", STATE: "state"}
_FATES = ("kept", "held", "in-transit", "returned", "read-and-returned", "burned", "lost")


@dataclass
class Place(Spot):
    """An item with its place in the figure."""

    item: Item = field(kw_only=True)
    half: float = field(kw_only=True)
    """The day by which half of its acts had been done."""


def draw(
    items: Sequence[Item], copies: Mapping[Lane, Mapping[str, int]], to: Callable[[Item], str], *, title: str,
    first: date | None = None, last: date | None = None, even: bool | None = None, chosen: int | None = None,
) -> Drawn:  # fmt: skip
    """The journey; `to` gives the address of an item, `chosen` is the first act of the one whose card is open.

    `first` and `last` cut a part out; `even` gives each day the same room. Raises Nothing where no act lies between the two days.
    """
    low, high = first or min(i.first for i in items), last or max(i.last for i in items)
    shown = [i for i in items if i.last >= low and i.first <= high]
    if not shown:
        raise Nothing("No act of this question lies between the two days.")
    low, high = max(low, min(i.first for i in shown)) if not first else low, high
    scale = Timescale(low, high, LEFT + 14, WIDTH - RIGHT - 12, (high - low).days <= LONG if even is None else even)
    places = _places(shown, scale)
    lanes = [lane for lane in LANES if any(p.item.lane == lane for p in places)]
    y, bands = float(TOP), []
    for lane in lanes:
        mine = [p for p in places if p.item.lane == lane]
        rows = pack(mine)
        height = float(max(rows * ROW + 2 * PAD, 50 if lane in copies else 46))
        for p in mine:
            p.y = y + PAD + p.row * ROW + ROW / 2
        bands.append((lane, y, height))
        y += height
    whole = y + 8
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {whole:.0f}" class="lanes" font-size="12.5" role="group" aria-label="{escape(title)}">',
        _DEFINITIONS, *_bands(bands, copies), *axis(scale, TOP, y), *_lines(places),
        *(_mark(p, to, chosen) for p in places), "</svg>",
    ]  # fmt: skip
    return Drawn(_alt(shown, lanes, title), _caption(scale, shown), b"", "".join(parts))


def _places(items: Sequence[Item], scale: Timescale) -> list[Place]:
    """Where each item stands; those of one day stand in the order of their acts."""
    out = []
    for _, same in groupby(items, key=lambda i: i.first):
        of_day = list(same)
        acts = sorted({i.act for i in of_day})
        for item in of_day:
            part = 0.08 + 0.7 * acts.index(item.act) / max(len(acts), 6) if item.first >= scale.first else 0.0
            x = scale.x(item.first, part)
            end, half = (max(x, scale.x(day, 0.5)) for day in (item.last, item.median))
            out.append(Place(x, end if item.last > item.first else x, item=item, half=half))
    for p in out:
        fit(p, p.item.label, LEFT + 4, scale.right + 8)
    return out


_DEFINITIONS = (
    '<defs><pattern id="jn-held" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="5" height="5" fill="var(--paper)"/>'
    '<line x1="0" y1="0" x2="0" y2="5" stroke="var(--teal)" stroke-width="4"/></pattern>'
    '<pattern id="jn-returned" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="var(--paper)"/>'
    '<circle cx="3" cy="3" r="1.5" fill="var(--ochre)"/></pattern>'
    '<pattern id="jn-burned" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="var(--paper)"/>'
    '<path d="M0 6L6 0M0 0L6 6" stroke="var(--red)" stroke-width="1.2"/></pattern></defs>'
)
_FILLS = {
    "kept": "var(--teal)", "held": "url(#jn-held)", "in-transit": "var(--line)", "returned": "url(#jn-returned)",
    "read-and-returned": "url(#jn-returned)", "burned": "url(#jn-burned)", "lost": "var(--paper)",
}  # fmt: skip


def _bands(bands: Sequence[tuple[Lane, float, float]], copies: Mapping[Lane, Mapping[str, int]]) -> list[str]:
    out = [f'<text x="{WIDTH - RIGHT + 14}" y="{TOP - 26}" fill="var(--muted)">What became of the</text>'
           f'<text x="{WIDTH - RIGHT + 14}" y="{TOP - 11}" fill="var(--muted)">copies sent here</text>']  # fmt: skip
    above = None
    for lane, y, height in bands:
        new = lane.level != above
        out.append(f'<rect x="0" y="{y:.1f}" width="{LEFT - 10}" height="{height:.1f}" fill="var(--wash)"/>')
        out.append(
            f'<line x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="{"var(--muted)" if new else "var(--line)"}"'
            f' stroke-width="{1 if new else 0.8}"/>'
        )
        name, under = _title(lane, new)
        out.append(f'<text x="4" y="{y + 21:.1f}" fill="var(--ink)" font-weight="600" font-size="14">{escape(name)}</text>')
        if under:
            out.append(f'<text x="4" y="{y + 37:.1f}" fill="var(--muted)">{escape(under)}</text>')
        out += _copies(copies.get(lane, {}), y)
        above = lane.level
    x = WIDTH - RIGHT
    if bands:
        end = bands[-1][1] + bands[-1][2]
        out.append(f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{end:.1f}" stroke="var(--line)"/>')
        out.append(f'<line x1="0" x2="{WIDTH}" y1="{end:.1f}" y2="{end:.1f}" stroke="var(--muted)"/>')
    return out


def _title(lane: Lane, new: bool) -> tuple[str, str]:
    if lane.side == OUTSIDE_LANE:
        return "Outside", "the mechanism"
    if lane.side == CORE:
        return "The core", "nobody's minutes"
    if lane.level == "centre":
        return "Centre", "party bodies" if lane.side == PARTY else "state and others"
    name, under = _NAMES[lane.level], _UNDER[lane.level]
    side = "party" if lane.side == PARTY else "state and others"
    return name, side if not under or not new else f"{side} ({under})" if len(under) < 9 else side


def _copies(fates: Mapping[str, int], y: float) -> list[str]:
    total = sum(fates.values())
    if not total:
        return []
    x, width, out = WIDTH - RIGHT + 14.0, RIGHT - 20.0, list[str]()
    words = [f"{fates[f]:,} {FATE.get(f, f).replace('still ', '')}" for f in _FATES if fates.get(f)]
    whole = f"{total:,} copies were sent to bodies of this lane: {', '.join(words)}"
    out.append(f"<g><title>{escape(whole)}</title>")
    for fate in _FATES:
        n = fates.get(fate, 0)
        if n:
            w, dashes = width * n / total, ' stroke-dasharray="2 2"' if fate == "lost" else ""
            out.append(
                f'<rect x="{x:.1f}" y="{y + 9:.1f}" width="{max(w, 1.5):.1f}" height="9" fill="{_FILLS[fate]}" '
                f'stroke="var(--ink)" stroke-width=".7"{dashes}/>'
            )
            x += w
    lines = [" · ".join(words[:2]), " · ".join(words[2:])]
    for i, line in enumerate(lines):
        if line:
            out.append(
                f'<text x="{WIDTH - RIGHT + 14}" y="{y + 32 + 14 * i:.1f}" fill="var(--ink)" font-size="12">{escape(line)}</text>'
            )
    return [*out, "</g>"]


_INK = ' fill="var(--ink)"'
_WAY = 'fill="none" stroke="var(--muted)" stroke-opacity=".55"'
_BELT = 'fill="none" stroke="var(--red)" stroke-width="2.6" stroke-opacity=".75"'
_SPAN = 'fill="none" stroke="var(--muted)" stroke-width="1.6"'


def _lines(places: Sequence[Place]) -> list[str]:
    """Lines from each item to what it brought about; the main way stands out."""
    at = {p.item.act: p for p in places if p.item.mark != "mask"}
    plain, main = list[str](), list[str]()
    for p in places:
        item = p.item
        if item.mark == "mask":
            behind = at.get(item.behind or -1)
            if behind:
                x = p.x
                way = f"M{x - 2:.1f} {behind.y:.1f}V{p.y:.1f}M{x + 2:.1f} {behind.y:.1f}V{p.y:.1f}"
                out = f'<path d="{way}" fill="none" stroke="var(--red)" stroke-width="1.1"/>'
                plain.append(out)
            continue
        cause = at.get(item.cause) if item.cause is not None else None
        if cause is None or (abs(cause.y - p.y) < 1 and cause.item.lane == item.lane):
            continue
        turn = 5 if p.y > cause.y else -5
        if p.x - cause.x > 13:
            across = f"V{p.y - turn:.1f}q0 {turn} 5 {turn}H{p.x - 7:.1f}"
        else:
            across = f"V{p.y - 3 * turn:.1f}L{p.x:.1f} {p.y - 1.5 * turn:.1f}"
        main_way = item.main and cause.item.main
        path = f'<path d="M{cause.x:.1f} {cause.y:.1f}{across}" {_BELT if main_way else _WAY}/>'
        (main if main_way else plain).append(path)
    return plain + main


def _mark(p: Place, to: Callable[[Item], str], chosen: int | None) -> str:
    item, x, y = p.item, p.x, p.y
    here = " chosen" if item.act == chosen else ""
    bar = ""
    if p.end - p.x > 10:
        bar = f'<line x1="{x:.1f}" x2="{p.end:.1f}" y1="{y + 9:.1f}" y2="{y + 9:.1f}" {_SPAN}/>'
        bar += f'<path d="M{p.end:.1f} {y + 6:.1f}v6M{p.half:.1f} {y + 7:.1f}v4" {_SPAN}/>'
    style = ' font-style="italic" fill="var(--muted)"' if item.mark in ("word", "occasion") else ""
    weight = ' font-weight="600"' if item.mark in ("decision", "settled") or (item.main and item.mark != "occasion") else ""
    width = p.width * (1.06 if weight else 1)
    left = p.text - 2 if p.anchor == "start" else p.text - width
    words = (
        f'<rect x="{left:.1f}" y="{y - 8:.1f}" width="{width:.1f}" height="16" fill="var(--paper)" fill-opacity=".88"/>'
        f'<text x="{p.text:.1f}" y="{y + 4:.1f}" text-anchor="{p.anchor}"{style or _INK}{weight}>{escape(p.label)}</text>'
    )
    glyph = _GLYPHS["papers" if item.mark == "paper" and item.n > 1 else item.mark]
    body = f'<g transform="translate({x:.1f} {y:.1f})">{glyph}</g>'
    return (
        f'<a href="{escape(to(item))}" class="{item.mark}{here}" data-act="{item.act}"><title>{escape(item.told)}</title>'
        f"{bar}{body}{words}</a>"
    )


_GLYPHS = {
    "paper": '<path d="M-5 -7H2L6 -3V7H-5Z" fill="var(--paper)" stroke="var(--ink)" stroke-width="1.2"/>'
             '<path d="M2 -7V-3H6M-2.5 0H3.5M-2.5 3.5H3.5" fill="none" stroke="var(--ink)" stroke-width="1"/>',
    "papers": '<path d="M-8 -5V9H3" fill="none" stroke="var(--ink)" stroke-width="1.1"/>'
              '<path d="M-5 -7H2L6 -3V7H-5Z" fill="var(--paper)" stroke="var(--ink)" stroke-width="1.2"/>'
              '<path d="M2 -7V-3H6M-2.5 0H3.5M-2.5 3.5H3.5" fill="none" stroke="var(--ink)" stroke-width="1"/>',
    "mask": '<rect x="-8" y="-7" width="16" height="14" rx="3" fill="var(--paper)" stroke="var(--red)" stroke-width="1.1"/>'
            '<rect x="-5.5" y="-4.5" width="11" height="9" rx="1.5" fill="none" stroke="var(--red)" stroke-width="1.1"/>'
            '<path d="M-3.4 -1h2M1.4 -1h2" stroke="var(--red)" stroke-width="1.6"/>',
    "word": '<circle r="6" fill="var(--paper)" stroke="var(--muted)" stroke-width="1.5" stroke-dasharray="2.4 2.2"/>',
    "settled": '<path d="M0 -9L9 0L0 9L-9 0Z" fill="var(--paper)" stroke="var(--red)" stroke-width="2" stroke-dasharray="3.2 2.4"/>'
               '<circle r="2.2" fill="var(--red)"/>',
    "decision": '<path d="M0 -8L8 0L0 8L-8 0Z" fill="var(--red)" stroke="var(--ink)" stroke-width="1"/>',
    "occasion": '<path d="M0 -7L6.5 5H-6.5Z" fill="none" stroke="var(--muted)" stroke-width="1.4"/>',
    "lost": '<path d="M-5 -5L5 5M-5 5L5 -5" stroke="var(--red)" stroke-width="2"/>',
    "act": '<circle r="4.6" fill="var(--ink)"/>',
}  # fmt: skip
SIGNS = (
    ("settled", "settled by word of mouth: no paper"), ("decision", "a formal decision"),
    ("mask", "a mask: done by others in this name"), ("paper", "a paper, with number and grade"),
    ("word", "left no paper"), ("act", "any other act, on record"), ("lost", "copies lost"),
    ("occasion", "an occasion from outside"),
)  # fmt: skip
"""The signs and what they stand for."""


def sign(mark: str) -> str:
    """A sign by itself, for the key below the figure."""
    return f'<svg viewBox="-10 -10 20 20" width="20" height="20" aria-hidden="true">{_GLYPHS[mark]}</svg>'


def _alt(items: Sequence[Item], lanes: Sequence[Lane], title: str) -> str:
    masks, words = sum(i.mark == "mask" for i in items), sum(i.n for i in items if i.mark in ("word", "settled"))
    levels = ", ".join(
        dict.fromkeys(_NAMES[lane.level] if lane.side not in (OUTSIDE_LANE, CORE) else _SIDES[lane.side] for lane in lanes)
    )
    return f"{title}. Lanes: {levels}. {masks} masks; {words:,} acts without a paper. The path as text stands below."


def _caption(scale: Timescale, items: Sequence[Item]) -> str:
    time = (
        "each day takes the same room"
        if scale.even
        else "the first day takes as much room as the next two, and so on: each step to the right counts for longer"
    )
    return (
        f"Levels from the top down, time from left to right ({span(scale.first, scale.last)}; {time}; within a day, in the order "
        "of the acts). A line below the words lasts from the first to the last of several acts, with a notch where half were "
        "done. Lines lead from an act to what it brought about; the thick one is the way to the lowest level that a paper "
        "reached. A double line ties a mask to those behind it. Every sign leads to its card."
    )
