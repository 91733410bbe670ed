"""Builds the world of a scenario at a scale: bodies, places, posts, people, and the dated changes of the tree.

Territories down to the uezd are real and always whole; volost committees and cells stand under them in documented
totals times the scale. Beside each committee stand the executive committee, the OGPU department, the procurator, the
trade-union council, the newspaper and the trusts of its level.
"""

from __future__ import annotations

from datetime import date

from drivebelt import records as r
from drivebelt.building.arrays import array
from drivebelt.building.builder import Builder
from drivebelt.building.centre import centre
from drivebelt.building.changes import heirs_and_reforms
from drivebelt.building.country import country
from drivebelt.building.people import populate
from drivebelt.building.territories import courts, territory
from drivebelt.power.officials_start import begin
from drivebelt.rulebook import Rulebook
from drivebelt.running.log import Log
from drivebelt.scenario import Scenario
from drivebelt.territory import territories
from drivebelt.world import World
from drivebelt.world.desks import new_desk

SLOTS = 1 << 15
"""Slots of the desk on the first day."""


def build(scenario: Scenario, rules: Rulebook, seed: int, scale: float, start: date, days: int, log: Log | None = None) -> World:
    """The world on the first day of a run.

    `scale` multiplies volost committees and cells (1.0 is the documented country). Raises BadInput where the
    scenario's files do not fit together.
    """
    b = Builder(scenario, rules, seed, scale, start, days)
    centre(b)
    order = sorted(territories().values(), key=lambda t: r.LEVELS.index(t.level))
    for t in order:
        territory(b, t)
    country(b)
    courts(b)
    reforms = heirs_and_reforms(b)
    organs = array(b)
    people, heads = populate(b, organs)
    power = begin(b, people, dict(scenario.views))
    desk = new_desk(organs, days, SLOTS)
    return World(scenario, rules, seed, start, days, desk, b.rows, people, power, scale, heads, reforms, log)
