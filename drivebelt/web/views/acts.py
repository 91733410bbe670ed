"""One act: who did what, in whose name, because of what, and what came of it."""

from __future__ import annotations

from typing import Any

from drivebelt.report.words import LEVEL_NAMES
from drivebelt.telling import tell, tell_flow
from drivebelt.telling.words import BY, day, the
from drivebelt.tracing.flows import acts_named, numbers
from drivebelt.tracing.path import Path
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.page import Page, Route
from drivebelt.web.tables import BLOCK

_UP = """
    with recursive here as materialized (select act, cause from acts where {acts} and act <= ?),
    up as (select act, cause from here where act = ? union all select h.act, h.cause from here h join up on h.act = up.cause)
    select act, cause from up order by act desc
"""
_EFFECTS = """
    select kind, count(*) as n, min(act) as first from acts where cause = ? and act > ? and act <= ? group by kind order by first
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
    return [_step(a) for a in _causes(asked, act)]


def _step(a: dict[str, Any]) -> dict[str, Any]:
    return {"act": a["act"], "day": a["day"], "told": tell([a]), "level": a["level"], "recorded": a["recorded"]}


def _causes(asked: Asked, act: int | None) -> list[dict[str, Any]]:
    """An act after its causes, the first of them first, all with their names."""
    known: list[int] = []
    while act is not None and len(known) < MOST:
        about = asked.run.rows(f"select matter from acts where act in {numbers([act])}")
        if not about:
            break
        matter = about[0]["matter"]
        acts = "matter is null" if matter is None else asked.run.of_matter(matter)
        steps = asked.run.rows(_UP.format(acts=acts), [act, act])
        known += [row["act"] for row in steps]
        act = steps[-1]["cause"]
    return acts_named(asked.run, known)


def _last_effect(asked: Asked, act: int) -> int:
    """An act after which none stands that this one brought about: where it is known, most acts need not be looked at."""
    table = asked.run.prepared("page_reach")
    found = asked.run.rows(f"select last from {table} where block = {act // BLOCK}") if table else []
    return int(found[0]["last"] if found else asked.run.info["rows"]["acts"])


def act_card(asked: Asked, act: int, path: Path | None = None) -> dict[str, Any]:
    """What stands on the card of an act; beside its journey, how many others it stands for. Raises NotThere."""
    return _card(asked, one(asked, act), path)


def _card(asked: Asked, a: dict[str, Any], path: Path | None = None) -> dict[str, Any]:
    act = int(a["act"])
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
    effects = asked.run.rows(_EFFECTS, [act, act, _last_effect(asked, act)])
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
    causes = _causes(asked, number)
    here = [a for a in causes if a["act"] == number]
    card = _card(asked, here[0] if here else one(asked, number))
    content = {"card": card, "chain": [_step(a) for a in causes]}
    trail = [("Questions", asked.to("matters"))]
    if card["matter"] is not None:
        trail.append((f"Question {card['matter']}", asked.to("matter", card["matter"])))
    return Page("act.html.j2", f"Act {number:,}", content, trail=trail)


ROUTES = (Route("/run/{run}/act/{act}", act),)
