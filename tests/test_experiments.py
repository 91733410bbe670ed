"""What is made of many runs: checks, shares of variance, both halves of the validation; the page that reports a hundred draws."""

from __future__ import annotations

import json
import re
import statistics
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import command, refused

from drivebelt.errors import BadInput
from drivebelt.experiments.checks import CHECKS, PLAIN, checks
from drivebelt.experiments.design import Experiment, asked, read
from drivebelt.experiments.headlines import HEADLINES
from drivebelt.experiments.perform import Row, collect, perform
from drivebelt.experiments.sensitivity import LEAST_DRAWS, sensitivity
from drivebelt.experiments.targets import simulated, targets
from drivebelt.results import Run

ROOT = Path(__file__).parent.parent
E = Experiment("made", {"plain rules": [], **{c.arm: [c.arm] for c in CHECKS if c.arm != PLAIN}})
STILL = dict.fromkeys((h.name for h in HEADLINES), 0.1) | {
    **{h.name: 0.0 for h in HEADLINES if h.window == "rise"}, "proposals refused by the Politburo": 0.0, "bent, Politburo": 0.0,
}  # fmt: skip
"""A country in which nothing rises and nothing falls."""
RISING = STILL | {
    **{h.name: 0.2 for h in HEADLINES if h.window == "rise"}, "bent, Politburo": 0.1, "settled before, Politburo": 0.5,
    "delegates against, first": 0.2, "delegates against, last": 0.04,
}  # fmt: skip
ALIVE: dict[str, dict[str, float | None]] = {
    "plain rules": {},
    "elected-secretaries": {
        "posts owed by officials, last year": 0, "dependence of secretaries, rise": 0, "delegates against, last": 0.1,
        "apparatus among delegates, rise": 0.1, "apparatus over its pool, rise": 0.1,
    },
    "secret-ballot": {"delegates against, last": 0.1},
    "healthy-leader": {"days to the first circle": None, "settled before, Politburo": 0.4},
    "moved-general-secretary": {"dependence of secretaries, rise": 0.22},
    "no-ties-no-fear": {"proposals refused by the Politburo": 0.1, "delegates against, last": 0.1},
}  # fmt: skip
"""How the arms differ from the plain rules where every mechanism is alive."""
SAME = {c.name for c in CHECKS if "does not move" in c.name or "the same rise" in c.name}


def made(plain: dict[str, Any], arms: dict[str, dict[str, Any]]) -> list[Row]:
    """One draw of each arm."""
    return [{"arm": arm, "seed": 1, "headlines": plain | change} for arm, change in arms.items()]


def test_every_check_holds_where_all_is_alive_and_fails_where_nothing_moves() -> None:
    assert {name: held for name, held, _ in checks(E, made(RISING, ALIVE))} == dict.fromkeys((c.name for c in CHECKS), 1)
    still = checks(E, made(STILL, {arm: {} for arm in E.arms}))
    assert {name for name, held, of in still if held and of == 1} == SAME
    apart = {h.name: 0.5 for h in HEADLINES if h.window == "rise"}
    moved = {arm: {} if arm == "plain rules" else apart for arm in E.arms}
    assert not {name for name, held, _ in checks(E, made(RISING, moved)) if held} & SAME


def test_a_pair_that_does_not_reach_a_headline_is_not_counted() -> None:
    rows = made(RISING, ALIVE) + [dict(row, seed=2) for row in made(RISING | {"bent, Politburo, rise": None}, ALIVE)]
    found = {name: (held, of) for name, held, of in checks(Experiment("two", E.arms, seeds=2), rows)}
    assert found["share bent rises"] == found["all five by direction"] == (1, 1) and found["share settled before rises"] == (2, 2)


def test_the_parameter_that_moves_a_headline_is_named() -> None:
    """Forty draws: one headline follows one of two parameters, another follows neither."""
    n, moved, still = 40, HEADLINES[0].name, HEADLINES[1].name
    rows: list[Row] = []
    for k in range(n):
        values = {"mover": float(k), "idler": float(k * 17 % n), "table": {"one": float(k * 11 % n), "two": 1.0}}
        told = dict.fromkeys((h.name for h in HEADLINES), None) | {moved: float(k) ** 2, still: 3.0}
        rows.append({"arm": "plain rules", "seed": k + 1, "values": values, "headlines": told})
    found = sensitivity(E, rows)
    assert {x.headline for x in found} == {moved}, "what does not vary is explained by nothing"
    assert found[0].parameter == "mover" and found[0].rank == pytest.approx(1.0) and max(x.rank for x in found[1:]) < 0.5
    with pytest.raises(BadInput, match="too few"):
        sensitivity(E, rows[: LEAST_DRAWS - 1])


def test_validation_prints_both_halves_and_the_same_twice(first_year: Run, tmp_path: Path) -> None:
    """An ensemble of one run, the first year, that stands in --out already: nothing is run, and its figures are judged."""
    ran = simulated(first_year)
    (tmp_path / "results.jsonl").write_text(json.dumps({"number": 1, "values": {}, "targets": ran}) + "\n")
    arguments = ("validate", "--runs", "1", "--scale", "0.02", "--out", tmp_path)
    said = json.loads(command(*arguments, "--json").stdout)
    assert len([s for s in said["scores"] if s["documented"] is not None]) >= 40
    text = " ".join(command(*arguments).stdout.split())
    assert text == " ".join(command(*arguments).stdout.split())
    for half, name in (("fit", "fitted half"), ("judge", "held-out half")):
        judged = [t for t in targets() if t.scenario == "1922-1928" and t.half == half and t.judged]
        errors = [t.error(ran[t.name]) for t in judged]
        inside = sum(ran[t.name] == t.documented for t in judged)
        assert said["halves"][half]["error"] == pytest.approx(statistics.fmean(errors)) and 0 < statistics.fmean(errors) < 1
        assert f"{name} {inside} of {len(judged)} documented outcomes" in text and len(judged) > 10
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 1
    assert "--runs" in refused("validate", "--runs", "0")


def documented() -> dict[str, tuple[int, int]]:
    """Check -> (per cent of all draws in which it holds, draws), as docs/power.md tells."""
    page = (ROOT / "docs" / "power.md").read_text()
    return {name: (int(held), int(of)) for name, held, of in re.findall(r"^\| ([^|]+) \| (\d+) \((\d+)\) \|", page, re.M)}


def test_the_page_tells_every_check_over_a_hundred_draws() -> None:
    e = read(ROOT / "benchmarks" / "power.yaml")
    assert list(documented()) == [c.name for c in CHECKS]
    assert all(of >= 100 for _, of in documented().values()) and e.seeds >= 100 and e.vary == ["all"] and e.draws == "hypercube"
    assert {c.arm for c in CHECKS} - {PLAIN} <= set(e.arms)
    assert f"scale {e.scale}, to {e.end}" in (ROOT / "docs" / "power.md").read_text()


@pytest.mark.draws
def test_a_hundred_draws_come_out_as_the_page_tells() -> None:
    """Some half an hour; what was run stays in build/power, and the same command goes on from there."""
    e = asked(str(ROOT / "benchmarks" / "power.yaml"), None)
    found = checks(e, perform(e, ROOT / "build" / "power"))
    assert {name: (round(100 * held / of), of) for name, held, of in found} == documented()


def _slowly(place: str, n: int) -> dict[str, int]:
    (Path(place) / str(n)).touch()
    time.sleep(0.2)
    return {"n": n}


def test_what_is_broken_off_ends_with_the_runs_at_work(tmp_path: Path) -> None:
    """Runs that wait are not begun any more, and what was finished is kept."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect(tmp_path, _slowly, [(str(tmp_path), n) for n in range(40)], workers=2, progress=stop)
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 1
    assert len([f for f in tmp_path.iterdir() if f.name.isdigit()]) < 10
