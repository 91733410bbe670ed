"""From a run to an archive: what survives, what it may tell, and the tables that are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from drivebelt import __version__
from drivebelt import records as r
from drivebelt.archive import forging, masking, survival, testifying
from drivebelt.archive.keys import Key
from drivebelt.archive.paper import EPOCH, Flags, Ints, Paper, Source, code, day, read, whole
from drivebelt.archive.public import public_tables
from drivebelt.archive.regimes import Fate, fate, rules
from drivebelt.archive.writing import Folder, apart, table, write_key
from drivebelt.errors import BadInput
from drivebelt.results import Run

FORM = 1
"""Version of the archive's own columns."""


@dataclass(frozen=True)
class Asked:
    """What an archive is asked for; the same settings on the same run give the same archive to the byte."""

    regime: str
    reader: str | None = None
    survival: float | None = None
    correlated: str = "none"
    seed: int = 1
    testimony: bool = False
    """Whether officials left statements on who decided."""

    def fate(self) -> Fate:
        """The losses of the regime and the reader. Raises BadInput for settings that make no sense."""
        if self.survival is not None and not 0 < self.survival <= 1:
            raise BadInput(f"--survival {self.survival}: a share above 0 and at most 1")
        if self.correlated not in survival.CORRELATED:
            raise BadInput(f"--correlated {self.correlated!r}: one of {', '.join(survival.CORRELATED)}")
        if self.survival is None and self.correlated != "none":
            raise BadInput(f"--correlated {self.correlated}: says how further loss falls; give its share with --survival")
        if not 0 <= self.seed < 1 << 31:
            raise BadInput(f"--seed {self.seed}: a whole number from 0 to {(1 << 31) - 1}")
        return fate(self.regime, self.reader)


@dataclass(frozen=True)
class Left:
    """What of a run survives: truth and archive side by side. Held by whoever holds the run; never written out."""

    paper: Paper
    entries: dict[str, npt.NDArray[Any]]
    """Acts that stand in a book that survives."""
    own: Flags
    """(documents,) the issuer's own copy survives."""
    numbered: Flags
    """(copies,)"""
    number: Ints
    """(documents,) number in the archive, -1 where nothing survives."""
    dossiers: masking.Dossiers
    cited: Ints
    """(documents,) document of the run named as ground."""
    flips: npt.NDArray[np.uint64]
    """(documents + copies,) bits altered in the issuer's own copies and the numbered ones."""
    alteration: npt.NDArray[np.int8]
    """(documents + copies,) place of the alteration in the regime's list; -1 for none."""
    key: Key
    kinds: tuple[str, ...]
    """Kinds of the alterations, by place."""
    real: int
    """Documents of the run; from there on `paper` holds what was made up later."""


def left(run: Run, asked: Asked) -> Left:
    """What survives of `run`. Raises BadInput for settings that make no sense, BadRun for a damaged run."""
    what = asked.fate()
    source = Source(run)
    paper = read(source)
    chance = Key("archive", run.info["digest"], asked.seed)
    mask = Key("mask", run.info["digest"], asked.seed, asked.regime, asked.reader, asked.survival, asked.correlated)
    first, last = (date.fromisoformat(run.info[k]).year for k in ("from", "to"))
    books = rules().journals.books
    items, volumes = survival.papers(paper), survival.volumes(paper, books, first, last)
    there = np.concatenate([np.ones(paper.many, bool), survival.on_paper(paper)])
    alive = there & survival.survives(paper, items, what, chance)
    kept = survival.survives(paper, volumes, what, chance, registers=True)
    if asked.survival is not None:
        alive, further = survival.thinned(items, alive, volumes, asked.survival, asked.correlated, chance, paper.many)
        kept &= further
    flips, which = survival.altered(paper, items, alive, what.alterations, what.access, chance)
    own, numbered = alive[: paper.many], alive[paper.many :]
    some = own.copy()
    some[paper.copies["document"][numbered]] = True
    breaches = source.arrays("select distinct document from acts where kind = 'breach' and document is not null order by document")
    cited = masking.cited(paper, breaches["document"], chance)
    entries = _entries(source, paper, kept, first, last)
    real, whole = paper.many, paper
    if what.made_up:
        made = forging.invent(paper, own, some, cited, what, chance)
        whole = forging.widened(paper, made)
        more = np.ones(whole.many - real, bool), np.ones(whole.copies["document"].size - numbered.size, bool)
        flips, which = (
            np.concatenate([a[:real], np.full(more[0].size, none, a.dtype), a[real:], np.full(more[1].size, none, a.dtype)])
            for a, none in ((flips, 0), (which, r.NONE))
        )
        own, some, numbered = np.r_[own, more[0]], np.r_[some, more[0]], np.r_[numbered, more[1]]
        cited = np.r_[cited, made.cited]
        entries = forging.entries(entries, paper, made, int(run.info["rows"]["acts"]))
    d = whole.documents
    dossiers = masking.Dossiers(
        whole, mask, np.concatenate([d["issuer"][some], entries["filed"]]), np.concatenate([d["matter"][some], entries["matter"]])
    )
    return Left(
        whole, entries, own, numbered, masking.documents(some, mask), dossiers, cited, flips, which, mask,
        tuple(change.kind for _, change in what.alterations), real,
    )  # fmt: skip


def _entries(source: Source, p: Paper, kept: Flags, first: int, last: int) -> dict[str, npt.NDArray[Any]]:
    """Entries of the books that survive, as the books show them: the body in whose name, no cause, no mask."""
    books = list(rules().journals.books.values())
    book = np.full(len(r.ACT_KINDS), r.NONE)
    for place, b in enumerate(books):
        book[[r.ACT[kind] for kind in (*b.kinds, *b.in_name)]] = place
    listed = ", ".join(repr(r.ACT_KINDS[kind]) for kind in np.flatnonzero(book >= 0))
    acts = source.arrays(
        f"select act, {day('day')}, {code('kind', 'acts_kinds')}, {whole('matter')}, {whole('document')}, {whole('copy')}, "
        f"coalesce(in_name_of, actor_organ) as organ, {whole('actor_person')}, "
        f"{whole('target_organ')}, {whole('target_person')}, {code('channel', 'channels')}, {code('grade', 'grades')}, "
        f"{whole('amount')} from acts where recorded and kind in ({listed}) and coalesce(in_name_of, actor_organ) is not null"
    )
    years = last - first + 1
    year = acts["day"].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + EPOCH.year - first
    volume = (acts["organ"].astype(np.int64) * years + year) * len(books) + book[acts["kind"]]
    seen = kept[volume] & (p.organs["branch"][acts["organ"]] != r.INFORMAL)
    found = {name: column[seen] for name, column in acts.items()}
    in_name = [r.ACT[kind] for b in books for kind in b.in_name]
    found["actor_person"] = np.where(np.isin(found["kind"], in_name), r.NONE, found["actor_person"])
    secret = [r.ACT[kind] for kind in rules().journals.hidden_amounts]
    found["amount"] = np.where(np.isin(found["kind"], secret), r.NONE, found["amount"])
    of = found["document"]
    own = (of < 0) | (p.documents["issuer"][of] == found["organ"])
    found["filed"] = np.where(own, found["organ"], r.NONE)  # an entry on another body's paper is in no dossier of this one
    return found


def make(run: Run, out: Path, asked: Asked, key: Path | None = None) -> None:
    """Writes the archive of `run` into the directory `out`, and on request the `key` that joins both (see `writing.write_key`).

    Raises BadInput and BadRun.
    """
    asked.fate()
    if key is not None:
        apart(key, out)
    folder = Folder(out)
    try:
        what = left(run, asked)
        tables = {
            "documents": _documents(what), "copies": _copies(what), "acts": _acts(what), "matters": _matters(run, what),
            "registers": _registers(what), **public_tables(run, asked.fate().access),
        }  # fmt: skip
        if asked.fate().alters:
            tables["texts"] = texts(what)[0]
        for name, content in tables.items():
            folder.write(name, content)
        more = {}
        if asked.testimony:
            tables["statements"] = testifying.statements(
                run, what, Key("testimony", run.info["digest"], asked.seed), asked.fate().access
            )
            folder.write("statements", tables["statements"])
            more["testimony"] = True
        access = asked.fate().access
        folder.finish(
            {
                "archive": FORM, "version": __version__, "regime": asked.regime, "reader": asked.reader,
                "survival": asked.survival, "correlated": asked.correlated,
                "day_of_access": (access.isoformat() if access else run.info["to"]), "from": run.info["from"],
                "to": run.info["to"], "rows": {name: content.num_rows for name, content in tables.items()}, **more,
            }
        )  # fmt: skip
        if key is not None:
            write_key(key, what.number)
    except BaseException:
        folder.drop()
        raise


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


def _documents(what: Left) -> pa.Table:
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


def _copies(what: Left) -> pa.Table:
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


def _acts(what: Left) -> pa.Table:
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


def _matters(run: Run, what: Left) -> pa.Table:
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


def _registers(what: Left) -> pa.Table:
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
