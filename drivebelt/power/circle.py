"""Who forms the informal circle: the smallest coalition that wins in the Politburo against the greatest threat felt there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def form(
    views: npt.NDArray[np.float64], resources: npt.NDArray[np.float64], present: npt.NDArray[np.bool_], closeness: float,
    trouble: float, half_vote: float,
) -> tuple[list[int], int]:  # fmt: skip
    """Places (in the list of members) of the coalition, and of the one it forms against; empty and -1 where none pays.

    `views` (members, 2); `resources` in [0, 1]; `present`: who can take part. A member is a threat by what he has beyond the
    strongest who balances him, times how far he stands from the others. Sympathisers outside count for `half_vote` each.
    """
    n = views.shape[0]
    here = np.flatnonzero(present)
    if here.size < 3:
        return [], -1
    apart = np.sqrt(((views[:, None, :] - views[None, :, :]) ** 2).sum(axis=2))
    felt = np.full(n, -1.0)
    for j in here:
        others = [int(i) for i in here if i != j]
        balance = max(resources[i] for i in others)
        felt[j] = (resources[j] - 0.7 * balance) * apart[j, others].mean()
    threat = int(np.argmax(felt))
    if felt[threat] <= trouble:
        return [], -1
    rest = [int(i) for i in here if i != threat]
    founder = max(rest, key=lambda i: (resources[i], -i))
    order = sorted(
        (i for i in rest if i != founder),
        key=lambda i: (apart[i, founder] * closeness - resources[i] - 0.3 * (apart[i, threat]), i),
    )
    chosen = [founder]
    for i in order:
        if len(chosen) >= 2 and _wins(chosen, rest, apart, threat, n, half_vote):
            break
        chosen.append(i)
    return sorted(chosen), threat


def _wins(
    chosen: list[int], rest: list[int], apart: npt.NDArray[np.float64], threat: int, n: int, half_vote: float
) -> bool:  # fmt: skip
    """Whether the coalition may expect a majority of the body: its own votes and those of sympathisers."""
    outside = [i for i in rest if i not in chosen]
    nearer = sum(np.mean([apart[i, c] for c in chosen]) < apart[i, threat] for i in outside)
    return len(chosen) + half_vote * nearer > n / 2
