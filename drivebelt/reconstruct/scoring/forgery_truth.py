"""What in truth was altered in an archive: joined with its run, for scores and learning only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivebelt.archive.forging import INNOCENT
from drivebelt.archive.left import Asked, Left, left
from drivebelt.errors import BadInput
from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.columns import find
from drivebelt.reconstruct.texts.forgeries import KINDS
from drivebelt.reconstruct.texts.forgery_signs import Texts
from drivebelt.results import Run


@dataclass
class Altered:
    """By row of the archive's papers the `kind` of what was done to any text that is left, a place in KINDS; by text whether
    it was `touched`."""

    kind: Ints
    touched: npt.NDArray[np.bool_]


def again(a: Archive, run: Run) -> Left | None:
    """The archive made again from its run; None where its settings are not known or do not lead to it."""
    i = a.info
    try:
        asked = Asked(
            str(i["regime"]), i.get("reader"), i.get("survival"), i.get("correlated") or "none", int(i.get("seed", 1))
        )  # fmt: skip
        what = left(run, asked)
    except (KeyError, TypeError, ValueError, BadInput):
        return None
    numbers = what.number[what.number >= 0]
    return what if np.array_equal(np.sort(numbers), np.sort(a.paper_id)) else None


def altered(a: Archive, t: Texts, what: Left) -> Altered:
    """The truth of an archive whose making is known."""
    n = what.paper.many
    row = np.where(what.number >= 0, find(a.paper_id, what.number), NONE)
    code = np.array([KINDS.index(kind) if kind != INNOCENT else 0 for kind in what.kinds] + [0], np.int64)
    there = np.concatenate([what.own, what.numbered])
    document = np.concatenate([np.arange(n), what.paper.copies["document"]])
    copy = np.concatenate([np.full(n, NONE), what.paper.copies["copy"].astype(np.int64)])
    done = np.where(there, code[what.alteration], 0)
    kind = np.zeros(a.papers, np.int64)
    np.maximum.at(kind, row[document[there]], done[there])
    kind[row[what.real :][row[what.real :] >= 0]] = KINDS.index("made-up")
    span = np.int64(1) << 32
    at = find((row[document] * span + copy + 1)[there], t.paper * span + t.copy + 1)
    return Altered(kind, (done[there][at] > 0) & (at >= 0))
