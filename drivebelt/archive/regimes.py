"""What became of the paper, as data: the schema and the reader of `regimes.yaml`, where every regime and reader stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from drivebelt import records as r
from drivebelt.errors import BadInput
from drivebelt.safe_yaml import read_yaml

_FILE = "regimes.yaml"

Share = Annotated[float, Field(ge=0.0, le=1.0)]
UNITS = ("copy", "office", "year", "subject", "leader")
"""What is hit or spared together: see the head of the data file."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Assumed(_Strict):
    """A share that the book does not give."""

    value: Share
    range: tuple[Share, Share]
    why: str

    @model_validator(mode="after")
    def _within(self) -> Assumed:
        if not self.range[0] <= self.value <= self.range[1]:
            raise ValueError(f"value {self.value} lies outside its range {list(self.range)}")
        return self


def number(share: float | Assumed) -> float:
    """A share as a number, given or assumed."""
    return share.value if isinstance(share, Assumed) else share


class Bodies(_Strict):
    """Bodies by level, branch and key; each list that is not empty must hold."""

    levels: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


class Where(_Strict):
    """The papers that a loss can reach; what is left out does not narrow it."""

    grades: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    holder: Bodies = Bodies()
    issuer: Bodies = Bodies()
    lent: bool = False
    """Copies that are lent and must come back."""
    before: date | None = None
    younger_than: int | None = None
    """Years between the paper and the day of access."""

    @model_validator(mode="after")
    def _known(self) -> Where:
        for names, known in (
            (self.grades, r.GRADES), (self.kinds, r.DOCUMENT_KINDS), (self.domains, r.DOMAINS), (self.holder.levels, r.LEVELS),
            (self.issuer.levels, r.LEVELS), (self.holder.branches, r.BRANCHES), (self.issuer.branches, r.BRANCHES),
            (self.holder.keys, r.CENTRAL_ORGANS), (self.issuer.keys, r.CENTRAL_ORGANS),
        ):  # fmt: skip
            strange = [name for name in names if name not in known]
            if strange:
                raise ValueError(f"no such name: {', '.join(strange)}")
        return self


class _Cited(_Strict):
    about: str
    evidence: Annotated[tuple[str, ...], Field(min_length=1)]


class Loss(_Cited):
    """One loss: of the units that it can reach it hits `share`, and of the papers of a unit that is hit `rate` are lost."""

    where: Where = Where()
    unit: Literal["copy", "office", "year", "subject", "leader"] = "copy"
    share: Share | Assumed
    rate: Share | Assumed
    registers: bool = False


class Alteration(_Cited):
    """Texts altered in some of their copies: of the papers reached `share`, of their copies `copies`, by so many of 64 bits."""

    kind: Literal["passage-cut", "signature-removed", "text-replaced", "retyped"]
    """`retyped` is innocent: slips of a typist."""
    where: Where = Where()
    share: Share | Assumed
    copies: Share | Assumed
    bits: tuple[int, int]


class MadeUp(_Cited):
    """Papers that never were: see the head of the data file."""

    where: Where = Where()
    share: Share | Assumed
    copies: Share | Assumed
    bits: tuple[int, int]
    back: tuple[int, int]
    doubled: Share | Assumed
    free: Share | Assumed
    forward: Share | Assumed
    entered: Share | Assumed

    @model_validator(mode="after")
    def _whole(self) -> MadeUp:
        if number(self.doubled) + number(self.free) > 1:
            raise ValueError("doubled and free: more than 1 in all")
        return self


class Texts(_Cited):
    """What is noted of a text: lines and signatures between two bounds, and the share of its lines that a cut takes."""

    lines: tuple[int, int]
    signatures: tuple[int, int]
    cut: tuple[float, float]
    why: str


class _Regime(_Strict):
    about: str
    extends: str | None = None
    access: date | None
    losses: dict[str, Loss] = {}
    alterations: dict[str, Alteration] = {}
    made_up: dict[str, MadeUp] = {}


class _Citing(_Cited):
    share: Share | Assumed
    always: tuple[str, ...]


class _Pseudonyms(_Cited):
    names: dict[str, str]
    hidden: tuple[str, ...]


class _Census(_Cited):
    since: date
    posts: dict[str, str]


class _Covers(_Strict):
    pseudonyms: _Pseudonyms
    census: _Census


class Book(_Strict):
    """One kind of register of an office: its grade, and the kinds of acts entered in it."""

    grade: str
    kinds: tuple[str, ...]
    in_name: tuple[str, ...] = ()
    """Kinds entered in a body's name, without the person who acts."""


class _Journals(_Cited):
    books: dict[str, Book]
    hidden_amounts: tuple[str, ...]

    @model_validator(mode="after")
    def _known(self) -> _Journals:
        kinds = [kind for book in self.books.values() for kind in (*book.kinds, *book.in_name)]
        strange = [kind for kind in (*kinds, *self.hidden_amounts) if kind not in r.ACT]
        if strange or len(set(kinds)) < len(kinds):
            raise ValueError(f"kinds of acts: unknown or in two books: {', '.join(strange or kinds)}")
        return self


class Rules(_Strict):
    """The whole data file."""

    regimes: dict[str, _Regime]
    readers: dict[str, _Regime]
    texts: Texts
    citing: _Citing
    covers: _Covers
    journals: _Journals


@dataclass(frozen=True)
class Fate:
    """A regime and a reader resolved: the losses in order, the alterations, and the day of access (None: the end of the run)."""

    regime: str
    reader: str | None
    losses: tuple[tuple[str, Loss], ...]
    alterations: tuple[tuple[str, Alteration], ...]
    access: date | None
    made_up: tuple[tuple[str, MadeUp], ...] = ()

    @property
    def alters(self) -> bool:
        """Whether texts were altered or made up at all."""
        return bool(self.alterations or self.made_up)


def parse(text: str | bytes, where: str) -> Rules:
    """The rules in `text`; BadInput names `where`, the place and what is wrong."""
    try:
        return Rules.model_validate(read_yaml(text, where))
    except ValidationError as why:
        # a share may be a number or an assumption: what is wrong with the one that was meant says more
        told = [e for e in why.errors() if e["type"] not in ("float_type", "model_type")]
        first = (told or why.errors())[0]
        raise BadInput(f"{where}: {'.'.join(str(p) for p in first['loc'])}: {first['msg']}") from why


@cache
def rules() -> Rules:
    """The rules as shipped."""
    return parse(files(__package__).joinpath(_FILE).read_bytes(), f"archive/{_FILE}")


def _chain(known: dict[str, _Regime], name: str) -> list[tuple[str, _Regime]]:
    """A regime and those it extends, the oldest first."""
    found: list[tuple[str, _Regime]] = []
    step: str | None = name
    while step is not None:
        found.insert(0, (step, known[step]))
        step = known[step].extends
    return found


def _one_of(option: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise BadInput(f"{option} {name!r}: no such name; one of {', '.join(known)}")


def fate(regime: str, reader: str | None = None) -> Fate:
    """What a regime, and a reader on top of it, do.

    Raises BadInput for a name that is not in the data, and for a reader who came before the last loss of the regime.
    """
    book = rules()
    _one_of("--regime", regime, list(book.regimes))
    chain = _chain(book.regimes, regime)
    access = book.regimes[regime].access
    if reader is not None:
        _one_of("--reader", reader, list(book.readers))
        came = book.readers[reader].access
        if access and came and came < access:
            raise BadInput(f"--reader {reader}: read in {came.year}, before the losses of {regime}; take an earlier regime")
        chain.append((reader, book.readers[reader]))
        access = came
    losses = tuple((f"{name}/{k}", loss) for name, one in chain for k, loss in one.losses.items())
    alterations = tuple((f"{name}/{k}", change) for name, one in chain for k, change in one.alterations.items())
    made_up = tuple((f"{name}/{k}", made) for name, one in chain for k, made in one.made_up.items())
    return Fate(regime, reader, losses, alterations, access, made_up)
