"""Registers of the archive room, with their gaps as things that can be looked at."""

from __future__ import annotations

from typing import Any

from drivebelt import records as r
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.telling.words import day
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.drawing.register import strip
from drivebelt.web.page import Chart, Column, Page, Route, listed, narrowed, paged, worded
from drivebelt.web.room.reading import Room
from drivebelt.web.views.room import frame, in_room, room_of, to_paper, trail

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
    where, values = narrowed(
        ("k.highest > ?", 0), *worded("o.name || ' ' || k.register", query), ("o.level = ?", level)
    )  # fmt: skip
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
        _REGISTERS.format(where=where),
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
    select number, min(day) as day, max(document) as document, bool_or(how = 'paper') as there,
           array_to_string(list_sort(list(distinct
               case how when 'reference' then 'cited by a ' || what when 'entry' then 'entry: ' || what end)), ', ') as traces
    from by_number where series = ? group by number order by number
"""


def numbers(room: Room, series: int) -> list[dict[str, Any]]:
    """What is known of each number of a register: the first day, the paper where it is there, and traces."""
    return room.rows(_NUMBERS, [series])


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
    columns = (
        Column("number", "Number", True), Column("state", "State"), Column("day", "Day"), Column("between", "Must fall"),
        Column("traces", "Traces"), Column("document", "Paper", True, link=to_paper(asked, chosen)),
    )  # fmt: skip
    table = listed(asked, rows, columns, caption="Number by number")
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


ROUTES = (
    Route("/run/{run}/room/{archive}/registers", registers),
    Route("/run/{run}/room/{archive}/register/{series}", register),
)
