"""Discussion: what those who lead do about a statement, and how the areas of the party vote on it.

They have it condemned by a plenum, which withholds the text (`plenum_condemns_and_hides_texts`, `secretariat_bans_articles`); then
bargain for a joint text that binds who signs it, wait, or open a discussion when refusing costs more than the votes they expect to
lose. In a discussion the paper, whose editors the Central Committee appoints (`cc_appoints_central_press_editors`), paints the
text (`pravda_discussion_filter`), emissaries go where the worst is expected
(`emissaries_orient_local_committees`), entrants of the drafts drown speakers (`claque_shouts_down_opposition`), areas vote, and
mandates that went wrong are annulled (`reelection_under_cc_representatives`, `delegates_paid_responsible_and_loyal`); what that
adds to the hold of secretaries is read by the next congress, whose vote ends the dispute. Without leave from above
(`decision_ends_discussion`) only a secretary who defies it lets his area vote; talk spreads where signers live until cells need
leave of their committee for it (`discussion_only_with_committee_permission`).
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.disputes import Arena, end
from drivebelt.power.delegates import HELD, HOLD_RULES, RIVAL, holds_below, levels_below
from drivebelt.power.discussing import (
    FREE_RIVAL_VOTES,
    FREE_VOTERS,
    RIVAL_VOTES,
    VOTERS,
    at_conference,
    count_votes,
    members_votes,
    stance,
)
from drivebelt.power.disputes import live_dispute
from drivebelt.power.opposing import STATEMENT_RULES, against_condemning, cost, distance, hope, logarithm
from drivebelt.power.state import BOUND, DISSENTS, DONE, FAILURE, OPEN, QUIET, SETTLED, STATED
from drivebelt.world import provinces

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["opposition"]
LEAVE, CLOSE, ANNUL, EMISSARY, LOCAL, CONDEMN, CONVENE, AGREE, RESOLVE = (
    r.ACT[name]
    for name in (
        "open-discussion", "close-discussion", "annul-mandate", "send-emissary", "local-vote", "condemn", "convene", "agree",
        "resolve",
    )
)  # fmt: skip
NO = r.NONE


def step(w: World, day: int, p: Any) -> None:
    """A congress ends a dispute on its day; once a week the leadership weighs what to do, and areas vote."""
    number = live_dispute(w.power)
    if number == NO:
        return
    if w.congresses_on(day) and w.power.disputes["stage"][number] == OPEN:
        _congress_ends(w, day, number, p)
    elif w.desk.count[d.WEEKDAY] == r.DAYS_PER_WEEK - 1:
        _respond(Arena(w, day, p), number)


def _respond(a: Arena, number: int) -> None:
    """What those who lead do about it this week."""
    w, p, power, day = a.w, a.p, a.w.power, a.day
    dispute = power.disputes[number]
    heads = w.desk.organs["head"][power.areas].astype(np.int64)
    side = stance(power, heads, (float(dispute["regime"]), float(dispute["economy"])), _leaders_at_home(a, number), a.column, p)
    aware = (heads != NO) & (power.dissent["heard"][np.maximum(heads, 0)] == number)
    if dispute["stage"] == STATED:
        if dispute["hidden"] == 0 and p.ends and day - int(dispute["day"]) >= p.plenum:
            _condemn(a, number)
            return
        if dispute["hidden"] or not p.ends:
            clamour, loss = _clamour(a, number), _expected_loss(a, number, side)
            reluctance = p.dislike * (1.0 + p.laughed_down * float(p.no_return > 0)) + loss
            if not p.ends or clamour > reluctance:
                _open(a, number, side)
            elif clamour + clamour > reluctance and not dispute["tried"] and _joint_text(a, number):
                return
            elif day - int(dispute["day"]) >= p.patience * r.DAYS_PER_WEEK:
                end(w, day, number, NO)
                return
    leave = dispute["stage"] == OPEN
    power.mood["open"] = np.where(leave | ((side < 0.0) & aware), 1, power.mood["open"])
    _talk(a, number)
    _areas_vote(a, number, side, heads)
    if leave and day - int(dispute["opened"]) >= p.term * r.DAYS_PER_WEEK:
        dispute["cause"] = a.act(number, CLOSE, a.author, a.spokesman, r.CC, NO, name=r.POLITBURO, grade=r.OPEN)
        power.emissary[:] = NO
        end(w, day, number, NO)


def _leaders_at_home(a: Arena, number: int) -> npt.NDArray[np.float64]:
    """What the strongest signer whose post is in an area can lean on, shape (areas,)."""
    power = a.w.power
    out = np.zeros(power.areas.size)
    for i in a.signers(number):
        place = int(a.places[i]) - 1
        if a.places[i] > 0:
            out[place] = max(out[place], a.fame[int(i)])
    return out


def _clamour(a: Arena, number: int) -> float:
    """What refusing costs: the names under the statement, what they can lean on, and the failure they point to, as far as members
    have heard of them where they are talked of most."""
    power = a.w.power
    names = a.signers(number)
    fame = fsum(a.fame[int(i)] for i in names) / max(fsum(a.fame.values()), 1.0)
    return fame + names.size / max(a.people.size, 1) + a.p.failure * float(power.crisis[FAILURE]) * float(power.mood["heard"].max())


def _expected_loss(a: Arena, number: int, side: npt.NDArray[np.float64]) -> float:
    """The square of the share of areas whose secretaries are thought to stand for the text, each judged with a lasting error: what
    there is to lose grows faster than the share."""
    error = a.p.error * draws.normals(a.w.seed, STREAM, a.w.power.areas.astype(np.int64), number)
    share = float(np.count_nonzero(side + error < 0.0)) / max(side.size, 1)
    return share * share


def _condemn(a: Arena, number: int) -> None:
    """A plenum votes on the statement; if it is not condemned, its text is carried."""
    w, p, power = a.w, a.p, a.w.power
    dispute = power.disputes[number]
    people = a.committee
    against = int(np.count_nonzero(against_condemning(power, w.seed, number, people, a.column, p)))
    masked = a.author == r.CIRCLE
    dispute["cause"] = a.act(number, CONDEMN, a.author if masked else r.CC, a.spokesman, r.CC, against, name=r.CC)
    power.noes[r.CC] += p.learning * (against / max(people.size, 1) - power.noes[r.CC])
    power.lesson[:] = against / max(people.size, 1), 1.0
    if against + against > people.size:
        _move_course(a, (float(dispute["regime"]), float(dispute["economy"])))
        dispute["stage"], dispute["ended"] = DONE, a.day
        return
    dispute["hidden"] = 1 + int(p.hides > 0 or p.bans > 0)


def _move_course(a: Arena, text: tuple[float, float]) -> None:
    """A text that is carried draws the course towards it."""
    course = a.w.power.course
    course += a.p.course_weight * (np.array(text) - course)


def _joint_text(a: Arena, number: int) -> bool:
    """Bargaining for unanimity: a text so far towards his own that its author would rather sign it than go on alone."""
    w, p, power = a.w, a.p, a.w.power
    dispute = power.disputes[number]
    dispute["tried"] = 1
    i = int(dispute["author"])
    c = power.dissent[i]
    if c["status"] != DISSENTS:
        return False
    before = c.copy()
    joint = (
        float(power.course[0] + p.concession * (dispute["regime"] - power.course[0])),
        float(power.course[1] + p.concession * (dispute["economy"] - power.course[1])),
    )
    c["known_regime"], c["known_economy"] = joint
    c["grievance"] *= 1.0 - p.appeased
    one = np.array([i])
    hoped = hope(power, w.seed, i, a.people, (float(dispute["regime"]), float(dispute["economy"])), p)
    want = float((distance(power, one, p) + c["grievance"])[0] * hoped * a.hearing(one)[0])
    if want > float(cost(power, w.seed, one, a.column, hoped, int(dispute["signers"]), p)[0]):
        power.dissent[i] = before
        return False
    agreed = a.act(number, AGREE, a.author, a.spokesman, NO, NO, to=i, channel=r.ORAL, recorded=0)
    dispute["cause"] = a.act(
        number, RESOLVE, a.author, a.spokesman, r.CC, 0, name=r.POLITBURO, cause=agreed, grade=r.OPEN
    )  # fmt: skip
    _move_course(a, joint)
    known = power.dissent["heard"] == number
    power.dissent["known_regime"][known], power.dissent["known_economy"][known] = joint
    signed = (power.dissent["signed"] == number) & (power.dissent["status"] == DISSENTS)
    power.dissent["status"][signed] = QUIET
    c["status"] = BOUND
    dispute["stage"], dispute["ended"] = SETTLED, a.day
    return True


def _open(a: Arena, number: int, side: npt.NDArray[np.float64]) -> None:
    """The discussion is sanctioned from above; emissaries go where the worst is expected, all secretaries are instructed."""
    w, p, power = a.w, a.p, a.w.power
    dispute = power.disputes[number]
    dispute["stage"], dispute["opened"] = OPEN, a.day
    dispute["cause"] = a.act(number, LEAVE, a.author, a.spokesman, r.CC, int(dispute["signers"]), name=r.POLITBURO, grade=r.OPEN)
    if p.emissaries <= 0:
        return
    error = p.error * draws.normals(w.seed, STREAM, power.areas.astype(np.int64), number)
    worst = np.argsort(np.where(provinces.areas_open(w, a.day), side + error, float(r.PERCENT)), kind="stable")[: int(p.emissaries)]
    loyal = a.committee[(power.dissent["status"][a.committee] == QUIET) & (a.committee != a.head)]
    if loyal.size == 0:
        return
    order = loyal[np.argsort(draws.uniforms(w.seed, STREAM, loyal, draws.key(number, r.SECRETARIAT)), kind="stable")]
    for n, area in enumerate(worst.tolist()):
        a.act(number, EMISSARY, r.SECRETARIAT, a.head, int(power.areas[area]), NO, to=int(order[n % order.size]))
        power.emissary[area] = order[n % order.size]


def _talk(a: Arena, number: int) -> None:
    """Members hear of the dispute: from each other, from signers at home, and where it is reported from the paper."""
    w, p, power = a.w, a.p, a.w.power
    dispute, mood = power.disputes[number], power.mood
    signed = a.places[power.dissent["signed"] == number]
    home = np.bincount(np.maximum(np.where(signed == 0, provinces.capital(w) + 1, signed), 0), minlength=mood.size + 1)
    rate = p.talk_of_members + p.talk_of_signers * np.array([logarithm(int(n)) for n in home[1:]])
    if dispute["stage"] == OPEN:
        rate = rate + p.readers * p.paper
    spreads = mood["open"] == 1
    if p.permission <= 0:  # cells may debate without leave of their committee
        spreads |= home[1:] > 0
    mood["heard"] += np.where(spreads, (1.0 - mood["heard"]) * np.minimum(rate, 1.0), 0.0)


def _areas_vote(a: Arena, number: int, side: npt.NDArray[np.float64], heads: npt.NDArray[np.int64]) -> None:
    """Conferences of the areas whose turn it is: all of them before a congress, else by their own calendars."""
    w, p, power, day = a.w, a.p, a.w.power, a.day
    dispute, mood = power.disputes[number], power.mood
    wait = p.first_vote + (p.last_vote - p.first_vote) * draws.uniforms(w.seed, STREAM, power.areas.astype(np.int64), number)
    began = int(dispute["opened"]) if dispute["opened"] != NO else int(dispute["day"])
    due = (day - began >= wait * r.DAYS_PER_WEEK) | (w.next_congress(day) - day <= r.DAYS_PER_WEEK)
    voting = due & provinces.areas_open(w, day) & (mood["open"] == 1) & (mood["voted"] != number)
    if not voting.any():
        return
    cue = (side >= 0.0) | (power.dissent["heard"][np.maximum(heads, 0)] != number)
    fear = p.rank_fear + mood["dread"]
    drowned = p.drowned if p.claque > 0 else 0.0
    found = members_votes(
        power, w.seed, number, voting, mood["heard"], drowned, cue, float(power.course[0]),
        float(dispute["regime"]), fear, power.noes[power.areas], _reach(p),
        float(p.open_vote), p.slant if p.filtered > 0 and p.editors > 0 else 0.0, p,
    )  # fmt: skip
    here = provinces.capital(w)
    for scope, votes, members in (
        ("all", found[RIVAL_VOTES].sum(), found[VOTERS].sum()),
        ("capital", found[RIVAL_VOTES, here], found[VOTERS, here]),
        ("out of reach, in the capital", found[FREE_RIVAL_VOTES, here], found[FREE_VOTERS, here]),
    ):
        if members > 0:
            w.sample("cells-for-rival", day, scope, int(votes) / int(members))
    stages = _stages(a, number)
    rival, every = 0, 0
    for area in np.flatnonzero(voting).tolist():
        if found[VOTERS, area] == 0:
            continue
        organ, secretary = int(power.areas[area]), int(heads[area])
        share = at_conference(found[RIVAL_VOTES, area] / found[VOTERS, area], [(x[area, HELD], x[area, RIVAL]) for x in stages])
        delegates = max(int(found[VOTERS, area] / w.scenario_scale / p.members_a_local_delegate), 1)
        votes = count_votes(w.seed, number, area, share, delegates)
        called = a.act(number, CONVENE, organ, secretary, organ, delegates, grade=r.OPEN)
        voted = a.act(number, LOCAL, organ, secretary, r.CC, votes, grade=r.OPEN, cause=called)
        mood["voted"][area], mood["supporters"][area] = number, int(found[RIVAL_VOTES, area] / w.scenario_scale)
        mood["defiant"][area] = not cue[area]
        power.noes[organ] += p.learning * (votes / delegates - power.noes[organ])
        rival, every = rival + votes, every + delegates
        if not cue[area]:
            power.dissent["signed"][secretary], power.dissent["status"][secretary] = number, DISSENTS
        elif votes and (p.instruction or p.reelection):
            a.act(number, ANNUL, r.SECRETARIAT, a.head, organ, votes, cause=voted)
            mood["sway"][area] += p.second_election
    power.lesson[:] = rival / max(every, 1), 1.0


def _reach(p: Any) -> npt.NDArray[np.float64]:
    """How far place and bread of a member are in the hands of the committee of his area, by class, soldiers last: students were out
    of its reach until their stipends came to hang on their votes."""
    reach = np.append(p.reach, p.reach_soldiers)
    if p.stipends > 0:
        reach[r.OTHER] = max(reach[r.OTHER], reach[r.EMPLOYEE])
    return reach


def _stages(a: Arena, number: int) -> list[npt.NDArray[np.float64]]:
    """The stages under the conference of a province, cell and district: each has the hold of its own secretaries, of whom those who
    know of the dispute may be for the rival text."""
    power, dispute, p = a.w.power, a.w.power.disputes[number], a.p
    text, home = (float(dispute["regime"]), float(dispute["economy"])), _leaders_at_home(a, number)
    out = []
    for level in levels_below(int(p.stages)):
        people, area_of = provinces.secretaries(a.w, level, a.day)
        side = stance(power, people, text, home[area_of], a.column, p)
        aware = (power.dissent["heard"][people] == number) | (dispute["stage"] == OPEN)
        rivals = ((side < 0.0) & aware).astype(np.float64)
        out.append(holds_below(power, people, area_of, rivals, level == r.UEZD, a.column, a.day, p))
    return out


def _congress_ends(w: World, day: int, number: int, p: Any) -> None:
    """A congress or conference has voted between the course and the text: the discussion is over."""
    rows, first = w.acts_of()
    resolved = np.flatnonzero(rows["kind"] == RESOLVE)
    delegates = rows["amount"][(rows["kind"] == CONVENE) & (rows["actor_organ"] == r.CC)]
    dispute = w.power.disputes[number]
    if resolved.size == 0 or delegates.size == 0:
        return
    act = int(resolved[-1])
    against = int(rows["amount"][act])
    w.room(acts=1)
    dispute["cause"] = d.act(
        w.desk, day, CLOSE, int(dispute["matter"]), NO, NO, int(rows["actor_organ"][act]), NO, r.CC, NO, NO, NO, r.OPEN,
        first + act, against, 1,
    )  # fmt: skip
    if against + against > int(delegates[-1]):
        dispute["stage"], dispute["ended"] = DONE, day
        w.power.mood["sway"] = 0.0
        return
    end(w, day, number, first + act)


MECHANISM = Mechanism(
    name="discussion",
    phase="sittings and polls",
    about="The leadership condemns, bargains, refuses or opens a discussion; areas vote between the course and the text.",
    section="I.3",
    emits=(
        "open-discussion",
        "close-discussion",
        "annul-mandate",
        "send-emissary",
        "local-vote",
        "condemn",
        "convene",
        "agree",
        "resolve",
    ),
    step=step,
    reads={
        **HOLD_RULES,
        **STATEMENT_RULES,
        "ends": "decision_ends_discussion",
        "plenum": "emergency_plenum",
        "hides": "plenum_condemns_and_hides_texts",
        "bans": "secretariat_bans_articles",
        "no_return": "no_return_to_discussion",
        "emissaries": "emissaries_orient_local_committees.emissaries_named",
        "permission": "discussion_only_with_committee_permission",
        "editors": "cc_appoints_central_press_editors",
        "filtered": "pravda_discussion_filter",
        "claque": "claque_shouts_down_opposition",
        "instruction": "delegates_paid_responsible_and_loyal",
        "reelection": "reelection_under_cc_representatives",
        "dislike": "dislike_of_discussion",
        "laughed_down": "weight_of_no_return",
        "failure": "weight_of_failure",
        "patience": "patience_of_leadership",
        "concession": "most_concession",
        "appeased": "appeased_by_joint_text",
        "home_bond": "bond_to_leader_at_home",
        "term": "term_of_discussion",
        "reach": "reach_of_committee[classes]",
        "reach_soldiers": "reach_of_committee.soldier",
        "stipends": "students_lose_stipend_for_vote",
        "talk_of_members": "talk_of_members",
        "talk_of_signers": "talk_of_signers",
        "readers": "readers_of_paper",
        "paper": "paper_tells",
        "slant": "slant_of_paper",
        "drowned": "drowned_by_claque",
        "first_vote": "local_votes_begin",
        "last_vote": "local_votes_end",
        "members_a_local_delegate": "members_a_local_delegate",
        "second_election": "hold_of_second_election",
        "course_weight": "course_weight_of_resolution",
        "tie_weight": "weight_of_ties",
        "rank_fear": "fear_of_rank_and_file",
        "noise": "vote_noise",
        "learning": "learning_of_noes",
    },
)
