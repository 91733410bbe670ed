"""What a reader of the archive room finds: papers, the card of one, and entries. The archive alone is opened."""

from __future__ import annotations

from typing import Any

from drivebelt import records as r
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.naming import named
from drivebelt.web.page import Column, Page, Route, Table, narrowed, paged
from drivebelt.web.room.choice import regimes
from drivebelt.web.room.reading import Room
from drivebelt.web.views.room import frame, in_room, room_of, to_paper, trail

_DOCUMENTS = "select document, date from papers where {where}"


@in_room
def documents(asked: Asked) -> Page:
    """The papers that are left."""
    chosen, room = room_of(asked)
    query, level, kind = asked.word("q"), asked.choice("level", r.LEVELS), asked.choice("kind", r.DOCUMENT_KINDS)
    grade, year, organ = asked.choice("grade", r.GRADES), asked.whole("year", None, 1900, 2100), asked.whole("organ")
    known = [
        [[subject for domain, subject in room.subjects if word in f"{subject} {domain}".casefold()],
         [body for body, name in room.organs.items() if word in name.casefold()]]
        for word in query.casefold().split()
    ]  # fmt: skip
    where, values = narrowed(
        *(("(subject in (select unnest(?)) or organ in (select unnest(?)))", fits) for fits in known), ("level = ?", level),
        ("kind = ?", kind), ("grade = ?", grade), ("organ = ?", organ),
        ("date between make_date(?, 1, 1) and make_date(?, 12, 31)", [year, year] if year else None),
    )  # fmt: skip
    columns = (
        Column("document", "Paper", numeric=True, link=to_paper(asked, chosen)),
        Column("date", "Date", sortable=True),
        Column("kind", "Kind", told=named),
        Column("issuer", "In whose name"),
        Column("number", "No.", numeric=True, help="Number in the register of who issued it"),
        Column("subject", "About"),
        Column("grade", "Grade", told=named),
    )
    table = paged(
        asked,
        _DOCUMENTS.format(where=where),
        values,
        columns,
        "date, document",
        rows=room.papers,
        caption="Papers that are left",
        empty="No paper is left that has all of that.",
    )
    first, last = (int(asked.run.info[k][:4]) for k in ("from", "to"))
    content = {
        **frame(asked, chosen),
        "levels": [(x, LEVEL_NAMES[x]) for x in r.LEVELS],
        "kinds": r.DOCUMENT_KINDS,
        "grades": r.GRADES,
        "years": list(range(first, last + 1)),
        "organ": _organ(room, organ),
        "asked_for": {"q": query, "level": level, "kind": kind, "grade": grade, "year": year, "organ": organ},
    }
    return Page("room_documents.html.j2", "Papers", content, {"documents": table}, trail=trail(asked, chosen))


def _organ(room: Room, organ: int | None) -> dict[str, Any] | None:
    if organ is None:
        return None
    found = room.rows("select organ, name, level, branch from organs where organ = ?", [organ])
    if not found:
        raise NotThere(f"the archive knows no body {organ}")
    return found[0]


_DOCUMENT = """
    select d.*, o.name as issuer_name, o.level, b.register, b.year from documents d join organs o on o.organ = d.issuer
    left join registers b on b.series = d.series where d.document = ?
"""
_COPIES = """
    select c.copy, a.name as addressee, h.name as holder, c.channel, c.dispatched, c.received, c.read, c.due, c.returned, c.fate,
           c.wording from copies c left join organs a on a.organ = c.addressee_organ left join organs h on h.organ = c.holder
    where c.document = ? order by c.copy
"""
_ENTRIES_OF = """
    select day, kind, book_of, about from by_paper where document = ? order by day, act limit 40
"""
_SAME = """
    select document, date, kind, issuer, level, bit_count(xor(wording, ?::ubigint)) as apart from papers
    where date between ?::date - 45 and ?::date + 45 and document <> ? and domain = ? and subject = ?
    order by apart, date, document limit 20
"""


@in_room
def document(asked: Asked) -> Page:
    """One paper as the archive has it."""
    chosen, room = room_of(asked)
    number = asked.number("document")
    found = room.rows(_DOCUMENT, [number])
    if not found:
        raise NotThere(f"this archive has no paper {number}")
    about = (
        room.rows("select domain, subject from matters where matter = ?", [found[0]["matter"]])
        if found[0]["matter"] is not None
        else []
    )
    d = {"domain": None, "subject": None, **found[0], **(about[0] if about else {})}

    copies = room.rows(_COPIES, [number])
    for copy in copies:
        copy["altered"] = "reads otherwise" if copy.pop("wording") != d["wording"] else "the same text"
    same = room.rows(_SAME, [d["wording"], d["date"], d["date"], number, d["domain"], d["subject"]]) if d["subject"] else []
    cited = (
        room.rows(
            "select document, date, kind, name as issuer from documents join organs on organ = issuer where document = ?",
            [d["parent_document"]],
        )
        if d["parent_document"] is not None
        else []
    )
    content = {
        **frame(asked, chosen),
        "paper": {
            "document": number,
            "date": d["date"],
            "kind": d["kind"],
            "issuer": d["issuer_name"],
            "level": d["level"],
            "number": d["number"],
            "register": d["register"],
            "year": d["year"],
            "grade": d["grade"],
            "domain": d["domain"],
            "subject": d["subject"],
            "file_copy": d["file_copy"],
            "copies_made": d["copies"],
            "cited_date": d["cited_date"],
            "cited_number": d["cited_number"],
        },
        "cited": cited[0] | {"to": to_paper(asked, chosen)(cited[0])} if cited else None,
        "cites_lost": d["cited_number"] is not None and not cited,
        "to_register": asked.to("room", chosen.name, "register", d["series"]) if d["series"] is not None else None,
        "to_issuer": asked.to("room", chosen.name, "documents", organ=d["issuer"]),
    }
    tables = {
        "copies": Table(
            (
                Column("copy", "Copy", True),
                Column("addressee", "Addressed to"),
                Column("holder", "Lies with"),
                Column("channel", "Carried by", told=named),
                Column("received", "Received"),
                Column("read", "Read"),
                Column("returned", "Returned"),
                Column("fate", "Fate", told=named),
                Column("altered", "Text"),
            ),
            copies,
            caption="Numbered copies that are left",
            empty="No numbered copy is left.",
        ),
        "entries": Table(
            (
                Column("day", "Day"),
                Column("kind", "Entry", told=named),
                Column("book_of", "In the book of"),
                Column("about", "Towards"),
            ),
            room.named(_ENTRIES_OF, [number]),
            caption="What registers and journals say of it",
            empty="No register speaks of it.",
        ),
        "same": Table(
            (
                Column("document", "Paper", True, link=to_paper(asked, chosen)),
                Column("date", "Date"),
                Column("kind", "Kind", told=named),
                Column("issuer", "In whose name"),
                Column(
                    "apart", "Marks that differ", True, help="Of 64 marks of the wording; few where one text was made of the other"
                ),
            ),
            same,
            caption="Papers of these weeks on the same subject, the likest first",
            empty="No other paper of these weeks on this subject is left.",
        ),
    }
    return Page(
        "room_document.html.j2",
        f"Paper {number:,}",
        content,
        tables,
        trail=[*trail(asked, chosen), ("Papers", asked.to("room", chosen.name, "documents"))],
    )


_ENTRIES = "select act, day, kind, book_of, about, person, number, document, grade from entries where {where}"


@in_room
def entries(asked: Asked) -> Page:
    """Entries in registers and journals, of one month."""
    chosen, room = room_of(asked)
    kind, level, organ = asked.choice("kind", r.ACT_KINDS), asked.choice("level", r.LEVELS), asked.whole("organ")
    first, last = asked.run.info["from"], asked.run.info["to"]
    months = [
        f"{y}-{m:02d}"
        for y in range(int(first[:4]), int(last[:4]) + 1)
        for m in range(1, 13)
        if first[:7] <= f"{y}-{m:02d}" <= last[:7]
    ]
    month = asked.choice("month", months, months[0])
    where, values = narrowed(
        ("day between ?::date and last_day(?::date)", [f"{month}-01", f"{month}-01"]), ("kind = ?", kind),
        ("book_of in (select organ from organs where level = ?)", level), ("book_of = ?", organ),
    )  # fmt: skip
    columns = (
        Column("day", "Day"),
        Column("book_of", "In the book of", link=lambda row: None),
        Column("kind", "Entry", told=named),
        Column("about", "Towards"),
        Column("person", "Signed"),
        Column("number", "On paper no.", numeric=True),
        Column(
            "document",
            "Paper",
            numeric=True,
            link=to_paper(asked, chosen),
            help="The paper itself, where it is there",
        ),
    )
    table = paged(
        asked,
        _ENTRIES.format(where=where),
        values,
        columns,
        "day, act",
        rows=room.named,
        caption=f"Entries of {month}",
        empty="No entry of this month is left that has all of that.",
    )
    content = {
        **frame(asked, chosen),
        "months": months,
        "kinds": _entered(),
        "levels": [(x, LEVEL_NAMES[x]) for x in r.LEVELS],
        "organ": _organ(room, organ),
        "asked_for": {"month": month, "kind": kind, "level": level, "organ": organ},
    }
    return Page("room_entries.html.j2", "Entries", content, {"entries": table}, trail=trail(asked, chosen))


def _entered() -> list[str]:
    """Kinds of acts that an office enters."""
    return sorted({kind for book in regimes().journals.books.values() for kind in (*book.kinds, *book.in_name)})


ROUTES = (
    Route("/run/{run}/room/{archive}/documents", documents),
    Route("/run/{run}/room/{archive}/document/{document}", document),
    Route("/run/{run}/room/{archive}/entries", entries),
)
