"""All measurements behind the figures of the README: whole processes, medians of the repetitions, peers in the same run.

Writes benchmarks/results.md. Takes some twelve minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
COMMAND = [sys.executable, "-m", "drivebelt.cli"]


def timed(*arguments: str) -> float:
    """Seconds of one whole process."""
    began = time.perf_counter()
    subprocess.run([*COMMAND, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def run(place: Path, *arguments: str) -> tuple[float, dict]:
    """Seconds of one run from a fresh process, and what its run.json says."""
    shutil.rmtree(place, ignore_errors=True)
    seconds = timed("run", *arguments, "--out", str(place))
    return seconds, json.loads((place / "run.json").read_text())


def first_compilation(place: Path) -> float:
    """Seconds that a first run takes longer than the next: with an empty cache, by both processes that compile."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        first, then = (run(place, "--scale", "0.005", "--to", "1922-12-31")[0] for _ in range(2))
        del os.environ["XDG_CACHE_HOME"]
    return first - then


def loop() -> float:
    """Seconds of ten million additions in plain Python: how fast the machine is today."""
    began, total = time.perf_counter(), 0
    for n in range(10_000_000):
        total += n
    return time.perf_counter() - began


def log_bytes(place: Path) -> int:
    """Bytes of the growing tables."""
    return sum(f.stat().st_size for table in ("acts", "documents", "copies", "matters") for f in (place / table).iterdir())


def main() -> None:
    """Measures and writes."""
    options = argparse.ArgumentParser()
    options.add_argument("--repeat", type=int, default=5)
    repeat = options.parse_args().repeat
    folder = Path(tempfile.mkdtemp(prefix="drivebelt-bench-"))
    place = folder / "run"
    timed("run", "--scale", "0.01", "--to", "1922-04-10", "--out", str(folder / "warm"))
    out = [f"# Measured {time.strftime('%Y-%m-%d')}", "", f"{os.cpu_count()} cores, Python {platform.python_version()}; "
           f"medians of {repeat} fresh processes unless said otherwise.", ""]  # fmt: skip
    speed = [loop() for _ in range(repeat)]
    compilations = [first_compilation(place) for _ in range(repeat)]
    small = [run(place, "--scale", "0.05", "--to", "1922-12-31")[0] for _ in range(repeat)]
    full = [run(place) for _ in range(repeat)]
    info = full[-1][1]
    digests = {i["digest"] for _, i in full}
    acts = info["rows"]["acts"]
    act = str(acts // 2)
    traces = [timed("trace", str(place), "--act", act) for _ in range(repeat)]
    helps = [timed("--help") for _ in range(repeat)]
    out += [
        "| measure | median | least to most |", "|---|---|---|",
        _row("ten million additions in plain Python (the machine), s", speed),
        _row("default scenario, 1:1, everything logged, s", [s for s, _ in full]),
        _row("its peak memory, MiB", [i["peak_mib"] for _, i in full]),
        _row("`--scale 0.05 --to 1922-12-31`, s", small),
        _row("what a first run compiles, s", compilations),
        _row("`drivebelt trace` on the full run, s", traces),
        _row("`drivebelt --help`, s", helps),
        "", f"{acts:,} acts; {info['act_bytes'] / acts:.1f} bytes an act in `acts`, {log_bytes(place) / acts:.1f} in all growing tables; "
        f"{len(digests)} digest in {repeat} runs.", "", "## Growth with scale (one run each)", "",
        "| scale | acts | s | s per million acts | bytes an act |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for scale in ("0.1", "0.3", "1", "3"):
        seconds, info = run(place, "--scale", scale)
        n = info["rows"]["acts"]
        out.append(f"| {scale} | {n:,} | {seconds:.1f} | {seconds / n * 1e6:.2f} | {info['act_bytes'] / n:.1f} |")
    shutil.rmtree(folder)
    done = subprocess.run([sys.executable, str(HERE / "cascade.py"), "--repeat", str(repeat), "--directives", "1"], check=True,
                          capture_output=True, text=True)  # fmt: skip
    c = json.loads(done.stdout)
    out += [
        "", "## One directive to 37,790 committees and the reports back", "",
        f"Drivebelt {c['drivebelt_ms']} ms ({c['acts']:,} acts, {c['documents']:,} documents and {c['copies']:,} copies logged; "
        f"{c['receipts']:,} receipts); Mesa 3.3.1, one step a day, one row a receipt and a report ({c['mesa_rows']:,} rows): "
        f"{c['mesa_ms']} ms; ratio {c['ratio']}, by the row logged {c['ratio_a_row']}.",
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(HERE / "members.py"), "--repeat", str(repeat)], check=True, capture_output=True, text=True
    )
    m = json.loads(done.stdout)
    out += ["", "## The weekly update of a million members", "", "Nanoseconds a member-week, one thread: "
            + ", ".join(f"{name} {value}" for name, value in m.items()) + "."]  # fmt: skip
    (HERE / "results.md").write_text("\n".join(out) + "\n")
    print("\n".join(out))


def _row(name: str, values: list[float]) -> str:
    return f"| {name} | {statistics.median(values):.2f} | {min(values):.2f} to {max(values):.2f} |"


if __name__ == "__main__":
    main()
