"""What makes an archive of millions of papers quick to read: papers and entries by their days, and what is known of each register.

Made once, of the archive alone.
"""

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


_ENTRIES = """
    select act, day, kind, actor_organ as book_of, target_organ as about, actor_person as person, number, document, grade from acts
    order by day, act
"""


def make(held: Place, counted: pa.Table) -> None:
    """Writes the list of papers, and of `counted` (the registers of a reconstruction) what the archive itself shows."""
    listed(held.archive, _PAPERS, held.papers)
    listed(held.archive, _ENTRIES, held.entries)
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
    place = str(out).replace("'", "''")
    base.execute(f"copy ({query}) to '{place}' (format parquet, compression zstd, row_group_size 60000)")
