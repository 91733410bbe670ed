"""Discussion: what those who lead do about a statement, week by week, until a congress ends the dispute.

They have it condemned by a plenum; then bargain for a joint text, wait, or open a discussion when refusing costs more than the
votes they expect to lose (`responses`). In a discussion areas vote (`local_votes`); what that adds to the hold of secretaries is
read by the next congress, whose vote ends the dispute.
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
from drivebelt.mechanism.disputes import NO, Arena, end
from drivebelt.mechanism.local_votes import areas_vote, leaders_at_home, spread_talk
from drivebelt.mechanism.responses import condemn, joint_text, open_discussion
from drivebelt.power.delegates import HOLD_RULES
from drivebelt.power.discussing import stance
from drivebelt.power.disputes import live_dispute
from drivebelt.power.opposing import STATEMENT_RULES
from drivebelt.power.state import DONE, FAILURE, OPEN, STATED

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["opposition"]
CLOSE, CONVENE, RESOLVE = (r.ACT[name] for name in ("close-discussion", "convene", "resolve"))


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
    side = stance(power, heads, (float(dispute["regime"]), float(dispute["economy"])), leaders_at_home(a, number), a.column, p)
    aware = (heads != NO) & (power.dissent["heard"][np.maximum(heads, 0)] == number)
    if dispute["stage"] == STATED:
        if dispute["hidden"] == 0 and p.ends and day - int(dispute["day"]) >= p.plenum:
            condemn(a, number)
            return
        if dispute["hidden"] or not p.ends:
            clamour, loss = _clamour(a, number), _expected_loss(a, number, side)
            reluctance = p.dislike * (1.0 + p.laughed_down * float(p.no_return > 0)) + loss
            if not p.ends or clamour > reluctance:
                open_discussion(a, number, side)
            elif clamour + clamour > reluctance and not dispute["tried"] and joint_text(a, number):
                return
            elif day - int(dispute["day"]) >= p.patience * r.DAYS_PER_WEEK:
                end(w, day, number, NO)
                return
    leave = dispute["stage"] == OPEN
    power.mood["open"] = np.where(leave | ((side < 0.0) & aware), 1, power.mood["open"])
    spread_talk(a, number)
    areas_vote(a, number, side, heads)
    if leave and day - int(dispute["opened"]) >= p.term * r.DAYS_PER_WEEK:
        dispute["cause"] = a.act(number, CLOSE, a.author, a.spokesman, r.CC, NO, name=r.POLITBURO, grade=r.OPEN)
        power.emissary[:] = NO
        end(w, day, number, NO)


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
