"""The rulebook: every norm of the mechanism as dated, typed, cited data, and the assumptions where the book is silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from drivebelt.rulebook.rules import Rule, Rulebook

__all__ = ["Rule", "Rulebook", "load"]


def load(amendments: Sequence[str | Path] = (), values: Mapping[str, Any] | None = None) -> Rulebook:
    """The shipped rulebook, with assumptions set to `values`, and amendments (shipped names or YAML files) applied in their order.

    Raises BadInput for anything wrong in an amendment, in one line.
    """
    from drivebelt.rulebook.reader import read

    book = Rulebook(read())
    if values:
        book = book.having(values)
    if amendments:
        from drivebelt.rulebook.amendments import amend

        book = amend(book, amendments)
    return book
