"""Who knew of one matter by the end of a day, each with the act that told him."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from drivebelt.errors import BadInput
from drivebelt.knowing.readings import CENTRAL, bodies, layers, persons
from drivebelt.rulebook.rules import nearest
from drivebelt.tracing.flows import numbers

if TYPE_CHECKING:
    from drivebelt.results import Run, Session


@dataclass(frozen=True)
class Knew:
    """One who knew of a matter on a day: how deep, since when, and the act that told him so much."""

    who: str
    kind: str
    """person, body, or layer."""
    level: str
    depth: int
    since: date
    act: int
    told: str
    """The kind of that act."""
    by: str
    share: float | None = None
    """Share of a layer."""

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return vars(self)


def knew(run: Run, matter: int, *, who: str | int | None = None, day: date | None = None) -> list[Knew]:
    """Who knew of a matter by the end of a day, the deepest first, each with the act that told him so much.

    `who`: a named person, the key of a body, or an organ number; without it everybody, and the layers. Raises BadInput for a matter
    that is not one of the Centre or an unknown name.
    """
    with about_one(run, matter) as session:
        if not session.rows(f"select 1 from ({CENTRAL}) where matter = ?", [matter]):
            raise BadInput(
                f"matter {matter}: not a matter of the Centre of {run.path}; `drivebelt case` names those of the episodes"
            )
        on = day or run.last_day
        about = f"select {int(matter)} as matter"
        found = [*_one_by_one(session, about, on), *_by_layer(session, about, on)]
    if who is not None:
        wanted = _name(run, who)
        found = [k for k in found if k.who == wanted]
    return found


@contextmanager
def about_one(run: Run, matter: int) -> Iterator[Session]:
    """Queries that see only the acts and papers by which somebody could know of one matter; the tables keep their names.

    These are its own acts, the reading of minutes in which it stands, and the understandings that made the circle.
    """
    with run.session() as session:
        session.rows(f"create temp table its as select * from memory.main.acts where {run.of_matter(matter)}")
        entered = "select distinct document from its where kind in ('minute', 'mark-special-folder') and document is not null"
        minutes = numbers(row["document"] for row in session.rows(entered))
        session.rows(
            f"""create temp table documents as
                select * from (select * from memory.main.documents where matter = {int(matter)}) where kind = 'minutes'
                union select * from memory.main.documents where document in {minutes}"""
        )
        session.rows(
            f"""create temp table acts as select * from its
                union all select * from memory.main.acts where document in {minutes} and kind = 'read'
                    and matter is distinct from {int(matter)}
                union all select * from {run.understandings} where matter is distinct from {int(matter)}"""
        )
        yield session


def _name(run: Run, who: str | int) -> str:
    """The name of a person or body as it stands in the tables, from its number, key, name or surname."""
    rows = run.rows(
        """select name from organs where organ = try_cast($1 as integer) or key = $1 or name = $1
           union select name from persons where name = $1 or name like '% ' || $1""",
        [str(who)],
    )
    if len(rows) > 1:
        raise BadInput(f"{who!r}: more than one: {', '.join(sorted(row['name'] for row in rows))}; write the whole name")
    if not rows:
        known = [row["name"] for row in run.rows("select name from persons where name is not null")]
        raise BadInput(f"{who!r}: no such person or body{nearest(str(who), known, 'drivebelt evidence --kind person')}")
    return str(rows[0]["name"])


def _one_by_one(run: Session, about: str, on: date) -> list[Knew]:
    out = []
    for kind, query, join in (
        ("person", persons(about), "select person as id, name as who, 'person' as level from persons"),
        ("body", bodies(about), "select organ as id, name as who, level from organs"),
    ):
        column = "person" if kind == "person" else "organ"
        rows = run.rows(
            f"""select who, n.level, depth, k.day, k.act, a.kind as told, coalesce(p.name, o.name) as by from ({query}) k
                join ({join}) n on n.id = k.{column} join acts a on a.act = k.act left join organs o on o.organ = a.actor_organ
                left join persons p on p.person = a.actor_person and a.kind in ('inform', 'tell', 'leak', 'agree')
                where k.day <= ? qualify row_number() over (partition by k.{column} order by depth desc, k.act) = 1
                order by depth desc, k.act, who""",
            [on],
        )
        out += [Knew(x["who"], kind, x["level"], x["depth"], x["day"], x["act"], x["told"], x["by"]) for x in rows]
    return out


def _by_layer(run: Session, about: str, on: date) -> list[Knew]:
    sizes = run.rows(
        "select scope, max_by(value, day) as n from measures where measure = 'layer-size' and day <= ? group by scope", [on]
    )
    rows = run.rows(
        f"""select layer, depth, min(k.day) as day, min(k.act) as act, sum(persons) as n, min_by(o.name, k.act) as by
            from ({layers(about)}) k join acts a on a.act = k.act join organs o on o.organ = a.actor_organ where k.day <= ?
            group by layer, depth order by layer, depth desc""",
        [on],
    )
    size = {row["scope"]: row["n"] for row in sizes}
    return [
        Knew(x["layer"], "layer", x["layer"], x["depth"], x["day"], x["act"], "inform", x["by"],
             x["n"] / size[x["layer"]] if x["layer"] in size else None)
        for x in rows
    ]  # fmt: skip
