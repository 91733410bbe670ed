"""The path of a matter: from the first mover to the last cell, as a tree that can be read aloud.

Acts of one matter form a tree by their causes. Where one act brings about many of the same kind (a circular received by
forty-six committees) they are folded into one branch with its number and its span of days; a branch can be expanded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from drivebelt import records as r
from drivebelt.errors import BadInput

if TYPE_CHECKING:
    from drivebelt.results import Run

_CIRCLE = """
    select string_agg(p.name, ', ' order by p.name) as names from acts join persons p on p.person = actor_person
    where kind = 'combine' and day = (select max(day) from acts where kind = 'combine' and day <= ?)
"""
_ACTS = """
    select a.act, a.day, a.kind, a.matter, a.document, a.copy, a.actor_organ, a.actor_person, a.target_organ,
           a.target_person, a.in_name_of, a.channel, a.grade, a.cause, a.amount, a.recorded,
           o.name as actor, o.level, o.branch, t.name as target, t.level as target_level, m.name as mask,
           p.name as person, d.kind as paper, d.number, d.issuer, d.copies
    from acts a
    left join organs o on o.organ = a.actor_organ left join organs t on t.organ = a.target_organ
    left join organs m on m.organ = a.in_name_of left join persons p on p.person = a.actor_person
    left join (select * from documents where matter = ?) d on d.document = a.document
    where a.matter = ? order by a.act
"""

# How each kind of act is told; {} are fields of the act, {paper} and {to} are made of them.
TELLING = {
    "outside-event": "something happens outside the mechanism, at {actor}",
    "calendar": "the date set by rule comes round",
    "reform": "{target} is opened, closed or put under another body",
    "open-matter": "{actor} takes up the question",
    "propose": "{actor} sends a proposal to {target}{paper}",
    "receive": "{actor} receives {what}{by}",
    "sort-mail": "the first assistant opens and sorts it",
    "agree": "{actor} agree on it by word of mouth, {amount} persons",
    "strike-off": "one member of {actor} has it taken off",
    "enter-agenda": "it is put on the agenda of {target}",
    "decide": "{author} decides",
    "poll": "{author} decides by poll",
    "protest": "a member of {actor} protests",
    "minute": "the decision is entered in the minutes of {mask}{paper}",
    "mark-special-folder": "the minutes of {mask} say only: see special folder{paper}",
    "keep-unminuted": "the decision of {mask} is entered nowhere",
    "tell": "{actor} passes it on by word of mouth{to}",
    "issue": "{author} issues{paper}{to}",
    "read": "{actor} reads it",
    "consider": "{actor} hears it at a sitting",
    "set-aside": "{actor} takes note and does nothing",
    "clear": "{actor} asks {target} before departing from the text{paper}",
    "answer": "{actor} answers {target}{paper}",
    "hand-over": "{actor} hands it to the secret part of {target}",
    "breach": "{actor} cites the party decision in its own act{paper}",
    "reprimand": "{actor} reprimands {target}",
    "execute": "{actor} carries it out, {amount} per cent",
    "report": "{actor} reports to {target}{claimed}{paper}",
    "believe": "{actor} takes it to be carried out by {amount} per cent",
    "remind": "{actor} reminds {target}{paper}",
    "return": "{actor} gives the paper back",
    "suspend": "{target} is sent nothing more for a while",
    "resume": "{target} is sent papers again",
    "burn": "the commission burns {amount} copies{paper}",
    "lose": "a copy is lost on the way to {target}",
    "investigate": "{actor} looks into the loss",
    "appoint": "{actor} fills a post at {target} from above",
    "elect": "a post at {target} is filled on the spot",
    "vote": "{author} votes {ballot}",
    "reject": "{mask} does not carry it, {amount} votes against",
    "combine": "{author} comes to an understanding",
    "convene": "{actor} calls {target}",
    "send-delegate": "{actor} sends a delegate",
    "resolve": "{actor} votes on the course, {amount} against",
    "admit": "{amount} members are admitted",
    "inform": "{actor} lets {target} know",
    "learn": "{amount} persons come to know of it",
}

PLURAL = {
    "receive": "{actor} receive {what}{by}",
    "tell": "{actor} pass it on by word of mouth",
    "issue": "{author} issue{paper}",
    "read": "{actor} read it",
    "consider": "{actor} hear it at their sittings",
    "set-aside": "{actor} take note and do nothing",
    "clear": "{actor} ask the bodies above before departing from the text",
    "answer": "{actor} answer",
    "hand-over": "{actor} hand it to the secret parts of the state bodies beside them",
    "breach": "{actor} cite the party decision in acts of their own",
    "report": "{actor} report to the bodies above them",
    "remind": "reminders go to {target}",
    "return": "{actor} give the paper back",
    "lose": "copies are lost on the way",
    "vote": "its members vote, {noes} of {n} against",
    "send-delegate": "delegates are sent, {n} of them",
    "appoint": "{n} posts are filled from above",
    "elect": "{n} posts are filled on the spot",
}
BY = {
    "telephone": "by telephone", "cipher": "in cipher", "courier-k": "by courier (series K)", "courier-a": "by courier (series A)",
    "courier-b": "by courier (series B)", "post": "by post", "messenger": "by messenger", "press": "from the press",
}  # fmt: skip


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
        a = self.first
        if len(self.acts) == 1:
            return tell(a)
        if a["kind"] == "execute":
            low, high = min(x["amount"] for x in self.acts), max(x["amount"] for x in self.acts)
            mean = round(sum(x["amount"] for x in self.acts) / len(self.acts))
            return f"{_many(self.acts)} carry it out, {low} to {high} per cent, {mean} on average"
        return tell(
            {**a, "actor": _many(self.acts), "target": _many_targets(self.acts), "person": None, "number": None,
             "copies": None, "amount": None, "n": len(self.acts),
             "noes": sum((x["amount"] or 0) % 2 for x in self.acts), "mask": _many_masks(self.acts)}, many=True,
        )  # fmt: skip

    def days(self) -> str:
        """Its date, or first and last."""
        first, last = self.acts[0]["day"], max(x["day"] for x in self.acts)
        return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


@dataclass
class Path:
    """The path of one matter with its papers."""

    matter: dict[str, Any]
    acts: list[dict[str, Any]]
    roots: list[Branch]
    marked: int | None
    papers: list[dict[str, Any]]
    fates: list[dict[str, Any]]
    circle: str | None
    """Members of the informal circle on the day it settled the matter."""

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

    def lines(self, expand: int = 3) -> list[str]:
        """The path in words, line by line; `expand` as in `text`."""
        return list(text(self, expand))

    def as_dict(self) -> dict[str, Any]:
        """For `--json`: matter, summary, tree of folded branches, papers and the fate of their copies."""
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
    if name != "matter":
        table = f"{name}s"
        found = run.rows(f"select matter from {table} where {name} = ?", [number])
        if not found:
            last = run.rows(f"select max({name}) as last from {table}")[0]["last"]
            raise BadInput(f"trace: the run has no {name} {number}; they go from 0 to {last}")
        matter = found[0]["matter"]
        if matter is None:
            raise BadInput(f"trace: {name} {number} belongs to no matter")
    about = run.rows(
        "select m.*, o.name as originator from matters m left join organs o on o.organ = originator_organ where matter = ?",
        [matter],
    )
    if not about:
        last = run.rows("select max(matter) as last from matters")[0]["last"]
        raise BadInput(f"trace: the run has no matter {matter}; they go from 0 to {last}")
    acts = run.rows(_ACTS, [matter, matter])
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
    return Path(about[0], acts, _tree(acts), act, papers, fates, circle)


def _tree(acts: list[dict[str, Any]]) -> list[Branch]:
    """Folds the acts: those of one kind, level, channel and recording under one branch become one branch."""
    known = {a["act"] for a in acts}
    effects: dict[int, list[dict[str, Any]]] = {}
    roots = []
    for a in acts:
        if a["cause"] in known:
            effects.setdefault(a["cause"], []).append(a)
        else:
            roots.append(a)

    def fold(level: list[dict[str, Any]]) -> list[Branch]:
        groups: dict[Any, list[dict[str, Any]]] = {}
        for a in level:
            key = (
                a["kind"],
                a["level"],
                a["level"] != "centre" and a["branch"],
                a["recorded"],
                a["in_name_of"] != a["actor_organ"],
                a["paper"],
                a["target_level"],
            )
            groups.setdefault(key, []).append(a)
        out = []
        for members in groups.values():
            below = sorted((e for m in members for e in effects.get(m["act"], ())), key=lambda e: e["act"])
            out.append(Branch(members, fold(below)))
        return out

    return fold(roots)


def walk(path: Path, expand: int = 3) -> Iterator[tuple[int, Branch, dict[str, Any] | None]]:
    """The tree in reading order as (depth, branch, act): an act for branches of at most `expand`, else None."""

    def down(branches: list[Branch], depth: int) -> Iterator[tuple[int, Branch, dict[str, Any] | None]]:
        for branch in branches:
            if len(branch.acts) <= max(expand, 1):
                for a in branch.acts:
                    yield depth, branch, a
            else:
                yield depth, branch, None
            # A chain of single acts reads as a story: it is not indented further.
            step = 0 if len(branches) == 1 and len(branch.acts) == 1 else 1
            yield from down(branch.below, depth + step)

    yield from down(path.roots, 0)


def tell(a: dict[str, Any], many: bool = False) -> str:
    """One act in words; `many` where it stands for several of the same kind."""
    author = a["actor"] or "somebody"
    if a["person"]:
        author += f" ({a['person']})"
    masked = a["in_name_of"] is not None and a["in_name_of"] != a["actor_organ"] and a["mask"]
    paper = _paper(a, many)
    verb = PLURAL.get(a["kind"]) if many else None
    text = (verb or TELLING[a["kind"]]).format(
        actor=a["actor"] or "nobody known", author=author + (f", in the name of {a['mask']}," if masked else ""),
        target=a["target"] or "them", mask=a["mask"] or "the body", paper=paper, what=_what(a),
        to=f" to {a['target']}" if a["target"] else "", by=f", {BY[a['channel']]}" if a["channel"] in BY else "",
        amount=a["amount"],
        ballot="against" if (a["amount"] or 0) % 2 else "for",
        noes=a.get("noes", ""),
        n=a.get("n", ""), claimed=f", claiming {a['amount']} per cent" if a["amount"] is not None else "",
    )  # fmt: skip
    return text + ("" if a["recorded"] else " [no paper]")


def _what(a: dict[str, Any]) -> str:
    if not a["paper"]:
        return "it"
    return f"the {a['paper'].replace('-', ' ')}" + (f" no. {a['number']}" if a["number"] is not None else "")


def _paper(a: dict[str, Any], many: bool) -> str:
    if not a["paper"]:
        return ""
    noun = a["paper"].replace("-", " ")
    grade = f" ({a['grade'].replace('-', ' ')}" if a["grade"] else " ("
    if a["kind"] != "issue":
        return f" ({noun}" + (f" no. {a['number']})" if a["number"] is not None else ")")
    if many:
        return f" {noun}s of their own{grade})"
    copies = f", {a['copies']} copies" if a["copies"] and a["copies"] > 1 else ""
    return f" {'' if noun.endswith('s') else _article(noun) + ' '}{noun} no. {a['number']}{grade}{copies})"


def _many(acts: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(a["actor"] for a in acts))
    return names[0] if len(names) == 1 else f"{len(names):,} {_plural(acts[0]['level'], acts[0]['branch'])}"


def _many_targets(acts: list[dict[str, Any]]) -> str | None:
    names = list(dict.fromkeys(a["target"] for a in acts))
    return (
        names[0]
        if len(names) == 1
        else "the bodies above them"
        if acts[0]["kind"] in ("report", "clear")
        else f"{len(names):,} bodies"
    )


def _many_masks(acts: list[dict[str, Any]]) -> str | None:
    names = list(dict.fromkeys(a["mask"] for a in acts))
    return names[0] if len(names) == 1 else f"{len(names):,} {_plural(acts[0]['level'], 'state')}"


def _plural(level: str, branch: str) -> str:
    if level == "centre":
        return "bodies of the Centre"
    body = {"party": "committees", "state": "executive committees", "police": "GPU departments"}.get(branch, "bodies")
    place = {
        "centre": "central",
        "region": "regional",
        "gubernia": "provincial",
        "uezd": "uezd and okrug",
        "volost": "volost",
        "cell": "",
    }[level]
    return "cells" if level == "cell" else f"{place} {body}"


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _json(branch: Branch) -> dict[str, Any]:
    a = branch.first
    return {
        "kind": a["kind"],
        "n": len(branch.acts),
        "first_act": a["act"],
        "first_day": a["day"],
        "last_day": max(x["day"] for x in branch.acts),
        "actor": a["actor"] if len(branch.acts) == 1 else None,
        "person": a["person"] if len(branch.acts) == 1 else None,
        "level": a["level"],
        "in_name_of": a["mask"] if len(branch.acts) == 1 else None,
        "recorded": a["recorded"],
        "grade": a["grade"],
        "channel": a["channel"],
        "paper": a["paper"],
        "text": branch.sentence(),
        "below": [_json(b) for b in branch.below],
    }


def summary(path: Path) -> list[str]:
    """What a historian asks first, in a few sentences."""
    out = []
    mover, decision = path.first_mover, path.decision
    if mover:
        who = mover["actor"] + (f" ({mover['person']})" if mover["person"] else "")
        out.append(f"First mover: {who}, {_day(mover['day'])}.")
    if decision:
        formal = next((a for a in path.acts if a["kind"] in ("decide", "poll")), None)
        who = decision["actor"] + (f" ({path.circle})" if path.circle and decision["kind"] == "agree" else "")
        text = f"Decided by {who}, {_day(decision['day'])}"
        if decision["kind"] == "agree":
            text += ", by word of mouth"
        if formal and formal["in_name_of"] != decision["actor_organ"]:
            text += f"; put through as a decision of {formal['mask']}, {_day(formal['day'])}"
        elif decision["kind"] == "agree" and not formal:
            text += "; it never became a decision of anybody"
        out.append(text + ".")
    if path.masks:
        out.append(f"Names on the papers: {', '.join(path.masks)}.")
    silent = sum(not a["recorded"] for a in path.acts)
    out.append(f"{len(path.acts):,} acts, {silent:,} of them without a paper.")
    for level, lag in path.lags().items():
        out.append(
            f"Reached {lag['received']:,} at {level} level "
            f"after {lag['first']:.0f} to {lag['last']:.0f} days, median {lag['median']:.0f}."
        )
    fates: Counter[str] = Counter()
    for row in path.fates:
        fates[row["fate"]] += row["copies"]
    if fates:
        out.append("Copies: " + ", ".join(f"{n:,} {fate}" for fate, n in sorted(fates.items(), key=lambda x: (-x[1], x[0]))) + ".")
    return out


def text(path: Path, expand: int = 3) -> Iterator[str]:
    """The whole path in lines for a terminal."""
    m = path.matter
    yield f"Matter {m['matter']}: {m['subject']} ({m['domain']}), opened {_day(m['opened'])} by {m['originator']}"
    yield ""
    yield from (f"  {line}" for line in summary(path))
    yield ""
    for depth, branch, a in walk(path, expand):
        when = _day(a["day"]) if a else branch.days()
        mark = " <<<" if path.marked is not None and any(x["act"] == path.marked for x in ([a] if a else branch.acts)) else ""
        yield f"{'  ' * depth}{when:<12} {tell(a) if a else branch.sentence()}{mark}"
    if path.papers:
        yield ""
        yield "Papers of the Centre (as signed, and by whom in truth):"
        for paper in path.papers:
            signed = (
                paper["issuer"] if paper["issuer"] == paper["originator"] else f"{paper['issuer']}; in truth {paper['originator']}"
            )
            what = f"{paper['kind']} no. {paper['number']}, {paper['grade']}".replace("-", " ")
            yield f"  {_day(paper['date']):<12} {what}: {signed}"
