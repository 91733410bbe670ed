"""One directive of the Centre to every cell of a tree of 37,790 committees, and the reports back: Drivebelt and Mesa.

Both run one step a day; every committee restates the order by its own state on the day on which it hears it. Mesa logs one
row a receipt and one a report; Drivebelt runs its mechanisms as they are and logs every act, every document and every copy.
The two take turns, so that both meet the same machine. Prints milliseconds a directive: median of the repetitions.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from datetime import date

import numpy as np

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.mechanism import committees, couriers, directives, execution, post, reports, secret_paperwork
from drivebelt.mechanism.matters import DECIDED, open_matter
from drivebelt.rulebook import load
from drivebelt.rulebook.in_force import Reading
from drivebelt.running.day import PLAN
from drivebelt.world.desks import more_slots, new_desk
from drivebelt.world.parts import NEVER
from drivebelt.world.tree import children

WIDTHS = (90, 700, 7000, 30000)  # provinces, uezds, volosts, cells
DAYS = 140  # until the last report has come in
ROUNDS = 3  # the first two warm up the desk; the last is timed
START = date(1925, 1, 5)


def tree() -> np.ndarray:
    """The committees of the benchmark under the bodies of the Centre."""
    sizes = [len(r.CENTRAL_ORGANS), *WIDTHS]
    organs = d.aligned(sum(sizes), r.ORGAN_ROW)
    organs["above"], organs["soviet"], organs["head"], organs["heir"] = r.NONE, r.NONE, r.NONE, r.NONE
    organs["closes"] = NEVER
    first = np.cumsum([0, *sizes])
    draw = np.random.default_rng(1)
    for step, level in enumerate((r.GUBERNIA, r.UEZD, r.VOLOST, r.CELL), start=1):
        here = slice(first[step], first[step + 1])
        n = sizes[step]
        organs["level"][here] = level
        above = first[step - 1] + np.arange(n) * sizes[step - 1] // n if step > 1 else np.full(n, r.CC)
        organs["above"][here] = above
        organs["road_km"][here] = organs["road_km"][above] + draw.uniform(1, 40, n)
        organs["rail_km"][here] = organs["rail_km"][above] + (draw.uniform(50, 3000, n) if step == 1 else 0)
    for trait in ("zeal", "caution", "competence", "roots"):
        organs[trait] = draw.uniform(0.2, 0.8, organs.size)
    organs["sitting"] = draw.integers(0, 6, organs.size)
    organs["level_lag"] = np.array([30, 24, 18, 12, 6, 0])[organs["level"]]
    return organs


def drivebelt(directives_at_once: int) -> tuple[float, dict[str, int]]:
    """Milliseconds a directive, and how many rows of each kind one directive leaves in the log."""
    rules = load()
    organs = tree()
    k = new_desk(organs, ROUNDS * DAYS, 1 << 17)
    party = (organs["level"] > r.CENTRE) & (organs["above"] >= 0)
    k = k.replaced(**children(organs, party))
    every = 240_000 * directives_at_once * ROUNDS
    k = k.replaced(
        acts=np.ones(every, r.ACT_ROW), documents=np.ones(every, r.DOCUMENT_ROW), copies=np.ones(every, r.COPY_ROW),
        matters=np.zeros(1000, r.MATTER_ROW), central=np.zeros(ROUNDS * directives_at_once, r.CENTRAL_ROW),
    )  # fmt: skip
    k = more_slots(k, 110_000 * directives_at_once)
    p = {m.name: Reading(m, rules, START, DAYS).at(0) for m in PLAN}
    routes = np.array(
        [[r.CHANNELS.index(rules.value(n, START)[level]) for n in ("route_open", "route_secret")] for level in r.LEVELS], np.int8
    )
    executors = np.array([r.NK_FINANCE], np.int32)
    s, c, o = p["secret paperwork"], p["couriers"], p["post"]
    handling = (float(s.parts), float(s.handling), float(s.handling_before), float(s.urgent), float(s.soviet_days), r.NONE)
    courier = (
        float(c.rail),
        float(c.road),
        float(c.season[0]),
        float(c.wait),
        float(c.sorting),
        float(c.noise),
        0.0,
        9,
        r.COURIER_CORPS,
    )
    letter = (float(o.rail), float(o.road), float(o.season[0]), float(o.wait), float(o.sorting), float(o.noise), 0.0, 9, r.NK_POST)
    for first in range(0, ROUNDS * DAYS, DAYS):
        for i in range(directives_at_once):
            at = open_matter(
                k,
                first,
                r.DOMAIN["grain"],
                0,
                0,
                r.NK_FINANCE,
                r.NONE,
                7919 + first + i,
                0.6,
                0.8,
                r.CELL,
                r.NONE,
                d.WANTS_REPORT,
                100,
                60,
                r.NONE,
            )
            k.central[at]["stage"], k.central[at]["body"], k.central[at]["author"] = DECIDED, r.POLITBURO, r.POLITBURO
        before = k.count.copy()
        began = time.perf_counter()
        for day in range(first, first + DAYS):
            k.count[d.WEEKDAY] = day % 7
            if d.due(k, d.ARRIVING, day):
                secret_paperwork.receive(k, 1, day, *handling)
            if np.count_nonzero(k.central["stage"][: k.count[d.CENTRAL_MATTERS]] == DECIDED):
                directives.put_through(k, 1, day, executors, routes, p["directives"])
            if d.due(k, d.BY_COURIER, day):
                couriers.carry(k, 1, day, d.BY_COURIER, *courier)
            if d.due(k, d.BY_POST, day):
                post.carry(k, 1, day, d.BY_POST, *letter)
            if d.due(k, d.HEARING, day):
                committees.hear(k, 1, day, routes, p["committees"])
            if d.due(k, d.DOING, day):
                execution.execute(k, 1, day, p["execution"])
            if d.due(k, d.REPORTING, day):
                reports.on_orders(k, 1, day, routes, p["reports"])
        spent = time.perf_counter() - began
    written = k.acts["kind"][before[d.NEXT_ACT] : k.count[d.NEXT_ACT]]
    rows = {
        "acts": written.size,
        "documents": int(k.count[d.NEXT_DOCUMENT] - before[d.NEXT_DOCUMENT]),
        "copies": int(k.count[d.ENDED_COPIES] - before[d.ENDED_COPIES]),
        "receipts": int(np.count_nonzero(written == r.ACT["receive"])),
        "reports": int(np.count_nonzero(written == r.ACT["report"])),
    }
    return 1000 * spent / directives_at_once, {name: n // directives_at_once for name, n in rows.items()}


def mesa_step() -> tuple[float, int]:
    """The same cascade in Mesa, one step a day, one logged row a receipt and a report; milliseconds, and rows in the log."""
    import mesa

    class Committee(mesa.Agent):
        def __init__(self, model, above, delay, zeal):
            super().__init__(model)
            self.above, self.delay, self.zeal = above, delay, zeal
            self.below: list[Committee] = []
            self.due = self.report_due = -1
            self.waiting = 0
            self.severity = 0.0

        def step(self):
            day = self.model.day
            if self.due == day:
                self.severity = min(1.0, self.severity + 0.1 * (self.zeal - 0.5))
                self.model.log.append((day, self.unique_id, 0, self.severity))
                for child in self.below:
                    child.due = day + child.delay
                    child.severity = self.severity
                if not self.below:
                    self.report_due = day + 1
            if self.report_due == day and self.above is not None:
                self.model.log.append((day, self.unique_id, 1, self.severity))
                self.above.waiting -= 1
                if self.above.waiting == 0:
                    self.above.report_due = day + self.delay

    class Tree(mesa.Model):
        def __init__(self):
            super().__init__(seed=1)
            self.day, self.log = 0, []
            draw = np.random.default_rng(1)
            levels = [[Committee(self, None, 1, 0.5)]]
            for n in WIDTHS:
                over = levels[-1]
                level = []
                for i in range(n):
                    above = over[i * len(over) // n]
                    child = Committee(self, above, 1 + int(draw.lognormal(1.2, 0.5)), float(draw.uniform()))
                    above.below.append(child)
                    above.waiting += 1
                    level.append(child)
                levels.append(level)
            self.top = levels[0][0]

        def step(self):
            self.agents.do("step")
            self.day += 1

    model = Tree()
    model.top.due = 0
    began = time.perf_counter()
    while model.top.waiting > 0 and model.day < DAYS:
        model.step()
    return 1000 * (time.perf_counter() - began), len(model.log)


def main() -> None:
    """Prints both as JSON."""
    options = argparse.ArgumentParser()
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--directives", type=int, default=1, help="how many are on the way at once")
    options.add_argument("--no-mesa", action="store_true")
    chosen = options.parse_args()
    drivebelt(1)  # compiles, or reads the cache
    ours, theirs = [], []
    for _ in range(chosen.repeat):
        ours.append(drivebelt(chosen.directives))
        if not chosen.no_mesa:
            theirs.append(mesa_step())
    out = {"drivebelt_ms": round(statistics.median(ms for ms, _ in ours), 2), **ours[0][1]}
    if theirs:
        out |= {"mesa_ms": round(statistics.median(ms for ms, _ in theirs), 1), "mesa_rows": theirs[0][1]}
        out["ratio"] = round(out["mesa_ms"] / out["drivebelt_ms"], 1)
        rows = sum(out[table] for table in ("acts", "documents", "copies"))
        out["ratio_a_row"] = round(out["mesa_ms"] / out["mesa_rows"] * rows / out["drivebelt_ms"], 1)
    json.dump(out, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
