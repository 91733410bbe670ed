"""The evidence: whole, sound, searchable and citable."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from conftest import command

from drivebelt.errors import BadInput
from drivebelt.evidence import evidence, records
from drivebelt.evidence.cite import STYLES
from drivebelt.evidence.schema import check

GOOD = {
    "id": "event:x",
    "kind": "event",
    "text": "something",
    "certainty": "documented",
    "sources": [{"section": "I.1", "lines": [1, 2]}],
}


def test_all_records_are_sound() -> None:
    assert check(records()) > 3000


def test_no_source_record_is_lost() -> None:
    """Every one of the 3,454 records taken from the book is held exactly once."""
    sources = [source for record in records() for source in record["records"]]
    assert len(sources) == len(set(sources)) == 3454


def test_the_page_counts_what_is_held() -> None:
    page = (Path(__file__).parent.parent / "docs" / "evidence.md").read_text()
    counts = re.findall(r"^\| (\w+) \| ([\d,]+) \| ([\d,]+) \| (\d+) \|$", page, re.M)
    assert {kind for kind, *_ in counts} == {"all", *(r["kind"] for r in records())}
    for kind, working, held, merged in counts:
        found = [r for r in records() if kind in (r["kind"], "all")]
        sources = sum(len(r["records"]) for r in found)
        assert (f"{sources:,}", f"{len(found):,}", str(sources - len(found))) == (working, held, merged), kind


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sources": []}, "sources"),
        ({"sources": [{"section": "I.1", "lines": [4, 2]}]}, "backwards"),
        ({"from": "1925", "to": "1922-05"}, "reversed"),
        ({"date": "in spring"}, "not a date"),
        ({"certainty": "sure"}, "certainty"),
        ({"id": "person:x"}, "does not fit"),
        ({"organ": "organ:nowhere"}, "no record"),
        ({"text": ""}, "text"),
    ],
)
def test_schema_refuses(change: dict[str, object], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        check([{**GOOD, **change}])


def test_doubles_are_refused() -> None:
    with pytest.raises(BadInput, match="twice"):
        check([GOOD, GOOD])


def test_one_secretariat_one_molotov() -> None:
    assert (
        len([r for r in records("organ") if r["id"] in ("organ:secretariat", "organ:cc-secretariat", "organ:secretariat-cc")]) == 1
    )
    assert len([r for r in records("person") if "molotov" in r["id"]]) == 1
    assert len([r for r in records("person") if "eikhe" in r["id"]]) == 1


def test_search_by_words_kind_day_field_and_person() -> None:
    assert any("frumkin" in r["id"] for r in evidence("frumkin telegram"))
    assert all(r["kind"] == "rule" for r in evidence("cipher", kind="rule"))
    assert evidence("cipher", kind="rule")
    on_the_day = evidence(at=date(1928, 1, 14))
    assert any(r["id"] == "document:stalin-telegram-1928-01-14" for r in on_the_day)
    assert all(r["mechanism"] == "courier" for r in evidence(mechanism="courier"))
    assert all("yaroslavsky" in json.dumps(r).casefold() for r in evidence(person="yaroslavsky"))
    assert evidence("no such words anywhere xyzzy") == []


@pytest.mark.parametrize("style", STYLES)
def test_citations_name_author_and_place(style: str) -> None:
    text = command("evidence", "burning", "fortnight", "--kind", "rule", "--cite", style).stdout
    assert "Pavlova" in text and "2166" in text


def test_csl_is_json_and_ris_closes_every_entry() -> None:
    found = evidence("burning")
    assert len(json.loads(STYLES["csl"](found))) == len(found)
    ris = STYLES["ris"](found)
    assert ris.count("TY  - ") == ris.count("ER  - ") == len(found)
    bib = STYLES["bibtex"](found)
    assert bib.count("{") == bib.count("}")


def test_command_prints_and_emits_json() -> None:
    assert "records" in command("evidence", "special", "folder").stdout
    assert isinstance(json.loads(command("evidence", "special", "folder", "--json").stdout), list)
    assert "all sound" in command("evidence", "--check").stdout
