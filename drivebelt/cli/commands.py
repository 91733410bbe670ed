"""All commands, in the order in which one uses them. Each is declared in one place, with its options and its help.

Modules of commands import nothing heavy before a command is called, so that help is there at once.
"""

from __future__ import annotations

import click

from drivebelt import __version__
from drivebelt.cli.archive import archive
from drivebelt.cli.experiments import experiment, validate
from drivebelt.cli.interchange import export, import_
from drivebelt.cli.reading import case_, cases, knew, report, trace
from drivebelt.cli.reconstruct import explain, reconstruct, score
from drivebelt.cli.run import run
from drivebelt.cli.serve import serve
from drivebelt.cli.sources import evidence, rules, scenarios

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


class _Commands(click.Group):
    """Keeps the commands in the order in which one uses them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_Commands, context_settings=_HELP, invoke_without_command=True)
@click.version_option(__version__, prog_name="drivebelt")
@click.pass_context
def main(ctx: click.Context) -> None:
    """A working model of how decisions were made in secret at the top of the Soviet party and carried to every locality.

    \b
    Begin with:
      drivebelt run --scale 0.05 --to 1922-12-31 --out small
      drivebelt report small
      drivebelt case lost-cipher small
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


_COMMANDS = (
    run, scenarios, rules, report, trace, knew, cases, case_, archive, reconstruct, score, explain, validate, experiment, evidence,
    export, import_, serve,
)  # fmt: skip
for command in _COMMANDS:
    main.add_command(command)
