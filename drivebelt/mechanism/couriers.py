"""Couriers: secret packets travel only with the OGPU courier corps, in three series, against receipt.

Series K is handed to the addressee himself, A is urgent, B is not. The packet's journey is made of the wait for the
next departure, the railway and, beyond the railhead, horse or sledge. Before the corps
had the sole right, secret packets went by post.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.carriage import carry

if TYPE_CHECKING:
    from drivebelt.world import World


def step(w: World, day: int, p: Any) -> None:
    """Sends off the packets due today."""
    if not d.due(w.desk, d.BY_COURIER, day):
        return
    listed = w.listed(d.BY_COURIER, day)
    w.room(acts=listed, copies=listed)
    rail, wait, sorting, loss = (
        (p.rail, p.wait, p.sorting, p.loss) if p.only else (p.post_rail, p.post_wait, p.post_sorting, p.post_loss)
    )
    carry(
        w.desk, w.seed, day, d.BY_COURIER, rail, p.road, p.season[w.month(day)], wait, sorting, p.noise, loss, int(p.noticed),
        r.COURIER_CORPS if p.only else r.NK_POST,
    )  # fmt: skip


MECHANISM = Mechanism(
    name="couriers",
    phase="carriage",
    about="Secret packets go by OGPU courier, in series K, A and B; what is lost on the way is recorded and looked into.",
    section="I.2",
    emits=("lose",),
    step=step,
    reads={
        "only": "courier_only",
        "rail": "courier_rail_speed",
        "road": "road_speed",
        "season": "road_season[months]",
        "wait": "courier_departure_wait",
        "sorting": "courier_sorting",
        "noise": "journey_noise",
        "loss": "courier_loss",
        "noticed": "loss_noticed",
        "post_rail": "post_rail_speed",
        "post_wait": "post_departure_wait",
        "post_sorting": "post_sorting",
        "post_loss": "post_loss",
    },
)
