"""The glossary, and the keys."""

from __future__ import annotations

from typing import Any

from drivebelt.glossary import GROUPS, Term, term, terms
from drivebelt.web import catalogue, uses
from drivebelt.web.asked import Asked, link
from drivebelt.web.html import NAVIGATION
from drivebelt.web.page import Page, Route


def words(asked: Asked) -> Page:
    """Terms in plain words, each with what it rests on."""
    query = asked.word("q")
    found = [t for t in terms() if all(w in _text(t) for w in query.casefold().split())]
    groups = [{"id": g, "title": title, "terms": [_told(t) for t in found if t.group == g]} for g, title in GROUPS.items()]
    content = {"groups": [g for g in groups if g["terms"]], "many": len(terms()), "found": len(found), "q": query}
    return Page("words.html.j2", "Words", content)


def _text(t: Term) -> str:
    return f"{t.id} {t.term} {t.russian} {t.says}".casefold()


def _told(t: Term) -> dict[str, Any]:
    return {
        "id": t.id, "term": t.term, "russian": t.russian, "says": t.says, "rests_on": [_ground(name) for name in t.rests_on],
        "see": [{"id": s, "term": other.term} for s in t.see if (other := term(s))],
    }  # fmt: skip


def _ground(name: str) -> dict[str, str]:
    """A record of evidence or a rule, with its address."""
    if ":" in name:
        return {"name": catalogue.facts()[name].title, "kind": "evidence", "to": link("evidence", name)}
    return {"name": uses.rulebook()[name].about, "kind": "rule", "to": link("rule", name)}


def keys(asked: Asked) -> Page:
    """What can be reached by key."""
    rows = [{"key": key, "does": f"go to: {title}"} for title, _, key in NAVIGATION]
    more = (
        ("/", "search on this page"),
        ("← and →", "page back and on"),
        (".", "play or pause: a question on its way, a directive on the map"),
        ("t", "light or dark"),
        ("Esc", "leave a field"),
        ("?", "this list"),
    )
    return Page("keys.html.j2", "Keys", {"keys": rows + [{"key": key, "does": does} for key, does in more]})


ROUTES = (Route("/words", words), Route("/keys", keys))
