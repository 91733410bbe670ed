"""What statements on who decided are worth, and what they change.

A statement speaks for the one it names by how near its witness says he was, whether it goes along or against the tendency of its
source, and how many years lie between; two that name the same one from opposite camps count for more. How much is a conditional
logit over the hypotheses of a group, with the chance that the papers give as one of its features; its weights are likelihood
ratios learnt on archives of other seeds (`benchmarks/learn_testimony.py`). After the rule of the source critic that what goes
against the tendency of a source is the most reliable part of it, and what goes along with it the least.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from drivebelt.archive.testifying import CORE
from drivebelt.reconstruct import logit
from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.columns import columns, find, stretches
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.grouping.tree import Tree

if TYPE_CHECKING:
    from drivebelt.reconstruct.engine import Chances, Inference

WEIGHTS = Path(__file__).parent / "data" / "testimony.json"
CLAIMS = ("present", "told", "had-the-paper")
CAMPS = ("loyal", "hostile")
LATE = 10.0
"""Years that make a statement late."""
_TOGETHER = ("names another of the Centre", "confirmed from the opposite side", "said again by the same side")
_NO_CHANCE = 1e-6
_WANTED = {
    "statement": "bigint", "document": "bigint", "person": "bigint", "organ": "bigint", "year": "bigint", "says_organ": "bigint",
    "kind": "varchar", "camp": "varchar", "claims": "varchar", "tendency": "varchar", "says": "varchar",
}  # fmt: skip
_CORE_WORD = "the informal core"


@dataclass
class Statements:
    """By statement, in order of its number: `paper` and `organ` rows (-1: not there), `says` an organ row, CORE, or -1 for one
    the archive does not know; whether it goes `against` the tendency of its source; `years` after; places in CLAIMS and CAMPS."""

    number: Ints
    paper: Ints
    person: Ints
    organ: Ints
    says: Ints
    against: npt.NDArray[np.bool_]
    years: Ints
    claims: Ints
    camp: Ints
    words: dict[str, npt.NDArray[Any]]

    @property
    def many(self) -> int:
        """How many."""
        return self.number.size


@cache
def weights() -> dict[str, float]:
    """The learnt weights, by feature."""
    return dict(json.loads(WEIGHTS.read_text())["weights"])


def read(a: Archive, t: Tree) -> Statements:
    """The statements of an archive; none where it has no such table. Raises BadRun where it is damaged."""
    c = columns(a.path, "statements", _WANTED)
    order = np.argsort(c["statement"], kind="stable")
    c = {name: column[order] for name, column in c.items()}
    paper, organ = find(a.paper_id, c["document"]), find(a.organ_id, c["organ"])
    named = find(a.organ_id, np.where(c["says_organ"] >= 0, c["says_organ"], NONE - 1))
    core = (c["says_organ"] < 0) & (c["says"].astype(str) == _CORE_WORD)
    says = np.where(core, CORE, named)
    central = (says >= 0) & (t.office[np.maximum(says, 0)] == t.root) if a.organs else np.zeros(says.size, bool)
    leans = c["tendency"].astype(str)
    along = ((leans == "core") & core) | ((leans == "formal") & central) | ((leans == "own") & (says == organ) & (says >= 0))
    made = np.where(paper >= 0, a.date[np.maximum(paper, 0)], 0) if a.papers else np.zeros(says.size, np.int64)
    year = made.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    years = np.where((paper >= 0) & (c["year"] >= 0), np.maximum(c["year"] - year, 0), 0)
    return Statements(
        c["statement"], paper, c["person"], organ, says, ~along, years, _place(c["claims"], CLAIMS), _place(c["camp"], CAMPS),
        {name: c[name] for name in ("kind", "camp", "claims", "tendency", "says", "year")},
    )  # fmt: skip


def _place(words: npt.NDArray[Any], known: tuple[str, ...]) -> Ints:
    """Places of words among the known, the last one for any other."""
    text = words.astype(str)
    return np.select([text == word for word in known], list(range(len(known))), len(known) - 1).astype(np.int64)


def single(s: Statements) -> tuple[Floats, list[str]]:
    """(statements, features): what each says for the one it names."""
    way = np.where(s.against, 1, 0)
    out = [((s.claims == k) & (way == w)).astype(np.float64) for k in range(len(CLAIMS)) for w in (0, 1)]
    names = [f"{claim}, {word}" for claim in CLAIMS for word in ("along", "against")]
    late = np.minimum(s.years / LATE, 6.0)
    return np.column_stack([*out, late, s.says == CORE]), [*names, "decades later", "names the core"]


def features(
    a: Archive, t: Tree, g: Groups, s: Statements, first: Ints, who: Ints, chance: Floats
) -> tuple[Floats, Ints, list[str]]:
    """Features of the hypotheses of all groups of which a witness speaks; which rows of the hypotheses they are; names.

    `first[g]` is where the hypotheses `who` of group g begin, `chance` what the papers give each.
    """
    at = np.where(s.paper >= 0, g.of[np.maximum(s.paper, 0)], NONE) if a.papers else s.paper
    heard = np.flatnonzero((at >= 0) & (s.says != NONE))
    groups = np.unique(at[heard])
    size = np.diff(first)[groups]
    rows = stretches(first[groups], size)
    row_of = np.full(who.size + 1, NONE, np.int64)
    row_of[rows] = np.arange(rows.size)
    # Every hypothesis of a statement's group stands against what the statement says.
    many = np.diff(first)[at[heard]]
    which = np.repeat(heard, many)
    row = stretches(first[at[heard]], many)
    same = who[row] == s.says[which]
    office = np.append(t.office, t.root)
    central = (who[row] == CORE) | (office[np.maximum(who[row], 0)] == t.root)
    said_central = (s.says[which] == CORE) | (office[np.maximum(s.says[which], 0)] == t.root)
    each, names = single(s)
    x = np.zeros((rows.size, len(names) + 4))
    x[:, 0] = np.log(np.maximum(chance[rows], _NO_CHANCE))
    place = row_of[row]
    for k in range(len(names)):
        np.add.at(x[:, 1 + k], place[same], each[which[same], k])
    near = central & said_central & ~same
    np.add.at(x[:, len(names) + 1], place[near], 1.0)
    camps = np.zeros((rows.size, len(CAMPS)))
    np.add.at(camps, (place[same], s.camp[which[same]]), 1.0)
    x[:, len(names) + 2] = (camps > 0).all(1)
    x[:, len(names) + 3] = np.maximum(camps - 1, 0).sum(1)
    return x, rows, ["what the papers say", *names, *_TOGETHER]


def weigh(a: Archive, t: Tree, g: Groups, c: Chances) -> Chances:
    """Chances with what the witnesses say; those given where there are none."""
    from drivebelt.reconstruct.engine import _ordered

    s = read(a, t)
    if not s.many or not g.number:
        return c
    x, rows, names = features(a, t, g, s, c.first, c.who, c.chance)
    of = np.repeat(np.arange(g.number), np.diff(c.first))
    begin = np.flatnonzero(np.r_[True, of[rows][1:] != of[rows][:-1]][: rows.size])
    chance = c.chance.copy()
    whole = np.bincount(of, c.chance, g.number)
    chance[rows] = logit.chances(x, np.append(begin, rows.size), np.array([weights().get(n, 0.0) for n in names])) * whole[of[rows]]
    central = (c.who == CORE) | ((c.who >= 0) & (np.append(t.office, t.root)[np.maximum(c.who, 0)] == t.root))
    before, after = (np.bincount(of, v * central, g.number) for v in (c.chance, chance))
    as_one = np.clip(c.as_one + after - before, 0.0, 1.0)
    out: Chances = _ordered(g.number, of, c.who, chance, as_one)
    return out


def times(s: Statements) -> Floats:
    """(statements,) how many times likelier each makes the one it names, taken alone."""
    x, names = single(s)
    out: Floats = np.exp(x @ np.array([weights()[name] for name in names]))
    return out


def table(found: Inference) -> pa.Table:
    """`statements`: a row for each statement of the archive, with its weight and how it came about."""
    a, g, c = found.archive, found.groups, found.chances
    s = read(a, found.tree)
    cascade = np.where(s.paper >= 0, g.of[np.maximum(s.paper, 0)], NONE) if a.papers else s.paper
    span = np.int64(a.organs + 4)
    of = np.repeat(np.arange(g.number), np.diff(c.first))
    # a body can be a hypothesis twice, on the way up and for itself
    key, row = np.unique(of * span + c.who + 3, return_inverse=True)
    total = np.bincount(row, c.chance, key.size)
    at = find(key, np.where((cascade >= 0) & (s.says != NONE), cascade * span + s.says + 3, -1))
    chance = np.where(at >= 0, total[np.maximum(at, 0)] if key.size else 0.0, 0.0)
    weighed = found.learnt and not found.silent
    unheard = (cascade < 0) | (s.says == NONE) | (not weighed)
    weight = times(s)
    number, _, which = np.unique(cascade * span + s.says + 3, return_index=True, return_inverse=True)
    both = np.zeros((number.size, len(CAMPS)), bool)
    both[which, s.camp] = True
    words = {name: pa.array(column.astype(str).tolist(), pa.string()) for name, column in s.words.items() if name != "year"}
    document = np.where(s.paper >= 0, a.paper_id[np.maximum(s.paper, 0)], NONE) if a.papers else s.paper
    name = np.array([*a.organ_name, ""], object)[s.organ]
    return pa.table(
        {
            "statement": pa.array(s.number), "document": pa.array(document, pa.int64(), mask=document < 0),
            "cascade": pa.array(cascade, pa.int64(), mask=cascade < 0), "person": pa.array(s.person, pa.int64(), mask=s.person < 0),
            "office": pa.array(name.tolist(), pa.string(), mask=s.organ < 0), **words, "year": pa.array(s.words["year"]),
            "against": pa.array(s.against), "confirmed": pa.array((both.sum(1) == len(CAMPS))[which] & ~unheard),
            "times": pa.array(weight, pa.float64(), mask=unheard), "chance": pa.array(chance, pa.float64(), mask=unheard),
        }
    )  # fmt: skip


def lines(statements: pa.Table) -> list[str]:
    """Plain findings, a line each."""
    if not statements.num_rows:
        return []
    against = int(np.count_nonzero(statements["against"].to_numpy()))
    chance = statements["chance"].drop_null().to_numpy()
    return [
        f"Testimony: {statements.num_rows:,} statements, {against:,} of them against the tendency of their source; "
        f"{int((chance >= 0.5).sum()):,} of {chance.size:,} that could be weighed are more likely right than wrong."
    ]
