"""How quickly a data set of many small files is read.

`python tests/benchmarks/small_files.py --files 100000` makes a data set of label files, with 64 pictures that
all images are links to, in a temporary folder, and prints one JSON document for each format:

* bytes_seconds: merely reading the bytes of the label files, one after the other, in the order of reading;
* headers_seconds: merely reading the first 4 KB of each image;
* load_seconds: from files to the dataset, and how long each of its stages took;
* ratio: load_seconds to the two others together;
* longest_gap_ms: the longest time in which another thread, which wakes up every 2 ms, got no turn while
  reading, and idle_gap_ms the same while nothing was done;
* cancel_ms: from a cancel to the end, tried at ten places;
* reports: how often progress was reported.

Everything is warm: it was read once before. Only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from inspector.errors import CancelledError  # noqa: E402
from inspector.sources import Sources, read  # noqa: E402
from tests.benchmarks.data import make_pictures  # noqa: E402

_PICTURES = 64
_OBJECTS = 7
"""An image, on average."""


def make_yolo(folder: Path, files: int) -> Path:
    """Label files of 80 classes."""
    rng = np.random.default_rng(7)
    counts = rng.poisson(_OBJECTS, files).tolist()
    for number, count in enumerate(counts):
        numbers = rng.random((count, 4)) * (1, 1, 0.3, 0.3)
        lines = (
            f"{label} {x:.6f} {y:.6f} {width:.6f} {height:.6f}\n"
            for label, (x, y, width, height) in zip(rng.integers(0, 80, count), numbers, strict=True)
        )
        (folder / f"{number:06d}.txt").write_text("".join(lines))
    (folder.parent / "classes.txt").write_text("".join(f"class {number}\n" for number in range(80)))
    return folder


def make_voc(folder: Path, files: int) -> Path:
    """VOC's XML files of 20 classes; sizes are declared, so that no header of an image is read."""
    rng = np.random.default_rng(7)
    size = "<size><width>640</width><height>480</height><depth>3</depth></size>"
    corners = ("xmin", "ymin", "xmax", "ymax")
    for number, count in enumerate(rng.poisson(_OBJECTS, files).tolist()):
        lefts, tops = rng.integers(0, 300, (2, count)).tolist()
        objects = "".join(
            f"\t<object>\n\t\t<name>class {left % 20}</name>\n\t\t<pose>Unspecified</pose>\n"
            "\t\t<truncated>0</truncated>\n\t\t<difficult>0</difficult>\n\t\t<bndbox>\n"
            + "".join(
                f"\t\t\t<{tag}>{value}</{tag}>\n"
                for tag, value in zip(corners, (left, top, left + 90, top + 70), strict=True)
            )
            + "\t\t</bndbox>\n\t</object>\n"
            for left, top in zip(lefts, tops, strict=True)
        )
        head = f"<annotation>\n\t<filename>{number:06d}.jpg</filename>\n\t{size}\n"
        (folder / f"{number:06d}.xml").write_text(f"{head}{objects}</annotation>\n")
    return folder


FORMATS: dict[str, Callable[[Path, int], Path]] = {"yolo": make_yolo, "voc": make_voc}
"""What writes the label files of a format into a folder; returns what is opened."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--formats", nargs="*", default=list(FORMATS), choices=list(FORMATS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        _make_images(root, options.files)
        for name in options.formats:
            folder = root / f"labels_{name}" / "labels"
            folder.mkdir(parents=True)
            path = FORMATS[name](folder, options.files)
            print(
                json.dumps({"format": name, "files": options.files, **measure(path, folder, root / "images")})
            )


def measure(path: Path, labels: Path, images: Path) -> dict[str, object]:
    """See the description of this file."""
    sources = Sources(path, None, images)
    read(sources)  # warm: the files, and the kernels
    idle = _gap_while(lambda: time.sleep(2))
    bytes_seconds = _seconds(lambda: [path.read_bytes() for path in sorted(labels.iterdir())])
    headers_seconds = _seconds(lambda: [_head(path) for path in sorted(images.iterdir())])
    stages: dict[str, float] = defaultdict(float)
    reports: list[float] = [time.perf_counter()]

    def note(stage: str, _fraction: float) -> None:
        reports.append(time.perf_counter())
        stages[stage] += reports[-1] - reports[-2]

    seconds = _seconds(lambda: read(sources, note))
    gap = _gap_while(lambda: read(sources))
    return {
        "bytes_seconds": round(bytes_seconds, 2),
        "headers_seconds": round(headers_seconds, 2),
        "load_seconds": round(seconds, 2),
        "stages": {stage: round(taken, 2) for stage, taken in stages.items()},
        "ratio": round(seconds / (bytes_seconds + headers_seconds), 2),
        "longest_gap_ms": round(gap),
        "idle_gap_ms": round(idle),
        "cancel_ms": round(max(_cancel_ms(sources, len(reports) * tenth // 10) for tenth in range(10))),
        "reports": len(reports) - 1,
    }


def _cancel_ms(sources: Sources, after: int) -> float:
    calls = 0
    asked = 0.0

    def cancel(_stage: str, _fraction: float) -> None:
        nonlocal calls, asked
        calls += 1
        if calls == after:
            asked = time.perf_counter()
        elif calls > after > 0:
            raise CancelledError

    try:
        read(sources, cancel)
    except CancelledError:
        return 1000 * (time.perf_counter() - asked)
    return 0.0


def _head(path: Path) -> bytes:
    with path.open("rb", buffering=0) as file:
        return file.read(4096)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _gap_while(work: Callable[[], object]) -> float:
    with _gaps() as gaps:
        work()
    return 1000 * max(gaps)


@contextmanager
def _gaps() -> Iterator[list[float]]:
    """How much later than after 2 ms another thread woke up, each time, in seconds."""
    gaps = [0.0]
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            before = time.perf_counter()
            time.sleep(0.002)
            gaps.append(time.perf_counter() - before - 0.002)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield gaps
    finally:
        over.set()
        thread.join()


def _make_images(root: Path, files: int) -> None:
    make_pictures(root / "pictures", np.random.default_rng(7))
    (root / "images").mkdir()
    for number in range(files):
        os.link(root / "pictures" / f"{number % _PICTURES:03d}.jpg", root / "images" / f"{number:06d}.jpg")


if __name__ == "__main__":
    main()
