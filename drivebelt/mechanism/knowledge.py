"""Knowledge: who knows of each matter of the Centre that something is decided, what the public version is, the content, the motive.

At the end of the day whoever read, heard, voted or was told comes to know what that act gives, and nobody else. A body knows what
its copies say; those under a mask see the mask; of the special folder only the persons named know. A text addressed to a congress
or to the Central Committee is read out there, to each delegation apart and without copies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power import knowing as kn
from drivebelt.power.learning import body, index, note, person
from drivebelt.world import leaders, provinces

if TYPE_CHECKING:
    from drivebelt.world import World

INFORM, DELEGATE = r.ACT["inform"], r.ACT["send-delegate"]
CLOSED_LETTER = r.DOCUMENT["closed-letter"]


def step(w: World, day: int, p: Any) -> None:
    """Takes up the matters of the day, notes its acts, and has read out what is addressed to a meeting."""
    _keep(w, day, p)
    k, table, reach = w.desk, index(w.power), np.array(p.reach)
    first, parts = w.acts_today()
    for acts in parts:
        note(k, w.power, acts, first, table, leaders.circle(w), w.area_of, w.bodies_in_area, reach, CLOSED_LETTER, p)
        first += acts.size
    for meeting in [*(where for _, where in w.congresses_on(day)), r.CC]:
        _read_out(w, day, meeting, parts, p)


def _keep(w: World, day: int, p: Any) -> None:
    """Lets go of what is old, and begins to keep who knows of the matters of the day: each takes the rows that it needs."""
    held = w.power.held_matters
    held["matter"][(held["kept"] == 0) & (day - held["opened"] > p.kept)] = r.NONE
    rows, new = w.desk.central, int(w.desk.count[d.CENTRAL_MATTERS])
    last = new
    while new > 0 and rows["opened"][new - 1] == day:
        new -= 1
    if new == last:
        return
    m = rows[new:last]
    talked = (m["stakes"] > p.talked) | ((m["depth"] >= r.UEZD) & (m["target"] == r.NONE))
    below = m["depth"] + (m["flags"] & d.SOVIET > 0) > r.UEZD  # a decree goes one level further than its order
    power, at = kn.widen(w.power, "matter", m.size)
    power, row = kn.widen(power, "row", int(np.count_nonzero(talked)))
    power, lower = kn.widen(power, "lower", int(np.count_nonzero(below)))
    w.power = power
    fresh = np.zeros(m.size, kn.HELD_ROW)
    for name in ("row", "lower", "paper", "older", "signed", "heard", "decided", "agreed", "reader"):
        fresh[name] = r.NONE
    fresh["key"], fresh["matter"], fresh["central"], fresh["opened"] = m["key"], m["matter"], np.arange(new, last), day
    fresh["kept"] = m["episode"] != r.NONE
    fresh["reader"] = np.where(m["depth"] == r.CENTRE, m["target"], r.NONE)
    fresh["row"][talked], fresh["lower"][below] = row, lower
    power.held_matters[at] = fresh
    power.bodies_know[at] = 0
    power.persons_know[at] = 0
    power.lower_know[lower] = 0
    for spoken in (power.tongues, power.fresh, power.posted, power.members_know, power.layers_told):
        spoken[row] = 0


def _read_out(w: World, day: int, meeting: int, parts: list[Any], p: Any) -> None:
    """A text addressed to a meeting is read there aloud, to each delegation apart and without copies, where the rule holds."""
    power, rows, held = w.power, w.desk.central, w.power.held_matters
    for i in np.flatnonzero(held["reader"] == meeting):
        if held["matter"][i] == r.NONE or held["decided"][i] == r.NONE or held["marks"][i] & kn.READ_OUT:
            continue
        h = held[i]
        h["marks"] |= kn.READ_OUT
        about, grade, cause = int(h["matter"]), int(rows["grade"][h["central"]]), int(h["decided"])
        paper = 0 if p.delegations else 1
        delegates = {int(who) for acts in parts for who in acts["target_person"][acts["kind"] == DELEGATE]}
        named = (*leaders.committee(w, day), *(delegates if meeting != r.CC else ()))
        people = sorted({who for who in named if leaders.counted(w, who)})
        away = leaders.absent(w, day)
        areas = power.areas[provinces.areas_open(w, day)] if meeting != r.CC else ()
        w.room(acts=len(people) + len(areas))
        for organ, who in [*((meeting, who) for who in people if who not in away), *((area, r.NONE) for area in areas)]:
            told = d.act(
                w.desk, day, INFORM, about, r.NONE, r.NONE, r.CC, r.NONE, organ, who, r.NONE, r.ORAL, grade, cause, kn.CONTENT,
                paper,
            )  # fmt: skip
            if who != r.NONE:
                person(power.persons_know, i, who, kn.CONTENT)
            else:
                body(
                    held, power.bodies_know, power.lower_know, power.tongues, power.fresh, i, organ,
                    int(w.desk.organs["level"][organ]), kn.CONTENT, told, w.area_of, w.bodies_in_area, np.array(p.reach),
                    1 - int(p.delegations),
                )  # fmt: skip


MECHANISM = Mechanism(
    name="knowledge",
    phase="what is known",
    about="Bodies and leaders know what they read, heard or were told; below a mask only the mask is known.",
    section="I.3",
    emits=("inform",),
    step=step,
    reads={
        "hidden": "policy_documents_hidden_from_members",
        "few": "minimum_readers_of_minutes",
        "letters": "closed_letter_read_at_closed_meeting",
        "delegations": "reading_to_delegations_only",
        "turning": "turning_point_stakes",
        "talked": "stakes_talked_of",
        "kept": "days_a_matter_is_talked_of",
        "reach": "reach_of_meetings[levels]",
    },
)
