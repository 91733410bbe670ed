"""Communists before the courts: what the three orders let committees do, and in whose name it stands."""

from __future__ import annotations

import pytest

from drivebelt.results import Run
from drivebelt.running.day import PLAN
from drivebelt.running.runner import Settings, execute

KEPT = {"reforms", "privileges", "members", "justice"}
WITHOUT = [m.name for m in PLAN if m.name not in KEPT]


@pytest.fixture(scope="module")
def arms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """Charges from April 1922 to June 1926: the rules as they were, and committees without a say."""
    folder = tmp_path_factory.mktemp("justice")
    out = {}
    for name, amendments in (("plain", []), ("free courts", ["communists-before-the-courts"])):
        settings = Settings(end="1926-06-02", scale=0.02, amendments=amendments, without=WITHOUT)
        out[name] = Run(execute(settings, folder / name.replace(" ", "-")))
    return out


def share(run: Run, what: str, where: str = "true") -> float:
    """Share of cases ended of which something holds, weighed by their number."""
    query = (
        f"select sum(case when {what} then amount else 0 end) / sum(amount) as x from acts where kind in ('sentence', 'release')"
    )
    return float(run.rows(f"{query} and {where}")[0]["x"])


def test_without_the_opinion_of_the_committee_courts_convict_more_communists(arms: dict[str, Run]) -> None:
    before = "day < date '1925-04-26'"
    for who in ("target_person is null", "target_person is not null"):
        where = f"{before} and {who}"
        assert share(arms["free courts"], "kind = 'sentence'", where) > share(arms["plain"], "kind = 'sentence'", where) + 0.03


def test_the_sentence_stands_in_the_courts_name_and_a_mask_hides_a_committee_that_was_heard(arms: dict[str, Run]) -> None:
    run = arms["plain"]
    names = run.rows("select distinct branch from acts join organs on organ = in_name_of where kind in ('sentence', 'release')")
    assert {row["branch"] for row in names} <= {"justice", "state"}, "a court, or for leaders the commissariat of justice"
    unheard = run.rows(
        """with recursive back as (
               select act as ended, cause from acts where kind in ('sentence', 'release') and actor_organ != in_name_of
               union all select ended, a.cause from back join acts a on a.act = back.cause
           ), heard as (select ended from back join acts a on a.act = back.cause where a.kind = 'consult')
           select act from acts where kind in ('sentence', 'release') and actor_organ != in_name_of
           and act not in (select ended from heard) limit 3"""
    )
    assert unheard == []


def test_each_order_gives_the_committee_less(arms: dict[str, Run]) -> None:
    """A directive decides every case, advice some, and after April 1925 hardly any; the rank and file lose it altogether."""
    led = "actor_organ != in_name_of"
    orders = ("day between date '1922-05-01' and date '1923-01-01'", "day between date '1923-02-01' and date '1925-04-01'",
              "day >= date '1925-05-01'")  # fmt: skip
    officials = [share(arms["plain"], led, f"target_person is not null and {order}") for order in orders]
    others = [share(arms["plain"], led, f"target_person is null and {order}") for order in orders]
    assert officials[0] == others[0] == 1.0
    assert 1.0 > officials[1] > officials[2] > 0.0
    assert 1.0 > others[1] > others[2] == 0.0


def test_committees_are_told_of_every_case_until_april_1925(arms: dict[str, Run]) -> None:
    query = """select year(day) + (month(day) > 4)::int / 2 as t, count(*) filter (kind = 'charge') as charged,
               count(*) filter (kind = 'report') as told from acts where target_person is null and kind in ('charge', 'report')
               and day >= date '1922-05-01' group by t order by t"""
    rows = arms["plain"].rows(query)
    assert {row["t"] < 1925.5 for row in rows} == {True, False} and all(row["charged"] > 0 for row in rows)
    for row in rows:
        assert row["told"] == (row["charged"] if row["t"] < 1925.5 else 0)


def test_a_leader_of_a_province_is_not_tried_without_the_centre(arms: dict[str, Run]) -> None:
    run = arms["plain"]
    query = """select count(*) as n from acts a join organs o on o.organ = a.target_organ
               where a.kind = 'charge' and o.branch = 'party' and o.level in ('region', 'gubernia') and target_person is not null"""
    assert run.rows(query)[0]["n"] > 0
    query = """select distinct o.level from acts c join acts s on s.day = c.day and s.target_person = c.target_person
               and s.kind in ('sentence', 'release') join organs o on o.organ = s.in_name_of
               where c.kind = 'consult' and c.actor_organ = 2"""
    assert [row["level"] for row in run.rows(query)] == ["centre"]


def test_the_convicted_lose_post_and_party(arms: dict[str, Run]) -> None:
    run = arms["plain"]
    kept = run.rows(
        """select s.act from acts s left join acts l on l.cause = s.act and l.kind = 'leave-post' and l.amount = 4
           where s.kind = 'sentence' and s.target_person is not null and l.act is null limit 3"""
    )
    assert kept == []
    query = "select sum(amount) as n from acts where kind = 'expel' and target_person is null"
    assert arms["free courts"].rows(query)[0]["n"] > 1.005 * run.rows(query)[0]["n"]


def test_the_same_people_are_charged_first_in_both_arms(arms: dict[str, Run]) -> None:
    query = (
        "select day, actor_organ, target_person, amount from acts where kind = 'charge' and day < date '1922-06-01' order by all"
    )
    assert arms["plain"].rows(query) == arms["free courts"].rows(query)
