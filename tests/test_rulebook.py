"""The rulebook: values on days, sources, and what the mechanisms may not hold themselves."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivebelt.errors import BadInput
from drivebelt.evidence import records
from drivebelt.mechanism import Mechanism
from drivebelt.rulebook import load
from drivebelt.rulebook.in_force import Reading
from drivebelt.rulebook.schema import rule
from drivebelt.running.day import PLAN

BOOK = load()


@given(st.sampled_from(sorted(BOOK)), st.dates(date(1917, 11, 7), date(1941, 6, 22)))
def test_value_is_the_last_one_not_later(name: str, day: date) -> None:
    held = [value for start, value in BOOK[name].values if start <= day]
    until = BOOK[name].until
    expected = held[-1] if held and (until is None or day <= until) else None
    assert BOOK.value(name, day) == expected


def test_documented_values() -> None:
    assert BOOK.value("return_of_minutes", date(1924, 8, 18)) is None
    assert BOOK.value("return_of_minutes", date(1924, 8, 19)) == {"moscow": 14, "province": 30}
    assert BOOK.value("return_of_extracts", date(1927, 5, 5)) == {"moscow": 7, "province": 7}
    assert BOOK.value("secretariat_protest_window", date(1923, 3, 1)) == 48
    assert BOOK.value("cipher_return", date(1924, 1, 1)) == 14
    assert len(BOOK.value("core_members", date(1924, 9, 1))) == 7


def test_every_rule_has_a_source_or_is_an_assumption_with_a_range() -> None:
    for name, r in BOOK.items():
        if r.assumed:
            assert r.why, name
            if r.type in ("number", "integer"):
                assert r.range is not None, name
        else:
            assert "line" in r.citation(), name


def test_every_rule_of_the_evidence_is_held_once() -> None:
    held: dict[str, list[str]] = {}
    for name, r in BOOK.items():
        for source in r.evidence:
            held.setdefault(source, []).append(name)
    known = {record["id"] for record in records("rule")}
    assert set(held) == known


@pytest.mark.parametrize("mechanism", PLAN, ids=lambda m: m.name)
def test_mechanisms_read_only_rules_that_exist(mechanism) -> None:  # type: ignore[no-untyped-def]
    reading = Reading(mechanism, BOOK, date(1922, 4, 3), 2143)
    assert reading.at(0) is not None and reading.at(2142) is not None


def sources(mechanism: Mechanism) -> list[Path]:
    """The module of a mechanism, and what of its package it takes functions from."""
    own = Path(str(sys.modules[mechanism.step.__module__].__file__))
    taken = [n.module or "" for n in ast.walk(ast.parse(own.read_text())) if isinstance(n, ast.ImportFrom)]
    return [own, *(own.parent / f"{name.rsplit('.', 1)[1]}.py" for name in taken if name.startswith("drivebelt.mechanism."))]


@pytest.mark.parametrize("mechanism", PLAN, ids=lambda m: m.name)
def test_mechanisms_hold_no_number_of_their_own(mechanism: Mechanism) -> None:
    """Numbers other than 0 and 1 stand in the rulebook or are named constants of the shared vocabulary. How many rows a step may
    write (`w.room`) and how many codes it tells apart (`range`) are its shape, no figure."""
    found = [(path.name, n) for path in sources(mechanism) for n in numbers(ast.parse(path.read_text()))]
    assert [(name, n.lineno, n.value) for name, n in found if n.value not in (0, 1)] == []


def numbers(node: ast.AST) -> Iterator[ast.Constant]:
    """The numbers below a node, without those that count rows or codes."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("w.room", "range"):
        return
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from numbers(child)


@pytest.mark.parametrize("mechanism", PLAN, ids=lambda m: m.name)
def test_every_rule_a_mechanism_reads_is_used(mechanism: Mechanism) -> None:
    own = sources(mechanism)
    text = "".join(f.read_text() for f in [*own, *sorted((own[0].parent.parent / "power").glob("*.py"))])
    for short in mechanism.reads:
        assert f"p.{short}" in text or f'"{short}"' in text.replace(f'"{short}":', ""), short


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"about": "x", "type": "number", "values": {date(1922, 1, 1): 3}}, "source"),
        ({"about": "x", "type": "number", "values": {date(1922, 1, 1): 3}, "source": "assumption", "why": "w"}, "range"),
        (
            {"about": "x", "type": "number", "values": {date(1922, 1, 1): 3}, "source": "assumption", "why": "w", "range": [4, 5]},
            "outside its range",
        ),
        (
            {"about": "x", "type": "integer", "values": {date(1922, 1, 1): 3.5}, "source": {"section": "I.1", "lines": [1, 2]}},
            "not of type",
        ),
        (
            {"about": "x", "type": "boolean", "values": {date(1922, 1, 1): True}, "source": {"section": "I.1", "lines": [5, 2]}},
            "backwards",
        ),
        (
            {
                "about": "x",
                "type": "boolean",
                "values": {date(1922, 1, 1): True},
                "until": date(1921, 1, 1),
                "source": {"section": "I.1", "lines": [1, 2]},
            },
            "before the first",
        ),
        ({"about": "x", "type": "boolean", "values": {}, "source": {"section": "I.1", "lines": [1, 2]}}, "values"),
        (
            {"about": "x", "type": "boolean", "values": {date(1022, 1, 1): True}, "source": {"section": "I.1", "lines": [1, 2]}},
            "date outside",
        ),
        ("words", "a rule is a table"),
    ],
)
def test_schema_refuses(entry: object, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        rule("some_rule", "field", entry, "file.yaml")
    assert "file.yaml" in str(caught.value) and "some_rule" in str(caught.value)


def test_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(BadInput, match="return_of_minutes"):
        BOOK["return_of_minuts"]


def test_digest_changes_with_a_value(tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    place.write_text("name: a\nquestion: q\nchanges: {burning_interval: {values: {1924-08-19: 7}}}")
    assert load([place]).digest != BOOK.digest == load().digest
