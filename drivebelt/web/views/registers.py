"""Registers of the archive room, with their gaps as things that can be looked at."""

from __future__ import annotations

from typing import Any

from drivebelt import records as r
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.telling import day
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.drawing.register import strip
from drivebelt.web.page import ROWS, Chart, Column, Page, Route, Table, paged
from drivebelt.web.room.reading import Room
from drivebelt.web.views.room import frame, in_room, room_of, trail

_REGISTERS = """
    select k.series, k.year::varchar as year, k.register, o.name as office, o.level, o.organ, k.highest, k.there,
           k.known - k.there as by_trace, k.highest - k.known as free, round(100.0 * k.there / k.highest) as share
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
        Column(
            "by_trace",
            "Known by a trace",
            numeric=True,
            sortable=True,
            help="Not there, but an entry, a receipt or a reference tells of it",
        ),
        Column(
            "free", "Nothing known", numeric=True, sortable=True, help="Numbers between known ones of which nothing is left at all"
        ),
        Column("share", "There, per cent", numeric=True, sortable=True),
    )
    table = paged(
        asked,
        _REGISTERS.format(where=" and ".join(where)),
        values,
        columns,
        "free desc, by_trace desc, series",
        rows=room.rows,
        caption="Registers of which anything is left",
        empty="No register has all of that.",
    )
    content = {**frame(asked, chosen), "levels": [(x, LEVEL_NAMES[x]) for x in r.LEVELS], "asked_for": {"q": query, "level": level}}
    return Page("room_registers.html.j2", "Registers", content, {"registers": table}, trail=trail(asked, chosen))


_NUMBERS = """
    with mention as (
        select number, date as day, document, 'paper' as how, kind as what from documents where series = ?
        union all select cited_number, cited_date, null, 'reference', kind from documents
        where cited_series = ? and cited_number is not null
        union all select number, day, null, 'entry', kind from acts where series = ? and number is not null)
    select number, min(day) as day, max(document) as document, bool_or(how = 'paper') as there,
           array_to_string(list_sort(list(distinct
               case how when 'reference' then 'cited by a ' || what when 'entry' then 'entry: ' || what end)), ', ') as traces
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
    book = room.rows(
        "select b.*, o.name as office, o.level from registers b join organs o using (organ) where series = ?", [series]
    )
    if not book:
        raise NotThere(f"this archive has no register {series}")
    known = asked.library.once(("room-numbers", str(room.place.folder), series), lambda: numbers(room, series))
    rows, last, before = [], 0, None
    for row in known:
        if row["number"] > last + 1:
            rows.append(
                {
                    "number": f"{last + 1}" if row["number"] == last + 2 else f"{last + 1} to {row['number'] - 1}",
                    "state": "nothing known",
                    "day": None,
                    "document": None,
                    "traces": None,
                    "between": _between(before, row["day"]),
                }
            )
        rows.append(
            {**row, "number": str(row["number"]), "state": "there" if row["there"] else "known by a trace", "between": None}
        )
        last, before = row["number"], row["day"]
    table = Table(
        (
            Column("number", "Number", True),
            Column("state", "State"),
            Column("day", "Day"),
            Column("between", "Must fall"),
            Column("traces", "Traces"),
            Column(
                "document",
                "Paper",
                True,
                link=lambda x: asked.to("room", chosen.name, "document", x["document"]) if x["document"] is not None else None,
            ),
        ),
        _page_of(asked, rows),
        caption="Number by number",
        total=len(rows),
        page=asked.whole("page", 1, 1) or 1,
        every=lambda: rows,
    )
    states = {row["number"]: bool(row["there"]) for row in known}
    title = f"{book[0]['office']}: {book[0]['register']}, {book[0]['year']}"
    content = {
        **frame(asked, chosen),
        "book": book[0],
        "highest": last,
        "there": sum(states.values()),
        "by_trace": len(states) - sum(states.values()),
        "free": last - len(states),
        "to_office": asked.to("room", chosen.name, "documents", organ=book[0]["organ"]),
    }
    chart = Chart(("room-strip", str(room.place.folder), series), lambda: strip(states, title))
    place = [*trail(asked, chosen), ("Registers", asked.to("room", chosen.name, "registers"))]
    return Page("room_register.html.j2", title, content, {"numbers": table}, {"strip": chart}, trail=place)


def _between(first: Any, last: Any) -> str | None:
    if first is None:
        return f"not after {day(last)}" if last else None
    return f"on {day(first)}" if first == last else f"{day(first)} to {day(last)}"


def _page_of(asked: Asked, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    number = asked.whole("page", 1, 1, 1_000_000) or 1
    return rows[ROWS * (number - 1) : ROWS * number]


ROUTES = (
    Route("/run/{run}/room/{archive}/registers", registers),
    Route("/run/{run}/room/{archive}/register/{series}", register),
)
