"""The mechanism on a day, in three layers: which bodies stand where, and what they do in that month.

The layers are those of Pavlova, I.2, line 2318: the outward form, the bureaucracy of party and state, and what is hidden within.
A body that no group below names stands where its branch stands, so that other scenarios are drawn too.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from drivebelt.results import Run

OUTER, MIDDLE, CORE = "outer", "bureaucracy", "core"


class Group(NamedTuple):
    """Bodies of the Centre that stand together: by key, with the short name for a box, or by branch where no group has them."""

    name: str
    layer: str
    title: str
    bodies: dict[str, str]
    branches: tuple[str, ...] = ()


GROUPS = (
    Group("congress", OUTER, "Congresses, unions, youth", {
        "party-congress": "Congress", "party-conference": "Conference", "comintern": "Comintern", "vtssps": "Trade unions",
        "komsomol-cc": "Komsomol"}, ("union", "youth")),
    Group("soviets", OUTER, "Soviets and government", {
        "vtsik": "VTsIK", "sovnarkom": "Sovnarkom", "small-sovnarkom": "Small council", "sto": "STO",
        "gosplan": "Gosplan"}),
    Group("commissariats", OUTER, "People's commissariats", {
        "nk-foreign": "Foreign Affairs", "nk-military": "War", "nk-interior": "Interior", "nk-justice": "Justice",
        "nk-finance": "Finance", "nk-food": "Food", "nk-internal-trade": "Internal Trade", "nk-foreign-trade": "Foreign Trade",
        "nk-agriculture": "Agriculture", "nk-transport": "Transport", "nk-post": "Posts", "nk-labour": "Labour",
        "nk-education": "Education", "nk-health": "Health", "nk-rabkrin": "Inspection", "nk-nationalities": "Nationalities"},
        ("state",)),
    Group("economy", OUTER, "Economy", {
        "vsnkh": "VSNKh", "gosbank": "State Bank", "centrosoyuz": "Co-operatives", "khleboprodukt": "Grain trade",
        "gostorg": "State trade"}, ("economy",)),
    Group("force", OUTER, "Army and political police", {
        "ogpu": "OGPU", "ogpu-special-department": "Cipher dept", "courier-corps": "Couriers",
        "revolutionary-military-council": "War Council", "pur": "Army politics"}, ("police", "army")),
    Group("courts", OUTER, "Courts", {"supreme-court": "High court", "procuracy": "Procuracy"}, ("justice", "procuracy")),
    Group("press", OUTER, "Press and censorship", {
        "pravda": "Pravda", "izvestia": "Izvestia", "tass": "TASS", "glavlit": "Glavlit"}, ("press",)),
    Group("summit", MIDDLE, "", {"central-committee": "Central Committee", "ccc": "Control Comm. (CCC)"}),
    Group("deciding", MIDDLE, "", {"politburo": "Politburo", "orgburo": "Orgburo", "secretariat": "Secretariat"}),
    Group("bureau", MIDDLE, "", {"bureau-of-secretariat": "Bureau of the Secretariat"}),
    Group("secret", MIDDLE, "Under the Bureau", {
        "technical-secretariat": "Technical staff", "cipher-bureau": "Cipher Bureau", "secret-archive": "Secret archive"}),
    Group("departments", MIDDLE, "Departments of the Secretariat", {
        "uchraspred": "Uchraspred", "orgotdel": "Organisation", "agitprop": "Agitprop", "information-department": "Information",
        "press-department": "Press", "rural-department": "Rural", "women-department": "Women",
        "statistics-department": "Statistics", "administration-of-affairs": "Affairs", "istpart": "Party history"},
        ("party",)),
    Group("core", CORE, "", {"circle": "The informal circle"}, ("informal",)),
)  # fmt: skip
CIRCLE = "circle"
BELOW = {
    "region": "Regions", "gubernia": "Provinces", "uezd": "Districts", "volost": "Rural districts", "cell": "Cells",
}  # fmt: skip
COMMITTEES = {
    "region": "regional committees", "gubernia": "provincial committees", "uezd": "district committees",
    "volost": "rural committees", "cell": "party cells",
}  # fmt: skip
OFFICES = {
    "state": "executive committees", "police": "GPU", "justice": "courts", "procuracy": "procuracy", "union": "unions",
    "press": "press", "economy": "trusts",
}  # fmt: skip
"""Bodies below the Centre by branch, in the order in which they are drawn."""
_HEADS = ("chairman", "General Secretary", "people's commissar", "editor", "procurator of the republic")
_RECENT = 120
"""Days for which a body that has ended is still marked as ended, and a new one as new."""

_DOINGS = """
    select case when o.level = 'centre' then o.organ end as organ, o.level, o.branch, kind, count(*) as n
    from acts a join organs o on o.organ = a.actor_organ where a.day between ? and ? group by all order by all
"""
_NAMES = """
    select case when o.level = 'centre' then o.organ end as organ, o.level, o.branch, kind in ('decide', 'poll') as decision,
           count(*) as n, sum((actor_organ != in_name_of)::int) as masked
    from acts a join organs o on o.organ = a.in_name_of
    where a.day between ? and ? and kind in ('decide', 'poll', 'issue') group by all order by all
"""
_SENT = """
    select case when o.level = 'centre' then o.organ end as organ, o.level, o.branch, sum(copies) as n
    from documents d join organs o on o.organ = coalesce(d.originator, d.issuer) where d.date between ? and ?
    group by all order by all
"""
_STANDING = """
    select level, branch, count(*) as n from organs
    where level != 'centre' and valid_from <= $day and (valid_to is null or valid_to > $day) group by all
"""
_CIRCLES = """
    select a.day, p.name, p.person, t.name as against from acts a join persons p on p.person = a.actor_person
    left join persons t on t.person = a.target_person where a.kind = 'combine' order by a.day, p.name nulls last, p.person
"""
_HOLDERS = """
    select o.organ, o.key, o.branch, q.name as post, p.name, p.person from tenures t join posts q using (post)
    join organs o on o.organ = q.organ join persons p on p.person = t.person
    where o.level = 'centre' and t."from" <= $day and (t."to" is null or t."to" > $day) order by t.post
"""


@dataclass
class Body:
    """One body of the Centre, or all of a level and branch, on the day and in its month."""

    name: str
    """Its full name, or what the bodies of a level are called."""
    short: str
    layer: str
    organ: int | None = None
    key: str = ""
    level: str = "centre"
    branch: str = "party"
    bodies: int = 1
    state: str = "there"
    """there, new, not-yet, ended or gone."""
    since: date | None = None
    until: date | None = None
    acts: int = 0
    did: dict[str, int] = field(default_factory=dict)
    """Acts of the month by kind."""
    decisions: int = 0
    settled: int = 0
    """Decisions in its name that others had made."""
    signed: int = 0
    masked: int = 0
    """Papers in its name that others wrote."""
    sent: int = 0
    """Copies of the papers that it wrote."""
    head: str | None = None

    @property
    def received(self) -> int:
        """Papers taken over against receipt."""
        return self.did.get("receive", 0)

    def as_dict(self) -> dict[str, Any]:
        """For the JSON twin."""
        keys = ("organ", "key", "name", "layer", "level", "branch", "bodies", "state", "since", "until", "head", "acts",
                "decisions", "settled", "signed", "masked", "sent", "received")  # fmt: skip
        return {key: getattr(self, key) for key in keys}


@dataclass
class Scene:
    """The mechanism on a day."""

    day: date
    first: date
    """First day of its month that the run has."""
    last: date
    centre: dict[str, list[Body]]
    """Bodies of the Centre by the name of their group."""
    below: dict[str, list[Body]]
    """Bodies of each level below: committees first, then the others by branch."""
    circle: dict[str, Any]
    """The understanding in force: since when, who, against whom."""
    documented: dict[str, Any] | None
    """The circle that the book knows of on that day."""
    head: str | None
    """The General Secretary."""

    def body(self, key: str) -> Body | None:
        """A body of the Centre by its key."""
        return next((b for bodies in self.centre.values() for b in bodies if b.key == key), None)

    def as_dict(self) -> dict[str, Any]:
        """For the JSON twin."""
        return {
            "day": self.day, "month": [self.first, self.last], "circle": self.circle, "documented_circle": self.documented,
            "general_secretary": self.head,
            "bodies": [b.as_dict() for bodies in (*self.centre.values(), *self.below.values()) for b in bodies],
        }  # fmt: skip


def circles(run: Run) -> list[dict[str, Any]]:
    """Every understanding of the run: a row for each of its members, in the order of the days."""
    return run.rows(_CIRCLES)


def scene(run: Run, day: date, understandings: Sequence[dict[str, Any]]) -> Scene:
    """The mechanism of a run on a day, with what its bodies do in the month of that day; `understandings` are its `circles`."""
    first = max(day.replace(day=1), date.fromisoformat(run.info["from"]))
    last = min(day.replace(day=monthrange(day.year, day.month)[1]), date.fromisoformat(run.info["to"]))
    organs = run.rows("select * from organs where level = 'centre' order by organ")
    holders = run.rows(_HOLDERS, {"day": day})  # type: ignore[arg-type]
    centre: dict[str, list[Body]] = {g.name: [] for g in GROUPS}
    bodies: dict[Any, Body] = {}
    for row in organs:
        if row["branch"] == "informal" and row["key"] != CIRCLE:
            continue  # the documented circles are what the book knows; the run makes its own
        group, short = _place(row["key"], row["branch"], row["name"])
        body = Body(row["name"], short, group.layer, row["organ"], row["key"] or "", "centre", row["branch"])
        body.since, body.until, body.state = row["valid_from"], row["valid_to"], _state(row["valid_from"], row["valid_to"], day)
        body.head = next((h["name"] for h in holders if h["organ"] == row["organ"] and _heads(h["post"])), None)
        centre[group.name].append(body)
        bodies[row["organ"]] = body
    for group in GROUPS:
        order = list(group.bodies)
        centre[group.name].sort(key=lambda b: (order.index(b.key) if b.key in order else len(order), b.organ))
    below = _below(run, day)
    bodies.update({(b.level, b.branch): b for row in below.values() for b in row})
    _do(run, first, last, bodies)
    last_come_to = max((row["day"] for row in understandings if row["day"] <= day), default=None)
    told = [row for row in understandings if row["day"] == last_come_to]
    circle = {
        "since": told[0]["day"] if told else None, "members": [_named(row) for row in told],
        "against": told[0]["against"] if told else None,
    }  # fmt: skip
    head = next((h["name"] for h in holders if h["post"] == "General Secretary"), None)
    return Scene(day, first, last, centre, below, circle, _documented(organs, holders), head)


def _place(key: str | None, branch: str, name: str) -> tuple[Group, str]:
    """The group of a body, and its short name there."""
    for group in GROUPS:
        if key in group.bodies:
            return group, group.bodies[key]
    return next((g for g in GROUPS if branch in g.branches), GROUPS[2]), name


def _state(since: date, until: date | None, day: date) -> str:
    if since > day:
        return "not-yet"
    if until is not None and until <= day:
        return "ended" if (day - until).days <= _RECENT else "gone"
    return "new" if (day - since).days <= _RECENT else "there"


def _heads(post: str) -> bool:
    return post in _HEADS or post.startswith(("head of", "first assistant"))


def _named(row: dict[str, Any]) -> str:
    return row["name"] or f"official no. {row['person']}"


def _documented(organs: list[dict[str, Any]], holders: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The circle of the book whose members sit on that day."""
    sitting = [h for h in holders if h["branch"] == "informal"]
    if not sitting:
        return None
    mine = sitting[-1]["organ"]
    name = next(row["name"] for row in organs if row["organ"] == mine)
    return {"name": name, "members": [_named(h) for h in sitting if h["organ"] == mine]}


def _below(run: Run, day: date) -> dict[str, list[Body]]:
    """Levels below the Centre with their bodies on a day, all of a branch in one."""
    standing = {(row["level"], row["branch"]): row["n"] for row in run.rows(_STANDING, {"day": day})}  # type: ignore[arg-type]
    out = {}
    for level in BELOW:
        row = [Body(COMMITTEES[level], COMMITTEES[level], MIDDLE, None, "", level, "party", standing.get((level, "party"), 0))]
        for branch, name in OFFICES.items():
            if (level, branch) in standing:
                row.append(Body(name, name, OUTER, None, "", level, branch, standing[level, branch]))
        out[level] = row
    return out


def _do(run: Run, first: date, last: date, bodies: dict[Any, Body]) -> None:
    """Fills in what the bodies do between two days."""

    def of(row: dict[str, Any]) -> Body | None:
        return bodies.get(row["organ"] if row["organ"] is not None else (row["level"], row["branch"]))

    for row in run.rows(_DOINGS, [first, last]):
        if (body := of(row)) is not None:
            body.did[row["kind"]] = body.did.get(row["kind"], 0) + row["n"]
            body.acts += row["n"]
    for row in run.rows(_NAMES, [first, last]):
        if (body := of(row)) is None:
            continue
        if row["decision"]:
            body.decisions, body.settled = row["n"], row["masked"]
        else:
            body.signed, body.masked = row["n"], row["masked"]
    for row in run.rows(_SENT, [first, last]):
        if (body := of(row)) is not None:
            body.sent += row["n"] or 0


def months(first: date, last: date) -> list[date]:
    """A day in each month of a span: its middle, kept within the span."""
    out, day = [], first.replace(day=1)
    while day <= last:
        out.append(min(max(day.replace(day=15), first), last))
        day = (day + timedelta(days=32)).replace(day=1)
    return out
