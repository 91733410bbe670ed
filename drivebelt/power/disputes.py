"""The dispute of the day: the party debates one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drivebelt import records as r
from drivebelt.power.state import OPEN, STATED

if TYPE_CHECKING:
    from drivebelt.power.state import Power


def live_dispute(power: Power) -> int:
    """Number of the dispute that is stated or under discussion, or NONE: the party debates one at a time."""
    live = np.flatnonzero((power.disputes["stage"] == STATED) | (power.disputes["stage"] == OPEN))
    return int(live[0]) if live.size else r.NONE


def rival_text(power: Power, otherwise: float) -> float:
    """Where the text stands, on the regime of the party, that is put against the course; as given where no dispute is under
    discussion: a letter that was kept back is not voted on."""
    number = live_dispute(power)
    is_open = number != r.NONE and power.disputes["stage"][number] == OPEN
    return float(power.disputes["regime"][number]) if is_open else otherwise
