"""XML from outside, read safely: no document type, no entities, no other file, nothing too deep, too large or endless."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from drivebelt.errors import BadInput
from drivebelt.safe_yaml import within

LARGEST = 64 << 20
"""Bytes of a file."""
DEEPEST, MOST = 200, 3_000_000
"""Elements within each other, and in all."""
_PIECE = 1 << 16


class _Refused(Exception):
    """Raised from within the parser; the text says why."""


class _Builder:
    """Takes the parser's events. Names of elements and attributes lose their namespace."""

    def __init__(self) -> None:
        self.tree = ET.TreeBuilder()
        self.depth = self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            raise _Refused(f"elements stand more than {DEEPEST} deep in each other")
        if self.count > MOST:
            raise _Refused(f"more than {MOST:,} elements; split the file")
        self.tree.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """An element closes."""
        self.depth -= 1
        self.tree.end(_local(name))

    def refuse(self, *_: object) -> NoReturn:
        """A document type or entity is declared."""
        raise _Refused("it declares a document type or entities, which are not read; take the declaration out")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def parse(data: bytes, where: str) -> ET.Element:
    """The root element. BadInput names `where`, the line, and what is wrong."""
    if len(data) > LARGEST:
        raise BadInput(f"{where}: larger than {LARGEST >> 20} MiB; split it")
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.tree.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = builder.refuse
    try:
        for a in range(0, len(data), _PIECE):
            parser.Parse(data[a : a + _PIECE], False)
        parser.Parse(b"", True)
        return builder.tree.close()
    except expat.ExpatError as why:
        what = expat.ErrorString(why.code)
        raise BadInput(f"{where}, line {why.lineno}: not readable as XML: {what}; check that the file is whole") from why
    except _Refused as why:
        raise BadInput(f"{where}, line {parser.CurrentLineNumber}: {why}") from why
    except (ValueError, AssertionError, LookupError) as why:
        raise BadInput(f"{where}: not readable as XML: {' '.join(str(why).split())}") from why


def read(path: Path) -> ET.Element:
    """`parse` of a file; BadInput where it cannot be opened."""
    return parse(within(path, LARGEST), str(path))


def text(element: ET.Element, *, without: tuple[str, ...] = ()) -> str:
    """All words of an element on one line, those of elements named in `without` left out."""
    parts: list[str] = []
    _words(element, without, parts)
    return " ".join("".join(parts).split())


def _words(element: ET.Element, without: tuple[str, ...], parts: list[str]) -> None:
    parts.append(element.text or "")
    for child in element:
        if child.tag not in without:
            _words(child, without, parts)
        parts.append(child.tail or "")
