"""A charge against a communist: whom the committee would keep out of court, and whether the court heeds it."""

from __future__ import annotations

from numba import njit

from drivebelt import draws
from drivebelt import records as r
from drivebelt.power.voting import dependence

JUSTICE = draws.STREAMS["justice"]
DIRECTIVE, INFORMED, COMMON = range(3)
"""What the committee's opinion is to the court: a directive; advice that it must ask for; nothing that it may heed."""


@njit(cache=True)
def regime(p):
    """Which of the three orders is in force."""
    if p.common > 0.0:
        return COMMON
    if p.directive > 0.0:
        return DIRECTIVE
    return INFORMED if p.inform > 0.0 else COMMON


@njit(cache=True)
def shared_patron(w, i, j):
    """How far two people stand under the same patron: the largest product of their ties to one."""
    best = 0.0
    for c in range(w.patrons.size):
        best = max(best, w.ties[i, c] * w.ties[j, c])
    return best


@njit(cache=True)
def keeps(w, accused, secretary, column, key, seed, p):
    """Whether the secretary of a committee (at the Centre, whoever heads the Secretariat) would keep an official out of court.

    For it speak ties to one patron, common roots and what the accused is worth as a worker; against it the gravity of the charge,
    which is a draw.
    """
    s = w.persons[accused]
    x = p.by_competence * s.competence - draws.uniform(seed, JUSTICE, key, 0)
    if column != r.NONE:
        x += p.by_bond * w.ties[accused, column]
    elif secretary == accused:
        return True
    elif secretary != r.NONE:
        x += p.by_bond * shared_patron(w, accused, secretary) + p.by_roots * s.roots * w.persons[secretary].roots
    return x > 0.0


@njit(cache=True)
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


@njit(cache=True)
def guarantors(p, q):
    """The chance of finding as many guarantors as the rule asks, each with chance q; none where they no longer free anybody."""
    if p.guarantors <= 0.0 or p.common > 0.0:
        return 0.0
    out = 1.0
    for _ in range(int(p.guarantors)):
        out *= q
    return out


@njit(cache=True)
def convicts(p):
    """The chance that a court left to itself convicts."""
    x = p.merits
    if p.no_mitigation > 0.0:
        x += (1.0 - x) * p.harsher
    return x
