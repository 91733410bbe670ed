"""What a run is asked for, and the checks before it: period, scale, seed, and rules that name people."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from drivebelt import __version__
from drivebelt.errors import BadInput
from drivebelt.rulebook import Rulebook
from drivebelt.rulebook.rules import nearest
from drivebelt.scenario import Scenario


@dataclass
class Settings:
    """What a run is asked for; two runs with the same settings give the same digest."""

    scenario: str = "1922-1928"
    seed: int = 1
    start: str | None = None
    end: str | None = None
    scale: float = 1.0
    amendments: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    values: dict[str, float] = field(default_factory=dict)
    """Assumptions set to other values for the whole run."""


def period(settings: Settings) -> tuple[Scenario, date, int]:
    """The scenario, the first day and the number of days; BadInput for settings that make no sense."""
    scenario = Scenario(settings.scenario)
    start = _date(settings.start, "--from") or scenario.start
    end = _date(settings.end, "--to") or scenario.end
    for name, day in (("--from", start), ("--to", end)):
        if not scenario.start <= day <= scenario.end:
            raise BadInput(f"{name} {day}: scenario {scenario.name} goes from {scenario.start} to {scenario.end}")
    if start > end:
        raise BadInput(f"--from {start} is after --to {end}")
    if not 0 < settings.scale <= 10:
        raise BadInput(f"--scale {settings.scale}: a number above 0 and at most 10; 1.0 is the documented country")
    if not 0 <= settings.seed < 1 << 31:
        raise BadInput(f"--seed {settings.seed}: a whole number from 0 to {(1 << 31) - 1}")
    scenario.begin(start)
    return scenario, start, (end - start).days + 1


def _date(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as why:
        raise BadInput(f"{option} {text}: not a date; write YYYY-MM-DD") from why


def check_people(rules: Rulebook, scenario: Scenario) -> None:
    """Refuses rules that name people whom the scenario does not have, or that leave the Politburo without members."""
    known = scenario.people["persons"]
    for name in ("head_of_secretariat", "leader_absences", "agenda_division_of_duties"):
        for day, value in rules[name].values:
            given = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
            for person in given:
                short = str(person or "").removeprefix("person:")
                if short and short not in ("nobody", "None") and short not in known:
                    hint = nearest(short, list(known), "drivebelt evidence --kind person")
                    raise BadInput(f"rule {name} on {day}: no person {short!r} in scenario {scenario.name}{hint}")
    seats = {t["person"] for t in scenario.people["tenures"] if t["post"] == "politburo-member"}
    for day, absent in rules["leader_absences"].values:
        if absent and seats <= {str(p).removeprefix("person:") for p in absent}:
            raise BadInput(f"rule leader_absences on {day}: leaves the Politburo without members; leave some of them there")


def deciding(settings: Settings, rules: Rulebook, start: date, days: int) -> dict[str, Any]:
    """What decides the digest of a run, in words that `run.json` has too."""
    given = asdict(settings)
    del given["start"], given["end"]
    end = date.fromordinal(start.toordinal() + days - 1)
    return {
        **given, "amendments": list(rules.amended), "without": sorted(set(settings.without)), "from": start.isoformat(),
        "to": end.isoformat(), "version": __version__, "rules_digest": rules.digest,
    }  # fmt: skip
