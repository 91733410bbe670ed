"""What of a run survives, and what of it is hidden: truth and archive side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from drivebelt import records as r
from drivebelt.archive import forging, masking, survival
from drivebelt.archive.keys import Key
from drivebelt.archive.paper import EPOCH, Flags, Ints, Paper, Source, code, day, read, whole
from drivebelt.archive.regimes import Fate, fate, rules
from drivebelt.errors import BadInput
from drivebelt.results import Run


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
