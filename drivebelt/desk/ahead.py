"""Asking for memory ahead of its use: what costs here is waiting for papers that lie anywhere in it."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from drivebelt.desk.layout import LINE


@intrinsic
def send_for(typingctx, rows, i, line):
    """Asks for one cache line of rows[i] ahead of its use; changes nothing."""

    def codegen(context, builder, signature, args):
        word, pointer, flag = ir.IntType(64), ir.IntType(8).as_pointer(), ir.IntType(32)
        table = context.make_array(signature.args[0])(context, builder, args[0])
        offset = builder.add(builder.mul(args[1], table.itemsize), builder.mul(args[2], ir.Constant(word, LINE)))
        place = builder.inttoptr(builder.add(builder.ptrtoint(table.data, word), offset), pointer)
        ask = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [pointer, flag, flag, flag]), "llvm.prefetch.p0"
        )
        builder.call(ask, [place, ir.Constant(flag, 1), ir.Constant(flag, 3), ir.Constant(flag, 1)])
        return context.get_dummy_value()

    return types.void(rows, types.int64, types.int64), codegen
