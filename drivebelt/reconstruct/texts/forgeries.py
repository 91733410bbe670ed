"""Which texts were cut, altered, replaced or made up later: chances from the signs, and which text of a paper is the original.

The chance of each kind is a multinomial logit over the signs (`forgery_signs.py`); weights were learnt on archives of other
seeds (`benchmarks/learn_forgeries.py`). How common each kind is comes from the archive itself, from the papers that speak for
themselves: where nothing was altered, nothing is suspected. Which of several texts is the original is a conditional logit over
them, after the rules of textual criticism: independent holders, the longer text, the text with more signatures, the one nearest
to the papers it is bound to.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from drivebelt.reconstruct import logit
from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.texts.forgery_signs import LEVELS, Signs, Texts, bits, commonest, signs

KINDS = ("genuine", "passage-cut", "signature-removed", "text-replaced", "made-up")
SURE = 0.8
"""Chance from which a paper is called altered."""
WEIGHTS = Path(__file__).parent.parent / "data" / "forgeries.json"
LOUD = 0.5
"""Chance under the learnt shares from which a paper speaks for itself."""
LEAN = 2.0
"""Papers that speak for themselves as if seen beforehand, at the learnt rate (assumption, range 0.5-10)."""
_NOTABLE: dict[str, tuple[int, ...]] = {
    "apart": (2, 3, 4, 5, 6), "length": (2, 3, 4), "signatures": (2,), "kin": (4, 5, 6), "order": (4, 5), "number": (2,),
    "sequence": (2, 3, 4), "reference": (2,), "entry": (2, 3), "receipt": (2, 3),
}  # fmt: skip
"""Levels that speak for something, and are named."""
TABLES = ("forgeries", "variants")


@dataclass
class Forgeries:
    """`chance[paper, kind]` in the order of KINDS, `share[kind]` as this archive has it; by variant of papers with more than one
    (`papers` rows, `first` where each begins): the chance to be the `original`. `what` are the signs behind it."""

    chance: Floats
    share: Floats
    papers: Ints
    first: Ints
    original: Floats
    what: Signs

    @property
    def altered(self) -> Floats:
        """(papers,) chance that a text of the paper is not what it was, or that the paper was made up."""
        return 1 - self.chance[:, 0]


@cache
def weights() -> dict[str, Any]:
    """The learnt weights: by kind and level of a sign, shares of the kinds, and those of the original."""
    return dict(json.loads(WEIGHTS.read_text()))


def names() -> list[str]:
    """The columns of `indicators`: a bias, and every level of every sign."""
    return ["bias", *(f"{sign}: {level}" for sign, levels in LEVELS.items() for level in levels)]


def indicators(level: npt.NDArray[np.int8]) -> Floats:
    """(rows, columns as in `names`): one where the sign has the level."""
    out = [np.ones((level.shape[0], 1))]
    for i, levels in enumerate(LEVELS.values()):
        out.append((level[:, i][:, None] == np.arange(len(levels))).astype(np.float64))
    return np.concatenate(out, 1)


def distinct(level: npt.NDArray[np.int8]) -> tuple[npt.NDArray[np.int8], Ints, Ints]:
    """Distinct rows of signs, which of them each paper has, and how many papers have each: a few thousand stand for millions."""
    code = np.zeros(level.shape[0], np.int64)
    for i, levels in enumerate(LEVELS.values()):
        code = code * len(levels) + level[:, i]
    _, row, of, many = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    return level[row], of, many


def multinomial(x: Floats, weight: Floats) -> Floats:
    """(rows, kinds) chances for `x` (rows, columns) and `weight` (kinds, columns)."""
    score = x @ weight.T
    e = np.exp(score - score.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def classes(level: npt.NDArray[np.int8]) -> Ints:
    """What can be seen of a paper at all: how many texts, and whether there is a book to look it up in; 0 to CLASSES - 1."""
    at = list(LEVELS).index
    book = (level[:, at("entry")] > 0) | (level[:, at("receipt")] > 0)
    return level[:, at("texts")].astype(np.int64) * 2 + book


CLASSES = 2 * len(LEVELS["texts"])


def loud(chance: Floats) -> npt.NDArray[np.bool_]:
    """(rows, kinds) which kind speaks for itself under the learnt shares."""
    out: npt.NDArray[np.bool_] = chance >= LOUD
    return out


def reweighed(chance: Floats, level: npt.NDArray[np.int8], many: Ints, rate: Floats, learnt: Floats) -> tuple[Floats, Floats]:
    """Chances with the shares that this archive has, and these shares.

    How many papers speak for themselves, against how many would in an archive like those learnt from (`rate[kind, class]`), with
    as much as can be seen of them, says how much commoner each kind is here; few papers lean on what was learnt. What leaves no
    trace is taken to be as much commoner as what does.
    """
    seen = many @ loud(chance)
    expected = rate @ np.bincount(classes(level), many, CLASSES)
    factor = (seen + LEAN) / (expected + LEAN)
    factor[0] = 1.0
    out = chance * factor
    out = out / out.sum(1, keepdims=True)
    share = learnt * factor
    return out, share / share.sum()


def judge(a: Archive, acts: npt.NDArray[np.bool_], g: Groups) -> Forgeries:
    """Chances of an archive whose papers were grouped; `acts` marks those that carry an order."""
    known = weights()
    what = signs(a, acts, g)
    level, of, many = distinct(what.level)
    weight = np.array([[known["kinds"][kind].get(name, 0.0) for name in names()] for kind in KINDS])
    learnt = np.array([known["shares"][kind] for kind in KINDS])
    rate = np.array([known["loud"][kind] for kind in KINDS])
    chance, share = reweighed(multinomial(indicators(level), weight), level, many, rate, learnt)
    x, papers, first, features = variants(a, what)
    original = logit.chances(x, first, np.array([known["original"][name] for name in features]))
    return Forgeries(chance[of], share, papers, first, original, what)


def variants(a: Archive, what: Signs) -> tuple[Floats, Ints, Ints, list[str]]:
    """Features of every text of papers that have more than one; the papers, where each begins, and the columns' names."""
    t = what.texts
    head, rows = t.head, _several(t)
    of, paper = t.variant, t.paper[head]
    papers, first = np.unique(paper[rows], return_index=True)
    first = np.append(first, rows.size)
    place = np.full(head.size, NONE)
    place[rows] = np.arange(rows.size)
    text = np.flatnonzero(place[of] >= 0)
    at = place[of[text]]
    hands = np.unique(np.stack([at, t.holder[text]], 1), axis=0)[:, 0]
    hands, texts = np.bincount(hands, minlength=rows.size), np.bincount(at, minlength=rows.size)
    own = np.bincount(at, t.copy[text] < 0, rows.size) > 0
    words, length, signed = t.wording[head][rows], t.length[head][rows], t.signatures[head][rows]
    kin = nearest_kin(a, what, commonest(t))[paper[rows]]
    far = np.where(kin != 0, bits(words, kin), 0)

    def top(values: Ints) -> Floats:
        if not rows.size:
            return np.zeros(0)
        best = np.repeat(np.maximum.reduceat(values, first[:-1]), np.diff(first))
        least = np.repeat(np.minimum.reduceat(values, first[:-1]), np.diff(first))
        return ((values == best) & (best > least)).astype(np.float64)

    columns = {
        "log holders": np.log(np.maximum(hands, 1)), "log texts": np.log(np.maximum(texts, 1)), "issuer's own": own,
        "longest": top(length), "most signatures": top(signed), "nearest to kin": top(-far), "bits from kin": far / 10,
    }  # fmt: skip
    return np.column_stack([np.asarray(c, np.float64) for c in columns.values()]), papers, first, list(columns)


def _several(t: Texts) -> Ints:
    """The variants of papers that have more than one."""
    paper = t.paper[t.head]
    return np.flatnonzero(np.bincount(paper, minlength=1)[paper] > 1)


def nearest_kin(a: Archive, what: Signs, mine: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """(papers,) the wording of the nearest paper that each is bound to, 0 where there is none."""
    one, other = (np.concatenate(pair) for pair in (what.kin, what.kin[::-1]))
    read = (a.wording[other] != 0) & (mine[one] != 0)
    one, other = one[read], other[read]
    order = np.lexsort((other, bits(mine[one], a.wording[other]), one))
    of, at = np.unique(one[order], return_index=True)
    out = np.zeros(a.papers, np.uint64)
    out[of] = a.wording[other[order][at]]
    return out


def tables(a: Archive, f: Forgeries, weighed: bool) -> dict[str, pa.Table]:
    """`forgeries`, a row for each document of the archive, and `variants`, a row for each text of those that have several.
    Where chances mean nothing, in an archive of another mechanism, nothing is `weighed`: only the signs are named."""
    level, of, _ = distinct(f.what.level)
    words = pa.array(["; ".join(_words(row)) for row in level], pa.string())
    likeliest = np.argmax(f.chance[:, 1:], 1)
    altered, t = f.altered, f.what.texts
    none = np.full(a.papers, not weighed)
    columns = {kind.replace("-", "_"): pa.array(f.chance[:, i], pa.float32(), mask=none) for i, kind in enumerate(KINDS) if i}
    found = pa.table(
        {
            "document": pa.array(a.paper_id), "chance": pa.array(altered, pa.float32(), mask=none),
            "kind": pa.array(KINDS[1:]).take(pa.array(likeliest, mask=none)), **columns,
            "told": pa.array((altered >= SURE) & weighed), "texts": pa.array(np.diff(t.first)),
            "signs": words.take(pa.array(of)),
        }
    )  # fmt: skip
    return {"forgeries": found, "variants": _variants(a, f, weighed)}


def _words(row: npt.NDArray[np.int8]) -> list[str]:
    """The levels of a row of signs that speak for something."""
    prefix = {"apart": "texts of it ", "kin": "from its kin ", "order": "from its order ", "length": ""}
    suffix = {"apart": " apart", "length": " in length"}
    return [
        prefix.get(sign, "") + levels[row[i]] + suffix.get(sign, "")
        for i, (sign, levels) in enumerate(LEVELS.items())
        if row[i] in _NOTABLE.get(sign, ())
    ]


def _variants(a: Archive, f: Forgeries, weighed: bool) -> pa.Table:
    t = f.what.texts
    head, rows = t.head, _several(t)
    order = np.argsort(t.variant, kind="stable")
    begin = np.searchsorted(t.variant[order], np.arange(head.size + 1))
    paper = t.paper[head][rows]
    copies = [[int(c) for c in t.copy[order[begin[i] : begin[i + 1]]].tolist()] for i in rows.tolist()]
    textual = f.chance[:, 1:4].sum(1)[paper]
    return pa.table(
        {
            "document": pa.array(a.paper_id[paper]), "copies": pa.array(copies, pa.list_(pa.int64())),
            "length": pa.array(t.length[head][rows], pa.int64(), mask=t.length[head][rows] < 0),
            "signatures": pa.array(t.signatures[head][rows], pa.int64(), mask=t.signatures[head][rows] < 0),
            "bits": pa.array(bits(t.wording[head][rows], commonest(t)[paper])), "original": pa.array(f.original, pa.float32()),
            "altered": pa.array(textual * (1 - f.original), pa.float32(), mask=np.full(paper.size, not weighed)),
        }
    )  # fmt: skip


def info(f: Forgeries) -> dict[str, Any]:
    """What reconstruction.json says: shares of the kinds as estimated, how many are told, how many expected without a sign."""
    altered = f.altered
    return {
        "shares": {kind: round(float(s), 5) for kind, s in zip(KINDS[1:], f.share[1:], strict=True)},
        "told": int(np.count_nonzero(altered >= SURE)), "expected": round(float(altered.sum()), 1),
        "expected_beyond_those_told": round(float(altered[altered < SURE].sum()), 1),
    }  # fmt: skip


def lines(i: dict[str, Any] | None) -> list[str]:
    """Plain findings, a line each."""
    if i is None:
        return []
    return [
        f"Texts: {i['told']:,} papers were cut, altered or made up later, at {SURE:.0%} and more; some "
        f"{i['expected_beyond_those_told']:,.0f} more are to be expected among the rest, most of them without a trace."
    ]
