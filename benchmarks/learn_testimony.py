"""Learns what statements are worth from archives of other seeds, and writes the weights into the package.

python benchmarks/make_archives.py learn FOLDER      (its runs are used; archives are made anew here)
python benchmarks/learn_testimony.py FOLDER [RUN...]
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from make_archives import LEARN

from drivebelt.archive import make
from drivebelt.archive.left import Asked, left
from drivebelt.reconstruct import logit, testimony
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.engine import infer, unheard
from drivebelt.reconstruct.scoring.truth import of_groups, truth
from drivebelt.reconstruct.testimony import WEIGHTS, features
from drivebelt.results import Run

SURVIVALS = (0.3, 0.1, 0.03)
SEEDS = (11,)
"""Draws of loss and witnesses from one run: another run tells more than another draw."""
RIDGE = 2.0


def main() -> None:
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    parts, names = [], []
    statements = 0
    for name in LEARN:
        if (wanted and name not in wanted) or not (folder / name / "run" / "run.json").exists():
            continue
        run = Run(folder / name / "run")
        for survival in SURVIVALS:
            for seed in SEEDS if survival else SEEDS[:1]:
                asked = Asked("complete", survival=survival, seed=seed, testimony=True)
                with tempfile.TemporaryDirectory() as place:
                    make(run, Path(place) / "a", asked)
                    key = Path(place) / "key.parquet"
                    number = left(run, asked).number
                    pq.write_table(pa.table({"document": number[number >= 0], "original": np.flatnonzero(number >= 0)}), key)
                    a = read(Path(place) / "a")
                    f = infer(a)
                    c = unheard(f)
                    who = of_groups(f.groups.first, f.groups.members, truth(a, run, key).who)
                    s = testimony.read(a, f.tree)
                    x, rows, names = features(a, f.tree, f.groups, s, c.first, c.who, c.chance)
                of = np.repeat(np.arange(f.groups.number), np.diff(c.first))[rows]
                right = c.who[rows] == who[of]
                # a body that stands twice among the hypotheses counts once, where it is likelier
                twice = (
                    right
                    & np.r_[False, (of[1:] == of[:-1]) & (np.cumsum(right)[:-1] > (np.cumsum(right) - right)[first_of(of)][1:])]
                )
                right &= ~twice
                kept = np.bincount(of, right, f.groups.number)[of] == 1
                parts.append((x[kept], np.unique(of[kept], return_counts=True)[1], right[kept]))
                statements += s.many
                print(name, survival, seed, s.many, flush=True)
    x, size, right = (np.concatenate(p) for p in zip(*parts, strict=True))
    fitted = logit.fit(x, np.r_[0, np.cumsum(size)], right, RIDGE)
    WEIGHTS.write_text(
        json.dumps(
            {
                "learnt_from": "benchmarks/learn_testimony.py", "archives": len(parts), "statements": statements,
                "weights": {n: round(float(v), 4) for n, v in zip(names, fitted, strict=True)},
            },
            indent=1,
        )
        + "\n"
    )  # fmt: skip
    print(size.size, "groups of which a witness speaks")


def first_of(of: np.ndarray) -> np.ndarray:
    """For each row the first row of its group."""
    new = np.r_[True, of[1:] != of[:-1]][: of.size]
    return np.maximum.accumulate(np.where(new, np.arange(of.size), 0))


if __name__ == "__main__":
    main()
