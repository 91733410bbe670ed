"""How a post is filled: whom the controlling office knows, prefers, and ties to itself."""

from __future__ import annotations

from numba import float64, int64, njit, void

from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, STEP
from drivebelt.power.lists import LEVELS
from drivebelt.power.state import MOVES, POWER
from drivebelt.power.voting import dependence, within

CADRES = draws.STREAMS["cadres"]


@njit(**STEP)
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


@njit(void(POWER, int64, int64, int64, int64, int64), **STEP)
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
    s.branch = q.branch


@njit(void(POWER, int64, int64), **STEP)
def empty(w, post, day):
    """Leaves a post without a holder and writes it."""
    at = w.count[MOVES]
    if at < w.moves.size:
        row = w.moves[at]
        row.person, row.post, row.day, row.by, row.appointed = r.NONE, post, day, r.NONE, 0
        w.count[MOVES] = at + 1
    w.posts[post].holder = r.NONE


@njit(void(POWER, int64, int64), **STEP)
def leave(w, person, day):
    """An official leaves his post and stands at the disposal of those who fill posts."""
    s = w.persons[person]
    if s.post == r.NONE:
        return
    empty(w, s.post, day)
    s.post, s.since, s.appointed, s.apparatus, s.stake = r.NONE, day, 0, 0, 0.0


@njit(**STEP)
def enter(w, person, post, day, by, appointed, stakes, p):
    """Puts a person into an empty post; returns the one he leaves, or NONE. A transfer to another province breaks roots."""
    s = w.persons[person]
    old, before = s.post, s.area
    if old != r.NONE:
        empty(w, old, day)
    move(w, person, post, day, by, appointed)
    s.stake = stakes[s.level, w.posts[post].head]
    s.area = w.posts[post].area
    if s.area != before:
        s.roots *= p.uprooted
    return old


@njit(void(POWER, int64, int64, float64), **STEP)
def owe(w, person, column, gain):
    """A post given ties to whoever controls it: a share of what is missing."""
    if column != r.NONE:
        w.ties[person, column] += gain * (1.0 - w.ties[person, column])


@njit(void(POWER, int64, int64, float64), **INNER)
def walk_under(w, person, chief, gain):
    """A post given by the secretary of the province: the official walks under him, or goes on to do so."""
    s = w.persons[person]
    if chief == r.NONE or chief == person:
        return
    if s.patron == chief:
        s.walks += gain * (1.0 - s.walks)
    elif gain > s.walks:
        s.patron, s.walks = chief, gain


@njit(**INNER)
def years_short(s, q, day_year, p):
    """By how many years a person's party standing is too short for a secretary's post; 0 where it is not."""
    if not q.head or q.branch != r.PARTY:
        return 0
    need = 0
    if q.level <= r.GUBERNIA and p.joined_before > 0:
        need = max(s.seniority - (int(p.joined_before) - 1), 0)
    return max(need, int(p.standing[q.level]) - (day_year - s.seniority), 0)


@njit(**INNER)
def looked_at(w, pools, seed, post, day, week, c, above, p):
    """The c-th person looked at for a post, or NONE: first the retinue of the secretary, then people of the branch and the reserve,
    a level up or down; from above anywhere, on the spot in the same province where it has any. Nobody who serves is moved down or
    soon after he came, and only heads of bodies are moved to a post of the same rank, by the Centre."""
    q = w.posts[post]
    key = draws.key(post, week)
    slot, areas = pools.slots[q.area], pools.chiefs.size
    people, first, last = pools.retinue, pools.retinue_at[slot], pools.retinue_at[slot + 1]
    if c >= p.retinue_seen:
        highest, lowest = max(q.level - 1, r.REGION), min(q.level + 1, r.UEZD)
        level = highest + draws.below(seed, CADRES, key, c + c + LEVELS, lowest - highest + 1)
        low, high = (0, areas) if above else (slot, slot + 1)
        if draws.uniform(seed, CADRES, key, c + c + LEVELS + 1) < p.from_reserve:
            cell = level * areas
            if pools.reserve_at[cell + high] <= pools.reserve_at[cell + low]:
                low, high = 0, areas
            people, first, last = pools.reserve, pools.reserve_at[cell + low], pools.reserve_at[cell + high]
        else:
            cell = (q.branch * LEVELS + level) * areas
            people, first, last = pools.serving, pools.serving_at[cell + low], pools.serving_at[cell + high]
    if last <= first:
        return r.NONE
    person = people[first + draws.below(seed, CADRES, draws.key(key, c), 0, last - first)]
    s = w.persons[person]
    if s.gone or s.post == post or abs(s.level - q.level) > 1:
        return r.NONE
    if s.post != r.NONE:
        if s.since > 0 and day - s.since < p.settling:
            return r.NONE
        gain = rank(w.posts[post]) - rank(w.posts[s.post])
        if s.branch != q.branch or gain < 0 or (gain == 0 and not (above and q.head)):
            return r.NONE
    return person


@njit(**STEP)
def rank(q):
    """Rank of a post: by level, and the head of a body above the others of it."""
    return (r.CELL - q.level) * 2 + q.head


@njit(**STEP)
def choose(w, pools, seed, post, day, week, year, above, column, alarm, barred, p):
    """The best of those looked at, by what the one who fills the post looks for.

    From above: competence, dependence on the Secretariat and tie as far as the file tells of them, few local roots; the weight of
    dependence rises with `alarm`. On the spot: competence and local roots. Both: whoever walks under the secretary there.
    """
    q = w.posts[post]
    chief = pools.chiefs[pools.slots[q.area]]
    best, best_score = r.NONE, draws.LOWEST
    searched = p.joined_before > 0 and q.head and q.branch == r.PARTY and q.level <= r.GUBERNIA
    for c in range(int(p.retinue_seen + (p.searched if searched else p.candidates))):
        person = looked_at(w, pools, seed, post, day, week, c, above, p)
        if person == r.NONE or within(barred, person):
            continue
        s = w.persons[person]
        known = s.file if above else 1.0
        score = known * s.competence + p.luck * draws.uniform(seed, CADRES, draws.key(person, week), post)
        if above:
            tie = w.ties[person, column] if column != r.NONE else 0.0
            removable = 1.0 if s.appointed else p.elected
            dependent = 1.0 - (1.0 - known * tie) * (1.0 - p.k * s.stake * removable)
            score += p.obedience * (1.0 + p.alarm * alarm) * dependent - p.roots * s.roots
        else:
            score += p.roots * s.roots
        if chief != r.NONE and s.patron == chief:
            score += p.retinue * s.walks
        if years_short(s, q, year, p) > 0:
            score -= p.dispensation
        if s.branch != q.branch:
            score -= p.other_branch
        if score > best_score:
            best, best_score = person, score
    return best


@njit(**STEP)
def complete_files(w, most, complete):
    """Completes the files of at most so many holders of listed posts, the highest first; returns how many."""
    done = 0
    for level in range(r.REGION, r.VOLOST):
        for post in range(w.posts.size):
            q = w.posts[post]
            if done == most:
                return done
            if q.listed and q.level == level and q.holder != r.NONE and w.persons[q.holder].file < complete:
                w.persons[q.holder].file = complete
                done += 1
    return done


@njit(**STEP)
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


@njit(void(POWER, float64), **STEP)
def forget(w, factor):
    """A week takes away a part of every tie, to patrons of the Centre and to local ones."""
    for i in range(w.ties.shape[0]):
        for j in range(w.ties.shape[1]):
            w.ties[i, j] *= factor
        w.persons[i].walks *= factor


@njit(void(POWER, float64), **STEP)
def calm(w, factor):
    """A week takes away a part of fear."""
    for i in range(w.persons.size):
        w.persons[i].fear *= factor
