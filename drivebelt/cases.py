"""Cases: the documented path of an episode beside the simulated one.

Dates of the occasions go in; everything after them comes out of handling and carriage. What is compared is the lag from
one documented step to the next, never a date that was put in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from drivebelt.errors import BadInput
from drivebelt.rulebook.rules import nearest, place
from drivebelt.safe_yaml import read_yaml

if TYPE_CHECKING:
    from drivebelt.results import Run

_HERE = files("drivebelt").joinpath("episodes")
_COLUMNS = {"kind": "kind", "organ": "key", "level": "level", "territory": "territory", "paper": "paper", "amount": "amount"}


@dataclass(frozen=True)
class Step:
    """One step of an episode."""

    text: str
    documented: str | None
    source: str | None
    simulated: date | None
    n: int
    """How many acts of the run it stands for."""
    documented_lag: int | None
    """Days since the last step with a documented day."""
    simulated_lag: int | None
    """Days of the run between the same two steps; none for a step whose date was put in."""
    elsewhere: tuple[int, int, int] | None = None
    """Of a step that names a place, the same days at all bodies of the level that took it: fewest, middle, most."""
    put_in: bool = False
    """Whether its date is a starting condition."""
    place: dict[str, Any] | None = None
    """The place in the book: section, lines."""


@dataclass(frozen=True)
class Case:
    """An episode with its steps."""

    name: str
    title: str
    about: str
    scenario: str
    steps: tuple[Step, ...]
    matters: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {**vars(self), "steps": [vars(s) for s in self.steps], "matters": list(self.matters)}


def case_names() -> list[str]:
    """Names of the shipped episodes."""
    return sorted(f.name.removesuffix(".yaml") for f in _HERE.iterdir() if f.name.endswith(".yaml"))


def episode(name: str) -> dict[str, Any]:
    """The description of an episode; BadInput with the nearest name for an unknown one."""
    if name not in case_names():
        raise BadInput(f"no case {name!r}{nearest(name, case_names())}")
    raw: dict[str, Any] = read_yaml(_HERE.joinpath(f"{name}.yaml").read_bytes(), f"episodes/{name}.yaml")
    return raw


def case(name: str, run: Run | None = None) -> Case:
    """The case, with the simulated path where a run is given.

    Raises BadInput where the run is of another scenario, or ended before the episode.
    """
    raw = episode(name)
    matters: list[int] = []
    if run is not None:
        if run.info["scenario"] != raw["scenario"]:
            raise BadInput(f"case {name}: belongs to scenario {raw['scenario']}; {run.path} is of {run.info['scenario']}")
        found = run.rows("select matter from episodes where episode = ? order by matter", [raw["episode"]])
        matters = [row["matter"] for row in found]
        if not matters:
            raise BadInput(f"case {name}: {run.path} goes from {run.info['from']} to {run.info['to']} and does not reach it")
    steps: list[Step] = []
    last: tuple[date, date] | None = None
    all_found = _found(run, matters, [given["find"] for given in raw["steps"]]) if run is not None else []
    for place_of, given in enumerate(raw["steps"]):
        documented = given.get("date")
        exact = documented if isinstance(documented, date) else None
        seen, n, others = all_found[place_of] if run is not None else (None, 0, [])
        documented_lag = simulated_lag = elsewhere = None
        if exact and seen:
            if last and not given.get("put_in"):
                documented_lag, simulated_lag = (exact - last[0]).days, (seen - last[1]).days
                lags = [(day - last[1]).days for day in others]
                elsewhere = (lags[0], lags[len(lags) // 2], lags[-1]) if len(lags) > 1 else None
            last = (exact, seen)
        source = given.get("source")
        steps.append(
            Step(
                given["text"],
                str(documented) if documented else None,
                place(source) if source else None,
                seen,
                n,
                documented_lag,
                simulated_lag,
                elsewhere,
                bool(given.get("put_in")),
                source,
            )
        )
    return Case(name, raw["title"], raw["about"], raw["scenario"], tuple(steps), tuple(matters))


def _found(run: Run, matters: list[int], steps: Sequence[dict[str, Any]]) -> list[tuple[date | None, int, list[date]]]:
    """For each step the day of the act (or the median day of the acts) that it stands for, and their number; for one that names a
    place also the first such day of every body, wherever it is; in one query."""
    parts, values = [], list[Any]()
    for step, find in enumerate(steps):
        if find.get("matter", 1) > len(matters):
            continue
        day = "list_sort(list(day))[count(*) // 2 + 1]" if find.get("of") == "median" else "min(day)"
        where, wanted = _conditions(find, matters)
        parts.append(f"select {step} as step, {day} as day, count(*) as n, null as others from acted where {where}")
        values += wanted
        if "territory" in find:
            where, wanted = _conditions({key: find[key] for key in find if key != "territory"}, matters)
            first = f"select min(day) as first from acted where {where} group by organ"
            parts.append(f"select {step} as step, null as day, null as n, list_sort(list(first)) as others from ({first})")
            values += wanted
    if not parts:
        return [(None, 0, [])] * len(steps)
    wanted_kinds = sorted({k for f in steps for k in (f["kind"] if isinstance(f["kind"], list) else [f["kind"]])})
    rows = run.rows(
        f"""with these as materialized (select document, kind from documents where matter in (select unnest(?))),
            acted as materialized (
                select a.matter, a.day, a.kind, a.amount, o.organ, o.key, o.level, o.territory, d.kind as paper
                from (select * from acts where matter in (select unnest(?)) and kind in (select unnest(?))) a
                join organs o on o.organ = a.actor_organ left join these d using (document))
            {" union all ".join(parts)}""",
        [matters, matters, wanted_kinds, *values],
    )
    found = {row["step"]: (row["day"], row["n"]) for row in rows if row["n"] is not None}
    others = {row["step"]: row["others"] or [] for row in rows if row["n"] is None}
    return [(*found.get(step, (None, 0)), others.get(step, [])) for step in range(len(steps))]


def _conditions(find: dict[str, Any], matters: list[int]) -> tuple[str, list[Any]]:
    """Which acts a step stands for, as SQL with its values."""
    where, values = [f"matter = {matters[find.get('matter', 1) - 1]}"], list[Any]()
    for key, column in _COLUMNS.items():
        if key in find:
            wanted = find[key] if isinstance(find[key], list) else [find[key]]
            where.append(f"{column} in ({', '.join('?' * len(wanted))})")
            values += wanted
    return " and ".join(where), values
