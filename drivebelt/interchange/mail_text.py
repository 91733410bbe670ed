"""One message of a mailbox: its headers, and the first words of its first plain text. Attachments pass by line by line.

Nothing of a message is held but its headers (at most 256 KiB) and the text (at most 64 KiB of it): an attachment of any size,
in one line or in a million, is read past in pieces.
"""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from typing import BinaryIO

PIECE = 64 << 10
"""Bytes of a line read at once."""
HEADERS, TEXT = 256 << 10, 64 << 10
"""Bytes of headers and of text that are kept of a message."""
_BOUNDARIES = 16
_TAG = re.compile(r"<[^>]*>")
_FOLDED = re.compile(r"\s+")


@dataclass
class Raw:
    """A message as it stands in the file."""

    headers: bytearray = field(default_factory=bytearray)
    text: bytearray = field(default_factory=bytearray)
    of: Message | None = None
    """The headers of the part that `text` is of."""
    cut: bool = False
    """Whether the headers went on beyond HEADERS."""
    size: int = 0


def pieces(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """The lines of a file, long ones in pieces; and whether a piece begins a line."""
    begins = True
    while piece := file.readline(PIECE):
        yield piece, begins
        begins = piece.endswith(b"\n")


def headers_of(raw: bytes | bytearray) -> Message:
    """Headers as far as they can be read; what is no header is passed over."""
    return BytesHeaderParser().parsebytes(bytes(raw))


class Reader:
    """Takes the lines of one message after the other and keeps of it what Raw holds."""

    def __init__(self) -> None:
        self.raw = Raw()
        self._boundaries: list[bytes] = []
        self._part = bytearray()
        self._at = "headers"

    def take(self, piece: bytes, begins: bool) -> None:
        """Takes the next piece of a line."""
        self.raw.size += len(piece)
        if self._at == "headers":
            if begins and not piece.strip(b"\r\n"):
                self._open(self.raw.headers)
            elif len(self.raw.headers) + len(piece) <= HEADERS:
                self.raw.headers += piece
            else:
                self.raw.cut = True
            return
        if begins and piece.startswith(b"--") and self._boundaries:
            mark = piece.strip()
            if any(mark in (b, b + b"--") for b in self._boundaries):
                self._at, self._part = "part headers", bytearray()
                return
        if self._at == "part headers":
            if begins and not piece.strip(b"\r\n"):
                self._open(self._part)
            elif len(self._part) + len(piece) <= PIECE:
                self._part += piece
        elif self._at == "text" and len(self.raw.text) < TEXT:
            self.raw.text += piece[: TEXT - len(self.raw.text)]

    def _open(self, headers: bytearray) -> None:
        """Decides what to do with the part whose headers have ended."""
        part = headers_of(headers)
        boundary = part.get_param("boundary")
        kind = part.get_content_type()
        self._at = "passing"
        if kind.startswith("multipart/"):
            if isinstance(boundary, str) and boundary and len(self._boundaries) < _BOUNDARIES:
                self._boundaries.append(b"--" + boundary.strip().encode("utf-8", "replace"))
        elif kind.startswith("text/") and part.get_content_disposition() != "attachment":
            plain_after_other = kind == "text/plain" and self.raw.of is not None and self.raw.of.get_content_type() != kind
            if self.raw.of is None or plain_after_other:
                self.raw.text.clear()
                self.raw.of, self._at = part, "text"


def plain(raw: Raw) -> str:
    """The text of a message: transfer encoding and letters decoded as far as they can be, lines that quote others left out."""
    if raw.of is None:
        return ""
    data = bytes(raw.text)
    how = str(raw.of.get("Content-Transfer-Encoding", "")).strip().lower()
    if how == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        try:
            data = base64.b64decode(letters[: len(letters) // 4 * 4])
        except binascii.Error:
            return ""
    elif how == "quoted-printable":
        data = quopri.decodestring(data)
    words = _decoded(data, raw.of.get_content_charset())
    if raw.of.get_content_type() == "text/html":
        words = html.unescape(_TAG.sub(" ", words))
    return "\n".join(line for line in words.splitlines() if not line.startswith(">"))


def _decoded(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):  # no such letters, or a codec that is not for text
        return data.decode("utf-8", "replace")


def words_of(header: object) -> str | None:
    """A header as a text on one line; None where it is missing or empty."""
    if header is None:
        return None
    try:
        parts = decode_header(str(header))
    except (ValueError, LookupError, binascii.Error):
        parts = [(str(header), None)]
    out = "".join(_decoded(part, charset) if isinstance(part, bytes) else part for part, charset in parts)
    out = "".join(c if c.isprintable() else " " for c in out.encode("utf-8", "replace").decode("utf-8", "replace"))
    return _FOLDED.sub(" ", out).strip() or None
