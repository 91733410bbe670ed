"""The command line. Results go to stdout, progress and errors to stderr; bad input ends in one line and exit code 2."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from drivebelt import __version__
from drivebelt.errors import BadInput, DrivebeltError

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


class _Commands(click.Group):
    """Keeps the commands in the order in which one uses them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_Commands, context_settings=_HELP)
@click.version_option(__version__, prog_name="drivebelt")
def main() -> None:
    """A working model of how decisions were made in secret at the top of the Soviet party and carried to every locality.

    \b
    Begin with:
      drivebelt run --scale 0.05 --to 1922-12-31 --out small
      drivebelt report small
      drivebelt case lost-cipher small
    """


def _example(text: str) -> str:
    return f"\b\nExample:\n  {text}"


def _json(content: Any) -> None:
    click.echo(json.dumps(content, default=str, ensure_ascii=False, indent=1))


def _say(text: str) -> None:
    click.echo(text, err=True)


def _is_date(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as why:
        raise BadInput(f"{param.opts[0]} {value}: not a date; write YYYY-MM-DD") from why


# -- running -----------------------------------------------------------------------------------------------------


@main.command(epilog=_example("drivebelt run 1922-1928 --seed 7 --scale 0.1 --to 1923-12-31 --out year-one"))
@click.argument("scenario", default="1922-1928")
@click.option("--seed", default=1, show_default=True, help="Seed of the draws.")
@click.option("--from", "start", metavar="DATE", help="First day, within the scenario.")
@click.option("--to", "end", metavar="DATE", help="Last day, within the scenario.")
@click.option("--scale", default=1.0, show_default=True, help="Volost committees and cells as a share of the documented country.")
@click.option("--amend", "amendments", multiple=True, metavar="NAME-or-FILE", help="A changed rulebook; may be repeated.")
@click.option("--without", multiple=True, metavar="MECHANISM", help="Leave a mechanism out; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path), help="Run directory  [default: runs/SCENARIO-seedN]")
@click.option("--resume", is_flag=True, help="Go on with a run that was broken off.")
@click.option("--timing", is_flag=True, help="Print the seconds spent in each mechanism.")
@click.option("--plan", is_flag=True, help="Print the order of the day and stop.")
def run(
    scenario: str, seed: int, start: str | None, end: str | None, scale: float, amendments: Sequence[str],
    without: Sequence[str], out: Path | None, resume: bool, timing: bool, plan: bool,
) -> None:  # fmt: skip
    """Runs the mechanism and writes a run directory."""
    if plan:
        from drivebelt.day import describe

        phase = ""
        for its_phase, name, about in describe():
            if its_phase != phase:
                click.echo(click.style(its_phase, bold=True))
                phase = its_phase
            click.echo(f"  {name:<18} {about}")
        return
    from drivebelt.runner import Settings, execute

    place = out or _free_directory(f"{scenario}-seed{seed}")
    _say(f"scenario {scenario}, seed {seed}, scale {scale:g}; writing {place}")
    seconds: dict[str, float] | None = {} if timing else None

    def progress(done: int, days: int, acts: int) -> None:
        _say(f"  {done:>5} of {days} days  {acts:>12,} acts")

    settings = Settings(scenario, seed, start, end, scale, list(amendments), list(without))
    execute(settings, place, resume=resume, progress=progress, timing=seconds)
    info = json.loads((place / "run.json").read_text())
    rows = info["rows"]
    click.echo(f"{place}: {info['from']} to {info['to']}, {info['organs']:,} bodies")
    click.echo(f"  {rows['acts']:,} acts, {rows['documents']:,} documents, {rows['copies']:,} copies, {rows['matters']:,} matters")
    click.echo(
        f"  {info['wall_seconds']:.1f} s, {info['peak_mib']:,.0f} MiB, {info['act_bytes'] / max(rows['acts'], 1):.1f} bytes an act"
    )
    click.echo(f"  digest {info['digest']}")
    for name, spent in (seconds or {}).items():
        click.echo(f"  {name:<18} {spent:7.2f} s")


def _free_directory(name: str) -> Path:
    """runs/NAME, or the first of runs/NAME-2, -3, ... that is not taken."""
    place, n = Path("runs") / name, 1
    while place.exists():
        n += 1
        place = Path("runs") / f"{name}-{n}"
    return place


@main.command(epilog=_example("drivebelt scenarios"))
def scenarios() -> None:
    """Lists the scenarios and the shipped amendments."""
    from drivebelt.rulebook.amendments import shipped
    from drivebelt.scenario import Scenario, scenario_names

    for name in scenario_names():
        s = Scenario(name)
        click.echo(f"{name:<14} {s.start} to {s.end}  {s.about}")
    click.echo()
    click.echo("Amendments (drivebelt run --amend NAME):")
    for name, question in shipped().items():
        click.echo(f"{name:<22} {question}")


@main.command(epilog=_example("drivebelt rules --at 1924-09-01 --mechanism cipher"))
@click.option("--at", "day", callback=_is_date, metavar="DATE", help="Only rules in force on this day.")
@click.option("--mechanism", help="Only rules of this field.")
@click.option("--amend", "amendments", multiple=True, metavar="NAME-or-FILE", help="With these amendments applied.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def rules(day: date | None, mechanism: str | None, amendments: Sequence[str], as_json: bool) -> None:
    """Prints the rules with their values and sources."""
    from drivebelt.rulebook import load
    from drivebelt.rulebook.rules import nearest

    book = load(list(amendments))
    fields = sorted({rule.mechanism for rule in book.values()})
    if mechanism and mechanism not in fields:
        raise BadInput(f"--mechanism {mechanism}: no such field{nearest(mechanism, fields)} There are {', '.join(fields)}")
    chosen = [rule for rule in book.values() if mechanism in (None, rule.mechanism)]
    rows = []
    for rule in chosen:
        held = [v for v in rule.values if day is None or v[0] <= day]
        if not held or (day is not None and rule.at(day) is None):
            continue
        since, value = held[-1]
        rows.append(
            {
                "rule": rule.id,
                "mechanism": rule.mechanism,
                "value": value,
                "unit": rule.unit_text(),
                "since": since,
                "date_precision": rule.date_precision,
                "about": rule.about,
                "source": rule.citation(),
                "assumed": rule.assumed,
            }
        )
    if as_json:
        _json(rows)
        return
    shown = None
    for row in sorted(rows, key=lambda row: (row["mechanism"], row["rule"])):
        if row["mechanism"] != shown:
            shown = row["mechanism"]
            click.echo(click.style(f"\n{shown}", bold=True))
        value = (
            ""
            if row["value"] is True
            else f" = {_value(row['value'])}{' ' + row['unit'] if row['unit'] and not isinstance(row['value'], dict) else ''}"
        )
        dated = {
            "day": str(row["since"]),
            "month": str(row["since"])[:7],
            "year": str(row["since"])[:4],
            "unknown": "undated",
        }[row["date_precision"]]
        click.echo(f"  {row['rule']}{value}  ({dated})")
        click.echo(f"      {row['about']}")
        click.echo(f"      {row['source']}")
    click.echo(f"\n{len(rows)} rules" + (f" in force on {day}" if day else ""))


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_value(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return str(value)


# -- reading -----------------------------------------------------------------------------------------------------


@main.command(epilog=_example("drivebelt report runs/1922-1928-seed1"))
@click.argument("run_directory", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The findings, machine-readable; writes no page.")
def report(run_directory: Path, as_json: bool) -> None:
    """Prints the findings of a run and writes report.html into its directory."""
    from drivebelt.findings import findings
    from drivebelt.results import Run

    found = findings(Run(run_directory))
    if as_json:
        _json(found.as_dict())
        return
    from drivebelt.report import write

    page = write(found)
    click.echo(found.text())
    _say(f"page: {page}")


@main.command(epilog=_example("drivebelt trace runs/1922-1928-seed1 --document 4711"))
@click.argument("run_directory", type=click.Path(path_type=Path))
@click.option("--matter", type=int, help="Number of a matter.")
@click.option("--document", type=int, help="Number of a document.")
@click.option("--act", type=int, help="Number of an act.")
@click.option("--expand", default=3, show_default=True, help="Tell acts of the same kind one by one up to this many.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def trace(run_directory: Path, matter: int | None, document: int | None, act: int | None, expand: int, as_json: bool) -> None:
    """Prints the whole path of a matter, document or act, from the first mover to the last cell."""
    from drivebelt.results import Run
    from drivebelt.trace import text

    path = Run(run_directory).trace(matter=matter, document=document, act=act)
    if as_json:
        _json(path.as_dict())
        return
    for line in text(path, expand):
        click.echo(line)


@main.command(epilog=_example("drivebelt knew runs/1922-1928-seed1 --matter 4711 --day 1924-06-01 --who Trotsky"))
@click.argument("run_directory", type=click.Path(path_type=Path))
@click.option("--matter", type=int, required=True, help="Number of a matter of the Centre.")
@click.option("--day", callback=_is_date, metavar="DATE", help="What was known by the end of this day  [default: the last].")
@click.option("--who", metavar="NAME", help="One person or body: a surname, a name, a key or a number.")
@click.option("--most", default=12, show_default=True, help="Persons and bodies of each level to name.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable; everybody.")
def knew(run_directory: Path, matter: int, day: date | None, who: str | None, most: int, as_json: bool) -> None:
    """Who knew what of a matter on a day, since when, and by which act."""
    from drivebelt.knowledge_query import text
    from drivebelt.results import Run

    found = Run(run_directory).knew(matter, who=who, day=day)
    if as_json:
        _json([k.as_dict() for k in found])
        return
    for line in text(found, most):
        click.echo(line)


@main.command(epilog=_example("drivebelt cases"))
def cases() -> None:
    """Lists the documented episodes."""
    from drivebelt.cases import case

    for name in _case_names():
        c = case(name)
        click.echo(f"{name:<22} {c.title} (scenario {c.scenario})")


def _case_names() -> list[str]:
    from drivebelt.cases import case_names

    return case_names()


@main.command(name="case", epilog=_example("drivebelt case siberian-directives runs/1922-1928-seed1"))
@click.argument("name")
@click.argument("run_directory", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def case_(name: str, run_directory: Path | None, as_json: bool) -> None:
    """One episode: the documented path beside the simulated one."""
    from drivebelt.cases import case
    from drivebelt.results import Run

    c = case(name, Run(run_directory) if run_directory else None)
    if as_json:
        _json(c.as_dict())
        return
    click.echo(click.style(c.title, bold=True))
    click.echo(c.about + "\n")
    click.echo(f"{'documented':<12} {'simulated':<12} {'lag doc.':>8} {'lag sim.':>8}  step")
    for s in c.steps:
        lag = ["" if x is None else f"{x} d" for x in (s.documented_lag, s.simulated_lag)]
        many = f" (middle one of {s.n:,})" if s.n > 1 and s.simulated else ""
        sim = "" if run_directory is None else str(s.simulated or "did not happen")
        click.echo(f"{s.documented or '-':<12} {sim:<12} {lag[0]:>8} {lag[1]:>8}  {s.text}{many}")
        if s.source:
            click.echo(f"{'':<44}{s.source}")
    if run_directory is None:
        click.echo(f"\nGive a run of scenario {c.scenario} to see the simulated path beside it.")
    else:
        click.echo(f"\nMatters {', '.join(str(m) for m in c.matters)}: drivebelt trace {run_directory} --matter {c.matters[0]}")


@main.command(epilog=_example("drivebelt validate --runs 20 --scale 0.02"))
@click.argument("scenario", default="1922-1928")
@click.option("--runs", default=10, show_default=True, help="Runs of the ensemble, with seeds from 1.")
@click.option("--scale", default=0.02, show_default=True, help="Scale of the runs.")
@click.option("--workers", type=int, help="Processes  [default: one a core]")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def validate(scenario: str, runs: int, scale: float, workers: int | None, as_json: bool) -> None:
    """Sets documented figures beside an ensemble of runs."""
    from drivebelt.scenario import Scenario
    from drivebelt.validation import summary
    from drivebelt.validation import validate as score_all

    Scenario(scenario)
    if not 1 <= runs <= 10_000:
        raise BadInput(f"--runs {runs}: a whole number from 1 to 10000")
    if not 0 < scale <= 10:
        raise BadInput(f"--scale {scale}: a number above 0 and at most 10")
    scores = score_all(scenario, runs, scale, workers, lambda done, every: _say(f"  {done} of {every} runs"))
    if as_json:
        _json([s._asdict() for s in scores])
        return
    click.echo(f"{'':<66}{'documented':>11}{'median':>11}  {'nine tenths':<22} in")
    for s in scores:
        cells = ["-" if v is None else f"{v:,.1f}".removesuffix(".0") for v in (s.documented, s.median, s.low, s.high)]
        mark = {None: "", True: "yes", False: "no"}[s.inside]
        click.echo(
            f"{s.name[:64]:<66}{cells[0]:>11}{cells[1]:>11}  {cells[2] + ' to ' + cells[3]:<22} {mark:<4}[{s.kind}, {s.half}]"
        )
    for name, (inside, every) in summary(scores).items():
        click.echo(f"{name}: {inside} of {every} documented outcomes lie in the interval")
    click.echo("No parameter has been fitted to either half so far.")


@main.command(epilog=_example("drivebelt experiment shipped --seeds 10 --out results"))
@click.argument("file")
@click.option("--workers", type=int, help="Processes  [default: one a core]")
@click.option("--seeds", type=int, help="Seeds, in place of those of the file.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("experiment"), show_default=True, help="Where results are kept."
)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def experiment(file: str, workers: int | None, seeds: int | None, out: Path, as_json: bool) -> None:
    """Runs pairs with common draws and prints the effect of each arm; FILE is a YAML file, or `shipped` for all amendments.

    An experiment that was broken off goes on where it stopped.
    """
    from drivebelt.effects import checks, effects, plot, sensitivity
    from drivebelt.experiments import Experiment, perform, read
    from drivebelt.headlines import HEADLINES
    from drivebelt.rulebook.amendments import shipped

    if file == "shipped":
        e = Experiment("shipped amendments", {"plain rules": [], **{name: [name] for name in shipped()}})
    else:
        e = read(Path(file))
    if seeds is not None:
        if seeds < 1:
            raise BadInput(f"--seeds {seeds}: at least 1")
        e.seeds = seeds

    def progress(done: int, every: int, left: float) -> None:
        _say(f"  {done:>4} of {every} runs, about {left / 60:.0f} min left")

    rows = perform(e, out, workers, progress)
    found = effects(e, rows)
    if as_json:
        _json([x._asdict() for x in found])
        return
    arm = ""
    for x in found:
        if x.arm != arm:
            arm = x.arm
            click.echo(
                click.style(f"\n{arm}", bold=True) + f"  ({x.seeds} seeds: plain, amended, difference and middle nine tenths)"
            )
        click.echo(f"  {x.headline:<44} {x.base:>10.3f} {x.value:>10.3f} {x.difference:>+10.3f}  [{x.low:+.3f}, {x.high:+.3f}]")
    if e.vary:
        click.echo(click.style("\nChecks", bold=True) + f"  (share of {e.seeds} draws of the assumptions)")
        for name, held, every in checks(e, rows):
            click.echo(f"  {100 * held / every:>5.0f} %  {name}")
        click.echo(click.style("\nWhat moves the headlines", bold=True) + "  (squared rank correlation, plain rules)")
        for h in HEADLINES:
            top = sensitivity(e, rows, h.name)[:3]
            if top:
                click.echo(f"  {h.name:<44} " + ", ".join(f"{n} {x:.2f}" for n, x in top))
    if found:
        (out / "effects.png").write_bytes(plot(e, found))
        _say(f"plot: {out / 'effects.png'}")


@main.command(epilog=_example("drivebelt evidence return burned --kind rule --cite bibtex"))
@click.argument("query", nargs=-1)
@click.option("--kind", help="organ, post, person, document, rule, event, quantity, cascade, trace or claim.")
@click.option("--at", "day", callback=_is_date, metavar="DATE", help="Dated to this day or in force on it.")
@click.option("--mechanism", help="Field of a rule, event or claim.")
@click.option("--person", help="Records that name this person.")
@click.option("--cite", type=click.Choice(["bibtex", "ris", "csl"]), help="Citations for a reference manager.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
@click.option("--check", is_flag=True, help="Check every record and reference and stop.")
def evidence(
    query: Sequence[str], kind: str | None, day: date | None, mechanism: str | None, person: str | None, cite: str | None,
    as_json: bool, check: bool,
) -> None:  # fmt: skip
    """Searches the cited facts of the book."""
    from drivebelt.evidence import evidence as search
    from drivebelt.evidence import mechanisms, records
    from drivebelt.rulebook.rules import nearest

    if check:
        from drivebelt.evidence.schema import check as check_all

        click.echo(f"{check_all(records()):,} records, all sound")
        return
    if mechanism and mechanism not in mechanisms():
        raise BadInput(
            f"--mechanism {mechanism}: no such field{nearest(mechanism, mechanisms())} There are {', '.join(mechanisms())}"
        )
    found = search(" ".join(query), kind=kind, at=day, mechanism=mechanism, person=person)
    if as_json:
        _json(found)
        return
    if cite:
        from drivebelt.evidence.cite import STYLES

        click.echo(STYLES[cite](found))
        return
    from drivebelt.evidence.cite import where

    for record in found:
        name = record.get("name") or record.get("title") or ""
        dated = record.get("date") or " to ".join(str(record[k]) for k in ("from", "to") if record.get(k))
        click.echo(click.style(record["id"], bold=True) + (f"  {name}" if name else "") + (f"  ({dated})" if dated else ""))
        click.echo(f"    {record['text']}")
        click.echo(f"    {where(record)}; {record['certainty'].replace('_', ' ')}")
    click.echo(f"{len(found):,} records")


# -- ending ------------------------------------------------------------------------------------------------------


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"drivebelt: {' '.join(message.split())}", err=True)
    sys.exit(code)


def entry() -> None:
    """The console script: every error a user can cause becomes one line and an exit code."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        main(standalone_mode=False)
    except DrivebeltError as why:
        _fail(str(why), why.exit_code)
    except click.ClickException as why:
        _fail(why.format_message() + "; see --help", 2)
    except (KeyboardInterrupt, click.Abort):
        _fail("broken off; what was written stays, go on with --resume", 130)
    except OSError as why:
        _fail(f"{why.filename or ''}: {why.strerror or why}", 2)
    except MemoryError:
        _fail("not enough memory; try a smaller --scale", 2)


if __name__ == "__main__":
    entry()
