"""Minutes and special folder: what a sitting leaves on paper, and what it does not.

Minutes are for the fewest readers: strictly secret, lent and called back. Without that rule they are open papers, sent by post and
kept. They are kept short. The gravest decisions are not minuted at all; especially secret ones go on a separate sheet shown
against receipt and taken back at once; from 1923 the minutes then say only: see special folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, STEP
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.matters import DECIDED, ISSUED, WAITING

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["minutes"]
WORDING = draws.STREAMS["wording"]
MINUTE, MARK, KEEP, ISSUE = (r.ACT[name] for name in ("minute", "mark-special-folder", "keep-unminuted", "issue"))
MINUTES, SHEET = r.DOCUMENT["minutes"], r.DOCUMENT["special-sheet"]


@njit(**STEP)
def keep_minutes(k, seed, day, body, readers, p):
    """Writes the minutes of one body for the decisions of the last days and sends them to their readers."""
    first = r.NONE
    for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
        m = k.central[i]
        if m.minuted == 0 and m.body == body and m.stage in (DECIDED, ISSUED, WAITING):
            first = i
            break
    if first == r.NONE:
        return
    n = 0
    for reader in readers:
        if k.organs[reader].suspended == 0 and k.organs[reader].opens <= day < k.organs[reader].closes:
            n += 1
    f = k.central[first]
    grade = r.STRICTLY_SECRET if p.few > 0 else r.OPEN
    wording = draws.bits(seed, WORDING, f.key, body)
    doc = d.document(k, day, MINUTES, body, r.MINUTES, body, f.matter, grade, r.NONE, n, wording)
    signed = d.act(
        k, day, ISSUE, f.matter, doc, r.NONE, body, k.organs[body].head, r.NONE, r.NONE, body, r.NONE, grade, f.cause, n, 1,
    )  # fmt: skip
    for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
        m = k.central[i]
        if m.minuted or m.body != body or m.stage not in (DECIDED, ISSUED, WAITING):
            continue
        m.minuted = 1
        kind = MINUTE
        if m.grade == r.SPECIAL_FOLDER:
            if p.not_minuted > 0 and draws.uniform(seed, STREAM, m.key, 0) < p.unminuted:
                kind = KEEP
            elif p.mark > 0:
                kind = MARK
        paper = r.NONE if kind == KEEP else doc
        entered = d.act(
            k, day, kind, m.matter, paper, r.NONE, body, r.NONE, r.NONE, r.NONE, body, r.NONE, m.grade, m.cause, r.NONE,
            0 if kind == KEEP else 1,
        )  # fmt: skip
        if m.grade == r.SPECIAL_FOLDER and kind != KEEP and p.sheet > 0:
            sheet = d.document(
                k, day, SHEET, body, r.MINUTES, m.author, m.matter, r.SPECIAL_FOLDER, doc, 1,
                draws.bits(seed, WORDING, m.key, 1),
            )  # fmt: skip
            put = d.act(
                k, day, ISSUE, m.matter, sheet, 0, body, k.organs[body].head, m.proposer, r.NONE, body, r.COURIER_K,
                r.SPECIAL_FOLDER, entered, 1, 1,
            )  # fmt: skip
            lent = reading_copy(k, sheet, 0, m.proposer, body, m.matter, m.key, put, m.author, r.SPECIAL_FOLDER, SHEET)
            d.push(k, d.BY_COURIER, day, lent)
    number = 0
    for reader in readers:
        if k.organs[reader].suspended == 0 and k.organs[reader].opens <= day < k.organs[reader].closes:
            sent = reading_copy(k, doc, number, reader, body, f.matter, f.key, signed, body, grade, MINUTES)
            number += 1
            d.push(k, d.BY_POST if grade == r.OPEN else d.BY_COURIER, day + int(p.typing_days), sent)


@njit(**INNER)
def reading_copy(k, doc, number, organ, sender, about, about_key, cause, origin, grade, form):
    """A copy to read: for one person's eyes and to be returned, unless it is open."""
    channel = r.POST if grade == r.OPEN else r.COURIER_K
    new = d.copy(k, doc, number, organ, k.organs[organ].head, sender, about, about_key, cause, origin, channel, grade, d.READ, 1)
    s = k.pool[new]
    s.key = draws.key(draws.key(about_key, organ), form)
    s.form = form
    s.flags = 0 if grade == r.OPEN else d.MUST_RETURN
    s.wording = 0
    return new


def step(w: World, day: int, p: Any) -> None:
    """Writes the minutes of the bodies that decided something today."""
    fresh = sum(w.central_waiting(stage, minuted=0) for stage in (DECIDED, ISSUED, WAITING))
    if not fresh:
        return
    readers = w.minutes_readers
    bodies = (r.POLITBURO, r.ORGBURO, r.SECRETARIAT)
    w.room(
        acts=(fresh + len(bodies)) * len(MECHANISM.emits),
        documents=fresh + len(bodies),
        slots=fresh + len(bodies) * readers.size,
    )
    for body in bodies:
        keep_minutes(w.desk, w.seed, day, body, readers if body == r.POLITBURO else w.bureau_readers, p)


MECHANISM = Mechanism(
    name="minutes",
    phase="sittings and polls",
    about="Decisions are minuted briefly, or marked 'see special folder', or not minuted at all; minutes are lent to few.",
    section="I.2",
    explains="That minutes of weighty decisions say little or refer to the special folder.",
    emits=("issue", "minute", "mark-special-folder", "keep-unminuted"),
    step=step,
    reads={
        "few": "minimum_readers_of_minutes",
        "not_minuted": "gravest_not_minuted",
        "unminuted": "unminuted_share",
        "mark": "special_folder_mark",
        "sheet": "special_sheet",
        "typing_days": "minutes_typing_days",
    },
)
