"""Home, the mechanism in three layers, the map, and the run that is made where there is none, as a browser asks for them."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from drivebelt.results import Run
from drivebelt.running.runner import Settings, execute
from drivebelt.web.app import application
from drivebelt.web.first import KEY, make_first
from drivebelt.web.library import Library

TINY = ("--scale", "0.005", "--to", "1922-04-10")


@pytest.fixture(scope="module")
def run(small: Run) -> str:
    return f"/run/{small.path.name}"


def bodies(client: TestClient, address: str) -> dict[Any, dict[str, Any]]:
    """The bodies of a day by key, those below the Centre by level and branch."""
    found = client.get(address).json()["layers"]["bodies"]
    return {b["key"] or (b["level"], b["branch"]): b for b in found}


def one(run: Run, query: str, *values: Any) -> Any:
    return next(iter(run.rows(query, list(values))[0].values()))


# -- layers ------------------------------------------------------------------------------------------------------


def test_a_month_of_a_body_is_that_of_the_run(client: TestClient, run: str, small: Run) -> None:
    shown = bodies(client, f"{run}.json?at=1924-09-15")
    within = "day between '1924-09-01' and '1924-09-30'"
    of = "in_name_of = (select organ from organs where key = 'politburo') and kind in ('decide', 'poll')"
    assert shown["politburo"]["decisions"] == one(small, f"select count(*) from acts where {within} and {of}") > 0
    settled = one(small, f"select count(*) from acts where {within} and {of} and actor_organ != in_name_of")
    assert shown["politburo"]["settled"] == settled > 0
    received = """select count(*) from acts join organs on organ = actor_organ
                  where kind = 'receive' and level = 'gubernia' and branch = 'party' and """
    assert shown["gubernia", "party"]["received"] == one(small, received + within) > 0
    assert f"{settled} settled before" in client.get(f"{run}?at=1924-09-15").text


def test_bodies_appear_and_vanish(client: TestClient, run: str) -> None:
    september, february = (bodies(client, f"{run}.json?at={day}") for day in ("1924-09-15", "1925-02-01"))
    assert (september["rural-department"]["state"], february["rural-department"]["state"]) == ("not-yet", "new")
    assert (september["orgotdel"]["state"], february["orgotdel"]["state"]) == ("ended", "gone")
    assert "from Nov ’24" in client.get(f"{run}?at=1924-09-15").text


def test_the_circle_is_the_last_that_was_come_to(client: TestClient, run: str, small: Run) -> None:
    last = one(small, "select max(day) from acts where kind = 'combine'")
    shown = client.get(f"{run}.json?at={small.info['to']}").json()["layers"]["circle"]
    members = one(small, "select count(distinct actor_person) from acts where kind = 'combine' and day = ?", last)
    assert shown["since"] == last.isoformat() and len(shown["members"]) == members > 1


def test_a_day_outside_the_run_is_brought_to_its_edge(client: TestClient, run: str, small: Run) -> None:
    assert client.get(f"{run}.json?at=1990-01-01").json()["layers"]["day"] == small.info["to"]
    assert client.get(f"{run}?at=yesterday").status_code == 400


# -- a matter on its way -----------------------------------------------------------------------------------------


def test_steps_follow_the_acts_of_the_matter(client: TestClient, run: str, small: Run) -> None:
    layers = client.get(f"{run}.json").json()["layers"]
    matter, steps = layers["matter"], layers["steps"]
    assert matter == one(small, "select matter from episodes where episode = 'limit-prices'") and layers["chosen_by_rule"]
    acts = [s["act"] for s in steps]
    assert acts == sorted(acts) and [s["number"] for s in steps] == list(range(1, len(steps) + 1))
    kinds = {r["act"]: r for r in small.rows("select * from acts where matter = ?", [matter])}
    for step in steps:
        act = kinds[step["act"]]
        assert (step["kind"], step["recorded"]) == (act["kind"], act["recorded"])
        assert (step["masked"] is not None) == (act["in_name_of"] is not None and act["in_name_of"] != act["actor_organ"])
    had = """select count(distinct actor_organ) from acts a join organs on organ = actor_organ join documents d using (document)
             where a.matter = ? and a.kind = 'receive' and level = 'gubernia' and branch = 'party'
               and d.kind in ('circular', 'closed-letter', 'cipher-telegram', 'directive')"""
    arrived = next(s for s in steps if s["kind"] == "receive" and s["at"][:2] == ["gubernia", "party"])
    assert arrived["bodies"] == one(small, had, matter) > 10


def test_a_step_can_be_looked_at_alone(client: TestClient, run: str) -> None:
    number = len(client.get(f"{run}.json").json()["layers"]["steps"])
    page = client.get(f"{run}?step=2").text
    pale = {int(n) for n in re.findall(r'data-step="(\d+)" opacity="\.12"', page)}
    assert pale == set(range(3, number + 1))
    assert page.count('aria-current="step"') == 1
    assert client.get(f"{run}?step={number + 1}").status_code == 400
    assert client.get(f"{run}?matter=99999999").status_code == 404


def test_words_of_a_file_are_no_wider_than_their_box(client: TestClient, run: str) -> None:
    file = client.get(f"{run}.svg?figure=mechanism").text
    assert "data-room" not in file and "var(--" not in file
    sizes = {float(n) for n in re.findall(r'font-size="([\d.]+)"[^>]*>Foreign Affairs<', file)}
    assert sizes and max(sizes) < 11.8


def test_marks_say_what_is_hidden_in_words_too(client: TestClient, run: str) -> None:
    layers = client.get(f"{run}.json").json()["layers"]
    page = client.get(run).text
    assert page.count('<span class="tag">no paper</span>') == sum(not s["recorded"] for s in layers["steps"])
    assert page.count("in another’s name; in truth") == sum(s["masked"] is not None for s in layers["steps"]) > 0


# -- the map -----------------------------------------------------------------------------------------------------

_HAD = """
    select organ, level, min(day) - $issued as lag from acts a join organs on organ = actor_organ
    where a.matter = $matter and a.kind = 'receive' and branch = 'party' and level != 'centre'
      and document in (select document from documents where matter = $matter and kind in
          ('circular', 'closed-letter', 'cipher-telegram', 'letter', 'directive')) group by all
"""


def test_the_map_shows_who_had_it(client: TestClient, run: str, small: Run) -> None:
    twin = client.get(f"{run}/map.json?day=8").json()
    matter, issued = twin["directive"]["matter"], twin["directive"]["issued"]
    had = small.rows(_HAD, {"matter": matter, "issued": date.fromisoformat(issued)})  # type: ignore[arg-type]
    levels = {r["name"].split(" ")[0]: r for r in twin["tables"]["levels"]["rows"]}
    for level, name in (("region", "region"), ("gubernia", "province"), ("uezd", "district"), ("cell", "cell")):
        lags = sorted(r["lag"] for r in had if r["level"] == level)
        assert levels[name]["had"] == len(lags) > 0 and levels[name]["first"] == lags[0] and levels[name]["last"] == lags[-1]
    shares = {s["level"]: s["share"] for s in twin["shares"]}
    until = sum(r["level"] == "uezd" and r["lag"] <= 8 for r in had)
    assert shares["districts"] == pytest.approx(until / levels["district"]["bodies"])
    page = client.get(f"{run}/map?day=8").text
    hollow = re.findall(r'data-lag="(\d+)" fill="none"', page)
    filled = [int(n) for n in re.findall(r'data-lag="(\d+)"[ >/](?!fill)', page)]
    assert hollow and min(map(int, hollow)) > 8 and filled and max(filled) <= 8


def test_done_and_claimed_are_those_of_the_acts(client: TestClient, run: str, small: Run) -> None:
    matter = one(small, "select matter from episodes where episode = 'limit-prices'")
    twin = client.get(f"{run}/map.json?matter={matter}").json()
    for kind, column in (("execute", "done"), ("report", "claimed")):
        want = small.rows(
            """select avg(amount) as n, level from acts join organs on organ = actor_organ where matter = ? and kind = ?
               and level = 'uezd' group by level""",
            [matter, kind],
        )[0]["n"]
        row = next(r for r in twin["tables"]["levels"]["rows"] if r["level"] == "uezd")
        assert row[column] == pytest.approx(want)
    assert twin["believed"] == one(small, "select max(amount) from acts where matter = ? and kind = 'believe'", matter)


def test_directives_are_searched(client: TestClient, run: str) -> None:
    found = client.get(f"{run}/map.json?q=grain").json()
    assert found["found"] > 0 and all("grain" in f"{d['subject']} {d['domain']}" for d in found["matching"])
    nothing = client.get(f"{run}/map?q=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "No directive has these words" in nothing and "<script>alert" not in nothing
    assert client.get(f"{run}/map?matter=0").status_code == 404
    assert client.get(f"{run}/map?day=minus").status_code == 400


# -- home --------------------------------------------------------------------------------------------------------


def wait(made: Any, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not made():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.1)


def test_findings_come_a_little_later(client: TestClient, small: Run) -> None:
    client.get("/")
    wait(lambda: client.get("/index.json").json()["short"] is not None)
    twin = client.get("/index.json").json()
    share = one(
        small,
        """select 100 * avg((actor_organ != in_name_of)::int) from acts where kind in ('decide', 'poll')
           and in_name_of = (select organ from organs where key = 'politburo')""",
    )
    assert f"decisions of the Politburo {share:.0f} had been" in client.get("/").text
    assert all(r["source"] and r["documented"] is not None for r in twin["tables"]["documented"]["rows"])


def test_home_stands_where_the_first_run_is_damaged(tmp_path: Path, small: Run) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    page = TestClient(application(Library([tmp_path / "broken", small.path])), base_url="http://127.0.0.1").get("/")
    assert page.status_code == 200 and "cannot be opened" in page.text and small.path.name in page.text


# -- the first run -----------------------------------------------------------------------------------------------


def test_a_broken_off_first_run_is_taken_up_and_put_on_the_shelf(tmp_path: Path) -> None:
    place = tmp_path / "runs" / "default"

    def break_off(done: int, days: int, acts: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(Settings(scale=0.005, end="1922-04-10"), place, progress=break_off)
    assert not (place / "run.json").exists()
    library = Library([], tmp_path)
    client = TestClient(application(library), base_url="http://127.0.0.1")
    empty = client.get("/")
    assert empty.status_code == 200 and "None yet" in empty.text
    job = make_first(library, TINY)
    assert job is not None and "--resume" in job.steps[0]
    assert "The first run is being made" in client.get("/").text
    assert client.get("/index.json").json()["making"]["state"] in ("waiting", "running")
    wait(lambda: job.over)
    assert job.state == "done", job.said
    twin = client.get("/index.json").json()
    assert twin["making"] is None and [r["name"] for r in twin["runs"]] == ["default"] and twin["layers"]["bodies"]
    again = Library([], tmp_path)
    assert make_first(again, TINY) is None and again.first() == "default"


def test_a_first_run_that_fails_says_why_and_can_be_tried_again(tmp_path: Path) -> None:
    library = Library([], tmp_path)
    library.first_arguments = ("--scale", "0")
    client = TestClient(application(library), base_url="http://127.0.0.1")
    job = make_first(library, library.first_arguments)
    assert job is not None
    wait(lambda: job.over)
    page = client.get("/").text
    assert "could not be made" in page and "--scale 0" in page and "Try again" in page
    library.first_arguments = TINY
    client.get("/?again=1")
    second = library.jobs.get(KEY)
    assert second is not None and second is not job
    wait(lambda: second.over)
    assert second.state == "done" and library.first() == "default"
