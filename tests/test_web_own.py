"""Own data: what a reader brings is read in a process of its own; what is damaged or hostile ends in a card."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import command, settled
from importing import COLUMNS
from starlette.testclient import TestClient

from drivebelt.archive import archive
from drivebelt.errors import BadInput
from drivebelt.results import Run
from drivebelt.web import app as web_app
from drivebelt.web.app import application
from drivebelt.web.glance import glance
from drivebelt.web.library import Library


@pytest.fixture(scope="module")
def client(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    library = Library([small.path], tmp_path_factory.mktemp("workshop"))
    with TestClient(application(library), base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


def send(client: TestClient, name: str, content: bytes) -> str:
    answer = client.post("/own", files={"file": (name, content)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.fixture(scope="module")
def brought(client: TestClient) -> str:
    """The address of the made example, read with the right columns."""
    address = client.post("/own", data={"example": "1"}, files={"none": b""}).headers["location"]
    form = settled(client, address)
    assert 'name="date" required' in form and "<option selected>sent on</option>" in form
    assert client.post(address, data=COLUMNS, files={"none": b""}).headers["location"] == address
    settled(client, address)
    return address


def test_the_example_is_read_and_explained(client: TestClient, brought: str) -> None:
    twin = client.get(f"{brought}.json").json()
    assert (twin["told"]["read"], twin["told"]["kept"]) == (138, 135)
    assert twin["told"]["dropped"]["no issuer or sender"] == 1
    papers = twin["tables"]["papers"]
    assert papers["total"] == 135
    one = client.get(f"{brought}/document/4.json").json()
    assert one["facts"]["issuer_name"] in "".join(one["why"]) and one["addressees"]
    oak = client.get(f"{brought}.json?q=oak").json()["tables"]["papers"]
    assert 0 < oak["total"] < 135 and all("oak" in f"{r['subject']} {r['issuer']}".lower() for r in oak["rows"])


def test_an_archive_of_this_mechanism_shows_whose_name_was_a_mere_name(client: TestClient, small: Run, tmp_path: Path) -> None:
    """Shares within their intervals; no such table where the rules learnt are those of another mechanism."""
    archive(small, "purge-1937", survival=0.05, out=tmp_path / "archive")
    assert command("export", tmp_path / "archive", "--to", "ocel2-sqlite", "--out", tmp_path / "log.sqlite").returncode == 0
    address = send(client, "log.sqlite", (tmp_path / "log.sqlite").read_bytes())
    page = settled(client, address)
    assert "In whose name others decided" in page
    rows = client.get(f"{address}.json").json()["tables"]["facade"]["rows"]
    assert len(rows) == 20 and all(0 <= row["low"] <= row["share"] <= row["high"] <= 1 for row in rows)
    assert {row["papers"] for row in rows} != {rows[0]["papers"]} and len({row["share"] for row in rows}) > 2


def test_no_chances_no_facade(client: TestClient, brought: str) -> None:
    assert "In whose name others decided" not in client.get(brought).text


def test_nothing_of_this_machine_is_shown(client: TestClient, brought: str) -> None:
    for address in (brought, f"{brought}.json", f"{brought}/document/4", f"{brought}?mapping=1"):
        assert "/workshop" not in client.get(address).text


def test_wrong_columns_can_be_mended(client: TestClient) -> None:
    address = client.post("/own", data={"example": "1"}, files={"none": b""}).headers["location"]
    client.post(address, data={**COLUMNS, "encoding": "no-such"}, files={"none": b""})
    page = settled(client, address)
    assert 'role="alert"' in page and "no-such" in page and 'name="issuer"' in page
    client.post(address, data=COLUMNS, files={"none": b""})
    assert "135" in settled(client, address)


def test_letters_of_a_stranger_are_text(client: TestClient) -> None:
    rows = b"id,date,from,to,text\n" + b"".join(
        b'%d,2009-01-%02d,"<script>alert(1)</script>","=cmd|x",raise the price of all\n' % (i, i % 27 + 1) for i in range(40)
    )
    address = send(client, "<img src=x onerror=alert(1)>.csv", rows)
    page = settled(client, address)
    assert "<img" not in page and "&lt;img" in page
    client.post(address, data={"paper": "id", "date": "date", "issuer": "from", "recipients": "to"}, files={"none": b""})
    for text in (settled(client, address), client.get(f"{address}/document/0").text):
        assert "<script>alert" not in text and "&lt;script&gt;" in text
    assert "'=cmd" in client.get(f"{address}.csv?table=network").text


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [("empty.csv", b"", "empty"), ("zero.csv", b"a,b\n\0\0", "zero bytes"), ("one.csv", b"justone\n1\n", "at least two"),
     ("broken.sqlite", b"SQLite format 3\0" + b"\7" * 4000, "cannot"), ("broken.json", b'{"events": [', "JSON"),
     ("pickle.csv", b"\x80\x04\x95\x0b\x00cos\nsystem\n", "zero bytes")],
)  # fmt: skip
def test_what_cannot_be_read_is_a_card(client: TestClient, name: str, content: bytes, word: str) -> None:
    answer = client.post("/own", files={"file": (name, content)})
    text = settled(client, answer.headers["location"]) if answer.status_code == 303 else answer.text
    assert word in text and "Traceback" not in text and 'role="alert"' in text


def test_too_much_is_refused_while_it_comes(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_app, "LARGEST", 0)
    answer = client.post("/own", files={"file": ("large.csv", b"a,b\n" * 400_000)})
    assert answer.status_code == 413 and "larger" in answer.text


def test_archives_of_others_cannot_be_found(client: TestClient, brought: str) -> None:
    for name in ("%2e%2e%2fown", "%252e%252e", "x" * 16, "own", "..%2f" + brought.rsplit("/")[-1]):
        assert client.get(f"/own/{name}").status_code in (404, 400)
    assert client.post(f"/own/{'x' * 16}", data={"away": "1"}, files={"none": b""}).status_code == 404
    assert client.post(brought, data={"away": "1"}, headers={"origin": "http://evil.example"}).status_code == 403


def test_an_archive_can_be_taken_away(client: TestClient) -> None:
    address = send(client, "t.csv", b"a,b\n1,2\n")
    assert client.post(address, data={"away": "1"}, files={"none": b""}).headers["location"] == "/own"
    assert client.get(address).status_code == 404


def test_a_first_look_guesses(tmp_path: Path) -> None:
    table = tmp_path / "t"
    table.write_bytes("Absender;Datum;Betreff\nMüller;03.02.2009;Preis\n".encode("cp1252"))
    seen = glance(table)
    assert (seen["delimiter"], seen["encoding"], seen["date_format"]) == (";", "cp1252", "%d.%m.%Y")
    assert seen["guess"] == {"issuer": "Absender", "date": "Datum", "subject": "Betreff"}
    table.write_bytes(b"no table")
    with pytest.raises(BadInput, match="two columns"):
        glance(table)
