"""The arrays of the officials, the posts and the members, and how they begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import typeof

from drivebelt import draws
from drivebelt import records as r

if TYPE_CHECKING:
    from drivebelt.build import Builder
    from drivebelt.world import People

PERSON_ROW = np.dtype(
    [
        ("regime", "f4"), ("economy", "f4"), ("competence", "f4"), ("roots", "f4"), ("fear", "f4"), ("stake", "f4"),
        ("post", "i4"), ("since", "i4"), ("area", "i4"), ("seniority", "i2"), ("level", "i1"), ("appointed", "i1"),
        ("apparatus", "i1"), ("named", "i1"), ("pad", "i2"),
    ]
)  # fmt: skip
"""One person. `regime` in [-1, 1]: inner-party democracy to apparatus discipline; `economy`: market to command; `stake`: what
the post gives beyond an average wage; `area`: the provincial or regional committee over the post."""

POST_ROW = np.dtype([("organ", "i4"), ("holder", "i4"), ("area", "i4"), ("office", "i2"), ("level", "i1"), ("branch", "i1"),
                     ("listed", "i1"), ("head", "i1"), ("pad", "i2")])  # fmt: skip
"""One post. `office`: which controlling office fills it; `listed`: on the list of posts that the Centre confirms."""

MOVE_ROW = np.dtype(
    [("person", "i4"), ("post", "i4"), ("day", "i4"), ("by", "i4"), ("appointed", "i1"), ("pad", "i1"), ("pad2", "i2")]
)
"""A person enters a post; whoever held it leaves it that day."""

DISSENT_ROW = np.dtype(
    [
        ("grievance", "f4"), ("known_regime", "f4"), ("known_economy", "f4"), ("standing", "f4"), ("wrong", "i4"), ("heard", "i2"),
        ("signed", "i2"), ("charged", "i2"), ("status", "i1"), ("offences", "i1"),
    ]
)  # fmt: skip
"""What a person holds against the leadership and what he has done about it. `known_*`: the course as he knows it; `standing`:
what post and seats gave him last week; `heard`, `signed`, `charged`: the dispute whose text he knows, which he has put his name
to, for which a case against him is pending; `offences`: sanctions so far."""
QUIET, DISSENTS, RECANTED, BOUND, EXPELLED = range(5)
"""Status of a person: silent, openly against, has taken it back, has signed a joint text, put out of the party."""

MOOD_ROW = np.dtype(
    [
        ("heard", "f8"), ("sway", "f8"), ("dread", "f8"), ("supporters", "i4"), ("voted", "i2"), ("defiant", "i1"), ("open", "i1"),
        ("pad", "i4"),
    ]
)  # fmt: skip
"""One area. `heard`: share of members who know of the present dispute; `sway`: what emissaries and instructions add to the
secretary's hold; `dread`: fear of the rank and file from what they saw; `supporters`: members known to have stood for a rival text;
`defiant`: whether the secretary prepares for the rival text."""

DISPUTE_ROW = np.dtype(
    [
        ("author", "i4"), ("day", "i4"), ("matter", "i4"), ("cause", "i4"), ("document", "i4"), ("opened", "i4"), ("ended", "i4"),
        ("signers", "i4"), ("regime", "f4"), ("economy", "f4"), ("row", "i4"), ("stage", "i1"), ("hidden", "i1"), ("tried", "i1"),
        ("provoked", "i1"),
    ]
)  # fmt: skip
"""A statement against the course and what became of it; `regime`, `economy`: its text; `row`: its place among central matters."""
STATED, OPEN, SETTLED, CLOSED, DONE = range(1, 6)
"""Stages of a dispute: stated, under discussion, settled by a joint text, ended with cases pending, over."""
MOST_DISPUTES = 128

OFFICES = (
    "general-secretary",
    "chairman-of-sovnarkom",
    "commissar-of-war",
    "chairman-of-vtssps",
    "chairman-of-vsnkh",
    "chairman-of-ogpu",
)
"""Offices that fill posts. Which fills which is the rule `controls_posts`."""

# Scalars of the state.
MOVES, MEMBERS, CIRCLE_SINCE, CONGRESSES = range(4)
BODIES = ("central-committee", "politburo", "orgburo", "secretariat", "candidates")
"""Rows of `Power.seats`; the first of the Secretariat heads it, `candidates` are those of the Politburo."""
PLACES = 256
"""Most members of an elected body."""
COHORTS = ("old", "civil war", "ordinary", "draft")


class Power(NamedTuple):
    """Everything about people that a run changes. Shapes: persons, patrons, posts, members, areas."""

    persons: npt.NDArray[np.void]
    """PERSON_ROW, (persons,)."""
    ties: npt.NDArray[np.float32]
    """(persons, patrons), in [0, 1]."""
    patrons: npt.NDArray[np.int32]
    """(patrons,) person numbers."""
    posts: npt.NDArray[np.void]
    """POST_ROW, (posts,)."""
    moves: npt.NDArray[np.void]
    """MOVE_ROW; the first count[MOVES] rows are used."""
    views: npt.NDArray[np.float32]
    """(members,) where a member stands on the regime of the party."""
    trust: npt.NDArray[np.float32]
    """(members,) how far a week's cue moves him."""
    home: npt.NDArray[np.int16]
    """(members,) index of his area."""
    cohort: npt.NDArray[np.int8]
    """(members,) index into COHORTS."""
    areas: npt.NDArray[np.int32]
    """(areas,) committees whose secretaries give cues and prepare delegations."""
    course: npt.NDArray[np.float64]
    """(2,) the course of the party on the two axes: it moves only by decisions carried."""
    noes: npt.NDArray[np.float64]
    """(bodies,) share of noes expected of a body: a running mean."""
    circle: npt.NDArray[np.int32]
    """(16,) person numbers of the informal circle, -1 beyond its size."""
    seats: npt.NDArray[np.int32]
    """(len(BODIES), PLACES) person numbers of those elected in the run, -1 beyond them; a body without any keeps its
    documented composition."""
    known: npt.NDArray[np.float64]
    """(1,) the noes expected of a congress when the last one met."""
    dissent: npt.NDArray[np.void]
    """DISSENT_ROW, (persons,)."""
    mood: npt.NDArray[np.void]
    """MOOD_ROW, (areas,)."""
    disputes: npt.NDArray[np.void]
    """DISPUTE_ROW, (MOST_DISPUTES,); those with a stage above 0 have been stated, in this order."""
    crisis: npt.NDArray[np.float64]
    """(3,) how far the course is felt to have failed, in [0, 1]; episode and day of the last failure, -1 for none."""
    lesson: npt.NDArray[np.float64]
    """(2,) share that stood for the last rival text put to a vote, and how fresh that is in memory, in [0, 1]."""
    count: npt.NDArray[np.int64]  # type: ignore[assignment]
    """The scalars named above."""


def _empty() -> Power:
    f4, i4 = np.zeros(0, np.float32), np.zeros(0, np.int32)
    return Power(
        persons=np.zeros(0, PERSON_ROW), ties=np.zeros((0, 0), np.float32), patrons=i4, posts=np.zeros(0, POST_ROW),
        moves=np.zeros(0, MOVE_ROW), views=f4, trust=f4, home=np.zeros(0, np.int16), cohort=np.zeros(0, np.int8), areas=i4,
        course=np.zeros(2), noes=np.zeros(0), circle=i4, seats=np.zeros((0, 0), np.int32),
        known=np.zeros(0), dissent=np.zeros(0, DISSENT_ROW), mood=np.zeros(0, MOOD_ROW),
        disputes=np.zeros(0, DISPUTE_ROW), crisis=np.zeros(0), lesson=np.zeros(0), count=np.zeros(0, np.int64),
    )  # fmt: skip


POWER = typeof(_empty())


def begin(b: Builder, people: People, views: dict[str, Any]) -> Power:
    """The people on the first day: named positions read off their earlier words (with a draw), the others drawn."""
    persons = _persons(b, people, views)
    posts = _posts(b, people)
    areas = np.array(
        [i for i, row in enumerate(b.rows) if row["branch"] == r.PARTY and row["level"] in (r.REGION, r.GUBERNIA)], np.int32
    )
    held = np.flatnonzero(posts["holder"] >= 0)
    holders = posts["holder"][held]
    persons["post"][holders] = held
    persons["level"][holders] = posts["level"][held]
    persons["area"][holders] = posts["area"][held]
    persons["apparatus"][holders] = posts["branch"][held] == r.PARTY
    stake = b.value("stake_of_level")
    persons["stake"] = np.array([stake[level] for level in r.LEVELS], np.float32)[persons["level"]]
    workers = np.array([p.get("worker", False) for p in people.persons])
    persons["stake"][workers] = 0
    patrons = np.array(sorted(people.number[name] for name in views if name in people.number), np.int32)
    n = persons.size
    mean = float(b.value("ties_at_start"))
    u = draws.fractions(b.seed, "ties", np.arange(n * patrons.size)).reshape(n, patrons.size)
    # An exponential cut at one, by a table-free series: -ln(1-u) to fourth order is enough below u = 0.9.
    u = np.minimum(u, 0.9)
    ties = np.minimum(mean * (u + u * u / 2 + u**3 / 3 + u**4 / 4), 1.0).astype(np.float32)
    ties[workers] = 0
    members, most = int(b.value("members_at_start") * b.scale), int(b.value("members_at_most") * b.scale)
    view, trust, home, cohort = _members(b, members, most, areas.size)
    turnover = sum(b.value("turnover").values())
    moves = np.zeros(int(4 * turnover * posts.size * (b.days / 365 + 1)), MOVE_ROW)
    count = np.zeros(4, np.int64)
    count[MEMBERS] = members
    count[CIRCLE_SINCE] = r.NONE
    start = b.value("course_at_start")
    dissent = np.zeros(n, DISSENT_ROW)
    dissent["wrong"] = dissent["heard"] = dissent["signed"] = dissent["charged"] = r.NONE
    dissent["known_regime"], dissent["known_economy"] = start["regime"], start["economy"]
    mood = np.zeros(areas.size, MOOD_ROW)
    mood["voted"] = r.NONE
    return Power(
        persons, ties, patrons, posts, moves, view, trust, home, cohort, areas, np.array([start["regime"], start["economy"]]),
        np.full(len(b.rows), float(b.value("noes_at_start"))), np.full(16, r.NONE, np.int32),
        np.full((len(BODIES), PLACES), r.NONE, np.int32), np.full(1, float(b.value("noes_at_start"))), dissent, mood,
        np.zeros(MOST_DISPUTES, DISPUTE_ROW), np.array([0.0, r.NONE, r.NONE]), np.zeros(2), count,
    )  # fmt: skip


def _normal(b: Builder, n: int, salt: int) -> npt.NDArray[np.float64]:
    return draws.normals(b.seed, draws.STREAMS["views"], np.arange(n), salt)


def _persons(b: Builder, people: People, views: dict[str, Any]) -> npt.NDArray[np.void]:
    n = len(people.persons)
    persons = np.zeros(n, PERSON_ROW)
    mean, spread = b.value("views_mean"), b.value("views_spread")
    for salt, axis in enumerate(("regime", "economy")):
        persons[axis] = np.clip(mean[axis] + spread * _normal(b, n, salt), -1, 1)
    for salt, trait in enumerate(("competence", "roots"), start=2):
        persons[trait] = draws.fractions(b.seed, "views", np.arange(n), salt)
    persons["seniority"] = [p["party_since"] or b.start.year for p in people.persons]
    persons["fear"] = b.value("fear_at_start")
    persons["post"] = r.NONE
    shift = b.value("views_shift")
    for name, where in views.items():
        if name in people.number:
            i = people.number[name]
            persons["named"][i] = 1
            for salt, axis in enumerate(("regime", "economy")):
                off = shift * (2 * float(draws.fractions(b.seed, "views", [i], 4 + salt)[0]) - 1)
                persons[axis][i] = min(1.0, max(-1.0, where[axis] + off))
    return persons


def _posts(b: Builder, people: People) -> npt.NDArray[np.void]:
    posts = np.zeros(len(people.posts), POST_ROW)
    controls = b.value("controls_posts")
    office = {branch: OFFICES.index(name) for branch, name in controls.items()}
    seen: set[int] = set()
    for i, post in enumerate(people.posts):
        row = b.rows[post["organ"]]
        posts[i]["organ"], posts[i]["level"], posts[i]["branch"] = post["organ"], row["level"], row["branch"]
        posts[i]["office"] = office[r.BRANCHES[row["branch"]]]
        posts[i]["listed"] = post["on_nomenklatura"] and row["level"] > r.CENTRE
        posts[i]["head"] = post["organ"] not in seen
        posts[i]["area"] = _area(b, post["organ"])
        seen.add(post["organ"])
    posts["holder"] = r.NONE
    for t in people.tenures:
        if t["from"] <= b.start and (t["to"] is None or t["to"] > b.start):
            posts["holder"][t["post"]] = t["person"]
    return posts


def _area(b: Builder, organ: int) -> int:
    """The provincial or regional committee to which a body belongs, by its territory; NONE at the Centre."""
    row = b.rows[organ]
    while row["level"] > r.GUBERNIA and row["above"] != r.NONE:
        row = b.rows[row["above"]]
    if row["territory"] is None:
        return r.NONE
    return b.of_territory[row["territory"], r.PARTY][0]


def _members(b: Builder, n: int, most: int, areas: int) -> tuple[Any, ...]:
    """Members at the start: their views, trust, home and cohort. Room is made for `most`."""
    view, trust = np.zeros(most, np.float32), np.zeros(most, np.float32)
    home, cohort = np.zeros(most, np.int16), np.zeros(most, np.int8)
    everyone = np.arange(n)
    mean, spread = b.value("views_mean")["regime"], b.value("views_spread")
    view[:n] = np.clip(mean + spread * draws.normals(b.seed, draws.STREAMS["members"], everyone, 0), -1, 1)
    home[:n] = (areas * draws.fractions(b.seed, "members", everyone, 1)).astype(np.int16)
    old, war = b.value("cohorts_at_start")["old"], b.value("cohorts_at_start")["civil_war"]
    u = draws.fractions(b.seed, "members", everyone, 2)
    cohort[:n] = np.where(u < old, 0, np.where(u < old + war, 1, 2))
    base, factor = b.value("trust_a_week"), b.value("trust_of_cohort")
    by_cohort = np.array([factor[name.replace(" ", "_")] for name in COHORTS])
    trust[:n] = base * by_cohort[cohort[:n]] * (0.5 + draws.fractions(b.seed, "members", everyone, 3))
    return view, trust, home, cohort
