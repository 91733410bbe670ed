"""People and consent: what must differ between paired runs if the mechanism is alive, and what must not."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from conftest import command, refused

from drivebelt.experiments.checks import checks
from drivebelt.experiments.design import Experiment, drawn, parameters, read
from drivebelt.experiments.effects import effects
from drivebelt.experiments.headlines import headlines
from drivebelt.experiments.perform import one, perform
from drivebelt.mechanism.members import hear_cues
from drivebelt.power.circle import form
from drivebelt.results import Run

ARMS: dict[str, list[str]] = {
    "plain": [], "elected-secretaries": ["elected-secretaries"], "secret-ballot": ["secret-ballot"],
    "moved-general-secretary": ["moved-general-secretary"], "no-ties-no-fear": ["no-ties-no-fear"],
}  # fmt: skip
WITHOUT = ["local matters", "committees", "soviet order", "execution", "registry", "minutes", "losses", "post"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the runs of the pairs stay: `ARM-SEED/run`."""
    return tmp_path_factory.mktemp("power")


@pytest.fixture(scope="module")
def pairs(kept: Path) -> tuple[Experiment, list[dict[str, object]]]:
    """Two seeds of each arm to the spring of 1924, the paper below the Centre left out."""
    e = Experiment("checks", ARMS, seeds=2, scale=0.005, end="1924-06-15", without=WITHOUT, figures="headlines")
    rows = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        for arm in ARMS:
            for seed in (1, 2):
                place = kept / f"{arm}-{seed}"
                place.mkdir()
                patch.setattr(tempfile, "mkdtemp", lambda prefix, place=place: str(place))
                rows.append(one(asdict(e), arm, seed))
    return e, rows


def value(pairs: tuple[Experiment, list[dict[str, object]]], arm: str, headline: str) -> list[float]:
    return [float(row["headlines"][headline]) for row in pairs[1] if row["arm"] == arm]  # type: ignore[arg-type]


def test_an_empty_amendment_changes_nothing(tmp_path: Path) -> None:
    """Over the conference of August 1922, in two seeds."""
    e = Experiment("empty", {"plain": [], "none": ["none"]}, seeds=2, scale=0.005, end="1922-08-20", without=WITHOUT)
    rows = perform(e, tmp_path / "out", workers=1)
    digests = {(row["arm"], row["seed"]): row["digest"] for row in rows}
    assert digests["none", 1] == digests["plain", 1] != digests["plain", 2] == digests["none", 2]
    none = [x for x in effects(e, rows) if x.arm == "none"]
    assert none and all(x.difference == x.low == x.high == 0 for x in none)
    every = [x for x in effects(e, rows, "measures") if x.arm == "none"]
    assert len(every) > 50 and all(x.difference == x.low == x.high == 0 for x in every)


def test_with_appointments_off_no_post_is_owed_and_dependence_does_not_rise(
    pairs: tuple[Experiment, list[dict[str, object]]],
) -> None:
    assert value(pairs, "elected-secretaries", "posts owed by officials, last year") == [0, 0]
    assert all(x < 0.03 for x in value(pairs, "elected-secretaries", "dependence of secretaries, rise"))
    assert all(x > 0.05 for x in value(pairs, "plain", "dependence of secretaries, rise"))


def test_a_secret_ballot_raises_votes_against_and_leaves_dependence(pairs: tuple[Experiment, list[dict[str, object]]]) -> None:
    no = "delegates against, last"
    assert all(b > a for a, b in zip(value(pairs, "plain", no), value(pairs, "secret-ballot", no), strict=True))
    rise = "dependence of secretaries, rise"
    assert value(pairs, "secret-ballot", rise) == pytest.approx(value(pairs, "plain", rise), abs=0.02)


def test_concentration_follows_the_office(pairs: tuple[Experiment, list[dict[str, object]]]) -> None:
    for headline, margin in (("dependence of secretaries, last year", 0.05), ("posts owed by officials, last year", 0.03)):
        assert value(pairs, "moved-general-secretary", headline) == pytest.approx(value(pairs, "plain", headline), abs=margin)


def test_another_head_of_the_secretariat_proposes_others(pairs: tuple[Experiment, list[dict[str, object]]], kept: Path) -> None:
    """In the Central Committee by the second congress, when others owe their posts."""
    query = """select target_person from acts a join organs o on o.organ = a.target_organ
               where a.kind = 'propose-slate' and o.key = 'central-committee' and a.day > '1924-01-01'"""
    plain, moved = (
        {row["target_person"] for row in Run(kept / f"{arm}-1" / "run").rows(query)} for arm in ("plain", "moved-general-secretary")
    )
    assert plain != moved and len(plain & moved) > 20


def test_without_ties_and_fear_more_is_refused(pairs: tuple[Experiment, list[dict[str, object]]]) -> None:
    for headline in ("proposals refused by the Politburo", "delegates against, last"):
        assert sum(value(pairs, "no-ties-no-fear", headline)) > sum(value(pairs, "plain", headline))


def test_checks_count_pairs(pairs: tuple[Experiment, list[dict[str, object]]]) -> None:
    found = {name: (held, of) for name, held, of in checks(*pairs)}
    assert {of for _, of in found.values()} == {2} and len(found) > 8
    assert found["elected secretaries: no post owed, no rise"] == found["secretaries' dependence rises"] == (2, 2)


def test_an_experiment_goes_on_where_it_stopped(pairs: tuple[Experiment, list[dict[str, object]]], tmp_path: Path) -> None:
    e = Experiment("small", {"plain": []}, seeds=2, scale=0.005, end="1922-05-15", without=WITHOUT)
    first = perform(e, tmp_path / "out", workers=1)
    kept = (tmp_path / "out" / "results.jsonl").read_text().splitlines()
    (tmp_path / "out" / "results.jsonl").write_text(kept[0] + "\n" + kept[1][:20])
    again = perform(e, tmp_path / "out", workers=1)
    assert [row["digest"] for row in again] == [row["digest"] for row in first]


def test_draws_cover_their_ranges_and_repeat() -> None:
    e = Experiment("draws", {"plain": []}, seeds=10, vary=["power"])
    values = [drawn(e, seed) for seed in range(1, 11)]
    assert values == [drawn(e, seed) for seed in range(1, 11)]
    assert len(values[0]) == len(parameters(["power"])) > 20
    for p in parameters(["power"]):
        for key in p.low if isinstance(p.low, dict) else [None]:
            low, high = (p.low, p.high) if key is None else (p.low[key], p.high[key])
            column = sorted(v[p.name] if key is None else v[p.name][key] for v in values)
            assert low <= column[0] and column[-1] <= high
            if not p.whole and high > low:
                assert [int((x - low) / (high - low) * 10) for x in column] == list(range(10)), p.name


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("arms: []", "arms"),
        ("arms: {plain: []}\nseeds: 0", "seeds"),
        ("arms: {plain: [no-such]}", "no amendment"),
        ("arms: {plain: []}\nseed: 3", "unknown key"),
        ("arms: {plain: yes}", "a list of amendments"),
        ("arms: {plain: []}\nvary: [powr]", "no field of assumptions"),
        ("arms: {plain: []}\ndraws: some", "hypercube or fitted"),
        ("arms: {plain: []}\nscale: big", "scale"),
        ("sweep: {weight_of_ties: [much]}", "weight_of_ties"),
        ("sweep: {politburo_weekday: [monday]}", "documented"),
        ("[", "not readable"),
    ],
)
def test_bad_experiments_are_one_line(text: str, says: str, tmp_path: Path) -> None:
    place = tmp_path / "e.yaml"
    place.write_text(text)
    assert says in refused("experiment", place, "--out", tmp_path / "out")


def test_read_and_command(tmp_path: Path) -> None:
    place = tmp_path / "e.yaml"
    place.write_text(
        "name: tiny\nscale: 0.005\nseeds: 1\nto: 1922-05-10\narms: {plain: [], none: [none]}\n"
        "without: [local matters, reports, minutes]\n"
    )
    assert read(place).end == "1922-05-10"
    done = command("experiment", place, "--out", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    assert all(x["difference"] == 0 for x in json.loads(done.stdout)["effects"])


def test_headlines_are_recomputed_from_acts_by_another_query(first_year: Run) -> None:
    """Votes against in the Politburo, straight from the acts, agree with the measure."""
    rows = first_year.rows("select measure, day, scope, value from measures")
    months = first_year.rows(
        """select date_trunc('month', day) as m, avg((amount in (1, 3))::int) as share from acts
           where kind = 'vote' and actor_organ = (select organ from organs where key = 'politburo') group by 1"""
    )
    mean = sum(row["share"] for row in months) / len(months)
    assert headlines(rows)["votes against in the Politburo"] == pytest.approx(mean)
    appointed = first_year.rows("select count(*) as n from acts where kind = 'appoint'")[0]["n"]
    assert appointed == sum(row["value"] for row in rows if row["measure"] == "appointments" and row["scope"] == "appoint")


def test_the_smallest_sufficient_circle_leaves_out_the_threat() -> None:
    views = np.array([[0.4, 0.4], [0.3, 0.1], [0.2, 0.1], [0.1, 0.0], [0.1, -0.2], [0.0, -0.2]])
    resources = np.array([0.7, 0.4, 0.45, 0.4, 0.3, 0.3])
    everybody, nobody = np.ones(6, bool), np.zeros(6, bool)
    inside, threat = form(views, resources, everybody, nobody, 0.05, 0.02, 1.0, 0.5, 0.1, 0.4, 0.5, 0.3, 1.0)
    assert threat == 0 and not inside[threat] and 2 <= inside.sum() <= 5
    inside, threat = form(views * 0, resources, everybody, nobody, 0.05, 0.02, 1.0, 0.5, 0.1, 0.4, 0.5, 0.3, 1.0)
    assert not inside.any() and threat == -1


def test_members_move_towards_their_cue() -> None:
    views, trust = np.zeros(1000, np.float32), np.full(1000, 0.05, np.float32)
    home, cues = (np.arange(1000) % 2).astype(np.int16), np.array([0.8, -0.8], np.float32)
    hearing = np.ones(2, np.float32)
    for week in range(60):
        hear_cues(views, trust, home, 1000, cues, hearing, 1, week, 0.004)
    assert views[home == 0].mean() == pytest.approx(0.8 * (1 - 0.95**60), abs=0.02)
    assert views[home == 1].mean() == pytest.approx(-0.8 * (1 - 0.95**60), abs=0.02)
    assert 0.001 < views[home == 0].std() < 0.05
