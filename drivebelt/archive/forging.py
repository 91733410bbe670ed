"""Papers that never were, put among those that survived; and what an archivist notes of every text."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from drivebelt import records as r
from drivebelt.archive import survival
from drivebelt.archive.keys import Key
from drivebelt.archive.paper import NEVER, Flags, Ints, Paper
from drivebelt.archive.regimes import Fate, MadeUp, number, rules
from drivebelt.archive.writing import table

_SPAN = 1 << 32
_ORIGINS = ("issue", "report", "propose", "clear", "answer")
"""Acts with which a paper leaves its body."""
MADE_UP = "made-up"
GENUINE = ""
INNOCENT = "retyped"


@dataclass(frozen=True)
class Invented:
    """Papers that never were, one an entry: the run's paper each was modelled on, its number and day, the bits in which its
    text differs from the model, the paper of the run it rests on (-1 none), whether a copy lies elsewhere, and whether the
    issuer's own book was written up."""

    model: Ints
    number: Ints
    date: Ints
    flips: npt.NDArray[np.uint64]
    cited: Ints
    copied: Flags
    entered: Flags


def invent(p: Paper, own: Flags, there: Flags, cited: Ints, fate: Fate, key: Key) -> Invented:
    """The papers made up under a regime. `own` (documents,): the issuer's own copy survives, which the forger sees; `there`:
    any copy does; `cited` as in `masking.cited`."""
    items = survival.papers(p)
    order = np.lexsort((p.documents["number"], p.documents["series"]))
    none = np.zeros(0, np.int64)
    parts = [Invented(none, none, none, none.astype(np.uint64), none, none.astype(bool), none.astype(bool))]
    for name, rule in fate.made_up:
        reached = np.flatnonzero(own & survival.reached(p, items, rule.where, fate.access)[: p.many])
        model = reached[key.uniform("made-up", reached, name) < number(rule.share)]
        parts.append(_invent(p, model, there, order, cited, rule, key, name))
    return Invented(*(np.concatenate([getattr(part, field) for part in parts]) for field in Invented.__dataclass_fields__))


def _invent(p: Paper, model: Ints, there: Flags, order: Ints, cited: Ints, rule: MadeUp, key: Key, name: str) -> Invented:
    d = p.documents

    def draw(what: str) -> npt.NDArray[np.float64]:
        return key.uniform("made-up", model, f"{name}/{what}")

    least, most = rule.back
    back = least + (draw("back") * (most - least + 1)).astype(np.int64)
    date = np.maximum(d["date"][model] - back, d["date"].min() if d["date"].size else 0)
    way = draw("number")
    doubled, free = number(rule.doubled), number(rule.free)
    taken = _beside(d, order, d["series"][model], date)
    lost = _beside(d, order[~there[order]], d["series"][model], date)
    lost = np.where(lost < 0, taken, lost)  # a register without a gap leaves him nothing but a number that is taken
    shown = np.where(way < doubled, taken, lost)
    past = _last(d, order, d["series"][model]) + 1
    marks = np.where((way < doubled + free) & (shown >= 0), d["number"][np.maximum(shown, 0)], past)
    rests = np.where(draw("forward") < number(rule.forward), model, cited[model])
    flips = key.flips(model, *rule.bits, name)
    copied, entered = draw("copies") < number(rule.copies), draw("entered") < number(rule.entered)
    return Invented(model, marks.astype(np.int64), date.astype(np.int64), flips, rests, copied, entered)


def _beside(d: dict[str, npt.NDArray[np.int64]], rows: Ints, series: Ints, date: Ints) -> Ints:
    """Of `rows`, in order of register and number, the last of each series up to a date, else its first; -1 for none."""
    if not rows.size:
        return np.full(series.size, r.NONE, np.int64)
    place = d["series"][rows].astype(np.int64) * _SPAN + d["date"][rows]  # dates rise with numbers
    at = np.searchsorted(place, series.astype(np.int64) * _SPAN + date, "right")
    before, after = np.maximum(at - 1, 0), np.minimum(at, rows.size - 1)
    out = np.where((at > 0) & (d["series"][rows[before]] == series), rows[before], rows[after])
    return np.where(d["series"][out] == series, out, r.NONE)


def _last(d: dict[str, npt.NDArray[np.int64]], order: Ints, series: Ints) -> Ints:
    """The last number of each series."""
    at = np.searchsorted(d["series"][order], series, "right") - 1
    return d["number"][order[at]].astype(np.int64)


def widened(p: Paper, made: Invented) -> Paper:
    """The paper of a run with what was made up after it: documents from `p.many` on, their copies last."""
    d, c, k = p.documents, p.copies, made.model
    new = np.arange(p.many, p.many + k.size)
    own = {
        "document": new, "number": made.number, "date": made.date, "parent_document": np.full(k.size, r.NONE),
        "wording": d["wording"][k] ^ made.flips,
    }  # fmt: skip
    documents = {name: np.concatenate([v, own.get(name, v[k]).astype(v.dtype)]) for name, v in d.items()}
    # A copy elsewhere looks like the first one of its model, with its dates moved.
    first = np.searchsorted(c["document"], k)
    has = made.copied & (first < c["document"].size)
    has[has] = c["document"][first[has]] == k[has]
    rows, moved = first[has], (d["date"][k] - made.date)[has]
    shifted = {
        name: np.where(c[name][rows] == NEVER, NEVER, c[name][rows] - moved)
        for name in ("dispatched", "received", "read", "due", "returned")
    }
    of = {"document": new[has], "fate": np.full(rows.size, r.KEPT), **shifted}
    copies = {name: np.concatenate([v, of.get(name, v[rows]).astype(v.dtype)]) for name, v in c.items()}
    return replace(p, documents=documents, copies=copies, leaders=np.concatenate([p.leaders, p.leaders[k]]))


def entries(found: dict[str, npt.NDArray[np.int64]], p: Paper, made: Invented, acts: int) -> dict[str, npt.NDArray[np.int64]]:
    """The entries `found` with those of made-up papers in their issuers' books, written like those of their models; `acts` is
    the number of acts of the run."""
    leaves = np.isin(found["kind"], [r.ACT[kind] for kind in _ORIGINS])
    own = np.flatnonzero(leaves & (found["document"] >= 0) & (p.documents["issuer"][found["document"]] == found["organ"]))
    own = own[np.argsort(found["document"][own], kind="stable")]
    at = np.searchsorted(found["document"][own], made.model)
    has = made.entered & (at < own.size)
    has[has] = found["document"][own[at[has]]] == made.model[has]
    rows = own[at[has]]
    new = {"document": p.many + np.flatnonzero(has), "day": made.date[has], "act": acts + np.arange(rows.size)}
    return {name: np.concatenate([v, new.get(name, v[rows]).astype(v.dtype)]) for name, v in found.items()}


def texts(
    document: Ints, copy: Ints, shown: Ints, place: npt.NDArray[np.int8], kinds: tuple[str, ...], key: Key
) -> tuple[pa.Table, Ints]:
    """The table of texts, and the rows of it. By text: the document it is of, its copy (-1 the issuer's own), its number in the
    archive (-1: not there), and the place of its alteration among `kinds` (-1: none)."""
    rule = rules().texts
    entity = document.astype(np.int64)
    kind = np.array([*kinds, GENUINE])[place]

    def between(low: float, high: float, what: str) -> npt.NDArray[np.float64]:
        return low + key.uniform("length", entity, what) * (high - low)

    lines = np.floor(between(*rule.lines, "lines"))
    lines = np.where(kind == "passage-cut", np.floor(lines * (1 - between(*rule.cut, "cut"))), lines)
    lines = np.where(kind == "text-replaced", np.floor(between(*rule.lines, "lines again")), lines)
    lines = np.where(kind == INNOCENT, lines + np.floor(between(-1, 2, "slip")), lines)
    signed = np.floor(between(rule.signatures[0], rule.signatures[1] + 1, "signatures"))
    signed -= kind == "signature-removed"
    rows = np.flatnonzero(shown >= 0)
    rows = rows[np.lexsort((copy[rows], shown[rows]))]
    columns = {"document": (shown, "whole"), "copy": (copy, "whole"), "length": (lines, "whole"), "signatures": (signed, "whole")}
    return table(columns, rows), rows  # type: ignore[arg-type]
