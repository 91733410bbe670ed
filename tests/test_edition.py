"""Documentary editions: a made volume from file to missing numbers, series that begin anew, hostile files, and real volumes."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from conftest import command, public_data, refused
from hypothesis import given
from hypothesis import strategies as st
from importing import QUIET, account, read_or_refused, table

from drivebelt.corpora import series
from drivebelt.corpora.edition import mentions
from drivebelt.corpora.safe_xml import DEEPEST
from drivebelt.corpora.tei import LETTER, TELEGRAM, Reference, volume

START = date(1931, 3, 2)


def paper(n: int, outward: bool, number: int, day: date, text: str = "", hand: str = "Marek", telegram: bool = True) -> str:
    ends = (
        ("The Secretary of State", "the Minister in Ruritania")
        if outward
        else ("The Minister in Ruritania", "the Secretary of State")
    )
    opening = f"{number}. {text}" if telegram else f"No. {number}"
    return (
        f'<div type="document" xml:id="d{n}" n="{n}"><note type="source">123.4/5{": Telegram" if telegram else ""}</note>'
        f"<head><hi>{ends[0]}</hi> (<persName>{hand}</persName>) to {ends[1]}</head>"
        f'<dateline>Strelsau, <date when="{day}T18:00:00">a day</date></dateline><p>{opening}</p><p>{text}</p>'
        f"<closer><signed>{hand}</signed></closer></div>"
    )


def written(path: Path, papers: list[str]) -> Path:
    path.write_text('<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>' + "".join(papers) + "</body></text></TEI>")
    return path


def a_year(keep: set[int], text: dict[int, str] | None = None) -> list[str]:
    """Forty telegrams from Ruritania, one every third day, of which some are printed."""
    return [paper(n, False, n, START + timedelta(days=3 * n), (text or {}).get(n, "")) for n in range(1, 41) if n in keep]


def test_a_paper_is_read_with_its_number_day_and_what_it_names(tmp_path: Path) -> None:
    says = "Your 7, March 20, 5 p.m. refers; see my despatch No. 31 of February 4 and Legation’s telegram No. 90 of December 30."
    found = volume(written(tmp_path / "v.xml", [paper(1, False, 12, date(1931, 4, 7), says)])).papers[0]
    assert (found.post, found.outward, found.kind, found.number, found.day) == ("Ruritania", False, TELEGRAM, 12, date(1931, 4, 7))
    assert found.signed == "Marek"
    assert set(found.references) == {
        Reference(True, TELEGRAM, 7, date(1931, 3, 20)), Reference(False, LETTER, 31, date(1931, 2, 4)),
        Reference(False, TELEGRAM, 90, date(1930, 12, 30)),
    }  # fmt: skip


def test_a_series_without_a_gap_misses_nothing(tmp_path: Path) -> None:
    written(tmp_path / "whole.xml", a_year(set(range(1, 41))))
    done = command("import", tmp_path / "whole.xml", "--from", "tei", "--out", tmp_path / "archive")
    assert done.returncode == 0, done.stderr
    said = json.loads(command("reconstruct", tmp_path / "archive", "--out", tmp_path / "found", "--json").stdout)
    assert said["ever_numbered"]["total"] == said["ever_numbered"]["there"] == 40
    assert not pq.read_table(tmp_path / "found" / "free_numbers.parquet").num_rows
    assert not pq.read_table(tmp_path / "found" / "traces.parquet").num_rows


def test_hidden_papers_are_missed_by_number_and_proved_by_reference(tmp_path: Path) -> None:
    hidden = {4, 5, 17, 30}
    says = {
        20: f"My telegram No. 17, {START + timedelta(days=51):%B} {(START + timedelta(days=51)).day}, 6 p.m., was not answered."
    }
    written(tmp_path / "v.xml", a_year(set(range(1, 41)) - hidden, says))
    assert command("import", tmp_path / "v.xml", "--from", "tei", "--out", tmp_path / "archive").returncode == 0
    assert account(tmp_path / "archive")["kept"] == 36
    said = json.loads(command("reconstruct", tmp_path / "archive", "--out", tmp_path / "found", "--json").stdout)["ever_numbered"]
    assert (said["there"], said["known_by_trace"], said["free_numbers"]) == (36, 1, 3)
    free = pq.read_table(tmp_path / "found" / "free_numbers.parquet").to_pylist()
    assert [(f["from"], f["to"]) for f in free] == [(4, 5), (30, 30)]
    assert all(
        f["after"] < START + timedelta(days=3 * f["from"]) and START + timedelta(days=3 * f["to"]) < f["before"] for f in free
    )
    trace = pq.read_table(tmp_path / "found" / "traces.parquet").to_pylist()
    assert [(t["trace"], t["number"], t["known_by"]) for t in trace] == [
        ("reference to a paper not there", 17, START + timedelta(days=51))
    ]
    assert table(tmp_path / "archive", "registers", "register, name") == [("telegrams from posts", "telegrams from Ruritania")]


def test_every_trace_a_paper_leaves_goes_with_it_when_it_is_hidden(tmp_path: Path) -> None:
    says = {20: "Your 3, March 5, 5 p.m. and my 17, April 22, 6 p.m. received."}
    papers = volume(written(tmp_path / "v.xml", a_year(set(range(1, 41)) - {17}, says))).papers
    at = next(i for i, p in enumerate(papers) if p.number == 20)
    assert int((~mentions(papers).known().there).sum()) == 2
    assert int((~mentions(papers, frozenset([at])).known().there).sum()) == 0


@QUIET
@given(st.integers(0, 1 << 30))
def test_series_that_begin_anew_are_cut_where_they_do(seed: int) -> None:
    draw = random.Random(seed)
    number, day, true, now = [], [], [], 0
    for run in range(draw.randint(1, 4)):
        many = draw.randint(30, 120)
        kept = sorted(draw.sample(range(1, many + 1), max(many // 3, 8)))
        if run:  # a new book shows where it begins low
            kept = [k for k in kept if k > 10]
            kept = [draw.randint(1, 3), *kept]
        number += kept
        day += [now + 4 * k for k in kept]
        true += [run] * len(kept)
        now += 4 * many + 10
    # between two books nothing would tell
    misread = draw.choice([i for i in range(4, len(true) - 4) if true[i - 4] == true[i + 4]])
    number.append(9999)
    day.append(day[misread])
    order = list(range(len(number)))
    draw.shuffle(order)
    found = series.runs([number[i] for i in order], [day[i] for i in order])
    assert found[order.index(len(number) - 1)] == -1
    assert [int(found[order.index(i)]) for i in range(len(true))] == true


def test_days_of_missing_numbers_hold_as_often_as_they_say() -> None:
    """Numbers given in bursts: intervals as from even numbering hold too seldom, those widened by the archive's own do."""
    draw = np.random.default_rng(3)
    step = np.where(draw.random(6000) < 0.15, draw.integers(4, 30, 6000), 0) + (draw.random(6000) < 0.3)
    day, number = np.cumsum(step), np.arange(1, 6001)
    keep = draw.random(6000) < 0.15
    known, lost = np.flatnonzero(keep), np.flatnonzero(~keep)
    at = np.searchsorted(known, lost)
    lost, at = lost[(at > 0) & (at < known.size)], at[(at > 0) & (at < known.size)]
    even = series.evenness(number[known], day[known], np.zeros(known.size, int))
    rate = {}
    for how in (1.0, even):
        d = series.dates(number[lost], number[known[at - 1]], day[known[at - 1]], number[known[at]], day[known[at]], how)
        rate[how] = float(((d.low <= day[lost]) & (day[lost] <= d.high)).mean())
    assert even < 0.8 and rate[1.0] < rate[even] and 0.85 < rate[even] < 0.96
    outside = series.dates([5, 9], [0, 10], [np.nan, 3], [7, 20], [30, 50])
    assert np.isnan(outside.day).all() and np.isnan(outside.low).all()


HOSTILE = {
    "declares": '<!DOCTYPE TEI [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><TEI>&b;</TEI>',
    "declares a document type": '<!DOCTYPE TEI SYSTEM "file:///etc/passwd"><TEI/>',
    "deep": "<a>" * (DEEPEST + 2) + "</a>" * (DEEPEST + 2),
    "check that the file is whole": '<TEI><div type="document">',
    "not an edition": "<html><body/></html>",
    "line 1": "no markup at all",
}


@pytest.mark.parametrize("why", HOSTILE)
def test_hostile_files_are_refused_in_one_line(tmp_path: Path, why: str) -> None:
    (tmp_path / "v.xml").write_text(HOSTILE[why])
    said = refused("import", tmp_path / "v.xml", "--from", "tei", "--out", tmp_path / "out")
    assert why in said and "v.xml" in said and not (tmp_path / "out").exists()


def test_a_folder_without_volumes_and_papers_without_dates_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no file *.xml" in refused("import", tmp_path / "empty", "--from", "tei", "--out", tmp_path / "out")
    written(tmp_path / "v.xml", ['<div type="document"><head>A</head><date when="never">x</date></div>'])
    assert "no paper has a date" in refused("import", tmp_path / "v.xml", "--from", "tei", "--out", tmp_path / "out")


@QUIET
@given(st.integers(0, 1 << 30))
def test_a_volume_with_changed_bytes_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    place = tmp_path_factory.mktemp("tei")
    written(place / "v.xml", a_year(set(range(1, 9)), {5: "Your 3, March 5, 5 p.m."}))
    raw, draw = bytearray((place / "v.xml").read_bytes()), random.Random(seed)
    for _ in range(draw.randint(1, 12)):
        raw[draw.randrange(len(raw))] = draw.randrange(256) if draw.random() < 0.3 else draw.choice(b"0123456789 <>&-abcT")
    (place / "v.xml").write_bytes(raw)
    read_or_refused(place, "tei", place / "v.xml")


@pytest.mark.parametrize("name", ["frus1918Russiav03", "frus1934v05"])
def test_real_volumes_name_each_other_by_the_right_day(name: str) -> None:
    m = mentions(volume(public_data("frus", f"{name}.xml")).papers)
    own = {(s, n): d for s, n, d, p in zip(m.series, m.number, m.day, m.paper, strict=True) if p >= 0}
    apart = [abs(own[s, n] - d) for s, n, d, p in zip(m.series, m.number, m.day, m.paper, strict=True) if p < 0 and (s, n) in own]
    assert len(apart) >= 80 and sum(a == 0 for a in apart) >= 0.95 * len(apart)
    assert int((~m.known().there).sum()) >= 10
