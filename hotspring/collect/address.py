"""Reading memory by address in compiled passes.

A small compiled function that takes an array counts references at every call and looks whether each
index is negative: more than half the time of a pass over text. An address costs nothing to hand on.
Whoever calls such a pass keeps the array alive and answers for its bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import extending, types

_ADDRESSES: Final = (types.intp, types.intp)


def intrinsic(function: Callable[..., Any]) -> Any:
    """A function for compiled passes whose machine code is given."""
    return extending.intrinsic(function)


@intrinsic
def byte_at(context: Any, base: Any, at: Any) -> Any:
    """The byte `at` bytes behind the address `base`."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        place = builder.inttoptr(builder.add(*values), ir.IntType(8).as_pointer())
        return builder.load(place)

    return types.uint8(*_ADDRESSES), generate


@intrinsic
def mark_at(context: Any, base: Any, at: Any) -> Any:
    """The int32 `at` places behind the address `base`."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        base, at = values
        place = builder.add(base, builder.shl(at, at.type(2)))
        return builder.load(builder.inttoptr(place, ir.IntType(32).as_pointer()))

    return types.int32(*_ADDRESSES), generate


@intrinsic
def word_at(context: Any, base: Any, at: Any) -> Any:
    """The four bytes from `at` bytes behind the address `base` on, the first the lowest."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        place = builder.inttoptr(builder.add(*values), ir.IntType(32).as_pointer())
        return builder.load(place, align=1)

    return types.uint32(*_ADDRESSES), generate


@intrinsic
def copy_bytes(context: Any, to: Any, base: Any, size: Any) -> Any:
    """Copy `size` bytes from the address `base` to the address `to`; they do not overlap."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        byte = ir.IntType(8).as_pointer()
        to, base, size = values
        copy = builder.module.declare_intrinsic("llvm.memcpy", [byte, byte, size.type])
        flat = ir.Constant(ir.IntType(1), 0)
        builder.call(copy, [builder.inttoptr(to, byte), builder.inttoptr(base, byte), size, flat])
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, types.intp), generate
