"""The path of a matter: from the first mover to the last cell, as a tree that can be read aloud.

Acts of one matter form a tree by their causes. Where one act brings about many of the same kind (a circular received by
forty-six committees) they are folded into one branch with its number and its span of days; a branch can be expanded. What happens
below the level of the first mover is told in sum, level by level, until a level is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from drivebelt import records as r
from drivebelt.errors import BadInput
from drivebelt.flows import BODIES, Taken, acts_named, taken
from drivebelt.telling import FATE, LEVEL, Flow, day, flow, span, tell, tell_flow, the

if TYPE_CHECKING:
    from drivebelt.results import Run

FOLD = 3
"""Acts of one kind are told one by one up to this many."""
SHORT = 40
"""A path of no more acts is told whole."""
OUTSIDE = ("outside-event", "calendar")
"""Occasions: nobody inside the mechanism has done anything yet."""
SETTLING = ("agree", "decide", "poll", "strike-off")
"""Acts by which a matter is settled or buried."""
COPIES = 12
"""Copies of a document are told one by one up to this many."""

_DOCUMENT = """
    select document, d.kind, number, date, i.name as issuer, o.name as originator, grade, copies, parent_document
    from documents d join organs i on i.organ = issuer join organs o on o.organ = originator where document = ?
"""
_COPIES = """
    select copy, o.name as addressee, p.name as person, channel, dispatched, received, read, due, returned, burned_act, fate
    from copies c left join organs o on o.organ = addressee_organ left join persons p on p.person = addressee_person
    where document = ? order by copy
"""


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
        return _tree(self.acts)

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
        return _told(expand, self.number, mover["level"] if mover else None)

    def by_level(self, told: Collection[str] = ()) -> dict[str, list[Flow]]:
        """What happened at each level that is not told act by act, one flow for each kind of act."""
        out = {level: [f for f in self.flows if f.a["level"] == level] for level in r.LEVELS if level not in told}
        return {level: flows for level, flows in out.items() if flows}

    def lines(self, expand: str | int | None = None) -> list[str]:
        """The path in words, line by line; `expand` as in `text`."""
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
            "chain": [_json(Branch([a])) for a in self.chain],
            "document": self.document,
            "levels": {level: [_json_flow(f) for f in flows] for level, flows in self.by_level().items()},
            "tree": [_json(branch) for branch in self.roots],
            "documents": self.papers,
            "fates": self.fates,
        }


def trace(
    run: Run, *, matter: int | None = None, document: int | None = None, act: int | None = None, expand: str | int | None = "all"
) -> Path:
    """The path of the matter to which a matter, document or act number belongs.

    With `expand` as in `text`, acts of the levels that it leaves in sum are not read one by one. Raises BadInput where there is
    no such number, or where not exactly one is given.
    """
    given = {"matter": matter, "document": document, "act": act}
    named = [(name, number) for name, number in given.items() if number is not None]
    if len(named) != 1:
        raise BadInput("trace: give one of --matter, --document and --act")
    name, number = named[0]
    found = run.rows(f"select matter from {name}s where {name} = ?", [number])
    if not found:
        last = run.rows(f"select max({name}) as last from {name}s")[0]["last"]
        raise BadInput(f"trace: the run has no {name} {number}; they go from 0 to {last}")
    matter = found[0]["matter"]
    if matter is None:
        raise BadInput(f"trace: {name} {number} belongs to no matter")
    about = run.rows(
        "select m.*, o.name as originator from matters m left join organs o on o.organ = originator_organ where matter = ?",
        [matter],
    )
    with taken(run, matter) as here:
        path = Path(about[0], [], here.levels(), [], here.lags(), act, here.papers(), here.fates(), None)
        _read(here, path, expand)
        settled = next((a["day"] for a in path.acts if a["kind"] == "agree"), None)
        path.circle = run.circle(settled) if settled else None
        if document is not None:
            path.document = paper_of(run, document)
            first = here.session.rows("select min(act) as act from here where document = ?", [document])
            path.marked = first[0]["act"]
        if path.marked is not None:
            path.chain = _chain(run, here, path.marked)
    return path


def _read(here: Taken, path: Path, expand: str | int | None) -> None:
    """Reads the acts of the levels that are told, and all acts in sum.

    Those by which the matter was first moved and settled are read wherever they are.
    """
    sums, mover = here.sums(), here.first(OUTSIDE)
    told = sorted(_told(expand, path.number, mover["level"] if mover else None))
    firsts = [row["first"] for row in sums]
    causes = here.causes(firsts)
    more = {*firsts, *causes.values()} | ({mover["act"]} if mover else set())
    if len(told) == len(r.LEVELS):
        read = path.acts = here.acts()
    else:
        chosen = f"level in (select unnest(?)) or kind in {SETTLING}"
        read = here.acts(f"{chosen} or act in (select unnest(?))", [told, sorted(more)])
        kept = [a for a in read if a["level"] in told or a["kind"] in SETTLING or (mover and a["act"] == mover["act"])]
        above = here.above([a["act"] for a in kept])
        path.acts = [{**a, "cause": above.get(a["act"], a["cause"])} for a in kept]
    by_number = {a["act"]: a for a in read if a["act"] in more}
    path.flows = here.flows(sums, by_number)
    path.causes = {cause: by_number[cause] for cause in causes.values() if cause in by_number}


def _told(expand: str | int | None, number: int, mover: str | None) -> set[str]:
    """Levels whose acts are told: all, or those down to the one asked for or the first mover's."""
    if isinstance(expand, int) or expand == "all" or (expand is None and number <= SHORT):
        return set(r.LEVELS)
    lowest = expand if expand is not None else mover or r.LEVELS[r.CENTRE]
    return set(r.LEVELS[: r.LEVELS.index(lowest) + 1])


def paper_of(run: Run, number: int) -> dict[str, Any]:
    """A document with each of its copies and what became of it."""
    about = run.rows(_DOCUMENT, [number])[0]
    copies = run.rows(_COPIES, [number])
    burnings = sorted({c["burned_act"] for c in copies if c["burned_act"] is not None})
    days = {b["act"]: b["day"] for b in run.rows("select act, day from acts where act in (select unnest(?))", [burnings])}
    return {**about, "each": [{**c, "burned": days.get(c["burned_act"])} for c in copies]}


def _chain(run: Run, here: Taken, last: int) -> list[dict[str, Any]]:
    """From the first cause of an act to the act; causes in other matters are looked up one by one."""
    chain: list[dict[str, Any]] = []
    cause: int | None = last
    while cause is not None:
        found = here.up(cause) or acts_named(run, [cause])
        chain = found + chain
        cause = found[0]["cause"]
    return chain


def _tree(acts: list[dict[str, Any]], told: Collection[str] = r.LEVELS) -> list[Branch]:
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


def _json(branch: Branch) -> dict[str, Any]:
    more = {"acts": [x["act"] for x in branch.acts], "below": [_json(b) for b in branch.below]}
    return {**_json_flow(flow(branch.acts)), **more}


def _json_flow(f: Flow) -> dict[str, Any]:
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
    for depth, branch, a in walk(path.roots if not rest else _tree(path.acts, told), expand):
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
