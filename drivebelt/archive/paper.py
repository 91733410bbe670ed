"""All paper of a run as arrays: documents, their copies, and the office in which each lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from drivebelt import records as r
from drivebelt.errors import BadRun
from drivebelt.results import Run, connect, interrupted

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
_CODES = {
    "grades": r.GRADES, "kinds": r.DOCUMENT_KINDS, "domains": r.DOMAINS, "levels": r.LEVELS, "branches": r.BRANCHES,
    "channels": r.CHANNELS, "fates": r.FATES, "acts_kinds": r.ACT_KINDS,
}  # fmt: skip


class Source:
    """Queries over the tables of a run, with names as codes."""

    def __init__(self, run: Run) -> None:
        """Raises BadRun where a table cannot be read."""
        self.run = run
        self.base = connect(run.path)
        for name, words in _CODES.items():
            self.base.execute(f"create type e_{name} as enum ({', '.join(repr(w) for w in words)})")

    def arrays(self, query: str) -> dict[str, npt.NDArray[Any]]:
        """The columns of a query as plain arrays; BadRun names the run where they cannot be had."""
        try:
            found = self.base.execute(query).fetchnumpy()
        except (duckdb.Error, RuntimeError) as why:
            if interrupted(why):
                raise KeyboardInterrupt from why
            raise BadRun(f"{self.run.path}: damaged: {' '.join(str(why).split())[:300]}; run anew") from why
        gaps = [name for name, column in found.items() if isinstance(column, np.ma.MaskedArray) and column.mask.any()]
        if gaps:
            raise BadRun(f"{self.run.path}: damaged: empty fields in {', '.join(gaps)}; run anew")
        return {name: np.asarray(column) for name, column in found.items()}


def code(column: str, words: str) -> str:
    """SQL: a column of names as codes, -1 where there is none."""
    return f"coalesce(enum_code({column}::e_{words})::tinyint, -1::tinyint) as {column.split('.')[-1]}"


def whole(column: str) -> str:
    """SQL: a column of integers with -1 for null."""
    return f"coalesce({column}, -1) as {column.split('.')[-1]}"


def day(column: str) -> str:
    """SQL: a column of dates as days since 1970; the lowest integer where there is none."""
    return f"coalesce({column} - date '1970-01-01', -2147483648)::integer as {column.split('.')[-1]}"


NEVER = np.iinfo(np.int32).min
"""No day."""


@dataclass(frozen=True)
class Paper:
    """Everything on paper in a run: documents (n,), copies (m,), bodies; codes are places in the vocabularies of `records`."""

    organs: dict[str, npt.NDArray[Any]]
    matters: dict[str, npt.NDArray[Any]]
    documents: dict[str, npt.NDArray[Any]]
    copies: dict[str, npt.NDArray[Any]]
    leaders: Ints
    """(n,): the person at the head of the issuing body on the day of the document, -1 where none is known."""

    @property
    def many(self) -> int:
        """Number of documents."""
        return int(self.documents["document"].size)


def read(source: Source) -> Paper:
    """All paper of a run. Raises BadRun where its tables do not belong together."""
    organs = source.arrays(f"select organ, {code('level', 'levels')}, {code('branch', 'branches')} from organs order by organ")
    matters = source.arrays(
        f"select matter, {code('domain', 'domains')}, dense_rank() over (order by domain, subject) - 1 as subject "
        "from matters order by matter"
    )
    documents = source.arrays(
        f"select document, series, number, {day('date')}, {code('kind', 'kinds')}, issuer, matter, {code('grade', 'grades')}, "
        f"{whole('parent_document')}, copies, wording from documents order by document"
    )
    copies = source.arrays(
        f"select document, copy, {whole('addressee_organ')}, {whole('addressee_person')}, {code('channel', 'channels')}, "
        f"{day('dispatched')}, {day('received')}, {whole('receipt')}, {day('read')}, {day('due')}, {day('returned')}, "
        f"{code('fate', 'fates')} from copies order by document, copy"
    )
    for table, key in ((organs, "organ"), (matters, "matter"), (documents, "document")):
        if not np.array_equal(table[key], np.arange(table[key].size)):
            raise BadRun(f"{source.run.path}: damaged: {key}s are not numbered without gaps from 0; run anew")
    n, bodies = documents["document"].size, organs["organ"].size
    for name, values, most in (
        ("copies.document", copies["document"], n), ("documents.issuer", documents["issuer"], bodies),
        ("documents.matter", documents["matter"], matters["matter"].size),
        ("copies.addressee_organ", copies["addressee_organ"], bodies),
    ):  # fmt: skip
        if values.size and not (int(values.min()) >= 0 and int(values.max()) < most):
            raise BadRun(f"{source.run.path}: damaged: {name} names what is not there; run anew")
    return Paper(organs, matters, documents, copies, _leaders(source, documents))


def _leaders(source: Source, documents: dict[str, npt.NDArray[Any]]) -> Ints:
    """Who held the first post of the issuing body on the day of each document."""
    held = source.arrays(
        'with t as (select p.organ, t.person, t."from" as since, t."to" as until from tenures t join posts p using (post) '
        "where p.post in (select min(post) from posts group by organ)) "
        f"select organ, person, {day('since')}, coalesce(until - date '1970-01-01', 2147483647)::integer as until "
        "from t order by organ, since, person"
    )
    if not held["organ"].size:
        return np.full(documents["document"].size, r.NONE, np.int64)
    span = 1 << 32
    begun = held["organ"].astype(np.int64) * span + held["since"].astype(np.int64) - NEVER
    asked = documents["issuer"].astype(np.int64) * span + documents["date"].astype(np.int64) - NEVER
    at = np.maximum(np.searchsorted(begun, asked, side="right") - 1, 0)
    his = (held["organ"][at] == documents["issuer"]) & (begun[at] <= asked) & (documents["date"] < held["until"][at])
    return np.where(his, held["person"][at].astype(np.int64), r.NONE)
