"""Directives: the Secretariat turns a decision into papers.

Extracts go to those at the Centre who must act, first to the state body that is to issue the decision as its own; circulars, closed
letters and cipher telegrams go to the committees below. They are written in the name of the Central Committee whoever decided: that
name is the first mask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import INNER, STEP
from drivebelt.mechanism import Mechanism
from drivebelt.mechanism.matters import DECIDED, ISSUED

if TYPE_CHECKING:
    from drivebelt.world import World

WORDING = draws.STREAMS["wording"]
SCOPE = draws.STREAMS["scope"]
ISSUE = r.ACT["issue"]
EXTRACT, CIRCULAR, CLOSED_LETTER, CIPHER_TELEGRAM, LETTER = (
    r.DOCUMENT[name] for name in ("extract", "circular", "closed-letter", "cipher-telegram", "letter")
)  # fmt: skip


@njit(**INNER)
def extract(k, seed, day, i, executor, as_own, p):
    """The extract from the minutes for one who must act; lent, not given. `as_own`: he is to issue it under his own name."""
    m = k.central[i]
    wording = draws.bits(seed, WORDING, m.key, 1)
    doc = d.document(k, day, EXTRACT, m.body, r.SECRET_REGISTER, m.author, m.matter, m.grade, m.document, 1, wording)
    issued = d.act(
        k, day, ISSUE, m.matter, doc, 0, m.body, k.organs[m.body].head, executor, k.organs[executor].head, m.body,
        r.COURIER_K, m.grade, m.cause, 1, 1,
    )  # fmt: skip
    m.document = doc
    person = k.organs[executor].head if p.personal > 0 else r.NONE
    new = d.copy(k, doc, 0, executor, person, m.body, m.matter, m.key, issued, m.author, r.COURIER_K, m.grade, d.READ, 1)
    s = k.pool[new]
    s.key = draws.key(m.key, executor)
    s.wording = wording
    s.form = EXTRACT
    s.flags = d.MUST_RETURN | (d.SOVIET if as_own else 0)
    s.order = i
    d.push(k, d.BY_COURIER, day + int(p.typing_days), new)


@njit(**INNER)
def form_of(m, p):
    """Which kind of paper carries a decision down: by how political it is, by urgency, by how many are addressed."""
    if m.stakes > p.grave and p.political[m.domain] > 0:
        return CLOSED_LETTER
    if m.flags & d.URGENT:
        return CIPHER_TELEGRAM
    if m.target != r.NONE:
        return LETTER
    return CIRCULAR


@njit(**INNER)
def send_down(k, seed, day, i, routes, p):
    """One directive to all committees under the Central Committee, or to the one it is meant for."""
    m = k.central[i]
    form = form_of(m, p)
    m.form = form
    grade = max(m.grade, r.SECRET) if form != CIRCULAR else m.grade
    if form == CIPHER_TELEGRAM:
        grade = r.CIPHER_GRADE
    start, stop = k.child_start[r.CC], k.child_start[r.CC + 1]
    n = 1 if m.target != r.NONE else stop - start
    register = r.ORDINARY
    if form == CIPHER_TELEGRAM:
        register = r.CIPHER_REGISTER
    elif grade >= r.SECRET:
        register = r.SECRET_REGISTER
    wording = draws.bits(seed, WORDING, m.key, draws.S2)
    doc = d.document(k, day, form, r.CC, register, m.author, m.matter, grade, m.document, n, wording)
    m.document = doc
    desk = k.organs[r.SECRETARIAT]
    desk.desk_free = max(desk.desk_free, float(day)) + p.typing * n
    sent = day + (0 if form == CIPHER_TELEGRAM else max(int(desk.desk_free) - day, 0) + int(p.typing_days))
    issued = d.act(
        k, day, ISSUE, m.matter, doc, r.NONE, r.SECRETARIAT, desk.head, r.NONE, r.NONE, r.CC, r.NONE, grade, m.cause, n, 1
    )
    for j in range(n):
        child = m.target if m.target != r.NONE else k.children[start + j]
        if form == CIPHER_TELEGRAM:
            channel, queue = r.CIPHER, d.BY_WIRE
        elif grade >= r.SECRET:
            channel, queue = (r.COURIER_K if grade >= r.STRICTLY_SECRET else r.COURIER_B), d.BY_COURIER
        else:
            channel, queue = r.POST, d.BY_POST
        personal = p.personal > 0 and grade >= r.SECRET
        new = d.copy(
            k, doc, j, child, k.organs[child].head if personal else r.NONE, r.SECRETARIAT, m.matter, m.key, issued,
            m.author, channel, grade, d.ORDER, 1,
        )  # fmt: skip
        s = k.pool[new]
        s.key = draws.key(m.key, child)
        s.wording = wording
        s.severity = m.severity
        s.quota = m.quota
        s.deadline = day + m.term
        s.depth = m.depth
        s.domain = m.domain
        s.form = form
        s.flags = m.flags
        if grade >= r.STRICTLY_SECRET:
            s.flags |= d.MUST_RETURN
        s.order = i
        d.push(k, queue, sent, new)
    m.reported = day + m.term + int(p.patience)


@njit(**STEP)
def put_through(k, seed, day, executors, routes, p):
    """All decisions that have become final."""
    for i in range(k.count[d.FIRST_CENTRAL], k.count[d.CENTRAL_MATTERS]):
        m = k.central[i]
        if m.stage != DECIDED or m.since > day:
            continue
        m.stage = ISSUED
        m.reported = day + m.term
        n = 1 + draws.below(seed, SCOPE, m.key, 0, int(p.extracts_most))
        mask = r.NONE
        if p.practice > 0 and m.flags & d.SOVIET:
            mask = m.proposer if m.flags & d.LAPSE else p.masks[m.domain]
            while k.organs[mask].closes <= day and k.organs[mask].heir != r.NONE:
                mask = k.organs[mask].heir
            extract(k, seed, day, i, mask, True, p)
        for j in range(n):
            executor = m.proposer if j == 0 else executors[draws.below(seed, SCOPE, m.key, j, executors.size)]
            if executor != mask and k.organs[executor].opens <= day < k.organs[executor].closes:
                extract(k, seed, day, i, executor, False, p)
        if m.depth > r.CENTRE:
            send_down(k, seed, day, i, routes, p)


def step(w: World, day: int, p: Any) -> None:
    """Puts the decisions that are final today on paper."""
    final = w.central_waiting(DECIDED)
    if final == 0:
        return
    extracts, wide = final * int(p.extracts_most), w.widest_below_centre()
    w.room(acts=extracts + 2 * final, documents=extracts + 2 * final, slots=extracts + final * (wide + 2))
    put_through(w.desk, w.seed, day, w.executors, w.routes, p)


MECHANISM = Mechanism(
    name="directives",
    phase="paper",
    about="The Secretariat issues extracts, circulars, closed letters and cipher telegrams in the name of the CC.",
    section="I.2",
    emits=("issue",),
    step=step,
    reads={
        "personal": "personal_addressees",
        "grave": "grave_stakes",
        "political": "political_domains[domains]",
        "typing": "typing_days_a_copy",
        "typing_days": "typing_days",
        "extracts_most": "extracts_at_most",
        "patience": "patience_of_centre",
        "practice": "soviet_order",
        "masks": "domain_mask[domains]:organ",
    },
)
