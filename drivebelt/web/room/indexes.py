"""What makes an archive of millions of papers quick to read: papers and entries by their days, what is said of each
paper, and what is known of each register and its numbers.

Made once, of the archive alone.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from drivebelt.parquet import literal
from drivebelt.results import connect
from drivebelt.web.room.choice import Place

_PAPERS = """
    select d.document, d.date, d.kind, d.issuer as organ, o.name as issuer, o.level, o.branch, d.series, d.number, d.grade,
           m.domain, m.subject, d.wording
    from documents d join organs o on o.organ = d.issuer left join matters m on m.matter = d.matter order by d.date, d.document
"""


_ENTRIES = """
    select act, day, kind, actor_organ as book_of, target_organ as about, actor_person as person, number, document, grade from acts
    order by day, act
"""

BY_PAPER = """
    select document, act, day, kind, actor_organ as book_of, target_organ as about from acts where document is not null
"""
"""What registers and journals say of each paper."""
BY_NUMBER = """
    select series, number, date as day, document, 'paper' as how, kind as what from documents
    where series is not null and number is not null
    union all select cited_series, cited_number, cited_date, null, 'reference', kind from documents
    where cited_series is not null and cited_number is not null
    union all select series, number, day, null, 'entry', kind from acts where series is not null and number is not null
"""
"""What is known of each number of a register: the paper, references to it, entries."""


def make(held: Place, counted: pa.Table) -> None:
    """Writes the list of papers, and of `counted` (the registers of a reconstruction) what the archive itself shows."""
    listed(held.archive, _PAPERS, held.papers)
    listed(held.archive, _ENTRIES, held.entries)
    listed(held.archive, BY_PAPER + " order by document, day, act", held.by_paper)
    listed(held.archive, BY_NUMBER + " order by series, number", held.by_number)
    seen = counted.select(["series", "known", "there", "highest"])
    books = pq.read_table(held.archive / "registers.parquet")
    books = books.set_column(
        books.schema.get_field_index("series"), "series", books["series"].cast(seen.schema.field("series").type)
    )
    pq.write_table(books.join(seen, "series", join_type="inner").sort_by("series"), held.registers, compression="zstd")


def listed(archive: Path, query: str, out: Path) -> None:
    """Writes the rows of a query over an archive in their order, in groups small enough that one month is soon found."""
    base = connect(archive)
    base.execute("set memory_limit = '4GB'")
    base.execute(f"copy ({query}) to {literal(out)} (format parquet, compression zstd, row_group_size 40960)")
