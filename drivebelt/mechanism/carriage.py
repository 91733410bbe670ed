"""What couriers, cipher clerks and the post share: how long a packet is on the way."""

from __future__ import annotations

from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, STEP

TRAVEL = draws.STREAMS["travel"]
LOSS = draws.STREAMS["loss"]
LOSE = r.ACT["lose"]


@njit(**INNER)
def road_and_rail(k, a, b):
    """Kilometres by rail and by road between two bodies of which one stands above the other."""
    return (
        abs(k.organs[a].rail_km - k.organs[b].rail_km),
        abs(k.organs[a].road_km - k.organs[b].road_km),
    )


@njit(**STEP)
def carry(k, seed, day, queue, rail_speed, road_speed, season, wait, sorting, noise, loss, noticed, carrier):
    """Sends off all packets of the day's list; each arrives on a later day or is lost on the way.

    Speeds in km a day, `season` a factor on road time, `wait` the mean days until the next departure, `sorting` days
    in the office of dispatch, `noise` the log spread of the journey, `loss` the chance that a packet never
    arrives, `noticed` days until that is noticed.
    """
    n = d.take(k, queue, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.SENDER)
        s = k.pool[slot]
        s.dispatched = day
        if draws.uniform(seed, LOSS, s.key, s.task) < loss:
            s.cause = d.act(
                k, day, LOSE, s.matter, s.document, s.copy, carrier, r.NONE, s.organ, r.NONE, r.NONE, s.channel,
                s.grade, s.cause, r.NONE, 1,
            )  # fmt: skip
            s.fate = r.LOST
            d.push(k, d.LOOKING, day + noticed, slot)
        else:
            rail, road = road_and_rail(k, s.sender, s.organ)
            way = rail / rail_speed + road * season / road_speed
            pause = 0.0
            if rail > 0:
                pause = (wait + wait) * draws.uniform(seed, TRAVEL, s.key, day)
            days = sorting + pause + way * draws.spread(seed, TRAVEL, s.key, s.copy, noise)
            d.push(k, d.ARRIVING, day + 1 + int(days), slot)
