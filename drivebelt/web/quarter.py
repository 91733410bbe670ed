"""What flowed between bodies in a quarter: who settled, decided, proposed, placed, and in whose name it went out.

Bodies of the Centre are told one by one by their key, those below as one for each level and branch (`uezd party`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from drivebelt import records as r

if TYPE_CHECKING:
    from drivebelt.results import Run

_NODE = "case when {0}.level = 'centre' then coalesce({0}.key, 'organ ' || {0}.organ) else {0}.level || ' ' || {0}.branch end"
_FLOWS = f"""
    select kind, {_NODE.format("a")} as actor, {_NODE.format("t")} as target, {_NODE.format("m")} as name,
           sum(n) as n
    from (
        select kind, actor_organ, target_organ, in_name_of, count(*) as n from acts
        where day between ? and ? and actor_organ is not null group by all
    ) f
    left join organs a on a.organ = f.actor_organ left join organs t on t.organ = f.target_organ
    left join organs m on m.organ = f.in_name_of
    group by all
"""


class Flow(NamedTuple):
    """So many acts of a kind by one body, towards another, in the name of a third."""

    kind: str
    actor: str
    target: str | None
    name: str | None
    n: int


@dataclass(frozen=True)
class Flows:
    """All flows of some days."""

    first: date
    last: date
    rows: tuple[Flow, ...]

    def count(
        self, *kinds: str, actor: str | Collection[str] | None = None, target: str | Collection[str] | None = None,
        name: str | Collection[str] | None = None,
    ) -> int:  # fmt: skip
        """Acts of these kinds by, towards and in the name of these bodies."""
        return sum(
            f.n for f in self.rows if f.kind in kinds and _is(f.actor, actor) and _is(f.target, target) and _is(f.name, name)
        )

    def settled(self, body: str) -> tuple[int, int]:
        """Decisions in a body's name, and how many of them others had settled before it sat."""
        every = self.count("decide", "poll", name=body)
        return every, every - self.count("decide", "poll", name=body, actor=body)

    def lent(self, body: str) -> tuple[int, int]:
        """Papers and decisions that others put out in a body's name, and those it put out itself."""
        every = self.count("decide", "poll", "issue", name=body)
        own = self.count("decide", "poll", "issue", name=body, actor=body)
        return every - own, own

    def acts(self, body: str) -> int:
        """All acts of a body."""
        return sum(f.n for f in self.rows if f.actor == body)


def _is(value: str | None, wanted: str | Collection[str] | None) -> bool:
    return wanted is None or value == wanted or (not isinstance(wanted, str) and value in wanted)


def quarter(day: date) -> tuple[date, date]:
    """The first and last day of the quarter in which a day lies."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    following = date(first.year + (first.month > 9), (first.month + 2) % 12 + 1, 1)
    return first, following - timedelta(days=1)


def flows(run: Run, day: date) -> Flows:
    """What flowed in the quarter of a day."""
    first, last = quarter(day)
    rows = run.rows(_FLOWS, [first, last])
    return Flows(first, last, tuple(Flow(x["kind"], x["actor"], x["target"], x["name"], int(x["n"])) for x in rows))


_CIRCLE = """
    select person, coalesce(name, 'official no. ' || person) as name from acts join persons on person = actor_person
    where kind = 'combine' and day = (select max(day) from acts where kind = 'combine' and day <= ?) order by person
"""


def circle(run: Run, day: date) -> list[dict[str, object]]:
    """The members of the informal circle on a day, as the run has it."""
    return run.rows(_CIRCLE, [day])


_STANDING = """
    select organ, key, name, level, branch, parent from organs
    where level = 'centre' and valid_from <= $1 and (valid_to is null or valid_to > $1) order by organ
"""
_COUNTED = """
    select level, branch, count(*) as n from organs where level != 'centre' and valid_from <= $1
        and (valid_to is null or valid_to > $1) group by all
"""
_SEATED = """
    select organ, count(*) filter (q.name not like 'candidate%') as members, count(*) filter
        (q.name like 'candidate%') as candidates
    from tenures t join posts q using (post) join organs o using (organ)
    where o.level = 'centre' and t."from" <= $1 and (t."to" is null or t."to" > $1) group by organ
"""


@dataclass(frozen=True)
class Standing:
    """What stands on a day: bodies of the Centre by key, those below by level and branch, seats that are filled."""

    centre: dict[str, dict[str, object]]
    below: dict[tuple[str, str], int]
    seated: dict[int, tuple[int, int]]


def standing(run: Run, day: date) -> Standing:
    """The bodies that exist on a day."""
    centre = {str(x["key"] or f"organ {x['organ']}"): x for x in run.rows(_STANDING, [day])}
    below = {(x["level"], x["branch"]): x["n"] for x in run.rows(_COUNTED, [day])}
    seated = {x["organ"]: (x["members"], x["candidates"]) for x in run.rows(_SEATED, [day])}
    return Standing(centre, below, seated)


LADDER = r.LEVELS[1:]
"""The levels below the Centre, from the top down."""
