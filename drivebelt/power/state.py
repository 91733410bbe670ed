"""The arrays of the officials, the posts and the members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import records as r
from drivebelt.compilation.byref import Table, reference
from drivebelt.power import knowing

if TYPE_CHECKING:
    pass

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
