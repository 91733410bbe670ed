"""A province or region opened: its bodies beside the committee, and its uezds with their secretaries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.results import Run
from drivebelt.telling import day as told
from drivebelt.web.drawing import boxes as b
from drivebelt.web.drawing.boxes import Box

WIDTH, COLUMNS, TOP, STEP = 1240, 5, 170, 74

_HEAD = """
    select organ, name, branch, level, parent from organs where territory = $1 and level in ('region', 'gubernia')
        and valid_from <= $2 and (valid_to is null or valid_to > $2) order by branch != 'party', branch != 'state', organ
"""
_UNDER = """
    select o.organ, o.name, o.level, t.person, coalesce(p.name, 'no. ' || t.person) as secretary, t.by_appointment,
        t."from" as since, b.level as giver,
           (select count(*) from organs v where v.parent = o.organ and v.level = 'volost') as volosts,
           (select count(*) from organs v where v.parent = o.organ and v.level = 'cell') as cells,
           (select count(*) from organs v where v.parent = o.organ and v.level = 'uezd' and v.branch = 'party') as uezds
    from organs o left join (select organ, min(post) as post from posts group by organ) h on h.organ = o.organ
    left join tenures t on t.post = h.post and t."from" <= $2 and (t."to" is null or t."to" > $2)
    left join persons p on p.person = t.person left join organs b on b.organ = t.appointed_by
    where o.parent in (select organ from organs where territory = $1 and level in ('region', 'gubernia') and branch = 'party')
        and o.branch = 'party' and o.level in ('gubernia', 'uezd') and o.valid_from <= $2 and
            (o.valid_to is null or o.valid_to > $2)
    order by o.level, o.name
"""


def found(run: Run, area: str, on: date) -> dict[str, Any]:
    """The bodies of a territory on a day, and the committees under its committee."""
    return {
        "on": on,
        "first": date.fromisoformat(run.info["from"]),
        "head": run.rows(_HEAD, [area, on]),
        "under": run.rows(_UNDER, [area, on]),
    }


def draw(rows: dict[str, Any], to: Callable[..., str]) -> Drawn:
    """The territory as boxes: its bodies in a row, the committees under it in a grid."""
    on, head, under = rows["on"], rows["head"], rows["under"]
    if not head:
        raise Nothing("This territory has no bodies on that day.")
    committee, others = head[0], head[1:]
    main = Box(20, 30, 330, 46)
    parts = [
        b.heads("muted"),
        b.text(20, 20, "THE COMMITTEE AND THE BODIES BESIDE IT", 12, colour="red", bold=True),
        _body(committee, main, to, on, "ink"),
    ]
    columns = 4
    for i, row in enumerate(others[:8]):
        box = Box(380 + 215 * (i % columns), 30 + 38 * (i // columns), 205, 32)
        parts.append(_body(row, box, to, on, "muted", 12))
    parts.append(b.path("M350 53H376", width=1.4, dash="3 3"))
    height = TOP + STEP * -(-len(under) // COLUMNS) + 14
    parts.append(
        b.text(
            20, TOP - 18, f"{len(under)} COMMITTEES UNDER IT" if under else "NO COMMITTEES UNDER IT", 12, colour="red", bold=True
        )
    )
    sent = 0
    for i, row in enumerate(under):
        box = Box(20 + 242 * (i % COLUMNS), TOP + STEP * (i // COLUMNS), 232, 64)
        above = bool(row["by_appointment"])
        sent += above
        given = (
            f"sent, {row['since'].year}"
            if above
            else f"chosen on the spot, {row['since'].year}"
            if row["since"] and row["giver"] and row["since"] >= rows["first"]
            else "in post before the run"
            if row["person"] is not None
            else ""
        )
        holds = f"{row['volosts']} volosts, {row['cells']} cells" if row["level"] == "uezd" else f"{row['uezds']} uezds"
        inside = b.rect(box, line="blue" if above else "muted", width=2.4 if above else 1)
        inside += b.text(box.x + 9, box.y + 19, b.fit(row["name"], box.w - 16, 12.5), 12.5, bold=True)
        inside += b.text(box.x + 9, box.y + 37, holds, 11.5, colour="muted")
        inside = b.link(to("body", row["organ"], at=on.isoformat()), inside, row["name"])
        if row["person"] is not None:
            words = b.text(
                box.x + 9,
                box.y + 55,
                b.fit(f"{row['secretary']}: {given}", box.w - 14, 11.5),
                11.5,
                colour="blue" if above else "muted",
            )
            inside += b.link(to("person", row["person"], at=on.isoformat()), words, f"its secretary, {given}")
        parts.append(inside)
    return b.drawing(
        WIDTH, height, parts,
        f"{committee['name']} on {told(on)}: {len(others)} bodies beside it and {len(under)} committees under it, of whose "
        f"secretaries {sent} were sent "
        "from above.",
        "Each box below is a committee with the person at its head. Thick edge and “sent”: placed from above; “chosen on the "
        "spot”: by the committee "
        "over it or by the body itself.",
    )  # fmt: skip


def _body(row: dict[str, Any], box: Box, to: Callable[..., str], on: date, line: str, size: float = 13.5) -> str:
    words = b.text(box.x + 9, box.cy + 4.5, b.fit(row["name"], box.w - 14, size), size, bold=line == "ink")
    return b.link(
        to("body", row["organ"], at=on.isoformat()), b.rect(box, line=line, width=1.8 if line == "ink" else 1) + words, row["name"]
    )
