"""The path of one matter: its acts and papers, and what follows from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import Any

from drivebelt import records as r
from drivebelt.telling.flow import Flow
from drivebelt.tracing.tree import Branch, branch_json, flow_json, tree

SHORT = 40
"""A path of no more acts is told whole."""
LONG = 5000
"""Acts of a level beyond which it is told in sum, and all below it, where nobody asked for it."""
OUTSIDE = ("outside-event", "calendar")
"""Occasions: nobody inside the mechanism has done anything yet."""


@dataclass
class Path:
    """The path of one matter with its papers."""

    matter: dict[str, Any]
    acts: list[dict[str, Any]]
    """Its acts, or those of the levels that were asked for."""
    levels: dict[str, dict[str, Any]]
    """All its acts in number, level by level: acts, those without a paper (silent), bodies."""
    flows: list[Flow]
    """All its acts in sum: one flow for each kind at each level."""
    delays: dict[str, dict[str, float]]
    """Days from the first paper of the Centre to receipt, by level: number, first, median, last."""
    marked: int | None
    papers: list[dict[str, Any]]
    fates: list[dict[str, Any]]
    circle: str | None
    """Members of the informal circle on the day it settled the matter."""
    causes: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Acts of the matter that brought about the first acts of its flows, by number."""
    chain: list[dict[str, Any]] = field(default_factory=list)
    """From the first mover to the act or document that was asked for, act by act; it may begin in another matter."""
    document: dict[str, Any] | None = None
    """The document that was asked for, with the fate of each of its copies."""

    @cached_property
    def roots(self) -> list[Branch]:
        """The whole tree, folded."""
        return tree(self.acts)

    @property
    def first_mover(self) -> dict[str, Any] | None:
        """The act by which somebody inside the mechanism first moved the matter."""
        return next((a for a in self.acts if a["kind"] not in OUTSIDE), None)

    @property
    def decision(self) -> dict[str, Any] | None:
        """The act in which the matter was settled in truth: the agreement before it, where there was one."""
        for kinds in (("agree",), ("decide", "poll")):
            found = next((a for a in self.acts if a["kind"] in kinds), None)
            if found:
                return found
        return None

    @property
    def masks(self) -> list[str]:
        """Bodies whose names stand on what others did, in the order in which they appear."""
        names = [
            a["mask"]
            for a in self.acts
            if a["in_name_of"] is not None and a["in_name_of"] != a["actor_organ"] and a["level"] == "centre"
        ]
        return list(dict.fromkeys(names))

    def lags(self) -> dict[str, dict[str, float]]:
        """Days from the first paper of the Centre to receipt, by level: number, first, median, last."""
        return self.delays

    @property
    def number(self) -> int:
        """All acts of the matter."""
        return sum(level["acts"] for level in self.levels.values())

    @property
    def silent(self) -> int:
        """Acts that left no paper."""
        return sum(level["silent"] for level in self.levels.values())

    def told(self, expand: str | int | None = None) -> set[str]:
        """Levels whose acts stand in the tree; those below are told in sum."""
        mover = self.first_mover
        return levels_told(expand, self.levels, mover["level"] if mover else None)

    def by_level(self, told: Collection[str] = ()) -> dict[str, list[Flow]]:
        """What happened at each level that is not told act by act, one flow for each kind of act."""
        out = {level: [f for f in self.flows if f.a["level"] == level] for level in r.LEVELS if level not in told}
        return {level: flows for level, flows in out.items() if flows}

    def lines(self, expand: str | int | None = None) -> list[str]:
        """The path in words, line by line; `expand` as in `words.text`."""
        from drivebelt.tracing.words import text  # which itself is about paths

        return list(text(self, expand))

    def as_dict(self) -> dict[str, Any]:
        """For `--json`: matter, summary, chain to what was asked for, tree of folded branches, papers and fate of their copies."""
        decision, mover = self.decision, self.first_mover
        return {
            "matter": self.matter,
            "first_mover": mover and {"organ": mover["actor"], "person": mover["person"], "day": mover["day"]},
            "decided_by": decision
            and {"organ": decision["actor"], "day": decision["day"], "kind": decision["kind"], "in_name_of": decision["mask"]},
            "circle": self.circle,
            "masks": self.masks,
            "without_paper": self.silent,
            "acts": self.number,
            "lags": self.lags(),
            "chain": [branch_json(Branch([a])) for a in self.chain],
            "document": self.document,
            "levels": {level: [flow_json(f) for f in flows] for level, flows in self.by_level().items()},
            "tree": [branch_json(branch) for branch in self.roots],
            "documents": self.papers,
            "fates": self.fates,
        }


def levels_told(expand: str | int | None, levels: Mapping[str, Mapping[str, Any]], mover: str | None) -> set[str]:
    """Levels whose acts are told: all, or those down to the one asked for; where nobody asked, those down to the first mover's, as
    far as they are not LONG. `levels` holds the number of "acts" by level."""
    many = {level: row["acts"] for level, row in levels.items()}
    if isinstance(expand, int) or expand == "all" or (expand is None and sum(many.values()) <= SHORT):
        return set(r.LEVELS)
    if expand is not None:
        return set(r.LEVELS[: r.LEVELS.index(expand) + 1])
    down_to = r.LEVELS[: r.LEVELS.index(mover or r.LEVELS[r.CENTRE]) + 1]
    return set(takewhile(lambda level: many.get(level, 0) <= LONG, down_to))
