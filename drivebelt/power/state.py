"""The arrays of the officials, the posts and the members, and how they begin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation.byref import Table, reference
from drivebelt.power import knowing

if TYPE_CHECKING:
    from drivebelt.building.builder import Builder
    from drivebelt.world.parts import People

PERSON_ROW = np.dtype(
    [
        ("regime", "f4"), ("economy", "f4"), ("competence", "f4"), ("roots", "f4"), ("fear", "f4"), ("stake", "f4"),
        ("walks", "f4"), ("file", "f4"), ("post", "i4"), ("since", "i4"), ("area", "i4"), ("patron", "i4"), ("seniority", "i2"),
        ("level", "i1"), ("branch", "i1"), ("appointed", "i1"), ("apparatus", "i1"), ("named", "i1"), ("gone", "i1"),
    ]
)  # fmt: skip
"""One person. `regime` in [-1, 1]: inner-party democracy to apparatus discipline; `economy`: market to command; `stake`: what
the post gives beyond an average wage; `area`: the provincial or regional committee over the post; `patron`: the local secretary
under whom he walks, `walks` how far; `file`: how much of him the department's file tells; `level`, `branch`: of his last post,
where he has none; `since`: the day he came into his post, or came forward; `named`: documented, so that his posts are; `gone`:
dead, or never an official."""

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
FAILURE, CRISIS_EPISODE, CRISIS_DAY = range(3)
"""Places of `Power.crisis`."""

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
COHORTS = r.COHORTS

CANDIDATE, GONE, SEASONED, BENCH, RED_ARMY, TRAINED, ENTITLED = (1 << bit for bit in range(7))
"""Marks of a member: still a candidate; no longer in the party; ten years in large industry; a worker from the bench; a soldier;
has passed a course; may vote for delegates without being a full member."""
EPOCH = 1880 * r.MONTHS_PER_YEAR
"""Months of entry are counted from here."""


class Power(Table):
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
    klass: npt.NDArray[np.int8]
    """(members,) index into records.CLASSES."""
    literacy: npt.NDArray[np.int8]
    """(members,) index into records.LITERACY."""
    marks: npt.NDArray[np.int8]
    """(members,) the marks named above, added up."""
    joined: npt.NDArray[np.int16]
    """(members,) month of entry, counted from EPOCH."""
    name: npt.NDArray[np.int32]
    """(members,) the key of a member, from which his draws are made: by what he is, not by his place in the list."""
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
    people: npt.NDArray[np.float64]
    """(areas, places) share of the country's townspeople and villagers who live in an area."""
    willing: npt.NDArray[np.float64]
    """(areas, classes) people who would join if it were made easy."""
    cells: npt.NDArray[np.int64]
    """(areas, places) cells, those of workshops among them."""
    cell_size: npt.NDArray[np.float32]
    """(organs,) members of a cell that stands in the world as a body; 0 for other bodies."""
    put_out: npt.NDArray[np.float64]
    """(areas,) members put out of the party of late: it fades."""
    convicted: npt.NDArray[np.int64]
    """(areas,) members whom a court has convicted and the committee has not yet excluded."""
    stakes: npt.NDArray[np.float64]
    """(levels, 2) what a post gives beyond an average wage, for those under the head of a body and for the head."""
    known: npt.NDArray[np.float64]
    """(1,) the noes expected of a congress when the last one met."""
    hold_added: npt.NDArray[np.float64]
    """(areas,) what is added to a secretary's hold on the next choice of delegates."""
    emissary: npt.NDArray[np.int32]
    """(areas,) person number of the emissary of the Centre at the conference, or NONE."""
    led: npt.NDArray[np.int8]
    """(patrons,) 1 for a patron who has headed the Secretariat in the run."""
    held_matters: npt.NDArray[np.void]
    """knowing.HELD_ROW, (held,): the matters of the Centre of which it is still kept who knows what, a row each."""
    bodies_know: npt.NDArray[np.int8]
    """(held, upper bodies) depth at which each body down to the district knows a matter, 0 nothing to 4 motive; the bit
    knowing.CITED marks a state body that named the party in its own act."""
    lower_know: npt.NDArray[np.int8]
    """(held that go below the district, lower bodies) the same for volosts and cells; `held_matters.lower` gives the row."""
    persons_know: npt.NDArray[np.int8]
    """(held, named persons) what each named person knows of a matter himself: what he read, heard, voted on or was told.
    `knowing.row_of(power, matter)` is the row; a vote of one below 4 has no motive to go by, one below 3 no text."""
    tongues: npt.NDArray[np.float32]
    """(talked of, areas) share of an area's officials who know the content of a matter and may talk."""
    fresh: npt.NDArray[np.float32]
    """(talked of, areas) share of an area's members to whom it was read out at a closed meeting since the last week."""
    posted: npt.NDArray[np.float32]
    """(talked of, areas) share of an area that was shown an open act of the state about it since the last week."""
    members_know: npt.NDArray[np.float32]
    """(talked of, areas, groups, depths) share of each group that knows a matter at depth 1, 2, 3 or deeper; the groups are the
    cohorts of members and, last, the public outside the party."""
    layers_told: npt.NDArray[np.int32]
    """(talked of, members | public, depths, persons | act): how many the acts say to have learnt, and the act that began it."""
    membership: npt.NDArray[np.float64]
    """(areas, groups) persons."""
    information: npt.NDArray[np.float64]
    """(areas,) how much of the weighty decisions of the last months the members of an area know beyond the public version: the mean
    of the shares that know that something was decided and what."""
    hearing: npt.NDArray[np.float64]
    """(areas,) what is left of a member's trust in cues once he has information of his own; 1 where he knows nothing."""
    dissent: npt.NDArray[np.void]
    """DISSENT_ROW, (persons,)."""
    mood: npt.NDArray[np.void]
    """MOOD_ROW, (areas,)."""
    disputes: npt.NDArray[np.void]
    """DISPUTE_ROW, (MOST_DISPUTES,); those with a stage above 0 have been stated, in this order."""
    crisis: npt.NDArray[np.float64]
    """(3,) how far the course is felt to have failed, in [0, 1]; episode and day of the last failure, -1 for none."""
    recourse: npt.NDArray[np.float64]
    """(1,) how far it is still expected that one who stands above the leaders will take part again, in [0, 1]."""
    lesson: npt.NDArray[np.float64]
    """(2,) share that stood for the last rival text put to a vote, and how fresh that is in memory, in [0, 1]."""
    count: npt.NDArray[np.int64]
    """The scalars named above."""


_F4, _I4 = np.zeros(0, np.float32), np.zeros(0, np.int32)
POWER = reference(
    Power,
    persons=np.zeros(0, PERSON_ROW), ties=np.zeros((0, 0), np.float32), patrons=_I4, posts=np.zeros(0, POST_ROW),
    moves=np.zeros(0, MOVE_ROW), views=_F4, trust=_F4, home=np.zeros(0, np.int16), cohort=np.zeros(0, np.int8),
    klass=np.zeros(0, np.int8), literacy=np.zeros(0, np.int8), marks=np.zeros(0, np.int8), joined=np.zeros(0, np.int16),
    name=_I4, people=np.zeros((0, 0)), willing=np.zeros((0, 0)),
    cells=np.zeros((0, 0), np.int64), cell_size=_F4, put_out=np.zeros(0), convicted=np.zeros(0, np.int64),
    stakes=np.zeros((0, 0)), areas=_I4, course=np.zeros(2), noes=np.zeros(0), circle=_I4, seats=np.zeros((0, 0), np.int32),
    known=np.zeros(0), hold_added=np.zeros(0), emissary=_I4, led=np.zeros(0, np.int8), **knowing.empty(),
    dissent=np.zeros(0, DISSENT_ROW), mood=np.zeros(0, MOOD_ROW), disputes=np.zeros(0, DISPUTE_ROW), crisis=np.zeros(0),
    recourse=np.zeros(0), lesson=np.zeros(0), count=np.zeros(0, np.int64),
)  # fmt: skip


def unsound(w: Power) -> str:
    """What is wrong with the state, in words; nothing where it is sound."""
    off = [float(x) for x in w.course if not -1.0 <= x <= 1.0]  # also where it is no number
    return f"the course of the party stands at {off[0]}, outside -1 to 1" if off else ""


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
    persons["branch"][holders] = posts["branch"][held]
    for t in people.tenures:
        if posts["holder"][t["post"]] == t["person"] and posts["level"][t["post"]] > r.CENTRE:
            persons["appointed"][t["person"]] = t["by_appointment"]
    _waiting(b, people, persons, posts)
    _files(b, persons, posts, held)
    workers = np.array([p.get("worker", False) for p in people.persons])
    patrons = np.array(sorted(people.number[name] for name in views if name in people.number), np.int32)
    ties = ties_at_start(b.seed, float(b.value("ties_at_start")), persons.size, patrons.size, workers)
    from drivebelt.power.members_start import members

    moves = np.zeros(posts.size, MOVE_ROW)
    count = np.zeros(4, np.int64)
    count[MEMBERS] = int(b.value("members_at_start") * b.scale)
    count[CIRCLE_SINCE] = r.NONE
    start = b.value("course_at_start")
    dissent = np.zeros(persons.size, DISSENT_ROW)
    dissent["wrong"] = dissent["heard"] = dissent["signed"] = dissent["charged"] = r.NONE
    dissent["known_regime"], dissent["known_economy"] = start["regime"], start["economy"]
    mood = np.zeros(areas.size, MOOD_ROW)
    mood["voted"] = r.NONE
    return Power(
        persons=persons, ties=ties, patrons=patrons, posts=posts, moves=moves, areas=areas,
        course=np.array([start["regime"], start["economy"]], np.float64),
        noes=np.full(len(b.rows), float(b.value("noes_at_start"))),
        circle=np.full(16, r.NONE, np.int32), seats=np.full((len(BODIES), PLACES), r.NONE, np.int32),
        known=np.full(1, float(b.value("noes_at_start"))), hold_added=np.zeros(areas.size),
        emissary=np.full(areas.size, r.NONE, np.int32), led=np.zeros(patrons.size, np.int8), count=count,
        dissent=dissent, mood=mood, disputes=np.zeros(MOST_DISPUTES, DISPUTE_ROW), crisis=np.array([0.0, r.NONE, r.NONE]),
        recourse=np.ones(1), lesson=np.zeros(2),
        **knowing.begin(b, len(b.scenario.people["persons"]), areas.size), **members(b, areas),
    )  # fmt: skip


def ties_at_start(
    seed: int, mean: float, persons: int, patrons: int, workers: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float32]:  # fmt: skip
    """Ties of persons to patrons on the first day, (persons, patrons): exponential; workers of the bench have none."""
    u = draws.fractions(seed, "ties", np.arange(persons * patrons)).reshape(persons, patrons)
    # An exponential cut at one, by a table-free series: -ln(1-u) to fourth order is enough below u = 0.9.
    u = np.minimum(u, 0.9)
    ties = np.minimum(mean * (u + u * u / 2 + u**3 / 3 + u**4 / 4), 1.0).astype(np.float32)
    ties[workers] = 0
    return ties


def seat(power: Power, body: str, people: Sequence[int] | npt.NDArray[np.integer[Any]]) -> None:
    """Those who hold the places of an elected body from now on, the first PLACES of them."""
    seats = power.seats[BODIES.index(body)]
    seats[:] = r.NONE
    seats[: min(len(people), PLACES)] = people[:PLACES]


def with_room(power: Power, vacancies: int) -> Power:
    """The same state with room for the moves that so many vacancies bring about: each may pull along another."""
    moves = 6 * vacancies + PLACES
    if power.count[MOVES] + moves <= power.moves.size:
        return power
    wider = np.zeros(2 * (power.moves.size + moves), MOVE_ROW)
    wider[: power.moves.size] = power.moves
    return power.replaced(moves=wider)


def _waiting(b: Builder, people: People, persons: npt.NDArray[np.void], posts: npt.NDArray[np.void]) -> None:
    """Those without a post: the reserve stands by from the first day, others come forward one after the other."""
    of = np.array([p.get("comes", r.NONE) for p in people.persons])
    waiting = np.flatnonzero(of >= 0)
    persons["gone"] = persons["post"] == r.NONE
    persons["gone"][waiting] = 0
    persons["since"][waiting] = of[waiting]
    outside = np.flatnonzero((posts["level"] > r.CENTRE) & (posts["level"] < r.VOLOST))
    like = outside[(outside.size * draws.fractions(b.seed, "exits", waiting, 1)).astype(np.int64)]
    persons["branch"][waiting], persons["level"][waiting] = posts["branch"][like], posts["level"][like]
    persons["area"][waiting] = posts["area"][like]
    persons["patron"] = r.NONE


def _files(b: Builder, persons: npt.NDArray[np.void], posts: npt.NDArray[np.void], held: npt.NDArray[np.int64]) -> None:
    """Cards of the documented number of officials on record, from the highest posts of the party down."""
    order = held[np.lexsort((held, posts["level"][held], posts["branch"][held]))]
    order = order[posts["level"][order] < r.VOLOST]
    known = posts["holder"][order[: int(b.value("uchraspred_scope_1921")["workers_on_record"])]]
    persons["file"][known] = b.value("file_on_record")


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
    persons["named"] = [p["name"] is not None for p in people.persons]
    shift = b.value("views_shift")
    for name, where in views.items():
        if name in people.number:
            i = people.number[name]
            for salt, axis in enumerate(("regime", "economy")):
                off = shift * (2 * float(draws.fractions(b.seed, "views", [i], 4 + salt)[0]) - 1)
                persons[axis][i] = min(1.0, max(-1.0, where[axis] + off))
    return persons


def _posts(b: Builder, people: People) -> npt.NDArray[np.void]:
    posts = np.zeros(len(people.posts), POST_ROW)
    office = {name: OFFICES.index(officer) for name, officer in b.value("controls_posts").items()}
    organs = [post["organ"] for post in people.posts]
    rows = [b.rows[organ] for organ in organs]
    areas = {organ: _area(b, organ) for organ in set(organs)}
    posts["organ"] = organs
    posts["level"] = [row["level"] for row in rows]
    posts["branch"] = [row["branch"] for row in rows]
    posts["office"] = [office[r.BRANCHES[row["branch"]]] for row in rows]
    posts["area"] = [areas[organ] for organ in organs]
    posts["head"][np.unique(posts["organ"], return_index=True)[1]] = 1
    holder = [r.NONE] * len(organs)
    for t in people.tenures:
        if t["from"] <= b.start and (t["to"] is None or t["to"] > b.start):
            holder[t["post"]] = t["person"]
    posts["holder"] = holder
    return posts


def _area(b: Builder, organ: int) -> int:
    """The provincial or regional committee to which a body belongs, by its territory; NONE at the Centre."""
    row = b.rows[organ]
    while row["level"] > r.GUBERNIA and row["above"] != r.NONE:
        row = b.rows[row["above"]]
    if row["territory"] is None:
        return r.NONE
    return b.of_territory[row["territory"], r.PARTY][0]
