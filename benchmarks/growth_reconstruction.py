"""How time and memory of the reconstruction grow with the archive.

python benchmarks/growth_reconstruction.py ARCHIVE...      the smallest first

Each archive is reconstructed whole in a process of its own, after the smallest, so that nothing is compiled any more. Prints papers, processor seconds, the
same per paper times the logarithm of papers (which must not rise for growth no faster than n log n), and peak memory; writes them to
benchmarks/growth_reconstruction.json.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

ONE = """
import json, resource, sys, time
import drivebelt
drivebelt.reconstruct(sys.argv[2])
begun, cpu = time.perf_counter(), time.process_time()
found = drivebelt.reconstruct(sys.argv[1])
took, busy = time.perf_counter() - begun, time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"papers": found.info["papers"], "carry an order": found.info["acting"], "cascades": found.info["cascades"],
    "seconds": round(took, 2), "processor_seconds": round(busy, 2), "peak_gib": round(peak, 2)}))
"""


def main() -> None:
    archives = sys.argv[1:]
    rows = []
    for archive in archives:
        done = subprocess.run([sys.executable, "-c", ONE, archive, archives[0]], capture_output=True, text=True, check=True)
        row = json.loads(done.stdout.splitlines()[0])
        n = row["papers"]
        row["microseconds_by_n_log_n"] = round(1e6 * row["processor_seconds"] / (n * math.log2(max(n, 2))), 3)
        rows.append(row)
        print("  ".join(f"{name} {value:,}" for name, value in row.items()), flush=True)
    (Path(__file__).parent / "growth_reconstruction.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
