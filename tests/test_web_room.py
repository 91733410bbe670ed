"""The archive room: what is shown comes from the archive alone, sheets are the same for a class, and marks are right."""

from __future__ import annotations

import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from conftest import PATIENCE
from starlette.testclient import TestClient

from drivebelt.archive import Archive
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.grouping.papers import acting
from drivebelt.reconstruct.grouping.tree import tree_of
from drivebelt.results import Run
from drivebelt.web.app import application
from drivebelt.web.asked import NotThere
from drivebelt.web.library import Library
from drivebelt.web.room import choice

CHOSEN = choice.Choice("purge-1937", "historian-1993", 30)
FORM = {"regime": "purge-1937", "reader": "historian-1993", "share": "30"}


@pytest.fixture(scope="module")
def library(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library([small.path], tmp_path_factory.mktemp("workshop"))


@pytest.fixture(scope="module")
def room(client: TestClient, small: Run) -> str:
    """The address of an archive, made as two readers ask for it who come at the same time."""
    address = f"/run/{small.path.name}/room"
    first, again = (client.post(address, data=FORM, follow_redirects=False) for _ in range(2))
    assert first.status_code == again.status_code == 303 and first.headers["location"] == again.headers["location"]
    made = str(first.headers["location"])
    waiting = client.get(made)
    assert waiting.status_code == 200 and 'http-equiv="refresh"' in waiting.text
    assert "being made" in client.get(f"{made}/documents").text
    until = time.monotonic() + PATIENCE
    while "left" not in (twin := client.get(f"{made}.json").json()):
        assert time.monotonic() < until and twin["job"]["state"] != "failed", twin["job"]
        time.sleep(0.2)
    return made


@pytest.fixture(scope="module")
def archive(library: Library, small: Run, room: str) -> Archive:
    return Archive(choice.place(library.workshop, small, CHOSEN).archive)


def _sheet(client: TestClient, room: str, seed: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{room}/sheet.json?seed={seed}").json()["questions"]
    return found


def _everything(client: TestClient, room: str, archive: Archive) -> dict[str, bytes]:
    some = [row[0] for row in archive.sql("select document from documents order by document limit 6").fetchall()]
    book = archive.sql("select series from registers order by series limit 1").fetchall()[0][0]
    pages = [
        "",
        "/documents",
        "/documents?page=3&level=uezd",
        "/documents?q=grain&sort=-date",
        "/registers",
        f"/register/{book}",
        "/entries",
        "/sheet",
        "/sheet?seed=2",
        "/sheet?seed=3&print=1",
        *(f"/document/{n}" for n in some),
    ]
    found = {}
    for page in pages:
        path, mark, query = page.partition("?")
        for address in (f"{room}{page}", f"{room}{path}.json{mark}{query}", f"{room}{path}.csv{mark}{query}"):
            answer = client.get(address)
            assert answer.status_code == 200 or (address.count(".csv") and answer.status_code == 404), address
            found[address] = answer.content
    return found


def test_what_is_left_is_what_the_command_leaves(client: TestClient, room: str, small: Run, tmp_path: Path) -> None:
    left = client.get(f"{room}.json").json()["left"]
    same = small.archive("purge-1937", reader="historian-1993", survival=0.3, out=tmp_path / "same")
    assert left["documents"] == same.documents.num_rows > 0 and left["acts"] == same.acts.num_rows > 0
    listed = client.get(f"{room}/documents.json?kind=decree").json()["tables"]["documents"]
    assert listed["total"] == same.sql("select count(*) from documents where kind = 'decree'").fetchall()[0][0] > 0


def test_nothing_of_the_truth_stands_in_the_room(
    client: TestClient, room: str, archive: Archive, library: Library, small: Run, tmp_path: Path
) -> None:
    """Without the run's tables and without the key every page is the same to the byte."""
    seen = _everything(client, room, archive)
    bare = tmp_path / small.path.name
    shutil.copytree(small.path, bare)
    for file in bare.rglob("*.parquet"):
        pq.write_table(pq.read_table(file).slice(0, 0), file)
    workshop = tmp_path / "workshop"
    shutil.copytree(library.workshop, workshop)
    choice.place(workshop, small, CHOSEN).key.write_text("{}")
    with TestClient(application(Library([bare], workshop)), base_url="http://127.0.0.1") as other:
        assert _everything(other, room, archive) == seen
        assert other.get(f"{room}/truth?seed=1&teacher=1").status_code == 500  # the key is what this page, and only it, needs


def test_a_class_gets_the_same_sheet(client: TestClient, room: str) -> None:
    first, second = _sheet(client, room, 5), _sheet(client, room, 6)
    assert first == _sheet(client, room, 5) != second
    assert len(first["papers"]) == 4 and len({q["stratum"] for q in first["papers"]}) == 4
    printed = client.get(f"{room}/sheet?seed=5&print=1").text
    assert all(q["issuer"].replace("'", "&#39;") in printed for q in first["papers"]) and "show the truth" not in printed


def test_committees_that_decide_are_asked_about_beside_such_that_do_not(client: TestClient, room: str, library: Library) -> None:
    """Both kinds, as many of each, none of them between; every one of the party, since a body of the state never decides."""
    place = choice.place(library.workshop, library.run(library.first()), CHOSEN)
    asked, key = (json.loads(file.read_text()) for file in (place.questions, place.key))
    shares = {b["organ"]: b["truth"] for b in key["bodies"]}
    assert len(asked["bodies"]) >= 8 and all(b["party"] for b in asked["bodies"])
    passing = [b for b in asked["bodies"] if shares[b["organ"]] < 0.05]
    deciding = [b for b in asked["bodies"] if shares[b["organ"]] >= 0.15]
    assert len(passing) == len(deciding) == len(asked["bodies"]) / 2
    kinds = {q["truth"] for seed in range(1, 6) for q in _told(client, room, seed) if q["kind"] == "body"}
    assert kinds == {"only passes on", "decides itself too"}


def _told(client: TestClient, room: str, seed: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{room}/truth.json?seed={seed}&teacher=1").json()["result"]["questions"]
    return found


def test_a_sheet_keeps_to_a_level_and_a_year(client: TestClient, room: str) -> None:
    every = client.get(f"{room}/sheet.json").json()
    year, level = every["years"][0], "gubernia"
    found = client.get(f"{room}/sheet.json?seed=4&level={level}&year={year}").json()["questions"]
    assert found["papers"] and all(q["level"] == level and q["date"].startswith(year) for q in found["papers"])
    assert all(b["level"] == level for b in found["bodies"])
    page = client.get(f"{room}/sheet?seed=4&level={level}&year={year}").text
    for kept in (f'name="level" value="{level}"', f'name="year" value="{year}"'):  # the answers go to the same sheet
        assert kept in page
    truth = client.get(f"{room}/truth.json?seed=4&teacher=1&level={level}&year={year}").json()["result"]["questions"]
    assert [q["question"]["document"] for q in truth if q["kind"] == "paper"] == [q["document"] for q in found["papers"]]


def test_an_archive_is_what_the_command_offers() -> None:
    chosen = choice.choose("purge-1937", "historian-1993", "10", "office", "7")
    assert chosen.steps == [
        "--regime", "purge-1937", "--reader", "historian-1993", "--survival", "0.1", "--correlated", "office", "--seed", "7",
    ]  # fmt: skip
    assert choice.named(chosen.name) == chosen and "office" in chosen.title() and "draw 7" in chosen.title()
    assert choice.choose("complete", "", "", "office") == choice.Choice("complete")  # nothing is lost, so nothing goes with it
    for name in ("complete~open~10-none", "complete~open~draw-1", "complete~open~10-town", "complete~open~draw-x"):
        with pytest.raises(NotThere):
            choice.named(name)


def test_the_truth_is_that_of_the_run(client: TestClient, room: str, archive: Archive, small: Run) -> None:
    """Joined here by register and number, as whoever holds the run can; the page joins by making the archive again."""
    by_mark = {
        (r["series"], r["number"]): r
        for r in small.rows(
            "select d.series, d.number, d.issuer, d.originator, d.matter, o.name, o.branch from documents d "
            "join organs o on o.organ = d.originator"
        )
    }
    mark = {d: (s, n) for d, s, n in archive.sql("select document, series, number from documents").fetchall()}
    read_, right = read(archive.path), 0
    carrying = acting(read_, tree_of(read_))
    for seed in range(1, 6):
        for q in _told(client, room, seed):
            if q["kind"] == "paper":
                true = by_mark[mark[q["question"]["document"]]]
                assert q["matter"] == true["matter"]
                assert ("circle" in q["truth"]) if true["branch"] == "informal" else q["truth"].startswith(true["name"])
                right += 1
            elif q["kind"] == "register":
                known = small.rows("select count(*) as n from documents where series = ?", [q["question"]["series"]])
                assert int(q["truth"].replace(",", "")) == known[0]["n"]
            else:
                papers = carrying & (read_.organ_id[read_.issuer] == q["question"]["organ"])
                own = [by_mark[mark[int(d)]]["originator"] == q["question"]["organ"] for d in read_.paper_id[papers]]
                assert q["share"] == pytest.approx(sum(own) / len(own)) and len(own) == q["question"]["papers"]
                assert (q["truth"] == "only passes on") == (sum(own) / len(own) < 0.05)
    assert right == 20


def _answers(client: TestClient, room: str, seed: int, true: bool) -> dict[str, str]:
    sheet = _sheet(client, room, seed)
    told = {q["field"]: q for q in _told(client, room, seed)}
    answers = {}
    for q in [*sheet["papers"], *sheet["registers"], *sheet["bodies"]]:
        truth = told[q["field"]]["truth"]
        if "options" not in q:
            answers[q["field"]] = truth.replace(",", "") if true else "0"
        else:
            hits = [
                o["answer"]
                for o in q["options"]
                if o["name"].startswith(truth) or (truth == "an informal circle" and o["answer"] == "circle")
            ]
            fits = hits or ["other"]
            answers[q["field"]] = (
                fits[0] if true else next(o["answer"] for o in q["options"] if o["answer"] not in (*fits, "centre"))
            )
    return answers


@pytest.mark.parametrize("true", [True, False])
def test_marks_are_given_for_what_is_right(client: TestClient, room: str, true: bool) -> None:
    answers = _answers(client, room, 3, true)
    result = client.get(f"{room}/truth.json", params={"seed": 3, **answers}).json()["result"]
    you = next(t for t in result["totals"] if t["who"] == "you")
    assert you["of"] == result["of"] == len(answers) and you["marks"] == (you["of"] if true else 0)
    page = client.get(f"{room}/truth", params={"seed": 3, **answers}).text
    assert "the engine of this project" in page and "Follow the decision itself" in page


def test_truth_is_shown_to_nobody_who_has_not_answered(client: TestClient, room: str) -> None:
    answers = _answers(client, room, 2, False)
    answers.pop("p1")
    back = client.get(f"{room}/truth", params={"seed": 2, **answers})
    assert "still open (1)" in back.text and "In truth" not in back.text
    assert "In truth" not in client.get(f"{room}/truth?seed=2").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("{room}/sheet?seed=0", 400),
        ("{room}/sheet?level=town", 400),
        ("{room}/sheet?year=1850", 400),
        ("{room}/sheet?seed=10000", 400),
        ("{room}/sheet?p1=%3Cscript%3E", 400),
        ("{room}/sheet?r1=-4", 400),
        ("{room}/document/99999999", 404),
        ("{room}/register/1", 404),
        ("{room}/entries?month=1900-01", 400),
        ("{room}/documents?organ=999999", 404),
        ("{run}/room/..~open", 404),
        ("{run}/room/purge-1937~historian-1993~31", 404),
        ("{run}/room/august-1991~historian-1970", 404),
        ("{run}/room/%2e%2e%2fetc", 404),
    ],
)
def test_what_makes_no_sense_is_a_card(client: TestClient, room: str, address: str, status: int) -> None:
    answer = client.get(address.format(room=room, run=room.rpartition("/room/")[0]))
    assert answer.status_code == status and "<script>" not in answer.text and "Traceback" not in answer.text


def test_a_choice_that_cannot_be_is_refused(client: TestClient, room: str) -> None:
    for form in (
        {"regime": "august-1991", "reader": "historian-1970"},
        {"regime": "../../etc"},
        {"regime": "complete", "share": "31"},
    ):
        answer = client.post(room.rpartition("/")[0], data=form, follow_redirects=False)
        assert answer.status_code == 400 and "Traceback" not in answer.text


def test_ten_readers_do_not_disturb_each_other(client: TestClient, room: str) -> None:
    pages = [f"{room}/sheet.json?seed={n}" for n in range(1, 11)] + [f"{room}/documents.json?page={n}" for n in range(1, 11)]
    alone = [client.get(page).content for page in pages]
    with ThreadPoolExecutor(10) as ten:
        assert list(ten.map(lambda page: client.get(page).content, pages)) == alone


def test_register_numbers_are_what_the_archive_knows(client: TestClient, room: str, archive: Archive) -> None:
    rows = client.get(f"{room}/registers.json").json()["tables"]["registers"]["rows"]
    top = next(row for row in rows if row["highest"] <= 1500)
    page = client.get(f"{room}/register/{top['series']}.json").json()
    there = archive.sql(f"select count(*) from documents where series = {top['series']}").fetchall()[0][0]
    assert page["there"] == there == top["there"] and page["free"] == top["free"] > 0
    svg = client.get(f"{room}/register/{top['series']}.svg").text
    assert svg.count(": there</title>") == there and svg.count(": nothing known</title>") == page["free"]
    assert json.dumps(page).count("originator") == 0


def test_sorted_files_say_what_the_archive_says(library: Library, small: Run, room: str, archive: Archive, tmp_path: Path) -> None:
    place = choice.place(library.workshop, small, CHOSEN)
    assert place.by_paper.exists() and place.by_number.exists()
    bare = choice.place(tmp_path, small, CHOSEN)
    shutil.copytree(place.folder, bare.folder)
    bare.by_paper.unlink()
    bare.by_number.unlink()
    other = TestClient(application(Library([small.path], tmp_path)), base_url="http://127.0.0.1")
    here = TestClient(application(library), base_url="http://127.0.0.1")
    papers = archive.sql(
        "select document from acts where document is not null group by 1 order by count(*) desc limit 5"
    ).fetchall()
    books = archive.sql(
        "select series from documents where series is not null group by 1 order by count(*) desc limit 5"
    ).fetchall()
    for address in [f"{room}/document/{x}" for (x,) in papers] + [f"{room}/register/{x}" for (x,) in books]:
        with_them, without = here.get(f"{address}.json").json(), other.get(f"{address}.json").json()
        assert with_them == without
        rows = with_them["tables"].get("entries", with_them["tables"].get("numbers"))["rows"]
        assert rows, address
    number = archive.sql("select count(*), count(distinct number) from documents where series = ?", [books[0][0]]).fetchall()[0]
    assert here.get(f"{room}/register/{books[0][0]}.json").json()["there"] == number[1] <= number[0]
