"""How long the doctor takes, and how long it holds other threads: python tests/benchmarks/doctor.py

Prints for each size: seconds of all checks, of them with measuring, the longest time in milliseconds that
another thread had to wait meanwhile, and GB.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from inspector.doctor import examine
from inspector.sources import Sources, read
from tests.benchmarks.data import make_data

SIZES = {"500k": (5_000, 500_000), "10m": (100_000, 10_000_000)}
"""Images and detections."""
_TICK = 0.002


class Waiting(threading.Thread):
    """Looks at the clock all the time, as a window's thread would."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.longest = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        before = time.perf_counter()
        while not self._over.is_set():
            time.sleep(_TICK)
            now = time.perf_counter()
            self.longest, before = max(self.longest, now - before - _TICK), now

    def end(self) -> float:
        self._over.set()
        self.join()
        return self.longest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=tuple(SIZES), default=["500k"])
    options = parser.parse_args()
    sys.setswitchinterval(0.0005)  # as in the window
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure_size(size, Sources(*make_data(Path(folder), SIZES[size][0], 80, SIZES[size][1])))


def measure_size(size: str, sources: Sources) -> None:
    dataset = read(sources)
    examine(dataset, sources)  # the kernels are loaded
    gc.freeze()
    told = [size]
    for measure in (False, True):
        waiting = Waiting()
        waiting.start()
        start = time.perf_counter()
        examine(dataset, sources, measure=measure)
        took, longest = time.perf_counter() - start, waiting.end()
        told.append(f"{'measured' if measure else 'checks'} {took:.2f} s (waited {1000 * longest:.0f} ms)")
    told.append(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    print("; ".join(told))


if __name__ == "__main__":
    main()
