"""How one matter travels across the layers: its acts gathered into a few numbered steps, in the order in which they begin.

A step is where the matter arrives: at a body of the Centre, or at the bodies of a level and branch. It comes from where the acts
that brought it about had arrived. What is done in another body's name arrives at that body, for there it is seen; what is told
arrives at those who are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from drivebelt.telling import BY, span, the
from drivebelt.web.layers import COMMITTEES, OFFICES

if TYPE_CHECKING:
    from drivebelt.results import Run

Node = tuple[str, str, int | None]
"""A place of the picture: level, branch, and the body where it is one of the Centre."""
MOST = 15
"""Steps that a picture holds."""


class Way(NamedTuple):
    """How acts of a kind are told as a step, and how soon they are left out where there are too many (1 is kept longest)."""

    words: str
    rank: int
    moves: bool = True
    """Whether it is a step only where it arrives from elsewhere."""
    masked: str = ""
    """How it is told where it is done in the name of {actor} by {behind}."""


WAYS = {
    "open-matter": Way("{actor} take{s} up the question", 1, False),
    "agree": Way("{actor} ({amount} persons) settle{s} it by word of mouth", 1, False),
    "strike-off": Way("{actor} ha{ve} it taken off the agenda: no body ever hears of it", 1, False),
    "enter-agenda": Way("{actor} put{s} it on the agenda", 3),
    "decide": Way("{actor} decide{s}", 1, False, "{actor} decide{s} what {behind} had settled"),
    "poll": Way("{actor} decide{s} by poll, without a sitting", 1, False, "{actor} decide{s} by poll what {behind} had settled"),
    "reject": Way("{actor} do{es} not carry it", 1, False),
    "keep-unminuted": Way("{actor} keep{s} it out of the minutes", 3, False),
    "mark-special-folder": Way("{actor} note{s} in the minutes only: see special folder", 3, False),
    "issue": Way("", 2, True, "{behind} sign{s} {paper}{copies} in the name of {actor}"),
    "receive": Way("{actor} receive{s} {paper}{by}", 2),
    "tell": Way("{actor} {are} told by word of mouth", 2),
    "adopt": Way("{actor} adopt{s} it as a wish", 2, False, "{actor} adopt{s} as a wish of their own what {behind} had asked for"),
    "execute": Way("{actor} carr{ies} it out, by {amount} per cent on average", 2, False),
    "believe": Way("{actor} take{s} it to be carried out by {amount} per cent", 1, False),
    "breach": Way("{actor} cite{s} the party decision, which is forbidden", 4),
    "burn": Way("{actor} burn{s} what came back", 4, False),
}  # fmt: skip
_NO_STEP = ("minutes", "reminder", "reply", "query")
"""Papers whose receipt is not a step of the matter."""

_STEPS = """
    with mine as (select * from acts where matter = $matter),
    papers as (select document, kind, copies from documents where matter = $matter),
    placed as (
        select a.*, coalesce(t.organ, m.organ, o.organ) as seen, coalesce(t.level, m.level, o.level) as level,
               coalesce(t.branch, m.branch, o.branch) as branch,
               o.level as by_level, o.branch as by_branch, coalesce(m.organ != o.organ, false) as masked, d.kind as paper, d.copies
        from mine a join organs o on o.organ = a.actor_organ left join organs m on m.organ = a.in_name_of
        left join organs t on a.kind = 'tell' and t.organ = a.target_organ
        left join papers d on d.document = a.document
    )
    select p.kind, p.paper, p.level, p.branch, case when p.level = 'centre' then p.seen end as organ,
           p.by_level, p.by_branch, case when p.by_level = 'centre' then p.actor_organ end as by_organ, p.masked, p.recorded,
           c.level as from_level, c.branch as from_branch, case when c.level = 'centre' then c.seen end as from_organ,
           count(*) as n, count(distinct p.seen) as bodies, min(p.day) as first, max(p.day) as last, min(p.act) as act,
           avg(p.amount) as amount, sum(p.copies) as copies, mode(p.channel) as channel
    from placed p left join placed c on c.act = p.cause where p.kind in ({kinds}) group by all order by act
"""
_CHOSEN = """
    select e.matter, e.episode, m.opened, m.subject from episodes e join matters m using (matter)
    where m.opened between ? and ? order by e.episode != 'limit-prices', e.matter
"""
_OF_MONTH = """
    with settled as (
        select distinct matter from acts where day between $first and $last and kind = 'agree' and matter is not null
    ), heard as (
        select matter, count(*) as n, bool_or(kind in ('decide', 'poll')) as decided from acts
        where day between $first and $until and matter in (select matter from settled) group by matter
    )
    select matter, subject, domain, opened, n from heard join matters using (matter)
    where decided order by n desc, matter limit 6
"""


@dataclass
class Step:
    """One numbered step of a matter."""

    number: int
    kind: str
    node: Node
    """Where it arrives."""
    origin: Node | None
    """Where it comes from."""
    first: date
    last: date
    acts: int
    bodies: int
    words: str
    masked: str | None
    """Who stands behind the name, where it is another's."""
    recorded: bool
    act: int

    @property
    def days(self) -> str:
        """Its day, or its first and last."""
        return span(self.first, self.last)

    def as_dict(self) -> dict[str, Any]:
        """For the JSON twin."""
        keys = ("number", "kind", "first", "last", "acts", "bodies", "words", "masked", "recorded", "act")
        return {**{key: getattr(self, key) for key in keys}, "at": self.node, "from": self.origin}


def travel(run: Run, matter: int) -> list[Step]:
    """The steps of a matter, at most `MOST`: the plainest are left out first, the rest keep their order."""
    kinds = ", ".join(f"'{kind}'" for kind in WAYS)
    rows = run.rows(_STEPS.format(kinds=kinds), {"matter": matter})  # type: ignore[arg-type]
    names = {row["organ"]: row for row in run.rows("select organ, name, key from organs where level = 'centre'")}
    kept: dict[Any, dict[str, Any]] = {}
    for row in rows:
        if not _stands(row):
            continue
        if _key(row) in kept:
            _join(kept[_key(row)], row)
        else:
            kept[_key(row)] = dict(row)
    ranked = sorted(kept.values(), key=lambda row: (_rank(row), -row["n"], row["act"]))[:MOST]
    ranked.sort(key=lambda row: row["act"])
    return [_step(i, row, names) for i, row in enumerate(ranked, 1)]


def _stands(row: dict[str, Any]) -> bool:
    """Whether acts are a step: those of a kind that moves must come from elsewhere, papers must be some that matter."""
    if row["kind"] == "receive" and (row["paper"] in _NO_STEP or (row["paper"] == "report" and row["level"] != "centre")):
        return False
    if row["kind"] == "issue":  # a directive is seen where it arrives; what is signed under another name is seen at that name
        return bool(row["masked"]) and row["paper"] not in ("extract", "minutes")
    return not WAYS[row["kind"]].moves or _origin(row) != _node(row)


def _node(row: dict[str, Any]) -> Node:
    return row["level"], row["branch"], row["organ"]


def _origin(row: dict[str, Any]) -> Node | None:
    return (row["from_level"], row["from_branch"], row["from_organ"]) if row["from_level"] else None


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    """Acts with the same key are one step."""
    silent = not row["recorded"] and row["kind"] != "execute"
    return row["kind"], _node(row), row["level"] == "centre" and row["paper"], row["masked"], silent


def _rank(row: dict[str, Any]) -> int:
    """A receipt at the Centre of what it has sent itself matters less than one below; the first mover's proposal more."""
    if row["kind"] != "receive":
        return WAYS[row["kind"]].rank
    if row["level"] == "centre":
        return {"proposal": 1, "report": 2}.get(row["paper"], 5)
    return 2 if row["branch"] == "party" else 3


def _join(into: dict[str, Any], row: dict[str, Any]) -> None:
    n = into["n"] + row["n"]
    if row["amount"] is not None:
        into["amount"] = ((into["amount"] or 0) * into["n"] + row["amount"] * row["n"]) / n
    into["n"], into["bodies"], into["last"] = n, into["bodies"] + row["bodies"], max(into["last"], row["last"])
    into["copies"] = (into["copies"] or 0) + (row["copies"] or 0)
    if into["paper"] != row["paper"]:
        into["paper"] = None


def _step(number: int, row: dict[str, Any], names: dict[int, dict[str, Any]]) -> Step:
    actor = _bodies(row["level"], row["branch"], row["organ"], row["bodies"], names)
    behind = _bodies(row["by_level"], row["by_branch"], row["by_organ"], row["bodies"], names) if row["masked"] else None
    acting = row["by_organ"] if row["kind"] == "issue" else row["organ"]
    one = acting is not None or row["bodies"] == 1
    way = WAYS[row["kind"]]
    words = ((behind and way.masked) or way.words).format(
        actor=actor, behind=behind, paper=_paper(row), by=f", {BY[row['channel']]}" if row["channel"] in BY else "",
        copies=f", {row['copies']:,} copies," if row["level"] == "centre" and (row["copies"] or 0) > 1 else "",
        amount=round(row["amount"] or 0), s="s" * one, es="es" * one, ies="ies" if one else "y", ve="s" if one else "ve",
        are="is" if one else "are",
    )  # fmt: skip
    origin = None if row["kind"] in ("believe", "execute", "burn") else _origin(row)
    return Step(
        number, row["kind"], _node(row), origin, row["first"], row["last"], row["n"], row["bodies"], words[0].upper() + words[1:],
        behind, bool(row["recorded"]), row["act"],
    )  # fmt: skip


def _bodies(level: str, branch: str, organ: int | None, n: int, names: dict[int, dict[str, Any]]) -> str:
    if organ is not None:
        return the(names[organ]["name"])
    name = COMMITTEES[level] if branch == "party" else f"{_LEVEL[level]} {OFFICES.get(branch, 'bodies')}"
    return f"{n:,} {name if n > 1 else name.removesuffix('s')}"


_LEVEL = {"region": "regional", "gubernia": "provincial", "uezd": "district", "volost": "rural", "cell": "cell"}


def _paper(row: dict[str, Any]) -> str:
    """The paper of a step as an object: `a cipher telegram`, `directives`, `it`."""
    if not row["paper"]:
        return "it"
    noun = str(row["paper"]).replace("-", " ")
    plural = noun if noun.endswith("s") else f"{noun}s"
    if row["n"] == 1:
        return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
    if row["kind"] == "receive" and row["from_level"] == "centre":
        return f"the {noun}"
    return plural


def chosen(run: Run) -> dict[str, Any] | None:
    """The matter that is followed where nobody asks for one.

    That of the episode of the limit prices, else of the first episode of the run, else the weightiest of its middle month.
    """
    first, last = (date.fromisoformat(run.info[k]) for k in ("from", "to"))
    found = run.rows(_CHOSEN, [first, last])
    if found:
        return found[0]
    middle = first + (last - first) / 2
    weighty = of_month(run, middle.replace(day=1) if middle.replace(day=1) >= first else first, last)
    return weighty[0] if weighty else None


def of_month(run: Run, first: date, last: date) -> list[dict[str, Any]]:
    """The matters settled beforehand between two days and then decided, by the number of their acts until 60 days after."""
    until = date.fromordinal(last.toordinal() + 60)
    return run.rows(_OF_MONTH, {"first": first, "last": last, "until": until})  # type: ignore[arg-type]
