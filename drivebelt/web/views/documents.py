"""The card of a document, as an archive would keep it, and beside it what the archive does not know."""

from __future__ import annotations

from typing import Any

from drivebelt.telling.words import BY, FATE
from drivebelt.tracing.flows import numbers
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.naming import named
from drivebelt.web.page import Column, Page, Route, Table, listed
from drivebelt.web.views.acts import chain

BITS = 64
"""Bits of a wording; two texts without anything in common differ in half of them."""
SHOWN = 400
"""Copies that are shown; the widest paper of a full run has 117. The pages of the card are those of the papers that restate it."""
_DOCUMENT = """
    select d.document, d.kind, d.number, d.date, d.grade, d.copies, d.matter, d.parent_document, d.series, i.name as issuer,
           i.level, i.branch, o.name as originator, d.issuer = d.originator as own, m.subject, m.domain, d.wording,
           g.register, g.year
    from (select * from documents where document = ?) d join organs i on i.organ = d.issuer
    join organs o on o.organ = d.originator left join matters m on m.matter = d.matter
    left join (select distinct series, register, year from registers) g on g.series = d.series
"""
_PARENT = """
    select d.kind as parent_kind, number as parent_number, date as parent_date, o.name as parent_issuer,
           bit_count(xor(wording, ?::ubigint)) as changed
    from (select * from documents where document = ?) d join organs o on o.organ = issuer
"""
_NO_PARENT = {"parent_kind": None, "parent_number": None, "parent_date": None, "parent_issuer": None, "changed": None}
_COPIES = """
    select copy, o.name as addressee, o.level, p.name as person, channel, dispatched, received, receipt, read, due, returned,
           burned_act, fate
    from (select * from copies where document = ?) c left join organs o on o.organ = addressee_organ
    left join persons p on p.person = addressee_person
"""
_CHILDREN = """
    select c.document, c.date, c.kind, c.number, c.grade, i.name as issuer, i.level,
           bit_count(xor(c.wording, ?::ubigint)) as changed
    from (select * from documents where parent_document = ? and document > ?) c join organs i on i.organ = c.issuer
    order by document
"""


def document(asked: Asked) -> Page:
    """One document: what stands on it, whose it is in truth, its copies, its parent and its children."""
    number = asked.number("document")
    found = asked.run.rows(_DOCUMENT, [number])
    if not found:
        last = asked.run.rows("select max(document) as last from documents")[0]["last"]
        raise NotThere(f"the run has no document {number}; they go from 0 to {last}")
    wording = found[0].pop("wording")
    parent = asked.run.rows(_PARENT, [wording, found[0]["parent_document"]]) if found[0]["parent_document"] is not None else []
    about = {**found[0], **(parent[0] if parent else _NO_PARENT)}
    copies = asked.run.rows(_COPIES + " order by copy", [number])
    burnings = sorted({c["burned_act"] for c in copies if c["burned_act"] is not None})
    days = (
        {b["act"]: b["day"] for b in asked.run.rows(f"select act, day from acts where act in {numbers(burnings)}")}
        if burnings
        else {}
    )
    fates: dict[str, int] = {}
    rows: list[dict[str, Any]] = []
    for c in copies:
        fates[c["fate"]] = fates.get(c["fate"], 0) + 1
        who = (c["addressee"] or "") + (f" ({c['person']})" if c["person"] else "")
        by = BY.get(c["channel"], "by word of mouth").removeprefix("by ")
        end = {"burned": days.get(c["burned_act"]), "fate": FATE.get(c["fate"], c["fate"]), "burned_act": c["burned_act"]}
        rows.append({**c, "copy": c["copy"] + 1, "addressee": who, "channel": by, **end})
    first = asked.run.rows(
        "select min(act) as issued from acts where document = ? and kind in ('issue', 'propose', 'report', 'clear', 'answer', "
        "'remind', 'burn', 'breach')", [number],
    )[0]["issued"]  # fmt: skip
    columns = (
        Column("copy", "Copy", numeric=True),
        Column("addressee", "For"),
        Column("channel", "Carried by"),
        Column("dispatched", "Sent"),
        Column("received", "Received"),
        Column("read", "Read", help="The day on which the person it is addressed to read it"),
        Column("due", "Due back"),
        Column("returned", "Given back"),
        Column("burned", "Burned", link=lambda r: asked.to("act", r["burned_act"]) if r["burned_act"] is not None else None),
        Column("fate", "In the end"),
    )
    tables = {
        "copies": Table(
            columns, rows[:SHOWN], total=len(rows), size=SHOWN, every=lambda: rows, empty="It was never sent to anybody."
        ),
        "children": _children(asked, number, wording),
    }
    content = {
        "document": about,
        "likeness": likeness(about["changed"]),
        "fates": [{"fate": FATE.get(f, f), "n": n} for f, n in sorted(fates.items(), key=lambda x: (-x[1], x[0]))],
        "chain": chain(asked, first),
        "issued": first,
    }
    trail = [("Questions", asked.to("matters"))]
    if about["matter"] is not None:
        trail.append((about["subject"], asked.to("matter", about["matter"])))
    kind = about["kind"].replace("-", " ")
    return Page("document.html.j2", f"{kind[:1].upper()}{kind[1:]} no. {about['number']}", content, tables, trail=trail)


def likeness(changed: int | None) -> float | None:
    """Likeness of two wordings in per cent: 100 where no bit differs, 0 from half of the bits on."""
    return None if changed is None else max(0.0, 100.0 * (1 - 2 * changed / BITS))


def _children(asked: Asked, number: int, wording: int) -> Table:
    columns = (
        Column("number", "No.", numeric=True),
        Column("date", "Date"),
        Column("kind", "Paper", link=lambda r: asked.to("document", r["document"]), told=named),
        Column("grade", "Grade", told=named),
        Column("issuer", "Signed by"),
        Column(
            "changed",
            "Marks that differ, of 64",
            numeric=True,
            help="A wording is kept as 64 marks: two papers of one text differ in few of them",
        ),
    )
    children = asked.run.rows(_CHILDREN, [wording, number, number])
    return listed(asked, children, columns, empty="No paper restates it.")


ROUTES = (Route("/run/{run}/document/{document}", document),)
