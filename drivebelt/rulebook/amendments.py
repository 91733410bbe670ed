"""Amendments: a question to the mechanism, put as changes to its rules.

An amendment is a YAML file with `name`, `question` and `changes`. A change sets dated values, switches a rule off, or
switches it off from a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from drivebelt.errors import BadInput
from drivebelt.rulebook.rules import Rule, Rulebook, nearest
from drivebelt.rulebook.schema import FIRST, LAST, check_bounds, check_value
from drivebelt.safe_yaml import read_file, read_yaml

_KEYS = ("name", "question", "changes")
_WAYS = ("values", "off_from")
_LONGEST = 1000
_SAMPLE = 60


def shipped() -> dict[str, str]:
    """Shipped amendments: name -> the question it puts."""
    here = files("drivebelt").joinpath("amendments")
    names = sorted(f.name.removesuffix(".yaml") for f in here.iterdir() if f.name.endswith(".yaml"))
    return {name: read_yaml(here.joinpath(f"{name}.yaml").read_bytes(), name)["question"] for name in names}


def amend(book: Rulebook, amendments: Sequence[str | Path]) -> Rulebook:
    """The rulebook with the amendments applied one after the other.

    Raises BadInput that names file, key and nearest valid name for an unknown rule, a value of the wrong type, an
    impossible date, or two amendments with different values for one rule and day.
    """
    rules = dict(book)
    changed: dict[tuple[str, date | None], tuple[str, Any]] = {}
    names = []
    for which in amendments:
        where, raw = _load(which)
        names.append(_checked(raw, where))
        for rule_name, change in (raw["changes"] or {}).items():
            if rule_name not in rules:
                raise BadInput(f"{where}: changes.{rule_name}: no such rule{nearest(rule_name, rules)}")
            rules[rule_name] = _apply(rules[rule_name], change, f"{where}: changes.{rule_name}", where, changed)
    return Rulebook(rules, (*book.amended, *names), book.changed | {rule for rule, _ in changed})


def _load(which: str | Path) -> tuple[str, Any]:
    here = files("drivebelt").joinpath("amendments")
    name = str(which)
    if not name.endswith((".yaml", ".yml")):
        if name not in shipped():
            hint = nearest(name, list(shipped()))
            raise BadInput(f"no amendment {name!r}{hint} (a file needs the ending .yaml)")
        return f"amendment {name}", read_yaml(here.joinpath(f"{name}.yaml").read_bytes(), name)
    return name, read_file(Path(which))


def _checked(raw: Any, where: str) -> str:
    if not isinstance(raw, dict):
        raise BadInput(f"{where}: an amendment is a table with {', '.join(_KEYS)}")
    for key in raw:
        if key not in _KEYS:
            raise BadInput(f"{where}: {key}: unknown key{nearest(key, list(_KEYS))}")
    for key in _KEYS:
        if key not in raw:
            raise BadInput(f"{where}: {key} is missing; an amendment has {', '.join(_KEYS)}")
    for key in ("name", "question"):
        if raw[key] is None or isinstance(raw[key], (dict, list)) or not 1 <= len(str(raw[key]).strip()) <= _LONGEST:
            raise BadInput(f"{where}: {key}: a text of at most {_LONGEST} characters; put it in quotes")
    if not isinstance(raw["changes"] or {}, dict):
        raise BadInput(f"{where}: changes: a table of rules; got a {type(raw['changes']).__name__}")
    return " ".join(str(raw["name"]).split())


def _apply(rule: Rule, change: Any, key: str, where: str, changed: dict[tuple[str, date | None], tuple[str, Any]]) -> Rule:
    off = change is False or change == "off"
    if rule.needed and (off or (isinstance(change, dict) and "off_from" in change)):
        raise BadInput(f"{key}: nothing can be carried out without this rule, so that it cannot be switched off; give it values")
    if off:
        earlier = next((file for (name, _), (file, given) in changed.items() if name == rule.id and given != "off"), None)
        if earlier:
            raise BadInput(f"{key}: {earlier} gives the rule values, this switches it off; keep one of the two")
        changed[rule.id, None] = (where, "off")
        return replace(rule, values=((FIRST, None),), until=None)
    if not isinstance(change, dict) or not change:
        raise BadInput(f"{key}: write `off`, `off_from: date` or `values: {{date: value}}`")
    for way in change:
        if way not in _WAYS:
            raise BadInput(f"{key}.{way}: unknown key{nearest(way, list(_WAYS))}")
    if (rule.id, None) in changed:
        raise BadInput(f"{key}: {changed[rule.id, None][0]} switches the rule off, this changes it; keep one of the two")
    if "values" in change:
        rule = _with_values(rule, change["values"], f"{key}.values", where, changed)
    if "off_from" in change:
        day = _day(change["off_from"], f"{key}.off_from")
        _once(changed, (rule.id, day), "off", where, key)
        kept = tuple(v for v in rule.values if v[0] < day)
        if not kept:
            return replace(rule, values=((FIRST, None),), until=None)
        return replace(rule, values=kept, until=day - timedelta(days=1))
    return rule


def _with_values(
    rule: Rule, given: Any, key: str, where: str, changed: dict[tuple[str, date | None], tuple[str, Any]]
) -> Rule:  # fmt: skip
    if not isinstance(given, dict) or not given:
        raise BadInput(f"{key}: a table of date: value")
    values = dict(rule.values)
    for on, value in given.items():
        day = _day(on, key)
        try:
            check_value(rule.type, value)
            check_bounds(value, [v for _, v in rule.values] + [rule.range], rule.least, rule.most)
        except ValueError as why:
            raise BadInput(f"{key}.{day}: {why}; the rule is of type {rule.type}, as {_sample(rule)}") from why
        _same_table(rule, value, f"{key}.{day}")
        if rule.until is not None and day > rule.until:
            raise BadInput(f"{key}.{day}: the rule ends on {rule.until}, so that this is never in force; give an earlier date")
        _once(changed, (rule.id, day), value, where, key)
        values[day] = value
    return replace(rule, values=tuple(sorted(values.items(), key=lambda dated: dated[0])))


def _sample(rule: Rule) -> str:
    text = str(next((v for _, v in rule.values if v is not None), "nothing"))
    return text if len(text) <= _SAMPLE else text[:_SAMPLE] + "..."


def _same_table(rule: Rule, value: Any, key: str) -> None:
    model = rule.values[0][1]
    if isinstance(model, dict) != isinstance(value, dict):
        raise BadInput(f"{key}: the rule holds {'a table' if isinstance(model, dict) else 'one value'}")
    if isinstance(value, dict):
        for name in value:
            if name not in model:
                raise BadInput(f"{key}.{name}: unknown key{nearest(name, list(model))}")
        for name in model:
            if name not in value:
                raise BadInput(f"{key}: {name} is missing; give the whole table")


def _day(on: Any, key: str) -> date:
    if isinstance(on, str):
        try:
            on = date.fromisoformat(on)
        except ValueError as why:
            raise BadInput(f"{key}: {on!r} is not a date; write YYYY-MM-DD") from why
    if not isinstance(on, date) or isinstance(on, datetime) or not FIRST <= on <= LAST:
        raise BadInput(f"{key}: {on} is not a date between {FIRST} and {LAST}; write YYYY-MM-DD")
    return on


def _once(
    changed: dict[tuple[str, date | None], tuple[str, Any]],
    what: tuple[str, date | None],
    value: Any,
    where: str,
    key: str,
) -> None:
    if what in changed and changed[what][1] != value:
        raise BadInput(f"{key}: {changed[what][0]} gives another value for the same rule and day; keep one of the two")
    changed[what] = (where, value)
