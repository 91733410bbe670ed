"""Who sits in the leading bodies: a congress elects the Central Committee from a list, and it elects the others.

The outgoing leadership (the circle, where there is one, else whoever heads the Secretariat) draws up each list from those who sit
there and from officials, by dependence, competence, name and nearness. Members left out stand beside it. Whoever does not get half
of the votes is struck out. A circle that does not contain the head of the Secretariat puts up another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power.slates import best, choose_head, committee_votes, congress_votes, merits
from drivebelt.power.state import BODIES, CONGRESSES, MOVES, PLACES, seat
from drivebelt.power.voting import column_of, mean_view
from drivebelt.world import leaders

if TYPE_CHECKING:
    from drivebelt.world import World

Numbers = npt.NDArray[np.int32]
PROPOSE, ELECT, CALENDAR = (r.ACT[name] for name in ("propose-slate", "elect-body", "calendar"))
SMALLER = (("politburo", r.POLITBURO), ("candidates", r.POLITBURO), ("orgburo", r.ORGBURO), ("secretariat", r.SECRETARIAT))
POSTS = ("politburo-member", "orgburo-member", "secretariat-member", "politburo-candidate")


def step(w: World, day: int, p: Any) -> None:
    """Elections on the day of a congress; on the first of a month the share of seats held as documented."""
    if w.desk.count[d.MONTH_DAY] == 1:
        now, then = leaders.seats(w, r.POLITBURO, day), w.scenario.voters(w, r.POLITBURO, day)
        w.sample("seats-documented", day, "politburo", sum(x in then for x in now) / max(len(now), 1))
    for _, body in w.congresses_on(day):
        if body == r.CONGRESS and p.bodies_elected:
            _elections(w, day, p)


class _Room:
    """What all elections of one congress share."""

    def __init__(self, w: World, day: int, p: Any) -> None:
        power = w.power
        self.w, self.day, self.p = w, day, p
        self.names_count = True
        self.number = int(power.count[CONGRESSES])
        self.head = leaders.secretary_person(w, day)
        self.column = int(column_of(power, self.head))
        circle = leaders.circle(w)
        self.leaders = circle if circle.size else np.array([self.head], np.int32)
        self.author = r.CIRCLE if circle.size else r.SECRETARIAT
        self.view = mean_view(power, self.leaders)
        no = r.NONE
        w.room(acts=1, matters=1)
        self.matter = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("bodies", 0), no, self.author, int(self.leaders[0]))
        self.root = d.act(
            w.desk, day, CALENDAR, self.matter, no, no, r.CONGRESS, no, no, no, no, no, r.OPEN, no, no, 1
        )  # fmt: skip

    def own(self, people: Numbers) -> npt.NDArray[np.float64]:
        """What each can lean on by himself; a body that only works needs no names."""
        return np.array([0.0 if not self.names_count else self.w.resources.get(int(i), 0.0) for i in people])

    def list_of(self, pool: Numbers, sitting: Numbers, places: int) -> tuple[Numbers, npt.NDArray[np.bool_]]:
        """Names put to the vote: the list, then members left out; and which of them are on the list."""
        seated = np.isin(pool, sitting)
        chosen = best(
            merits(self.w.power, pool, self.own(pool), seated.astype(np.float64), self.view[0], self.view[1], self.column, self.p),
            places,
        )
        out = np.flatnonzero(seated & ~np.isin(np.arange(pool.size), chosen))
        names = pool[np.concatenate([chosen, out])]
        return names, np.arange(names.size) < chosen.size

    def propose(self, names: Numbers, body: int) -> int:
        """The list is put in the name of the outgoing committee, whoever drew it up."""
        no = r.NONE
        self.w.room(acts=names.size)
        act = self.root
        for name in names:
            act = d.act(
                self.w.desk, self.day, PROPOSE, self.matter, no, no, self.author, int(self.leaders[0]), body, int(name), r.CC, no,
                r.SECRET, self.root, no, 0,
            )  # fmt: skip
        return act

    def elect(
        self, names: Numbers, votes: npt.NDArray[np.int64], voters: int, places: int, by: int, body: int, cause: int
    ) -> Numbers:
        """The best placed of those with half of the votes; where nobody has, the first of the list, if there is one."""
        order = [j for j in best(votes.astype(np.float64), places) if votes[j] + votes[j] >= voters] or [0][: names.size]
        no = r.NONE
        self.w.room(acts=len(order))
        for j in order:
            d.act(
                self.w.desk, self.day, ELECT, self.matter, no, no, by, no, body, int(names[j]), no, no, r.OPEN, cause,
                int(voters - votes[j]), 1,
            )  # fmt: skip
        return names[order]


def _elections(w: World, day: int, p: Any) -> None:
    power = w.power
    room = _Room(w, day, p)
    first = not leaders.elected(w, "politburo")
    outgoing = _outgoing(w)
    committee = _committee(room, first)
    officials = committee[~np.isin(committee, w.workers)]
    for row, body in SMALLER:
        places = int(
            {"politburo": p.politburo, "candidates": p.candidates, "orgburo": p.orgburo, "secretariat": p.secretariat}[row]
        )
        held = leaders.seats(w, body, day) if row != "candidates" else leaders.candidates(w, day)
        pool = officials if row != "candidates" else officials[~np.isin(officials, leaders.elected(w, "politburo"))]
        if p.seasoned and row in ("politburo", "candidates"):
            pool = pool[np.isin(pool, outgoing) | np.isin(pool, held)]
        if row == "secretariat":
            pool = pool[
                (pool != room.head) & ~np.isin(pool, leaders.elected(w, "politburo")) | np.isin(pool, held) & (pool != room.head)
            ]
            places -= 1
        if row in ("orgburo", "secretariat"):
            pool = pool[(power.persons["apparatus"][pool] == 1) | np.isin(pool, held)]
        if not pool.size:  # nobody else is fit: whoever sits stays, and if nobody does, any of the committee may come in
            pool = np.array(held, np.int32) if held else committee
        room.names_count = row in ("politburo", "candidates")
        names, listed = room.list_of(pool, np.array(held, np.int32), places)
        cause = room.propose(names[listed], body)
        votes = committee_votes(power, w.seed, committee, names, room.own(names), listed, room.number, room.column, p)
        chosen = room.elect(names, votes, committee.size, places, r.CC, body, cause)
        if row == "secretariat":
            chosen = np.append(_head(room, committee), chosen)
            _, where = np.unique(chosen, return_index=True)
            chosen = chosen[np.sort(where)]
            w.desk.organs[r.SECRETARIAT]["head"] = chosen[0]
        seat(power, row, chosen)
    chairman = int(w.desk.organs[r.POLITBURO]["head"])
    if chairman not in leaders.elected(w, "politburo"):
        w.desk.organs[r.POLITBURO]["head"] = leaders.elected(w, "politburo")[0]
    for row, name in zip(BODIES[1:], POSTS, strict=True):
        _take_seats(w, day, name, leaders.elected(w, row), first)
    if int(power.seats[BODIES.index("secretariat")][0]) != room.head or first:
        _take_seats(w, day, "general-secretary", leaders.elected(w, "secretariat")[:1], first)


def _outgoing(w: World) -> list[int]:
    """Members of the Central Committee before the congress."""
    return leaders.elected(w, "central-committee") or [
        w.people.number[x] for x in w.scenario.central_committee if x in w.people.number
    ]


def _committee(room: _Room, first: bool) -> Numbers:
    """The congress elects the Central Committee."""
    w, day, p, power = room.w, room.day, room.p, room.w.power
    sitting = [i for i in _outgoing(w) if w.died.get(i, day + 1) > day and i not in w.workers]
    persons, posts = power.persons, power.posts
    post = np.maximum(persons["post"], 0)
    leading = (posts["head"][post] == 1) & (posts["branch"][post] == r.PARTY) & (persons["level"] <= r.GUBERNIA)
    central = (persons["level"] == r.CENTRE) & (np.arange(persons.size) < len(w.scenario.people["persons"]))
    fit = (persons["post"] != r.NONE) & (leading | central) & (w.date(day).year - persons["seniority"] >= p.years)
    fit[[i for i, on in w.died.items() if on <= day]] = False
    fit[sitting] = True
    pool = np.flatnonzero(fit).astype(np.int32)
    places = min(int(p.committee) or len(sitting), PLACES) if first else len(sitting) + int(p.growth)
    delegates = int(int(power.areas.size) * p.at_least_delegates)
    share = float(power.known[0] + (power.noes[r.CONGRESS] - power.known[0]) / p.learning)
    power.known[0] = power.noes[r.CONGRESS]
    dissenting = int(min(max(share, 0.0), 1.0) * delegates)
    names, listed = room.list_of(pool, np.array(sitting, np.int32), places)
    cause = room.propose(names[listed], r.CC)
    votes = congress_votes(power, w.seed, names, room.own(names), listed, room.number, delegates, dissenting, p)
    on_list = int(np.count_nonzero(listed))
    against = float(int((delegates - votes[listed]).sum())) / max(delegates * on_list, 1)
    w.sample("struck-out", day, "votes against a name", against)
    rejected = int(np.count_nonzero(votes[listed] < delegates - votes[listed]))
    w.sample("struck-out", day, "names of the list", rejected / max(on_list, 1))
    chosen = room.elect(names, votes, delegates, places, r.CONGRESS, r.CC, cause)
    bench = np.array(w.workers[: int(p.workers)], np.int32)
    if bench.size:
        chosen = np.append(
            chosen, room.elect(bench, np.full(bench.size, delegates), delegates, bench.size, r.CONGRESS, r.CC, room.root)
        )
    seat(power, "central-committee", chosen)
    return chosen.astype(np.int32)


def _head(room: _Room, committee: Numbers) -> int:
    """Who heads the Secretariat: the one who does, unless a circle without him carries another in the Central Committee."""
    w, old = room.w, room.head
    others = np.array([i for i in room.leaders if i in committee], np.int32)
    fallen = old not in committee
    no = r.NONE
    if not others.size or (old in room.leaders and not fallen):
        w.room(acts=1)
        d.act(w.desk, room.day, ELECT, room.matter, no, no, r.CC, no, r.SECRETARIAT, old, no, no, r.OPEN, room.root, 0, 1)
        return old
    rival = int(others[int(np.argmin(room.own(others)))])
    cause = room.propose(np.array([rival], np.int32), r.SECRETARIAT)
    votes = choose_head(w.power, w.seed, committee, old, rival, room.number, room.column, room.p)
    won = fallen or votes + votes > committee.size
    w.room(acts=1)
    d.act(
        w.desk, room.day, ELECT, room.matter, no, no, r.CC, no, r.SECRETARIAT, rival if won else old, no, no, r.OPEN, cause,
        int(committee.size - votes if won else votes), 1,
    )  # fmt: skip
    return rival if won else old


def _take_seats(w: World, day: int, name: str, elected: list[int], first: bool) -> None:
    """Tenures of the seats: whoever stays keeps his place; at the first election all begin anew."""
    power, posts = w.power, w.scenario.seats_of.get(name, [])
    held = {} if first else {int(power.posts["holder"][post]): post for post in posts}
    kept = {held[i] for i in elected if i in held}
    new = [i for i in elected if i not in held]
    for post in posts:
        if post in kept:
            continue
        person = new.pop(0) if new else r.NONE
        at = int(power.count[MOVES])
        if at < power.moves.size and (first or person != int(power.posts["holder"][post])):
            row = power.moves[at]
            row["person"], row["post"], row["day"], row["by"], row["appointed"] = person, post, day, r.CC, 0
            power.count[MOVES] = at + 1
            power.posts["holder"][post] = person


MECHANISM = Mechanism(
    name="slates",
    phase="congresses",
    about="A congress elects the Central Committee from the leadership's list; it elects Politburo, Orgburo and Secretariat.",
    section="II.1",
    explains="That the heads of the apparatus keep their places in the elected bodies, without a rival list.",
    emits=("calendar", "propose-slate", "elect-body"),
    step=step,
    reads={
        "bodies_elected": "bodies_elected",
        "committee": "xii_congress_cc_40.cc_members_after",
        "growth": "central_committee_growth",
        "politburo": "politburo_seats",
        "candidates": "candidate_seats",
        "orgburo": "orgburo_seats",
        "secretariat": "secretariat_seats",
        "workers": "workers_elected",
        "seasoned": "politburo_from_outgoing_committee",
        "years": "standing_for_central_committee",
        "at_least_delegates": "delegates_an_area",
        "incumbency": "weight_of_incumbency",
        "competence": "weight_of_competence",
        "obedience": "weight_of_obedience",
        "standing": "weight_of_standing",
        "likeness": "weight_of_likeness",
        "goodwill": "goodwill_to_slate",
        "zeal": "zeal_of_delegates",
        "k": "weight_of_stake",
        "elected": "removability_of_elected",
        "open_vote": "open_vote",
        "tie_weight": "weight_of_ties",
        "fear_weight": "weight_of_fear",
        "rank_fear": "fear_of_rank_and_file",
        "rival": "distance_of_rival_text",
        "noise": "vote_noise",
        "learning": "learning_of_noes",
    },
)
