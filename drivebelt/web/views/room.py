"""The archive room: choose what became of the paper and who reads it, then read what is left. Nothing of the truth stands here."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from drivebelt import records as r
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.web.asked import Asked, NotThere
from drivebelt.web.jobs import Job
from drivebelt.web.page import Page, Route, Row, View
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
        {"title": c.title(), "to": asked.to("room", c.name), "print": asked.to("room", c.name, "sheet", print=1)}
        for c in _made(asked)
    ]
    content = {
        "regimes": choice.possible(),
        "readers": choice.readers(),
        "shares": choice.SHARES,
        "together": choice.TOGETHER,
        "last_draw": choice.LAST_DRAW,
        "made": made,
        "regime": regime,
        "documents": run.info["rows"]["documents"],
        "seconds": run.info["rows"]["documents"] / _PAPERS_A_SECOND + 12,
        "from": run.info["from"],
        "to": run.info["to"],
    }
    return Page("room.html.j2", "Archive room", content)


def make(asked: Asked, sent: Sent) -> str:
    """Has an archive made, where it is not there yet, and returns its address."""
    chosen = choice.choose(*(sent.fields.get(name, "") for name in ("regime", "reader", "share", "together", "draw")))
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
        choice.tidy(asked.library.workshop)
        making.parent.mkdir(parents=True, exist_ok=True)
    return asked.library.jobs.start(
        _key(asked, chosen),
        f"The archive {chosen.title()}",
        [
            ["archive", str(asked.run.path), *chosen.steps, "--out", str(Place(making).archive)],
            ["room", str(asked.run.path), str(making), str(place.folder)],
        ],
        out=making,
        anew=anew,
    )


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


def to_paper(asked: Asked, chosen: Choice) -> Callable[[Row], str | None]:
    """The address of the paper of which a row tells; none where the row names no paper."""

    def to(row: Row) -> str | None:
        return asked.to("room", chosen.name, "document", row["document"]) if row["document"] is not None else None

    return to


def trail(asked: Asked, chosen: Choice, *, deep: bool = True) -> list[tuple[str, str]]:
    """Where a page of the room stands."""
    return [("Archive room", asked.to("room")), *([(chosen.title(), asked.to("room", chosen.name))] if deep else [])]


def frame(asked: Asked, chosen: Choice) -> dict[str, Any]:
    """What every page of the room needs."""
    here = [
        ("What is left", asked.to("room", chosen.name)),
        ("Papers", asked.to("room", chosen.name, "documents")),
        ("Registers", asked.to("room", chosen.name, "registers")),
        ("Entries", asked.to("room", chosen.name, "entries")),
        ("Questions", asked.to("room", chosen.name, "sheet")),
    ]
    return {
        "archive": chosen.name,
        "archive_title": chosen.title(),
        "pages": [{"title": t, "to": to, "here": to == asked.address} for t, to in here],
    }


_LEFT = """
    select level, branch, count(*) as papers from papers group by all
"""


@in_room
def archive(asked: Asked) -> Page:
    """What is left, of which levels and years; or how far its making is."""
    chosen, room = room_of(asked)
    place = room.place
    rows = room.info["rows"]
    years = asked.library.once(
        ("room-years", str(place.folder)),
        lambda: room.rows("select year(date) as year, count(*) as papers from papers group by 1 order by 1"),
    )
    levels = asked.library.once(("room-levels", str(place.folder)), lambda: room.rows(_LEFT))
    content = {
        **frame(asked, chosen),
        "about": chosen.about(),
        "left": {k: rows[k] for k in ("documents", "copies", "acts", "registers")},
        "day": choice.day_of(chosen, asked.run),
        "from": asked.run.info["from"],
        "to": asked.run.info["to"],
        "years": years,
        "levels": [
            {
                "level": LEVEL_NAMES[level],
                "to": asked.to("room", chosen.name, "documents", level=level),
                "party": sum(x["papers"] for x in levels if x["level"] == level and x["branch"] == "party"),
                "other": sum(x["papers"] for x in levels if x["level"] == level and x["branch"] != "party"),
            }
            for level in r.LEVELS
            if any(x["level"] == level for x in levels)
        ],
    }
    return Page("room_left.html.j2", chosen.title(), content, trail=trail(asked, chosen, deep=False))


def _waiting(asked: Asked, chosen: Choice) -> Page:
    job = asked.library.jobs.get(_key(asked, chosen))
    content = {
        "archive": chosen.name,
        "about": chosen.about(),
        "job": job.as_dict() if job else None,
        "choice": chosen.__dict__,
        "seconds": asked.run.info["rows"]["documents"] / _PAPERS_A_SECOND + 12,
        "room": asked.to("room"),
        "steps": (
            "drawing what survives",
            "reading what survived",
            "reconstructing who decided",
            "laying the truth beside the archive",
            "choosing questions",
            "explaining the answers",
        ),
    }
    refresh = 2 if job and not job.over else None
    return Page("room_waiting.html.j2", chosen.title(), content, trail=trail(asked, chosen, deep=False), refresh=refresh)


ROUTES = (
    Route("/run/{run}/room", begin, make),
    Route("/run/{run}/room/{archive}", archive),
)
