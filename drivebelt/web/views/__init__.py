"""The views: one module a part of the laboratory, each with the addresses that it answers."""

from drivebelt.web.page import Route
from drivebelt.web.views import bodies, experiments, home, matters, measures, people, words

ROUTES: tuple[Route, ...] = (
    *home.ROUTES,
    *matters.ROUTES,
    *bodies.ROUTES,
    *people.ROUTES,
    *measures.ROUTES,
    *experiments.ROUTES,
    *words.ROUTES,
)
