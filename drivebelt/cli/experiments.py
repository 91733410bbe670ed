"""Commands over many runs: `validate` and `experiment`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drivebelt.cli.shared import AS_JSON, WORKERS, example, heading, print_json, row, say, wrapped
from drivebelt.errors import BadInput, BrokenOff

if TYPE_CHECKING:
    from drivebelt.experiments.design import Experiment
    from drivebelt.experiments.effects import Effect
    from drivebelt.experiments.sensitivity import Share
    from drivebelt.experiments.validation import Half, Score


@click.command(epilog=example("drivebelt validate --runs 60 --scale 0.02"))
@click.argument("scenario", default="1922-1928")
@click.option("--runs", default=30, show_default=True, help="Runs of the ensemble; each has a draw and a seed of its own.")
@click.option("--scale", default=0.01, show_default=True, help="Scale of the runs.")
@click.option(
    "--draws", type=click.Choice(["fitted", "prior", "default"]), default="fitted", show_default=True,
    help="Assumptions: the draws that fit, draws over all ranges, or the values of the rulebook.",
)  # fmt: skip
@click.option("--fit", "points", type=int, help="Fit the assumptions anew with so many points; writes fitted.json into --out.")
@click.option("--out", type=click.Path(path_type=Path), help="Where results are kept, to go on after a break.")
@click.option("--workers", type=WORKERS, help="Processes  [default: one a core]")
@AS_JSON
def validate(
    scenario: str, runs: int, scale: float, draws: str, points: int | None, out: Path | None, workers: int | None, as_json: bool
) -> None:
    """Sets documented figures beside an ensemble of runs, and says how the half fares that was not fitted."""
    import tempfile

    from drivebelt.experiments import fitting, validation
    from drivebelt.scenario import Scenario

    Scenario(scenario)
    for name, number in (("--runs", runs), ("--fit", points if points is not None else 1)):
        if not 1 <= number <= 10_000:
            raise BadInput(f"{name} {number}: a whole number from 1 to 10000")
    if not 0 < scale <= 10:
        raise BadInput(f"--scale {scale}: a number above 0 and at most 10")
    place = out or Path(tempfile.mkdtemp(prefix="drivebelt-validate-"))
    if points is not None:
        kept = fitting.fit(place, points, scale, workers, _left)
        fitting.ship(kept, place / "fitted.json")
        click.echo(f"{len(kept)} draws that fit, with errors on the fitted half from {fitting.error(kept[0], 'fit'):.3f} to "
                   f"{fitting.error(kept[-1], 'fit'):.3f}: {place / 'fitted.json'}")  # fmt: skip
        return
    scores = validation.validate(scenario, runs, scale, place, draws, workers, _left)
    if as_json:
        print_json(
            {"scores": [s._asdict() for s in scores], "halves": {k: v._asdict() for k, v in validation.summary(scores).items()}}
        )
        return
    _scores(scores, validation.summary(scores))


def _scores(scores: list[Score], halves: dict[str, Half]) -> None:
    """Documented figures beside the ensemble's, and how each half fares."""
    topic = ""
    for s in sorted(scores, key=lambda s: (s.kind == "outcome", s.topic)):
        under = s.topic if s.kind == "outcome" else "starting conditions"
        if under != topic:
            topic = under
            heading(topic, f"{'documented':>12}{'median':>12}  nine tenths", 62)
        cells = ["-" if v is None else f"{v:,.1f}".removesuffix(".0") for v in (s.documented, s.median, s.low, s.high)]
        mark = {None: "", True: "in", False: "OUT"}[s.inside]
        row(s.name, 62, f"{cells[0]:>12}{cells[1]:>12}  {cells[2] + ' to ' + cells[3]:<22} {mark:<4}{s.half}")
    click.echo()
    for name, half in halves.items():
        what = {"fit": "fitted half", "judge": "held-out half"}[name]
        wrapped(
            f"{what:<14} {half.inside} of {half.outcomes} documented outcomes lie in the interval; mean error of the median "
            f"{half.error:.2f} (0 to 1), median width of the interval {half.width:.2f} of the documented value",
            "",
            15,
        )


@click.command(epilog=example("drivebelt experiment shipped --seeds 10 --out results"))
@click.argument("file")
@click.option("--workers", type=WORKERS, help="Processes  [default: one a core]")
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler whose workers have Drivebelt installed.")
@click.option("--seeds", type=int, help="Seeds, in place of those of the file.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("experiment"), show_default=True, help="Where results are kept."
)
@click.option("--measures", is_flag=True, help="Print the effect on every measure, not only on the headlines.")
@AS_JSON
def experiment(
    file: str, workers: int | None, cluster: str | None, seeds: int | None, out: Path, measures: bool, as_json: bool
) -> None:
    """Runs pairs with common draws and prints the effect of each arm; FILE is a YAML file, or `shipped` for all amendments.

    An experiment that was broken off goes on where it stopped.
    """
    from drivebelt.experiments.checks import checks
    from drivebelt.experiments.design import asked
    from drivebelt.experiments.effects import effects, plot
    from drivebelt.experiments.perform import perform
    from drivebelt.experiments.sensitivity import LEAST_DRAWS, sensitivity

    e = asked(file, seeds)
    try:
        rows = perform(e, out, workers, _left, cluster)
    except KeyboardInterrupt as why:
        raise BrokenOff(f"broken off; finished runs stay in {out}; the same command goes on from there") from why
    found = effects(e, rows)
    every = effects(e, rows, "measures")
    varied = bool(e.vary) and e.draws == "hypercube" and e.seeds >= LEAST_DRAWS
    moves = sensitivity(e, rows) if varied else []
    if as_json:
        held = [{"check": name, "holds": n, "of": of} for name, n, of in checks(e, rows)]
        print_json({"effects": [x._asdict() for x in found + every], "checks": held, "sensitivity": [x._asdict() for x in moves]})
        return
    _effects(e, [x for a in list(e.arms)[1:] for x in found + every * measures if x.arm == a])
    _checks(e, checks(e, rows))
    if moves:
        _moves(moves)
    if found:
        (out / "effects.png").write_bytes(plot(e, found))
        say(f"plot: {out / 'effects.png'}")


def _effects(e: Experiment, effects: list[Effect]) -> None:
    """What each arm changes."""
    arm = ""
    for x in effects:
        if x.arm != arm:
            arm = x.arm
            heading(arm, f"({x.seeds} seeds: plain, amended, difference and middle nine tenths)")
        row(x.figure, 44, f" {x.base:>10.3f} {x.value:>10.3f} {x.difference:>+10.3f}  [{x.low:+.3f}, {x.high:+.3f}]")


def _checks(e: Experiment, held: list[tuple[str, int, int]]) -> None:
    """In how many runs what the mechanism should do holds."""
    heading("Checks", f"(share of {e.seeds} {'draws of the assumptions' if e.vary else 'seeds'})")
    for name, n, of in held:
        wrapped(f"{100 * n / of:>5.0f} %  {name}", "  ", 9)


def _moves(moves: list[Share]) -> None:
    """Which assumptions move which headline."""
    heading("What moves the headlines", "(squared rank correlation; first-order index)")
    for headline in dict.fromkeys(m.headline for m in moves):
        top = ", ".join(
            f"{m.parameter} {m.rank:.2f}" + ("" if m.first_order is None else f"; {m.first_order:.2f}")
            for m in moves if m.headline == headline
        )  # fmt: skip
        wrapped(f"{headline:<44} {top}", "  ", 4)


def _left(done: int, every: int, left: float) -> None:
    say(f"  {done:>4} of {every} runs, about {left / 60:.0f} min left")
