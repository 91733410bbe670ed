"""Bodies of the Centre that are gone without a trace: how many, and how many papers they numbered.

Each body of the Centre is of a kind of its own, and most that left nothing never kept a register. But where others were burned and
are known from copies elsewhere alone, some are known from none: their papers went to few, and those were burned too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt.reconstruct.counting.known import Known

Floats = npt.NDArray[np.float64]
GONE = 1105
"""Stream of draws, beside that of `gibbs`."""
CENTRE = "centre"
_MOST = 0.6
"""Share of burned bodies that left no trace: evenly from none to this. An assumption (.4 to .8)."""


def gone_bodies(what: Known, issued: Floats, rounds: int, seed: int) -> tuple[Floats, Floats]:
    """Draws (rounds,) of the bodies gone and of their papers; `issued` (registers,) is the estimate for each known register.

    As many are gone for every body burned and known as the share s of those without a trace says: negative binomial, the mean
    s / (1 - s) each, and no more than there are bodies of which nothing is left. What each numbered is drawn from bodies of the
    Centre that are known, by the inverse of their papers: who wrote more is rather known.
    """
    none = np.zeros(rounds)
    k = what.keeping
    if k is None:
        return none, none
    known = np.unique(what.office[np.char.startswith(what.body, CENTRE)])
    burned = int((~np.isin(known, k.offices)).sum())
    listed = np.concatenate(
        [what.silent.office[np.char.startswith(what.silent.body, CENTRE)], k.unheard[np.char.startswith(k.body, CENTRE)]]
    )
    nothing = int((~np.isin(np.unique(listed), np.concatenate([known, k.offices]))).sum())
    if not burned or not nothing:
        return none, none
    papers = np.bincount(np.searchsorted(known, what.office[np.isin(what.office, known)]), issued[np.isin(what.office, known)])
    share = _MOST * draws.uniforms(seed, GONE, np.arange(rounds), 0)
    tries = np.cumsum(
        draws.uniforms(seed, GONE, np.arange(rounds * (burned + nothing)), 1).reshape(rounds, -1) >= share[:, None], 1
    )
    gone = np.minimum((tries < burned).sum(1) - (burned - 1), nothing)  # bodies without a trace before the last known one
    gone = np.maximum(gone, 0)
    weight = np.cumsum(1 / np.maximum(papers, 1.0))
    at = np.searchsorted(weight / weight[-1], draws.uniforms(seed, GONE, np.arange(rounds * nothing), 2), side="right")
    each = papers[at.clip(max=papers.size - 1)].reshape(rounds, nothing)
    return gone.astype(np.float64), np.where(np.arange(nothing) < gone[:, None], each, 0.0).sum(1)
