"""The sections of the page: their words from sections.yaml, their figures and tables from the findings of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from drivebelt.report import careers, congresses, country, episodes, known, lanes, members, paper, seats, votes
from drivebelt.report.drawing import Drawn
from drivebelt.report.words import LEVEL_NAMES, number, short, topics
from drivebelt.safe_yaml import read_yaml

if TYPE_CHECKING:
    from drivebelt.findings import Findings


class Column(NamedTuple):
    """Head of a column; numbers stand to the right, dates on one line."""

    name: str
    numeric: bool = False
    dates: bool = False


class Cell(NamedTuple):
    """A cell with a second, smaller line."""

    text: str
    below: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the page. A row of one cell is a heading within it."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str | Cell]]
    caption: str = ""
    folded: bool = False
    """Whether it is shown only when asked for."""


class Section(NamedTuple):
    """One section as it stands in sections.yaml."""

    name: str
    title: str
    shows: str
    otherwise: str = ""
    """What would be otherwise."""
    twin: str = ""
    """Options of `drivebelt run` with which one sees it."""
    rules: tuple[str, ...] = ()


def _share(part: float | None, whole: float, digits: int = 0) -> str:
    return f"{100 * (part or 0) / max(whole, 1):.{digits}f} %"


def _deciders(found: Findings) -> list[Table]:
    rows = [[d["body"], f"{d['decisions']:,}", f"{d['settled_before']:,}", _share(d["settled_before"], d["decisions"], 1)]
            for d in sorted(found.deciders, key=lambda d: -d["settled_before"] / d["decisions"])]  # fmt: skip
    s = found.silence
    silent = [
        ["agreements by word of mouth", f"{s['agreed'] or 0:,}"], ["struck off at one member's wish", f"{s['stricken'] or 0:,}"],
        ["decisions entered in no minutes", f"{s['unminuted'] or 0:,}"],
        ["all acts that left no paper", f"{s['silent'] or 0:,} ({_share(s['silent'], s['acts'], 1)})"],
    ]  # fmt: skip
    head = (Column("in whose name"), Column("decisions", True), Column("settled before", True), Column("share", True))
    return [Table(head, rows), Table((Column("what no paper tells"), Column("number", True)), silent)]


def _carriage(found: Findings) -> list[Table]:
    rows = [
        [LEVEL_NAMES[c["level"]], c["channel"].replace("-", " "), f"{c['copies']:,}", f"{c['days']:g}", f"{c['days_90']}"]
        for c in found.channels
    ]
    head = (
        Column("to"),
        Column("channel"),
        Column("copies", True),
        Column("median days", True),
        Column("nine in ten within", True),
    )
    return [Table(head, rows, "Days on the way by channel", folded=True)] if rows else []


def _levels(found: Findings) -> list[Table]:
    rows = [[LEVEL_NAMES[d["level"]], f"{d['bodies']:,}", f"{d['acts']:,}", f"{d['documents']:,}"] for d in found.levels]
    head = (Column("level"), Column("bodies", True), Column("acts", True), Column("documents", True))
    kinds = [[k["kind"].replace("-", " "), f"{k['acts']:,}"] for k in found.kinds]
    return [Table(head, rows), Table((Column("kind of act"), Column("number", True)), kinds, "Acts by kind", folded=True)]


def _meetings(found: Findings) -> list[Table]:
    rows = [
        [m["name"], str(m["day"]), f"{m['delegates']:,}", _share(m["officials"], m["delegates"]), f"{m['against']:,}",
         _share(m["against"], m["delegates"], 1)]
        for m in found.meetings
    ]  # fmt: skip
    head = (Column("meeting"), Column("day"), Column("delegates", True), Column("paid officials", True),
            Column("votes against", True), Column("share", True))  # fmt: skip
    return [Table(head, rows, folded=True, caption="The figures")] if rows else []


def _careers(found: Findings) -> list[Table]:
    rows: list[list[str | Cell]] = []
    for told in careers.told_careers(found.run):
        rows.append([f"{told.person}: {told.why}"])
        area = None
        for row in told.posts:
            where = "" if area is None else "another province" if row["area"] != area else "same province"
            by = (row["given_by"] or "") if row["begins"] else "in post at the start"
            rows.append([f"{row['since']:%B %Y}" if row["begins"] else "", row["post"], row["organ"], where, by])
            area = row["area"]
    head = (Column("from"), Column("post"), Column("body"), Column("moved to"), Column("by"))
    return [Table(head, rows)] if rows else []


def _circles(found: Findings) -> list[Table]:
    rows = [[str(c["day"]), c["members"], c["against"] or ""] for c in found.circles]
    return (
        [Table((Column("from"), Column("members"), Column("against")), rows, "The understandings one by one", True)] if rows else []
    )


def _anchors(found: Findings) -> list[Table]:
    rows: list[list[str | Cell]] = []
    for title, figures in topics(found.anchors):
        rows.append([title])
        for a in figures:
            below = f"{a['dated']}; {short(a['source'])}" + (f". {a['remark'][0].upper()}{a['remark'][1:]}" if a["remark"] else "")
            ratio = f"{a['run'] / a['documented']:.2f}" if a["documented"] and a["run"] is not None else "–"
            name = a["name"] if a["unit"] in a["name"] else f"{a['name']}, {a['unit']}"
            rows.append([Cell(name, below), number(a["documented"]), number(a["run"]), ratio, a["kind"]])
    head = (Column("figure, when, and where it stands"), Column("documented", True), Column("this run", True),
            Column("run / documented", True), Column(""))  # fmt: skip
    return [Table(head, rows)] if rows else []


def steps(case: dict[str, Any]) -> Table:
    """The steps of an episode."""
    rows: list[list[str | Cell]] = []
    for n, s in enumerate(case["steps"], start=1):
        below = "; ".join(
            x for x in (short(s["source"]) if s["source"] else "", f"the middle one of {s['n']:,}" if s["n"] > 1 else "") if x
        )
        lags = ["" if s[k] is None else f"{s[k]}" for k in ("documented_lag", "simulated_lag")]
        ran = str(s["simulated"]) if s["simulated"] else "did not happen"
        rows.append([str(n), Cell(s["text"], below), s["documented"] or "–", ran, *lags])
    head = (
        Column("", True), Column("step"), Column("documented", dates=True), Column("in the run", dates=True),
        Column("days doc.", True), Column("days run", True),
    )  # fmt: skip
    return Table(head, rows)


FIGURES: dict[str, tuple[tuple[str, Callable[[Findings], Drawn]], ...]] = {
    "who-decides": (("decided-before", lambda f: paper.decided_before(f.run)),),
    "grades": (("grades", lambda f: paper.grades(f.run)), ("volumes", lambda f: paper.volumes(f.run))),
    "lags": (("lags", lambda f: paper.lags(f.run, f.channels)),),
    "reach": (("map", lambda f: country.map_of_days(f.run)),),
    "case": (("lanes", lambda f: lanes.swim_lanes(f.run)),),
    "knowledge": (("knowledge", lambda f: known.knowledge(f.run)),),
    "returns": (("returns", lambda f: paper.returns(f.run)),),
    "congresses": (("congresses", lambda f: congresses.congresses(f.run)),),
    "careers": (("careers", lambda f: careers.career_lines(f.run)),),
    "dependence": (("dependence", lambda f: votes.dependence(f.run)),),
    "votes": (("votes", lambda f: votes.votes(f.run)),),
    "bodies": (("bodies", lambda f: seats.bodies(f.run)),),
    "circle": (("circle", lambda f: seats.circle(f.run)),),
    "members": (("members", lambda f: members.members(f.run)),),
}
"""Figures of a section: the name of each and how it is drawn."""
TABLES: dict[str, Callable[[Findings], list[Table]]] = {
    "who-decides": _deciders, "grades": _levels, "lags": _carriage, "congresses": _meetings, "careers": _careers,
    "circle": _circles, "documented": _anchors,
}  # fmt: skip
"""Tables of a section."""


def sections() -> list[Section]:
    """All sections in the order of the page."""
    raw = read_yaml(files("drivebelt.report").joinpath("sections.yaml").read_bytes(), "report/sections.yaml")
    return [Section(**{**given, "rules": tuple(given.get("rules", ()))}) for given in raw]


def episode_figure(case: dict[str, Any]) -> Drawn:
    """The figure of one episode."""
    return episodes.path(case)
