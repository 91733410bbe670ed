"""Cadres: posts fall vacant, and the accounting and distribution department of the Secretariat fills as many as it can.

What it does not reach is filled on the spot. Whoever controls the office that fills a post is owed something by the one who gets
it; a transfer breaks local roots. Nobody sets loyalty: it goes to whoever holds the office that day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power.appointing import calm, candidate, exchange, forget
from drivebelt.power.voting import dependence

if TYPE_CHECKING:
    from drivebelt.world import World

CADRES = draws.STREAMS["cadres"]
CALENDAR, APPOINT, ELECT = (r.ACT[name] for name in ("calendar", "appoint", "elect"))


@njit(cache=True)
def fall_vacant(w, k, seed, day, week, turnover, weeks):
    """Listed posts that fall vacant this week, the highest first."""
    out = np.empty(w.posts.size, np.int32)
    n = 0
    for level in range(r.REGION, r.VOLOST):
        for post in range(w.posts.size):
            q = w.posts[post]
            if q.listed and q.level == level and q.holder != r.NONE and not w.persons[q.holder].named:
                o = k.organs[q.organ]
                if o.opens <= day < o.closes and draws.uniform(seed, CADRES, post, week) < turnover[level] / weeks:
                    out[n] = post
                    n += 1
    return out[:n]


@njit(cache=True)
def listed_posts(w):
    """All posts on the list of the Centre, from which candidates come."""
    out = np.empty(w.posts.size, np.int32)
    n = 0
    for post in range(w.posts.size):
        if w.posts[post].listed:
            out[n] = post
            n += 1
    return out[:n]


@njit(cache=True)
def fill(k, w, seed, day, week, about, root, vacant, pool, reached, patrons, columns, secretary, stakes, p):
    """Fills the vacant posts: the first `reached` from above, the others on the spot. One act for each."""
    for i in range(vacant.size):
        post = vacant[i]
        q = w.posts[post]
        above = i < reached
        patron = patrons[q.office] if above else r.NONE
        other = candidate(w, seed, post, week, int(p.candidates), pool, not above, patron, secretary, p)
        if other == r.NONE:
            continue
        by = r.UCHRASPRED if above else q.organ
        exchange(w, post, other, day, by, above, columns[q.office] if above else r.NONE, p, stakes)
        announce(k, w, day, about, root, by, above, post)
        announce(k, w, day, about, root, by, above, other)


@njit(cache=True)
def announce(k, w, day, about, root, by, above, post):
    """The act by which a person enters a post; the first post of a body is its head's."""
    q = w.posts[post]
    if q.holder == r.NONE:
        return
    if q.head:
        k.organs[q.organ].head = q.holder
    d.act(
        k, day, APPOINT if above else ELECT, about, r.NONE, r.NONE, by, r.NONE, q.organ, q.holder, r.NONE, r.NONE,
        r.SECRET if above else r.OPEN, root, post, 1,
    )  # fmt: skip


def step(w: World, day: int, p: Any) -> None:
    """Once a week: ties and fear fade, posts fall vacant and are filled."""
    if w.desk.count[d.MONTH_DAY] == 1:
        _sample(w, day, p)
    if w.desk.count[d.WEEKDAY] != 0:
        return
    power, week = w.power, day // r.DAYS_PER_WEEK
    forget(power, p.tie_keeps)
    calm(power, p.fear_keeps)
    vacant = fall_vacant(power, w.desk, w.seed, day, week, p.turnover, p.weeks)
    w.room(acts=vacant.size + vacant.size + 1, matters=1)
    about = d.matter(w.desk, day, r.DOMAIN["cadres"], w.subject("cadres", 0), r.NONE, r.UCHRASPRED, r.NONE)
    no = r.NONE
    root = d.act(w.desk, day, CALENDAR, about, no, no, r.UCHRASPRED, no, no, no, no, no, r.SECRET, no, vacant.size, 1)
    reached = int(p.capacity * r.MONTHS_PER_YEAR / p.weeks) if p.from_above > 0 else 0
    patrons, columns = w.patrons_of_offices(day)
    fill(
        w.desk, power, w.seed, day, week, about, root, vacant, listed_posts(power), reached, patrons, columns, w.secretary(day),
        w.stakes, p,
    )  # fmt: skip


def _sample(w: World, day: int, p: Any) -> None:
    """Dependence of secretaries and of all listed officials, and the share of posts owed, on the first of a month."""
    power, column = w.power, w.secretary(day)
    listed = (power.posts["listed"] == 1) & (power.posts["holder"] >= 0)
    for scope, which in (
        ("officials", listed),
        ("secretaries", listed & (power.posts["head"] == 1) & (power.posts["branch"] == r.PARTY)),
    ):
        who = power.posts["holder"][which]
        w.sample("dependence", day, scope, float(mean_dependence(power, who, column, p.k, p.elected)))
        w.sample("posts-owed", day, scope, float(np.count_nonzero(power.persons["appointed"][who])) / max(who.size, 1))


@njit(cache=True)
def mean_dependence(w, who, column, k, elected):
    """Mean of D over persons, added in the order of the list."""
    total = 0.0
    for i in who:
        total += dependence(w, i, column, k, elected)
    return total / max(who.size, 1)


MECHANISM = Mechanism(
    name="cadres",
    phase="cadres",
    about="Posts of the list are filled by the Secretariat's department as far as it reaches, the others on the spot; ties follow.",
    section="I.2",
    emits=("calendar", "appoint", "elect"),
    step=step,
    reads={
        "from_above": "appointments_from_above",
        "turnover": "turnover[levels]",
        "capacity": "appointments_a_month",
        "weeks": "weeks_a_year",
        "candidates": "candidates_a_post",
        "k": "weight_of_stake",
        "elected": "removability_of_elected",
        "obedience": "obedience_weight",
        "roots": "roots_weight",
        "luck": "luck_of_candidates",
        "uprooted": "roots_kept_on_transfer",
        "tie_gain": "tie_gain",
        "tie_keeps": "tie_kept_a_week",
        "fear_keeps": "fear_kept_a_week",
    },
)
