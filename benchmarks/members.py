"""The weekly update of a million members (cue, trust, noise): nanoseconds a member-week, Drivebelt beside NumPy and, where it is
installed, starsim. One thread; median of the repetitions.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time

import numpy as np

from drivebelt.mechanism.members import hear_cues

MEMBERS = 1_000_000
AREAS = 100


def arrays() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(1)
    views = draw.normal(0.1, 0.35, MEMBERS).astype(np.float32)
    trust = draw.uniform(0.005, 0.03, MEMBERS).astype(np.float32)
    home = np.sort(draw.integers(0, AREAS, MEMBERS)).astype(np.int16)
    return views, trust, home, draw.normal(0.3, 0.2, AREAS).astype(np.float32)


HEARING = np.linspace(0.5, 1.0, AREAS).astype(np.float32)
"""What is left of trust where members have information of their own, area by area."""


def drivebelt(weeks: int) -> float:
    views, trust, home, cues = arrays()
    hear_cues(views, trust, home, MEMBERS, cues, HEARING, 1, 0, 0.004)
    began = time.perf_counter()
    for week in range(weeks):
        hear_cues(views, trust, home, MEMBERS, cues, HEARING, 1, week, 0.004)
    return (time.perf_counter() - began) / weeks / MEMBERS * 1e9


def numpy(weeks: int) -> float:
    views, trust, home, cues = arrays()
    draw = np.random.default_rng(1)
    began = time.perf_counter()
    for _ in range(weeks):
        views += trust * HEARING[home] * (cues[home] - views) + draw.uniform(-0.004, 0.004, MEMBERS).astype(np.float32)
    return (time.perf_counter() - began) / weeks / MEMBERS * 1e9


def starsim(weeks: int) -> float | None:
    try:
        import starsim as ss
    except ImportError:
        return None
    _, trust, home, cues = arrays()

    class Cue(ss.Module):
        def __init__(self) -> None:
            super().__init__()
            self.define_states(ss.FloatArr("view", default=0.1))
            self.noise = ss.uniform(-0.004, 0.004)

        def step(self) -> None:
            people = self.sim.people.auids
            self.view[people] += trust[people] * HEARING[home[people]] * (cues[home[people]] - self.view[people]) + self.noise(
                people
            )

    sim = ss.Sim(n_agents=MEMBERS, modules=[Cue()], dt=1, dur=weeks, verbose=0)
    sim.init()
    began = time.perf_counter()
    sim.run()
    return (time.perf_counter() - began) / weeks / MEMBERS * 1e9


def main() -> None:
    """Prints all as JSON."""
    options = argparse.ArgumentParser()
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--weeks", type=int, default=20)
    chosen = options.parse_args()
    out: dict[str, float | None] = {}
    for name, way in (("drivebelt", drivebelt), ("numpy", numpy), ("starsim", starsim)):
        times = [way(chosen.weeks) for _ in range(chosen.repeat)]
        out[name] = round(statistics.median(t for t in times if t is not None), 2) if times[0] is not None else None
    print(json.dumps(out))


if __name__ == "__main__":
    main()
