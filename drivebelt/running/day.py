"""The order of the day: which mechanisms act, one after the other, phase by phase.

Taking a line out of the plan leaves a program that runs; what that mechanism did is then not done.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from drivebelt.errors import BadInput
from drivebelt.mechanism import (
    PHASES,
    Mechanism,
    admission,
    cadres,
    cells,
    ciphers,
    committees,
    congresses,
    couriers,
    directives,
    discipline,
    discussion,
    execution,
    informal_core,
    isolation,
    justice,
    knowledge,
    local_matters,
    losses,
    matters,
    members,
    minutes,
    opposition,
    post,
    privileges,
    reforms,
    registry,
    reports,
    secret_paperwork,
    sittings,
    slates,
    soviet_order,
    talk,
    union_state,
    verification,
)

PLAN: tuple[Mechanism, ...] = tuple(
    module.MECHANISM
    for module in (
        reforms,
        privileges,
        cadres,
        members,
        admission,
        verification,
        cells,
        justice,
        congresses,
        slates,
        secret_paperwork,
        matters,
        local_matters,
        isolation,
        union_state,
        informal_core,
        sittings,
        opposition,
        discussion,
        discipline,
        directives,
        minutes,
        couriers,
        ciphers,
        post,
        committees,
        soviet_order,
        execution,
        reports,
        registry,
        losses,
        knowledge,
        talk,
    )
)


def plan_without(names: Collection[str]) -> Sequence[Mechanism]:
    """The plan less the mechanisms named; BadInput for a name that is not in it."""
    known = [m.name for m in PLAN]
    for name in names:
        if name not in known:
            raise BadInput(f"no mechanism {name!r}; there are {', '.join(known)}")
    return [m for m in PLAN if m.name not in names]


def describe() -> list[tuple[str, str, str]]:
    """(phase, mechanism, what it is), in the order of the day."""
    assert all(m.phase in PHASES for m in PLAN)
    return [(m.phase, m.name, m.about) for m in PLAN]
