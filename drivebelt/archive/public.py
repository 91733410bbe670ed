"""What anybody may know whatever became of the paper: bodies, posts, persons and tenures, as lists of the time show them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from drivebelt.archive.regimes import rules

if TYPE_CHECKING:
    from drivebelt.results import Run


def public_tables(run: Run, access: date | None) -> dict[str, pa.Table]:
    """Bodies, posts, persons and tenures under their covers; how a post was filled and what a model measures are not in lists."""
    covers = rules().covers
    hidden = list(covers.pseudonyms.hidden)
    named = covers.pseudonyms.names
    counted = (access or date.fromisoformat(run.info["to"])) >= covers.census.since
    organs = run.organs
    keys = organs["key"].to_pylist()
    organs = _replaced(organs, "name", [named.get(k, n) for k, n in zip(keys, organs["name"].to_pylist(), strict=True)])
    organs = _replaced(
        organs, "branch", ["party" if k in named else b for k, b in zip(keys, organs["branch"].to_pylist(), strict=True)]
    )
    organs = _replaced(organs, "key", [None if k in named else k for k in keys])
    informal = {
        o for o, b in zip(run.organs["organ"].to_pylist(), run.organs["branch"].to_pylist(), strict=True) if b == "informal"
    }
    organs = organs.filter(pa.array([k not in hidden and (k in named or o not in informal) for o, k in enumerate(keys)]))

    posts = run.posts
    seen = pa.array([o not in informal for o in posts["organ"].to_pylist()])
    if counted:
        posts = _replaced(posts, "name", [_covered(name, covers.census.posts) for name in posts["name"].to_pylist()])
    kept = posts.filter(seen)
    shown = set(kept["post"].to_pylist())
    tenures = run.tenures
    tenures = tenures.filter(pa.array([post in shown for post in tenures["post"].to_pylist()], pa.bool_()))
    for name in ("appointed_by", "by_appointment"):  # entries of appointments and elections tell, where they are left
        kind = tenures.schema.field(name).type
        tenures = tenures.set_column(tenures.schema.get_field_index(name), name, pa.nulls(tenures.num_rows, kind))
    return {
        "organs": organs, "posts": kept, "persons": run.persons, "tenures": tenures, "measures": run.measures.slice(0, 0),
    }  # fmt: skip


def _replaced(table: pa.Table, column: str, values: list[str | None]) -> pa.Table:
    return table.set_column(table.schema.get_field_index(column), column, pa.array(values, pa.string()))


def _covered(name: str, posts: dict[str, str]) -> str:
    """The name of a post in the census: a seat keeps its number."""
    for real, cover in posts.items():
        if name == real or name.startswith(f"{real},"):
            return cover + name[len(real) :]
    return name
