"""Admission: who may come in, who asks, and whom the cells take.

The rules say for whom the doors are open: terms of candidacy, recommendations, limits on those who are no workers, and, in a draft,
none of these for workers from the bench. Applicants are an outcome of the wish to join, the terms and the recommenders to be found;
those admitted, of what cells can hear and whom they take. No number of new members is put in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt import desk as d
from drivebelt import draws
from drivebelt import records as r
from drivebelt.mechanism import Mechanism
from drivebelt.power.joining import APPLIED, join, round_of_admission
from drivebelt.power.masses import confirm, entitle, school, seniority
from drivebelt.power.state import EPOCH

if TYPE_CHECKING:
    from drivebelt.world import World

STREAM, CANDIDATES, SCHOOLING = (draws.STREAMS[name] for name in ("members", "candidates", "schooling"))
CALENDAR, APPLY, ADMIT, CONFIRM, TRAIN = (r.ACT[name] for name in ("calendar", "apply", "admit", "confirm", "train"))
ORDINARY = r.COHORTS.index("ordinary")


def terms(p: Any) -> tuple[Any, float, float]:
    """Months of candidacy by class, for workers with ten years in large industry, and for soldiers; Lenin's where adopted."""
    if p.lenin_adopted > 0:
        years = np.array([p.lenin_workers, p.lenin_peasants, p.lenin_others, p.lenin_others])
        return years * r.MONTHS_PER_YEAR, p.lenin_seasoned * r.MONTHS_PER_YEAR, p.lenin_soldiers * r.MONTHS_PER_YEAR
    months = np.array([p.term_workers, *p.terms_of_others[1:]])
    return months, p.term_workers, p.term_soldiers


def drafting(w: World, day: int, p: Any) -> Any:
    """In which areas a draft is held: in all for its main term, in the remote until its end; later drafts in all."""
    organs = w.desk.organs[w.power.areas]
    remote = organs["rail_km"] + organs["road_km"] > p.remote
    main = p.draft > 0 and p.no_recommendations > 0
    return np.where(remote, p.draft > 0, main) | (p.later_drafts > 0)


def step(w: World, day: int, p: Any) -> None:
    """On the first day of a month: applications, admissions, candidates whose term is over, courses for newcomers."""
    if w.desk.count[d.MONTH_DAY] != 1:
        return
    power, month = w.power, w.month_index(day) - EPOCH
    called, by_class = drafting(w, day, p), terms(p)
    people = p.people * w.scenario_scale
    found = round_of_admission(w.desk, power, w.seed, STREAM, day, month, seniority(power, month), called, people, *by_class, p)
    join(power, w.seed, STREAM, month, found, called, *by_class, ORDINARY, p)
    _write(w, day, found)
    ready = confirm(power, w.seed, CANDIDATES, month, *by_class, p.confirmed)
    _by_area(w, day, "candidates", CONFIRM, ready)
    if p.courses > 0:
        courses = p.weeks / r.MONTHS_PER_YEAR / p.weeks_of_course
        seats = p.seats_of_courses * w.scenario_scale * courses * power.people[:, 0]
        _by_area(w, day, "schooling", TRAIN, school(power, w.seed, SCHOOLING, month, seats, p.firmer))
    if p.deciding_vote > 0:
        entitle(power)


def _write(w: World, day: int, found: Any) -> None:
    """Applications and admissions, an act for each area and class, under one calendar act a class."""
    no = r.NONE
    for c in range(len(r.CLASSES)):
        of = np.flatnonzero(found[:, c, APPLIED])
        w.room(acts=2 * of.size + 1, matters=1)
        about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject("admission", c), no, r.CC, no)
        root = d.act(w.desk, day, CALENDAR, about, no, no, r.CC, no, no, no, no, no, r.OPEN, no, no, 1)
        for a in of:
            organ, (asked, came) = int(w.power.areas[a]), found[a, c]
            at = d.act(w.desk, day, APPLY, about, no, no, organ, no, organ, no, no, no, r.OPEN, root, int(asked), 1)
            if came:
                d.act(w.desk, day, ADMIT, about, no, no, organ, no, no, no, no, no, r.OPEN, at, int(came), 1)


def _by_area(w: World, day: int, subject: str, kind: int, number: Any) -> None:
    """One act for each area with a number."""
    no, of = r.NONE, np.flatnonzero(number)
    if of.size == 0:
        return
    w.room(acts=of.size + 1, matters=1)
    about = d.matter(w.desk, day, r.DOMAIN["party"], w.subject(subject, 0), no, r.CC, no)
    root = d.act(w.desk, day, CALENDAR, about, no, no, r.CC, no, no, no, no, no, r.OPEN, no, no, 1)
    for a in of:
        d.act(w.desk, day, kind, about, no, no, int(w.power.areas[a]), no, no, no, no, no, r.OPEN, root, int(number[a]), 1)


MECHANISM = Mechanism(
    name="admission",
    phase="members",
    about="People ask to join, cells hear and take them as the rules of the day allow; candidates become full members.",
    section="I.3",
    emits=("calendar", "apply", "admit", "confirm", "train"),
    step=step,
    reads={
        "people": "people_of_class[classes]",
        "wish": "wish_to_join[classes]",
        "renewal": "renewal_of_the_willing",
        "hazard": "willing_who_ask_a_month",
        "patience": "patience_a_month",
        "pull": "pull_of_a_draft",
        "country_pull": "pull_of_countryside_building",
        "countryside": "party_building_in_countryside_1924",
        "draft": "lenin_draft_dates",
        "no_recommendations": "admission_without_recommendations",
        "later_drafts": "later_drafts",
        "remote": "remote_regions_from",
        "no_stage": "admission_without_candidate_stage_1923_12",
        "limited": "admission_limited_non_proletarian",
        "few_employees": "intellectuals_limited_in_draft",
        "limit_of_others": "limit_of_non_proletarians",
        "limit_in_draft": "limit_of_employees_in_draft",
        "recommenders": "recommenders_of_class[classes]",
        "recommender_years": "years_of_recommenders[classes]",
        "known": "members_known_to_an_applicant",
        "heard": "applications_heard_by_a_cell",
        "heard_in_draft": "applications_heard_in_a_draft",
        "taken": "taken_by_class[classes]",
        "pressure": "pressure_for_numbers",
        "seasoned": "seasoned_workers",
        "bench": "bench_workers",
        "soldiers": "red_army_share",
        "term_workers": "candidate_term_xi_congress.term_workers",
        "term_soldiers": "candidate_term_xi_congress.term_red_army_worker_peasant",
        "terms_of_others": "candidate_term_of_others[classes]",
        "lenin_adopted": "lenin_terms_adopted",
        "lenin_seasoned": "lenin_candidate_terms_proposal_2.term_workers_10y_large_industry",
        "lenin_workers": "lenin_candidate_terms_proposal_2.term_other_workers",
        "lenin_peasants": "lenin_candidate_terms_proposal_2.term_peasants",
        "lenin_soldiers": "lenin_candidate_terms_proposal_2.term_red_army",
        "lenin_others": "lenin_candidate_terms_proposal_2.term_others",
        "confirmed": "candidates_confirmed_a_month",
        "deciding_vote": "draft_members_get_deciding_vote",
        "courses": "short_courses_for_young_communists",
        "weeks": "weeks_a_year",
        "weeks_of_course": "short_courses_for_young_communists.course",
        "seats_of_courses": "seats_of_short_courses",
        "firmer": "trust_after_a_course",
        "unlettered": "illiterate_of_class[classes]",
        "middle": "middle_schooling_of_class[classes]",
        "higher": "higher_schooling_of_class[classes]",
        "regime": "views_mean.regime",
        "spread": "views_spread",
        "trust": "trust_a_week",
        "by_cohort": "trust_of_cohort[cohorts]",
        "by_literacy": "trust_of_literacy[literacy]",
    },
)
