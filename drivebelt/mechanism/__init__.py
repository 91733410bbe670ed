"""The mechanisms: one module each, advanced once a day in the order that `day.PLAN` gives.

A mechanism knows the world, its own rules and the log. It never calls another mechanism: they meet through matters,
documents, acts and the calendars of the desk. Taking one out of the plan leaves a program that runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drivebelt.world import World

PHASES = (
    "outside events", "cadres", "members", "congresses", "arriving papers",
    "matters", "informal circle", "sittings and polls", "paper", "carriage",
    "committees and masks", "execution below", "reports upward", "registry",
    "what is known",
)  # fmt: skip


@dataclass(frozen=True)
class Mechanism:
    """One mechanism as the day sees it."""

    name: str
    phase: str
    about: str
    """What it is in the terms of the book, in one or two sentences."""
    section: str
    """Where the book describes it."""
    emits: tuple[str, ...]
    """Kinds of act it may write."""
    step: Callable[[World, int, Any], None]
    """Advances the world by one day: (world, day, rules in force as a record)."""
    reads: Mapping[str, str] = field(default_factory=dict)
    """Short name -> rule, `rule.key`, `rule[levels]`, `rule[domains]` or `rule[months]`."""
    explains: str = ""
    """What it has to bring about where no documented figure says so."""
