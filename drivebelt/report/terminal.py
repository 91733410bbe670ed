"""Findings and episodes for a terminal: a hundred columns wide, or as few as there are."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

from drivebelt.report.words import KINDS, LEVEL_NAMES, number, shortest, topics

if TYPE_CHECKING:
    from drivebelt.cases import Case
    from drivebelt.findings import Findings

WIDTH = 100
_STEP = 30  # columns that a text needs beside a table; with fewer it stands below


def text(found: Findings, styled: bool = False, width: int = WIDTH) -> str:
    """All findings, section after section."""
    out = _wrapped(_opening(found), width)
    for title, lines in (
        ("Who decides", _deciders(found, width)),
        ("The informal circle, as it comes out", _circles(found, width)),
        ("Congresses and conferences (votes against the leadership)", _meetings(found, width)),
        ("Acts and documents by level", _levels(found, width)),
        ("Days from the Centre (orders of the Centre; the middle one of the months)", _lags(found, width)),
        ("Beside the documented figures", _anchors(found, width)),
        ("Episodes: documented and simulated days", _cases(found, width)),
    ):
        if lines:
            heads = textwrap.wrap(title, width)
            out += ["", *(f"\033[1m{head}\033[0m" if styled else head for head in heads), *lines]
    return "\n".join(line.rstrip() for line in out)


def case_text(c: Case, ran: bool, width: int | None = None) -> list[str]:
    """The steps of an episode, documented and (where it `ran`) simulated, source by source; without a width a step is one line."""
    out = [f"{'documented':<12} {'simulated':<12} {'lag doc.':>8} {'lag sim.':>8}  step"]
    for s in c.steps:
        lag = ["" if x is None else f"{x} d" for x in (s.documented_lag, s.simulated_lag)]
        many = f" (middle one of {s.n:,})" if s.n > 1 and s.simulated else ""
        sim = str(s.simulated or "did not happen") if ran else ""
        left = f"{s.documented or '-':<12} {sim:<12} {lag[0]:>8} {lag[1]:>8}  "
        out += _beside(left, f"{s.text}{many}", width)
        if s.source:
            out += _beside(" " * len(left), s.source, width)
        if s.elsewhere:
            low, middle, high = s.elsewhere
            out += _beside(" " * len(left), f"everywhere in this run: {low} to {high} d, middle {middle}", width)
    return [line.rstrip() for line in out]


def _beside(left: str, words: str, width: int | None, hang: int = 0) -> list[str]:
    """Words in the last column of a table, or below the others where the terminal is too narrow."""
    if width is None:
        return [left + words]
    room = width - len(left)
    if room < _STEP:
        below = textwrap.wrap(words, width, initial_indent=" " * 6, subsequent_indent=" " * (6 + hang), break_on_hyphens=False)
        return [*([left] if left.strip() else []), *below]
    lines = textwrap.wrap(words, room - hang, break_on_hyphens=False) or [""]
    return [left + lines[0], *(" " * (len(left) + hang) + line for line in lines[1:])]


def _wrap(words: str, width: int, indent: int = 2, hang: int = 0) -> list[str]:
    return textwrap.wrap(
        words, width, initial_indent=" " * indent, subsequent_indent=" " * (indent + hang), break_on_hyphens=False
    )  # fmt: skip


def _wrapped(lines: list[str], width: int) -> list[str]:
    """Lines of a table, the rest of those that are too long under them."""
    out = []
    for line in lines:
        out += textwrap.wrap(line, width, subsequent_indent=" " * 6, break_on_hyphens=False) if len(line) > width else [line]
    return out


def _columns(rows: list[list[str]]) -> list[str]:
    """A table: the first column to the left, the others to the right, each as wide as its widest."""
    wide = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))] if rows else []
    return [
        "  " + "  ".join(f"{c:>{w}}" if n else f"{c:<{w}}" for n, (c, w) in enumerate(zip(row, wide, strict=True))) for row in rows
    ]


def _opening(found: Findings) -> list[str]:
    info, rows = found.run.info, found.run.info["rows"]
    amended = f", amended: {', '.join(info['amendments'])}" if info["amendments"] else ""
    without = f", without: {', '.join(info['without'])}" if info.get("without") else ""
    return [
        f"{info['scenario']}, {info['from']} to {info['to']}, seed {info['seed']}, scale {info['scale']:g}{amended}{without}",
        f"{rows['acts']:,} acts, {rows['documents']:,} documents, {rows['copies']:,} copies, {rows['matters']:,} matters",
    ]


def _deciders(found: Findings, width: int) -> list[str]:
    rows = []
    for d in found.deciders:
        share = 100 * d["settled_before"] / d["decisions"]
        rows.append([d["body"], f"{d['decisions']:,} decisions", f"{share:.1f} % settled before by the circle"])
    s = found.silence
    return _wrapped(_columns(rows), width) + _wrap(
        f"{s['agreed'] or 0:,} agreements by word of mouth, {s['stricken'] or 0:,} matters struck off, {s['unminuted'] or 0:,} "
        f"decisions "
        f"entered nowhere; {100 * (s['silent'] or 0) / max(s['acts'], 1):.1f} % of all acts left no paper; {s['burned'] or 0:,} "
        f"copies "
        f"burned in {s['burnings'] or 0:,} burnings.",
        width,
    )


def _circles(found: Findings, width: int) -> list[str]:
    out = []
    for c in found.circles:
        out += _wrap(f"{c['day']}  {c['members']}" + (f"; against {c['against']}" if c["against"] else ""), width, hang=12)
    return out and [
        *out,
        *_wrap("Documented: three from mid-1922, seven from August 1924, nine from 1925-26 (I.2, 2346-2350).", width),
    ]


def _meetings(found: Findings, width: int) -> list[str]:
    rows = []
    for m in found.meetings:
        paid, no = 100 * m["officials"] / m["delegates"], 100 * m["against"] / m["delegates"]
        rows.append(
            [f"{m['day']}  {m['name']}", f"{m['delegates']:,} delegates", f"{paid:.0f} % paid officials", f"{no:.1f} % against"]
        )
    out = _wrapped(_columns(rows), width)
    if any(str(m["day"]) == "1923-04-17" for m in found.meetings):
        out += _wrap("Documented for April 1923: 55 % full-time officials, 84 % with part-time (I.1, 1982-1984).", width)
    return out


def _levels(found: Findings, width: int) -> list[str]:
    rows = [
        [LEVEL_NAMES[d["level"]], f"{d['bodies']:,} bodies", f"{d['acts']:,} acts", f"{d['documents']:,} documents"]
        for d in found.levels
    ]
    return _wrapped(_columns(rows), width)


def _lags(found: Findings, width: int) -> list[str]:
    return _wrap(", ".join(f"{LEVEL_NAMES[d['level']]} {d['days']:.0f}" for d in found.lags), width)


def _anchors(found: Findings, width: int) -> list[str]:
    if not found.anchors:
        return []
    out = _wrap(f"input: {KINDS['input']} outcome: {KINDS['outcome']} Sources: section and line of the book.", width)
    sources = [shortest(a["source"]) for a in found.anchors]
    room = min(46, width - 37 - max(len(source) for source in sources))
    below = room < _STEP - 4  # kind and source then stand under the figures
    room = width - 27 if below else room
    out.append(f"  {'':<{room + 2}}{'documented':>11}{'run':>11}" + ("" if below else f"  {'kind':<8} source"))
    for title, figures in topics(found.anchors):
        out.append(f"  {title}")
        for a in figures:
            unit = "" if a["unit"] in a["name"] else f", {a['unit']}"
            name = textwrap.wrap(a["name"] + unit, room - 1, break_on_hyphens=False) or [""]
            out += [f"    {line}" for line in name[:-1]]
            line = f"    {name[-1]:<{room}}{number(a['documented']):>11}{number(a['run']):>11}"
            cited = f"{a['kind']:<8} {shortest(a['source'])}"
            out += [line, f"      {cited}"] if below else [f"{line}  {cited}"]
    return out


def _cases(found: Findings, width: int) -> list[str]:
    if not found.cases:
        return []
    out = _wrap(
        "Occasions are put in; what follows comes out. Compare the days since the last step with a documented day (in brackets), "
        "not the dates.",
        width,
    )
    for c in found.cases:
        out += ["", *_wrap(f"{c['title']}  [drivebelt case {c['name']}]", width), f"    {'documented':<18}{'in the run':<18}step"]
        for n, step in enumerate(c["steps"], start=1):
            known, ran = _when(step["documented"], step["documented_lag"]), _when(step["simulated"], step["simulated_lag"], True)
            words = f"{n}. {step['text']}" + (f" ({shortest(step['source'])})" if step["source"] else "")
            out += _beside(f"    {known:<18}{ran:<18}", words, width, 3)
    return out


def _when(day: Any, lag: int | None, ran: bool = False) -> str:
    if day is None:
        return "did not happen" if ran else "-"
    return re.sub(r"^(\d{4}-\d\d)-\d\d/.*", r"\1", str(day)) + ("" if lag is None else f" ({lag:+d})")
