"""The evidence: all facts of the book, searched by words and facets, and the card of one with what the model makes of it."""

from __future__ import annotations

import re
from typing import Any

from drivebelt.errors import BadInput
from drivebelt.evidence import cite
from drivebelt.web import catalogue, uses
from drivebelt.web.asked import Asked, NotThere, link
from drivebelt.web.catalogue import CERTAINTIES, FACETS, Fact, Place
from drivebelt.web.drawing.years import by_year
from drivebelt.web.page import Chart, Column, Page, Route, listed
from drivebelt.web.wording import KIND, KINDS, fields

_TITLES = {
    "kind": "Kind",
    "certainty": "Certainty",
    "mechanism": "Field",
    "section": "Section of the book",
    "person": "Person named",
}
_SHOWN = {"kind": 10, "certainty": 5, "mechanism": 12, "section": 14, "person": 10}
"""Values of a facet that stand there at once; the rest are folded away."""
_MOST = 60
_COLUMNS = (
    Column("id", "Record"),
    Column("title", "Fact", sortable=True),
    Column("dated", "When", sortable=True),
    Column("kind", "Kind", sortable=True),
    Column("certainty", "Certainty", sortable=True),
    Column("where", "Place in the book"),
    Column("text", "In words"),
)
_NOT_IN_NAME = {
    "bureau-of-the-secretariat": "bureau-of-secretariat",
    "narkompros": "nk-education",
    "narkomprod": "nk-food",
    "nkid": "nk-foreign",
    "nkvt": "nk-foreign-trade",
    "narkomvnutorg": "nk-internal-trade",
    "narkomyust": "nk-justice",
    "narkomnats": "nk-nationalities",
    "rabkrin": "nk-rabkrin",
    "administration-of-affairs-cc": "administration-of-affairs",
    "press-department-cc": "press-department",
    "women-department-cc": "women-department",
    "statistical-department-cc": "statistics-department",
    "orgotdel-cc": "orgotdel",
    "information-department-cc": "information-department",
    "special-department-ogpu": "ogpu-special-department",
    "gpu": "ogpu",
    "secret-archive-secretariat": "secret-archive",
}
"""Bodies that the run keys otherwise than the catalogue."""


def evidence(asked: Asked) -> Page:
    """All facts with these words, of this kind, certainty, field, section, year and person."""
    query, chosen, place = asked.word("q"), _chosen(asked), _place(asked)
    at = asked.day("at")
    found, counts = catalogue.search(query, chosen, place, at.isoformat() if at else "")
    table = listed(
        asked,
        [_row(f) for f in found],
        _COLUMNS,
        caption="Facts",
        empty="No fact has all of that. Take a word or a filter away.",
    )
    content = {
        "asked_for": {"q": query, "at": at, **chosen},
        "place": _where(place),
        "near": _near(place) if place and not found else None,
        "facets": [_facet(asked, f, chosen[f], counts[f]) for f in FACETS if f != "year"],
        "all": len(catalogue.facts()),
        "year": chosen["year"],
        "marks": {k: v[0] for k, v in CERTAINTIES.items()},
        "certainties": CERTAINTIES,
        "filtered": [(_TITLES.get(f, "Year"), _value(f, v), asked.here(**{f: None, "page": None})) for f, v in chosen.items() if v],
    }
    years = {int(y): n for y, n in counts["year"].items()}
    query_of_figure = tuple(sorted((k, v) for k, v in asked.query.items() if k not in ("page", "sort", "figure", "table")))
    chart = Chart(
        ("evidence-years", query_of_figure),
        lambda: by_year(years, chosen["year"], lambda y: asked.here(year=y, page=None, figure=None)),
    )
    return Page("evidence.html.j2", "Evidence", content, {"facts": table}, {"years": chart} if years else {})


def fact(asked: Asked) -> Page:
    """One fact: its words, its place in the book, how to cite it, and what rests on it."""
    name = asked.parts["id"]
    found = catalogue.facts().get(name)
    if found is None:
        kind = name.partition(":")[0]
        raise NotThere(
            f"no record {name[:80]!r}; a record is named kind:name, and kinds are {', '.join(KIND)}"
            + f" (not {kind[:20]})" * (kind not in KIND)
        )
    record = found.record
    rules = [(n, uses.rulebook()[n].about, _followers(n)) for n in uses.rules_on().get(name, ())]
    content = {
        "record": record,
        "name": found.title,
        "kind": KIND[record["kind"]],
        "certainty": CERTAINTIES[record["certainty"]],
        "dated": catalogue.dated(record),
        "where": cite.where(record),
        "fields": fields(record),
        "places": [
            {
                "section": s["section"],
                "lines": s["lines"],
                "notes": s.get("notes", []),
                "to": link("evidence", section=s["section"], line=_span(*s["lines"])),
            }
            for s in record["sources"]
        ],
        "citations": {"plain": plain(record), **{style: write([record]) for style, write in cite.STYLES.items()}},
        "rules": [{"rule": n, "about": about, "followed_by": who} for n, about, who in rules],
        "targets": [
            {"name": t.name, "mechanism": t.mechanism, "documented": t.documented, "unit": t.unit} for t in uses.figures_on(found)
        ],
        "cases": [{"name": n, "title": t, "steps": steps} for n, t, steps in uses.cases_on(found)],
        "losses": [told._asdict() for told in uses.losses_on().get(name, ())],
        "names": _listed(sorted(set(_referred(record)))),
        "named_by": _listed(catalogue.naming().get(name, ())),
        "in_run": _in_run(asked, record),
        "mentions": link("evidence", person=name) if record["kind"] == "person" else None,
    }
    return Page("fact.html.j2", found.title, content, trail=(("Evidence", "/evidence"),))


def plain(record: dict[str, Any]) -> str:
    """A citation as it stands in a note."""
    last, first = cite.AUTHOR
    where = cite.where(record)
    return f"{last}, {first}. {cite.TITLE}. {cite.PLACE}: {cite.PUBLISHER}, {cite.YEAR}. {where[:1].upper()}{where[1:]}."


def _chosen(asked: Asked) -> dict[str, str]:
    known = {
        facet: {v for f in catalogue.facts().values() for v in f.values(facet)}
        for facet in ("kind", "certainty", "mechanism", "section")
    }
    chosen = {facet: asked.choice(facet, sorted(values)) for facet, values in known.items()}
    year = asked.whole("year", None, 1800, 2100)
    person = asked.word("person")
    if person and not person.startswith("person:"):
        person = f"person:{person}"
    if person and person not in catalogue.facts():
        raise BadInput(f"person {person[:60]!r}: no such person in the catalogue; search for the name instead")
    return {**chosen, "year": str(year) if year else "", "person": person}


def _place(asked: Asked) -> Place | None:
    line = asked.word("line")
    if not line:
        return None
    matched = re.fullmatch(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?", line)
    section = asked.choice("section", catalogue.sections())
    if not matched or not section:
        raise BadInput(f"line {line[:40]!r}: write a line or two with a dash, and the section beside it: ?section=I.2&line=2348")
    first, last = int(matched[1]), int(matched[2] or matched[1])
    return Place(section, min(first, last), max(first, last))


def _near(place: Place) -> dict[str, str] | None:
    found = catalogue.nearest(place)
    if found is None:
        return None
    return {
        "lines": _span(found.first, found.last),
        "to": link("evidence", section=found.section, line=_span(found.first, found.last)),
    }


def _where(place: Place | None) -> str | None:
    return place and f"section {place.section}, line{'s' * (place.first != place.last)} {_span(place.first, place.last)}"


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _row(found: Fact) -> dict[str, Any]:
    r = found.record
    first = found.places[0]
    return {
        "id": found.id,
        "title": found.title,
        "dated": catalogue.dated(r) or None,
        "kind": KIND[r["kind"]],
        "certainty": r["certainty"],
        "where": f"{first.section}, {_span(first.first, first.last)}"
        + f" and {len(found.places) - 1} more" * (len(found.places) > 1),
        "text": r["text"],
        "to": link("evidence", found.id),
    }


def _value(facet: str, value: str) -> str:
    match facet:
        case "kind":
            return KINDS[value]
        case "certainty":
            return " ".join(CERTAINTIES[value][:2])
        case "person":
            return catalogue.facts()[value].title
    return value.replace("_", " ")


def _facet(asked: Asked, facet: str, chosen: str, counts: Any) -> dict[str, Any]:
    """Values of a facet with their numbers and the address that takes one, or takes it back."""
    order = {s: i for i, s in enumerate(catalogue.sections())} if facet == "section" else {c: i for i, c in enumerate(CERTAINTIES)}
    ranked = sorted(counts.items(), key=lambda x: (order.get(x[0], 0), -x[1], x[0]))[:_MOST]
    values = [
        {
            "name": _value(facet, value),
            "n": n,
            "chosen": value == chosen,
            "to": asked.here(
                **{
                    facet: None if value == chosen else value,
                    "page": None,
                    "line": None if facet == "section" else asked.query.get("line"),
                }
            ),
        }
        for value, n in ranked
    ]
    return {"name": facet, "title": _TITLES[facet], "first": values[: _SHOWN[facet]], "more": values[_SHOWN[facet] :]}


def _followers(rule: str) -> list[dict[str, Any]]:
    return [{"name": who.name, "daily": who.daily} for who in uses.readers().get(rule, ())]


def _referred(record: dict[str, Any]) -> list[str]:
    from drivebelt.evidence.schema import references

    return [r for r in references({k: v for k, v in record.items() if k != "id"}) if r != record["id"]]


def _listed(ids: Any) -> list[dict[str, str]]:
    known = catalogue.facts()
    return [
        {"id": i, "title": known[i].title, "kind": KIND[known[i].record["kind"]], "to": link("evidence", i)}
        for i in ids
        if i in known
    ]


def _in_run(asked: Asked, record: dict[str, Any]) -> dict[str, str] | None:
    """The person or body of the run on the shelf that a record stands for."""
    kind, _, key = record["id"].partition(":")
    if kind not in ("person", "organ") or not asked.library.shelf():
        return None
    if kind == "person":
        rows = asked.run.rows("select person as n, name from persons where name = ?", [record["name"]])
        return {"name": rows[0]["name"], "to": asked.to("person", rows[0]["n"])} if rows else None
    rows = asked.run.rows("select organ as n, name from organs where key = ?", [_NOT_IN_NAME.get(key, key)])
    return {"name": rows[0]["name"], "to": asked.to("body", rows[0]["n"])} if rows else None


ROUTES = (Route("/evidence", evidence), Route("/evidence/{id}", fact))
