"""Acts of one kind in sum: what has to be known of them to tell them in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from drivebelt.telling.words import span

Act = dict[str, Any]


class Few(NamedTuple):
    """How many different ones there are among several acts, and the name of the first."""

    n: int
    first: str | None


@dataclass(frozen=True)
class Flow:
    """One act, or several of the same kind in sum: what has to be known of them to tell them in one sentence."""

    a: Act
    """The first of them."""
    n: int
    actors: Few
    targets: Few
    masks: Few
    persons: Few
    whom: str | None
    """The first person acted upon who has a name."""
    amounts: tuple[int, int, int]
    """Lowest, highest and mean amount."""
    noes: int
    """Acts whose amount is odd: votes against."""
    bent: int
    """Votes for what the voter's own position refuses."""
    documents: int
    grades: tuple[str | None, ...]
    channels: Mapping[str, int]
    first_day: date
    last_day: date
    against: tuple[str | None, ...] = ()
    """Who voted against, where the acts are at hand."""
    median: date | None = None
    """The day by which half of them had been done."""

    def days(self) -> str:
        """Its date, or first and last."""
        return span(self.first_day, self.last_day)


def flow(acts: Sequence[Act]) -> Flow:
    """Acts that are at hand, in sum."""

    def few(number: str, name: str) -> Few:
        return Few(len({x[number] for x in acts}), acts[0][name])

    amounts = [x["amount"] for x in acts if x["amount"] is not None]
    noes = [x for x in acts if (x["amount"] or 0) % 2]
    return Flow(
        acts[0], len(acts), few("actor_organ", "actor"), few("target_organ", "target"), few("in_name_of", "mask"),
        few("actor_person", "person"), next((x["whom"] for x in acts if x["whom"]), None),
        (min(amounts, default=0), max(amounts, default=0), round(sum(amounts) / max(len(amounts), 1))),
        len(noes), sum((x["amount"] or 0) % 4 == 2 for x in acts), len({x["document"] for x in acts}),
        tuple({x["grade"] for x in acts}), Counter(x["channel"] for x in acts if x["channel"]),
        acts[0]["day"], max(x["day"] for x in acts), tuple(x["person"] for x in noes),
        sorted(x["day"] for x in acts)[(len(acts) - 1) // 2],
    )  # fmt: skip
