"""The command line. Results go to stdout, progress and errors to stderr; bad input ends in one line and exit code 2."""

from __future__ import annotations

import gc
import io
import json
import os
import shutil
import signal
import sys
import textwrap
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from drivebelt import __version__
from drivebelt.errors import BadInput, BrokenOff, DrivebeltError

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
        raise BadInput(f"{param.opts[0]} {value!r}: not a date; write YYYY-MM-DD") from why


def _is_expansion(ctx: click.Context, param: click.Parameter, value: str | None) -> str | int | None:
    from drivebelt.records import LEVELS

    if value is None or value in (*LEVELS, "all"):
        return value
    if value.isdecimal() and 1 <= len(value) <= 9 and int(value):
        return int(value)
    raise BadInput(f"--expand {value!r}: one of {', '.join(LEVELS)}, all, or a number from 1")


def _is_place(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    if value is not None and value == Path():
        raise BadInput(f"{param.opts[0]}: names no directory of its own; give one that is not there yet")
    return value


def _wrapped(text: str, indent: str, hang: int = 0) -> None:
    """A paragraph for a reader at a terminal; in a pipe it stays one line, for grep."""
    if not sys.stdout.isatty():
        click.echo(indent + text)
        return
    width = max(shutil.get_terminal_size().columns - 1, 30)
    click.echo(
        textwrap.fill(
            text, width, initial_indent=indent, subsequent_indent=indent + " " * min(hang, width // 3), break_long_words=False,
            break_on_hyphens=False, drop_whitespace=True,
        )
    )  # fmt: skip


_WORKERS = click.IntRange(min=1)
_FIELDS = "drivebelt rules"


# -- running -----------------------------------------------------------------------------------------------------


@main.command(epilog=_example("drivebelt run 1922-1928 --seed 7 --scale 0.1 --to 1923-12-31 --out year-one"))
@click.argument("scenario", default="1922-1928")
@click.option("--seed", default=1, show_default=True, help="Seed of the draws.")
@click.option("--from", "start", callback=_is_date, metavar="DATE", help="First day, within the scenario.")
@click.option("--to", "end", callback=_is_date, metavar="DATE", help="Last day, within the scenario.")
@click.option("--scale", default=1.0, show_default=True, help="Volost committees and cells as a share of the documented country.")
@click.option("--amend", "amendments", multiple=True, metavar="NAME-or-FILE", help="A changed rulebook; may be repeated.")
@click.option("--without", multiple=True, metavar="MECHANISM", help="Leave a mechanism out; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path), callback=_is_place, help="Run directory  [default: runs/SCENARIO-seedN]")
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
        from drivebelt.day import describe

        phase = ""
        for its_phase, name, about in describe():
            if its_phase != phase:
                click.echo(click.style(its_phase, bold=True))
                phase = its_phase
            _wrapped(f"{name:<18} {about}", "  ", 19)
        return
    from drivebelt.results import Run
    from drivebelt.runner import Settings, execute

    if resume and out is None:
        raise BadInput("--resume: give the run to go on with as --out")
    place = out or _free_directory(f"{scenario}-seed{seed}")
    seconds: dict[str, float] | None = {} if timing else None
    begun = False

    def progress(done: int, days: int, acts: int) -> None:
        nonlocal begun
        if not begun:
            begun = True
            _say(f"scenario {scenario}, seed {seed}, scale {scale:g}; writing {place}")
            if not done:
                return
        _say(f"  {done:>5} of {days} days  {acts:>12,} acts")

    first, last = (str(day) if day else None for day in (start, end))
    settings = Settings(scenario, seed, first, last, scale, list(amendments), list(without))
    try:
        execute(settings, place, resume=resume, progress=progress, timing=seconds)
    except KeyboardInterrupt as why:
        kept = f"what was written stays in {place}; go on with the same command, --out {place} and --resume"
        raise BrokenOff(f"broken off; {kept if (place / 'unfinished').exists() else 'nothing was written'}") from why
    info = Run(place).info
    if not begun:
        _say(f"{place}: was finished already; nothing was done")
    for rule in info.get("unread_amendments", ()):
        _say(f"note: no mechanism of this run follows the amended rule {rule}; its amendment has changed nothing")
    rows = info["rows"]
    click.echo(f"{place}: {info['from']} to {info['to']}, {info['organs']:,} bodies")
    click.echo(f"  {rows['acts']:,} acts, {rows['documents']:,} documents, {rows['copies']:,} copies, {rows['matters']:,} matters")
    click.echo(
        f"  {info['wall_seconds']:.1f} s, {info['peak_mib']:,.0f} MiB, {info['act_bytes'] / max(rows['acts'], 1):.1f} bytes an act"
    )
    click.echo(f"  digest {info['digest']}")
    for name, spent in (seconds or {}).items():
        click.echo(f"  {name:<18} {spent:7.2f} s")
    if seconds:
        click.echo(f"  {'all mechanisms':<18} {sum(seconds.values()):7.2f} s")


def _free_directory(name: str) -> Path:
    """runs/NAME, or the first of runs/NAME-2, -3, ... that is not taken."""
    place, n = Path("runs") / name, 1
    while place.exists():
        n += 1
        place = Path("runs") / f"{name}-{n}"
    return place


@main.command(epilog=_example("drivebelt scenarios"))
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def scenarios(as_json: bool) -> None:
    """Lists the scenarios and the shipped amendments."""
    from drivebelt.rulebook.amendments import shipped
    from drivebelt.scenario import Scenario, scenario_names

    found = [Scenario(name) for name in scenario_names()]
    amendments = shipped()
    if as_json:
        rows = [{"scenario": s.name, "from": s.start, "to": s.end, "about": s.about} for s in found]
        _json({"scenarios": rows, "amendments": [{"amendment": n, "question": q} for n, q in amendments.items()]})
        return
    for s in found:
        _wrapped(f"{s.name:<14} {s.start} to {s.end}  {s.about}", "", 15)
    click.echo()
    click.echo("Amendments (drivebelt run --amend NAME):")
    width = max(len(name) for name in amendments)
    for name, question in amendments.items():
        _wrapped(f"{name:<{width}}  {question}", "", width + 2)


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
        raise BadInput(f"--mechanism {mechanism}: no such field{nearest(mechanism, fields, _FIELDS)}")
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
        _wrapped(f"{row['rule']}{value}  ({dated})", "  ", 6)
        _wrapped(row["about"], "      ")
        _wrapped(row["source"], "      ")
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
@click.option("--out", type=click.Path(path_type=Path), callback=_is_place, help="Folder of the page  [default: the run directory]")
@click.option("--json", "as_json", is_flag=True, help="The findings, machine-readable; writes no page.")
def report(run_directory: Path, out: Path | None, as_json: bool) -> None:
    """Prints the findings of a run and writes report.html and its plots into its directory."""
    from drivebelt.findings import findings
    from drivebelt.results import Run

    found = findings(Run(run_directory))
    if as_json:
        _json(found.as_dict())
        return
    from drivebelt.report import write

    click.echo(found.text(styled=True))
    page = write(found, out)
    _say(f"page: {page}")


@main.command(epilog=_example("drivebelt trace runs/1922-1928-seed1 --document 4711"))
@click.argument("run_directory", type=click.Path(path_type=Path))
@click.option("--matter", type=int, help="Number of a matter.")
@click.option("--document", type=int, help="Number of a document.")
@click.option("--act", type=int, help="Number of an act.")
@click.option(
    "--expand", callback=_is_expansion, metavar="LEVEL|N|all",
    help="Tell acts down to this level (region, gubernia, uezd, volost, cell); or up to N of the same kind one by one; or all.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def trace(
    run_directory: Path, matter: int | None, document: int | None, act: int | None, expand: str | int | None, as_json: bool
) -> None:
    """Prints the whole path of a matter, document or act, from the first mover to the last cell.

    What happens below the first mover's level is told in sum, level by level, until --expand asks for more.
    """
    from drivebelt.results import Run
    from drivebelt.trace import text

    gc.disable()  # the process ends with the trace; looking for rubbish among its acts would cost a third of the time
    path = Run(run_directory).trace(matter=matter, document=document, act=act)
    if as_json:
        _json(path.as_dict())
        return
    for line in text(path, expand):
        _wrapped(line.lstrip(), " " * (len(line) - len(line.lstrip())), 13)


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
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def cases(as_json: bool) -> None:
    """Lists the documented episodes."""
    from drivebelt.cases import case, case_names

    found = [case(name) for name in case_names()]
    if as_json:
        _json([{"case": c.name, "title": c.title, "about": c.about, "scenario": c.scenario} for c in found])
        return
    for c in found:
        _wrapped(f"{c.name:<22} {c.title} (scenario {c.scenario})", "", 23)


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
    _wrapped(c.about, "")
    click.echo()
    click.echo(f"{'documented':<12} {'simulated':<12} {'lag doc.':>8} {'lag sim.':>8}  step")
    for s in c.steps:
        lag = ["" if x is None else f"{x} d" for x in (s.documented_lag, s.simulated_lag)]
        many = f" (middle one of {s.n:,})" if s.n > 1 and s.simulated else ""
        sim = "" if run_directory is None else str(s.simulated or "did not happen")
        click.echo(f"{s.documented or '-':<12} {sim:<12} {lag[0]:>8} {lag[1]:>8}  {s.text}{many}")
        if s.source:
            click.echo(f"{'':<45}{s.source}")
    if run_directory is None:
        click.echo(f"\nGive a run of scenario {c.scenario} to see the simulated path beside it.")
    else:
        click.echo(f"\nMatters {', '.join(str(m) for m in c.matters)}: drivebelt trace {run_directory} --matter {c.matters[0]}")


@main.command(epilog=_example("drivebelt validate --runs 60 --scale 0.02"))
@click.argument("scenario", default="1922-1928")
@click.option("--runs", default=30, show_default=True, help="Runs of the ensemble; each has a draw and a seed of its own.")
@click.option("--scale", default=0.01, show_default=True, help="Scale of the runs.")
@click.option(
    "--draws", type=click.Choice(["fitted", "prior", "default"]), default="fitted", show_default=True,
    help="Assumptions: the draws that fit, draws over all ranges, or the values of the rulebook.",
)  # fmt: skip
@click.option("--fit", "points", type=int, help="Fit the assumptions anew with so many points; writes fitted.json into --out.")
@click.option("--out", type=click.Path(path_type=Path), help="Where results are kept, to go on after a break.")
@click.option("--workers", type=_WORKERS, help="Processes  [default: one a core]")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
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
        _json({"scores": [s._asdict() for s in scores], "halves": {k: v._asdict() for k, v in validation.summary(scores).items()}})
        return
    topic = ""
    for s in sorted(scores, key=lambda s: (s.kind == "outcome", s.topic)):
        heading = s.topic if s.kind == "outcome" else "starting conditions"
        if heading != topic:
            topic = heading
            click.echo(click.style(f"\n{topic:<64}", bold=True) + f"{'documented':>12}{'median':>12}  nine tenths")
        cells = ["-" if v is None else f"{v:,.1f}".removesuffix(".0") for v in (s.documented, s.median, s.low, s.high)]
        mark = {None: "", True: "in", False: "OUT"}[s.inside]
        click.echo(f"  {s.name[:62]:<62}{cells[0]:>12}{cells[1]:>12}  {cells[2] + ' to ' + cells[3]:<22} {mark:<4}{s.half}")
    click.echo("")
    for name, half in validation.summary(scores).items():
        what = {"fit": "fitted half", "judge": "held-out half"}[name]
        click.echo(
            f"{what:<14} {half.inside} of {half.outcomes} documented outcomes lie in the interval; mean error of the median "
            f"{half.error:.2f} (0 to 1), median width of the interval {half.width:.2f} of the documented value"
        )


def _left(done: int, every: int, left: float) -> None:
    _say(f"  {done:>4} of {every} runs, about {left / 60:.0f} min left")


@main.command(epilog=_example("drivebelt experiment shipped --seeds 10 --out results"))
@click.argument("file")
@click.option("--workers", type=_WORKERS, help="Processes  [default: one a core]")
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler whose workers have Drivebelt installed.")
@click.option("--seeds", type=int, help="Seeds, in place of those of the file.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("experiment"), show_default=True, help="Where results are kept."
)
@click.option("--measures", is_flag=True, help="Print the effect on every measure, not only on the headlines.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def experiment(
    file: str, workers: int | None, cluster: str | None, seeds: int | None, out: Path, measures: bool, as_json: bool
) -> None:
    """Runs pairs with common draws and prints the effect of each arm; FILE is a YAML file, or `shipped` for all amendments.

    An experiment that was broken off goes on where it stopped.
    """
    from drivebelt.experiments.checks import checks
    from drivebelt.experiments.design import Experiment, read
    from drivebelt.experiments.effects import effects, plot
    from drivebelt.experiments.perform import perform
    from drivebelt.experiments.sensitivity import LEAST_DRAWS, sensitivity
    from drivebelt.rulebook.amendments import shipped

    if file == "shipped":
        e = Experiment("shipped amendments", {"plain rules": [], **{name: [name] for name in shipped()}})
    else:
        e = read(Path(file))
    if seeds is not None:
        if seeds < 1:
            raise BadInput(f"--seeds {seeds}: at least 1")
        e.seeds = seeds
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
        _json({"effects": [x._asdict() for x in found + every], "checks": held, "sensitivity": [x._asdict() for x in moves]})
        return
    arm = ""
    for x in [x for a in list(e.arms)[1:] for x in found + every * measures if x.arm == a]:
        if x.arm != arm:
            arm = x.arm
            click.echo(
                click.style(f"\n{arm}", bold=True) + f"  ({x.seeds} seeds: plain, amended, difference and middle nine tenths)"
            )
        click.echo(f"  {x.figure:<44} {x.base:>10.3f} {x.value:>10.3f} {x.difference:>+10.3f}  [{x.low:+.3f}, {x.high:+.3f}]")
    click.echo(click.style("\nChecks", bold=True) + f"  (share of {e.seeds} {'draws of the assumptions' if e.vary else 'seeds'})")
    for name, n, of in checks(e, rows):
        click.echo(f"  {100 * n / of:>5.0f} %  {name}")
    if moves:
        click.echo(click.style("\nWhat moves the headlines", bold=True) + "  (squared rank correlation; first-order index)")
        for headline in dict.fromkeys(m.headline for m in moves):
            top = ", ".join(
                f"{m.parameter} {m.rank:.2f}" + ("" if m.first_order is None else f"; {m.first_order:.2f}")
                for m in moves if m.headline == headline
            )  # fmt: skip
            click.echo(f"  {headline:<44} {top}")
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
        raise BadInput(f"--mechanism {mechanism}: no such field{nearest(mechanism, mechanisms(), _FIELDS)}")
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
        _wrapped(record["text"], "    ")
        click.echo(f"    {where(record)}; {record['certainty'].replace('_', ' ')}")
    click.echo(f"{len(found):,} record{'s' * (len(found) != 1)}")
    if not found:
        _say("nothing has all of that; give fewer words, or parts of words")


# -- ending ------------------------------------------------------------------------------------------------------


def _fail(message: str, code: int) -> NoReturn:
    line = " ".join(message.split())
    click.echo(f"drivebelt: {line if len(line) <= _LONGEST else line[:_LONGEST] + '...'}", err=True)
    sys.exit(code)


_LONGEST = 1000  # characters of an error; what a file holds may be far longer


def entry() -> None:
    """The console script: every error a user can cause becomes one line and an exit code."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    nowhere = io.StringIO()  # in place of a stream that the caller has closed
    sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that knows fewer letters gets a question mark
    try:
        main(standalone_mode=False)
        sys.stdout.flush()
    except DrivebeltError as why:
        _fail(str(why), why.exit_code)
    except click.ClickException as why:
        _fail(f"{why.format_message().rstrip('.')}; see {_help_of(why)}", 2)
    except (KeyboardInterrupt, click.Abort):
        _fail("broken off", 130)
    except OSError as why:
        _fail(f"{why.filename or 'output'}: {why.strerror or why}; check space and permissions", 2)
    except MemoryError:
        _fail("not enough memory; try a smaller --scale", 2)
    except BrokenExecutor:
        _fail("a worker was killed, most likely for want of memory; take fewer --workers or a smaller --scale", 2)
    except Exception as why:
        if "interrupted" in str(why).lower() and isinstance(why, RuntimeError):  # DuckDB's word for Ctrl-C
            _fail("broken off", 130)
        if os.environ.get("DRIVEBELT_TRACEBACK"):
            raise
        _fail(f"a fault of drivebelt itself ({type(why).__name__}: {why}); DRIVEBELT_TRACEBACK=1 shows where; please report it", 1)


def _help_of(why: click.ClickException) -> str:
    context = getattr(why, "ctx", None)
    return f"{context.command_path.replace('python -m drivebelt.cli', 'drivebelt') if context else 'drivebelt'} --help"


if __name__ == "__main__":
    entry()
