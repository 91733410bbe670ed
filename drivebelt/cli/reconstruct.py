"""Commands that go back from an archive to who decided: `reconstruct`, `score` and `explain`."""

from __future__ import annotations

from pathlib import Path

import click

from drivebelt.cli.shared import AS_JSON, example, heading, is_place, print_json, row, say, wrapped


@click.command(epilog=example("drivebelt reconstruct archive --out found"))
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), callback=is_place, help="Directory of the reconstruction.")
@click.option(
    "--superiors", is_flag=True, help="Also look for who stands above whom without the lists of bodies; see docs/reconstruction.md."
)
@AS_JSON
def reconstruct(archive: Path, out: Path, superiors: bool, as_json: bool) -> None:
    """Infers from an archive who decided: which papers carry out one order, who began it, which bodies only pass on.

    Nothing but the archive is read. What cannot be told is not told.
    """
    from drivebelt.reconstruct import infer

    found = infer(archive, superiors=superiors)
    found.write(out)
    if as_json:
        print_json({**found.info, "summary": found.summary()})
        return
    for line in found.summary():
        wrapped(line, "")
    say(f"reconstruction: {out}; drivebelt explain {out} --document ID says why")


@click.command(epilog=example("drivebelt score found runs/1922-1928-seed1"))
@click.argument("reconstruction", type=click.Path(path_type=Path))
@click.argument("run_directory", type=click.Path(path_type=Path))
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    help="Key that drivebelt archive --key wrote  [default: the archive is made again with --seed 1]",
)
@AS_JSON
def score(reconstruction: Path, run_directory: Path, key: Path | None, as_json: bool) -> None:
    """Sets a reconstruction beside the truth of the run its archive was made from, and beside simpler methods."""
    from drivebelt.reconstruct import load
    from drivebelt.results import Run

    found = load(reconstruction).score(Run(run_directory), key)
    if as_json:
        print_json(found.as_dict())
        return
    heading("Score", "")
    for name, cells in found.lines():
        row(name, 78, f"  {cells}")


@click.command(epilog=example("drivebelt explain found --document 4711"))
@click.argument("reconstruction", type=click.Path(path_type=Path))
@click.option("--document", type=int, help="Number of a document of the archive.")
@click.option("--office", type=int, metavar="ID", help="Number of an organ: who stands above it, where that was weighed.")
@AS_JSON
def explain(reconstruction: Path, document: int | None, office: int | None, as_json: bool) -> None:
    """Says why: the documents, the rule, the rival hypothesis and why it lost, how sure one may be."""
    from drivebelt.errors import BadInput
    from drivebelt.reconstruct import load

    if (document is None) == (office is None):
        raise BadInput("explain: give --document ID or --office ID, one of them")
    lines = load(reconstruction).explain(document, office=office)
    if as_json:
        print_json({**({"document": document} if office is None else {"office": office}), "paragraphs": lines})
        return
    for line in lines:
        wrapped(line, "")
        click.echo()
