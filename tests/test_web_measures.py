"""Measures and experiments on the page: values, documented points, two runs side by side, and the guard of what-if pairs."""

from __future__ import annotations

import csv
import io
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import PATIENCE
from starlette.testclient import TestClient

from drivebelt.measures import MEASURES
from drivebelt.results import Run
from drivebelt.rulebook.amendments import shipped
from drivebelt.web import pairs
from drivebelt.web.jobs import Job
from drivebelt.web.library import Library
from drivebelt.web.meaning import KNOWN, documented
from drivebelt.web.views.experiments import SHOWS


@pytest.fixture(scope="module")
def library(first_year: Run, small: Run, tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library([first_year.path, small.path], tmp_path_factory.mktemp("workshop"))


def twin(client: TestClient, address: str) -> Any:
    path, mark, query = address.partition("?")
    answer = client.get(f"{path}.json{mark}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_measure_has_words_of_its_own(small: Run) -> None:
    sampled = {row["measure"] for row in small.rows("select distinct measure from measures")}
    assert sampled | {m.name for m in MEASURES} <= set(KNOWN)
    assert all(m.unit and m.rule and m.says for m in KNOWN.values())
    assert set(SHOWS) == set(shipped()) - {"none"} and set(SHOWS.values()) <= set(KNOWN)


def test_the_index_shows_every_measure_of_the_run(client: TestClient, first_year: Run) -> None:
    known = {row["measure"] for row in first_year.rows("select distinct measure from measures")}
    groups = twin(client, "/run/run/measures")["groups"]
    assert {m["name"] for rows in groups.values() for m in rows} == known
    text = client.get("/run/run/measures").text
    assert len(text) < 400_000 and text.count("<svg viewBox") >= len(known)


def test_a_measure_gives_its_values_whole(client: TestClient, first_year: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/run/run/measure/votes-against.csv?table=values").text)))
    known = first_year.rows("select day, scope, value from measures where measure = 'votes-against' order by day, scope")
    assert [(r["day"], r["scope"], float(r["value"])) for r in rows] == [
        (k["day"].isoformat(), k["scope"], k["value"]) for k in known
    ]
    one = twin(client, "/run/run/measure/votes-against?scope=Politburo+of+the+CC")
    assert {r["scope"] for r in one["tables"]["values"]["rows"]} == {"Politburo of the CC"} == set(one["shown"])
    svg = client.get("/run/run/measure/votes-against.svg?scope=Politburo+of+the+CC").text
    assert "Politburo" in svg and "Orgburo" not in svg


def test_documented_points_are_those_of_the_targets(client: TestClient, first_year: Run) -> None:
    points = documented("apparatus-share", "1922-1928")
    at_xii = next(p for p in points if p.value is not None)
    assert at_xii.value == pytest.approx(0.55) and at_xii.day is not None and at_xii.day.isoformat() == "1923-04-17"
    page = twin(client, "/run/run/measure/apparatus-share")["tables"]["documented"]["rows"]
    row = next(r for r in page if r["documented"] == 55)
    own = first_year.rows("select 100 * value as v from measures where measure = 'apparatus-share' and day = date '1923-04-17'")
    assert row["run"] == pytest.approx(own[0]["v"], abs=0.01) and "1982" in row["source"]
    svg = client.get("/run/run/measure/apparatus-share.svg").text
    assert "55 documented" in svg, [line for line in svg.splitlines() if "<text" in line]


def test_two_runs_stand_side_by_side(client: TestClient, first_year: Run, small: Run) -> None:
    page = twin(client, "/compare?a=run&b=run-2&measure=decided-before")
    rows = {(r["scope"], r["year"]): r for r in page["tables"]["years"]["rows"]}
    for run, side, year in ((first_year, "a", 1922), (small, "b", 1924)):
        known = run.rows(
            "select avg(value) as v from measures where measure = 'decided-before' and scope like 'Politburo%' and year(day) = ?",
            [year],
        )
        assert float(rows["Politburo of the CC", str(year)][side]) == pytest.approx(known[0]["v"], rel=1e-3)
    differs = {r["setting"] for r in page["tables"]["settings"]["rows"] if r["differs"]}
    assert {"from", "to"} <= differs and "seed" not in differs
    assert page["tables"]["rules"]["rows"] == []
    assert twin(client, "/compare?a=run&b=run&measure=acts")["tables"]["headlines"]["rows"]
    assert client.get("/compare?a=run&b=nowhere").status_code == 400
    assert client.get("/compare?measure=%3Cscript%3E").status_code == 400


def test_rules_that_differ_are_named(small: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = small.rows(pairs._RULES)
    changed = [{**x, "value": None, "text": None} if x["rule"] == "open_vote" else x for x in rows]

    class Other:
        def rows(self, query: str) -> list[dict[str, Any]]:
            return changed

    apart = pairs.rules_apart(small, Other())  # type: ignore[arg-type]
    assert {x["rule"] for x in apart} == {"open_vote"} and apart[0]["b"] == "off"


def test_one_pair_is_made_at_a_time_and_then_shown(
    library: Library, client: TestClient, monkeypatch: pytest.MonkeyPatch, first_year: Run
) -> None:
    begun: list[tuple[str, list[list[str]]]] = []

    def start(key: str, title: str, steps: list[list[str]], **more: Any) -> Job:
        job = library.jobs._jobs[key] = Job(key, title, steps, more["limits"], more["out"], state="running", said="10 of 800 days")
        begun.append((title, steps))
        return job

    monkeypatch.setattr(library.jobs, "start", start)
    page = client.get("/experiments?make=elected-secretaries").text
    assert "Being made" in page and "10 of 800 days" in page and 'http-equiv="refresh"' in page
    client.get("/experiments?make=secret-ballot")
    client.get("/experiments?make=elected-secretaries")
    assert [title for title, _ in begun] == ["elected-secretaries"]
    steps = begun[0][1]
    assert "--amend" not in steps[0] and steps[1][steps[1].index("--amend") + 1] == "elected-secretaries"
    for step in steps:  # as if both runs had been made
        place = Path(step[step.index("--out") + 1])
        shutil.copytree(first_year.path, place)
    library.jobs._jobs["pair: elected-secretaries"].state = "done"
    done = twin(client, "/experiments?make=elected-secretaries")
    assert done["running"] is None and done["wanted"]["pair"].startswith("/compare?a=plain-rules&b=elected-secretaries")
    assert client.get(done["wanted"]["pair"]).status_code == 200
    for name in ("none", "nothing", "../../etc/passwd"):
        assert client.get("/experiments", params={"make": name}).status_code == 400
    assert len(begun) == 1


def test_a_pair_is_really_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "UNTIL", "1922-04-10")
    library = Library([], tmp_path)
    job = pairs.make(library, "secret-ballot")
    assert job is not None and pairs.make(library, "free-press") is None
    deadline = time.monotonic() + PATIENCE
    while not job.over and time.monotonic() < deadline:
        time.sleep(0.2)
    assert job.state == "done", job.said
    made = next(p for p in pairs.pairs(library) if p.name == "secret-ballot")
    assert made.shelved == ("plain-rules", "secret-ballot")
    plain, amended = (library.run(name) for name in made.shelved)
    assert amended.info["amendments"] == ["secret-ballot"] and plain.info["amendments"] == []
    assert {x["rule"] for x in pairs.rules_apart(plain, amended)} == {"open_vote"}
