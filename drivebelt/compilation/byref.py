"""A named tuple of arrays, handed to compiled code as one address.

Numba spreads a tuple of fifty arrays into some four hundred arguments, for each function and each call anew, and most of the
time of compiling went there. `referenced` gives such a tuple an address, that of a table of where its arrays lie; compiled code
reads from it what it needs. The tuple must live while the call lasts: its arrays are borrowed.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from llvmlite import ir
from numba import typeof, types
from numba.core.datamodel import models, register_default
from numba.core.pythonapi import NativeValue, unbox
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, lower_getattr_generic, typeof_impl

_WORD = ir.IntType(64)
T = TypeVar("T")


class Reference(types.Type):
    """The type, for compiled code, of a named tuple of contiguous arrays that is handed over by its address."""

    def __init__(self, name: str, fields: dict[str, types.Array]) -> None:
        self.fields = fields
        self.first: dict[str, int] = {}
        words = 0
        for field, array in fields.items():
            self.first[field] = words
            words += 1 + array.ndim
        super().__init__(f"Reference({name}: {', '.join(f'{f}={a}' for f, a in fields.items())})")


class _Addressed:
    """What a class of named tuples gains by being referenced: made once for each tuple, when compiled code first takes it."""

    @cached_property
    def table(self: Any) -> Any:
        words: list[int] = []
        for field, array, (dtype, ndim) in zip(self._fields, self, type(self).kinds, strict=True):
            if array.dtype != dtype or array.ndim != ndim or not array.flags.c_contiguous:
                raise TypeError(f"{type(self).__name__}.{field}: not a contiguous array of {dtype} in {ndim} dimensions")
            words += [array.ctypes.data, *array.shape]
        return np.array(words, np.int64)

    @cached_property
    def address(self) -> int:
        return int(self.table.ctypes.data)


def referenced(cls: type[T]) -> type[T]:
    """The same class of named tuples, whose tuples have an address; to be completed by `reference`."""
    return type(cls.__name__, (cls, _Addressed), {"__doc__": cls.__doc__, "__module__": cls.__module__})


def reference(example: Any) -> Reference:
    """The type of all tuples of the class of `example`: arrays of the same dtypes and dimensions, in C order."""
    cls = type(example)
    cls.reference = Reference(cls.__qualname__, {f: typeof(getattr(example, f)) for f in cls._fields})
    cls.kinds = [(a.dtype, a.ndim) for a in example]
    typeof_impl.register(cls)(lambda value, _: type(value).reference)
    return cls.reference


@register_default(Reference)
class _Address(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Reference) -> None:
        super().__init__(manager, kind, _WORD.as_pointer())


@unbox(Reference)
def _unbox(kind: Reference, value: Any, c: Any) -> NativeValue:
    number = c.pyapi.object_getattr_string(value, "address")
    pointer = c.pyapi.long_as_voidptr(number)
    c.pyapi.decref(number)
    return NativeValue(c.builder.bitcast(pointer, _WORD.as_pointer()), is_error=c.pyapi.c_api_error())


@infer_getattr
class _Fields(AttributeTemplate):
    key = Reference

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
        return kind.fields.get(name)


@lower_getattr_generic(Reference)
def _field(context: Any, builder: Any, kind: Reference, value: Any, name: str) -> Any:
    """The array as compiled code knows it. That its place never changes is said to the compiler, which then reads it once."""
    wanted = kind.fields[name]
    fixed = builder.module.add_metadata([])

    def word(n: int) -> Any:
        loaded = builder.load(builder.gep(value, [ir.Constant(ir.IntType(32), kind.first[name] + n)]))
        loaded.set_metadata("invariant.load", fixed)
        return loaded

    array = context.make_array(wanted)(context, builder)
    size = context.get_abi_sizeof(context.get_data_type(wanted.dtype))
    shape = [word(1 + n) for n in range(wanted.ndim)]
    strides = [ir.Constant(_WORD, size)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    context.populate_array(
        array,
        data=builder.inttoptr(word(0), array.data.type),
        shape=shape,
        strides=strides,
        itemsize=ir.Constant(_WORD, size),
        meminfo=None,
        parent=None,
    )
    return array._getvalue()
