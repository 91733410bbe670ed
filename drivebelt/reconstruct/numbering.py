"""How many papers a register ever numbered, from the numbers that are still known.

The numbers N issued in a register are negative binomial by level; the chance that a number is still known is beta by office;
given both, each number is known or lost by itself, so that the highest known number is an order statistic. N and the chance
are summed out together, exactly up to the places of a grid on N. Rising factorials stand in for gamma functions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivebelt import draws

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_EXACT, _NODES, _FAR = 48, 56, 12
"""Values of N taken one by one past the highest known number, then so many nodes up to so many times its size."""
_POOL = np.array([1.0, 1.0, 1.0, 1.0])
"""How far (standard deviations on the scale of `Shape`) the shape of a level may lie from that of all: an assumption."""
_WIDE = np.array([np.log(3.0), np.log(5.0), 2.0, 1.5])
"""The same for all registers together, around `_GUESS`."""
_GUESS = np.array([np.nan, 0.0, 0.0, np.log(2.0)])
_CLOUD = 160
"""Points laid around the best."""
POINTS, OFFICES, NUMBERS, THINGS = range(1100, 1104)
"""Streams of draws, apart from those of a run and of an archive; append only."""
MOST = 600
"""Registers of a level used for its shape; of more than that an even sample."""


@dataclass(frozen=True)
class Shape:
    """Mean and size of the negative binomial, mean and weight of the beta."""

    mean: float
    size: float
    known: float
    weight: float

    @classmethod
    def of(cls, point: Floats) -> Shape:
        """From (log mean, log size, logit of the share known, log weight)."""
        mean, size, known, weight = (float(x) for x in point)
        return cls(np.exp(mean), np.exp(size), 1 / (1 + np.exp(-known)), np.exp(weight))


def _grid(highest: Ints, most: int) -> tuple[Ints, Floats]:
    """Values of N, (registers, nodes), from the highest known number on, and how many values each stands for."""
    far = np.unique(np.rint(np.geomspace(_EXACT, max(most, 2 * _EXACT), _NODES)).astype(np.int64))
    steps = np.concatenate([np.arange(_EXACT), far])
    stands = np.diff(np.append(steps, steps[-1] + 1)).astype(np.float64)
    # a node stands for itself and for half of the values on either side
    weight = np.where(np.arange(steps.size) < _EXACT, 1.0, (np.append(1.0, stands[:-1]) + stands) / 2)
    return highest[:, None] + steps[None, :], weight


def _rising(start: float, most: int) -> Floats:
    """log of start (start + 1) ... for 0 to `most` factors."""
    return np.concatenate([[0.0], np.cumsum(np.log(start + np.arange(most)))])


@dataclass(frozen=True)
class Registers:
    """Known numbers of registers of one level, (registers,): how many are known, and the highest; both 0 where none is."""

    known: Ints
    highest: Ints

    def take(self, rows: Ints) -> Registers:
        """Some of them."""
        return Registers(self.known[rows], self.highest[rows])


class Sums:
    """Log weights of every N for registers under any shape."""

    def __init__(self, registers: Registers) -> None:
        """Raises ValueError where more numbers are known than the highest allows."""
        if np.any(registers.known > registers.highest):
            raise ValueError("more numbers known than the highest allows")
        self.registers = registers
        most = int(registers.highest.max(initial=1))
        self.issued, self.weight = _grid(registers.highest, _FAR * max(most, 8))
        self._most = int(self.issued.max(initial=1))
        self._lost = self.issued - registers.known[:, None]

    def log_terms(self, shape: Shape) -> Floats:
        """log of P(N) P(what is known | N), (registers, nodes), with the weight of each node."""
        a, b = shape.known * shape.weight, (1 - shape.known) * shape.weight
        theta = shape.mean / (shape.mean + shape.size)
        n, most = self.registers.known, self._most
        by_issued = _rising(shape.size, most) - _rising(1.0, most) - _rising(a + b, most)
        by_issued += np.arange(most + 1) * np.log(theta) + shape.size * np.log1p(-theta)
        return by_issued[self.issued] + _rising(b, most)[self._lost] + _rising(a, most)[n][:, None] + np.log(self.weight)

    def log_likelihood(self, shape: Shape) -> Floats:
        """log of the chance of what is known of each register, given that anything is."""
        nothing = silent_chance(shape, self._most)
        return _log_sum(self.log_terms(shape)) - np.log1p(-min(nothing, 1 - 1e-12))

    def posterior(self, shape: Shape) -> Floats:
        """Chance of each N of the grid, (registers, nodes)."""
        terms = self.log_terms(shape)
        return np.exp(terms - _log_sum(terms)[:, None])


def _log_sum(terms: Floats) -> Floats:
    top = terms.max(axis=1)
    return top + np.log(np.exp(terms - top[:, None]).sum(axis=1))


def silent_terms(shape: Shape, most: int) -> Floats:
    """Chance of N issued and nothing known of them, for N from 0 to `most`."""
    a, b = shape.known * shape.weight, (1 - shape.known) * shape.weight
    theta = shape.mean / (shape.mean + shape.size)
    terms = _rising(shape.size, most) - _rising(1.0, most) + np.arange(most + 1) * np.log(theta) + shape.size * np.log1p(-theta)
    return np.exp(terms + _rising(b, most) - _rising(a + b, most))


def silent_chance(shape: Shape, most: int) -> float:
    """Chance that nothing is known of a register."""
    return float(silent_terms(shape, most).sum())


def fit(sums: Sums, around: Floats | None = None) -> Floats:
    """The point of greatest penalised likelihood: (log mean, log size, logit known, log weight).

    `around`: the point of all registers together, to which a level with few of them is drawn.
    """
    r = sums.registers
    gaps = np.clip(r.known / np.maximum(r.highest, 1), 0.02, 0.98)
    start = np.array([np.log(max(float(r.highest.mean()) * 1.05, 1.0)), 0.0, _logit(float(gaps.mean())), np.log(3.0)])
    centre = np.where(np.isnan(_GUESS), start, _GUESS) if around is None else around
    width = _WIDE if around is None else _POOL * np.array([2.0, 1.0, 1.5, 1.0])

    def loss(point: Floats) -> float:
        if np.any(np.abs(point) > 16):
            return np.inf
        return float(-sums.log_likelihood(Shape.of(point)).sum() + (((point - centre) / width) ** 2).sum() / 2)

    return _simplex(loss, start if around is None else (start + around) / 2)


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _simplex(loss, start: Floats, steps: int = 220, near: float = 1e-3) -> Floats:  # type: ignore[no-untyped-def]
    """Nelder and Mead's search (1965) from `start`."""
    n = start.size
    points = np.vstack([start, start + 0.5 * np.eye(n)])
    values = np.array([loss(p) for p in points])
    for _ in range(steps):
        order = np.argsort(values, kind="stable")
        points, values = points[order], values[order]
        if np.abs(points[1:] - points[0]).max() < near:
            break
        middle = points[:-1].mean(axis=0)
        ahead = 2 * middle - points[-1]
        value = loss(ahead)
        if value < values[0]:
            further = 3 * middle - 2 * points[-1]
            beyond = loss(further)
            points[-1], values[-1] = (further, beyond) if beyond < value else (ahead, value)
        elif value < values[-2]:
            points[-1], values[-1] = ahead, value
        else:
            back = (middle + (ahead if value < values[-1] else points[-1])) / 2
            inside = loss(back)
            if inside < min(value, values[-1]):
                points[-1], values[-1] = back, inside
            else:
                points[1:] = (points[1:] + points[0]) / 2
                values[1:] = [loss(p) for p in points[1:]]
    return points[int(np.argmin(values))]


def cloud(sums: Sums, best: Floats, offices: Ints, times: int, seed: int) -> list[tuple[Shape, int]]:
    """Shapes that a bootstrap over offices chooses, with how often, of so many `times`.

    Points are laid around the best by its curvature; each drawn set of offices chooses the one of greatest likelihood.
    """
    spread = _spread(sums, best)
    normal = draws.normals(seed, POINTS, np.arange(_CLOUD * best.size), 0).reshape(_CLOUD, best.size)
    points = best + normal @ spread.T
    points = np.vstack([best, np.clip(points, -15, 15)])
    each = np.stack([sums.log_likelihood(Shape.of(p)) for p in points])
    _, of = np.unique(offices, return_inverse=True)
    many = int(of.max(initial=0)) + 1
    by_office = np.stack([np.bincount(of, row, many) for row in each])
    taken = (draws.uniforms(seed, OFFICES, np.arange(times * many), 0) * many).astype(np.int64).reshape(times, many)
    weights = np.stack([np.bincount(row, minlength=many) for row in taken]).astype(np.float64)
    prior = (((points - best) / (2 * _WIDE)) ** 2).sum(axis=1)[:, None] / 2
    chosen, often = np.unique(np.argmax(by_office @ weights.T - prior, axis=0), return_counts=True)
    return [(Shape.of(points[i]), int(k)) for i, k in zip(chosen, often, strict=True)]


def _spread(sums: Sums, best: Floats) -> Floats:
    """A root of the covariance of the best point, somewhat widened, from the scores of single registers."""
    step, rows = 0.05, []
    for i in range(best.size):
        move = np.zeros(best.size)
        move[i] = step
        rows.append((sums.log_likelihood(Shape.of(best + move)) - sums.log_likelihood(Shape.of(best - move))) / (2 * step))
    score = np.stack(rows)
    information = score @ score.T + np.diag(1 / _WIDE**2)
    values, vectors = np.linalg.eigh(np.linalg.inv(information))
    return 1.5 * vectors * np.sqrt(np.maximum(values, 1e-8))
