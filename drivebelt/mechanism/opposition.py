"""Opposition: who states a view against the course, and who joins him.

A member of the leading bodies bears a grudge when he is outvoted, when a matter comes to his body settled by others, and when he
loses a post or seat; it fades. He speaks when his distance from the course as he knows it and that grievance, times the support he
expects of those he sits with, outweigh the risk of an open statement and what unity asks (`ban_on_factions`, clause seven published
as `publish_point7_1924`, a joint text once signed: `signature_binds_against_comment`). A failure of the course in the economy makes
distance on the economy count. Kept out, he asks for inner-party democracy. Others sign as they come to know the text, not before.
Nobody is named here, and no year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.disputes import Arena
from drivebelt.mechanism.matters import DROPPED
from drivebelt.power.disputes import live_dispute
from drivebelt.power.opposing import STATEMENT_RULES, hope, joiners, speaker, told
from drivebelt.power.state import BOUND, CRISIS_DAY, CRISIS_EPISODE, DISSENTS, FAILURE, STATED
from drivebelt.world import leaders

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["opposition"]
CALENDAR, OPEN_MATTER, ISSUE, STATE, SIGN, DECIDE, POLL, CAST = (
    r.ACT[name] for name in ("calendar", "open-matter", "issue", "state-view", "sign", "decide", "poll", "vote")
)
LETTER = r.DOCUMENT["letter"]
NO = r.NONE


def step(w: World, day: int, p: Any) -> None:
    """Daily: failures of the course, lost votes. Weekly: grievance, statements, signatures."""
    _failures(w, day, p)
    _overruled(w, day, p)
    if w.desk.count[d.WEEKDAY] != r.DAYS_PER_WEEK - 1:
        return
    arena = Arena(w, day, p)
    _brood(arena)
    number = live_dispute(w.power)
    if number == NO:
        number = _speak(arena)
    if number != NO:
        _spread(arena, number)


def _failures(w: World, day: int, p: Any) -> None:
    """Outside events on the economy make the course look wrong, for a time; whoever stands above the leaders and is heard of again,
    though away, may yet be turned to."""
    crisis = w.power.crisis
    crisis[FAILURE] *= p.crisis_keeps
    for event in w.events_on(day):
        if event.person in w.people.number and w.people.number[event.person] == Arena(w, day, p).arbiter():
            w.power.recourse[0] = 1.0
        weight = event.severity * (1.0 - float(p.regime[r.DOMAIN[event.domain]]))
        if p.regime[r.DOMAIN[event.domain]] < p.economic:
            crisis[FAILURE] += (1.0 - crisis[FAILURE]) * weight
            crisis[CRISIS_EPISODE] = w.scenario.episode_number(event.episode if event.disputed else None)
            crisis[CRISIS_DAY] = day
            live = live_dispute(w.power)
            if live != NO and event.disputed:
                w.desk.central["episode"][int(w.power.disputes["row"][live])] = int(crisis[CRISIS_EPISODE])


def _overruled(w: World, day: int, p: Any) -> None:
    """Members of the Politburo who are outvoted, and those to whom a matter comes that a circle without them has settled."""
    rows, first = w.acts_of()
    carried = np.flatnonzero(((rows["kind"] == DECIDE) | (rows["kind"] == POLL)) & (rows["in_name_of"] == r.POLITBURO))
    if carried.size == 0:
        return
    votes = rows[(rows["kind"] == CAST) & (rows["actor_organ"] == r.POLITBURO)]
    settled = rows[carried]["matter"][rows[carried]["actor_organ"] == r.CIRCLE]
    circle = leaders.circle(w)
    lost = votes["actor_person"][(votes["amount"] & 1 == 1) & np.isin(votes["matter"], rows[carried]["matter"])]
    passed_by = votes["actor_person"][np.isin(votes["matter"], settled)]
    passed_by = np.append(passed_by, np.repeat(np.array(leaders.candidates(w, day), np.int32), settled.size))
    passed_by = passed_by[~np.isin(passed_by, circle)]
    people = np.unique(np.append(lost, passed_by))
    by = p.lost * np.bincount(people.searchsorted(lost), minlength=people.size)
    by += p.passed_by * np.bincount(people.searchsorted(passed_by), minlength=people.size)
    _hold_against(w, people, by, first + int(carried[-1]))


def _hold_against(w: World, people: npt.NDArray[np.integer[Any]], by: npt.NDArray[np.float64], act: int) -> None:
    c = w.power.dissent
    held = c["grievance"][people]
    c["grievance"][people] = held + ((1.0 - held) * np.minimum(by, 1.0)).astype(np.float32)
    if act != NO:
        c["wrong"][people[by > 0.0]] = act


def _brood(a: Arena) -> None:
    """A week: grievance fades, the loss of posts and seats adds to it, and people see something of where the course has gone."""
    w, p, c = a.w, a.p, a.w.power.dissent
    persons = w.power.persons
    standing = np.where(persons["post"] != NO, persons["stake"], 0.0).astype(np.float64)
    for people, weight in ((a.committee, p.seat_committee), (np.array(leaders.candidates(w, a.day), np.int64), p.seat_candidate),
                           (np.array(leaders.seats(w, r.POLITBURO, a.day), np.int64), p.seat_politburo)):  # fmt: skip
        standing[people] = np.maximum(standing[people], weight)
    c["grievance"] *= p.grievance_keeps
    w.power.lesson[1] *= p.lesson_keeps
    if a.week > 0:
        worse = np.flatnonzero(standing < c["standing"])
        _hold_against(w, worse, p.loss * (c["standing"][worse] - standing[worse]), NO)
    c["standing"] = standing
    who = a.arbiter()
    away = who == NO or who in a.silent
    w.power.recourse[0] = w.power.recourse[0] * p.recourse_keeps if away else 1.0
    seen = np.where(a.places == 0, p.course_seen, p.course_seen * p.course_seen)
    c["known_regime"] += (seen * (_in_practice(w, p) - c["known_regime"])).astype(np.float32)
    c["known_economy"] += (seen * (w.power.course[1] - c["known_economy"])).astype(np.float32)


def _in_practice(w: World, p: Any) -> float:
    """Where the regime of the party stands as it is lived: the course, and towards discipline by the share of secretaries who were
    put in from above into posts that were elected."""
    posts, persons = w.power.posts, w.power.persons
    held = (posts["branch"] == r.PARTY) & (posts["head"] == 1) & (posts["level"] > r.CENTRE) & (posts["level"] < r.VOLOST)
    heads = posts["holder"][held & (posts["holder"] != NO)]
    share = int(np.count_nonzero(persons["appointed"][heads])) / max(heads.size, 1)
    course = float(w.power.course[0])
    return course + p.practice * share * (1.0 - course)


def _speak(a: Arena) -> int:
    """One states his view in a letter to the Central Committee, in his own name."""
    w, p, day, power = a.w, a.p, a.day, a.w.power
    i, text = speaker(power, w.seed, a.people, a.hearing(a.people), a.leaders, a.silent, a.column, p)
    number = int(np.count_nonzero(power.disputes["stage"]))
    if i == NO or number >= power.disputes.size:
        return NO
    c = power.dissent[i]
    organ = a.works_in(i)
    w.room(acts=4, documents=1, copies=1, matters=1, slots=1, central=1)
    k = w.desk
    about = d.matter(k, day, r.DOMAIN["opposition"], w.scenario.subjects.index("statement of members"), NO, organ, i)
    key = draws.key(i, number)
    wrong = int(c["wrong"])
    opened = d.act(k, day, OPEN_MATTER if wrong != NO else CALENDAR, about, NO, NO, organ, i, NO, NO, NO, NO, NO, wrong, NO, 1)
    wording = draws.bits(w.seed, STREAM, key, 0)
    doc = d.document(k, day, LETTER, organ, r.SECRET_REGISTER, organ, about, r.SECRET, NO, 1, wording)
    issued = d.act(k, day, ISSUE, about, doc, 0, organ, i, r.CC, NO, organ, r.COURIER_A, r.SECRET, opened, 1, 1)
    slot = d.copy(k, doc, 0, r.BUREAU, NO, organ, about, key, issued, organ, r.COURIER_A, r.SECRET, d.FILE, 1)
    k.pool[slot]["key"], k.pool[slot]["wording"] = draws.key(key, LETTER), wording
    d.push(k, d.BY_COURIER, day, slot)
    stated = d.act(k, day, STATE, about, doc, 0, organ, i, r.CC, NO, NO, NO, r.SECRET, issued, NO, 1)
    row = int(k.count[d.CENTRAL_MATTERS])
    k.count[d.CENTRAL_MATTERS] += 1
    m = k.central[row]
    m["key"], m["matter"], m["opened"], m["since"], m["cause"] = key, about, day, day, stated
    m["stage"], m["proposer"] = DROPPED, organ
    for name in ("author", "body", "target", "document", "reported"):
        m[name] = NO
    m["domain"], m["category"], m["form"], m["grade"] = r.DOMAIN["opposition"], NO, NO, r.SECRET
    recent = power.crisis[CRISIS_EPISODE] != NO and day - power.crisis[CRISIS_DAY] <= p.counted
    m["episode"] = int(power.crisis[CRISIS_EPISODE]) if recent else NO
    s = power.disputes[number]
    s["author"], s["day"], s["matter"], s["cause"], s["document"], s["opened"], s["ended"] = i, day, about, stated, doc, NO, NO
    s["signers"], s["regime"], s["economy"], s["row"], s["stage"] = 1, *text, row, STATED
    if c["status"] == BOUND and p.binds:
        c["offences"] += 1
    power.dissent["heard"][a.committee] = number
    c["heard"], c["signed"], c["status"] = number, number, DISSENTS
    for name in ("heard", "sway", "defiant", "open"):
        power.mood[name] = 0
    return number


def _spread(a: Arena, number: int) -> None:
    """Those who know tell others; those who agree sign."""
    w, p, power = a.w, a.p, a.w.power
    dispute = power.disputes[number]
    power.dissent["heard"][told(power, w.seed, number, a.week, a.places, p.talk)] = number
    author = int(dispute["author"])
    hoped = hope(power, w.seed, author, a.people, (float(dispute["regime"]), float(dispute["economy"])), p)
    names = a.people[power.dissent["signed"][a.people] == number]
    heard = max([*a.hearing(names).tolist(), p.least_hearing])
    for i in joiners(power, w.seed, number, hoped, heard, a.leaders, a.silent, a.column, p).tolist():
        a.act(number, SIGN, a.works_in(i), i, r.CC, NO, document=int(dispute["document"]))
        c = power.dissent[i]
        if c["status"] == BOUND and p.binds:
            c["offences"] += 1
        c["signed"], c["status"] = number, DISSENTS
        dispute["signers"] += 1


MECHANISM = Mechanism(
    name="opposition",
    phase="sittings and polls",
    about="Those kept out or outvoted state a view against the course; those who know the text and agree sign it.",
    section="II.4",
    emits=("calendar", "open-matter", "issue", "state-view", "sign"),
    step=step,
    reads={
        **STATEMENT_RULES,
        "crisis_keeps": "failure_kept_a_day",
        "economic": "economic_domain",
        "regime": "domain_regime[domains]",
        "counted": "crisis_counted",
        "lost": "grievance_of_lost_vote",
        "passed_by": "grievance_of_passed_by",
        "loss": "grievance_of_loss",
        "lesson_keeps": "lesson_kept_a_week",
        "grievance_keeps": "grievance_kept_a_week",
        "seat_politburo": "standing_of_seats.politburo",
        "seat_candidate": "standing_of_seats.candidate",
        "seat_committee": "standing_of_seats.committee",
        "recourse_keeps": "recourse_kept_a_week",
        "practice": "weight_of_practice",
        "course_seen": "course_seen_a_week",
        "drafts": "drafts_of_a_text",
        "talk": "talk_of_a_text",
    },
)
