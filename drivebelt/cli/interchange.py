"""Commands that carry runs and archives over to other programs, and archives of other fields in: `export` and `import`."""

from __future__ import annotations

from pathlib import Path

import click

from drivebelt.cli.shared import AS_JSON, example, is_place, print_json, say

# As in `interchange.exporting` and `interchange.importing`, which are dear to import; a test holds them together.
TO = ("ocel2-sqlite", "ocel2-json", "csv", "graphml")
FROM = ("ocel2", "csv", "mbox", "tei")


@click.command("export", epilog=example("drivebelt export runs/1922-1928-seed1 --to ocel2-sqlite --out run.sqlite"))
@click.argument("run_directory", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--to", type=click.Choice(TO), required=True, help="Format.")
@click.option(
    "--out", type=click.Path(path_type=Path), callback=is_place, required=True, metavar="PATH",
    help="File, or for csv a folder; it must not be there yet.",
)  # fmt: skip
@AS_JSON
def export(run_directory: Path, to: str, out: Path, as_json: bool) -> None:
    """Writes a run or an archive for other programs.

    OCEL 2.0: acts are events, everything else is an object; relations to what is not in an archive are left out and counted.
    CSV: every table, with a description in datapackage.json. GraphML: the bodies, who stands under whom, and how many papers
    passed between them.
    """
    from drivebelt.interchange.exporting import export as carry

    done = carry(run_directory, to, out)
    if as_json:
        print_json({"out": str(out), "written": done.written, "dropped": done.dropped})
        return
    click.echo(f"{out}: " + ", ".join(f"{n:,} {what}" for what, n in done.written.items()))
    for why, n in done.dropped.items():
        say(f"left out: {n:,} relations ({why})")


@click.command("import", epilog=example("drivebelt import leak.csv --from csv --mapping leak.yaml --out leak"))
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--from", "form", type=click.Choice(FROM), required=True,
    help="Format; mbox reads a mailbox file or a maildir, tei an edition or a folder of its volumes.",
)  # fmt: skip
@click.option(
    "--mapping", type=click.Path(path_type=Path), metavar="FILE",
    help="What the columns of a CSV are, or which objects of an OCEL log are bodies and papers.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), callback=is_place, required=True, metavar="DIR",
    help="Archive directory; it must not be there yet.",
)  # fmt: skip
@AS_JSON
def import_(path: Path, form: str, mapping: Path | None, out: Path, as_json: bool) -> None:
    """Makes an archive of a table, a mailbox or an event log of another field.

    Says what it understood, how many rows it dropped, and why; the same stands in the archive's archive.json.
    """
    from drivebelt.interchange.importing import bring

    told = bring(path, form, out, mapping)
    if as_json:
        print_json({"out": str(out), **told.as_dict()})
        return
    for line in told.lines():
        click.echo(line)
    say(f"archive: {out}")
