"""What each measure means, in words for somebody who has read nothing else; where it stands among the others; its documented points."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import NamedTuple

from drivebelt.experiments.targets import Target, targets
from drivebelt.measures import MEASURES


class Meaning(NamedTuple):
    """A measure in words."""

    name: str
    title: str
    group: str
    says: str
    """How to read a high and a low value."""
    first: tuple[str, ...] = ()
    """The scopes that are drawn where the reader chooses none."""

    @property
    def unit(self) -> str:
        """Its unit."""
        return _UNITS.get(self.name, _SAMPLED.get(self.name, ("", ""))[0])

    @property
    def rule(self) -> str:
        """How it is computed: its query, or for what only the running mechanism knows, where it is sampled."""
        return _QUERIES.get(
            self.name,
            "Sampled from the running mechanism, which alone knows it: "
            + _SAMPLED.get(self.name, ("", "on the first of each month"))[1],
        )

    @property
    def short(self) -> str:
        """Its definition in a line."""
        return _ABOUT.get(self.name, self.says)


_UNITS = {m.name: m.unit for m in MEASURES}
_ABOUT = {m.name: m.about for m in MEASURES}
_QUERIES = {m.name: m.query for m in MEASURES}
_SAMPLED = {
    "fear": ("share", "the mean fear of those who hold posts, from 0 to 1, on the first of each month."),
    "trust": ("distance", "the mean distance of the members' trust from none, on the first of each month."),
    "members": ("persons", "members and candidates on the first of each month, in the whole country."),
    "members-from-course": ("distance", "the mean distance of members' views from the course, from 0 to 1, on the first of each month."),
    "layer-size": ("persons", "how many people belong to each layer, on the first of each month."),
    "informed": ("share", "how well the cells are informed of what is at issue, from 0 to 1, on the first of each month."),
    "seats-documented": ("share", "those of the documented members of the Politburo who sit there in the run, on the first of each month."),
    "struck-out": ("share", "at elections of the Central Committee: votes against a name, and names of the list that most struck out."),
    "cells-for-rival": ("share", "in discussions: votes of cells for the rival text, among all votes."),
}  # fmt: skip
_P, _O, _S = "Politburo of the CC", "Orgburo of the CC", "Secretariat of the CC"
MEANINGS = (
    Meaning("decided-before", "Decisions settled before the body sat", "Who decides", "One means that the body only confirms what a few had agreed; nought, that it decides itself."),
    Meaning("circle", "Size of the informal circle", "Who decides", "How many had come to an understanding, on the day they did."),
    Meaning("decisions", "Decisions by body", "Who decides", "How much is decided in each body's name."),
    Meaning("votes-against", "Votes against in the leading bodies", "Who decides", "A falling line is growing unanimity, by conviction or otherwise."),
    Meaning("bent", "Decisions carried against the voters' own views", "Who decides", "The higher, the more votes are given out of dependence or fear."),
    Meaning("rejected", "Proposals not carried", "Who decides", "A body that never refuses is one that confirms."),
    Meaning("initiative", "How unequally questions are brought forward", "Who decides", "Nought: every body brings as many; one: a single body brings all."),
    Meaning("seats-documented", "Documented members who sit in the Politburo", "Who decides", "One: the run elects those whom history knows; below, others."),
    Meaning("mask-share", "Acts under another's name", "Masks", "The share of what is done in a name that is not the author's.", ("centre", "region", "gubernia", "uezd", "volost")),
    Meaning("facade", "Bodies that lend their name", "Masks", "One: all that a branch puts out was decided elsewhere.", ("party", "state", "economy", "justice", "union")),
    Meaning("courts-led", "Court cases decided by the committee", "Masks", "Cases of communists in which the committee decided and the court signed."),
    Meaning("convicted", "Charged communists who are convicted", "Masks", "Officials and rank and file beside each other: the gap is the privilege."),
    Meaning("dependence", "Dependence on the head of the Secretariat", "Posts and loyalty", "What holders of posts stand to lose to him: tie, worth of the post, ease of removal."),
    Meaning("posts-owed", "Posts owed to those above", "Posts and loyalty", "Holders who were placed there from above, a plain count."),
    Meaning("appointments", "Posts filled, from above and on the spot", "Posts and loyalty", "How many posts changed hands in a month, and who filled them."),
    Meaning("files-complete", "Files of officials completed", "Posts and loyalty", "Files for each post on the list; above one where holders have changed since."),
    Meaning("refused-by-ogpu", "Appointments refused by the OGPU", "Posts and loyalty", "How often its consent, which the rule demands, was not given."),
    Meaning("stake", "What a post gives beyond a wage", "Posts and loyalty", "Changes on the day a rule raises or lowers it."),
    Meaning("fear", "Fear among officials", "Posts and loyalty", "Rises with sanctions seen, fades with time."),
    Meaning("apparatus-share", "Paid officials among delegates", "Congresses", "The share of delegates who live by the apparatus they are to control."),
    Meaning("apparatus-with-part-time", "The same with part-time officials", "Congresses", "Adds those who do party work beside another job."),
    Meaning("apparatus-lift", "Paid officials above their share of the pool", "Congresses", "Nought: chosen like anybody else; above: selection favours the apparatus."),
    Meaning("delegates-against", "Delegates who vote against the leadership", "Congresses", "How much opposition reaches a congress."),
    Meaning("struck-out", "Names struck out in secret ballot", "Congresses", "What delegates do where nobody sees their hand."),
    Meaning("cells-for-rival", "Votes of cells for a rival text", "Congresses", "What the rank and file would carry, before stages of election sift it."),
    Meaning("knowledge", "Who knows a weighty decision", "Knowledge", "Within sixty days, by layer and depth: 1 the public version, 2 that something is decided, 3 the content, 4 the motive.",
            ("core 3", "bodies of the centre 3", "committees 3", "volosts and cells 3", "members 2", "public 1")),
    Meaning("knowledge-lag", "Days until it is known", "Knowledge", "Median days from the decision to knowing of it, by layer and depth.",
            ("bodies of the centre 2", "committees 2", "committees 3", "volosts and cells 2")),
    Meaning("unknown-below", "Decisions nobody below the Centre knew", "Knowledge", "Weighty decisions whose content, or whose very existence, never left the Centre."),
    Meaning("known", "Bodies that had a central directive", "Knowledge", "The share of each level that received it or was told."),
    Meaning("known-to-leader", "What reached the sick leader", "Knowledge", "Of weighty matters met while he was kept away, the share he was told of."),
    Meaning("informed", "How well members are informed", "Knowledge", "Nought: members know nothing of what is at issue."),
    Meaning("layer-size", "Size of the layers", "Knowledge", "The denominators of knowledge: members and public."),
    Meaning("lag", "Days from the Centre to each level", "Paper", "How long a directive takes to reach a level, the middle case."),
    Meaning("distortion", "Wording changed on the way", "Paper", "Bits of the wording that differ from the central text."),
    Meaning("done", "What was done of what was asked", "Paper", "Per cent, by those who did it."),
    Meaning("claimed", "What was reported as done", "Paper", "Per cent; the gap to what was done is the falsehood of reports."),
    Meaning("believed", "What the Centre took to be done", "Paper", "Per cent; what reports made the Centre believe."),
    Meaning("acts", "Acts a month by level", "Paper", "How busy each level is."),
    Meaning("documents", "Documents a month by level", "Paper", "How much paper each level puts out."),
    Meaning("secret-share", "Share of secret documents", "Paper", "How much of a level's paper is classified."),
    Meaning("oral-share", "Acts that left no paper", "Paper", "What no archive can hold."),
    Meaning("directives", "Directives of the Central Committee", "Paper", "Circulars, closed letters and cipher telegrams a month."),
    Meaning("extracts", "Extracts from minutes", "Paper", "How the decisions of closed sittings travel: piece by piece."),
    Meaning("papers-in", "Papers received by the Secretariat", "Paper", "Its load of incoming paper."),
    Meaning("papers-out", "Papers sent by the Secretariat", "Paper", "Its output."),
    Meaning("returned-in-time", "Lent papers returned in time", "Paper", "Discipline of secret paper, by the place of the borrower."),
    Meaning("burned", "Copies burned", "Paper", "What the commission destroyed, by month."),
    Meaning("members", "Members of the party", "Members", "Members and candidates of the whole country."),
    Meaning("admitted", "Members admitted", "Members", "Admissions a month; drafts stand out."),
    Meaning("applied", "People who ask to be admitted", "Members", "Applications a month, by class."),
    Meaning("gone", "Members who go", "Members", "By their own wish, by death, put out."),
    Meaning("cells-changed", "Cells founded and merged", "Members", "How the net of cells grows and shrinks."),
    Meaning("counted", "What is counted of the party", "Members", "Counts of the first of a month, in the run as it is scaled.", ("count: members and candidates", "count: candidates", "count: active")),
    Meaning("members-from-course", "Distance of members from the course", "Members", "Nought: members want what the leadership wants."),
    Meaning("trust", "Distance of trust", "Members", "How far members' trust is from none."),
)  # fmt: skip
KNOWN = {m.name: m for m in MEANINGS}


def meaning(name: str) -> Meaning:
    """The words for a measure; one without words of its own gets those of its definition."""
    return KNOWN.get(name) or Meaning(name, name.replace("-", " ").capitalize(), "Others", _ABOUT.get(name, ""))


class Documented(NamedTuple):
    """A documented figure that a measure is held against: value in the measure's own unit, day where the query names one."""

    target: Target
    scope: str | None
    day: date | None
    value: float | None


_NAME = re.compile(r"measure = '([^']+)'")
_SCOPE, _DAY, _TIMES = re.compile(r"scope = '([^']+)'"), re.compile(r"day = date '([\d-]+)'"), re.compile(r"(\d+(?:\.\d+)?) \* ")


@cache
def documented(name: str, scenario: str) -> tuple[Documented, ...]:
    """The documented figures whose query reads this measure, as their queries say: scope, day and factor."""
    out = []
    for target in targets():
        found = _NAME.search(target.query)
        if found is None or found[1] != name or target.scenario != scenario:
            continue
        scope, day, times = (pattern.search(target.query) for pattern in (_SCOPE, _DAY, _TIMES))
        factor = float(times[1]) if times else 1.0
        value = target.documented / factor if target.documented is not None else None
        out.append(Documented(target, scope[1] if scope else None, date.fromisoformat(day[1]) if day else None, value))
    return tuple(out)
