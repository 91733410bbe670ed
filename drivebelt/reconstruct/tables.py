"""From what the engine found to the tables of a reconstruction."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from drivebelt import __version__
from drivebelt.reconstruct import centres, facade
from drivebelt.reconstruct.archive import NONE
from drivebelt.reconstruct.engine import CENTRE_AS_ONE, Inference, weights
from drivebelt.reconstruct.grouping.doubts import number_of_cascades
from drivebelt.reconstruct.origin_spans import origin_spans

SURE = 0.8
"""Chance from which an answer is given and not withheld."""
CORE_NAME, CENTRE_NAME = "the informal core", "the Centre, core or formal body"
ABOVE_NAME = "someone above all of them who left no paper"
"""What the Centre as one is called in an archive of another mechanism."""
_FAR = 2**30


def _days(days: np.ndarray) -> pa.Array:
    return pa.array(np.where(np.abs(days) < _FAR, days, 0).astype(np.int32), pa.date32(), mask=np.abs(days) >= _FAR)


def _nullable(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))


class _Names:
    """Organ rows, CORE and CENTRE_AS_ONE as organ numbers and names."""

    def __init__(self, found: Inference) -> None:
        top = CENTRE_NAME if found.learnt else ABOVE_NAME
        self.names = pa.array([*found.archive.organ_name, top, CORE_NAME])
        self.id = found.archive.organ_id
        level = found.archive.level
        self.level = pa.array([*level.names, "", "centre"])
        self.code = np.append(np.where(level.code == NONE, len(level.names), level.code), [len(level.names) + 1] * 3)

    def name(self, who: np.ndarray) -> pa.Array:
        """Names, null for -1."""
        return self.names.take(pa.array(np.where(who < 0, who + self.id.size + 3, who), mask=who == NONE))

    def organ(self, who: np.ndarray) -> pa.Array:
        """Organ numbers of the archive, null for who is none of its organs."""
        numbers = self.id[np.maximum(who, 0)] if self.id.size else np.zeros(who.size, np.int64)
        return pa.array(numbers, pa.int64(), mask=who < 0)

    def level_of(self, who: np.ndarray) -> pa.Array:
        """Levels; the Centre for who is no organ."""
        return self.level.take(pa.array(self.code[who], mask=who == NONE))


def best_as_one(found: Inference) -> tuple[np.ndarray, np.ndarray]:
    """For each group the likeliest answer with the Centre as one, and its chance."""
    c, g = found.chances, found.groups.number
    office = np.append(found.tree.office, [0, 0, 0])
    row = np.arange(c.who.size)
    of = np.repeat(np.arange(g), np.diff(c.first))
    below = (c.who >= 0) & (office[np.maximum(c.who, 0)] != found.tree.root)
    best = np.full(g, c.who.size)
    np.minimum.at(best, of[below], row[below])  # rows are in order of chance
    chance = np.append(c.chance, 0.0)[best]
    who = np.append(c.who, NONE)[best]
    top = (c.as_one > 0) & (c.as_one >= np.nan_to_num(chance))  # without chances: only where the lowest superior is the top
    return np.where(top, CENTRE_AS_ONE, who), np.where(top, c.as_one, chance)


def tables(found: Inference) -> dict[str, pa.Table]:
    """All tables of a reconstruction, by name."""
    names = _Names(found)
    masked = facade.masked(found)
    return {
        "documents": _documents(found, names, masked), "candidates": _candidates(found, names),
        "cascades": _cascades(found, names), "masks": _masks(found, names), "facade": _facade(found, names, masked),
        "centres": _centres(found, names), "network": _network(found, names),
    }  # fmt: skip


def _documents(found: Inference, names: _Names, masked: np.ndarray) -> pa.Table:
    a, g, c = found.archive, found.groups, found.chances
    of = np.where(g.of >= 0, g.of, g.number)
    who = np.append(c.who, 0)[np.append(c.first[:-1], c.who.size)][of]
    chance = np.append(c.chance, 0.0)[np.append(c.first[:-1], c.who.size)][of]
    one, one_chance = (np.append(x, y)[of] for x, y in zip(best_as_one(found), (0, 0.0), strict=True))
    own_chance = float(weights()["own"]) if found.learnt else np.nan
    own = ~found.acts
    who, one = np.where(own, a.issuer, who), np.where(own, a.issuer, one)
    chance, one_chance = np.where(own, own_chance, chance), np.where(own, own_chance, one_chance)
    if found.silent or not found.learnt:
        chance, one_chance = np.full(a.papers, np.nan), np.full(a.papers, np.nan)
    if found.silent:
        who, one = np.full(a.papers, NONE), np.full(a.papers, NONE)
    told = np.nan_to_num(chance) >= SURE
    return pa.table(
        {
            "document": pa.array(a.paper_id), "cascade": pa.array(g.of, pa.int64(), mask=g.of < 0), "acts": pa.array(found.acts),
            "answer": names.name(who), "organ": names.organ(who), "standing": _standing(found, who),
            "level": names.level_of(who),
            "chance": _nullable(chance), "told": pa.array(told), "as_one": names.name(one), "as_one_organ": names.organ(one),
            "as_one_chance": _nullable(one_chance), "masked": _nullable(masked), **_membership(found),
        }
    )  # fmt: skip


def _membership(found: Inference) -> dict[str, pa.Array]:
    """The chance that each paper belongs to its cascade, and the next likeliest; null where nothing can be told."""
    m, papers = found.members, found.archive.papers
    if m is None or found.silent:
        return {"membership": pa.nulls(papers, pa.float64()), "rival_cascade": pa.nulls(papers, pa.int64())}
    return {"membership": _nullable(m.chance), "rival_cascade": pa.array(m.rival, pa.int64(), mask=m.rival == NONE)}


def _standing(found: Inference, who: np.ndarray) -> pa.Array:
    """Whether the answer signed the paper, left another in the cascade, or left none."""
    a, g = found.archive, found.groups
    width = a.organs + 1
    present = np.unique(g.of[g.members] * width + a.issuer[g.members])
    key = g.of * width + who
    at = np.minimum(np.searchsorted(present, key), max(present.size - 1, 0))
    there = (present[at] == key) if present.size else np.zeros(who.size, bool)
    at = np.select([who == a.issuer, who == CENTRE_AS_ONE, there], [0, 1, 2], 3)
    return pa.array(["own", "centre", "seen", "unseen"]).take(pa.array(at, mask=who == NONE))


def _candidates(found: Inference, names: _Names) -> pa.Table:
    """Hypotheses with the evidence on the tree: subordinates of the office with papers of all it has, papers not under it, and
    papers of its own."""
    c, g, w, t = found.chances, found.groups, found.ways, found.tree
    of = np.repeat(np.arange(g.number), np.diff(c.first))
    span = t.root + 1
    node = np.where(c.who >= 0, t.office[np.maximum(c.who, 0)], t.root)
    key, want = w.group * span + w.node, of * span + node
    order = np.argsort(key, kind="stable")
    at = order[np.minimum(np.searchsorted(key[order], want), max(key.size - 1, 0))] if key.size else want
    there = (key[at] == want) if key.size else np.zeros(0, bool)
    evidence = {
        name: pa.array(column[at], pa.int64(), mask=~there) if key.size else pa.array([], pa.int64())
        for name, column in (("covered", w.covered), ("listed", w.listed), ("outside", w.outside), ("own", w.own))
    }
    return pa.table(
        {
            "cascade": pa.array(of), "rank": pa.array(np.arange(of.size) - c.first[of] + 1), "organ": names.organ(c.who),
            "name": names.name(c.who), "chance": _nullable(c.chance), **evidence,
        }
    )  # fmt: skip


def _cascades(found: Inference, names: _Names) -> pa.Table:
    a, g, c, w = found.archive, found.groups, found.chances, found.ways
    days = a.date[g.members]
    first, last = (days[g.first[:-1]], days[g.first[1:] - 1]) if g.number else (days, days)
    head = c.first[:-1] if g.number else np.zeros(0, np.int64)
    who, chance = c.who[head], c.chance[head]
    if found.silent:
        who, chance = np.full(who.size, NONE), np.full(who.size, np.nan)
    low, middle, high = origin_spans(a, found.tree, g, found.seen.paper, found.learnt)
    lowest = np.where(w.lowest == found.tree.root, CENTRE_AS_ONE, w.lowest)
    return pa.table(
        {
            "cascade": pa.array(np.arange(g.number)), "papers": pa.array(np.diff(g.first)), "first_day": _days(first),
            "last_day": _days(last),
            "earliest": _days(low), "likeliest": _days(middle), "latest": _days(high),
            "lowest_organ": names.organ(lowest), "lowest": names.name(lowest),
            "answer": names.name(who), "organ": names.organ(who), "chance": _nullable(chance),
            "as_one_chance": _nullable(c.as_one if found.learnt and not found.silent else np.full(g.number, np.nan)),
        }
    )  # fmt: skip


def _masks(found: Inference, names: _Names) -> pa.Table:
    m = found.masks
    row = np.flatnonzero((m.papers > 0) & ~np.isnan(m.chance))
    chance = m.chance[row] if not found.silent else np.full(row.size, np.nan)
    return pa.table(
        {
            "organ": names.organ(row), "name": names.name(row), "papers": pa.array(m.papers[row]),
            "settled": pa.array(m.settled[row]),
            "differing": pa.array(m.differing[row]), "lag_days": _nullable(m.lag[row]), "spread_days": _nullable(m.spread[row]),
            "since": _days(m.since[row]), "chance": _nullable(chance),
        }
    )  # fmt: skip


def _facade(found: Inference, names: _Names, masked: np.ndarray) -> pa.Table:
    x = facade.facade(found, masked)
    first = (x.period * facade.QUARTER).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return pa.table(
        {
            "organ": names.organ(x.organ), "name": names.name(x.organ),
            "quarter": _days(np.where(x.period == facade.WHOLE, _FAR, first)), "papers": pa.array(x.papers),
            "share": pa.array(x.share), "low": pa.array(x.low), "high": pa.array(x.high), "chance": pa.array(x.chance),
        }
    )  # fmt: skip


def _centres(found: Inference, names: _Names) -> pa.Table:
    """Shares of what was begun in a month, by cascade: a wide order counts once, as one decision."""
    a, g, c = found.archive, found.groups, found.chances
    usable = not found.silent and found.learnt and g.number
    of = np.repeat(np.arange(g.number), np.diff(c.first)) if usable else np.zeros(0, np.int64)
    month = centres.months(a.date[g.members[g.first[:-1]]])[of] if usable else of
    who, chance = (c.who, c.chance) if usable else (of, np.zeros(0))
    month, at, total = centres.by_month(month, who + 3, chance, a.organs + 3)
    whole = np.bincount(month - month.min(), total)[month - month.min()] if month.size else total
    first = np.array([(date(1970 + m // 12, m % 12 + 1, 1) - date(1970, 1, 1)).days for m in month.tolist()], np.int64)
    return pa.table(
        {"month": _days(first), "organ": names.organ(at - 3), "name": names.name(at - 3), "share": pa.array(total / whole)}
    )


def _network(found: Inference, names: _Names) -> pa.Table:
    n = found.network
    row = np.arange(found.archive.organs)
    return pa.table(
        {
            "organ": names.organ(row), "name": names.name(row), "in_degree": pa.array(n.incoming),
            "out_degree": pa.array(n.outgoing), "pagerank": pa.array(n.rank),
        }
    )  # fmt: skip


def info(found: Inference) -> dict[str, Any]:
    """What reconstruction.json says."""
    a, g = found.archive, found.groups
    top = found.tree.depth
    seen = {int(d): round(float(np.median(found.seen.paper[top == d])), 4) for d in np.unique(top).tolist()}
    return {
        "version": __version__, "archive": str(a.path.resolve()), "papers": a.papers, "acting": int(np.count_nonzero(found.acts)),
        "cascades": g.number, "cascades_drawn": _drawn(found),
        "secrecy": asdict(found.bodies.secrecy), "learnt": found.learnt, "cannot_be_told": found.silent or None,
        "joined_by": g.by,
        "linked_within_bits": g.rates.most, "survival_by_depth": seen,
        "span": [_iso(a.date.min()), _iso(a.date.max())] if a.papers else None,
    }  # fmt: skip


def _drawn(found: Inference) -> dict[str, float] | None:
    """How many cascades there are over all that is doubtful, with a 90 per cent interval."""
    if found.members is None or found.silent:
        return None
    mean, low, high = number_of_cascades(found.members.doubts)
    return {"mean": round(mean, 1), "low": round(low, 1), "high": round(high, 1)}


def _iso(day: np.integer[Any]) -> str:
    return (date(1970, 1, 1) + timedelta(days=int(day))).isoformat()
