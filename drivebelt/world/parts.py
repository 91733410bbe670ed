"""What a world is handed: its people, and the dated changes of its tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

NEVER = 1 << 28
"""A day that no run reaches."""


@dataclass
class Reform:
    """Something that changes the tree of bodies on a day: what opened, closed or came under another."""

    day: int
    opened: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    moved: list[tuple[int, int]] = field(default_factory=list)
    """(organ, new organ above)"""


@dataclass
class People:
    """Posts, persons and tenures as plain lists, in the order of their numbers."""

    posts: list[dict[str, Any]]
    persons: list[dict[str, Any]]
    tenures: list[dict[str, Any]]
    number: dict[str, int]
    """Person id -> person number, for the named."""
