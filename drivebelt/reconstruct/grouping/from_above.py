"""Orders restated far, or passed on late, where they came from is known: the superior of the office, or the office itself.

What chance may do grows with the number of comparisons. Against all papers of a subject a wording twelve bits away proves little;
against the few that the office's own superior wrote on it in the weeks before, it does. So the oldest paper of each group looks for
its like among these, farther off in bits, and, nearly unchanged, farther back in time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from drivebelt.compilation import KERNEL
from drivebelt.reconstruct.archive import Ints
from drivebelt.reconstruct.grouping import links
from drivebelt.reconstruct.grouping.links import bits_apart
from drivebelt.reconstruct.grouping.tree import Tree

LATE = 400
"""Days after which an order still arrives somewhere: where roads are closed half of the year (assumption, range 200-600)."""
FALSE_JOINS = 5e-6
"""Expected share of papers that each of the two looks may join by chance."""


def from_above(
    t: Tree,
    block: Ints,
    date: Ints,
    wording: npt.NDArray[np.uint64],
    office: Ints,
    parent: Ints,
    strangers: npt.NDArray[np.float64],
) -> tuple[Ints, Ints]:
    """Pairs of places: the oldest paper of a group and the nearest earlier one of its office or superior on the subject.

    Arrays of one length in order of block and date; `parent` must be flat; `strangers[bits]` is the distance of texts that have
    nothing to do with each other.
    """
    none = np.zeros(0, np.int64)
    head = np.flatnonzero((parent == np.arange(parent.size)) & (office != t.root) & (wording != 0))
    if not head.size:
        return none, none
    above = t.ups[t.span(date[head]), office[head]]
    wide = t.root + 1
    key = block * wide + office
    order = np.lexsort((date, key))
    left, right = [], []
    for soonest, latest in ((0, links.WINDOW), (links.WINDOW, LATE)):
        nearest, place, compared = _nearest(
            head, block[head] * wide + above, key[head], above != t.root, key[order], order, date, wording, parent, soonest, latest
        )  # fmt: skip
        most = int(np.searchsorted(np.cumsum(strangers) * max(int(compared), 1), FALSE_JOINS * parent.size)) - 1
        found = nearest <= most
        left.append(head[found])
        right.append(place[found])
    return np.concatenate(left), np.concatenate(right)


@njit(**KERNEL)
def _nearest(head, above, own, has, keys, order, date, wording, parent, soonest, latest):
    """For each head the fewest bits to a paper under key `above` (where it `has` one) or `own`, from `soonest` to `latest` days
    older, of another group; that paper; and the number of comparisons."""
    nearest = np.full(head.size, 99, np.int64)
    place = np.zeros(head.size, np.int64)
    compared = 0
    for k in range(head.size):
        i = head[k]
        for which in range(2):
            if which == 0 and not has[k]:
                continue
            want = above[k] if which == 0 else own[k]
            at = np.searchsorted(keys, want)
            while at < keys.size and keys[at] == want:
                j = order[at]
                at += 1
                lag = date[i] - date[j]
                if lag < 0:
                    break
                if lag < soonest or lag > latest or wording[j] == np.uint64(0) or parent[j] == i:
                    continue
                compared += 1
                apart = bits_apart(wording[i], wording[j])
                if apart < nearest[k]:
                    nearest[k], place[k] = apart, j
    return nearest, place, compared
