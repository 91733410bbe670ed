"""The rulebook: rules in force on a day, one rule through time, and the mechanisms that follow them."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from drivebelt.mechanism import PHASES, Mechanism
from drivebelt.rulebook import Rule
from drivebelt.rulebook.amendments import shipped
from drivebelt.web import catalogue, uses
from drivebelt.web.asked import Asked, NotThere, link
from drivebelt.web.page import Column, Page, Route, listed
from drivebelt.web.wording import KIND

_PRECISION = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y", "unknown": "undated"}
_COLUMNS = (
    Column("title", "Rule", link=lambda r: r["to"], sortable=True),
    Column("value", "Value"),
    Column("since", "Since", sortable=True),
    Column("field", "Field", sortable=True),
    Column("rests_on", "Rests on"),
    Column("followed_by", "Followed by"),
    Column("about", "What it says"),
)


def rules(asked: Asked) -> Page:
    """Rules in force on a day, of a field, documented or assumed, followed by a mechanism; with an amendment, if one is named."""
    plan = uses.plan()
    at, query = asked.day("at"), asked.word("q")
    field, assumed = asked.choice("mechanism", _fields()), asked.choice("assumed", ("0", "1"))
    reader, amendment = asked.choice("read", [_slug(m.name) for m in plan] + ["none"]), asked.choice("amend", list(shipped()))
    book = uses.amended(amendment) if amendment else uses.rulebook()
    rows = [_row(rule, at, rule.id in book.changed) for rule in book.values() if _wanted(rule, at, query, field, assumed, reader)]
    rows.sort(key=lambda r: (not r["changed"], r["field"], r["title"]))
    table = listed(asked, rows, _COLUMNS, caption="Rules", empty="No rule has all of that.")
    content = {
        "asked_for": {"q": query, "at": at, "mechanism": field, "assumed": assumed, "read": reader, "amend": amendment},
        "fields": _fields(),
        "readers": [(_slug(m.name), m.name) for m in plan],
        "amendments": shipped(),
        "question": " ".join(shipped()[amendment].split()) if amendment else None,
        "count": {"documented": sum(not r.assumed for r in book.values()), "assumed": len(book.parameters())},
    }
    return Page("rules.html.j2", "Rules", content, {"rules": table}, trail=(("Evidence", "/evidence"),))


def rule(asked: Asked) -> Page:
    """One rule: its values through time, what it rests on, who follows it, and which amendments change it."""
    name = asked.parts["id"].replace("-", "_")
    if name not in uses.rulebook():
        raise NotThere(f"no rule {name[:80]!r}; /rules lists them")
    one = uses.rulebook()[name]
    known = catalogue.facts()
    content = {
        "rule": name,
        "about": one.about,
        "field": one.mechanism,
        "assumed": one.assumed,
        "range": _short(one.range),
        "why": one.why,
        "values": _values(one),
        "unit": one.unit_text(),
        "type": one.type,
        "until": one.until,
        "sanction": one.sanction,
        "certainty": catalogue.CERTAINTIES.get(one.certainty or ""),
        "citation": one.citation(),
        "places": _places(one),
        "facts": [
            {
                "id": i,
                "title": known[i].title,
                "text": known[i].record["text"],
                "kind": KIND[known[i].record["kind"]],
                "to": link("evidence", i),
            }
            for i in dict.fromkeys((*one.evidence, *one.enacted_by))
            if i in known
        ],
        "followed_by": [_reader(r) for r in uses.readers().get(name, ())],
        "amendments": [
            {"name": a, "question": q, "values": _values(uses.amended(a)[name]), "to": link("rules", amend=a)}
            for a, q in uses.amendments_on().get(name, ())
        ],
        "needed": one.needed,
        "least": one.least,
        "most": one.most,
    }
    return Page("rule.html.j2", _title(name), content, trail=(("Evidence", "/evidence"), ("Rules", "/rules")))


def mechanisms(asked: Asked) -> Page:
    """All mechanisms in the order of the day."""
    plan = uses.plan()
    phases = [
        {
            "phase": p,
            "mechanisms": [{"name": m.name, "about": m.about, "section": m.section, "to": _to(m)} for m in plan if m.phase == p],
        }
        for p in PHASES
    ]
    content = {"phases": [p for p in phases if p["mechanisms"]], "many": len(plan)}
    return Page("mechanisms.html.j2", "Mechanisms", content, trail=(("Evidence", "/evidence"),))


def mechanism(asked: Asked) -> Page:
    """One mechanism: the rules it follows, its free parameters with their ranges, and the outcomes it has to explain."""
    name, plan = asked.parts["name"], uses.plan()
    m = next((m for m in plan if _slug(m.name) == name), None)
    if m is None:
        raise NotThere(f"no mechanism {name[:60]!r}; there are {', '.join(_slug(m.name) for m in plan)}")
    book = uses.rulebook()
    followed = sorted({uses.rule_of(path) for path in m.reads.values()})
    place = [x.name for x in plan].index(m.name)
    content = {
        "name": m.name,
        "about": m.about,
        "section": m.section,
        "phase": m.phase,
        "emits": m.emits,
        "explains": m.explains,
        "evidence": link("evidence", section=m.section) if m.section in catalogue.sections() else None,
        "inputs": [_input(book[n]) for n in followed if not book[n].assumed],
        "parameters": [_input(book[n]) for n in followed if book[n].assumed],
        "targets": [
            {
                "name": t.name,
                "documented": t.documented,
                "unit": t.unit,
                "dated": t.dated,
                "source": t.cited,
                "remark": t.remark,
                "fact": link("evidence", t.evidence) if t.evidence else None,
            }
            for t in uses.figures_of(m.name)
        ],
        "before": plan[place - 1] and {"name": plan[place - 1].name, "to": _to(plan[place - 1])} if place else None,
        "after": {"name": plan[place + 1].name, "to": _to(plan[place + 1])} if place + 1 < len(plan) else None,
        "place": place + 1,
        "many": len(plan),
    }
    return Page(
        "one_mechanism.html.j2", m.name.capitalize(), content, trail=(("Evidence", "/evidence"), ("Mechanisms", "/mechanisms"))
    )


def _wanted(one: Rule, at: date | None, query: str, field: str, assumed: str, reader: str) -> bool:
    followed = [_slug(r.name) for r in uses.readers().get(one.id, ())]
    return (
        (at is None or one.at(at) is not None)
        and (not field or one.mechanism == field)
        and (not assumed or one.assumed == (assumed == "1"))
        and (not reader or (reader in followed if reader != "none" else not followed))
        and all(
            w in f"{one.id} {one.id.replace('_', ' ')} {one.about} {one.why or ''}".casefold() for w in query.casefold().split()
        )
    )


def _row(one: Rule, at: date | None, changed: bool) -> dict[str, Any]:
    since, value = next((v for v in reversed(one.values) if at is None or v[0] <= at), one.values[0])
    return {
        "rule": one.id,
        "title": _title(one.id),
        "to": link("rule", one.id),
        "value": uses.value_words(value, one.unit, one.units),
        "since": None if one.assumed else _since(one, since),
        "field": one.mechanism.replace("_", " "),
        "rests_on": one.citation().replace("Pavlova, ", "").replace("_", " "),
        "followed_by": ", ".join(dict.fromkeys(r.name for r in uses.readers().get(one.id, ()))) or None,
        "about": one.about,
        "assumed": one.assumed,
        "changed": changed,
        "certainty": one.certainty,
    }


def _values(one: Rule) -> list[dict[str, str]]:
    """Values in their order, each with the days between which it holds."""
    out = []
    for i, (since, value) in enumerate(one.values):
        later = one.values[i + 1][0] if i + 1 < len(one.values) else None
        until = f"until {later}" if later else f"to {one.until}" if one.until else "on"
        first = "through all years" if one.assumed and len(one.values) == 1 else f"from {_since(one, since)} {until}"
        out.append({"when": first, "value": uses.value_words(value, one.unit, one.units)})
    return out


def _since(one: Rule, day: date) -> str:
    return day.strftime(_PRECISION[one.date_precision])


def _places(one: Rule) -> list[dict[str, Any]]:
    if one.assumed:
        return []
    found = one.source if isinstance(one.source, (list, tuple)) else [one.source]
    return [
        {
            "text": f"section {s['section']}, lines {s['lines'][0]} to {s['lines'][1]}"
            if s["lines"][0] != s["lines"][1]
            else f"section {s['section']}, line {s['lines'][0]}",
            "to": link("evidence", section=s["section"], line=f"{s['lines'][0]}-{s['lines'][1]}"),
        }
        for s in found
    ]


def _input(one: Rule) -> dict[str, Any]:
    value = one.values[-1][1]
    return {
        "rule": one.id,
        "title": _title(one.id),
        "to": link("rule", one.id),
        "about": one.about,
        "citation": one.citation(),
        "value": uses.value_words(value, one.unit, one.units),
        "range": _short(one.range),
        "why": one.why,
        "unit": one.unit_text(),
        "changes": len(one.values),
    }


def _reader(r: uses.Reader) -> dict[str, Any]:
    return {
        "name": r.name,
        "about": r.about,
        "daily": r.daily,
        "part": r.part,
        "to": link("mechanism", _slug(r.name)) if r.daily else None,
    }


def _short(value: Any) -> str | None:
    if isinstance(value, dict):
        return "; ".join(f"{k.replace('_', ' ')} {_short(v)}" for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return " to ".join(map(str, value)) if len(value) == 2 else ", ".join(map(str, value))
    return None if value is None else str(value)


@cache
def _fields() -> tuple[str, ...]:
    return tuple(sorted({r.mechanism for r in uses.rulebook().values()}))


_CAPITALS = frozenset(("cc", "ccc", "gpu", "ogpu", "nep", "ussr", "rsfsr", "sto", "pur", "xi", "xii", "xiii", "xiv", "xv"))
"""Parts of the names of rules that are written in capitals."""


def _title(rule: str) -> str:
    words = " ".join(w.upper() if w in _CAPITALS else w for w in rule.split("_"))
    return words[:1].upper() + words[1:]


def _slug(name: str) -> str:
    return name.replace(" ", "-")


def _to(m: Mechanism) -> str:
    return link("mechanism", _slug(m.name))


ROUTES = (
    Route("/rules", rules),
    Route("/rule/{id}", rule),
    Route("/mechanisms", mechanisms),
    Route("/mechanism/{name}", mechanism),
)
