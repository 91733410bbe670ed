"""Evidence, rules, mechanisms and words on the page, held against the catalogue and the rulebook themselves."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date

import pytest
from starlette.testclient import TestClient

from drivebelt.evidence import cite, records
from drivebelt.glossary import terms
from drivebelt.results import Run
from drivebelt.rulebook import load
from drivebelt.running.day import PLAN

ALL = {r["id"]: r for r in records()}


def _facts(client: TestClient, query: str) -> set[str]:
    return {row["id"] for row in csv.DictReader(io.StringIO(client.get(f"/evidence.csv?{query}").text))}


def test_every_fact_is_found(client: TestClient) -> None:
    assert _facts(client, "") == set(ALL)
    words = _facts(client, "q=cipher+clerk")
    assert words == {
        i
        for i, r in ALL.items()
        if all(
            w in json.dumps([v for k, v in r.items() if k not in ("records", "sources")]).casefold() for w in ("cipher", "clerk")
        )
    }
    kind = _facts(client, "kind=rule&certainty=disputed")
    assert kind == {i for i, r in ALL.items() if r["kind"] == "rule" and r["certainty"] == "disputed"} != set()


def test_lines_lead_to_the_facts_that_cover_them(client: TestClient) -> None:
    known = {
        i for i, r in ALL.items() if any(s["section"] == "I.2" and s["lines"][0] <= 2348 <= s["lines"][1] for s in r["sources"])
    }
    assert _facts(client, "section=I.2&line=2348") == known != set()
    twin = client.get("/evidence.json?section=I.2&line=1").json()
    assert twin["tables"]["facts"]["total"] == 0 and twin["near"]["lines"]
    assert _facts(client, twin["near"]["to"].partition("?")[2])


def test_facets_count_what_a_choice_would_show(client: TestClient) -> None:
    twin = client.get("/evidence.json?q=secret&kind=rule").json()
    for facet in twin["facets"]:
        for value in facet["first"][:3]:
            if not value["chosen"]:
                there = client.get(value["to"].replace("/evidence?", "/evidence.json?")).json()
                assert there["tables"]["facts"]["total"] == value["n"] > 0, value
    kinds = Counter(r["kind"] for r in ALL.values())
    first = client.get("/evidence.json").json()["facets"][0]["first"]
    assert sorted(v["n"] for v in first) == sorted(kinds.values())


def test_a_day_and_a_person_narrow(client: TestClient) -> None:
    on = _facts(client, "at=1924-08-19")
    assert "rule:burning-every-two-weeks" in on
    assert not any(str(ALL[i].get("from") or "") > "1924-08-19" for i in on)
    about = _facts(client, "person=stalin")
    assert "person:stalin" in about and all("stalin" in json.dumps(ALL[i]).casefold() for i in about) and len(about) > 300
    year = _facts(client, "year=1923")
    days = {i: [str(ALL[i][k]) for k in ("date", "from", "to") if ALL[i].get(k)] for i in year}
    assert 100 < len(year) < len(ALL) / 2
    assert all(min(of)[:4] <= "1923" for of in days.values()) and sum("1923" in " ".join(of) for of in days.values()) > 100
    assert {i for i, r in ALL.items() if str(r.get("date") or "").startswith("1923")} <= year


def test_words_are_marked_and_escaped(client: TestClient) -> None:
    text = client.get("/evidence?q=burn").text
    assert "<mark>burn</mark>" in text.casefold()
    hostile = client.get("/evidence", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in hostile and "No fact has all of that" in hostile


def test_a_card_cites_and_links(client: TestClient) -> None:
    name = "rule:burning-every-two-weeks"
    twin, page = client.get(f"/evidence/{name}.json").json(), client.get(f"/evidence/{name}").text
    for style, write in cite.STYLES.items():
        assert twin["citations"][style] == write([ALL[name]])
    assert "2166" in twin["citations"]["plain"] and "Novosibirsk" in twin["citations"]["plain"]
    assert {r["rule"] for r in twin["rules"]} == {n for n, r in load().items() if name in (*r.evidence, *r.enacted_by)} != set()
    assert 'href="/rule/burning_interval"' in page and 'href="/mechanism/registry"' in page
    back = client.get("/rule/burning_interval.json").json()
    assert name in {f["id"] for f in back["facts"]} and {f["name"] for f in back["followed_by"]} == {"registry"}
    assert twin["names"] and all(t["id"] in ALL for t in [*twin["names"], *twin["named_by"]])
    for other in twin["names"]:
        assert name in {n["id"] for n in client.get(f"/evidence/{other['id']}.json").json()["named_by"]}


def test_every_kind_of_card_opens(client: TestClient, small: Run) -> None:
    for i, name in enumerate(ALL):
        if i % 25 == 0 or ALL[name]["kind"] == "cascade":
            text = client.get(f"/evidence/{name}").text
            assert "Something broke" not in text and text.count("<h1") == 1 and "Undefined" not in text, name
    stalin = client.get("/evidence/person:stalin.json").json()["in_run"]
    number = small.rows("select person from persons where name = 'I. V. Stalin'")[0]["person"]
    assert stalin["to"].endswith(f"/person/{number}")


def test_rules_in_force_are_those_of_the_rulebook(client: TestClient) -> None:
    on = date(1924, 9, 1)
    shown = list(csv.DictReader(io.StringIO(client.get("/rules.csv?at=1924-09-01").text)))
    assert len(shown) == len(load().at(on)) > 500
    assumed = client.get("/rules.json?assumed=1").json()["tables"]["rules"]
    assert assumed["total"] == len(load().parameters())
    assert all(r["rests_on"].startswith("assumption") for r in assumed["rows"])
    changed = client.get("/rules.json?amend=long-return-terms").json()["tables"]["rules"]["rows"]
    assert {r["rule"] for r in changed if r["changed"]} == load(["long-return-terms"]).changed


def test_a_mechanism_shows_the_rules_it_declares(client: TestClient) -> None:
    listed = client.get("/mechanisms").text
    for m in PLAN:
        address = f"/mechanism/{m.name.replace(' ', '-')}"
        assert f'href="{address}"' in listed
        twin = client.get(f"{address}.json").json()
        named = {path.split(".")[0].split("[")[0].split(":")[0] for path in m.reads.values()}
        assert {r["rule"] for r in [*twin["inputs"], *twin["parameters"]]} == named
    for r in client.get("/mechanism/couriers.json").json()["parameters"]:
        assert r["range"] and "couriers" in client.get(r["to"]).text


def test_words_rest_on_what_there_is(client: TestClient) -> None:
    page = client.get("/words").text
    book = load()
    for t in terms():
        assert f'id="{t.id}"' in page
        for name in t.rests_on:
            assert name in ALL or name in book, f"{t.id}: {name}"
        assert all(any(s == other.id for other in terms()) for s in t.see), t.id
    twin = client.get("/words.json?q=papka").json()
    assert [t["id"] for g in twin["groups"] for t in g["terms"]] == ["special-folder"]
    assert "<script>" not in client.get("/words", params={"q": "<script>x"}).text.split("<main")[1]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/evidence?kind=nonsense", 400),
        ("/evidence?line=2348", 400),
        ("/evidence?section=I.2&line=x", 400),
        ("/evidence?person=nobody-at-all", 400),
        ("/evidence?at=yesterday", 400),
        ("/evidence?year=soon", 400),
        ("/evidence/rule:nothing", 404),
        ("/evidence/%3Cscript%3E", 404),
        ("/rule/nothing", 404),
        ("/mechanism/nothing", 404),
        ("/rules?amend=nothing", 400),
        ("/rules?mechanism=nothing", 400),
    ],
)
def test_what_makes_no_sense_is_a_card(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status and "Traceback" not in answer.text and "<script>" not in answer.text
