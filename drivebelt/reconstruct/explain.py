"""Why an answer was given: the documents, the rule, the rival and why it lost, how sure one may be. In words.

Every document named is one of the archive.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow.compute as pc

from drivebelt.errors import BadInput
from drivebelt.reconstruct import receipts, source_words
from drivebelt.reconstruct.archive import Archive, read
from drivebelt.reconstruct.entered import Entered, entered
from drivebelt.reconstruct.grouping.links import bits_apart
from drivebelt.reconstruct.grouping.membership import LIKELY
from drivebelt.reconstruct.grouping.papers import DECISIONS
from drivebelt.reconstruct.grouping.tree import Tree, tree_of
from drivebelt.reconstruct.offices.orders import explain_office
from drivebelt.reconstruct.tables import CENTRE_NAME, CORE_NAME, SURE

if TYPE_CHECKING:
    from drivebelt.reconstruct.result import Reconstruction

SHOWN = 6
"""Papers of a cascade that are named one by one."""
OPENLY = 0.5
"""Share of the Centre's minutes that are open papers, from which its minutes are called open."""
CERTAIN = 0.95
"""Chance of belonging to its cascade below which a paper's doubt is told."""

_RULES = {
    "own": "Rule: the lowest office above all papers of an order, if it signed one of them, began it, unless something points "
    "above: a citation, a grade that its level does not give its own papers, or neighbours who write the same.",
    "seen": "Rule: committees restate in their own name what comes from above, and state bodies issue it as their own act; the "
    "lowest office above all these papers that left one of its own comes before those who only restate.",
    "unseen": "Rule: bodies that write alike within days have a common superior, and a state body issues what the party body "
    "beside or above it settled. That he left no paper does not clear him: papers were burned, the gravest never written.",
    "centre": "Rule: what offices of several regions do at once comes from the Centre; but what the core settles goes out under "
    "the name of a formal body, and the paper of both looks alike.",
    "foreign": "Rule: bodies that write alike within days have a common superior: the lowest office above them all. Where none of "
    "those known stands above them, somebody does who is not seen.",
}


class Opened(NamedTuple):
    """An archive that was read once for many explanations: its tree of offices, and what the offices' books say of all papers."""

    archive: Archive
    tree: Tree
    books: Entered


def explain(found: Reconstruction, document: int, opened: Opened | None = None) -> list[str]:
    """Paragraphs on one document. `opened` is its archive where that has been read already. Raises BadInput where it is not in
    the archive."""
    if document not in found.rows:
        raise BadInput(f"--document {document}: not in the archive; its documents are in {found.archive}/documents.parquet")
    a = opened.archive if opened else read(found.archive)
    at = np.flatnonzero(a.paper_id == document)
    if at.size != 1 or a.papers != found.documents.num_rows:
        raise BadInput(f"{found.path or 'reconstruction'}: was not made from {a.path} as it is now; reconstruct anew")
    row = found.documents.slice(found.rows[document], 1).to_pylist()[0]
    paper = int(at[0])
    head = _paper(a, paper) + _about(a, paper)
    if found.info["cannot_be_told"]:
        return [head, f"Who decided cannot be told from this: {found.info['cannot_be_told']}."]
    sources = source_words.paragraphs(found, document, row["cascade"])
    if not row["acts"]:
        own = (
            f"Answer: {row['answer']} itself. Papers of this kind do not carry an order down: they tell of the body that signs, "
            "or go to the one above. What made it write is another question."
        )
        return [head, own + _sure(row["chance"]), *sources]
    # Rows of `documents` are those of the archive, in order of date.
    mine = np.flatnonzero(found.documents["cascade"].fill_null(-1).to_numpy() == row["cascade"])
    standing = "foreign" if row["chance"] is None else "centre" if _open_between(row) else row["standing"]
    rule = _RULES[standing if standing in _RULES else "unseen"]
    opened = opened or Opened(a, tree_of(a), entered(a, int(a.date[paper])))
    evidence = _evidence(opened, paper, mine) + _belongs(a, found, row)
    return [head, _answer(row, found), evidence, rule, _rival(found, row), *sources, _doubt(row)]


def explain_superior(found: Reconstruction, office: int) -> list[str]:
    """Paragraphs on who stands above an office. Raises BadInput where nobody asked, or it is not among those weighed."""
    said = found.info.get("superiors", {})
    if not said.get("weighed"):
        raise BadInput(
            f"--office {office}: the archive says itself who stands above whom; `drivebelt reconstruct --superiors` weighs the "
            "orders without that"
        )
    a = read(found.archive)
    levels = {int(o): a.level.names[c] for o, c in zip(a.organ_id.tolist(), a.level.code.tolist(), strict=True) if c >= 0}
    told = explain_office(found.superiors, said, office, levels)
    if told is None:
        raise BadInput(f"--office {office}: not among the offices weighed; they are in the table superiors of the reconstruction")
    return told


def _open_between(row: dict[str, Any]) -> bool:
    """Whether the Centre is the answer and core and formal body are not told apart."""
    return bool(row["as_one"] == CENTRE_NAME and not row["told"])


def _paper(a: Archive, i: int, begin: str = "Document") -> str:
    kind = a.kind.names[a.kind.code[i]] if a.kind.code[i] >= 0 else "paper"
    return f"{begin} {a.paper_id[i]} ({kind}, {a.organ_name[a.issuer[i]]}, {_day(a.date[i])})"


def _about(a: Archive, i: int) -> str:
    subject = a.subject.names[a.subject.code[i]] if a.subject.code[i] >= 0 else ""
    grade = a.grade.names[a.grade.code[i]] if a.grade.code[i] >= 0 else ""
    return "".join([f", on {subject}" * bool(subject), f", graded {grade}" * bool(grade), "."])


def _day(day: Any) -> str:
    return date.fromordinal(int(day) + date(1970, 1, 1).toordinal()).isoformat()


def _answer(row: dict[str, Any], found: Reconstruction) -> str:
    c = found.cascades.slice(row["cascade"], 1).to_pylist()[0]
    chance, one = row["chance"], row["as_one_chance"]
    if chance is None:
        name = row["answer"]
        return f"Answer: {name}: the lowest common superior. The rules learnt are not those of this archive: no chance is given."
    span = f"on {c['earliest']}" if c["earliest"] == c["latest"] else f"between {c['earliest']} and {c['latest']}"
    given = f" The order was most likely given {span}."
    if row["told"]:
        unseen = f" It left no paper here: it is named as unseen, and must sit at the level of the {row['level']}."
        how = {"unseen": unseen, "own": " It signed this paper itself."}.get(row["standing"], "")
        return f"Answer: {row['answer']}.{how}{given}{_sure(chance)}"
    if row["as_one"] == CENTRE_NAME and one >= SURE:
        which = f"{CENTRE_NAME}; which of them cannot be told from this"
        return f"Answer: {which}.{given}{_sure(one)} Likeliest alone: {row['answer']}, at {chance:.0%}."
    return f"Who decided cannot be told from this; likeliest is {row['answer']}, at {chance:.0%}."


def _sure(chance: float | None) -> str:
    if chance is None:
        return ""
    word = "Practically certain" if chance >= 0.99 else "Sure" if chance >= 0.9 else "Likely"
    return f" {word}: {min(chance, 0.999):.1%}." if chance >= 0.99 else f" {word}: {chance:.0%}."


def _evidence(opened: Opened, paper: int, members: np.ndarray) -> str:
    a, t, books = opened
    n = members.size
    if n == 1:
        parts = ["Evidence: no other paper of the archive has its wording on this subject within two months."]
    else:
        offices = np.unique(t.office[a.issuer[members]]).size
        others = members[members != paper][:SHOWN]
        each = [f"{_paper(a, int(i), 'document')}, {bits_apart(a.wording[i], a.wording[paper])} of 64 bits apart" for i in others]
        more = f"; and {n - 1 - others.size:,} more" if n - 1 > others.size else ""
        span = f"between {_day(a.date[members[0]])} and {_day(a.date[members[-1]])}"
        where = f"{offices:,} offices" if offices > 1 else "one office"
        parts = [f"Evidence: {n:,} papers of {where} carry out one order {span}; beside this one " + "; ".join(each) + more + "."]
    cited = a.parent[paper]
    if cited >= 0:
        parts.append(f"It cites {_paper(a, int(cited), 'document')}.")
    elif a.cites[paper] >= 0:
        whose = f" of {a.organ_name[a.cited_organ[paper]]}" if a.cited_organ[paper] >= 0 else ""
        parts.append(f"It cites a paper{whose} that is lost.")
    if entry := receipts.words(a, t, paper, books):
        parts.append(entry)
    decided = members[a.kind.among(DECISIONS)[members]]
    if decided.size:
        parts.append(f"The sitting is named by {_paper(a, int(decided[0]), 'document')}.")
    return " ".join(parts)


def _belongs(a: Archive, found: Reconstruction, row: dict[str, Any]) -> str:
    """A sentence where it is doubtful that a paper belongs to its cascade."""
    chance = row.get("membership")
    if chance is None or chance >= CERTAIN:
        return ""
    rival = row["rival_cascade"]
    if rival is None:
        return f" That this paper is one of them is {chance:.0%} likely; else it stands alone."
    other = int(np.flatnonzero(found.documents["cascade"].fill_null(-1).to_numpy() == rival)[0])
    there = f"{_paper(a, other, 'document')}, of the same subject and day though worded otherwise"
    if chance >= LIKELY:
        return f" That this paper is one of them is {chance:.0%} likely; else it stands alone, or with {there}."
    return f" It may carry out the same order as {there}: {1 - chance:.0%} likely."


def _rival(found: Reconstruction, row: dict[str, Any]) -> str:
    if row["chance"] is None:
        return "Rivals were not weighed."
    c = found.candidates.filter(pc.equal(found.candidates["cascade"], row["cascade"])).to_pylist()
    if _open_between(row):
        inside = "; ".join(f"{r['name']} {r['chance']:.0%}" for r in c[:4])
        return f"Hypotheses: {inside}.{_secrecy(found)}"
    mine = next((r for r in c if r["name"] == row["answer"]), None)
    rivals = [r for r in c if r["name"] != row["answer"]]
    if not rivals or mine is None:
        return "Rivals: none has a chance of one in ten thousand."
    r = rivals[0]
    more = _secrecy(found) if row["as_one"] == CENTRE_NAME else ""
    return f"Rival: {r['name']}, at {r['chance']:.1%}. {_against(mine, r)}{more}"


def _secrecy(found: Reconstruction) -> str:
    """What the archive as a whole says of a core, where it says anything."""
    kept = found.info.get("secrecy") or {"open": 0.0, "silent": False}
    if kept["silent"]:
        return " Neither special sheets nor minutes of the Centre are left: whether there was a core at all is not known."
    if kept["open"] > OPENLY:
        return " The minutes of the Centre are open papers here, and behind such no core was seen in any rulebook learnt from."
    return ""


def _against(mine: dict[str, Any], rival: dict[str, Any]) -> str:
    """Why the rival lost, from what counts for and against both on the tree."""
    if CORE_NAME in (mine["name"], rival["name"]):
        return "Between a formal body and the core subject, grade and what the Centre wrote decide: they favour the answer."
    counts = ("covered", "listed", "outside", "own")
    if any(r[k] is None for r in (mine, rival) for k in counts):
        return "It lost on what these papers' grade, subject and citations say."
    if rival["outside"] > mine["outside"]:
        return f"{rival['outside'] - mine['outside']} of the papers do not stand under it."
    if rival["listed"] > 1 and rival["covered"] <= 1:
        silent = rival["listed"] - rival["covered"]
        many = rival["listed"]
        return f"Of its {many} subordinates {silent} show no such paper; an order to all would have left fewer silent."
    if mine["own"] and not rival["own"]:
        return f"It left no paper of its own in this cascade, while {mine['name']} did."
    return "It lost on what these papers' grade, subject and citations say."


def _doubt(row: dict[str, Any]) -> str:
    if row["chance"] is None:
        return "Confidence: none can be stated."
    told = row["as_one_chance"] if _open_between(row) else row["chance"]
    level = "enough to answer" if told >= SURE else "too little to answer"
    return f"Confidence: {told:.0%}, {level} (the bound is {SURE:.0%}). Chances were learnt on other seeds and amended rulebooks."
