"""Learns what entries in the books of offices are worth (drivebelt/reconstruct/receipts.py), from archives of seeds never scored.

python benchmarks/make_archives.py receipts FOLDER
python benchmarks/learn_receipts.py FOLDER           writes the weights into the package
python benchmarks/learn_receipts.py FOLDER --apart   says instead what the books gain on each run by the weights of the others

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
from drivebelt.reconstruct.engine import CORE, centre_chances, gather, path_chances
from drivebelt.reconstruct.scoring.truth import of_groups, truth
from drivebelt.results import Run

RIDGE = 3.0
USED = 0.1
"""Chance of the Centre as one from which it matters who at the Centre."""
Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def spoken(x: np.ndarray, first: np.ndarray, p: np.ndarray, right: np.ndarray, groups: np.ndarray) -> Rows:
    """Features, hypotheses a group, logarithm of the papers' chance and which is right, of groups of which a book speaks and of
    which one hypothesis is right."""
    of = np.repeat(np.arange(first.size - 1), np.diff(first))
    some = np.bincount(of, np.abs(x).sum(1), first.size - 1) > 0
    kept = groups & some & (np.bincount(of, right, first.size - 1) == 1)
    return x[kept[of]], np.diff(first)[kept], np.log(np.maximum(p, 1e-12))[kept[of]], right[kept[of]]


def gathered(folder: Path, name: str, loss: str) -> dict[str, tuple[Rows, list[str]]]:
    """Rows of one archive by part, with the names of the features."""
    a = read(folder / name / loss)
    t, _, g, w, s, b = gather(a)
    who = of_groups(g.first, g.members, truth(a, Run(folder / name / "run"), folder / name / f"{loss}.key.parquet").who)
    node = np.where(who == CORE, t.root, t.office[np.maximum(who, 0)])
    p, inside = path_chances(a, t, g, w, s), centre_chances(a, t, g, w, s, b)
    x, office = receipts.features(a, t, g, w, g.entered)
    rows = spoken(x, w.first, p, (w.node == node[w.group]) & (who != -1)[w.group], np.diff(w.first) > 1)
    x, body = receipts.centre_features(a, g, b, g.entered)
    each = b.organ.size + 1
    top = w.node == t.root
    likely = np.zeros(g.number, bool)
    likely[w.group[top]] = p[top] > USED
    right = (who[:, None] == np.r_[CORE, b.organ][None, :]).ravel()
    central = spoken(x, np.arange(0, x.shape[0] + 1, each), inside.ravel(), right, (node == t.root) & likely)
    print(name, loss, g.number, rows[1].size, central[1].size, flush=True)
    return {"office": (rows, office), "centre": (central, body)}


def fitted(found: list[dict[str, tuple[Rows, list[str]]]], part: str) -> dict[str, float]:
    """Weights of a part by feature."""
    x, many, offset, right = (np.concatenate(c) for c in zip(*(f[part][0] for f in found), strict=True))
    weights = logit.fit(x, np.r_[0, np.cumsum(many)], right, RIDGE, offset=offset)
    return {n: round(float(v), 4) for n, v in zip(found[0][part][1], weights, strict=True)}


def gain(rows: Rows, weights: dict[str, float]) -> tuple[int, float, float]:
    """Groups of which a book speaks, and their mean log loss by the papers alone and with the books."""
    x, many, offset, right = rows
    first = np.r_[0, np.cumsum(many)]
    loss = [
        float(-np.log(np.maximum(logit.chances(x, first, w, offset)[right], 1e-4)).mean())
        for w in (np.zeros(x.shape[1]), np.array(list(weights.values())))
    ] if many.size else [0.0, 0.0]  # fmt: skip
    return many.size, loss[0], loss[1]


def main() -> None:
    folder = Path(sys.argv[1])
    there = [(n, loss) for n in RECEIPTS for loss in losses("receipts", n) if (folder / n / f"{loss}.key.parquet").exists()]
    found = {(n, loss): gathered(folder, n, loss) for n, loss in there}
    for part in ("office", "centre"):
        if "--apart" not in sys.argv:
            continue
        for out in sorted({n for n, _ in there}):
            w = fitted([f for (n, _), f in found.items() if n != out], part)
            for (n, loss), f in found.items():
                if n == out:
                    print(part, n, loss, "groups {}: log loss {:.3f}, with the books {:.3f}".format(*gain(f[part][0], w)))
    if "--apart" not in sys.argv:
        said = {"learnt_from": "benchmarks/learn_receipts.py", "archives": [f"{n}.{loss}" for n, loss in there]}
        said |= {part: fitted(list(found.values()), part) for part in ("office", "centre")}
        receipts.WEIGHTS.write_text(json.dumps(said, indent=1) + "\n")


if __name__ == "__main__":
    main()
