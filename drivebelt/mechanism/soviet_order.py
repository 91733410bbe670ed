"""In the Soviet order: a party decision comes out as the act of a state organ, in its name and without a word of the party.

The committee hands its paper to the secret part of the state organ of its level; the head of that organ issues an act of its own.
At the Centre an extract from the minutes goes to the commissariat or council that is to act. The state act's real author is the
committee (or, at the Centre, whoever decided); its name is a mask. Now and then the act cites the party decision: a breach,
which is punished when it is seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, STEP
from drivebelt.mechanism import Mechanism

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["soviet-order"]
BREACH = draws.STREAMS["breach"]
HAND_OVER, ISSUE, CITE, REPRIMAND = (r.ACT[name] for name in ("hand-over", "issue", "breach", "reprimand"))
DECREE = r.DOCUMENT["decree"]


@njit(**INNER)
def decree(k, seed, day, author, mask, about, about_key, doc_in, copy_in, grade, cause, origin, wording, lapse, state_below, p):
    """Hands the party paper to the mask and issues the mask's act, with copies to the state organs below it.

    `lapse`: the official is one who will cite the party, whatever the rule.
    """
    a, m = k.organs[author], k.organs[mask]
    handed = d.act(k, day, HAND_OVER, about, doc_in, copy_in, author, a.head, mask, m.head, r.NONE, r.NONE, grade, cause, r.NONE, 1)
    start, stop = state_below[0][mask], state_below[0][mask + 1]
    public = draws.uniform(seed, STREAM, about_key, mask) < p.published
    own_grade = r.OPEN if public else r.SECRET
    register = r.ORDINARY if public else r.SECRET_REGISTER
    doc = d.document(k, day, DECREE, mask, register, origin, about, own_grade, doc_in, stop - start, wording)
    issued = d.act(
        k,
        day,
        ISSUE,
        about,
        doc,
        r.NONE,
        author,
        a.head,
        r.NONE,
        r.NONE,
        mask,
        r.NONE,
        own_grade,
        handed,
        stop - start,
        1,
    )
    m.desk_free = max(m.desk_free, float(day)) + p.typing * (stop - start)
    for i in range(start, stop):
        below = state_below[1][i]
        channel, queue = (r.POST, d.BY_POST) if public else (r.COURIER_B, d.BY_COURIER)
        if k.organs[below].level > r.UEZD:
            channel, queue = r.MESSENGER, d.BY_POST
        new = d.copy(k, doc, i - start, below, r.NONE, mask, about, about_key, issued, origin, channel, own_grade, d.FILE, 1)
        k.pool[new].key = draws.key(about_key, below)
        k.pool[new].wording = wording
        d.push(k, queue, int(m.desk_free), new)
    chance = p.breach if p.no_reference > 0 else p.breach_before
    if lapse or draws.uniform(seed, BREACH, about_key, mask) < chance * (1.0 - m.competence):
        cited = d.act(k, day, CITE, about, doc, r.NONE, mask, m.head, author, r.NONE, mask, r.NONE, own_grade, issued, r.NONE, 1)
        if p.no_reference > 0 and draws.uniform(seed, BREACH, about_key, author) < p.seen:
            judge = r.BUREAU if a.level == r.CENTRE else author
            d.act(
                k, day, REPRIMAND, about, r.NONE, r.NONE, judge, k.organs[judge].head, mask, m.head, r.NONE, r.NONE, r.SECRET,
                cited, r.NONE, 1,
            )  # fmt: skip


@njit(**STEP)
def pass_acts(k, seed, day, state_below, p):
    """State bodies whose act is due: beside a committee that heard an order of this kind, or at the Centre with an extract."""
    n = d.take(k, d.SOVIET_ORDER, day)
    for i in range(n):
        slot = d.turn(k, i, n, d.ALL)
        s = k.pool[slot]
        if k.organs[s.organ].level > r.CENTRE:
            decree(
                k, seed, day, s.organ, k.organs[s.organ].soviet, s.matter, s.matter_key, s.document, s.copy, s.grade, s.cause,
                s.origin, s.wording, False, state_below, p,
            )  # fmt: skip
        else:
            m = k.central[s.order]
            decree(
                k, seed, day, m.body, s.organ, s.matter, s.matter_key, s.document, s.copy, s.grade, s.cause, s.origin, s.wording,
                m.flags & d.LAPSE > 0, state_below, p,
            )  # fmt: skip
        d.release(k, slot, max(s.fate, r.KEPT))


def step(w: World, day: int, p: Any) -> None:
    """Turns the party papers that are due today into acts of the state."""
    if not p.practice:
        return
    papers = w.listed(d.SOVIET_ORDER, day)
    w.room(acts=papers * len(EMITS), documents=papers, copies=papers, slots=w.state_listed(day))
    pass_acts(w.desk, w.seed, day, w.state_below, p)


EMITS = ("hand-over", "issue", "breach", "reprimand")
MECHANISM = Mechanism(
    name="soviet order",
    phase="committees and masks",
    about="A party decision is issued by the state organ of the level as its own, without reference to the party.",
    section="I.2",
    emits=EMITS,
    step=step,
    reads={
        "practice": "soviet_order",
        "no_reference": "no_reference_to_party",
        "published": "decree_published_share",
        "typing": "typing_days_a_copy",
        "breach": "breach_share",
        "breach_before": "breach_share_before_rule",
        "seen": "breach_seen_share",
    },
)
