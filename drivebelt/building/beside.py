"""The posts of a committee of each level, and the bodies that stand beside it with theirs."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from drivebelt import records as r
from drivebelt.building.dates import EARLY


class Beside(NamedTuple):
    """A body that stands beside the committee of some levels."""

    branch: int
    name: str
    levels: tuple[int, ...]
    top: int
    """The body of the Centre over the highest of them."""
    since: date
    posts: tuple[str, ...]


KIND = {r.REGION: "regional ", r.GUBERNIA: "provincial ", r.UEZD: "", r.VOLOST: "volost ", r.CELL: ""}
COMMITTEE = {
    r.REGION: "regional committee",
    r.GUBERNIA: "provincial committee",
    r.UEZD: "committee",
    r.VOLOST: "volost committee",
    r.CELL: "cell",
}
PARTY_POSTS = {
    r.REGION: (
        "secretary", "second secretary", "head of the organisation department", "head of agitation and propaganda",
        "head of accounting and distribution", "head of the women's department", "head of the secret part",
        "responsible instructor", "chairman of the control commission", "administrator", "second instructor", "third instructor",
        "head of the press subdepartment", "head of the nationalities subdepartment", "organiser of work in the countryside",
        "deputy head of agitation and propaganda", "deputy head of the organisation department", "member of the control commission",
    ),
    r.GUBERNIA: (
        "secretary", "head of the organisation department", "head of agitation and propaganda",
        "head of accounting and distribution", "head of the women's department", "head of the secret part",
        "responsible instructor", "second instructor", "chairman of the control commission", "administrator", "third instructor",
        "fourth instructor", "head of the press subdepartment", "head of the nationalities subdepartment",
        "organiser of work in the countryside", "deputy head of agitation and propaganda",
        "deputy head of the organisation department", "member of the control commission",
    ),
    r.UEZD: (
        "secretary", "head of the organisation department", "head of agitation and propaganda", "women's organiser",
        "head of the secret part", "responsible instructor", "second instructor", "keeper of accounts of workers",
        "organiser of work in the countryside", "chairman of the control commission",
    ),
    r.VOLOST: ("secretary",),
    r.CELL: ("secretary",),
}  # fmt: skip
BESIDE = (
    Beside(
        r.STATE, "executive committee", (r.REGION, r.GUBERNIA, r.UEZD, r.VOLOST), r.VTSIK, EARLY,
        ("chairman", "deputy chairman", "secretary", "head of administration", "head of the land department",
         "head of the finance department", "head of the education department", "head of the health department",
         "head of the food or tax department", "head of the communal economy", "military commissar", "head of the militia",
         "head of the labour department", "head of the department of internal trade", "head of social security",
         "head of the workers' and peasants' inspection"),
    ),
    Beside(
        r.POLICE, "GPU department", (r.REGION, r.GUBERNIA, r.UEZD), r.OGPU, EARLY,
        ("head", "deputy head", "head of the secret section", "head of the economic section", "head of the information section"),
    ),
    Beside(r.PROCURACY, "procurator", (r.GUBERNIA, r.UEZD), r.PROCURATOR_GENERAL, date(1922, 5, 28), ("procurator",)),
    Beside(r.UNION, "trade-union council", (r.GUBERNIA, r.UEZD), r.VTSSPS, EARLY,
           ("chairman", "secretary", "head of the wages department", "head of the organisation department",
            "head of the cultural department", "chairman of the metalworkers")),
    Beside(r.PRESS, "newspaper", (r.REGION, r.GUBERNIA, r.UEZD), r.PRAVDA, EARLY,
           ("editor", "deputy editor", "secretary of the editors")),
    Beside(r.ECONOMY, "trust", (r.GUBERNIA,), r.VSNKH, EARLY,
           ("director", "head of the secret part", "deputy director", "director of the largest works")),
)  # fmt: skip
FEWER = {r.STATE: 12, r.POLICE: 3, r.UNION: 3, r.PRESS: 2}
"""Posts of the uezd's bodies: the first so many of those of the province. The totals come near to the documented number of
responsible workers of 1921; the posts themselves are those usual at the time (general reference)."""


def top_of(branch: int) -> int:
    """The body of the Centre over the highest bodies of a branch."""
    if branch == r.JUSTICE:
        return r.NK_JUSTICE
    return next((b.top for b in BESIDE if b.branch == branch), r.CC)
