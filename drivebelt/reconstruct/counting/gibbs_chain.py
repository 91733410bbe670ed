"""Random draws of one chain of the sampler, and how shares of burned offices lie among classes."""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt.reconstruct.counting.register_classes import Floats, Ints

GIBBS = 1100
"""Stream of draws, apart from those of a run and of an archive."""
_MIDDLES = np.linspace(0.025, 0.975, 20)
_WEIGHTS = np.array([1.0, 2.0, 5.0, 10.0, 30.0, 100.0])
_PAIRS = np.stack([x.ravel() for x in np.meshgrid(_MIDDLES, _WEIGHTS, indexing="ij")], 1)
_NORM = np.array([lgamma(w) - lgamma(w * m) - lgamma(w * (1 - m)) for m, w in _PAIRS.tolist()])


@dataclass(frozen=True)
class Burning:
    """How the shares of burned offices lie among the classes of an archive: a beta distribution by its middle and weight."""

    middle: float = 0.2
    weight: float = 2.0

    @property
    def weights(self) -> tuple[float, float]:
        """Its two parameters."""
        return self.middle * self.weight, (1 - self.middle) * self.weight

    def again(self, shares: Floats, u: float) -> Burning:
        """Drawn anew by the shares of all classes, from a grid on which every pair is as likely beforehand."""
        a, b = _PAIRS[:, 0] * _PAIRS[:, 1], (1 - _PAIRS[:, 0]) * _PAIRS[:, 1]
        s = np.clip(shares, 1e-4, 1 - 1e-4)
        log = s.size * _NORM + (a - 1) * np.log(s).sum() + (b - 1) * np.log1p(-s).sum()
        middle, weight = _PAIRS[pick(log[None], np.array([u]))[0]].tolist()
        return Burning(middle, weight)


class Random:
    """Uniform, normal and gamma draws of one chain, each call with a number of its own."""

    def __init__(self, seed: int, salt: int) -> None:
        self._seed, self._salt = seed, salt * 1_000_003

    def _next(self) -> int:
        self._salt += 1
        return self._salt

    def uniform(self, n: int) -> Floats:
        """Uniform draws (n,)."""
        return draws.uniforms(self._seed, GIBBS, np.arange(n, dtype=np.int64), self._next())

    def normal(self, n: int) -> Floats:
        """Standard normal draws (n,)."""
        return draws.normals(self._seed, GIBBS, np.arange(n, dtype=np.int64), self._next())

    def gamma(self, shape: Floats) -> Floats:
        """Gamma draws by the cube of a normal (Wilson and Hilferty 1931), from one shape above and a power of a uniform."""
        a, n = shape.ravel() + 1, shape.size
        cube = a * np.maximum(1 - 1 / (9 * a) + self.normal(n) / (3 * np.sqrt(a)), 1e-3) ** 3
        drawn = cube * np.exp(np.log(np.maximum(self.uniform(n), 1e-300)) / shape.ravel())
        return np.maximum(drawn, 1e-300).reshape(shape.shape)

    def beta(self, a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
        """Beta draws, of the shape of the parameters, from two gamma draws."""
        x, y = self.gamma(np.asarray(a, float)), self.gamma(np.asarray(b, float))
        return np.clip(x / (x + y), 1e-9, 1 - 1e-9)


def pick(logs: Floats, u: Floats) -> Ints:
    """A place of each row, drawn by its weight."""
    below = np.cumsum(np.exp(logs - logs.max(1, keepdims=True)), axis=1)
    return (below < u[:, None] * below[:, -1:]).sum(1).astype(np.int64).clip(max=logs.shape[1] - 1)
