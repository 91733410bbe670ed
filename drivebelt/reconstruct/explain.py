"""Why an answer was given: the documents, the rule, the rival and why it lost, how sure one may be. In words.

Every document named is one of the archive.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt.errors import BadInput
from drivebelt.reconstruct.archive import Archive, read
from drivebelt.reconstruct.links import bits_apart
from drivebelt.reconstruct.papers import DECISIONS
from drivebelt.reconstruct.tables import CENTRE_NAME, CORE_NAME, SURE
from drivebelt.reconstruct.tree import Tree, tree_of

if TYPE_CHECKING:
    from drivebelt.reconstruct.result import Reconstruction

SHOWN = 6
"""Papers of a cascade that are named one by one."""

_RULES = {
    "own": "Rule: whoever is the lowest office above all papers of an order, and has signed the oldest of them, began it unless something "
    "points above him: a citation, a grade that his level does not give its own papers, or neighbours who write the same.",
    "seen": "Rule: committees restate in their own name what comes from above, and state bodies issue it as their own act; the lowest office "
    "above all these papers that left one of its own comes before those who only restate.",
    "unseen": "Rule: bodies that write alike within days without citing each other have a common superior; that he left no paper does not clear "
    "him, for the gravest decisions were not written down and papers were returned and burned.",
    "centre": "Rule: what all regions do at once comes from the Centre; but an order of the core goes out under the name of a formal body, and "
    "the paper of both is the same.",
}


def explain(found: Reconstruction, document: int) -> list[str]:
    """Paragraphs on one document. Raises BadInput where it is not in the archive."""
    if document not in found.rows:
        raise BadInput(f"--document {document}: not in the archive; its documents are in {found.archive}/documents.parquet")
    a = read(found.archive)
    at = np.flatnonzero(a.paper_id == document)
    if not at.size:
        raise BadInput(f"{found.path or 'reconstruction'}: was not made from {a.path} as it is now; reconstruct anew")
    row = found.documents.slice(found.rows[document], 1).to_pylist()[0]
    paper = int(at[0])
    head = f"{_paper(a, paper)}{_about(a, paper)}"
    if found.info["cannot_be_told"]:
        return [head, f"Who decided cannot be told from this: {found.info['cannot_be_told']}."]
    if not row["acts"]:
        return [
            head,
            f"Answer: {row['answer']} itself. Papers of this kind do not carry an order down: they tell of the body that signs, or go to the "
            "one above. What made it write is another question." + _sure(row["chance"]),
        ]
    mine = _members(found, row["cascade"])
    return [head, _answer(row, found), _evidence(a, tree_of(a), paper, mine), _RULES[_rule(row)], _rival(found, row), _doubt(row)]


def _members(found: Reconstruction, cascade: int) -> np.ndarray:
    """Rows of the papers of a cascade, in order of date: rows of `documents` are those of the archive."""
    return np.flatnonzero(found.documents["cascade"].fill_null(-1).to_numpy() == cascade)


def _paper(a: Archive, i: int) -> str:
    kind = a.kind.names[a.kind.code[i]] if a.kind.code[i] >= 0 else "paper"
    return f"Document {a.paper_id[i]} ({kind}, {a.organ_name[a.issuer[i]]}, {_day(a.date[i])})"


def _about(a: Archive, i: int) -> str:
    subject = a.subject.names[a.subject.code[i]] if a.subject.code[i] >= 0 else ""
    grade = a.grade.names[a.grade.code[i]] if a.grade.code[i] >= 0 else ""
    return "".join([f", on {subject}" * bool(subject), f", graded {grade}" * bool(grade), "."])


def _day(day: Any) -> str:
    return date.fromordinal(int(day) + date(1970, 1, 1).toordinal()).isoformat()


def _rule(row: dict[str, Any]) -> str:
    if row["as_one"] == CENTRE_NAME and not row["told"]:
        return "centre"
    return row["standing"] or "unseen"


def _answer(row: dict[str, Any], found: Reconstruction) -> str:
    c = found.cascades.slice(row["cascade"], 1).to_pylist()[0]
    chance, one = row["chance"], row["as_one_chance"]
    if chance is None:
        return f"Answer: {row['answer']}, the lowest common superior. No chance is given: the rules learnt are not those of this archive."
    span = f"between {c['earliest']} and {c['latest']}"
    if row["told"]:
        unseen = {
            "unseen": f" It left no paper here: it is named as unseen, and must sit at the level of the {row['level']}; the order was given {span}.",
            "own": " It signed this paper itself.",
        }.get(row["standing"], f" The order was given {span}.")
        return f"Answer: {row['answer']}." + unseen + _sure(chance)
    if row["as_one"] == CENTRE_NAME and one >= SURE:
        return (
            f"Answer: {CENTRE_NAME}; which of them cannot be told from this. The order was given {span}."
            + _sure(one)
            + f" Likeliest alone: {row['answer']}, at {chance:.0%}."
        )
    return f"Who decided cannot be told from this; likeliest is {row['answer']}, at {chance:.0%}."


def _sure(chance: float | None) -> str:
    if chance is None:
        return ""
    word = "Practically certain" if chance >= 0.99 else "Sure" if chance >= 0.9 else "Likely" if chance >= SURE else "Open"
    return f" {word}: {chance:.0%}."


def _evidence(a: Archive, t: Tree, paper: int, members: np.ndarray) -> str:
    n = members.size
    if n == 1:
        parts = ["Evidence: no other paper of the archive has its wording on this subject within two months."]
    else:
        offices = np.unique(t.office[a.issuer[members]]).size
        others = members[members != paper][:SHOWN]
        each = [f"{_paper(a, int(i))}, {bits_apart(a.wording[i], a.wording[paper])} of 64 bits apart" for i in others]
        more = f" and {n - 1 - others.size} more" if n - 1 > others.size else ""
        parts = [
            f"Evidence: {n} papers of {offices} office{'s' * (offices > 1)} say the same between {_day(a.date[members[0]])} and "
            f"{_day(a.date[members[-1]])}: " + "; ".join(each) + more + "."
        ]
    cited = a.parent[paper]
    if cited >= 0:
        parts.append(f"It cites {_paper(a, int(cited))[0].lower() + _paper(a, int(cited))[1:]}.")
    elif a.cites[paper] >= 0:
        whose = f" of {a.organ_name[a.cited_organ[paper]]}" if a.cited_organ[paper] >= 0 else ""
        parts.append(f"It cites a paper{whose} that is lost.")
    decided = members[a.kind.among(DECISIONS)[members]]
    if decided.size:
        parts.append(f"The sitting is named by {_paper(a, int(decided[0]))[0].lower() + _paper(a, int(decided[0]))[1:]}.")
    return " ".join(parts)


def _rival(found: Reconstruction, row: dict[str, Any]) -> str:
    c = found.candidates.filter(_equal(found.candidates["cascade"], row["cascade"])).to_pylist()
    if row["chance"] is None:
        return "Rivals were not weighed."
    if row["as_one"] == CENTRE_NAME and not row["told"]:
        centre = [r for r in c if r["name"] != row["as_one"]][:3]
        return "Rivals within the Centre: " + "; ".join(f"{r['name']} {r['chance']:.0%}" for r in centre) + "."
    rivals = [r for r in c if r["name"] != row["answer"]]
    if not rivals:
        return "Rival hypotheses: none has a chance of one in ten thousand."
    r = rivals[0]
    if row["answer"] == CORE_NAME or r["name"] == CORE_NAME:
        why = "for it speak subject and grade alone, since the core leaves no paper"
    elif row["standing"] == "own":
        why = "had it ordered this, its other subordinates would most likely have written the same, and none or few did"
    else:
        why = "it stands below some of the papers, or explains fewer of them"
    return f"Rival: {r['name']}, at {r['chance']:.0%}. It lost because {why}."


def _equal(column: Any, value: int) -> Any:
    import pyarrow.compute as pc

    return pc.equal(column, value)


def _doubt(row: dict[str, Any]) -> str:
    if row["chance"] is None:
        return "Confidence: none can be stated."
    told = row["as_one_chance"] if row["as_one"] == CENTRE_NAME and not row["told"] else row["chance"]
    level = "enough to answer" if told >= SURE else "too little to answer"
    return f"Confidence: {told:.0%}, {level} (the bound is {SURE:.0%}). Chances were learnt on other seeds and amended rulebooks."
