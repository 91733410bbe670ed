"""How the areas of the party hear of a statement and vote on it.

The paper, whose editors the Central Committee appoints (`cc_appoints_central_press_editors`), paints the text
(`pravda_discussion_filter`), entrants of the drafts drown speakers (`claque_shouts_down_opposition`), and mandates that went wrong
are annulled (`reelection_under_cc_representatives`, `delegates_paid_responsible_and_loyal`); what that adds to the hold of
secretaries is read by the next congress. Without leave from above (`decision_ends_discussion`) only a secretary who defies it lets
his area vote; talk spreads where signers live until cells need leave of their committee for it
(`discussion_only_with_committee_permission`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism.disputes import NO, Arena
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
from drivebelt.power.opposing import logarithm
from drivebelt.power.state import DISSENTS, OPEN
from drivebelt.world import provinces

STREAM = draws.STREAMS["opposition"]
ANNUL, CONVENE, LOCAL = (r.ACT[name] for name in ("annul-mandate", "convene", "local-vote"))


def leaders_at_home(a: Arena, number: int) -> npt.NDArray[np.float64]:
    """What the strongest signer whose post is in an area can lean on, shape (areas,)."""
    power = a.w.power
    out = np.zeros(power.areas.size)
    for i in a.signers(number):
        place = int(a.places[i]) - 1
        if a.places[i] > 0:
            out[place] = max(out[place], a.fame[int(i)])
    return out


def spread_talk(a: Arena, number: int) -> None:
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


def areas_vote(a: Arena, number: int, side: npt.NDArray[np.float64], heads: npt.NDArray[np.int64]) -> None:
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
    text, home = (float(dispute["regime"]), float(dispute["economy"])), leaders_at_home(a, number)
    out = []
    for level in levels_below(int(p.stages)):
        people, area_of = provinces.secretaries(a.w, level, a.day)
        side = stance(power, people, text, home[area_of], a.column, p)
        aware = (power.dissent["heard"][people] == number) | (dispute["stage"] == OPEN)
        rivals = ((side < 0.0) & aware).astype(np.float64)
        out.append(holds_below(power, people, area_of, rivals, level == r.UEZD, a.column, a.day, p.only(HOLD_RULES)))
    return out
