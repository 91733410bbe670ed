"""What the books of offices say a paper rests on, also where that paper is lost.

A committee enters what it hands over to the executive committee beside it: the day, and the number of the paper from above that is
handed over, or none where the order was its own or came by word of mouth. The decree bears the same day. Where all that was handed
over to a body below the Centre on a day is one paper, its decrees of the day rest on that paper. A committee also enters what it
considers: of the papers from above that it considered on the day of a paper of its own, one may be the order; where its book is
left and has none, it had no order on paper.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivebelt.reconstruct.archive import MARK_SPAN, NONE, Archive, Ints
from drivebelt.reconstruct.columns import Flags, find, names, query, stretches
from drivebelt.reconstruct.grouping.tree import CENTRE

_DAYS = np.int64(1) << 20
_COLUMNS = {"kind", "day", "document", "actor_organ", "target_organ", "series", "number"}
INCOMING = ("receive", "consider", "execute")
"""Kinds of entries of the incoming book: one of a year tells that the book of that year is left."""
_ENTRIES = """select kind, date_diff('day', date '1970-01-01', a.day)::bigint as day, coalesce(actor_organ, -1)::bigint as actor,
    coalesce(target_organ, -1)::bigint as target, coalesce(document, -1)::bigint as document,
    coalesce(a.series, -1)::bigint as series, coalesce(a.number, -1)::bigint as number, coalesce(r.organ, -1)::bigint as owner
from acts a left join (select series, min(organ) as organ from registers group by series) r on r.series = a.series
where kind = '{kind}' and a.day is not null and {when}"""
"""In no order: whoever reads them puts them in one."""
_KEPT = """select distinct actor_organ::bigint as organ, year(day)::bigint as year from acts
where kind in {kinds} and actor_organ is not null and day is not null"""


@dataclass
class Entered:
    """By paper: `mark` of the one paper that was handed over to its body on its day (numbered as `Archive.cites` are; -1: no entry,
    or several papers), the row of that `paper` (-1: lost) and whose it is (`organ`), and whether what was handed over was `bare`,
    without any paper. `kept`: the incoming book of the body and year is left.

    Pairs (`by`, `organ_considered`, `considered`, `number`): a paper, and whose paper (organ row) its body considered on its day,
    with the row of that (-1: lost) and its number in its register (-1: none is told).
    """

    mark: Ints
    paper: Ints
    organ: Ints
    bare: Flags
    kept: Flags
    by: Ints
    considered: Ints
    organ_considered: Ints
    number: Ints


def entered(a: Archive, day: int | None = None) -> Entered:
    """What the books of an archive say of its papers, or of those of one `day` (since 1970) alone, which takes less time;
    nothing where it has no such books. Raises BadRun where they are damaged."""
    none, never = np.full(a.papers, NONE, np.int64), np.zeros(a.papers, bool)
    no = np.zeros(0, np.int64)
    if not names(a.path, "acts") >= _COLUMNS or not names(a.path, "registers") >= {"series", "organ"} or not a.papers:
        return Entered(none, none, none, never, never, no, no, no, no)
    when = "true" if day is None else f"a.day = date '1970-01-01' + {day}"
    mark, paper, organ, bare = _handed(a, when)
    by, considered, whose, number = _considered(a, when)
    books = query(a.path, _KEPT.format(kinds=INCOMING))
    year = a.date.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    kept = find(np.sort(_key(find(a.organ_id, books["organ"]), books["year"])), _key(a.issuer, year)) >= 0
    return Entered(mark, paper, organ, bare, kept, by, considered, whose, number)


def _key(organ: Ints, day: Ints) -> Ints:
    return organ * _DAYS + day


def _handed(a: Archive, when: str) -> tuple[Ints, Ints, Ints, Flags]:
    """Mark, row, and whose the one paper is that was handed over to the body of each paper on its day; and whether none was."""
    e = query(a.path, _ENTRIES.format(kind="hand-over", when=when))
    marked = (e["series"] >= 0) & (e["number"] >= 0)
    row = find(a.paper_id, np.where(e["document"] >= 0, e["document"], NONE - 1))
    mark = np.where(row >= 0, row, np.where(marked, e["series"] * MARK_SPAN + e["number"] + 2 * MARK_SPAN, NONE))
    to = find(a.organ_id, e["target"])
    key, own = _key(to, e["day"]), find(a.organ_id, e["owner"])
    order = np.lexsort((mark, key))[np.count_nonzero(to < 0) :]  # keys of bodies that are not listed come first
    key, mark, row, own = key[order], mark[order], row[order], own[order]
    days, first, many = np.unique(key, return_index=True, return_counts=True)
    if not days.size:
        none = np.full(a.papers, NONE, np.int64)
        return none, none, none, np.zeros(a.papers, bool)
    alike = mark[first] == mark[first + many - 1]  # sorted: all are one
    at = find(days, _key(a.issuer, a.date))
    # At the Centre several bodies hand over, and of some of them the book may be gone: what is entered is not all.
    central = a.level.code == a.level.of(CENTRE)
    one = (at >= 0) & alike[at] & ~central[a.issuer]
    take = first[at]
    own = np.where(row >= 0, a.issuer[row], own)
    # What was handed over came before, and is no paper of the body itself.
    fits = one & (own[take] != a.issuer) & (row[take] != np.arange(a.papers))
    mark_of_day = mark[take]
    seen = fits & (mark_of_day >= 0)
    mark, row, own = (np.where(seen, x[take], NONE) for x in (mark, row, own))
    return mark, row, own, one & (mark_of_day < 0)


def _considered(a: Archive, when: str) -> tuple[Ints, Ints, Ints, Ints]:
    """Pairs: papers, and rows, owners and numbers of what their bodies considered on their day."""
    e = query(a.path, _ENTRIES.format(kind="consider", when=when))
    key = _key(find(a.organ_id, e["actor"]), e["day"])
    order = np.argsort(key)
    key, wanted = key[order], _key(a.issuer, a.date)
    papers = np.argsort(wanted)  # sorted, so that millions are looked up in one sweep of memory
    low = np.searchsorted(key, wanted[papers])
    many = np.searchsorted(key, wanted[papers], "right") - low
    at = order[stretches(low, many)]
    row = find(a.paper_id, np.where(e["document"] >= 0, e["document"], NONE - 1)[at])
    own = np.where(row >= 0, a.issuer[row], find(a.organ_id, e["owner"][at]))
    by = np.repeat(papers, many)
    known = (own >= 0) & (own != a.issuer[by])
    by, row, own, number = by[known], row[known], own[known], e["number"][at][known]
    order = np.lexsort((number, own, row, by))
    return by[order], row[order], own[order], number[order]
