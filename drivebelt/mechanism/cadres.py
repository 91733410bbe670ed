"""Cadres: posts fall vacant, and the accounting and distribution department of the Secretariat fills as many as it can.

Its lists reach the party committees first, from 1923 the other branches. It knows a candidate as far as his file tells, asks the
OGPU where that is prescribed, and has exceptions from the rule of standing allowed. What it does not reach, the committees on the
spot fill. Whoever controls the office that fills a post is owed something by the one who gets it; on the spot the official walks
under the secretary of the province, and may follow him. Nobody sets loyalty: it goes to whoever holds the office that day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, KERNEL
from drivebelt.mechanism import Mechanism
from drivebelt.power.appointing import calm, choose, complete_files, enter, forget, leave, owe, walk_under, years_short
from drivebelt.power.lists import by_cell, gather, regroup, relist
from drivebelt.power.state import with_room
from drivebelt.world import leaders

if TYPE_CHECKING:
    from drivebelt.world import World

EXITS, VETTING = draws.STREAMS["exits"], draws.STREAMS["vetting"]
CALENDAR, APPOINT, ELECT, LEAVE, FILE, VET, DISPENSE = (
    r.ACT[name] for name in ("calendar", "appoint", "elect", "leave-post", "file", "vet", "dispense")
)


@njit(**INNER)
def why_he_leaves(w, q, seed, week, post, alarm, p):
    """Why the holder of a post leaves it this week, or NONE: death, lost confidence of the Centre, or that he is freed."""
    u = draws.uniform(seed, EXITS, post, week) * p.weeks - p.deaths
    if u < 0.0:
        return r.DIED
    if q.head and q.branch == r.PARTY and q.level <= r.GUBERNIA and p.from_above > 0:
        s = w.persons[q.holder]
        u -= p.confidence * max(w.course[0] - s.regime, 0.0) * s.file * (1.0 + p.alarm * alarm)
        if u < 0.0:
            return r.RECALLED
    return r.FREED if u < p.turnover[q.level] else r.NONE


@njit(**KERNEL)
def vacancies(w, k, seed, day, week, turning, alarm, p):
    """Posts that are empty or fall vacant, the highest first, and why their holders leave (NONE for an empty one).

    A post of a closed body is among them while somebody still holds it. `turning`: whether people leave of themselves today.
    """
    out, why, of = np.zeros(w.posts.size, np.int64), np.zeros(w.posts.size, np.int64), np.zeros(w.posts.size, np.int64)
    n = 0
    for post in range(w.posts.size):
        q = w.posts[post]
        if q.level <= r.CENTRE or q.level >= r.VOLOST:
            continue
        o = k.organs[q.organ]
        is_open = o.opens <= day < o.closes
        reason = r.NONE
        if q.holder != r.NONE:
            reason = r.BODY_CLOSED
            if is_open:
                if w.persons[q.holder].named:
                    continue
                reason = why_he_leaves(w, q, seed, week, post, alarm, p) if turning else r.NONE
            if reason == r.NONE:
                continue
        elif not is_open:
            continue
        out[n], why[n], of[n] = post, reason, q.level
        n += 1
    order, _ = by_cell(of[:n], r.VOLOST)
    return out[order], why[order]


@njit(**INNER)
def on_the_spot(w, q):
    """Who disposes of a post where the Centre does not: a party body itself, over the others the committee of the province."""
    return q.organ if q.branch == r.PARTY or q.area == r.NONE else q.area


@njit(**KERNEL)
def vacate(k, w, day, about, root, vacant, why):
    """Those who leave do so, one act for each; returns the act from which each vacancy comes."""
    causes = np.full(vacant.size, root)
    for i in range(vacant.size):
        q = w.posts[vacant[i]]
        if why[i] == r.NONE:
            continue
        person = q.holder
        by = r.VTSIK if why[i] == r.BODY_CLOSED else r.UCHRASPRED if why[i] == r.RECALLED else on_the_spot(w, q)
        causes[i] = d.act(
            k, day, LEAVE, about, r.NONE, r.NONE, by, r.NONE, q.organ, person, r.NONE, r.NONE, r.FOR_SERVICE, root, why[i], 1,
        )  # fmt: skip
        leave(w, person, day)
        w.persons[person].gone = why[i] == r.DIED
        if q.head:
            k.organs[q.organ].head = r.NONE
    return causes


@njit(**KERNEL)
def agreed(k, w, pools, seed, day, week, year, about, cause, post, above, column, alarm, p):
    """Whoever is chosen for a post and, where the OGPU is asked, not refused by it; NONE where nobody is found."""
    q = w.posts[post]
    barred = np.full(max(int(p.proposals), 1), np.int32(r.NONE))
    for i in range(barred.size):
        person = choose(w, pools, seed, post, day, week, year, above, column, alarm, barred, p)
        if person == r.NONE or not above or p.vetted[q.branch] == 0:
            return person
        apart = max(w.course[0] - w.persons[person].regime, 0.0)
        refused = draws.uniform(seed, VETTING, draws.key(person, week), post) < p.refusal + p.by_views * apart
        d.act(
            k, day, VET, about, r.NONE, r.NONE, r.UCHRASPRED, r.NONE, r.OGPU, person, r.NONE, r.NONE, r.STRICTLY_SECRET, cause,
            1 if refused else 0, 1,
        )  # fmt: skip
        if not refused:
            return person
        barred[i] = person
    return r.NONE


@njit(**KERNEL)
def fill(k, w, pools, seed, day, week, year, about, vacant, causes, reached, patrons, columns, column, alarm, stakes, p):
    """Fills the posts: those on the list from above as far as it reaches, the others on the spot. One act for each person placed.

    Whoever is taken from another post leaves a vacancy, which joins the end of the queue.
    """
    n = vacant.size
    queue, cause_of = np.zeros(n + n, np.int64), np.zeros(n + n, np.int64)
    for i in range(n):
        queue[i], cause_of[i] = vacant[i], causes[i]
    i, placed = 0, 0
    while i < n:
        post, cause = queue[i], cause_of[i]
        i += 1
        q = w.posts[post]
        o = k.organs[q.organ]
        if q.holder != r.NONE or not o.opens <= day < o.closes:
            continue
        above = q.listed and placed < reached
        person = agreed(k, w, pools, seed, day, week, year, about, cause, post, above, column, alarm, p)
        if person == r.NONE:
            continue
        chief = pools.chiefs[pools.slots[q.area]]
        by = q.organ
        if q.branch != r.PARTY and q.area != r.NONE and k.organs[q.area].closes > day:
            by = q.area
        patron = chief
        if above:
            by = int(p.confirms[q.level]) if q.head else r.UCHRASPRED
            patron = patrons[q.office]
        short = years_short(w.persons[person], q, year, p)
        if short > 0:
            over = by if above else o.above
            cause = d.act(
                k, day, DISPENSE, about, r.NONE, r.NONE, over, r.NONE, q.organ, person, r.NONE, r.NONE, r.SECRET, cause, short, 1,
            )  # fmt: skip
        old = enter(w, person, post, day, by, 1 if above else 0, stakes, p)
        if above:
            placed += 1
            owe(w, person, columns[q.office], p.tie_gain)
        else:
            walk_under(w, person, chief, p.tie_gain)
        mask = r.NONE if above or by == q.organ else q.organ
        cause = d.act(
            k, day, APPOINT if above else ELECT, about, r.NONE, r.NONE, by, patron, q.organ, person, mask, r.NONE,
            r.SECRET if above else r.OPEN, cause, post, 1,
        )  # fmt: skip
        if q.head:
            k.organs[q.organ].head = person
        if old != r.NONE:
            if w.posts[old].head:
                k.organs[w.posts[old].organ].head = r.NONE
            if n < queue.size:
                queue[n], cause_of[n] = old, cause
                n += 1


def step(w: World, day: int, p: Any) -> None:
    """Once a week, and on the day of a reform: ties and fear fade, posts fall vacant and are filled."""
    monday = w.desk.count[d.WEEKDAY] == 0
    if not monday and day not in w.reforms:
        return
    week, no = day // r.DAYS_PER_WEEK, r.NONE
    if day in w.reforms:
        regroup(w.power, w.desk.organs, day)
    if monday:
        forget(w.power, p.tie_keeps)
        calm(w.power, p.fear_keeps)
    relist(w.power, w.desk.organs, p.heads, p.others, day)
    column, head = leaders.secretary(w, day), leaders.secretary_person(w, day)
    w.power.led[column] |= column != no
    alarm = float(w.power.noes[r.POLITBURO] + w.power.noes[r.CONGRESS])
    vacant, why = vacancies(w.power, w.desk, w.seed, day, week, monday, alarm, p)
    w.power = power = with_room(w.power, vacant.size)
    w.room(acts=vacant.size * (2 * int(p.proposals) + 5) + 2, matters=1)
    about = d.matter(w.desk, day, r.DOMAIN["cadres"], w.subject("cadres", 0), no, r.UCHRASPRED, no)
    root = d.act(w.desk, day, CALENDAR, about, no, no, r.UCHRASPRED, head, no, no, no, no, r.SECRET, no, vacant.size, 1)
    if monday and p.files > 0:
        done = complete_files(power, int(p.files * r.MONTHS_PER_YEAR / p.weeks), 1.0)
        d.act(w.desk, day, FILE, about, no, no, r.UCHRASPRED, no, no, no, no, no, r.SECRET, root, done, 1)
    causes = vacate(w.desk, power, day, about, root, vacant, why)
    pools = gather(power, w.desk.organs, day)
    reached = int(p.capacity * r.MONTHS_PER_YEAR / p.weeks) if p.from_above > 0 else 0
    patrons, columns = leaders.patrons_of_offices(w, day)
    fill(
        w.desk, power, pools, w.seed, day, week, w.date(day).year, about, vacant, causes, reached, patrons, columns, column, alarm,
        w.power.stakes, p,
    )  # fmt: skip


MECHANISM = Mechanism(
    name="cadres",
    phase="cadres",
    about="Posts of the list are filled by the Secretariat's department as far as it reaches, the others on the spot; ties follow.",
    section="I.2",
    emits=("calendar", "appoint", "elect", "leave-post", "file", "vet", "dispense"),
    step=step,
    reads={
        "from_above": "appointments_from_above",
        "heads": "nomenklatura_heads[branches]:level",
        "others": "nomenklatura_others[branches]:level",
        "confirms": "confirming_body[levels]:organ",
        "turnover": "turnover[levels]",
        "deaths": "deaths_a_year",
        "confidence": "loss_of_confidence",
        "capacity": "appointments_a_month",
        "files": "files_a_month",
        "weeks": "weeks_a_year",
        "candidates": "candidates_a_post",
        "searched": "candidates_a_secretary",
        "settling": "days_before_transfer",
        "from_reserve": "taken_from_reserve",
        "retinue_seen": "retinue_looked_at",
        "k": "weight_of_stake",
        "elected": "removability_of_elected",
        "obedience": "obedience_weight",
        "alarm": "weight_of_alarm",
        "retinue": "weight_of_retinue",
        "other_branch": "cost_of_other_branch",
        "roots": "roots_weight",
        "luck": "luck_of_candidates",
        "joined_before": "gubkom_secretary_seniority_and_approval.party_membership_before",
        "standing": "standing_of_secretaries[levels]",
        "dispensation": "cost_of_dispensation",
        "vetted": "agreement_with_ogpu[branches]",
        "refusal": "refusal_of_ogpu",
        "by_views": "refusal_by_views",
        "proposals": "proposals_to_ogpu",
        "uprooted": "roots_kept_on_transfer",
        "tie_gain": "tie_gain",
        "tie_keeps": "tie_kept_a_week",
        "fear_keeps": "fear_kept_a_week",
    },
)
