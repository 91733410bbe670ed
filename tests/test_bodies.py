"""Who sits in the leading bodies, the circle, the ill leader, the union: paired runs that would differ if these were dead."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import command

from drivebelt.power.circle import chance, distances, form
from drivebelt.results import Run
from drivebelt.running import runner
from drivebelt.running.runner import Settings, execute

WITHOUT = ["local matters", "committees", "soviet order", "execution", "registry", "losses", "post"]
ARMS = ("plain", "moved-general-secretary", "no-ties-no-fear", "enlarged-central-committee", "documented-bodies")


def settings(arm: str, without: list[str] | None = None, end: str = "1923-06-15", start: str | None = None) -> Settings:
    amendments = [] if arm == "plain" else [arm]
    return Settings(start=start, end=end, scale=0.005, amendments=amendments, without=WITHOUT + (without or []))


@pytest.fixture(scope="session")
def arms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """One run of each arm over the XII congress, the paper below the Centre left out."""
    place = tmp_path_factory.mktemp("bodies")
    return {arm: Run(execute(settings(arm), place / arm)) for arm in ARMS}


def elected(run: Run, organ: str) -> dict[str, int]:
    """Those elected to a body, with the votes against each."""
    rows = run.rows(
        """select coalesce(p.name, a.target_person::varchar) as who, a.amount from acts a
           join persons p on p.person = a.target_person join organs o on o.organ = a.target_organ
           where a.kind = 'elect-body' and o.key = ?""",
        [organ],
    )
    return {row["who"]: row["amount"] for row in rows}


def sampled(run: Run, measure: str, scope: str) -> list[float]:
    rows = run.rows("select value from measures where measure = ? and scope = ? order by day", [measure, scope])
    return [row["value"] for row in rows]


def test_a_congress_elects_the_bodies_and_tenures_follow(arms: dict[str, Run]) -> None:
    run = arms["plain"]
    assert len(elected(run, "central-committee")) == 40
    tenures = run.rows(
        """select p.name from tenures t join persons p using (person) join posts on posts.post = t.post
           join organs o on o.organ = posts.organ where o.key = 'politburo' and posts.name like 'member%'
           and coalesce(t."to", '1999-01-01') > '1923-06-01'"""
    )
    sit = {row["name"] for row in tenures}
    assert sit <= set(elected(run, "politburo")) and len(sit) == 7
    voted = run.rows(
        """select distinct p.name from acts a join persons p on p.person = a.actor_person join organs o on o.organ = a.actor_organ
           where a.kind = 'vote' and o.key = 'politburo' and a.day > '1923-04-17'"""
    )
    assert {row["name"] for row in voted} <= sit - {"V. I. Lenin"}


def test_lists_are_put_in_the_name_of_the_outgoing_committee(arms: dict[str, Run]) -> None:
    rows = arms["plain"].rows(
        """select distinct o.key as author, n.key as mask from acts a join organs o on o.organ = a.actor_organ
           join organs n on n.organ = a.in_name_of where a.kind = 'propose-slate'"""
    )
    assert [row["mask"] for row in rows] == ["central-committee"] and rows[0]["author"] in ("circle", "secretariat")


def test_another_head_of_the_secretariat_has_another_secretariat(arms: dict[str, Run]) -> None:
    assert set(elected(arms["plain"], "secretariat")) != set(elected(arms["moved-general-secretary"], "secretariat"))


def test_without_ties_and_fear_more_votes_go_against_names(arms: dict[str, Run]) -> None:
    plain, free = (sampled(arms[arm], "struck-out", "votes against a name") for arm in ("plain", "no-ties-no-fear"))
    assert len(plain) == len(free) == 1 and free[0] > plain[0]


def test_workers_lower_the_dependence_of_the_committee(arms: dict[str, Run]) -> None:
    plain, enlarged = (sampled(arms[arm], "dependence", "central-committee")[-1] for arm in ("plain", "enlarged-central-committee"))
    assert enlarged < plain - 0.02
    assert len(elected(arms["enlarged-central-committee"], "central-committee")) == 90
    held_up = """select count(*) as n from acts a join organs o on o.organ = a.target_organ
                 where a.kind = 'protest' and o.key = 'politburo'"""
    assert arms["plain"].rows(held_up)[0]["n"] == 0 < arms["enlarged-central-committee"].rows(held_up)[0]["n"]


def test_documented_composition_can_be_kept(arms: dict[str, Run]) -> None:
    run = arms["documented-bodies"]
    assert elected(run, "politburo") == {}
    assert set(sampled(run, "seats-documented", "politburo")) == {1.0}


def test_leaving_the_new_mechanisms_out_leaves_a_run(tmp_path: Path) -> None:
    without = ["slates", "isolation", "union state"]
    run = Run(execute(settings("plain", without, end="1923-04-30", start="1923-04-02"), tmp_path / "run"))
    kinds = {row["kind"] for row in run.rows("select distinct kind from acts")}
    assert not kinds & {"elect-body", "propose-slate", "keep-back", "leak", "adopt"} and "resolve" in kinds


def test_an_ill_leader_is_told_less_from_the_day_of_the_rule(arms: dict[str, Run]) -> None:
    rows = arms["plain"].rows(
        "select day, value from measures where measure = 'known-to-leader' and scope = 'V. I. Lenin' order by day"
    )
    by_month = {str(row["day"])[:7]: row["value"] for row in rows}
    assert by_month["1922-07"] == 1.0 and "1922-11" not in by_month
    assert by_month["1923-02"] < 0.5 and by_month["1923-05"] < 0.5
    masks = arms["plain"].rows(
        "select distinct o.key as k from acts a join organs o on o.organ = in_name_of where kind = 'keep-back'"
    )
    assert [row["k"] for row in masks] == ["nk-health"]


def test_a_plan_of_the_centre_returns_as_the_wish_of_the_republics(arms: dict[str, Run]) -> None:
    rows = arms["plain"].rows(
        """select a.kind, a.day, o.territory, a.in_name_of = a.target_organ as own from acts a join episodes e using (matter)
           join organs o on o.organ = coalesce(a.in_name_of, a.actor_organ) where e.episode = 'autonomisation' order by a.act"""
    )
    answers = [row for row in rows if row["kind"] in ("answer", "protest") and row["territory"]]
    wishes = [row for row in rows if row["kind"] == "adopt"]
    decided = [row for row in rows if row["kind"] in ("decide", "poll")]
    assert answers and all(a["day"] <= decided[0]["day"] for a in answers)
    assert len(wishes) == 5 and all(x["own"] and x["day"] > decided[0]["day"] for x in wishes)


@pytest.mark.parametrize("name", ["autonomisation", "georgian-affair", "rabkrin-article", "letter-to-the-congress"])
def test_cases_have_a_simulated_path(arms: dict[str, Run], name: str) -> None:
    done = command("case", name, arms["plain"].path, "--json")
    assert done.returncode == 0, done.stderr
    assert any(step["simulated"] for step in json.loads(done.stdout)["steps"])


def test_resume_over_an_election_gives_the_same_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken off once before the XII congress of 17 April 1923 and once after it."""
    monkeypatch.setattr(runner, "SEGMENT_DAYS", 12)
    s = settings("plain", ["reports", "minutes"], end="1923-05-05", start="1923-04-02")
    whole = Run(execute(s, tmp_path / "whole"))
    assert elected(whole, "politburo")
    for n in (12, 24):

        def stop(days: int, every: int, acts: int, n: int = n) -> None:
            if days >= n:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            execute(s, tmp_path / "broken", resume=n > 12, progress=stop)
    assert Run(execute(s, tmp_path / "broken", resume=True)).info["digest"] == whole.info["digest"]


def test_a_surplus_is_worth_its_dilution_only_where_members_may_defect() -> None:
    """Views on a line; the third has most. Without defection and with nothing to lose the smallest winning circle is enough."""
    views = np.array([[0.1, 0.0], [0.12, 0.0], [0.9, 0.6], [0.15, 0.0], [0.2, 0.0], [0.1, 0.1]])
    resources = np.array([0.5, 0.4, 0.9, 0.3, 0.3, 0.3])
    votes, nobody = np.ones(6, bool), np.zeros(6, bool)
    few, threat = form(views, resources, votes, nobody, 0.0, 0.01, 0.3, 0.0, 0.0, 0.0, 0.1, 0.3, 1.0)
    many, again = form(views, resources, votes, nobody, 0.5, 0.01, 0.3, 0.0, 0.25, 0.0, 1.5, 0.3, 1.0)
    assert threat == again == 2 and not few[2] and not many[2]
    assert many.sum() > few.sum()
    safer = [chance(inside, 2, distances(views), resources, votes, 0.3, 0.0, 0.2, 0.0) for inside in (few, many)]
    assert safer[1] >= safer[0]
