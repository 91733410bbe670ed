"""The views: one module a part of the laboratory, each with the addresses that it answers."""

from drivebelt.web.page import Route
from drivebelt.web.views import acts, cases, documents, home, journey, knew, matters, own, territory, words

ROUTES: tuple[Route, ...] = (
    *home.ROUTES, *matters.ROUTES, *journey.ROUTES, *acts.ROUTES, *knew.ROUTES, *documents.ROUTES, *cases.ROUTES, *own.ROUTES,
    *territory.ROUTES, *words.ROUTES,
)  # fmt: skip
