"""Writes the measured tables of docs/reconstruction.md from benchmarks/reconstruction.json.

python benchmarks/reconstruction.py FOLDER && python docs/make_reconstruction.py
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from marks import fill

HERE = Path(__file__).parent
SCORES = HERE.parent / "benchmarks" / "reconstruction.json"
ALONE = {"s100": "100", "s60": "60", "s30": "30", "s10": "10", "s3": "3", "s2": "2"}
TOGETHER = {f"s{n}-{what}": f"{n} per cent, {what}s" for what in ("office", "subject") for n in (30, 10, 2)}
Cell = Callable[[dict[str, Any]], str]


def _short(x: float, digits: int = 3) -> str:
    return f"{x:.{digits}f}".removeprefix("0") if 0 < x < 1 else f"{x:.0f}"


def mean(*names: str, digits: int = 3) -> Cell:
    """Means over runs, one after the other."""
    return lambda block: "; ".join(_short(block["figures"][name][0], digits) for name in names)


def within(name: str) -> Cell:
    """A mean with half of its interval."""

    def cell(block: dict[str, Any]) -> str:
        middle, low, high = block["figures"][name][:3]
        return f"{_short(middle)} ± {(high - low) / 2:.3f}".replace("± 0.", "± .")

    return cell


def pooled(unit: str) -> Cell:
    """The calibration error of all runs together, with the interval over runs drawn anew."""

    def cell(block: dict[str, Any]) -> str:
        middle, low, high = block["pooled calibration error"][unit]
        return f"{_short(middle)} ({_short(low)} to {_short(high)})"

    return cell


def core(block: dict[str, Any]) -> str:
    """Papers claimed for the core a run, and the share of them that are."""
    papers, right = (block["figures"][f"the core claimed: {what}"][0] for what in ("papers", "precision"))
    return f"{papers:,.0f}, {_short(right, 2)}"


AUTHOR, ONE, CENTRES = "author right, executed papers: ", "author right, Centre as one: ", "centres by month, share put wrong: "
ROWS: dict[str, Cell] = {
    "grouping, B-cubed F1": mean("grouping: B-cubed F1"),
    "- wording within 10 bits; subject and month": mean(
        "grouping, simpler: wording within 10 bits", "grouping, simpler: subject and month", digits=2
    ),
    "author right": within(AUTHOR + "this engine"),
    "- lowest common superior on the same groups": mean(AUTHOR + "lowest common superior"),
    "- highest body; paper alone, without joint resolution": mean(AUTHOR + "highest body", AUTHOR + "paper alone"),
    "- previous paper; face value; network centrality": mean(
        *(AUTHOR + who for who in ("previous paper", "face value", "network centrality"))
    ),
    "Centre as one: author right": mean(ONE + "this engine"),
    "- lowest common superior": mean(ONE + "lowest common superior"),
    "calibration error by paper, mean of runs": within("calibration error by paper"),
    "- by paper, runs pooled": pooled("paper"),
    "calibration error by cascade, mean of runs": within("calibration error by cascade"),
    "- by cascade, runs pooled": pooled("cascade"),
    "told at 80 per cent or more; of these right": mean("told at 80 per cent, by paper", "of these right, by paper", digits=2),
    "core claimed (papers a run, of these right)": core,
    "core against formal body, ranking (AUC)": mean("core against formal body: AUC by cascade", digits=2),
    "centres of power by month, share put wrong: this; PageRank": mean(CENTRES + "this engine", CENTRES + "PageRank", digits=2),
    "name not the decider's, ranking (AUC): this; lowest common superior": mean(
        "name not the decider's, AUC: this engine", "name not the decider's, AUC: lowest common superior"
    ),
}
SHORT = ("author right", "- lowest common superior on the same groups", *(row for row in ROWS if row[:3] in ("cal", "- b", "tol")))


def table(head: str, losses: dict[str, str], blocks: dict[str, Any], rows: tuple[str, ...]) -> list[str]:
    """A row a figure, a column a loss."""
    out = [f"| {head} | {' | '.join(losses.values())} |", "|---" * (1 + len(losses)) + "|"]
    return out + [f"| {row} | {' | '.join(ROWS[row](blocks[loss]) for loss in losses)} |" for row in rows]


def main() -> None:
    """Puts both tables between the marks of the page."""
    blocks = json.loads(SCORES.read_text())["unamended rulebook"]
    together = table("whole offices or subjects lost", TOGETHER, blocks, SHORT)
    fill(HERE / "reconstruction.md", [*table("papers left, per cent", ALONE, blocks, tuple(ROWS)), "", *together])


if __name__ == "__main__":
    main()
