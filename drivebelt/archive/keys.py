"""Keyed draws of an archive: who is lost, in which order rows stand, and under which numbers.

All are pure functions of a key made from the digest of the run and the archive's own seed, so that the same archive can
be made again from the run, and nobody without the run can undo it. Streams here are numbered from 1000, apart from those
of a run.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from drivebelt import draws

U64 = npt.NDArray[np.uint64]

_STREAMS = {
    name: number
    for number, name in enumerate(
        ("unit", "copy", "citing", "alteration", "text", "order", "bits", "made-up", "length", "witness"), start=1000
    )
}
"""Append only."""

_WORD = 64
_BYTE = 256


class Key:
    """Draws under one key."""

    def __init__(self, *words: object) -> None:
        """The key of `words`, whatever they are, by their text."""
        mark = hashlib.blake2b("\x1f".join(str(word) for word in words).encode(), digest_size=8).digest()
        self._seed = int.from_bytes(mark, "big") >> 1

    def uniform(self, stream: str, entities: npt.ArrayLike, salt: str = "") -> npt.NDArray[np.float64]:
        """Uniform draws in [0, 1), one for each of `entities` (integers, shape (n,)); `salt` sets apart draws of one stream."""
        return draws.uniforms(self._seed, _STREAMS[stream], np.ascontiguousarray(entities, np.int64), _number(salt))

    def order(self, what: str, entities: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """A permutation of 0..n-1 that says nothing of `entities` (n distinct integers): the place of each in a keyed order."""
        drawn = self.uniform("order", entities, what)
        place = np.empty(drawn.size, np.int64)
        place[np.lexsort((np.asarray(entities), drawn))] = np.arange(drawn.size)
        return place

    def wording(self, words: U64) -> U64:
        """Similarity hashes under a keyed order of their bits and a keyed mask: all distances between them stay as they are."""
        to = self.order("bits", np.arange(_WORD)).astype(np.uint64)
        mask = np.uint64(0)
        for bit in np.flatnonzero(self.uniform("bits", np.arange(_WORD)) < 1 / 2):
            mask |= np.uint64(1) << np.uint64(bit)
        out = np.full(words.size, mask, np.uint64)
        eight = np.uint64(8)
        values = np.arange(_BYTE, dtype=np.uint64)
        for i in range(8):
            table = np.zeros(_BYTE, np.uint64)
            for j in range(8):
                table |= ((values >> np.uint64(j)) & np.uint64(1)) << to[8 * i + j]
            out ^= table[((words >> (eight * np.uint64(i))) & np.uint64(_BYTE - 1)).astype(np.intp)]
        return out

    def flips(self, entities: npt.NDArray[np.int64], least: int, most: int, salt: str) -> U64:
        """For each entity a mask of `least` to `most` of 64 bits, those that an altered text changes."""
        n = entities.size
        many = least + (self.uniform("text", entities, salt) * (most - least + 1)).astype(np.int64)
        each = self.uniform("text", (entities[:, None] * _WORD + np.arange(_WORD)).ravel(), salt + "/bits").reshape(n, _WORD)
        chosen = np.argsort(np.argsort(each, axis=1, kind="stable"), axis=1, kind="stable") < many[:, None]
        return (chosen.astype(np.uint64) << np.arange(_WORD, dtype=np.uint64)).sum(axis=1, dtype=np.uint64)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big")
