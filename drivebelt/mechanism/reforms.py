"""Reforms: territories open, close and come under another body; papers of a closed body go to its heir."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.mechanism import Mechanism

if TYPE_CHECKING:
    from drivebelt.world import World

HAPPEN, REFORM = r.ACT["outside-event"], r.ACT["reform"]


def step(w: World, day: int, p: Any) -> None:
    """Carries out the changes of the tree that fall on this day, one act for each body concerned."""
    change = w.reform(day)
    if change is None:
        return
    concerned = [*change.opened, *change.closed, *(organ for organ, _ in change.moved)]
    w.room(acts=len(concerned) + 1, matters=1)
    about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("reform", 0), r.NONE, r.VTSIK, r.NONE)
    no = r.NONE
    root = d.act(w.desk, day, HAPPEN, about, no, no, r.VTSIK, no, no, no, no, no, no, no, len(concerned), 1)
    for organ in concerned:
        d.act(w.desk, day, REFORM, about, no, no, r.VTSIK, no, organ, no, no, no, no, root, no, 1)


MECHANISM = Mechanism(
    name="reforms",
    phase="outside events",
    about="Provinces give way to regions and districts; committees open, close, and come under another.",
    section="I.1",
    explains="The number of committees of each level after each reform of the territory.",
    emits=("outside-event", "reform"),
    step=step,
)
