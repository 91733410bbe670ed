"""What stands in which lane of a matter's journey: acts of the Centre one by one or in small flows, those below in flows.

A lane is a level and a side of it. Every item carries the place of its cause, so that lines can be drawn between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from drivebelt import records as r
from drivebelt.telling import tell_flow
from drivebelt.telling.flow import Flow, flow
from drivebelt.tracing.flows import BODIES, PAPERS
from drivebelt.tracing.path import OUTSIDE, Path
from drivebelt.web.drawing.brief import noun, phrase, who

SHOWN = 6
"""Flows of a lane below the Centre that are shown until its level is opened."""
ONE_BY_ONE = 4
"""Papers of one kind from one body of the Centre that are shown one by one."""

OUTSIDE_LANE, CORE, PARTY, STATE = "outside", "core", "party", "state"
_SIDES = {"informal": CORE, "party": PARTY, "youth": PARTY}
# What matters most of what a level does, first.
_WEIGHT = {
    kind: place
    for place, kind in enumerate(
        ("decide", "poll", "agree", "receive", "issue", "execute", "consider", "adopt", "protest", "appoint", "elect", "dismiss",
         "set-aside", "breach", "reprimand", "clear", "tell", "hand-over", "burn", "lose", "return", "report")
    )
}  # fmt: skip
_MINOR_PAPERS = ("report", "query", "reply", "reminder", "minutes")


class Lane(NamedTuple):
    """A level, and a side of it."""

    level: str
    side: str


LANES = (
    Lane("centre", OUTSIDE_LANE), Lane("centre", CORE), Lane("centre", PARTY), Lane("centre", STATE),
    *(Lane(level, side) for level in r.LEVELS[1:] for side in (PARTY, STATE)),
)  # fmt: skip


@dataclass
class Item:
    """One thing in a lane: an act, or many of one kind."""

    lane: Lane
    act: int
    """Its first act."""
    n: int
    first: date
    last: date
    median: date
    kind: str
    mark: str
    """paper, mask, word (left no paper), settled, decision, occasion, lost, act."""
    label: str
    told: str
    """The whole sentence, with its days."""
    paper: str | None = None
    document: int | None = None
    cause: int | None = None
    """The first act of the item that brought it about."""
    behind: int | None = None
    """Of a mask: the first act of the item that stands behind it."""
    main: bool = field(default=False)
    """Whether it lies on the way from the first mover to the lowest level reached."""


def lane_of(level: str, branch: str | None, kind: str = "") -> Lane:
    """The lane of an act."""
    if kind in OUTSIDE:
        return LANES[0]
    side = _SIDES.get(branch or "", STATE)
    return Lane(level, PARTY if side == CORE and level != "centre" else side)


def items(path: Path, opened: str | None = None) -> tuple[list[Item], dict[str, int]]:
    """The items of a journey in the order of their first acts, and how many flows of each level are left out.

    `opened`: the level all of whose flows are shown.
    """
    centre = [flow(group) for group in _grouped([a for a in path.acts if a["level"] == "centre"])]
    below = [f for f in path.flows if f.a["level"] != "centre"]
    kept = {level: _chosen([f for f in below if f.a["level"] == level], level == opened) for level in r.LEVELS[1:]}
    left = {level: sum(f.a["level"] == level for f in below) - len(kept[level]) for level in kept}
    flows = sorted([*centre, *(f for fs in kept.values() for f in fs)], key=lambda f: f.a["act"])
    out = [_item(f, path) for f in flows]
    _join(path, out, flows)
    _main(out)
    out += [mask for item, f in zip(list(out), flows, strict=True) if (mask := _mask(item, f))]
    return sorted(out, key=lambda i: (i.first, i.act, i.mark == "mask")), left


def _grouped(acts: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Acts of the Centre that are shown as one: of one kind and body; receipts of one paper by many bodies of a side."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    issued: dict[Any, set[int]] = {}
    for a in acts:
        if a["kind"] == "issue":
            issued.setdefault((a["actor_organ"], a["paper"], a["in_name_of"]), set()).add(a["document"])
    for a in acts:
        lane = lane_of("centre", a["branch"], a["kind"])
        many = a["kind"] in ("receive", "read", "return")
        papers = issued.get((a["actor_organ"], a["paper"], a["in_name_of"]), ())
        key = (
            lane, a["kind"], a["recorded"], a["paper"] if many else a["actor_organ"],
            a["in_name_of"] if a["kind"] in ("issue", "decide", "poll") else a["in_name_of"] == a["actor_organ"],
            a["document"] if a["kind"] == "issue" and len(papers) <= ONE_BY_ONE else a["paper"] if a["kind"] == "issue" else None,
        )  # fmt: skip
        groups.setdefault(key, []).append(a)
    return list(groups.values())


def _chosen(flows: list[Flow], whole: bool) -> list[Flow]:
    """The most telling flows of a level, as many for each side."""
    if whole:
        return flows

    def weight(f: Flow) -> tuple[Any, ...]:
        minor = f.a["kind"] == "receive" and f.a["paper"] in _MINOR_PAPERS
        return minor, _WEIGHT.get(f.a["kind"], len(_WEIGHT)), -f.n

    kept: list[Flow] = []
    for side in (PARTY, STATE):
        here = [f for f in flows if lane_of(f.a["level"], f.a["branch"]).side == side]
        kept += sorted(here, key=weight)[:SHOWN]
    return kept


def _key(a: dict[str, Any]) -> tuple[Any, ...]:
    """What `flows` folds by."""
    return (
        a["level"], a["branch"], a["kind"], a["recorded"], a["in_name_of"] != a["actor_organ"],
        a["paper"] if a["kind"] in PAPERS else None, a["target_organ"] if a["kind"] in BODIES else None,
    )  # fmt: skip


def _item(f: Flow, path: Path) -> Item:
    a = f.a
    lane = lane_of(a["level"], a["branch"], a["kind"])
    mark = "act"
    if a["kind"] in OUTSIDE:
        mark = "occasion"
    elif a["kind"] == "lose":
        mark = "lost"
    elif a["kind"] == "agree":
        mark = "settled"
    elif not a["recorded"]:
        mark = "word"
    elif a["kind"] in ("decide", "poll", "reject"):
        mark = "decision"
    elif a["kind"] == "issue":
        mark = "paper"
    names = path.circle if a["kind"] == "agree" else None
    return Item(
        lane, a["act"], f.n, f.first_day, f.last_day, f.median or f.first_day, a["kind"], mark, phrase(f, names),
        f"{f.days()}: {tell_flow(f)}", a["paper"], a["document"] if f.n == 1 and a["kind"] == "issue" else None,
    )  # fmt: skip


def _mask(item: Item, f: Flow) -> Item | None:
    """The name in which an act was done, in the lane of the body whose name it is."""
    a = f.a
    if a["in_name_of"] is None or a["in_name_of"] == a["actor_organ"] or not a["mask"] or a["kind"] == "keep-back":
        return None
    lane = Lane(a["level"], STATE) if a["level"] != "centre" else Lane("centre", PARTY if _of_party(a["mask"]) else STATE)
    name = noun(a["level"], "state", f.masks.n) if f.masks.n > 1 else who(a["mask"])
    what = f": {a['paper'].replace('-', ' ')}{'' if f.n > 1 else ' no. ' + str(a['number'])}" if a["paper"] else ""
    return Item(
        lane, item.act, item.n, item.first, item.last, item.median, a["kind"], "mask", f"in the name of {name}{what}", item.told,
        item.paper, item.document, behind=item.act, main=item.main,
    )  # fmt: skip


def _of_party(name: str) -> bool:
    return any(word in name for word in ("CC", "Central Committee", "Party ", "Secretariat", "Central Control"))


def _join(path: Path, items: Sequence[Item], flows: Sequence[Flow]) -> None:
    """Gives each item the item that brought it about; where that is not shown, the one before it."""
    at: dict[int, Item] = {}
    by_key: dict[Any, Item] = {}
    for item, f in zip(items, flows, strict=True):
        at[f.a["act"]] = item
        if f.a["level"] != "centre":
            by_key[_key(f.a)] = item
    first_of = {_key(f.a): f.a for f in path.flows}
    centre = {a["act"]: a for a in path.acts if a["level"] == "centre"}
    shown = {act["act"]: at[group[0]["act"]] for group in _grouped(list(centre.values())) for act in group}
    known = {**path.causes, **centre}
    for item, f in zip(items, flows, strict=True):
        cause = f.a["cause"]
        for _ in range(60):
            if cause is None or cause in shown or cause not in known:
                break
            a = known[cause]
            if _key(a) in by_key:
                break
            first = first_of.get(_key(a))
            cause = (first or a)["cause"]
        if cause in shown:
            found: Item | None = shown[cause]
        else:
            found = by_key.get(_key(known[cause])) if cause in known else None
        item.cause = found.act if found and found is not item and found.first <= item.first else None


def _main(items: Sequence[Item]) -> None:
    """Marks the way from the first mover to the greatest receipt at the lowest level that a paper of the matter reached."""
    by_act = {item.act: item for item in items}
    receipts = [i for i in items if i.kind == "receive" and i.lane.level != "centre" and i.paper not in _MINOR_PAPERS]
    ends = sorted(receipts, key=lambda i: (r.LEVELS.index(i.lane.level), i.n)) or [i for i in items if i.mark == "decision"]
    seen: set[int] = set()
    step = ends[-1] if ends else None
    while step and step.act not in seen:
        seen.add(step.act)
        step.main = True
        step = by_act.get(step.cause) if step.cause is not None else None
