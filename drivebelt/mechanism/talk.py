"""Talk, press and closed letters: how members, the public and the leaders outside the circle come to know of decisions.

Once a week officials let something slip, the press prints its version, closed letters of turning points have been read out. Members
and the public learn of it as layers: they are the outer forms of power, below the apparatus and the core. What members know by
themselves lowers their trust in cues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import STEP
from drivebelt.mechanism import Mechanism
from drivebelt.power import knowing as kn
from drivebelt.power.learning import person, spread
from drivebelt.power.state import MEMBERS
from drivebelt.power.voting import within
from drivebelt.world import leaders

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["knowledge"]
INFORM, LEARN = r.ACT["inform"], r.ACT["learn"]
LAYERS = np.array([r.CONGRESS, r.VTSIK], np.int32)
"""The outer forms by which a layer is named in acts: the congress for the members, the executive committee for the public."""


@njit(**STEP)
def tell_layers(k, w, day, seed, known, size, least):
    """Writes an act for each layer that was told something new, and one for those who learnt of it since the last."""
    for i in range(w.held_matters.size):
        h = w.held_matters[i]
        if h.matter == r.NONE or h.row == r.NONE:
            continue
        grade = k.central[h.central].grade
        for layer in range(LAYERS.size):
            for depth in range(kn.DEPTHS):
                told = w.layers_told[h.row, layer, depth]
                luck = draws.uniform(seed, STREAM, draws.key(h.key, layer), depth + draws.S2)
                new = int(known[h.row, layer, depth] + luck) - told[0]
                if new < max(1.0, least * size[layer]):
                    continue
                if told[0] == 0:
                    printed = depth == 0 and h.marks & kn.SHOWN
                    abroad = h.heard == r.NONE and h.marks & kn.ABROAD
                    teller = r.PRAVDA if printed else (r.NK_FOREIGN if abroad else (r.CC if h.heard != r.NONE else r.VTSIK))
                    cause = h.decided if printed or abroad or h.heard == r.NONE else h.heard
                    on_paper = printed or abroad or depth + 1 == kn.CONTENT or teller == r.VTSIK
                    told[1] = d.act(
                        k, day, INFORM, h.matter, r.NONE, r.NONE, teller, r.NONE, LAYERS[layer], r.NONE, r.NONE,
                        r.BY_PRESS if printed or abroad or teller == r.VTSIK else r.ORAL, grade, cause, depth + 1,
                        1 if on_paper else 0,
                    )  # fmt: skip
                told[0] += new
                d.act(
                    k, day, LEARN, h.matter, r.NONE, r.NONE, LAYERS[layer], r.NONE, r.NONE, r.NONE, r.NONE, r.NONE, grade, told[1],
                    new, 0,
                )  # fmt: skip


@njit(**STEP)
def talk(k, w, seed, day, week, circle, insiders, others, voters, p):
    """Talk at the top: a member of the Politburo outside the circle is told the motive by whoever of it stands nearest to him;
    others of the leading bodies hear that something was decided."""
    for i in range(w.held_matters.size):
        h = w.held_matters[i]
        if h.matter == r.NONE or h.row == r.NONE:
            continue
        fade = 1.0 / (1.0 + (day - h.opened) / r.DAYS_PER_WEEK / p.fades)
        key, grade = draws.key(h.key, week), k.central[h.central].grade
        if h.agreed != r.NONE and circle.size > 0:
            for who in insiders:
                if within(circle, who) or w.persons_know[i, who] == kn.MOTIVE:
                    continue
                teller, apart = circle[0], 1.0 - draws.LOWEST
                for c in circle:
                    far = abs(w.persons[c].regime - w.persons[who].regime) + abs(w.persons[c].economy - w.persons[who].economy)
                    if far < apart and w.persons_know[i, c] == kn.MOTIVE:
                        teller, apart = c, far
                if draws.uniform(seed, STREAM, key, who) < p.motive_told * fade / (1.0 + apart):
                    person(w.persons_know, i, who, kn.MOTIVE)
                    d.act(
                        k, day, INFORM, h.matter, r.NONE, r.NONE, r.CIRCLE, teller, r.POLITBURO, who, r.NONE, r.ORAL, grade,
                        h.agreed, kn.MOTIVE, 0,
                    )  # fmt: skip
        if h.decided != r.NONE and voters.size > 0:
            for who in others:
                if w.persons_know[i, who] < kn.DECIDED and draws.uniform(seed, STREAM, key, who) < p.existence * fade:
                    person(w.persons_know, i, who, kn.DECIDED)
                    teller = voters[draws.below(seed, STREAM, h.key, who, voters.size)]
                    d.act(
                        k, day, INFORM, h.matter, r.NONE, r.NONE, r.POLITBURO, teller, r.CC, who, r.NONE, r.ORAL, grade, h.decided,
                        kn.DECIDED, 0,
                    )  # fmt: skip


def step(w: World, day: int, p: Any) -> None:
    """Once a week lets layers and leaders learn by word of mouth, press and closed letters; counts the members once a month."""
    power, week = w.power, day // r.DAYS_PER_WEEK
    if w.desk.count[d.MONTH_DAY] == 1 or not power.membership.any():
        n = int(power.count[MEMBERS])
        groups = power.home[:n].astype(np.int64) * kn.GROUPS + power.cohort[:n]
        places = power.membership.size  # those who have left are counted after the last area
        power.membership[:] = np.bincount(groups, minlength=places)[:places].reshape(power.membership.shape)
        here = int(power.membership[:, : kn.PUBLIC].sum())
        power.membership[:, kn.PUBLIC] = p.public * w.scenario_scale / power.areas.size
        w.sample("layer-size", day, "members", here)
        w.sample("layer-size", day, "public", p.public * w.scenario_scale)
        w.sample("informed", day, "members", sum(power.information.tolist()) / power.areas.size)
    if w.desk.count[d.WEEKDAY] != r.DAYS_PER_WEEK - 1:
        return
    literacy = np.array([p.old, p.civil_war, p.ordinary, p.draft, p.public_literacy])
    known = spread(w.desk, power, w.seed, day, week, literacy, p)
    rows = power.held_matters
    going = (rows["matter"] != r.NONE) & (rows["row"] != r.NONE) & ((rows["decided"] != r.NONE) | (rows["agreed"] != r.NONE))
    held = int(np.count_nonzero(going))  # counted narrowly: room for acts that never come sends half-empty chunks to the log
    size = np.array([int(power.membership[:, : kn.PUBLIC].sum()), p.public * w.scenario_scale])
    away, voters = leaders.absent(w, day), leaders.voters(w, r.POLITBURO, day)
    insiders = [
        who
        for who in [*leaders.seats(w, r.POLITBURO, day), *leaders.candidates(w, day)]
        if leaders.counted(w, who) and who not in away
    ]
    others = [who for who in leaders.committee(w, day) if leaders.counted(w, who) and who not in insiders and who not in away]
    w.room(acts=held * (LAYERS.size * 2 * kn.DEPTHS + len(insiders) + len(others)))
    tell_layers(w.desk, power, day, w.seed, known, size, p.least)
    talk(w.desk, power, w.seed, day, week, leaders.circle(w), np.array(insiders, np.int32), np.array(others, np.int32), voters, p)


MECHANISM = Mechanism(
    name="talk and press",
    phase="what is known",
    about="Members and the public learn what is printed, read out or let slip; leaders outside the circle what they are told.",
    section="I.3",
    emits=("inform", "learn"),
    step=step,
    reads={
        "hides": "press_hides_truth",
        "consent": "press_criticism_needs_consent",
        "radio_ruled": "radio_direct_control",
        "no_emigres": "emigre_press_ban",
        "grave": "grave_stakes",
        "attendance": "attendance_of_closed_meetings",
        "talk": "talk_a_week",
        "fades": "talk_fades_weeks",
        "beyond": "talk_beyond_the_party",
        "local_press": "local_press_tells",
        "printed": "public_version_printed[domains]",
        "readers": "members_reached_by_press",
        "public_readers": "public_reached_by_press",
        "radio": "reach_of_radio",
        "abroad": "printed_abroad_a_week",
        "emigre_readers": "readers_of_emigre_press",
        "motive_told": "motive_told_outside_circle",
        "existence": "existence_heard_in_committee",
        "own": "trust_lost_to_own_information",
        "least": "least_share_noted",
        "public": "public_outside_the_party",
        "old": "literacy_of_group.old",
        "civil_war": "literacy_of_group.civil_war",
        "ordinary": "literacy_of_group.ordinary",
        "draft": "literacy_of_group.draft",
        "public_literacy": "literacy_of_group.public",
    },
)
