"""The measured part of a page: what stands between two marks is written by a script, the rest by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

BEGIN, END = "<!-- measured -->\n", "<!-- end of measured -->\n"


def fill(page: Path, lines: Sequence[str]) -> None:
    """Puts lines between the marks of a page."""
    before, rest = page.read_text().split(BEGIN)
    page.write_text(before + BEGIN + "\n" + "\n".join(lines) + "\n\n" + END + rest.split(END)[1])
