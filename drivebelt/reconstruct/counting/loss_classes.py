"""Which offices were lost and spared alike, and the registers of each such class, known and unknown."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.counting.keeping import Keeping
from drivebelt.reconstruct.counting.known import Known, Listed
from drivebelt.reconstruct.counting.register_classes import Ints, Registers

Words = npt.NDArray[np.str_]
CENTRE = "centre"
"""Level whose bodies are each of a kind of its own."""
FEW = 3
"""Bodies of a branch of the Centre below which it is taken together with others. An assumption (2 to 5)."""


def lost_together(what: Known) -> tuple[Known, list[tuple[str, Ints]]]:
    """The classes of offices whose losses go together, with the registers of each: level and branch, but all bodies of the Centre.

    There each is of its own kind: the registers of branches in which fewer than FEW bodies are heard of are of one kind, and every
    body of such a branch, heard of or not, may have kept them.
    """
    k = what.keeping
    if k is None:
        return what, [(str(body), np.flatnonzero(what.body == body)) for body in np.unique(what.body)]
    centre = np.char.startswith(what.body, CENTRE)
    body = np.where(centre, CENTRE, what.body)
    pairs = np.unique(np.stack([what.body[centre], what.office[centre].astype(np.str_)]), axis=1)
    names, many = np.unique(pairs[0], return_counts=True)
    few = np.isin(what.body, names[many < FEW])
    group = what.group.astype("U64")
    group[few] = [f"{CENTRE} others {name.split()[-1]}" for name in group[few].tolist()]
    silent = _silent(what, k, few, group, np.unique(what.year[centre]))
    what = replace(what, group=group, silent=silent, body=body)
    return what, [(str(b), np.flatnonzero(body == b)) for b in np.unique(body)]


def _silent(what: Known, k: Keeping, few: npt.NDArray[np.bool_], group: Words, years: Ints) -> Listed:
    """The registers of which nothing is known, those of the small branches of the Centre listed anew."""
    s = what.silent
    apart = np.isin(s.body, np.unique(what.body[few]))
    unheard = k.unheard[np.char.startswith(k.body, CENTRE)]
    bodies, kinds = np.unique(np.concatenate([what.office[few], s.office[apart], unheard])), np.unique(group[few])
    there = set(zip(what.office[few].tolist(), group[few].tolist(), what.year[few].tolist(), strict=True))
    rows = [x for x in product(bodies.tolist(), kinds.tolist(), years.tolist()) if x not in there]
    office, kind, year = (np.array([x[i] for x in rows]) for i in range(3))
    body = np.where(np.char.startswith(s.body, CENTRE), CENTRE, s.body)
    return Listed(
        np.concatenate([s.office[~apart], office.astype(np.int64)]),
        np.concatenate([s.group[~apart].astype("U64"), kind.astype("U64")]),
        np.concatenate([s.year[~apart], year.astype(np.int64)]), np.concatenate([body[~apart], np.full(len(rows), CENTRE)]),
    )  # fmt: skip


def registers_of(what: Known, rows: Ints, more: Ints) -> Registers:
    """The registers of one class of which something is known, then those of which nothing is."""
    s = what.silent
    offices, office = np.unique(np.concatenate([what.office[rows], s.office[more]]), return_inverse=True)
    group = np.concatenate([what.group[rows], s.group[more]])
    year = np.concatenate([what.year[rows], s.year[more]])
    _, kind = np.unique(group, return_inverse=True)
    years, at = np.unique(year, return_inverse=True)
    cells, cell = np.unique(kind * years.size + at, return_inverse=True)
    none = np.zeros(more.size, np.int64)
    own, holds = None, None
    if what.keeping is not None:
        k = what.keeping
        numbers = dict(zip(k.series.tolist(), k.numbers.tolist(), strict=True))
        own = np.concatenate([np.array([numbers.get(x, 0) for x in what.label[rows].tolist()], np.int64), none])
        own = np.minimum(own, np.concatenate([what.known[rows], none]))
        holds = np.isin(offices, k.offices) | (np.bincount(office, own) > 0)
    alike = not str(what.body[rows[0]]).startswith(CENTRE)
    return Registers(
        office.astype(np.int64), cell.astype(np.int64), (cells // years.size).astype(np.int64),
        np.concatenate([what.known[rows], none]), np.concatenate([what.highest[rows], none]), alike, own, holds,
    )  # fmt: skip


def never_heard_of(what: Known) -> tuple[list[tuple[str, int]], float]:
    """Classes below the Centre of which no office left anything and no register is known, each with its number of offices, and
    the share of all classes that kept registers, as far as is known."""
    k = what.keeping
    if k is None:
        return [], 0.0
    bodies = [str(x) for x in np.unique(k.body) if not str(x).startswith(CENTRE)]
    spared = np.isin(k.unheard, k.offices)
    gone = [(x, int(np.count_nonzero(k.body == x))) for x in bodies if not spared[k.body == x].any()]
    heard = len({str(x) for x in what.body if not str(x).startswith(CENTRE)})
    return gone, (heard + 0.5) / (heard + len(bodies) + 1)
