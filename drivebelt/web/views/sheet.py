"""Sheets of questions for the archive room, and what is seen after they have been answered: the truth, and everybody's marks."""

from __future__ import annotations

import json
from typing import Any

from drivebelt.records import LEVELS
from drivebelt.report.words import LEVEL_NAMES
from drivebelt.web.asked import Asked
from drivebelt.web.page import Page, Route
from drivebelt.web.room import marking
from drivebelt.web.room.choice import day_of
from drivebelt.web.room.marking import LAST_SEED
from drivebelt.web.room.reading import Room
from drivebelt.web.views.room import frame, in_room, room_of, trail

_METHODS = {
    "you": "you",
    "the engine": "the engine of this project",
    "face value": "face value: who signed",
    "previous paper": "who wrote last on the subject",
    "highest body": "the highest body that signed a like paper",
    "lowest common superior": "the lowest office above all like papers",
    "network centrality": "the body most central in the network of papers",
    "paper alone": "the engine, each paper by itself",
    "highest number known": "the highest number known",
}
"""Methods as the page calls them."""


def _wanted(asked: Asked, room: Room) -> dict[str, Any]:
    """What the questions are to be about, as it stands in the address: a level, a year, both or neither."""
    years = sorted({q["date"][:4] for q in room.questions["papers"]})
    level, year = asked.choice("level", LEVELS), asked.choice("year", years)
    return {"level": level, "year": year}


def _questions(asked: Asked, room: Room, seed: int) -> dict[str, Any]:
    wanted = _wanted(asked, room)
    return marking.sheet(room.questions, seed, wanted["level"], int(wanted["year"]) if wanted["year"] else None)


@in_room
def sheet(asked: Asked) -> Page:
    """A sheet of questions, chosen from the archive alone by the seed in the address; for a class, to be printed."""
    chosen, room = room_of(asked)
    seed = asked.whole("seed", 1, 1, LAST_SEED) or 1
    questions, wanted = _questions(asked, room, seed), _wanted(asked, room)
    answers, open_ = marking.given(questions, asked.query)
    content = {
        **frame(asked, chosen),
        "seed": seed,
        "last_seed": LAST_SEED,
        "wanted": wanted,
        "levels": {q["level"]: LEVEL_NAMES[q["level"]] for q in room.questions["papers"]},
        "years": sorted({q["date"][:4] for q in room.questions["papers"]}),
        "to_answers": asked.to("room", chosen.name, "truth", seed=seed, teacher=1, print=1, **wanted),
        "questions": questions,
        "answers": answers,
        "open": open_ if answers else [],
        "printed": bool(asked.whole("print", 0, 0, 1)),
        "about": chosen.about(),
        "day": day_of(chosen, asked.run),
        "to_truth": asked.to("room", chosen.name, "truth"),
        "to_sheet": asked.to("room", chosen.name, "sheet"),
        "many": sum(len(questions[k]) for k in ("papers", "registers")) + bool(questions["bodies"]),
    }
    return Page("room_sheet.html.j2", f"Sheet {seed}", content, trail=trail(asked, chosen))


@in_room
def truth(asked: Asked) -> Page:
    """What was true, beside the reader's answers, the engine's and those of simple methods. Asked for before all is answered, it
    goes back to the sheet; a teacher may ask for it without answers."""
    chosen, room = room_of(asked)
    place = room.place
    seed, teacher = asked.whole("seed", 1, 1, LAST_SEED) or 1, bool(asked.whole("teacher", 0, 0, 1))
    questions, wanted = _questions(asked, room, seed), _wanted(asked, room)
    answers, open_ = marking.given(questions, asked.query)
    if open_ and not teacher:
        return sheet(asked)
    when = place.key.stat().st_mtime_ns
    key = asked.library.once(("room-key", str(place.folder), when), lambda: json.loads(place.key.read_text(encoding="utf-8")))
    result = marking.marked(questions, key, {} if teacher else answers)
    for question in result["questions"]:
        if "matter" in question and question["matter"] >= 0:
            question["to_matter"] = asked.to("matter", question["matter"])
    content = {
        **frame(asked, chosen),
        "seed": seed,
        "teacher": teacher,
        "result": result,
        "methods": _METHODS,
        "whole": key["whole"],
        "counted": key["counted"],
        "ever": key["ever"],
        "there": key["there"],
        "printed": bool(asked.whole("print", 0, 0, 1)),
        "again": asked.to("room", chosen.name, "sheet", seed=seed % LAST_SEED + 1, **wanted),
        "back": asked.to("room", chosen.name, "sheet", seed=seed, **wanted, **({} if teacher else answers)),
    }
    title = "The truth" if not teacher else f"Answers to sheet {seed}"
    sheet_at = asked.to("room", chosen.name, "sheet", seed=seed, **wanted)
    return Page("room_truth.html.j2", title, content, trail=[*trail(asked, chosen), (f"Sheet {seed}", sheet_at)])


ROUTES = (
    Route("/run/{run}/room/{archive}/sheet", sheet),
    Route("/run/{run}/room/{archive}/truth", truth),
)
