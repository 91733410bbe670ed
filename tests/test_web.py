"""The page as a browser asks for it, without a browser: forms of a page, faults, and what keeps strangers out."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from drivebelt.results import Run
from drivebelt.web.app import application
from drivebelt.web.library import Library


@pytest.fixture(scope="module")
def run(small: Run) -> str:
    return f"/run/{small.path.name}"


def test_every_page_has_a_twin(client: TestClient, run: str) -> None:
    for address in ("/", run, f"{run}/matters", "/keys"):
        assert "<main" in client.get(address).text
        twin = client.get(f"{address if address != '/' else '/index'}.json")
        assert twin.status_code == 200 and twin.json()["title"]


def test_a_table_is_paged_and_its_csv_is_whole(client: TestClient, run: str, small: Run) -> None:
    asked = "q=grain&sort=-opened"
    twin = client.get(f"{run}/matters.json?{asked}").json()["tables"]["matters"]
    whole = list(csv.DictReader(io.StringIO(client.get(f"{run}/matters.csv?{asked}").text)))
    known = small.rows("select count(*) as n from matters where contains(subject, 'grain')")[0]["n"]
    assert len(whole) == twin["total"] >= known > 0
    assert [int(r["matter"]) for r in whole[:3]] == [r["matter"] for r in twin["rows"][:3]]
    days = [r["opened"] for r in whole]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [("/nowhere", 404, "no page"), ("/run/nowhere/matters", 404, "no run"), ("{run}/matters?page=x", 400, "page"),
     ("{run}/matters?field=%3Cscript%3E", 400, "field"), ("{run}/matters?q=" + "a" * 300, 400, "shorten")],
)  # fmt: skip
def test_what_makes_no_sense_is_a_card(client: TestClient, run: str, address: str, status: int, word: str) -> None:
    answer = client.get(address.format(run=run))
    assert answer.status_code == status and word in answer.text and "<script>" not in answer.text
    assert "Traceback" not in answer.text
    head, mark, query = address.format(run=run).partition("?")
    twin = client.get(f"{head}.json{mark}{query}")
    assert twin.status_code == status and word in twin.json()["error"]


def test_a_damaged_run_is_a_card(tmp_path: Path, small: Run) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    client = TestClient(application(Library([tmp_path / "broken", small.path])), base_url="http://127.0.0.1")
    assert "damaged" in client.get("/").text and client.get("/").status_code == 200
    assert client.get("/run/broken/matters").status_code == 422
    assert client.get(f"/run/{small.path.name}/matters").status_code == 200


def test_strangers_are_kept_out(small: Run) -> None:
    app = application(Library([small.path]))
    assert TestClient(app, base_url="http://evil.example").get("/").status_code == 421
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/run/..%2f..%2fetc/matters", "/run/%2fetc/matters"):
        assert TestClient(app, base_url="http://127.0.0.1").get(path).status_code in (404, 400)
    guarded = TestClient(application(Library([small.path]), hosts=("*",), token="secret"), base_url="http://any.example")
    assert guarded.get("/").status_code == 401 and guarded.get("/?token=wrong").status_code == 401
    assert guarded.get("/?token=secret").status_code == 200 and guarded.get("/keys").status_code == 200
    policy = guarded.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy


def test_ten_readers_at_once_get_what_one_gets(client: TestClient, run: str) -> None:
    addresses = [f"{run}/matters?q=grain", f"{run}/matters?page=3", f"{run}/bodies", f"{run}/people?q=a", f"{run}/nowhere",
                 f"{run}/map", f"{run}/measures", "/evidence?q=cipher", f"{run}/matters?page=x"]  # fmt: skip
    for address in addresses:  # what is counted in the background first
        client.get(address)
    client.app.state.library.settle()  # type: ignore[attr-defined]
    alone = {address: (answer.status_code, answer.text) for address in addresses if (answer := client.get(address)) is not None}

    def reads(number: int) -> list[bool]:
        mine = [addresses[(number + step) % len(addresses)] for step in range(0, len(addresses), 2)]
        own = TestClient(client.app, base_url="http://127.0.0.1")
        return [(answer.status_code, answer.text) == alone[address] for address in mine if (answer := own.get(address)) is not None]

    with ThreadPoolExecutor(10) as pool:
        assert all(all(same) for same in pool.map(reads, range(10)))
