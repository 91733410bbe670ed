"""Figures that follow one matter: where its directive is on which day, its path level by level, and who has learnt of it when.

Which matter is drawn follows from rules stated below each figure; nobody picks a fine one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt.report import drawing as dr
from drivebelt.report.drawing import Drawn, Nothing

if TYPE_CHECKING:
    from drivebelt.results import Run

_DOWN = "('circular', 'closed-letter', 'cipher-telegram', 'letter')"
_WIDEST = f"""
    with central as (
        select matter, min(date) as issued, arg_min(kind, document) as kind from documents join organs on organ = issuer
        where key = 'central-committee' and documents.kind in {_DOWN} and matter is not null group by matter
    ), reach as (
        select matter, count(distinct issuer) as bodies from documents
        where kind = 'directive' and matter in (select matter from central) group by matter
    )
    select matter, issued, central.kind, subject, coalesce(bodies, 0) as bodies from central left join reach using (matter)
    join matters using (matter)
    order by central.kind = 'cipher-telegram', issued > (select max(date) - 60 from documents), bodies desc, matter limit 1
"""
_RECEIPTS = f"""
    select a.actor_organ as organ, o.level, o.latitude, o.longitude, min(a.day) as day from acts a
    join organs o on o.organ = a.actor_organ
    join (select document, kind from documents where matter = ?) d on d.document = a.document
    where a.matter = ? and a.kind = 'receive' and o.branch = 'party' and o.level != 'centre'
      and (d.kind in {_DOWN} or d.kind = 'directive') group by all order by a.actor_organ
"""
_STANDING = """
    select organ, level, latitude, longitude from organs where branch = 'party' and level != 'centre'
      and valid_from <= ? and (valid_to is null or valid_to > ?) order by organ
"""
TOWNS = {
    "Moscow": (55.752, 37.618, 9, 9, "left"), "Leningrad": (59.939, 30.314, -8, 5, "right"),
    "Minsk": (53.9, 27.567, -8, 5, "right"), "Arkhangelsk": (64.546, 40.552, 0, 10, "center"),
    "Kharkov": (49.982, 36.255, -9, -9, "right"), "Odessa": (46.486, 30.744, -7, -7, "right"),
    "Rostov": (47.22, 39.708, 10, -4, "left"), "Tiflis": (41.691, 44.834, -10, -7, "right"),
    "Samara": (53.208, 50.136, 8, -8, "left"), "Baku": (40.378, 49.892, 8, -3, "left"),
    "Astrakhan": (46.35, 48.041, 8, -3, "left"), "Sverdlovsk": (56.857, 60.615, 0, 12, "center"),
    "Tashkent": (41.265, 69.216, 8, -9, "left"), "Ashkhabad": (37.95, 58.383, -7, -6, "right"),
    "Omsk": (54.992, 73.369, -4, -10, "center"), "Novosibirsk": (55.023, 82.932, 2, 11, "center"),
    "Irkutsk": (52.296, 104.291, -4, -11, "center"), "Yakutsk": (62.031, 129.723, -4, 9, "center"),
    "Vladivostok": (43.106, 131.874, -7, -4, "right"), "Petropavlovsk": (53.064, 158.628, 0, 10, "center"),
}  # fmt: skip
"""Towns for orientation: latitude, longitude, and where their name stands."""
_EAST = ("Tashkent", "Ashkhabad", "Novosibirsk", "Irkutsk", "Yakutsk", "Vladivostok", "Petropavlovsk")
_WEST = (-0.60, -0.165, -0.205, 0.31)
"""The frame of the map west of the Urals, in earth radii."""
_SEATS = {"uezd": ("o", 12), "gubernia": ("s", 34), "region": ("D", 62)}
_BINS = (
    (0, 3, "#5f1220"),
    (4, 7, "#9c332b"),
    (8, 14, "#c9683b"),
    (15, 21, "#dfa550"),
    (22, 30, "#b9b273"),
    (31, 10_000, "#6f9a93"),
)
"""Days from Moscow and their colours, dark to light and then cold."""


def conic(latitude: float, longitude: float) -> tuple[float, float]:
    """Albers' equal-area conic projection with standard parallels 47 and 62, middle meridian 80 east; in earth radii."""
    one, two, middle, meridian = (math.radians(x) for x in (47.0, 62.0, 55.0, 80.0))
    n = (math.sin(one) + math.sin(two)) / 2
    c = math.cos(one) ** 2 + 2 * n * math.sin(one)
    rho, base = (math.sqrt(c - 2 * n * math.sin(x)) / n for x in (math.radians(latitude), middle))
    angle = n * (math.radians(longitude if longitude > 0 else longitude + 360) - meridian)
    return rho * math.sin(angle), base - rho * math.cos(angle)


def widest(run: Run) -> dict[str, Any] | None:
    """The directive of the Central Committee that most bodies passed on, among those old enough to have arrived."""
    found = run.rows(_WIDEST)
    return found[0] if found else None


def map_of_days(run: Run) -> Drawn:
    """Where one directive of the Centre is on which day, at the seats of the committees, and the share reached by level."""
    chosen = widest(run)
    receipts = run.rows(_RECEIPTS, [chosen["matter"], chosen["matter"]]) if chosen else []
    if chosen is None or not receipts:
        raise Nothing("The Centre sent no directive that reached a committee in this run.")
    issued: date = chosen["issued"]
    standing = run.rows(_STANDING, [issued, issued])
    days = {row["organ"]: (row["day"] - issued).days for row in receipts}
    figure, (west, curve) = dr.panels(4.2, 1.75, left=0.75, right=1.95, top=0.5, gap=0.72)
    width = figure.get_size_inches()[0]
    box = west.get_position()
    west.set_position((0.01, box.y0, 4.05 / width, box.height))
    whole = figure.add_axes((4.2 / width, box.y0 + 0.36 * box.height, (width - 4.25) / width, 0.6 * box.height))
    key = figure.add_axes((4.5 / width, box.y0, (width - 4.55) / width, 0.3 * box.height))
    for axes, frame, size in ((west, _WEST, 1.0), (whole, None, 0.55)):
        _graticule(axes)
        _seats(axes, standing, days, size)
        axes.set_aspect("equal")
        axes.axis("off")
        if frame:
            axes.set_xlim(*frame[:2])
            axes.set_ylim(*frame[2:])
    _towns(west, standing, days, [town for town in TOWNS if town not in _EAST])
    _towns(whole, standing, days, _EAST)
    _key_of_days(key)
    figure.suptitle(
        f"Days until a {chosen['kind'].replace('-', ' ')} on “{chosen['subject']}” was received, signed on {_words(issued)}",
        x=0.01, y=1 - 0.1 / figure.get_size_inches()[1], ha="left", va="top", fontsize=10.5, fontweight="bold",
    )  # fmt: skip
    _reached(curve, standing, receipts, issued)
    levels = {level: sum(row["level"] == level for row in receipts) for level in dr.LEVELS}
    words = ", ".join(f"{n:,} at {dr.LEVEL_NAMES[level]} level" for level, n in levels.items() if n)
    late = sorted(days.values())
    return dr.drawn(
        "map", figure,
        f"Two maps of committee seats, west of the Urals and the whole country, coloured by the day on which they received the "
        f"directive: "
        f"{words}. Half of them had it after {late[len(late) // 2]} days, nine tenths after {late[len(late) * 9 // 10]}. "
        "Below, the share of each level reached by day.",
        f"Matter {chosen['matter']}: the circular or letter of the Central Committee that the largest number of committees "
        f"passed on. "
        "Equal-area projection; no coast is drawn, the dots are the seats of committees down to the uezd (volosts and cells "
        "have no seat of "
        "their own in the tables). Figures beside towns are days from Moscow.",
    )  # fmt: skip


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _graticule(axes: Any) -> None:
    for latitude in (40, 50, 60, 70):
        line = [conic(latitude, x) for x in np.linspace(20, 172, 80)]
        axes.plot(*zip(*line, strict=True), color=dr.LINE, lw=0.6)
        axes.annotate(f"{latitude}° N", line[0], fontsize=7, color=dr.MUTED, ha="right", va="center", annotation_clip=True)
    for longitude in (30, 60, 90, 120, 150):
        line = [conic(x, longitude) for x in np.linspace(36, 72, 40)]
        axes.plot(*zip(*line, strict=True), color=dr.LINE, lw=0.6)
        axes.annotate(f"{longitude}° E", line[-1], fontsize=7, color=dr.MUTED, ha="center", va="bottom", annotation_clip=True)


def _seats(axes: Any, standing: list[dict[str, Any]], days: dict[int, int], scale: float) -> None:
    for level, (shape, size) in _SEATS.items():
        here = [row for row in standing if row["level"] == level and row["latitude"] is not None]
        never = [conic(row["latitude"], row["longitude"]) for row in here if row["organ"] not in days]
        if never:
            axes.scatter(
                *zip(*never, strict=True), s=scale * size, marker=shape, facecolors="none", edgecolors=dr.MUTED, linewidths=0.6
            )
        for low, high, colour in reversed(_BINS):
            dots = [conic(row["latitude"], row["longitude"]) for row in here if low <= days.get(row["organ"], -1) <= high]
            if dots:
                at = zip(*dots, strict=True)
                axes.scatter(*at, s=scale * size, marker=shape, color=colour, edgecolors=dr.INK, linewidths=0.35, zorder=3)


def _key_of_days(axes: Any) -> None:
    axes.axis("off")
    for low, high, colour in _BINS:
        name = f"{low} to {high} days" if high < 1000 else f"{low} days and more"
        axes.scatter([], [], s=40, color=colour, edgecolors=dr.INK, linewidths=0.4, label=name)
    axes.scatter([], [], s=40, facecolors="none", edgecolors=dr.MUTED, label="not received")
    for level, (shape, size) in reversed(_SEATS.items()):
        axes.scatter([], [], s=size, marker=shape, facecolors="none", edgecolors=dr.INK, label=dr.LEVEL_NAMES[level])
    axes.legend(loc="upper left", fontsize=8, ncols=2, handletextpad=0.3, columnspacing=1.4, borderaxespad=0.0)


def _towns(axes: Any, standing: list[dict[str, Any]], days: dict[int, int], towns: Sequence[str]) -> None:
    for town in towns:
        latitude, longitude, dx, dy, side = TOWNS[town]
        here = [days[row["organ"]] for row in standing if row["organ"] in days and row["latitude"] is not None
                and abs(row["latitude"] - latitude) < 0.2 and abs(row["longitude"] - longitude) < 0.3]  # fmt: skip
        place = conic(latitude, longitude)
        if town == "Moscow":
            axes.plot(*place, marker="*", color=dr.RED, markeredgecolor="white", ms=13, zorder=5)
        text = town + (f" {min(here)}" if here and town != "Moscow" else "")
        note = axes.annotate(text, place, xytext=(dx, dy), textcoords="offset points", fontsize=8.2, ha=side, va="center", zorder=6)
        note.set_bbox({"facecolor": "white", "alpha": 0.78, "pad": 0.7, "edgecolor": "none"})


def _shares(
    axes: Any, standing: list[dict[str, Any]], had: list[dict[str, Any]], since: date, until: int, every: int
) -> list[tuple[float, float, str, str]]:  # fmt: skip
    """Draws the share of the bodies of each level that had it, day by day; returns where each line ends, its name and colour."""
    days, ends = np.arange(until + 1), []
    for level in dr.LEVELS:
        bodies = sum(row["level"] == level for row in standing)
        got = sorted((row["day"] - since).days for row in had if row["level"] == level)
        if got and bodies:
            share = [100 * min(1.0, int(np.searchsorted(got, x, side="right")) / bodies) for x in days]
            axes.plot(days, share, color=dr.LEVEL_COLOURS[level], lw=1.6, marker=dr.LEVEL_MARKS[level], markevery=every, ms=4.5)
            ends.append((float(until), share[-1], dr.LEVEL_NAMES[level], dr.LEVEL_COLOURS[level]))
    axes.set_xlim(0, until)
    axes.set_ylim(0, 104)
    return ends


def _reached(axes: Any, standing: list[dict[str, Any]], receipts: list[dict[str, Any]], issued: date) -> None:
    last = max((row["day"] - issued).days for row in receipts)
    ends = _shares(axes, standing, receipts, issued, min(last, 60), 7)
    axes.set_ylabel("per cent of bodies")
    axes.set_xlabel("days after the paper was signed")
    axes.set_title("Share of the committees of each level that had it")
    dr.name_lines(axes, ends, 8)


# -- one case ----------------------------------------------------------------------------------------------------

_CASE = """
    select a.matter, bool_or(a.kind = 'agree') and bool_or(a.kind in ('decide', 'poll')) as hidden,
           count(distinct case when a.kind = 'receive' then o.level end) as levels, count(*) as n
    from acts a join organs o on o.organ = a.actor_organ where a.matter in (select matter from episodes)
    group by a.matter order by hidden desc, levels desc, n desc, a.matter limit 1
"""
_STEPS = """
    select a.act, a.day, a.kind, a.cause, a.recorded, a.in_name_of != a.actor_organ as masked,
           o.level, o.branch, o.key, m.name as mask
    from acts a join organs o on o.organ = a.actor_organ left join organs m on m.organ = a.in_name_of
    where a.matter = ? order by a.act
"""
_WAYS = {
    "agree": "settled", "strike-off": "settled", "tell": "settled", "inform": "settled", "leak": "settled", "adopt": "settled",
    "decide": "decided", "poll": "decided", "reject": "decided",
    "issue": "issued", "answer": "issued", "remind": "issued",
    "receive": "received", "hand-over": "received",
    "consider": "heard", "set-aside": "heard", "clear": "heard",
    "execute": "done", "breach": "done",
    "report": "reported", "believe": "reported",
    "return": "returned", "burn": "returned", "lose": "returned",
}  # fmt: skip
"""What a kind of act counts as in the swim-lanes; other kinds are not drawn."""
_SHAPES = {
    "received": ("o", dr.BLUE, -0.38, "received"), "heard": ("D", dr.OLIVE, -0.24, "heard at a sitting"),
    "settled": ("p", dr.RED, -0.1, "settled or told by word of mouth"), "decided": ("*", dr.RED, 0.04, "decided"),
    "issued": ("v", dr.RUST, 0.17, "issued"), "done": ("P", dr.OCHRE, 0.29, "carried out"),
    "reported": ("^", dr.TEAL, 0.4, "reported upwards"), "returned": ("x", dr.MUTED, 0.4, "given back, burned or lost"),
}  # fmt: skip
_APPARATUS = (
    "bureau-of-secretariat",
    "technical-secretariat",
    "cipher-bureau",
    "uchraspred",
    "secret-archive",
    "central-committee",
)


def traced(run: Run) -> dict[str, Any] | None:
    """The matter that is drawn step by step: of an episode where there is one, hidden and deep before all, then large."""
    found = run.rows(_CASE)
    matter = found[0]["matter"] if found else (widest(run) or {}).get("matter")
    if matter is None:
        return None
    return run.rows("select m.*, episode from matters m left join episodes using (matter) where matter = ?", [matter])[0]


def _lane(row: dict[str, Any]) -> str:
    if row["level"] == "centre":
        if row["branch"] == "informal":
            return "informal circle"
        if row["key"] in ("politburo", "orgburo", "secretariat", "party-congress", "party-conference"):
            return "bodies that decide"
        return "apparatus of the CC" if row["key"] in _APPARATUS else "others at the Centre"
    names = {"region": "regions", "gubernia": "provinces", "uezd": "districts", "volost": "rural districts", "cell": "cells"}
    return names[row["level"]] + (": party" if row["branch"] == "party" else ": state")


_LANES = (
    "informal circle", "bodies that decide", "apparatus of the CC", "others at the Centre",
    *(f"{level}: {branch}" for level in ("regions", "provinces", "districts", "rural districts", "cells")
      for branch in ("party", "state")),
)  # fmt: skip


def swim_lanes(run: Run) -> Drawn:
    """One matter from the circle to the cell: levels down, time across, masks ringed, acts without paper as ghosts."""
    chosen = traced(run)
    rows = run.rows(_STEPS, [chosen["matter"]]) if chosen else []
    rows = [row for row in rows if row["kind"] in _WAYS]
    if chosen is None or not rows:
        raise Nothing("No matter went through the mechanism in this run.")
    opened: date = chosen["opened"]
    lane_of = {row["act"]: _lane(row) for row in rows}
    lanes = [name for name in _LANES if name in set(lane_of.values())]
    height = {name: y for y, name in enumerate(lanes)}
    figure, (axes,) = dr.panels(0.62 * len(lanes), left=1.75, right=0.25, top=0.6, bottom=1.12)
    for name, y in height.items():
        axes.axhspan(y - 0.5, y + 0.5, color=dr.LINE, alpha=0.32 if y % 2 else 0.0, lw=0)
        if name.endswith("state") or name == "informal circle":
            axes.axhline(y + 0.5, color=dr.LINE, lw=0.5)
    _threads(axes, rows, lane_of, height, opened)
    groups: dict[tuple[str, bool, bool], dict[tuple[int, int], int]] = {}
    for row in rows:
        dots = groups.setdefault((_WAYS[row["kind"]], bool(row["masked"]), bool(row["recorded"])), {})
        dot = (height[lane_of[row["act"]]], (row["day"] - opened).days)
        dots[dot] = dots.get(dot, 0) + 1
    for (way, masked, recorded), dots in groups.items():
        _dots(axes, way, masked, recorded, dots)
    last = max((row["day"] - opened).days for row in rows)
    ticks = [x for x in (0, 1, 2, 4, 7, 14, 30, 60, 120, 250, 500, 1000) if x <= last * 1.1]
    axes.set_xticks([math.log2(1 + x) for x in ticks], [str(x) for x in ticks])
    axes.set_xlim(-0.15, math.log2(2 + last) + 0.1)
    axes.set_yticks(range(len(lanes)), lanes)
    axes.set_ylim(len(lanes) - 0.5, -0.5)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(f"days since the question came up on {_words(opened)} (the scale narrows to the right)")
    axes.set_title(f"“{chosen['subject']}”: from the circle to the last body reached")
    _key(figure, axes, groups)
    masks = sorted({row["mask"] for row in rows if row["masked"] and row["level"] == "centre"})
    silent = sum(not row["recorded"] for row in rows)
    which = f"episode {chosen['episode']}" if chosen.get("episode") else "the widest directive"
    return dr.drawn(
        "lanes", figure,
        f"Swim-lanes of matter {chosen['matter']}: {len(rows):,} acts over {last} days in {len(lanes)} lanes, "
        f"{silent:,} of them without paper, {sum(bool(row['masked']) for row in rows):,} under another body's name.",
        f"Matter {chosen['matter']} ({which}): of the matters of episodes the one that a circle settled first, if any, that "
        f"reached most levels "
        "and has most acts. Larger marks stand for more acts of the day; threads show what brought what about, dashed where it "
        "goes up."
        + (f" Names borrowed at the Centre: {', '.join(masks)}." if masks else ""),
    )  # fmt: skip


def _dots(axes: Any, way: str, masked: bool, recorded: bool, dots: dict[tuple[int, int], int]) -> None:
    """The acts of one kind, a mark for each lane and day."""
    shape, colour, drop, _ = _SHAPES[way]
    x = [math.log2(1 + max(day, 0)) for _, day in dots]
    y = [lane + drop for lane, _ in dots]
    size = np.array([11 + 9 * math.log10(n) + (60 if way in ("decided", "settled") else 0) for n in dots.values()])
    if not recorded:
        axes.scatter(
            x, y, s=size + 8, marker=shape, facecolors="white", edgecolors=colour, linewidths=1.1, linestyles=":", zorder=4
        )
    elif shape == "x":
        axes.scatter(x, y, s=size, marker=shape, color=colour, linewidths=0.9, zorder=3)
    else:
        axes.scatter(x, y, s=size, marker=shape, color=colour, edgecolors="white", linewidths=0.3, zorder=3)
    if masked:
        axes.scatter(x, y, s=size * 1.5 + 24, marker="o", facecolors="none", edgecolors=dr.INK, linewidths=0.7, zorder=5)


def _threads(axes: Any, rows: list[dict[str, Any]], lane_of: dict[int, str], height: dict[str, int], opened: date) -> None:
    """Thin lines from the lanes of causes to the lanes of effects, at their median days; broader where more acts hang on them.

    What goes down is drawn whole, what goes up dashed.
    """
    day_of = {row["act"]: (row["day"] - opened).days for row in rows}
    way_of = {row["act"]: _WAYS[row["kind"]] for row in rows}
    pairs: dict[tuple[str, str, str, str], list[tuple[int, int]]] = {}
    for row in rows:
        cause = row["cause"]
        if (
            cause in lane_of
            and lane_of[cause] != lane_of[row["act"]]
            and way_of[row["act"]] in ("received", "decided", "issued", "settled")
        ):
            key = (lane_of[cause], way_of[cause], lane_of[row["act"]], way_of[row["act"]])
            pairs.setdefault(key, []).append((day_of[cause], day_of[row["act"]]))
    for (above, way, below, then), days in pairs.items():
        a, b = (sorted(x)[len(days) // 2] for x in zip(*days, strict=True))
        up = height[below] < height[above]
        axes.plot(
            [math.log2(1 + max(a, 0)), math.log2(1 + max(b, 0))],
            [height[above] + _SHAPES[way][2], height[below] + _SHAPES[then][2]],
            "--" if up else "-", color=dr.TEAL if up else dr.MUTED, lw=0.5 + 0.5 * math.log10(len(days)), alpha=0.6, zorder=2,
        )  # fmt: skip


def _key(figure: Any, axes: Any, groups: dict[tuple[str, bool, bool], dict[tuple[int, int], int]]) -> None:
    used = {way for way, _, _ in groups}
    for way, (shape, colour, _, name) in _SHAPES.items():
        if way in used:
            axes.scatter([], [], marker=shape, s=34, color=colour, label=name)
    if any(masked for _, masked, _ in groups):
        axes.scatter(
            [], [], marker="o", s=90, facecolors="none", edgecolors=dr.INK, linewidths=0.9, label="ringed: in another body's name"
        )
    if any(not recorded for _, _, recorded in groups):
        axes.scatter([], [], marker="o", s=44, facecolors="white", edgecolors=dr.RED, linestyles=":", label="dotted: left no paper")
    figure.legend(loc="lower center", ncols=4, fontsize=7.8, handletextpad=0.2, columnspacing=1.0, borderaxespad=0.1)


# -- who knew what when ------------------------------------------------------------------------------------------

_TOLD = """
    select matter from acts where kind = 'learn' or (kind = 'inform' and target_organ in (
        select organ from organs where key in ('party-congress', 'vtsik')))
    group by matter
    order by count(distinct case when kind = 'learn' then actor_organ else target_organ end) desc, count(*) desc, matter limit 1
"""
_LEARNT = """
    select level, organ, min(day) as day from (
        select actor_organ as organ, day from acts where matter = ? and kind in ('receive', 'read', 'consider', 'tell')
        union all select target_organ, day from acts where matter = ? and kind in ('tell', 'inform') and target_organ is not null
    ) join organs using (organ) where branch = 'party' and level != 'centre' group by all order by organ
"""
_DEPTHS = """
    select a.day, a.kind, a.amount, ao.key as actor, t.key as target, a.target_person is not null as person, c.amount as depth
    from acts a left join organs ao on ao.organ = a.actor_organ left join organs t on t.organ = a.target_organ
    left join acts c on c.act = a.cause and c.matter = a.matter
    where a.matter = ? and a.kind in ('inform', 'learn') order by a.act
"""
DEPTHS = ("nothing", "the public version", "that it is decided", "the content", "the motive")
_LAYERS = {"politburo": "Politburo outside the circle", "central-committee": "Central Committee", "party-congress": "party members",
           "vtsik": "the public"}  # fmt: skip


def knowledge(run: Run) -> Drawn:
    """For one matter, the share of the bodies of each level that have learnt of it by day, and how deep layers were told."""
    layered = run.rows(_TOLD)
    chosen = run.rows("select * from matters where matter = ?", [layered[0]["matter"]])[0] if layered else traced(run)
    learnt = run.rows(_LEARNT, [chosen["matter"]] * 2) if chosen else []
    if chosen is None or not learnt:
        raise Nothing("Nobody below the Centre learnt of a matter in this run.")
    opened: date = chosen["opened"]
    standing = run.rows(_STANDING, [opened, opened])
    told = run.rows(_DEPTHS, [chosen["matter"]])
    layers = _layers(told, opened)
    heights = (2.5, 0.34 * len(layers) + 0.2) if layers else (2.5,)
    figure, (axes, *more) = dr.panels(*heights, left=0.75 if not layers else 2.1, right=1.75, gap=0.75)
    last = max([(row["day"] - opened).days for row in learnt] + [day for steps in layers.values() for day, _ in steps])
    until = max(1, min(last, 120))
    ends = _shares(axes, standing, learnt, opened, until, 9)
    axes.set_ylabel("per cent of committees")
    axes.set_title(f"Who has learnt of “{chosen['subject']}”")
    axes.set_xlabel("" if layers else f"days since {_words(opened)}")
    dr.name_lines(axes, ends, 8)
    if more:
        _told_depths(more[0], layers, until, opened)
    shares = ", ".join(f"{name} {share:.0f} per cent" for _, share, name, _ in ends)
    return dr.drawn(
        "knowledge", figure,
        f"Share of the committees of each level that had a paper of matter {chosen['matter']} or were told of it, by day; at "
        f"the end {shares}.",
        f"Matter {chosen['matter']}: " + ("the matter of which most layers were told. " if layered else "the matter traced above. ")
        + "A committee has learnt of it once it received or heard a paper of it or was told by word of mouth."
        + (" Below: the deepest thing each layer was told: 1 the public version, 2 that it is decided, 3 the content, 4 the "
        "motive." if layers else
           " How deep members and the public were told is not in this run (mechanism “knowledge”)."),
    )  # fmt: skip


def _layers(told: list[dict[str, Any]], opened: date) -> dict[str, list[tuple[int, int]]]:
    """Layer -> (day, depth) each time it is told something deeper than before."""
    out: dict[str, list[tuple[int, int]]] = {}
    for row in told:
        depth, name = row["amount"], _LAYERS.get(row["target"] or "")
        if row["kind"] != "inform" or name is None or depth is None or not 0 < depth < len(DEPTHS):
            continue
        steps = out.setdefault(name, [])
        day = (row["day"] - opened).days
        if steps and steps[-1][0] == day:
            steps[-1] = (day, max(depth, steps[-1][1]))
        elif not steps or depth > steps[-1][1]:
            steps.append((day, depth))
    return {name: out[name] for name in _LAYERS.values() if name in out}


def _told_depths(axes: Any, layers: dict[str, list[tuple[int, int]]], until: int, opened: date) -> None:
    for y, (_, steps) in enumerate(layers.items()):
        for (day, depth), following in zip(steps, [*steps[1:], (until, 0)], strict=True):
            if day <= until:
                axes.barh(y, max(following[0] - day, 0.4), left=day, height=0.62, color=dr.RED, alpha=0.18 + 0.2 * depth, lw=0)
                text = DEPTHS[depth] if following[0] - day >= 0.16 * until else str(depth)
                axes.annotate(
                    text, (day, y), xytext=(3, 0), textcoords="offset points", fontsize=7.6, va="center",
                    color="white" if depth > 2 else dr.INK,
                )  # fmt: skip
    axes.set_yticks(range(len(layers)), list(layers))
    axes.set_ylim(len(layers) - 0.5, -0.5)
    axes.set_xlim(0, until)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(f"days since {_words(opened)}")
    axes.set_title("What layers outside the apparatus were told")
