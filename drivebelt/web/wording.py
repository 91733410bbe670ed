"""Records in words: what their fields are called, references as links, and the words of a search marked where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from drivebelt.evidence.schema import REFERENCE
from drivebelt.glossary import term
from drivebelt.web.asked import link
from drivebelt.web.catalogue import facts

KINDS = {
    "rule": "Rules", "claim": "Statements", "document": "Documents", "person": "Persons", "quantity": "Figures", "organ": "Bodies",
    "event": "Events", "trace": "Traces", "cascade": "Chains of orders", "post": "Posts",
}  # fmt: skip
KIND = {
    "rule": "rule", "claim": "statement", "document": "document", "person": "person", "quantity": "figure", "organ": "body",
    "event": "event", "trace": "trace", "cascade": "chain of orders", "post": "post",
}  # fmt: skip
_LABELS = {
    "doc_type": "Kind of document", "name_ru": "Name in Russian", "real_author": "Written in truth by", "issuer": "Issued by",
    "co_issuer": "Issued together with", "enacted_by": "Laid down by", "also_enacted_by": "Laid down also by",
    "what_hidden": "What it hides", "trace_kind": "Kind of trace", "inference": "What follows from it",
    "inference_by": "Concluded by", "inferred_by": "Concluded by",
    "derived_by": "Computed by", "derived_by_extractor": "Computed in reading",
    "parameters": "Values", "parameters_encoded_by": "Values put into figures by", "lags_by": "Days between steps worked out by",
    "also": "Another account says", "differs": "Another account differs in", "basis": "What it rests on",
    "instance_certainty": "Certainty of the single case", "lines_also": "Told also on lines", "date_note": "On the date",
    "date_new_style": "Date in the new calendar", "attributes_from_general_knowledge": "From general knowledge, not from the book",
    "what": "What is counted", "scope": "Where", "executes": "Carries out", "executed_by": "Carried out by",
    "executes_inferred_by": "That it carries it out is concluded by", "evidence": "Told in", "pay/privilege": "Pay and privileges",
    "initials_not_in_text": "Initials are not in the text", "date_points": "Dates of the series", "remark": "Remark",
    "value_as_stated": "As it is stated", "lag_after_coup": "After October 1917", "corrects": "Corrects",
}  # fmt: skip
_DATE = re.compile(r"^\d{4}(-\d\d){0,2}$")
_WHO = {"extractor": "whoever read the book for this catalogue", "author_and_extractor": "the author, and in reading"}
_FRAME = ("id", "kind", "text", "certainty", "sources", "records", "date", "from", "to", "name", "title", "mechanism")
"""Fields that stand elsewhere on a card."""


def label(field: str) -> str:
    """What a field is called."""
    return _LABELS.get(field) or field.replace("_", " ").replace("/", " and ").capitalize()


def fields(record: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """All further fields of a record with their values in words: text, references (mappings with `to`), lists, or rows of cells."""
    return [(label(key), _told(value)) for key, value in record.items() if key not in _FRAME and value not in (None, "", [], {})]


def _told(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        if _DATE.match(value):
            return value.replace("-", "\N{NON-BREAKING HYPHEN}")
        return _named(value) if REFERENCE.match(value) else _WHO.get(value, value)
    if isinstance(value, Mapping):
        return {"pairs": [(label(str(k)).lower(), _told(_amount(v))) for k, v in value.items() if v is not None]}
    if isinstance(value, Sequence):
        if value and all(isinstance(v, Mapping) for v in value):
            return _table(value)
        return [_told(_amount(v)) for v in value]
    return value


def _amount(value: Any) -> Any:
    """A pair of number and unit as words; lines as a span."""
    if isinstance(value, list) and len(value) == 2 and not isinstance(value[0], (list, dict)):
        if isinstance(value[1], str) and isinstance(value[0], (int, float, type(None))):
            return f"{value[0]} {value[1]}" if value[0] is not None else value[1]
        if all(isinstance(v, int) for v in value):
            return str(value[0]) if value[0] == value[1] else f"{value[0]} to {value[1]}"
    return value


def _table(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    columns = [c for c in dict.fromkeys(k for row in rows for k in row) if any(row.get(c) is not None for row in rows)]
    return {"columns": [label(c) for c in columns], "cells": [[_told(_amount(row.get(c))) for c in columns] for row in rows]}


def _named(reference: str) -> dict[str, str]:
    fact = facts().get(reference)
    return {"to": link("evidence", reference), "name": fact.title if fact else reference}


def word(name: str, text: str = "") -> Markup:
    """A link to a word of the glossary, under another text where one is given; its meaning shows where the pointer rests."""
    told = term(name)
    if told is None:
        return escape(text or name)
    return Markup('<a class="word" href="/words#{}" title="{}">{}</a>').format(name, told.says, text or told.term)


def marked(text: Any, query: str) -> Markup:
    """A text, escaped, with the words of a query marked."""
    words = [re.escape(w) for w in sorted(set(query.split()), key=len, reverse=True)]
    if not words:
        return escape(text)
    parts = re.split(f"({'|'.join(words)})", str(text), flags=re.IGNORECASE)
    return Markup("").join(Markup("<mark>{}</mark>").format(p) if i % 2 else escape(p) for i, p in enumerate(parts))
