"""Citations that reference managers read: BibTeX, RIS, CSL-JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

AUTHOR = ("Pavlova", "Irina Vladimirovna")
TITLE = "Mekhanizm vlasti i stroitel'stvo stalinskogo sotsializma"
PLACE, PUBLISHER, YEAR = "Novosibirsk", "Izdatel'stvo SO RAN", 2001


def where(record: Mapping[str, Any]) -> str:
    """The places of a record in the book."""
    places = []
    for source in record["sources"]:
        first, last = source["lines"]
        text = (
            f"section {source['section']}, line {first}" if first == last else f"section {source['section']}, lines {first}-{last}"
        )
        notes = source.get("notes")
        places.append(text + (f", note{'s' * (len(notes) > 1)} {', '.join(map(str, notes))}" if notes else ""))
    return "; ".join(places)


def _key(record: Mapping[str, Any]) -> str:
    return "pavlova" + str(YEAR) + "-" + record["id"].replace(":", "-")


def _escaped(text: str) -> str:
    for special in "\\{}":
        text = text.replace(special, "")
    for special in "&%$#_":
        text = text.replace(special, "\\" + special)
    return text


def bibtex(records: Sequence[Mapping[str, Any]]) -> str:
    """One @book entry a record, the place in `note`, the fact in `annote`."""
    entries = []
    for record in records:
        fields = {
            "author": f"{AUTHOR[0]}, {AUTHOR[1]}",
            "title": "{" + TITLE + "}",
            "address": PLACE,
            "publisher": PUBLISHER,
            "year": str(YEAR),
            "note": _escaped(where(record)),
            "annote": _escaped(record["text"]),
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        entries.append(f"@book{{{_key(record)},\n{body}\n}}")
    return "\n\n".join(entries)


def ris(records: Sequence[Mapping[str, Any]]) -> str:
    """One BOOK entry a record."""
    entries = []
    for record in records:
        lines = [
            ("TY", "BOOK"),
            ("ID", _key(record)),
            ("AU", f"{AUTHOR[0]}, {AUTHOR[1]}"),
            ("TI", TITLE),
            ("CY", PLACE),
            ("PB", PUBLISHER),
            ("PY", str(YEAR)),
            ("SE", where(record)),
            ("N1", record["text"]),
            ("ER", ""),
        ]
        entries.append("\n".join(f"{tag}  - {value}" for tag, value in lines))
    return "\n\n".join(entries)


def csl(records: Sequence[Mapping[str, Any]]) -> str:
    """A CSL-JSON list."""
    return json.dumps(
        [
            {
                "id": _key(record),
                "type": "book",
                "author": [{"family": AUTHOR[0], "given": AUTHOR[1]}],
                "title": TITLE,
                "publisher": PUBLISHER,
                "publisher-place": PLACE,
                "issued": {"date-parts": [[YEAR]]},
                "note": where(record),
                "abstract": record["text"],
            }
            for record in records
        ],
        ensure_ascii=False,
        indent=1,
    )


STYLES: dict[str, Callable[[Sequence[Mapping[str, Any]]], str]] = {"bibtex": bibtex, "ris": ris, "csl": csl}
