"""Who stands above an office, from orders alone: this engine beside co-occurrence lift, NetRate by EM and the previous document.

A tree of 60 offices (1-4-12-43); orders of the root reach every office; log-normal lags (median 4 days, sigma 0.5); each office
stops an order with chance 0.08; each paper survives with chance s. With a silent root its direct subordinates have no superior
that can be seen: whoever names one for them is wrong. The engine answers for every office; what it gives at 90 per cent or more
stands apart. "Before": days by which it says that the unseen decider was ahead of the first paper (the truth beside it).

python benchmarks/superiors.py [SEEDS] [FOLDER]    into FOLDER go superiors.json and superiors.md; what is there is kept
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise, product
from pathlib import Path

import numpy as np
from scipy.stats import t as student

from drivebelt.reconstruct.superiors import SURE, UNSEEN, days_table, lift, netrate, previous, superiors

SIZES = (1, 4, 12, 43)
METHODS = ("this engine", "lift", "NetRate", "previous")


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
    superior; of the engine also what it gives at SURE or more: share of offices, of these right, and false superiors."""
    seen = (~np.isnan(days)).any(0)
    direct = np.flatnonzero((up == 0) & seen)
    below = np.flatnonzero((up > 0) & seen) if silent else np.flatnonzero((up >= 0) & seen)
    s = superiors(days)
    told = s.chance >= SURE
    right = s.who[below] == up[below]
    out = {"told": float(told[below].mean()), "right of told": float(right[told[below]].mean()) if told[below].any() else None,
           "told false": float(((s.who != UNSEEN) & told)[direct].mean()) if silent else None}  # fmt: skip
    for name, who in {"this engine": s.who, "lift": lift(days), "NetRate": netrate(days), "previous": previous(days)}.items():
        out[name] = (float((who[below] == up[below]).mean()), float((who[direct] != UNSEEN).mean()) if silent else float("nan"))
    if silent:
        first = np.nanmin(days, 1) - np.arange(days.shape[0]) * 100.0
        out["before"] = [*s.ahead, float(np.nanmedian(first))]
    return out


def summed(found, seeds, silent):
    """Mean by method with half of the 90 per cent interval of Student over seeds."""
    half = float(student.ppf(0.95, seeds - 1)) / np.sqrt(seeds) if seeds > 1 else float("nan")
    row = {}
    for name in METHODS:
        right, false = np.array([f[name] for f in found]).T
        spread = right.std(ddof=1) if seeds > 1 else float("nan")
        row[name] = {"right": right.mean(), "plus_minus": half * spread, "false": false.mean() if silent else None}
    for name in ("told", "right of told", "told false"):
        some = [f[name] for f in found if f[name] is not None]
        row[name] = float(np.mean(some)) if some else None
    if silent:
        row["before"] = np.mean([f["before"] for f in found], 0).tolist()
    return row


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    place = folder / "superiors.json" if folder else None
    done = json.loads(place.read_text()) if place and place.exists() else {}
    up, rows = tree(), []
    for silent, survival, many in product((False, True), (1.0, 0.6, 0.3), (50, 200, 800)):
        name = f"{'silent' if silent else 'writes'}; {survival:.1f}; {many}"
        found = done.setdefault(name, {})
        for seed in range(seeds):
            if str(seed) not in found:
                found[str(seed)] = figures(orders(seed, many, survival, silent), up, silent)
                if folder and place:
                    folder.mkdir(parents=True, exist_ok=True)
                    place.write_text(json.dumps(done, indent=1) + "\n")
        rows.append(line(name, summed([found[str(seed)] for seed in range(seeds)], seeds, silent)))
        print(rows[-1], flush=True)
    if folder:
        head = "root; survival; orders", *METHODS, f"at {SURE} or more: share, of these right"
        (folder / "superiors.md").write_text(
            f"Trees of 60 offices, {seeds} seeds: share of offices given the right superior, with half of the 90 per cent interval.\n\n"
            f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n" + "\n".join(rows) + "\n"
        )


def line(name, row) -> str:
    """A row of the Markdown table: share right with its 90 per cent interval, and share given a false superior."""
    cells = []
    for method in METHODS:
        c = row[method]
        false = "" if c["false"] is None else f"; false {c['false']:.2f}"
        cells.append(f"{c['right']:.3f} ± {c['plus_minus']:.3f}{false}")
    told = f"{row['told']:.2f}, " + ("-" if row["right of told"] is None else f"{row['right of told']:.3f}")
    if "before" in row:
        told += "; false {:.2f}; before {:.1f} ({:.1f} to {:.1f}; true {:.1f})".format(
            row["told false"], row["before"][1], row["before"][0], row["before"][2], row["before"][3]
        )
    return f"| {name} | {' | '.join(cells)} | {told} |"


if __name__ == "__main__":
    main()
