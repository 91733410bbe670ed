"""Which matter is drawn, and the bodies it could have reached: rules that are stated below each figure; nobody picks a fine one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drivebelt.measures.sent_down import DOWN, sent_down

if TYPE_CHECKING:
    from drivebelt.results import Run

SENT = (*DOWN, "letter")
"""Kinds of paper whose way down is drawn."""
_WIDEST = f"""
    select matter, issued, kind, subject, bodies from {sent_down(SENT)}
    order by kind = 'cipher-telegram', issued > (select max(date) - 60 from documents), bodies desc, matter limit 1
"""
STANDING = """
    select organ, level, latitude, longitude from organs where branch = 'party' and level != 'centre'
      and valid_from <= ? and (valid_to is null or valid_to > ?) order by organ
"""


def widest(run: Run) -> dict[str, Any] | None:
    """The directive of the Central Committee that most bodies passed on, among those old enough to have arrived."""
    found = run.rows(_WIDEST)
    return found[0] if found else None


_CASE = """
    select a.matter, bool_or(a.kind = 'agree') and bool_or(a.kind in ('decide', 'poll')) as hidden,
           count(distinct case when a.kind = 'receive' then o.level end) as levels, count(*) as n
    from acts a join organs o on o.organ = a.actor_organ where a.matter in (select matter from episodes)
    group by a.matter order by hidden desc, levels desc, n desc, a.matter limit 1
"""


def traced(run: Run) -> dict[str, Any] | None:
    """The matter that is drawn step by step: of an episode where there is one, hidden and deep before all, then large."""
    found = run.rows(_CASE)
    matter = found[0]["matter"] if found else (widest(run) or {}).get("matter")
    if matter is None:
        return None
    return run.rows("select m.*, episode from matters m left join episodes using (matter) where matter = ?", [matter])[0]
