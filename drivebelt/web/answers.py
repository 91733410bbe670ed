"""What a reader asks of a question first, answered in words: who decided it, in whose name, when, and what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from drivebelt import records as r
from drivebelt.telling import FATE, LEVEL, day, the
from drivebelt.trace import Path

_LEFT = ("kept", "held", "in-transit")
"""Fates of copies that are there at the end of the run."""
_SILENT = {
    "agree": "the agreement itself", "tell": "what was passed on by word of mouth", "inform": "who was let know",
    "keep-back": "what was kept back", "learn": "how people came to know", "consider": "sittings", "execute": "carrying out",
    "vote": "votes", "issue": "papers outside the registers", "leak": "what leaked", "set-aside": "what was put aside",
    "keep-unminuted": "the decision in the minutes", "report": "reports", "combine": "understandings",
}  # fmt: skip


class Answer(NamedTuple):
    """One question with its answer."""

    question: str
    answer: str
    more: str = ""

    def as_dict(self) -> dict[str, str]:
        """For the JSON twin."""
        return self._asdict()


def answers(path: Path) -> list[Answer]:
    """Who moved it, who really decided, in whose name, what came of it, what left no paper, what is left today."""
    given = (_decider(path), _name(path), _mover(path), _reach(path), _silence(path), _left(path))
    return [a for a in given if a]


def _person(a: dict[str, Any]) -> str:
    return the(a["actor"]) + (f" ({a['person']})" if a["person"] else "")


def _mover(path: Path) -> Answer | None:
    mover = path.first_mover
    return Answer("Who moved it first?", _upper(f"{_person(mover)}, on {day(mover['day'])}.")) if mover else None


def _decider(path: Path) -> Answer:
    decision, question = path.decision, "Who really decided?"
    if decision is None:
        main = max((f for f in path.flows if f.a["actor"]), key=lambda f: f.n, default=None)
        more = f"It was handled at {LEVEL[main.a['level']]} level without a sitting of the Centre." if main else ""
        return Answer(question, "No body of the Centre took a decision on it.", more)
    if decision["kind"] == "agree":
        men = f": {path.circle}" if path.circle else ""
        return Answer(question, _upper(f"{the(decision['actor'])}{men}."), f"By word of mouth, on {day(decision['day'])}.")
    how = "by asking its members round" if decision["kind"] == "poll" else "at a sitting"
    name = decision["mask"] or decision["actor"]
    if decision["in_name_of"] not in (None, decision["actor_organ"]):
        return Answer(question, _upper(f"{_person(decision)}."), f"On {day(decision['day'])}.")
    return Answer(
        question, _upper(f"{the(name)} itself, {how}."), f"On {day(decision['day'])}; nobody is known to have settled it before."
    )


def _name(path: Path) -> Answer | None:
    decision = path.decision
    if decision is None:
        return None
    formal = next((a for a in path.acts if a["kind"] in ("decide", "poll")), None)
    struck = next((a for a in path.acts if a["kind"] == "strike-off"), None)
    masks = [m for m in path.masks if not any(a["mask"] == m and a["kind"] == "keep-back" for a in path.acts)]
    question = "In whose name?"
    if formal is None:
        fate = "It was struck off and never came before any body." if struck else "It never became a decision of anybody."
        return Answer(question, "In nobody's.", fate)
    name = formal["mask"] or formal["actor"]
    later = (formal["day"] - decision["day"]).days
    when = f"Put through as its decision on {day(formal['day'])}" if decision is not formal else f"On {day(formal['day'])}"
    when += f", {later} day{'s' * (later != 1)} after it was settled" if later else ", the same day" * (decision is not formal)
    others = [m for m in masks if m != name]
    papers = f"; later papers carry the name{'s' * (len(others) > 1)} of {_listed([the(m) for m in others[:4]])}" if others else ""
    rest = f" and {len(others) - 4} more" if len(others) > 4 else ""
    return Answer(question, _upper(f"{the(name)}."), f"{when}{papers}{rest}.")


def _reach(path: Path) -> Answer | None:
    lags = path.lags()
    if lags:
        lowest = [level for level in r.LEVELS if level in lags][-1]
        lag = lags[lowest]
        steps = "; ".join(f"{LEVEL[level]} level {x['median']:.0f}" for level, x in lags.items())
        return Answer(
            "How far did it get?",
            f"To the {LEVEL[lowest]} level, where it was received {lag['received']:,} time{'s' * (lag['received'] != 1)}.",
            f"Median days from the first paper of the Centre: {steps}.",
        )
    reached = [level for level in r.LEVELS if level in path.levels]
    if len(reached) == 1:
        return Answer("How far did it get?", f"It stayed at {LEVEL[reached[0]]} level.")
    return Answer("How far did it get?", f"To the {LEVEL[reached[-1]]} level, without a paper of the Centre.") if reached else None


def _silence(path: Path) -> Answer:
    if not path.silent:
        return Answer("What left no paper?", "Nothing: every act is on record.")
    kinds: Counter[str] = Counter()
    for f in path.flows:
        if not f.a["recorded"]:
            kinds[f.a["kind"]] += f.n
    order = sorted(kinds, key=lambda k: (k != "agree", -kinds[k], k))
    told = [_SILENT.get(k, k.replace("-", " ")) + (f" ({kinds[k]:,})" if kinds[k] > 1 else "") for k in order[:4]]
    share = 100 * path.silent / path.number
    return Answer(
        "What left no paper?", _upper(f"{_listed(told)}."),
        f"{path.silent:,} of {path.number:,} acts, {'less than one' if share < 1 else format(share, '.0f')} in a hundred.",
    )  # fmt: skip


def _left(path: Path) -> Answer:
    fates: Counter[str] = Counter()
    centre: Counter[str] = Counter()
    for row in path.fates:
        fates[row["fate"]] += row["copies"]
        if row["issued_at"] == "centre":
            centre[row["fate"]] += row["copies"]
    if not fates:
        return Answer("What is left at the end?", "No paper: none was ever written.")
    left = sum(fates[f] for f in _LEFT)
    gone = [f"{fates[f]:,} {FATE[f]}" for f in FATE if fates[f] and f not in _LEFT]
    more = f"Of the Centre's own papers {sum(centre[f] for f in _LEFT):,} of {centre.total():,} copies." if centre else ""
    agreed = path.decision is not None and path.decision["kind"] == "agree"
    return Answer(
        "What is left at the end?",
        f"{left:,} of {fates.total():,} copies" + (f"; {_listed(gone)}." if gone else "."),
        (more + (" Of the agreement, nothing." if agreed else "")).strip(),
    )


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
