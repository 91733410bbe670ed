"""The union state: a plan of the Centre goes to the national Central Committees and returns as their own wish.

Each is asked. Its secretary answers by his view of the regime, by what he depends on and by the roots he has where he is; one that
objects is heard and outvoted. When the Centre has decided, the decision goes out as a circular directive and every national
committee takes it over in its own name: the republics are the mask, the Centre the author. An opponent is taken off his post.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.matters import ARRIVED, DECIDED, ISSUED, SENT
from drivebelt.power.appointing import candidate, exchange
from drivebelt.power.voting import dependence
from drivebelt.world import leaders

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["union"]
ASK, AGREE, OBJECT, ADOPT, DISMISS, APPOINT = (
    r.ACT[name] for name in ("consult", "answer", "protest", "adopt", "dismiss", "appoint")
)


def step(w: World, day: int, p: Any) -> None:
    """Follows the plan of a union from the asking of the republics to their wish."""
    if "autonomisation" not in w.scenario.episodes:
        return
    rows = w.desk.central[: int(w.desk.count[d.CENTRAL_MATTERS])]
    for i in np.flatnonzero(rows["episode"] == w.scenario.episode_number("autonomisation")):
        m = rows[i]
        answered = int(m["opened"]) + int(p.days_to_answer)
        if day < answered and m["stage"] == ARRIVED:
            m["stage"] = SENT  # the commission waits for the answers
        if day == answered and p.centre:
            m["stage"] = ARRIVED
            for area in _republics(w):
                _answer(w, day, m, area, p)
        issued = int(m["stage"]) in (DECIDED, ISSUED) and int(m["author"]) != r.NONE
        if issued and day == int(m["since"]) + int(p.days_to_wish) and p.centre:
            for area in _republics(w):
                _wish(w, day, m, area, p)


def _republics(w: World) -> list[int]:
    """Committees of the republics that are to enter, in the order of the list."""
    return [w.scenario.committee_of[name] for name in ("ukraine", "belorussia", "georgia", "armenia", "azerbaijan")]


def _for(w: World, day: int, key: int, head: int, p: Any) -> bool:
    """Whether a committee is for the plan: its secretary's view and dependence against his roots and a draw."""
    s = w.power.persons[head]
    u = (
        float(s["regime"])
        + p.by_dependence * dependence(w.power, head, leaders.secretary(w, day), p.k, p.elected)
        - p.by_roots * float(s["roots"])
    )
    return bool(u + p.luck * (draws.uniform(w.seed, STREAM, key, head) - draws.uniform(w.seed, STREAM, key, head + 1)) > 0)


def _answer(w: World, day: int, m: Any, area: int, p: Any) -> None:
    """A national committee is asked and answers; one without a secretary does not discuss the plan."""
    head = int(w.desk.organs[area]["head"])
    no, about, grade = r.NONE, int(m["matter"]), int(m["grade"])
    w.room(acts=2)
    asked = d.act(w.desk, day, ASK, about, no, no, r.ORGBURO, no, area, head, no, no, grade, int(m["cause"]), no, 1)
    if head != no:
        kind = AGREE if _for(w, day, int(m["key"]), head, p) else OBJECT
        d.act(w.desk, day, kind, about, no, no, area, head, r.ORGBURO, no, no, no, grade, asked, no, 1)


def _wish(w: World, day: int, m: Any, area: int, p: Any) -> None:
    """What the Centre has decided becomes the wish of the republic; a secretary who was against it is transferred."""
    head = int(w.desk.organs[area]["head"])
    no, about, grade = r.NONE, int(m["matter"]), int(m["grade"])
    w.room(acts=4)
    wish = d.act(w.desk, day, ADOPT, about, no, no, r.CC, no, area, head, area, no, r.OPEN, int(m["cause"]), no, 1)
    if head == no or _for(w, day, int(m["key"]), head, p) or w.power.persons[head]["named"] or not p.from_above:
        return
    power = w.power
    post = int(power.persons[head]["post"])
    pool = np.flatnonzero(power.posts["listed"] == 1).astype(np.int32)
    column = leaders.secretary(w, day)
    other = int(candidate(power, w.seed, post, day, int(p.candidates), pool, False, column, column, p)) if post != no else no
    if other == no:
        return
    against = d.act(w.desk, day, DISMISS, about, no, no, r.ORGBURO, no, area, head, no, no, grade, wish, no, 1)
    exchange(power, post, other, day, r.ORGBURO, True, column, p, w.power.stakes)
    for place in (post, other):
        row = power.posts[place]
        if row["head"] and int(row["holder"]) != no:
            w.desk.organs[int(row["organ"])]["head"] = row["holder"]
    new, patron = int(power.posts[post]["holder"]), leaders.secretary_person(w, day)
    d.act(w.desk, day, APPOINT, about, no, no, r.ORGBURO, patron, area, new, no, no, r.SECRET, against, post, 1)
    elsewhere = int(power.posts[other]["organ"])
    d.act(w.desk, day, APPOINT, about, no, no, r.ORGBURO, no, elsewhere, head, no, no, r.SECRET, against, other, 1)


MECHANISM = Mechanism(
    name="union state",
    phase="matters",
    about="A plan of the Centre is put to the national committees and returns as the wish of the republics.",
    section="II.2",
    emits=("consult", "answer", "protest", "adopt", "dismiss", "appoint"),
    step=step,
    reads={
        "centre": "one_center_for_all_republics",
        "from_above": "appointments_from_above",
        "days_to_answer": "days_of_republics_to_answer",
        "days_to_wish": "days_to_a_wish",
        "by_dependence": "assent_by_dependence",
        "by_roots": "objection_by_roots",
        "luck": "luck_of_candidates",
        "k": "weight_of_stake",
        "elected": "removability_of_elected",
        "candidates": "candidates_a_post",
        "obedience": "obedience_weight",
        "roots": "roots_weight",
        "uprooted": "roots_kept_on_transfer",
        "tie_gain": "tie_gain",
    },
)
