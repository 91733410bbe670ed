"""Arrays and rules handed to compiled code by their address.

Numba spreads a tuple of fifty arrays into some four hundred arguments, for each function and each call anew, and most of the
time of compiling went there; it also finds the type of a tuple or a record anew at each call, which took longer than the work of
a quiet day. Of an array it knows the type at a glance. So both are arrays of one element, whose parts Python sees as attributes:
a `Table` says where its arrays lie, a `Values` holds numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self, dataclass_transform

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import from_dtype, typeof, types
from numba.core.datamodel import models, register_default
from numba.core.pythonapi import NativeValue, unbox
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, lower_getattr_generic, typeof_impl

_WORD = ir.IntType(64)


class Reference(types.Type):
    """The type, for compiled code, of a table of contiguous arrays."""

    def __init__(self, name: str, fields: dict[str, types.Array]) -> None:
        self.fields = fields
        self.first: dict[str, int] = {}
        words = 0
        for field, array in fields.items():
            self.first[field] = words
            words += 1 + array.ndim
        super().__init__(f"Reference({name}: {', '.join(f'{f}={a}' for f, a in fields.items())})")


@dataclass_transform(kw_only_default=True, eq_default=False)
class Table(np.ndarray):
    """Named arrays, of which compiled code takes the place where it is written where they lie: one element, of a layout that no
    other class has. A class of tables names its arrays; `reference` fixes their types."""

    fields: ClassVar[tuple[str, ...]]
    layout: ClassVar[np.dtype[Any]]
    reference: ClassVar[Reference]
    _examples: ClassVar[dict[str, npt.NDArray[Any]]]

    def __new__(cls, **arrays: npt.NDArray[Any]) -> Self:
        """TypeError for an array that is missing, unknown, of another type, or not contiguous."""
        if tuple(arrays) != cls.fields:
            arrays = {field: arrays.pop(field) for field in cls.fields if field in arrays} | arrays
            if tuple(arrays) != cls.fields:
                raise TypeError(f"{cls.__name__}: {', '.join(sorted(set(cls.fields) ^ set(arrays)))} missing or unknown")
        words: list[int] = []
        for field, array in arrays.items():
            like = cls._examples[field]
            if array.dtype != like.dtype or array.ndim != like.ndim or not array.flags.c_contiguous:
                raise TypeError(f"{cls.__name__}.{field}: not a contiguous array of {like.dtype} in {like.ndim} dimensions")
            words += [array.ctypes.data, *array.shape]
        table = np.array(words, np.int64).view(cls.layout).view(cls)
        table.__dict__.update(arrays)  # keeps them alive as long as the table
        return table

    @classmethod
    def empty(cls) -> Self:
        """The table of the examples by which `reference` fixed the types."""
        return cls(**cls._examples)

    def replaced(self, **arrays: npt.NDArray[Any]) -> Self:
        """A table with some other arrays and for the rest the same."""
        return type(self)(**{**self.__dict__, **arrays})


def reference(cls: type[Table], **examples: npt.NDArray[Any]) -> Reference:
    """Fixes that all tables of the class hold arrays of the dtypes and dimensions of the examples, and returns their type."""
    cls.fields = tuple(examples)
    cls._examples = examples
    cls.layout = np.dtype([(f"{cls.__name__}.{field}", "i8", 1 + a.ndim) for field, a in examples.items()])
    cls.reference = Reference(cls.__qualname__, {field: typeof(a) for field, a in examples.items()})
    typeof_impl.register(cls)(lambda table, _: table.reference)
    return cls.reference


class Values(np.ndarray):
    """Named numbers and small arrays of numbers in one element."""

    def __new__(cls, **values: float | npt.NDArray[Any]) -> Self:
        """TypeError for a name that arrays have for something else."""
        if hidden := sorted(set(values) & set(dir(np.ndarray))):
            raise TypeError(f"{', '.join(hidden)}: arrays have that for something else; choose another name")
        layout = [(name, v.dtype, v.shape) if isinstance(v, np.ndarray) else (name, "f8") for name, v in values.items()]
        row = np.array([tuple(values.values())], layout) if values else np.zeros(1, [("nothing", "f8")])
        out = row.view(cls)
        out.__dict__.update(values)
        return out

    def only(self, names: Iterable[str]) -> Self:
        """Those of these names: what two mechanisms share, in one form for both."""
        return type(self)(**{name: self.__dict__[name] for name in names})


class _Held(types.Record):
    """The type of values, for compiled code: a record."""

    def can_convert_to(self, context: Any, other: Any) -> Any:
        """To its own type only: one form of a function for those that begin alike would hang on which was compiled first."""
        return None


@typeof_impl.register(Values)
def _typeof(values: Values, _: Any) -> _Held:
    record = from_dtype(values.dtype)
    return _Held([(name, field._asdict()) for name, field in record.fields.items()], record.size, record.aligned)


register_default(_Held)(models.RecordModel)


@register_default(Reference)
class _Address(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Reference) -> None:
        super().__init__(manager, kind, _WORD.as_pointer())


@unbox(Reference)
@unbox(_Held)
def _unbox(kind: Any, value: Any, c: Any) -> NativeValue:
    """Where the element of the array lies; the array must live while the call lasts."""
    array = c.context.make_array(types.Array(types.uint8, 1, "C"))(c.context, c.builder)
    # not numba_array_adaptor, which is the same but refused where arrays are counted: these are not
    adapt = c.pyapi._get_function(ir.FunctionType(ir.IntType(32), [c.pyapi.pyobj, c.pyapi.voidptr]), "numba_adapt_ndarray")
    failed = c.builder.call(adapt, (value, c.builder.bitcast(array._getpointer(), c.pyapi.voidptr)))
    wrong = c.builder.icmp_unsigned("!=", failed, ir.Constant(failed.type, 0))
    return NativeValue(c.builder.bitcast(array.data, c.context.get_value_type(kind)), is_error=wrong)


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
