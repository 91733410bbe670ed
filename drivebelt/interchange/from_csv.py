"""CSV with a mapping file: read in batches of columns, all as text first, so that nothing is guessed."""

from __future__ import annotations

import codecs
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from drivebelt.errors import BadInput
from drivebelt.interchange.mapping import FIELDS, Mapping
from drivebelt.interchange.papers import PAPERS, add
from drivebelt.interchange.told import Told
from drivebelt.interchange.wording import wordings
from drivebelt.parquet import database

_BLOCK = 16 << 20
"""Bytes of the file read at once; also the longest row."""
_PLAIN = ("paper", "kind", "grade", "subject", "series", "channel", "reply_to")
_LOOSE = " or ".join(f"contains({{0}}, {space})" for space in ("'  '", "chr(9)", "chr(10)", "chr(11)", "chr(12)", "chr(13)"))
_TIDY = rf"trim(case when {_LOOSE} then regexp_replace({{0}}, '\s+', ' ', 'g') else {{0}} end)"
"""A text with single spaces; the search for patterns is slow, and few texts need it."""


def read(path: Path, mapping: Mapping, base: duckdb.DuckDBPyConnection) -> Told:
    """Fills `papers`. Raises BadInput for a file or mapping that cannot be followed."""
    told = Told("csv", str(path), "rows", understood={field: ", ".join(names) for field, names in mapping.columns.items()})
    try:
        if path.stat().st_size == 0:
            raise BadInput(f"{path}: is empty; nothing to import")
        with path.open("rb") as file:
            if b"\0" in file.read(4096) and not mapping.encoding.startswith(("utf-16", "utf-32")):
                raise BadInput(
                    f"{path}: holds zero bytes: not a text table, or in UTF-16; then put `encoding: utf-16` in the mapping"
                )
        if mapping.encoding == "utf-8" and _undecodable(
            path, mapping.encoding
        ):  # others are decoded before the rows are told apart
            raise _unreadable(path, mapping, UnicodeError())
    except OSError as why:
        raise BadInput(f"{path}: {why.strerror or why}; check the path") from why
    try:
        reader = pyarrow.csv.open_csv(
            path,
            pyarrow.csv.ReadOptions(block_size=_BLOCK, encoding=mapping.encoding),
            pyarrow.csv.ParseOptions(
                delimiter=mapping.delimiter, newlines_in_values=True, invalid_row_handler=lambda row: _bad_row(told, row)
            ),
            _as_text(path, mapping),
        )
        _formatted(mapping)
        line = 1
        for batch in reader:
            add(base, _papers(pa.Table.from_batches([batch]), mapping, line))
            line += batch.num_rows
    except (pa.ArrowException, ValueError, UnicodeError, OSError) as why:
        raise _unreadable(path, mapping, why) from why
    told.read = line - 1 + sum(told.dropped.values())
    bad = base.execute("select count(*), min(row) from papers where number = -1").fetchall()[0]
    told.note("number is not a whole number from 1: kept without it", f"row {bad[1]}", bad[0])
    base.execute("update papers set number = null where number = -1")
    return told


def _bad_row(told: Told, row: pyarrow.csv.InvalidRow) -> str:
    told.drop(
        "a row with more or fewer columns than the head", f"{row.actual_columns} instead of {row.expected_columns}: {row.text}"
    )
    return "skip"


def _as_text(path: Path, mapping: Mapping) -> pyarrow.csv.ConvertOptions:
    """Options to read the mapped columns as texts. Raises BadInput where the head lacks one or has it twice."""
    head = _head(path, mapping)
    wanted = [name for names in mapping.columns.values() for name in names]
    for field, names in mapping.columns.items():
        for name in names:
            if name not in head:
                shown = ", ".join(head[:20])
                raise BadInput(f"{path}: no column {name!r} for {field}; its columns are {shown}; mend `columns:` in the mapping")
            if head.count(name) > 1:
                raise BadInput(f"{path}: the column {name!r} for {field} stands twice in the head; rename one")
    wanted = list(dict.fromkeys(wanted))
    return pyarrow.csv.ConvertOptions(
        column_types={name: pa.string() for name in wanted}, include_columns=wanted, strings_can_be_null=True, null_values=[""],
        quoted_strings_can_be_null=True,
    )  # fmt: skip


def _head(path: Path, mapping: Mapping) -> list[str]:
    """The names in the first line."""
    try:
        with path.open("r", encoding=mapping.encoding, newline="") as file:
            first = file.readline(1 << 20)
    except UnicodeError as why:
        raise _unreadable(path, mapping, why) from why
    if not first.strip("\ufeff\r\n "):
        raise BadInput(f"{path}, line 1: empty; the first line must name the columns")
    table = pyarrow.csv.read_csv(
        pa.BufferReader(first.lstrip("\ufeff").encode()),
        parse_options=pyarrow.csv.ParseOptions(delimiter=mapping.delimiter),
        read_options=pyarrow.csv.ReadOptions(block_size=1 << 21),
    )
    return list(table.column_names)


def _formatted(mapping: Mapping) -> None:
    """Refuses a form of dates that cannot be followed."""
    if mapping.date_format is not None:
        try:
            duckdb.execute("select try_strptime('1', $1)", [mapping.date_format]).fetchall()
        except duckdb.Error as why:
            raise BadInput(f"mapping: date_format {mapping.date_format!r}: not a form of dates, such as '%d.%m.%Y'") from why


def _unreadable(path: Path, mapping: Mapping, why: Exception) -> BadInput:
    """One line for what the reader refuses; for letters that do not decode, the line of the file."""
    said = " ".join(str(why).split())
    if "UTF8" in said or isinstance(why, UnicodeError):
        at = _undecodable(path, mapping.encoding)
        if at:
            return BadInput(
                f"{path}, line {at}: is not {mapping.encoding}; put the right `encoding:` in the mapping, such as cp1252"
            )
    return BadInput(f"{path}: cannot be read as CSV ({said}); check delimiter, quotes and whether the file is whole")


def _undecodable(path: Path, encoding: str) -> int:
    """The first line that does not decode; 0 where all do."""
    for size in (_BLOCK, 0):  # quickly, and where that fails once more line by line
        decoder, line = codecs.getincrementaldecoder(encoding)(), 1
        with path.open("rb") as file:
            while block := file.read(size) if size else file.readline(1 << 16):
                try:
                    decoder.decode(block)
                except UnicodeError:
                    break
                line += block.endswith(b"\n")
            else:
                try:
                    decoder.decode(b"", final=True)
                    return 0
                except UnicodeError:  # the last letter is cut off
                    pass
    return line


def _papers(table: pa.Table, mapping: Mapping, first: int) -> pa.Table:
    """A batch of the file in the form of PAPERS; a number that is none is -1."""
    n = len(table)
    one = {field: table[names[0]] for field, names in mapping.columns.items() if field != "recipients"}
    none = pa.nulls(n, pa.string())
    raw = {field: one.get(field, none) for field in FIELDS if field not in ("text", "recipients")}
    for i, name in enumerate(mapping.columns.get("recipients", ())):
        raw[f"to_{i}"] = table[name]
    lines = np.arange(first, first + n)
    wording = wordings(one["text"].combine_chunks()) if "text" in one else pa.nulls(n, pa.uint64())
    batch = pa.table({**raw, "row": lines, "wording": wording})
    tidy = {field: f"nullif({_TIDY.format(field)}, '')" for field in (*_PLAIN, "issuer", "sender", "date", "number")}
    to = [f"string_split(coalesce(to_{i}, ''), $separator)" for i in range(len(mapping.columns.get("recipients", ())))]
    names = f"list_transform(list_concat({', '.join([*to, '[]::varchar[]'])}), lambda x: nullif({_TIDY.format('x')}, ''))"
    day = "try_strptime({}, $form)::date" if mapping.date_format else "try_cast({} as date)"
    number = "case when {0} is null then null when try_cast({0} as integer) > 0 then try_cast({0} as integer) else -1 end"
    cells = {
        "row": "row", "place": "'row ' || row", "date": day.format(tidy["date"]), "moment": "null::bigint",
        "issuer": f"coalesce({tidy['issuer']}, {tidy['sender']})", "sender": tidy["sender"], "recipients": names,
        "number": number.format(tidy["number"]), "wording": "wording", **{field: tidy[field] for field in _PLAIN},
        "paper": tidy["paper"],
    }  # fmt: skip
    given = {"form": mapping.date_format} if mapping.date_format else {}
    if to:
        given["separator"] = mapping.separator
    work = database()
    work.register("batch", batch)
    made = work.sql(
        f"select {', '.join(f'{cells[name]} as {name}' for name in PAPERS.names)} from batch", params=given
    ).to_arrow_table()
    return made.cast(PAPERS) if not pc.all(pc.is_null(made["row"])).as_py() else PAPERS.empty_table()
