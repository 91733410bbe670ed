"""Words and numbers that the terminal and the page share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

LEVEL_NAMES = {
    "centre": "Centre", "region": "region", "gubernia": "province (gubernia)", "uezd": "district (uezd)",
    "volost": "rural district (volost)", "cell": "cell",
}  # fmt: skip
KINDS = {
    "input": "a starting condition; agreement proves only that it was put in.",
    "outcome": "comes out of the mechanism; agreement or its want says something.",
}
_TOPICS = {
    "world": "The country and its committees",
    "paper": "Paper",
    "lags": "Days on the way and papers lent",
    "decisions": "Decisions",
    "circle": "The informal circle",
    "cadres": "Posts and appointments",
    "congresses": "Congresses and conferences",
    "union": "The union",
    "members": "Members",
    "masses": "Members",
    "knowledge": "Who knew what",
    "opposition": "Opposition and discipline",
    "justice": "Justice for communists",
    "privileges": "Pay and privileges",
    "economy": "Economy",
}


def topics(figures: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Documented figures by topic, topics in the order above, unknown ones after them, figures without one last."""
    held: dict[str, list[dict[str, Any]]] = {}
    for figure in figures:
        topic = figure.get("topic") or "other"
        title = _TOPICS.get(topic, topic.replace("-", " ").replace("_", " ").capitalize())
        held.setdefault(title, []).append(figure)
    order = list(dict.fromkeys(_TOPICS.values()))
    return sorted(held.items(), key=lambda x: (order.index(x[0]) if x[0] in order else len(order) + (x[0] == "Other"), x[0]))


def number(value: float | None) -> str:
    """A number for people: grouped, one decimal where it is small and broken; a dash for none."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 or float(value).is_integer() else f"{value:,.1f}"


def short(source: str) -> str:
    """A place in the book without its author and notes."""
    return re.sub(r", notes? .*$", "", source.removeprefix("Pavlova, "))


def shortest(source: str) -> str:
    """The same with the numbers of the lines alone."""
    return re.sub(r"\blines? ", "", short(source))


def day_in_words(day: date) -> str:
    """A day as it stands within a sentence."""
    return f"{day.day} {day:%B %Y}"
