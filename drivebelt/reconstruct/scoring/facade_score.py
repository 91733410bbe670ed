"""Whether the name on a paper is the decider's, and how much of what bears a body's name others decided: beside the truth and
simpler methods. Reads the truth of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.columns import find
from drivebelt.reconstruct.engine import Inference
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.facade import PASSES_ON, WHOLE, key, quarters
from drivebelt.reconstruct.grouping.papers import OWN_KINDS, UPWARD_BELOW_CENTRE
from drivebelt.reconstruct.grouping.tree import CENTRE
from drivebelt.reconstruct.scoring import figures
from drivebelt.reconstruct.scoring.facade_baselines import AFTER_PARTY, METHODS, WINDOWS, days_after_party, party_body
from drivebelt.reconstruct.scoring.truth import Truth
from drivebelt.reconstruct.tables import SURE

if TYPE_CHECKING:
    from drivebelt.reconstruct.result import Reconstruction
    from drivebelt.results import Run

NAME = "facade"
"""Where its figures stand in a score."""
ENGINE = "this engine"
FEWEST = 5
"""Papers that a body issued (in a quarter, or in all) from which its share is scored: a share of fewer is no share."""
UNITS = {"body": False, "quarter": True}
"""What shares are scored by, and whether quarter by quarter."""
PLAIN = 0.02
"""Share, or what is missing to all, below which a case is plain: bodies beside the party all are."""
CLAIMED = 0.5
"""Chance from which each method is taken to call the name on a paper a mere name."""
Bools = npt.NDArray[np.bool_]


def score(found: Reconstruction, f: Inference, true: Truth, run: Run) -> dict[str, Any] | None:
    """The figures; None where nothing can be told. Papers made up later are left out: nobody decided them."""
    if f.silent or not f.learnt:
        return None
    a = f.archive
    rows = np.flatnonzero(f.acts & (true.who != NONE))
    masked = (true.who != a.issuer)[rows]
    party = party_body(f)[a.issuer[rows]]
    formal = np.isin(a.issuer[rows], f.bodies.organ)
    among = {"all": np.ones(rows.size, bool), "party": party, "formal bodies of the Centre": formal}
    ways = _ways(found, f, rows, masked)
    cells = {unit: _cells(found, a, _truth(run, quarter), quarter) for unit, quarter in UNITS.items()}
    chance = ways[ENGINE]
    return {
        "papers": int(rows.size), "masked": int(masked.sum()), "bodies": int(cells["body"].organ.size),
        "ways": {
            name: {
                "among": {part: _detected(said[of], masked[of]) for part, of in among.items()},
                **{
                    unit: _errors(cell, cell.said, cell.chance) if name == ENGINE
                    else _errors(cell, *[_mean(cell, said, rows, a, UNITS[unit])] * 2)
                    for unit, cell in cells.items()
                },
            }
            for name, said in ways.items()
        },
        "chances": {
            "paper": {
                "error": figures.calibration(chance, masked), "log_loss": figures.log_loss(chance, masked),
                **figures.answered(np.maximum(chance, 1 - chance), (chance >= CLAIMED) == masked),
                "told_masked": figures.detection(chance >= SURE, masked), "reliability": figures.reliability(chance, masked),
            },
            **{unit: _intervals(cell) for unit, cell in cells.items()},
            "passes on": _passing(cells["body"]),
        },
    }  # fmt: skip


def _ways(found: Reconstruction, f: Inference, rows: Ints, masked: Bools) -> dict[str, Floats]:
    """By method what it says of each paper of `rows`, 0 to 1. Where one has a window to choose it has the best for this very
    archive, which is more than anybody could know."""
    out = {ENGINE: found.documents["masked"].to_numpy()[rows]} | {name: method(f)[rows] for name, method in METHODS.items()}
    gap = days_after_party(f)[rows]
    best = max(WINDOWS, key=lambda days: figures.detection(gap <= days, masked)["f1"] or 0.0)
    out[AFTER_PARTY] = (gap <= best).astype(np.float64)
    return out


def _detected(said: Floats, masked: Bools) -> dict[str, float | int | None]:
    return {"auc": figures.auc(said, masked), **figures.detection(said >= CLAIMED, masked)}


@dataclass
class _Cells:
    """Rows of the table `facade` (bodies by organ row, or bodies and quarters) with FEWEST papers `issued` and more: the true
    `share` of these that others decided, and what the table says."""

    organ: Ints
    period: Ints
    issued: Ints
    share: Floats
    said: Floats
    low: Floats
    high: Floats
    chance: Floats

    @property
    def unclear(self) -> Bools:
        """(rows,) whether the true share is not plain: neither next to nothing nor next to all."""
        return (self.share > PLAIN) & (self.share < 1 - PLAIN)


def _truth(run: Run, quarter: bool) -> list[npt.NDArray[Any]]:
    """Issuer, period, number and how many another decided, of all papers of a run that carry an order."""
    kinds, upward = (", ".join(f"'{kind}'" for kind in known) for known in (OWN_KINDS, UPWARD_BELOW_CENTRE))
    period = "(year(date) - 1970) * 4 + quarter(date) - 1" if quarter else str(WHOLE)
    found = run.sql(
        f"select issuer, {period} as period, count(*) as issued, "
        "count(*) filter (originator is distinct from issuer) as masked "
        "from documents join organs on organ = issuer "
        f"where documents.kind not in ({kinds}) and (documents.kind not in ({upward}) or level = '{CENTRE}') "
        "group by all order by all"
    ).fetchnumpy()
    return [np.asarray(found[name], np.int64) for name in ("issuer", "period", "issued", "masked")]


def _cells(found: Reconstruction, a: Archive, truth: list[npt.NDArray[Any]], quarter: bool) -> _Cells:
    table = found.facade.filter((pc.is_valid if quarter else pc.is_null)(found.facade["quarter"]))
    first = table["quarter"].cast("int32").fill_null(0).to_numpy().astype(np.int64)
    organ, period = table["organ"].to_numpy(), quarters(first) if quarter else np.full(first.size, WHOLE)
    issuer, when, issued, masked = truth
    row = find(key(issuer, when), key(organ, period))
    kept = (row >= 0) & (np.append(issued, 0)[row] >= FEWEST)
    row, said = row[kept], [table[name].to_numpy()[kept] for name in ("share", "low", "high", "chance")]
    return _Cells(find(a.organ_id, organ[kept]), period[kept], issued[row], masked[row] / issued[row], *said)


def _errors(cells: _Cells, share: Floats, rank: Floats) -> dict[str, float | None]:
    """How far shares are off the true ones: mean over cells, over those that are not plain, and over the papers issued; and how
    well `rank` puts bodies that only pass on above the others."""
    if not share.size:
        return {"error": None, "open_error": None, "error_by_paper": None, "auc": None}
    gap = np.abs(share - cells.share)
    return {
        "error": float(gap.mean()), "open_error": figures.share(gap, cells.unclear),
        "error_by_paper": float(np.average(gap, weights=cells.issued)),
        "auc": figures.auc(rank, cells.share > PASSES_ON),
    }  # fmt: skip


def _mean(cells: _Cells, said: Floats, rows: Ints, a: Archive, quarter: bool) -> Floats:
    """The mean of what is said of the papers left of each cell."""
    period = quarters(a.date[rows]) if quarter else np.full(rows.size, WHOLE)
    names, at, many = np.unique(key(a.issuer[rows], period), return_inverse=True, return_counts=True)
    out: Floats = np.append(np.bincount(at, said, names.size) / many, 0.0)[find(names, key(cells.organ, cells.period))]
    return out


def _intervals(cells: _Cells) -> dict[str, float | int | None]:
    """How often the intervals hold, and how wide they are: over all cells, and over those whose share is not plain."""
    low, high, share = cells.low, cells.high, cells.share
    holds = (low - 1e-9 <= share) & (share <= high + 1e-9)
    out: dict[str, float | int | None] = {}
    for name, of in (("", np.ones(share.size, bool)), ("open_", cells.unclear)):
        out[f"{name}cells"] = int(of.sum())
        out[f"{name}holds"] = figures.share(holds, of)
        out[f"{name}width"] = figures.share(high - low, of)
    return out


def _passing(cells: _Cells) -> dict[str, Any]:
    """Of bodies with papers enough: which only pass on, told at 80 per cent, and whether the chances are right."""
    chance, true = cells.chance, cells.share > PASSES_ON
    return {
        **figures.detection(chance >= SURE, true), "error": figures.calibration(chance, true),
        "log_loss": figures.log_loss(chance, true), "reliability": figures.reliability(chance, true),
    }  # fmt: skip


def lines(s: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Name and figures of each line of the table for a reader."""
    if s is None:
        return []

    def cells(*values: float | None) -> str:
        return "  ".join("-" if v is None else f"{v:,}" if isinstance(v, int) else f"{v:.3f}" for v in values)

    out = [("papers that carry an order; decided by another than who signed; bodies", cells(s["papers"], s["masked"], s["bodies"]))]
    for name, row in s["ways"].items():
        every, party = row["among"]["all"], row["among"]["party"]
        out.append((f"name not the decider's, {name}: AUC, precision, recall; of the party: AUC",
                    cells(every["auc"], every["precision"], every["recall"], party["auc"])))  # fmt: skip
        body, quarter = row["body"], row["quarter"]
        out.append((f"facade of a body, {name}: error of the share; where not plain; by quarter; only passes on: AUC",
                    cells(body["error"], body["open_error"], quarter["error"], body["auc"])))  # fmt: skip
    c = s["chances"]
    told = c["paper"]["told_masked"]
    out.append(("name not the decider's: calibration error, log loss; at 80 per cent: right, false masks",
                cells(c["paper"]["error"], c["paper"]["log_loss"], told["precision"], told["false_alarms"])))  # fmt: skip
    for unit in ("body", "quarter"):
        out.append((f"facade by {unit}: 90 per cent interval holds, width; where the share is not plain",
                    cells(*(c[unit][x] for x in ("holds", "width", "open_holds", "open_width")))))  # fmt: skip
    p = c["passes on"]
    name = "only passes on, at 80 per cent: precision, recall; calibration error"
    out.append((name, cells(p["precision"], p["recall"], p["error"])))
    return out
