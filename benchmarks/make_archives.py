"""Makes runs of other seeds and amended rulebooks and archives of them, to learn from or to score on.

python benchmarks/make_archives.py learn FOLDER    what benchmarks/learn_reconstruction.py learns from
python benchmarks/make_archives.py score FOLDER    what benchmarks/reconstruction.py scores: seeds never learnt from

What is there already is left as it is, so a run that was broken off goes on.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from drivebelt.archive import Asked, make
from drivebelt.results import Run
from drivebelt.runner import Settings, execute

HERE = Path(__file__).parent / "reconstruction"
SCALE = 0.005
# name -> (seed, first day, last day, amendments)
LEARN = {
    "plain-101": (101, None, "1923-03-31", []),
    "open-103": (103, None, "1923-03-31", ["open-minutes"]),
    "no-core-104": (104, None, "1923-03-31", [str(HERE / "no-core.yaml")]),
    "no-sheets-105": (105, None, "1923-03-31", [str(HERE / "no-special-sheets.yaml")]),
    "plain-102": (102, "1925-10-01", "1926-07-31", []),
    "bare-106": (106, None, "1923-03-31", ["open-minutes", "separation-of-party-and-state"]),
}
SCORE = {
    "plain-201": (201, None, "1923-03-31", []),
    "plain-202": (202, "1925-10-01", "1926-07-31", []),
    "open-203": (203, None, "1923-03-31", ["open-minutes"]),
    "bare-204": (204, None, "1923-03-31", ["open-minutes", "separation-of-party-and-state"]),
}
LOSSES = {
    "s100": {"survival": None}, "s60": {"survival": 0.6}, "s30": {"survival": 0.3}, "s10": {"survival": 0.1}, "s3": {"survival": 0.03},
    "s10-office": {"survival": 0.1, "correlated": "office"}, "rules-1924": {"regime": "rules-1924"}, "purge-1937": {"regime": "purge-1937"},
}  # fmt: skip
FIRST = ("s100", "s30", "s10")
"""Made of all runs before the others."""


def archive(folder: Path, run: Run, loss: str, seed: int) -> None:
    """One archive of a run beside it, with the key that joins both."""
    out, key = folder / loss, folder / f"{loss}.key.parquet"
    if key.exists():
        return
    shutil.rmtree(out, ignore_errors=True)  # what a broken run left
    asked = Asked(**{"regime": "complete", "seed": seed, **LOSSES[loss]})
    make(run, out, asked, key)
    print(out, flush=True)


def main() -> None:
    which, folder = sys.argv[1], Path(sys.argv[2])
    chosen = {"learn": LEARN, "score": SCORE}[which]
    for name, (seed, start, end, amend) in chosen.items():
        place = folder / name / "run"
        if not (place / "run.json").exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            execute(Settings("1922-1928", seed, start, end, SCALE, amend, []), place)
        for loss in FIRST:
            archive(folder / name, Run(place), loss, seed)
    for loss in LOSSES:
        for name, (seed, *_) in chosen.items():
            archive(folder / name, Run(folder / name / "run"), loss, seed)


if __name__ == "__main__":
    main()
