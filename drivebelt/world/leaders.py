"""Who sits in the leading bodies on a day, who votes, who is away, and who heads the offices that fill posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from drivebelt import records as r
from drivebelt.power.state import BODIES, EXPELLED, OFFICES
from drivebelt.power.voting import column_of
from drivebelt.world.parts import NEVER

if TYPE_CHECKING:
    from drivebelt.world import World


def circle(w: World) -> npt.NDArray[np.int32]:
    """Person numbers of the informal circle; none where there is none."""
    return w.power.circle[w.power.circle != r.NONE]


def voters(w: World, body: int, day: int) -> npt.NDArray[np.int32]:
    """Person numbers of those who vote in a body on this day: its members less those who are ill."""
    away = absent(w, day)
    present = [person for person in seats(w, body, day) if person not in away]
    return np.array(present or [int(w.desk.organs["head"][body])], np.int32)


def seats(w: World, body: int, day: int) -> list[int]:
    """Living members of a body: those elected in the run, before the first election those documented."""
    name = r.CENTRAL_ORGANS[body]
    held = elected(w, name) or w.scenario.voters(w, body, day)
    return [person for person in held if w.died.get(person, NEVER) > day and not expelled(w, person)]


def expelled(w: World, person: int) -> bool:
    """Whether somebody has been put out of the party."""
    return bool(w.power.dissent["status"][person] == EXPELLED)


def elected(w: World, body: str) -> list[int]:
    """Person numbers of those elected to a body in the run, in the order of their votes; none before an election."""
    if body not in BODIES:
        return []
    row = w.power.seats[BODIES.index(body)]
    return [int(person) for person in row[row != r.NONE]]


def candidates(w: World, day: int) -> list[int]:
    """Living candidates of the Politburo, and whoever heads the Central Control Commission: no vote, but a say."""
    on = w.date(day)
    held = w.scenario.posts_of.get("politburo-candidate", [])
    named = [person for start, end, person in held if start <= on and (end is None or on < end)]
    here = [*(elected(w, "candidates") if elected(w, "politburo") else named), holder(w, "chairman-of-ccc", day)]
    members = seats(w, r.POLITBURO, day)
    here = [p for p in here if p != r.NONE and p not in members and not expelled(w, p)]
    return sorted({p for p in here if w.died.get(p, NEVER) > day})


def committee(w: World, day: int) -> list[int]:
    """Living members of the Central Committee: those elected in the run, before it those of the first day."""
    if elected(w, "central-committee"):
        return seats(w, r.CC, day)
    number = w.people.number
    here = {number[name] for name in w.scenario.central_committee if name in number} | set(seats(w, r.CC, day))
    return sorted(p for p in here if w.died.get(p, NEVER) > day and not expelled(w, p))


def counted(w: World, who: int) -> bool:
    """Whether what this person knows is kept for him by himself: he is named."""
    return 0 <= who < w.power.persons_know.shape[1]


def bench(w: World, most: int) -> npt.NDArray[np.int32]:
    """Worker members of the Central Committee present at a sitting, at most so many."""
    seated = elected(w, "central-committee") if most > 0 else []
    return np.array([person for person in w.workers if person in seated][:most], np.int32)


def absent(w: World, day: int) -> list[int]:
    """Person numbers of living members of the Politburo who cannot take part."""
    named = [str(name).removeprefix("person:") for name in w.rules.value("leader_absences", w.date(day)) or ()]
    away = [w.people.number[name] for name in named if name in w.people.number]
    return [person for person in away if w.died.get(person, NEVER) > day]


def secretary_person(w: World, day: int) -> int:
    """Person number of whoever heads the Secretariat: by rule where one names him, else by his tenure."""
    named = w.rules.value("head_of_secretariat", w.date(day))
    if named:
        return w.people.number[str(named).removeprefix("person:")]
    chosen = elected(w, "secretariat")
    return chosen[0] if chosen else holder(w, "general-secretary", day)


def secretary(w: World, day: int) -> int:
    """His column among the patrons, or NONE."""
    return int(column_of(w.power, secretary_person(w, day)))


def patrons_of_offices(w: World, day: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Person number and column of the holder of each controlling office."""
    people = [secretary_person(w, day) if name == OFFICES[0] else holder(w, name, day) for name in OFFICES]
    return np.array(people, np.int32), np.array([column_of(w.power, person) for person in people], np.int32)


def travelling(w: World, day: int) -> list[int]:
    """Members of the Central Committee who can travel: elected, or before that documented; not workers from the bench."""
    known = [w.people.number[x] for x in w.scenario.central_committee if x in w.people.number]
    away = absent(w, day)
    members = elected(w, "central-committee") or known
    able = [i for i in members if i not in away and i not in w.workers and not expelled(w, i)]
    return [i for i in able if w.died.get(i, NEVER) > day]


def preparer(w: World, body: int, day: int, divided: bool) -> int:
    """The secretary who prepares the questions of a body: by division of duties, before it the first assistant."""
    if divided:
        person = w.scenario.duty(w.rules, r.CENTRAL_ORGANS[body], w.date(day))
        if person in w.people.number:
            return w.people.number[person]
    return int(w.desk.organs["head"][r.BUREAU])


def holder(w: World, post: str, day: int) -> int:
    """Who holds a named post of the Centre on this day, or NONE."""
    return w.scenario.holder(w, post, day)
