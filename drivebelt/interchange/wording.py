"""The wording of a text as 64 bits: SimHash of word shingles, so that texts that are alike differ in few bits.

Words are runs of ASCII letters and digits and of all other characters above them, in lower case; a shingle is three words in a
row (a shorter text is one shingle). Each shingle is hashed to 64 bits (FNV-1a over the words, finalised by SplitMix64); bit b of
the wording is set where more shingles have it set than not. Two texts without a common shingle differ in 32 bits on average;
each bit differs with the probability angle/pi of the two bags of shingles.

Sources: M. Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002; G. S. Manku, A. Jain, A. Das Sarma,
"Detecting near-duplicates for web crawling", WWW 2007.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from numba import boolean, int64, njit, types, uint8, uint64

SHINGLE = 3
"""Words in a shingle."""
_BITS = 64
_FIRST, _TIMES = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_R30, _R27, _R31, _ONE = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(1)
_ASCII = 128
_WORD = np.array([b >= _ASCII or chr(b).isalnum() for b in range(256)])

# Cached beside this file, not in the folder of the simulation's steps: whoever imports a table need not compile a country.
_readonly: Any = types.Array
_SIGNATURE = types.void(
    _readonly(uint8, 1, "C", readonly=True), _readonly(int64, 1, "C"), _readonly(boolean, 1, "C", readonly=True),
    _readonly(uint64, 1, "C"), _readonly(boolean, 1, "C"),
)  # fmt: skip


@njit(cache=True)
def _add(recent, words, count):  # type: ignore[no-untyped-def]
    """Counts the bits of the shingle of the last words."""
    n = min(words, SHINGLE)
    x = _FIRST
    for k in range(words - n, words):
        x = (x ^ recent[k % SHINGLE]) * _TIMES
    x = (x ^ (x >> _R30)) * _M1
    x = (x ^ (x >> _R27)) * _M2
    x = x ^ (x >> _R31)
    for b in range(_BITS):
        count[b] += np.int64((x >> np.uint64(b)) & _ONE)


@njit(_SIGNATURE, cache=True)
def _hash(data, offsets, is_word, out, found):  # type: ignore[no-untyped-def]
    """Writes the wording of each text data[offsets[i]:offsets[i + 1]]; `found` is false where there is no word."""
    count = np.zeros(_BITS, np.int64)
    recent = np.zeros(SHINGLE, np.uint64)
    for i in range(out.size):
        count[:] = 0
        words, word, inside, end = 0, _FIRST, False, offsets[i + 1]
        for at in range(offsets[i], end + 1):
            if at < end and is_word[data[at]]:
                word = (word ^ np.uint64(data[at])) * _TIMES
                inside = True
            elif inside:
                recent[words % SHINGLE] = word
                words += 1
                word, inside = _FIRST, False
                if words >= SHINGLE:
                    _add(recent, words, count)
        if 0 < words < SHINGLE:
            _add(recent, words, count)
        shingles = max(words - SHINGLE + 1, min(words, 1))
        made = np.uint64(0)
        for b in range(_BITS):
            if 2 * count[b] > shingles:
                made |= _ONE << np.uint64(b)
        out[i] = made
        found[i] = words > 0


def wordings(texts: pa.Array) -> pa.Array:
    """The wording of each text, uint64; null where a text is missing or holds no word."""
    low = pc.utf8_lower(pc.fill_null(texts.cast(pa.large_string()), ""))
    buffers = low.buffers()
    offsets = np.frombuffer(buffers[1], np.int64)[low.offset : low.offset + len(low) + 1].copy()
    data = np.frombuffer(buffers[2], np.uint8) if buffers[2] is not None and buffers[2].size else np.zeros(1, np.uint8)
    out, found = np.zeros(len(low), np.uint64), np.zeros(len(low), bool)
    _hash(data, offsets, _WORD, out, found)
    return pa.array(out, mask=~found)


def wording(text: str) -> int | None:
    """The wording of one text; None where it holds no word."""
    found: int | None = wordings(pa.array([text], pa.string()))[0].as_py()
    return found


def distance(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """In how many of 64 bits wordings differ, element by element."""
    return np.bitwise_count(a ^ b).astype(np.int64)
