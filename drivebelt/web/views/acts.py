"""One act: who did what, in whose name, because of what, and what came of it."""

from __future__ import annotations

from typing import Any

from drivebelt.flows import acts_named, numbers
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.telling import BY, day, tell, tell_flow, the
from drivebelt.trace import Path
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.page import Page, Route

_UP = """
    with recursive here as materialized (select act, cause from acts where matter is not distinct from ? and act <= ?),
    up as (select act, cause from here where act = ? union all select h.act, h.cause from here h join up on h.act = up.cause)
    select act, cause from up order by act desc
"""
MOST = 80
"""Causes that are followed back at most."""


def one(asked: Asked, act: int) -> dict[str, Any]:
    """An act with its names. Raises NotThere."""
    found = acts_named(asked.run, [act])
    if not found:
        last = asked.run.rows("select max(act) as last from acts")[0]["last"]
        raise NotThere(f"the run has no act {act}; they go from 0 to {last}")
    return found[0]


def chain(asked: Asked, act: int | None) -> list[dict[str, Any]]:
    """From the first mover to an act, act by act: number, day, words."""
    known: list[int] = []
    while act is not None and len(known) < MOST:
        about = asked.run.rows(f"select matter from acts where act in {numbers([act])}")
        if not about:
            break
        steps = asked.run.rows(_UP, [about[0]["matter"], act, act])
        known += [row["act"] for row in steps]
        act = steps[-1]["cause"]
    found = acts_named(asked.run, known)
    return [{"act": a["act"], "day": a["day"], "told": tell([a]), "level": a["level"], "recorded": a["recorded"]} for a in found]


def act_card(asked: Asked, act: int, path: Path | None = None) -> dict[str, Any]:
    """What stands on the card of an act; beside its journey, how many others it stands for."""
    a = one(asked, act)
    masked = a["in_name_of"] is not None and a["in_name_of"] != a["actor_organ"]
    facts = [
        ("Day", day(a["day"])),
        ("Done by", the(a["actor"]) + (f" ({a['person']})" if a["person"] else "") if a["actor"] else None),
        ("In the name of", the(a["mask"]) if masked else None),
        ("Towards", the(a["target"]) if a["target"] else None),
        ("Whom", a["whom"]),
        ("Level", LEVEL_NAMES.get(a["level"], a["level"])),
        ("On record", "yes" if a["recorded"] else "no: it left no paper"),
        ("Grade", (a["grade"] or "").replace("-", " ") or None),
        ("Carried", BY.get(a["channel"], "by word of mouth" if a["channel"] == "oral" else None)),
    ]
    effects = asked.run.rows(
        "select kind, count(*) as n, min(act) as first from acts where cause = ? and act > ? group by kind order by first",
        [act, act],
    )
    flow = next((f for f in path.flows if f.a["act"] == act), None) if path else None
    told = tell([a])
    return {
        "act": act,
        "kind": a["kind"],
        "matter": a["matter"],
        "level": a["level"],
        "told": told[:1].upper() + told[1:],
        "masked": masked,
        "facts": [{"name": name, "value": value} for name, value in facts if value],
        "document": a["document"],
        "paper": f"{(a['paper'] or 'paper').replace('-', ' ')}" + (f" no. {a['number']}" if a["number"] is not None else ""),
        "cause": a["cause"],
        "effects": effects,
        "stands_for": {"n": flow.n, "told": tell_flow(flow), "days": flow.days()} if flow and flow.n > 1 else None,
    }


def act(asked: Asked) -> Page:
    """The card of one act, with the chain from the first mover to it."""
    number = asked.number("act")
    card = act_card(asked, number)
    content = {"card": card, "chain": chain(asked, number)}
    trail = [("Questions", asked.to("matters"))]
    if card["matter"] is not None:
        trail.append((f"Question {card['matter']}", asked.to("matter", card["matter"])))
    return Page("act.html.j2", f"Act {number:,}", content, trail=trail)


ROUTES = (Route("/run/{run}/act/{act}", act),)
