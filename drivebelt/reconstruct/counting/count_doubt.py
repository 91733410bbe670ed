"""Doubts about the form of the count's model, which more registers do not make smaller: drawn once for all, or once a class.

Losses are not even through a year, so that the model's own guess of what lies beyond the last known number of a register is wrong
where whole months, subjects or boxes are gone. Read backwards a register begins where it ended, and its first number is one: what
is lost before the first known number is seen, and as much is lost beyond the last, in the mean over registers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt.reconstruct.counting.known import Known

Floats = npt.NDArray[np.float64]
MODEL = 1101
"""Stream of draws, beside that of `gibbs`."""
_ENDS, _UNEVEN = 0.12, 0.5
"""How far what lies beyond the ends may be wrong (standard deviation, relative), and the share of the logarithm by which the guess
of the model differs from the beginnings that is added: assumptions (.05 to .2; .3 to 1), of the size found on archives of runs."""
_FEW = 20.0
"""Numbers before the first known ones that count as much as the model's guess. An assumption (5 to 100)."""
_BEGUN_BEFORE, _UNTOLD = 2.0, 0.3
"""How many times as much free before the first numbers as beyond the last ones says that registers began before what the archive
covers, so that their beginnings tell nothing, and how far the guess may be wrong then. Assumptions (1.5 to 3; .2 to .5)."""
_MORE, _UNHEARD = 1.06, 0.12
"""By how much registers of which nothing is known numbered more than is drawn for them, and how far that may be wrong (standard
deviation, relative), in all classes alike. Assumptions (1 to 1.1; .05 to .2): on archives of training seeds they came out some 7
per cent too low, with a spread of a tenth, and the reason is not known."""


def beginnings(what: Known) -> float:
    """How many numbers are free before the first known one of each register, in all."""
    first = np.full(what.label.size, np.iinfo(np.int64).max)
    np.minimum.at(first, what.series, what.number)
    return float((first - 1).sum())


def ends(guess: float, begin: float, rounds: int, seed: int) -> tuple[float, Floats]:
    """By how much the model's `guess` of all numbers beyond the last known ones is to be multiplied, in the mean and by draw
    (rounds,), where `begin` are free before the first ones: it is set half way between the two, in logarithms."""
    apart = float(np.log((begin + _FEW) / (guess + _FEW)))
    told = apart <= np.log(_BEGUN_BEFORE)
    factor, spread = (float(np.exp(apart / 2)), _ENDS + _UNEVEN * abs(apart)) if told else (1.0, _UNTOLD)
    return factor, np.maximum(factor * (1 + spread * draws.normals(seed, MODEL, np.arange(rounds), 0)), 0.0)


def unheard(kept: Floats, rounds: int, seed: int) -> Floats:
    """Factors [class, draw] of what registers numbered of which nothing is known; `kept` (classes,) is the share of those that
    there may have been that is held for kept.

    Whether any office of a class kept such a register is one question for all of them: it is the more doubtful the fewer are held
    for kept.
    """
    normal = draws.normals(seed, MODEL, np.arange(kept.size * rounds), 1).reshape(kept.size, rounds)
    alike = draws.normals(seed, MODEL, np.arange(rounds), 2)
    return np.maximum(_MORE + (1 - kept[:, None]) * normal + _UNHEARD * alike, 0.0)
