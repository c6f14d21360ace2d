"""The one place that says how kernels are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numba.types
import numpy as np
from llvmlite import ir
from numba.extending import intrinsic
from numpy.typing import NDArray

types: Any = numba.types  # its number types are not in its type information
boolean, float64, int32, int64, uint8, uint32, uint64, void = (
    types.boolean,
    types.float64,
    types.int32,
    types.int64,
    types.uint8,
    types.uint32,
    types.uint64,
    types.void,
)

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def kernel(signature: object) -> Callable[[Kernel], Kernel]:
    """Compile a function for exactly this signature, when its module is imported.

    `nogil`: the window stays alive while a kernel runs on a worker.
    `cache`: compiled once per machine, not once per start.
    No `fastmath`: results must equal the COCO API's bit for bit, so the compiler may not reorder sums
    or fuse products. No `parallel`: its thread pool cannot be cancelled and doubles the compile time.

    What keeps compiling short (measured): no slice of an array assigned to another (numba compiles the
    text of its error message with it, which takes 2 s), and few slices at all: pass the array, the first
    row and the count. Scratch arrays come from Python: compiling `np.empty` takes longer than its calls.
    So do `min` and `max` in modules that need them once. LLVM's lower levels of optimisation save a seventh
    of it, and are not worth slower kernels.
    """
    return _compile(signature, callable_from_python=True)


def inner(signature: object) -> Callable[[Kernel], Kernel]:
    """The same for a part of kernels that Python never calls: a fifth less to compile."""
    return _compile(signature, callable_from_python=False)


def _compile(signature: object, callable_from_python: bool) -> Callable[[Kernel], Kernel]:
    # these two are not in its type information
    wrappers: dict[str, Any] = {"no_cpython_wrapper": not callable_from_python, "no_cfunc_wrapper": True}
    decorate = numba.njit(signature, nogil=True, cache=True, error_model="numpy", **wrappers)
    return cast(Callable[[Kernel], Kernel], decorate)


def reads(dtype: Any, dimensions: int = 1) -> Any:
    """The type of a C-contiguous array that a kernel only reads; read-only arrays fit."""
    return types.Array(dtype, dimensions, "C", readonly=True)


def writes(dtype: Any, dimensions: int = 1) -> Any:
    """The type of a C-contiguous array that a kernel fills."""
    return types.Array(dtype, dimensions, "C")


def _eight_bytes(_context: Any, data: Any, at: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.gep(array.data, [arguments[1]])
        return builder.load(builder.bitcast(place, ir.IntType(64).as_pointer()), align=1)

    return uint64(data, at), generate


eight_bytes = cast(Callable[[NDArray[np.uint8], int], np.uint64], intrinsic(_eight_bytes))
"""For kernels: the bytes of a uint8 array from a position on as one number, the first byte lowest."""
