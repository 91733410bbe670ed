"""What the model makes of the book: which rule, mechanism, documented figure, episode, loss or amendment rests on a fact."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, NamedTuple

from drivebelt import cases
from drivebelt.evidence.schema import REFERENCE
from drivebelt.experiments.targets import Target, targets
from drivebelt.rulebook import Rulebook, load
from drivebelt.rulebook.amendments import amend, shipped
from drivebelt.web.catalogue import Fact, Place, facts

if TYPE_CHECKING:
    from drivebelt.mechanism import Mechanism

_ELSEWHERE = ("web", "report", "experiments", "cli", "mechanism", "__init__.py", "running/settings.py")
"""Parts of the package that do not build the world, or whose rules are declared by the mechanisms themselves."""


class Reader(NamedTuple):
    """Something that follows a rule: a mechanism, under its own short name for it, or a module that builds the world."""

    name: str
    about: str
    daily: bool
    part: str = ""


class Told(NamedTuple):
    """Something that rests on a fact, without an address that is known here."""

    name: str
    about: str


@cache
def rulebook() -> Rulebook:
    """The rulebook as shipped."""
    return load()


@cache
def amended(name: str) -> Rulebook:
    """The rulebook with a shipped amendment."""
    return amend(rulebook(), [name])


def plan() -> tuple[Mechanism, ...]:
    """The mechanisms of a day, in their order. They compile much and are asked for by few pages: loaded when first needed."""
    from drivebelt.running.day import PLAN

    return PLAN


def mechanism(name: str) -> Mechanism | None:
    """A mechanism by its name."""
    return next((m for m in plan() if m.name == name), None)


def rule_of(path: str) -> str:
    """The rule that a mechanism's `rule.key` or `rule[levels]` speaks of."""
    return re.split(r"[.\[:]", path, maxsplit=1)[0]


@cache
def readers() -> dict[str, tuple[Reader, ...]]:
    """Who follows each rule: mechanisms as they declare it, and modules of the world that name it in their text."""
    found: dict[str, list[Reader]] = {}
    for m in plan():
        for path in sorted(set(m.reads.values())):
            found.setdefault(rule_of(path), []).append(Reader(m.name, m.about, True, path[len(rule_of(path)) :].strip(".[]:")))
    for module, about, named in _modules():
        for name in sorted(named & set(rulebook())):
            found.setdefault(name, []).append(Reader(module, about, False))
    return {name: tuple(dict.fromkeys(who)) for name, who in found.items()}


@cache
def rules_on() -> dict[str, tuple[str, ...]]:
    """Fact -> rules that rest on it."""
    found: dict[str, list[str]] = {}
    for name, rule in rulebook().items():
        for fact in dict.fromkeys((*rule.evidence, *rule.enacted_by)):
            found.setdefault(fact, []).append(name)
    return {fact: tuple(names) for fact, names in found.items()}


def figures_on(fact: Fact) -> list[Target]:
    """Documented figures that are taken from a fact."""
    return [t for t in targets() if t.evidence == fact.id]


def figures_of(name: str) -> list[Target]:
    """Documented figures that a mechanism has to explain."""
    return [t for t in targets() if t.mechanism == name]


@cache
def _steps() -> tuple[tuple[str, str, str, Place], ...]:
    out = []
    for name in cases.case_names():
        raw = cases.episode(name)
        for step in raw["steps"]:
            if source := step.get("source"):
                out.append((name, str(raw["title"]), str(step["text"]), Place(source["section"], *source["lines"])))
    return tuple(out)


def cases_on(fact: Fact) -> list[tuple[str, str, list[str]]]:
    """Episodes with steps on the same lines as a fact: (name, title, steps). The steps' lines must be narrow enough to mean it."""
    found: dict[str, tuple[str, str, list[str]]] = {}
    for name, title, step, at in _steps():
        if any(p.section == at.section and p.first <= at.last and at.first <= p.last and _narrow(p, at) for p in fact.places):
            found.setdefault(name, (name, title, []))[2].append(step)
    return list(found.values())


def _narrow(a: Place, b: Place) -> bool:
    return max(a.last - a.first, b.last - b.first) <= 12


@cache
def losses_on() -> dict[str, tuple[Told, ...]]:
    """Fact -> losses, alterations and covers of the archive's regimes that rest on it."""
    found: dict[str, list[Told]] = {}
    from drivebelt.archive.regimes import rules as archive_rules

    book = archive_rules()
    for regime, one in {**book.regimes, **book.readers}.items():
        for name, loss in {**one.losses, **one.alterations}.items():
            for fact in loss.evidence:
                found.setdefault(fact, []).append(Told(f"{regime}: {name.replace('-', ' ')}", " ".join(loss.about.split())))
    return {fact: tuple(told) for fact, told in found.items()}


@cache
def amendments_on() -> dict[str, tuple[tuple[str, str], ...]]:
    """Rule -> shipped amendments that change it, with the question that each puts."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, question in shipped().items():
        for rule in sorted(amended(name).changed):
            found.setdefault(rule, []).append((name, " ".join(question.split())))
    return {rule: tuple(them) for rule, them in found.items()}


def _modules() -> list[tuple[str, str, frozenset[str]]]:
    """Modules that build the world: name, what they are, and all words in quotes in them."""
    out = []
    for name, file in sorted(_python(files("drivebelt"), "")):
        if name in _ELSEWHERE or name.split("/")[0] in _ELSEWHERE:
            continue
        text = file.read_text(encoding="utf-8")
        named = frozenset(re.findall(r'"([a-z0-9_]+_[a-z0-9_]+)"', text))
        if named & set(rulebook()):
            about = ast.get_docstring(ast.parse(text)) or ""
            out.append((name.removesuffix(".py"), about.split("\n")[0], named))
    return out


def _python(folder: Traversable, under: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for item in folder.iterdir():
        if item.is_dir() and item.name.isidentifier() and not item.name.startswith("_"):
            found += _python(item, f"{under}{item.name}/")
        elif item.name.endswith(".py"):
            found.append((under + item.name, item))
    return found


def value_words(value: Any, unit: str | None = None, units: Mapping[str, str] | None = None) -> str:
    """A rule's value for a reader."""
    if value is None:
        return "not in force"
    if value is True:
        return "in force"
    if value is False:
        return "no"
    if isinstance(value, Mapping):
        given = units or {}
        return "; ".join(f"{k.replace('_', ' ')}: {value_words(v, given.get(k, unit))}" for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(value_words(v) for v in value) + _unit(unit)
    if isinstance(value, str) and REFERENCE.match(value):  # a record of evidence: as its own name stands there
        fact = facts().get(value)
        return fact.title if fact else value
    return (f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)) + _unit(unit)


def _unit(unit: str | None) -> str:
    return f" {unit.replace('_', ' ')}" if unit and unit not in ("number", "text", "none", "boolean") else ""
