"""What the mechanisms of opposition share: who is who in a dispute this week, and how an act of it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.power.opposing import heard_openly
from drivebelt.power.state import CLOSED, DISSENTS, EXPELLED
from drivebelt.power.voting import column_of
from drivebelt.world import leaders, provinces

if TYPE_CHECKING:
    from drivebelt.world import World

NO = r.NONE


class Arena:
    """Who is who this week."""

    def __init__(self, w: World, day: int, p: Any) -> None:
        self.w, self.day, self.p = w, day, p
        self.week = day // r.DAYS_PER_WEEK
        power = w.power
        self.dead = np.array([i for i, on in w.died.items() if on <= day], np.int64)
        seats = [leaders.seats(w, r.POLITBURO, day), leaders.candidates(w, day), leaders.committee(w, day)]
        central = np.flatnonzero(
            (power.persons["level"] == r.CENTRE) & (power.persons["post"] != NO) | (power.persons["named"] == 1)
        )
        known = np.unique(np.concatenate([central, *(np.array(s, np.int64) for s in seats)]))
        self.people = known[~np.isin(known, self.dead) & (power.dissent["status"][known] != EXPELLED)]
        self.committee = np.array([i for i in seats[-1] if i not in self.dead], np.int64)
        self.head = leaders.secretary_person(w, day)
        self.column = int(column_of(power, self.head))
        circle = leaders.circle(w)
        self.leaders = np.append(circle, self.head).astype(np.int64)
        self.silent = np.append(self.dead, np.array(leaders.absent(w, day), np.int64))
        """Those who cannot speak: the dead, and those who are away by illness."""
        self.author = r.CIRCLE if circle.size else r.SECRETARIAT
        self.spokesman = int(circle[0]) if circle.size else self.head
        self.places = provinces.places(w)
        self.fame = {int(i): w.resources.get(int(i), 0.0) for i in self.people}

    def hearing(self, people: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.float64]:
        """How far each is listened to in the open."""
        power = self.w.power
        lean = np.array([self.fame.get(int(i), 0.0) for i in people])
        return heard_openly(lean, float(power.recourse[0]) * self.fame.get(self.arbiter(), 0.0), self.p)

    def arbiter(self) -> int:
        """Whoever of the Politburo can lean on more than the leaders together and has never spoken against the course, or NONE: one
        can turn to him in private, and he himself need not write to the committee."""
        signed = self.w.power.dissent["signed"]
        missing = 1.0
        for i in np.unique(self.leaders).tolist():
            missing *= 1.0 - self.fame.get(i, 0.0)
        seats = [i for i in leaders.seats(self.w, r.POLITBURO, self.day) if i not in self.leaders and signed[i] == NO]
        best = max(seats, key=lambda i: (self.fame.get(i, 0.0), -i), default=NO)
        return best if self.fame.get(best, 0.0) > 1.0 - missing else NO

    def works_in(self, i: int) -> int:
        """The body a person works in; the Central Committee for who has no post, or only a place in an informal circle, which has
        no desk to write from."""
        post = int(self.w.power.persons["post"][i])
        organ = int(self.w.power.posts["organ"][post]) if post != NO else r.CC
        return r.CC if self.w.desk.organs["branch"][organ] == r.INFORMAL else organ

    def act(self, number: int, kind: int, actor: int, person: int, target: int, amount: int, **more: int) -> int:
        """One act of a dispute, brought about by the last."""
        dispute = self.w.power.disputes[number]
        self.w.room(acts=1)
        return d.act(
            self.w.desk, self.day, kind, int(dispute["matter"]), more.get("document", NO), NO, actor, person, target,
            more.get("to", NO), more.get("name", NO), more.get("channel", NO), more.get("grade", r.SECRET),
            more.get("cause", int(dispute["cause"])), amount, more.get("recorded", 1),
        )  # fmt: skip

    def signers(self, number: int) -> npt.NDArray[np.int64]:
        """Those of the leading bodies whose names stand under a text."""
        c = self.w.power.dissent
        return self.people[(c["signed"][self.people] == number) & (c["status"][self.people] == DISSENTS)]


def end(w: World, day: int, number: int, cause: int) -> None:
    """The dispute is over; cases are pending against those who stood by it."""
    power = w.power
    dispute = power.disputes[number]
    dispute["stage"], dispute["ended"] = CLOSED, day
    if cause != NO:
        dispute["cause"] = cause
    for name in ("sway", "defiant", "open"):
        power.mood[name] = 0
    named = (power.dissent["signed"] == number) & (power.dissent["status"] == DISSENTS)
    power.dissent["charged"][named] = number
