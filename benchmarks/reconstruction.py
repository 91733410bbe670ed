"""Scores the reconstruction on archives of seeds it never learnt from, beside baselines, and prints the table.

python benchmarks/make_archives.py score FOLDER
python benchmarks/reconstruction.py FOLDER [RUN...]
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from make_archives import LOSSES, SCORE

from drivebelt.reconstruct import infer
from drivebelt.results import Run

ROWS = {
    "grouping, B-cubed F1": lambda f: f["grouping"]["f1"],
    "author right, executed papers": lambda f: f["attribution"]["this engine"]["executed"],
    "- Centre as one": lambda f: f["attribution"]["this engine"]["executed_as_one"],
    "- all papers that carry an order, Centre as one": lambda f: f["attribution"]["this engine"]["acting_as_one"],
    "lowest common superior": lambda f: f["attribution"]["lowest common superior"]["executed"],
    "- Centre as one ": lambda f: f["attribution"]["lowest common superior"]["executed_as_one"],
    "- all papers, Centre as one": lambda f: f["attribution"]["lowest common superior"]["acting_as_one"],
    "highest body, Centre as one": lambda f: f["attribution"]["highest body"]["executed_as_one"],
    "previous paper, Centre as one": lambda f: f["attribution"]["previous paper"]["executed_as_one"],
    "face value, Centre as one": lambda f: f["attribution"]["face value"]["executed_as_one"],
    "calibration error by paper": lambda f: f["calibration"]["paper"]["error"],
    "- by cascade": lambda f: f["calibration"]["cascade"]["error"],
    "- by paper, Centre as one": lambda f: f["calibration"]["paper, Centre as one"]["error"],
    "- by cascade, Centre as one": lambda f: f["calibration"]["cascade, Centre as one"]["error"],
    "log loss by cascade": lambda f: f["calibration"]["cascade"]["log_loss"],
    "Brier by cascade": lambda f: f["calibration"]["cascade"]["brier"],
    "answered at 80 per cent, by paper": lambda f: f["calibration"]["paper"]["answered"],
    "- right": lambda f: f["calibration"]["paper"]["right"],
    "answered, Centre as one": lambda f: f["calibration"]["paper, Centre as one"]["answered"],
    "- right ": lambda f: f["calibration"]["paper, Centre as one"]["right"],
    "- right, by cascade": lambda f: f["calibration"]["cascade, Centre as one"]["right"],
    "core claimed: number": lambda f: f["claims"]["the core"]["claimed"],
    "- precision": lambda f: f["claims"]["the core"]["precision"],
    "hidden author claimed: false alarms": lambda f: f["claims"]["hidden author, Centre as one"]["false_alarms"],
    "- of claims": lambda f: f["claims"]["hidden author, Centre as one"]["claimed"],
    "core against formal body, AUC": lambda f: f["core_against_centre_auc"],
    "centres by month, share wrong": lambda f: f["centres"]["this engine"],
    "- papers signed": lambda f: f["centres"]["papers signed"],
    "- PageRank": lambda f: f["centres"]["PageRank"],
}


def main() -> None:
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    out = {}
    for name in SCORE:
        run = Run(folder / name / "run") if (folder / name / "run" / "run.json").exists() else None
        found = {}
        for loss in LOSSES:
            key = folder / name / f"{loss}.key.parquet"
            if run is None or not key.exists() or (wanted and name not in wanted):
                continue
            begun = time.perf_counter()
            r = infer(folder / name / loss)
            took = time.perf_counter() - begun
            found[loss] = r.score(run, key).as_dict() | {"seconds": took}
        if not found:
            continue
        out[name] = found
        print(f"\n{name:<48}" + "".join(f"{loss:>12}" for loss in found))
        for row, get in ROWS.items():
            cells = [get(f) if f["calibration"] else None for f in found.values()]
            print(
                f"{row:<48}" + "".join(f"{'-' if c is None else c if isinstance(c, int) else f'{c:.3f}':>12}" for c in cells),
                flush=True,
            )
    (folder / "scores.json").write_text(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
