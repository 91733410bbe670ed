"""Scores whether the name on a paper is the decider's, and the facade of bodies, on seeds never learnt from.

python benchmarks/make_archives.py masks FOLDER
python benchmarks/masks.py FOLDER [RUN...]      scores what is not scored yet, then writes the table
python benchmarks/masks.py FOLDER --table       writes the table of what is scored

Scores are kept in FOLDER/scores; the table goes to benchmarks/masks.json and benchmarks/masks.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from make_archives import MASKS, MASKS_LOSSES
from reconstruction import ROWS, cell, lines, mean, score_all

HERE = Path(__file__).parent
RULEBOOKS = {"unamended rulebook": ("plain", "late"), "open minutes": ("open",)}
"""Rulebook -> first words of the names of its runs."""
ABOUT = ("name not", "error of a body", "bodies that only", "false masks", "masks ", "interval of the facade")
"""How the rows of the table begin."""


def table(folder: Path) -> dict[str, Any]:
    """Means and intervals by rulebook, loss and figure."""
    out: dict[str, Any] = {}
    for rulebook, names in RULEBOOKS.items():
        for loss in MASKS_LOSSES:
            files = [folder / "scores" / f"{run}.{loss}.json" for run in MASKS if run.split("-")[0] in names]
            found = [json.loads(file.read_text()) for file in files if file.exists()]
            if found:
                values = {
                    row: [v for f in found if (v := get(f)) is not None] for row, get in ROWS.items() if row.startswith(ABOUT)
                }
                figures = {row: m for row, v in values.items() if (m := mean(v))}
                out.setdefault(rulebook, {})[loss] = {"runs": len(found), "figures": figures}
    return out


def markdown(found: dict[str, Any]) -> str:
    """The table for a reader."""
    out = [
        "# Masks, scored", "",
        "Made by `python benchmarks/make_archives.py masks FOLDER` and `python benchmarks/masks.py FOLDER`; runs of scale 0.005, a year "
        "each, seeds never learnt from. Mean over runs ± half of its 90 per cent interval (Student's t). Precision and recall are of "
        "what is called a mere name at even odds; the window of the party paper is the best for each archive.", "",
    ]  # fmt: skip
    for rulebook, by_loss in found.items():
        rows = dict.fromkeys(row for b in by_loss.values() for row in b["figures"])
        out += lines(
            f"{rulebook[0].upper()}{rulebook[1:]}: {max(b['runs'] for b in by_loss.values())} runs", ["", *by_loss],
            [[row, *(cell(b["figures"].get(row)) for b in by_loss.values())] for row in rows],
        )  # fmt: skip
    return "\n".join(out)


def main() -> None:
    score_all("masks", MASKS, "masks", table, markdown)


if __name__ == "__main__":
    main()
