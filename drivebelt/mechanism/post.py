"""Ordinary post and messengers on foot or horse: open papers, and all papers below the uezd."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.carriage import carry

if TYPE_CHECKING:
    from drivebelt.world import World


def step(w: World, day: int, p: Any) -> None:
    """Sends off the letters due today."""
    if not d.due(w.desk, d.BY_POST, day):
        return
    listed = w.listed(d.BY_POST, day)
    w.room(acts=listed, copies=listed)
    carry(
        w.desk, w.seed, day, d.BY_POST, p.rail, p.road, p.season[w.month(day)], p.wait, p.sorting, p.noise, p.loss, int(p.noticed),
        r.NK_POST,
    )  # fmt: skip


MECHANISM = Mechanism(
    name="post",
    phase="carriage",
    about="Papers that are not secret go by post; from the uezd down everything goes by messenger.",
    section="I.2",
    explains="Lags of open paper: longer than those of couriers, and growing with the road from the railway.",
    emits=("lose",),
    step=step,
    reads={
        "rail": "post_rail_speed",
        "road": "road_speed",
        "season": "road_season[months]",
        "wait": "post_departure_wait",
        "sorting": "post_sorting",
        "noise": "journey_noise",
        "loss": "post_loss",
        "noticed": "loss_noticed",
    },
)
