"""Doubts about the form of the count's model, which more registers do not make smaller: drawn once for all, or once a class.

Losses are not even through a year, so that the model's own guess of what lies beyond the last known number of a register is wrong
where whole months, subjects or boxes are gone. Read backwards a register begins where it ended, and its first number is one: what
is lost before the first known number is seen, and as much is lost beyond the last, in the mean over registers. How uneven
losses are is told by what the papers that are there cite: where papers were lost one by one, what they cite is there no more
often than other papers, where they were lost with their subject, nearly always.

The sizes of these doubts are those with the narrowest intervals that held on a hundred archives of runs that nothing else is
measured on.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt.reconstruct.counting.known import Known

Floats = npt.NDArray[np.float64]
MODEL = 1101
"""Stream of draws, beside that of `gibbs`."""
_ENDS, _UNEVEN = 0.03, 0.4
"""How far what lies beyond the ends may be wrong beside the draws of the model (standard deviation, relative), and how far as a
share of the logarithm by which its guess differs from the beginnings: assumptions (.01 to .1; .3 to 1)."""
_CHANCE, _BY_SUBJECT, _UNCITED = 0.25, 0.5, 0.3
"""How far papers may lie together with those that they cite where they were lost one by one, how far the ends may be wrong for
each whole beyond that, and how far where too few papers cite others to say so: assumptions (.2 to .3; .4 to .8; .1 to .4)."""
_CITING = 30
"""Papers that cite others from which these tell something. An assumption (10 to 100)."""
_LONG = 5
"""Numbers of a register from which it tells how many papers are there. An assumption (3 to 20)."""
_FEW = 20.0
"""Numbers before the first known ones that count as much as the model's guess. An assumption (5 to 100)."""
_BEGUN_BEFORE, _UNTOLD = 2.0, 0.3
"""How many times as much free before the first numbers as beyond the last ones says that registers began before what the archive
covers, so that their beginnings tell nothing, and how far the guess may be wrong then. Assumptions (1.5 to 3; .2 to .5)."""
_MORE, _UNHEARD, _NEVER = 1.06, 0.05, 0.45
"""By how much registers of which nothing is known numbered more than is drawn for them, how far that may be wrong (standard
deviation, relative) in all classes alike, and how far in a class all of whose registers may never have been kept. Assumptions (1 to
1.1; .03 to .2; .3 to 1): on archives of training seeds they came out some 7 per cent too low, and the reason is not known."""


def beginnings(what: Known) -> float:
    """How many numbers are free before the first known one of each register, in all."""
    first = np.full(what.label.size, np.iinfo(np.int64).max)
    np.minimum.at(first, what.series, what.number)
    return float((first - 1).sum())


def by_subject(what: Known) -> float | None:
    """How far papers were lost with those that they cite: 0 where what they cite is there as often as other papers of its
    register, 1 where always; None where that cannot be told."""
    register, there = what.cited[what.highest[what.cited[:, 0]] >= _LONG].T
    if register.size < _CITING:
        return None
    others = np.bincount(what.series, what.there, what.label.size)[register] - there
    expected = others / (what.highest[register] - 1)
    return float((there - expected).sum() / max((1 - expected).sum(), 1.0))


def ends(guess: float, begin: float, together: float | None, rounds: int, seed: int) -> tuple[float, Floats]:
    """By how much the model's `guess` of all numbers beyond the last known ones is to be multiplied, in the mean and by draw
    (rounds,), where `begin` are free before the first ones: it is set half way between the two, in logarithms. `together` is how
    far papers were lost with those that they cite."""
    apart = float(np.log((begin + _FEW) / (guess + _FEW)))
    factor, spread = 1.0, _UNTOLD
    if apart <= np.log(_BEGUN_BEFORE):
        lost = _UNCITED if together is None else _BY_SUBJECT * max(together - _CHANCE, 0.0)
        factor, spread = float(np.exp(apart / 2)), float(np.sqrt(_ENDS**2 + (_UNEVEN * apart) ** 2 + lost**2))
    return factor, np.maximum(factor * (1 + spread * draws.normals(seed, MODEL, np.arange(rounds), 0)), 0.0)


def unheard(kept: Floats, rounds: int, seed: int) -> Floats:
    """Factors [class, draw] of what registers numbered of which nothing is known; `kept` (classes,) is the share of those that
    there may have been that is held for kept.

    Whether any office of a class kept such a register is one question for all of them: it is the more doubtful the fewer are held
    for kept.
    """
    normal = draws.normals(seed, MODEL, np.arange(kept.size * rounds), 1).reshape(kept.size, rounds)
    alike = draws.normals(seed, MODEL, np.arange(rounds), 2)
    return np.maximum(_MORE + _NEVER * (1 - kept[:, None]) * normal + _UNHEARD * alike, 0.0)
