"""What a person stands to lose, what a no would cost him, and how he votes."""

from __future__ import annotations

from numba import boolean, float64, int32, int64, njit, types

from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, KERNEL, PART, STEP
from drivebelt.power.state import POWER

VOTE = draws.STREAMS["votes"]


@njit(float64(POWER, int64, int64, float64, float64), **STEP)
def dependence(w, i, column, k, elected):
    """D = 1 - (1 - tie)(1 - k stake removability); `column` the patron who heads the Secretariat, `elected` the removability of
    an elected post (an appointed one has 1)."""
    s = w.persons[i]
    removable = 1.0 if s.appointed else elected
    tie = w.ties[i, column] if column >= 0 else 0.0
    return 1.0 - (1.0 - tie) * (1.0 - k * s.stake * removable)


@njit(float64(float64, float64, float64), **INNER)
def nearer(view, text, rival):
    """How much nearer a text is than its rival, on one axis (difference of squared distances)."""
    return (view - rival) * (view - rival) - (view - text) * (view - text)


@njit(float64(POWER, int64, float64, float64, float64, float64, float64), **INNER)
def gain(w, i, p0, p1, q0, q1, regime):
    """How much nearer the proposal p is than the status quo q to person i; `regime` weighs the first axis."""
    s = w.persons[i]
    return regime * nearer(s.regime, p0, q0) + (1.0 - regime) * nearer(s.economy, p1, q1)


@njit(float64(int64, int64, int64, int64, float64), **INNER)
def logistic_noise(seed, stream, a, b, scale):
    """A draw from a logistic distribution, by the odds of a uniform draw cut at one in a thousand and made linear in its logit
    by a rational approximation (no function of the machine's library)."""
    u = min(max(draws.uniform(seed, stream, a, b), 0.001), 0.999)
    x = u + u - 1.0
    return scale * (x + x) * (1.0 + 0.32 * x * x + 0.9 * x**8) / (1.0 - 0.3 * x * x)


@njit(float64(POWER, int64, int64, int64, float64, float64), **INNER)
def pressure(w, i, body, column, k, elected):
    """Dependence times the risk of a single no, f / (f + noes expected): the fewer say no, the more exposed the one who does."""
    f = w.persons[i].fear
    return dependence(w, i, column, k, elected) * f / (f + w.noes[body] + 0.02)


@njit(float64(POWER, int64, int64), **INNER)
def tie_to(w, i, patron):
    """Tie of person i to a patron by his person number."""
    for j in range(w.patrons.size):
        if w.patrons[j] == patron:
            return w.ties[i, j]
    return 0.0


@njit(int64(POWER, int64), **STEP)
def column_of(w, person):
    """Column of a patron, or NONE."""
    for j in range(w.patrons.size):
        if w.patrons[j] == person:
            return j
    return r.NONE


@njit(boolean(int32[::1], int64), **PART)
def within(members, person):
    """Whether a person is among the members."""
    found = False
    for m in members:
        found |= m == person
    return found


@njit(types.UniTuple(float64, 2)(POWER, int32[::1]), **KERNEL)
def mean_view(w, members):
    """Where the members stand on average, on the two axes."""
    p0, p1 = 0.0, 0.0
    for m in members:
        p0 += w.persons[m].regime
        p1 += w.persons[m].economy
    n = max(members.size, 1)
    return p0 / n, p1 / n
