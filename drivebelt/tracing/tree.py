"""Acts of one matter as a tree by their causes, folded, in reading order.

Where one act brings about many of the same kind (a circular received by forty-six committees) they are folded into one branch with
its number and its span of days; a branch can be expanded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from drivebelt import records as r
from drivebelt.telling import tell, tell_flow
from drivebelt.telling.flow import Flow, flow
from drivebelt.telling.words import span
from drivebelt.tracing.flows import BODIES

FOLD = 3
"""Acts of one kind are told one by one up to this many."""


@dataclass
class Branch:
    """One or more acts of the same kind under the same branch, with what they brought about."""

    acts: list[dict[str, Any]]
    below: list[Branch] = field(default_factory=list)

    @property
    def first(self) -> dict[str, Any]:
        """The earliest act of the branch."""
        return self.acts[0]

    def sentence(self) -> str:
        """The branch in words, without its dates."""
        return tell(self.acts)

    def days(self) -> str:
        """Its date, or first and last."""
        return span(self.acts[0]["day"], max(x["day"] for x in self.acts))


def tree(acts: list[dict[str, Any]], told: Collection[str] = r.LEVELS) -> list[Branch]:
    """The acts of the levels that are told, under the nearest of their causes among them."""
    known = {a["act"]: a for a in acts}
    effects: dict[int, list[dict[str, Any]]] = {}
    roots = []
    for a in acts:
        if a["level"] not in told:
            continue
        cause = a["cause"]
        while cause in known and known[cause]["level"] not in told:
            cause = known[cause]["cause"]
        if cause in known:
            effects.setdefault(cause, []).append(a)
        else:
            roots.append(a)
    return _fold(roots, effects)


def _fold(level: list[dict[str, Any]], effects: dict[int, list[dict[str, Any]]]) -> list[Branch]:
    """Acts of one kind, level, branch, paper and recording become one branch."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for a in level:
        key = (
            a["kind"],
            a["level"],
            a["level"] != "centre" and a["branch"],
            a["recorded"],
            a["in_name_of"] != a["actor_organ"],
            a["paper"],
            a["target"] if a["kind"] in BODIES else a["target_level"],
        )
        groups.setdefault(key, []).append(a)
    out = []
    for members in groups.values():
        below = sorted((e for m in members for e in effects.get(m["act"], ())), key=lambda e: e["act"])
        out.append(Branch(members, _fold(below, effects) if below else []))
    return out


def walk(roots: list[Branch], expand: str | int | None = None) -> Iterator[tuple[int, Branch, dict[str, Any] | None]]:
    """The tree in reading order as (depth, branch, act): an act for branches that are told one by one, else None."""
    fold = max(expand, 1) if isinstance(expand, int) else FOLD

    def down(branches: list[Branch], depth: int) -> Iterator[tuple[int, Branch, dict[str, Any] | None]]:
        for branch in branches:
            singly = len(branch.acts) <= fold or expand == "all" or expand == branch.first["level"]
            # A vote is told in sum even where it could be told singly, unless it is asked for.
            if branch.first["kind"] == "vote" and expand is None and len(branch.acts) > 1:
                singly = False
            if singly:
                for a in branch.acts:
                    yield depth, branch, a
            else:
                yield depth, branch, None
            # A chain of single acts reads as a story: it is not indented further.
            step = 0 if len(branches) == 1 and len(branch.acts) == 1 else 1
            yield from down(branch.below, depth + step)

    yield from down(roots, 0)


def branch_json(branch: Branch) -> dict[str, Any]:
    """A branch and what it brought about, for `--json`."""
    more = {"acts": [x["act"] for x in branch.acts], "below": [branch_json(b) for b in branch.below]}
    return {**flow_json(flow(branch.acts)), **more}


def flow_json(f: Flow) -> dict[str, Any]:
    """A flow for `--json`: names and numbers where it is one act, the sums where it is several."""
    a, one = f.a, f.n == 1
    return {
        "kind": a["kind"],
        "n": f.n,
        "first_act": a["act"],
        "first_day": f.first_day,
        "last_day": f.last_day,
        "actor": a["actor"] if one else None,
        "person": a["person"] if one else None,
        "target": a["target"] if one else None,
        "target_person": a["whom"] if one else None,
        "level": a["level"],
        "in_name_of": a["mask"] if one else None,
        "recorded": a["recorded"],
        "grade": a["grade"],
        "channel": a["channel"],
        "paper": a["paper"],
        "document": a["document"] if one else None,
        "number": a["number"] if one else None,
        "amount": a["amount"] if one else None,
        "cause": a["cause"] if one else None,
        "text": tell_flow(f),
    }
