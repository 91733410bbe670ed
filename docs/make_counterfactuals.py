"""Writes the measured part of each essay in docs/counterfactuals from the results of one experiment with all shipped amendments.

drivebelt experiment benchmarks/counterfactuals.yaml --out results/counterfactuals
python docs/make_counterfactuals.py results/counterfactuals
"""

from __future__ import annotations

import sys
from pathlib import Path

from make_power import load
from marks import fill

from drivebelt.experiments.effects import Effect, effects

HERE = Path(__file__).parent / "counterfactuals"


def table(found: list[Effect]) -> list[str]:
    """Headlines of the plain and the amended rules, with the paired difference and its interval."""
    out = ["| | plain rules | amended | difference | nine tenths of pairs | |", "|---|---|---|---|---|---|"]
    for x in found:
        sure = "" if x.low <= 0 <= x.high else "yes"
        out.append(f"| {x.figure} | {x.base:.3g} | {x.value:.3g} | {x.difference:+.3g} | {x.low:+.3g} to {x.high:+.3g} | {sure} |")
    return out


def main() -> None:
    """Puts a table between the marks of every essay."""
    e, rows = load(Path(sys.argv[1]))
    found = effects(e, rows)
    for place in sorted(HERE.glob("*.md")):
        mine = [x for x in found if x.arm == place.stem]
        if not mine:
            continue
        same = sum(x.difference == x.low == x.high == 0 for x in mine)
        part = [
            f"{mine[0].seeds} pairs of runs with common draws, scale {e.scale:g}, {f'to {e.end}' if e.end else 'the whole period'}; the last column says "
            "whether nine tenths of the pairs lie on one side of zero.", "", *table(mine), "",
            f"{same} of {len(mine)} headlines do not move at all.",
        ]  # fmt: skip
        fill(place, part)


if __name__ == "__main__":
    main()
