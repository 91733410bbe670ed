"""Bodies and people on the page: org charts, cards, careers, and what one person could know, against queries of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from drivebelt.results import Run
from drivebelt.web import quarter
from drivebelt.web.app import application
from drivebelt.web.library import Library

AT = date(1922, 11, 15)


@pytest.fixture(scope="module")
def client(first_year: Run) -> Iterator[TestClient]:
    with TestClient(application(Library([first_year.path])), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture(scope="module")
def run(first_year: Run) -> str:
    return f"/run/{first_year.path.name}"


def twin(client: TestClient, address: str) -> Any:
    path, mark, query = address.partition("?")
    answer = client.get(f"{path}.json{mark}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_quarter_is_that_of_the_day() -> None:
    assert quarter.quarter(date(1922, 12, 31)) == (date(1922, 10, 1), date(1922, 12, 31))
    assert quarter.quarter(date(1924, 2, 29)) == (date(1924, 1, 1), date(1924, 3, 31))


def test_the_chart_says_who_really_decided(client: TestClient, run: str, first_year: Run) -> None:
    page = client.get(f"{run}/bodies?at={AT}").text
    first, last = quarter.quarter(AT)
    known = first_year.rows(
        """select o.name as body, count(*) as decided, count(*) filter (actor_organ != in_name_of) as settled
           from acts join organs o on o.organ = in_name_of where kind in ('decide', 'poll') and day between ? and ? group by 1""",
        [first, last],
    )
    told = {row["body"]: (row["decided"], row["settled"]) for row in twin(client, f"{run}/bodies?at={AT}")["summary"]}
    assert told == {row["body"]: (row["decided"], row["settled"]) for row in known} and sum(s for _, s in told.values()) > 0
    decided, settled = told["Politburo of the CC"]
    assert f"{decided:,} decided, {100 * settled / decided:.0f} % settled before" in page
    assert "mask:" in page  # somebody lends his name


def test_the_chart_shows_every_standing_body_of_the_centre(client: TestClient, run: str, first_year: Run) -> None:
    rows = first_year.rows(
        """select organ from organs where level = 'centre' and valid_from <= $1 and (valid_to is null or valid_to > $1)
           and key not in ('troika', 'seven', 'nine')""",
        [AT],
    )
    for view in ("works", "paper"):
        svg = client.get(f"{run}/bodies.svg?at={AT}&view={view}&figure={view}").text
        assert all(f"{run}/body/{row['organ']}?" in svg for row in rows) and len(rows) > 40
    assert "on no paper" in svg  # the circle, as the constitution has it
    before = client.get(f"{run}/bodies.svg?at=1922-05-01").text
    assert f"{run}/body/59?" not in before and f"{run}/body/59?" in client.get(f"{run}/bodies.svg?at={AT}").text  # Glavlit, 6 June


def test_all_bodies_are_found_and_counted(client: TestClient, run: str, first_year: Run) -> None:
    everything = twin(client, f"{run}/bodies")["tables"]["bodies"]
    assert everything["total"] == first_year.info["organs"]
    found = twin(client, f"{run}/bodies?q=committee&level=uezd&branch=party&sort=-acts")["tables"]["bodies"]
    known = first_year.rows(
        "select count(*) as n from organs where level = 'uezd' and branch = 'party' and contains(lower(name), 'committee')"
    )
    assert found["total"] == known[0]["n"] > 0
    top = found["rows"][0]
    assert top["acts"] == first_year.rows("select count(*) as n from acts where actor_organ = ?", [top["organ"]])[0]["n"]
    assert top["papers"] == first_year.rows("select count(*) as n from documents where issuer = ?", [top["organ"]])[0]["n"]


def test_a_territory_opens(client: TestClient, run: str, first_year: Run) -> None:
    svg = client.get(f"{run}/bodies.svg?at={AT}&territory=smolensk&figure=territory").text
    uezds = first_year.rows(
        """select organ from organs where branch = 'party' and level = 'uezd' and valid_from <= $1 and
        (valid_to is null or valid_to > $1)
           and parent = (select organ from organs where territory = 'smolensk' and level = 'gubernia' and branch = 'party')""",
        [AT],
    )
    assert len(uezds) > 5 and all(f"/body/{row['organ']}?" in svg for row in uezds)


def test_the_card_of_a_body_tells_masks_and_decisions(client: TestClient, run: str, first_year: Run) -> None:
    card = twin(client, f"{run}/body/3?show=decisions")
    known = first_year.rows("select count(*) as n from acts where in_name_of = 3 and kind in ('decide', 'poll', 'reject')")[0]["n"]
    assert card["tables"]["decisions"]["total"] == sum(row["n"] for row in card["decided"]) == known > 0
    assert any(not row["itself"] and row["name"] == "The informal circle" for row in card["decided"])
    assert card["evidence"] == "organ:politburo"
    names = twin(client, f"{run}/body/2?show=names")["tables"]["names"]["rows"]
    lent = first_year.rows("select count(*) as n from acts where in_name_of = 2 and actor_organ != 2")[0]["n"]
    assert sum(row["n"] for row in names if row["way"] == "lent its name to") == lent > 0
    posts = twin(client, f"{run}/body/3?at={AT}")["tables"]["posts"]["rows"]
    assert any(row["holder"] == "L. D. Trotsky" for row in posts)
    assert "Papers by month" in client.get(f"{run}/body/3.svg").text


def test_people_are_found_by_name_post_and_body(client: TestClient, run: str, first_year: Run) -> None:
    first = twin(client, f"{run}/people")["tables"]["people"]
    assert first["total"] == first_year.rows("select count(*) as n from persons")[0]["n"] and not first["rows"][0]["synthetic"]
    assert [row["who"] for row in twin(client, f"{run}/people?q=trotsky")["tables"]["people"]["rows"]] == ["L. D. Trotsky"]
    found = twin(client, f"{run}/people?q=secretary+smolensk+provincial&at={AT}")["tables"]["people"]["rows"]
    assert found and all("Smolensk provincial" in row["posts"] and "secretary" in row["posts"] for row in found)
    assert any(row["who"].startswith("official no. ") for row in found)


def test_a_career_names_who_gave_the_post(client: TestClient, run: str, first_year: Run) -> None:
    move = first_year.rows(
        "select target_person as person, amount as post, day, actor_person as by from acts where kind = 'appoint' and "
        "actor_person = 1 limit 1"
    )[0]
    career = twin(client, f"{run}/person/{move['person']}")
    row = next(r for r in career["posts"] if r["post"] == move["post"] and r["since"] == move["day"].isoformat())
    assert row["way"] == "from above" and row["by_person"] == "I. V. Stalin" and career["ties"][0]["who"] == "I. V. Stalin"
    placed = twin(client, f"{run}/person/1?show=placed")["tables"]["placed"]
    known = first_year.rows("select count(*) as n from acts where kind in ('appoint', 'elect') and actor_person = 1")[0]["n"]
    assert placed["total"] == known > 0
    assert "given from above" in client.get(f"{run}/person/{move['person']}").text


def test_a_tie_grows_with_a_post_and_fades_by_the_week(client: TestClient, run: str, first_year: Run) -> None:
    def rule(name: str) -> float:
        return float(first_year.rows("select value from rules where rule = ? order by since desc", [name])[0]["value"])

    move = first_year.rows(
        """select person, day from (select target_person as person, max(day) as day, count(*) as n from acts
           where kind = 'appoint' and actor_person = 1 group by 1) where n = 1 order by day limit 1"""
    )[0]
    start = first_year.rows("select coalesce(sum(tie), 0) as tie from ties where person = ? and patron = 1", [move["person"]])[0][
        "tie"
    ]
    weeks = first_year.rows("select count(distinct day) as n from acts where isodow(day) = 1 and day <= ?", [move["day"]])[0]["n"]
    before = start * rule("tie_kept_a_week") ** weeks
    told = twin(client, f"{run}/person/{move['person']}?at={move['day']}")["ties"][0]
    assert told["posts"] == 1 and told["tie"] == pytest.approx(before + (1 - before) * rule("tie_gain"))


def test_votes_are_told_with_the_bent_ones(client: TestClient, run: str, first_year: Run) -> None:
    told = twin(client, f"{run}/person/4")["votes"]
    known = first_year.rows("select amount from acts where kind = 'vote' and actor_person = 4")
    assert told["all"] == len(known) > 0
    assert told["against"] == sum(x["amount"] % 2 for x in known) and told["bent"] == sum(x["amount"] == 2 for x in known)


@pytest.mark.parametrize(("person", "day"), [("L. D. Trotsky", AT), ("I. V. Stalin", date(1922, 7, 1)), ("G. V. Chicherin", AT)])
def test_what_a_person_could_know_is_what_the_query_of_a_matter_says(
    client: TestClient, run: str, first_year: Run, person: str, day: date
) -> None:
    number = first_year.rows("select person from persons where name = ?", [person])[0]["person"]
    told = twin(client, f"{run}/person/{number}?show=knew&at={day}")
    known = told["tables"]["knew"]
    assert known["total"] == sum(told["depths_known"].values()) > 0
    assert [r["depth"] for r in known["rows"]] == sorted((r["depth"] for r in known["rows"]), reverse=True)
    central = {row["matter"] for row in first_year.rows("select distinct matter from acts where kind = 'propose'")}
    checked = [row for row in known["rows"] if row["matter"] in central][::9]
    for row in checked:
        one = first_year.knew(row["matter"], who=person, day=day)
        assert [(k.depth, k.since.isoformat(), k.act) for k in one] == [(row["depth"], row["day"], row["act"])]
    assert checked
    ignorant = first_year.rows("select matter from matters where opened > ? limit 1", [day])[0]["matter"]
    assert all(row["matter"] != ignorant for row in known["rows"])


def test_knowledge_is_searched_and_paged(client: TestClient, run: str) -> None:
    grain = twin(client, f"{run}/person/1?show=knew&matter=grain&at={AT}")["tables"]["knew"]
    assert grain["rows"] and all("grain" in f"{r['subject']} {r['domain']}".lower() for r in grain["rows"])
    csv = client.get(f"{run}/person/1.csv?show=knew&matter=grain&at={AT}").text
    assert len(csv.splitlines()) == grain["total"] + 1
    second = twin(client, f"{run}/person/1?show=knew&page=2&at={AT}")["tables"]["knew"]
    assert second["page"] == 2 and second["rows"]


def test_a_post_tells_its_holders_and_who_approves(client: TestClient, run: str, first_year: Run) -> None:
    post = first_year.rows("select post from tenures group by post having count(*) > 2 order by count(*) desc, post limit 1")[0][
        "post"
    ]
    told = twin(client, f"{run}/post/{post}")
    known = first_year.rows(
        'select person from tenures where post = ? and "from" <= ? order by "from"',
        [post, date.fromisoformat(first_year.info["to"])],
    )
    assert [row["person"] for row in told["tables"]["holders"]["rows"]] == [row["person"] for row in known]
    assert told["post"]["approver_name"]


@pytest.mark.parametrize(
    ("address", "status"),
    [("body/999999", 404), ("body/x", 400), ("person/999999", 404), ("post/999999", 404), ("bodies?at=never", 400),
    ("bodies?territory=/etc", 400),
     ("person/1?show=all", 400), ("people?level=moon", 400), ("person/1?show=knew&page=0", 400), ("bodies?parent=x", 400)],
)  # fmt: skip
def test_what_makes_no_sense_is_a_card(client: TestClient, run: str, address: str, status: int) -> None:
    answer = client.get(f"{run}/{address}")
    assert answer.status_code == status and "Traceback" not in answer.text and "<main" in answer.text


def test_words_of_a_reader_are_escaped(client: TestClient, run: str) -> None:
    for address in ("people?q=", "bodies?q=", "person/1?show=knew&matter="):
        text = client.get(f"{run}/{address}%3Cscript%3Ealert(1)%3C/script%3E").text
        assert "<script>alert" not in text and "&lt;script&gt;alert" in text
