"""The path of a matter in words: what a historian asks first, then the path itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from drivebelt.telling import tell, tell_flow
from drivebelt.telling.words import FATE, LEVEL, day, the
from drivebelt.tracing.path import Path
from drivebelt.tracing.tree import tree, walk

COPIES = 12
"""Copies of a document are told one by one up to this many."""


def summary(path: Path) -> list[str]:
    """What a historian asks first, in a few sentences."""
    out = []
    mover, decision = path.first_mover, path.decision
    if mover:
        who = the(mover["actor"]) + (f" ({mover['person']})" if mover["person"] else "")
        out.append(f"First mover: {who}, {day(mover['day'])}.")
    if decision:
        formal = next((a for a in path.acts if a["kind"] in ("decide", "poll")), None)
        struck = next((a for a in path.acts if a["kind"] == "strike-off"), None)
        who = the(decision["actor"]) + (f" ({path.circle})" if path.circle and decision["kind"] == "agree" else "")
        line = f"Decided by {who}, {day(decision['day'])}"
        if decision["kind"] == "agree":
            line += ", by word of mouth"
        if formal and formal["in_name_of"] != decision["actor_organ"]:
            line += f"; put through as a decision of {the(formal['mask'])}, {day(formal['day'])}"
        elif struck:
            line += "; struck off, it never came before any body"
        elif decision["kind"] == "agree" and not formal:
            line += "; it never became a decision of anybody"
        out.append(line + ".")
    if path.masks:
        out.append(f"Names on the papers that others stand behind: {', '.join(the(mask) for mask in path.masks)}.")
    out.append(f"{path.number:,} acts, {path.silent or 'none'} of them without a paper.")
    for level, lag in path.lags().items():
        when = (f"{lag['first']:.0f} to " if lag["first"] != lag["last"] else "") + f"{lag['last']:.0f}"
        out.append(
            f"Received {lag['received']:,} time{'s' * (lag['received'] != 1)} at {LEVEL[level]} level, "
            f"after {when} day{'s' * (when != '1')}, median {lag['median']:.0f}."
        )
    for name, rows in (
        ("the Centre's papers", [row for row in path.fates if row["issued_at"] == "centre"]),
        ("papers issued below", [row for row in path.fates if row["issued_at"] != "centre"]),
    ):
        fates: Counter[str] = Counter()
        for row in rows:
            fates[row["fate"]] += row["copies"]
        if fates:
            told = ", ".join(f"{n:,} {FATE.get(fate, fate)}" for fate, n in sorted(fates.items(), key=lambda x: (-x[1], x[0])))
            out.append(f"Copies of {name}: {told}.")
    return out


def text(path: Path, expand: str | int | None = None) -> Iterator[str]:
    """The whole path in lines for a terminal.

    `expand`: a level, down to which acts are told, those of the level one by one; `all`; or a number, up to which acts of the same
    kind are told one by one, at all levels.
    """
    m = path.matter
    category = f", {m['secrecy_category']} of the secret list" if m.get("secrecy_category") else ""
    yield f"Matter {m['matter']}: {m['subject']} ({m['domain']}{category}), opened {day(m['opened'])} by {the(m['originator'])}"
    yield ""
    yield from (f"  {line}" for line in summary(path))
    if path.chain:
        yield ""
        what = f"document {path.document['document']}" if path.document else f"act {path.marked}"
        yield f"From the first mover to {what}:"
        yield from (f"  {day(a['day']):<12} {tell([a])}" for a in path.chain)
    if path.document:
        yield ""
        yield from _paper_lines(path.document)
    yield ""
    told = path.told(expand)
    rest = path.by_level(told)
    yield "The path:"
    for depth, branch, a in walk(path.roots if not rest else tree(path.acts, told), expand):
        when = day(a["day"]) if a else branch.days()
        mark = " <<<" if path.marked is not None and any(x["act"] == path.marked for x in ([a] if a else branch.acts)) else ""
        yield f"  {'  ' * depth}{when:<12}{' ' * (len(when) > 12)} {tell([a]) if a else branch.sentence()}{mark}"
    for level, flows in rest.items():
        yield ""
        bodies = path.levels[level]["bodies"]
        yield f"At {LEVEL[level]} level, {bodies:,} bod{'ies' if bodies > 1 else 'y'} (--expand {level} tells each act):"
        width = max(len(f.days()) for f in flows)
        yield from (f"  {f.days():<{width}}  {tell_flow(f)}" for f in flows)
    if path.papers:
        yield ""
        yield "Papers of the Centre, as signed and by whom in truth:"
        for paper in path.papers:
            yield f"  {day(paper['date']):<12} {_signed(paper)}"


def _signed(paper: dict[str, Any]) -> str:
    what = f"{paper['kind']} no. {paper['number']}, {paper['grade']}".replace("-", " ")
    truth = "" if paper["issuer"] == paper["originator"] else f"; in truth {the(paper['originator'])}"
    return f"{what}: {the(paper['issuer'])}{truth}"


def _paper_lines(paper: dict[str, Any]) -> Iterator[str]:
    """A document and what became of its copies."""
    yield f"Document {paper['document']}, {day(paper['date'])}, {_signed(paper)}"
    for c in paper["each"][:COPIES]:
        who = the(c["addressee"]) + (f" ({c['person']})" if c["person"] else "")
        steps = [f"{name} {day(c[name])}" for name in ("dispatched", "received", "read", "due", "returned", "burned") if c[name]]
        yield f"  copy {c['copy'] + 1} to {who}: {', '.join([*steps, FATE.get(c['fate'], c['fate']) + ' in the end'])}"
    rest = Counter(c["fate"] for c in paper["each"][COPIES:])
    if rest:
        yield f"  {rest.total():,} more copies: {', '.join(f'{n:,} {FATE.get(fate, fate)}' for fate, n in sorted(rest.items()))}"
