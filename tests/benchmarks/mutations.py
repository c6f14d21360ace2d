"""Reads many mutated files of every format, and tells how long the slowest took and how much memory all did.

    python -m tests.benchmarks.mutations --each 2000

Ends with a traceback where something is neither data nor one error.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from inspector.sources import Sources
from tests.mutations import try_all
from tests.scenes import FOUND_WRITERS, SCENE, TRUTH_WRITERS, Scene, write_images

_MEMORY = 4 << 30
"""Bytes of address space: what asks for more ends in a MemoryError."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=2000, help="mutated files per format")
    parser.add_argument("--seed", default="0")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with tempfile.TemporaryDirectory() as folder:
        for role, writers in (("truth", TRUTH_WRITERS), ("found", FOUND_WRITERS)):
            for name in writers:
                _try(role, name, Path(folder) / role / name.replace(",", ""), options.each, options.seed)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")


def _try(role: str, name: str, folder: Path, each: int, seed: str) -> None:
    writers: dict[str, dict[str, Callable[[Scene, Path], Path]]]
    writers = {"truth": TRUTH_WRITERS, "found": FOUND_WRITERS}
    used = {"truth": "coco", "found": "csv", role: name}
    paths = {side: writers[side][used[side]](SCENE, folder / side) for side in writers}
    sources = Sources(paths["truth"], paths["found"], write_images(SCENE, folder / "images"))
    start = time.perf_counter()
    slowest = try_all(sources, folder / role, f"{name} {seed}", each)
    print(f"{role} {name}: {each:,} in {time.perf_counter() - start:.1f} s, slowest {slowest * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
