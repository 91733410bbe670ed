"""The officials and posts of the first day, and with them all that a run changes about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt import records as r
from drivebelt.power import knowing
from drivebelt.power.members_start import members
from drivebelt.power.state import (
    BODIES,
    CIRCLE_SINCE,
    DISPUTE_ROW,
    DISSENT_ROW,
    MEMBERS,
    MOOD_ROW,
    MOST_DISPUTES,
    MOVE_ROW,
    OFFICES,
    PERSON_ROW,
    PLACES,
    POST_ROW,
    Power,
)  # fmt: skip

if TYPE_CHECKING:
    from drivebelt.building.builder import Builder
    from drivebelt.world.parts import People


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
