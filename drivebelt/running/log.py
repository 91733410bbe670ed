"""The act log: rows from the desk to Parquet, in the background, with a digest of every byte.

A run is cut into segments of a few months. Each segment is one part file a table (`acts/0003.parquet`); at its end the
files are closed and the state is saved, so that a killed run goes on from there and ends in the same digest.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from drivebelt import desk as d
from drivebelt.errors import BadInput
from drivebelt.running.log_tables import TABLES, Names, arrow, encodings

if TYPE_CHECKING:
    from drivebelt.desk import Desk

CHUNK = 1 << 18  # rows of a table in memory before they go to disk: one row group
_PENDING = 8  # chunks that may wait for the writer: two segments of a small run


class Log:
    """Takes full chunks off the desk and writes them. One writer thread; its order is the order of the run.

    Errors of the disk (full, not writable) surface as `BadInput` at the next call.
    """

    def __init__(self, out: Path, base: int, names: Names, chain: dict[str, str], segment: int) -> None:
        """`chain` holds each table's digest so far and `segment` the number of the next part file (resume)."""
        self.out, self.base, self.names = out, base, names
        self.chain = {name: chain.get(name, "") for name in TABLES}
        self.segment = segment
        self.rows = dict.fromkeys(TABLES, 0)
        self._broken = False
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="log")
        self._waiting: deque[Future[None]] = deque()
        self._spare: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in TABLES}

    def take(self, table: str, rows: npt.NDArray[Any], n: int, first: int) -> None:
        """Hands the first `n` rows of a chunk to the writer; `rows` belongs to the log from here on."""
        self._later(partial(self._write, table, rows, n, first))
        while len(self._waiting) > _PENDING:
            self._settle(self._waiting.popleft())

    def empty(self, table: str, size: int) -> npt.NDArray[Any]:
        """A chunk of at least `size` rows: one that has been written, where there is one, for its memory is warm."""
        spare = self._spare[table]
        if spare and spare[-1].size >= size:
            return spare.pop()
        return np.zeros(max(CHUNK, size), TABLES[table].row)

    def end_segment(self, then: Callable[[], None] | None = None) -> None:
        """Once all that was handed over is written, closes the part files and calls `then`; the run goes on in the meantime."""
        self._later(partial(self._end, then))

    def settle(self) -> None:
        """Waits until all that was handed over is done."""
        while self._waiting:
            self._settle(self._waiting.popleft())

    def complete(self) -> None:
        """Gives a table of which the whole run wrote no row an empty part file, so that every table is there to be asked."""
        for name, spec in TABLES.items():
            if not self._part(name).parent.exists():
                self._guard(partial(self._append, name, np.zeros(0, spec.row), 0))

    def close(self) -> None:
        """Ends the writer thread when it has done what was handed over."""
        self._thread.shutdown(wait=True)
        for writer in self._writers.values():
            try:
                writer.close()
            except OSError:
                pass

    def digest(self) -> str:
        """One digest over all tables of the log."""
        return hashlib.sha256("".join(f"{n}:{self.chain[n]}\n" for n in TABLES).encode()).hexdigest()

    def _part(self, table: str) -> Path:
        return self.out / table / f"{self.segment:04d}.parquet"

    def _later(self, task: Callable[[], None]) -> None:
        self._waiting.append(self._thread.submit(self._unless_broken, task))

    def _unless_broken(self, task: Callable[[], None]) -> None:
        """After a row that could not be written nothing more is: a later state would count it."""
        if self._broken:
            return
        try:
            task()
        except BaseException:
            self._broken = True
            raise

    def _end(self, then: Callable[[], None] | None) -> None:
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()
        self.segment += 1
        if then:
            then()

    def _settle(self, work: Future[None]) -> None:
        self._guard(work.result)

    def _guard(self, call: Callable[[], object]) -> None:
        try:
            call()
        except OSError as why:
            raise BadInput(f"{self.out}: cannot write the log: {why.strerror or why}; free some space and resume") from why

    def _write(self, table: str, chunk: npt.NDArray[Any], n: int, first: int) -> None:
        rows = chunk[:n]
        if n:
            self._append(table, rows, first)
        self._spare[table].append(chunk)

    def _append(self, table: str, rows: npt.NDArray[Any], first: int) -> None:
        spec = TABLES[table]
        mark = hashlib.sha256(self.chain[table].encode())
        mark.update(rows.view(np.uint8).data)
        self.chain[table] = mark.hexdigest()
        arrays = [arrow(c, rows, self.base, self.names) for c in spec.columns]
        fields = [c.name for c in spec.columns]
        if spec.numbered:
            arrays.insert(0, pa.array(np.arange(first, first + rows.size, dtype=np.int32)))
            fields.insert(0, spec.numbered)
        batch = pa.table(arrays, names=fields)
        if table not in self._writers:
            path = self._part(table)
            path.parent.mkdir(exist_ok=True)
            self._writers[table] = pq.ParquetWriter(
                path,
                batch.schema,
                compression="zstd",
                compression_level=1,
                use_dictionary=[c.name for c in spec.columns if c.form in ("name", "subject", "category")],
                column_encoding=encodings(spec),
                store_schema=False,
                write_statistics=["day", "matter", "document", "date", "act"],
            )
        self._writers[table].write_table(batch, row_group_size=max(rows.size, 1))
        self.rows[table] += rows.size


def make_room(log: Log, k: Desk, acts: int = 0, documents: int = 0, copies: int = 0, matters: int = 0) -> Desk:
    """A desk with room for so many more rows of each table; full chunks go to the log."""
    if k.count[d.NEXT_ACT] - k.count[d.FIRST_ACT] + acts > k.acts.size:
        k = flush(log, k, "acts", acts)
    if k.count[d.NEXT_DOCUMENT] - k.count[d.FIRST_DOCUMENT] + documents > k.documents.size:
        k = flush(log, k, "documents", documents)
    if k.count[d.ENDED_COPIES] + copies > k.copies.size:
        k = flush(log, k, "copies", copies)
    if k.count[d.NEXT_MATTER] - k.count[d.FIRST_MATTER] + matters > k.matters.size:
        k = flush(log, k, "matters", matters)
    return k


_COUNTERS = {
    "acts": (d.NEXT_ACT, d.FIRST_ACT),
    "documents": (d.NEXT_DOCUMENT, d.FIRST_DOCUMENT),
    "matters": (d.NEXT_MATTER, d.FIRST_MATTER),
}


def flush(log: Log, k: Desk, table: str, room: int = 0) -> Desk:
    """Hands the open chunk of one table to the log and puts an empty one on the desk."""
    rows = getattr(k, table)
    if table == "copies":
        first, n = 0, int(k.count[d.ENDED_COPIES])
        k.count[d.ENDED_COPIES] = 0
    else:
        after, before = _COUNTERS[table]
        first, n = int(k.count[before]), int(k.count[after] - k.count[before])
        k.count[before] = k.count[after]
    log.take(table, rows, n, first)
    return k.replaced(**{table: log.empty(table, room)})
