"""What makes an archive of millions of papers quick to read: a list of papers by date with the names that a table shows, and what
is known of each register. Made once of the archive alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from drivebelt.results import connect
from drivebelt.web.room.choice import Place

_PAPERS = """
    select d.document, d.date, d.kind, d.issuer as organ, o.name as issuer, o.level, o.branch, d.series, d.number, d.grade,
           m.domain, m.subject, d.wording
    from documents d join organs o on o.organ = d.issuer left join matters m on m.matter = d.matter order by d.date, d.document
"""


def make(held: Place, counted: pa.Table) -> None:
    """Writes the list of papers, and of `counted` (the registers of a reconstruction) what the archive itself shows."""
    papers(held.archive, held.papers)
    seen = counted.select(["series", "known", "there", "highest"])
    books = pq.read_table(held.archive / "registers.parquet")
    books = books.set_column(
        books.schema.get_field_index("series"), "series", books["series"].cast(seen.schema.field("series").type)
    )
    pq.write_table(books.join(seen, "series", join_type="inner").sort_by("series"), held.registers, compression="zstd")


def papers(archive: Path, out: Path) -> None:
    """All papers of an archive in the order of their dates, each with its issuer and subject in words."""
    base = connect(archive)
    base.execute("set memory_limit = '4GB'")
    place = str(out).replace("'", "''")
    base.execute(f"copy ({_PAPERS}) to '{place}' (format parquet, compression zstd, row_group_size 60000)")
