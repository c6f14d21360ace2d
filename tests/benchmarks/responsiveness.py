"""How quick the real window is.

`python tests/benchmarks/responsiveness.py --images 5000 --detections 500000` makes COCO-like data of that
size in a temporary folder, runs the real window offscreen in a process of its own (warm, then with what the
first one kept of the data, then with an empty kernel cache), and prints one JSON document:

* launch_seconds: from starting the process to the painted first page (three starts);
* load_seconds, evaluate_seconds: from asking to open to the read dataset, and from there to the results;
* longest_gap_ms: the longest time in which the window could not have answered, while reading, while
  evaluating, while keeping for the next time, and, with an empty kernel cache, while compiling;
* drag_ms: from a changed threshold until table, curve, classes and canvas are painted;
* next_image_ms: from asking for the next image, decoded ahead, until it is painted with its boxes;
* peak_memory_mb: of the window's process, after opening and at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

LAUNCHES = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=5_000)
    parser.add_argument("--classes", type=int, default=80)
    parser.add_argument("--detections", type=int, default=500_000)
    parser.add_argument("--moves", type=int, default=300, help="threshold changes and image changes to time")
    parser.add_argument("--data", type=Path, help="keep the data in this folder and use it again")
    options = parser.parse_args()
    from tests.benchmarks.data import make_data

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data or Path(temporary) / "data"
        truth, found = folder / "ground_truth.json", folder / "detections.json"
        if not found.exists():
            make_data(folder, options.images, options.classes, options.detections)
        size = {"images": options.images, "classes": options.classes, "detections": options.detections}
        arguments = ["window", str(truth), str(found), str(options.moves)]
        kept = {"DETECTION_INSPECTOR_CACHE": str(Path(temporary) / "opened")}
        cold = {"NUMBA_CACHE_DIR": str(Path(temporary) / "kernels"), "DETECTION_INSPECTOR_CACHE": ""}
        report = {
            "size": size,
            "launch_seconds": [_child({}, "launch")["seconds"] for _ in range(LAUNCHES)],
            "warm": _child(kept, *arguments),
            "opened_again": _child(kept, *arguments),
            "empty_kernel_cache": _child(cold, *arguments[:-1], "0"),
        }
    print(json.dumps(report, indent=2))


def _child(environment: dict[str, str], *arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.window", *arguments]
    settings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment, "STARTED_AT": repr(time.time())}
    done = subprocess.run(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, check=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
