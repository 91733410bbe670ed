"""Matters: everything begins as a question, with a domain, stakes for the core, a category of secrecy and a reach.

Outside events of the scenario raise matters on their date; people's commissariats and departments propose them at their
usual rate. A proposal goes to the Secretariat as a paper, or, where it is especially secret and the rule of April 1923
holds, by word of mouth and without written motive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.compilation import STEP
from drivebelt.mechanism import Mechanism

if TYPE_CHECKING:
    from drivebelt.world import World

# Stages of a matter at the Centre.
STAGES = ("sent", "arrived", "listed", "waiting", "decided", "issued", "reported", "dropped", "spoken")
SENT, ARRIVED, LISTED, WAITING, DECIDED, ISSUED, REPORTED, DROPPED, SPOKEN = range(len(STAGES))

STREAM = draws.STREAMS["central-matters"]
STAKES = draws.STREAMS["stakes"]
REACH = draws.STREAMS["reach"]
WORDING = draws.STREAMS["wording"]
HAPPEN, OPEN, PROPOSE, TELL = (r.ACT[name] for name in ("outside-event", "open-matter", "propose", "tell"))
PROPOSAL = r.DOCUMENT["proposal"]


@njit(**STEP)
def open_matter(
    k,
    day,
    domain,
    subject,
    category,
    proposer,
    person,
    key,
    stakes,
    severity,
    depth,
    target,
    flags,
    quota,
    term,
    episode,
):
    """Opens a matter at the Centre because of something outside; returns its place in `central`."""
    i = k.count[d.CENTRAL_MATTERS]
    k.count[d.CENTRAL_MATTERS] += 1
    m = k.central[i]
    m.matter = d.matter(k, day, domain, subject, category, proposer, person)
    m.key, m.opened, m.since, m.proposer, m.author = key, day, day, proposer, r.NONE
    m.body, m.target, m.document = r.NONE, target, r.NONE
    m.reports, m.claimed, m.reported, m.quota, m.term, m.protest = 0, 0, r.NONE, quota, term, 0
    m.stakes, m.severity = stakes, severity
    m.stage, m.domain, m.category, m.depth, m.flags, m.form = SENT, domain, category, depth, flags, r.NONE
    m.seen, m.minuted, m.grade, m.episode = 0, 0, r.SECRET, episode
    happened = d.act(
        k, day, HAPPEN, m.matter, r.NONE, r.NONE, proposer, r.NONE, r.NONE, r.NONE, r.NONE, r.NONE, r.NONE, r.NONE,
        r.NONE, 1,
    )  # fmt: skip
    m.cause = d.act(
        k, day, OPEN, m.matter, r.NONE, r.NONE, proposer, person, r.NONE, r.NONE, r.NONE, r.NONE, r.NONE, happened,
        r.NONE, 1,
    )  # fmt: skip
    return i


@njit(**STEP)
def propose(k, seed, day, i, oral):
    """Brings the matter to the Secretariat: a paper to the Bureau, or a word with it."""
    m = k.central[i]
    o = k.organs[m.proposer]
    if oral:
        m.cause = d.act(
            k, day, TELL, m.matter, r.NONE, r.NONE, m.proposer, o.head, r.SECRETARIAT, k.organs[r.SECRETARIAT].head,
            r.NONE, r.ORAL, r.SPECIAL_FOLDER, m.cause, r.NONE, 0,
        )  # fmt: skip
        m.stage = ARRIVED
        return
    wording = draws.bits(seed, WORDING, m.key, 0)
    doc = d.document(k, day, PROPOSAL, m.proposer, r.SECRET_REGISTER, m.proposer, m.matter, m.grade, r.NONE, 1, wording)
    m.document = doc
    m.cause = d.act(
        k, day, PROPOSE, m.matter, doc, 0, m.proposer, o.head, r.BUREAU, r.NONE, m.proposer, r.NONE, m.grade, m.cause,
        r.NONE, 1,
    )  # fmt: skip
    near = o.level == r.CENTRE
    new = d.copy(
        k, doc, 0, r.BUREAU, r.NONE, m.proposer, m.matter, m.key, m.cause, m.proposer,
        r.COURIER_A if near or m.flags & d.URGENT == 0 else r.CIPHER, m.grade, d.PROPOSAL, 1,
    )  # fmt: skip
    k.pool[new].key = draws.key(m.key, PROPOSAL)
    k.pool[new].wording = wording
    k.pool[new].order = i
    d.push(k, d.BY_COURIER if k.pool[new].channel == r.COURIER_A else d.BY_WIRE, day, new)


@njit(**STEP)
def proposals(k, seed, day, n_domains, targets, subjects, p):
    """Draws the day's proposals, domain by domain. `subjects[domain]` = (first, number) in the list of subjects."""
    for domain in range(n_domains):
        n = int(p.rate[domain] / r.DAYS_PER_WEEK + draws.uniform(seed, STREAM, day, domain))
        for j in range(n):
            key = draws.key(draws.key(day, domain), j + 1)
            u = draws.uniform(seed, STAKES, key, 0)
            stakes = min(1.0, p.stakes[domain] * (u + u * u / max(1.0 - u, p.tail)))
            reach = draws.uniform(seed, REACH, key, 0)
            depth = r.CENTRE
            target = r.NONE
            if reach < p.single[domain]:
                target = targets[draws.below(seed, REACH, key, 1, targets.size)]
                depth = k.organs[target].level
            elif reach < p.single[domain] + p.all_places[domain]:
                deep = draws.uniform(seed, REACH, key, draws.S2)
                depth = r.GUBERNIA
                if deep < p.to_cell[domain]:
                    depth = r.CELL
                elif deep < p.to_cell[domain] + p.to_volost[domain]:
                    depth = r.VOLOST
                elif deep < p.to_cell[domain] + p.to_volost[domain] + p.to_uezd[domain]:
                    depth = r.UEZD
            flags = 0
            if draws.uniform(seed, STREAM, key, 1) < p.urgent:
                flags |= d.URGENT
            if draws.uniform(seed, STREAM, key, draws.S2) < p.soviet[domain]:
                flags |= d.SOVIET
            if depth > r.CENTRE and draws.uniform(seed, STREAM, key, draws.S3) < p.report:
                flags |= d.WANTS_REPORT
            first, number = subjects[domain]
            subject = first + draws.below(seed, STREAM, key, draws.S4, number)
            proposer = p.proposer[domain]
            while k.organs[proposer].closes <= day and k.organs[proposer].heir != r.NONE:
                proposer = k.organs[proposer].heir
            if k.organs[proposer].opens > day:
                proposer = r.STO
            severity = min(1.0, stakes + p.tone * draws.uniform(seed, STREAM, key, draws.S5))
            i = open_matter(
                k, day, domain, subject, p.category[domain], proposer, k.organs[proposer].head, key, stakes, severity,
                depth, target, flags, r.PERCENT, int(p.term), r.NONE,
            )  # fmt: skip
            if draws.uniform(seed, STREAM, key, draws.S6) >= p.paper_secret:
                k.central[i].grade = r.FOR_SERVICE
            if stakes > p.grave:
                k.central[i].grade = r.SPECIAL_FOLDER
            elif stakes > p.grave * p.strict:
                k.central[i].grade = r.STRICTLY_SECRET
            propose(k, seed, day, i, p.no_motive > 0 and k.central[i].grade == r.SPECIAL_FOLDER)


@njit(**STEP)
def set_by(k):
    """Matters that are done with at the front of the list are not gone through any more."""
    i = k.count[d.FIRST_CENTRAL]
    while i < k.count[d.CENTRAL_MATTERS] and k.central[i].stage >= REPORTED:
        i += 1
    k.count[d.FIRST_CENTRAL] = i


def step(w: World, day: int, p: Any) -> None:
    """Opens the matters of the day."""
    set_by(w.desk)
    most = int(np.ceil(p.rate / r.DAYS_PER_WEEK).sum()) + len(w.events_on(day))
    w.room(acts=most * len(r.ACT_KINDS), documents=most, copies=most, matters=most, slots=most, central=most)
    for event in w.events_on(day):
        i = open_matter(w.desk, day, *event.as_matter(w))
        w.desk.central[i]["grade"] = event.grade_code
        propose(w.desk, w.seed, day, i, bool(p.no_motive) and event.grade_code == r.SPECIAL_FOLDER)
    proposals(w.desk, w.seed, day, len(r.DOMAINS), w.targets, w.subject_ranges, p)


MECHANISM = Mechanism(
    name="matters",
    phase="matters",
    about="Questions arise from outside events and from the proposals of commissariats and departments.",
    section="I.2",
    emits=("outside-event", "open-matter", "propose", "tell"),
    step=step,
    reads={
        "rate": "matters_a_week[domains]",
        "stakes": "matter_stakes[domains]",
        "tail": "stakes_tail",
        "grave": "grave_stakes",
        "strict": "strict_share_of_grave",
        "single": "matter_to_one_place[domains]",
        "all_places": "matter_to_all_places[domains]",
        "to_cell": "matter_to_cells[domains]",
        "to_volost": "matter_to_volosts[domains]",
        "to_uezd": "matter_to_uezds[domains]",
        "urgent": "urgent_share",
        "soviet": "matter_soviet_order[domains]",
        "report": "report_wanted_share",
        "tone": "severity_spread",
        "term": "report_term",
        "paper_secret": "secret_proposal_share",
        "proposer": "domain_proposer[domains]:organ",
        "category": "domain_secrecy_category[domains]",
        "no_motive": "no_written_motive",
    },
)
