"""The command line as a first-time user meets it, with good and bad input."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from conftest import command, process, refused

from drivebelt.cli.commands import main
from drivebelt.results import Run


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "1922-1929"], "did you mean '1922-1928'"),
        (["run", "--seed", "-1"], "--seed"),
        (["run", "--seed", "x"], "--seed"),
        (["run", "--to", "1930-01-01"], "goes from 1922-04-03 to 1928-02-13"),
        (["run", "--from", "1922-13-01"], "write YYYY-MM-DD"),
        (["run", "--from", "1925-01-01", "--to", "1924-01-01"], "after --to"),
        (["run", "--scale", "0"], "--scale"),
        (["run", "--scale", "nan"], "--scale"),
        (["run", "--amend", "nothing-like-this"], "no amendment"),
        (["run", "--without", "post office"], "no mechanism"),
        (["rules", "--at", "yesterday"], "write YYYY-MM-DD"),
        (["rules", "--mechanism", "ciphre"], "no such field"),
        (["trace", "nowhere", "--act", "1"], "no such run directory"),
        (["case", "lost-ciphre"], "did you mean 'lost-cipher'"),
        (["case", "xyz"], "there are autonomisation, "),
        (["evidence", "--kind", "rumour"], "no kind of evidence"),
        (["evidence", "--cite", "latex"], "--cite"),
        (["report", "."], "no run.json"),
        (["unknown"], "No such command"),
        (["serve", ".", "--host", "203.0.113.7"], "choose another --host"),
        (["run", "--unknown"], "No such option"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], says: str, tmp_path: Path) -> None:
    if arguments[0] == "run":
        arguments = [*arguments, "--out", str(tmp_path / "run")]
    assert says in refused(*arguments)
    assert not (tmp_path / "run" / "run.json").exists()


def test_the_command_alone_shows_its_help() -> None:
    done = process()
    assert done.returncode == 0 and done.stdout == command("--help").stdout and "evidence" in done.stdout
    done = process("unknown")
    assert done.returncode == 2 and done.stderr == "drivebelt: No such command 'unknown'; see drivebelt --help\n"


@pytest.mark.parametrize("width", [60, 80])
def test_findings_and_episodes_fit_a_narrow_terminal(width: int, first_year: Run) -> None:
    from drivebelt.cases import case
    from drivebelt.findings import findings
    from drivebelt.report.terminal import case_text

    lost = case("lost-cipher", first_year)
    narrow, wide = case_text(lost, True, width), case_text(lost, True)
    assert max(map(len, narrow)) <= width < max(map(len, wide))
    assert " ".join(narrow).split() == " ".join(wide).split()
    text = findings(first_year).text(width=width)
    assert max(map(len, text.splitlines())) <= width
    assert text.split()[-1] == findings(first_year).text().split()[-1]


def test_help_has_an_example_for_every_command() -> None:
    listed = command("--help").stdout
    for name in main.commands:
        assert name in listed
        assert "Example:" in command(name, "--help").stdout


def test_plan_prints_the_order_of_the_day() -> None:
    text = command("run", "--plan").stdout
    order = [line.strip() for line in text.splitlines() if not line.startswith("  ")]
    assert order.index("informal circle") < order.index("sittings and polls") < order.index("paper") < order.index("registry")


def test_rules_on_a_day_with_their_source() -> None:
    early = json.loads(command("rules", "--at", "1924-08-18", "--json").stdout)
    late = json.loads(command("rules", "--at", "1924-09-01", "--json").stdout)
    names = {row["rule"] for row in late} - {row["rule"] for row in early}
    assert {"return_of_minutes", "burning_interval", "no_copying"} <= names
    assert all(row["source"] for row in late)
    text = command("rules", "--at", "1927-06-01", "--mechanism", "copies_returns_burning").stdout
    assert "moscow 3, province 3" in text and "line 2168" in text


def test_scenarios_and_amendments_are_listed() -> None:
    text = command("scenarios").stdout
    assert "1922-1928" in text and "1937-october" in text and "long-return-terms" in text


def test_report_prints_findings_and_writes_the_page(small: Run) -> None:
    done = command("report", small.path)
    assert done.returncode == 0 and "Who decides" in done.stdout and "Beside the documented figures" in done.stdout
    page = (small.path / "report.html").read_text()
    assert page.count('role="img"') >= 4
    found = json.loads(command("report", small.path, "--json").stdout)
    assert {row["level"] for row in found["levels"]} == {"centre", "region", "gubernia", "uezd", "volost", "cell"}


def test_a_damaged_table_is_one_line(small: Run, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "damaged"
    shutil.copytree(small.path, copy)
    part = next((copy / "acts").iterdir())
    part.write_bytes(part.read_bytes()[:2000])
    assert str(copy) in refused("trace", copy, "--act", "5")
    shutil.rmtree(copy / "documents")
    assert "documents" in refused("report", copy)
    (copy / "run.json").write_text("{")
    assert "run.json" in refused("report", copy)


def test_case_beside_a_run(first_year: Run) -> None:
    text = command("case", "lost-cipher", first_year.path).stdout
    assert "1922-07-03" in text and "documented" in text
    case = json.loads(command("case", "closed-letter-1923", first_year.path, "--json").stdout)
    assert any(step["simulated_lag"] is not None for step in case["steps"])
    assert "does not reach it" in refused("case", "limit-prices", first_year.path)
    assert "belongs to scenario" in refused("case", "show-trials-1937", first_year.path)


def test_the_book_episode_of_1937(tmp_path: Path) -> None:
    place = tmp_path / "y37"
    assert command("run", "1937-october", "--scale", "0.02", "--out", place).returncode == 0
    case = json.loads(command("case", "show-trials-1937", place, "--json").stdout)
    assert all(step["simulated"] for step in case["steps"])
    figures = json.loads(command("report", place, "--json").stdout)["anchors"]
    lag = next(f for f in figures if f["documented"] == 3)
    resolves = case["steps"][2]
    assert lag["run"] == resolves["simulated_lag"]
    first = """select min(day) from acts join organs on organ = actor_organ
        where kind = 'consider' and level = 'gubernia' and matter = ? group by organ"""
    days = sorted((day - date(1937, 10, 2)).days for (day,) in Run(place).sql(first, case["matters"]).fetchall())
    assert resolves["elsewhere"] == [days[0], days[len(days) // 2], days[-1]] and days[0] < days[-1]
    assert [s["elsewhere"] for s in case["steps"] if s is not resolves] == [None] * 4, "only steps with a place and a lag"
    assert all(f["run"] is not None for f in figures), "each figure of the episode can be read off the run"
