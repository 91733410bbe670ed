"""Coverage of the count of papers ever numbered, by kind of loss, beside published estimators that know no numbers.

A hundred cases: runs of seeds that nothing was tuned on, each under losses by paper, by office and by subject at several shares and
under regimes, each with a loss seed of its own. Of every case: estimate, 90 per cent interval, whether it holds, whether the answer
says that it cannot be told, the share of the runs whose registers' own intervals hold, and what Chao1 and others say. Complete
archives are the negative control: papers claimed lost there, and false cascades: those in which no
order has most of the papers, and those beside the one that holds most of their order.

python benchmarks/missing.py FOLDER [CASES]    what is there already is kept: a run that was broken off goes on

Writes missing.json and missing.md into FOLDER.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
from corpora.common import share

from drivebelt.archive import Archive
from drivebelt.reconstruct.counting.missing import count, free_numbers, known_of
from drivebelt.reconstruct.counting.registers import published
from drivebelt.results import Run
from drivebelt.running.runner import Settings, execute

SCALE = 0.005
RUNS = {
    "early-481": (481, None, "1922-12-31"), "early-482": (482, None, "1922-12-31"),
    "middle-483": (483, "1924-06-01", "1925-02-28"), "late-484": (484, "1926-03-01", "1926-12-31"),
}  # fmt: skip
LOSSES = {
    "by paper": [{"survival": s} for s in (0.6, 0.3, 0.1, 0.05, 0.02)],
    "offices burned": [{"survival": s, "correlated": "office"} for s in (0.6, 0.3, 0.1, 0.05, 0.02)],
    "subjects burned": [{"survival": s, "correlated": "subject"} for s in (0.6, 0.3, 0.1, 0.05, 0.02)],
    "regime": [{"regime": r} for r in ("rules-1924", "purge-1937", "kgb-1954", "august-1991")]
    + [{"regime": "purge-1937", "reader": "historian-1993"}],
}  # fmt: skip
TIMES = 2
"""Loss seeds of each run and loss at most; the first CASES are made, kinds of loss in turn."""


def cases(many: int) -> list[tuple[str, str, dict, int]]:
    """Run, kind of loss, settings and loss seed of each case."""
    out = []
    for seed in range(1, TIMES + 1):
        for i in range(max(len(rows) for rows in LOSSES.values())):
            for name in RUNS:
                for kind, rows in LOSSES.items():
                    if i < len(rows):
                        out.append((name, kind, rows[i], seed * 100 + i))
    return out[:many]


def run_of(folder: Path, name: str) -> Run:
    """A run, made once."""
    place = folder / name
    if not (place / "run.json").exists():
        shutil.rmtree(place, ignore_errors=True)
        seed, start, end = RUNS[name]
        execute(Settings("1922-1928", seed, start, end, SCALE), place)
    return Run(place)


def measure(run: Run, settings: dict, seed: int, place: Path) -> dict:
    """The figures of one case."""
    shutil.rmtree(place, ignore_errors=True)
    archive: Archive = run.archive(**{"regime": "complete", **settings}, out=place, seed=seed)
    last = dict(run.sql("select series, max(number) from documents group by series").fetchall())
    what = known_of(archive)
    found = count(what)
    truth = sum(last.values())
    ends = np.array([last[int(s)] for s in what.label])
    out = {
        "truth": truth, "there": int(what.there.sum()), "estimate": found.total, "low": found.total_low, "high": found.total_high,
        "holds": bool(found.total_low <= truth <= found.total_high), "told": found.told,
        "registers_hold": float(((found.low <= ends) & (ends <= found.high)).mean()) if ends.size else None,
        "published": published(archive), "lost_claimed": found.missing, "free": free_numbers(what).num_rows,
    }  # fmt: skip
    shutil.rmtree(place, ignore_errors=True)
    return out


def control(folder: Path, run: Run, name: str) -> dict:
    """A complete archive: papers claimed lost, and cascades in which no two papers carry out the same true order."""
    import drivebelt as db
    from drivebelt.reconstruct.archive import read
    from drivebelt.reconstruct.scoring.figures import false_cascades
    from drivebelt.reconstruct.scoring.truth import truth

    place = folder / f"{name}-complete"
    shutil.rmtree(place, ignore_errors=True)
    archive = run.archive("complete", out=place)
    found = db.reconstruct(archive)
    of = found.documents["cascade"].fill_null(-1).to_numpy()
    matter = truth(read(place), run).matter
    rows = np.flatnonzero(of >= 0)
    shutil.rmtree(place, ignore_errors=True)
    return {
        "papers": int(of.size), "lost_claimed": found.info["ever_numbered"]["total"] - found.info["ever_numbered"]["there"],
        "free_numbers": found.info["ever_numbered"]["free_numbers"], **false_cascades(of[rows], matter[rows]),
    }  # fmt: skip


def table(found: dict[str, dict]) -> str:
    """The Markdown table: a row for each kind of loss, and for each share or regime."""
    lines = [
        "| loss | interval holds | of those told | cannot be told; its estimates off by | mean error of those told | mean width | "
        "registers hold | Chao1 | ACE |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    groups: dict[str, list[dict]] = {}
    for key in sorted(found):
        c = found[key]
        for name in (f"**{c['kind']}**", f"{c['kind']}: {c['what']}", "**all**"):
            groups.setdefault(name, []).append(c)
    order = sorted(groups, key=lambda name: (name == "**all**", name.strip("*")))
    for name in order:
        rows = groups[name]
        told = [c for c in rows if c["told"]]
        held = share(sum(c["holds"] for c in told), len(told))
        untold = [abs(c["estimate"] / c["truth"] - 1) for c in rows if not c["told"]]
        off = f"; {np.mean(untold):.0%}" if untold else ""
        every = share(sum(c["holds"] for c in rows), len(rows))
        errors = [c["estimate"] / c["truth"] - 1 for c in told]
        widths = [(c["high"] - c["low"]) / c["truth"] for c in told]
        error, width = (format(np.mean(x), form) if x else "none" for x, form in ((errors, "+.1%"), (widths, ".1%")))
        others = [np.mean([c["published"].get(n, np.nan) / c["truth"] - 1 for c in rows]) for n in ("Chao1", "ACE")]
        inside = np.mean([c["registers_hold"] for c in rows if c["registers_hold"] is not None])
        lines.append(
            f"| {name} | {every} | {held} | {len(untold)}{off} | {error} | {width} | {inside:.0%} | "
            + " | ".join(f"{x:+.0%}" for x in others) + " |"
        )  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> None:
    folder, many = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "missing.json"
    done = json.loads(place.read_text()) if place.exists() else {"cases": {}, "complete": {}}
    for name, kind, settings, seed in cases(many):
        what = ", ".join(str(v) for k, v in settings.items() if k != "correlated")
        key = f"{name} {kind} {what} {seed}"
        if key in done["cases"]:
            continue
        figures = measure(run_of(folder, name), settings, seed, folder / "archive")
        done["cases"][key] = {"run": name, "kind": kind, "what": what, "seed": seed, **figures}
        place.write_text(json.dumps(done, indent=1) + "\n")
        print(key, {k: figures[k] for k in ("truth", "estimate", "low", "high", "holds", "told")}, flush=True)
    for name in sorted({case[0] for case in cases(many)}):
        if name not in done["complete"]:
            done["complete"][name] = control(folder, run_of(folder, name), name)
            place.write_text(json.dumps(done, indent=1) + "\n")
    (folder / "missing.md").write_text(table(done["cases"]))
    print(table(done["cases"]))
    print(json.dumps(done["complete"], indent=1))


if __name__ == "__main__":
    main()
