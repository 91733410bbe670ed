"""What an experiment is: arms that differ in their rules, seeds they share, assumptions that are drawn anew for each seed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from drivebelt.errors import BadInput
from drivebelt.rulebook import Rulebook, load
from drivebelt.rulebook.amendments import shipped
from drivebelt.safe_yaml import read_file

_KEYS = ("name", "scenario", "scale", "seeds", "from", "to", "arms", "sweep", "without", "vary", "draws", "figures")
MOST_SEEDS = 10_000
SHIPPED = "shipped"
"""What stands for all shipped amendments in place of a file."""
Values = dict[str, Any]


@dataclass
class Experiment:
    """What is run: arms (name -> amendments), seeds, and the part of the scenario."""

    name: str
    arms: dict[str, list[str]]
    seeds: int = 10
    scenario: str = "1922-1928"
    scale: float = 0.01
    start: str | None = None
    end: str | None = None
    without: list[str] = field(default_factory=list)
    vary: list[str] = field(default_factory=list)
    """Fields of assumptions that are drawn anew for each seed, the same for all arms; `all` for every field."""
    draws: str = "hypercube"
    """`hypercube`: a Latin hypercube over the ranges of the fields in `vary`; `fitted`: the draws that fit (see `fitting`)."""
    figures: str = "all"
    """`headlines` where nothing else is wanted of a run: a quarter of its time."""
    values: dict[str, Values] = field(default_factory=dict)
    """Arm -> assumptions set to other values (sweeps)."""


class Parameter(NamedTuple):
    """A free parameter: an assumption with a range and one value for the whole period. The entries of a table move as one."""

    name: str
    field: str
    low: Any
    high: Any
    whole: bool

    def at(self, share: float) -> Any:
        """Its value at a share of the way from the lowest to the highest, entry by entry for a table."""
        if isinstance(self.low, dict):
            return {key: self._between(self.low[key], self.high[key], share) for key in self.low}
        return self._between(self.low, self.high, share)

    def _between(self, low: float, high: float, share: float) -> float:
        value = low + (high - low) * share
        return min(int(low + (high - low + 1) * share), int(high)) if self.whole else value


def parameters(fields: Collection[str], book: Rulebook | None = None) -> list[Parameter]:
    """The free parameters of some fields of assumptions (`all` for every one), in the order of their names."""
    out = []
    for name, rule in (book or load()).parameters().items():
        chosen = "all" in fields or rule.mechanism in fields
        if not chosen or rule.type not in ("number", "integer") or len(rule.values) != 1:
            continue
        spans: Mapping[str, Any] = rule.range if isinstance(rule.range, dict) else {"": rule.range}
        low, high = ({key: span[i] for key, span in spans.items()} for i in (0, 1))
        one = not isinstance(rule.range, dict)
        out.append(Parameter(name, rule.mechanism, low[""] if one else low, high[""] if one else high, rule.type == "integer"))
    return out


def hypercube(names: Sequence[str], n: int, seed: int) -> dict[str, float]:
    """Point `seed` (1 to `n`) of a Latin hypercube, as shares in [0, 1): made of hashes, so that a name's column depends on
    nothing but the name and `n`."""
    out = {}
    for name in names:
        order = sorted(range(1, n + 1), key=lambda s: (fraction(f"{name}:{s}"), s))
        out[name] = (order.index(seed) + fraction(f"{name}:{seed}:within")) / n
    return out


def drawn(e: Experiment, seed: int) -> Values:
    """Values of the varied assumptions for one seed."""
    if e.draws == "fitted":
        from drivebelt.experiments.fitting import fitted

        draws = fitted()
        return dict(draws[(seed - 1) % len(draws)])
    if not e.vary:
        return {}
    free = parameters(e.vary)
    shares = hypercube([p.name for p in free], e.seeds, seed)
    return {p.name: p.at(shares[p.name]) for p in free}


def fraction(text: str) -> float:
    """A number in [0, 1) made of a text, the same on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48


def asked(file: str | Path, seeds: int | None = None) -> Experiment:
    """The experiment of a file, or of every shipped amendment for `shipped`; `seeds` in place of its own.

    Raises BadInput for a file that makes no sense and a number of seeds that cannot be run.
    """
    if str(file) == SHIPPED:
        e = Experiment("shipped amendments", {"plain rules": [], **{name: [name] for name in shipped()}})
    else:
        e = read(Path(file))
    if seeds is not None:
        if not 1 <= seeds <= MOST_SEEDS:
            raise BadInput(f"--seeds {seeds}: a whole number from 1 to {MOST_SEEDS}")
        e.seeds = seeds
    return e


def read(path: Path) -> Experiment:
    """An experiment from its file. BadInput names the key; amendments are checked before anything runs."""
    raw = read_file(path)
    if not isinstance(raw, dict):
        raise BadInput(f"{path}: an experiment is a table with {', '.join(_KEYS)}")
    for key in raw:
        if key not in _KEYS:
            raise BadInput(f"{path}: {key}: unknown key; there are {', '.join(_KEYS)}")
    arms, values = _arms(raw, path)
    seeds = raw.get("seeds", 10)
    if not isinstance(seeds, int) or isinstance(seeds, bool) or not 1 <= seeds <= MOST_SEEDS:
        raise BadInput(f"{path}: seeds: a whole number from 1 to {MOST_SEEDS}")
    chosen = {}
    for key, ways in (("draws", ("hypercube", "fitted")), ("figures", ("all", "headlines"))):
        chosen[key] = raw.get(key, ways[0])
        if chosen[key] not in ways:
            raise BadInput(f"{path}: {key}: {chosen[key]!r}; write {' or '.join(ways)}")
    lists = {key: raw.get(key, []) for key in ("without", "vary")}
    for key, given in lists.items():
        if not isinstance(given, list) or not all(isinstance(x, str) for x in given):
            raise BadInput(f"{path}: {key}: a list of names")
    scale = raw.get("scale", 0.01)
    if isinstance(scale, bool) or not isinstance(scale, (int, float)):
        raise BadInput(f"{path}: scale: a number above 0")
    known = {rule.mechanism for rule in load().parameters().values()} | {"all"}
    for name in lists["vary"]:
        if name not in known:
            raise BadInput(f"{path}: vary: no field of assumptions {name!r}; there are {', '.join(sorted(known))}")
    start, end = (str(raw[key]) if raw.get(key) else None for key in ("from", "to"))
    return Experiment(
        str(raw.get("name", path.stem)), arms, seeds, str(raw.get("scenario", "1922-1928")), float(scale), start, end,
        values=values, **chosen, **lists,
    )  # fmt: skip


def _arms(raw: dict[str, Any], path: Path) -> tuple[dict[str, list[str]], dict[str, Values]]:
    """Arms as given, and one more for each value of a sweep."""
    given = raw.get("arms", {"plain rules": []} if "sweep" in raw else None)
    if not isinstance(given, dict) or not given:
        raise BadInput(f"{path}: arms: a table of name: [amendments]; the first is what the others are compared with")
    arms: dict[str, list[str]] = {}
    for name, amendments in given.items():
        if not isinstance(amendments, list):
            raise BadInput(f"{path}: arms.{name}: a list of amendments, empty for the plain rules")
        load([str(a) for a in amendments])
        arms[str(name)] = [str(a) for a in amendments]
    values: dict[str, Values] = {}
    sweep = raw.get("sweep", {})
    if not isinstance(sweep, dict):
        raise BadInput(f"{path}: sweep: a table of assumption: [values]")
    for rule, points in sweep.items():
        if not isinstance(points, list) or not points:
            raise BadInput(f"{path}: sweep.{rule}: a list of values")
        for point in points:
            load((), {rule: point})
            name = f"{rule} = {point}"
            arms[name], values[name] = [], {rule: point}
    return arms, values
