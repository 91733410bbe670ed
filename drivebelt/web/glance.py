"""A first look at a file that a reader brought, in a process of its own: head and first rows of a table, what they seem to be."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from drivebelt.errors import BadInput

_READ = 1 << 18
"""Bytes that are looked at."""
_SHOWN, _LONGEST, _MOST = 6, 80, 60
"""Rows, characters of a cell and columns that are shown."""
_DELIMITERS = ",;\t|"
_ENCODINGS = ("utf-8-sig", "cp1252")
GUESSES = {
    "paper": r"^(id|message.?id|paper|document|doc.?id|uid)$", "date": r"date|sent|day|time|datum|дата",
    "issuer": r"^(from|issuer|author|office|body|organ|department|absender|von)$", "sender": r"sender|signed|signer|name",
    "recipients": r"^(to|recipients?|addressees?|cc|bcc|an|empf.nger)$", "kind": r"^(kind|type|form|art)$",
    "grade": r"grade|secre|classif", "subject": r"subject|topic|title|about|betreff|matter", "number": r"^(no|number|nr|num)\.?$",
    "series": r"series|register|file", "channel": r"channel|medium|via", "reply_to": r"reply|answers|in.?reply|parent|refer",
    "text": r"text|body|content|message$",
}  # fmt: skip
"""What a column is taken for by its name, until the reader says otherwise."""
FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d-%m-%Y", "%Y%m%d")
"""Forms of dates that are tried."""


def main(path: Path) -> None:
    """Prints what was seen as JSON."""
    print(json.dumps(glance(path), ensure_ascii=False))


def glance(path: Path) -> dict[str, Any]:
    """Columns, first rows, delimiter, encoding, guesses (field -> column, form of dates). Raises BadInput for what is no table."""
    with path.open("rb") as file:
        raw = file.read(_READ)
    if b"\0" in raw:
        raise BadInput("the file is no text table: it holds zero bytes; save it as CSV in UTF-8")
    encoding, text = _decoded(raw, len(raw) == _READ)
    lines = text.splitlines()
    if len(raw) == _READ and len(lines) > 2:
        lines = lines[:-1]  # the last one may be cut
    delimiter = max(_DELIMITERS, key=lambda d: (lines[0].count(d) if lines else 0, -_DELIMITERS.index(d)))
    try:
        rows = [row for row, _ in zip(csv.reader(lines, delimiter=delimiter), range(_SHOWN * 20), strict=False)]
    except csv.Error as why:
        raise BadInput(f"the file cannot be read as a table: {why}") from why
    if not rows or len(rows[0]) < 2:
        raise BadInput("the file is no table: its first line must name at least two columns, divided by , ; | or tab")
    head = [cell.strip()[:_LONGEST] for cell in rows[0][:_MOST]]
    body = [[cell[:_LONGEST] for cell in row[:_MOST]] for row in rows[1:]]
    guess = _guess(head)
    dates = [row[head.index(guess["date"])] for row in body if "date" in guess and len(row) > head.index(guess["date"])]
    return {
        "columns": head, "rows": body[:_SHOWN], "delimiter": delimiter, "encoding": encoding.removesuffix("-sig"), "guess": guess,
        "date_format": _date_format(dates),
    }  # fmt: skip


def _decoded(raw: bytes, cut: bool) -> tuple[str, str]:
    for encoding in _ENCODINGS:
        try:
            return encoding, raw.decode(encoding)
        except UnicodeDecodeError as why:
            if cut and why.start > len(raw) - 4:  # a letter cut in two at the end
                return encoding, raw[: why.start].decode(encoding)
    return "cp1252", raw.decode("cp1252", "replace")


def _guess(head: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, pattern in GUESSES.items():
        free = [name for name in head if name and name not in found.values() and head.count(name) == 1]
        match = next((name for name in free if re.search(pattern, name.strip(), re.IGNORECASE)), None)
        if match:
            found[field] = match
    return found


def _date_format(dates: Sequence[str]) -> str | None:
    """The form that fits all dates seen; of several the one that is tried first."""
    from datetime import datetime

    for form in FORMS:
        try:
            for day in dates:
                if day.strip():
                    datetime.strptime(day.strip(), form)
        except ValueError:
            continue
        return None if form == FORMS[0] or not dates else form
    return None
