"""How a post is filled: whom the controlling office knows, prefers, and ties to itself."""

from __future__ import annotations

from numba import float64, int64, njit, void

from drivebelt import draws
from drivebelt import records as r
from drivebelt.power.state import MOVES, POWER
from drivebelt.power.voting import dependence

CADRES = draws.STREAMS["cadres"]


@njit(cache=True)
def candidate(w, seed, post, week, n, pool, same_area, patron, column, p):
    """The best of `n` candidates drawn from the pool of listed posts, by what the one who fills the post looks for.

    From above: competence, dependence on the Secretariat, tie to the patron, few local roots. From below (`patron` NONE):
    competence and local roots, among people of the same province.
    """
    best, best_score = r.NONE, -1.0e9
    here = w.posts[post]
    for i in range(n):
        other = pool[draws.below(seed, CADRES, draws.key(post, week), i + 1, pool.size)]
        o = w.posts[other]
        if o.holder == r.NONE or other == post or o.branch != here.branch or abs(o.level - here.level) > 1:
            continue
        if same_area and o.area != here.area:
            continue
        s = w.persons[o.holder]
        if s.named:
            continue
        score = s.competence + p.luck * draws.uniform(seed, CADRES, draws.key(other, week), post)
        if patron == r.NONE:
            score += p.roots * s.roots
        else:
            score += p.obedience * dependence(w, o.holder, column, p.k, p.elected) - p.roots * s.roots
        if score > best_score:
            best, best_score = other, score
    return best


@njit(void(POWER, int64, int64, int64, int64, int64), cache=True)
def move(w, person, post, day, by, appointed):
    """Puts a person into a post and writes the move."""
    at = w.count[MOVES]
    if at < w.moves.size:
        row = w.moves[at]
        row.person, row.post, row.day, row.by, row.appointed = person, post, day, by, appointed
        w.count[MOVES] = at + 1
    s, q = w.persons[person], w.posts[post]
    q.holder = person
    s.post, s.since, s.appointed, s.level = post, day, appointed, q.level
    s.apparatus = 1 if q.branch == r.PARTY else 0


@njit(cache=True)
def exchange(w, post, other, day, by, from_above, column, p, stakes):
    """The holder of `other` takes `post`, the old holder takes his place; ties and roots follow.

    A tie goes to whoever controls the post and grows by a share of what is missing; a transfer to another province breaks
    local roots.
    """
    old, new = w.posts[post].holder, w.posts[other].holder
    moved = w.posts[post].area != w.posts[other].area
    move(w, new, post, day, by, 1 if from_above else 0)
    if old != r.NONE:
        move(w, old, other, day, by, 1 if from_above else 0)
    else:
        w.posts[other].holder = r.NONE
    for person in (new, old):
        if person == r.NONE:
            continue
        s = w.persons[person]
        s.stake = stakes[s.level, w.posts[s.post].head]
        if moved:
            s.area = w.posts[s.post].area
            s.roots *= p.uprooted
    if from_above and column != r.NONE:
        w.ties[new, column] += p.tie_gain * (1.0 - w.ties[new, column])
    return new


@njit(void(POWER, float64), cache=True)
def forget(w, factor):
    """A week takes away a part of every tie."""
    for i in range(w.ties.shape[0]):
        for j in range(w.ties.shape[1]):
            w.ties[i, j] *= factor


@njit(void(POWER, float64), cache=True)
def calm(w, factor):
    """A week takes away a part of fear."""
    for i in range(w.persons.size):
        w.persons[i].fear *= factor
