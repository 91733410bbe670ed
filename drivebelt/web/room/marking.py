"""A sheet of questions drawn from the pool by its seed, so that a class gets the same one; and the marks of answers to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from drivebelt.errors import BadInput
from drivebelt.web.room.kinds import AT_CENTRE, CIRCLE, NAMES, OTHER, PASSES_ON, UNKNOWN

PAPERS, BODIES = 4, 4
"""Papers asked about, and bodies of the last question."""
LAST_SEED = 9999
NEAR, FAR = 0.02, 0.1
"""How far off the number of papers of a register may be, as a share of it, for a whole mark and for half a mark."""
ONLY, ITSELF = "passes-on", "decides"
_WORDS = {ONLY: "only passes on", ITSELF: "decides itself too"}
_MOST = 100_000

Answers = Mapping[str, str]


def sheet(pool: Mapping[str, Any], seed: int, level: str = "", year: int | None = None) -> dict[str, Any]:
    """The questions of a sheet. Each has a `field`, the name of its answer in the address, and what it can be answered with.

    With a `level` or a `year` papers of these alone are asked about, and bodies of that level. Raises BadInput where none is left.
    """
    known = [q for q in pool["papers"] if _of(q, level) and (year is None or q["date"].startswith(f"{year}-"))]
    if not known:
        raise BadInput("no paper of that level and year is among those that can be asked about; choose another year or all levels")
    strata = _drawn(sorted({q["stratum"] for q in known}), seed, "strata")
    stacks = [_drawn([q for q in known if q["stratum"] == s], seed, s) for s in strata]
    # One of every stratum, then a second of each: the four papers are as far apart as there is choice.
    papers = [q for layer in zip_longest(*stacks) for q in layer if q is not None][:PAPERS]
    papers.sort(key=lambda q: (q["date"], q["document"]))
    registers = _drawn([r for r in pool["registers"] if r["known"] < r["highest"]] or pool["registers"], seed, "registers")[:1]
    asked = [b for b in pool["bodies"] if b["party"] and _of(b, level)]
    bodies = sorted(_drawn(asked, seed, "party")[:BODIES], key=lambda b: str(b["name"]))
    return {
        "seed": seed,
        "papers": [
            {**q, "field": f"p{i}", "options": [*q["options"], *({"answer": a, "name": n} for a, n in NAMES.items())]}
            for i, q in enumerate(papers, 1)
        ],
        "registers": [{**q, "field": f"r{i}"} for i, q in enumerate(registers, 1)],
        "bodies": [
            {**q, "field": f"b{i}", "options": [{"answer": a, "name": n} for a, n in _WORDS.items()]}
            for i, q in enumerate(bodies, 1)
        ],
    }


def _of(question: Mapping[str, Any], level: str) -> bool:
    return not level or question["level"] == level


def given(asked: Mapping[str, Any], query: Answers) -> tuple[dict[str, str], list[str]]:
    """Answers of an address, and the fields that have none. Raises BadInput for an answer that is not on the sheet."""
    answers: dict[str, str] = {}
    fields = [*asked["papers"], *asked["registers"], *asked["bodies"]]
    for question in fields:
        said = query.get(question["field"], "").strip()
        if not said:
            continue
        if "options" in question and said not in [o["answer"] for o in question["options"]]:
            raise BadInput(f"{question['field']} {said[:20]!r}: not among the answers on the sheet; go back to it")
        if "options" not in question and not (said.isdecimal() and said.isascii() and len(said) < 8 and int(said) <= _MOST):
            raise BadInput(f"{question['field']} {said[:20]!r}: a whole number of papers, at most {_MOST:,}")
        answers[question["field"]] = said
    return answers, [q["field"] for q in fields if q["field"] not in answers]


def marked(asked: Mapping[str, Any], key: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
    """Every question with the truth and with what the reader, the engine and the simple methods say, and the marks of each."""
    truths = {
        kind: {t[name]: t for t in key[kind]}
        for kind, name in (("papers", "document"), ("registers", "series"), ("bodies", "organ"))
    }
    questions = [
        *(_paper(q, truths["papers"][q["document"]], answers) for q in asked["papers"]),
        *(
            _register(q, truths["registers"][q["series"]], answers)
            for q in asked["registers"]
            if q["series"] in truths["registers"]
        ),
        *(_body(q, truths["bodies"][q["organ"]], answers) for q in asked["bodies"]),
    ]
    totals: dict[str, float] = {}
    most: dict[str, int] = {}
    for question in questions:
        for row in question["said"]:
            totals[row["who"]] = totals.get(row["who"], 0.0) + row["mark"]
            most[row["who"]] = most.get(row["who"], 0) + 1
    return {
        "questions": questions,
        "of": len(questions),
        "totals": [{"who": who, "marks": total, "of": most[who]} for who, total in totals.items()],
    }


def _paper(q: Mapping[str, Any], t: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
    names = {o["answer"]: o["name"] for o in q["options"]}
    engine = t["said"]["the engine"]
    rows = [("you", answers.get(q["field"])), *((who, said["answer"]) for who, said in t["said"].items())]

    def mark(answer: str) -> float:
        return 1.0 if answer == t["truth"] else 0.5 if answer == AT_CENTRE and t["at_centre"] else 0.0

    true = t["name"] if t["truth"] == OTHER and t["name"] else names[t["truth"]]
    return {
        "kind": "paper",
        "field": q["field"],
        "question": q,
        "truth": true,
        "matter": t["matter"],
        "why": t["why"],
        "chance": engine["as_one_chance"] if engine["answer"] == AT_CENTRE else engine["chance"],
        "told": engine["told"],
        "likeliest": engine["likeliest"],
        "said": [{"who": who, "answer": names[a], "mark": mark(a)} for who, a in rows if a is not None],
    }


def _register(q: Mapping[str, Any], t: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
    rows: list[tuple[str, int]] = [*([("you", int(answers[q["field"]]))] if q["field"] in answers else []), *t["said"].items()]

    def mark(said: int) -> float:
        off = abs(said - t["truth"]) / max(t["truth"], 1)
        return 1.0 if off <= NEAR else 0.5 if off <= FAR else 0.0

    return {
        "kind": "register",
        "field": q["field"],
        "question": q,
        "truth": f"{t['truth']:,}",
        "low": t["low"],
        "high": t["high"],
        "said": [{"who": who, "answer": f"{n:,}", "mark": mark(n)} for who, n in rows],
    }


def _body(q: Mapping[str, Any], t: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
    def judged(share: float) -> str:
        return ONLY if share < PASSES_ON else ITSELF

    true = judged(t["truth"])
    rows = [*([("you", answers[q["field"]])] if q["field"] in answers else []), *((who, judged(s)) for who, s in t["said"].items())]
    return {
        "kind": "body",
        "field": q["field"],
        "question": q,
        "truth": _WORDS[true],
        "share": t["truth"],
        "said": [{"who": who, "answer": _WORDS[a], "mark": float(a == true)} for who, a in rows],
    }


def _number(seed: int, what: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed}/{what}".encode(), digest_size=8).digest(), "big")


def _drawn(items: Sequence[Any], seed: int, what: str) -> list[Any]:
    """Items in an order drawn by the seed."""

    def name(item: Any) -> Any:
        return next((item[k] for k in ("document", "series", "organ") if k in item), item) if isinstance(item, dict) else item

    return sorted(items, key=lambda item: (_number(seed, f"{what}/{name(item)}"), str(name(item))))


__all__ = ["AT_CENTRE", "CIRCLE", "LAST_SEED", "OTHER", "UNKNOWN", "given", "marked", "sheet"]
