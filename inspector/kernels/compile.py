"""`python -m inspector.kernels.compile`: fill numba's cache, in a process that has nothing else to do."""

from __future__ import annotations

from inspector.kernels.ready import load_all

if __name__ == "__main__":
    load_all()
