"""Members: each moves week by week towards the cue of his committee's secretary, by trust; new ones come by the rules of
admission, and by drafts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power.state import COHORTS, MEMBERS

if TYPE_CHECKING:
    from drivebelt.world import World

CUES = draws.STREAMS["cues"]
STREAM = draws.STREAMS["members"]
CALENDAR, ADMIT = r.ACT["calendar"], r.ACT["admit"]
ORDINARY, DRAFT = COHORTS.index("ordinary"), COHORTS.index("draft")


@njit(cache=True)
def hear_cues(views, trust, home, n, cues, hearing, seed, week, noise):
    """One week: every member moves towards his cue by his trust, with a small noise. The loop is all there is: 4 ns a member.

    `hearing`: what information of their own leaves of the trust of an area's members."""
    stream = CUES
    salt = draws.bits(seed, stream, week, 0)
    golden = np.uint64(draws.GOLDEN)
    step = draws.UNIT32 * noise
    for i in range(n):
        x = (np.uint64(i) * golden) ^ salt
        x = (x ^ (x >> draws.S33)) * draws.MIX
        u = np.float32(np.int32(x >> draws.S32)) * np.float32(step)
        v = views[i]
        at = home[i]
        views[i] = v + trust[i] * hearing[at] * (cues[at] - v) + u


@njit(cache=True)
def join(w, seed, day, month, per_area, cohort, mean, spread, base, factor, most_areas):
    """New members of a month, area by area; returns how many came."""
    came = 0
    for area in range(most_areas):
        for j in range(per_area[area]):
            i = w.count[MEMBERS]
            if i >= w.views.size:
                return came
            key = draws.key(draws.key(area, month), j)
            w.views[i] = min(1.0, max(-1.0, mean + spread * draws.normal(seed, STREAM, key, cohort)))
            w.trust[i] = base * factor * (draws.uniform(seed, STREAM, key, 1) + 1.0) / (1.0 + 1.0)
            w.home[i] = area
            w.cohort[i] = cohort
            w.count[MEMBERS] = i + 1
            came += 1
    return came


@njit(cache=True)
def mean_distance(views, n, course):
    """Mean distance of the members from the course."""
    total = 0.0
    for i in range(n):
        total += abs(views[i] - course)
    return total / max(n, 1)


def step(w: World, day: int, p: Any) -> None:
    """Cues once a week; admission on the first day of a month."""
    power = w.power
    n = int(power.count[MEMBERS])
    if w.desk.count[d.WEEKDAY] == r.DAYS_PER_WEEK - 1:
        hearing = power.hearing.astype(np.float32)
        hear_cues(power.views, power.trust, power.home, n, w.cues(), hearing, w.seed, day // r.DAYS_PER_WEEK, p.noise)
    if w.desk.count[d.MONTH_DAY] != 1:
        return
    w.sample("members", day, "party", n / w.scenario_scale)
    w.sample("members-from-course", day, "party", float(mean_distance(power.views, n, power.course[0])))
    month = w.month_index(day)
    areas = power.areas.size
    for rate, cohort in ((p.admission, ORDINARY), (p.draft, DRAFT)):
        if rate <= 0:
            continue
        wanted = rate * w.scenario_scale / areas
        luck = draws.fractions(w.seed, "members", np.arange(areas), month)
        per_area = (wanted + luck).astype(np.int64)
        factor = p.trust_of_draft if cohort == DRAFT else p.trust_of_ordinary
        came = join(power, w.seed, day, month, per_area, cohort, p.middle, p.spread, p.trust, factor, areas)
        w.room(acts=1 + 1, matters=1)
        about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("members", 0), r.NONE, r.CC, r.NONE)
        no = r.NONE
        root = d.act(w.desk, day, CALENDAR, about, no, no, r.CC, no, no, no, no, no, r.OPEN, no, cohort, 1)
        d.act(w.desk, day, ADMIT, about, no, no, r.CC, no, no, no, no, no, r.OPEN, root, came, 1)


MECHANISM = Mechanism(
    name="members",
    phase="members",
    about="Members move towards the cues of their secretaries; new ones come by the rules of admission and by drafts.",
    section="I.3",
    emits=("calendar", "admit"),
    step=step,
    reads={
        "noise": "views_noise_a_week",
        "admission": "admission_a_month",
        "draft": "draft_a_month",
        "trust": "trust_a_week",
        "trust_of_draft": "trust_of_cohort.draft",
        "trust_of_ordinary": "trust_of_cohort.ordinary",
        "middle": "views_mean.regime",
        "spread": "views_spread",
    },
)
