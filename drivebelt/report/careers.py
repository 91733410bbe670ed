"""The posts of a hundred officials one after the other: as lines, and some of them told."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from drivebelt.report import drawing as dr
from drivebelt.report.drawing import Drawn, Nothing

if TYPE_CHECKING:
    from drivebelt.results import Run

_ORGANS = """
    select organ, name, level, branch, parent, territory from organs where level not in ('cell', 'volost')
"""
_OFFICIALS = """
    select distinct person from tenures join posts using (post) join organs using (organ)
    where level in ('region', 'gubernia', 'uezd') and on_nomenklatura order by person
"""
_POSTS = """
    select t.person, t."from" as since, t."to" as until, q.name as post, q.organ, t.by_appointment, t.appointed_by
    from tenures t join posts q using (post) where t.person in (select unnest(?)) order by t.person, t."from", t.post
"""
CHOSEN = 100


def careers(run: Run, n: int = CHOSEN) -> dict[int, list[dict[str, Any]]]:
    """The posts of `n` officials below the Centre one after the other: person -> rows of since, until, post, organ, level, area.

    Who is drawn depends on nothing but his number: those whose number has the lowest SHA-256.
    """
    known = [row["person"] for row in run.rows(_OFFICIALS)]
    chosen = sorted(known, key=lambda p: hashlib.sha256(f"career {p}".encode()).digest())[:n]
    organs = {row["organ"]: row for row in run.rows(_ORGANS)}
    first, last = dr.period(run.info)
    out: dict[int, list[dict[str, Any]]] = {}
    for row in run.rows(_POSTS, [chosen]):
        organ = organs.get(row["organ"])
        until = min(row["until"] or last, last)
        if organ is None or until <= first:
            continue
        given = organs.get(row["appointed_by"])
        new = {
            **row, "since": max(row["since"], first), "until": until, "leaves": row["until"] is not None and row["until"] <= last,
            "begins": row["since"] > first, "level": organ["level"], "organ": organ["name"], "branch": organ["branch"],
            "area": _area(organs, row["organ"]), "given_by": given["name"] if given else None,
            "above": bool(row["by_appointment"]) and (given is None or given["level"] == "centre"),
        }  # fmt: skip
        out.setdefault(row["person"], []).append(new)
    return out


def _area(organs: dict[int, dict[str, Any]], organ: int) -> str | None:
    """The province or region in which a body stands."""
    seen = 0
    here = organs.get(organ)
    while here is not None and seen < 8:
        if here["level"] in ("region", "gubernia"):
            return here["territory"] or here["name"]
        if here["level"] == "centre":
            return "centre"
        here, seen = organs.get(here["parent"]), seen + 1
    return None


_BANDS = {"centre": 0.9, "region": 1.1, "gubernia": 3.0, "uezd": 6.2}


def career_lines(run: Run) -> Drawn:
    """Posts of a hundred officials through time: levels as bands, a line a person, red where he was sent to another province."""
    found = careers(run)
    if not any(found.values()):
        raise Nothing("The run holds no officials with posts.")
    first, last = dr.period(run.info)
    bands, y = {}, 0.0
    for level in (x for x in _BANDS if any(row["level"] == x for rows in found.values() for row in rows)):
        bands[level] = (y, _BANDS[level])
        y += _BANDS[level] + 0.18
    figure, (axes,) = dr.panels(0.62 * y, left=1.55, right=0.3, bottom=0.85)
    moves = sent = crossed = 0
    order = sorted(found, key=lambda p: hashlib.sha256(f"row {p}".encode()).digest())
    for place, person in enumerate(order):
        share = (place + 0.5) / len(order)
        before: dict[str, Any] | None = None
        for row in found[person]:
            if row["level"] not in bands:
                continue
            top, height = bands[row["level"]]
            at = top + height * share
            elsewhere = before is not None and before["area"] != row["area"]
            colour = dr.RED if elsewhere or (before and before.get("red")) else dr.BLUE
            row["red"] = colour == dr.RED
            style = "-" if row["by_appointment"] or not row["begins"] else (0, (2, 1.5))
            axes.plot([row["since"], row["until"]], [at, at], ls=style, color=colour, lw=1.0, alpha=0.85, solid_capstyle="butt")
            if before is not None and row["begins"]:
                then = bands[before["level"]][0] + bands[before["level"]][1] * share
                axes.plot([row["since"], row["since"]], [then, at], color=colour, lw=0.6, alpha=0.55)
                axes.plot(row["since"], at, "o" if elsewhere else "|", color=colour, ms=4 if elsewhere else 6, zorder=4)
                moves, crossed, sent = moves + 1, crossed + elsewhere, sent + row["above"]
            before = row
    for level, (top, height) in bands.items():
        axes.axhspan(top - 0.06, top + height + 0.06, color=dr.LINE, alpha=0.35, lw=0)
        axes.annotate(
            dr.LEVEL_NAMES[level].replace(" (", "\n("), (0, top + height / 2), xycoords=("axes fraction", "data"), xytext=(-8, 0),
            textcoords="offset points", ha="right", va="center",
        )  # fmt: skip
    axes.set_ylim(y - 0.05, -0.12)
    axes.set_yticks([])
    axes.grid(axis="y", visible=False)
    dr.years(axes, first, last)
    axes.set_title(f"{len(found)} officials and their posts: levels as bands, a line for each person")
    axes.plot([], [], color=dr.BLUE, lw=1.6, label="still in the province he began in")
    axes.plot([], [], color=dr.RED, lw=1.6, marker="o", ms=4.5, label="dot: sent to another province; red from there on")
    axes.plot([], [], color=dr.BLUE, lw=0, marker="|", ms=8, label="stroke: another post in the same province")
    figure.legend(loc="lower center", ncols=3, fontsize=8, borderaxespad=0.3)
    return dr.drawn(
        "careers", figure,
        f"Lines of {len(found)} officials through levels and years: {moves:,} moves, {crossed:,} of them to another province, "
        f"{sum(len(rows) == 1 for rows in found.values())} persons who kept one post.",
        f"Drawn by a keyed rule (lowest SHA-256 of the person's number), not chosen. {moves:,} moves in the run, {crossed:,} "
        f"across "
        f"provinces, {sent:,} by a body of the Centre; dashed where a post was filled on the spot.",
    )  # fmt: skip


class Told(NamedTuple):
    """One career to be read aloud: why this one, who it is, and the posts."""

    why: str
    person: str
    posts: list[dict[str, Any]]


def told_careers(run: Run) -> list[Told]:
    """A few of the hundred.

    The most moved, the one in most provinces, the highest risen, the furthest fallen, the middle, the least.
    """
    found = {person: rows for person, rows in careers(run).items() if rows}
    if not found:
        return []
    height = {level: -i for i, level in enumerate(dr.LEVELS)}
    provinces = {p: len({row["area"] for row in rows}) for p, rows in found.items()}
    rise = {p: height[rows[-1]["level"]] - height[rows[0]["level"]] for p, rows in found.items()}
    by_posts = sorted(found, key=lambda p: (-len(found[p]), p))
    wanted = [
        ("moved most often", by_posts[0]),
        ("in most provinces", min(found, key=lambda p: (-provinces[p], p))),
        ("rose highest", min(found, key=lambda p: (-rise[p], -len(found[p]), p))),
        ("fell furthest", min(found, key=lambda p: (rise[p], -len(found[p]), p))),
        ("the middle of the hundred by number of posts", by_posts[len(by_posts) // 2]),
        ("moved least", by_posts[-1]),
    ]
    about = {
        row["person"]: row for row in run.rows("select * from persons where person in (select unnest(?))", [[p for _, p in wanted]])
    }
    out: dict[int, Told] = {}
    for why, person in wanted:
        if person not in out:
            who = about[person]
            name = f"{who['name'] or f'Official no. {person}'}, {who['class_origin']}, in the party since {who['party_since']}"
            out[person] = Told(why, name, found[person])
    return list(out.values())
