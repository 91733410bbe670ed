"""Execution below: the last committee on an order's way does what it asks, in part, in full or beyond.

Fulfilment grows with zeal, severity and competence and falls with local roots; the amount is per cent of what was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import STEP
from drivebelt.mechanism import Mechanism

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["execute"]
EXECUTE = r.ACT["execute"]


@njit(**STEP)
def execute(k, seed, day, p):
    """Carries out what is due today."""
    n = d.take(k, d.DOING, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.ENDING)
        s = k.pool[slot]
        o = k.organs[s.organ]
        will = p.willing + p.zeal * o.zeal + p.severity * s.severity + p.competence * o.competence - p.roots * o.roots
        done = int(r.PERCENT * will * draws.spread(seed, STREAM, s.key, 0, p.noise))
        s.quota = min(max(done, 0), int(p.most))
        s.cause = d.act(
            k, day, EXECUTE, s.matter, s.document, s.copy, s.organ, o.head, r.NONE, r.NONE, r.NONE, r.NONE, s.grade,
            s.cause, s.quota, 1 if s.document != r.NONE else 0,
        )  # fmt: skip
        d.release(k, slot, max(s.fate, r.KEPT))


def step(w: World, day: int, p: Any) -> None:
    """Carries out what is due today."""
    if not d.due(w.desk, d.DOING, day):
        return
    listed = w.listed(d.DOING, day)
    w.room(acts=listed, copies=listed)
    execute(w.desk, w.seed, day, p)


MECHANISM = Mechanism(
    name="execution",
    phase="execution below",
    about="Committees at the end of an order's way carry it out, in part, in full or beyond.",
    section="I.2",
    explains="That what is claimed exceeds what is done, and the more so the farther below.",
    emits=("execute",),
    step=step,
    reads={
        "willing": "fulfilment_base",
        "zeal": "fulfilment_zeal",
        "severity": "fulfilment_severity",
        "competence": "fulfilment_competence",
        "roots": "fulfilment_roots",
        "noise": "fulfilment_noise",
        "most": "fulfilment_most",
    },
)
