"""Mailboxes: an mbox file or a maildir. Only headers and the wording of the text are kept, see `mail_text.py`.

An address is a body (an office in the archive's sense) as sender and as recipient; the name shown beside the sender's address is
the person who signed. Replies point to the message they answer; a subject is taken without its `Re:` and `Fwd:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from drivebelt.errors import BadInput
from drivebelt.interchange.mail_text import Raw, Reader, headers_of, pieces, plain, words_of
from drivebelt.interchange.papers import PAPERS, add
from drivebelt.interchange.told import Told
from drivebelt.interchange.wording import wordings

_BATCH = 10_000
_NAME = re.compile(r"<([^<>\s]+)>")
_TO = ("To", "Cc", "Bcc")
_MOST = 10_000
"""Recipients of one message that are read."""
_UNDERSTOOD = {
    "issuer": "address in From, else in Sender", "sender": "name beside it", "date": "Date, as the sender wrote it",
    "recipients": "To, Cc, Bcc", "subject": "Subject without Re: and Fwd:", "paper": "Message-ID",
    "reply_to": "In-Reply-To, else the last of References",
    "text": "first 64 KiB of the first plain text, quoted lines left out; as a hash only",
}  # fmt: skip


def read(path: Path, base: duckdb.DuckDBPyConnection) -> Told:
    """Fills `papers` from a mailbox. Raises BadInput where it is none."""
    told = Told("maildir" if path.is_dir() else "mbox", str(path), "messages", understood=dict(_UNDERSTOOD))
    rows: list[dict[str, Any]] = []
    texts: list[str] = []
    try:
        for place, raw in _maildir(path) if path.is_dir() else _mbox(path):
            told.read += 1
            row = _row(told, place, raw)
            if row is not None:
                rows.append(row)
                texts.append(plain(raw))
            if len(rows) == _BATCH:
                _flush(base, rows, texts)
        _flush(base, rows, texts)
    except OSError as why:
        raise BadInput(f"{why.filename or path}: {why.strerror or why}; check the path and its permissions") from why
    return told


def _flush(base: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], texts: list[str]) -> None:
    if rows:
        sound = [t.encode("utf-8", "replace").decode() for t in texts]
        table = pa.Table.from_pylist([{**row, "wording": None} for row in rows], PAPERS)
        add(base, table.set_column(PAPERS.get_field_index("wording"), "wording", wordings(pa.array(sound, pa.string()))))
        rows.clear()
        texts.clear()


def _mbox(path: Path) -> Iterator[tuple[str, Raw]]:
    """The messages of an mbox file: each begins with a line `From ` after an empty line."""
    reader, empty, line, since = None, True, 0, 0
    with path.open("rb") as file:
        for piece, begins in pieces(file):
            line += begins
            if begins and empty and piece.startswith(b"From "):
                if reader is not None:
                    yield f"line {since}", reader.raw
                reader, since = Reader(), line
            elif reader is not None:
                reader.take(piece, begins)
            elif piece.strip():
                raise BadInput(f"{path}, line {line}: does not begin with `From `: not an mbox file")
            empty = begins and not piece.strip(b"\r\n")
    if reader is None:
        raise BadInput(f"{path}: is empty; nothing to import")
    yield f"line {since}", reader.raw


def _maildir(path: Path) -> Iterator[tuple[str, Raw]]:
    """The messages of a maildir, and of those within it, in the order of their names."""
    folders = sorted(folder for name in ("cur", "new") for folder in path.rglob(name) if folder.is_dir())
    if not folders:
        raise BadInput(f"{path}: is a folder without `cur` and `new`: not a maildir; give the file of a mailbox or a maildir")
    for folder in folders:
        for message in sorted(folder.iterdir()):
            if message.is_file():
                reader = Reader()
                with message.open("rb") as file:
                    for piece, begins in pieces(file):
                        reader.take(piece, begins)
                yield str(message.relative_to(path)), reader.raw


def _row(told: Told, place: str, raw: Raw) -> dict[str, Any] | None:
    """A message in the form of PAPERS; None, and counted, where its headers cannot be read."""
    if raw.cut:
        told.note("headers longer than 256 KiB: only the beginning was read", place)
    try:
        head = headers_of(raw.headers)
        if not head.keys():
            told.drop("no headers", place)
            return None
        sender = _addresses(head, ("From",)) or _addresses(head, ("Sender",))
        day, moment = _date(head)
        answers = _NAME.findall(str(head.get("In-Reply-To", ""))) or _NAME.findall(str(head.get("References", "")))
        own = _NAME.findall(str(head.get("Message-ID", "")))
        subject = words_of(head.get("Subject"))
        to = _addresses(head, _TO)
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        OverflowError,
        RecursionError,
    ):  # the standard parser on broken headers
        told.drop("headers that cannot be read", place)
        return None
    return {
        "row": told.read, "place": place, "paper": own[0] if own else None, "date": day, "moment": moment,
        "issuer": sender[0][1] if sender else None, "sender": sender[0][0] if sender else None,
        "recipients": [address for _, address in to[:_MOST]], "kind": "mail", "grade": None,
        "subject": subject, "number": None, "series": None, "channel": "mail",
        "reply_to": answers[-1] if answers else None,
    }  # fmt: skip


def _date(head: Message) -> tuple[date | None, int | None]:
    """The day as the sender wrote it, and the moment in seconds since 1970."""
    try:
        written = parsedate_to_datetime(str(head.get("Date", "")))
        moment = written if written.tzinfo else written.replace(tzinfo=UTC)
        return written.date(), int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    except (ValueError, TypeError, LookupError, OverflowError):
        return None, None


def _addresses(head: Message, names: tuple[str, ...]) -> list[tuple[str | None, str]]:
    """Name and address of each one in these headers; an entry without an address stands under its name."""
    found = []
    for name, address in getaddresses([str(h) for key in names for h in head.get_all(key, [])]):
        shown, place = words_of(name), words_of(address)
        key = place.lower() if place else shown
        if key:
            found.append((shown, key))
    return found
