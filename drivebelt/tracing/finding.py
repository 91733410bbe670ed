"""Reads the path of a matter from the tables of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drivebelt import records as r
from drivebelt.errors import BadInput
from drivebelt.tracing.flows import Taken, acts_named, taken
from drivebelt.tracing.path import OUTSIDE, Path, levels_told

if TYPE_CHECKING:
    from drivebelt.results import Run

SETTLING = ("agree", "decide", "poll", "strike-off")
"""Acts by which a matter is settled or buried."""
_DOCUMENT = """
    select document, d.kind, number, date, i.name as issuer, o.name as originator, grade, copies, parent_document
    from documents d join organs i on i.organ = issuer join organs o on o.organ = originator where document = ?
"""
_COPIES = """
    select copy, o.name as addressee, p.name as person, channel, dispatched, received, read, due, returned, burned_act, fate
    from copies c left join organs o on o.organ = addressee_organ left join persons p on p.person = addressee_person
    where document = ? order by copy
"""


def trace(
    run: Run, *, matter: int | None = None, document: int | None = None, act: int | None = None, expand: str | int | None = "all"
) -> Path:
    """The path of the matter to which a matter, document or act number belongs.

    With `expand` as in `words.text`, acts of the levels that it leaves in sum are not read one by one. Raises BadInput where there
    is no such number, or where not exactly one is given.
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
    told = sorted(levels_told(expand, path.levels, mover["level"] if mover else None))
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
