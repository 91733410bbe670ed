"""Commands that read a finished run: `report`, `trace`, `knew`, `cases` and `case`."""

from __future__ import annotations

import gc
from datetime import date
from pathlib import Path

import click

from drivebelt.cli.shared import AS_JSON, columns, example, is_date, is_place, print_json, say, wrapped
from drivebelt.errors import BadInput


@click.command(epilog=example("drivebelt report runs/1922-1928-seed1"))
@click.argument("run_directory", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), callback=is_place, help="Folder of the page  [default: the run directory]")
@click.option("--json", "as_json", is_flag=True, help="The findings, machine-readable; writes no page.")
def report(run_directory: Path, out: Path | None, as_json: bool) -> None:
    """Prints the findings of a run and writes report.html and its plots into its directory."""
    from drivebelt.findings import findings
    from drivebelt.results import Run

    found = findings(Run(run_directory))
    if as_json:
        print_json(found.as_dict())
        return
    from drivebelt.report import write
    from drivebelt.report.terminal import WIDTH

    click.echo(found.text(styled=True, width=min(columns() or WIDTH, WIDTH)))
    page = write(found, out)
    say(f"page: {page}")


def _is_expansion(ctx: click.Context, param: click.Parameter, value: str | None) -> str | int | None:
    from drivebelt.records import LEVELS

    if value is None or value in (*LEVELS, "all"):
        return value
    if value.isdecimal() and 1 <= len(value) <= 9 and int(value):
        return int(value)
    raise BadInput(f"--expand {value!r}: one of {', '.join(LEVELS)}, all, or a number from 1")


@click.command(epilog=example("drivebelt trace runs/1922-1928-seed1 --document 4711"))
@click.argument("run_directory", type=click.Path(path_type=Path))
@click.option("--matter", type=int, help="Number of a matter.")
@click.option("--document", type=int, help="Number of a document.")
@click.option("--act", type=int, help="Number of an act.")
@click.option(
    "--expand", callback=_is_expansion, metavar="LEVEL|N|all",
    help="Tell acts down to this level (region, gubernia, uezd, volost, cell); or up to N of the same kind one by one; or all.",
)  # fmt: skip
@AS_JSON
def trace(
    run_directory: Path, matter: int | None, document: int | None, act: int | None, expand: str | int | None, as_json: bool
) -> None:
    """Prints the whole path of a matter, document or act, from the first mover to the last cell.

    What happens below the first mover's level is told in sum, level by level, until --expand asks for more.
    """
    from drivebelt.results import Run
    from drivebelt.trace import text

    gc.disable()  # the process ends with the trace; looking for rubbish among its acts would cost a third of the time
    path = Run(run_directory).trace(matter=matter, document=document, act=act, expand="all" if as_json else expand)
    if as_json:
        print_json(path.as_dict())
        return
    for line in text(path, expand):
        wrapped(line.lstrip(), " " * (len(line) - len(line.lstrip())), 13)


@click.command(epilog=example("drivebelt knew runs/1922-1928-seed1 --matter 4711 --day 1924-06-01 --who Trotsky"))
@click.argument("run_directory", type=click.Path(path_type=Path))
@click.option("--matter", type=int, required=True, help="Number of a matter of the Centre.")
@click.option("--day", callback=is_date, metavar="DATE", help="What was known by the end of this day  [default: the last].")
@click.option("--who", metavar="NAME", help="One person or body: a surname, a name, a key or a number.")
@click.option("--most", default=12, show_default=True, help="Persons and bodies of each level to name.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable; everybody.")
def knew(run_directory: Path, matter: int, day: date | None, who: str | None, most: int, as_json: bool) -> None:
    """Who knew what of a matter on a day, since when, and by which act."""
    from drivebelt.knowledge_query import text
    from drivebelt.results import Run

    found = Run(run_directory).knew(matter, who=who, day=day)
    if as_json:
        print_json([k.as_dict() for k in found])
        return
    for line in text(found, most):
        wrapped(line.lstrip(), " " * (len(line) - len(line.lstrip())), 6)


@click.command(epilog=example("drivebelt cases"))
@AS_JSON
def cases(as_json: bool) -> None:
    """Lists the documented episodes."""
    from drivebelt.cases import case, case_names

    found = [case(name) for name in case_names()]
    if as_json:
        print_json([{"case": c.name, "title": c.title, "about": c.about, "scenario": c.scenario} for c in found])
        return
    for c in found:
        wrapped(f"{c.name:<22} {c.title} (scenario {c.scenario})", "", 23)


@click.command(name="case", epilog=example("drivebelt case siberian-directives runs/1922-1928-seed1"))
@click.argument("name")
@click.argument("run_directory", required=False, type=click.Path(path_type=Path))
@AS_JSON
def case_(name: str, run_directory: Path | None, as_json: bool) -> None:
    """One episode: the documented path beside the simulated one."""
    from drivebelt.cases import case
    from drivebelt.report.terminal import case_text
    from drivebelt.results import Run

    c = case(name, Run(run_directory) if run_directory else None)
    if as_json:
        print_json(c.as_dict())
        return
    click.echo(click.style(c.title, bold=True))
    wrapped(c.about, "")
    click.echo()
    for line in case_text(c, run_directory is not None, columns()):
        click.echo(line)
    click.echo()
    if run_directory is None:
        wrapped(f"Give a run of scenario {c.scenario} to see the simulated path beside it.", "")
    else:
        wrapped(f"Matters {', '.join(str(m) for m in c.matters)}: drivebelt trace {run_directory} --matter {c.matters[0]}", "")
