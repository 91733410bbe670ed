"""Learns how altered and made-up texts look from archives of other seeds, and writes the weights into the package.

python benchmarks/make_archives.py learn FOLDER      (its runs are used; archives are made anew here)
python benchmarks/learn_forgeries.py FOLDER [RUN...]
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from make_archives import LEARN

from drivebelt.archive import make
from drivebelt.archive.left import Asked, left
from drivebelt.reconstruct import logit
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.engine import gather
from drivebelt.reconstruct.scoring.forgery_truth import altered
from drivebelt.reconstruct.texts import forgeries
from drivebelt.reconstruct.texts.forgeries import KINDS, WEIGHTS, classes, distinct, indicators, loud, multinomial, names, variants
from drivebelt.reconstruct.texts.forgery_signs import signs
from drivebelt.results import Run

ARCHIVES = (
    ("purge-1937", None), ("purge-1937", 0.3), ("purge-1937", 0.1), ("kgb-1954", None), ("kgb-1954", 0.3), ("august-1991", None),
    ("purge-1937", 0.03),
)  # fmt: skip
RIDGE = 1.0


def fit(x: np.ndarray, many: np.ndarray, rounds: int = 60) -> np.ndarray:
    """Weights (kinds, columns) of a multinomial logit, the first kind's being nought, by Newton's method; `many[row, kind]`
    counts cases."""
    kinds, columns = many.shape[1], x.shape[1]
    weight = np.zeros((kinds, columns))
    total = many.sum(1)
    penalty = np.full(columns, RIDGE)
    penalty[0] = 1e-6  # the bias is free
    for _ in range(rounds):
        p = multinomial(x, weight)
        slope = (many - total[:, None] * p)[:, 1:].T @ x - penalty * weight[1:]
        size = (kinds - 1) * columns
        curve = np.zeros((size, size))
        for i in range(1, kinds):
            for j in range(1, kinds):
                w = total * p[:, i] * ((i == j) - p[:, j])
                block = (x * w[:, None]).T @ x + (np.diag(penalty) if i == j else 0.0)
                curve[(i - 1) * columns : i * columns, (j - 1) * columns : j * columns] = block
        step = np.linalg.solve(curve, slope.ravel()).reshape(kinds - 1, columns)
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        weight[1:] += step
        if np.abs(step).max() < 1e-5:
            break
    return weight


def main() -> None:
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    levels, kinds, parts = [], [], []
    names_of: list[str] = []
    for name in LEARN:
        if (wanted and name not in wanted) or not (folder / name / "run" / "run.json").exists():
            continue
        run = Run(folder / name / "run")
        for regime, survival in ARCHIVES:
            asked = Asked(regime, survival=survival, seed=7)
            with tempfile.TemporaryDirectory() as place:
                make(run, Path(place) / "a", asked)
                a = read(Path(place) / "a")
                shown = gather(a)
                what = signs(a, shown.acts, shown.groups)
                true = altered(a, what.texts, left(run, asked))
                levels.append(what.level)
                kinds.append(true.kind)
                x, papers, first, names_of = variants(a, what)
                parts.append(_originals(x, papers, first, what.texts, true))
            print(name, regime, survival, np.bincount(true.kind, minlength=len(KINDS)), flush=True)
    kind = np.concatenate(kinds)
    level, of, _ = distinct(np.concatenate(levels))
    many = np.zeros((level.shape[0], len(KINDS)))
    np.add.at(many, (of, kind), 1)
    weight = fit(indicators(level), many)
    x, size, right = (np.concatenate(c) for c in zip(*parts, strict=True))
    original = logit.fit(x, np.r_[0, np.cumsum(size)], right, RIDGE)
    speaks = loud(multinomial(indicators(level), weight))
    of_class = np.zeros((forgeries.CLASSES, len(KINDS)))
    np.add.at(of_class, classes(level), many.sum(1)[:, None] * speaks)
    size_of = np.bincount(classes(level), many.sum(1), forgeries.CLASSES)
    rate = of_class / np.maximum(size_of, 1)[:, None]
    share = np.bincount(kind, minlength=len(KINDS)) / kind.size
    WEIGHTS.write_text(
        json.dumps(
            {
                "learnt_from": "benchmarks/learn_forgeries.py", "archives": len(levels), "papers": int(kind.size),
                "shares": {k: round(float(s), 7) for k, s in zip(KINDS, share, strict=True)},
                "loud": {k: [round(float(v), 7) for v in row] for k, row in zip(KINDS, rate.T, strict=True)},
                "kinds": {
                    k: {n: round(float(v), 4) for n, v in zip(names(), row, strict=True) if round(float(v), 4)}
                    for k, row in zip(KINDS, weight, strict=True)
                },
                "original": {n: round(float(v), 4) for n, v in zip(names_of, original, strict=True)},
            },
            indent=1,
        )
        + "\n"
    )  # fmt: skip
    forgeries.weights.cache_clear()
    print(level.shape[0], "distinct rows of signs;", size.size, "papers with several texts")


def _originals(x, papers, first, t, true):
    """Rows of papers of which exactly one text was left as it was and another altered."""
    touched = np.zeros(int(t.variant.max(initial=-1)) + 1, bool)
    touched[t.variant] = true.touched
    head = np.unique(t.variant, return_index=True)[1]
    rows = np.flatnonzero(np.isin(t.paper[head], papers))
    right = ~touched[rows]
    of = np.repeat(np.arange(papers.size), np.diff(first))
    kept = np.bincount(of, right, papers.size) == 1
    return x[kept[of]], np.diff(first)[kept], right[kept[of]]


if __name__ == "__main__":
    main()
