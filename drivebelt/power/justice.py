"""A charge against a communist: whom the committee would keep out of court, and whether the court heeds it."""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, KERNEL, STEP
from drivebelt.power.voting import dependence

JUSTICE = draws.STREAMS["justice"]
DIRECTIVE, INFORMED, COMMON = range(3)
"""What the committee's opinion is to the court: a directive; advice that it must ask for; nothing that it need ask for."""

CASE = np.dtype(
    [("person", "i4"), ("place", "i4"), ("above", "i1"), ("kept", "i1"), ("led", "i1"), ("vouched", "i1"), ("guilty", "i1"),
     ("heard", "i1")]
)  # fmt: skip
"""One charge against an official. `above`: it goes a level up; `kept`: the committee would keep him out of court; `led`: the
court does as the committee wishes; `guilty`: how it ends."""
COUNTED = np.dtype([("charged", "i4"), ("kept", "i4"), ("vouched", "i4"), ("led", "i4"), ("doomed", "i4"), ("guilty", "i4")])
"""A month's charges against the rank and file of an area. `led`: freed because the committee wished it; `doomed`: convicted because
it did not stand in the way of a court that went by its word; `guilty`: convicted by the court itself."""


@njit(**STEP)
def regime(p):
    """Which of the three orders is in force."""
    if p.common > 0.0:
        return COMMON
    if p.directive > 0.0:
        return DIRECTIVE
    return INFORMED if p.inform > 0.0 else COMMON


@njit(**INNER)
def keeps(w, accused, secretary, column, key, seed, p):
    """Whether the secretary of a committee (at the Centre, whoever heads the Secretariat) would keep an official out of court.

    For it speak ties to one patron, common roots and what the accused is worth as a worker; against it the gravity of the charge,
    which is a draw. Nobody lets himself be brought to court.
    """
    s = w.persons[accused]
    x = p.by_competence * s.competence - draws.uniform(seed, JUSTICE, key, 0)
    bond = 0.0
    if column != r.NONE:
        bond = w.ties[accused, column]
    elif secretary != r.NONE:
        for c in range(w.patrons.size):
            bond = max(bond, w.ties[accused, c] * w.ties[secretary, c])
        x += p.by_roots * s.roots * w.persons[secretary].roots
    return x + p.by_bond * bond > 0.0 or secretary == accused


@njit(**INNER)
def heeds(w, order, chairman, column, responsible, p):
    """How likely the court is to do what the committee wants: always under a directive; else more, the more its chairman depends
    on the Secretariat, and more where a commission of the committee has heard the case of a responsible worker."""
    if order == DIRECTIVE:
        return 1.0
    owed = dependence(w, chairman, column, p.k, p.elected) if chairman != r.NONE else 0.0
    if order == COMMON:
        return p.heeds_unasked * owed
    x = p.heeds + (1.0 - p.heeds) * owed
    if responsible and p.commission > 0.0:
        x += (1.0 - x) * p.weight_of_commission
    return x


@njit(**STEP)
def guarantors(p, q):
    """The chance of finding as many guarantors as the rule asks, each with chance q; none where they no longer free anybody."""
    if p.guarantors <= 0.0 or p.common > 0.0:
        return 0.0
    out = 1.0
    for _ in range(int(p.guarantors)):
        out *= q
    return out


@njit(**INNER)
def convicts(p):
    """The chance that a court left to itself convicts."""
    return p.merits + (1.0 - p.merits) * p.harsher * (p.no_mitigation > 0.0)


@njit(**KERNEL)
def officials(k, w, seed, month, months, area_of, courts, column, secretary, p):
    """The month's charges against holders of posts from the regions down to the districts."""
    order = regime(p)
    out = np.zeros(w.persons.size, CASE)
    n = 0
    for i in range(w.persons.size):
        s = w.persons[i]
        if s.post == r.NONE or s.level <= r.CENTRE or s.level >= r.VOLOST or s.named or s.area == r.NONE:
            continue
        if draws.uniform(seed, JUSTICE, i, month) >= p.charged_officials / months:
            continue
        place, post = area_of[s.area], w.posts[s.post]
        if place == r.NONE or courts[place] == r.NONE:
            continue
        above = post.head and s.level <= r.GUBERNIA and post.branch == r.PARTY and (p.higher > 0 or p.sanction > 0)
        head = secretary if above else k.organs[w.areas[place]].head
        court = r.NK_JUSTICE if above else courts[place]
        key = draws.key(i, month)
        c = out[n]
        n += 1
        c.person, c.place, c.above = i, place, above
        c.kept = keeps(w, i, head, column if above else r.NONE, key, seed, p)
        c.heard = draws.uniform(seed, JUSTICE, key, 1) < heeds(w, order, k.organs[court].head, column, True, p)
        c.led = c.heard and (c.kept or order == DIRECTIVE)
        chance = guarantors(p, p.vouches + (1.0 - p.vouches) * s.roots)
        c.vouched = c.kept and draws.uniform(seed, JUSTICE, key, draws.S2) < chance
        alone = draws.uniform(seed, JUSTICE, key, draws.S3) < convicts(p) * (p.mild if c.vouched else 1.0)
        c.guilty = not c.kept if c.led else alone
    return out[:n]


@njit(**KERNEL)
def rank_and_file(k, w, seed, month, months, there, courts, column, p):
    """The month's charges against members without a responsible post, by area."""
    order = regime(p)
    out = np.zeros(w.areas.size, COUNTED)
    for a in range(w.areas.size):
        if courts[a] == r.NONE:
            continue
        key = draws.key(draws.key(w.areas[a], JUSTICE), month)
        c = out[a]
        n = int(there[a] * p.charged_members / months + draws.uniform(seed, JUSTICE, key, 0))
        head = k.organs[w.areas[a]].head
        share = p.kept_members + (p.by_roots * w.persons[head].roots if head != r.NONE else 0.0)
        kept = min(n, int(n * share + draws.uniform(seed, JUSTICE, key, 1))) if order != COMMON else 0
        vouched = min(kept, int(kept * guarantors(p, p.vouches) + draws.uniform(seed, JUSTICE, key, draws.S2)))
        heard = heeds(w, order, k.organs[courts[a]].head, column, False, p)
        led = min(kept, int(kept * heard + draws.uniform(seed, JUSTICE, key, draws.S3)))
        doomed = n - kept if order == DIRECTIVE else 0
        rest = n - led - doomed
        mild = min(rest, max(vouched - led, 0))
        guilty = int((rest - mild + mild * p.mild) * convicts(p) + draws.uniform(seed, JUSTICE, key, draws.S4))
        c.charged, c.kept, c.vouched, c.led, c.doomed, c.guilty = n, kept, vouched, led, doomed, min(rest, guilty)
        w.convicted[a] += doomed + min(rest, guilty)
    return out
