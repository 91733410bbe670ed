"""Writes the measured part of docs/validation.md.

drivebelt validate --runs 60 --draws fitted --json > fitted.json    (and --draws prior, --draws default)
python docs/make_validation.py fitted.json prior.json default.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from marks import fill

HERE = Path(__file__).parent


def number(value: float | None) -> str:
    """A figure as the tables show it."""
    return "-" if value is None else f"{value:,.1f}".removesuffix(".0")


def halves(results: dict[str, Any]) -> list[str]:
    """How both halves fare, by kind of draws."""
    out = ["| assumptions | half | outcomes in the interval | mean error of the median | median width |", "|---|---|---|---|---|"]
    for kind, content in results.items():
        for half, h in content["halves"].items():
            name = {"fit": "fitted", "judge": "held out"}[half]
            out.append(f"| {kind} | {name} | {h['inside']} of {h['outcomes']} | {h['error']:.2f} | {h['width']:.2f} |")
    return out


def figures(scores: list[dict[str, Any]]) -> list[str]:
    """Every figure beside the ensemble of the draws that fit."""
    out = ["| figure | half | documented | median | nine tenths | | source |", "|---|---|---|---|---|---|---|"]
    for s in sorted(scores, key=lambda s: (s["kind"] == "input", s["topic"], s["name"])):
        mark = {None: "", True: "in", False: "**out**"}[s["inside"]]
        half = "input" if s["kind"] == "input" else {"fit": "fitted", "judge": "held out"}[s["half"]]
        out.append(
            f"| {s['topic']}: {s['name']} ({s['unit']}) | {half} | {number(s['documented'])} | {number(s['median'])} | "
            f"{number(s['low'])} to {number(s['high'])} | {mark} | {s['source'].removeprefix('Pavlova, ')} |"
        )
    return out


def main() -> None:
    """Puts the tables between the marks of docs/validation.md."""
    results = {Path(name).stem: json.loads(Path(name).read_text()) for name in sys.argv[1:]}
    fill(HERE / "validation.md", [*halves(results), "", *figures(next(iter(results.values()))["scores"])])


if __name__ == "__main__":
    main()
