"""The registry: what must come back is called in, returned, and burned by a commission that writes an act of it.

Minutes, extracts and cipher telegrams are lent, not given. A term runs from receipt; reminders follow; whoever keeps
more than the permitted number is sent nothing more for a while. Every fortnight a commission burns what has come back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, STEP
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.carriage import road_and_rail

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["return"]
REMINDED = draws.STREAMS["remind"]
RETURN, REMIND, SUSPEND, RESUME, BURN, CALENDAR = (
    r.ACT[name] for name in ("return", "remind", "suspend", "resume", "burn", "calendar")
)  # fmt: skip
REMINDER, BURNING_ACT, MINUTES = (r.DOCUMENT[name] for name in ("reminder", "burning-act", "minutes"))


@njit(**STEP)
def lend(k, seed, day, p):
    """Papers read or heard today: sets the term by kind and place, and the day on which the holder will act on it."""
    n = d.take(k, d.GIVING_BACK, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.ALL)
        s = k.pool[slot]
        if s.due == r.NONE:
            near = k.organs[s.organ].level == r.CENTRE
            if s.grade == r.CIPHER_GRADE:
                term = p.cipher
            elif s.form == MINUTES:
                term = p.minutes_near if near else p.minutes_far
            else:
                term = p.extracts_near if near else p.extracts_far
            if term <= 0:
                d.release(k, slot, max(s.fate, r.HELD))
            else:
                s.due = day + int(term)
                s.fate = r.HELD
                o = k.organs[s.organ]
                kept = (
                    p.holding
                    * (1.0 + o.caution * (1.0 - o.competence))
                    * draws.spread(seed, STREAM, s.key, s.form, p.holding_noise)
                )
                if draws.uniform(seed, STREAM, s.key, s.form) > p.promptness:
                    kept += p.lateness * draws.uniform(seed, STREAM, s.key, s.form + 1)
                back = day + int(kept)
                k.pool[slot].deadline = back
                if back <= day:
                    give_back(k, day, slot, p)
                else:
                    d.push(k, d.GIVING_BACK, back, slot)
                    if back > s.due:
                        s.holds += 1
                        d.push(k, d.CALLING_BACK, s.due + 1, slot)
        else:
            give_back(k, day, slot, p)


@njit(**INNER)
def give_back(k, day, slot, p):
    """The holder sends the paper back under secret cover."""
    s = k.pool[slot]
    d.act(
        k, day, RETURN, s.matter, s.document, s.copy, s.organ, s.person, r.BUREAU, r.NONE, r.NONE, r.COURIER_K, s.grade,
        s.cause, r.NONE, 1,
    )  # fmt: skip
    s.fate = r.RETURNED
    rail, road = road_and_rail(k, s.organ, r.BUREAU)
    d.push(k, d.COMING_BACK, day + 1 + int(rail / p.rail + road / p.road), slot)


@njit(**STEP)
def call_in(k, seed, day, p):
    """Reminders for what is overdue, and the end of supply for those who keep too much."""
    n = d.take(k, d.CALLING_BACK, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.ALL)
        s = k.pool[slot]
        o = k.organs[s.organ]
        if s.fate == r.HELD:
            if s.reminders == 0:
                o.unreturned += 1
            s.reminders += 1
            doc = d.document(
                k, day, REMINDER, r.BUREAU, r.SECRET_REGISTER, r.BUREAU, s.matter, r.SECRET, s.document, 1,
                draws.bits(0, REMINDED, 0, 0),
            )  # fmt: skip
            reminded = d.act(
                k, day, REMIND, s.matter, doc, 0, r.BUREAU, r.NONE, s.organ, s.person, r.BUREAU, r.COURIER_K, r.SECRET,
                s.cause, s.reminders, 1,
            )  # fmt: skip
            new = d.copy(
                k, doc, 0, s.organ, s.person, r.BUREAU, s.matter, s.matter_key, reminded, r.BUREAU, r.COURIER_K,
                r.SECRET, d.FILE, 1,
            )  # fmt: skip
            k.pool[new].key = draws.key(s.key, REMINDED + s.reminders)
            k.pool[new].wording = 0
            d.push(k, d.BY_COURIER, day + 1, new)
            if p.limit > 0 and o.unreturned > p.limit and o.suspended == 0:
                o.suspended = 1
                d.act(
                    k, day, SUSPEND, s.matter, r.NONE, r.NONE, r.BUREAU, r.NONE, s.organ, s.person, r.BUREAU, r.NONE,
                    r.SECRET, reminded, o.unreturned, 1,
                )  # fmt: skip
            if s.reminders < p.reminders:
                d.push(k, d.CALLING_BACK, day + max(int(p.between), 1), slot)
                continue
        d.release(k, slot, s.fate)


@njit(**STEP)
def take_back(k, day, next_burning, p):
    """Papers that are back in the registry wait for the commission; before it existed they went to the secret archive."""
    n = d.take(k, d.COMING_BACK, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.ALL)
        s = k.pool[slot]
        s.returned = day
        o = k.organs[s.organ]
        if s.reminders > 0:
            o.unreturned -= 1
            if o.suspended and o.unreturned <= p.limit:
                o.suspended = 0
                d.act(
                    k, day, RESUME, s.matter, r.NONE, r.NONE, r.BUREAU, r.NONE, s.organ, s.person, r.BUREAU, r.NONE,
                    r.SECRET, s.cause, o.unreturned, 1,
                )  # fmt: skip
        if p.interval > 0 and p.commission > 0:
            d.push(k, d.BURNING, next_burning, slot)
        else:
            d.release(k, slot, r.RETURNED)


@njit(**STEP)
def burn(k, seed, day, about):
    """The commission burns the pile of the fortnight and writes one act of it."""
    pile = d.listed(k, d.BURNING, day)
    if pile == 0:
        return
    root = d.act(
        k, day, CALENDAR, about, r.NONE, r.NONE, r.BUREAU, r.NONE, r.NONE, r.NONE, r.NONE, r.NONE, r.SECRET, r.NONE,
        pile, 1,
    )  # fmt: skip
    doc = d.document(
        k, day, BURNING_ACT, r.BUREAU, r.SECRET_REGISTER, r.BUREAU, about, r.STRICTLY_SECRET, r.NONE, 0,
        draws.bits(seed, STREAM, day, 0),
    )  # fmt: skip
    burned = d.act(
        k, day, BURN, about, doc, r.NONE, r.BUREAU, k.organs[r.BUREAU].head, r.NONE, r.NONE, r.BUREAU, r.NONE,
        r.STRICTLY_SECRET, root, pile, 1,
    )  # fmt: skip
    n = d.take(k, d.BURNING, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.ALL)
        k.pool[slot].burned_act = burned
        d.release(k, slot, r.BURNED)


def step(w: World, day: int, p: Any) -> None:
    """One day of the registry."""
    interval = int(p.interval or 0)
    lists = [w.listed(queue, day) for queue in (d.GIVING_BACK, d.CALLING_BACK, d.COMING_BACK, d.BURNING)]
    each = sum(lists)
    w.room(acts=each + each, documents=each, copies=each, slots=each, matters=1)
    lend(w.desk, w.seed, day, p)
    call_in(w.desk, w.seed, day, p)
    take_back(w.desk, day, day + 1 + (-day - 1) % interval if interval else day, p)
    if lists[-1]:
        about = d.matter(w.desk, day, r.DOMAIN["secrecy"], w.subject("burning", 0), r.NONE, r.BUREAU, r.NONE)
        burn(w.desk, w.seed, day, about)


MECHANISM = Mechanism(
    name="registry",
    phase="registry",
    about="Secret papers are lent: called in by term and reminder, returned, and burned each fortnight with an act.",
    section="I.2",
    emits=("return", "remind", "suspend", "resume", "calendar", "burn"),
    step=step,
    reads={
        "minutes_near": "return_of_minutes.moscow",
        "minutes_far": "return_of_minutes.province",
        "extracts_near": "return_of_extracts.moscow",
        "extracts_far": "return_of_extracts.province",
        "cipher": "cipher_return",
        "limit": "unreturned_before_suspension",
        "interval": "burning_interval",
        "commission": "burning_commission",
        "holding": "holding_days",
        "holding_noise": "holding_noise",
        "promptness": "promptness_of_return",
        "lateness": "lateness_of_return",
        "reminders": "reminders_at_most",
        "between": "days_between_reminders",
        "rail": "courier_rail_speed",
        "road": "road_speed",
    },
)
