"""Signs that a text was cut, altered, replaced or made up later, as an archive shows them. Nothing is judged here.

Texts of one paper that differ (wording, length, signatures); wording away from the papers it is bound to by citation and
dossier, and from its order; a number that stands twice or does not fit the dates of its neighbours; a reference to a later
paper; a book in which papers like it are entered and it is not. Each sign of a paper is a level: 0 stands for "cannot be seen".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.archive import Archive
from drivebelt.reconstruct.columns import NO_DAY, NONE, Ints, columns, find, names, query
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.grouping.links import NEAR

LEVELS: dict[str, tuple[str, ...]] = {
    "texts": ("no text of its own", "one text", "two texts", "three to five texts", "more texts"),
    "apart": ("nothing to compare", "texts agree", "1-2 bits", "3-4 bits", "5-9 bits", "10-16 bits", "17 bits and more"),
    "length": ("nothing to compare", "one length", "a line or two", "up to a third shorter", "much shorter"),
    "signatures": ("nothing to compare", "the same signatures", "a signature fewer"),
    "kin": ("no kin", "as its kin", "1-2 bits", "3-5 bits", "6-9 bits", "10-14 bits", "15 bits and more"),
    "order": ("no order", "alone in its order", "as others", "1-4 bits", "5-9 bits", "10 bits and more"),
    "number": ("no number", "a number of its own", "its number stands twice"),
    "sequence": ("no neighbours", "in sequence", "one neighbour against it", "two or three against it", "more against it"),
    "reference": ("cites nothing", "cites an earlier paper", "cites a later paper"),
    "entry": ("no book to look in", "entered on its day", "entered on another day", "not entered"),
    "receipt": ("no book to look in", "entered where it went", "entered there on another day", "not entered where it went"),
}
"""Signs and their levels, in order; the place of a level is its number."""
NEIGHBOURS = 3
"""Papers on either side in a register whose dates are compared."""
ENOUGH = 3
"""Entries from which a book is taken to be there."""
ENTERED = 0.5
"""Share of like papers of the office and year that must be entered for a missing entry to mean anything."""
_SPAN = np.int64(1) << 32
_BOUNDS = {"apart": (0, 2, 4, 9, 16), "kin": (0, 2, 5, 9, 14), "order": (0, 4, 9)}
_SLIP, _CUT = 2, 1 / 3
"""Lines of a typist's slip; share of a text beyond which it is another text."""


@dataclass
class Texts:
    """All texts of papers, in order of paper, copy: row of the `paper`, `copy` (-1 the issuer's own), row of the `holder`,
    `wording`, `length` and `signatures` (-1 where not noted), and `variant`: texts of one paper with one wording, length and
    number of signatures share one, numbered through the archive. `first[paper]` to `first[paper + 1]` are its texts."""

    first: Ints
    paper: Ints
    copy: Ints
    holder: Ints
    wording: npt.NDArray[np.uint64]
    length: Ints
    signatures: Ints
    variant: Ints

    @cached_property
    def head(self) -> Ints:
        """(variants,) the first text of each."""
        out = np.zeros(int(self.variant.max(initial=-1)) + 1, np.int64)
        out[self.variant[::-1]] = np.arange(self.variant.size)[::-1]
        return out


@dataclass
class Signs:
    """`level[paper, sign]` in the order of LEVELS, int8; the texts behind them, and `kin`: pairs of papers bound together."""

    level: npt.NDArray[np.int8]
    texts: Texts
    kin: tuple[Ints, Ints]

    def of(self, sign: str) -> npt.NDArray[np.int8]:
        """Levels of one sign."""
        return self.level[:, list(LEVELS).index(sign)]


def read_texts(a: Archive) -> Texts:
    """The texts of an archive: those of the issuers' own copies, and of numbered ones."""
    own = columns(a.path, "documents", {"document": "bigint", "file_copy": "boolean", "wording": "ubigint"})
    copies = columns(
        a.path,
        "copies",
        {"document": "bigint", "copy": "bigint", "holder": "bigint", "addressee_organ": "bigint", "wording": "ubigint"},
    )
    kept = own["file_copy"].astype(np.int64) == 1
    mine, theirs = find(a.paper_id, own["document"][kept]), find(a.paper_id, copies["document"])
    holder = find(a.organ_id, np.where(copies["holder"] >= 0, copies["holder"], copies["addressee_organ"]))
    paper = np.concatenate([mine, theirs])
    copy = np.concatenate([np.full(mine.size, NONE), copies["copy"]])
    wording = np.concatenate([own["wording"][kept], copies["wording"]]).astype(np.uint64)
    holder = np.concatenate([a.issuer[mine], holder])
    rows = np.flatnonzero((paper >= 0) & (wording != 0))
    rows = rows[np.lexsort((copy[rows], paper[rows]))]
    paper, copy, wording, holder = paper[rows], copy[rows], wording[rows], holder[rows]
    noted = columns(a.path, "texts", {"document": "bigint", "copy": "bigint", "length": "bigint", "signatures": "bigint"})
    at = find(find(a.paper_id, noted["document"]) * _SPAN + noted["copy"] + 1, paper * _SPAN + copy + 1)

    def of(name: str) -> Ints:
        return np.where(at >= 0, noted[name][np.maximum(at, 0)], NONE) if noted[name].size else np.full(at.size, NONE)

    length, signatures = of("length"), of("signatures")
    order = np.lexsort((signatures, length, wording, paper))
    new = np.ones(order.size, bool)
    for column in (paper, wording, length, signatures):
        same = column[order][1:] == column[order][:-1]
        new[1:] = ~same if column is paper else new[1:] | ~same
    variant = np.empty(order.size, np.int64)
    variant[order] = np.cumsum(new) - 1
    first = np.searchsorted(paper, np.arange(a.papers + 1))
    return Texts(first.astype(np.int64), paper, copy, holder, wording, length, signatures, variant)


def bits(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64]) -> Ints:
    """Bits in which hashes differ, pair by pair."""
    return np.bitwise_count(a ^ b).astype(np.int64)


def signs(a: Archive, acts: npt.NDArray[np.bool_], g: Groups) -> Signs:
    """All signs of every paper of an archive."""
    t, kin = read_texts(a), kin_of(a, acts)
    found = {**_texts(a, t), **_wording(a, g, kin), **_numbers(a), "reference": _references(a), **_entries(a)}
    level = np.stack([found[name] for name in LEVELS], 1).astype(np.int8) if a.papers else np.zeros((0, len(LEVELS)), np.int8)
    return Signs(level, t, kin)


def _texts(a: Archive, t: Texts) -> dict[str, Ints]:
    many = np.diff(t.first)
    several = many >= 2
    has = np.flatnonzero(many > 0)
    start = t.first[:-1][has]

    def span(values: Ints) -> Ints:
        out = np.zeros(a.papers, np.int64)
        if has.size:
            out[has] = np.maximum.reduceat(values, start) - np.minimum.reduceat(values, start)
        return out

    # Against the wording that most texts have, the first among equals: what differs from it by how much.
    apart = np.zeros(a.papers, np.int64)
    if has.size:
        np.maximum.at(apart, t.paper, bits(t.wording, commonest(t)[t.paper]))
    noted = several & (span(np.where(t.length < 0, 1, 0)) == 0)
    noted[has] &= t.length[start] >= 0
    longest = np.zeros(a.papers, np.int64)
    if has.size:
        longest[has] = np.maximum.reduceat(t.length, start)
    shorter = span(t.length)
    size = np.select([shorter == 0, shorter <= _SLIP, shorter <= _CUT * longest], [1, 2, 3], 4)
    return {
        "texts": np.select([many == 0, many == 1, many == 2, many <= 5], [0, 1, 2, 3], 4),
        "apart": np.where(several, 1 + np.searchsorted(_BOUNDS["apart"], apart), 0), "length": np.where(noted, size, 0),
        "signatures": np.where(noted, np.where(span(t.signatures) > 0, 2, 1), 0),
    }  # fmt: skip


def commonest(t: Texts) -> npt.NDArray[np.uint64]:
    """(papers,) the wording that most texts of a paper have, the first among equals; 0 where it has none."""
    out, head = np.zeros(t.first.size - 1, np.uint64), t.head
    if not head.size:
        return out
    paper, wording = t.paper[head], t.wording[head]  # variants stand in order of paper and wording
    start = np.flatnonzero(np.r_[True, (paper[1:] != paper[:-1]) | (wording[1:] != wording[:-1])])
    many, eldest = np.add.reduceat(np.bincount(t.variant), start), np.minimum.reduceat(head, start)
    best = start[np.lexsort((eldest, -many, paper[start]))][::-1]  # the best of each paper last, so that it stands
    out[paper[best]] = wording[best]
    return out


def kin_of(a: Archive, acts: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Pairs of papers that carry an order and are bound together apart from their wording: one cites the other, or one body
    keeps both, next to each other, in one dossier."""
    cites = np.flatnonzero((a.parent >= 0) & acts)
    cites = cites[acts[a.parent[cites]]]
    order = np.lexsort((np.arange(a.papers), a.dossier, a.issuer))
    order = order[acts[order] & (a.dossier[order] >= 0)]
    same = np.flatnonzero((a.dossier[order][1:] == a.dossier[order][:-1]) & (a.issuer[order][1:] == a.issuer[order][:-1]))
    return np.concatenate([cites, order[same]]), np.concatenate([a.parent[cites], order[same + 1]])


def _wording(a: Archive, g: Groups, kin: tuple[Ints, Ints]) -> dict[str, Ints]:
    far = 65
    near = np.full(a.papers, far)
    left, right = kin
    read = (a.wording[left] != 0) & (a.wording[right] != 0)
    left, right = left[read], right[read]
    apart = bits(a.wording[left], a.wording[right])
    np.minimum.at(near, left, apart)
    np.minimum.at(near, right, apart)
    # Within an order: the nearest of the papers that stand next to it in date.
    beside = np.full(a.papers, far)
    m = g.members
    for step in range(1, NEAR):
        same = np.flatnonzero(g.of[m[step:]] == g.of[m[:-step]]) if m.size > step else np.zeros(0, np.int64)
        one, other = m[same + step], m[same]
        apart = bits(a.wording[one], a.wording[other])
        np.minimum.at(beside, one, apart)
        np.minimum.at(beside, other, apart)
    return {
        "kin": np.where(near == far, 0, 1 + np.searchsorted(_BOUNDS["kin"], near)),
        "order": np.where(g.of < 0, 0, np.where(beside == far, 1, 2 + np.searchsorted(_BOUNDS["order"], beside))),
    }


def _numbers(a: Archive) -> dict[str, Ints]:
    number, sequence = np.zeros(a.papers, np.int64), np.zeros(a.papers, np.int64)
    rows = np.flatnonzero((a.series >= 0) & (a.number >= 0))
    rows = rows[np.lexsort((a.date[rows], a.number[rows], a.series[rows]))]
    s, n, day = a.series[rows], a.number[rows], a.date[rows]
    number[rows] = 1
    same = np.flatnonzero((s[1:] == s[:-1]) & (n[1:] == n[:-1]))
    number[rows[same]] = number[rows[same + 1]] = 2
    against, neighbours = np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int64)
    for step in range(1, NEIGHBOURS + 1):
        at = np.flatnonzero(s[step:] == s[:-step]) if rows.size > step else np.zeros(0, np.int64)
        wrong = (day[at] > day[at + step]) & (n[at] < n[at + step])
        for end in (at, at + step):
            np.add.at(against, end, wrong)
            np.add.at(neighbours, end, 1)
    sequence[rows] = np.where(neighbours == 0, 0, np.select([against == 0, against == 1, against <= 3], [1, 2, 3], 4))
    return {"number": number, "sequence": sequence}


def _references(a: Archive) -> Ints:
    named = columns(a.path, "documents", {"document": "bigint", "cited_date": "date"})
    at = find(a.paper_id, named["document"])
    day = np.full(a.papers, NO_DAY, np.int64)
    day[at[at >= 0]] = named["cited_date"][at >= 0]
    day = np.where((day <= NO_DAY) & (a.parent >= 0), a.date[np.maximum(a.parent, 0)] if a.papers else day, day)
    return np.where(day <= NO_DAY, 0, np.where(day > a.date, 2, 1))


_NOTES = {"acts": {"series", "number", "day", "actor_organ", "kind"}, "documents": {"series", "number", "issuer"}}
_SENT = {"copies": {"document", "addressee_organ", "received"}}
"""Columns without which there are no entries, and none of where papers went."""
_ENTRY = """with entry as (select series, number, actor_organ as organ, day::date as day, kind = 'receive' as taken_over from acts
        where series is not null and number is not null)"""
_OWN_BOOK = f"""{_ENTRY}
select d.document, bool_or(e.day is not distinct from d.date::date) as same_day
from documents d join entry e on e.series = d.series and e.number = d.number and e.organ = d.issuer
where not e.taken_over group by d.document"""
_WHERE_IT_WENT = f"""{_ENTRY},
    sent as (select d.document, d.series, d.number, c.addressee_organ as organ, c.received::date as day
        from copies c join documents d using (document) where c.received is not null and c.addressee_organ is not null),
    taken as (select * from entry where taken_over),
    book as (select organ, year(day) as year from taken group by all having count(*) >= {ENOUGH})
select s.document,
    coalesce(min(case when t.day = s.day then 1 when t.organ is not null then 2 when b.organ is not null then 3 end), 0) as level
from sent s left join taken t on t.series = s.series and t.number = s.number and t.organ = s.organ
    left join book b on b.organ = s.organ and b.year = year(s.day)
group by s.document"""


def _entries(a: Archive) -> dict[str, Ints]:
    """Whether a paper is entered in the books that are there: its issuer's, and those of the offices to which it went."""
    entry, receipt = np.zeros(a.papers, np.int64), np.zeros(a.papers, np.int64)
    if all(names(a.path, table) >= needed for table, needed in _NOTES.items()):
        entry = _in_own_book(a, query(a.path, _OWN_BOOK))
        if all(names(a.path, table) >= needed for table, needed in _SENT.items()):
            level = query(a.path, _WHERE_IT_WENT)
            receipt[find(a.paper_id, level["document"])] = level["level"]
    return {"entry": entry, "receipt": receipt}


def _year(day: Ints) -> Ints:
    return day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)


def _in_own_book(a: Archive, entered: dict[str, Ints]) -> Ints:
    at = np.zeros(a.papers, np.int64)
    at[find(a.paper_id, entered["document"])] = np.where(entered["same_day"] == 1, 1, 2)
    has = (a.series >= 0) & (a.number >= 0)
    year, kind = _year(a.date), a.kind.code + 1
    year -= year.min(initial=0)
    _, like = np.unique((a.issuer * (year.max(initial=0) + 1) + year) * (kind.max(initial=0) + 1) + kind, return_inverse=True)
    many, noted = np.bincount(like, has)[like], np.bincount(like, at > 0)[like]
    book = has & (many - 1 >= ENOUGH) & (noted - (at > 0) >= ENTERED * (many - 1))
    return np.where(at > 0, at, np.where(book, 3, 0))
