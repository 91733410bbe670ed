"""The views: one module a part of the laboratory, each with the addresses that it answers."""

from drivebelt.web.page import Route
from drivebelt.web.views import (
    acts,
    bodies,
    cases,
    documents,
    evidence,
    experiments,
    home,
    journey,
    knew,
    matters,
    measures,
    own,
    people,
    reading,
    registers,
    room,
    rules,
    sheet,
    territory,
    words,
)

_PARTS = (
    home, cases, matters, journey, acts, knew, documents, territory, bodies, people, measures, experiments, evidence, rules, words,
    room, reading, registers, sheet, own,
)  # fmt: skip
ROUTES: tuple[Route, ...] = tuple(route for part in _PARTS for route in part.ROUTES)
