"""Writes the measured part of docs/power.md from the results of two experiments; see the commands it prints there.

drivebelt experiment benchmarks/power.yaml --out results/power
drivebelt experiment benchmarks/power-fitted.yaml --out results/power-fitted
python docs/make_power.py results/power results/power-fitted
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path

from marks import fill

from drivebelt.experiments.checks import checks
from drivebelt.experiments.design import Experiment
from drivebelt.experiments.headlines import HEADLINES
from drivebelt.experiments.perform import Row
from drivebelt.experiments.sensitivity import sensitivity
from drivebelt.experiments.validation import quantile

HERE = Path(__file__).parent
HALF = 0.5
# Share of draws of an earlier prototype in which the nearest question came out yes (its revised form).
PROTOTYPE = {
    "secretaries' dependence rises by .15": "94",
    "apparatus among delegates rises by ten points": "47",
    "delegates against fall by half": "79",
    "delegates against at most 5 per cent at the end": "25",
    "share settled before rises": "72 (by 15 points)",
    "all five by direction": "29 (four of them)",
    "healthy leader: the circle forms later or never": "median week 60 instead of 8",
}


def load(folder: Path) -> tuple[Experiment, list[Row]]:
    """An experiment and its rows."""
    e = Experiment(**json.loads((folder / "experiment.json").read_text()))
    rows = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    return e, sorted(rows, key=lambda row: (list(e.arms).index(row["arm"]), row["seed"]))


def checks_table(prior: tuple[Experiment, list[Row]], fitted: tuple[Experiment, list[Row]]) -> list[str]:
    """In how many draws each check holds: over all ranges, and over the draws that fit."""
    fits = {name: (held, of) for name, held, of in checks(*fitted)}
    out = ["| check | all draws | draws that fit | prototype |", "|---|---|---|---|"]
    for name, held, of in checks(*prior):
        fit = fits.get(name)
        share = f"{100 * fit[0] / fit[1]:.0f} ({fit[1]})" if fit else ""
        out.append(f"| {name} | {100 * held / of:.0f} ({of}) | {share} | {PROTOTYPE.get(name, '')} |")
    return out


def headlines_table(fitted: tuple[Experiment, list[Row]], prior: tuple[Experiment, list[Row]]) -> list[str]:
    """Median and middle nine tenths of every headline of the plain rules."""
    out = ["| headline | draws that fit | all draws |", "|---|---|---|"]
    for h in HEADLINES:
        cells = []
        for e, rows in (fitted, prior):
            base = next(iter(e.arms))
            values = sorted(row["headlines"][h.name] for row in rows if row["arm"] == base and row["headlines"][h.name] is not None)
            cells.append(
                f"{statistics.median(values):.3g} ({quantile(values, 0.05):.3g} to {quantile(values, 0.95):.3g})" if values else "-"
            )
        if cells != ["-", "-"]:  # what only paper below the Centre shows
            out.append(f"| {h.name} | {cells[0]} | {cells[1]} |")
    return out


def sensitivity_table(prior: tuple[Experiment, list[Row]]) -> list[str]:
    """The three parameters that explain most of each headline."""
    out = ["| headline | parameter: squared rank correlation, first-order index | |", "|---|---|---|"]
    found = sensitivity(*prior)
    for headline in dict.fromkeys(s.headline for s in found):
        mine = [s for s in found if s.headline == headline]
        cells = "; ".join(f"`{s.parameter}` {s.rank:.2f}, {s.first_order or 0.0:.2f}" for s in mine)
        accounting = any(max(s.rank, s.first_order or 0.0) > HALF for s in mine)
        out.append(f"| {headline} | {cells} | {'accounting' if accounting else ''} |")
    return out


def main() -> None:
    """Puts the tables between the marks of docs/power.md."""
    prior, fitted = load(Path(sys.argv[1])), load(Path(sys.argv[2]))
    part = [
        "### Checks that the mechanics are alive", "",
        f"Per cent of draws in which each holds (number of draws); scale {prior[0].scale:g}, to {prior[0].end}.", "",
        *checks_table(prior, fitted), "", "### Headlines over all draws", "",
        "Median and middle nine tenths under the plain rules.", "", *headlines_table(fitted, prior), "",
        "### What moves the headlines", "",
        "Where one parameter goes with more than half of the variance, the headline is accounting and not a finding.", "",
        *sensitivity_table(prior),
    ]  # fmt: skip
    fill(HERE / "power.md", part)


if __name__ == "__main__":
    main()
