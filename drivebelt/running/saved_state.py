"""The state of an unfinished run on disk: saved at the end of a segment, and read again to go on from there."""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from drivebelt import desk as d
from drivebelt.errors import BadInput
from drivebelt.power.state import Power
from drivebelt.running.log import Log
from drivebelt.running.log_tables import TABLES
from drivebelt.world import World

Spare = dict[str, npt.NDArray[Any]]
"""Arrays of a state that has been saved, to be used for the next: fresh memory is what costs when arrays are copied."""


def _copied(array: npt.NDArray[Any], name: str, spare: Spare) -> npt.NDArray[Any]:
    old = spare.pop(name, None)
    if old is None or old.shape != array.shape or old.dtype != array.dtype:
        return array.copy()
    np.copyto(old, array)
    return old


@dataclass
class SavedState:
    """What a run needs to go on: the desk, the days done, the digests so far."""

    day: int
    segment: int
    chain: dict[str, str]
    rows: dict[str, int]
    desk: d.Desk
    routine_roots: Any
    power: Power
    samples: list[Any]
    _kept = tuple(f for f in d.Desk.fields if f not in TABLES)

    @classmethod
    def of(cls, w: World, day: int, spare: Spare) -> SavedState:
        """The state before a day, in arrays of its own, `spare` ones where they fit: the world may go on. What the log has written
        is added by `save`."""

        def copies(of: Any, names: Iterable[str], prefix: str = "") -> Any:
            return of.replaced(**{name: _copied(getattr(of, name), prefix + name, spare) for name in names})

        desk, power = copies(w.desk, cls._kept), copies(w.power, Power.fields, "power_")
        return cls(day, 0, {}, {}, desk, w.routine_roots.copy(), power, list(w.samples))

    def save(self, unfinished: Path, log: Log, spare: Spare) -> None:
        """Once the log's files of the days done are closed: writes beside the old state and then takes its place, so that one whole
        state is always there. The arrays are then to spare."""
        self.segment, self.chain, self.rows = log.segment, dict(log.chain), dict(log.rows)
        part, place = unfinished / "state.part.npz", unfinished / "state.npz"
        meta = json.dumps(
            {"day": self.day, "segment": self.segment, "chain": self.chain, "rows": self.rows, "samples": self.samples}
        )
        arrays = {name: getattr(self.desk, name) for name in self._kept}
        arrays |= {f"power_{name}": getattr(self.power, name) for name in Power.fields}
        try:
            with part.open("wb") as file:
                np.savez(file, meta=np.array(meta), routine_roots=self.routine_roots, **arrays)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, place)
        except OSError as why:
            part.unlink(missing_ok=True)
            raise BadInput(f"{unfinished}: cannot save the state: {why.strerror or why}; free some space and resume") from why
        spare.update(arrays)

    @classmethod
    def load(cls, unfinished: Path) -> SavedState | None:
        """The last whole state, or None where the run broke off before the first."""
        place = unfinished / "state.npz"
        if not place.exists():
            return None
        try:
            with np.load(place) as saved:
                meta = json.loads(str(saved["meta"]))
                chunks = {name: np.zeros(0, TABLES[name].row) for name in TABLES}
                desk = d.Desk(**{name: saved[name] for name in cls._kept}, **chunks)
                power = Power(**{name: saved[f"power_{name}"] for name in Power.fields})
                meta["samples"] = [tuple(s) for s in meta["samples"]]
                return cls(**meta, desk=desk, routine_roots=saved["routine_roots"], power=power)
        except (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as why:
            raise BadInput(f"{place}: the saved state cannot be read; delete {unfinished.parent} and run anew") from why

    def check_parts(self, out: Path) -> None:
        """Refuses to go on upon part files that have lost rows since they were closed."""
        for table, rows in self.rows.items():
            found = 0
            for n in range(self.segment):
                part = out / table / f"{n:04d}.parquet"
                try:
                    found += pq.read_metadata(part).num_rows if part.exists() else 0
                except (OSError, pa.ArrowException) as why:
                    raise BadInput(f"{part}: cannot be read; delete {out} and run anew") from why
            if found != rows:
                raise BadInput(f"{out / table}: holds {found:,} rows where {rows:,} were written; delete {out} and run anew")
