"""What survives: copies, the issuers' own copies, and registers, each on its own draw and on that of its unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from drivebelt import records as r
from drivebelt.archive.keys import Key
from drivebelt.archive.paper import EPOCH, Flags, Ints, Paper
from drivebelt.archive.regimes import Alteration, Bodies, Book, Fate, Where, number

_COPIES = 1 << 20
"""More copies than any paper has; the issuer's own copy is number 0, a numbered copy c is c + 1."""
_VOLUMES = 16
_YEAR = "datetime64[Y]"
CORRELATED = ("none", "office", "subject")
LENT = ("held", "returned", "read-and-returned")


@dataclass(frozen=True)
class Items:
    """Things that can be lost, as arrays of shape (n,): codes and numbers as in `Paper`; `entity` names each for its draw."""

    entity: Ints
    document: npt.NDArray[np.int32]
    holder: npt.NDArray[np.int32]
    issuer: npt.NDArray[np.int32]
    grade: npt.NDArray[np.int8]
    kind: npt.NDArray[np.int8]
    domain: npt.NDArray[np.int8]
    subject: Ints
    day: npt.NDArray[np.int32]
    leader: Ints
    lent: Flags

    @property
    def year(self) -> Ints:
        """Calendar year of each."""
        return self.day.astype("datetime64[D]").astype(_YEAR).astype(np.int64) + EPOCH.year


def holders(p: Paper) -> npt.NDArray[np.int32]:
    """The office in which each copy lies: that of the addressee, or the registry of the Bureau where it has come back."""
    back = np.isin(p.copies["fate"], [r.RETURNED, r.READ_AND_RETURNED, r.BURNED])
    return np.where(back, r.BUREAU, p.copies["addressee_organ"]).astype(np.int32)


def on_paper(p: Paper) -> Flags:
    """Copies (m,) that were neither burned by rule nor lost on their way: nothing else survives under any regime."""
    return ~np.isin(p.copies["fate"], [r.BURNED, r.LOST])


def papers(p: Paper) -> Items:
    """The issuers' own copies of all documents, then all numbered copies."""
    d, c = p.documents, p.copies
    of = np.concatenate([d["document"], c["document"]])
    about = d["matter"][of]
    own = np.zeros(p.many, bool)
    lent = np.isin(c["fate"], [r.FATES.index(name) for name in LENT])
    return Items(
        entity=of.astype(np.int64) * _COPIES + np.concatenate([np.zeros(p.many, np.int64), c["copy"].astype(np.int64) + 1]),
        document=of, holder=np.concatenate([d["issuer"].astype(np.int32), holders(p)]), issuer=d["issuer"][of],
        grade=d["grade"][of], kind=d["kind"][of], domain=p.matters["domain"][about],
        subject=p.matters["subject"][about].astype(np.int64), day=d["date"][of], leader=p.leaders[of],
        lent=np.concatenate([own, lent]),
    )  # fmt: skip


def volumes(p: Paper, books: dict[str, Book], first: int, last: int) -> Items:
    """The registers of all offices: one volume for each office, year from `first` to `last`, and book, in this order."""
    n, years, kinds = p.organs["organ"].size, last - first + 1, len(books)
    holder, year, book = (a.ravel() for a in np.indices((n, years, kinds)))
    grades = np.array([r.GRADES.index(b.grade) for b in books.values()], np.int8)
    day = np.array([(date(first + y, 12, 31) - EPOCH).days for y in range(years)], np.int32)[year]
    none = np.full(holder.size, r.NONE, np.int64)
    return Items(
        entity=-1 - ((holder.astype(np.int64) * _VOLUMES + book) * _COPIES + first + year), document=none.astype(np.int32),
        holder=holder.astype(np.int32), issuer=holder.astype(np.int32), grade=grades[book], kind=none.astype(np.int8),
        domain=none.astype(np.int8), subject=none, day=day, leader=none, lent=np.zeros(holder.size, bool),
    )  # fmt: skip


def _among(codes: npt.NDArray[np.int8], names: tuple[str, ...], known: tuple[str, ...]) -> Flags:
    table = np.zeros(len(known) + 1, bool)
    table[[known.index(name) for name in names]] = True
    return table[codes]  # -1, none, is the last place: false


def _bodies(p: Paper, which: Bodies) -> Flags | None:
    """Which bodies (organs,) are meant; None for all."""
    tests = [
        _among(p.organs[column], names, known)
        for column, names, known in (("level", which.levels, r.LEVELS), ("branch", which.branches, r.BRANCHES))
        if names
    ]
    if which.keys:
        tests.append(np.isin(p.organs["organ"], [r.CENTRAL_ORGANS.index(key) for key in which.keys]))
    return np.logical_and.reduce(tests) if tests else None


def reached(p: Paper, items: Items, where: Where, access: date | None) -> Flags:
    """Which items a loss or an alteration can reach."""
    found = np.ones(items.entity.size, bool)
    for codes, names, known in (
        (items.grade, where.grades, r.GRADES), (items.kind, where.kinds, r.DOCUMENT_KINDS),
        (items.domain, where.domains, r.DOMAINS),
    ):  # fmt: skip
        if names:
            found &= _among(codes, names, known)
    for bodies, of in ((_bodies(p, where.holder), items.holder), (_bodies(p, where.issuer), items.issuer)):
        if bodies is not None:
            found &= bodies[of]
    if where.lent:
        found &= items.lent
    if where.before is not None:
        found &= items.day < (where.before - EPOCH).days
    if where.younger_than is not None and access is not None:
        found &= items.day > (date(access.year - where.younger_than, access.month, min(access.day, 28)) - EPOCH).days
    return found


def _unit(items: Items, name: str) -> Ints:
    """What each item is hit together with, as a number of its own."""
    if name == "office":
        return items.holder.astype(np.int64)
    if name == "year":
        return items.holder.astype(np.int64) * _COPIES + items.year
    if name == "leader":
        return items.leader
    return items.subject if name == "subject" else items.entity


def survives(p: Paper, items: Items, fate: Fate, key: Key, registers: bool = False) -> Flags:
    """Which items no loss of the regime took. `registers`: the items are volumes, which only some losses reach."""
    alive = np.ones(items.entity.size, bool)
    for name, loss in fate.losses:
        if registers and not loss.registers:
            continue
        at = np.flatnonzero(alive & reached(p, items, loss.where, fate.access))
        if loss.unit != "copy":
            units, of = np.unique(_unit(items, loss.unit)[at], return_inverse=True)
            hit = (key.uniform("unit", units, name) < number(loss.share)) & (units != r.NONE)
            at = at[hit[of]]
            gone = key.uniform("copy", items.entity[at], name) < number(loss.rate)
        else:
            gone = key.uniform("copy", items.entity[at], name) < number(loss.share) * number(loss.rate)
        alive[at[gone]] = False
    return alive


def _need(items: Items, correlated: str, key: Key) -> npt.NDArray[np.float64]:
    """How high the share must be for an item to survive: the larger of its own draw and the draw of its unit."""
    own = key.uniform("copy", items.entity, "share")
    if correlated == "none":
        return own
    units, of = np.unique(_unit(items, correlated), return_inverse=True)
    return np.maximum(own, key.uniform("unit", units, f"share/{correlated}")[of])


def thinned(items: Items, alive: Flags, volumes: Items, share: float, correlated: str, key: Key, many: int) -> tuple[Flags, Flags]:
    """Further loss until `share` of the documents that are still there are left; the same level for copies and volumes.

    Losses at two shares are nested: what is left at the smaller is left at the larger. `many` is the number of documents.
    """
    need = np.where(alive, _need(items, correlated, key), 2.0)
    best = np.full(many, 2.0)
    np.minimum.at(best, items.document, need)
    left = np.sort(best[best < 2.0])
    keep = int(np.floor(left.size * share + 0.5))
    level = 2.0 if keep >= left.size else float(left[keep])
    books = correlated if correlated == "office" else "none"  # a register holds all subjects
    return alive & (need < level), _need(volumes, books, key) < level


def altered(
    p: Paper, items: Items, alive: Flags, changes: tuple[tuple[str, Alteration], ...], access: date | None, key: Key
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int8]]:
    """Bits (n,) by which the wording of each surviving item was changed, and by which alteration (-1: none).

    Every altered copy of a paper reads alike; at most one alteration a paper.
    """
    bits = np.zeros(items.entity.size, np.uint64)
    which = np.full(items.entity.size, r.NONE, np.int8)
    taken = np.zeros(p.many, bool)
    for place, (name, change) in enumerate(changes):
        at = np.flatnonzero(alive & reached(p, items, change.where, access))
        found = np.unique(items.document[at])
        found = found[(key.uniform("alteration", found, name) < number(change.share)) & ~taken[found]]
        taken[found] = True
        flips = np.zeros(p.many, np.uint64)
        flips[found] = key.flips(found.astype(np.int64), *change.bits, name)
        at = at[np.isin(items.document[at], found)]
        at = at[key.uniform("text", items.entity[at], f"{name}/copies") < number(change.copies)]
        bits[at] = flips[items.document[at]]
        which[at] = place
    return bits, which
