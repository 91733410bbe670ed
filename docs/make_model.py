"""Writes docs/model.md: the model in ODD form, from the rulebook and the code. `make docs` calls it."""

from __future__ import annotations

from pathlib import Path

from drivebelt import measures
from drivebelt import records as r
from drivebelt.experiments.targets import targets
from drivebelt.rulebook import Rulebook, load
from drivebelt.running.day import PLAN
from drivebelt.scenario import Scenario, scenario_names

HERE = Path(__file__).parent


def text() -> str:
    """The whole document."""
    book = load()
    return "\n".join([*_overview(), *_entities(), *_day(), *_concepts(), *_inputs(), *_submodels(book), *_parameters(book)]) + "\n"


def _overview() -> list[str]:
    return [
        "# The model (ODD)", "",
        "Generated from the rulebook and the code by `make docs`; edit those, not this page.", "",
        "## Purpose and patterns", "",
        "The model runs the mechanism by which decisions were made in secret at the top of the party and carried to every locality, at",
        "1:1 scale. It is judged by patterns the book documents: lags by channel and distance, who decided before the bodies did, what",
        "was written and what was not, how papers were lent and burned, and episodes with dated steps.", "",
    ]  # fmt: skip


def _entities() -> list[str]:
    return [
        "## Entities, state variables and scales", "",
        "One step is a day. Space is the road: kilometres by rail and by road from Moscow to each seat.", "",
        "| entity | state |", "|---|---|",
        "| body | level, branch, body above, state organ beside it, head, zeal, caution, competence, roots, weekday of its sitting, desk and cipher clerk free from, unreturned papers |",
        "| matter at the Centre | domain, stakes, severity, secrecy, reach, stage, author, body, what was reported |",
        "| paper | kind, register and number, grade, wording, issuer in name and in truth, parent paper |",
        "| copy | addressee, channel, dispatched, received, read, due, returned, burned |",
        "| post, person, tenure | named where documented, synthetic elsewhere |", "",
        f"Levels: {', '.join(r.LEVELS)}. Grades: {', '.join(r.GRADES)}. Channels: {', '.join(r.CHANNELS)}.", "",
    ]  # fmt: skip


def _day() -> list[str]:
    out = ["## Process overview and scheduling", "", "Each day, in this order:", ""]
    phase = ""
    for m in PLAN:
        if m.phase != phase:
            phase = m.phase
            out.append(f"1. **{phase}**")
        out.append(f"   - {m.name}: {m.about}")
    return [*out, ""]


def _concepts() -> list[str]:
    return [
        "## Design concepts", "",
        "- *Emergence*: lags, volumes, who decides, what survives. None of them is a parameter.",
        "- *Adaptation*: committees restate, ask, set aside or pass on by word of mouth according to their traits and the severity of the order.",
        "- *Observation*: every act is logged with its cause, its real actor and the name it stands under; measures are queries over the log.",
        "- *Stochasticity*: draws are pure functions of (seed, stream, entity, occasion); two runs that differ in a rule draw the same numbers",
        "  until their paths part.",
        "- *Interaction*: mechanisms meet only through matters, papers, acts and calendars; none calls another.", "",
    ]  # fmt: skip


def _inputs() -> list[str]:
    out = ["## Initialisation and input data", ""]
    for name in scenario_names():
        s = Scenario(name)
        out.append(f"- `{name}`, {s.start} to {s.end}: {s.about} {len(s.events)} outside event(s).")
    return [*out, "", "Territories: `docs/territories.md`. Bodies and people of the Centre: `drivebelt/scenarios/data`.", ""]


def _submodels(book: Rulebook) -> list[str]:
    out = ["## Submodels", ""]
    for m in PLAN:
        out += [f"### {m.name}", "", f"{m.about} (Pavlova, {m.section}.) Acts: {', '.join(m.emits) or 'none of its own'}.", ""]
        figures = [f"{t.name} ({t.documented:g} {t.unit})" for t in targets() if t.mechanism == m.name and t.documented is not None]
        out += [f"It has to explain: {'; '.join(figures) or m.explains}", ""]
        rules = sorted({path.split(".")[0].split("[")[0].split(":")[0] for path in m.reads.values()})
        free = [name for name in rules if name in book.parameters()]
        if len(free) < len(rules):
            out += ["| input: rule | says | source |", "|---|---|---|"]
            out += [f"| `{name}` | {book[name].about} | {book[name].citation()} |" for name in rules if name not in free]
            out.append("")
        if free:
            out += ["| free parameter | says | value | range |", "|---|---|---|---|"]
            out += [
                f"| `{name}` | {book[name].about} | {_short(book[name].values[-1][1])} | {_short(book[name].range)} |"
                for name in free
            ]
            out.append("")
    return out


def _parameters(book: Rulebook) -> list[str]:
    out = ["## Measures", "", "| measure | unit | says |", "|---|---|---|"]
    out += [f"| {m.name} | {m.unit} | {m.about} |" for m in measures.MEASURES]
    out += [
        "",
        "## Assumptions",
        "",
        "Where the book is silent: value, range and reason.",
        "",
        "| parameter | value | range | why |",
        "|---|---|---|---|",
    ]
    for name, rule in book.parameters().items():
        out.append(f"| `{name}` | {_short(rule.values[-1][1])} | {_short(rule.range)} | {rule.why} |")
    return out


def _short(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{k} {_short(v)}" for k, v in value.items())
    if isinstance(value, list):
        return " to ".join(str(v) for v in value) if len(value) == 2 else ", ".join(str(v) for v in value)
    return "" if value is None else str(value)


if __name__ == "__main__":
    (HERE / "model.md").write_text(text(), encoding="utf-8")
