"""What those who lead can do about a statement: have it condemned, bargain for a joint text, open a discussion.

A plenum that condemns withholds the text (`plenum_condemns_and_hides_texts`, `secretariat_bans_articles`). A joint text binds who
signs it. In a discussion emissaries go where the worst is expected (`emissaries_orient_local_committees`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism.disputes import NO, Arena
from drivebelt.power.opposing import against_condemning, cost, distance, hope
from drivebelt.power.state import BOUND, DISSENTS, DONE, OPEN, QUIET, SETTLED
from drivebelt.world import provinces

STREAM = draws.STREAMS["opposition"]
AGREE, CONDEMN, EMISSARY, LEAVE, RESOLVE = (
    r.ACT[name] for name in ("agree", "condemn", "send-emissary", "open-discussion", "resolve")
)


def condemn(a: Arena, number: int) -> None:
    """A plenum votes on the statement; if it is not condemned, its text is carried."""
    w, p, power = a.w, a.p, a.w.power
    dispute = power.disputes[number]
    people = a.committee
    against = int(np.count_nonzero(against_condemning(power, w.seed, number, people, a.column, p)))
    masked = a.author == r.CIRCLE
    dispute["cause"] = a.act(number, CONDEMN, a.author if masked else r.CC, a.spokesman, r.CC, against, name=r.CC)
    power.noes[r.CC] += p.learning * (against / max(people.size, 1) - power.noes[r.CC])
    power.lesson[:] = against / max(people.size, 1), 1.0
    if against + against > people.size:
        _move_course(a, (float(dispute["regime"]), float(dispute["economy"])))
        dispute["stage"], dispute["ended"] = DONE, a.day
        return
    dispute["hidden"] = 1 + int(p.hides > 0 or p.bans > 0)


def _move_course(a: Arena, text: tuple[float, float]) -> None:
    """A text that is carried draws the course towards it."""
    course = a.w.power.course
    course += a.p.course_weight * (np.array(text) - course)


def joint_text(a: Arena, number: int) -> bool:
    """Bargaining for unanimity: a text so far towards his own that its author would rather sign it than go on alone."""
    w, p, power = a.w, a.p, a.w.power
    dispute = power.disputes[number]
    dispute["tried"] = 1
    i = int(dispute["author"])
    c = power.dissent[i]
    if c["status"] != DISSENTS:
        return False
    before = c.copy()
    joint = (
        float(power.course[0] + p.concession * (dispute["regime"] - power.course[0])),
        float(power.course[1] + p.concession * (dispute["economy"] - power.course[1])),
    )
    c["known_regime"], c["known_economy"] = joint
    c["grievance"] *= 1.0 - p.appeased
    one = np.array([i])
    hoped = hope(power, w.seed, i, a.people, (float(dispute["regime"]), float(dispute["economy"])), p)
    want = float((distance(power, one, p) + c["grievance"])[0] * hoped * a.hearing(one)[0])
    if want > float(cost(power, w.seed, one, a.column, hoped, int(dispute["signers"]), p)[0]):
        power.dissent[i] = before
        return False
    agreed = a.act(number, AGREE, a.author, a.spokesman, NO, NO, to=i, channel=r.ORAL, recorded=0)
    dispute["cause"] = a.act(
        number, RESOLVE, a.author, a.spokesman, r.CC, 0, name=r.POLITBURO, cause=agreed, grade=r.OPEN
    )  # fmt: skip
    _move_course(a, joint)
    known = power.dissent["heard"] == number
    power.dissent["known_regime"][known], power.dissent["known_economy"][known] = joint
    signed = (power.dissent["signed"] == number) & (power.dissent["status"] == DISSENTS)
    power.dissent["status"][signed] = QUIET
    c["status"] = BOUND
    dispute["stage"], dispute["ended"] = SETTLED, a.day
    return True


def open_discussion(a: Arena, number: int, side: npt.NDArray[np.float64]) -> None:
    """The discussion is sanctioned from above; emissaries go where the worst is expected, all secretaries are instructed."""
    w, p, power = a.w, a.p, a.w.power
    dispute = power.disputes[number]
    dispute["stage"], dispute["opened"] = OPEN, a.day
    dispute["cause"] = a.act(number, LEAVE, a.author, a.spokesman, r.CC, int(dispute["signers"]), name=r.POLITBURO, grade=r.OPEN)
    if p.emissaries <= 0:
        return
    error = p.error * draws.normals(w.seed, STREAM, power.areas.astype(np.int64), number)
    worst = np.argsort(np.where(provinces.areas_open(w, a.day), side + error, float(r.PERCENT)), kind="stable")[: int(p.emissaries)]
    loyal = a.committee[(power.dissent["status"][a.committee] == QUIET) & (a.committee != a.head)]
    if loyal.size == 0:
        return
    order = loyal[np.argsort(draws.uniforms(w.seed, STREAM, loyal, draws.key(number, r.SECRETARIAT)), kind="stable")]
    for n, area in enumerate(worst.tolist()):
        a.act(number, EMISSARY, r.SECRETARIAT, a.head, int(power.areas[area]), NO, to=int(order[n % order.size]))
        power.emissary[area] = order[n % order.size]
