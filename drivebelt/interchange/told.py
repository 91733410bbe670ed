"""What an import understood, dropped and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_SHOWN = 120
"""Characters of an example."""


@dataclass
class Told:
    """The account of one import. Rows are those of the file: papers, messages, events or objects."""

    format: str
    file: str
    unit: str
    """What a row of the file is."""
    read: int = 0
    kept: int = 0
    understood: dict[str, Any] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    """Rows that are not in the archive, by reason."""
    noted: Counter[str] = field(default_factory=Counter)
    """What is in the archive, but less than the file said, by reason."""
    examples: dict[str, str] = field(default_factory=dict)
    """For a reason, the place of its first case."""

    def drop(self, why: str, where: str = "", times: int = 1) -> None:
        """Counts rows that are left out."""
        self._count(self.dropped, why, where, times)

    def note(self, why: str, where: str = "", times: int = 1) -> None:
        """Counts what is kept with less than the file said."""
        self._count(self.noted, why, where, times)

    def _count(self, counter: Counter[str], why: str, where: str, times: int) -> None:
        if times:
            counter[why] += times
            if where:
                self.examples.setdefault(why, " ".join(where.split())[:_SHOWN])

    def as_dict(self) -> dict[str, Any]:
        """The account as it stands in archive.json."""
        return {
            "format": self.format, "file": self.file, "unit": self.unit, "read": self.read, "kept": self.kept,
            "understood": self.understood, "dropped": dict(sorted(self.dropped.items())), "noted": dict(sorted(self.noted.items())),
            "examples": dict(sorted(self.examples.items())),
        }  # fmt: skip

    def lines(self) -> list[str]:
        """The account for a reader."""
        out = [f"{self.file}: {self.read:,} {self.unit} read, {self.kept:,} kept, {sum(self.dropped.values()):,} dropped"]
        out += [f"  understood: {name}: {what}" for name, what in self.understood.items()]
        for word, counter in (("dropped", self.dropped), ("noted", self.noted)):
            for why, n in sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])):
                example = f" (first: {self.examples[why]})" if why in self.examples else ""
                out.append(f"  {word}: {n:,}: {why}{example}")
        return out
