"""Checks that the mechanics are alive: what must differ between paired runs, counted over many draws of the assumptions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from drivebelt.experiments.design import Experiment
from drivebelt.experiments.perform import Row


class Check(NamedTuple):
    """Something that must differ if the mechanism is alive: by how many pairs of runs it holds."""

    name: str
    arm: str
    holds: Callable[[dict[str, Any], dict[str, Any]], bool]
    """(headlines of the plain run, of the arm) -> whether it holds; for the plain arm both are the same."""


class _Unknown(Exception):
    """A headline that a run does not reach."""


class _Known(dict[str, Any]):
    """Headlines of which the asked must be there; only the first circle may be missing, which means that none formed."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if value is None and name != _CIRCLE:
            raise _Unknown
        return value


PLAIN, _MOVED = "plain rules", "moved-general-secretary"
_RISE, _LAST, _OWED = (
    f"{x}"
    for x in ("dependence of secretaries, rise", "dependence of secretaries, last year", "posts owed by officials, last year")
)
_APPARATUS, _FIRST_NO, _LAST_NO = "apparatus among delegates, rise", "delegates against, first", "delegates against, last"
_REFUSED, _SETTLED, _BENT = "proposals refused by the Politburo", "settled before, Politburo", "bent, Politburo"
_LIFT = "apparatus over its pool, rise"
_CIRCLE = "days to the first circle"


def _by_direction(_: dict[str, Any], run: dict[str, Any]) -> bool:
    return bool(
        run[_RISE] > 0
        and run[_LIFT] > 0
        and run[f"{_SETTLED}, rise"] > 0
        and run[f"{_BENT}, rise"] > 0
        and run[_LAST_NO] < run[_FIRST_NO]
    )


def _later(plain: dict[str, Any], run: dict[str, Any]) -> bool:
    """No circle at all counts as later than any."""
    return bool(run[_CIRCLE] is None or (plain[_CIRCLE] is not None and run[_CIRCLE] > plain[_CIRCLE]))


CHECKS = (
    Check("secretaries' dependence rises", PLAIN, lambda a, b: b[_RISE] > 0),
    Check("secretaries' dependence rises by .15", PLAIN, lambda a, b: b[_RISE] >= 0.15),
    Check("apparatus among delegates rises", PLAIN, lambda a, b: b[_APPARATUS] > 0),
    Check("apparatus among delegates rises by ten points", PLAIN, lambda a, b: b[_APPARATUS] >= 0.10),
    Check("apparatus over the pool it is chosen from rises", PLAIN, lambda a, b: b[_LIFT] > 0),
    Check("share settled before rises", PLAIN, lambda a, b: b[f"{_SETTLED}, rise"] > 0),
    Check("share bent rises", PLAIN, lambda a, b: b[f"{_BENT}, rise"] > 0),
    Check("more than one decision in twenty of the Politburo is bent", PLAIN, lambda a, b: b[_BENT] > 0.05),
    Check("delegates against fall", PLAIN, lambda a, b: b[_LAST_NO] < b[_FIRST_NO]),
    Check("delegates against fall by half", PLAIN, lambda a, b: b[_LAST_NO] <= 0.5 * b[_FIRST_NO]),
    Check("delegates against at most 5 per cent at the end", PLAIN, lambda a, b: b[_LAST_NO] <= 0.05),
    Check("all five by direction", PLAIN, _by_direction),
    Check("elected secretaries: no post owed, no rise", "elected-secretaries", lambda a, b: b[_OWED] == 0 and b[_RISE] < 0.03),
    Check("elected secretaries: more delegates against", "elected-secretaries", lambda a, b: b[_LAST_NO] > a[_LAST_NO]),
    Check("elected secretaries: apparatus rises less", "elected-secretaries", lambda a, b: b[_APPARATUS] < a[_APPARATUS]),
    Check("elected secretaries: apparatus over its pool rises less", "elected-secretaries", lambda a, b: b[_LIFT] < a[_LIFT]),
    Check("secret ballot: more delegates against", "secret-ballot", lambda a, b: b[_LAST_NO] > a[_LAST_NO]),
    Check("secret ballot: dependence does not move", "secret-ballot", lambda a, b: abs(b[_RISE] - a[_RISE]) < 0.02),
    Check("healthy leader: the circle forms later or never", "healthy-leader", _later),
    Check("healthy leader: fewer decisions settled before", "healthy-leader", lambda a, b: b[_SETTLED] < a[_SETTLED]),
    Check("another head: the same rise of dependence", _MOVED, lambda a, b: abs(b[_RISE] - a[_RISE]) < 0.05),
    Check("another head: the same rise of apparatus", _MOVED, lambda a, b: abs(b[_APPARATUS] - a[_APPARATUS]) < 0.10),
    Check("no ties, no fear: the Politburo refuses more than one in twenty", "no-ties-no-fear", lambda a, b: b[_REFUSED] > 0.05),
    Check("no ties, no fear: more delegates against", "no-ties-no-fear", lambda a, b: b[_LAST_NO] > a[_LAST_NO]),
)


def checks(e: Experiment, rows: Sequence[Row], seeds: Collection[int] | None = None) -> list[tuple[str, int, int]]:
    """(check, pairs in which it holds, pairs) for the checks whose arms the experiment has; over all draws, or those of `seeds`.

    Pairs that do not reach a headline which a check asks for are not counted.
    """
    by = {(row["arm"], row["seed"]): _Known(row["headlines"]) for row in rows}
    base = next(iter(e.arms))
    chosen = range(1, e.seeds + 1) if seeds is None else sorted(seeds)
    out = []
    for check in CHECKS:
        arm = base if check.arm == PLAIN else check.arm
        held = [_holds(check, by[base, s], by[arm, s]) for s in chosen if (base, s) in by and (arm, s) in by]
        counted = [x for x in held if x is not None]
        if counted:
            out.append((check.name, sum(counted), len(counted)))
    return out


def _holds(check: Check, plain: dict[str, Any], run: dict[str, Any]) -> bool | None:
    try:
        return bool(check.holds(plain, run))
    except _Unknown:
        return None
