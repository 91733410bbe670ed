"""The findings for a terminal a hundred columns wide."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

from drivebelt.report.words import KINDS, LEVEL_NAMES, number, short, topics

if TYPE_CHECKING:
    from drivebelt.findings import Findings

WIDTH = 100


def text(found: Findings, styled: bool = False) -> str:
    """All findings, section after section."""
    out = _opening(found)
    for title, lines in (
        ("Who decides", _deciders(found)),
        ("The informal circle, as it comes out", _circles(found)),
        ("Congresses and conferences", _meetings(found)),
        ("Acts and documents by level", _levels(found)),
        ("Days from the Centre (orders of the Centre; the middle one of the months)", _lags(found)),
        ("Beside the documented figures", _anchors(found)),
        ("Episodes: documented and simulated days", _cases(found)),
    ):
        if lines:
            out += ["", f"\033[1m{title}\033[0m" if styled else title, *lines]
    return "\n".join(line.rstrip() for line in out)


def _wrap(words: str, indent: int = 2, hang: int = 0) -> list[str]:
    return textwrap.wrap(
        words, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + hang), break_on_hyphens=False
    )  # fmt: skip


def _opening(found: Findings) -> list[str]:
    info, rows = found.run.info, found.run.info["rows"]
    amended = f", amended: {', '.join(info['amendments'])}" if info["amendments"] else ""
    without = f", without: {', '.join(info['without'])}" if info.get("without") else ""
    return [
        f"{info['scenario']}, {info['from']} to {info['to']}, seed {info['seed']}, scale {info['scale']:g}{amended}{without}",
        f"{rows['acts']:,} acts, {rows['documents']:,} documents, {rows['copies']:,} copies, {rows['matters']:,} matters",
    ]


def _deciders(found: Findings) -> list[str]:
    out = []
    for d in found.deciders:
        share = 100 * d["settled_before"] / d["decisions"]
        out.append(f"  {d['body']:<24} {d['decisions']:>8,} decisions, {share:5.1f} % settled before by the circle")
    s = found.silence
    return out + _wrap(
        f"{s['agreed'] or 0:,} agreements by word of mouth, {s['stricken'] or 0:,} matters struck off, {s['unminuted'] or 0:,} "
        f"decisions "
        f"entered nowhere; {100 * (s['silent'] or 0) / max(s['acts'], 1):.1f} % of all acts left no paper; {s['burned'] or 0:,} "
        f"copies "
        f"burned in {s['burnings'] or 0:,} burnings."
    )


def _circles(found: Findings) -> list[str]:
    out = []
    for c in found.circles:
        out += _wrap(f"{c['day']}  {c['members']}" + (f"; against {c['against']}" if c["against"] else ""), hang=12)
    return out and [
        *out,
        *_wrap("Documented: three from mid-1922, seven from August 1924, nine from 1925-26 (I.2, lines 2346-2350)."),
    ]


def _meetings(found: Findings) -> list[str]:
    out = []
    for m in found.meetings:
        paid, no = 100 * m["officials"] / m["delegates"], 100 * m["against"] / m["delegates"]
        out.append(
            f"  {m['day']}  {m['name']:<16} {m['delegates']:>6,} delegates, {paid:4.0f} % paid officials, {no:5.1f} % against "
            f"the leadership"
        )
    if any(str(m["day"]) == "1923-04-17" for m in found.meetings):
        out += _wrap("Documented for April 1923: 55 % full-time officials, 84 % with part-time (I.1, lines 1982-1984).")
    return out


def _levels(found: Findings) -> list[str]:
    return [
        f"  {LEVEL_NAMES[d['level']]:<24} {d['bodies']:>7,} bodies {d['acts']:>12,} acts {d['documents']:>11,} documents"
        for d in found.levels
    ]


def _lags(found: Findings) -> list[str]:
    return ["  " + ", ".join(f"{LEVEL_NAMES[d['level']]} {d['days']:.0f}" for d in found.lags)] if found.lags else []


def _anchors(found: Findings) -> list[str]:
    if not found.anchors:
        return []
    out = _wrap(f"input: {KINDS['input']} outcome: {KINDS['outcome']}")
    out.append(f"  {'':<50}{'documented':>11}{'run':>11}  {'kind':<8} source")
    for title, figures in topics(found.anchors):
        out.append(f"  {title}")
        for a in figures:
            unit = "" if a["unit"] in a["name"] else f", {a['unit']}"
            name = textwrap.wrap(a["name"] + unit, 47, break_on_hyphens=False) or [""]
            out += [f"    {line}" for line in name[:-1]]
            out.append(
                f"    {name[-1]:<48}{number(a['documented']):>11}{number(a['run']):>11}  {a['kind']:<8} {short(a['source'])}"
            )
    return out


def _cases(found: Findings) -> list[str]:
    if not found.cases:
        return []
    out = _wrap(
        "Occasions are put in; what follows comes out. Compare the days since the last step with a documented day (in brackets), "
        "not the dates."
    )
    for c in found.cases:
        out += ["", *_wrap(f"{c['title']}  [drivebelt case {c['name']}]"), f"    {'documented':<18}{'in the run':<18}step"]
        for n, step in enumerate(c["steps"], start=1):
            known, ran = _when(step["documented"], step["documented_lag"]), _when(step["simulated"], step["simulated_lag"], True)
            left = f"    {known:<18}{ran:<18}"
            words = f"{n}. {step['text']}" + (f" ({short(step['source'])})" if step["source"] else "")
            lines = textwrap.wrap(words, WIDTH - len(left), break_on_hyphens=False) or [""]
            out += [left + lines[0], *(" " * (len(left) + 3) + line for line in lines[1:])]
    return out


def _when(day: Any, lag: int | None, ran: bool = False) -> str:
    if day is None:
        return "did not happen" if ran else "-"
    return re.sub(r"^(\d{4}-\d\d)-\d\d/.*", r"\1", str(day)) + ("" if lag is None else f" ({lag:+d})")
