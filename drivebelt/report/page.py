"""The report page of a run: one HTML file with everything in it, and the figures as PNG beside it."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drivebelt.errors import BadRun

if TYPE_CHECKING:
    from collections.abc import Callable

    from drivebelt.findings import Findings
    from drivebelt.report.drawing import Drawn
    from drivebelt.report.sections import Section

TITLE = "How a decision became paper"


def write(found: Findings, folder: Path | None = None) -> Path:
    """Writes report.html and the plots as PNG into a folder, by default the run directory; returns the page.

    Raises BadRun where it cannot; a page that was there before then stays as it was.
    """
    from jinja2 import Environment

    content = contents(found)
    text = files("drivebelt.report").joinpath("page.html.j2").read_text(encoding="utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
    page = template.render(title=TITLE, info=found.run.info, silence=found.silence, **content)
    place = (folder or found.run.path) / "report.html"
    try:
        plots_in = place.parent / "plots"
        plots_in.mkdir(parents=True, exist_ok=True)
        for name, png in content["plots"].items():
            _put(plots_in / f"{name}.png", png)
        _put(place, page.encode())
    except OSError as why:
        raise BadRun(f"{place}: cannot be written: {why.strerror or why}; free some space or give a folder with --out") from why
    return place


def contents(found: Findings) -> dict[str, Any]:
    """What the template shows: sections, episodes and the documented figures, and the figures as PNG by name."""
    from drivebelt.report.sections import FIGURES, TABLES, episode_figure, sections, steps
    from drivebelt.rulebook import load

    book = load([])
    plots: dict[str, bytes] = {}

    def draw(name: str, make: Callable[[], Drawn]) -> dict[str, Any]:
        from drivebelt.report.drawing import Nothing

        try:
            made = make()
        except Nothing as why:
            return {"name": name, "nothing": str(why)}
        plots[name] = made.png
        return {"name": name, "svg": made.svg, "alt": made.alt, "caption": made.caption}

    def show(section: Section) -> dict[str, Any]:
        rules = [{"about": book[r].about, "source": book[r].citation(), "id": r} for r in section.rules if r in book]
        return {
            "name": section.name, "title": section.title, "shows": section.shows, "otherwise": section.otherwise, "rules": rules,
            "figures": [draw(name, lambda make=make: make(found)) for name, make in FIGURES.get(section.name, ())],  # type: ignore[misc]
            "tables": TABLES[section.name](found) if section.name in TABLES else [], "twin": section.twin,
        }  # fmt: skip

    cases = [
        {**case, "figure": draw(f"episode-{case['name']}", lambda case=case: episode_figure(case)), "table": steps(case)}  # type: ignore[misc]
        for case in found.cases
    ]
    *shown, last, documented = (show(section) for section in sections())
    return {
        "sections": shown,
        "episodes": last,
        "documented": documented,
        "cases": cases,
        "plots": plots,
        "summary": summary(found),
    }


def summary(found: Findings) -> list[str]:
    """The findings in a few sentences, each with its numbers; what the run does not hold is left out."""
    out = []
    by_name = {d["body"]: d for d in found.deciders}
    politburo = by_name.get("Politburo of the CC")
    if politburo:
        others = sorted((d for d in found.deciders if d is not politburo), key=lambda d: -d["settled_before"] / d["decisions"])
        share = [f"of the {d['body'].removesuffix(' of the CC')} {100 * d['settled_before'] / d['decisions']:.0f}" for d in others]
        out.append(
            f"Of a hundred decisions of the Politburo {100 * politburo['settled_before'] / politburo['decisions']:.0f} had been "
            f"settled "
            "before by an informal circle" + (f", {' and '.join(share)}." if share else ".")
        )
    days = {d["level"]: d["days"] for d in found.lags}
    if days:
        names = {
            "region": "a region",
            "gubernia": "a province",
            "uezd": "a district",
            "volost": "a rural district",
            "cell": "a cell",
        }
        out.append(
            "An order of the Centre reaches "
            + ", ".join(f"{names[x]} after {d:.0f}" for x, d in days.items() if x in names)
            + " days."
        )
    s = found.silence
    out.append(
        f"Of all acts {100 * (s['silent'] or 0) / max(s['acts'], 1):.1f} per cent left no paper; {s['burned'] or 0:,} copies "
        f"were burned."
    )
    if len(found.meetings) > 1:
        first, last = found.meetings[0], found.meetings[-1]
        paid = [round(100 * m["officials"] / m["delegates"]) for m in (first, last)]
        no = [100 * m["against"] / m["delegates"] for m in (first, last)]
        out.append(
            f"From the {first['name']} ({first['day'].year}) to the {last['name']} ({last['day'].year}) the share of paid "
            f"officials among "
            f"delegates goes from {paid[0]} to {paid[1]} per cent, votes against the leadership from {no[0]:.1f} to {no[1]:.1f}."
        )
    judged = [a for a in found.anchors if a["kind"] == "outcome" and a["documented"] and a["run"] is not None]
    if judged:
        near = sum(abs(a["run"] - a["documented"]) <= 0.25 * max(abs(a["run"]), abs(a["documented"])) for a in judged)
        out.append(
            f"Of {len(judged)} documented outcomes that this run reaches, {near} lie within a quarter of it; the others are "
            f"listed with their sources."
        )
    return out


def _put(place: Path, content: bytes) -> None:
    """Writes beside the old file and then takes its place."""
    part = place.with_name(place.name + ".part")
    try:
        part.write_bytes(content)
        os.replace(part, place)
    except OSError:
        part.unlink(missing_ok=True)
        raise
