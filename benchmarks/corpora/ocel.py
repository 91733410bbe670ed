"""OCEL 2.0: what importing the public samples drops, counted again by SQL alone; and how fast runs are written.

Writes two runs, of about 1e5 and 1e6 acts, as OCEL 2.0 in SQLite, each in fresh processes: seconds of the wall and of the processor,
peak memory. On a busy machine the processor's seconds are the ones to believe. The judges pm4py, r4pm and oceldb read back what is
written in tests/test_interchange.py, where they are installed.

[DRIVEBELT_DATA=...] python benchmarks/corpora/ocel.py [RUN_OF_1E5 RUN_OF_1E6]
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "drivebelt.cli"]
TIMES = 3
RUNS = (("1e5", "1922-06-03"), ("1e6", "1923-06-30"))
BARS = {"1e5": 2.0, "1e6": 25.0}
DANGLING = {
    "relation of an event to an object that is not there": "select count(*) from event_object where ocel_event_id in (select ocel_id from event) "
    "and ocel_object_id not in (select ocel_id from object)",
    "relation of an event that is not there": "select count(*) from event_object where ocel_event_id not in (select ocel_id from event)",
    "relation of an object to one that is not there": "select count(*) from object_object where ocel_source_id in (select ocel_id from object) "
    "and ocel_target_id not in (select ocel_id from object)",
    "relation of an object that is not there": "select count(*) from object_object where ocel_source_id not in (select ocel_id from object)",
}  # fmt: skip


def recounted(log: Path) -> dict[str, int]:
    """Relations that lead nowhere, by the importer's words, without the importer."""
    base = sqlite3.connect(f"file:{log}?mode=ro", uri=True)
    found = {why: base.execute(query).fetchone()[0] for why, query in DANGLING.items()}
    base.close()
    return {why: n for why, n in found.items() if n}


def samples(place: Path) -> None:
    for log in sorted(place.glob("*.sqlite")):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "archive"
            done = subprocess.run(
                [*COMMAND, "import", str(log), "--from", "ocel2", "--out", str(out), "--json"],
                check=True,
                capture_output=True,
                text=True,
            )
        told = json.loads(done.stdout)
        print(
            f"{log.name}: {told['read']:,} rows read, {told['kept']:,} kept; dropped {told['dropped'] or 'nothing'}; counted again {'alike' if told['dropped'] == recounted(log) else recounted(log)}"
        )


def measured(run: Path, out: Path) -> tuple[float, float, float]:
    """Seconds of the wall, of the processor, and MiB at the peak of one export in a process of its own."""
    out.unlink(missing_ok=True)
    began = time.perf_counter()
    child = subprocess.Popen([*COMMAND, "export", str(run), "--to", "ocel2-sqlite", "--out", str(out)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"export of {run} failed")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    if os.environ.get("DRIVEBELT_DATA"):
        samples(Path(os.environ["DRIVEBELT_DATA"]) / "ocel")
    else:
        print("the public samples are not here: DRIVEBELT_DATA names the folder that holds ocel/")
    with tempfile.TemporaryDirectory() as folder:
        for k, (name, last) in enumerate(RUNS):
            run = Path(sys.argv[k + 1]) if len(sys.argv) > k + 1 else Path(folder) / name
            if not run.exists():
                subprocess.run(
                    [*COMMAND, "run", "--scale", "0.005", "--to", last, "--out", str(run)],
                    check=True,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            events = json.loads((run / "run.json").read_text())["rows"]["acts"]
            figures = [measured(run, Path(folder) / "log.sqlite") for _ in range(TIMES)]
            wall, cpu, peak = (statistics.median(f[i] for f in figures) for i in range(3))
            size = (Path(folder) / "log.sqlite").stat().st_size / 2**20
            per = float(name)
            print(
                f"{events:,} events: {wall:.1f} s of the wall, {cpu:.1f} s of the processor, {peak:,.0f} MiB, file {size:,.0f} MiB; for {name} events {cpu * per / events:.1f} s (bar {BARS[name]:.0f} s, 1,024 MiB)"
            )


if __name__ == "__main__":
    main()
