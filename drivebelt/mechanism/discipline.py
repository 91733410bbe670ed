"""Discipline: what follows a dispute for those who stood by it, and what those who see it fear.

The control commission deals with the named, as many as it can a week, in the name it bears though its verdicts are made in the
Secretariat (`ccc_verdicts_made_in_stalin_office`). Each offence is met one step harder than the last: a warning
(`ban_on_factions`), loss of the post (`organizational_conclusions_for_dissent`), exclusion from a body, which for members of the
Central Committee takes two thirds of it (`clause_seven`), exclusion from the party. Publishing clause seven
(`publish_point7_1924`) and a link made by the police (`ogpu_in_inner_party_struggle`) each add a step.
Whoever fears more than he disagrees takes his view back; his view stays.
In the areas supporters lose their places on the word of committees and police (`dismissal_by_ogpu_and_party_committees`). Every
round raises the fear of those who see it. No rule in force, no sanction.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.disputes import Arena
from drivebelt.power.appointing import leave, move, owe
from drivebelt.power.opposing import against_condemning, approach, gives_in, logarithm, witness
from drivebelt.power.state import BODIES, CLOSED, DONE, EXPELLED, RECANTED, seat, with_room
from drivebelt.world import leaders

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["discipline"]
WARN, DISMISS, EXPEL, RECANT, ARREST, PROVOKE, APPOINT = (
    r.ACT[name] for name in ("warn", "dismiss", "expel", "recant", "arrest", "provoke", "appoint")
)
LADDER = (WARN, DISMISS, EXPEL)
"""Steps in order; EXPEL first from a body, then from the party."""
NO = r.NONE


def step(w: World, day: int, p: Any) -> None:
    """Once a week: cases of the named, supporters in the areas, fear."""
    if w.desk.count[d.MONTH_DAY] == 1:
        persons = w.power.persons
        held = persons["fear"][persons["post"] != NO].tolist()
        w.sample("fear", day, "officials", fsum(held) / max(len(held), 1))
    if w.desk.count[d.WEEKDAY] != 0:
        return
    mood = w.power.mood
    mood["dread"] *= p.fear_keeps
    for number in np.flatnonzero(w.power.disputes["stage"] == CLOSED).tolist():
        arena = Arena(w, day, p)
        _provocation(arena, number)
        _cases(arena, number)
        _in_the_areas(arena, number)
        pending = bool((w.power.dissent["charged"] == number).any())
        if not pending and day - int(w.power.disputes["ended"][number]) >= p.pursuit * r.DAYS_PER_WEEK:
            w.power.disputes["stage"][number] = DONE
            mood["supporters"] = 0


def _provocation(a: Arena, number: int) -> None:
    """The police make a link between dissenters and enemies; a dispute so compromised is punished one step harder."""
    dispute = a.w.power.disputes[number]
    if a.p.police and not dispute["provoked"] and draws.uniform(a.w.seed, STREAM, number, a.week) < a.p.provocation:
        dispute["provoked"] = 1
        a.act(number, PROVOKE, r.OGPU, NO, r.CCC, NO, grade=r.STRICTLY_SECRET, recorded=0)


def _cases(a: Arena, number: int) -> None:
    """Some take their view back; the others' cases are heard, the highest first, as many as the commission manages."""
    w, p = a.w, a.p
    w.power = power = with_room(w.power, int(p.cases) + 1)
    c = power.dissent
    charged = np.flatnonzero(c["charged"] == number)
    for i in charged[gives_in(power, charged, number, a.column, p)].tolist():
        a.act(number, RECANT, a.works_in(i), i, r.CCC, NO)
        c["status"][i], c["charged"][i] = RECANTED, NO
    charged = charged[c["charged"][charged] == number]
    stood = np.flatnonzero(c["signed"] == number)
    order = charged[np.lexsort((charged, power.persons["level"][charged]))][: int(p.cases)]
    punished = [i for i in order.tolist() if _sanction(a, number, i)]
    c["charged"][order] = NO
    for i in punished:
        power.persons["fear"][i] += (1.0 - power.persons["fear"][i]) * p.sanction
    if p.sight > 0:
        witness(power, a.places, np.array(punished, np.int64), stood, p)


def _sanction(a: Arena, number: int, i: int) -> bool:
    """The step that the offences so far call for, as far as the rules in force go; whether there was any."""
    p, power = a.p, a.w.power
    c = power.dissent[i]
    last = len(LADDER)
    degree = min(int(c["offences"]) + int(p.published > 0) + int(power.disputes["provoked"][number]), last)
    while degree >= 0:
        done = (
            (degree == last and p.ban > 0 and _put_out(a, number, i))
            or (1 < degree < last and p.clause > 0 and _off_the_bodies(a, number, i))
            or (degree == 1 and p.conclusions > 0 and _off_the_post(a, number, i))
        )  # fmt: skip
        if not done and degree == 0 and p.ban > 0:
            _verdict(a, number, WARN, i, NO, NO)
            done = True
        if done:
            c["offences"] += 1
            return True
        degree -= 1
    return False


def _verdict(a: Arena, number: int, kind: int, i: int, organ: int, amount: int) -> int:
    """A sanction is the commission's in name."""
    actor = r.SECRETARIAT if a.p.verdicts else r.CCC
    return a.act(number, kind, actor, a.head if a.p.verdicts else NO, organ, amount, to=i, name=r.CCC if a.p.verdicts else NO)


def _off_the_post(a: Arena, number: int, i: int) -> bool:
    """Out of his post: an official of the list changes places with one a level lower elsewhere, one of the Centre has none left."""
    w, power = a.w, a.w.power
    persons, posts = power.persons, power.posts
    post = int(persons["post"][i])
    if post == NO or int(posts["organ"][post]) in (r.CC, r.POLITBURO, r.ORGBURO):
        return False
    organ = int(posts["organ"][post])
    below = np.flatnonzero(
        (posts["listed"] == 1) & (posts["level"] == posts["level"][post] + 1) & (posts["branch"] == posts["branch"][post])
        & (posts["area"] != posts["area"][post]) & (posts["holder"] != NO)
    )  # fmt: skip
    verdict = _verdict(a, number, DISMISS, i, organ, NO)
    if a.p.from_above and posts["listed"][post] and below.size:
        other = int(below[draws.below(w.seed, STREAM, i, draws.key(number, r.CCC), below.size)])
        comes = int(posts["holder"][other])
        for person, to in ((comes, post), (i, other)):
            move(power, person, to, a.day, r.SECRETARIAT, 1)
            a.act(number, APPOINT, r.SECRETARIAT, a.head, int(posts["organ"][to]), NO, to=person, cause=verdict)
            persons["stake"][person] = w.power.stakes[persons["level"][person], posts["head"][to]]
            persons["area"][person] = posts["area"][to]
            persons["roots"][person] *= a.p.uprooted
            if posts["head"][to]:
                w.desk.organs[int(posts["organ"][to])]["head"] = person
        owe(power, comes, a.column, a.p.tie_gain)
        return True
    _vacate(w, i, post, a.day)
    return True


def _vacate(w: World, i: int, post: int, day: int) -> None:
    """He leaves his post; a deputy of the same body comes to its head."""
    power, posts = w.power, w.power.posts
    leave(power, i, day)
    organ = int(posts["organ"][post])
    if w.desk.organs[organ]["head"] == i:
        others = posts["holder"][(posts["organ"] == organ) & (posts["holder"] != NO) & (posts["holder"] != i)]
        w.desk.organs[organ]["head"] = int(others[0]) if others.size else NO


def _off_the_bodies(a: Arena, number: int, i: int) -> bool:
    """Out of the leading bodies, where the share that clause seven asks for votes for it."""
    w, p, power = a.w, a.p, a.w.power
    bodies = [name for name in BODIES if i in leaders.elected(w, name)]
    others = a.committee[a.committee != i]
    if not bodies or others.size == 0:
        return False
    against = int(np.count_nonzero(against_condemning(power, w.seed, number, others, a.column, p)))
    if others.size - against < p.clause * others.size:
        return False
    politburo = "politburo" in bodies
    _verdict(a, number, EXPEL, i, r.POLITBURO if politburo else r.CC, against)
    _unseat(w, "politburo" if politburo else bodies[-1], i)
    return True


def _unseat(w: World, body: str, i: int) -> None:
    """His place in an elected body falls away."""
    seat(w.power, body, [person for person in leaders.elected(w, body) if person != i])


def _put_out(a: Arena, number: int, i: int) -> bool:
    """Out of the party: no post, no seat. A member of the Central Committee cannot be put out before he has lost his seat."""
    w, power = a.w, a.w.power
    if i in leaders.elected(w, "central-committee") and not _off_the_bodies(a, number, i):
        return False
    _verdict(a, number, EXPEL, i, NO, NO)
    post = int(power.persons["post"][i])
    if post != NO:
        _vacate(w, i, post, a.day)
    for name in BODIES:
        _unseat(w, name, i)
    power.dissent["status"][i], power.persons["gone"][i] = EXPELLED, 1
    return True


def _in_the_areas(a: Arena, number: int) -> None:
    """Known supporters lose their places, so many a week in an area; of those the police send some away."""
    w, p, power = a.w, a.p, a.w.power
    if p.dismissals <= 0:
        return
    mood = power.mood
    luck = draws.uniforms(w.seed, STREAM, power.areas.astype(np.int64), draws.key(number, a.week))
    cases = np.minimum((p.local_cases + luck).astype(np.int64), mood["supporters"])
    sent = (cases * p.sent_away + draws.uniforms(w.seed, STREAM, power.areas.astype(np.int64), draws.key(a.week, number))).astype(
        np.int64
    )
    for area in np.flatnonzero(cases > 0).tolist():
        organ, n = int(power.areas[area]), int(cases[area])
        seen = p.sight * logarithm(n) * n / int(mood["supporters"][area])
        mood["dread"][area] += (1.0 - mood["dread"][area]) * float(approach(np.array([seen]))[0])
        mood["supporters"][area] -= n
        a.act(number, DISMISS, organ, int(w.desk.organs[organ]["head"]), organ, n)
        if p.police and sent[area]:
            a.act(number, ARREST, r.OGPU, NO, organ, min(int(sent[area]), n), recorded=1)


MECHANISM = Mechanism(
    name="discipline",
    phase="sittings and polls",
    about="Those who stood by a statement are warned, dismissed or expelled, or take their view back; others see it and fear.",
    section="II.4",
    emits=("warn", "dismiss", "expel", "recant", "arrest", "provoke", "appoint"),
    step=step,
    reads={
        "ban": "ban_on_factions",
        "published": "publish_point7_1924",
        "from_above": "appointments_from_above",
        "conclusions": "organizational_conclusions_for_dissent",
        "clause": "clause_seven.votes_share",
        "verdicts": "ccc_verdicts_made_in_stalin_office",
        "police": "ogpu_in_inner_party_struggle",
        "dismissals": "dismissal_by_ogpu_and_party_committees",
        "cases": "cases_a_week",
        "local_cases": "local_cases_a_week",
        "sent_away": "share_sent_away",
        "pursuit": "pursuit_of_supporters",
        "provocation": "provocation_a_week",
        "sanction": "fear_from_sanction",
        "sight": "fear_from_sight",
        "elsewhere": "fear_elsewhere",
        "company": "comfort_of_company",
        "pride": "weight_of_pride",
        "dull": "economy_without_crisis",
        "blame": "blame_of_failure",
        "fear_keeps": "fear_kept_a_week",
        "tie_gain": "tie_gain",
        "uprooted": "roots_kept_on_transfer",
        "k": "weight_of_stake",
        "elected": "removability_of_elected",
        "tie_weight": "weight_of_ties",
        "fear_weight": "weight_of_fear",
        "open_vote": "open_vote",
        "least_noes": "least_noes",
        "noise": "vote_noise",
    },
)
