"""The one place that says how kernels are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def kernel(signature: str) -> Callable[[Kernel], Kernel]:
    """Compile a function for exactly this signature, when its module is imported.

    `nogil`: the window stays alive while a kernel runs on a worker.
    `cache`: compiled once per machine, not once per start.
    No `fastmath`: results must equal the COCO API's bit for bit, so the compiler may not reorder sums
    or fuse products. No `parallel`: its thread pool cannot be cancelled and doubles the compile time.
    """
    decorate = numba.njit(signature, nogil=True, cache=True, error_model="numpy")
    return cast(Callable[[Kernel], Kernel], decorate)
