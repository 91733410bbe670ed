"""Rows of the first sheet of a workbook (.xlsx, ISO/IEC 29500), read with the standard library and within limits.

Numbers, texts and inline texts are read; formulas by the value kept with them; dates stay numbers, as the file has them.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from xml.etree.ElementTree import Element

from drivebelt.corpora.safe_xml import LARGEST, parse, text
from drivebelt.errors import BadInput

MOST_COLUMNS = 1000
_CELL = re.compile(r"^([A-Z]{1,3})[0-9]{1,7}$")


def rows(path: str | Path, *, trimmed: bool = True) -> list[list[str]]:
    """The rows of the first sheet as texts, empty cells as "", rows without any text left out.

    Unless `trimmed`, texts keep the spaces around and within them as they stand.
    Raises BadInput for a file that is no workbook, is damaged or too large.
    """
    place = Path(path)
    try:
        with zipfile.ZipFile(place) as book:
            names = set(book.namelist())
            sheets = sorted(n for n in names if re.fullmatch(r"xl/worksheets/sheet[0-9]+\.xml", n))
            if not sheets:
                raise BadInput(f"{place}: holds no sheet: not a workbook (.xlsx)")
            first = "xl/worksheets/sheet1.xml" if "xl/worksheets/sheet1.xml" in names else sheets[0]
            shared = _shared(_part(place, book, "xl/sharedStrings.xml"), trimmed) if "xl/sharedStrings.xml" in names else []
            return _rows(place, _part(place, book, first), shared)
    except OSError as why:
        raise BadInput(f"{place}: {why.strerror or why}; check the path") from why
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError) as why:
        raise BadInput(f"{place}: not readable as a workbook (.xlsx): {' '.join(str(why).split())[:120]}; save it anew") from why


def _part(place: Path, book: zipfile.ZipFile, name: str) -> Element:
    """A part of the workbook, its size checked while it is unpacked, not as it claims."""
    with book.open(name) as part:
        data = part.read(LARGEST + 1)
    return parse(data, f"{place}/{name}")


def _shared(root: Element, trimmed: bool) -> list[str]:
    if trimmed:
        return [text(item, without=("rPh",)) for item in root.iter("si")]
    return ["".join(t.text or "" for t in item.iter("t")) for item in root.iter("si")]


def _rows(place: Path, root: Element, shared: list[str]) -> list[list[str]]:
    found = []
    for row in root.iter("row"):
        cells: list[str] = []
        for n, cell in enumerate(row.iter("c")):
            at = _CELL.match(cell.get("r", ""))
            column = _column(at[1]) if at else n
            if column >= MOST_COLUMNS:
                raise BadInput(f"{place}, row {row.get('r', '?')}: more than {MOST_COLUMNS} columns; keep those that are needed")
            cells += [""] * (column + 1 - len(cells))
            cells[column] = _value(place, cell, shared)
        if any(cells):
            found.append(cells)
    return found


def _column(letters: str) -> int:
    n = 0
    for letter in letters:
        n = n * 26 + ord(letter) - 64
    return n - 1


def _value(place: Path, cell: Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return text(cell)
    value = cell.find("v")
    said = (value.text or "").strip() if value is not None else ""
    if cell.get("t") != "s" or not said:
        return said
    if not said.isdecimal() or int(said) >= len(shared):
        raise BadInput(f"{place}, cell {cell.get('r', '?')}: names a text that is not there; save the workbook anew")
    return shared[int(said)]
