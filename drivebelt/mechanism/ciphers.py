"""Ciphers: urgent orders go by wire in the party cipher, enciphered at the Centre and deciphered on the spot.

One clerk enciphers and one deciphers at a time, so telegrams queue. Before the single code of February 1923 each
correspondent has a code of his own and every copy is enciphered by itself; after it one text serves all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import STEP
from drivebelt.mechanism import Mechanism

if TYPE_CHECKING:
    from drivebelt.world import World

CIPHER = draws.STREAMS["cipher"]


@njit(**STEP)
def wire(k, seed, day, single_code, encipher, decipher, on_wire, noise):
    """Enciphers, wires and deciphers the telegrams of the day; all times in hours."""
    n = d.take(k, d.BY_WIRE, day)
    last_document = r.NONE
    for i in range(n):
        slot = d.turn(k, i, n, d.ALL)
        s = k.pool[slot]
        s.dispatched = day
        sender = k.organs[s.sender]
        ready = max(sender.cipher_free, day + draws.uniform(seed, CIPHER, s.matter_key, day))
        if s.document != last_document or single_code == 0:
            ready += encipher * draws.spread(seed, CIPHER, s.matter_key, 0, noise) / r.HOURS_PER_DAY
            sender.cipher_free = ready
        last_document = s.document
        there = ready + on_wire * draws.spread(seed, CIPHER, s.key, 0, noise) / r.HOURS_PER_DAY
        addressee = k.organs[s.organ]
        done = max(there, addressee.cipher_free) + decipher * draws.spread(seed, CIPHER, s.key, day, noise) / r.HOURS_PER_DAY
        addressee.cipher_free = done
        d.push(k, d.ARRIVING, max(day + 1, int(done)), slot)


def step(w: World, day: int, p: Any) -> None:
    """Wires the telegrams due today."""
    if d.due(w.desk, d.BY_WIRE, day):
        wire(w.desk, w.seed, day, p.single_code, p.encipher, p.decipher, p.wire, p.noise)


MECHANISM = Mechanism(
    name="ciphers",
    phase="carriage",
    about="Urgent directives go in the party cipher through the Cipher Bureau and the secret parts of the committees.",
    section="I.2",
    emits=(),
    step=step,
    reads={
        "single_code": "single_party_code",
        "encipher": "encipher_hours",
        "decipher": "decipher_hours",
        "wire": "telegraph_hours",
        "noise": "journey_noise",
    },
)
