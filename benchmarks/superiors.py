"""Who stands above an office, from orders alone: this engine beside co-occurrence lift, NetRate by EM and the previous document.

A tree of 60 offices (1-4-12-43); orders of the root reach every office; log-normal lags (median 4 days, sigma 0.5); each office
stops an order with chance 0.08; each paper survives with chance s. With a silent root its direct subordinates have no superior
that can be seen: whoever names one for them is wrong. The engine answers for every office; what it gives at 90 per cent or more
stands apart. "Before": days by which it says that the unseen decider was ahead of the first paper (the truth beside it).

python benchmarks/superiors.py [SEEDS] [FOLDER] [PROCESSES]    into FOLDER go superiors.json and superiors.md; what is there is kept,
and seeds are taken one after the other, all cells of each, so that it can be stopped at any time: cells have equally many seeds
in the table
"""

from __future__ import annotations

import json
import os
import sys
from itertools import pairwise, product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from scipy.stats import t as student

from drivebelt.reconstruct.offices.superiors import SURE, UNSEEN, days_table, lift, netrate, previous, superiors

SIZES = (1, 4, 12, 43)
RIVALS = ("lift", "NetRate", "previous")
CELLS = list(product((True, False), (0.3, 0.6, 1.0), (50, 200, 800)))
FIRST = 200
"""Seed: the engine was made on lower ones."""


def tree():
    """Superior of each office, -1 for the root."""
    up, first = [-1], 0
    for above, many in pairwise(SIZES):
        up += [first + i % above for i in range(many)]
        first += above
    return np.array(up)


def orders(seed: int, many: int, survival: float, silent: bool):
    """[order, office] days, NaN without a paper."""
    rng = np.random.default_rng(seed)
    up = tree()
    day = np.full((many, up.size), np.nan)
    start = np.arange(many) * 100.0
    day[:, 0] = start
    for office in range(1, up.size):
        goes_on = rng.random(many) > 0.08
        day[:, office] = np.where(goes_on, day[:, up[office]] + np.exp(rng.normal(np.log(4), 0.5, many)), np.nan)
    kept = rng.random(day.shape) < survival
    kept[:, 0] &= not silent
    o, i = np.nonzero(kept & ~np.isnan(day))
    return days_table(o, i, day[o, i], up.size) if o.size else day


def figures(days, up, silent):
    """By method: share right among offices with papers and a superior, and share of the root's direct subordinates given a false
    superior; of the engine also its answers by tenth of their chance (how many, sum of chances, right) and what it gives at SURE or
    more (how many, right), false superiors among these, and weights of its chains."""
    seen = (~np.isnan(days)).any(0)
    direct = np.flatnonzero((up == 0) & seen)
    below = np.flatnonzero((up > 0) & seen) if silent else np.flatnonzero((up >= 0) & seen)
    s = superiors(days)
    told = s.chance >= SURE
    true = np.where(up == 0, UNSEEN, up) if silent else up
    asked = np.flatnonzero((up >= 0) & seen)
    right = s.who[asked] == true[asked]
    tenth = np.minimum((s.chance[asked] * 10).astype(int), 9)
    out = {
        "offices": int(asked.size), "told": int(told[asked].sum()), "right of told": int(right[told[asked]].sum()),
        "told false": float(((s.who != UNSEEN) & told)[direct].mean()) if silent else None,
        "tenths": [np.bincount(tenth, w, 10).round(4).tolist() for w in (None, s.chance[asked], right)],
        "weights": s.weight.round(4).tolist(),
    }  # fmt: skip
    answers = {"this engine": s.who, "lift": lift(days), "NetRate": netrate(days), "previous": previous(days)}
    for name, who in answers.items():
        right = float((who[below] == up[below]).mean())
        out[name] = (right, float((who[direct] != UNSEEN).mean()) if silent else None)
    if silent:
        first = np.nanmin(days, 1) - np.arange(days.shape[0]) * 100.0
        out["before"] = [*s.ahead, float(np.nanmedian(first))]
    return out


def named(silent: bool, survival: float, many: int) -> str:
    return f"{'silent' if silent else 'writes'}; {survival:.1f}; {many}"


def work(task):
    (silent, survival, many), seed = task
    return named(silent, survival, many), str(seed), figures(orders(seed, many, survival, silent), tree(), silent)


def mean(values) -> str:
    """Mean with half of the 90 per cent interval of Student over seeds."""
    v = np.array(values, float)
    half = student.ppf(0.95, v.size - 1) * v.std(ddof=1) / np.sqrt(v.size) if v.size > 1 else np.nan
    return f"{v.mean():.3f} ± {half:.3f}"


def line(name: str, found) -> str:
    """A row of the table of shares right."""
    own = np.array([f["this engine"][0] for f in found])
    cells = [mean(own)]
    for rival in RIVALS:
        right = np.array([f[rival][0] for f in found])
        cells += [mean(right)] + ([f"{mean(own - right)}"] if rival != "previous" else [])
    told, offices, right = (sum(f[k] for f in found) for k in ("told", "offices", "right of told"))
    chains = [len(f["weights"]) for f in found]
    return f"| {name} | {' | '.join(cells)} | {told / offices:.2f}, {right / max(told, 1):.3f} | {np.mean(chains):.1f} |"


def silent_line(name: str, found) -> str:
    """A row of the table of the silent root."""
    false = [f"{np.mean([f[m][1] for f in found]):.2f}" for m in ("this engine", *RIVALS)]
    low, middle, high, true = np.mean([f["before"] for f in found], 0)
    return f"| {name} | {' | '.join(false)} | {middle:.1f} ({low:.1f} to {high:.1f}) | {true:.1f} |"


def report(done, seeds: int) -> str:
    rows, hidden, tenths = [], [], np.zeros((3, 10))
    for cell in CELLS[::-1]:
        name = named(*cell)
        found = [done[name][str(FIRST + k)] for k in range(seeds)]
        rows.append(line(name, found))
        if cell[0]:
            hidden.append(silent_line(name, found))
        tenths += sum(np.array(f["tenths"]) for f in found)
    many, chance, right = tenths[:, tenths[0] > 0]
    head = ["root; papers left; orders", "this engine", "lift", "ahead by", "NetRate", "ahead by", "previous"]
    head += [f"at {SURE} or more: share, right", "chains"]
    below = ["root; papers left; orders", "this engine", *RIVALS, "days before the first paper (80 per cent)", "true"]
    return "\n".join(
        [
            f"Trees of 60 offices, {seeds} seeds ({FIRST} to {FIRST + seeds - 1}): share of offices given the right superior, with half"
            " of the 90 per cent interval over seeds; beside lift and NetRate by how much this engine is ahead, seed by seed.",
            "", f"| {' | '.join(head)} |", "|---" * len(head) + "|", *rows, "",
            "With a silent root: share of its direct subordinates given a false superior, and where the root is put.",
            "", f"| {' | '.join(below)} |", "|---" * len(below) + "|", *hidden, "",
            "All cells together, answers by their chance (the unseen root is right for its direct subordinates where it is silent):",
            "", "| offices | mean chance | right |", "|---|---|---|",
            *(f"| {n:.0f} | {c / n:.3f} | {r / n:.3f} |" for n, c, r in zip(many, chance, right, strict=True)), "",
        ]
    )  # fmt: skip


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    processes = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    place = folder / "superiors.json" if folder else None
    done = json.loads(place.read_text()) if place and place.exists() else {}
    todo = [(c, FIRST + k) for k in range(seeds) for c in CELLS if str(FIRST + k) not in done.get(named(*c), {})]
    with get_context("spawn").Pool(processes) as pool:
        for name, seed, found in pool.imap(work, todo):
            done.setdefault(name, {})[seed] = found
            print(name, seed, found["this engine"], found["weights"], flush=True)
            if folder and place:
                folder.mkdir(parents=True, exist_ok=True)
                part = place.with_suffix(".part")
                part.write_text(json.dumps(done, indent=None, sort_keys=True).replace('}, "', '},\n"') + "\n")
                os.replace(part, place)
    whole = min((sum(str(FIRST + k) in done.get(named(*c), {}) for k in range(seeds)) for c in CELLS), default=0)
    if whole:
        text = report(done, whole)
        print(text)
        if folder:
            (folder / "superiors.md").write_text(text)


if __name__ == "__main__":
    main()
