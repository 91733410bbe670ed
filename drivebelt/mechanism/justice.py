"""Justice for communists: a charge, the committee's opinion, guarantors, and a sentence that stands in the court's name.

Three orders follow one another. In 1922 the committee's opinion was a directive for the court. From January 1923 courts went by the
common law but had to inform the committee of every case, commissions heard the procurators on responsible workers, cases of leaders
went a level up, and three guarantors freed a member. From April 1925 nobody need be informed and no verdict directed; what is left
of influence goes by word of mouth, and reaches officials rather than the rank and file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt import desk as d
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power.appointing import leave, owe
from drivebelt.power.justice import COMMON, officials, rank_and_file, regime
from drivebelt.power.state import MEMBERS, with_room
from drivebelt.world import leaders, provinces

if TYPE_CHECKING:
    from drivebelt.world import World

CALENDAR, CHARGE, REPORT, CONSULT, VOUCH, RELEASE, SENTENCE, LEAVE = (
    r.ACT[name] for name in ("calendar", "charge", "report", "consult", "vouch", "release", "sentence", "leave-post")
)
OFFICIALS, MEMBERS_AT_LARGE = range(2)


def step(w: World, day: int, p: Any) -> None:
    """The charges of a month, on its first day."""
    if w.desk.count[d.MONTH_DAY] != 1:
        return
    power, month, column = w.power, w.month_index(day), leaders.secretary(w, day)
    area_of = np.full(len(w.organs), r.NONE, np.int32)
    area_of[power.areas] = np.arange(power.areas.size)
    courts, procurators = (_beside(w, day, branch) for branch in (r.JUSTICE, r.PROCURACY))
    secretary = leaders.secretary_person(w, day)
    cases = officials(w.desk, power, w.seed, month, r.MONTHS_PER_YEAR, area_of, courts, column, secretary, p)
    there = np.bincount(power.home[: int(power.count[MEMBERS])], minlength=power.areas.size + 1)
    counted = rank_and_file(w.desk, power, w.seed, month, r.MONTHS_PER_YEAR, there, courts, column, p)
    of_a_case = len((CHARGE, REPORT, CONSULT, VOUCH, RELEASE, SENTENCE, LEAVE))
    w.room(acts=(cases.size + counted.size) * of_a_case + 2, matters=2)
    w.power = power = with_room(power, cases.size)
    asked = regime(p) != COMMON
    about, root = _opens(w, day, OFFICIALS)
    for c in cases:
        _official(w, day, about, root, c, courts, procurators, asked or bool(c["above"] and p.sanction > 0), secretary, p)
        if c["above"] and c["led"] and c["kept"]:
            owe(power, int(c["person"]), column, p.rescue)
    about, root = _opens(w, day, MEMBERS_AT_LARGE)
    for a in np.flatnonzero(counted["charged"]).tolist():
        _members(w, day, about, root, a, counted[a], int(courts[a]), int(procurators[a]), asked)


def _opens(w: World, day: int, subject: int) -> tuple[int, int]:
    """The matter of the month's charges, and the act of the calendar from which they come."""
    no = r.NONE
    about = d.matter(w.desk, day, r.DOMAIN["justice"], w.subject("justice", subject), no, r.NK_JUSTICE, no)
    return about, d.act(w.desk, day, CALENDAR, about, no, no, r.NK_JUSTICE, no, no, no, no, no, r.OPEN, no, no, 1)


def _official(
    w: World, day: int, about: int, root: int, c: Any, courts: Any, procurators: Any, asked: bool, secretary: int, p: Any
) -> None:  # fmt: skip
    """One official's case: charge, report to the committee, its opinion, surety, and the end in the court's name."""
    no, person, above = r.NONE, int(c["person"]), bool(c["above"])
    post = w.power.posts[w.power.persons["post"][person]]
    organ, committee = int(post["organ"]), r.CC if above else int(w.power.areas[c["place"]])
    court = r.NK_JUSTICE if above else int(courts[c["place"]])
    head = secretary if above else int(w.desk.organs["head"][committee])
    by = int(procurators[c["place"]]) if procurators[c["place"]] != no else int(courts[c["place"]])
    last = d.act(w.desk, day, CHARGE, about, no, no, by, no, organ, person, no, no, r.OPEN, root, 1, 1)
    if asked:
        last = d.act(w.desk, day, REPORT, about, no, no, by, no, committee, person, no, no, r.SECRET, last, no, 1)
    if asked or (c["kept"] and c["heard"]):
        way, paper = (no, 1) if asked else (r.ORAL, 0)
        last = d.act(
            w.desk, day, CONSULT, about, no, no, committee, head, court, person, no, way, r.SECRET, last, int(c["kept"]), paper
        )
    if c["vouched"]:
        last = d.act(w.desk, day, VOUCH, about, no, no, committee, head, court, person, no, no, r.OPEN, last, int(p.guarantors), 1)
    actor, who = (committee, head) if c["led"] else (court, no)
    kind = SENTENCE if c["guilty"] else RELEASE
    last = d.act(w.desk, day, kind, about, no, no, actor, who, organ, person, court, no, r.OPEN, last, 1, 1)
    if c["guilty"]:
        d.act(w.desk, day, LEAVE, about, no, no, organ, no, organ, person, no, no, r.FOR_SERVICE, last, r.CONVICTED, 1)
        leave(w.power, person, day)
        w.power.persons["gone"][person] = 1
        if post["head"]:
            w.desk.organs["head"][organ] = no


def _members(
    w: World, day: int, about: int, root: int, a: int, c: Any, court: int, procurator: int, asked: bool
) -> None:  # fmt: skip
    """The cases of an area's rank and file, counted together; the convicted are excluded by their committees."""
    no, committee = r.NONE, int(w.power.areas[a])
    head = int(w.desk.organs["head"][committee])
    by = procurator if procurator != no else court
    n, led, doomed, guilty = (int(c[name]) for name in ("charged", "led", "doomed", "guilty"))
    last = d.act(w.desk, day, CHARGE, about, no, no, by, no, committee, no, no, no, r.OPEN, root, n, 1)
    if asked:
        last = d.act(w.desk, day, REPORT, about, no, no, by, no, committee, no, no, no, r.SECRET, last, no, 1)
        last = d.act(w.desk, day, CONSULT, about, no, no, committee, head, court, no, no, no, r.SECRET, last, int(c["kept"]), 1)
    if c["vouched"]:
        d.act(w.desk, day, VOUCH, about, no, no, committee, head, court, no, no, no, r.OPEN, last, int(c["vouched"]), 1)
    for kind, by_wish, number in ((RELEASE, True, led), (SENTENCE, True, doomed), (RELEASE, False, n - led - doomed - guilty),
                                  (SENTENCE, False, guilty)):  # fmt: skip
        if number:
            actor, who = (committee, head) if by_wish else (court, no)
            d.act(w.desk, day, kind, about, no, no, actor, who, committee, no, court, no, r.OPEN, last, number, 1)


def _beside(w: World, day: int, branch: int) -> Any:
    """The open body of a branch beside each area's committee, or NONE."""
    organs = w.desk.organs
    of_place = {int(organs["territory"][i]): int(i) for i in provinces.beside(w, branch, day)}
    places = organs["territory"][w.power.areas]
    return np.array(
        [of_place.get(int(t), r.NONE) if o else r.NONE for t, o in zip(places, provinces.areas_open(w, day), strict=True)], np.int32
    )


MECHANISM = Mechanism(
    name="justice",
    phase="members",
    about="Communists are charged; the committee has its say by the order of the day; the sentence stands in the court's name.",
    section="I.3",
    emits=("calendar", "charge", "report", "consult", "vouch", "release", "sentence", "leave-post"),
    step=step,
    reads={
        "directive": "courts_obey_party_committee_1922",
        "inform": "general_rules_but_inform_committee",
        "common": "communists_judged_on_common_grounds",
        "commission": "case_commission_hears_prosecutors",
        "higher": "leaders_cases_go_to_higher_level",
        "sanction": "secretary_prosecution_procedure",
        "guarantors": "release_on_three_guarantors.guarantors_min",
        "no_mitigation": "no_mitigation_for_mercenary_crimes",
        "charged_officials": "officials_charged_a_year",
        "charged_members": "members_charged_a_year",
        "kept_members": "rank_and_file_kept_from_court",
        "by_competence": "worth_of_a_worker_to_his_committee",
        "by_bond": "weight_of_shared_patron",
        "by_roots": "weight_of_common_roots",
        "heeds": "courts_heed_advice",
        "heeds_unasked": "courts_heed_without_being_asked",
        "weight_of_commission": "weight_of_case_commission",
        "vouches": "chance_of_a_guarantor",
        "mild": "conviction_of_the_vouched_for",
        "merits": "conviction_on_the_merits",
        "harsher": "conviction_without_mitigation",
        "rescue": "tie_gain",
        "k": "weight_of_stake",
        "elected": "removability_of_elected",
    },
)
