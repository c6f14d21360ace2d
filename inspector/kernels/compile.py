"""`python -m inspector.kernels.compile NAME ...`: fill numba's cache, in a process of its own."""

from __future__ import annotations

import sys

from inspector.kernels.ready import load

if __name__ == "__main__":
    load(sys.argv[1:])
