"""Scores the reconstruction on archives of seeds it never learnt from, beside baselines, and writes the table.

python benchmarks/make_archives.py score FOLDER
python benchmarks/reconstruction.py FOLDER [RUN...]      scores what is not scored yet, then writes the table
python benchmarks/reconstruction.py FOLDER --table       writes the table of what is scored

Each score is kept in FOLDER/scores, so a table that was broken off goes on; runs may be shared out among processes by name. The
table goes to benchmarks/reconstruction.json (means and intervals by rulebook, loss and figure) and benchmarks/reconstruction.md.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from make_archives import LOSSES, SCORE, losses
from scipy import stats

from drivebelt.reconstruct import Reconstruction
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.engine import infer
from drivebelt.reconstruct.scoring import facade_score, membership_score
from drivebelt.reconstruct.scoring.baselines import GROUPINGS
from drivebelt.reconstruct.scoring.facade_baselines import AFTER_PARTY, METHODS
from drivebelt.reconstruct.scoring.score import orders
from drivebelt.reconstruct.scoring.truth import truth
from drivebelt.reconstruct.tables import info, tables
from drivebelt.results import Run

HERE = Path(__file__).parent
LEVEL = 0.9
"""Of the intervals of means over runs (Student's t)."""
DRAWS = 1000
"""Draws of runs for the interval of the pooled calibration error."""
RULEBOOKS = {
    "unamended rulebook": ("plain", "late"), "open minutes": ("open",), "open minutes, party and state apart": ("bare",),
    "no special sheets": ("no-sheets",), "no core, paper as secret as ever": ("no-core",),
}  # fmt: skip
"""Rulebook -> first words of the names of its scored runs."""
AUTHOR = (
    "this engine", "lowest common superior", "highest body", "previous paper", "face value", "network centrality", "paper alone",
)  # fmt: skip
CORE_FIGURES = ("precision", "recall", "F1")
CENTRES = ("this engine", "papers signed", "in-degree", "degree", "PageRank")
CENTRAL = "formal bodies of the Centre"
NAMES = ("this engine", *METHODS, AFTER_PARTY)
"""Who says whether the name on a paper is the decider's."""
UNITS = ("paper", "cascade", "paper, Centre as one", "cascade, Centre as one")
Get = Callable[[dict[str, Any]], float | None]


def _at(*way: str) -> Get:
    """Reads a figure by its way through the nested score; None where any part is not there."""

    def get(found: dict[str, Any]) -> float | None:
        value: Any = found
        for name in way:
            value = (value or {}).get(name)
        return None if value is None else float(value)

    return get


def _off(*way: str) -> Get:
    """How far a number of cascades is off the number of orders, as a share of it."""
    number, orders = _at("membership", *way), _at("membership", "orders")

    def get(found: dict[str, Any]) -> float | None:
        told, there = number(found), orders(found)
        return None if told is None or not there else told / there - 1

    return get


MEMBERSHIP = {
    "right": "papers that belong to their cascade", "mean_chance": "their mean chance", "auc": "ranking (AUC)",
    "error": "calibration error", "log_loss": "log loss", "log_loss, one chance for all": "log loss, one chance for all",
    "doubtful": "papers below 90 per cent", "doubtful_chance": "their mean chance below 90 per cent",
    "doubtful_right": "of these right", "holds": "interval of the number of orders holds",
}  # fmt: skip
"""Figure of membership -> its row."""
ROWS: dict[str, Get] = {
    "papers left that carry an order": _at("acting"),
    "grouping: B-cubed F1": _at("grouping", "f1"),
    "grouping: precision": _at("grouping", "precision"),
    "grouping: recall": _at("grouping", "recall"),
    **{f"grouping, simpler: {name}": _at("grouping, simpler", name) for name in GROUPINGS},
    **{f"author right, executed papers: {name}": _at("attribution", name, "executed") for name in AUTHOR},
    **{f"author right, Centre as one: {name}": _at("attribution", name, "executed_as_one") for name in AUTHOR},
    **{f"calibration error by {unit}": _at("calibration", unit, "error") for unit in UNITS},
    **{f"calibration error by {unit}, luck alone": _at("calibration", unit, "luck") for unit in UNITS},
    **{f"log loss by {unit}": _at("calibration", unit, "log_loss") for unit in UNITS},
    **{f"told at 80 per cent, by {unit}": _at("calibration", unit, "answered") for unit in UNITS},
    **{f"of these right, by {unit}": _at("calibration", unit, "right") for unit in UNITS},
    "the core claimed: papers": _at("claims", "the core", "claimed"),
    "the core claimed: precision": _at("claims", "the core", "precision"),
    "the core claimed: recall": _at("claims", "the core", "recall"),
    "the core claimed: F1": _at("claims", "the core", "f1"),
    **{f"the core, likeliest answer: {of}": _at("claims", "the core, likeliest answer", of.lower()) for of in CORE_FIGURES},
    **{
        f"the core, lowest common superior: {of}": _at("claims", "the core, by the lowest common superior", of.lower())
        for of in CORE_FIGURES
    },
    "hidden author claimed: papers": _at("claims", "hidden author, Centre as one", "claimed"),
    "hidden author claimed: false alarms": _at("claims", "hidden author, Centre as one", "false_alarms"),
    "core against formal body: AUC by cascade": _at("core_against_centre_auc"),
    **{f"centres by month, share put wrong: {name}": _at("centres", name) for name in CENTRES},
    **{f"name not the decider's, AUC: {name}": _at("facade", "ways", name, "among", "all", "auc") for name in NAMES},
    **{f"name not the decider's, precision: {name}": _at("facade", "ways", name, "among", "all", "precision") for name in NAMES},
    **{f"name not the decider's, recall: {name}": _at("facade", "ways", name, "among", "all", "recall") for name in NAMES},
    **{
        f"name not the decider's, party bodies, AUC: {name}": _at("facade", "ways", name, "among", "party", "auc") for name in NAMES
    },
    **{f"error of a body's facade: {name}": _at("facade", "ways", name, "body", "error") for name in NAMES},
    **{f"error of a body's facade, not plain: {name}": _at("facade", "ways", name, "body", "open_error") for name in NAMES},
    **{f"error of a body's facade by quarter: {name}": _at("facade", "ways", name, "quarter", "error") for name in NAMES},
    **{f"bodies that only pass on, AUC: {name}": _at("facade", "ways", name, "body", "auc") for name in NAMES},
    "name not the decider's: calibration error": _at("facade", "chances", "paper", "error"),
    "name not the decider's: log loss": _at("facade", "chances", "paper", "log_loss"),
    "false masks at 80 per cent: papers": _at("facade", "chances", "paper", "told_masked", "false_alarms"),
    "masks told at 80 per cent: papers": _at("facade", "chances", "paper", "told_masked", "claimed"),
    "false masks among formal bodies of the Centre": _at("facade", "ways", "this engine", "among", CENTRAL, "false_alarms"),
    "masks claimed among formal bodies of the Centre": _at("facade", "ways", "this engine", "among", CENTRAL, "claimed"),
    "masks among formal bodies of the Centre, AUC": _at("facade", "ways", "this engine", "among", CENTRAL, "auc"),
    **{
        f"interval of the facade by {unit}: {name}": _at("facade", "chances", unit, name)
        for unit in ("body", "quarter")
        for name in ("holds", "width", "open_holds", "open_width")
    },
    "bodies that only pass on, told: precision": _at("facade", "chances", "passes on", "precision"),
    "bodies that only pass on, told: recall": _at("facade", "chances", "passes on", "recall"),
    "bodies that only pass on: calibration error": _at("facade", "chances", "passes on", "error"),
    **{f"membership: {row}": _at("membership", name) for name, row in MEMBERSHIP.items()},
    "membership: cascades found, off the number of orders": _off("cascades"),
    "membership: sum of chances, off the number of orders": _off("drawn", "mean"),
    "seconds to reconstruct": _at("seconds"),
}
SHORT = (
    "grouping: B-cubed F1", *(f"grouping, simpler: {name}" for name in GROUPINGS), *(f"author right, executed papers: {name}" for name in AUTHOR),
    *(f"author right, Centre as one: {name}" for name in AUTHOR), *(f"calibration error by {unit}{of}" for unit in UNITS for of in ("", ", luck alone")),
    "told at 80 per cent, by paper", "of these right, by paper", "told at 80 per cent, by cascade", "of these right, by cascade",
    "the core claimed: papers", "the core claimed: precision", "the core claimed: F1",
    *(f"the core, {who}: {of}" for who in ("likeliest answer", "lowest common superior") for of in CORE_FIGURES), "hidden author claimed: papers", "hidden author claimed: false alarms",
    "core against formal body: AUC by cascade", *(f"centres by month, share put wrong: {name}" for name in CENTRES),
    *(row for row in ROWS if row.startswith("membership")),
)  # fmt: skip
"""Rows of the Markdown table; the others stand in the machine-readable file."""


def score(folder: Path, name: str, which: str = "score") -> None:
    """Scores the archives of one run of a set of `make_archives` that are made and not scored yet."""
    kept = folder / "scores"
    kept.mkdir(exist_ok=True)
    for loss in losses(which, name):
        key, out = folder / name / f"{loss}.key.parquet", kept / f"{name}.{loss}.json"
        if out.exists() or not key.exists():
            continue
        begun = time.perf_counter()
        f = infer(read(folder / name / loss))
        took = time.perf_counter() - begun
        r = Reconstruction(info(f), tables(f))
        run = Run(folder / name / "run")
        true = truth(f.archive, run, key)
        found = orders(r, f, true) | {
            "facade": facade_score.score(r, f, true, run), "membership": membership_score.score(r, f, true), "seconds": took,
        }  # fmt: skip
        out.write_text(json.dumps(found))
        print(name, loss, f"{time.perf_counter() - begun:.1f} s", flush=True)


def _scores(folder: Path, names: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    """Loss -> scores of the runs of a rulebook."""
    out: dict[str, list[dict[str, Any]]] = {}
    for loss in LOSSES:
        files = [folder / "scores" / f"{run}.{loss}.json" for run in SCORE if run.rsplit("-", 1)[0] in names]
        found = [json.loads(file.read_text()) for file in files if file.exists()]
        if found:
            out[loss] = found
    return out


def mean(values: list[float]) -> list[float] | None:
    """Mean, ends of its interval, and over how many runs; None where there is no value."""
    if not values:
        return None
    v = np.array(values)
    wide = stats.t.ppf(0.5 + LEVEL / 2, v.size - 1) * v.std(ddof=1) / np.sqrt(v.size) if v.size > 1 else 0.0
    return [round(float(x), 4) for x in (v.mean(), v.mean() - wide, v.mean() + wide)] + [v.size]


def pooled(found: list[dict[str, Any]], unit: str) -> list[float] | None:
    """Calibration error of all runs taken together: what is left when the luck of the few cascades of one run averages out. With
    the ends of its interval, of runs drawn anew with replacement; these lean upwards, since fewer different runs have more luck."""
    bins = np.array([f["calibration"][unit]["reliability"] for f in found if f["calibration"]])
    if not bins.size:
        return None

    def error(of: np.ndarray) -> float:
        n, chance, right = of.sum(0).T
        return float(np.abs(chance - right).sum() / max(n.sum(), 1))

    again = np.random.default_rng(0).integers(0, len(bins), (DRAWS, len(bins)))
    ends = np.quantile([error(bins[runs]) for runs in again], (0.5 - LEVEL / 2, 0.5 + LEVEL / 2))
    return [round(x, 4) for x in (error(bins), *map(float, ends))]


def curve(found: list[dict[str, Any]], unit: str) -> list[list[float | None]]:
    """The abstention curve, mean over runs: least chance, share told, share right."""
    curves = [f["calibration"][unit]["abstention"] for f in found if f["calibration"]]
    out: list[list[float | None]] = []
    for rows in zip(*curves, strict=True):
        right = [row[2] for row in rows if row[2] is not None]
        told = round(float(np.mean([row[1] for row in rows])), 4)
        out.append([rows[0][0], told, round(float(np.mean(right)), 4) if right else None])
    return out


def table(folder: Path) -> dict[str, Any]:
    """All figures by rulebook and loss."""
    out: dict[str, Any] = {}
    for rulebook, names in RULEBOOKS.items():
        for loss, found in _scores(folder, names).items():
            values = {row: [v for f in found if (v := get(f)) is not None] for row, get in ROWS.items()}
            out.setdefault(rulebook, {})[loss] = {
                "runs": len(found), "figures": {row: m for row, v in values.items() if (m := mean(v))},
                "pooled calibration error": {unit: pooled(found, unit) for unit in UNITS},
                "abstention": {unit: curve(found, unit) for unit in UNITS},
            }  # fmt: skip
    return out


def cell(figure: list[float] | None) -> str:
    if figure is None:
        return "-"
    middle, low, high, _ = figure
    if max(abs(low), abs(high)) >= 20:
        return f"{middle:,.0f} ± {(high - low) / 2:,.0f}"
    digits = 4 if max(abs(low), abs(high)) < 0.01 else 3
    return f"{middle:.{digits}f} ± {(high - low) / 2:.{digits}f}"


def lines(title: str, head: list[str], rows: list[list[str]]) -> list[str]:
    return [
        f"### {title}",
        "",
        "| " + " | ".join(head) + " |",
        "|---" * len(head) + "|",
        *("| " + " | ".join(r) + " |" for r in rows),
        "",
    ]


def markdown(found: dict[str, Any]) -> str:
    """The table for a reader: one a rulebook, of the unamended one also the regimes and the abstention curve."""
    out = [
        "# Reconstruction, scored", "",
        "Made by `python benchmarks/make_archives.py score FOLDER` and `python benchmarks/reconstruction.py FOLDER`; runs of scale "
        "0.005, seeds that were never learnt from. Mean over runs ± half of its 90 per cent interval (Student's t). `s30` is 30 per cent "
        "of the papers left, lost one by one; `-office` and `-subject`: whole offices, whole subjects lost; `s100` is the regime "
        "`complete`.", "",
    ]  # fmt: skip
    for rulebook, by_loss in found.items():
        runs = max(b["runs"] for b in by_loss.values())
        out += [f"## {rulebook[0].upper()}{rulebook[1:]}: {runs} runs", ""]
        parts = {"independent loss": [], "correlated loss": [], "regimes": []}
        for loss in by_loss:
            parts["independent loss" if loss[1:].isdigit() else "correlated loss" if loss[0] == "s" else "regimes"].append(loss)
        for part, of in parts.items():
            if not of:
                continue
            rows = [[row, *(cell(by_loss[loss]["figures"].get(row)) for loss in of)] for row in SHORT]
            rows += [
                [
                    f"calibration error by {unit}, runs pooled",
                    *("{:.3f} ({:.3f} to {:.3f})".format(*by_loss[x]["pooled calibration error"][unit]) for x in of),
                ]
                for unit in UNITS[:2]
            ]
            out += lines(part[0].upper() + part[1:], ["", *of], rows)
        if rulebook == next(iter(found)):
            of = [loss for loss in by_loss if loss[1:].isdigit()]
            for unit in UNITS[:2]:
                curves = {loss: by_loss[loss]["abstention"][unit] for loss in of}
                rows = [
                    [f"{row[0]:.0%}", *(f"{c[i][1]:.2f}, {'-' if c[i][2] is None else f'{c[i][2]:.2f}'}" for c in curves.values())]
                    for i, row in enumerate(next(iter(curves.values())))
                ]
                out += lines(f"Abstention by {unit}: share told at a chance and more, of these right", ["told from", *of], rows)
    return "\n".join(out)


def score_all(
    title: str, runs: Iterable[str], which: str, table: Callable[[Path], dict[str, Any]], markdown: Callable[[dict[str, Any]], str]
) -> None:
    """What is asked for on the command line: scores the runs named there, or all of them, and then writes the table."""
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    for name in runs:
        if not wanted or name in wanted:
            score(folder, name, which)
    if wanted and wanted != ["--table"]:
        return
    found = table(folder)
    (HERE / f"{title}.json").write_text(json.dumps(found, indent=1) + "\n")
    (HERE / f"{title}.md").write_text(markdown(found))


def main() -> None:
    score_all("reconstruction", SCORE, "score", table, markdown)


if __name__ == "__main__":
    main()
