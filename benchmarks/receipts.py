"""Measures what receipts and hand-overs of lost papers say, and what they gain, on archives that were not learnt from.

python benchmarks/receipts.py FOLDER LOSS,LOSS... RUN...   archives as benchmarks/make_archives.py score makes them

A line an archive of what is entered (see `entries`), then one of the score with the books and without, on the same groups.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from drivebelt.parquet import literal, table_at
from drivebelt.reconstruct import receipts
from drivebelt.reconstruct.archive import MARK_SPAN, read
from drivebelt.reconstruct.engine import Inference, infer
from drivebelt.reconstruct.entered import entered
from drivebelt.reconstruct.scoring import figures
from drivebelt.reconstruct.scoring.truth import Truth, of_groups, truth
from drivebelt.results import Run

LAG = 14
"""Days within which a receipt is looked for before a paper."""
_PAPERS = """create table paper as select p.*, r.parent_document as parent, q.series, q.number, a.document is not null as there
from mine p join key k on k.document = p.document join rd r on r.document = k.original
left join rd q on q.document = r.parent_document
left join (select distinct series, number, true as document from documents) a on (a.series, a.number) = (q.series, q.number)"""
_RECEIPTS = """create table receipt as select distinct o.office, e.day - date '1970-01-01' as day, e.series, e.number
from acts e join office o on o.organ = e.actor_organ join registers g on g.series = e.series join office f on f.organ = g.organ
where e.kind = 'receive' and e.document is null and e.number is not null and f.depth < o.depth"""
_FACTS = """select (select count(*) from receipt), count(*), avg((exists(select 1 from receipt r where r.office = p.office and
    r.series = p.series and r.number = p.number))::int) from paper p where parent is not null and not there"""
_NEAREST = f"""with pair as (select p.document, (r.series, r.number) = (p.series, p.number) as own,
        row_number() over (partition by p.document order by r.day desc, r.series, r.number) as place,
        count(*) over (partition by p.document) as many
    from paper p join receipt r on r.office = p.office and p.date - r.day between 0 and {LAG} where p.parent is not null and not there)
select count(*) filter (where place = 1), avg(own::int) filter (where place = 1),
    sum(own::int * 1.0 / many) / count(*) filter (where place = 1) from pair"""


def entries(f: Inference, folder: Path, name: str, loss: str, true: Truth) -> dict[str, Any]:
    """Figures of an archive: receipts of lost papers from above; papers whose parent is lost and the share of which its receipt at
    the very office is left; those with any such receipt within LAG days, the share where the nearest is the parent, and by chance;
    decrees with one paper handed over, bare ones, and the shares that are what the run says; papers of committees whose book is left,
    how many of their own and of those others decided were written on a day on which nothing from above was considered."""
    a, t, e = f.archive, f.tree, entered(f.archive)
    base = duckdb.connect()
    base.execute("set threads = 1")
    for table in ("acts", "documents", "registers"):
        base.execute(f"create view {table} as select * from read_parquet({literal(table_at(a.path, table))})")
    base.execute(f"create view key as select * from read_parquet('{folder / name / loss}.key.parquet')")
    rd = Run(folder / name / "run").sql("select document, series, number, parent_document from documents").to_arrow_table()
    rows = np.flatnonzero(f.acts)
    base.register("rd", rd)
    base.register("office", pa.table({"organ": a.organ_id, "office": t.office[: a.organs], "depth": t.depth[t.office[: a.organs]]}))
    base.register("mine", pa.table({"document": a.paper_id[rows], "date": a.date[rows], "office": t.office[a.issuer[rows]]}))
    base.execute(_PAPERS)
    base.execute(_RECEIPTS)
    lost, orphans, left = base.execute(_FACTS).fetchone()
    near, right, chance = base.execute(_NEAREST).fetchone()
    found = base.execute(
        "select document, coalesce((series + 2) * $s + number, -1) as mark from paper", {"s": int(MARK_SPAN)}
    ).fetchnumpy()
    mark = np.full(a.papers, -1, np.int64)
    mark[_rows(a.paper_id, found["document"])] = found["mark"]
    e_mark = np.where(e.paper >= 0, (a.series[e.paper] + 2) * MARK_SPAN + a.number[e.paper], e.mark)
    handed, bare = f.acts & (e.mark >= 0), f.acts & e.bare
    asked = f.acts & receipts.asked(a, t, e)
    above = e.by[t.depth[t.office[e.organ_considered]] < t.depth[t.office[a.issuer[e.by]]]]
    none = np.bincount(above, minlength=a.papers) == 0
    own = true.who == a.issuer
    return {
        "receipts": lost, "parent lost": orphans, "receipt left": left, "with any": near, "nearest right": right, "by chance": chance,
        "handed over": int(handed.sum()), "right": figures.share(e_mark == mark, handed), "bare": int(bare.sum()),
        "bare, no parent": figures.share(mark < 0, bare), "asked": int(asked.sum()),
        "nothing considered, own": int((none & asked & own).sum()), "of own": int((asked & own).sum()),
        "nothing considered, others": int((none & asked & ~own).sum()), "of others": int((asked & ~own).sum()),
    }  # fmt: skip


def _rows(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    order = np.argsort(known)
    rows: np.ndarray = order[np.searchsorted(known[order], wanted)]
    return rows


def scored(f: Inference, true: Truth) -> dict[str, float]:
    """Author right, and by paper and by cascade log loss, calibration error, share told at 80 per cent and right among these."""
    a, g, c = f.archive, f.groups, f.chances
    of, who = np.repeat(np.arange(g.number), np.diff(c.first)), of_groups(g.first, g.members, true.who)
    lead, chance, m = c.who[c.first[:-1]], c.chance[c.first[:-1]], g.members
    right = lead[g.of[m]] == true.who[m]
    out = {"author right": float(right[true.who[m] != a.issuer[m]].mean())}
    units = (("paper", np.diff(g.first).astype(float), right, chance[g.of[m]]), ("cascade", np.ones(g.number), lead == who, chance))
    for unit, weight, hit, told in units:
        out[f"{unit}, log loss"] = figures.losses(of, c.who, c.chance, g.number, who, weight)["log_loss"]
        out[f"{unit}, calibration"] = figures.calibration(told, hit)
        said = figures.answered(told, hit)
        out[f"{unit}, told"], out[f"{unit}, right"] = float(said["answered"] or 0), float(said["right"] or 0)
    return out


def _line(row: dict[str, Any]) -> str:
    return ", ".join(f"{k} {v:.4f}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items())


def main() -> None:
    folder, weigh = Path(sys.argv[1]), receipts.weigh
    for name in sys.argv[3:]:
        for loss in sys.argv[2].split(","):
            a = read(folder / name / loss)
            true = truth(a, Run(folder / name / "run"), folder / name / f"{loss}.key.parquet")
            f = infer(a)
            receipts.weigh = lambda p, *_: p
            without = scored(infer(a), true)
            receipts.weigh = weigh
            print(name, loss, "entries:", _line(entries(f, folder, name, loss, true)))
            print(name, loss, "without:", _line(without))
            print(name, loss, "books:  ", _line(scored(f, true)), flush=True)


if __name__ == "__main__":
    main()
