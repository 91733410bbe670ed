"""Lost works: the published survival ratios of six medieval literatures, and what correlated loss does to such estimates.

1. Ratios of works (Chao1) and of copies (minimum sampling) beside the published ones.
2. What is left today is taken for a whole, and thinned: copy by copy, house by house (libraries burn), or work by work (a ban).
   How many works were there? Chao1 with its usual bootstrap over copies, and `holdings.count_works`, told the share that is left as
   registers would tell it, with its interval over houses.

DRIVEBELT_DATA=... python benchmarks/corpora/lost_works.py [TIMES]
"""

from __future__ import annotations

import re
import sys

import numpy as np
from common import data, share

from drivebelt.corpora.workbook import rows
from drivebelt.reconstruct.counting.holdings import count_works, survival
from drivebelt.reconstruct.counting.unseen import estimates

LITERATURES = ("dutch", "english", "french", "german", "icelandic", "irish")
SHARES = (0.1, 0.3, 0.5)
METHODS = ("Chao1, over copies", "here, over houses", "here, share left known")
WAYS = ("copies one by one", "houses", "works")


def published(place):
    """(f1, f2, S, n, works, copies) by literature, from the table of the paper."""
    found = {}
    for line in (place / "published_results.txt").read_text(encoding="ascii").splitlines():
        cells = [c.strip() for c in re.split(r"[&\\]+", line) if c.strip()]
        if len(cells) >= 12 and cells[1].isdecimal():
            found[cells[0]] = (*map(int, cells[1:5]), float(cells[6]), float(cells[9]))
    return found


def read(place, name, *, trimmed: bool = True):
    """Works and houses of the copies of a literature, numbered."""
    body = rows(place / f"{name}.xlsx", trimmed=trimmed)[1:]
    return tuple(np.unique([row[k] for row in body], return_inverse=True)[1] for k in (0, 2))


def thinned(work, house, way: str, part: float, draw):
    """Which copies are left."""
    if way == WAYS[0]:
        return draw.random(work.size) < part
    unit = house if way == WAYS[1] else work
    order = draw.permutation(unit.max() + 1)
    last = int(np.searchsorted(np.cumsum(np.bincount(unit)[order]), part * work.size)) + 1
    return np.isin(unit, order[:last])


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    place = data("forgotten-books")
    said = published(place)
    print("| literature | works, copies left | works: here (published) | copies: here (published) |\n|---|---|---|---|")
    every, worst = [], 0.0
    for name in LITERATURES:
        often = np.bincount(read(place, name, trimmed=False)[0])
        every.append(often)
        got, (_, _, works, copies, chao, least) = survival(often), said[name]
        worst = max(worst, abs(got.works - chao), abs(got.copies - least))
        print(
            f"| {name} | {often.size}, {often.sum()} ({works}, {copies}) | {got.works:.3f} ({chao}) | {got.copies:.3f} ({least}) |"
        )
    got, (_, _, works, copies, chao, least) = survival(np.concatenate(every)), said["all"]
    print(
        f"| all | {sum(map(len, every))}, {sum(map(sum, every))} ({works}, {copies}) | {got.works:.3f} ({chao}) | {got.copies:.3f} ({least}) |"
    )
    print(f"largest difference of one literature {worst:.4f}")
    print(f"\n{times} times each literature: median of estimate / truth, 90 per cent interval holds, its median width / truth\n")
    print(f"| lost by | left | {' | '.join(METHODS)} | told to be clumped |\n|---|---|---|---|---|---|")
    for way in WAYS:
        for part in SHARES:
            factor: dict[str, list[float]] = {name: [] for name in METHODS}
            width: dict[str, list[float]] = {name: [] for name in METHODS}
            held, clumped, n = dict.fromkeys(METHODS, 0), 0, 0
            for at, name in enumerate(LITERATURES):
                work, house = read(place, name)
                truth = work.max() + 1
                for k in range(times):
                    left = thinned(work, house, way, part, np.random.default_rng([k, int(part * 10), WAYS.index(way), at]))
                    if left.sum() < 10 or left.all():
                        continue
                    w, h = work[left], house[left]
                    found = (
                        estimates(np.unique(w, return_counts=True)[1], seed=k + 1)[0],
                        count_works(w, h, 0, k + 1),
                        count_works(w, h, left.mean(), k + 1),
                    )
                    for method, f in zip(METHODS, found, strict=True):
                        factor[method].append(np.log(f.total / truth))
                        held[method] += f.low <= truth <= f.high
                        width[method].append((f.high - f.low) / truth)
                    clumped += found[2].together < 0.05
                    n += 1
            cells = " | ".join(
                f"{np.exp(np.median(factor[m])):.2f}, {share(held[m], n)}, {np.median(width[m]):.1f}" for m in METHODS
            )
            print(f"| {way} | {part:.0%} | {cells} | {clumped / n:.2f} |", flush=True)


if __name__ == "__main__":
    main()
