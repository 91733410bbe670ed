"""Verification: commissions look members over and put some out, while a draft brings others in, and in the year after it.

Where the commissions go, and how many they put out, comes from where the members stand: they are sent to the organisations that
lean most to inner-party democracy, and judge by class, as the rule has it, and by distance from the course, as it has not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power.masses import leaning, verify
from drivebelt.power.state import EPOCH

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["purge"]
CALENDAR, PURGE = r.ACT["calendar"], r.ACT["purge"]


def step(w: World, day: int, p: Any) -> None:
    """On the first day of a month: where a verification is on, the commissions do a month's work."""
    paired = p.paired_with_draft > 0 and p.draft > 0
    if w.desk.count[d.MONTH_DAY] != 1 or not (paired or p.verification > 0):
        return
    power, month = w.power, w.month_index(day) - EPOCH
    lean = leaning(power, float(power.course[0]))
    organs = w.desk.organs[power.areas]
    lean[(organs["opens"] > day) | (organs["closes"] <= day)] = 0
    chosen = np.zeros(lean.size, np.bool_)
    chosen[np.argsort(-lean, kind="stable")[: int(p.organisations)]] = True
    strict = p.strict * (p.bench_commissions if p.bench_rule > 0 else 1.0)
    out = verify(power, w.seed, STREAM, month, chosen, p.share, strict, p.bias, p.tolerance, float(power.course[0]))
    no = r.NONE
    w.room(acts=int(chosen.sum()) + 1, matters=1)
    about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("verification", 0), no, r.CCC, no)
    root = d.act(w.desk, day, CALENDAR, about, no, no, r.CCC, no, no, no, no, no, r.FOR_SERVICE, no, no, 1)
    for a in np.flatnonzero(out):
        organ = int(power.areas[a])
        d.act(w.desk, day, PURGE, about, no, no, r.CCC, no, organ, no, r.CCC, no, r.FOR_SERVICE, root, int(out[a]), 1)


MECHANISM = Mechanism(
    name="verification",
    phase="members",
    about="Commissions verify the members of the organisations that lean most from the course, and put some out.",
    section="I.3",
    emits=("calendar", "purge"),
    step=step,
    reads={
        "paired_with_draft": "draft_paired_with_purge",
        "draft": "lenin_draft_dates",
        "verification": "verification_of_cells",
        "organisations": "organisations_verified",
        "bench_rule": "purge_commissions_of_bench_workers",
        "bench_commissions": "strictness_of_bench_workers",
        "share": "members_looked_at_a_month",
        "strict": "put_out_by_class[classes]",
        "bias": "bias_of_commissions",
        "tolerance": "tolerance_of_commissions",
    },
)
