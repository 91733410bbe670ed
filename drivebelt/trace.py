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
from drivebelt.telling import FATE, LEVEL, day, span, tell, the

if TYPE_CHECKING:
    from drivebelt.results import Run

FOLD = 3
"""Acts of one kind are told one by one up to this many."""
SHORT = 40
"""A path of no more acts is told whole."""
_PAPERS = ("issue", "receive", "return")
_BODIES = ("propose-slate", "elect-body")
COPIES = 12
"""Copies of a document are told one by one up to this many."""

_CIRCLE = """
    select string_agg(p.name, ', ' order by p.name) as names from acts join persons p on p.person = actor_person
    where kind = 'combine' and day = (select max(day) from acts where kind = 'combine' and day <= ?)
"""
_ACTS = """
    select a.act, a.day, a.kind, a.matter, a.document, a.copy, a.actor_organ, a.actor_person, a.target_organ,
           a.target_person, a.in_name_of, a.channel, a.grade, a.cause, a.amount, a.recorded,
           o.name as actor, coalesce(o.level, t.level, 'centre') as level, o.branch, t.name as target, t.level as target_level,
           t.branch as target_branch, m.name as mask, p.name as person, w.name as whom, q.name as post,
           d.kind as paper, d.number, d.issuer, d.copies
    from (select * from acts where {acts}) a
    left join organs o on o.organ = a.actor_organ left join organs t on t.organ = a.target_organ
    left join organs m on m.organ = a.in_name_of left join persons p on p.person = a.actor_person
    left join persons w on w.person = a.target_person
    left join posts q on a.kind in ('appoint', 'elect') and q.post = a.amount
    left join (select * from documents where {documents}) d on d.document = a.document
    order by a.act
"""
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
    marked: int | None
    papers: list[dict[str, Any]]
    fates: list[dict[str, Any]]
    circle: str | None
    """Members of the informal circle on the day it settled the matter."""
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
        return next((a for a in self.acts if a["kind"] not in ("outside-event", "calendar")), None)

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
        issued = [a["day"] for a in self.acts if a["kind"] == "issue" and a["level"] == "centre" and a["copies"]]
        if not issued:
            return {}
        out: dict[str, dict[str, float]] = {}
        for level in r.LEVELS:
            days = sorted(
                (a["day"] - issued[0]).days
                for a in self.acts
                if a["kind"] == "receive" and a["level"] == level and a["paper"] not in ("report", "query", "proposal")
            )
            if days and level != "centre":
                out[level] = {"received": len(days), "first": days[0], "median": days[len(days) // 2], "last": days[-1]}
        return out

    def told(self, expand: str | int | None = None) -> set[str]:
        """Levels whose acts stand in the tree; those below are told in sum."""
        if isinstance(expand, int) or expand == "all" or (expand is None and len(self.acts) <= SHORT):
            return set(r.LEVELS)
        mover = self.first_mover
        lowest = expand if expand is not None else mover["level"] if mover else r.LEVELS[r.CENTRE]
        return set(r.LEVELS[: r.LEVELS.index(lowest) + 1])

    def by_level(self, told: Collection[str] = ()) -> dict[str, list[Branch]]:
        """What happened at each level that is not told act by act, one branch for each kind of act."""
        out = {}
        for level in r.LEVELS:
            here = [a for a in self.acts if a["level"] == level and level not in told]
            if here:
                out[level] = _fold(here, {}, brief=True)
        return out

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
            "without_paper": sum(not a["recorded"] for a in self.acts),
            "acts": len(self.acts),
            "lags": self.lags(),
            "chain": [_json(Branch([a])) for a in self.chain],
            "document": self.document,
            "levels": {level: [_json(b) for b in branches] for level, branches in self.by_level().items()},
            "tree": [_json(branch) for branch in self.roots],
            "documents": self.papers,
            "fates": self.fates,
        }


def trace(run: Run, *, matter: int | None = None, document: int | None = None, act: int | None = None) -> Path:
    """The path of the matter to which a matter, document or act number belongs.

    Raises BadInput where there is no such number, or where not exactly one is given.
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
    acts = run.rows(_ACTS.format(acts="matter = ?", documents="matter = ?"), [matter, matter])
    papers = run.rows(
        """select document, d.kind, number, date, i.name as issuer, o.name as originator, grade, copies, i.level
           from documents d join organs i on i.organ = issuer join organs o on o.organ = originator
           where matter = ? and i.level = 'centre' order by document""",
        [matter],
    )
    fates = run.rows(
        """select i.level as issued_at, fate, count(*) as copies from copies c
           join (select document, issuer from documents where matter = ?) d using (document)
           join organs i on i.organ = issuer group by all order by issued_at, fate""",
        [matter],
    )
    settled = next((a["day"] for a in acts if a["kind"] == "agree"), None)
    circle = run.rows(_CIRCLE, [settled])[0]["names"] if settled else None
    path = Path(about[0], acts, act, papers, fates, circle)
    if document is not None:
        path.document = _document(run, document)
        path.marked = next((a["act"] for a in acts if a["document"] == document), None)
    if path.marked is not None:
        path.chain = _chain(run, acts, path.marked)
    return path


def _document(run: Run, number: int) -> dict[str, Any]:
    about = run.rows(_DOCUMENT, [number])[0]
    copies = run.rows(_COPIES, [number])
    burnings = sorted({c["burned_act"] for c in copies if c["burned_act"] is not None})
    days = {b["act"]: b["day"] for b in run.rows("select act, day from acts where act in (select unnest(?))", [burnings])}
    return {**about, "each": [{**c, "burned": days.get(c["burned_act"])} for c in copies]}


def _chain(run: Run, acts: list[dict[str, Any]], last: int) -> list[dict[str, Any]]:
    """From the first cause of an act to the act; causes in other matters are looked up one by one."""
    known = {a["act"]: a for a in acts}
    chain: list[dict[str, Any]] = []
    cause: int | None = last
    while cause is not None:
        if cause not in known:
            here = "act = ?", "document = (select document from acts where act = ?)"
            known[cause] = run.rows(_ACTS.format(acts=here[0], documents=here[1]), [cause, cause])[0]
        chain.append(known[cause])
        cause = known[cause]["cause"]
    return chain[::-1]


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


def _fold(level: list[dict[str, Any]], effects: dict[int, list[dict[str, Any]]], brief: bool = False) -> list[Branch]:
    """Acts of one kind, level, branch, paper and recording become one branch; in `brief`, papers that are not told are one."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for a in level:
        key = (
            a["kind"],
            a["level"],
            a["level"] != "centre" and a["branch"],
            a["recorded"],
            a["in_name_of"] != a["actor_organ"],
            a["paper"] if not brief or a["kind"] in _PAPERS else None,
            a["target"] if a["kind"] in _BODIES else None if brief else a["target_level"],
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
    a, one = branch.first, len(branch.acts) == 1
    return {
        "kind": a["kind"],
        "n": len(branch.acts),
        "first_act": a["act"],
        "acts": [x["act"] for x in branch.acts],
        "first_day": a["day"],
        "last_day": max(x["day"] for x in branch.acts),
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
        "text": branch.sentence(),
        "below": [_json(b) for b in branch.below],
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
    silent = sum(not a["recorded"] for a in path.acts)
    out.append(f"{len(path.acts):,} acts, {silent if silent else 'none'} of them without a paper.")
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
    for level, branches in rest.items():
        yield ""
        bodies = len({a["actor_organ"] for b in branches for a in b.acts})
        yield f"At {LEVEL[level]} level, {bodies:,} bod{'ies' if bodies > 1 else 'y'} (--expand {level} tells each act):"
        width = max(len(b.days()) for b in branches)
        yield from (f"  {b.days():<{width}}  {b.sentence()}" for b in branches)
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
