"""Makes runs of other seeds and amended rulebooks and archives of them, to learn from or to score on.

python benchmarks/make_archives.py learn FOLDER [NAME...]   what benchmarks/learn_reconstruction.py learns from
python benchmarks/make_archives.py score FOLDER [NAME...]   what benchmarks/reconstruction.py scores: seeds never learnt from
python benchmarks/make_archives.py masks FOLDER [NAME...]   what benchmarks/masks.py and benchmarks/testimony.py score: other such seeds
python benchmarks/make_archives.py receipts FOLDER [NAME...]   what benchmarks/learn_receipts.py learns from: other seeds again

What is there already is left as it is, so a run that was broken off goes on.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from drivebelt.archive import Asked, make
from drivebelt.results import Run
from drivebelt.running.runner import Settings, execute

HERE = Path(__file__).parent / "reconstruction"
SMALL, YEAR, LATE = 0.005, (None, "1923-03-31"), ("1925-10-01", "1926-07-31")
MIDDLE = ("1923-10-01", "1924-08-31")
WHOLE, BARE = (None, None), ["open-minutes", "separation-of-party-and-state"]
# name -> (seed, (first day, last day), scale, amendments)
LEARN = {
    "plain-101": (101, YEAR, SMALL, []),
    "open-103": (103, YEAR, SMALL, ["open-minutes"]),
    "no-core-104": (104, YEAR, SMALL, [str(HERE / "no-core.yaml")]),
    "no-sheets-105": (105, YEAR, SMALL, [str(HERE / "no-special-sheets.yaml")]),
    "plain-102": (102, LATE, SMALL, []),
    "bare-106": (106, YEAR, SMALL, BARE),
    "open-107": (107, LATE, SMALL, ["open-minutes"]),
    "whole-111": (111, WHOLE, 0.004, []),
    "more-131": (131, YEAR, SMALL, []),
    "dense-121": (121, ("1927-01-01", "1927-06-30"), 0.1, []),
    "dense-122": (122, (None, "1922-09-30"), 0.05, []),
    "dense-123": (123, ("1924-01-01", "1924-06-30"), 0.05, []),
    **{f"plain-{seed}": (seed, YEAR, SMALL, []) for seed in range(141, 147)},
    **{f"late-{seed}": (seed, LATE, SMALL, []) for seed in range(151, 157)},
    **{f"middle-{seed}": (seed, MIDDLE, SMALL, []) for seed in range(161, 164)},
    "open-171": (171, YEAR, SMALL, ["open-minutes"]),
    **{f"no-sheets-{seed}": (seed, YEAR, SMALL, [str(HERE / "no-special-sheets.yaml")]) for seed in (172, 174)},
    "bare-173": (173, LATE, SMALL, BARE),
}
SCORE = {
    **{f"plain-{seed}": (seed, YEAR, SMALL, []) for seed in range(851, 857)},
    **{f"late-{seed}": (seed, LATE, SMALL, []) for seed in range(857, 861)},
    **{f"open-{seed}": (seed, YEAR, SMALL, ["open-minutes"]) for seed in range(861, 864)},
    **{f"bare-{seed}": (seed, YEAR, SMALL, BARE) for seed in range(864, 867)},
    **{f"no-sheets-{seed}": (seed, YEAR, SMALL, [str(HERE / "no-special-sheets.yaml")]) for seed in range(867, 870)},
    **{f"no-core-{seed}": (seed, YEAR, SMALL, [str(HERE / "no-core.yaml")]) for seed in range(871, 874)},
}
"""Fresh seeds, never learnt from: ten of the plain rulebook (six of the first year, four of 1925-1926) and three of each of four
amended ones."""
MASKS = {
    **{f"plain-{seed}": (seed, YEAR, SMALL, []) for seed in range(571, 575)},
    **{f"late-{seed}": (seed, LATE, SMALL, []) for seed in (575, 576)},
    **{f"open-{seed}": (seed, YEAR, SMALL, ["open-minutes"]) for seed in range(577, 580)},
}
"""Seeds fresh when the facade was scored; open minutes are where no formal body of the Centre is a mask."""
RECEIPTS = {
    **{f"plain-{seed}": (seed, YEAR, SMALL, []) for seed in (700, 702, 705)},
    **{f"late-{seed}": (seed, LATE, SMALL, []) for seed in (701, 704)}, "middle-703": (703, MIDDLE, SMALL, []),
}  # fmt: skip
"""Seeds from which the worth of entries in the books of offices is learnt, and no other thing."""
REGIMES = ("rules-1924", "purge-1937", "autumn-1941", "march-1953", "kgb-1954", "august-1991")
LOSSES = {
    "s100": {"survival": None},
    **{f"s{share}": {"survival": share / 100} for share in (60, 30, 10, 3, 2)},
    **{
        f"s{share}-{unit}": {"survival": share / 100, "correlated": unit} for share in (30, 10, 2) for unit in ("office", "subject")
    },
    **{regime: {"regime": regime} for regime in REGIMES},
}
"""Archives of a scored run: independent loss of 0 to 98 per cent, whole offices and whole subjects lost, and all regimes (`s100` is
`complete`)."""
AMENDED_LOSSES = ("s100", "s60", "s30", "s10", "s3", "s2", "rules-1924", "purge-1937")
"""Archives made of a scored run of an amended rulebook."""
RECEIPTS_LOSSES = ("s100", "s60", "s30", "s10", "s3", "s30-office", "s10-subject", "purge-1937")
MASKS_LOSSES = ("s100", "s30", "s10", "rules-1924", "purge-1937")
LEARN_LOSSES = ("s100", "s60", "s30", "s10", "s3", "s10-office", "s10-subject", "rules-1924", "purge-1937")
MORE_LOSSES = ("s100", "s30", "s10", "s30-office", "s10-subject", "purge-1937", "august-1991")
"""Archives made of the runs from which chances of the core are learnt as well: from seed MORE on."""
MORE = 141
LARGE_LOSSES = ("s100", "s30", "s10", "s3", "purge-1937")
"""Archives made of the whole and of the dense runs learnt from."""


def archive(folder: Path, run: Run, loss: str, seed: int) -> None:
    """One archive of a run beside it, with the key that joins both."""
    out, key = folder / loss, folder / f"{loss}.key.parquet"
    if key.exists():
        return
    shutil.rmtree(out, ignore_errors=True)  # what a broken run left
    asked = Asked(**{"regime": "complete", "seed": seed, **LOSSES[loss]})
    make(run, out, asked, key)
    print(out, flush=True)


def losses(which: str, name: str) -> tuple[str, ...]:
    """Which archives are made of a run."""
    if which == "masks":
        return MASKS_LOSSES
    if which == "receipts":
        return RECEIPTS_LOSSES
    if which == "score":
        return tuple(LOSSES) if name.startswith(("plain", "late")) else AMENDED_LOSSES
    if name.startswith(("whole", "dense", "more")):
        return LARGE_LOSSES
    return MORE_LOSSES if LEARN[name][0] >= MORE else LEARN_LOSSES


def main() -> None:
    which, folder, wanted = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    runs = {"learn": LEARN, "score": SCORE, "masks": MASKS, "receipts": RECEIPTS}[which]
    for name, (seed, (start, end), scale, amend) in runs.items():
        if wanted and name not in wanted:
            continue
        place = folder / name / "run"
        if not (place / "run.json").exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            execute(Settings("1922-1928", seed, start, end, scale, amend, []), place)
        for loss in losses(which, name):
            archive(folder / name, Run(place), loss, seed)


if __name__ == "__main__":
    main()
