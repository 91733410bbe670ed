"""What an explanation says of a document's text and of the witnesses who speak of it. Only documents of the archive are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from drivebelt.reconstruct.result import Reconstruction

SHOWN = 6
"""Statements that are named one by one."""
LOOKS = 0.2
"""Chance from which a text is said to look altered."""
_WHAT = {
    "passage-cut": "a passage was cut", "signature-removed": "a signature was removed", "text-replaced": "the text was replaced",
    "made-up": "the paper was made up later",
}  # fmt: skip
_NEAR = {"present": "says he was present", "told": "says he was told", "had-the-paper": "had only the paper"}


def paragraphs(found: Reconstruction, document: int, cascade: int | None) -> list[str]:
    """On the text of a document, and on the testimony of its cascade (None: it is in none); each left out where there is nothing
    to say."""
    out = [_text(found, document), _testimony(found, document, cascade)]
    return [paragraph for paragraph in out if paragraph]


def _rows(table: pa.Table, column: str, value: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.filter(pc.equal(table[column], value)).to_pylist()
    return found


def _text(found: Reconstruction, document: int) -> str:
    row = found.forgeries.slice(found.rows[document], 1).to_pylist()[0]
    signs = f" Signs: {row['signs']}." if row["signs"] else ""
    if row["chance"] is None:
        return f"Text: what speaks for or against it cannot be weighed in this archive.{signs}" if signs else ""
    if row["chance"] < LOOKS:
        seen = {0: "no text of it is noted by copy", 1: "one text of it is left, and nothing to compare it with"}
        compared = seen.get(row["texts"], f"its {row['texts']:,} texts were compared")
        why = signs or f" No sign speaks against it; {compared}."
        return f"Text: taken as genuine; altered without a trace at {_per(row['chance'])}.{why}"
    word = "Text: altered" if row["told"] else "Text: looks altered"
    kinds = sorted(_WHAT, key=lambda kind: -row[kind.replace("-", "_")])
    rest = [f"{_WHAT[kind]}, {_per(row[kind.replace('-', '_')])}" for kind in kinds[1:] if row[kind.replace("-", "_")] >= 0.05]
    rival = f" Otherwise {'; '.join(rest)}." if rest else ""
    main = f"{_WHAT[kinds[0]]}, {_per(row[kinds[0].replace('-', '_')])}"
    which = _which(found, document, row["texts"]) if kinds[0] != "made-up" else ""
    return f"{word}, at {_per(row['chance'])}: most likely {main}.{rival}{signs}{which}"


def _which(found: Reconstruction, document: int, many_texts: int) -> str:
    """Which of several texts is the original."""
    texts = _rows(found.variants, "document", document)
    if not texts:
        left = "Only one text of it is left" if many_texts == 1 else "All texts that are left agree"
        return f" {left}: which words were touched cannot be told."
    best = max(texts, key=lambda t: t["original"])
    many = len(best["copies"])
    where = ", ".join("the issuer's own" if c < 0 else f"no. {c}" for c in best["copies"][:SHOWN])
    noted = f" ({best['length']} lines, signatures: {best['signatures']})" if best["length"] is not None else ""
    others = " and others" if many > SHOWN else ""
    copies = "copy" if many == 1 else "copies"
    return f" Of its {len(texts)} texts that of {copies} {where}{others}{noted} is the original, at {_per(best['original'])}."


def _testimony(found: Reconstruction, document: int, cascade: int | None) -> str:
    if not found.statements.num_rows:
        return ""
    rows = _rows(found.statements, "cascade", cascade) if cascade is not None else []
    rows = rows or _rows(found.statements, "document", document)
    if not rows:
        return ""
    rows = sorted(rows, key=lambda r: (-(r["times"] or 0), r["statement"]))
    parts = [_statement(r) for r in rows[:SHOWN]]
    more = f" And {len(rows) - SHOWN:,} more." if len(rows) > SHOWN else ""
    both = sorted({r["says"] for r in rows if r["confirmed"]})
    confirmed = f" Both sides name {', '.join(both)}." if both else ""
    rule = "Rule: what goes against the tendency of its source weighs most, what goes along with it least."
    return f"Testimony: {' '.join(parts)}{more}{confirmed} {rule}"


def _statement(r: dict[str, Any]) -> str:
    who = f"person {r['person']}" if r["person"] is not None else "a witness"
    of = f" of {r['office']}" if r["office"] else ""
    way = "against" if r["against"] else "along with"
    near = _NEAR.get(r["claims"], "does not say how he knows")
    side = f", a witness {'hostile' if r['camp'] == 'hostile' else 'loyal'} to the leadership" if r["camp"] else ""
    if r["times"] is None:
        return f"Statement {r['statement']} ({r['kind']}, {r['year']}): {who}{of} names {r['says']}; it is not weighed."
    on = f" on document {r['document']}" if r["document"] is not None else ""
    return (
        f"Statement {r['statement']} ({r['kind']}, {r['year']}){on}: {who}{of}{side}, who {near}, names {r['says']}, {way} the "
        f"tendency of his source: {r['times']:.1f} times likelier; with the papers {_per(r['chance'])}."
    )


def _per(chance: float) -> str:
    return f"{min(chance, 0.999):.1%}" if chance < 0.01 or chance > 0.99 else f"{chance:.0%}"
