"""Experiments: two runs side by side, and the shipped what-ifs, made as pairs on demand."""

from __future__ import annotations

from datetime import date
from typing import Any

from drivebelt.report.drawing import Drawn, period
from drivebelt.rulebook.amendments import shipped
from drivebelt.web import pairs
from drivebelt.web.asked import Asked, link
from drivebelt.web.drawing import measures as drawing
from drivebelt.web.figures import drawing_alone
from drivebelt.web.meaning import MEANINGS, meaning
from drivebelt.web.naming import amount
from drivebelt.web.page import Chart, Column, Page, Route, listed
from drivebelt.web.views.measures import chosen, lines

FIRST = "decided-before"


def compare(asked: Asked) -> Page:
    """Two runs in one figure, with what differs in their numbers, settings and rules."""
    shelf = [s.name for s in asked.library.shelf()]
    names = [asked.choice("a", shelf, asked.library.first()), asked.choice("b", shelf, shelf[1] if len(shelf) > 1 else shelf[0])]
    runs = [asked.library.run(name) for name in names]
    every = [lines(asked, run) for run in runs]
    known = [m for m in MEANINGS if m.name in every[0] or m.name in every[1]]
    name = asked.choice("measure", tuple(dict.fromkeys([*every[0], *every[1]])), FIRST if any(FIRST in e for e in every) else "")
    what = meaning(name)
    scopes = dict.fromkeys(s for e in every for s in e.get(name, {}))
    wanted = asked.word("scope") or ",".join(s for s in what.first if s in scopes) or ",".join(scopes)
    wanted = ",".join([s for s in wanted.split(",") if s in scopes][:3])
    shown = [chosen(what, e[name], wanted) if name in e else {} for e in every]
    first, last = (f(x) for f, x in zip((min, max), zip(*(period(run.info) for run in runs), strict=True), strict=True))
    titles = (names[0], names[1] if names[1] != names[0] else f"{names[1]} (the same)")

    def draw() -> Drawn:
        with drawing_alone():
            return drawing.pair(what, shown[0], shown[1], titles, first, last)

    chart = Chart(("pair", *(str(run.path) + run.info["digest"] for run in runs), name, wanted), draw)
    columns = (
        Column("a", names[0], numeric=True, told=lambda v: amount(v, what.unit)),
        Column("b", names[1], numeric=True, told=lambda v: amount(v, what.unit)),
        Column("gap", "Difference", numeric=True, told=lambda v: amount(v, what.unit, signed=True)),
    )
    heads = (Column("told_a", names[0], numeric=True), Column("told_b", names[1], numeric=True),
             Column("told_gap", "Difference", numeric=True))  # fmt: skip
    kept = asked.library.kept
    both = (runs[1].info["digest"], str(runs[1].path))
    apart = kept(runs[0], ("rules apart", *both), lambda: pairs.rules_apart(*runs))
    tables = {
        "years": listed(asked, pairs.yearly(*shown), (Column("scope", "Of"), Column("year", "Year"), *columns)),
        "headlines": listed(
            asked, _told(kept(runs[0], ("headlines", *both), lambda: pairs.differences(*runs))),
            (Column("title", "Measure", link=lambda r: asked.here(measure=r["measure"], scope=None)), Column("of", "Of"),
            Column("over", "Over"), *heads),
            empty="Neither run has one.",
        ),
        "settings": listed(asked, pairs.settings(*runs),
        (Column("setting", "Setting"), Column("a", names[0]), Column("b", names[1]), Column("differs", "Differs"))),
        "rules": listed(
            asked, apart, (Column("rule", "Rule", link=lambda r: link("rule", r["rule"])), Column("key", "Key"),
            Column("since", "Since"), Column("a", names[0]), Column("b", names[1])),
            empty="Both runs follow the same rules: what differs between them is scale, seed or period.",
        ),
    }  # fmt: skip
    content = {
        "names": names, "choices": shelf, "measure": name, "known": [(m.group, m.name, m.title) for m in known],
        "title": what.title, "about": what.short, "says": what.says,
        "scopes": list(scopes), "chosen": wanted.split(",") if wanted else [], "questions": _questions(runs),
        "apart": len(apart),
    }  # fmt: skip
    return Page(
        "compare.html.j2",
        "Two runs side by side",
        content,
        tables,
        {"pair": chart},
        (("Measures and experiments", link("run", names[0], "measures")),),
    )


def _told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Headlines in words: what is measured, of whom, over which months, and its values in their unit."""
    out = []
    for row in rows:
        unit = "days" if row["window"] == "onset" else meaning(row["measure"]).unit
        change = row["window"] == "rise"
        told = {f"told_{k}": None if row[k] is None else amount(row[k], unit, signed=change) for k in ("a", "b")}
        gap = None if row["gap"] is None else amount(row["gap"], unit, signed=True)
        words = {"title": meaning(row["measure"]).title, "of": row["scope"] or "–", "over": pairs.WINDOWS[row["window"]]}
        out.append({**row, **words, **told, "told_gap": gap})
    return out


def _questions(runs: list[Any]) -> list[tuple[str, str]]:
    """The amendments of the runs with what they ask."""
    asked = shipped()
    names = dict.fromkeys(str(x) for run in runs for x in run.info["amendments"])
    return [(name, asked.get(name, "")) for name in names]


def experiments(asked: Asked) -> Page:
    """The shipped questions, and a pair made of one."""
    library = asked.library
    names = [name for name in shipped() if name != "none"]
    wanted = asked.choice("make", names)
    if wanted:
        pairs.make(library, wanted)
    rows = pairs.pairs(library)
    now = pairs.running(library)
    told = [
        {"name": p.name, "question": p.question, "state": "made" if p.shelved else p.job.state if p.job else "",
        "said": p.job.said if p.job else "",
         "pair": link("compare", a=p.shelved[0], b=p.shelved[1], measure=SHOWS.get(p.name, FIRST)) if p.shelved else None,
         "reads": _readings(library, p) if p.shelved else []}
        for p in rows
    ]  # fmt: skip
    content = {
        "pairs": told, "running": now.as_dict() if now else None, "wanted": next((p for p in told if p["name"] == wanted), None),
        "scale": pairs.SCALE,
        "until": date.fromisoformat(pairs.UNTIL),
    }  # fmt: skip
    columns = (Column("name", "Name"), Column("question", "Question"), Column("state", "State"))
    return Page("experiments.html.j2", "What if", content, {"questions": listed(asked, told, columns)},
                trail=(("Measures and experiments", asked.to("measures")),) if library.shelf() else (),
                refresh=2 if now else None)  # fmt: skip


SHOWS = {
    "elected-secretaries": "posts-owed", "moved-general-secretary": "dependence", "no-ties-no-fear": "bent",
    "secret-ballot": "votes-against",
    "discussion-allowed": "delegates-against", "strict-admission": "members", "separation-of-party-and-state": "mask-share",
    "no-secret-paperwork": "oral-share", "open-minutes": "knowledge", "enlarged-central-committee": "rejected",
    "free-press": "knowledge",
    "healthy-leader": "known-to-leader", "long-return-terms": "returned-in-time", "documented-bodies": "seats-documented",
    "communists-before-the-courts": "courts-led",
}  # fmt: skip
"""The measure that a question is about."""


def _readings(library: Any, pair: pairs.Pair) -> list[dict[str, Any]]:
    """What moved most in a pair that has been made: the headlines with the largest change against their size."""
    runs = [library.run(name) for name in pair.shelved or ()]
    rows = library.kept(runs[0], ("headlines", runs[1].info["digest"], str(runs[1].path)), lambda: pairs.differences(*runs))
    moved = [r for r in rows if r["gap"]]
    moved.sort(key=lambda r: -abs(r["gap"]) / max(abs(r["a"]), abs(r["b"]), 1e-9))
    return _told(moved[:3])


ROUTES = (Route("/compare", compare), Route("/experiments", experiments))
