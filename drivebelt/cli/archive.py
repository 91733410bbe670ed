"""The command that leaves of a run what survived: `archive`."""

from __future__ import annotations

from pathlib import Path

import click

from drivebelt.cli.shared import AS_JSON, example, is_place, print_json, say


@click.command(epilog=example("drivebelt archive runs/1922-1928-seed1 --regime purge-1937 --reader historian-1993 --out archive"))
@click.argument("run_directory", type=click.Path(path_type=Path))
@click.option(
    "--regime", required=True, metavar="NAME", help="What became of the paper: complete, rules-1924, purge-1937, ... august-1991."
)
@click.option("--reader", metavar="NAME", help="Who reads, and when: historian-1970, -1988, -1993, -2002.")
@click.option("--survival", type=float, metavar="SHARE", help="Further loss, until this share of the documents is left.")
@click.option(
    "--correlated", default="none", show_default=True, metavar="none|office|subject", help="What further loss takes together."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the losses.")
@click.option(
    "--testimony", is_flag=True, help="Also what officials said of who decided: memoirs, interrogations, speeches, letters."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), callback=is_place, help="Directory of the archive.")
@AS_JSON
def archive(
    run_directory: Path,
    regime: str,
    reader: str | None,
    survival: float | None,
    correlated: str,
    seed: int,
    testimony: bool,
    out: Path,
    as_json: bool,
) -> None:
    """Leaves of a run what survived under a regime of losses, without the truth: an archive for `drivebelt reconstruct`."""
    from drivebelt.results import Run

    run = Run(run_directory)
    found = run.archive(regime, out=out, reader=reader, survival=survival, correlated=correlated, seed=seed, testimony=testimony)
    if as_json:
        print_json(found.info)
        return
    total = {name: int(run.info["rows"][name]) for name in ("documents", "copies", "acts")}
    for name, label in (("documents", "documents"), ("copies", "numbered copies"), ("acts", "entries in registers, of all acts")):
        kept = found.info["rows"][name]
        click.echo(f"{label}: {kept:,} of {total[name]:,} ({kept / total[name] if total[name] else 0:.1%})")
    say(f"archive: {out}")
