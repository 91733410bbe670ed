"""Who has learnt of one matter when, and how deep layers outside the apparatus were told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from drivebelt.report import drawing as dr
from drivebelt.report.chosen import STANDING, traced
from drivebelt.report.drawing import Drawn, Nothing
from drivebelt.report.shares import draw_shares
from drivebelt.report.words import day_in_words

if TYPE_CHECKING:
    from drivebelt.results import Run

_TOLD = """
    select matter from acts where kind = 'learn' or (kind = 'inform' and target_organ in (
        select organ from organs where key in ('party-congress', 'vtsik')))
    group by matter
    order by count(distinct case when kind = 'learn' then actor_organ else target_organ end) desc, count(*) desc, matter limit 1
"""
_LEARNT = """
    select level, organ, min(day) as day from (
        select actor_organ as organ, day from acts where matter = ? and kind in ('receive', 'read', 'consider', 'tell')
        union all select target_organ, day from acts where matter = ? and kind in ('tell', 'inform') and target_organ is not null
    ) join organs using (organ) where branch = 'party' and level != 'centre' group by all order by organ
"""
_DEPTHS = """
    select a.day, a.kind, a.amount, ao.key as actor, t.key as target, a.target_person is not null as person, c.amount as depth
    from acts a left join organs ao on ao.organ = a.actor_organ left join organs t on t.organ = a.target_organ
    left join acts c on c.act = a.cause and c.matter = a.matter
    where a.matter = ? and a.kind in ('inform', 'learn') order by a.act
"""
DEPTHS = ("nothing", "the public version", "that it is decided", "the content", "the motive")
_LAYERS = {"politburo": "Politburo outside the circle", "central-committee": "Central Committee", "party-congress": "party members",
           "vtsik": "the public"}  # fmt: skip


def knowledge(run: Run) -> Drawn:
    """For one matter, the share of the bodies of each level that have learnt of it by day, and how deep layers were told."""
    layered = run.rows(_TOLD)
    chosen = run.rows("select * from matters where matter = ?", [layered[0]["matter"]])[0] if layered else traced(run)
    learnt = run.rows(_LEARNT, [chosen["matter"]] * 2) if chosen else []
    if chosen is None or not learnt:
        raise Nothing("Nobody below the Centre learnt of a matter in this run.")
    opened: date = chosen["opened"]
    standing = run.rows(STANDING, [opened, opened])
    told = run.rows(_DEPTHS, [chosen["matter"]])
    layers = _layers(told, opened)
    heights = (2.5, 0.34 * len(layers) + 0.2) if layers else (2.5,)
    figure, (axes, *more) = dr.panels(*heights, left=0.75 if not layers else 2.1, right=1.75, gap=0.75)
    last = max([(row["day"] - opened).days for row in learnt] + [day for steps in layers.values() for day, _ in steps])
    until = max(1, min(last, 120))
    ends = draw_shares(axes, standing, learnt, opened, until, 9)
    axes.set_ylabel("per cent of committees")
    axes.set_title(f"Who has learnt of “{chosen['subject']}”")
    axes.set_xlabel("" if layers else f"days since {day_in_words(opened)}")
    dr.name_lines(axes, ends, 8)
    if more:
        _told_depths(more[0], layers, until, opened)
    shares = ", ".join(f"{name} {share:.0f} per cent" for _, share, name, _ in ends)
    return dr.drawn(
        "knowledge", figure,
        f"Share of the committees of each level that had a paper of matter {chosen['matter']} or were told of it, by day; at "
        f"the end {shares}.",
        f"Matter {chosen['matter']}: " + ("the matter of which most layers were told. " if layered else "the matter traced above. ")
        + "A committee has learnt of it once it received or heard a paper of it or was told by word of mouth."
        + (" Below: the deepest thing each layer was told: 1 the public version, 2 that it is decided, 3 the content, 4 the "
        "motive." if layers else
           " How deep members and the public were told is not in this run (mechanism “knowledge”)."),
    )  # fmt: skip


def _layers(told: list[dict[str, Any]], opened: date) -> dict[str, list[tuple[int, int]]]:
    """Layer -> (day, depth) each time it is told something deeper than before."""
    out: dict[str, list[tuple[int, int]]] = {}
    for row in told:
        depth, name = row["amount"], _LAYERS.get(row["target"] or "")
        if row["kind"] != "inform" or name is None or depth is None or not 0 < depth < len(DEPTHS):
            continue
        steps = out.setdefault(name, [])
        day = (row["day"] - opened).days
        if steps and steps[-1][0] == day:
            steps[-1] = (day, max(depth, steps[-1][1]))
        elif not steps or depth > steps[-1][1]:
            steps.append((day, depth))
    return {name: out[name] for name in _LAYERS.values() if name in out}


def _told_depths(axes: Any, layers: dict[str, list[tuple[int, int]]], until: int, opened: date) -> None:
    for y, (_, steps) in enumerate(layers.items()):
        for (day, depth), following in zip(steps, [*steps[1:], (until, 0)], strict=True):
            if day <= until:
                axes.barh(y, max(following[0] - day, 0.4), left=day, height=0.62, color=dr.RED, alpha=0.18 + 0.2 * depth, lw=0)
                text = DEPTHS[depth] if following[0] - day >= 0.16 * until else str(depth)
                axes.annotate(
                    text, (day, y), xytext=(3, 0), textcoords="offset points", fontsize=7.6, va="center",
                    color="white" if depth > 2 else dr.INK,
                )  # fmt: skip
    axes.set_yticks(range(len(layers)), list(layers))
    axes.set_ylim(len(layers) - 0.5, -0.5)
    axes.set_xlim(0, until)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(f"days since {day_in_words(opened)}")
    axes.set_title("What layers outside the apparatus were told")
