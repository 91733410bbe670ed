"""What a reader asked for: the parts of the address and of the query, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from drivebelt.errors import BadInput

if TYPE_CHECKING:
    from drivebelt.results import Run
    from drivebelt.web.library import Library

LONGEST = 200
"""Characters of a word in the query."""


class NotThere(BadInput):
    """An address that stands for nothing; the message says what would."""


@dataclass(frozen=True)
class Asked:
    """One request, without anything of the network in it."""

    library: Library
    address: str
    """The path, without the form."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """The parts of the address that the route names."""
    query: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def run(self) -> Run:
        """The run that the address names, or else the first on the shelf. Raises NotThere and BadRun."""
        return self.library.run(self.shelf_name)

    @cached_property
    def shelf_name(self) -> str:
        """The name under which that run stands on the shelf. Raises NotThere where the shelf is empty."""
        return self.parts.get("run") or self.query.get("run") or self.library.first()

    def word(self, name: str, default: str = "") -> str:
        """A word of the query, without blanks at its ends and what cannot be printed. Raises BadInput for one that is too long."""
        word = "".join(c for c in self.query.get(name, default) if c.isprintable()).strip()
        if len(word) > LONGEST:
            raise BadInput(f"{name}: longer than {LONGEST} characters; shorten it")
        return word

    def whole(self, name: str, default: int | None = None, least: int = 0, most: int = 1 << 60) -> int | None:
        """A whole number of the address or the query within bounds. Raises BadInput."""
        word = self.parts.get(name) or self.query.get(name, "").strip()
        if not word:
            return default
        try:
            number = int(word) if len(word) < 20 else -1
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise BadInput(f"{name} {word[:40]!r}: not a whole number from {least} on")
        return number

    def number(self, name: str) -> int:
        """A whole number that the address must hold. Raises BadInput."""
        found = self.whole(name)
        if found is None:
            raise BadInput(f"{name}: a number is wanting")
        return found

    def day(self, name: str, default: date | None = None) -> date | None:
        """A date of the query. Raises BadInput."""
        word = self.query.get(name, "").strip()
        if not word:
            return default
        try:
            return date.fromisoformat(word)
        except ValueError as why:
            raise BadInput(f"{name} {word[:40]!r}: not a date; write YYYY-MM-DD") from why

    def at(self) -> date:
        """The day `at` of the query within the days of the run, by default its last. Days outside are brought to the nearest."""
        first, last = (date.fromisoformat(self.run.info[k]) for k in ("from", "to"))
        return min(max(self.day("at") or last, first), last)

    def choice(self, name: str, choices: Sequence[str], default: str = "") -> str:
        """One of several words. Raises BadInput."""
        word = self.word(name, default)
        if word and word not in choices:
            raise BadInput(f"{name} {word[:40]!r}: not one of {', '.join(choices)}")
        return word

    def here(self, form: str = "", /, **changes: Any) -> str:
        """This address with other words in its query (None takes one out), in another form where one is given."""
        words = {**self.query, **changes}
        kept = {k: v for k, v in words.items() if v not in (None, "")}
        path = self.address if not form else f"{'/index' if self.address == '/' else self.address}.{form}"
        return quote(path, safe="/:") + (f"?{urlencode(kept)}" if kept else "")

    def to(self, *path: Any, **words: Any) -> str:
        """The address of something in this run: `to("matter", 7)`."""
        return link("run", self.shelf_name, *path, **words)


def link(*path: Any, **words: Any) -> str:
    """An address made of parts, each of them quoted."""
    kept = {k: v for k, v in words.items() if v not in (None, "")}
    return "/" + "/".join(quote(str(p), safe=":") for p in path) + (f"?{urlencode(kept)}" if kept else "")
