"""Who stands above an office, from orders alone: this engine beside co-occurrence lift, NetRate by EM and the previous document.

A tree of 60 offices (1-4-12-43); orders of the root reach every office; log-normal lags (median 4 days, sigma 0.5); each office
stops an order with chance 0.08; each paper survives with chance s. With a silent root its direct subordinates have no superior
that can be seen: whoever names one for them is wrong.

python benchmarks/superiors.py [SEEDS]
"""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np

from drivebelt.reconstruct.superiors import SURE, UNSEEN, days_table, lift, netrate, previous, superiors

SIZES = (1, 4, 12, 43)


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
    up = tree()
    for silent in (False, True):
        print("silent root" if silent else "writing root")
        for survival in (1.0, 0.6, 0.3):
            for many in (50, 200, 800):
                found = [figures(orders(s, many, survival, silent), up, silent) for s in range(seeds)]
                cells = "; ".join(
                    f"{name} {np.mean([f[name][0] for f in found]):.2f} (false {np.mean([f[name][1] for f in found]):.2f})"
                    for name in found[0]
                )
                print(f"  {survival:.1f} {many:>4}  {cells}", flush=True)


if __name__ == "__main__":
    main()
