"""`drivebelt serve`."""

from __future__ import annotations

import errno
import secrets
from pathlib import Path

import click

from drivebelt.cli.shared import example, say
from drivebelt.errors import BadInput

LOCAL = ("127.0.0.1", "localhost", "::1")


@click.command(epilog=example("drivebelt serve runs/default"))
@click.argument("runs", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; others than this machine's take a token."
)
@click.option("--port", default=8500, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option("--workshop", type=click.Path(path_type=Path), hidden=True, help="Where what readers have made is kept.")
@click.option("--first", default="", hidden=True, help="Arguments of `drivebelt run` for the run that is made where there is none.")
def serve(runs: tuple[Path, ...], host: str, port: int, workshop: Path | None, first: str) -> None:
    """Opens the laboratory in a browser: the mechanism, cases, journeys, people, measures, evidence and the archive room.

    Without RUNS it shows runs/default; where there is none, a first run is made while the page is open.
    """
    import shlex
    import socket

    import uvicorn

    from drivebelt.web.app import application
    from drivebelt.web.first import DEFAULT, make_first
    from drivebelt.web.library import Library
    from drivebelt.web.warming import warm

    if not runs and (DEFAULT / "run.json").exists():
        runs = (DEFAULT,)
    for run in runs:
        if not run.is_dir():
            raise BadInput(f"{run}: no such run directory; `drivebelt run` makes one")
    token = None if host in LOCAL else secrets.token_urlsafe(16)
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # whoever reads the address below and comes at once waits, and is not turned away
    except OSError as why:
        other = "--port" if why.errno in (errno.EADDRINUSE, errno.EACCES) else "--host"
        raise BadInput(f"--host {host} --port {port}: {why.strerror or why}; choose another {other}") from why
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}/"
    if token:
        say("warning: whoever has this address can read the runs; the connection is not encrypted")
        address += f"?token={token}"
    click.echo(address)
    library = Library(runs, workshop)
    if not runs:
        library.first_arguments = shlex.split(first)
        make_first(library, library.first_arguments)
    app = application(library, hosts=(*LOCAL,) if token is None else ("*",), token=token)
    warm(app)
    try:
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")).run(sockets=[listener])
    finally:
        library.close()
