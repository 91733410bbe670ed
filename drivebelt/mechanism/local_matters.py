"""Local matters: committees below the Centre have affairs of their own and issue directives of their own about them.

Most of the paper of the country is of this kind. It is what a hidden order of the Centre has to be told apart from.
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

STREAM = draws.STREAMS["local-matters"]
WORDING = draws.STREAMS["wording"]
HAPPEN, OPEN = r.ACT["outside-event"], r.ACT["open-matter"]


@njit(**STEP)
def arise(k, seed, day, committees, subjects, p):
    """Draws today's local matters and hands each to the committee as an order from itself, heard at its next sitting."""
    for organ in committees:
        o = k.organs[organ]
        if o.opens > day or o.closes <= day:
            continue
        if draws.uniform(seed, STREAM, organ, day) >= p.rate[o.level] / r.DAYS_PER_WEEK:
            continue
        key = draws.key(draws.key(organ, STREAM), day)
        domain = draws.below(seed, STREAM, key, 0, subjects.shape[0])
        first, number = subjects[domain]
        about = d.matter(k, day, domain, first + draws.below(seed, STREAM, key, 1, number), r.NONE, organ, o.head)
        no = r.NONE
        happened = d.act(k, day, HAPPEN, about, no, no, organ, no, no, no, no, no, no, no, no, 1)
        opened = d.act(k, day, OPEN, about, no, no, organ, o.head, no, no, no, no, no, happened, no, 1)
        secret = draws.uniform(seed, STREAM, key, draws.S2) < p.secret[o.level]
        new = d.copy(
            k, r.NONE, r.NONE, organ, r.NONE, organ, about, key, opened, organ, r.ORAL,
            r.SECRET if secret else r.OPEN, d.ORDER, 1,
        )  # fmt: skip
        s = k.pool[new]
        s.key = draws.key(key, organ)
        s.wording = draws.bits(seed, WORDING, key, 0)
        s.severity = draws.uniform(seed, STREAM, key, draws.S3)
        s.quota = r.PERCENT
        s.deadline = day + int(p.term)
        s.depth = o.level + 1
        if draws.uniform(seed, STREAM, key, draws.S4) < p.deeper:
            s.depth += 1
        s.domain = domain
        if draws.uniform(seed, STREAM, key, draws.S5) < p.soviet:
            s.flags |= d.SOVIET
        d.push(k, d.HEARING, d.on_weekday(k, day, day, o.sitting), new)


def step(w: World, day: int, p: Any) -> None:
    """Opens the local matters of the day."""
    committees = w.groups["local"]
    w.room(acts=2 * committees.size, matters=committees.size, slots=committees.size)
    arise(w.desk, w.seed, day, committees, w.subject_ranges, p)


MECHANISM = Mechanism(
    name="local matters",
    phase="matters",
    about="Committees of the regions, provinces, districts and volosts raise and settle affairs of their own.",
    section="I.2",
    explains="That most paper is made below the Centre, and that what a province settles is settled in its bureau.",
    emits=("outside-event", "open-matter"),
    step=step,
    reads={
        "rate": "local_matters_a_week[levels]",
        "secret": "local_secret_share[levels]",
        "deeper": "local_two_levels_share",
        "soviet": "local_soviet_order_share",
        "term": "report_term",
    },
)
