"""Who stands above an office, from orders alone: this engine beside co-occurrence lift, NetRate by EM and the previous document.

A tree of 60 offices (1-4-12-43); orders of the root reach every office; log-normal lags (median 4 days, sigma 0.5); each office
stops an order with chance 0.08; each paper survives with chance s. With a silent root its direct subordinates have no superior
that can be seen: whoever names one for them is wrong.

python benchmarks/superiors.py [SEEDS] [FOLDER]    into FOLDER go superiors.json and superiors.md
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

from drivebelt.reconstruct.superiors import SURE, UNSEEN, days_table, lift, netrate, previous, superiors

SIZES = (1, 4, 12, 43)
METHODS = ("this engine", "its best seen", "lift", "NetRate", "previous")


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
    """Share right among offices with papers and a superior, and share of the root's direct subordinates given a false superior."""
    seen = (~np.isnan(days)).any(0)
    direct = np.flatnonzero((up == 0) & seen)
    below = np.flatnonzero((up > 0) & seen) if silent else np.flatnonzero((up >= 0) & seen)
    out = {}
    s = superiors(days)
    rows = {"this engine": np.where(s.chance >= SURE, s.who, UNSEEN), "its best seen": s.seen, "lift": lift(days), "NetRate": netrate(days),
            "previous": previous(days)}  # fmt: skip
    for name, who in rows.items():
        out[name] = (float((who[below] == up[below]).mean()), float((who[direct] != UNSEEN).mean()) if silent else float("nan"))
    return out


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    up, rows = tree(), []
    for silent in (False, True):
        for survival in (1.0, 0.6, 0.3):
            for many in (50, 200, 800):
                found = [figures(orders(s, many, survival, silent), up, silent) for s in range(seeds)]
                row = {"root": "silent" if silent else "writes", "survival": survival, "orders": many, "seeds": seeds}
                for name in found[0]:
                    right, false = np.array([f[name] for f in found]).T
                    half = 1.645 * right.std(ddof=1) / np.sqrt(seeds) if seeds > 1 else float("nan")
                    row[name] = {"right": right.mean(), "plus_minus": half, "false": false.mean() if silent else None}
                rows.append(row)
                print(line(row), flush=True)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "superiors.json").write_text(json.dumps(rows, indent=1) + "\n")
        head = f"| root; survival; orders | {' | '.join(METHODS)} |\n|{'---|' * (1 + len(METHODS))}\n"
        (folder / "superiors.md").write_text(head + "".join(line(row) + "\n" for row in rows))


def line(row) -> str:
    """A row of the Markdown table: share right with its 90 per cent interval, and share given a false superior."""
    cells = []
    for name in METHODS:
        c = row[name]
        false = "" if c["false"] is None else f"; false {c['false']:.2f}"
        cells.append(f"{c['right']:.2f} ± {c['plus_minus']:.2f}{false}")
    return f"| {row['root']}; {row['survival']:.1f}; {row['orders']} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
