"""How acts are told: one sentence for an act, or for many of the same kind at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drivebelt.records import GRADES
from drivebelt.telling.flow import Act, Few, Flow, flow
from drivebelt.telling.sentences import PLURAL, TELLING
from drivebelt.telling.words import BY, LEVEL, the


def tell(acts: Sequence[Act]) -> str:
    """One act in words, or several of the same kind at once."""
    return tell_flow(flow(acts))


def tell_flow(f: Flow) -> str:
    """The same for acts that are known in sum."""
    a, many = f.a, f.n > 1
    pattern = PLURAL.get(a["kind"]) if many else None
    if many and pattern is None:
        return tell([a]) + f" ({f.n:,} times)"
    actor = _bodies(f.actors, a["level"], a["branch"])
    person = f" ({f.persons.first})" if f.persons.n == 1 and f.persons.first else ""
    masked = a["in_name_of"] is not None and a["in_name_of"] != a["actor_organ"] and a["mask"]
    mask = _bodies(f.masks, a["level"], "state")
    target = _bodies(f.targets, a["target_level"] or a["level"], a["target_branch"] or "", above=a["kind"] in ("report", "clear"))
    singular = f.actors.n == 1
    low, high, mean = f.amounts
    text = (pattern or TELLING.get(a["kind"], "{author}: " + a["kind"].replace("-", " ") + "{to}")).format(
        actor=actor,
        author=actor + person + (f", in the name of {mask}," if masked else ""),
        person=person,
        target=target,
        mask=mask,
        to=f" to {target}" if a["target"] and f.targets.n == 1 else "",
        sender=f" from {the(f.targets.first)}" if a["target"] and f.targets.n == 1 else "",
        whom=f.whom or (target if a["target"] else "a layer of the party"),
        whom_in=f" ({f.whom})" if f.whom else "",
        named=f": {f.whom}" if f.whom else "",
        post=a["post"] or "an official",
        paper=_paper(f),
        what=_what(f, singular),
        by=_by(f.channels),
        amount="some" if a["amount"] is None else f"{a['amount']:,}",
        claimed="" if a["amount"] is None else f", claiming {a['amount']} per cent",
        ballot=_ballot(a["amount"] or 0),
        stand="against the leadership" if f.noes else "for the leadership",
        n=f"{f.n:,}",
        noes=f"{f.noes:,}",
        who_no=f" ({', '.join(map(str, f.against))})" if f.against and all(f.against) else "",
        bent=f"; {f.bent} of those for it would have said no by their own position" if f.bent else "",
        low=low,
        high=high,
        mean=mean,
        s="s" if singular else ("ve" if a["kind"] == "adopt" else ""),
        es="es" if singular else "",
    )
    return text + ("" if a["recorded"] else " [no paper]")


def _ballot(amount: int) -> str:
    """A vote beside what the voter's own position would have said."""
    vote, view = amount % 2, amount // 2 % 2
    text = "against" if vote else "for"
    return text if vote == view else f"{text}, though his own position says {'no' if view else 'yes'}"


def _what(f: Flow, singular: bool) -> str:
    a = f.a
    if not a["paper"]:
        return "it"
    noun = a["paper"].replace("-", " ")
    if f.documents == 1:
        return f"the {noun}" + (f" no. {a['number']}" if a["number"] is not None else "")
    return f"{f.documents:,} {_papers(noun)}" if singular else _papers(noun)


def _paper(f: Flow) -> str:
    a = f.a
    if not a["paper"]:
        return ""
    noun = a["paper"].replace("-", " ")
    if a["kind"] != "issue":
        return f" ({noun}" + (f" no. {a['number']})" if a["number"] is not None else ")")
    grades = [(g or "none").replace("-", " ") for g in sorted(f.grades, key=lambda g: GRADES.index(g) if g else -1)]
    grade = f"grade{'s' * (len(grades) > 1)} {' and '.join(grades)}"
    if f.n > 1:
        return f" {_papers(noun)} of their own ({grade})"
    copies = f", {a['copies']:,} copies" if a["copies"] and a["copies"] > 1 else ""
    article = "" if noun == "minutes" else "an " if noun[0] in "aeiou" else "a "
    return f" {article}{noun} no. {a['number']} ({grade}{copies})"


def _papers(noun: str) -> str:
    return noun if noun.endswith("s") else f"{noun[:-1]}ies" if noun.endswith(("ry", "ly")) else f"{noun}s"


def _by(given: Mapping[str, int]) -> str:
    """The channel, or how many went by each."""
    channels = {c: n for c, n in given.items() if c in BY}
    if not channels:
        return ""
    if len(channels) == 1:
        return f", {BY[next(iter(channels))]}"
    return ", " + ", ".join(f"{n:,} {BY[c]}" for c, n in sorted(channels.items(), key=lambda x: (-x[1], x[0])))


def _bodies(names: Few, level: str, branch: str, above: bool = False) -> str:
    if names.n == 1:
        return the(names.first)
    if above:
        return "the bodies above them"
    return f"{names.n:,} {_plural(level, branch)}"


def _plural(level: str, branch: str) -> str:
    if level == "centre":
        return "bodies of the Centre"
    if level == "cell":
        return "cells"
    body = {"party": "committees", "state": "executive committees", "police": "GPU departments"}.get(branch, "bodies")
    return f"{LEVEL[level]} {body}"
