"""A matter's journey, its acts and papers, the cases and the list of questions, held against queries of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from drivebelt.cases import case_names
from drivebelt.results import Run
from drivebelt.web.app import application
from drivebelt.web.library import Library


@pytest.fixture(scope="module")
def client(small: Run, first_year: Run) -> Iterator[TestClient]:
    with TestClient(application(Library([small.path, first_year.path])), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture(scope="module")
def at(client: TestClient) -> str:
    return f"/run/{client.app.state.library.first()}"  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def matter(small: Run) -> int:
    return int(small.rows("select min(matter) as m from episodes where episode = 'limit-prices'")[0]["m"])


def test_the_first_answer_is_who_decided_and_the_second_in_whose_name(client: TestClient, at: str, small: Run, matter: int) -> None:
    answers = client.get(f"{at}/matter/{matter}.json").json()["answers"]
    agreed = small.rows("select day from acts where matter = ? and kind = 'agree'", [matter])[0]["day"]
    circle = small.rows(
        """select p.name from acts join persons p on p.person = actor_person where kind = 'combine'
           and day = (select max(day) from acts where kind = 'combine' and day <= ?)""",
        [agreed],
    )
    first = answers[0]["answer"] + answers[0]["more"]
    assert circle and all(row["name"] in first for row in circle) and str(agreed.year) in first
    name = small.rows(
        "select o.name from acts join organs o on o.organ = in_name_of where matter = ? and kind in ('decide', 'poll')", [matter]
    )[0]["name"]
    assert name in answers[1]["answer"]
    silent = small.rows("select count(*) filter (not recorded) as s, count(*) as n from acts where matter = ?", [matter])[0]
    assert any(f"{silent['s']:,} of {silent['n']:,} acts" in a["more"] for a in answers)
    html = client.get(f"{at}/matter/{matter}").text
    assert html.index("Who really decided?") < html.index('id="journey"') and circle[0]["name"] in html


def test_the_figure_shows_masks_ghosts_and_papers(client: TestClient, at: str, small: Run, matter: int) -> None:
    svg = client.get(f"{at}/matter/{matter}.svg").text
    acts = small.rows(
        """select a.act, a.kind, a.recorded, a.document, a.in_name_of != a.actor_organ as masked, o.name as mask
           from acts a join organs c on c.organ = a.actor_organ left join organs o on o.organ = a.in_name_of
           where matter = ? and c.level = 'centre'""",
        [matter],
    )
    agreed = next(a for a in acts if a["kind"] == "agree")
    decided = next(a for a in acts if a["kind"] in ("decide", "poll"))
    assert re.search(rf'class="settled" data-act="{agreed["act"]}"', svg) and not agreed["recorded"]
    assert decided["masked"] and re.search(rf'class="mask" data-act="{decided["act"]}"', svg)
    masks = re.findall(r'<a href="[^"]*" class="mask".*?</a>', svg)
    assert any("in the name of Politburo" in m for m in masks)
    issued = [a for a in acts if a["kind"] == "issue"]
    assert issued and svg.count('class="paper"') >= 1
    # A class of its own is not enough where there is no style sheet: a ghost is dashed in the file as well.
    assert "stroke-dasharray" in re.findall(r'<a href="[^"]*" class="settled".*?</a>', svg)[0]
    assert client.get(f"{at}/matter/{matter}.png").content[:4] == b"\x89PNG"


def test_flows_below_are_counted_as_they_are(client: TestClient, at: str, small: Run, matter: int) -> None:
    svg = client.get(f"{at}/matter/{matter}.svg?expand=gubernia").text
    bodies = small.rows(
        """select count(distinct actor_organ) as n from acts a join organs o on o.organ = actor_organ where matter = ?
           and kind = 'consider' and recorded and level = 'gubernia' and branch = 'party'""",
        [matter],
    )[0]["n"]
    assert bodies > 1 and f">{bodies} committees hear it at a sitting<" in svg
    levels = client.get(f"{at}/matter/{matter}.json").json()["levels"]
    known = small.rows(
        """select coalesce(o.level, t.level, 'centre') as level, count(*) as n
           from acts a left join organs o on o.organ = actor_organ
           left join organs t on t.organ = target_organ where matter = ? group by 1""",
        [matter],
    )
    assert {level: x["acts"] for level, x in levels.items()} == {row["level"]: row["n"] for row in known}
    assert levels["gubernia"]["left_out"] > 0


def test_copies_stand_in_the_lane_that_they_were_for(client: TestClient, at: str, small: Run, matter: int) -> None:
    svg = client.get(f"{at}/matter/{matter}.svg").text
    kept = small.rows(
        """select count(*) as n from copies c join documents d using (document) join organs o on o.organ = addressee_organ
           where d.matter = ? and o.level = 'uezd' and o.branch = 'party'""",
        [matter],
    )[0]["n"]
    assert kept and f"{kept:,} copies were sent to bodies of this lane" in svg


def test_a_part_of_the_time_shows_only_its_acts(client: TestClient, at: str, small: Run, matter: int) -> None:
    opened = small.rows("select min(day) as day from acts where matter = ?", [matter])[0]["day"]
    whole = client.get(f"{at}/matter/{matter}.svg").text.count("data-act")
    first = client.get(f"{at}/matter/{matter}.svg?from={opened}&to={opened}").text.count("data-act")
    assert 0 < first < whole
    assert "No act" in client.get(f"{at}/matter/{matter}?from=1930-01-01&to=1930-02-01").text


def test_the_card_of_an_act_opens_beside_the_journey(client: TestClient, at: str, small: Run, matter: int) -> None:
    act = small.rows("select act, cause from acts where matter = ? and kind in ('decide', 'poll')", [matter])[0]
    page = client.get(f"{at}/matter/{matter}?act={act['act']}")
    assert 'id="card"' in page.text and f"{at}/act/{act['cause']}" in page.text
    card = client.get(f"{at}/act/{act['act']}.json").json()
    assert card["card"]["masked"] and card["chain"][-1]["act"] == act["act"] and card["chain"][-2]["act"] == act["cause"]
    effects = small.rows("select kind, count(*) as n from acts where cause = ? group by kind", [act["act"]])
    assert {e["kind"]: e["n"] for e in card["card"]["effects"]} == {e["kind"]: e["n"] for e in effects}


def test_acts_one_by_one_are_those_of_the_level_and_kind(client: TestClient, at: str, small: Run, matter: int) -> None:
    twin = client.get(f"{at}/matter/{matter}/acts.json?level=gubernia&kind=receive").json()["tables"]["acts"]
    known = small.rows(
        """select act from acts join organs o on o.organ = actor_organ where matter = ? and kind = 'receive' and level = 'gubernia'
           order by act""",
        [matter],
    )
    assert twin["total"] == len(known) and [r["act"] for r in twin["rows"]] == [k["act"] for k in known[:50]]


def test_the_card_of_a_document_says_whose_it_is_and_where_its_copies_are(client: TestClient, at: str, small: Run) -> None:
    one = small.rows(
        """select d.document, d.copies, o.name as truth, bit_count(xor(d.wording, p.wording)) as bits, d.parent_document
           from documents d join documents p on p.document = d.parent_document join organs o on o.organ = d.originator
           where d.issuer != d.originator and d.copies > 3 order by d.document limit 1"""
    )[0]
    twin = client.get(f"{at}/document/{one['document']}.json").json()
    assert twin["document"]["originator"] == one["truth"] and twin["document"]["parent_document"] == one["parent_document"]
    assert twin["likeness"] == max(0.0, 100 * (1 - one["bits"] / 32))
    copies = small.rows("select fate, count(*) as n from copies where document = ? group by fate", [one["document"]])
    assert twin["tables"]["copies"]["total"] == sum(c["n"] for c in copies)
    assert sum(f["n"] for f in twin["fates"]) == twin["tables"]["copies"]["total"]
    children = small.rows("select count(*) as n from documents where parent_document = ?", [one["document"]])[0]["n"]
    assert twin["tables"]["children"]["total"] == children
    assert one["truth"].split()[-1] in client.get(f"{at}/document/{one['document']}").text


def test_a_burned_copy_leads_to_the_act_of_burning(client: TestClient, at: str, small: Run) -> None:
    one = small.rows(
        """select c.document, c.copy, a.day, a.act from copies c join acts a on a.act = c.burned_act order by document limit 1"""
    )[0]
    rows = client.get(f"{at}/document/{one['document']}.json").json()["tables"]["copies"]["rows"]
    mine = next(row for row in rows if row["copy"] == one["copy"] + 1)
    assert mine["burned"] == one["day"].isoformat() and mine["fate"] == "burned"
    assert f"{at}/act/{one['act']}" in client.get(f"{at}/document/{one['document']}").text


def test_questions_are_chosen_by_how_they_were_decided(client: TestClient, at: str, small: Run) -> None:
    client.get(f"{at}/matters?only=circle")  # until they are counted, the list does without the acts of each
    rows = client.get(f"{at}/matters.json").json()["tables"]["matters"]["rows"]
    acts = {row["matter"]: row["n"] for row in small.rows("select matter, count(*) as n from acts group by matter")}
    assert [r["acts"] for r in rows] == sorted(acts.values(), reverse=True)[:50]
    assert all(r["acts"] == acts[r["matter"]] for r in rows)
    circle = client.get(f"{at}/matters.json?only=circle").json()["tables"]["matters"]["total"]
    assert circle == small.rows("select count(distinct matter) as n from acts where kind = 'agree'")[0]["n"] > 0
    masked = client.get(f"{at}/matters.json?only=masked").json()["tables"]["matters"]["total"]
    known = small.rows(
        """select count(distinct a.matter) as n from acts a join documents d using (document) join organs o on o.organ = actor_organ
           where a.kind = 'issue' and d.kind = 'decree' and o.level = 'centre' and in_name_of != actor_organ"""
    )[0]["n"]
    assert masked == known > 0


def test_every_case_has_its_page_and_every_step_its_source(client: TestClient, at: str, small: Run) -> None:
    assert all(f"{at}/case/{name}" in client.get(f"{at}/cases").text for name in case_names())
    twin = client.get(f"{at}/case/limit-prices.json").json()
    first = twin["steps"][1]
    day = small.rows(
        """select min(day) as day from acts where kind in ('decide', 'poll') and matter in
           (select matter from episodes where episode = 'limit-prices')"""
    )[0]["day"]
    assert first["simulated"] == day.isoformat() and first["at"].startswith("/evidence?section=I.4&line=2614")
    assert first["evidence"] and all(e["to"].startswith("/evidence/") for e in first["evidence"])
    assert "does not reach it" in client.get(f"{at}/case/autonomisation").text
    assert client.get(f"{at}/case/limit-prices.svg").text.startswith("<svg xmlns")


def test_lags_are_compared_where_both_are_known(client: TestClient, first_year: Run) -> None:
    second = client.app.state.library.shelf()[1].name  # type: ignore[attr-defined]
    twin = client.get(f"/run/{second}/case/autonomisation.json").json()
    for row in twin["tables"]["lags"]["rows"]:
        assert row["apart"] == row["simulated_lag"] - row["documented_lag"]
    assert twin["missed"] is None and any(s["simulated"] for s in twin["steps"])


def test_who_knew_is_what_the_library_says(client: TestClient, at: str, small: Run, matter: int) -> None:
    day = small.rows("select max(day) as day from acts where matter = ? and kind in ('decide', 'poll')", [matter])[0]["day"]
    twin = client.get(f"{at}/matter/{matter}/knew.json?at={day}").json()
    known = [k for k in small.knew(matter, day=day) if k.kind != "layer"]
    assert twin["number"] == len(known) > 0
    assert [r["who"] for r in twin["tables"]["knew"]["rows"]] == [k.who for k in known[:50]]
    stalin = client.get(f"{at}/matter/{matter}/knew.json?at={day}&who=stalin").json()["tables"]["knew"]["rows"]
    assert stalin and all("Stalin" in row["who"] for row in stalin)


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [("matter/99999999", 404, "no matter"), ("matter/x", 400, "matter"), ("document/99999999", 404, "no document"),
     ("act/99999999", 404, "no act"), ("case/nowhere", 404, "no case"), ("matter/1/knew?at=soon", 400, "date"),
     ("matter/1?from=1925-01-01&to=1924-01-01", 400, "later"), ("matter/1?expand=moon", 400, "expand"),
     ("matters?only=%3Cb%3E", 400, "only"), ("matter/1?act=99999999", 404, "no act")],
)  # fmt: skip
def test_what_makes_no_sense_is_a_card(client: TestClient, at: str, address: str, status: int, word: str) -> None:
    answer = client.get(f"{at}/{address}")
    assert answer.status_code == status and word in answer.text and "Traceback" not in answer.text


def test_names_cannot_write_into_the_figure() -> None:
    from datetime import date

    from drivebelt.web.drawing import journey
    from drivebelt.web.drawing.lanes import LANES, Item

    bad = '<script>alert("x")</script>'
    item = Item(LANES[1], 1, 1, date(1924, 1, 1), date(1924, 1, 1), date(1924, 1, 1), "agree", "settled", bad, bad)
    svg = journey.draw([item], {}, lambda i: '/x?"><script>', title=bad).svg
    assert "<script>" not in svg and "&lt;script&gt;" in svg
