"""The headline numbers by which runs are compared: each one a window on a measure."""

from __future__ import annotations

import statistics
from datetime import date
from typing import Any, NamedTuple


class Headline(NamedTuple):
    """One number of a run: a measure's mean over its first or last year, over all months, the difference of last and first, or
    the days until it first shows."""

    name: str
    measure: str
    scope: str
    window: str
    """first | last | rise | all | onset"""


_POLITBURO = "Politburo of the CC"
HEADLINES = (
    Headline("dependence of secretaries, rise", "dependence", "secretaries", "rise"),
    Headline("dependence of secretaries, last year", "dependence", "secretaries", "last"),
    Headline("posts owed by officials, last year", "posts-owed", "officials", "last"),
    Headline("apparatus among delegates, rise", "apparatus-share", "", "rise"),
    Headline("apparatus among delegates, last", "apparatus-share", "", "last"),
    Headline("apparatus over its pool, rise", "apparatus-lift", "", "rise"),
    Headline("apparatus over its pool, last", "apparatus-lift", "", "last"),
    Headline("delegates against, first", "delegates-against", "", "first"),
    Headline("delegates against, last", "delegates-against", "", "last"),
    Headline("votes against in the Politburo", "votes-against", _POLITBURO, "all"),
    Headline("votes against in the Politburo, rise", "votes-against", _POLITBURO, "rise"),
    Headline("proposals refused by the Politburo", "rejected", _POLITBURO, "all"),
    Headline("settled before, Politburo", "decided-before", _POLITBURO, "all"),
    Headline("settled before, Politburo, rise", "decided-before", _POLITBURO, "rise"),
    Headline("bent, Politburo", "bent", _POLITBURO, "all"),
    Headline("bent, Politburo, rise", "bent", _POLITBURO, "rise"),
    Headline("days to the first circle", "circle", "", "onset"),
    Headline("members at the end", "members", "party", "last"),
    Headline("distance of members from the course, last", "members-from-course", "party", "last"),
    Headline("acts without paper at the centre", "oral-share", "centre", "all"),
    Headline("acts under another name, regions", "mask-share", "region", "all"),
    Headline("days to the uezd", "lag", "uezd", "all"),
    Headline("returned in time from the provinces", "returned-in-time", "gubernia", "all"),
)


def headlines(measures: list[dict[str, Any]]) -> dict[str, float | None]:
    """The headline numbers of one run from its table of measures (rows of measure, day, scope, value); None where nothing is."""
    start = min((m["day"] for m in measures), default=None)
    return {h.name: _headline(measures, h, start) for h in HEADLINES}


def means(measures: list[dict[str, Any]]) -> dict[str, float]:
    """Every measure of a run by its scope (`measure: scope`), as the mean over its months."""
    values: dict[str, list[float]] = {}
    for m in measures:
        values.setdefault(f"{m['measure']}: {m['scope']}", []).append(m["value"])
    return {name: statistics.fmean(x) for name, x in sorted(values.items())}


def _headline(measures: list[dict[str, Any]], h: Headline, start: date | None) -> float | None:
    rows = sorted((m["day"], m["value"]) for m in measures if m["measure"] == h.measure and h.scope in ("", m["scope"]))
    if not rows or start is None:
        return None
    if h.window == "onset":
        return float((rows[0][0] - start).days)
    if h.window == "all":
        return statistics.fmean(v for _, v in rows)
    first = statistics.fmean(v for day, v in rows if day.year == rows[0][0].year)
    last = statistics.fmean(v for day, v in rows if day.year == rows[-1][0].year)
    return {"first": first, "last": last, "rise": last - first}[h.window]
