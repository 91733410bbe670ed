"""Learns what entries in the books of offices are worth (drivebelt/reconstruct/receipts.py), from archives of seeds never scored.

python benchmarks/make_archives.py receipts FOLDER
python benchmarks/learn_receipts.py FOLDER   says what the books gain on each run by the weights of the others, and writes the weights
                                             of all into the package

What the papers say is held as it is: the weights are of the books alone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from make_archives import RECEIPTS, losses

from drivebelt.reconstruct import logit, receipts
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.engine import CORE, gather, path_chances
from drivebelt.reconstruct.entered import entered
from drivebelt.reconstruct.scoring.truth import of_groups, truth
from drivebelt.results import Run

RIDGE = 3.0
Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def spoken(x: np.ndarray, first: np.ndarray, p: np.ndarray, right: np.ndarray, groups: np.ndarray) -> Rows:
    """Features, hypotheses a group, logarithm of the papers' chance and which is right, of groups of which a book speaks and of
    which one hypothesis is right."""
    of = np.repeat(np.arange(first.size - 1), np.diff(first))
    some = np.bincount(of, np.abs(x).sum(1), first.size - 1) > 0
    kept = groups & some & (np.bincount(of, right, first.size - 1) == 1)
    return x[kept[of]], np.diff(first)[kept], np.log(np.maximum(p, 1e-12))[kept[of]], right[kept[of]]


def gathered(folder: Path, name: str, loss: str) -> tuple[Rows, list[str]]:
    """Rows of one archive, with the names of the features."""
    a = read(folder / name / loss)
    shown = gather(a)
    t, g, w, s = shown.tree, shown.groups, shown.ways, shown.seen
    who = of_groups(g.first, g.members, truth(a, Run(folder / name / "run"), folder / name / f"{loss}.key.parquet").who)
    node = np.where(who == CORE, t.root, t.office[np.maximum(who, 0)])
    x, names = receipts.features(a, t, g, w, entered(a))
    right = (w.node == node[w.group]) & (who != -1)[w.group]
    return spoken(x, w.first, path_chances(a, t, g, w, s), right, np.diff(w.first) > 1), names


def fitted(found: list[tuple[Rows, list[str]]]) -> dict[str, float]:
    """Weights by feature."""
    x, many, offset, right = (np.concatenate(c) for c in zip(*(rows for rows, _ in found), strict=True))
    weights = logit.fit(x, np.r_[0, np.cumsum(many)], right, RIDGE, offset=offset)
    return {n: round(float(v), 4) for n, v in zip(found[0][1], weights, strict=True)}


def gain(rows: Rows, weights: dict[str, float]) -> tuple[int, float, float]:
    """Groups of which a book speaks, and their mean log loss by the papers alone and with the books."""
    x, many, offset, right = rows
    first = np.r_[0, np.cumsum(many)]
    both = (np.zeros(x.shape[1]), np.array(list(weights.values())))
    papers, books = (-np.log(np.maximum(logit.chances(x, first, w, offset)[right], 1e-4)).sum() / max(many.size, 1) for w in both)
    return many.size, float(papers), float(books)


def main() -> None:
    folder = Path(sys.argv[1])
    there = [(n, loss) for n in RECEIPTS for loss in losses("receipts", n) if (folder / n / f"{loss}.key.parquet").exists()]
    found = {(n, loss): gathered(folder, n, loss) for n, loss in there}
    for n, loss in there:
        w = fitted([f for (other, _), f in found.items() if other != n])
        print(n, loss, "groups {}: log loss {:.3f}, with the books {:.3f}".format(*gain(found[n, loss][0], w)), flush=True)
    said = {"learnt_from": "benchmarks/learn_receipts.py", "archives": [f"{n}.{loss}" for n, loss in there]}
    receipts.WEIGHTS.write_text(json.dumps(said | {"weights": fitted(list(found.values()))}, indent=1) + "\n")


if __name__ == "__main__":
    main()
