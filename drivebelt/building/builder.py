"""What a world is built on: bodies and posts, one after the other; their numbers are their places in the lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from drivebelt import records as r
from drivebelt.rulebook import Rulebook
from drivebelt.scenario import Scenario
from drivebelt.territory import territories
from drivebelt.world.parts import NEVER


class Builder:
    """Collects bodies one after the other; their numbers are their places in the list."""

    def __init__(self, scenario: Scenario, rules: Rulebook, seed: int, scale: float, start: date, days: int) -> None:
        """`start` and `days` are the run's own, within the scenario's period."""
        self.scenario, self.rules, self.seed, self.scale = scenario, rules, seed, scale
        self.start, self.days = start, days
        self.rows: list[dict[str, Any]] = []
        self.posts: list[tuple[int, str]] = []
        self.named_posts: dict[str, list[int]] = {}
        self.of_territory: dict[tuple[str, int], list[int]] = {}

    def value(self, rule: str) -> Any:
        """A rule's value on the first day."""
        return self.rules.value(rule, self.start)

    def day(self, on: date | None) -> int:
        """Day of the run on which something happens: 0 if before it, NEVER if not at all."""
        return NEVER if on is None else min(max((on - self.start).days, 0), NEVER)

    def body(self, name: str, level: int, branch: int, above: int, since: date, until: date | None, **more: Any) -> int:
        """Adds one body and returns its number."""
        row = {
            "name": name, "level": level, "branch": branch, "above": above, "soviet": r.NONE, "since": since,
            "until": until, "opens": self.day(since), "closes": self.day(until), "heir": r.NONE, "territory": None,
            "place": r.NONE, "own_rail": 0.0, "own_road": 0.0,
        }  # fmt: skip
        row.update(more)
        self.rows.append(row)
        return len(self.rows) - 1

    def over(self, territory: str, branch: int, top: int) -> int:
        """The body of a branch in the territory above, or further up, or at the Centre."""
        while territory != "centre":
            if (territory, branch) in self.of_territory:
                return self.of_territory[territory, branch][0]
            territory = territories()[territory].parent_at(self.start)
        return top

    def add_posts(self, organ: int, names: Iterable[str]) -> None:
        """Adds the posts of a body; the first is its head's."""
        self.posts += [(organ, name) for name in names]
