"""What is counted of the party, by name and number."""

from __future__ import annotations

COUNTS = (
    "members and candidates", "candidates", "workers", "peasants", "employees", "others", "illiterate", "lower schooling",
    "higher schooling", "joined before 1905", "joined before 1917", "entrants of drafts", "entrants of drafts with a course",
    "workers from the bench", "active", "active entrants of drafts", "active, joined before 1921", "joined before 1921",
    "cells in town", "cells in villages", "full-time secretaries of cells",
)  # fmt: skip
(
    ALL, CANDIDATES, WORKERS, _, _, _, UNLETTERED, LOWLY, HIGHLY, BEFORE_1905, BEFORE_1917, DRAFTED, SCHOOLED, AT_BENCH, ACTIVE,
    ACTIVE_DRAFTED, ACTIVE_SENIOR, SENIOR, TOWN_CELLS, VILLAGE_CELLS, FULL_TIME,
) = range(len(COUNTS))  # fmt: skip
"""What is counted on the first of a month; the cells by the mechanism that founds them, the rest in one pass over the members."""
