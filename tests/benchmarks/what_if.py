"""How long it takes to say what the flags would change: python tests/benchmarks/what_if.py

Prints for each size: flags, seconds of the evaluation that is there already, of evaluating the two other
cases anew, of what the window does instead (`what_if`), of the numbers at another confidence, and GB.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from inspector.dataset import Dataset
from inspector.evaluation.iou_slice import slice_at
from inspector.evaluation.matching import evaluate
from inspector.evaluation.operating_point import OperatingPoint, class_counts
from inspector.refs import BoxRef, Ref, Side
from inspector.review.attaching import Attached, place_of
from inspector.review.correcting import corrected, ignoring
from inspector.review.corrections import corrections
from inspector.review.verdicts import Entry, Judgement, Kind, Verdict
from inspector.review.what_if import compared, what_if
from tests.benchmarks.data import make_data
from tests.reading import read_pair

Result = TypeVar("Result")
SIZES = {"500k": (5_000, 500_000), "10m": (100_000, 10_000_000)}
"""Images and detections."""
_OBJECT_KINDS = (Kind.SPURIOUS, Kind.DUPLICATE, Kind.IGNORE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=tuple(SIZES), default=["500k"])
    parser.add_argument("--flags", type=int, default=500)
    options = parser.parse_args()
    for size in options.sizes:
        images, detections = SIZES[size]
        with tempfile.TemporaryDirectory() as folder:
            dataset = read_pair(*make_data(Path(folder), images, 80, detections))
        measure(size, dataset, flags(dataset, options.flags))


def measure(size: str, dataset: Dataset, said: Attached) -> None:
    evaluate(dataset)  # the kernels are loaded
    evaluation, once = timed(lambda: evaluate(dataset))
    point = OperatingPoint()
    at = slice_at(dataset, evaluation, 0, point.chosen(len(dataset.classes)))
    wanted = corrections(dataset, said)
    _, anew = timed(
        lambda: [evaluate(case) for case in (ignoring(dataset, said), corrected(dataset, wanted))]
    )
    made, again = timed(lambda: what_if(dataset, evaluation, said))
    _, cut = timed(lambda: compared(made, class_counts(at, 0.5), point))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{size}: {made.flags} flags; evaluated {once:.2f} s; both cases anew {anew:.2f} s;"
        f" what_if {again:.2f} s; another confidence {cut:.3f} s; peak {peak:.2f} GB"
    )


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What it returns, and the least of three times."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - begin)
    return result, min(times)


def flags(dataset: Dataset, count: int) -> Attached:
    """Half of them on objects, half on detections that lack a label; anywhere."""
    dice = np.random.default_rng(3)
    entries: dict[Ref, Entry] = {}
    for number in range(count):
        side = Side.OBJECT if number % 2 else Side.DETECTION
        rows = dataset.objects if side is Side.OBJECT else dataset.detections
        ref = BoxRef(side, int(dice.integers(len(rows))))
        kind = _OBJECT_KINDS[number % 3] if side is Side.OBJECT else Kind.MISSING
        verdict = Verdict(Judgement.LABEL, kind)
        entries[ref] = Entry(place_of(dataset, ref), verdict, "somebody", datetime.now(UTC))
    return Attached(entries, ())


if __name__ == "__main__":
    main()
