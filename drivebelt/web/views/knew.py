"""Who knew of a question on a day, how deep, since when, and by which act."""

from __future__ import annotations

from collections import Counter

from drivebelt.errors import BadInput
from drivebelt.knowing.asking import Knew, knew
from drivebelt.knowing.readings import DEPTHS
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.naming import named
from drivebelt.web.page import Column, Page, Route, listed

_GROUPS = {"person": "Named persons", **LEVEL_NAMES}
_LAYERS = {"members": "members of the party", "public": "people outside the party"}


def who_knew(asked: Asked) -> Page:
    """Those who knew of one matter by the end of a day; `who` looks for names, `of` for one level."""
    matter, on = asked.number("matter"), asked.at()
    about = asked.run.rows("select matter, subject, opened from matters where matter = ?", [matter])
    if not about:
        raise NotThere(f"the run has no question {matter}")
    who, level = asked.word("who"), asked.choice("of", tuple(_GROUPS))
    try:
        found = asked.library.kept(asked.run, ("knew", matter, on), lambda: knew(asked.run, matter, day=on))
        central = True
    except BadInput:
        found, central = list[Knew](), False
    one_by_one = [k for k in found if k.kind != "layer"]
    counts = Counter((k.level, k.depth) for k in one_by_one)
    depths = [
        {"level": level, "title": title, "deepest": [{"depth": d, "n": counts[level, d]} for d in sorted(DEPTHS, reverse=True)]}
        for level, title in _GROUPS.items()
        if any(counts[level, d] for d in DEPTHS)
    ]
    layers = [
        {"layer": _LAYERS.get(k.who, k.who), "depth": DEPTHS[k.depth], "share": k.share, "since": k.since, "by": k.by}
        for k in found
        if k.kind == "layer"
    ]
    rows = [
        {
            "who": k.who, "level": _GROUPS.get(k.level, k.level), "depth": DEPTHS[k.depth], "deep": k.depth, "since": k.since,
            "act": k.act, "told": f"{named(k.told)}: {k.by}" if k.by else named(k.told),
        }
        for k in one_by_one
        if (not level or k.level == level) and who.casefold() in (k.who or "").casefold()
    ]  # fmt: skip
    columns = (
        Column("who", "Who", sortable=True),
        Column("level", "Level", sortable=True),
        Column("depth", "How deep"),
        Column("since", "So deep since", sortable=True),
        Column("told", "Through", link=lambda r: asked.to("act", r["act"])),
    )
    content = {
        "matter": about[0], "at": on, "central": central, "layers": layers, "by_level": depths, "depths": DEPTHS,
        "asked_for": {"who": who, "of": level}, "groups": _GROUPS, "number": len(one_by_one),
    }  # fmt: skip
    trail = [("Questions", asked.to("matters")), (about[0]["subject"], asked.to("matter", matter))]
    table = listed(asked, rows, columns, empty="Nobody of that name knew of it by then.")
    return Page("knew.html.j2", "Who knew of it", content, {"knew": table}, trail=trail)


ROUTES = (Route("/run/{run}/matter/{matter}/knew", who_knew),)
