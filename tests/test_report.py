"""The report as its reader meets it: whole, self-contained, described in words, and in agreement with the run's own tables."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from drivebelt.findings import Findings, findings
from drivebelt.power import state
from drivebelt.report import write
from drivebelt.report.careers import careers
from drivebelt.report.drawing import apart
from drivebelt.report.episodes import span
from drivebelt.report.members import DRAFT, cohorts
from drivebelt.report.page import contents
from drivebelt.report.seats import circle_spans, seats
from drivebelt.report.sections import FIGURES, TABLES, sections
from drivebelt.report.words import shortest, topics
from drivebelt.results import Run
from drivebelt.rulebook import load
from drivebelt.rulebook.amendments import shipped
from drivebelt.running.day import plan_without
from drivebelt.running.runner import Settings, execute


class _Page(HTMLParser):
    """What a page loads, where it points to, and what its images say."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.ids += [held["id"]] if held.get("id") else []
        if tag in ("script", "link", "iframe", "object", "embed") or held.get("src"):
            self.loads.append(tag)
        if tag == "a" and held.get("href"):
            self.links.append(str(held["href"]))
        if tag == "img" or held.get("role") == "img":
            self.pictures.append(held.get("alt") or held.get("aria-label"))


@pytest.fixture(scope="session")
def found(first_year: Run) -> Findings:
    return findings(first_year)


@pytest.fixture(scope="session")
def page(found: Findings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(found, tmp_path_factory.mktemp("page"))


def test_the_page_loads_nothing_and_points_only_into_itself(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    seen = _Page(text)
    assert not seen.loads and "http" not in text and "@import" not in text
    assert len(seen.ids) == len(set(seen.ids))
    assert seen.links and {link.removeprefix("#") for link in seen.links} <= set(seen.ids)
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(seen.ids)
    assert page.stat().st_size < 3_000_000


def test_every_picture_says_what_it_shows(page: Path) -> None:
    pictures = _Page(page.read_text(encoding="utf-8")).pictures
    plots = sorted(p.stem for p in (page.parent / "plots").iterdir())
    assert len(pictures) == len(plots) >= 15
    assert all(words and len(words) > 40 for words in pictures)


def test_all_sections_stand_on_the_page_with_rules_and_a_twin_that_exist(page: Path) -> None:
    text, book = page.read_text(encoding="utf-8"), load([])
    names = [s.name for s in sections()]
    assert set(FIGURES) | set(TABLES) <= set(names)
    for s in sections():
        assert f'id="{s.name}"' in text and s.title in text
        assert set(s.rules) <= set(book)
        option, _, name = s.twin.partition(" ")
        if option == "--without":
            assert plan_without([name.strip('"')])
        elif option:
            assert option == "--amend" and name in shipped()


def test_numbers_on_the_page_are_those_of_the_tables(found: Findings, page: Path) -> None:
    text, run = page.read_text(encoding="utf-8"), found.run
    decisions = run.sql(
        """select count(*), count(*) filter (actor_organ != in_name_of) from acts
           where kind in ('decide', 'poll') and in_name_of = (select organ from organs where key = 'politburo')"""
    ).fetchall()[0]
    assert f'<td>Politburo of the CC</td><td class="n">{decisions[0]:,}</td><td class="n">{decisions[1]:,}</td>' in text
    silent, acts = run.sql("select count(*) filter (not recorded), count(*) from acts").fetchall()[0]
    assert f"{acts:,}" in text and f"{silent:,} ({100 * silent / acts:.1f} %)" in text
    share = run.sql("select value from measures where measure = 'apparatus-share' and day = date '1923-04-17'").fetchall()[0][0]
    assert f"XII congress {100 * share:.0f} per cent" in text


def test_the_map_counts_the_committees_that_received_its_directive(found: Findings, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    matter = int(re.findall(r"Matter (\d+): the circular or letter", text)[0])
    n = found.run.sql(
        f"""select count(distinct actor_organ) from acts a join organs on organ = actor_organ join documents d using (document)
            where a.matter = {matter} and a.kind = 'receive' and level = 'uezd' and branch = 'party'
              and d.kind in ('circular', 'closed-letter', 'cipher-telegram', 'letter', 'directive')"""
    ).fetchall()[0][0]
    assert f"{n:,} at district (uezd) level" in text


def test_careers_are_a_hundred_drawn_by_number_alone(first_year: Run, small: Run) -> None:
    drawn = careers(first_year)
    assert 0 < len(drawn) <= 100 and len(careers(first_year, 10)) == 10
    assert set(careers(first_year, 10)) <= set(drawn)
    for rows in drawn.values():
        assert all(a["until"] <= b["since"] for a, b in pairwise(rows))


def test_seats_and_circle_of_the_run_stand_beside_the_documented(first_year: Run) -> None:
    known, ran = seats(first_year)
    assert "V. I. Lenin" in known and "V. I. Lenin" in ran
    documented, formed, _ = circle_spans(first_year)
    assert set(documented) == {"I. V. Stalin", "L. B. Kamenev", "G. E. Zinoviev"}
    names = {
        row[0]
        for row in first_year.sql(
            "select p.name from acts join persons p on person = actor_person where kind = 'combine'"
        ).fetchall()
    }
    assert set(formed) == names


def test_cohorts_add_up_to_the_members(first_year: Run) -> None:
    days, layers = cohorts(first_year)
    members = dict(first_year.sql("select day, value from measures where measure = 'members'").fetchall())
    for i, day in enumerate(days):
        assert sum(layer[i] for layer in layers.values()) * 1000 == pytest.approx(members[day], abs=1)
    assert state.COHORTS[DRAFT] == "draft"


def test_the_terminal_page_fits_and_gives_each_figure_its_source(found: Findings) -> None:
    text = found.text()
    assert max(map(len, text.splitlines())) <= 100
    for figure in found.anchors:
        assert shortest(figure["source"]) in text
    for case in found.cases:
        assert all(f"{n}. " in text for n in range(1, len(case["steps"]) + 1)) and case["title"] in text
    assert "1923-01-27 (+2)" in text and "input: a starting condition" in text


def test_documented_figures_stand_by_topic_and_those_without_one_last() -> None:
    figures = [{"name": n, "topic": t} for n, t in (("a", None), ("b", "lags"), ("c", "new-topic"), ("d", "world"), ("e", "lags"))]
    assert [(title, [f["name"] for f in held]) for title, held in topics(figures)] == [
        ("The country and its committees", ["d"]), ("Days on the way and papers lent", ["b", "e"]), ("New topic", ["c"]),
        ("Other", ["a"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "settings",
    [
        Settings(end="1922-04-12", scale=0.005),
        Settings(end="1922-05-03", scale=0.005, without=["couriers", "sittings", "cadres", "members"]),
        Settings("1937-october", start="1937-09-30", end="1937-10-12", scale=0.005),
    ],
    ids=["days", "without", "1937"],
)
def test_what_a_run_does_not_hold_is_one_line(settings: Settings, tmp_path: Path) -> None:
    found = findings(Run(execute(settings, tmp_path / "run")))
    shown = contents(found)
    figures = [f for s in shown["sections"] for f in s["figures"]]
    missing = [f for f in figures if "nothing" in f]
    assert missing and all(f["nothing"].endswith(".") for f in missing)
    assert len(figures) == sum(len(made) for made in FIGURES.values())
    text = write(found).read_text(encoding="utf-8")
    assert text.count('class="nothing"') >= len(missing)
    assert found.text()


def test_dates_known_to_the_month_are_months() -> None:
    assert span("1922-08") == (date(1922, 8, 1), date(1922, 8, 31))
    assert span("1923") == (date(1923, 1, 1), date(1923, 12, 31))
    assert span("1923-02-03/1923-03") == (date(1923, 2, 3), date(1923, 3, 31))
    assert span(None) is None and span("autumn") is None


def test_names_of_lines_are_moved_apart_in_their_order() -> None:
    moved = apart([3.0, 1.0, 1.1, 9.0], 2.0)
    order = sorted(range(4), key=moved.__getitem__)
    assert order == [1, 2, 0, 3] and all(moved[b] - moved[a] > 1.9 for a, b in pairwise(order))
