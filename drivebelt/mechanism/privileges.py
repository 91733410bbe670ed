"""Privileges: what a post gives beyond an average wage, by the rules of pay and provision in force, and so what is lost with it.

When a rule changes, the stakes of all officials change with it; one act for each rank says to what. Nothing here makes anybody
obey: a stake is what others can threaten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power.stakes import THOUSANDTHS, land, stakes

if TYPE_CHECKING:
    from drivebelt.world import World

CALENDAR, GRANT, WITHDRAW = (r.ACT[name] for name in ("calendar", "grant", "withdraw"))


def step(w: World, day: int, p: Any) -> None:
    """Where the rules give other stakes than yesterday's; and on the first of a month, for the cells that have grown."""
    power, table = w.power, stakes(p)
    before = power.stakes.copy()
    changed = np.argwhere(table != before)
    if changed.size or w.desk.count[d.MONTH_DAY] == 1:
        power.stakes[:] = table
        land(power, table, power.cell_size, p.paid_over if p.paid_over > 0 else np.inf)
    no, root = r.NONE, r.NONE
    w.room(acts=len(changed) + 1, matters=len(changed))
    for level, head in changed.tolist():
        about = d.matter(w.desk, day, r.DOMAIN["cadres"], w.subject("provision", level + level + head), no, r.ORGBURO, no)
        if root == no:
            root = d.act(w.desk, day, CALENDAR, about, no, no, r.ORGBURO, no, no, no, no, no, r.SECRET, no, no, 1)
        kind = GRANT if table[level, head] > before[level, head] else WITHDRAW
        worth = round(float(table[level, head]) * THOUSANDTHS)
        d.act(w.desk, day, kind, about, no, no, r.ORGBURO, no, no, no, no, no, r.SECRET, root, worth, 1)


MECHANISM = Mechanism(
    name="privileges",
    phase="cadres",
    about="Pay, rations, housing, rest and travel by rank make a post worth keeping: the stake of all who hold one.",
    section="I.2",
    emits=("calendar", "grant", "withdraw"),
    step=step,
    reads={
        "lowest": "salary_hierarchy_1922.cell_secretary_min",
        "highest": "salary_hierarchy_1922.top_party_worker",
        "family": "salary_hierarchy_1922.family_increase",
        "off_duty": "salary_hierarchy_1922.off_duty_increase",
        "with_family": "officials_with_family_increase",
        "with_off_duty": "officials_with_off_duty_increase",
        "no_personal_rates": "no_personal_rates_1920",
        "personal_increase": "personal_increase_at_the_top",
        "grade": "grade_of_level[levels]",
        "wage": "wage_beside_lowest_rate",
        "central_meat": "food_rations_for_officials_1922.central_meat",
        "local_meat": "food_rations_for_officials_1922.gubernia_meat_or_fish",
        "ration": "worth_of_central_ration",
        "ration_share": "ration_of_level[levels]",
        "provision": "material_provision_1922",
        "housing": "worth_of_housing[levels]",
        "sanatoria": "sanatorium_network_for_officials",
        "rest": "worth_of_rest[levels]",
        "abroad": "rest_and_treatment_abroad",
        "travel": "worth_of_travel[levels]",
        "travel_of_others": "travel_of_those_below_the_head",
        "paid_over": "freed_cell_posts_1922.min_cell_members",
    },
)
