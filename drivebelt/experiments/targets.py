"""The documented figures: what the book gives as a number, with the query that gives a run's, one YAML file a topic.

`kind` says what agreement would prove: an `input` is a starting condition (agreement proves only that it was put in), an `outcome`
comes out of the mechanism. Outcomes are split once and for all into a half that may be used to fit free parameters and a half that
judges, by a hash of their names.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from drivebelt.errors import BadInput
from drivebelt.rulebook.rules import place
from drivebelt.safe_yaml import read_yaml

if TYPE_CHECKING:
    from drivebelt.results import Run

FIT, JUDGE = "fit", "judge"


class Target(BaseModel):
    """One documented figure."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    topic: str
    kind: Literal["input", "outcome"]
    documented: float | None
    unit: str
    dated: str
    source: dict[str, Any]
    query: str
    """One row, one number over the tables of a run; null where the run does not reach it."""
    scenario: str = "1922-1928"
    scales: bool = False
    """Whether it is to be divided by the scale of the run."""
    floor: float = 0.0
    """Differences below this count as none against a documented value as small: where a documented zero or one stands."""
    mechanism: str | None = None
    """Which has to explain it; an input has none."""
    evidence: str | None = None
    remark: str | None = None

    @model_validator(mode="after")
    def _explained(self) -> Target:
        if (self.mechanism is None) != (self.kind == "input"):
            raise ValueError("an outcome names the mechanism that has to explain it, an input none")
        return self

    @property
    def half(self) -> str:
        """`fit` or `judge`, by the first bit of the SHA-256 of the name."""
        return FIT if hashlib.sha256(self.name.encode()).digest()[0] < 128 else JUDGE

    @property
    def judged(self) -> bool:
        """Whether agreement would prove anything: an outcome with a documented value."""
        return self.kind == "outcome" and self.documented is not None

    @property
    def cited(self) -> str:
        """Where it stands in the book."""
        return place(self.source)

    def error(self, value: float | None) -> float:
        """How far a value is off, in [0, 1]: the difference against the larger of the two; 1 where there is no value."""
        if value is None or self.documented is None:
            return 1.0
        size = max(abs(value), abs(self.documented), self.floor)
        return abs(value - self.documented) / size if size else 0.0

    def value(self, run: Run) -> float | None:
        """The figure of a run."""
        rows = run.rows(self.query)
        found = next(iter(rows[0].values())) if rows else None
        if found is None:
            return None
        return float(found) / run.info["scale"] if self.scales else float(found)


@cache
def targets() -> tuple[Target, ...]:
    """All documented figures, topic by topic. BadInput names the file and the figure that is wrong."""
    out: list[Target] = []
    folder = files("drivebelt").joinpath("targets")
    for file in sorted(f.name for f in folder.iterdir() if f.name.endswith(".yaml")):
        for raw in read_yaml(folder.joinpath(file).read_bytes(), f"targets/{file}"):
            try:
                out.append(Target.model_validate({"topic": file.removesuffix(".yaml"), **raw}))
            except ValidationError as why:
                first = why.errors()[0]
                key = ".".join(str(x) for x in first["loc"])
                raise BadInput(f"targets/{file}: {raw.get('name', 'a figure without name')}: {key}: {first['msg']}") from why
    names = [t.name for t in out]
    for name in names:
        if names.count(name) > 1:
            raise BadInput(f"targets: {name!r} stands there twice")
    return tuple(out)


def simulated(run: Run) -> dict[str, float | None]:
    """Every documented figure of the run's scenario as it comes out."""
    return {t.name: t.value(run) for t in targets() if t.scenario == run.info["scenario"]}
