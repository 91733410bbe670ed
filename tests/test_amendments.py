"""Counterfactuals: what an amendment changes, and what it leaves alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import SMALL, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from drivebelt.errors import BadInput
from drivebelt.results import Run
from drivebelt.rulebook import load
from drivebelt.runner import Settings, execute


def write(place: Path, text: str) -> Path:
    place.write_text(text)
    return place


@pytest.fixture(scope="session")
def no_burning(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("twin")
    text = (
        "name: short terms\nquestion: what if the terms were short from the start\n"
        "changes:\n  return_of_minutes: {values: {1924-08-19: {moscow: 2, province: 4}}}\n"
    )
    amendment = write(folder / "short.yaml", text)
    return Run(execute(Settings(start=SMALL.start, end=SMALL.end, scale=SMALL.scale, amendments=[str(amendment)]), folder / "run"))


def test_twin_differs_only_downstream_of_the_amended_rule(small: Run, no_burning: Run) -> None:
    """Decisions, directives, execution and reports drew the same numbers; returns and reminders did not."""
    count = "select kind, count(*) as n from acts where kind in ('return', 'remind') group by kind order by kind"
    assert small.rows(count) != no_burning.rows(count)
    for kind in ("decide", "poll", "agree", "execute", "consider", "set-aside", "hand-over", "report", "believe"):
        query = "select day, actor_organ, in_name_of, amount, count(*) as n from acts where kind = ? group by all order by all"
        assert small.rows(query, [kind]) == no_burning.rows(query, [kind]), kind


def test_before_the_amended_day_the_twins_are_one(small: Run, no_burning: Run) -> None:
    query = "select * from acts where day < date '1924-08-19' order by act"
    assert small.rows(query) == no_burning.rows(query)


def test_shorter_terms_mean_more_reminders(small: Run, no_burning: Run) -> None:
    query = "select count(*) as n from acts where kind = 'remind'"
    assert no_burning.rows(query)[0]["n"] > small.rows(query)[0]["n"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: a\nquestion: b\nchanges: {return_of_minute: off}", "did you mean 'return_of_minutes'"),
        ("name: a\nquestion: b\nchanges: {burning_interval: {values: {1924-08-19: often}}}", "not of type integer"),
        ("name: a\nquestion: b\nchanges: {burning_interval: {values: {1924-08-32: 3}}}", "not a date"),
        (
            "name: a\nquestion: b\nchanges: {return_of_minutes: {values: {1924-08-19: {mosow: 3, province: 4}}}}",
            "did you mean 'moscow'",
        ),
        ("name: a\nquestion: b\nchanges: {return_of_minutes: {values: {1924-08-19: {moscow: 3}}}}", "province is missing"),
        ("name: a\nquestion: b\nchange: {}", "did you mean 'changes'"),
        ("name: a\nquestion: b", "changes is missing"),
        ("[1, 2", "not readable as YAML"),
        ("just words", "is a table"),
        ("a: &x [*x]", "aliases"),
        ("a: &a [1]\nb: [*a, *a]", "aliases"),
        ("name: a\nname: b", "stands twice"),
        ("!!python/object/apply:os.system ['true']", "not readable as YAML"),
        ("[" * 200 + "]" * 200, "nested"),
        ("\x00", "not readable as YAML"),
    ],
)
def test_bad_amendments_are_one_line(text: str, says: str, tmp_path: Path) -> None:
    place = write(tmp_path / "amendment.yaml", text)
    line = refused("rules", "--amend", place)
    assert says in line and "amendment.yaml" in line


def test_huge_file_and_missing_file(tmp_path: Path) -> None:
    huge = write(tmp_path / "huge.yaml", "a: " + "x" * (2 << 20))
    assert "larger than" in refused("rules", "--amend", huge)
    assert "missing.yaml" in refused("rules", "--amend", tmp_path / "missing.yaml")


def test_two_amendments_may_not_contradict(tmp_path: Path) -> None:
    a = write(tmp_path / "a.yaml", "name: a\nquestion: q\nchanges: {burning_interval: {values: {1924-08-19: 7}}}")
    b = write(tmp_path / "b.yaml", "name: b\nquestion: q\nchanges: {burning_interval: {values: {1924-08-19: 9}}}")
    with pytest.raises(BadInput, match="another value"):
        load([a, b])
    assert load([a]).value("burning_interval", date(1925, 1, 1)) == 7


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_no_text_gives_anything_but_a_clear_refusal(text: str) -> None:
    from drivebelt.guarded import read_yaml

    try:
        read_yaml(text, "x.yaml")
    except BadInput as why:
        assert str(why).startswith("x.yaml")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(load().parameters())), st.dates(date(1919, 1, 1), date(1930, 1, 1)))
def test_switching_a_rule_off_leaves_all_others(name: str, day: date) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        amended = load([write(Path(folder) / "off.yaml", f"name: off\nquestion: q\nchanges: {{{name}: off}}")])
    plain = load()
    assert amended.value(name, day) is None
    assert {k: v for k, v in amended.at(day).items() if k != name} == {k: v for k, v in plain.at(day).items() if k != name}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("head_of_secretariat: {values: {1922-04-03: 'person:tomski'}}", "did you mean 'tomsky'"),
        ("politburo_weekday: {values: {1922-01-01: someday}}", "cannot be carried out"),
        ("domain_mask: {values: {1917-11-07: {party: vtsik}}}", "is missing"),
    ],
)
def test_rules_that_cannot_be_carried_out_are_refused_before_the_run(change: str, says: str, tmp_path: Path) -> None:
    place = write(tmp_path / "a.yaml", f"name: a\nquestion: q\nchanges: {{{change}}}")
    line = refused("run", "--scale", "0.01", "--to", "1922-04-10", "--amend", place, "--out", tmp_path / "run")
    assert says in line


@pytest.mark.parametrize(
    ("rule", "value", "says"),
    [
        ("politburo_seats", "0", "cannot be carried out with less than 1"),
        ("burning_interval", "0", "cannot be carried out with less than 1"),
        ("secretariat_weekdays", "[]", "0 entries"),
        ("road_speed", ".nan", "is not a number"),
        ("appointments_a_month", "-4", "below zero"),
    ],
)
def test_what_cannot_be_carried_out_is_refused_before_the_run(rule: str, value: str, says: str, tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    place.write_text(f"name: a\nquestion: q\nchanges:\n  {rule}: {{values: {{1924-08-19: {value}}}}}\n")
    line = refused("run", "--amend", place, "--out", tmp_path / "out")
    assert says in line and str(place) in line and rule in line
    assert not (tmp_path / "out").exists()
