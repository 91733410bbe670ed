"""Testimony: what officials said of who decided, from what each could know, his interest, and his memory.

An optional table of an archive. A statement is about a paper that survives; it says whom the witness named, when and in what kind
of source he spoke, how near he says he was, and which way the source leans. Whether it is true is not in the table.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from drivebelt import records as r
from drivebelt.archive.keys import Key
from drivebelt.archive.paper import EPOCH, Ints, Source
from drivebelt.archive.regimes import Assumed, number
from drivebelt.archive.writing import table
from drivebelt.errors import BadInput
from drivebelt.safe_yaml import read_yaml

if TYPE_CHECKING:
    from drivebelt.archive.left import Left
    from drivebelt.results import Run

_FILE = "testimony.yaml"
CAMPS: tuple[Literal["loyal", "hostile"], ...] = ("loyal", "hostile")
TENDENCIES = ("core", "formal", "own")
CORE = -2
"""Whom a statement names: the informal core, which is on no list of bodies."""
_SPAN = np.int64(1) << 32
_MISTAKEN = tuple(r.CENTRAL_ORGANS.index(key) for key in ("central-committee", "politburo", "orgburo", "secretariat", "sovnarkom"))
"""Bodies that memory puts in place of the right one."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Layer(_Strict):
    """How near: acts of such a man, share of such men who speak, chance that he knows."""

    acts: tuple[str, ...]
    speaks: Assumed
    knows: Assumed


class Kind(_Strict):
    """A kind of source: its share, the years after, which way it leans by camp, and how often it bends."""

    share: Assumed
    years: tuple[int, int]
    tendency: dict[Literal["loyal", "hostile"], Literal["core", "formal", "own"]]
    bends: Assumed


class Years(_Strict):
    """A number of years that the book does not give."""

    value: Annotated[float, Field(gt=0)]
    range: tuple[float, float]
    why: str


class Testimony(_Strict):
    """The whole data file."""

    about: str
    evidence: Annotated[tuple[str, ...], Field(min_length=1)]
    layers: dict[str, Layer]
    boasts: Assumed
    hostile: Assumed
    kinds: dict[str, Kind]
    half_life: Years


def parse(text: str | bytes, where: str) -> Testimony:
    """The rules in `text`; BadInput names `where`, the place and what is wrong."""
    try:
        found = Testimony.model_validate(read_yaml(text, where))
    except ValidationError as why:
        first = why.errors()[0]
        raise BadInput(f"{where}: {'.'.join(str(p) for p in first['loc'])}: {first['msg']}") from why
    strange = [act for layer in found.layers.values() for act in layer.acts if act not in r.ACT]
    if strange:
        raise BadInput(f"{where}: layers: no such act: {', '.join(strange)}; see the kinds of acts in docs/tables.md")
    return found


@cache
def testimony() -> Testimony:
    """The rules as shipped."""
    return parse(files(__package__).joinpath(_FILE).read_bytes(), f"archive/{_FILE}")


def statements(run: Run, what: Left, chance: Key, access: date | None) -> pa.Table:
    """The statements of an archive: statement, document, person, organ (his), kind, year, camp, claims, tendency, says_organ
    (null for the informal core) and says. None was made after the day of `access`."""
    rule, key = testimony(), chance
    source = Source(run)
    w = _witnesses(source, what, rule)
    originator = source.arrays("select coalesce(originator, -1) as originator from documents order by document")["originator"]
    entity = w["matter"].astype(np.int64) * _SPAN + w["person"]

    def draw(name: str) -> npt.NDArray[np.float64]:
        return key.uniform("witness", entity, name)

    speaks = np.array([number(layer.speaks) for layer in rule.layers.values()])[w["layer"]]
    kept = np.flatnonzero((draw("speaks") < speaks) & (w["document"] >= 0))
    w, entity = {name: column[kept] for name, column in w.items()}, entity[kept]
    share = np.cumsum([number(k.share) for k in rule.kinds.values()])
    kind = np.minimum(np.searchsorted(share, draw("kind") * share[-1], "right"), share.size - 1)
    # A man's camp is his own, whatever he speaks of.
    camp = (key.uniform("witness", w["person"].astype(np.int64), "camp") < number(rule.hostile)).astype(np.int64)
    bent = [[TENDENCIES.index(k.tendency[c]) for c in CAMPS] for k in rule.kinds.values()]
    leans = np.array(bent)[kind, camp]
    least, most = (np.array([k.years[end] for k in rule.kinds.values()])[kind] for end in (0, 1))
    years = least + np.floor(draw("years") * (most - least + 1)).astype(np.int64)
    said = _said(what, originator.astype(np.int64), w, kind, leans, years, rule, draw)
    claims = np.maximum(w["layer"] - (draw("boasts") < number(rule.boasts)), 0)
    day = what.paper.documents["date"][w["document"]]
    year = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + EPOCH.year + years
    place = what.key.order("statements", entity)
    named = run.organs["name"].to_pylist()
    secret = what.paper.organs["branch"][w["organ"]] == r.INFORMAL
    columns = {
        "statement": (place, "whole"), "document": (what.number[w["document"]], "whole"), "person": (w["person"], "whole"),
        "organ": (np.where(secret, r.NONE, w["organ"]), "whole"), "kind": (kind, tuple(rule.kinds)),
        "year": (year, "whole"), "camp": (camp, CAMPS),
        "claims": (claims, tuple(rule.layers)), "tendency": (leans, TENDENCIES),
        "says_organ": (np.where(said >= 0, said, r.NONE), "whole"),
    }  # fmt: skip
    known = year <= (access.year if access else year.max(initial=0))
    order = np.argsort(place, kind="stable")
    order = order[known[order]]
    out = table(columns, order)  # type: ignore[arg-type]
    words = ["the informal core" if s == CORE else named[s] for s in said[order].tolist()]
    return out.append_column("says", pa.array(words, pa.string()))


def _witnesses(source: Source, what: Left, rule: Testimony) -> dict[str, npt.NDArray[Any]]:
    """Persons and matters: how near each was at his nearest, in which body, and the paper of the matter that is left: the one in
    his hands, else the oldest."""
    acts = [(place, act) for place, layer in enumerate(rule.layers.values()) for act in layer.acts]
    listed = ", ".join(f"({place}, '{act}')" for place, act in acts)
    found = source.arrays(
        f"with near(layer, kind) as (values {listed}), met as ("
        "select n.layer, a.matter, a.actor_person as person, a.actor_organ as organ, a.document, a.act "
        "from acts a join near n using (kind) "
        "where a.actor_person is not null and a.actor_organ is not null and a.matter is not null "
        "union all select 1, a.matter, a.target_person, a.target_organ, a.document, a.act from acts a "
        "where a.kind in ('tell', 'leak') and a.target_person is not null and a.target_organ is not null and a.matter is not null) "
        f"select matter, person, min(layer) as layer, arg_min(organ, layer * 4294967296 + act) as organ, "
        "coalesce(arg_min(document, act), -1) as document "
        "from met group by matter, person order by matter, person"
    )
    d, there = what.paper.documents, np.flatnonzero(what.number[: what.real] >= 0)
    matters = int(max(d["matter"].max(initial=-1), found["matter"].max(initial=-1))) + 1
    eldest = np.full(matters, r.NONE, np.int64)
    late = there[np.argsort(-d["date"][there].astype(np.int64), kind="stable")]
    eldest[d["matter"][late]] = late  # the last one written is the oldest
    his = found["document"].astype(np.int64)
    left = np.where(his >= 0, what.number[np.maximum(his, 0)] >= 0, False)
    return {**found, "document": np.where(left, his, eldest[found["matter"]])}


def _said(
    what: Left, originator: Ints, w: dict[str, npt.NDArray[Any]], kind: Ints, leans: Ints, years: Ints, rule: Testimony, draw: Any
) -> Ints:
    """Whom each statement names: organ number, or CORE."""
    p = what.paper
    d, of = p.documents, w["document"]
    informal = np.append(p.organs["branch"] == r.INFORMAL, False)

    def shown(organ: Ints) -> Ints:
        return np.where(informal[organ], CORE, organ)

    truth = shown(originator[of])
    parent = d["parent_document"][of].astype(np.int64)
    paper = d["issuer"][np.where(parent >= 0, parent, of)].astype(np.int64)
    # The lawful body is the one that signed the oldest paper of the matter.
    order = np.argsort(-d["date"][: what.real].astype(np.int64), kind="stable")
    lawful = np.full(int(d["matter"].max(initial=-1)) + 1, r.NONE, np.int64)
    lawful[d["matter"][order]] = d["issuer"][order]
    knows = np.array([number(layer.knows) for layer in rule.layers.values()])[w["layer"]]
    belief = np.where(draw("knows") < knows, truth, shown(paper))
    kept = 0.5 ** (years / rule.half_life.value)
    mistaken = np.array(_MISTAKEN)[(draw("mistaken") * len(_MISTAKEN)).astype(np.int64)]
    belief = np.where(draw("memory") < kept, belief, mistaken)
    bends = np.array([number(k.bends) for k in rule.kinds.values()])[kind]
    wish = np.select(
        [leans == 0, leans == 1], [np.full(of.size, CORE), shown(lawful[d["matter"][of]])], shown(w["organ"].astype(np.int64))
    )
    return np.where(draw("bends") < bends, wish, belief).astype(np.int64)
