"""Who knows what: by papers, sittings and talk alone; a mask hides where an order comes from; secrecy keeps members ignorant."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import command, refused

from drivebelt.knowing import readings as kq
from drivebelt.power import knowing
from drivebelt.results import Run
from drivebelt.running import runner
from drivebelt.running.runner import Settings, execute

ARMS = ("plain", "open-minutes", "no-secret-paperwork", "free-press")
WITHOUT = ["local matters", "registry", "losses"]


def settings(arm: str = "plain", **more: Any) -> Settings:
    given: dict[str, Any] = {"end": "1922-07-25", "scale": 0.005, "without": WITHOUT, "amendments": [] if arm == "plain" else [arm]}
    return Settings(**(given | more))


@pytest.fixture(scope="session")
def knowing_runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Run], Any]:
    """Four months of each arm, and the world of the plain one as it stood on the last day."""
    place, worlds = tmp_path_factory.mktemp("knowing"), {}
    whole = runner._write_living
    with pytest.MonkeyPatch.context() as patch:
        for arm in ARMS:
            patch.setattr(runner, "_write_living", lambda w, log, arm=arm: (worlds.__setitem__(arm, w), whole(w, log)))
            execute(settings(arm), place / arm)
    return {arm: Run(place / arm) for arm in ARMS}, worlds["plain"]


@pytest.fixture(scope="session")
def arms(knowing_runs: tuple[dict[str, Run], Any]) -> dict[str, Run]:
    return knowing_runs[0]


def share(run: Run, layer: str, depth: int) -> float:
    """Mean share of a layer that knows so much of weighty decisions of the first three months."""
    rows = run.rows(
        "select value from measures where measure = 'knowledge' and scope = ? and day < '1922-07-01'", [f"{layer} {depth}"]
    )
    return sum(row["value"] for row in rows) / 3


def test_the_state_holds_what_the_tables_tell(knowing_runs: tuple[dict[str, Run], Any]) -> None:
    """Two readings of the same acts, one by the running mechanism and one by queries afterwards, agree in every case."""
    runs, w = knowing_runs
    power, depth_bits = w.power, knowing.CITED - 1
    held = {int(h["matter"]): i for i, h in enumerate(power.held_matters) if h["matter"] >= 0}
    upper = power.bodies_know.shape[1]
    for query, column in ((kq.bodies(), "organ"), (kq.persons(), "person")):
        told = {
            (x["matter"], x["one"]): x["depth"]
            for x in runs["plain"].rows(f"select matter, {column} as one, max(depth) as depth from ({query}) group by all")
            if x["matter"] in held
        }
        kept = {}
        for matter, i in held.items():
            row = power.bodies_know[i] & depth_bits if column == "organ" else power.persons_know[i]
            kept |= {(matter, int(one)): int(row[one]) for one in np.flatnonzero(row)}
            lower = int(power.held_matters["lower"][i])
            if column == "organ" and lower >= 0:
                row = power.lower_know[lower] & depth_bits
                kept |= {(matter, int(one) + upper): int(row[one]) for one in np.flatnonzero(row)}
        assert kept == told and len(told) > 10_000


def test_nobody_knows_the_content_without_a_paper_a_sitting_or_a_talk(arms: dict[str, Run]) -> None:
    for run in arms.values():
        strangers = run.rows(
            f"""select k.* from ({kq.bodies()}) k join acts a using (act)
                where depth >= 3 and k.organ not in (a.actor_organ, coalesce(a.target_organ, -1), coalesce(a.in_name_of, -1))
                   or (a.matter != k.matter and a.kind != 'read')"""
        )
        unread = run.rows(
            f"""select k.* from ({kq.bodies()}) k join acts a using (act) left join copies c
                on c.document = a.document and c.copy = a.copy and c.addressee_organ = k.organ and c.received <= k.day
                where a.kind = 'read' and c.document is null"""
        )
        alone = run.rows(
            f"""select k.* from ({kq.persons()}) k join acts a using (act) where a.kind != 'agree'
                and k.person not in (coalesce(a.actor_person, -1), coalesce(a.target_person, -1))"""
        )
        assert strangers == unread == alone == []
        too_many = run.rows(
            """select scope, sum(amount) as n, any_value(size) as size from (
                   select l.matter, l.amount, i.amount as depth, if(l.actor_organ = 0, 'members', 'public') as scope
                   from acts l join acts i on i.act = l.cause where l.kind = 'learn')
               join (select scope, max(value) as size from measures where measure = 'layer-size' group by scope) using (scope)
               group by matter, depth, scope having sum(amount) > any_value(size)"""
        )
        assert too_many == []


def test_a_mask_hides_where_the_order_comes_from(arms: dict[str, Run]) -> None:
    """State bodies below see the mask's act; that something was decided they know only where the mask named the party."""
    rows = arms["plain"].rows(
        f"""select depth, a.kind, count(*) as n, sum((b.act is not null)::int) as cited
            from ({kq.bodies()}) k join acts a using (act) join organs o using (organ)
            left join acts b on b.kind = 'breach' and b.matter = k.matter
                and b.actor_organ = a.target_organ and b.act < a.act
            where o.branch = 'state' and o.level != 'centre' group by all"""
    )
    seen = {(row["depth"], row["kind"]): row for row in rows}
    assert seen[1, "receive"]["n"] > 1000 and seen[1, "receive"]["cited"] == 0
    assert seen[2, "receive"]["n"] == seen[2, "receive"]["cited"] > 0
    assert {kind for depth, kind in seen if depth >= 3} <= {"hand-over", "consult", "read", "consider"}


def test_the_special_folder_is_known_to_those_named(arms: dict[str, Run]) -> None:
    special = "select distinct matter from acts where kind in ('propose', 'tell') and grade = 'special-folder'"
    bodies = arms["plain"].rows(
        f"""select distinct a.kind, d.kind as paper
            from ({kq.bodies(special)}) k join acts a using (act) join organs o using (organ)
            left join documents d on d.document = a.document where depth >= 3 and o.level = 'centre'"""
    )
    assert {row["paper"] for row in bodies if row["kind"] != "consider"} <= {"minutes"}  # the mark came in 1923
    persons = arms["plain"].rows(f"select depth, count(*) as n from ({kq.persons(special)}) where depth >= 3 group by depth")
    assert {row["depth"] for row in persons} == {3, 4}


def test_depth_falls_with_distance_from_the_core(arms: dict[str, Run]) -> None:
    run = arms["plain"]
    content = [share(run, layer, 3) for layer in ("core", "bodies of the centre", "committees", "members")]
    assert content == sorted(content, reverse=True) and content[0] > 0.8 and content[-1] < 0.02
    assert share(run, "core", 4) < share(run, "core", 3)
    assert share(run, "members", 1) > share(run, "members", 2)


@pytest.mark.parametrize("arm", ["open-minutes", "no-secret-paperwork"])
def test_without_secrecy_knowledge_goes_a_layer_down_within_weeks(arms: dict[str, Run], arm: str) -> None:
    assert share(arms[arm], "members", 3) > 2 * share(arms["plain"], "members", 3) + 0.002
    lag = arms[arm].rows(
        "select median(value) as days from measures where measure = 'knowledge-lag' and scope = 'members 3' and day < '1922-07-01'"
    )
    assert lag[0]["days"] < 60


def test_what_members_know_lowers_their_trust(arms: dict[str, Run]) -> None:
    informed = {
        arm: run.rows("select max(value) as n from measures where measure = 'informed'")[0]["n"] for arm, run in arms.items()
    }
    assert informed["open-minutes"] > 2 * informed["plain"] and informed["free-press"] > 2 * informed["plain"]
    # Distances differ by what is told, not by other draws: those who know more follow their secretaries less.
    moved = {
        arm: run.rows("select max_by(value, day) as n from measures where measure = 'members-from-course'")[0]["n"]
        for arm, run in arms.items()
    }
    assert moved["plain"] != moved["free-press"]


def test_a_free_press_prints_what_was_decided(arms: dict[str, Run]) -> None:
    assert share(arms["free-press"], "members", 3) > share(arms["plain"], "members", 3) + 0.01
    assert share(arms["free-press"], "public", 3) > share(arms["plain"], "public", 3)


def test_pairs_are_twins_in_all_else(arms: dict[str, Run], tmp_path: Path) -> None:
    """Knowledge only looks on: without it every other act is the same as long as no congress meets."""
    blind = Run(execute(settings(without=[*WITHOUT, "knowledge", "talk and press"]), tmp_path / "blind"))
    other = "select kind, day, count(*) as n, sum(amount) as amount from acts where kind not in ('inform', 'learn') group by all"
    assert sorted(map(str, blind.rows(other))) == sorted(map(str, arms["plain"].rows(other)))
    assert blind.rows("select count(*) as n from acts where kind = 'learn'")[0]["n"] == 0


def test_a_broken_run_goes_on_with_what_was_known(arms: dict[str, Run], tmp_path: Path) -> None:
    def stop(done: int, days: int, acts: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(settings(), tmp_path / "broken", progress=stop)
    assert Run(execute(settings(), tmp_path / "broken", resume=True)).info["digest"] == arms["plain"].info["digest"]


def test_a_text_for_the_congress_is_read_to_delegations_without_copies(tmp_path: Path) -> None:
    run = Run(execute(settings(start="1924-05-12", end="1924-06-05", without=[*WITHOUT, "reports"]), tmp_path / "xiii"))
    matter = run.rows("select max(matter) as m from episodes where episode = 'letter-to-the-congress'")[0]["m"]
    carried = run.rows(
        "select act from acts where matter = ? and kind in ('decide', 'poll', 'tell') and day < '1924-05-23'", [matter]
    )
    read = run.rows(
        """select a.*, o.level from acts a join organs o on o.organ = a.target_organ
           where matter = ? and kind = 'inform' and a.amount = 3 and day = '1924-05-23'""",
        [matter],
    )
    assert carried and len(read) > 100
    assert all(x["document"] is None and not x["recorded"] for x in read)
    assert {x["level"] for x in read} == {"centre", "region", "gubernia"}


def test_knew_answers_what_could_be_known(arms: dict[str, Run]) -> None:
    run = arms["plain"]
    matter = run.rows("select matter from episodes where episode = 'lost-cipher'")[0]["matter"]
    before, after = (run.knew(matter, who="Tomsky", day=day) for day in (date(1922, 7, 4), date(1922, 7, 20)))
    assert (
        before == []
        and after[0].depth == 3
        and run.rows("select kind from acts where act = ?", [after[0].act])[0]["kind"] == "read"
    )
    content = json.loads(command("knew", run.path, "--matter", str(matter), "--json").stdout)
    assert {k["kind"] for k in content} >= {"person", "body"} and all(k["depth"] >= 1 and k["act"] for k in content)
    assert "A. M. Nazaretyan" in command("knew", run.path, "--matter", str(matter)).stdout
    assert "no such person or body; `drivebelt evidence" in refused("knew", run.path, "--matter", str(matter), "--who", "xyz")
    assert "not a matter of the Centre" in refused("knew", run.path, "--matter", "99999999")
