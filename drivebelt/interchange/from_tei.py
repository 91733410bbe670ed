"""Documentary editions in TEI, a volume or a folder of volumes: printed papers, their registers, and papers that they name.

A register is one kind of paper between home and a post, one way, from one beginning of its numbers to the next
(`corpora/edition.py`). A paper that another names by number and day and that is not printed becomes an entry of kind `refer`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from drivebelt.corpora.edition import Mentions, as_date, mentions
from drivebelt.corpora.tei import Paper, volume
from drivebelt.errors import BadInput
from drivebelt.interchange.papers import write_account, write_tables
from drivebelt.interchange.told import Told
from drivebelt.interchange.wording import wordings
from drivebelt.parquet import database

HOME = "home"
"""The body at home of which all series are one end."""
_UNDERSTOOD = {
    "paper": 'div of type "document"', "issuer": "who writes by the head: home, a post, or the words themselves",
    "sender": "signed", "date": "when of the first date", "number": 'a telegram\'s first number, else "No." at the beginning',
    "series": "kind and post, anew where numbers begin anew", "reference": "your, my, Department's ... number and day in the text",
    "text": "as a hash only",
}  # fmt: skip
_TABLES = {
    "persons": """select person::integer person, name, null::integer party_since, null::varchar class_origin
        from persons_ order by 1""",
    "matters": """select 0::integer as matter, null::date opened, null::varchar as domain, null::varchar subject,
        null::varchar secrecy_category where false""",
    "organs": """select organ::integer organ, name, null::varchar as level, null::varchar as branch, null::integer parent,
        null::date valid_from, null::date valid_to, null::varchar territory from organs_ order by 1""",
    "registers": """select series::integer series, register, organ::integer organ, null::integer as year, name
        from registers_ order by 1""",
    "documents": """select document::integer document, series::integer series, number::integer number, date, kind,
        issuer::integer issuer, null::integer as matter, 'open' as grade, null::integer parent_document, 1::integer copies, wording,
        signed_by::integer signed_by, cited_series::integer cited_series, cited_number::integer cited_number, cited_date, paper
        from documents_ order by 1""",
    "copies": """select document::integer document, 0::integer as copy, addressee::integer addressee_organ,
        null::integer addressee_person, null::varchar channel, date dispatched, null::date received, null::integer receipt,
        null::date due, null::date returned, null::integer burned_act, null::varchar fate
        from documents_ where addressee is not null order by 1""",
    "acts": """select row_number() over (order by "day", kind, document nulls last, series, number)::integer - 1 as act, * from (
        select date as "day", 'issue' kind, null::integer as matter, document::integer document, null::integer as copy,
            null::integer actor_organ, null::integer target_organ, issuer::integer in_name_of, null::integer series,
            null::integer number from documents_
        union all select "day", 'refer', null, null, null, organ::integer, null, null, series::integer, number::integer
            from refers_) order by 1""",
}  # fmt: skip


def bring(source: Path, place: Path) -> Told:
    """Writes the archive `place` from a volume or a folder of volumes (*.xml). Raises BadInput."""
    files = sorted(source.glob("*.xml")) if source.is_dir() else [source]
    if not files:
        raise BadInput(f"{source}: holds no file *.xml; give a volume or a folder of volumes")
    told = Told("tei", str(source), "papers", understood=dict(_UNDERSTOOD))
    papers: list[Paper] = []
    for file in files:
        for paper in volume(file).papers:
            told.read += 1
            if paper.day is None:
                told.drop("no date, or one that cannot be read", f"{file.name} {paper.name}")
            else:
                papers.append(paper)
    told.kept = len(papers)
    if not papers:
        raise BadInput(f"{source}: nothing to import: no paper has a date")
    papers.sort(key=lambda p: (p.day, p.moment))
    found = mentions(papers)
    for why, many in found.unplaced.items():
        told.note(why, times=many)
    with database() as base:
        for name, table in _tables(papers, found).items():
            base.register(name, table)
        rows = write_tables(base, _TABLES, place)
    days = [p.day.isoformat() for p in papers if p.day is not None]
    write_account(place, told, rows, days[0], days[-1])
    return told


def _tables(papers: list[Paper], found: Mentions) -> dict[str, pa.Table]:
    """Staging tables, from which the queries above take the archive's."""
    ends = [_ends(p) for p in papers]
    names = sorted({e for pair in ends for e in pair if e} | {s.post for s in found.names} | {HOME})
    organ = {name: i for i, name in enumerate(names)}
    hands = sorted({p.signed for p in papers if p.signed})
    hand = {name: i for i, name in enumerate(hands)}
    own = {int(p): i for i, p in enumerate(found.paper.tolist()) if p >= 0}
    printed = {(int(found.series[i]), int(found.number[i])) for i in own.values()}
    lost = [i for i in np.flatnonzero(found.paper < 0).tolist() if (int(found.series[i]), int(found.number[i])) not in printed]
    cites: dict[int, int] = {}
    for i in lost:
        cites.setdefault(int(found.cites[i]), i)
    rest = [i for i in lost if cites[int(found.cites[i])] != i]
    rows: list[dict[str, Any]] = []
    for row, (p, (issuer, addressee)) in enumerate(zip(papers, ends, strict=True)):
        at, named = own.get(row), cites.get(row)
        rows.append(
            {
                "document": row, "date": p.day, "kind": p.kind, "issuer": organ[issuer], "addressee": organ.get(addressee),
                "series": None if at is None else int(found.series[at]), "number": None if at is None else int(found.number[at]),
                "signed_by": hand.get(p.signed or ""), "cited_series": None if named is None else int(found.series[named]),
                "cited_number": None if named is None else int(found.number[named]),
                "cited_date": None if named is None else as_date(int(found.day[named])), "paper": p.name,
            }
        )  # fmt: skip
    whole, day = pa.int64(), pa.date32()
    shape = pa.schema(
        [("document", whole), ("date", day), ("kind", pa.string()), ("issuer", whole), ("addressee", whole), ("series", whole),
         ("number", whole), ("signed_by", whole), ("cited_series", whole), ("cited_number", whole), ("cited_date", day),
         ("paper", pa.string())]
    )  # fmt: skip
    documents = pa.Table.from_pylist(rows, shape)
    by = [organ[ends[int(found.cites[i])][0]] for i in rest]
    return {
        "documents_": documents.append_column("wording", wordings(pa.array([p.text for p in papers], pa.string()))),
        "organs_": pa.table({"organ": pa.array(range(len(names)), whole), "name": pa.array(names, pa.string())}),
        "persons_": pa.table({"person": pa.array(range(len(hands)), whole), "name": pa.array(hands, pa.string())}),
        "registers_": pa.table(
            {
                "series": pa.array(range(len(found.names)), whole),
                "register": pa.array([f"{s.kind}s {'to' if s.outward else 'from'} posts" for s in found.names], pa.string()),
                "organ": pa.array([organ[HOME if s.outward else s.post] for s in found.names], whole),
                "name": pa.array([s.name for s in found.names], pa.string()),
            }
        ),
        "refers_": pa.table(
            {
                "day": pa.array([as_date(int(found.day[i])) for i in rest], day), "organ": pa.array(by, whole),
                "series": pa.array(found.series[rest], whole), "number": pa.array(found.number[rest], whole),
            }
        ),
    }  # fmt: skip


def _ends(paper: Paper) -> tuple[str, str]:
    """Issuer and addressee: home and a post, else the words of the head."""
    if paper.post is not None:
        return (HOME, paper.post) if paper.outward else (paper.post, HOME)
    return paper.sender.removeprefix("The ").strip() or "not said", paper.addressee.strip()
