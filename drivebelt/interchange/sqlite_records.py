"""Records of an SQLite file as whole arrays: columns of a batch of rows in, the bytes of their cells out.

A record is a head (its own length, then one serial type for each column) and the values one after the other; numbers that
matter for the layout are varints, seven bits a byte. Source: https://www.sqlite.org/fileformat2.html, section 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Matrix = npt.NDArray[np.uint8]
Part: TypeAlias = Matrix | pa.BinaryArray
"""A piece of every cell of a batch: (n, width) where all are of one width, else n byte strings."""

_TEXT, _NULL, _INT32, _INT64, _REAL = 13, 0, 4, 6, 7
_SEVEN = 7
_THREE = np.array([list(b"%03d" % i) for i in range(1000)], np.uint8)
"""The numbers 0 to 999 as three digits each."""
DIGITS = 12
"""Digits of a number in an identifier."""


@dataclass(frozen=True)
class Bytes:
    """Cells of a batch, end to end: cell i is data[offsets[i]:offsets[i + 1]]."""

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int32]


@dataclass(frozen=True)
class Column:
    """A column of a batch: the serial type of each value, its bytes, and how many they are."""

    serial: npt.NDArray[np.int64]
    body: Part
    size: npt.NDArray[np.int64]


def identifiers(prefix: str, numbers: npt.NDArray[np.integer]) -> Matrix:
    """`prefix` and twelve digits for each number from 0 on, shape (n, len(prefix) + 12): they sort as the numbers do."""
    k = numbers.astype(np.int64)
    head = np.broadcast_to(np.frombuffer(prefix.encode(), np.uint8), (k.size, len(prefix)))
    return np.concatenate([head, *(_THREE[k // 1000**i % 1000] for i in (3, 2, 1, 0))], axis=1)


def fixed(matrix: Matrix) -> Column:
    """Texts of one width, none missing."""
    n, width = matrix.shape
    return Column(np.full(n, _TEXT + 2 * width), matrix, np.full(n, width))


def ragged_texts(matrix: Matrix, size: npt.NDArray[np.int64]) -> Column:
    """Texts of several widths, each the last `size` bytes of its row."""
    return Column(_TEXT + 2 * size, _ragged(matrix, size, right=True), size)


def text(values: pa.Array) -> Column:
    """Texts; a missing one is null."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    missing = values.is_null().to_numpy(zero_copy_only=False)
    body = pc.fill_null(values.cast(pa.string()), "").cast(pa.binary())
    size = np.diff(_offsets(body)).astype(np.int64)
    return Column(np.where(missing, _NULL, _TEXT + 2 * size), body, size)


def identifiers_or_null(prefix: str, values: pa.Array) -> Column:
    """As `identifiers`, null where there is no number."""
    missing = values.is_null().to_numpy(zero_copy_only=False)
    matrix = identifiers(prefix, pc.fill_null(values, 0).to_numpy(zero_copy_only=False))
    return _some(matrix, missing, _TEXT + 2 * matrix.shape[1])


def integers(values: pa.Array) -> Column:
    """Whole numbers of up to 64 bits with sign; a missing one is null."""
    missing = values.is_null().to_numpy(zero_copy_only=False)
    plain = pc.fill_null(values.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    narrow = plain.size == 0 or (plain.min() >= -(1 << 31) and plain.max() < 1 << 31)
    matrix = plain.astype(">i4" if narrow else ">i8").view(np.uint8).reshape(plain.size, -1)
    return _some(matrix, missing, _INT32 if narrow else _INT64)


def reals(values: pa.Array) -> Column:
    """Floating-point numbers; a missing one is null."""
    missing = values.is_null().to_numpy(zero_copy_only=False)
    plain = pc.fill_null(values.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
    return _some(plain.astype(">f8").view(np.uint8).reshape(plain.size, 8), missing, _REAL)


def _some(matrix: Matrix, missing: npt.NDArray[np.bool_], serial: int) -> Column:
    width = matrix.shape[1]
    size = np.where(missing, 0, width)
    return Column(np.where(missing, _NULL, serial), _ragged(matrix, size) if missing.any() else matrix, size)


def table_cells(columns: list[Column], first_row: int) -> Bytes:
    """Cells of a table's leaf, for rows numbered from `first_row`."""
    n = columns[0].serial.size
    size, parts = _record(columns)
    return _join([varints(size), varints(np.arange(first_row, first_row + n)), *parts], n)


def key_cells(columns: list[Column], first_row: int) -> Bytes:
    """Cells of a key's leaf: the columns of the key, then the number of the row."""
    n = columns[0].serial.size
    rows = integers(pa.array(np.arange(first_row, first_row + n)))
    size, parts = _record([*columns, rows])
    return _join([varints(size), *parts], n)


def _record(columns: list[Column]) -> tuple[npt.NDArray[np.int64], list[Part]]:
    """Length of each record, and its pieces."""
    head = np.ones(columns[0].serial.size, np.int64)
    for c in columns:
        head += _widths(c.serial)
    size = head + np.sum([c.size for c in columns], axis=0)
    return size, [varints(head), *(varints(c.serial) for c in columns), *(c.body for c in columns)]


def varint(value: int) -> bytes:
    """One number as SQLite writes it: seven bits a byte, the highest first, a set top bit where more follow."""
    out = [value & 127]
    while value := value >> _SEVEN:
        out.append(128 | value & 127)
    return bytes(reversed(out))


def varints(values: npt.NDArray[np.int64]) -> Part:
    """`varint` of each number below 2^35."""
    highest = int(values.max(initial=0))
    if highest < 1 << _SEVEN:
        return values.astype(np.uint8)[:, None]
    widest = len(varint(highest))
    matrix = np.empty((values.size, widest), np.uint8)
    for i in range(widest):
        more = 128 if i < widest - 1 else 0
        matrix[:, i] = values >> _SEVEN * (widest - 1 - i) & 127 | more
    if len(varint(int(values.min()))) == widest:
        return matrix
    return _ragged(matrix, _widths(values), right=True)


def _widths(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Bytes of the varint of each number."""
    width = np.ones(values.size, np.int64)
    for i in range(1, len(varint(int(values.max(initial=0))))):
        width += values >= 1 << _SEVEN * i
    return width


def _ragged(matrix: Matrix, size: npt.NDArray[np.int64], right: bool = False) -> pa.BinaryArray:
    """The first (or last) `size` bytes of each row."""
    place = np.arange(matrix.shape[1])
    keep = place >= matrix.shape[1] - size[:, None] if right else place < size[:, None]
    return _binary(matrix[keep], np.concatenate([[0], np.cumsum(size)]))


def _binary(data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.integer]) -> pa.BinaryArray:
    n = len(offsets) - 1
    buffers = [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(np.ascontiguousarray(data))]
    return pa.BinaryArray.from_buffers(pa.binary(), n, buffers)


def _offsets(values: pa.Array) -> npt.NDArray[np.int32]:
    return np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1]


def _join(parts: list[Part], n: int) -> Bytes:
    """The pieces of each cell one after the other."""
    merged: list[Part] = []
    for part in parts:  # neighbours of one width each are laid side by side first: joining is then rarely more than two pieces
        if merged and isinstance(part, np.ndarray) and isinstance(merged[-1], np.ndarray):
            merged[-1] = np.concatenate([merged[-1], part], axis=1)
        else:
            merged.append(part)
    arrays = [_binary(p.ravel(), np.arange(n + 1) * p.shape[1]) if isinstance(p, np.ndarray) else p for p in merged]
    whole = arrays[0] if len(arrays) == 1 else pc.binary_join_element_wise(*arrays, b"")
    data = whole.buffers()[2]
    return Bytes(np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8), _offsets(whole))
