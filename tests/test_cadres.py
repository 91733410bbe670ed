"""Cadres and delegates: lists, files, agreement, standing, ties; and what the tables alone tell of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from drivebelt import records as r
from drivebelt.measures import owing, summed
from drivebelt.measures.together import together
from drivebelt.mechanism import cadres, congresses
from drivebelt.power.appointing import choose
from drivebelt.power.delegates import hold
from drivebelt.power.lists import gather
from drivebelt.power.voting import column_of, dependence
from drivebelt.results import Run, connect
from drivebelt.rulebook import load
from drivebelt.rulebook.in_force import Reading
from drivebelt.running import runner
from drivebelt.running.day import PLAN
from drivebelt.running.runner import Settings, execute
from drivebelt.world import leaders

END = date(1923, 5, 31)
WITHOUT = [m.name for m in PLAN if m.name not in ("reforms", "privileges", "cadres", "congresses")]
ARMS: dict[str, str] = {
    "plain": "",
    "elected": "appointments_from_above: off",
    "moved": "head_of_secretariat: {values: {1922-04-03: 'person:tomsky'}}",
    "alone": "agreement_with_ogpu: off\n  nomenklatura_heads: off\n  emissaries_form_congress: off\n  files_a_month: off\n"
    "  retinue_looked_at: {values: {1917-11-07: 0}}",
}


class Arm(NamedTuple):
    """One run and its world on the last day."""

    run: Run
    world: Any


@pytest.fixture(scope="module")
def arms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Arm]:
    """Fourteen months of cadres, what posts give and congresses alone, under different rules; the same draws."""
    folder = tmp_path_factory.mktemp("cadres")
    kept: dict[str, Any] = {}
    write = runner.static.write
    out = {}
    with pytest.MonkeyPatch.context() as patch:
        for name, changes in ARMS.items():
            patch.setattr(runner.static, "write", lambda place, w, name=name: (kept.__setitem__(name, w), write(place, w))[1])
            amendment = folder / f"{name}.yaml"
            amendment.write_text(f"name: {name}\nquestion: What if?\nchanges:\n  {changes}\n")
            settings = Settings(end=END.isoformat(), scale=0.001, without=WITHOUT, amendments=[str(amendment)] if changes else [])
            out[name] = Arm(Run(execute(settings, folder / name)), kept[name])
    return out


def count(arm: Arm, query: str) -> Any:
    return next(iter(arm.run.rows(query)[0].values()))


def rules_of(mechanism: Any) -> Any:
    """What a mechanism reads on the last day."""
    return Reading(mechanism, load(), date(1922, 4, 3), 700).at((END - date(1922, 4, 3)).days)


def by_sql(arm: Arm, query: str, day: date) -> dict[str, float]:
    """A measure of the first of months, asked for another day."""
    base = connect(arm.run.path)
    tables = {**summed.TABLES, **owing.TABLES, "months": f"select date '{day}' as day"}
    return dict(together(base, tables, [f"select scope, value from ({query}) where day = date '{day}'"])[0])


def last(arm: Arm, measure: str, scope: str) -> tuple[float, float]:
    """First and last value of a measure, from when the rules of pay and provision of summer 1922 are in force."""
    rows = arm.run.rows(
        "select value from measures where measure = ? and scope = ? and day > date '1922-09-01' order by day", [measure, scope]
    )
    return rows[0]["value"], rows[-1]["value"]


def test_with_appointments_off_nothing_is_owed_and_dependence_does_not_rise(arms: dict[str, Arm]) -> None:
    assert count(arms["elected"], "select count(*) from acts where kind = 'appoint'") == 0
    assert last(arms["elected"], "posts-owed", "secretaries")[1] == 0
    first, end = last(arms["elected"], "dependence", "secretaries")
    assert end <= first + 0.005
    first, end = last(arms["plain"], "dependence", "secretaries")
    assert end > first + 0.05


def test_ties_go_to_the_office(arms: dict[str, Arm]) -> None:
    for name, head in (("plain", "I. V. Stalin"), ("moved", "M. P. Tomsky")):
        rows = arms[name].run.rows(
            """select distinct p.name from acts a join organs o on o.organ = a.target_organ
               join persons p on p.person = a.actor_person where kind = 'appoint' and branch = 'party'"""
        )
        assert [row["name"] for row in rows] == [head]
    plain, moved = (last(arms[name], "dependence", "secretaries")[1] for name in ("plain", "moved"))
    assert moved == pytest.approx(plain, abs=0.05)


@pytest.mark.parametrize("name", ["plain", "elected", "moved"])
def test_dependence_from_tables_agrees_with_the_state(arms: dict[str, Arm], name: str) -> None:
    arm, w = arms[name], arms[name].world
    posts, rules = w.power.posts, load()
    column = column_of(w.power, leaders.secretary_person(w, w.days - 1))
    k, elected = (rules.value(rule, END) for rule in ("weight_of_stake", "removability_of_elected"))
    outside = (posts["level"] > r.CENTRE) & (posts["level"] < r.VOLOST) & (posts["holder"] >= 0)
    told = by_sql(arm, owing.DEPENDENCE, date(1923, 6, 1))
    owed = by_sql(arm, owing.POSTS_OWED, date(1923, 6, 1))
    for scope, which in (
        ("officials", outside),
        ("secretaries", outside & (posts["head"] == 1) & (posts["branch"] == r.PARTY)),
        ("posts on the list", outside & (posts["listed"] == 1)),
    ):
        who = posts["holder"][which]
        assert told[scope] == pytest.approx(np.mean([dependence(w.power, i, column, k, elected) for i in who]), abs=1e-4)
        assert owed[scope] == pytest.approx(w.power.persons["appointed"][who].mean(), abs=1e-3)


def test_one_person_placed_is_one_act_and_one_tenure(arms: dict[str, Arm]) -> None:
    for kind, above in (("appoint", "by_appointment"), ("elect", "not by_appointment")):
        acts = arms["plain"].run.rows(
            f"select day, target_person as person, amount as post from acts where kind = '{kind}' order by all"
        )
        tenures = arms["plain"].run.rows(
            f"""select "from" as day, person, post from tenures join posts using (post) join organs using (organ)
                join persons using (person) where {above} and level != 'centre' and persons.name is null
                and "from" > date '1922-04-03' order by all"""
        )
        lasting = {tuple(row.values()) for row in tenures}
        assert len(acts) > 500 and lasting <= {tuple(row.values()) for row in acts}
        assert len({tuple(row.values()) for row in acts}) == len(acts)
        assert len(acts) - len(lasting) < 0.02 * len(acts)  # placed and moved on the same day


def test_nobody_has_two_posts_or_one_in_a_closed_body(arms: dict[str, Arm]) -> None:
    held = """with held as (
        select t.*, valid_to from tenures t join posts using (post) join organs using (organ) join persons using (person)
        where level in ('region', 'gubernia', 'uezd') and persons.name is null)"""
    assert count(arms["plain"], f"""{held} select count(*) from held a join held b on a.person = b.person and a.post < b.post
        and (a."to" is null or a."to" > b."from") and (b."to" is null or b."to" > a."from")""") == 0  # fmt: skip
    assert count(arms["plain"], f"""{held} select count(*) from held
        where valid_to < date '{END}' and ("to" is null or "to" > valid_to)""") == 0  # fmt: skip
    assert count(arms["plain"], "select count(*) from acts where kind = 'leave-post' and amount = 3") > 100


def test_a_branch_is_filled_from_above_only_from_the_day_of_its_list(arms: dict[str, Arm]) -> None:
    query = """select count(*) from acts a join organs o on o.organ = a.target_organ join posts q on q.post = a.amount
               where kind = 'appoint' and branch in ('state', 'union', 'press') and day {} date '1923-01-01'"""
    assert count(arms["plain"], query.format("<")) == 0
    assert count(arms["plain"], query.format(">=")) > 20
    heads = """select count(*) from acts a join posts q on q.post = a.amount where kind = 'appoint'
               and q.post = (select min(post) from posts x where x.organ = q.organ)"""
    assert count(arms["alone"], heads) == 0 and count(arms["plain"], heads) > 200


def test_whoever_the_ogpu_refuses_does_not_get_the_post(arms: dict[str, Arm]) -> None:
    assert count(arms["alone"], "select count(*) from acts where kind = 'vet'") == 0
    assert count(arms["plain"], "select min(day) from acts where kind = 'vet'") >= date(1923, 1, 1)
    refused = "select count(*) from acts v {} where v.kind = 'vet' and v.amount = 1"
    assert count(arms["plain"], refused.format("")) > 5
    placed = "join acts a on a.kind = 'appoint' and a.cause = v.cause and a.target_person = v.target_person"
    assert count(arms["plain"], refused.format(placed)) == 0


def test_a_secretary_without_the_standing_needs_leave_from_above(arms: dict[str, Arm]) -> None:
    rows = arms["plain"].run.rows(
        """select a.day, p.party_since, c.kind, c.amount from acts a join persons p on p.person = a.target_person
           join posts q on q.post = a.amount join organs o on o.organ = q.organ left join acts c on c.act = a.cause
           where a.kind in ('appoint', 'elect') and o.branch = 'party' and o.level in ('region', 'gubernia')
           and q.name = 'secretary' and a.day >= date '1922-08-04'"""
    )
    short = [row for row in rows if row["party_since"] >= 1917]
    assert 0 < len(short) < len(rows)
    assert all(row["kind"] == "dispense" and row["amount"] == row["party_since"] - 1916 for row in short)
    assert not any(row["kind"] == "dispense" for row in rows if row["party_since"] < 1917)


def test_the_department_knows_a_candidate_only_from_his_file(arms: dict[str, Arm]) -> None:
    """The same posts, candidates and draws: with full files abler people are chosen than with empty ones, on the spot no others."""
    w = arms["plain"].world
    p = rules_of(cadres.MECHANISM)
    files, pools = w.power.persons["file"].copy(), gather(w.power, w.desk.organs, w.days)
    posts = np.flatnonzero(w.power.posts["listed"] == 1)[:600]

    def chosen(file: float, above: bool) -> list[int]:
        w.power.persons["file"] = file
        barred = np.full(1, r.NONE, np.int32)
        found = [choose(w.power, pools, 1, int(x), w.days, 60, 1923, above, 0, 0.2, barred, p) for x in posts]
        w.power.persons["file"] = files
        return [int(i) for i in found if i != r.NONE]

    full, empty = ([float(w.power.persons["competence"][i]) for i in chosen(file, True)] for file in (1.0, 0.0))
    assert np.mean(full) > np.mean(empty) + 0.05
    assert chosen(1.0, False) == chosen(0.0, False)
    assert count(arms["alone"], "select count(*) from acts where kind = 'file'") == 0


def test_clients_follow_a_secretary_who_moves(arms: dict[str, Arm]) -> None:
    """More of those placed by a secretary are placed by him again in another province where retinues are looked at."""
    query = """select count(*) from acts a join acts b on a.target_person = b.target_person and a.actor_person = b.actor_person
               join organs x on x.organ = a.target_organ join organs y on y.organ = b.target_organ
               where a.kind = 'elect' and b.kind = 'elect' and a.act < b.act"""
    assert count(arms["plain"], query) > count(arms["alone"], query)


def test_emissaries_are_few_and_go_one_to_a_province(arms: dict[str, Arm]) -> None:
    rows = arms["plain"].run.rows("select day, target_organ, target_person from acts where kind = 'send-emissary'")
    most = load().value("emissaries_a_meeting", END)
    assert 0 < len(rows) <= most
    assert len({row["target_organ"] for row in rows}) == len({row["target_person"] for row in rows}) == len(rows)
    assert count(arms["alone"], "select count(*) from acts where kind = 'send-emissary'") == 0


def test_a_hold_grows_with_an_emissary_and_with_what_other_acts_add(arms: dict[str, Arm]) -> None:
    w = arms["plain"].world
    area = next(a for a, organ in enumerate(w.power.areas) if w.desk.organs["head"][organ] >= 0)
    secretary = int(w.desk.organs["head"][w.power.areas[area]])
    p = rules_of(congresses.MECHANISM)
    plain = hold(w.power, area, secretary, 0, w.days, p)
    w.power.hold_added[area] = 1.0
    pressed = hold(w.power, area, secretary, 0, w.days, p)
    w.power.hold_added[area], w.power.emissary[area] = 0.0, secretary
    watched = hold(w.power, area, secretary, 0, w.days, p)
    w.power.emissary[area] = r.NONE
    assert plain < watched < pressed < 1


def test_lift_is_counted_from_acts(arms: dict[str, Arm]) -> None:
    """Share of paid officials among delegates less their share in the first pools, counted another way."""
    run = arms["plain"].run
    size = load().value("delegates_pool", END)
    found = {row["day"]: row["value"] for row in run.rows("select day, value from measures where measure = 'apparatus-lift'")}
    pools = {row["act"]: row["amount"] / size for row in run.rows("select act, amount from acts where kind = 'convene'")}
    posts = run.rows(
        """select person, "from" as since, "to" as until from tenures join posts using (post) join organs using (organ)
           where branch = 'party' and level in ('region', 'gubernia', 'uezd')"""
    )
    for day, lift in found.items():
        paid = {x["person"] for x in posts if x["since"] <= day and (x["until"] is None or x["until"] > day)}
        sent = run.rows("select cause, target_person as p from acts where kind = 'send-delegate' and day = ?", [day])
        share = sum(row["p"] in paid for row in sent) - sum(pools[row["cause"]] for row in sent)
        assert lift == pytest.approx(share / len(sent))
    assert len(found) == 2


def test_an_official_holds_one_post_after_the_other(arms: dict[str, Arm]) -> None:
    run = arms["plain"].run
    officials = """from tenures t join posts using (post) join organs o using (organ) join persons p using (person)
                   where p.name is null and o.level in ('region', 'gubernia', 'uezd')"""
    twice = run.rows(
        f"""with held as (select t.person, t.post, t."from" as since, coalesce(t."to", date '9999-01-01') as until {officials})
            select a.person from held a join held b on a.person = b.person and a.post < b.post
            where a.since < b.until and b.since < a.until"""
    )
    assert twice == []
    moved = run.rows(f"select person, count(*) as posts {officials} group by person")
    assert {1, 2} <= {row["posts"] for row in moved}, "some stay and some move"
    left = {row["amount"] for row in run.rows("select distinct amount from acts where kind = 'leave-post'")}
    assert r.LEAVINGS.index("freed") in left <= set(range(len(r.LEAVINGS)))


def test_a_run_with_cadres_resumes_to_the_same_digest(tmp_path: Path) -> None:
    settings = Settings(end="1922-10-31", scale=0.001, without=WITHOUT)
    whole = Run(execute(settings, tmp_path / "whole"))

    class Stop(Exception):
        pass

    def stop(done: int, days: int, acts: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        execute(settings, tmp_path / "broken", progress=stop)
    again = Run(execute(settings, tmp_path / "broken", resume=True))
    assert again.info["digest"] == whole.info["digest"]
