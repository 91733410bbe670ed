"""The bodies of the Centre and their named posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drivebelt import records as r
from drivebelt.building.dates import end, whole
from drivebelt.errors import BadInput

if TYPE_CHECKING:
    from drivebelt.building.builder import Builder


def centre(b: Builder) -> None:
    """Bodies of the Centre: those that mechanisms name first, in the fixed order, then the others."""
    given = b.scenario.centre["organs"]
    missing = [name for name in r.CENTRAL_ORGANS if name not in given]
    if missing:
        raise BadInput(f"scenarios/data/centre.yaml: no organ {missing[0]!r}; every run needs it")
    order = [*r.CENTRAL_ORGANS, *(name for name in given if name not in r.CENTRAL_ORGANS)]
    number = {name: i for i, name in enumerate(order)}
    b.scenario.organ_of = number
    for name in order:
        g = given[name]
        b.body(
            g["name"], r.CENTRE, r.BRANCHES.index(g["branch"]), r.NONE, whole(g.get("from")), end(g.get("to")),
            parent=number.get(g.get("parent") or "", r.NONE), heir=number.get(g.get("successor") or "", r.NONE),
            key=name,
        )  # fmt: skip
    for key, post in b.scenario.centre["posts"].items():
        seats = int(post.get("seats") or 1)
        organ = number[post["organ"]]
        for seat in range(seats):
            b.posts.append((organ, post["name"] if seats == 1 else f"{post['name']}, seat {seat + 1}"))
            b.named_posts.setdefault(key, []).append(len(b.posts) - 1)
