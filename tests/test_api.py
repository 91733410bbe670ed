"""The library as the README shows it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import drivebelt as db
from drivebelt.errors import BadInput, BadRun


def test_ten_lines(tmp_path: Path) -> None:
    run = db.run("1922-1928", seed=3, scale=0.01, end="1922-05-10", out=tmp_path / "run")
    kinds = run.sql("select kind, count(*) as n from acts group by kind").fetchall()
    assert dict(kinds)["decide"] > 0
    assert run.trace(matter=7).lines()[0].startswith("Matter 7")
    assert db.load(tmp_path / "run").info["digest"] == run.info["digest"]
    assert run.documents.num_rows == run.info["rows"]["documents"]


def test_rules_and_evidence() -> None:
    assert db.rules(at="1924-09-01")["return_of_minutes"] == {"moscow": 14, "province": 30}
    assert db.rules(at=date(1928, 1, 1), amend=["long-return-terms"])["return_of_minutes"]["moscow"] == 14
    assert len(db.rules()) > 900
    assert db.evidence("cipher stolen", kind="event")
    with pytest.raises(BadInput, match="not a date"):
        db.rules(at="soon")


def test_errors_are_of_one_family(tmp_path: Path) -> None:
    with pytest.raises(BadRun, match="no such run directory"):
        db.load(tmp_path / "nowhere")
    with pytest.raises(BadInput, match="did you mean"):
        db.run("1922-192", out=tmp_path / "x")
    run = db.run(end="1922-04-05", scale=0.01, out=tmp_path / "two days")
    with pytest.raises(BadInput, match="query"):
        run.sql("select nothing from nowhere")
    with pytest.raises(AttributeError, match="its tables are"):
        _ = run.wages
