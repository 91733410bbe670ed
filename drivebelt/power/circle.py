"""Who forms the informal circle: members admit whoever makes their majority safer by more than he dilutes it.

A coalition forms against the member who is felt as the greatest threat. Every member of it may defect, the likelier the farther
he stands from the others; every one outside may side with it. What it is worth to a member is the chance that it carries the body,
times what he keeps (his place, which weighs more the more fear there is) and his share of what there is to divide. Where spoils are
hardly rivals (what is won is the course, which all have) the circle takes in more than it needs.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt.compilation import INNER, KERNEL, STEP


@njit(**KERNEL)
def distances(views):
    """Distance between every two members, (n, n), as the sum over the axes."""
    n = views.shape[0]
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            out[i, j] = abs(views[i, 0] - views[j, 0]) + abs(views[i, 1] - views[j, 1])
    return out


@njit(**INNER)
def threat_of(apart, resources, votes):
    """The member who has most beyond the strongest who balances him, times how far he stands from the others; and how much."""
    n = votes.size
    worst, felt = -1, 0.0
    for j in range(n):
        balance, distance, others = 0.0, 0.0, 0
        for i in range(n):
            if i != j and votes[i]:
                balance = max(balance, resources[i])
                distance += apart[j, i]
                others += 1
        if votes[j] and others > 0 and (resources[j] - 0.7 * balance) * distance / others > felt:
            worst, felt = j, (resources[j] - 0.7 * balance) * distance / others
    return worst, felt


@njit(**KERNEL)
def chance(inside, threat, apart, resources, votes, closeness, half_vote, defection, weight):
    """Chance that the coalition has more than half of the votes: each votes by himself (Poisson binomial)."""
    n = votes.size
    own, every, size, voters = 0.0, 0.0, 0, 0
    for i in range(n):
        every += resources[i]
        own += resources[i] if inside[i] else 0.0
        size += 1 if inside[i] else 0
        voters += 1 if votes[i] else 0
    have = np.zeros(voters + 1)
    have[0] = 1.0
    for i in range(n):
        if not votes[i]:
            continue
        off = 0.0
        for j in range(n):
            if inside[j] and j != i:
                off += apart[i, j]
        off /= max(size - (1 if inside[i] else 0), 1)
        yes = 0.0
        if inside[i]:
            yes = 1.0 - defection * (1.0 + closeness * off)
        elif i != threat and size > 0:
            yes = half_vote + closeness * (apart[i, threat] - off) + weight * (own + own - every) / max(every, 1e-9)
        yes = min(max(yes, 0.0), 1.0)
        for v in range(voters, 0, -1):
            have[v] = have[v] * (1.0 - yes) + have[v - 1] * yes
        have[0] *= 1.0 - yes
    out = 0.0
    for v in range(voters + 1):
        if v + v > voters:
            out += have[v]
    return out


@njit(**STEP)
def share(size, rivalry):
    """One member's share of the spoils: all of them where they are no rivals (0), an equal part where they are (1)."""
    return 1.0 / (1.0 + rivalry * (size - 1))


@njit(**KERNEL)
def form(views, resources, votes, old, fear, trouble, closeness, half_vote, defection, weight, place, loss, rivalry):
    """Which members combine, and against whom: (n,) and a place, -1 where nobody does.

    `views` (n, 2); `resources` (n,) in [0, 1]; `votes`: who has a vote in the body (the others bring a say only); `old`: who is in
    the circle already; `fear` in [0, 1]; `place`: what keeping one's place is worth beside what there is to divide; `loss`: what
    it costs to be left out by a winning circle; `rivalry`: how far spoils shared by one more are less for each.
    """
    n = votes.size
    inside = np.zeros(n, np.bool_)
    apart = distances(views)
    threat, felt = threat_of(apart, resources, votes)
    if n < 3 or threat < 0:
        return inside, -1
    kept = 0
    for i in range(n):
        inside[i] = old[i] and i != threat
        kept += 1 if inside[i] else 0
    if kept < 2 or old[threat]:
        inside[:] = False
        founder = -1
        for i in range(n):
            if votes[i] and i != threat and (founder < 0 or resources[i] > resources[founder]):
                founder = i
        inside[founder] = True
    size = 0
    for i in range(n):
        size += 1 if inside[i] else 0
    now = chance(inside, threat, apart, resources, votes, closeness, half_vote, defection, weight)
    while True:
        best, best_gain, best_chance = -1, 0.0, 0.0
        for i in range(n):
            if inside[i] or i == threat:
                continue
            off = 0.0
            for j in range(n):
                off += apart[i, j] if inside[j] else 0.0
            off *= closeness / size
            inside[i] = True
            then = chance(inside, threat, apart, resources, votes, closeness, half_vote, defection, weight)
            inside[i] = False
            keeps = place + fear
            with_him = then * (keeps + share(size + 1, rivalry))
            members = with_him - now * (keeps + share(size, rivalry)) - trouble * off
            joins = with_him - off * felt + now * loss * (1.0 + fear)
            if joins > 0.0 and (members > best_gain or (size < 2 and best < 0)):
                best, best_gain, best_chance = i, members, then
        if best < 0:
            break
        inside[best] = True
        size += 1
        now = best_chance
    nobody = np.zeros(n, np.bool_)
    before = chance(nobody, threat, apart, resources, votes, closeness, half_vote, defection, weight)
    if size < 2 or (now - before) * felt <= trouble:
        return nobody, -1
    return inside, threat


@njit(**STEP)
def following(w, heads, column):
    """Mean tie to a patron over the secretaries of areas, added in their order."""
    total, n = 0.0, 0
    for head in heads:
        if head >= 0:
            total += w.ties[head, column]
            n += 1
    return total / max(n, 1)
