"""Counterfactuals: what an amendment changes, and what it leaves alone."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from conftest import SMALL, refused
from hypothesis import given, settings
from hypothesis import strategies as st

import drivebelt
from drivebelt.errors import BadInput
from drivebelt.results import Run
from drivebelt.rulebook import Rulebook, load
from drivebelt.rulebook.amendments import amend
from drivebelt.running import runner
from drivebelt.running.runner import Settings, execute

PLAIN = load()
LAST = date(1930, 1, 1)


def write(place: Path, text: str) -> Path:
    place.write_text(text)
    return place


def off(place: Path, rule: str, how: str = "off") -> Path:
    return write(place, f"name: off\nquestion: q\nchanges: {{{rule}: {how}}}")


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
    from drivebelt.safe_yaml import read_yaml

    try:
        read_yaml(text, "x.yaml")
    except BadInput as why:
        assert str(why).startswith("x.yaml")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([name for name, rule in PLAIN.parameters().items() if not rule.needed]), st.dates(date(1919, 1, 1), LAST))
def test_switching_a_rule_off_leaves_all_others(name: str, day: date) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        amended = amend(PLAIN, [off(Path(folder) / "off.yaml", name)])
    assert amended.value(name, day) is None
    assert {k: v for k, v in amended.at(day).items() if k != name} == {k: v for k, v in PLAIN.at(day).items() if k != name}


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
        ("course_at_start", "{regime: 1.2, economy: 0}", "cannot be carried out with more than 1"),
        ("course_at_start", "{regime: 0, economy: -7}", "cannot be carried out with less than -1"),
    ],
)
def test_what_cannot_be_carried_out_is_refused_before_the_run(rule: str, value: str, says: str, tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    place.write_text(f"name: a\nquestion: q\nchanges:\n  {rule}: {{values: {{1924-08-19: {value}}}}}\n")
    line = refused("run", "--amend", place, "--out", tmp_path / "out")
    assert says in line and str(place) in line and rule in line
    assert not (tmp_path / "out").exists()


def test_what_nothing_can_do_without_is_not_switched_off(tmp_path: Path) -> None:
    needed = [name for name, rule in PLAIN.items() if rule.needed]
    assert {"domain_mask", "post_rail_speed", "course_at_start"} <= set(needed)
    for name in needed:
        for how in ("off", "{off_from: 1924-01-01}"):
            with pytest.raises(BadInput, match=rf"a\.yaml: changes\.{name}: .*cannot be switched off"):
                amend(PLAIN, [off(tmp_path / "a.yaml", name, how)])


def test_whatever_the_world_is_built_from_is_needed() -> None:
    """A rule that is off counts as 0 for a mechanism, and as nothing for the first day."""
    package = Path(drivebelt.__file__).parent
    sources = [*(package / "building").glob("*.py"), *(package / "power").glob("*.py")]
    read = {name for source in sources for name in re.findall(r"\b(?:b|self)\.value\(\"(\w+)\"\)", source.read_text())}
    assert len(read) > 30
    assert not [name for name in sorted(read) if not PLAIN[name].needed]
    assert [name for name, rule in PLAIN.items() if (rule.least or 0) > 0 and not rule.needed] == ["burning_interval"]


def test_any_other_rule_may_be_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in thirty of the rules that a run follows, each switched off for a few weeks."""
    books: list[Rulebook] = []
    monkeypatch.setattr(runner, "load", lambda *given: books.append(load(*given)) or books[-1])
    days = {"start": "1924-08-10", "end": "1924-08-24", "scale": 0.003}
    execute(Settings(**days), tmp_path / "plain")
    followed = [name for name in sorted(books[0].followed) if not books[0][name].needed]
    assert len(followed) > 250
    monkeypatch.setattr(runner.static, "write", lambda *_: {})  # what the tables hold is no matter here
    monkeypatch.setattr(runner.measures, "write", lambda *_: None)
    for name in followed[::30]:
        place = execute(Settings(**days, amendments=[str(off(tmp_path / "a.yaml", name))]), tmp_path / name, passing=True)
        assert json.loads((place / "run.json").read_text())["unread_amendments"] == [], name
