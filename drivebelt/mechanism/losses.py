"""Losses: a secret paper that did not arrive is looked into by the body that sent it.

Open papers that are lost are lost, and nobody asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.compilation import STEP
from drivebelt.mechanism import Mechanism

if TYPE_CHECKING:
    from drivebelt.world import World

INVESTIGATE = r.ACT["investigate"]


@njit(**STEP)
def look_into(k, day, investigated):
    """Notices what is missing; `investigated` is 1 where the rule that every leak is looked into is in force."""
    n = d.take(k, d.LOOKING, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.ALL)
        s = k.pool[slot]
        if s.grade >= r.SECRET and investigated > 0:
            d.act(
                k, day, INVESTIGATE, s.matter, s.document, s.copy, s.sender, k.organs[s.sender].head, s.organ, s.person, r.NONE,
                r.NONE, s.grade, s.cause, r.NONE, 1,
            )  # fmt: skip
        d.release(k, slot, r.LOST)


def step(w: World, day: int, p: Any) -> None:
    """Looks into the losses noticed today."""
    if not d.due(w.desk, d.LOOKING, day):
        return
    listed = w.listed(d.LOOKING, day)
    w.room(acts=listed, copies=listed)
    look_into(w.desk, day, p.investigated)


MECHANISM = Mechanism(
    name="losses",
    phase="registry",
    about="A secret paper that did not arrive is looked into; since August 1924 by rule.",
    section="I.2",
    explains="That a lost paper is followed by an inquiry, in most cases without a culprit.",
    emits=("investigate",),
    step=step,
    reads={"investigated": "leak_investigation"},
)
