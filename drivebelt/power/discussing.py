"""How an area votes between the course and a rival text: members, press, secretary. Pure functions over arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import KERNEL
from drivebelt.power.opposing import dependences
from drivebelt.power.state import CANDIDATE, COHORTS, ENTITLED, EXPELLED, FAILURE, GONE, MEMBERS, RED_ARMY, Power
from drivebelt.power.voting import logistic_noise, nearer

STREAM = draws.STREAMS["opposition"]
Numbers = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
DRAFT = COHORTS.index("draft")
RIVAL_VOTES, VOTERS, FREE_RIVAL_VOTES, FREE_VOTERS = range(4)
"""Rows of what `members_votes` returns; the last two are of those out of the reach of the committee."""


@njit(**KERNEL)
def members_votes(w, seed, number, voting, heard, shouted, cue, course, rival, fear, noes, reach, open_vote, slant, p):
    """Members of each voting area who stand for the rival text, and members in all, then both once more for those out of the reach
    of the committee: shape (4, areas). One pass over all members.

    Only whoever has heard of the dispute judges it, by his view; the others do as their secretary says. Readers of the paper see
    the rival text as far off as it is painted. A course that is felt to have
    failed loses by it. In an open vote a vote against the secretary's side (`cue` 1 the course, 0 the
    rival text) has its risk, as far as place and bread of a member are in the hands of the committee (`reach`, by class, soldiers
    last). `shouted`: share of the rest who are cut short where entrants of the drafts drown the speakers.
    """
    out = np.zeros((4, voting.size), np.int64)
    painted = rival + slant * (rival - course)
    salt = draws.key(number, 1)
    for i in range(w.count[MEMBERS]):
        a = w.home[i]
        if w.marks[i] & GONE or not voting[a] or w.marks[i] & (CANDIDATE | ENTITLED) == CANDIDATE:
            continue
        who = w.name[i]
        near = reach[-1] if w.marks[i] & RED_ARMY else reach[w.klass[i]]
        out[VOTERS, a] += 1
        out[FREE_VOTERS, a] += 1 if near < 1.0 else 0
        u = draws.uniform(seed, STREAM, who, salt)
        known = heard[a] if w.cohort[i] != DRAFT else heard[a] * (1.0 - shouted)
        if u >= known:
            against = cue[a] == 0
        else:
            text = painted if u < known * p.readers else rival
            gain = nearer(w.views[i], course, text) - p.blame * w.crisis[FAILURE]
            risk = near * open_vote * p.fear_weight * fear[a] / (fear[a] + noes[a] + p.least_noes)
            gain += risk if cue[a] else -risk
            against = gain + logistic_noise(seed, STREAM, who, salt + 1, p.noise) <= 0.0
        if against:
            out[RIVAL_VOTES, a] += 1
            out[FREE_RIVAL_VOTES, a] += 1 if near < 1.0 else 0
    return out


def stance(w: Power, heads: Numbers, text: tuple[float, float], leader: Floats, column: int, p: Any) -> Floats:
    """How far the secretary of each area stands for the course against the text; below 0 he is for the text.

    His own view, his tie to the Secretariat, the bond to a leading dissenter at home in the area (`leader`: what that one can lean
    on), which a secretary sent from above has not, and what defiance would cost him.
    """
    at = np.maximum(heads, 0)
    s = w.persons[at]
    view, fear = s["regime"].astype(np.float64), s["fear"].astype(np.float64)
    own = (view - text[0]) ** 2 - (view - float(w.course[0])) ** 2
    tie = w.ties[at, column].astype(np.float64) if column != r.NONE else np.zeros(at.size)
    home = p.home_bond * leader * (1 - s["appointed"])
    risk = dependences(w, at, column, p.k, p.elected) * fear / (fear + leader + p.least_noes)
    side = own + p.tie_weight * (tie - home) + p.open_vote * p.fear_weight * risk
    return np.where((heads >= 0) & (w.dissent["status"][at] != EXPELLED), side, 1.0)


def at_conference(share: float, stages: Sequence[tuple[float, float]]) -> float:
    """Share of delegates for the rival text after the stages of a choice: of each a part is held by secretaries, and part of that
    by those who are for the rival text."""
    for held, rival in stages:
        share = share * (1.0 - held) + rival
    return share


def count_votes(seed: int, number: int, area: int, share: float, delegates: int) -> int:
    """Votes for the rival text of so many delegates, each by himself."""
    luck = draws.uniforms(seed, STREAM, np.arange(delegates), draws.key(draws.key(area, number), 2))
    return int(np.count_nonzero(luck < share))
