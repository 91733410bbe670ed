"""Members in the mass, cells and privileges: what the rules of admission, pay and verification must move, and what must hold."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from drivebelt.building import build
from drivebelt.mechanism.privileges import MECHANISM as PRIVILEGES
from drivebelt.power.joining import finds
from drivebelt.power.masses import by_place, chance, count_members, exits, salt, verify, voters
from drivebelt.power.stakes import stakes
from drivebelt.power.state import CANDIDATE, ENTITLED, GONE, MEMBERS, Power
from drivebelt.results import Run
from drivebelt.rulebook import load
from drivebelt.rulebook.in_force import Reading
from drivebelt.running.day import PLAN
from drivebelt.running.runner import Settings, execute
from drivebelt.scenario import Scenario

KEPT = {"reforms", "privileges", "members", "admission", "verification", "cells"}
WITHOUT = [m.name for m in PLAN if m.name not in KEPT]
NO_DRAFT = """name: none
question: q
changes: {lenin_draft_dates: off, admission_without_recommendations: off, later_drafts: off}
"""


@pytest.fixture(scope="module")
def arms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """Three years of admission alone, at two per cent: the plain rules, Lenin's terms, no draft."""
    folder = tmp_path_factory.mktemp("masses")
    (folder / "no-draft.yaml").write_text(NO_DRAFT)
    out = {}
    for name, amendments in (("plain", []), ("strict", ["strict-admission"]), ("no-draft", [str(folder / "no-draft.yaml")])):
        settings = Settings(end="1925-01-02", scale=0.02, amendments=amendments, without=WITHOUT)
        out[name] = Run(execute(settings, folder / name))
    return out


@pytest.fixture(scope="module")
def start() -> Power:
    scenario = Scenario("1922-1928")
    scenario.begin(scenario.start)
    return build(scenario, load([]), 1, 0.02, scenario.start, 400).power


def copied(w: Power) -> Power:
    return w.replaced(**{name: getattr(w, name).copy() for name in w.fields})


def counted(run: Run, what: str, day: str) -> int:
    query = "select amount from acts join matters using (matter) where kind = 'count-members' and subject = ? and day = ?"
    return int(run.rows(query, [f"count: {what}", date.fromisoformat(day)])[0]["amount"])


def asked(run: Run, start: str, end: str, kind: str = "apply") -> int:
    query = "select coalesce(sum(amount), 0) as n from acts where kind = ? and day between ? and ?"
    return int(run.rows(query, [kind, date.fromisoformat(start), date.fromisoformat(end)])[0]["n"])


@pytest.mark.parametrize("arm", ["plain", "strict", "no-draft"])
def test_members_are_conserved(arms: dict[str, Run], arm: str) -> None:
    """From one count to the next: those who were there, more those admitted, less those who left, died or were put out."""
    rows = arms[arm].rows(
        """
        with counts as (
            select day, amount as n, lead(day) over (order by day) as until, lead(amount) over (order by day) as after
            from acts join matters using (matter) where kind = 'count-members' and subject = 'count: members and candidates'
        )
        select c.day, n, after, coalesce(sum(amount) filter (kind = 'admit'), 0) as came,
               coalesce(sum(amount) filter (kind in ('leave', 'die', 'expel', 'purge') and target_person is null), 0) as went
        from counts c left join acts a on a.day >= c.day and a.day < c.until
        where until is not null group by all order by c.day
        """
    )
    assert len(rows) >= 24
    assert [r["n"] + r["came"] - r["went"] - r["after"] for r in rows] == [0] * len(rows)


def test_nobody_is_admitted_who_did_not_ask(arms: dict[str, Run]) -> None:
    query = """select 1 from acts a join acts b on b.act = a.cause where a.kind = 'admit'
               and (b.kind != 'apply' or a.amount > b.amount or a.actor_organ != b.actor_organ) limit 1"""
    assert arms["plain"].rows(query) == []


def test_strict_admission_makes_fewer_members_and_less_cue_following(arms: dict[str, Run]) -> None:
    plain, strict = arms["plain"], arms["strict"]
    assert counted(strict, "members and candidates", "1924-01-01") < counted(plain, "members and candidates", "1924-01-01")
    assert counted(strict, "members and candidates", "1925-01-01") < 0.9 * counted(plain, "members and candidates", "1925-01-01")
    query = "select value from measures where measure = 'trust' order by day desc limit 1"
    assert strict.rows(query)[0]["value"] < 0.95 * plain.rows(query)[0]["value"]


def test_under_lenins_terms_candidates_wait_longer(arms: dict[str, Run]) -> None:
    plain, strict = (asked(arms[arm], "1922-10-01", "1923-12-01", "confirm") for arm in ("plain", "strict"))
    assert strict < 0.8 * plain


def test_a_draft_brings_applicants_and_illiterates(arms: dict[str, Run]) -> None:
    plain, none = arms["plain"], arms["no-draft"]
    assert asked(plain, "1924-02-15", "1924-05-15") > 5 * asked(none, "1924-02-15", "1924-05-15")
    share = [
        counted(run, "illiterate", "1924-06-01") / counted(run, "members and candidates", "1924-06-01") for run in (plain, none)
    ]
    assert share[0] > share[1] + 0.01


def test_before_the_draft_its_twin_is_the_same(arms: dict[str, Run]) -> None:
    query = "select * from acts where day < date '1924-02-15' order by act"
    assert arms["plain"].rows(query) == arms["no-draft"].rows(query)
    plain, strict = (
        arms[arm].rows(
            "select actor_organ, kind, amount from acts where kind in ('leave', 'die', 'expel') and day = date '1922-05-01'"
        )
        for arm in ("plain", "strict")
    )
    assert plain == strict


def test_recommendations_keep_out_the_more_the_more_are_asked_and_the_older_they_must_be() -> None:
    years = np.array([30, 20, 20, 10, 10, 5, 5, 0, 0, 0, 0, 0])
    chances = [finds(years, number, least, 3) for number, least in ((0, 5), (1, 1), (2, 1), (2, 3), (5, 5), (1, 11))]
    assert chances[0] == 1.0 and chances[-1] == 0.0
    assert all(a > b for a, b in pairwise(chances))


def test_entrants_of_the_draft_get_the_vote_and_candidates_do_not(start: Power) -> None:
    w = copied(start)
    n = int(w.count[MEMBERS])
    candidates = (w.marks[:n] & CANDIDATE) > 0
    assert (voters(w)[candidates] == w.areas.size).all() and candidates.any()
    w.marks[:n][candidates] |= ENTITLED
    assert (voters(w) < w.areas.size).all()


def test_a_closed_province_leaves_its_members_to_the_next(arms: dict[str, Run]) -> None:
    query = """select max(day) as last from acts join organs on organ = actor_organ
               where territory = 'yekaterinburg' and kind in ('apply', 'leave', 'die', 'expel')"""
    assert arms["plain"].rows(query)[0]["last"] == date(1923, 11, 1)
    query = """select sum(amount) filter (day < date '1923-11-02') as before, sum(amount) filter (day > date '1923-11-02') as after
               from acts join organs on organ = actor_organ where territory = 'ural' and kind = 'leave'"""
    row = arms["plain"].rows(query)[0]
    assert (row["before"] or 0) == 0 < row["after"]


def test_the_ban_on_merging_cells_is_kept_with_exceptions(arms: dict[str, Run]) -> None:
    before, after = (
        asked(arms["plain"], "1922-05-01", "1923-03-01", "merge-cells"),
        asked(arms["plain"], "1923-04-01", "1924-01-31", "merge-cells"),
    )
    assert after < 0.5 * before


def test_those_who_are_gone_have_no_home_and_hear_nothing(start: Power) -> None:
    w = copied(start)
    everybody = np.full(4, 12.0)
    gone = exits(w, 1, 1, 500, everybody, np.zeros(4), 0.0, 1.0)
    n = int(w.count[MEMBERS])
    assert gone.sum() == n and (w.marks[:n] & GONE).all() and (w.home[:n] == w.areas.size).all() and not w.trust[:n].any()
    assert count_members(w, 1, 1, 500, np.ones(4), 0.0).sum() == 0 == by_place(w).sum()


def test_biased_commissions_put_out_those_below_the_course(start: Power) -> None:
    chosen = np.ones(start.areas.size, np.bool_)
    mean = {}
    for bias in (0.0, 0.4):
        w = copied(start)
        n = int(w.count[MEMBERS])
        assert verify(w, 1, 1, 500, chosen, 1.0, np.full(4, 0.02), bias, 0.1, 0.25).sum() == ((w.marks[:n] & GONE) > 0).sum()
        mean[bias] = float(w.views[:n][(w.marks[:n] & GONE) > 0].mean())
    assert mean[0.4] < mean[0.0] - 0.1


def test_exclusions_seen_silence_those_who_have_most_to_lose(start: Power) -> None:
    active, old = 14, 16
    calm = count_members(start, 1, 1, 500, np.full(4, 0.4), 2.0).sum(axis=0)
    w = copied(start)
    w.put_out[:] = 0.1 * by_place(w).sum(axis=1)
    after = count_members(w, 1, 1, 500, np.full(4, 0.4), 2.0).sum(axis=0)
    assert after[active] < calm[active]
    assert after[old] / calm[old] < (after[active] - after[old]) / (calm[active] - calm[old])


def test_chances_of_a_member_are_even_and_new_every_month() -> None:
    one, other = salt(1, 1, 500), salt(1, 1, 501)
    names = np.arange(20000)
    a, b = (np.array([chance(int(n), s) for n in names]) for s in (one, other))
    assert abs(a.mean() - 0.5) < 0.01 and abs(np.mean(a < 0.01) - 0.01) < 0.003
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.03


def table(on: date, *changes: str, folder: Path | None = None) -> np.ndarray:
    amendments = []
    if changes and folder is not None:
        place = folder / "pay.yaml"
        place.write_text(f"name: pay\nquestion: q\nchanges: {{{', '.join(changes)}}}\n")
        amendments = [str(place)]
    return stakes(Reading(PRIVILEGES, load(amendments), on, 10).at(0))


def test_stakes_follow_the_rules_of_pay_and_rank(tmp_path: Path) -> None:
    before, after = table(date(1922, 6, 30)), table(date(1922, 9, 1))
    assert (after > before).all() or (after[:5] > before[:5]).all()
    assert (np.diff(after[:, 1]) < 0).all(), "the higher the post, the more it gives"
    assert (table(date(1922, 9, 1), "salary_hierarchy_1922: off", folder=tmp_path) < after).all()
    poor = table(date(1922, 9, 1), "wage_beside_lowest_rate: {values: {1917-11-07: 0.4}}", folder=tmp_path)
    assert (poor > after).all()


def test_every_change_of_the_rules_is_told_and_nothing_else(arms: dict[str, Run]) -> None:
    days = arms["plain"].rows("select distinct day from acts where kind in ('grant', 'withdraw') order by day")
    assert [row["day"] for row in days] == [date(1922, 4, 3), date(1922, 7, 1), date(1922, 8, 1), date(1922, 8, 29)]
