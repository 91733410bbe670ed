"""Archives that readers bring: where they lie, and what may come in.

Each has a name that nobody can guess; whoever has the address has the archive. A file is stored as it came, under a name of the
page's own, and read only in a process of its own (`jobs`, `worker`).
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from drivebelt.errors import BadInput
from drivebelt.web.asked import NotThere
from drivebelt.web.jobs import Limits

LARGEST = 256 << 20
"""Bytes of a file."""
LIMITS = Limits(memory=6_144, seconds=600, file=4_096)
"""What reading a file may take."""
_NAME = re.compile(r"[A-Za-z0-9_-]{16}")
_MAGIC = {b"SQLite format 3\0": "ocel2", b"From ": "mbox", b"{": "ocel2"}
"""How files begin that are no tables."""


@dataclass(frozen=True)
class Sent:
    """What a form sent: its fields, and a file where there is one."""

    fields: Mapping[str, str]
    file: BinaryIO | None = None
    title: str = ""
    """How the reader's machine calls the file."""


@dataclass(frozen=True)
class Upload:
    """One archive that a reader brought."""

    name: str
    place: Path

    @property
    def file(self) -> Path:
        """The file as it came."""
        return self.place / "file"

    @property
    def mapping(self) -> Path:
        """What its columns are."""
        return self.place / "mapping.yaml"

    @property
    def archive(self) -> Path:
        """The archive made of it."""
        return self.place / "archive"

    @property
    def found(self) -> Path:
        """The reconstruction."""
        return self.place / "found"

    def about(self) -> dict[str, Any]:
        """Title, size and format of the file."""
        about: dict[str, Any] = json.loads((self.place / "about.json").read_text(encoding="utf-8"))
        return about


class Uploads:
    """All archives that readers brought, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> Upload:
        """An archive by its name. Raises NotThere."""
        place = self._folder / name if _NAME.fullmatch(name) else None
        if place is None or not (place / "about.json").is_file():
            raise NotThere("no archive of this name: it was taken away, or the address is not whole")
        return Upload(name, place)

    def keep(self, sent: Sent) -> Upload:
        """Stores a file. Raises BadInput for one that is empty or too large, and where there is no room."""
        if sent.file is None or not sent.title:
            raise BadInput("file: none was chosen; choose a table, a mailbox or an event log")
        name = secrets.token_urlsafe(12)
        upload = Upload(name, self._folder / name)
        try:
            upload.place.mkdir(parents=True, mode=0o700)
            with upload.file.open("wb") as out:
                shutil.copyfileobj(sent.file, out, 1 << 20)
            size = upload.file.stat().st_size
            with upload.file.open("rb") as file:
                head = file.read(16)
            if not size:
                raise BadInput("file: it is empty")
            form = next((form for magic, form in _MAGIC.items() if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(magic)), "csv")
            about = {"title": sent.title[:200], "bytes": size, "format": form}
            (upload.place / "about.json").write_text(json.dumps(about), encoding="utf-8")
        except OSError as why:
            shutil.rmtree(upload.place, ignore_errors=True)
            raise BadInput(f"the file cannot be stored: {why.strerror or why}; free some space") from why
        except BadInput:
            shutil.rmtree(upload.place, ignore_errors=True)
            raise
        return upload

    def forget(self, made: Path) -> None:
        """Removes what was made of an archive: a directory within it."""
        if self._folder in made.parents:
            shutil.rmtree(made, ignore_errors=True)

    def take_away(self, name: str) -> None:
        """Removes an archive with all that was made of it. Raises NotThere."""
        shutil.rmtree(self.get(name).place, ignore_errors=True)
