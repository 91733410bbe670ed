"""The tables of an archive, from what survives of a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from drivebelt import records as r
from drivebelt.archive import forging, survival
from drivebelt.archive.left import Left
from drivebelt.archive.paper import EPOCH, Ints
from drivebelt.archive.writing import table
from drivebelt.results import Run


def _sorted(numbers: Ints) -> Ints:
    """Rows that have a number, in the order of their numbers."""
    rows = np.flatnonzero(numbers >= 0)
    return rows[np.argsort(numbers[rows], kind="stable")]


def wording(what: Left) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Wording of each document as the archive's best copy has it (the issuer's, else the lowest number), and of each copy."""
    p, n = what.paper, what.paper.many
    masked = what.key.wording(p.documents["wording"])
    # a flip before the keyed order of bits is a flip after it: order the flips without the mask
    moved = what.key.wording(what.flips) ^ what.key.wording(np.zeros(1, np.uint64))
    copies = masked[p.copies["document"]] ^ moved[n:]
    best = masked ^ moved[:n]
    alone = np.flatnonzero(what.numbered & ~what.own[p.copies["document"]])
    of, at = np.unique(p.copies["document"][alone], return_index=True)  # copies stand in the order of their numbers
    best[of] = copies[alone[at]]
    return best, copies


def texts(what: Left) -> tuple[pa.Table, Ints]:
    """Length and signatures of every text that is left, and which texts (the issuers' own copies, then the numbered ones)."""
    c, n = what.paper.copies, what.paper.many
    shown = np.concatenate([np.where(what.own, what.number, r.NONE), np.where(what.numbered, what.number[c["document"]], r.NONE)])
    return forging.texts(
        np.concatenate([np.arange(n), c["document"]]), np.concatenate([np.full(n, r.NONE), c["copy"]]), shown,
        what.alteration, what.kinds, what.key,
    )  # fmt: skip


def documents(what: Left) -> pa.Table:
    """Every paper of which any copy is left."""
    d, n, to = what.paper.documents, what.paper.many, what.number
    ground = np.maximum(what.cited, 0)
    named = what.cited >= 0

    def of_ground(column: str, none: int) -> npt.NDArray[Any]:
        return np.where(named, d[column][ground], none)

    return table(
        {
            "document": (to, "whole"), "series": (d["series"], "whole"), "number": (d["number"], "whole"),
            "date": (d["date"], "day"), "kind": (d["kind"], r.DOCUMENT_KINDS), "issuer": (d["issuer"], "whole"),
            "matter": (what.dossiers.of(d["issuer"], d["matter"]), "whole"), "grade": (d["grade"], r.GRADES),
            "parent_document": (np.where(named, to[ground], r.NONE), "whole"), "copies": (d["copies"], "whole"),
            "wording": (wording(what)[0], "hash"), "file_copy": (what.own, "flag"),
            "cited_series": (of_ground("series", r.NONE), "whole"), "cited_number": (of_ground("number", r.NONE), "whole"),
            "cited_date": (of_ground("date", np.iinfo(np.int32).min), "day"),
        },
        _sorted(to[:n]),
    )  # fmt: skip


def copies(what: Left) -> pa.Table:
    """The numbered copies that are left."""
    c = what.paper.copies
    document = np.where(what.numbered, what.number[c["document"]], r.NONE)
    rows = np.flatnonzero(document >= 0)
    rows = rows[np.lexsort((c["copy"][rows], document[rows]))]
    days = {name: (c[name], "day") for name in ("dispatched", "received")}
    return table(
        {
            "document": (document, "whole"), "copy": (c["copy"], "whole"), "addressee_organ": (c["addressee_organ"], "whole"),
            "addressee_person": (c["addressee_person"], "whole"), "channel": (c["channel"], r.CHANNELS), **days,
            "receipt": (c["receipt"], "whole"), "read": (c["read"], "day"), "due": (c["due"], "day"),
            "returned": (c["returned"], "day"), "burned_act": (np.full(document.size, r.NONE), "whole"),
            "fate": (c["fate"], r.FATES), "holder": (survival.holders(what.paper), "whole"), "wording": (wording(what)[1], "hash"),
        },
        rows,
    )  # fmt: skip


def acts(what: Left) -> pa.Table:
    """The entries of the books that are left."""
    a, d = what.entries, what.paper.documents
    of = np.maximum(a["document"], 0)
    named = a["document"] >= 0

    def mark(column: str) -> npt.NDArray[Any]:
        return np.where(named, d[column][of], r.NONE) if d[column].size else a["document"]

    number = what.key.order("acts", a["act"].astype(np.int64))
    # Where a number stands twice nobody can say which of the two an entry speaks of.
    span = np.int64(1) << 32
    twice = d["series"][what.real :] * span + d["number"][what.real :]
    clear = named & ~np.isin(mark("series").astype(np.int64) * span + mark("number"), twice)
    return table(
        {
            "act": (number, "whole"), "day": (a["day"], "day"), "kind": (a["kind"], r.ACT_KINDS),
            "matter": (what.dossiers.of(a["filed"], a["matter"]), "whole"),
            "document": (np.where(clear, what.number[of], r.NONE) if d["series"].size else a["document"], "whole"),
            "copy": (a["copy"], "whole"), "actor_organ": (a["organ"], "whole"), "actor_person": (a["actor_person"], "whole"),
            "target_organ": (a["target_organ"], "whole"), "target_person": (a["target_person"], "whole"),
            "channel": (a["channel"], r.CHANNELS), "grade": (a["grade"], r.GRADES), "amount": (a["amount"], "whole"),
            "series": (mark("series"), "whole"), "number": (mark("number"), "whole"),
        },
        _sorted(number),
    )  # fmt: skip


def matters(run: Run, what: Left) -> pa.Table:
    """Dossiers: opened with their first paper or entry that is left; a category only where a secret paper shows it."""
    d, a = what.paper.documents, what.entries
    n = what.dossiers.pairs.size
    opened, secret = np.full(n, np.iinfo(np.int32).max, np.int64), np.zeros(n, bool)
    some = what.number >= 0
    papers = what.dossiers.of(d["issuer"], d["matter"])[some]
    entries = what.dossiers.of(a["filed"], a["matter"])
    np.minimum.at(opened, papers, d["date"][some])
    np.minimum.at(opened, entries[entries >= 0], a["day"][entries >= 0])
    secret[papers[d["grade"][some] >= r.SECRET]] = True
    content = run.sql("select domain, subject, secrecy_category from matters order by matter").to_arrow_table()
    place = np.empty(n, np.int64)
    place[what.dossiers.number] = np.arange(n)
    of = content.take(pa.array(what.dossiers.matter[place]))
    category = pa.array([None] * n, pa.string()) if not n else of["secrecy_category"].combine_chunks()
    hidden = pa.array(~secret)
    return pa.table(
        {
            "matter": pa.array(np.arange(n, dtype=np.int32)),
            "organ": pa.array(what.dossiers.organ[place].astype(np.int32)),
            "opened": pa.array(opened.astype(np.int32)).cast(pa.date32()), "domain": of["domain"], "subject": of["subject"],
            "secrecy_category": pc.if_else(hidden, pa.scalar(None, pa.string()), category),
        }
    )  # fmt: skip


def registers(what: Left) -> pa.Table:
    """What a series stands for, for every series of which a paper or an entry is left."""
    d, a = what.paper.documents, what.entries
    some = np.concatenate([np.flatnonzero(what.number >= 0), a["document"][(a["document"] >= 0)]])
    series, at = np.unique(d["series"][some], return_index=True)
    of = some[at]
    year = d["date"][of].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + EPOCH.year
    kinds = (series % len(r.REGISTERS)).astype(np.int64)
    columns = {
        "series": (series, "whole"), "year": (year, "whole"), "organ": (d["issuer"][of], "whole"), "register": (kinds, r.REGISTERS),
    }  # fmt: skip
    return table(columns, np.arange(series.size))  # type: ignore[arg-type]
