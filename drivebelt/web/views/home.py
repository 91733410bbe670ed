"""The first page, and the mechanism of one run."""

from __future__ import annotations

from drivebelt.web.asked import Asked
from drivebelt.web.library import about
from drivebelt.web.page import Page, Route


def home(asked: Asked) -> Page:
    """What this is, and the runs on the shelf."""
    return Page("home.html.j2", "The mechanism of power", {"runs": [about(asked.library, s) for s in asked.library.shelf()]})


def mechanism(asked: Asked) -> Page:
    """The mechanism of one run on a day."""
    return Page("mechanism.html.j2", "The mechanism", {"info": asked.run.info, "at": asked.at()})


ROUTES = (Route("/", home), Route("/run/{run}", mechanism))
