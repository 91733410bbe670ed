"""Opposition, discussion and discipline: what must differ between paired runs, and what nobody may do without knowing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from drivebelt import records as r
from drivebelt.building import build
from drivebelt.mechanism.congresses import MECHANISM as CONGRESSES
from drivebelt.mechanism.discipline import MECHANISM as DISCIPLINE
from drivebelt.mechanism.discussion import MECHANISM as DISCUSSION
from drivebelt.mechanism.disputes import Arena
from drivebelt.power import state
from drivebelt.power.delegates import RANK, choose_delegates
from drivebelt.power.discussing import at_conference, count_votes, members_votes
from drivebelt.power.opposing import against_condemning, approach, caution, logarithm, told, witness
from drivebelt.results import Run
from drivebelt.rulebook import load
from drivebelt.rulebook.in_force import Reading
from drivebelt.running.runner import Settings, execute
from drivebelt.scenario import Scenario

WITHOUT = [
    "local matters",
    "committees",
    "soviet order",
    "execution",
    "registry",
    "minutes",
    "losses",
    "post",
    "reports",
    "directives",
]
EAGER = {
    "weight_of_recourse": 0.4,
    "weight_of_unity": 0.02,
    "reluctance_to_speak": 0.01,
    "dislike_of_discussion": 0.02,
    "patience_of_leadership": 4,
}
"""Values at which a summer is enough for disputes."""
BOLD = {**EAGER, "weight_of_fear": 0.5, "fear_at_start": 0.0, "fear_from_sanction": 0.03, "fear_from_sight": 0.03}


@pytest.fixture(scope="module")
def arms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """The same draws from April to the conference of August 1922 and after it."""
    place = tmp_path_factory.mktemp("opposition")
    arms = {
        "plain": (EAGER, []),
        "no fear": (BOLD, []),
        "deaf": ({**BOLD, "talk_of_a_text": 0.05}, []),
        "allowed": (EAGER, ["discussion-allowed"]),
        "heard in private": ({**EAGER, "weight_of_recourse": 1.0}, ["healthy-leader"]),
    }
    return {
        name: Run(execute(Settings(end="1922-10-08", scale=0.003, amendments=amend, values=values, without=WITHOUT), place / name))
        for name, (values, amend) in arms.items()
    }


def total(run: Run, kind: str) -> int:
    return int(run.rows("select count(*) as n from acts where kind = ?", [kind])[0]["n"])


def in_disputes(run: Run, kind: str) -> int:
    """Acts of a kind in matters of opposition: bodies also put out members for other reasons."""
    return int(
        run.rows(
            "select count(*) as n from acts join matters using (matter) where kind = ? and domain = 'opposition'", [kind]
        )[0]["n"]
    )  # fmt: skip


def test_without_fear_more_is_stated_and_signed(arms: dict[str, Run]) -> None:
    said = {name: total(run, "state-view") + total(run, "sign") for name, run in arms.items()}
    assert said["no fear"] > said["plain"] > 0


def test_nobody_but_himself_speaks_in_the_open_while_one_above_the_leaders_hears_all(arms: dict[str, Run]) -> None:
    who = "select distinct name from acts join persons on person = actor_person where kind = 'state-view'"
    assert {row["name"] for row in arms["heard in private"].rows(who)} <= {"V. I. Lenin"}
    assert {row["name"] for row in arms["plain"].rows(who)} > {"V. I. Lenin"} or total(arms["plain"], "state-view") > 1


def test_where_texts_are_talked_of_less_fewer_sign(arms: dict[str, Run]) -> None:
    assert total(arms["deaf"], "state-view") > 0
    assert total(arms["deaf"], "sign") < total(arms["no fear"], "sign")


def test_who_states_a_view_signs_a_secret_letter_to_the_committee(arms: dict[str, Run]) -> None:
    rows = arms["plain"].rows(
        """select d.kind, d.grade, o.key, a.actor_person is null as nobody, a.in_name_of from acts a
           join documents d using (document) join organs o on o.organ = a.target_organ where a.kind = 'state-view'"""
    )
    assert rows
    for row in rows:
        assert (row["kind"], row["grade"], row["key"], row["nobody"], row["in_name_of"]) == (
            "letter", "secret", "central-committee", False, None,
        )  # fmt: skip


def test_a_statement_belongs_to_no_episode_but_those_of_a_dispute(arms: dict[str, Run]) -> None:
    for run in arms.values():
        of = {
            row["episode"]
            for row in run.rows("select distinct episode from episodes join acts using (matter) where kind = 'state-view'")
        }
        assert of <= {"discussion-1923", "new-opposition"}


def test_discussion_allowed_opens_every_dispute_and_punishes_nobody(arms: dict[str, Run]) -> None:
    run = arms["allowed"]
    assert total(run, "open-discussion") > 0 and total(run, "local-vote") > 0
    assert sum(in_disputes(run, kind) for kind in ("warn", "dismiss", "expel", "arrest", "condemn")) == 0
    votes = "select sum(amount) as n from acts where kind = 'send-delegate'"
    assert arms["plain"].rows(votes) != run.rows(votes)


def test_sanctions_follow_disputes_and_raise_fear(arms: dict[str, Run]) -> None:
    last = "select value from measures where measure = 'fear' and day = date '1922-10-01'"
    assert sum(in_disputes(arms["plain"], kind) for kind in ("warn", "dismiss", "expel")) > 0
    assert arms["plain"].rows(last)[0]["value"] > arms["allowed"].rows(last)[0]["value"]


def test_of_two_texts_put_to_the_same_people_at_most_one_carries(arms: dict[str, Run]) -> None:
    rows = arms["allowed"].rows(
        """select c.amount as delegates, v.amount as rival, v.amount * 2 > c.amount as rival_carries,
           (c.amount - v.amount) * 2 > c.amount as course_carries
           from acts v join acts c on c.act = v.cause where v.kind = 'local-vote'"""
    )
    assert rows
    assert all(0 <= row["rival"] <= row["delegates"] and not (row["rival_carries"] and row["course_carries"]) for row in rows)
    again = arms["allowed"].rows("select 1 from acts where kind = 'local-vote' group by matter, actor_organ having count(*) > 1")
    assert again == []


def test_who_signs_has_read_the_text_that_was_stated(arms: dict[str, Run]) -> None:
    for run in arms.values():
        assert run.rows(
            """select s.act from acts s where s.kind = 'sign' and not exists (select 1 from acts a
               where a.kind = 'state-view' and a.matter = s.matter and a.document = s.document and a.act < s.act)"""
        ) == []  # fmt: skip


def test_an_informal_circle_is_nobody_s_desk() -> None:
    scenario = Scenario("1922-1928")
    scenario.begin(scenario.start)
    arena = object.__new__(Arena)
    arena.w = world = build(scenario, load([]), 1, 0.003, scenario.start, 30)
    person = int(np.flatnonzero(world.power.persons["post"] >= 0)[0])
    branch = world.desk.organs["branch"][world.power.posts["organ"]]
    for post in np.flatnonzero(branch == r.INFORMAL).tolist() + np.flatnonzero(branch == r.PARTY)[:3].tolist():
        world.power.persons["post"][person] = post
        assert arena.works_in(person) == (r.CC if branch[post] == r.INFORMAL else world.power.posts["organ"][post])


# -- on arrays ------------------------------------------------------------------------------------------------------


def people(n: int) -> state.Power:
    """Officials of two places, of whom the first knows the text of dispute 0 and has signed it."""
    empty = state.Power.empty()
    persons, dissent = np.zeros(n, state.PERSON_ROW), np.zeros(n, state.DISSENT_ROW)
    persons["fear"], persons["stake"], persons["level"] = 0.05, 0.6, 2
    dissent["heard"] = dissent["signed"] = dissent["charged"] = -1
    dissent["heard"][0] = dissent["signed"][0] = 0
    return empty.replaced(persons=persons, dissent=dissent)


def test_nobody_learns_of_a_text_where_nobody_knows_it() -> None:
    w, places = people(1000), np.repeat([0, 1], 500)
    found = told(w, 1, 0, 1, places, 1.0)
    assert (places[found] == 0).all()
    assert told(w, 1, 0, 1, places, 0.0).size == 0
    w.dissent["heard"][:400] = 0
    assert told(w, 1, 0, 1, places, 0.5).size > 10


def test_fear_is_greatest_where_the_punished_worked_and_never_above_one() -> None:
    w, places = people(100), np.repeat([0, 1], 50)
    w.persons["level"][75:] = 4
    p = Reading(DISCIPLINE, load(), date(1922, 4, 3), 10).at(0)
    for _ in range(200):
        witness(w, places, np.arange(5), np.arange(10), p)
    same, rank, rumour = w.persons["fear"][[20, 60, 90]]
    assert 0.05 < rumour < rank <= same <= 1.0
    quiet = people(100)
    witness(quiet, places, np.arange(0), np.arange(10), p)
    assert (quiet.persons["fear"] == people(100).persons["fear"]).all()


def test_more_punished_of_the_same_dissenters_frighten_more() -> None:
    p = Reading(DISCIPLINE, load(), date(1922, 4, 3), 10).at(0)
    after = []
    for n in (1, 4, 8):
        w = people(100)
        witness(w, np.zeros(100, np.int64), np.arange(n), np.arange(10), p)
        after.append(float(w.persons["fear"][50]))
    assert after == sorted(after) and after[0] < after[-1]


def test_after_sanctions_fewer_of_a_body_vote_against_condemning() -> None:
    p = Reading(DISCIPLINE, load(), date(1922, 4, 3), 10).at(0)
    noes = []
    for rounds in (0, 20):
        w = people(400).replaced(
            ties=np.zeros((400, 1), np.float32), course=np.array([0.3, 0.0]), noes=np.full(100, 0.05), crisis=np.zeros(3),
            disputes=np.zeros(1, state.DISPUTE_ROW),
        )  # fmt: skip
        w.persons["regime"] = np.linspace(-0.5, 0.5, 400)
        for _ in range(rounds):
            witness(w, np.zeros(400, np.int64), np.arange(5), np.arange(10), p)
        noes.append(int(np.count_nonzero(against_condemning(w, 1, 0, np.arange(400), 0, p))))
        w.dissent["status"][:] = state.RECANTED
        assert not against_condemning(w, 1, 0, np.arange(400), 0, p).any()
    assert noes[1] < noes[0]


def test_at_each_stage_secretaries_choose_for_the_side_they_are_on() -> None:
    assert at_conference(0.4, [(0.0, 0.0)] * 2) == pytest.approx(0.4)
    assert at_conference(0.4, [(0.5, 0.0), (0.5, 0.0)]) == pytest.approx(0.1)
    assert at_conference(0.4, [(0.5, 0.0), (0.5, 0.0)]) < 0.4 < at_conference(0.4, [(0.5, 0.5), (0.5, 0.5)])
    assert count_votes(1, 0, 3, 0.0, 200) == 0 and count_votes(1, 0, 3, 1.0, 200) == 200


@pytest.mark.parametrize(("on", "rivals", "least", "most"), [
    (date(1922, 5, 1), 18, 1, 18),
    (date(1923, 12, 15), 18, 0, 0),
    (date(1923, 12, 15), 50, 20, 20),
])  # fmt: skip
def test_where_others_are_struck_out_the_majority_of_a_province_takes_all(on: date, rivals: int, least: int, most: int) -> None:
    width = 60
    w = state.Power.empty().replaced(
        areas=np.zeros(1, np.int32), course=np.array([0.4, 0.0]), noes=np.full(1, 0.2), mood=np.zeros(1, state.MOOD_ROW)
    )
    view = np.where(np.arange(width) < rivals, -0.6, 0.6)
    people, kind = np.full(width, -1, np.int32), np.full(width, RANK)
    stages = np.array([[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.5, 0.0, 0.8, 0.4]])
    p = Reading(CONGRESSES, load(), on, 1).at(0)
    _, chosen = choose_delegates(w, 1, 0, 7, 20, people, view, kind, np.zeros(0, np.int32), stages, True, 0, 0.0, 1, p)
    assert least <= int((chosen[:20] < 0.0).sum()) <= most


def test_a_member_out_of_reach_of_the_committee_follows_his_view() -> None:
    n = 2000
    p = Reading(DISCUSSION, load(), date(1923, 12, 15), 1).at(0)
    w = state.Power.empty().replaced(
        views=np.full(n, -0.05, np.float32), home=np.zeros(n, np.int16), cohort=np.zeros(n, np.int8), klass=np.zeros(n, np.int8),
        marks=np.where(np.arange(n) % 2 == 0, state.RED_ARMY, 0).astype(np.int8), name=np.arange(n, dtype=np.int32),
        count=np.array([0, n, 0, 0]), crisis=np.zeros(3),
    )  # fmt: skip
    one = np.ones(1)
    votes = members_votes(
        w, 1, 0, one > 0, one, 0.0, one > 0, 0.4, 0.0, 0.05 * one, 0.05 * one, np.array([1.0, 1.0, 1.0, 0.3, 0.3]), 1.0, 0.0, p
    )
    soldiers, all_votes = int(votes[2, 0]), int(votes[0, 0])
    assert votes[1, 0] == n and votes[3, 0] == n // 2
    assert soldiers > 2 * (all_votes - soldiers)


def test_series_stay_near_what_they_stand_for() -> None:
    assert approach(np.array([0.0, 0.5, 1.0])) == pytest.approx([0.0, 0.3935, 0.632], abs=0.02)
    assert logarithm(0) == 0.0 and logarithm(9) == pytest.approx(2.302585)
    drawn = caution(1, np.arange(2000), 0.4)
    assert (drawn > 0).all() and np.median(drawn) == pytest.approx(1.0, abs=0.05)
