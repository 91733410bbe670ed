"""Who stands above whom in a body of letters, without looking at any title: for archives whose tree of offices is not known.

Four signs, each a mean rank from 0 (below all) to 1 (above all), of equal weight:

    heard from    by how many different people one is written to: attention flows upwards (in-degree)
    beside        with how many different people one is addressed in letters to a few: who is told of much is told beside many
    writes to     how widely heard from those are to whom one writes: equals write to equals
    patience      how long one lets others wait for an answer: whoever depends on the other answers at once

The signs were chosen on one half of the people of one corpus of mail (docs/real-data.md) and not fitted: there is no weight to
learn. Sources: number of correspondents and of shared lists, and delay of answers, as signs of rank: R. Rowe, G. Creamer,
S. Hershkop and S. Stolfo, Automated social hierarchy detection through email network analysis, WebKDD 2007; degree as
the bar: A. Agarwal, A. Omuya, A. Harnly and O. Rambow, A comprehensive gold standard for the Enron organizational hierarchy,
ACL 2012.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from drivebelt.errors import BadInput, BadRun
from drivebelt.parquet import first_line
from drivebelt.results import connect

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FEW = 12
"""Addressees up to which a letter is to a few, not to a list (assumption, range 6 to 30)."""
SURE_AFTER = 5.0
"""Answers after which half of a person's own pace counts, half that of all (assumption, range 2 to 20)."""
WHILE = 30 * 86_400
"""Seconds after which a letter no longer counts as an answer (assumption, range 7 to 90 days)."""
LEAST, LEAST_BY_DAY = 60.0, 43_200.0
"""Shortest delay told apart, in seconds: where the time is known, and where only the day is."""
ONE_END = 0.8
"""Share of letters from or to one person from which they are that person's own and tell nothing of the others (0.6 to 0.95)."""
FEWEST_PEOPLE, FEWEST_LETTERS = 15, 100
"""Below either nothing is told."""
AGREE = 0.1
"""Mean rank correlation of the signs below which they tell of no common order (assumption, range 0.05 to 0.3)."""


@dataclass(frozen=True)
class Standing:
    """By person (people,): `score` from 0 to 1, the mean rank over the signs; and the signs themselves.

    `patience` is in hours (a geometric mean, drawn towards that of all). People who neither wrote nor were written to have a
    score of NaN. `silent` says why nothing can be told, and is empty where something can.
    """

    score: Floats
    heard_from: Ints
    beside: Ints
    writes_to: Floats
    patience: Floats
    answers: Ints
    letters: Ints
    silent: str

    def order(self) -> Ints:
        """People from above to below; those without a score are left out, ties are in the order of their number."""
        rows = np.flatnonzero(~np.isnan(self.score))
        return rows[np.lexsort((rows, -self.score[rows]))]


def standing(
    sender: npt.ArrayLike, to: npt.ArrayLike, letter: npt.ArrayLike, matter: npt.ArrayLike, moment: npt.ArrayLike, people: int,
    *, by_day: bool = False,
) -> Standing:  # fmt: skip
    """Standing of each of `people` from one row a letter and addressee, all of shape (n,).

    `sender` and `to` are people from 0; `letter` numbers the letters, `matter` what they are about (-1: not known); `moment` is
    in seconds, of which only the day counts with `by_day`. Letters to oneself are left out. Raises BadInput for columns of
    different length and for people out of range.
    """
    s, t, d, m, when = (np.asarray(x, np.int64).ravel() for x in (sender, to, letter, matter, moment))
    if len({x.size for x in (s, t, d, m, when)}) > 1:
        raise BadInput("letters: columns of different length; give one value of each a row")
    if s.size and (min(s.min(), t.min()) < 0 or max(s.max(), t.max()) >= people):
        raise BadInput(f"letters: people are numbered from 0 to {people - 1}; leave out rows of others")
    rows = np.flatnonzero(s != t)
    s, t, d, m, when = s[rows], t[rows], d[rows], m[rows], when[rows]
    pair = np.unique(s * max(people, 1) + t)
    writer, reader = pair // max(people, 1), pair % max(people, 1)
    heard = np.bincount(reader, minlength=people)
    reach = np.bincount(writer, heard[reader], people) / np.maximum(np.bincount(writer, minlength=people), 1)
    beside = _beside(d, t, people)
    patience, answers = _patience(s, t, m, when, people, LEAST_BY_DAY if by_day else LEAST)
    letters = np.bincount(s[np.unique(d, return_index=True)[1]], minlength=people) if d.size else np.zeros(people, np.int64)
    there = (heard > 0) | (letters > 0)
    signs = [_ranks(np.asarray(sign, np.float64)[there]) for sign in (heard, beside, reach, np.round(np.log(patience), 9))]
    score = np.full(people, np.nan)
    if there.any():
        score[there] = np.mean(signs, axis=0)
    many = np.unique(d).size
    silent = ""
    if there.sum() < FEWEST_PEOPLE:
        silent = f"only {int(there.sum())} people write or are written to; at least {FEWEST_PEOPLE} are needed"
    elif many < FEWEST_LETTERS:
        silent = f"only {many} letters have a known addressee; at least {FEWEST_LETTERS} are needed"
    elif _one_end(s, t, d, people) >= ONE_END * many:
        silent = "nearly all letters are from or to one and the same: they do not tell how the others stand"
    elif np.unique(heard[there]).size < 2:
        silent = "all are written to by equally many"
    elif _agreement(signs) < AGREE:
        silent = "the signs of standing contradict each other: letters may go one way only, as orders do"
    return Standing(score, heard.astype(np.int64), beside, reach, patience / 3600, answers, letters.astype(np.int64), silent)


def _agreement(signs: list[Floats]) -> float:
    """Mean correlation of the ranks of every two signs that tell people apart; 0 where fewer than two do."""
    telling = [sign for sign in signs if np.ptp(sign) > 0]
    if len(telling) < 2:
        return 0.0
    every = np.asarray(np.corrcoef(np.stack(telling)))
    return float(every[np.triu_indices(len(telling), 1)].mean())


def _one_end(sender: Ints, to: Ints, letter: Ints, people: int) -> int:
    """In how many letters the most frequent of the people takes part."""
    key = np.unique(np.concatenate([letter * people + sender, letter * people + to]))
    return int(np.bincount(key % people, minlength=people).max())


def _beside(letter: Ints, to: Ints, people: int) -> Ints:
    """With how many different people each is addressed in letters to 2 to FEW people."""
    span = max(people, 1)
    key = np.unique(letter * span + to)  # each addressee once
    of, who = key // span, key % span
    first = np.flatnonzero(np.r_[True, of[1:] != of[:-1]]) if of.size else of
    size = np.diff(np.r_[first, of.size])
    found = []
    for k in range(2, FEW + 1):
        at = first[size == k]
        sets = np.unique(who[at[:, None] + np.arange(k)], axis=0) if at.size else np.zeros((0, k), np.int64)
        left, right = np.triu_indices(k, 1)
        found.append(np.unique(sets[:, left] * span + sets[:, right]))
    pairs = np.unique(np.concatenate(found))
    return np.bincount(pairs // span, minlength=people) + np.bincount(pairs % span, minlength=people)


def _patience(sender: Ints, to: Ints, matter: Ints, when: Ints, people: int, least: float) -> tuple[Floats, Ints]:
    """Geometric mean of the seconds after which each answers, drawn towards that of all; and how many answers that rests on.

    An answer is the next letter between two people about the same matter, if it goes the other way.
    """
    rows = np.flatnonzero(matter >= 0)
    s, t, m, when = sender[rows], to[rows], matter[rows], when[rows]
    low, high = np.minimum(s, t), np.maximum(s, t)
    order = np.lexsort((s, when, high, low, m))
    s, when, low, high, m = s[order], when[order], low[order], high[order], m[order]
    same = (m[1:] == m[:-1]) & (low[1:] == low[:-1]) & (high[1:] == high[:-1]) & (s[1:] != s[:-1])
    delay = np.diff(when)
    fit = np.flatnonzero(same & (delay <= WHILE))
    who, log = s[1:][fit], np.log(np.maximum(delay[fit], least))
    answers = np.bincount(who, minlength=people)
    middle = float(log.mean()) if log.size else float(np.log(least))
    mean = (np.bincount(who, log, people) + SURE_AFTER * middle) / (answers + SURE_AFTER)
    return np.exp(mean), answers


def _ranks(x: Floats) -> Floats:
    """Mean ranks from 0 to 1, ties in the middle."""
    if x.size < 2:
        return np.full(x.size, 0.5)
    _, at, many = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(many)
    return ((2 * last - many - 1) / 2)[at] / (x.size - 1)


def of_archive(path: str | Path) -> tuple[Standing, list[str], Ints]:
    """Standing of the bodies of an archive (in mail: addresses), their names and their numbers.

    Where the archive keeps no time of day, delays are told by day. Raises BadRun where it is damaged.
    """
    place = Path(path)
    base = connect(place)
    tables = {row[0] for row in base.execute("select view_name from duckdb_views() where not internal").fetchall()}
    if not {"organs", "documents", "copies"} <= tables:
        return standing([], [], [], [], [], 0), [], np.zeros(0, np.int64)
    try:
        have = {row[0] for row in base.execute("select column_name from (describe documents)").fetchall()}
        named = {row[0] for row in base.execute("select column_name from (describe organs)").fetchall()}
        name = "coalesce(name, '')" if "name" in named else "''"
        organs = base.execute(f"select organ, {name} from organs order by organ").fetchall()
        timed = "moment" in have and base.execute("select count(moment) > 0 from documents").fetchall()[0][0]
        about = "coalesce(d.matter, -1)" if "matter" in have else "-1"
        second = "coalesce(d.moment, epoch(d.date)::bigint)" if timed else "epoch(d.date)::bigint"
        letters = base.execute(
            f"""select d.issuer, c.addressee_organ as reader, d.document, {about} as matter, {second} as moment
            from documents d join copies c using (document) join organs i on i.organ = d.issuer
            join organs o on o.organ = c.addressee_organ where d.date is not null order by d.document, c.addressee_organ"""
        ).fetchnumpy()
    except duckdb.Error as why:
        raise BadRun(f"{place}: cannot be read: {first_line(why)}; make the archive anew") from why
    number, names = np.array([row[0] for row in organs], np.int64), [str(row[1]) for row in organs]
    column = {name: np.asarray(letters[name], np.int64) for name in letters}
    who, reader = (np.searchsorted(number, column[name]) for name in ("issuer", "reader"))
    found = standing(who, reader, column["document"], column["matter"], column["moment"], number.size, by_day=not timed)
    return found, names, number


SCHEMA = pa.schema(
    [
        ("rank", pa.int64()), ("organ", pa.int64()), ("name", pa.string()), ("score", pa.float64()), ("heard_from", pa.int64()),
        ("beside", pa.int64()), ("writes_to", pa.float64()), ("patience_hours", pa.float64()), ("answers", pa.int64()),
        ("letters", pa.int64()),
    ]
)  # fmt: skip
"""The table `standing` of a reconstruction."""
EMPTY = SCHEMA.empty_table()


def table(path: str | Path) -> tuple[pa.Table, str]:
    """The table `standing`, from above to below, and why nothing can be told (empty where something can)."""
    found, names, number = of_archive(path)
    if found.silent:
        return EMPTY, found.silent
    rows = found.order()
    columns = (
        np.arange(1, rows.size + 1), number[rows], [names[i] for i in rows.tolist()], found.score[rows], found.heard_from[rows],
        found.beside[rows], found.writes_to[rows], found.patience[rows], found.answers[rows], found.letters[rows],
    )  # fmt: skip
    return pa.table(dict(zip(SCHEMA.names, columns, strict=True)), schema=SCHEMA), ""


def lines(found: pa.Table, top: int = 5) -> list[str]:
    """A plain finding; none where the table is empty."""
    if not found.num_rows:
        return []
    first, last = (found["name"].to_pylist()[part] for part in (slice(top), slice(-top, None)))
    return [
        f"By the letters alone, without any title, {found.num_rows:,} correspondents from above to below: {', '.join(first)} ... "
        f"{', '.join(last)}. This is an order, not a chance; how far it may be trusted: docs/real-data.md."
    ]
