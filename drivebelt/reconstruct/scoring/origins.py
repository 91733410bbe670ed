"""Scores beside authorship: the day on which an order was given, and who stands above whom. Read the truth of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.engine import Inference
from drivebelt.reconstruct.offices.orders import orders_of
from drivebelt.reconstruct.offices.superiors import UNSEEN, lift, netrate, previous
from drivebelt.reconstruct.scoring import figures
from drivebelt.reconstruct.scoring.truth import Truth, of_groups

if TYPE_CHECKING:
    from drivebelt.reconstruct.result import Reconstruction
    from drivebelt.results import Run

_NETRATE = 4_000_000
"""Cells (orders x offices x offices) above which NetRate is left out: it holds them all at once."""


def origin_days(found: Reconstruction, f: Inference, true: Truth, run: Run) -> dict[str, float | int | None] | None:
    """How far the day told for the origin of each cascade is off, in days, and how often its 80 per cent span holds.

    The truth is the day on which the commonest matter of the cascade was first settled, on paper or by word of mouth; the baseline
    is the day of the first paper, and `plain_span_days` how many days before it hold as often as the span. None where no cascade
    has a true day.
    """
    decided = run.sql(
        "select matter, (min(day) - date '1970-01-01')::integer as day from acts "
        "where kind in ('agree', 'decide', 'poll', 'adopt', 'resolve') and matter is not null group by matter order by matter"
    ).fetchnumpy()
    matter, day = (np.asarray(decided[name], np.int64) for name in ("matter", "day"))
    if not matter.size or not f.groups.number:
        return None
    commonest = of_groups(f.groups.first, f.groups.members, true.matter)
    at = np.minimum(np.searchsorted(matter, commonest), matter.size - 1)
    c = found.cascades
    first, low, middle, high = (c[name].cast("int32").fill_null(-(2**30)).to_numpy().astype(np.int64)
                        for name in ("first_day", "earliest", "likeliest", "latest"))  # fmt: skip
    known = (matter[at] == commonest) & (low > -(2**30)) & (day[at] <= first)
    if not known.any():
        return None
    true_day = day[at][known]
    error, late = np.abs(middle[known] - true_day), first[known] - true_day
    holds = (low[known] <= true_day) & (true_day <= high[known])
    return {
        "cascades": int(known.sum()), "error_days": float(error.mean()), "median_error_days": float(np.median(error)),
        "span_holds": float(holds.mean()), "span_days": float((high - low)[known].mean()),
        "plain_span_days": float(np.quantile(late, holds.mean(), method="inverted_cdf")),
        "first_paper_error_days": float(late.mean()),
    }  # fmt: skip


def superior_shares(found: Reconstruction, a: Archive) -> dict[str, float | int | None] | None:
    """Share of weighed offices that are given the superior whom the lists of bodies name, beside baselines; None if not weighed.

    An office whose superior shows in no order has none who is seen: there only "unseen" is right.
    """
    s = found.superiors
    if not s.num_rows:
        return None
    o = orders_of(a)
    true = _true(a, o.organ)
    sorter = np.argsort(a.organ_id[o.organ], kind="stable")

    def rows(name: str) -> Ints:
        number = s[name].fill_null(NONE).to_numpy()
        at = np.minimum(np.searchsorted(a.organ_id[o.organ][sorter], number), sorter.size - 1)
        return np.where(number >= 0, sorter[at], UNSEEN)

    answers = {"this engine": rows("superior"), "its best seen": rows("seen"), "lift": lift(o.days), "previous": previous(o.days)}
    if o.days.size * o.organ.size <= _NETRATE:
        answers["NetRate"] = netrate(o.days)
    told = s["told"].to_numpy()
    out: dict[str, float | int | None] = {"offices": int(o.organ.size), "with a seen superior": int((true >= 0).sum())}
    out |= {name: figures.share(who == true, np.ones(true.size, bool)) for name, who in answers.items()}
    out["told"] = float(told.mean())
    out["right of told"] = figures.share(answers["this engine"] == true, told)
    return out


def _true(a: Archive, organ: Ints) -> Ints:
    """Place among the weighed offices of the superior of each; UNSEEN where he is not among them."""
    place = np.full(a.organs + 1, UNSEEN, np.int64)
    place[organ] = np.arange(organ.size)
    return np.where(a.organ_parent[organ] >= 0, place[a.organ_parent[organ]], UNSEEN)
