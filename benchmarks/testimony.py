"""Scores what testimony adds, on seeds that neither its weights nor those of the papers were learnt from.

python benchmarks/make_archives.py masks FOLDER      (its runs are used; archives are made anew here)
python benchmarks/testimony.py FOLDER [RUN...]       scores what is not scored yet and writes benchmarks/testimony.json and .md
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from make_archives import MASKS
from reconstruction import cell, lines, mean

from drivebelt.archive import Asked, make
from drivebelt.reconstruct import Reconstruction, testimony
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.engine import infer
from drivebelt.reconstruct.scoring import testimony_score
from drivebelt.reconstruct.scoring.truth import truth
from drivebelt.results import Run

HERE = Path(__file__).parent
SURVIVALS = {"s100": None, "s30": 0.3, "s10": 0.1, "s3": 0.03}
WAYS = ("papers and testimony", "papers alone", "the nearest witness", "the first against his tendency")
Get = Callable[[dict[str, Any]], float | None]


def _way(name: str, figure: str) -> Get:
    return lambda found: found["ways"][name][figure]


def _plain(*way: str) -> Get:
    return lambda found: found[way[0]] if len(way) == 1 else found[way[0]][way[1]]


ROWS: dict[str, Get] = {
    "statements": _plain("statements"), "cascades of which a witness speaks": _plain("cascades"),
    **{f"author right: {name}": _way(name, "right") for name in WAYS},
    **{f"log loss: {name}": _way(name, "log_loss") for name in WAYS[:2]},
    **{f"calibration error: {name}": _way(name, "calibration") for name in WAYS[:2]},
    "gain in author right": lambda f: f["ways"][WAYS[0]]["right"] - f["ways"][WAYS[1]]["right"],
    "gain in log loss": lambda f: f["ways"][WAYS[1]]["log_loss"] - f["ways"][WAYS[0]]["log_loss"],
    "statement true": _plain("statement", "true"), "- against its tendency": _plain("statement", "true_against"),
    "- along it": _plain("statement", "true_along"), "statement true, AUC: its weight alone": _plain("statement", "auc_of_weight"),
    "statement true, AUC: with the papers": _plain("statement", "auc"),
    "statement true: calibration error": _plain("statement", "calibration"),
}  # fmt: skip


def score(folder: Path, name: str) -> None:
    """Makes and scores the archives with testimony of one run that are not scored yet."""
    kept = folder / "testimony"
    kept.mkdir(exist_ok=True)
    run = Run(folder / name / "run")
    for loss, survival in SURVIVALS.items():
        out = kept / f"{name}.{loss}.json"
        if out.exists():
            continue
        with tempfile.TemporaryDirectory() as place:
            archive, key = Path(place) / "a", Path(place) / "key.parquet"
            make(run, archive, Asked("complete", survival=survival, seed=MASKS[name][0], testimony=True), key)
            f = infer(read(archive))
            told = Reconstruction({}, {"statements": testimony.table(f)})
            out.write_text(json.dumps(testimony_score.score(told, f, truth(f.archive, run, key))))
        print(name, loss, flush=True)


def main() -> None:
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    for name in MASKS:
        if (not wanted or name in wanted) and (folder / name / "run" / "run.json").exists():
            score(folder, name)
    found: dict[str, Any] = {}
    for loss in SURVIVALS:
        files = sorted((folder / "testimony").glob(f"*.{loss}.json"))
        scores = [x for x in (json.loads(file.read_text()) for file in files) if x]
        values = {row: [v for s in scores if (v := get(s)) is not None] for row, get in ROWS.items()}
        found[loss] = {
            "runs": [f.name.split(".")[0] for f in files],
            "figures": {r: m for r, v in values.items() if (m := mean(v))},
        }
    (HERE / "testimony.json").write_text(json.dumps(found, indent=1) + "\n")
    head = [
        "# Testimony, scored", "",
        "Made by `python benchmarks/make_archives.py masks FOLDER` and `python benchmarks/testimony.py FOLDER`; runs of scale 0.005, "
        "seeds never learnt from. Cascades of which a witness speaks; mean over runs ± half of its 90 per cent interval.", "",
    ]  # fmt: skip
    rows = [[row, *(cell(b["figures"].get(row)) for b in found.values())] for row in ROWS]
    (HERE / "testimony.md").write_text("\n".join(head + lines("By share of the papers left", ["", *found], rows)))


if __name__ == "__main__":
    main()
