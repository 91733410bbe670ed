"""`drivebelt run`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from drivebelt.cli.shared import example, is_date, is_place, say, wrapped
from drivebelt.errors import BadInput, BrokenOff
from drivebelt.whole import whole


@click.command(epilog=example("drivebelt run 1922-1928 --seed 7 --scale 0.1 --to 1923-12-31 --out year-one"))
@click.argument("scenario", default="1922-1928")
@click.option("--seed", default=1, show_default=True, help="Seed of the draws.")
@click.option("--from", "start", callback=is_date, metavar="DATE", help="First day, within the scenario.")
@click.option("--to", "end", callback=is_date, metavar="DATE", help="Last day, within the scenario.")
@click.option("--scale", default=1.0, show_default=True, help="Volost committees and cells as a share of the documented country.")
@click.option("--amend", "amendments", multiple=True, metavar="NAME-or-FILE", help="A changed rulebook; may be repeated.")
@click.option("--without", multiple=True, metavar="MECHANISM", help="Leave a mechanism out; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path), callback=is_place, help="Run directory  [default: runs/SCENARIO-seedN]")
@click.option("--resume", is_flag=True, help="Go on with a run that was broken off.")
@click.option("--timing", is_flag=True, help="Print the seconds spent in each mechanism.")
@click.option("--plan", is_flag=True, help="Print the order of the day and stop.")
def run(
    scenario: str, seed: int, start: date | None, end: date | None, scale: float, amendments: Sequence[str],
    without: Sequence[str], out: Path | None, resume: bool, timing: bool, plan: bool,
) -> None:  # fmt: skip
    """Runs the mechanism and writes a run directory.

    A run that was broken off, by whatever cause, goes on with the same command and --resume, and ends in the same digest.
    """
    if plan:
        _plan()
        return
    with whole():
        import drivebelt.running.day  # noqa: F401  the most of what is read in

        if "duckdb" not in sys.modules:  # which complains where its objects are not searched
            gc.freeze()  # it stays: the end of the process need not search it for rubbish, which took a quarter of a second
        from drivebelt.running.runner import Settings, execute

    if resume and out is None:
        raise BadInput("--resume: give the run to go on with as --out")
    place = out or _free_directory(f"{scenario}-seed{seed}")
    seconds: dict[str, float] | None = {} if timing else None
    begun = False

    def progress(done: int, days: int, acts: int) -> None:
        nonlocal begun
        if not begun:
            begun = True
            say(f"scenario {scenario}, seed {seed}, scale {scale:g}; writing {place}")
            if not done:
                return
        say(f"  {done:>5} of {days} days  {acts:>12,} acts")

    first, last = (str(day) if day else None for day in (start, end))
    settings = Settings(scenario, seed, first, last, scale, list(amendments), list(without))
    try:
        execute(settings, place, resume=resume, progress=progress, timing=seconds)
    except KeyboardInterrupt as why:
        kept = f"what was written stays in {place}; go on with the same command, --out {place} and --resume"
        raise BrokenOff(f"broken off; {kept if (place / 'unfinished').exists() else 'nothing was written'}") from why
    if not begun:
        say(f"{place}: was finished already; nothing was done")
    _summary(place)
    for name, spent in (seconds or {}).items():
        click.echo(f"  {name:<18} {spent:7.2f} s")
    if seconds:
        click.echo(f"  {'all mechanisms':<18} {sum(seconds.values()):7.2f} s")


def _plan() -> None:
    """The order of the day."""
    from drivebelt.running.day import describe

    phase = ""
    for its_phase, name, about in describe():
        if its_phase != phase:
            click.echo(click.style(its_phase, bold=True))
            phase = its_phase
        wrapped(f"{name:<18} {about}", "  ", 19)


def _summary(place: Path) -> None:
    """What a finished run amounts to."""
    from drivebelt.results import Run

    info = Run(place).info
    for rule in info.get("unread_amendments", ()):
        say(f"note: no mechanism of this run follows the amended rule {rule}; its amendment has changed nothing")
    rows = info["rows"]
    click.echo(f"{place}: {info['from']} to {info['to']}, {info['organs']:,} bodies")
    click.echo(f"  {rows['acts']:,} acts, {rows['documents']:,} documents, {rows['copies']:,} copies, {rows['matters']:,} matters")
    click.echo(
        f"  {info['wall_seconds']:.1f} s, {info['peak_mib']:,.0f} MiB, {info['act_bytes'] / max(rows['acts'], 1):.1f} bytes an act"
    )
    click.echo(f"  digest {info['digest']}")


def _free_directory(name: str) -> Path:
    """runs/NAME, or the first of runs/NAME-2, -3, ... that is not taken."""
    place, n = Path("runs") / name, 1
    while place.exists():
        n += 1
        place = Path("runs") / f"{name}-{n}"
    return place
