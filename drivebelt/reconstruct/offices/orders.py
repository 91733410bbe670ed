"""Who stands above whom where nobody has said so: the orders of an archive as `superiors` takes them, and the table of answers.

A tree that the archive has is laid aside first: which papers carry out one order is then told by their wording and days alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from drivebelt.reconstruct.archive import NONE, Archive, Codes, Ints
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.grouping.groups import Groups, group
from drivebelt.reconstruct.grouping.papers import acting
from drivebelt.reconstruct.grouping.tree import tree_of
from drivebelt.reconstruct.offices.addressed import Senders, senders
from drivebelt.reconstruct.offices.superiors import FEWEST, SURE, UNSEEN, Superiors, days_table, superiors

MOST_OFFICES, MOST_ORDERS = 100, 600
"""Offices with most orders, and orders with most offices, that are weighed: work rises with the square of the first."""


AHEAD = 0.9
"""Share of shared orders in which a seen office wrote first from which an unseen superior is not claimed against it: of peers
under one hidden superior each is as often behind as before."""

FIRST = 0.8
"""Share of shared orders in which a superior must have written first to be named: where orders come down no single tree, offices of
one level are put one under the other, and each is as often behind as before."""


@dataclass
class Orders:
    """`days[order, office]`: first day of each office in each order, NaN without a paper; `organ` is the row of each office."""

    days: Floats
    organ: Ints
    left_out: int
    """Offices with an order that are not weighed."""


def without_tree(a: Archive) -> Archive:
    """The archive as if nobody had said who stands above whom, at which level and where."""
    none = np.full(a.organs, NONE, np.int64)
    blank = Codes([], none)
    return replace(a, organ_parent=none, soviet=none, level=blank, branch=blank, territory=blank)


def orders_of(a: Archive) -> Orders:
    """Orders that at least two offices carried out."""
    flat = without_tree(a)
    t = tree_of(flat)
    acts = acting(flat, t)
    return _table(flat, group(flat, t, acts))


def _table(a: Archive, g: Groups) -> Orders:
    m = g.members
    if not m.size:
        return Orders(np.zeros((0, 0)), np.zeros(0, np.int64), 0)
    of, who, day = g.of[m], a.issuer[m], a.date[m].astype(float)
    pairs = np.unique(np.stack([of, who], 1), axis=0)
    wide = np.bincount(pairs[:, 0], minlength=g.number)
    order = _most(wide * (wide > 1), MOST_ORDERS)
    among = np.bincount(pairs[np.isin(pairs[:, 0], order), 1], minlength=a.organs)
    organ = _most(among, MOST_OFFICES)
    rows = np.flatnonzero(np.isin(of, order) & np.isin(who, organ))
    if not rows.size:
        return Orders(np.zeros((0, 0)), np.zeros(0, np.int64), 0)
    days = days_table(np.searchsorted(order, of[rows]), np.searchsorted(organ, who[rows]), day[rows], organ.size)
    return Orders(days, organ, int((among > 0).sum()) - organ.size)


def _most(many: Ints, most: int) -> Ints:
    """Places of the greatest counts above zero, at most so many, in order of place; the lower place among equals."""
    some = np.flatnonzero(many > 0)
    return np.sort(some[np.argsort(-many[some], kind="stable")[:most]])


def found_superiors(a: Archive, wanted: bool, one_tree: bool) -> tuple[pa.Table, dict[str, Any]]:
    """The table `superiors`, one row an office, and what reconstruction.json says of it; empty unless `wanted`.

    Where orders do not come down `one_tree`, as in this mechanism, in which an office has them from several bodies, and the archive
    says where papers went, the answer is who sent the office orders (addressed.py); without that only the likeliest by the orders
    are named and nothing is told, for hardly one in ten of those given as sure is right (docs/reconstruction.md).
    """
    o = orders_of(a) if wanted else Orders(np.zeros((0, 0)), np.zeros(0, np.int64), 0)
    sent = senders(without_tree(a)) if o.organ.size and not one_tree else None
    if sent is not None and sent.most[o.organ].any():
        s = _by_address(o, sent)
    else:
        sent, s = None, superiors(o.days) if o.organ.size else Superiors(o.organ, np.zeros(0), o.organ)
    said = {
        "weighed": wanted, "orders": o.days.shape[0], "offices": int(o.organ.size), "left_out": o.left_out,
        "by_address": sent is not None,
    }  # fmt: skip
    return _answers(a, o, s, one_tree, sent), said


def _by_address(o: Orders, sent: Senders) -> Superiors:
    """Answers by who sent orders; a sender who is not himself weighed is not named."""
    at = np.minimum(np.searchsorted(o.organ, sent.who[o.organ]), o.organ.size - 1)
    named = o.organ[at] == sent.who[o.organ]
    who = np.where(named, at, UNSEEN)
    return Superiors(who, np.where(named, sent.chance[o.organ], 0.0), who)


def _answers(a: Archive, o: Orders, s: Superiors, one_tree: bool, sent: Senders | None) -> pa.Table:
    """Answers with what speaks for them: orders of the office, those shared with the likeliest seen superior, in how many of them
    he wrote first, the median lag, and orders in which he is silent; by address, orders `sent` to the office and how many by him.
    """
    days, n = o.days, o.organ.size
    shown = ~np.isnan(days) if n else np.zeros((0, 0), bool)
    seen = np.where(s.seen >= 0, s.seen, 0)
    lag = days - days[:, seen] if n else days
    both = ~np.isnan(lag)
    with_seen = s.seen >= 0
    shared = both.sum(0) * with_seen if n else np.zeros(0, np.int64)
    first = (both & (lag > 0)).sum(0) * with_seen if n else np.zeros(0, np.int64)
    middle = np.array([np.median(lag[both[:, i], i]) if shared[i] else np.nan for i in range(n)], float)
    ahead = (s.who == UNSEEN) & (shared >= FEWEST) & (first >= AHEAD * shared)
    orderly = (s.who == UNSEEN) | (first >= FIRST * shared)
    told = (s.chance >= SURE) & ((~ahead & orderly & one_tree) | (sent is not None))
    who = np.where(told & (s.who != UNSEEN), s.who, UNSEEN)
    names = np.array([*a.organ_name, ""], object)

    def organ(rows: Ints) -> pa.Array:
        return pa.array(a.organ_id[o.organ[np.maximum(rows, 0)]] if n else rows, pa.int64(), mask=rows < 0)

    def name(rows: Ints) -> pa.Array:
        return pa.array(names[o.organ[np.maximum(rows, 0)]].tolist() if n else [], pa.string(), mask=rows < 0)

    span = [np.nanmin(days, 0), np.nanmax(days, 0)] if n else [np.zeros(0), np.zeros(0)]
    first_day, last_day = (pa.array(d.astype(np.int32), pa.int32()).cast(pa.date32()) for d in span)
    everybody = np.arange(n)
    return pa.table(
        {
            "organ": organ(everybody), "name": name(everybody), "superior": organ(who), "superior_name": name(who),
            "unseen": pa.array(told & (s.who == UNSEEN)), "told": pa.array(told), "chance": pa.array(s.chance),
            "seen": organ(s.seen), "seen_name": name(s.seen), "orders": pa.array(shown.sum(0).astype(np.int64)),
            "shared": pa.array(shared.astype(np.int64)), "first": pa.array(first.astype(np.int64)),
            "lag_days": pa.array(middle, pa.float64(), mask=np.isnan(middle)),
            "first_day": first_day, "last_day": last_day, "steps_below_top": pa.array(_steps(who)),
            "addressed": pa.nulls(n, pa.int64()) if sent is None else pa.array(sent.all[o.organ]),
            "from_seen": pa.nulls(n, pa.int64()) if sent is None else pa.array(sent.most[o.organ]),
        }
    )  # fmt: skip


def _steps(who: Ints) -> Ints:
    """How many seen superiors stand above each office, one above the other; a circle counts once around."""
    steps, at = np.zeros(who.size, np.int64), who.copy()
    for _ in range(who.size):
        up = at >= 0
        if not up.any():
            break
        steps += up
        at = np.where(up, who[np.maximum(at, 0)], UNSEEN)
    return np.minimum(steps, who.size)


def lines(table: pa.Table, said: dict[str, Any]) -> list[str]:
    """Plain findings, a line each; none where nobody asked."""
    if not said["weighed"]:
        return []
    if not table.num_rows:
        return ["Who stands above whom cannot be told from this: no order shows in two offices."]
    seen, unseen = table["superior"].is_valid().to_numpy(), table["unseen"].to_numpy()
    ground = "whoever sends an office its orders" if said["by_address"] else f"from {said['orders']:,} orders alone"
    out = [
        f"Superiors, {ground}: of {table.num_rows:,} offices {int(seen.sum()):,} have one that is "
        f"seen, {int(unseen.sum()):,} only one who left no paper, and of {int((~seen & ~unseen).sum()):,} it cannot be told."
    ]
    if said["left_out"]:
        out.append(f"{said['left_out']:,} offices with fewer orders were not weighed.")
    return out


def explain_office(table: pa.Table, said: dict[str, Any], office: int, levels: dict[int, str]) -> list[str] | None:
    """Paragraphs on who stands above an office; None where it is not among those weighed. `levels` names that of an organ."""
    rows = [row for row in table.to_pylist() if row["organ"] == office]
    if not rows:
        return None
    r = rows[0]
    head = f"{r['name']} (office {office}) carries out {r['orders']:,} orders between {r['first_day']} and {r['last_day']}."
    rule = (
        "Rule: a superior writes first, and his subordinate follows at the lag of one step; whoever is silent in orders that the "
        "office carried out, more often than his other silence explains, is not above it."
    )
    if r["addressed"] is not None:
        rule = "Rule: whoever sends an office nine of ten of the orders that the first two senders send it stands above it."
    likeliest = _likeliest(r)
    if r["superior"] is not None:
        return [head, f"Answer: {r['superior_name']} stands above it ({r['chance']:.0%}).", f"Evidence: {likeliest}", rule]
    if r["unseen"]:
        own = levels.get(office, "")
        others = sum(table["unseen"].to_pylist()) - 1
        beside = f" He may be the same who stands above {others:,} other offices without a seen superior." if others else ""
        where = f"above the level of the {own}" if own else f"{r['steps_below_top'] + 1} step above it"
        answer = (
            f"Answer: whoever decides for it left no paper here ({r['chance']:.0%}): he is unseen, sits {where}, and gave orders "
            f"at least from {r['first_day']} to {r['last_day']}.{beside}"
        )
        return [head, answer, f"Rival: {likeliest} That is no better than the days of the order at large explain.", rule]
    best = r["superior_name"] or r["seen_name"]
    word = f"; likeliest seen is {best}" if best else ""
    return [head, f"Who stands above it cannot be told from this{word} ({r['chance']:.0%}).", f"Evidence: {likeliest}", rule]


def _likeliest(r: dict[str, Any]) -> str:
    if r["addressed"] is not None:
        who = r["seen_name"] or "nobody among the offices weighed"
        return f"of {r['addressed']:,} papers with orders addressed to it most, {r['from_seen']:,}, came from {who}."
    if r["seen_name"] is None or not r["shared"]:
        return f"no other office shares {FEWEST} orders with it."
    lag = f", at a median of {r['lag_days']:.0f} days" if r["lag_days"] is not None else ""
    silent = r["orders"] - r["shared"]
    return (
        f"{r['seen_name']} shares {r['shared']:,} of its {r['orders']:,} orders and wrote first in {r['first']:,}{lag}; in "
        f"{silent:,} it is silent."
    )
