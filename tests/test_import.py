"""Archives of other fields: what is understood, what is dropped and why; never a traceback, never a silent loss."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from conftest import command, refused
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import QUIET, TRUTH, account, read_or_refused, table

from drivebelt.interchange.wording import distance, wording, wordings

MAPPING = """columns:
  paper: id
  date: sent
  issuer: from
  recipients: [to, cc]
  subject: about
  number: nr
  series: register
  reply_to: answers
  text: body
"""
HEAD = "id,sent,from,to,cc,about,nr,register,answers,body\n"


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    (tmp_path / "map.yaml").write_text(MAPPING)
    return tmp_path / "map.yaml"


def bring(tmp_path: Path, mapping: Path, text: str | bytes, name: str = "out") -> Path:
    (tmp_path / "in.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    done = command("import", tmp_path / "in.csv", "--from", "csv", "--mapping", mapping, "--out", tmp_path / name)
    assert done.returncode == 0, done.stderr
    return tmp_path / name


def reject(tmp_path: Path, mapping: Path, text: str | bytes) -> str:
    (tmp_path / "in.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    said = refused("import", tmp_path / "in.csv", "--from", "csv", "--mapping", mapping, "--out", tmp_path / "no")
    assert not (tmp_path / "no").exists()
    return said


def test_a_table_becomes_an_archive(tmp_path: Path, mapping: Path) -> None:
    archive = bring(
        tmp_path, mapping,
        HEAD
        + "b,2001-05-03,Sales ,Board;Works, sales  office ,Prices,2,out,a,raise all prices in June\n"
        + 'a,2001-05-02,Board,Sales,,Prices,7,out,,"raise all\nprices in July"\n'
        + "c,2001-05-03,Works,Board,Board,,x,,zz,\n"
        + "a,2001-05-09,Board,Sales,,,,,,\n"
        + "d,31 May,Board,Sales,,,,,,\n"
        + "e,,Board,Sales,,,,,,\n"
        + "f,2001-05-09,,Sales,,,,,,\n"
        + "g,0001-05-09,Board,Sales,,,,,,\n"
        + "too,few\n",
    )  # fmt: skip
    told = account(archive)
    assert (told["read"], told["kept"]) == (9, 3)
    assert told["dropped"] == {
        "the same paper again": 1, "no date, or one that cannot be read": 2, "no issuer or sender": 1,
        "a date before 1000 or after 2999": 1, "a row with more or fewer columns than the head": 1,
    }  # fmt: skip
    assert told["noted"] == {
        "number is not a whole number from 1: kept without it": 1,
        "answers a paper that is not in the file": 1,
    }
    assert [name for (name,) in table(archive, "organs", "name", "order by organ")] == ["Board", "Sales", "Works", "sales office"]
    papers = table(archive, "documents", "paper, issuer, number, parent_document, copies, matter", "order by document")
    assert papers == [("a", 0, 7, None, 1, 0), ("b", 1, 2, 0, 3, 0), ("c", 2, None, None, 1, None)]
    assert table(archive, "copies", "document, copy, addressee_organ", "order by 1, 2") == [
        (0, 0, 1),
        (1, 0, 0),
        (1, 1, 2),
        (1, 2, 3),
        (2, 0, 0),
    ]
    hashes = [w for (w,) in table(archive, "documents", "wording", "order by document")]
    assert (
        hashes[0] == wording("raise all prices in July")
        and hashes[1] == wording("Raise ALL prices, in June!")
        and hashes[2] is None
    )
    assert len(table(archive, "registers")) == 2  # a register belongs to its issuer


def test_no_truth_column_and_the_same_bytes_twice(tmp_path: Path, mapping: Path) -> None:
    rows = "".join(
        f"p{i},2001-01-{1 + i % 28:02d},o{i % 9},o{i % 7};o{i % 5},,s{i % 4},{i},r,,word{i % 3} and more words\n"
        for i in range(3000)
    )
    first, again = bring(tmp_path, mapping, HEAD + rows), bring(tmp_path, mapping, HEAD + rows, "again")
    for part in sorted(first.iterdir()):
        assert part.read_bytes() == (again / part.name).read_bytes(), part.name
        if part.suffix == ".parquet":
            assert not TRUTH & set(duckdb.sql(f"select * from read_parquet('{part}')").columns)


def test_encodings_and_forms_of_dates_are_followed(tmp_path: Path, mapping: Path) -> None:
    text = HEAD + "a,03.05.1924,Губком,Укомы|ЦК,,Хлеб,1,,,сдать хлеб к сроку\n"
    mapping.write_text(MAPPING + 'encoding: cp1251\ndate_format: "%d.%m.%Y"\nseparator: "|"\n')
    archive = bring(tmp_path, mapping, text.encode("cp1251"))
    assert table(archive, "documents", "date::varchar") == [("1924-05-03",)]
    assert [n for (n,) in table(archive, "organs", "name", "order by organ")] == ["Губком", "Укомы", "ЦК"]
    mapping.write_text(MAPPING + 'encoding: utf-16\ndate_format: "%d.%m.%Y"\nseparator: "|"\n')
    assert table(bring(tmp_path, mapping, text.encode("utf-16"), "u"), "organs") == table(archive, "organs")
    mapping.write_text(MAPPING)
    assert "line 2: is not utf-8" in reject(tmp_path, mapping, text.encode("cp1251"))
    assert "line 4: is not utf-8" in reject(tmp_path, mapping, (HEAD + "\n\nя").encode()[:-1])
    assert "encoding: utf-16" in reject(tmp_path, mapping, text.encode("utf-16"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"), ("\n", "line 1"), (HEAD, "nothing to import"), (HEAD.replace("body", "text"), "no column 'body' for text"),
        (HEAD.replace("cc", "to") + "a\n", "twice"), (HEAD.replace("register", "i") + "a\n", "'register'"),
        (HEAD.strip() + ",id\n", "twice"), (HEAD + "a,nonsense,x,y,,,,,,\n", "nothing to import: 1 no date"),
        (b"PK\x03\x04\0\0\0" + bytes(200), "zero bytes"), (HEAD + '"a,2001-01-01', "nothing to import"),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_used_are_refused(tmp_path: Path, mapping: Path, content: str | bytes, said: str) -> None:
    assert said in reject(tmp_path, mapping, content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "columns"), ("columns: 3", "columns"), ("columns: {date: d}", "neither issuer nor sender"),
        ("columns: {issuer: d}", "no date"),
        ("columns: {date: d, issuer: no}", "quotes"),
        ("columns: {date: [a, b], issuer: c}", "date"), ("columns: {when: d}", "no such name"),
        ("colums: {date: d}", "no such name"), (MAPPING + "encoding: base64", "encoding"),
        (MAPPING + "encoding: nonsense", "encoding"),
        (MAPPING + "delimiter: ab", "delimiter"), (MAPPING + 'date_format: "%Q"', "date_format"), ("columns: [", "YAML"),
        (MAPPING + "separator: 3", "separator"),
    ],
)  # fmt: skip
def test_mappings_that_cannot_be_followed_are_refused(tmp_path: Path, mapping: Path, content: str, said: str) -> None:
    mapping.write_text(content)
    assert said in reject(tmp_path, mapping, HEAD + "a,2001-01-01,x,y,,,,,,\n")


def test_the_command_line_is_checked(tmp_path: Path, mapping: Path) -> None:
    assert "no such file" in refused("import", tmp_path / "none", "--from", "csv", "--mapping", mapping, "--out", tmp_path / "x")
    (tmp_path / "t.csv").write_text(HEAD)
    assert "--mapping" in refused("import", tmp_path / "t.csv", "--from", "csv", "--out", tmp_path / "x")
    assert "is a folder" in refused("import", tmp_path, "--from", "ocel2", "--out", tmp_path / "x")
    assert "is there already" in refused("import", tmp_path / "t.csv", "--from", "csv", "--mapping", mapping, "--out", tmp_path)


@QUIET
@given(st.lists(st.lists(st.text(max_size=12) | st.sampled_from(["2001-01-01", "1999-12-31", "a", "7"]), max_size=11), max_size=12))
def test_any_cells_are_read_or_counted(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    place = tmp_path_factory.mktemp("csv")
    (place / "m.yaml").write_text(MAPPING)
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    (place / "in.csv").write_bytes((HEAD + "\n".join(lines)).encode("utf-8", "surrogatepass"))
    read_or_refused(place, "csv", place / "in.csv", "--mapping", place / "m.yaml")


@QUIET
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    place = tmp_path_factory.mktemp("raw")
    (place / "m.yaml").write_text(MAPPING)
    (place / "in").write_bytes(HEAD.encode() + raw)
    read_or_refused(place, "csv", place / "in", "--mapping", place / "m.yaml")
    (place / "in").write_bytes(b"From x\n" + raw)
    read_or_refused(place, "mbox", place / "in")
    (place / "in").write_bytes(b"From x\nFrom: a@b\nDate: Mon, 1 Jan 2001 00:00:00 +0000\n" + raw + b"\n\nText " + raw)
    read_or_refused(place, "mbox", place / "in")


MAIL = """From nobody Mon Jan  1 00:00:00 2001
Message-ID: <one@x>
From: =?iso-8859-1?q?Andr=E9?= <Andre@Firm.example>
To: Board <board@firm.example>, "Doe, J." <j@firm.example>
Cc: board@firm.example
Date: Tue, 2 Jan 2001 23:30:00 -0800
Subject: Re: FW: =?utf-8?b?UHJlaXNl?=
Content-Type: multipart/mixed; boundary="==a"

preamble
--==a
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/html

<p>not this</p>
--b
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

raise the price of caf=E9 tables
> quoted words of others
--b--
--==a
Content-Type: text/plain
Content-Disposition: attachment

attached words
--==a--

From nobody
From: board@firm.example
To: andre@firm.example
Date: Wed, 3 Jan 2001 09:00:00 +0000
In-Reply-To: <one@x>
Subject: AW: Preise

yes
From here on a line of the text

From nobody
From: no date

From nobody
Date: Wed, 3 Jan 2001 09:00:00 +0000
To: x@y

From nobody
Message-ID: <one@x>
From: again@x
Date: Wed, 3 Jan 2001 09:00:00 +0000

"""


def test_a_mailbox_becomes_an_archive(tmp_path: Path) -> None:
    (tmp_path / "m").write_text(MAIL)
    assert command("import", tmp_path / "m", "--from", "mbox", "--out", tmp_path / "out").returncode == 0
    told = account(tmp_path / "out")
    assert (told["read"], told["kept"]) == (5, 2)
    assert told["dropped"] == {"no date, or one that cannot be read": 1, "no issuer or sender": 1, "the same paper again": 1}
    assert [n for (n,) in table(tmp_path / "out", "organs", "name", "order by organ")] == [
        "andre@firm.example", "board@firm.example", "j@firm.example",
    ]  # fmt: skip
    assert table(tmp_path / "out", "persons", "name") == [("André",)]
    assert table(tmp_path / "out", "matters", "subject") == [("Preise",)]
    papers = table(tmp_path / "out", "documents", "date::varchar, issuer, parent_document, copies, wording", "order by document")
    assert papers == [("2001-01-02", 0, None, 2, wording("raise the price of café tables")),
                      ("2001-01-03", 1, 0, 1, wording("yes From here on a line of the text"))]  # fmt: skip


def test_a_maildir_says_the_same_as_an_mbox(tmp_path: Path) -> None:
    (tmp_path / "m").write_text(MAIL)
    command("import", tmp_path / "m", "--from", "mbox", "--out", tmp_path / "a")
    folder = tmp_path / "dir"
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    for i, message in enumerate(MAIL.split("\n\nFrom nobody")):
        (folder / ("cur" if i % 2 else "new") / f"{i}").write_text(message.split("\n", 1)[1] + "\n")
    assert command("import", folder, "--from", "mbox", "--out", tmp_path / "b").returncode == 0
    for name in ("organs", "copies"):
        assert table(tmp_path / "a", name) == table(tmp_path / "b", name)
    assert "not a maildir" in refused("import", tmp_path / "a", "--from", "mbox", "--out", tmp_path / "x")


def test_an_attachment_is_read_past_not_into_memory(tmp_path: Path) -> None:
    """200 MB in one line and in many: the reader keeps the text and at most a few pieces."""
    import tracemalloc

    from drivebelt.interchange import from_mail

    with (tmp_path / "m").open("wb") as file:
        file.write(b"From x\nFrom: a@b\nDate: Wed, 3 Jan 2001 09:00:00 +0000\nX-Long: " + b"y" * 2_000_000 + b"\n")
        file.write(b'Content-Type: multipart/mixed; boundary="q"\n\n--q\n\nwords\n--q\nContent-Type: image/png\n\n')
        for ending in (b"", b"\n"):
            for _ in range(100):
                file.write(b"QUJD" * 250_000 + ending)
        file.write(b"\n--q--\n\nFrom x\nFrom: c@d\nDate: Wed, 3 Jan 2001 09:00:00 +0000\n\nlast\n")
    tracemalloc.start()
    found = [(place, len(raw.headers), bytes(raw.text), raw.size) for place, raw in from_mail._mbox(tmp_path / "m")]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000 and found[0][3] > 200_000_000
    assert found[1][2] == b"last\n"
    assert command("import", tmp_path / "m", "--from", "mbox", "--out", tmp_path / "out").returncode == 0
    assert "headers longer than 256 KiB: only the beginning was read" in account(tmp_path / "out")["noted"]


def _slow(text: str) -> int | None:
    """The wording as its description says it, word by word."""
    words, word = [], b""
    for byte in text.lower().encode() + b" ":
        if byte >= 128 or chr(byte).isalnum():
            word += bytes([byte])
        elif word:
            words.append(word)
            word = b""
    if not words:
        return None
    full = (1 << 64) - 1
    shingles = [words[i : i + 3] for i in range(max(len(words) - 2, 1))]
    count = [0] * 64
    for shingle in shingles:
        x = 0xCBF29CE484222325
        for one in shingle:
            h = 0xCBF29CE484222325
            for byte in one:
                h = (h ^ byte) * 0x100000001B3 & full
            x = (x ^ h) * 0x100000001B3 & full
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & full
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB & full
        x ^= x >> 31
        for b in range(64):
            count[b] += x >> b & 1
    return sum(1 << b for b in range(64) if 2 * count[b] > len(shingles))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="ab Z9é!\n", max_size=40), max_size=5))
def test_wordings_are_what_their_description_says(texts: list[str]) -> None:
    assert wordings(pa.array(texts, pa.string())).to_pylist() == [_slow(text) for text in texts]


def test_like_texts_are_near_and_unlike_ones_far() -> None:
    draw = random.Random(1)
    words = [f"word{i}" for i in range(500)]
    near, far = [], []
    for _ in range(200):
        text = draw.choices(words, k=60)
        changed = list(text)
        changed[draw.randrange(60)] = "other"
        other = draw.choices(words, k=60)
        near.append([wording(" ".join(text)), wording(" ".join(changed))])
        far.append([wording(" ".join(text)), wording(" ".join(other))])
    near_by, far_off = (distance(*np.array(pairs, np.uint64).T) for pairs in (near, far))
    assert near_by.mean() < 12 and abs(far_off.mean() - 32) < 1.5
    assert (near_by < 22).mean() > 0.97 and (far_off < 18).mean() < 0.01


def test_the_page_shows_what_the_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import runpy

    docs = Path(__file__).parent.parent / "docs"
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(docs))
    runpy.run_path(str(docs / "make_leak.py"))["write"](Path("leak"))
    page = (docs / "bring-your-own-archive.md").read_text()
    assert f"```\n{Path('leak/leak.yaml').read_text()}```" in page
    shown = [line for line in page.splitlines() if line.startswith(("drivebelt import leak/", "drivebelt export"))]
    assert len(shown) == 4
    for line in shown:
        done = command(*line.split()[1:])
        assert done.returncode == 0 and done.stdout in page, done.stdout + done.stderr
