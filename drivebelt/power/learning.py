"""How knowledge is come by: bodies and persons by acts, members by what bodies near them read out, show or let slip."""

from __future__ import annotations

import numpy as np
from numba import int8, int64, njit, void

from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import KERNEL, STEP
from drivebelt.power.knowing import (
    ABROAD,
    AGREED,
    CITED,
    CONTENT,
    DECIDED,
    DEPTHS,
    GROUPS,
    MOTIVE,
    NOTHING,
    ON_PAPER,
    PRINTED,
    PUBLIC,
    SHOWN,
    VERSION,
)

STREAM = draws.STREAMS["knowledge"]
(
    OPEN, PROPOSE, TELL, RECEIVE, SORT, READ, HEAR, AGREE, ENTER, VOTE, DECIDE, POLL, REJECT, ISSUE, HAND_OVER, BREACH, CONSULT,
    INFORM, LEAK, MINUTE, MARK,
) = (
    r.ACT[name]
    for name in (
        "open-matter", "propose", "tell", "receive", "sort-mail", "read", "consider", "agree", "enter-agenda", "vote", "decide",
        "poll", "reject", "issue", "hand-over", "breach", "consult", "inform", "leak", "minute", "mark-special-folder",
    )
)  # fmt: skip
_TELLING = np.zeros(len(r.ACT_KINDS), np.bool_)
_TELLING[
    [
        OPEN, PROPOSE, TELL, RECEIVE, SORT, READ, HEAR, AGREE, ENTER, VOTE, DECIDE, POLL, REJECT, ISSUE, HAND_OVER, BREACH, CONSULT,
        INFORM, LEAK, MINUTE, MARK,
    ]
] = True  # fmt: skip
"""Kinds of act by which somebody comes to know something; all others are passed over unread."""
_HASH = np.int64(40503)
_DEPTH_BITS = CITED - 1


@njit(**KERNEL)
def index(w):
    """A table by which the row of a held matter is found at once: its size is a power of two, empty places are NONE."""
    size = 1
    while size < w.held_matters.size * 4:
        size *= 2
    table = np.full(size, r.NONE, np.int32)
    for i in range(w.held_matters.size):
        if w.held_matters[i].matter != r.NONE:
            at = (w.held_matters[i].matter * _HASH) & (size - 1)
            while table[at] != r.NONE:
                at = (at + 1) & (size - 1)
            table[at] = i
    return table


@njit(**STEP)
def find(held, table, matter):
    """Row of a matter among those held, or NONE. Takes the array, not the whole state: this runs for every act of a run."""
    at = (matter * _HASH) & (table.size - 1)
    while table[at] != r.NONE:
        if held[table[at]].matter == matter:
            return table[at]
        at = (at + 1) & (table.size - 1)
    return r.NONE


@njit(void(int8[:, ::1], int64, int64, int64), **KERNEL)
def person(know, i, who, depth):
    """A named person comes to know matter i; nobody forgets. `know`: Power.persons_know."""
    if 0 <= who < know.shape[1] and depth > know[i, who]:
        know[i, who] = depth


@njit(**STEP)
def body(held, know, know_below, tongues, fresh, i, organ, level, depth, act, areas, bodies, reach, aloud):
    """A body comes to know matter i. Once it knows the content, its officials may talk; `aloud` where its members are told."""
    h = held[i]
    upper = know.shape[1]
    if organ < upper:
        old = know[i, organ]
        if depth > old & _DEPTH_BITS:
            know[i, organ] = (old & CITED) | depth
    elif h.lower != r.NONE:
        old = know_below[h.lower, organ - upper]
        if depth > old & _DEPTH_BITS:
            know_below[h.lower, organ - upper] = (old & CITED) | depth
    else:
        return
    if old & _DEPTH_BITS < CONTENT <= depth and h.row != r.NONE:
        share = reach[level] / max(bodies[areas[organ], level], 1)
        tongues[h.row, areas[organ]] += share
        h.heard = act
        if aloud:
            fresh[h.row, areas[organ]] += share


@njit(**STEP)
def note(k, w, acts, first, table, circle, areas, bodies, reach, letter, p):
    """Goes through acts in their order: whoever read, heard, voted or was told comes to know what that act gives.

    A mask's subordinates see the mask alone, unless its act named the party. Of what is in the special folder only the persons
    named come to know, and a body that hears it at a sitting. `letter`: the form of paper read out to members at a turning point.
    """
    held, know, know_below, known_to = w.held_matters, w.bodies_know, w.lower_know, w.persons_know
    tongues, fresh, organs, central = w.tongues, w.fresh, k.organs, k.central
    for a in range(acts.size):
        act = acts[a]
        if not _TELLING[act.kind]:
            continue
        i = find(held, table, act.matter)
        if i == r.NONE:
            continue
        kind = act.kind
        h = held[i]
        who, where, aloud, minutes = act.actor_person, act.actor_organ, 0, False
        deep, wide = NOTHING, NOTHING  # what the person and what the body comes to know
        if kind == RECEIVE:
            wide = DECIDED
            if act.grade == r.SPECIAL_FOLDER:
                wide = NOTHING  # sealed, for the person named
            elif organs[where].level > r.CENTRE and organs[where].branch == r.STATE:
                sender = act.target_organ
                cited = 0 <= sender < know.shape[1] and know[i, sender] & CITED
                wide = DECIDED if cited else VERSION
                if act.grade == r.OPEN and h.row != r.NONE:
                    level = organs[where].level
                    w.posted[h.row, areas[where]] += reach[level] / max(bodies[areas[where], level], 1)
        elif kind == HEAR:
            m = central[h.central]
            deep, wide = CONTENT, CONTENT
            aloud = 1 if p.hidden == 0 or (p.letters > 0 and m.form == letter and m.stakes > p.turning) else 0
        elif kind == READ:
            deep, wide = CONTENT, CONTENT
            minutes = act.document == h.signed and h.signed != r.NONE
            aloud = 1 if minutes and p.few == 0 and p.hidden == 0 else 0
        elif kind in (OPEN, PROPOSE):
            deep, wide = MOTIVE, MOTIVE
            h.marks |= ON_PAPER if kind == PROPOSE else 0
        elif kind == TELL:
            who, where = act.target_person, act.target_organ
            deep = MOTIVE if where == r.SECRETARIAT else CONTENT
            wide = deep
            if act.actor_organ == r.CIRCLE:
                h.decided = first + a
        elif kind == SORT:
            deep, wide = MOTIVE, NOTHING if who != r.NONE else MOTIVE
        elif kind == AGREE:
            h.marks |= AGREED
            h.agreed = first + a
            for member in circle:
                person(known_to, i, member, MOTIVE)
        elif kind == ENTER:
            deep = CONTENT
        elif kind == VOTE:
            deep = MOTIVE if h.marks & ON_PAPER and not h.marks & AGREED else CONTENT
        elif kind in (DECIDE, POLL, REJECT):
            where, wide = act.in_name_of, CONTENT
            if kind != REJECT:
                h.decided = first + a
        elif kind == ISSUE:
            deep, wide = CONTENT, CONTENT
            if act.target_organ == r.NONE and act.in_name_of == where and organs[where].level == r.CENTRE:
                h.signed = act.document  # the minutes of a whole sitting stand under its first matter
                deep, wide = NOTHING, NOTHING
        elif kind in (HAND_OVER, CONSULT):
            who, where, deep, wide = act.target_person, act.target_organ, CONTENT, CONTENT
        elif kind == BREACH:
            if where < know.shape[1]:
                know[i, where] |= CITED
        elif kind in (INFORM, LEAK):
            who = act.target_person
            deep = min(act.amount, MOTIVE) if kind == INFORM else (DECIDED if act.target_organ == r.NONE else CONTENT)
        else:  # MINUTE, MARK
            h.older = h.paper
            h.paper = act.document
            h.entry = CONTENT if kind == MINUTE else DECIDED
        if wide > NOTHING and where != r.NONE and kind != HEAR:
            folder = central[h.central].grade == r.SPECIAL_FOLDER and organs[where].level == r.CENTRE and not minutes
            if act.grade == r.SPECIAL_FOLDER or folder:
                wide = NOTHING
        for j in range(held.size if minutes else 1):
            at = j if minutes else i
            if minutes:
                o = held[j]
                if (o.paper != act.document and o.older != act.document) or o.matter == r.NONE:
                    continue
                deep, wide = o.entry, o.entry
            if deep > NOTHING:
                person(known_to, at, who, deep)
            if wide > NOTHING and where != r.NONE:
                level = organs[where].level
                body(held, know, know_below, tongues, fresh, at, where, level, wide, first + a, areas, bodies, reach, aloud)


@njit(**KERNEL)
def spread(k, w, seed, day, week, literacy, p):
    """One week among members and the public, matter by matter and area by area. What is read out at closed meetings is known in
    content; talk carries that something was decided; an open act of the state and the press carry the public version alone.
    Returns how many persons of each layer (members, public) are now expected to know each matter at each depth, and marks as
    printed at home or abroad what is."""
    areas = w.membership.shape[0]
    known = np.zeros((w.members_know.shape[0], 2, DEPTHS))
    total, weight, sums = np.zeros(areas), np.zeros(areas), 0
    readers, radio, attendance, talk_rate, beyond = (p.readers, p.public_readers), p.radio, p.attendance, p.talk, p.beyond
    local, emigres = p.local_press if p.consent == 0 else 0.0, p.emigre_readers
    local_radio = p.local_press * radio if p.radio_ruled == 0 else 0.0
    aired = radio if p.radio_ruled > 0 or p.hides == 0 else 0.0
    as_it_is = p.hides == 0
    for a in range(areas):
        for g in range(PUBLIC):
            weight[a] += w.membership[a, g]
        weight[a] = max(weight[a], 1.0)
    for i in range(w.held_matters.size):
        h = w.held_matters[i]
        if h.matter == r.NONE or h.row == r.NONE or h.decided == r.NONE:
            continue
        m = k.central[h.central]
        in_press, abroad = False, False
        if not h.marks & PRINTED and (m.grade != r.SPECIAL_FOLDER or p.hides == 0):
            h.marks |= PRINTED
            in_press = draws.uniform(seed, STREAM, h.key, 0) < p.printed[m.domain]
            h.marks |= SHOWN if in_press else 0
        if not h.marks & ABROAD and p.no_emigres == 0 and m.stakes > p.grave:
            in_weeks = draws.uniform(seed, STREAM, draws.key(h.key, week), 1) < p.abroad
            if in_weeks:
                h.marks |= ABROAD
                abroad = True
        age = (day - h.opened) / r.DAYS_PER_WEEK
        fade = 1.0 / (1.0 + age / p.fades)
        sums += 1
        for a in range(areas):
            tongue, read, show = min(w.tongues[h.row, a], 1.0), min(w.fresh[h.row, a], 1.0), min(w.posted[h.row, a], 1.0)
            w.fresh[h.row, a] = 0.0
            w.posted[h.row, a] = 0.0
            nothing = tongue == 0.0 and read == 0.0 and show == 0.0 and not in_press and not abroad
            if nothing and w.members_know[h.row, a, 0, 0] == 0.0:
                continue
            told = 0.0
            for g in range(GROUPS):
                share, n = w.members_know[h.row, a, g], w.membership[a, g]
                party = g != PUBLIC
                if not nothing:
                    paper = literacy[g] * (readers[0] if party else readers[1])
                    seen = paper * (1.0 if in_press else show)
                    if in_press:
                        seen += (1.0 - seen) * aired
                    letter = read * attendance if party else 0.0
                    talk = talk_rate * tongue * fade if party else beyond * talk_rate * told * fade
                    talk += (1.0 - talk) * local * tongue * paper
                    talk += (1.0 - talk) * local_radio * tongue
                    if abroad:
                        talk += (1.0 - talk) * emigres * literacy[g] * (1.0 if party else beyond)
                    if in_press and as_it_is:
                        letter += (1.0 - letter) * seen
                    silent = (1.0 - talk) * (1.0 - letter)
                    share[2] += (1.0 - share[2]) * letter
                    share[1] += (1.0 - share[1]) * (1.0 - silent)
                    share[0] += (1.0 - share[0]) * (1.0 - silent * (1.0 - seen))
                layer = 0 if party else 1
                for depth in range(DEPTHS):
                    known[h.row, layer, depth] += n * share[depth]
                if party:
                    told += n * share[1] / weight[a]
                    total[a] += n * (share[1] + share[2]) / (2.0 * weight[a])
    for a in range(areas):
        w.information[a] = total[a] / max(sums, 1)
        literate = 0.0
        for g in range(PUBLIC):
            literate += w.membership[a, g] * literacy[g] / weight[a]
        w.hearing[a] = 1.0 / (1.0 + p.own * w.information[a] * literate)
    return known
