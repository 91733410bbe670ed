"""What tests of imports share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
from conftest import command
from hypothesis import HealthCheck, settings

QUIET = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TRUTH = {"originator", "originator_organ", "originator_person", "cause", "recorded"}


def table(archive: Path, name: str, columns: str = "*", more: str = "") -> list[tuple[Any, ...]]:
    return duckdb.sql(f"select {columns} from read_parquet('{archive / name}.parquet') {more}").fetchall()


def account(archive: Path) -> dict[str, Any]:
    said = json.loads((archive / "archive.json").read_text())
    assert said["origin"] == "import"
    told: dict[str, Any] = said["import"]
    assert told["read"] == told["kept"] + sum(told["dropped"].values()), told
    return told


def read_or_refused(place: Path, form: str, *arguments: str | Path) -> None:
    """Either an archive whose account adds up, or one line and exit code 2; nothing half done."""
    out = place / "out"
    done = command("import", arguments[0], "--from", form, *arguments[1:], "--out", out)
    assert done.returncode in (0, 2) and "Traceback" not in done.stderr, done.stderr
    if done.returncode:
        assert len([line for line in done.stderr.splitlines() if line.startswith("drivebelt: ")]) == 1
    else:
        account(out)
        for part in out.iterdir():
            part.unlink()
        out.rmdir()
    assert not list(place.glob(".*")) and not out.exists()


COLUMNS = {
    "paper": "id", "date": "sent on", "issuer": "from", "recipients": "to", "subject": "subject", "reply_to": "answers",
    "text": "text", "date_format": "%d/%m/%Y", "separator": ";", "delimiter": ",", "encoding": "utf-8",
}  # fmt: skip
"""What the made example of the page has in its columns."""
