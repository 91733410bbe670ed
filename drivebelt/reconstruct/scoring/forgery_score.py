"""How right the judgement on texts is, by paper and by text, beside the simpler ways."""

from __future__ import annotations

from typing import Any

import numpy as np

from drivebelt.archive.left import Left
from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.scoring import figures
from drivebelt.reconstruct.scoring.forgery_truth import Altered, altered
from drivebelt.reconstruct.texts.forgeries import KINDS, SURE, Forgeries
from drivebelt.reconstruct.texts.forgery_signs import LEVELS

NAME = "forgeries"
"""Where its figures stand in a score."""
_SPEAKING = {"apart": 2, "length": 2, "signatures": 2, "kin": 4, "order": 4, "number": 2, "sequence": 2, "reference": 2, "entry": 2, "receipt": 2}  # fmt: skip # noqa: E501
"""Level of each sign from which it is a trace."""


def score(a: Archive, f: Forgeries, made: Left) -> dict[str, Any]:
    """The figures; `made` is the archive as it was made again from its run (`forgery_truth.again`)."""
    return scored(f, altered(a, f.what.texts, made))


def scored(f: Forgeries, true: Altered) -> dict[str, Any]:
    """The figures for a truth that is known."""
    forged, chance = true.kind > 0, f.altered
    out: dict[str, Any] = {"papers": int(chance.size), "altered": int(forged.sum()), "ways": {}, "kinds": {}}
    differ = np.any([f.what.of(sign) >= 2 for sign in ("apart", "length", "signatures")], 0) if chance.size else forged
    nothing = np.zeros(chance.size, bool)
    for name, said, sure in (
        ("this engine", chance, chance >= SURE), ("at even odds", chance, chance >= 0.5),
        ("copies differ", _best_rate(differ, forged), differ), ("nothing", _best_rate(nothing, forged), nothing),
    ):  # fmt: skip
        out["ways"][name] = {
            **figures.detection(sure, forged), "auc": figures.auc(said, forged), "log_loss": figures.log_loss(said, forged),
            "calibration": figures.calibration(said, forged),
        }  # fmt: skip
    # Where nearly all papers are genuine an error over all of them is nothing: beside it that over the papers that stand out.
    out["calibration_above_a_tenth"] = figures.calibration(chance[chance >= 0.1], forged[chance >= 0.1])
    trace = np.any([f.what.of(sign) >= level for sign, level in _SPEAKING.items() if sign in LEVELS], 0) if chance.size else forged
    out["without_trace"] = float((~trace)[forged].mean()) if forged.any() else None
    for k, kind in enumerate(KINDS[1:], 1):
        mine = true.kind == k
        found = forged & (chance >= SURE)
        out["kinds"][kind] = {
            "number": int(mine.sum()), "found": float(found[mine].mean()) if mine.any() else None,
            "auc": figures.auc(f.chance[:, k], mine),
            "named": float((1 + np.argmax(f.chance[mine & found, 1:], 1) == k).mean()) if (mine & found).any() else None,
        }  # fmt: skip
    return {**out, "original": _originals(f, true)}


def _best_rate(said: np.ndarray, true: np.ndarray) -> Floats:
    """A yes or no as a chance: the rates at which it is right on this very archive, which is more than anybody could know."""
    out = np.zeros(said.size)
    for value in (True, False):
        at = said == value
        out[at] = true[at].mean() if at.any() else 0.0
    return out


def _originals(f: Forgeries, true: Altered) -> dict[str, Any]:
    """Of papers with several texts of which one was left as it was and another altered: is the original found?"""
    t, n = f.what.texts, f.papers.size
    number, head, of = np.unique(t.variant, return_index=True, return_inverse=True)
    touched = np.zeros(number.size, bool)
    touched[of] = true.touched
    rows = np.flatnonzero(np.isin(t.paper[head], f.papers)) if number.size else number
    right = ~touched[rows]
    texts = np.bincount(of, minlength=number.size)[rows]
    own = (np.bincount(of, t.copy < 0, number.size) > 0)[rows] if number.size else right
    group = np.repeat(np.arange(n), np.diff(f.first))
    known = np.bincount(group, right, n) == 1
    ways = {"this engine": f.original, "most texts": texts.astype(float), "issuer's own copy": own.astype(float)}
    share = {name: _hit(group, value, right, known) for name, value in ways.items()}
    chosen = known[group]
    return {"papers": int(known.sum()), **share, "calibration": figures.calibration(f.original[chosen], right[chosen])}


def _hit(group: Ints, value: Floats, right: np.ndarray, known: np.ndarray) -> float | None:
    """Share of the known papers whose highest value is that of the original; ties count in part."""
    if not known.any():
        return None
    best = np.full(known.size, -np.inf)
    np.maximum.at(best, group, value)
    top = value == best[group]
    part = np.bincount(group, top & right, known.size) / np.maximum(np.bincount(group, top, known.size), 1)
    return float(part[known].mean())


def lines(s: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Name and figures of each line of the table for a reader."""
    if s is None:
        return []

    def cells(row: dict[str, Any], *names: str) -> str:
        return "  ".join("-" if row[n] is None else str(row[n]) if isinstance(row[n], int) else f"{row[n]:.3f}" for n in names)

    out = [("papers altered or made up; of these without a trace", cells(s, "altered", "without_trace"))]
    for name, row in s["ways"].items():
        out.append(
            (f"altered, {name}: precision, recall, F1, AUC, log loss", cells(row, "precision", "recall", "f1", "auc", "log_loss"))
        )
    for name, row in s["kinds"].items():
        if row["number"]:
            out.append((f"{name}: number, found, AUC, kind right of those found", cells(row, "number", "found", "auc", "named")))
    row = s["original"]
    if row["papers"]:
        out.append(("original of several texts: this engine, most texts, issuer's own", cells(row, "this engine", "most texts", "issuer's own copy")))  # fmt: skip # noqa: E501
    return out
