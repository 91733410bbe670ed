"""The measured part of a page: what stands between two marks is written by a script, the rest by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def fill(page: Path, lines: Sequence[str], part: str = "") -> None:
    """Puts lines between the marks of a page, or of one `part` of it (`<!-- measured: part -->`)."""
    name = f"measured: {part}" if part else "measured"
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    before, rest = page.read_text().split(begin)
    page.write_text(before + begin + "\n" + "\n".join(lines) + "\n\n" + end + rest.split(end)[1])
