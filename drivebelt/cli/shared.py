"""What the commands share: options and their checks, and how they print."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import Any

import click

from drivebelt.errors import BadInput

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
WORKERS = click.IntRange(min=1)
FIELDS = "drivebelt rules"
"""The command that lists the fields."""


def example(text: str) -> str:
    """The end of a command's help."""
    return f"\b\nExample:\n  {text}"


def is_date(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """A date, or BadInput."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as why:
        raise BadInput(f"{param.opts[0]} {value!r}: not a date; write YYYY-MM-DD") from why


def is_place(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """A place of its own, or BadInput."""
    if value is not None and value == Path():
        raise BadInput(f"{param.opts[0]}: names no directory of its own; give one that is not there yet")
    return value


def print_json(content: Any) -> None:
    """A result for a machine."""
    click.echo(json.dumps(content, default=str, ensure_ascii=False, indent=1))


def say(text: str) -> None:
    """Progress, and what is not a result."""
    click.echo(text, err=True)


def columns() -> int | None:
    """How wide the reader's terminal is; None in a pipe, where nothing is wrapped, for grep."""
    return max(shutil.get_terminal_size().columns - 1, 30) if sys.stdout.isatty() else None


def wrapped(text: str, indent: str, hang: int = 0) -> None:
    """A paragraph for a reader at a terminal; in a pipe it stays one line."""
    width = columns()
    if width is None:
        click.echo(indent + text)
        return
    click.echo(
        textwrap.fill(
            text, width, initial_indent=indent, subsequent_indent=indent + " " * min(hang, width // 3), break_long_words=False,
            break_on_hyphens=False, drop_whitespace=True,
        )
    )  # fmt: skip


def heading(title: str, note: str, room: int = 0) -> None:
    """A heading in bold with a note beside it, or under it where the terminal is too narrow; a table's columns are such a note."""
    width = columns()
    line = f"{title:<{room}}  {note}"
    fits = width is None or len(line) <= width
    click.echo(click.style(f"\n{line[: len(line) - len(note)] if fits else title}", bold=True) + (note if fits else ""))
    if not fits:
        _below(note, width)


def row(name: str, room: int, cells: str) -> None:
    """A line of a table; its name stands above its figures where the terminal is too narrow for both."""
    width = columns()
    if width is None or width >= 2 + room + len(cells.rstrip()):
        click.echo(f"  {name[:room]:<{room}}{cells}")
        return
    wrapped(name, "  ", 2)
    _below(cells, width)


def _below(cells: str, width: int | None) -> None:
    """Columns on a line of their own, drawn together where they are still too wide."""
    if width is None or len(cells.rstrip()) <= width:
        click.echo(cells.rstrip())
    else:
        wrapped(" ".join(cells.split()), "    ", 2)
