"""Figures of how power flows round: congresses, careers, dependence, votes, leading bodies, the circle, members."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib.dates as mdates

from drivebelt.evidence import records as evidence_records
from drivebelt.evidence.cite import where
from drivebelt.findings import meetings, scenario_file
from drivebelt.report import drawing as dr
from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.report.paper import months, quarters, series, whole_months
from drivebelt.rulebook import load

if TYPE_CHECKING:
    from drivebelt.results import Run


_ORDERED = date(1924, 1, 16)
"""The XIII conference: the rule `delegates_paid_responsible_and_loyal` was made for it."""


def congresses(run: Run) -> Drawn:
    """Who the delegates of each congress and conference are, and how they vote."""
    found = meetings(run)
    if not found:
        raise Nothing("No congress or conference met in this run.")
    figure, (above, below) = dr.panels(2.5, 1.3, right=0.35, gap=0.8)
    at = range(len(found))
    for x, row in zip(at, found, strict=True):
        paid = 100 * row["officials"] / row["delegates"]
        above.bar(x, paid, width=0.36, color=dr.RED, alpha=0.85)
        above.bar(x, 100 - paid, bottom=paid, width=0.36, color="none", edgecolor=dr.MUTED, lw=0.8)
        above.annotate(f"{paid:.0f}", (x, paid / 2), ha="center", va="center", color="white", fontsize=9, fontweight="bold")
        if row["part_time"] is not None:
            above.plot([x - 0.24, x + 0.24], [100 * row["part_time"]] * 2, color=dr.INK, lw=1.6)
        no = 100 * row["against"] / row["delegates"]
        below.bar(x, no, width=0.36, color=dr.TEAL)
        below.annotate(
            f"{no:.1f} ({row['against']:,})", (x, no), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=8
        )
        if row["day"] == date(1923, 4, 17):
            dr.documented(above, x + 0.25, 55, "55\nfull-time", dx=6, size=7)
            dr.documented(above, x + 0.25, 84, "84 with\npart-time", dx=6, size=7)
        if row["day"] == _ORDERED:
            dr.documented(below, x + 0.25, 0, "3 votes", dx=7, dy=6)
    labels = [f"{row['name']}\n{row['day']:%b %Y}" for row in found]
    for axes, word in ((above, "per cent of delegates"), (below, "per cent against")):
        axes.set_xticks(at, labels, fontsize=8.2)
        axes.set_xlim(-0.6, len(found) - 0.2)
        axes.set_ylabel(word)
        axes.grid(axis="x", visible=False)
    above.set_ylim(0, 100)
    below.set_ylim(0, max(2.0, 130 * max(row["against"] / row["delegates"] for row in found)))
    above.set_title(
        "Delegates: paid party officials (filled) and others (empty)"
        + ("; stroke: with part-time" if any(row["part_time"] is not None for row in found) else "")
    )
    below.set_title("Votes against the leadership, per cent of delegates (and votes)")
    paid_words = ", ".join(f"{row['name']} {100 * row['officials'] / row['delegates']:.0f} per cent" for row in found)
    against = ", ".join(f"{row['name']} {row['against']:,} of {row['delegates']:,}" for row in found)
    ordered = next((row["name"] for row in found if row["day"] == _ORDERED), "")
    asked = (
        f" For the {ordered} the Secretariat asked the secretaries to send none but holders of paid posts of responsibility "
        "(I.3, line 2438): its column shows that rule carried out, and does not explain how the apparatus came to be chosen."
        if ordered else ""
    )  # fmt: skip
    return dr.drawn(
        "congresses", figure,
        f"Bars for each congress and conference. Paid officials among delegates: {paid_words}. Votes against: {against}.",
        "Diamonds, documented: 55 per cent of the delegates of the XII congress were full-time party workers, 84 with part-time "
        "ones (I.1, lines 1982-1984); three votes for the opposition at the XIII conference (I.3, line 2438)." + asked,
    )  # fmt: skip


# -- careers -----------------------------------------------------------------------------------------------------

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
    """A few of the hundred: the most moved, the one in most provinces, the highest risen, the furthest fallen, the middle, the "
    "least."""
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


# -- dependence and votes ----------------------------------------------------------------------------------------


def dependence(run: Run) -> Drawn:
    """Dependence on the head of the Secretariat and the share of posts owed, month by month."""
    found = {name: series(run, name) for name in ("posts-owed", "dependence")}
    if not any(found.values()):
        raise Nothing("Nobody was appointed in this run: the mechanism “cadres” is out of it, or the run is too short.")
    figure, (axes,) = dr.panels(2.9, right=2.35)
    looks = {"secretaries": (dr.RED, "o"), "central-committee": (dr.OCHRE, "D"), "officials": (dr.TEAL, "s")}
    ends, words = [], []
    for measure, style, word in (("posts-owed", "--", "placed from above"), ("dependence", "-", "dependence")):
        for scope, (days, values) in found[measure].items():
            colour, mark = looks.get(scope, (dr.MUTED, "v"))
            every = 1 if len(days) < 12 else 12
            axes.plot(days, [100 * v for v in values], style, color=colour, lw=1.7, marker=mark, markevery=every, ms=4.5)
            ends.append((days[-1], 100 * values[-1], f"{scope.replace('-', ' ')}: {word}", colour))
            words.append(f"{scope.replace('-', ' ')}, {word}: {100 * values[0]:.0f} to {100 * values[-1]:.0f} per cent")
    axes.set_ylim(0, 100)
    axes.set_ylabel("per cent")
    axes.set_title("What is owed to the Secretariat")
    dr.years(axes, *dr.period(run.info))
    dr.name_lines(axes, ends, 8)
    return dr.drawn(
        "dependence", figure, "Line chart by month. " + "; ".join(words) + ".",
        "Dashed: share of posts whose holders were placed there from above, a count. Whole: dependence on whoever heads the "
        "Secretariat, "
        "from ties, what the post is worth and how easily it is lost; a construct of the model, with no documented figure "
        "beside it.",
    )  # fmt: skip


def votes(run: Run) -> Drawn:
    """Votes against and bent decisions in the bodies of the Centre through time."""
    against, bent = series(run, "votes-against"), series(run, "bent")
    if not against:
        raise Nothing("No votes were cast in this run: the mechanism “sittings” is out of it, or the run is too short.")
    months(against)
    figure, (above, below) = dr.panels(1.9, 1.9)
    for axes, lines, title in (
        (above, against, "Votes against (dots: months of the Politburo; lines: quarters)"),
        (below, bent, "Bent decisions: carried, though by their own views the voters would have refused"),
    ):
        ends = []
        for body, (days, values) in lines.items():
            colour, dash = dr.BODIES.get(body, (dr.MUTED, ":"))
            if body.startswith("Politburo"):
                axes.plot(days, [100 * v for v in values], "o", color=colour, ms=2.4, alpha=0.4)
            quarter, mean = quarters(*whole_months(run, days, values))
            axes.plot(quarter, [100 * v for v in mean], dash, color=colour, lw=1.7, marker="o" if len(quarter) < 3 else None, ms=4)
            ends.append((quarter[-1], 100 * mean[-1], body.removesuffix(" of the CC"), colour))
        axes.set_ylim(bottom=0)
        axes.set_ylabel("per cent")
        axes.set_title(title)
        dr.years(axes, *dr.period(run.info))
        dr.name_lines(axes, ends)
    first, last = (100 * sum(v) / max(len(v), 1) for v in _ends(against.get("Politburo of the CC", ([], []))))
    return dr.drawn(
        "votes", figure,
        f"Two line charts. Votes against in the Politburo: {first:.0f} per cent in the first year of the run, {last:.0f} in the "
        f"last.",
        "Beside each vote the run keeps how the member would have voted by his position alone: ties, fear and the luck of a "
        "vote make the difference. Members of the Politburo owe each other no posts: ties do not explain their votes.",
    )  # fmt: skip


def _ends(line: tuple[list[date], list[float]]) -> tuple[list[float], list[float]]:
    """Values of the first and of the last year."""
    days, values = line
    if not days:
        return [0.0], [0.0]
    years = days[0].year, days[-1].year
    first, last = ([v for d, v in zip(days, values, strict=True) if d.year == year] for year in years)
    return first, last


# -- who sits where ----------------------------------------------------------------------------------------------

Span = tuple[date, date, bool]
"""First day, last day, and whether as a full member."""

_SEATS = """
    select coalesce(p.name, 'official no. ' || p.person) as name, t."from" as since, t."to" as until,
           q.name not like 'candidate%' as full
    from tenures t join posts q using (post) join organs o using (organ) join persons p using (person)
    where o.key = ? and q.name like '%member, seat%' order by t."from", q.post
"""


def _within(run: Run, since: date, until: date | None) -> tuple[date, date] | None:
    """The part of a span that lies in the run."""
    first, last = dr.period(run.info)
    a, b = max(since, first), min(until or last, last)
    return (a, b) if a < b else None


def seats(run: Run, body: str = "politburo") -> tuple[dict[str, list[Span]], dict[str, list[Span]]]:
    """Who sat in a leading body, as documented and in the run: name -> spans."""
    people = scenario_file(run.info["scenario"])[1]
    names = {key: person["name"] for key, person in people["persons"].items()}
    known: dict[str, list[Span]] = {}
    for t in people["tenures"]:
        kind = t["post"].removeprefix(f"{body}-")
        held = _within(run, t["from"], t.get("to")) if kind in ("member", "candidate") else None
        if held:
            known.setdefault(names[t["person"]], []).append((*held, kind == "member"))
    ran: dict[str, list[Span]] = {}
    for row in run.rows(_SEATS, [body]):
        held = _within(run, row["since"], row["until"])
        if held:
            ran.setdefault(row["name"], []).append((*held, row["full"]))
    return known, ran


def spans(axes: Any, above: dict[str, list[Span]], below: dict[str, list[Span]], order: list[str]) -> None:
    """Two rows of bars a person: documented above (hatched), simulated below (filled); candidates half as high."""
    for y, name in enumerate(order):
        for lines, drop, look in (
            (above.get(name, ()), -0.21, {"facecolor": "none", "edgecolor": dr.OCHRE, "hatch": "/////", "lw": 0.9}),
            (below.get(name, ()), 0.21, {"facecolor": dr.RED, "edgecolor": dr.RED, "lw": 0.5}),
        ):
            for since, until, full in lines:
                height = 0.34 if full else 0.15
                axes.barh(y + drop, (until - since).days, left=mdates.date2num(since), height=height, **look)
    axes.set_yticks(range(len(order)), order, fontsize=8.4)
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.xaxis_date()


def bodies(run: Run) -> Drawn:
    """Members and candidates of the Politburo, documented and in the run."""
    known, ran = seats(run)
    if not ran:
        raise Nothing("No seats of the Politburo are held in this run.")
    order = sorted({*known, *ran}, key=lambda n: (min((s for s, *_ in known.get(n, ())), default=date.max), n not in known, n))
    figure, (axes,) = dr.panels(0.245 * len(order) + 0.15, left=1.55, right=0.3, bottom=0.85)
    spans(axes, known, ran, order)
    dr.years(axes, *dr.period(run.info))
    axes.set_title("The Politburo: documented (hatched) and in the run (filled)")
    _span_key(figure, "thin: candidates without a vote")
    both = [name for name in order if name in known and name in ran]
    only_run = [name for name in ran if name not in known]
    return dr.drawn(
        "bodies", figure,
        f"Bars of the time {len(order)} persons sat in the Politburo. {len(both)} sat there both as documented and in the run; "
        f"only in the "
        f"run: {', '.join(only_run) or 'nobody'}.",
        "Composition on the first day is an input (I.1, lines 1896-1904); from the first congress the run elects. Later documented "
        "dates are from general reference. Officials without a documented name bear their number.",
    )  # fmt: skip


def _span_key(figure: Any, thin: str | None) -> None:
    import matplotlib.patches as mpatches

    key = [
        mpatches.Patch(facecolor="none", edgecolor=dr.OCHRE, hatch="/////", label="documented"),
        mpatches.Patch(facecolor=dr.RED, edgecolor=dr.RED, label="in the run" + (f"; {thin}" if thin else "")),
    ]
    figure.legend(handles=key, loc="lower center", ncols=3, fontsize=8, borderaxespad=0.3)


_COMBINED = """
    select a.day, coalesce(p.name, 'official no. ' || p.person) as name, coalesce(t.name, 'official no. ' || t.person) as against
    from acts a join persons p on p.person = a.actor_person
    left join persons t on t.person = a.target_person where a.kind = 'combine' order by a.day, p.name, p.person
"""


_NINE_UNTIL = date(1929, 12, 31)
"""The documented nine is of 1926; it is not drawn into the thirties."""


def circle_spans(run: Run) -> tuple[dict[str, list[Span]], dict[str, list[Span]], list[tuple[date, str]]]:
    """Who was in the informal circle: documented, in the run, and (day, against whom) of each understanding."""
    first, last = dr.period(run.info)
    people = scenario_file(run.info["scenario"])[1]["persons"]
    known: dict[str, list[Span]] = {}
    dated = [(day, value) for day, value in load([])["core_members"].values if value]
    for i, (day, value) in enumerate(dated):
        until = dated[i + 1][0] if i + 1 < len(dated) else min(last, _NINE_UNTIL)
        held = _within(run, day, until)
        for person in value if held else ():
            name = people.get(str(person).removeprefix("person:"), {}).get("name", str(person))
            known.setdefault(name, []).append((*held, True))  # type: ignore[misc]
    rows = run.rows(_COMBINED)
    days = sorted({row["day"] for row in rows})
    ran: dict[str, list[Span]] = {}
    for row in rows:
        later = [day for day in days if day > row["day"]]
        ran.setdefault(row["name"], []).append((max(row["day"], first), later[0] if later else last, True))
    return known, ran, sorted({(row["day"], row["against"] or "nobody") for row in rows})


def circle(run: Run) -> Drawn:
    """Members of the informal circle month by month, documented and in the run."""
    known, ran, formed = circle_spans(run)
    if not ran:
        raise Nothing("No informal circle formed in this run: too short a time, too small a threat, or the mechanism is out of it.")
    order = sorted({*known, *ran}, key=lambda n: (min(s for s, *_ in [*known.get(n, ()), *ran.get(n, ())]), n))
    figure, (axes, count) = dr.panels(0.26 * len(order) + 0.15, 1.0, left=1.55, right=0.3, bottom=0.85, gap=0.55)
    spans(axes, known, ran, order)
    first, last = dr.period(run.info)
    dr.years(axes, first, last)
    axes.set_title("The informal circle: documented (hatched) and in the run (filled)")
    days = [day for day, _ in formed]
    sizes = [sum(any(s <= day < e for s, e, _ in lines) for lines in ran.values()) for day in days]
    count.step([*days, last], [*sizes, sizes[-1]], where="post", color=dr.RED, lw=1.8)
    for since, until, size in _sizes(known):
        count.plot([since, until], [size, size], color=dr.OCHRE, lw=1.2, ls="--")
        count.annotate(f"{size} documented", (mdates.date2num(since), size), xytext=(3, 4), textcoords="offset points", fontsize=8)
    count.set_ylim(0, 11)
    count.set_ylabel("persons")
    count.set_title("How many")
    dr.years(count, first, last)
    _span_key(figure, None)
    foes = dict.fromkeys(name for _, name in formed)
    return dr.drawn(
        "circle", figure,
        f"Bars of the time each of {len(order)} persons was in the informal circle; in the run it has {min(sizes)} to "
        f"{max(sizes)} members, "
        f"against {', '.join(foes)}.",
        "Documented: troika, seven and nine (I.2, lines 2346-2350), by month. In the run nobody is put into the circle. It "
        "formed against: "
        + "; ".join(f"{day:%B %Y}, {name}" for day, name in formed) + ".",
    )  # fmt: skip


def _sizes(known: dict[str, list[Span]]) -> list[tuple[date, date, int]]:
    found: dict[tuple[date, date], int] = {}
    for lines in known.values():
        for since, until, _ in lines:
            found[since, until] = found.get((since, until), 0) + 1
    return [(since, until, n) for (since, until), n in sorted(found.items())]


# -- members -----------------------------------------------------------------------------------------------------

_ADMITTED = """
    select a.day, coalesce(c.amount, -1) = ? as draft, sum(a.amount) as n
    from acts a left join acts c on c.act = a.cause and c.kind = 'calendar' where a.kind = 'admit' group by all order by a.day
"""
_COUNTED = """
    select a.day, regexp_replace(m.subject, '^.*: ', '') as what, sum(a.amount) as n from acts a join matters m using (matter)
    where a.kind = 'count-members' group by all order by a.day
"""
_TOTALS = ("party members", "members of the RCP(b)", "members of the party", "members and candidates")


DRAFT = 3
"""Place of the drafts among power.state.COHORTS; written here, so that no compiled code is loaded for a report."""


def documented_members(run: Run) -> list[tuple[date, float, str, str]]:
    """Documented totals of members within the period or the year before it: day, number, date as given, place."""
    first, last = dr.period(run.info)
    out = []
    for record in evidence_records("quantity"):
        value, dated = record.get("value"), str(record.get("date", "")).split("/")[-1]
        if record.get("what") in _TOTALS and isinstance(value, (int, float)) and dated[:4].isdigit():
            parts = [int(x) for x in dated.split("-")]
            day = date(*(parts + [6 if len(parts) == 1 else 15, 15][len(parts) - 1 :])[:3]) if len(parts) < 3 else date(*parts)
            if date(first.year - 1, 1, 1) <= day <= last:
                out.append((day, float(value), dated, where(record).replace("section ", "")))
    return sorted(out)


def cohorts(run: Run) -> tuple[list[date], dict[str, list[float]]]:
    """Days and members by the time and way of their joining, in thousands of the whole country, the eldest first.

    From the monthly counts of the party where the run has them, otherwise from admissions.
    """
    scale = run.info["scale"] * 1000
    counted: dict[str, dict[date, float]] = {}
    for row in run.rows(_COUNTED):
        counted.setdefault(row["what"], {})[row["day"]] = row["n"] / scale
    names = ("joined before 1917", "joined before 1921", "entrants of drafts", "members and candidates")
    if all(name in counted for name in names):
        old, early, drafted, every = (counted[name] for name in names)
        days = sorted(every)
        return days, {
            "joined before 1917": [old.get(day, 0.0) for day in days],
            "joined 1917 to 1920": [early.get(day, 0.0) - old.get(day, 0.0) for day in days],
            "admitted one by one since": [every[day] - early.get(day, 0.0) - drafted.get(day, 0.0) for day in days],
            "admitted in drafts": [drafted.get(day, 0.0) for day in days],
        }
    days, values = next(iter(series(run, "members").values()), ([], []))
    came: dict[bool, list[tuple[date, float]]] = {True: [], False: []}
    for row in run.rows(_ADMITTED, [DRAFT]):
        came[row["draft"]].append((row["day"], (row["n"] or 0) / scale))
    ordinary, drafted_in = ([sum(n for day, n in came[draft] if day < on) for on in days] for draft in (False, True))
    first = [v / 1000 - o - d for v, o, d in zip(values, ordinary, drafted_in, strict=True)]
    return days, {"members at the start": first, "admitted one by one since": ordinary, "admitted in drafts": drafted_in}


def members(run: Run) -> Drawn:
    """Members by how they came in, through time, with documented totals."""
    days, layers = cohorts(run)
    if not days:
        raise Nothing("The run does not count members: the mechanism “members” is out of it, or it is shorter than a month.")
    figure, (axes,) = dr.panels(2.9, right=2.4)
    first, last = dr.period(run.info)
    looks = {
        "joined before 1917": (dr.RED, ""), "joined 1917 to 1920": (dr.BLUE, ""), "members at the start": (dr.BLUE, ""),
        "admitted one by one since": (dr.TEAL, "//"), "admitted in drafts": (dr.OCHRE, "\\\\"),
    }  # fmt: skip
    floor, ends = [0.0] * len(days), []
    for name, layer in layers.items():
        colour, hatch = looks[name]
        top = [a + b for a, b in zip(floor, layer, strict=True)]
        axes.fill_between(days, floor, top, facecolor=colour, alpha=0.35, hatch=hatch, edgecolor=colour, lw=0.0)
        if layer[-1] > 0:
            ends.append((days[-1], (floor[-1] + top[-1]) / 2, f"{name}: {layer[-1]:,.0f}", colour))
        floor = top
    axes.plot(days, floor, color=dr.INK, lw=1.8, marker="o" if len(days) < 3 else None)
    ends.append((days[-1], floor[-1], f"all members: {floor[-1]:,.0f}", dr.INK))
    known = documented_members(run)
    for day, value, *_ in known:
        if first <= day <= last:
            dr.documented(axes, day, value / 1000, f"{value / 1000:,.0f} documented", dx=-7, dy=9, ha="right")
    axes.set_ylim(bottom=0)
    axes.set_ylabel("thousand members")
    axes.set_title("Members by the way they came in")
    dr.years(axes, first, last)
    dr.name_lines(axes, ends, 8)
    cited = "; ".join(f"{value:,.0f} in {dated} ({place})" for _, value, dated, place in known)
    return dr.drawn(
        "members", figure,
        f"Members in thousands, from {sum(x[0] for x in layers.values()):,.0f} to {floor[-1]:,.0f}; at the end "
        + "; ".join(text for _, _, text, _ in ends) + ".",
        "Numbers are of the whole country whatever the scale of the run. " + (f"Documented: {cited}. " if cited else "")
        + "Who asks to be admitted rests on assumptions, the terms and months of drafts on rules.",
    )  # fmt: skip
