"""The library as the README shows it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import drivebelt as db
from drivebelt.errors import BadInput, BadRun

CLERKS = ("north", "south", "east", "west", "docks")


def test_the_example_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parent.parent / "README.md").read_text()
    names: dict[str, Any] = {}
    monkeypatch.chdir(tmp_path)
    exec(page.split("```python\n")[1].split("```")[0], names)
    said = capsys.readouterr().out
    for part in ("kind", "First mover: ", "without a paper.", "carry an order, in", "{'moscow': 3, 'province': 3}"):
        assert part in said, part
    run, found = names["run"], names["found"]
    assert db.load(run.path).info["digest"] == run.info["digest"]
    assert run.documents.num_rows == run.info["rows"]["documents"] > found.info["papers"] > 0


def test_from_a_run_to_an_archive_and_back(tmp_path: Path) -> None:
    run = db.run(seed=4, scale=0.005, end="1922-06-15", out=tmp_path / "run")
    archive = db.archive(run, "complete", out=tmp_path / "archive", survival=0.5, seed=9, key=tmp_path / "key.parquet")
    assert 0 < archive.documents.num_rows < run.documents.num_rows
    found = db.reconstruct(archive)
    found.write(tmp_path / "found")
    figures = db.score(tmp_path / "found", tmp_path / "run", tmp_path / "key.parquet").as_dict()
    assert figures["papers"] == archive.documents.num_rows and figures["grouping"]["f1"] > 0.8
    assert figures["origin_days"]["cascades"] > 20 and figures["superiors"] is None
    with pytest.raises(BadInput, match="--key FILE"):  # made with another seed of losses: the archive cannot be made again
        db.score(found, run)
    document = archive.documents["document"][0].as_py()
    assert str(document) in db.explain(found, document)[0]
    with pytest.raises(BadInput, match="one of them"):
        db.explain(found)
    kinds = [type(db.open(tmp_path / name)).__name__ for name in ("run", "archive", "found")]
    assert kinds == ["Run", "Archive", "Reconstruction"]
    assert db.export(archive, "graphml", tmp_path / "bodies.graphml").written
    with pytest.raises(BadInput, match="ocel2-sqlite"):
        db.export(run, "word", tmp_path / "x")
    (tmp_path / "letters.docx").write_bytes(b"PK")
    with pytest.raises(BadInput, match="ocel2, csv, mbox, tei"):
        db.import_(tmp_path / "letters.docx", "word", tmp_path / "x")


def test_an_archive_of_another_field(tmp_path: Path) -> None:
    """Forty orders of a head to five clerks, who answer within days: nobody says who stands above whom."""
    rows, lags = ["from,to,date,subject,text"], np.random.default_rng(1).integers(2, 8, (40, len(CLERKS)))
    for i in range(40):
        first = date(1950, 1, 1).toordinal() + 9 * i
        for who, lag in [("head", 0), *zip(CLERKS, lags[i].tolist(), strict=True)]:
            day = date.fromordinal(first + lag)
            rows.append(
                f"{who},all,{day},order {i},Order {i}: deliver {i * 7} carts of grain number {i} to the station of {i * i}."
            )
    (tmp_path / "leak.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "leak.yaml").write_text("columns: {issuer: from, recipients: to, date: date, subject: subject, text: text}\n")
    archive = db.import_(tmp_path / "leak.csv", "csv", tmp_path / "leak", mapping=tmp_path / "leak.yaml")
    assert archive.info["regime"] == "imported" and archive.documents.num_rows == 40 * (1 + len(CLERKS))
    found = db.reconstruct(archive, superiors=True)
    assert found.info["superiors"]["weighed"] and any("Superiors" in line for line in found.summary())
    rows = {row["name"]: row for row in found.superiors.to_pylist()}
    assert rows["head"]["superior"] is None
    for clerk in CLERKS:  # whoever wrote first in every order is named as likeliest, and nobody unseen is claimed against him
        assert rows[clerk]["seen_name"] == "head" and rows[clerk]["first"] == rows[clerk]["shared"] == 40
        assert not rows[clerk]["unseen"]
    text = "\n".join(db.explain(found, office=rows["north"]["organ"]))
    assert "head shares 40 of its 40 orders and wrote first in 40" in text
    with pytest.raises(BadInput, match="not among the offices weighed"):
        db.explain(found, office=4711)


def test_the_command_line_offers_the_formats_that_there_are() -> None:
    from drivebelt.cli import interchange
    from drivebelt.interchange import exporting, importing

    assert tuple(exporting.FORMATS) == interchange.TO and importing.FORMATS == interchange.FROM


def test_an_experiment_without_seeds_is_refused(tmp_path: Path) -> None:
    for seeds in (0, 10**9):
        with pytest.raises(BadInput, match="from 1 to"):
            db.experiment("shipped", tmp_path / "results", seeds=seeds)
    assert not (tmp_path / "results").exists()


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
