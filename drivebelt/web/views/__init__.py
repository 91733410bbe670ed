"""The views: one module a part of the laboratory, each with the addresses that it answers."""

from drivebelt.web.page import Route
from drivebelt.web.views import evidence, home, matters, own, reading, registers, room, rules, sheet, territory, words

ROUTES: tuple[Route, ...] = (
    *home.ROUTES,
    *matters.ROUTES,
    *own.ROUTES,
    *territory.ROUTES,
    *words.ROUTES,
    *evidence.ROUTES,
    *rules.ROUTES,
    *room.ROUTES,
    *reading.ROUTES,
    *registers.ROUTES,
    *sheet.ROUTES,
)
