"""Dates of the scenario's files: whole, a year, a year and month, or missing."""

from __future__ import annotations

from datetime import date
from typing import Any

EARLY = date(1917, 11, 7)
"""Since when a body stands whose beginning is not given."""


def whole(value: Any) -> date:
    """A date from YAML that may be a year, a year and month, or missing."""
    if isinstance(value, date):
        return value
    if value is None:
        return EARLY
    text = str(value)
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < len("1922-01-01") else text)


def end(value: Any) -> date | None:
    """The same for a last day: none where it is missing."""
    return None if value is None else whole(value)
