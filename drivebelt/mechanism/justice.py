"""Justice for communists: a charge, the committee's opinion, guarantors, and a sentence that stands in the court's name.

Three orders follow one another. In 1922 the committee's opinion was a directive for the court. From January 1923 courts went by the
common law but had to inform the committee of every case, commissions heard the procurators on responsible workers, cases of leaders
went a level up, and three guarantors freed a member. From April 1925 nobody need be informed and no verdict directed; what is left
of influence goes by word of mouth, and reaches officials rather than the rank and file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power.state import MEMBERS
from drivebelt.power.justice import COMMON, DIRECTIVE, convicts, guarantors, heeds, keeps, regime

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM = draws.STREAMS["justice"]
CALENDAR, CHARGE, REPORT, CONSULT, VOUCH, RELEASE, SENTENCE = (
    r.ACT[name] for name in ("calendar", "charge", "report", "consult", "vouch", "release", "sentence")
)


@njit(cache=True)
def officials(k, w, seed, day, month, about, root, area_of, courts, procurators, secretary, column, p):
    """The month's charges against holders of posts below the Centre, case by case."""
    order = regime(p)
    for i in range(w.persons.size):
        s = w.persons[i]
        if s.post == r.NONE or s.level == r.CENTRE or s.named or s.area == r.NONE:
            continue
        if draws.uniform(seed, STREAM, i, month) >= p.charged_officials / r.MONTHS_PER_YEAR:
            continue
        place, post = area_of[s.area], w.posts[s.post]
        if place == r.NONE or courts[place] == r.NONE:
            continue
        committee, court = w.areas[place], courts[place]
        leader = post.head and s.level <= r.GUBERNIA and post.branch == r.PARTY
        above = leader and (p.higher > 0 or p.sanction > 0)
        if above:
            committee, court = r.CC, r.NK_JUSTICE
        head = secretary if above else k.organs[committee].head
        by = procurators[place] if procurators[place] != r.NONE else court
        key = draws.key(i, month)
        last = d.act(k, day, CHARGE, about, r.NONE, r.NONE, by, r.NONE, post.organ, i, r.NONE, r.NONE, r.OPEN, root, 1, 1)
        kept = keeps(w, i, head, column if above else r.NONE, key, seed, p)
        heard = draws.uniform(seed, STREAM, key, 1) < heeds(w, order, k.organs[court].head, column, True, p)
        asked = order != COMMON or (above and p.sanction > 0)
        if asked:
            last = d.act(k, day, REPORT, about, r.NONE, r.NONE, by, r.NONE, committee, i, r.NONE, r.NONE, r.SECRET, last, r.NONE, 1)
        if asked or (kept and heard):
            last = d.act(
                k, day, CONSULT, about, r.NONE, r.NONE, committee, head, court, i, r.NONE, r.NONE if asked else r.ORAL, r.SECRET,
                last, 1 if kept else 0, 1 if asked else 0,
            )  # fmt: skip
        free = kept and draws.uniform(seed, STREAM, key, draws.S2) < guarantors(p, p.vouches + (1.0 - p.vouches) * s.roots)
        if free:
            last = d.act(
                k, day, VOUCH, about, r.NONE, r.NONE, committee, head, court, i, r.NONE, r.NONE, r.OPEN, last, int(p.guarantors), 1
            )
        led = heard and (kept or order == DIRECTIVE)
        guilty = draws.uniform(seed, STREAM, key, draws.S3) < convicts(p) * (p.mild if free else 1.0)
        out = not kept if led else guilty
        d.act(
            k, day, SENTENCE if out else RELEASE, about, r.NONE, r.NONE, committee if led else court, head if led else r.NONE,
            post.organ, i, court, r.NONE, r.OPEN, last, 1, 1,
        )  # fmt: skip
        if led and kept and above and column != r.NONE:
            w.ties[i, column] += p.rescue * (1.0 - w.ties[i, column])


@njit(cache=True)
def rank_and_file(k, w, seed, day, month, about, root, there, courts, procurators, column, p):
    """The month's charges against members without a post, counted by area; the convicted will be excluded."""
    order = regime(p)
    for a in range(w.areas.size):
        if courts[a] == r.NONE:
            continue
        committee, court = w.areas[a], courts[a]
        key = draws.key(draws.key(committee, STREAM), month)
        n = int(there[a] * p.charged_members / r.MONTHS_PER_YEAR + draws.uniform(seed, STREAM, key, 0))
        if n == 0:
            continue
        head = k.organs[committee].head
        by = procurators[a] if procurators[a] != r.NONE else court
        last = d.act(k, day, CHARGE, about, r.NONE, r.NONE, by, r.NONE, committee, r.NONE, r.NONE, r.NONE, r.OPEN, root, n, 1)
        share = p.kept_members + (p.by_roots * w.persons[head].roots if head != r.NONE else 0.0)
        kept = min(n, int(n * share + draws.uniform(seed, STREAM, key, 1))) if order != COMMON else 0
        freed = 0
        if order != COMMON:
            last = d.act(
                k, day, REPORT, about, r.NONE, r.NONE, by, r.NONE, committee, r.NONE, r.NONE, r.NONE, r.SECRET, last, r.NONE, 1
            )
            last = d.act(
                k, day, CONSULT, about, r.NONE, r.NONE, committee, head, court, r.NONE, r.NONE, r.NONE, r.SECRET, last, kept, 1
            )
            freed = int(kept * guarantors(p, p.vouches) + draws.uniform(seed, STREAM, key, draws.S2))
            freed = min(freed, kept)
            if freed:
                d.act(
                    k, day, VOUCH, about, r.NONE, r.NONE, committee, head, court, r.NONE, r.NONE, r.NONE, r.OPEN, last, freed, 1
                )
        share = heeds(w, order, k.organs[court].head, column, False, p)
        led = min(kept, int(kept * share + draws.uniform(seed, STREAM, key, draws.S3)))
        doomed = n - kept if order == DIRECTIVE else 0
        rest = n - led - doomed
        mild = min(rest, max(freed - led, 0))
        guilty = int((rest - mild + mild * p.mild) * convicts(p) + draws.uniform(seed, STREAM, key, draws.S4))
        guilty = min(guilty, rest)
        for kind, who, number in ((RELEASE, True, led), (SENTENCE, True, doomed), (RELEASE, False, rest - guilty),
                                  (SENTENCE, False, guilty)):  # fmt: skip
            if number:
                d.act(
                    k, day, kind, about, r.NONE, r.NONE, committee if who else court, head if who else r.NONE, committee, r.NONE,
                    court, r.NONE, r.OPEN, last, number, 1,
                )  # fmt: skip
        w.convicted[a] += doomed + guilty


def step(w: World, day: int, p: Any) -> None:
    """The charges of a month, on its first day."""
    if w.desk.count[d.MONTH_DAY] != 1:
        return
    power, no = w.power, r.NONE
    area_of = np.full(len(w.organs), no, np.int32)
    area_of[power.areas] = np.arange(power.areas.size)
    courts, procurators = (_beside(w, day, branch) for branch in (r.JUSTICE, r.PROCURACY))
    there = np.bincount(power.home[: power.count[MEMBERS]], minlength=power.areas.size + 1)
    posts = int(np.count_nonzero(power.persons["post"] >= 0))
    month, column = w.month_index(day), w.secretary(day)
    w.room(acts=posts + len(r.ACT_KINDS) * power.areas.size, matters=1 + 1)
    for subject in range(1 + 1):
        about = d.matter(w.desk, day, r.DOMAIN["justice"], w.subject("justice", subject), no, r.PROCURATOR_GENERAL, no)
        root = d.act(w.desk, day, CALENDAR, about, no, no, r.CC, no, no, no, no, no, r.OPEN, no, no, 1)
        if subject:
            rank_and_file(w.desk, power, w.seed, day, month, about, root, there, courts, procurators, column, p)
        else:
            officials(
                w.desk, power, w.seed, day, month, about, root, area_of, courts, procurators, w.secretary_person(day), column, p
            )


def _beside(w: World, day: int, branch: int) -> Any:
    """The open body of a branch beside each area's committee, or NONE."""
    organs = w.desk.organs
    of_place = {int(organs["territory"][i]): int(i) for i in w.beside(branch, day)}
    places = organs["territory"][w.power.areas]
    is_open = (organs["opens"][w.power.areas] <= day) & (organs["closes"][w.power.areas] > day)
    return np.array([of_place.get(int(t), r.NONE) if o else r.NONE for t, o in zip(places, is_open, strict=True)], np.int32)


MECHANISM = Mechanism(
    name="justice",
    phase="members",
    about="Communists are charged; the committee has its say by the order of the day; the sentence stands in the court's name.",
    section="I.3",
    emits=("calendar", "charge", "report", "consult", "vouch", "release", "sentence"),
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
