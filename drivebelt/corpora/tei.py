"""Papers of a documentary edition in TEI, as the volumes of Foreign Relations of the United States mark them.

`div type="document"` is a paper; `head` says who writes to whom; `dateline/date/@when` the day; `note type="source"` the file
number and that it is a telegram. A telegram opens with its own running number ("1577. From ..."), a despatch says "No. 95".
In its text and footnotes it names other papers by owner, number and date ("your telegram No. 35, April 25, 5 p.m.").
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from drivebelt.corpora.safe_xml import read, text
from drivebelt.errors import BadInput

HOME = re.compile(r"\b(Secretary of State|Department of State|Under ?Secretary|Department)\b")
"""Words of the office at home, to and from which all numbered series of such an edition run."""
_OFFICE = (
    r"(?:Acting |Appointed |American |First |Second |Third |Special )*(?:Ambassador|Ch[ar]+(?:g|ng)é?|Minister|Minuter|Consul"
    r"(?: General)?|Vice Consul|Embassy|Legation|Secretary of (?:Embassy|Legation)|Commissioner|Agent|Diplomatic Agent)"
)
_AT = re.compile(rf"{_OFFICE}.*? (?:in|at|to) (?:the )?([A-Z][\w' ]+?)(?:[,(]|$)")
_OF = re.compile(rf"^(?:The )?([A-Z][a-z]+(?: [A-Z][a-z]+)?) {_OFFICE}\b")
_NUMBER = re.compile(r"^(?:\[?(\d{1,5})[\].,:]|No\.? ?(\d{1,5})\b)")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_REFERENCE = re.compile(
    r"\b(?P<whose>[Yy]our|[Mm]y|[Oo]ur|Department[’']s|(?:[Tt]his )?(?:Embassy|Legation|Consulate(?: General)?)[’']s)"
    r"(?P<kind>[\w ,]{0,30}?)\s*\b(?:[Nn]umber |No\. ?)?(?P<number>\d{1,5})\s?,?\s(?:of |dated )?"
    rf"(?P<month>{'|'.join(MONTHS)}) (?P<day>\d{{1,2}})(?!\d)(?:, (?P<year>\d{{4}}))?"
    r"(?P<hour>,? ?(?:\d{1,2} (?:a|p)\.? ?m|noon|midnight))?"
)
TELEGRAM, LETTER = "telegram", "letter"


@dataclass(frozen=True)
class Reference:
    """Another paper that is named: out of whose series, of which kind (None where that is not said), its number and date."""

    outward: bool
    """From home to the post."""
    kind: str | None
    number: int
    day: date


@dataclass(frozen=True)
class Paper:
    """One paper. `post` is the place or nation at the other end from home, `outward` whether home wrote it."""

    name: str
    head: str
    post: str | None
    outward: bool
    kind: str
    number: int | None
    day: date | None
    moment: str
    signed: str | None
    sender: str
    addressee: str
    text: str
    references: tuple[Reference, ...]


@dataclass
class Volume:
    """The papers of a volume in their order, and how many things could not be read, by reason."""

    path: Path
    papers: list[Paper] = field(default_factory=list)
    noted: Counter[str] = field(default_factory=Counter)


def volume(path: str | Path) -> Volume:
    """Reads a volume. Raises BadInput for a file that is no XML, dangerous, or holds no paper."""
    place = Path(path)
    root = read(place)
    found = Volume(place)
    for n, div in enumerate(d for d in root.iter("div") if d.get("type") == "document"):
        found.papers.append(_paper(found, div, n))
    if not found.papers:
        raise BadInput(f'{place}: holds no <div type="document">: not an edition in this form')
    return found


def _paper(of: Volume, div: ET.Element, n: int) -> Paper:
    name = div.get("id") or str(n + 1)
    sources = " ".join(text(note) for note in div.findall("note") if note.get("type") == "source")
    kind = TELEGRAM if "elegram" in sources else LETTER
    first = div.find("head")
    head = text(first, without=("note",)) if first is not None else ""
    sender, _, addressee = re.sub(r"\s*\([^)]*\)", "", head).partition(" to the ")
    post, outward = _post(sender, addressee)
    moment = next((str(d.get("when")) for d in div.iter("date") if d.get("when")), "")
    day = _day(moment)
    if moment and day is None:
        of.noted["date that cannot be read"] += 1
    opening = [text(p, without=("note",)) for p in div.findall("p")[:2]]
    number = next((int(m[1] or m[2]) for o in opening if (m := _NUMBER.match(o))), None)
    signed = next((text(s) for s in div.iter("signed")), None)
    words = text(div)
    for what, missing in (("no head", not head), ("no date", day is None), ("no number", number is None)):
        of.noted[what] += missing
    return Paper(
        name, head, post, outward, kind, number, day, moment, signed or None, sender, addressee, words,
        tuple(_references(words, outward, kind, day)),
    )  # fmt: skip


def _post(sender: str, addressee: str) -> tuple[str | None, bool]:
    """The other end of a series, and whether home writes; None where neither end is a post."""
    outward = bool(HOME.search(sender)) and not (_OF.match(sender) or _AT.search(sender))
    far = addressee if outward else sender
    if outward == bool(HOME.search(addressee)):
        return None, outward
    at, of = _AT.search(far), _OF.match(far)
    named = at[1].strip() if at else f"{of[1]} mission" if of and of[1] not in ("The", "Acting") else far.removeprefix("The ")
    return named.strip() or None, outward


def _day(moment: str) -> date | None:
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None


def _references(words: str, outward: bool, own: str, day: date | None) -> list[Reference]:
    """Papers named in a text, each once. A date without a year is the latest such day not after the paper's own."""
    if day is None:
        return []
    found: dict[Reference, None] = {}
    for m in _REFERENCE.finditer(words):
        said = m["kind"].lower()
        kind = TELEGRAM if m["hour"] or re.search("telegram|cable", said) else None
        kind = LETTER if re.search("despatch|dispatch|instruction|note|letter", said) else kind
        whose = m["whose"].lower()
        by_home = outward if whose in ("my", "our") else not outward if whose == "your" else whose.startswith("department")
        when = _when(int(m["year"]) if m["year"] else None, MONTHS.index(m["month"]) + 1, int(m["day"]), day)
        if when is not None and int(m["number"]) > 0:
            found[Reference(by_home, kind, int(m["number"]), when)] = None
    return list(found)


def _when(year: int | None, month: int, day: int, latest: date) -> date | None:
    try:
        if year is not None:
            return date(year, month, day)
        when = date(latest.year, month, day)
        return when if when <= latest else date(latest.year - 1, month, day)
    except ValueError:
        return None
