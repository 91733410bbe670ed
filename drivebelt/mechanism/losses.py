"""Losses: a secret paper that did not arrive is looked into by the body that sent it.

Open papers that are lost are lost, and nobody asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.mechanism import Mechanism

if TYPE_CHECKING:
    from drivebelt.world import World

INVESTIGATE = r.ACT["investigate"]


@njit(cache=True)
def look_into(k, day, investigated):
    """Notices what is missing; `investigated` is 1 where the rule that every leak is looked into is in force."""
    slot = d.take(k, d.LOOKING, day)
    while slot != r.NONE:
        following = k.links[slot, d.LOOKING]
        s = k.pool[slot]
        if s.grade >= r.SECRET and investigated > 0:
            d.act(
                k, day, INVESTIGATE, s.matter, s.document, s.copy, s.sender, k.organs[s.sender].head, s.organ, s.person, r.NONE,
                r.NONE, s.grade, s.cause, r.NONE, 1,
            )  # fmt: skip
        d.release(k, slot, r.LOST)
        slot = following


def step(w: World, day: int, p: Any) -> None:
    """Looks into the losses noticed today."""
    listed, _ = w.listed(d.LOOKING, day)
    w.room(acts=listed, copies=listed)
    look_into(w.desk, day, p.investigated)


MECHANISM = Mechanism(
    name="losses",
    phase="registry",
    about="A secret paper that did not arrive is looked into; since August 1924 by rule.",
    section="I.2",
    emits=("investigate",),
    step=step,
    reads={"investigated": "leak_investigation"},
)
