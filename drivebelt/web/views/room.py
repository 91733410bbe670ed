"""The archive room: choose what became of the paper and who reads it, then read what is left. Nothing of the truth stands here."""

from __future__ import annotations

import os
import secrets
from functools import wraps
from typing import Any

from drivebelt import records as r
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.telling import day
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.drawing.register import strip
from drivebelt.web.jobs import Job
from drivebelt.web.page import Chart, Column, Page, Route, Row, Table, View, paged
from drivebelt.web.room import choice
from drivebelt.web.room.choice import Choice, Place
from drivebelt.web.room.reading import Room
from drivebelt.web.uploads import Sent

_PAPERS_A_SECOND = 20_000
"""How many papers of a run the work gets through, for the reader's patience only."""
_NEAR_DAYS, _NEAR = 45, 20


def begin(asked: Asked) -> Page:
    """What became of the paper, and who reads: the choice."""
    run = asked.run
    regime = asked.choice("regime", [p["regime"] for p in choice.possible()], "purge-1937")
    made = [
        {"title": c.title(), "to": asked.to("room", c.name)}
        for c in _made(asked)
    ]  # fmt: skip
    content = {
        "regimes": choice.possible(), "readers": choice.readers(), "shares": choice.SHARES, "made": made, "regime": regime,
        "documents": run.info["rows"]["documents"], "seconds": run.info["rows"]["documents"] / _PAPERS_A_SECOND + 12,
        "from": run.info["from"], "to": run.info["to"],
    }  # fmt: skip
    return Page("room.html.j2", "Archive room", content)


def make(asked: Asked, sent: Sent) -> str:
    """Has an archive made, where it is not there yet, and returns its address."""
    chosen = choice.choose(sent.fields.get("regime", ""), sent.fields.get("reader", ""), sent.fields.get("share", ""))
    _job(asked, chosen, anew=True)
    return asked.to("room", chosen.name)


def _made(asked: Asked) -> list[Choice]:
    found = []
    for folder in sorted(choice.place(asked.library.workshop, asked.run, Choice("complete")).folder.parent.glob("*")):
        try:
            chosen = choice.named(folder.name)
        except NotThere:  # another's work, or one that is not finished
            continue
        if Place(folder).whole:
            found.append(chosen)
    return found


def _key(asked: Asked, chosen: Choice) -> str:
    return f"room/{asked.run.info['digest']}/{chosen.name}"


def _job(asked: Asked, chosen: Choice, anew: bool = False) -> Job | None:
    """The job that makes an archive; none where it is there. It works in a directory of its own and moves it when it is whole."""
    place = choice.place(asked.library.workshop, asked.run, chosen)
    if place.whole:
        return None
    making = place.folder.with_name(f".{chosen.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if asked.library.jobs.get(_key(asked, chosen)) is None or anew:
        making.parent.mkdir(parents=True, exist_ok=True)
    job = asked.library.jobs.start(
        _key(asked, chosen), f"The archive {chosen.title()}",
        [["archive", str(asked.run.path), *chosen.steps, "--out", str(Place(making).archive)],
         ["room", str(asked.run.path), str(making), str(place.folder)]],
        out=making, anew=anew,
    )  # fmt: skip
    return job


def in_room(view: View) -> View:
    """A view of an archive; while that is not there, it shows how far its making is, and goes on by itself."""

    @wraps(view)
    def answer(asked: Asked) -> Page:
        chosen = choice.named(asked.parts["archive"])
        place = choice.place(asked.library.workshop, asked.run, chosen)
        return view(asked) if place.whole else _waiting(asked, chosen)

    return answer


def room_of(asked: Asked) -> tuple[Choice, Room]:
    """The archive that the address names, opened."""
    chosen = choice.named(asked.parts["archive"])
    place = choice.place(asked.library.workshop, asked.run, chosen)
    when = place.questions.stat().st_mtime_ns
    return chosen, asked.library.once(("room", str(place.folder), when), lambda: Room(place))


def trail(asked: Asked, chosen: Choice, *, deep: bool = True) -> list[tuple[str, str]]:
    """Where a page of the room stands."""
    return [("Archive room", asked.to("room")), *([(chosen.title(), asked.to("room", chosen.name))] if deep else [])]


def frame(asked: Asked, chosen: Choice) -> dict[str, Any]:
    """What every page of the room needs."""
    here = [
        ("What is left", asked.to("room", chosen.name)), ("Papers", asked.to("room", chosen.name, "documents")),
        ("Registers", asked.to("room", chosen.name, "registers")), ("Entries", asked.to("room", chosen.name, "entries")),
        ("Questions", asked.to("room", chosen.name, "sheet")),
    ]  # fmt: skip
    return {"archive": chosen.name, "archive_title": chosen.title(), "pages": [{"title": t, "to": to, "here": to == asked.address} for t, to in here]}


_LEFT = """
    select o.level, o.branch, count(*) as papers, count(*) filter (where file_copy) as own from documents d
    join organs o on o.organ = d.issuer group by all
"""


@in_room
def archive(asked: Asked) -> Page:
    """What is left, of which levels and years; or how far its making is."""
    chosen, room = room_of(asked)
    place = room.place
    rows = room.info["rows"]
    years = asked.library.once(
        ("room-years", str(place.folder)),
        lambda: room.rows("select year(date) as year, count(*) as papers from documents group by 1 order by 1"),
    )
    levels = asked.library.once(("room-levels", str(place.folder)), lambda: room.rows(_LEFT))
    content = {
        **frame(asked, chosen), "about": chosen.about(), "left": {k: rows[k] for k in ("documents", "copies", "acts", "registers")},
        "day": choice.day_of(chosen, asked.run), "from": asked.run.info["from"], "to": asked.run.info["to"], "years": years,
        "levels": [
            {"level": LEVEL_NAMES[level], "to": asked.to("room", chosen.name, "documents", level=level),
             "party": sum(x["papers"] for x in levels if x["level"] == level and x["branch"] == "party"),
             "other": sum(x["papers"] for x in levels if x["level"] == level and x["branch"] != "party")}
            for level in r.LEVELS if any(x["level"] == level for x in levels)
        ],
    }  # fmt: skip
    return Page("room_left.html.j2", chosen.title(), content, trail=trail(asked, chosen, deep=False))


def _waiting(asked: Asked, chosen: Choice) -> Page:
    job = asked.library.jobs.get(_key(asked, chosen))
    content = {
        "archive": chosen.name, "about": chosen.about(), "job": job.as_dict() if job else None, "choice": chosen.__dict__,
        "seconds": asked.run.info["rows"]["documents"] / _PAPERS_A_SECOND + 12, "room": asked.to("room"),
        "steps": ("drawing what survives", "reading what survived", "reconstructing who decided", "choosing questions",
                  "laying the truth beside the archive", "explaining the answers"),
    }  # fmt: skip
    refresh = 2 if job and not job.over else None
    return Page("room_waiting.html.j2", chosen.title(), content, trail=trail(asked, chosen, deep=False), refresh=refresh)


_DOCUMENTS = """
    select d.document, d.date, d.kind, o.name as issuer, o.level, o.branch, d.number, d.grade, m.domain, m.subject, d.file_copy
    from documents d join organs o on o.organ = d.issuer left join matters m on m.matter = d.matter where {where}
"""


@in_room
def documents(asked: Asked) -> Page:
    """The papers that are left."""
    chosen, room = room_of(asked)
    query, level, kind = asked.word("q"), asked.choice("level", r.LEVELS), asked.choice("kind", r.DOCUMENT_KINDS)
    grade, year, organ = asked.choice("grade", r.GRADES), asked.whole("year", None, 1900, 2100), asked.whole("organ")
    where, values = ["true"], list[Any]()
    for word in query.casefold().split():
        where.append("(contains(lower(m.subject || ' ' || m.domain), ?) or contains(lower(o.name), ?))")
        values += [word, word]
    for column, value in (("o.level", level), ("d.kind", kind), ("d.grade", grade), ("d.issuer", organ)):
        if value not in ("", None):
            where.append(f"{column} = ?")
            values.append(value)
    if year:
        where.append("d.date between make_date(?, 1, 1) and make_date(?, 12, 31)")
        values += [year, year]
    columns = (
        Column("document", "Paper", numeric=True, link=lambda row: asked.to("room", chosen.name, "document", row["document"])),
        Column("date", "Date", sortable=True),
        Column("kind", "Kind"),
        Column("issuer", "In whose name"),
        Column("number", "No.", numeric=True, help="Number in the register of who issued it"),
        Column("subject", "About"),
        Column("grade", "Grade"),
    )
    table = paged(
        asked, _DOCUMENTS.format(where=" and ".join(where)), values, columns, "date, document", rows=room.rows,
        caption="Papers that are left", empty="No paper is left that has all of that.",
    )  # fmt: skip
    first, last = (int(asked.run.info[k][:4]) for k in ("from", "to"))
    content = {
        **frame(asked, chosen), "levels": [(x, LEVEL_NAMES[x]) for x in r.LEVELS], "kinds": r.DOCUMENT_KINDS, "grades": r.GRADES,
        "years": list(range(first, last + 1)), "organ": _organ(room, organ),
        "asked_for": {"q": query, "level": level, "kind": kind, "grade": grade, "year": year, "organ": organ},
    }  # fmt: skip
    return Page("room_documents.html.j2", "Papers", content, {"documents": table}, trail=trail(asked, chosen))


def _organ(room: Room, organ: int | None) -> dict[str, Any] | None:
    if organ is None:
        return None
    found = room.rows("select organ, name, level, branch from organs where organ = ?", [organ])
    if not found:
        raise NotThere(f"the archive knows no body {organ}")
    return found[0]


_DOCUMENT = """
    select d.*, o.name as issuer_name, o.level, m.domain, m.subject, b.register, b.year from documents d
    join organs o on o.organ = d.issuer left join matters m on m.matter = d.matter left join registers b on b.series = d.series
    where d.document = ?
"""
_COPIES = """
    select c.copy, a.name as addressee, h.name as holder, c.channel, c.dispatched, c.received, c.read, c.due, c.returned, c.fate,
           c.wording from copies c left join organs a on a.organ = c.addressee_organ left join organs h on h.organ = c.holder
    where c.document = ? order by c.copy
"""
_ENTRIES_OF = """
    select a.day, a.kind, o.name as book_of, t.name as about from acts a join organs o on o.organ = a.actor_organ
    left join organs t on t.organ = a.target_organ where a.document = ? order by a.day, a.act limit 40
"""
_SAME = """
    select d.document, d.date, d.kind, o.name as issuer, o.level, bit_count(xor(d.wording, ?::ubigint)) as apart from documents d
    join organs o on o.organ = d.issuer where d.date between ?::date - 45 and ?::date + 45 and d.document <> ?
    and d.matter in (select matter from matters where domain = ? and subject = ?) order by apart, d.date, d.document limit 20
"""


@in_room
def document(asked: Asked) -> Page:
    """One paper as the archive has it."""
    chosen, room = room_of(asked)
    number = asked.number("document")
    found = room.rows(_DOCUMENT, [number])
    if not found:
        raise NotThere(f"this archive has no paper {number}")
    d = found[0]

    def to_paper(row: Row) -> str:
        return asked.to("room", chosen.name, "document", row["document"])

    copies = room.rows(_COPIES, [number])
    for copy in copies:
        copy["altered"] = "reads otherwise" if copy.pop("wording") != d["wording"] else "the same text"
    same = room.rows(_SAME, [d["wording"], d["date"], d["date"], number, d["domain"], d["subject"]]) if d["subject"] else []
    cited = room.rows(
        "select document, date, kind, name as issuer from documents join organs on organ = issuer where document = ?",
        [d["parent_document"]],
    ) if d["parent_document"] is not None else []  # fmt: skip
    content = {
        **frame(asked, chosen),
        "paper": {
            "document": number, "date": d["date"], "kind": d["kind"], "issuer": d["issuer_name"], "level": d["level"], "number": d["number"],
            "register": d["register"], "year": d["year"], "grade": d["grade"], "domain": d["domain"], "subject": d["subject"],
            "file_copy": d["file_copy"], "copies_made": d["copies"], "cited_date": d["cited_date"], "cited_number": d["cited_number"],
        },
        "cited": cited[0] | {"to": to_paper(cited[0])} if cited else None,
        "cites_lost": d["cited_number"] is not None and not cited,
        "to_register": asked.to("room", chosen.name, "register", d["series"]) if d["series"] is not None else None,
        "to_issuer": asked.to("room", chosen.name, "documents", organ=d["issuer"]),
    }  # fmt: skip
    tables = {
        "copies": Table(
            (Column("copy", "Copy", True), Column("addressee", "Addressed to"), Column("holder", "Lies with"), Column("channel", "Carried by"),
             Column("received", "Received"), Column("read", "Read"), Column("returned", "Returned"), Column("fate", "Fate"), Column("altered", "Text")),
            copies, caption="Numbered copies that are left", empty="No numbered copy is left."),
        "entries": Table(
            (Column("day", "Day"), Column("kind", "Entry"), Column("book_of", "In the book of"), Column("about", "Towards")),
            room.rows(_ENTRIES_OF, [number]), caption="What registers and journals say of it", empty="No register speaks of it."),
        "same": Table(
            (Column("document", "Paper", True, link=to_paper), Column("date", "Date"), Column("kind", "Kind"), Column("issuer", "In whose name"),
             Column("apart", "Marks that differ", True, help="Of 64 marks of the wording; few where one text was made of the other")),
            same, caption="Papers of these weeks on the same subject, the likest first", empty="No other paper of these weeks on this subject is left."),
    }  # fmt: skip
    return Page("room_document.html.j2", f"Paper {number:,}", content, tables, trail=[*trail(asked, chosen), ("Papers", asked.to("room", chosen.name, "documents"))])


_REGISTERS = """
    select k.series, k.year, k.register, o.name as office, o.level, o.organ, k.highest, k.there, k.known - k.there as by_trace,
           k.highest - k.known as free, round(100.0 * k.there / k.highest) as share
    from known_registers k join organs o on o.organ = k.organ where {where}
"""


@in_room
def registers(asked: Asked) -> Page:
    """All registers with their gaps."""
    chosen, room = room_of(asked)
    query, level = asked.word("q"), asked.choice("level", r.LEVELS)
    where, values = ["k.highest > 0"], list[Any]()
    for word in query.casefold().split():
        where.append("contains(lower(o.name || ' ' || k.register), ?)")
        values.append(word)
    if level:
        where.append("o.level = ?")
        values.append(level)
    columns = (
        Column("office", "Register of", link=lambda row: asked.to("room", chosen.name, "register", row["series"]), sortable=True),
        Column("register", "Book"),
        Column("year", "Year", sortable=True),
        Column("highest", "Highest number", numeric=True, sortable=True, help="The highest number of which anything is known"),
        Column("there", "Papers there", numeric=True, sortable=True),
        Column("by_trace", "Known by a trace", numeric=True, sortable=True, help="Not there, but an entry, a receipt or a reference tells of it"),
        Column("free", "Nothing known", numeric=True, sortable=True, help="Numbers between known ones of which nothing is left at all"),
        Column("share", "There, per cent", numeric=True, sortable=True),
    )
    table = paged(
        asked, _REGISTERS.format(where=" and ".join(where)), values, columns, "free desc, by_trace desc, series", rows=room.rows,
        caption="Registers of which anything is left", empty="No register has all of that.",
    )  # fmt: skip
    content = {**frame(asked, chosen), "levels": [(x, LEVEL_NAMES[x]) for x in r.LEVELS], "asked_for": {"q": query, "level": level}}
    return Page("room_registers.html.j2", "Registers", content, {"registers": table}, trail=trail(asked, chosen))


_NUMBERS = """
    with mention as (
        select number, date as day, document, 'paper' as how, kind as what from documents where series = ?
        union all select cited_number, cited_date, null, 'reference', kind from documents where cited_series = ? and cited_number is not null
        union all select number, day, null, 'entry', kind from acts where series = ? and number is not null)
    select number, min(day) as day, max(document) as document, bool_or(how = 'paper') as there,
           array_to_string(list_sort(list(distinct case how when 'reference' then 'cited by a ' || what when 'entry' then 'entry: ' || what end)), ', ') as traces
    from mention group by number order by number
"""


def numbers(room: Room, series: int) -> list[dict[str, Any]]:
    """What is known of each number of a register: the first day, the paper where it is there, and traces."""
    return room.rows(_NUMBERS, [series] * 3)


@in_room
def register(asked: Asked) -> Page:
    """One register, number by number: papers there, papers known by a trace, and numbers of which nothing is left."""
    chosen, room = room_of(asked)
    series = asked.number("series")
    book = room.rows("select b.*, o.name as office, o.level from registers b join organs o using (organ) where series = ?", [series])
    if not book:
        raise NotThere(f"this archive has no register {series}")
    known = asked.library.once(("room-numbers", str(room.place.folder), series), lambda: numbers(room, series))
    rows, last, before = [], 0, None
    for row in known:
        if row["number"] > last + 1:
            rows.append({
                "number": f"{last + 1}" if row["number"] == last + 2 else f"{last + 1} to {row['number'] - 1}", "state": "nothing known",
                "day": None, "document": None, "traces": None, "between": _between(before, row["day"]),
            })  # fmt: skip
        rows.append({**row, "number": str(row["number"]), "state": "there" if row["there"] else "known by a trace", "between": None})
        last, before = row["number"], row["day"]
    table = Table(
        (Column("number", "Number", True), Column("state", "State"), Column("day", "Day"), Column("between", "Must fall"), Column("traces", "Traces"),
         Column("document", "Paper", True, link=lambda x: asked.to("room", chosen.name, "document", x["document"]) if x["document"] is not None else None)),
        _page_of(asked, rows), caption="Number by number", total=len(rows), page=asked.whole("page", 1, 1) or 1, every=lambda: rows,
    )  # fmt: skip
    states = {row["number"]: bool(row["there"]) for row in known}
    title = f"{book[0]['office']}: {book[0]['register']}, {book[0]['year']}"
    content = {
        **frame(asked, chosen), "book": book[0], "highest": last, "there": sum(states.values()), "by_trace": len(states) - sum(states.values()),
        "free": last - len(states), "to_office": asked.to("room", chosen.name, "documents", organ=book[0]["organ"]),
    }  # fmt: skip
    chart = Chart(("room-strip", str(room.place.folder), series), lambda: strip(states, title))
    place = [*trail(asked, chosen), ("Registers", asked.to("room", chosen.name, "registers"))]
    return Page("room_register.html.j2", title, content, {"numbers": table}, {"strip": chart}, trail=place)


def _between(first: Any, last: Any) -> str | None:
    if first is None:
        return f"not after {day(last)}" if last else None
    return f"on {day(first)}" if first == last else f"{day(first)} to {day(last)}"


def _page_of(asked: Asked, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    number = asked.whole("page", 1, 1, 1_000_000) or 1
    return rows[50 * (number - 1) : 50 * number]


_ENTRIES = """
    select a.act, a.day, a.kind, o.name as book_of, o.level, t.name as about, p.name as person, a.number, a.document, a.grade from acts a
    join organs o on o.organ = a.actor_organ left join organs t on t.organ = a.target_organ
    left join persons p on p.person = a.actor_person where {where}
"""


@in_room
def entries(asked: Asked) -> Page:
    """Entries in registers and journals, of one month."""
    chosen, room = room_of(asked)
    kind, level, organ = asked.choice("kind", r.ACT_KINDS), asked.choice("level", r.LEVELS), asked.whole("organ")
    first, last = asked.run.info["from"], asked.run.info["to"]
    months = [f"{y}-{m:02d}" for y in range(int(first[:4]), int(last[:4]) + 1) for m in range(1, 13) if first[:7] <= f"{y}-{m:02d}" <= last[:7]]
    month = asked.choice("month", months, months[0])
    where, values = ["a.day between ?::date and last_day(?::date)"], list[Any]([f"{month}-01", f"{month}-01"])
    for column, value in (("a.kind", kind), ("o.level", level), ("a.actor_organ", organ)):
        if value not in ("", None):
            where.append(f"{column} = ?")
            values.append(value)
    columns = (
        Column("day", "Day"),
        Column("book_of", "In the book of", link=lambda row: None),
        Column("kind", "Entry"),
        Column("about", "Towards"),
        Column("person", "Signed"),
        Column("number", "On paper no.", numeric=True),
        Column("document", "Paper", numeric=True, link=lambda x: asked.to("room", chosen.name, "document", x["document"]) if x["document"] is not None else None,
               help="The paper itself, where it is there"),
    )  # fmt: skip
    table = paged(
        asked, _ENTRIES.format(where=" and ".join(where)), values, columns, "day, act", rows=room.rows,
        caption=f"Entries of {month}", empty="No entry of this month is left that has all of that.",
    )  # fmt: skip
    content = {
        **frame(asked, chosen), "months": months, "kinds": sorted(_entered(room, asked)), "levels": [(x, LEVEL_NAMES[x]) for x in r.LEVELS],
        "organ": _organ(room, organ), "asked_for": {"month": month, "kind": kind, "level": level, "organ": organ},
    }  # fmt: skip
    return Page("room_entries.html.j2", "Entries", content, {"entries": table}, trail=trail(asked, chosen))


def _entered(room: Room, asked: Asked) -> list[str]:
    return asked.library.once(
        ("room-kinds", str(room.place.folder)), lambda: [x["kind"] for x in room.rows("select distinct kind from acts")]
    )


ROUTES = (
    Route("/run/{run}/room", begin, make),
    Route("/run/{run}/room/{archive}", archive),
    Route("/run/{run}/room/{archive}/documents", documents),
    Route("/run/{run}/room/{archive}/document/{document}", document),
    Route("/run/{run}/room/{archive}/registers", registers),
    Route("/run/{run}/room/{archive}/register/{series}", register),
    Route("/run/{run}/room/{archive}/entries", entries),
)
